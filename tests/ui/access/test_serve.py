"""Commands and the running server: who gets in at which address, in real processes."""

import json
import os
import pty
import shutil
import subprocess
import time

import httpx
import pytest

from tests.ui.access.people import GOOD, HTML, token_in
from tests.ui.access.provider import free_port, wait_for
from tests.ui.access.serving import ROOT, SCRIPT, command, environment, serving


@pytest.fixture(scope="module")
def data(starter, tmp_path_factory):
    """A data folder of our own over the starter collection."""
    folder = tmp_path_factory.mktemp("serve") / "data"
    shutil.copytree(starter, folder)
    return folder


@pytest.fixture(scope="module")
def people(data):
    """The data folder with a reader and a maintainer, added by the commands."""
    for name, role in (("rita", "reader"), ("mara", "maintainer")):
        added = command(data, "users", "add", name, "--role", role, "--password-stdin", stdin=GOOD)
        assert added.returncode == 0, added.stderr
    return data


def enter(browser, name):
    """Log in by the form, as a browser does."""
    form = token_in(browser.get("/anmelden").text)
    fields = {"name": name, "password": GOOD, "formular": form, "weiter": "/"}
    origin = str(browser.base_url).rstrip("/")
    return browser.post("/anmelden", data=fields, headers={"origin": origin})


# The commands


def test_people_are_kept_by_commands(tmp_path):
    """Add, list, change, remove; each says in German what has happened."""
    added = command(tmp_path, "users", "add", "kim", "--password-stdin", stdin=f"{GOOD}\n")
    assert "„kim“ kann sich jetzt anmelden, Rolle reader" in added.stdout
    assert "Rolle editor" in command(tmp_path, "users", "role", "KIM", "editor").stdout
    listed = json.loads(command(tmp_path, "users", "list", "--json").stdout)
    assert listed == {"users": [{"name": "kim", "role": "editor"}]}
    changed = command(
        tmp_path, "users", "password", "kim", "--password-stdin", stdin="ganz andere Worte hier"
    )
    assert "neues Passwort" in changed.stdout
    assert command(tmp_path, "users", "remove", "kim").returncode == 0
    assert "Es gibt keine Benutzer" in command(tmp_path, "users", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("add", "kim", "--password-stdin"), "kurz", "mindestens 12"),
        (("add", "kim"), GOOD, "--password-stdin"),
        (("add", "a b", "--password-stdin"), GOOD, "kein möglicher Benutzername"),
        (("add", "kim", "--role", "boss", "--password-stdin"), GOOD, "ERR_USAGE"),
        (("password", "kim", "--password-stdin"), GOOD, "gibt es nicht"),
        (("role", "kim", "editor"), "", "gibt es nicht"),
        (("remove", "kim"), "", "gibt es nicht"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, arguments, stdin, says):
    """With a code, the remedy, and nothing changed."""
    failed = command(tmp_path, "users", *arguments, stdin=stdin)

    assert failed.returncode != 0
    assert says in failed.stderr
    assert GOOD not in failed.stdout + failed.stderr
    assert not (tmp_path / "access" / "users.json").exists()


def test_tokens_are_kept_by_commands(tmp_path):
    """Printed once, listed without its words, gone at once."""
    from ui.access.roles import Role
    from ui.access.tokens import Tokens

    secret = command(tmp_path, "token", "add", "abfrage", "--role", "editor").stdout.strip()
    assert Tokens(tmp_path).role_of(f"Bearer {secret}") is Role.EDITOR
    listed = command(tmp_path, "token", "list").stdout
    assert "abfrage  editor (Redaktion)" in listed and secret not in listed
    assert command(tmp_path, "token", "remove", "abfrage").returncode == 0
    assert Tokens(tmp_path).role_of(f"Bearer {secret}") is None


# Starting


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "0.0.0.0"},  # noqa: S104  # to be refused
        {"host": "127.0.0.2"},
        {"login": "on"},
        {"public_url": "https://assistent.stadt.example"},
    ],
)
def test_without_people_it_does_not_start_for_others(tmp_path, settings):
    """Before anything else is done, with the command that adds the first one."""
    failed = command(tmp_path, "serve", port=free_port(), **settings)

    assert failed.returncode == 1
    assert "ERR_NO_USERS" in failed.stderr
    assert "sozialraum users add NAME --role maintainer" in failed.stderr
    assert not (tmp_path / "library.sqlite").exists()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"oidc_client_id": "x"}, "SOZIALRAUM_OIDC_ISSUER"),
        ({"oidc_issuer": "https://login.example"}, "SOZIALRAUM_OIDC_CLIENT_SECRET"),
        ({"oidc_issuer": "http://login.example"}, "mit https"),
        ({"public_url": "assistent.stadt.example"}, "SOZIALRAUM_PUBLIC_URL"),
        ({"public_url": "https://a.example/pfad"}, "ohne Pfad"),
    ],
)
def test_contradictory_settings_stop_the_start(people, settings, says):
    """Nothing is guessed at where it is about who may come in."""
    failed = command(people, "serve", port=free_port(), **settings)

    assert failed.returncode == 1
    assert "ERR_ACCESS" in failed.stderr
    assert says in failed.stderr


