"""What ``sozialraum doctor`` says of the login: with a real provider, a wrong one, and none."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.ui.access.people import GOOD
from tests.ui.access.provider import free_port, running
from tests.ui.access.serving import command
from ui import doctor
from ui.access import house
from ui.access.roles import Role
from ui.access.users import Users
from ui.settings import Settings

SECRET = "sehr-geheim-4711"  # noqa: S105  # of the provider of the tests
LOGIN = "Anmeldung"


@pytest.fixture(scope="module")
def issuer():
    """A provider that is running."""
    with running() as address:
        yield address


def look(folder, issuer="", **settings):
    """Return what is found on the login."""
    if issuer:
        settings |= {
            "oidc_issuer": issuer,
            "oidc_client_id": "sozialraum",
            "oidc_client_secret": SECRET,
            "oidc_roles": "*=reader",
        }
    check = doctor._checked(LOGIN, doctor._login, Settings(data=folder, **settings))
    assert SECRET not in check.message
    return check


def add(folder, name="Rita"):
    """Add a person."""
    Users(folder).add(name, Role.READER, GOOD)


# Without a provider


def test_alone_no_login_is_needed(tmp_path):
    """Nobody has to be there."""
    check = look(tmp_path)

    assert check.ok
    assert "nicht nötig" in check.message


def test_where_a_login_is_needed_somebody_must_be_there(tmp_path):
    """Else the command that adds somebody is named."""
    check = look(tmp_path, login="on")
    assert not check.ok
    assert check.message.startswith("ERR_NO_USERS")
    assert "sozialraum users add" in check.message

    add(tmp_path)
    check = look(tmp_path, login="on")
    assert check.ok
    assert "1 Benutzer" in check.message


def test_a_damaged_file_of_users_is_named(tmp_path):
    """As for everybody who tries to log in."""
    add(tmp_path)
    (tmp_path / "access" / "users.json").write_text("[{}]")
    check = look(tmp_path, login="on")

    assert not check.ok
    assert "users.json" in check.message


def test_settings_that_do_not_fit_are_named(tmp_path):
    """Without the start having to fail first."""
    check = look(tmp_path, oidc_client_id="sozialraum")

    assert not check.ok
    assert "SOZIALRAUM_OIDC_ISSUER" in check.message


# With one


def test_a_provider_that_answers_will_do(issuer, tmp_path):
    """With people of our own or without."""
    check = look(tmp_path, issuer)
    assert check.ok, check.message
    assert "antwortet" in check.message and "0 Benutzer" in check.message

    add(tmp_path)
    assert "1 Benutzer" in look(tmp_path, issuer).message


def test_a_dead_address_is_named_with_the_remedy(tmp_path):
    """People of our own don't hide it."""
    add(tmp_path)
    address = f"http://127.0.0.1:{free_port()}"
    check = look(tmp_path, address)

    assert not check.ok
    assert check.message.startswith("ERR_OIDC")
    for part in (address, "ConnectError", "SOZIALRAUM_OIDC_ISSUER", "ob der Dienst läuft"):
        assert part in check.message


def test_another_place_on_a_provider_is_not_found(issuer, tmp_path):
    """The status is said, and the address to look at."""
    check = look(tmp_path, f"{issuer}/realms/haus")

    assert not check.ok
    assert "Status 404" in check.message
    assert f"{issuer}/realms/haus/.well-known/openid-configuration" in check.message


def test_another_name_of_the_same_provider_is_said(issuer, tmp_path):
    """With the one it goes by, as that is what has to be set."""
    check = look(tmp_path, f"{issuer}/")

    assert not check.ok
    assert f"nennt sich „{issuer}“" in check.message


def test_a_login_within_the_address_is_not_shown(tmp_path):
    """Nobody should write one there, but somebody will."""
    check = look(tmp_path, f"http://mara:{SECRET}@127.0.0.1:{free_port()}")

    assert not check.ok
    assert "http://127.0.0.1:" in check.message


def test_one_that_never_answers_is_given_up(tmp_path, monkeypatch):
    """Whoever calls the doctor isn't kept waiting."""
    monkeypatch.setattr(house, "CHECK_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        check = look(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")

    assert not check.ok
    assert "TimeoutError" in check.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": "https://an\x1b[31mderswo.example\u202e\n"}, "„https://an[31mderswo.example“"),
        ({"issuer": "x" * 5000}, "nennt sich „xxx"),
        ({"issuer": None}, "nennt sich"),
        ({"jwks_uri": "http://127.0.0.2:9/jwks"}, "„jwks_uri“"),
        ({"token_endpoint": None}, "„token_endpoint“"),
        ({"token_endpoint": "http://["}, "ValueError"),
        ({"id_token_signing_alg_values_supported": 5}, "TypeError"),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, "Signatur"),
    ],
)
def test_a_description_that_does_not_fit_is_explained(tmp_path, change, said):
    """In short, and without what a terminal would take for a command."""

    class Describing(BaseHTTPRequestHandler):
        def do_GET(self):
            own = f"http://127.0.0.1:{self.server.server_port}"
            fields = {"issuer": own, "jwks_uri": f"{own}/jwks", "token_endpoint": f"{own}/token"}
            body = json.dumps({**fields, **change}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Describing) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        check = look(tmp_path, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()

    assert not check.ok
    assert said in check.message
    assert check.message.isprintable() and len(check.message) < 600


def test_the_command_says_so_and_fails(tmp_path):
    """The line stands among the others; the secret stands nowhere."""
    done = command(
        *(tmp_path, "doctor"),
        oidc_issuer=f"http://127.0.0.1:{free_port()}",
        oidc_client_id="sozialraum",
        oidc_client_secret=SECRET,
        oidc_roles="*=reader",
    )

    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if f"  {LOGIN}: " in line]
    assert line.startswith("FEHLER") and "ERR_OIDC" in line
    assert SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
