"""Logging in and out by form: what lets in, what doesn't, and what ends a session."""

import re

import pytest
from starlette.testclient import TestClient

from tests.ui.access.people import BASE, GOOD, HTML, client_of, enter, make_login, token_in
from tests.ui.fake_service import FakeService
from tests.ui.payloads import PAYLOADS
from ui.access import delay, login_page
from ui.access.login_routes import onward
from ui.access.roles import Role
from ui.access.users import Users
from ui.web.routes import create_app

OTHER = "Regen malt grüne Treppen"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The data folder."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def login(folder):
    """The login of the application."""
    return make_login(folder)


@pytest.fixture(scope="module")
def app(login):
    """An application with login."""
    app = create_app(FakeService(), lambda: True, login=login)
    with TestClient(app, base_url=BASE):
        yield app


@pytest.fixture
def browser(app, request):
    """A browser of its own at an address of its own, as failures are counted by address."""
    return client_of(app, f"test-{request.node.name}")


def is_in(browser):
    """Tell whether the browser is logged in."""
    return browser.get("/", headers=HTML).status_code == 200


def problem(response):
    """Return what the page says was wrong."""
    return re.search(r'id="problem">([^<]*)', response.text)[1]


# In


def test_the_right_password_leads_to_where_one_wanted(browser):
    """The page opens; nothing of the session can be read by a script or sent from elsewhere."""
    asked = browser.get("/?thema=wohnen", headers=HTML)
    assert asked.headers["location"] == "/anmelden?weiter=%2F%3Fthema%3Dwohnen"

    response = enter(browser, "Rita", onward="/?thema=wohnen")

    assert (response.status_code, response.headers["location"]) == (303, "/?thema=wohnen")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert is_in(browser)
    assert browser.get("/anmelden").headers["location"] == "/"


def test_names_are_known_in_any_case(browser):
    """„RITA “ is Rita, and shown as she was added."""
    enter(browser, "RITA ")

    assert "<strong>Rita</strong>, Lesen" in browser.get("/abmelden").text


@pytest.mark.parametrize(
    ("name", "password"),
    [("Rita", "falsch"), ("Rita", ""), ("Rita", GOOD.upper()), ("Niemand", GOOD)],
)
def test_a_wrong_try_says_the_same_for_all(browser, name, password):
    """Neither words nor status tell whether a name exists."""
    response = enter(browser, name, password)

    assert response.status_code == 401
    assert problem(response) == login_page.WRONG
    assert not is_in(browser)


def test_a_form_that_is_not_ours_is_refused(browser, app):
    """Without the cookie it was made for, or with a token of another browser."""
    fields = {"name": "Rita", "password": GOOD, "weiter": "/"}
    headers = {"origin": BASE}
    foreign = token_in(client_of(app).get("/anmelden").text)

    assert browser.post("/anmelden", data=fields, headers=headers).status_code == 403
    browser.get("/anmelden")
    for token in ("", foreign, "ä" * 64):
        response = browser.post("/anmelden", data={**fields, "formular": token}, headers=headers)
        assert response.status_code == 403
        assert problem(response) == login_page.STALE
    assert not is_in(browser)


