"""Changing one's own password in the browser: who may, what is refused, and what it ends."""

import logging
import re
import threading

import pytest
from starlette.testclient import TestClient

from tests.ui.access.people import BASE, GOOD, HTML, client_of, enter, make_login, token_in
from tests.ui.fake_service import FakeService
from tests.ui.payloads import PAYLOADS
from ui.access import delay, password_page
from ui.access.house import House, Provider
from ui.access.password_page import Wrong, form, wrong_with
from ui.access.person import Person
from ui.access.records import AccessError
from ui.access.roles import Role
from ui.access.users import Users
from ui.web.routes import create_app

OTHER = "Regen malt grüne Treppen"
THIRD = "Brot singt unter Wasser"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The data folder."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def login(folder):
    """The login of an application that also knows a house; nobody here calls it."""
    provider = Provider("https://login.stadt.example", "id", "geheim", {})
    return make_login(folder, House(provider))


@pytest.fixture(scope="module")
def app(login):
    """An application with login."""
    app = create_app(FakeService(), lambda: True, login=login)
    with TestClient(app, base_url=BASE):
        yield app


@pytest.fixture
def kim(folder):
    """A person of this test alone."""
    users = Users(folder)
    users.add("Kim", Role.READER, GOOD)
    yield users
    if users.find("Kim"):
        users.remove("Kim")


@pytest.fixture
def at(app, request):
    """Open browsers, each logged in as Kim, at an address of this test."""

    def opened(password=GOOD):
        client = client_of(app, f"test-{request.node.name}")
        assert enter(client, "Kim", password).status_code == 303
        return client

    return opened


def change(browser, current=GOOD, new=OTHER, again=None, **more):
    """Fill the form in and send it, as a browser does."""
    fields = {"current": current, "new": new, "again": new if again is None else again}
    token = token_in(browser.get("/passwort").text)
    sent = {**fields, "formular": token, **more}
    return browser.post("/passwort", data=sent, headers={"origin": BASE, **HTML})


def is_in(browser):
    """Tell whether the browser is logged in."""
    return browser.get("/", headers=HTML).status_code == 200


def told(response):
    """Return what is said of each field, by its id, with the reference to it checked."""
    said = {}
    for id, words in re.findall(r'<p id="([a-z]+)-said" class="wrong">([^<]*)', response.text):
        (field,) = re.findall(rf'<input id="{id}"[^>]*>', response.text)
        assert f'aria-describedby="{id}-said"' in field and 'aria-invalid="true"' in field
        said[id] = words
    assert response.text.count("aria-invalid") == len(said)
    return said


# Done


def test_the_new_password_holds_from_then_on(kim, at):
    """The old one doesn't; the page that says so can be loaded again."""
    browser = at()
    response = change(browser)

    assert (response.status_code, response.headers["location"]) == (303, "/passwort?geaendert=ja")
    assert "Ihr neues Passwort gilt ab jetzt." in browser.get(response.headers["location"]).text
    assert kim.check("Kim", OTHER)
    assert not kim.check("Kim", GOOD)


def test_this_session_gets_a_new_id_and_the_others_end(kim, at, login):
    """Here one stays logged in, in every tab; elsewhere one is out at once."""
    browser, elsewhere = at(), at()
    before = browser.cookies[login.cookie]
    response = change(browser)

    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert browser.cookies[login.cookie] != before
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert login.sessions.person(before) is None


def test_role_and_others_stay_as_they_were(kim, at):
    """Nothing is written but this one password."""
    before = {user.name: user for user in kim.list()}
    change(at())
    after = {user.name: user for user in kim.list()}

    assert list(after) == list(before)
    assert after["Kim"].role is Role.READER
    assert {n: u for n, u in after.items() if n != "Kim"} == {
        n: u for n, u in before.items() if n != "Kim"
    }


# Refused


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"current": "falsch"}, {"current"}),
        ({"current": ""}, {"current"}),
        ({"current": GOOD.upper()}, {"current"}),
        ({"again": OTHER + " "}, {"again"}),
        ({"again": ""}, {"again"}),
        ({"new": "kurz"}, {"new"}),
        ({"new": ""}, {"new"}),
        ({"new": "x" * 300}, {"new"}),
        ({"new": "Kim geht spazieren"}, {"new"}),
        ({"new": "passwort1234"}, {"new"}),
        ({"current": "falsch", "new": "kurz"}, {"current", "new"}),
        ({"current": "falsch", "again": "anders"}, {"current", "again"}),
    ],
)
def test_what_is_wrong_is_said_where_it_is(kim, at, typed, fields):
    """All of it at once, at the fields; nothing is changed, and one stays logged in."""
    browser = at()
    response = change(browser, **typed)

    assert response.status_code == 422
    assert set(told(response)) == fields
    assert password_page.CHECK in response.text
    assert kim.check("Kim", GOOD)
    assert is_in(browser)