def test_a_terminal_is_asked_for_the_first_person(data, tmp_path):
    """Name, password, password again; then the server is up, and they can log in."""
    folder = tmp_path / "data"
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("access"))
    port = free_port()
    ours, theirs = pty.openpty()
    server = subprocess.Popen(
        [*SCRIPT, "serve"],
        env=environment(folder, host="127.0.0.2", port=port),
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        said = _talk(ours, [("Benutzername:", "mara"), ("für „mara“:", GOOD), ("Noch", GOOD)])
        assert "Es gibt kein" not in said
        said = _talk(ours, [("läuft: http://127.0.0.2", "")])
        assert GOOD not in said
        wait_for(f"http://127.0.0.2:{port}/gesund", server)
        with httpx.Client(base_url=f"http://127.0.0.2:{port}") as browser:
            assert enter(browser, "mara").status_code == 303
    finally:
        server.terminate()
        server.wait(30)
        os.close(ours)


def _talk(terminal, replies, seconds=90):
    """Wait for each prompt and type the reply; return all that was said."""
    said, end = "", time.monotonic() + seconds
    for prompt, reply in replies:
        heard = ""
        while prompt not in heard:
            assert time.monotonic() < end, said + heard
            heard += os.read(terminal, 4096).decode("utf-8", "replace")
        said += heard
        if reply:
            os.write(terminal, f"{reply}\n".encode())
    return said


# Running


@pytest.mark.parametrize(
    ("host", "called"),
    [("0.0.0.0", "127.0.0.1"), ("127.0.0.2", "127.0.0.2")],  # noqa: S104  # with a login
)
def test_elsewhere_nobody_gets_in_without_login(people, host, called):
    """Pages, images and events ask who one is; each role sees its own; a removal holds at once."""
    added = command(people, "users", "add", "kim", "--password-stdin", stdin=GOOD)
    assert added.returncode == 0
    with serving(people, called, host=host) as url:
        with httpx.Client(base_url=url) as browser:
            asked = browser.get("/", headers=HTML)
            assert (asked.status_code, asked.headers["location"]) == (303, "/anmelden?weiter=%2F")
            event = {"data": [], "fn_index": 0, "session_hash": "a"}
            assert browser.post("/gradio_api/queue/join", json=event).status_code == 401
            assert browser.get("/theme.css").status_code == 401
            assert enter(browser, "kim").status_code == 303
            assert browser.get("/", headers=HTML).status_code == 200
            assert browser.get("/qualitaet", headers=HTML).status_code == 403
            assert browser.get("/unterlagen", headers=HTML).status_code == 403
            assert command(people, "users", "remove", "kim").returncode == 0
            assert browser.get("/", headers=HTML).status_code == 303
        with httpx.Client(base_url=url) as browser:
            assert enter(browser, "mara").status_code == 303
            for page in ("/", "/unterlagen", "/qualitaet"):
                assert browser.get(page, headers=HTML).status_code == 200


def test_behind_a_proxy_it_answers_under_its_name_and_by_https(people):
    """Cookies are for https alone, and each caller's failures count by themselves."""
    outside = "assistent.stadt.example"
    with serving(people, public_url=f"https://{outside}") as url:
        headers = {"host": outside, "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
        with httpx.Client(base_url=url, headers=headers) as browser:
            page = browser.get("/anmelden")
            cookie = page.headers["set-cookie"]
            assert cookie.startswith("__Host-") and "Secure" in cookie
            fields = {"name": "rita", "password": GOOD, "formular": token_in(page.text)}
            said = {"origin": f"https://{outside}", "cookie": cookie.partition(";")[0]}
            entered = browser.post("/anmelden", data=fields, headers=said)
            assert entered.status_code == 303
            assert entered.headers["set-cookie"].startswith("__Host-sozialraum=")
            assert "Secure" in entered.headers["set-cookie"]
            foreign = {"host": "anderswo.example"}
            assert browser.get("/anmelden", headers=foreign).status_code == 400


def test_alone_everything_is_open_but_to_a_proxy(people):
    """On loopback without more settings nobody is asked, people or not."""
    with serving(people) as url, httpx.Client(base_url=url) as browser:
        for page in ("/", "/unterlagen", "/qualitaet"):
            assert browser.get(page, headers=HTML).status_code == 200
        forwarded = browser.get("/", headers={"x-forwarded-for": "203.0.113.9"})

    assert forwarded.status_code == 403
    assert "SOZIALRAUM_PUBLIC_URL" in forwarded.text