@pytest.mark.parametrize("path", ["/anmelden", "/abmelden", "/passwort"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{BASE}.evil.example"])
def test_a_foreign_page_can_neither_log_in_nor_out(browser, path, origin):
    """The guard refuses what a browser says comes from elsewhere."""
    enter(browser, "Rita")

    assert browser.post(path, data={"a": "b"}, headers={"origin": origin}).status_code == 403
    assert is_in(browser)


def test_a_session_that_was_planted_is_not_taken_over(browser, login):
    """Logging in gives a new id, and ends the session the browser had."""
    enter(browser, "Rita")
    planted = browser.cookies[login.cookie]
    browser.cookies.set(login.cookie, "von-jemand-anderem", domain="127.0.0.1")
    browser.cookies.clear()
    browser.get("/anmelden")
    form = token_in(browser.get("/anmelden").text)
    fields = {"name": "Edi", "password": GOOD, "formular": form, "weiter": "/"}
    cookie = (
        f"{login.cookie}={planted}; sozialraum-formular={browser.cookies['sozialraum-formular']}"
    )
    response = browser.post("/anmelden", data=fields, headers={"origin": BASE, "cookie": cookie})

    assert planted not in response.headers["set-cookie"]
    assert login.sessions.person(planted) is None


def test_https_keeps_cookies_from_travelling_in_the_clear(tmp_path):
    """With a public address of https they are Secure, and bound to this host by their name."""
    app = create_app(
        FakeService(), lambda: True, login=make_login(tmp_path, people={}, secure=True)
    )
    with TestClient(app, base_url=BASE) as browser:
        cookie = browser.get("/anmelden").headers["set-cookie"]

    assert cookie.startswith("__Host-sozialraum")
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


# Waiting


def test_too_many_wrong_tries_have_to_wait(browser):
    """The time left is said, in whatever case the name is typed, and others can still log in."""
    for _ in range(delay.FREE_BY_NAME):
        assert enter(browser, "Niemand-1", "falsch").status_code == 401
    for name in ("Niemand-1", "NIEMAND-1 "):
        response = enter(browser, name, "falsch")
        assert response.status_code == 429
        assert re.search(r"Bitte warten Sie noch \d+ Sekunden", problem(response))
        assert 0 < int(response.headers["retry-after"]) <= 31

    assert enter(browser, "Rita").status_code == 303


def test_known_and_unknown_names_wait_alike(browser):
    """Else the waiting would tell who exists."""

    def statuses(name):
        return [enter(browser, name, "falsch").status_code for _ in range(delay.FREE_BY_NAME + 1)]

    assert statuses("Edi") == statuses("Niemand-2")
    assert enter(browser, "Edi").status_code == 429


# Out


def leave(browser):
    """Log out by the form."""
    form = token_in(browser.get("/abmelden").text)
    return browser.post("/abmelden", data={"formular": form}, headers={"origin": BASE})


def test_logging_out_ends_the_session(browser, login):
    """Also for somebody who has kept the cookie."""
    enter(browser, "Rita")
    kept = browser.cookies[login.cookie]
    response = leave(browser)

    assert response.headers["location"] == "/anmelden?abgemeldet=ja"
    assert login_page.LEFT in browser.get("/anmelden?abgemeldet=ja").text
    browser.cookies.set(login.cookie, kept, domain="127.0.0.1")
    assert not is_in(browser)


def test_logging_out_needs_our_form(browser):
    """A bare post asks first, and who isn't in is led to the login."""
    assert browser.post("/abmelden", headers={"origin": BASE}).status_code == 303
    assert browser.get("/abmelden").headers["location"] == "/anmelden"
    enter(browser, "Rita")

    assert browser.post("/abmelden", headers={"origin": BASE}).status_code == 403
    assert is_in(browser)


@pytest.mark.parametrize(
    "change",
    [
        lambda users: users.remove("Kim"),
        lambda users: users.set_role("Kim", Role.EDITOR),
        lambda users: users.set_role("Kim", Role.READER),
        lambda users: users.set_password("Kim", OTHER),
        lambda users: (users.remove("Kim"), users.add("Kim", Role.READER, GOOD)),
    ],
    ids=["removed", "promoted", "same role", "password", "another of that name"],
)
def test_a_change_of_the_person_ends_their_sessions_at_once(browser, folder, change):
    """Made by a command in another process; others stay logged in."""
    users = Users(folder)
    users.add("Kim", Role.READER, GOOD)
    try:
        enter(browser, "Kim")
        assert is_in(browser)
        change(users)
        assert not is_in(browser)
        got = browser.get("/gradio_api/queue/data?session_hash=kim")
        assert got.status_code == 401
        assert "abgelaufen" in got.text
    finally:
        if users.find("Kim"):
            users.remove("Kim")


def test_a_damaged_file_keeps_everybody_out(tmp_path):
    """And nobody in: what can't be read isn't an installation without users."""
    login = make_login(tmp_path, people={Role.READER: "Rita"})
    app = create_app(FakeService(), lambda: True, login=login)
    with TestClient(app, base_url=BASE, follow_redirects=False) as browser:
        enter(browser, "Rita")
        (tmp_path / "access" / "users.json").write_text('[{"name": "Rita"}]')
        responses = [browser.get("/", headers=HTML), browser.get("/anmelden")]

    assert [r.status_code for r in responses] == [503, 503]
    assert "gerade niemand Zugang" in responses[0].text
    assert str(tmp_path) not in responses[0].text + responses[1].text


# Onward


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%5cevil\n",
        "javascript:alert(1)",
        "",
        "evil",
        "/\tx",
        "/a" * 2000,
        *PAYLOADS,
    ],
)
def test_one_is_led_to_no_foreign_place(browser, address):
    """What isn't an address of ours leads to the first page."""
    assert onward(address) == "/"
    assert enter(browser, "Rita", onward=address).headers["location"] == "/"


@pytest.mark.parametrize(
    "address", ["/", "/qualitaet", "/?a=b%20c&d=e", "/original/a%2Fb/c", "/werkstaetten#zelle-3"]
)
def test_one_is_led_back_to_where_one_was(address):
    """With its query."""
    assert onward(address) == address


# The pages


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_name_breaks_out_of_the_page(payload):
    """What was typed comes back as text."""
    markup = login_page.login("t", "/", payload, problem=payload, house=True)

    assert markup.count("<script") == 0
    assert payload not in markup or "<" not in payload


def test_the_page_needs_no_script(browser):
    """Labels belong to fields, browsers are told what each is, and nothing is loaded but style."""
    markup = browser.get("/anmelden").text

    assert "<script" not in markup
    assert 'lang="de"' in markup
    for id, kind in (("name", "username"), ("password", "current-password")):
        assert f'<label for="{id}">' in markup
        assert f'autocomplete="{kind}"' in markup
    assert set(re.findall(r'(?:href|src|action)="([^"]*)"', markup)) == {
        *("/ui/icon.svg", "/ui/design.css", "/ui/access.css", "/anmelden"),
        "/sprache/en?zurueck=%2Fanmelden%3Fweiter%3D%252F",
    }


def test_without_users_only_the_house_is_offered():
    """Nobody is asked for a password that can't be right."""
    assert 'type="password"' not in login_page.login("t", passwords=False, house=True)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 Sekunden"), (31, "31 Sekunden"), (91, "2 Minuten"), (900, "15")]
)
def test_waiting_is_said_in_round_figures(seconds, words):
    """Never less than it is."""
    assert f"noch {words}" in login_page.waiting(seconds)