@pytest.mark.parametrize("new", ["kurz", "passwort1234", "Kim geht spazieren", "abcabcabcabc"])
def test_the_rules_are_those_of_the_command_line(kim, new):
    """What one refuses the other does, in the same words."""
    with pytest.raises(AccessError) as refused:
        kim.set_password("Kim", new)

    assert wrong_with(GOOD, new, new, "Kim") == Wrong(new=str(refused.value))


def test_the_first_wrong_field_has_the_focus():
    """So whoever doesn't see hears at once what is wrong."""
    focused = r'<input id="([a-z]+)"[^>]* autofocus="autofocus"'

    assert re.findall(focused, form("t", "Kim")) == ["current"]
    assert re.findall(focused, form("t", "Kim", Wrong(again="nein"))) == ["again"]
    assert re.findall(focused, form("t", "Kim", Wrong("nein", "nein"))) == ["current"]


def test_guessing_here_counts_like_guessing_at_the_login(app, folder):
    """After the free tries one waits, here and there, even with the right password."""
    browser = client_of(app, "hier")
    enter(browser, "Rita")
    for _ in range(delay.FREE_BY_NAME):
        assert change(browser, "falsch").status_code == 422
    response = change(browser)

    assert response.status_code == 429
    assert re.search(r"Bitte warten Sie noch \d+ Sekunden", response.text)
    assert 0 < int(response.headers["retry-after"]) <= 31
    assert told(response) == {}
    assert enter(client_of(app, "anderswo"), "rita").status_code == 429
    assert Users(folder).check("Rita", GOOD)


def test_an_empty_field_is_no_guess(kim, at):
    """Who forgets a field isn't kept waiting for it."""
    browser = at()
    for _ in range(delay.FREE_BY_NAME + 1):
        assert change(browser, current="").status_code == 422


# Who may


def test_a_form_that_is_not_ours_is_refused(kim, at):
    """Without a token, or with that of another session, also of the same person."""
    browser = at()
    foreign = token_in(at().get("/passwort").text)
    for token in ("", foreign, "ä" * 64):
        response = change(browser, formular=token)
        assert response.status_code == 403
        assert password_page.STALE in response.text

    assert kim.check("Kim", GOOD)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{BASE}.evil.example"])
def test_a_foreign_page_can_not_change_it(kim, at, origin):
    """The guard refuses what a browser says comes from elsewhere, token or not."""
    browser = at()
    token = token_in(browser.get("/passwort").text)
    fields = {"current": GOOD, "new": OTHER, "again": OTHER, "formular": token}

    assert browser.post("/passwort", data=fields, headers={"origin": origin}).status_code == 403
    assert kim.check("Kim", GOOD)


def test_nobody_is_led_to_the_login(app):
    """And back afterwards; a form that comes too late is answered by a page, too."""
    browser = client_of(app)
    asked = browser.get("/passwort", headers=HTML)
    sent = browser.post("/passwort", data={"current": GOOD}, headers={"origin": BASE, **HTML})

    assert asked.headers["location"] == "/anmelden?weiter=%2Fpasswort"
    assert sent.status_code == 401
    assert "Ihre Anmeldung ist abgelaufen." in sent.text and 'href="/anmelden"' in sent.text


def test_without_login_there_is_no_password_to_change():
    """Where nobody logs in one is led to the questions."""
    app = create_app(FakeService(), lambda: True)
    with TestClient(app, base_url=BASE, follow_redirects=False) as browser:
        assert browser.get("/passwort", headers=HTML).headers["location"] == "/"


def test_whoever_came_through_the_house_is_told_who_keeps_the_password(kim, app, login):
    """Also somebody who is called like a person here; it is that one's password that is safe."""
    browser = client_of(app)
    entered = login.admit(Person("Kim", Role.READER, "sub-17"))
    browser.cookies.set(login.cookie, entered.session, domain="127.0.0.1")
    fields = {"current": GOOD, "new": OTHER, "again": OTHER}
    sent = {**fields, "formular": login.form_token(entered.session)}
    pages = [
        browser.get("/passwort"),
        browser.post("/passwort", data=sent, headers={"origin": BASE}),
    ]

    assert [page.status_code for page in pages] == [200, 403]
    for page in pages:
        assert "Anmeldedienst Ihres Hauses" in page.text
        assert "<form" not in page.text
    assert "/passwort" not in browser.get("/abmelden").text
    assert kim.check("Kim", GOOD)


def test_the_page_of_logging_out_leads_here(kim, at):
    """For those who browse without a script."""
    assert 'href="/passwort"' in at().get("/abmelden").text


# Writing


def test_who_was_locked_out_meanwhile_does_not_win_the_account_back(kim, login):
    """Between the check and the writing somebody else gives another password, or removes."""
    confirmed = login.confirm("Kim", GOOD, "a")
    kim.set_password("Kim", THIRD)
    with pytest.raises(AccessError, match="inzwischen geändert"):
        login.change_password(confirmed, OTHER, "")
    assert kim.check("Kim", THIRD)

    confirmed = login.confirm("Kim", THIRD, "a")
    kim.remove("Kim")
    with pytest.raises(AccessError, match="entfernt"):
        login.change_password(confirmed, OTHER, "")
    assert kim.find("Kim") is None


def test_changes_of_several_writers_are_all_there(tmp_path):
    """Each with objects of their own, as in processes of their own: none is lost."""
    names = [f"person-{n}" for n in range(6)]
    for name in names:
        Users(tmp_path).add(name, Role.READER, GOOD)

    def changing(name):
        users = Users(tmp_path)
        users.change_password(users.check(name, GOOD), f"{OTHER} {name[-1]}")

    threads = [threading.Thread(target=changing, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    users = Users(tmp_path)
    assert all(users.check(name, f"{OTHER} {name[-1]}") for name in names)


def test_what_can_not_be_saved_is_said(kim, at, folder, caplog):
    """The old password holds, the page names whom to ask, and others keep their access."""
    browser = at()
    draft = folder / "access" / "users.new"
    draft.mkdir()
    try:
        response = change(browser)
    finally:
        draft.rmdir()

    assert response.status_code == 503
    assert password_page.UNSAVED in response.text
    assert str(folder) not in response.text
    assert "wasn't saved" in caplog.text
    assert kim.check("Kim", GOOD)
    assert is_in(browser)


# What is kept quiet


def test_no_password_is_sent_back_or_logged(kim, at, folder, caplog):
    """Whether it is refused or taken: neither in a page, nor a header, nor the log, nor a file."""
    caplog.set_level(logging.DEBUG)
    browser = at()
    responses = [
        change(browser, "heimlich-1", "heimlich-2"),
        change(browser, GOOD, THIRD, "heimlich-3"),
        change(browser, GOOD, THIRD, formular="heimlich-4"),
        change(browser, GOOD, THIRD),
    ]
    responses.append(browser.get("/passwort"))
    seen = "".join(r.text + str(r.headers) + str(r.url) for r in responses) + caplog.text
    seen += (folder / "access" / "users.json").read_text("utf-8")

    for word in ("heimlich", GOOD, THIRD, THIRD.replace(" ", "+")):
        assert word not in seen


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_name_breaks_out_of_the_page(payload):
    """What somebody is called is text."""
    markup = form("t", payload, Wrong(whole=payload, new=payload))

    assert markup.count("<script") == 0
    assert payload not in markup or "<" not in payload


def test_the_page_needs_no_script(kim, at):
    """Labels belong to fields, keepers of passwords know what each is, and only style is loaded."""
    markup = at().get("/passwort").text

    assert "<script" not in markup
    kinds = {"current": "current-password", "new": "new-password", "again": "new-password"}
    for id, kind in kinds.items():
        assert f'<label for="{id}">' in markup
        (field,) = re.findall(rf'<input id="{id}"[^>]*>', markup)
        assert f'autocomplete="{kind}"' in field and "value" not in field
    assert 'value="Kim" autocomplete="username" hidden="hidden"' in markup
    assert set(re.findall(r'(?:href|src|action)="([^"]*)"', markup)) == {
        *("/ui/icon.svg", "/ui/design.css", "/ui/access.css", "/passwort", "/"),
        "/sprache/en?zurueck=%2Fpasswort",
    }


def test_it_speaks_english_on_demand(kim, at):
    """Like the login; what is wrong as well."""
    browser = at()
    browser.get("/sprache/en?zurueck=/passwort")
    response = change(browser, "falsch", "kurz")

    assert '<html lang="en">' in response.text
    assert told(response)["current"].startswith("The current password is wrong.")
    assert told(response)["new"].startswith("A password needs at least 12")
