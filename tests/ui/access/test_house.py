"""Logging in through a real provider process, and everything that may go wrong on the way."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from starlette.testclient import TestClient

from tests.ui.access.people import BASE, HTML, make_login
from tests.ui.access.provider import free_port, running
from tests.ui.fake_service import FakeService
from ui.access.house import House, Provider, name_for, read_roles, require_issuer, role_for
from ui.access.records import AccessError
from ui.access.roles import Role
from ui.web.routes import create_app

ROLES = "Redaktion=editor, Leitung=maintainer"


@pytest.fixture(scope="module")
def issuer():
    """A provider that is running."""
    with running() as address:
        yield address


def make_house(issuer, roles=ROLES, **more):
    """Return the way to a provider."""
    return House(Provider(issuer, "sozialraum", "geheim", read_roles(roles), **more))


@pytest.fixture(scope="module")
def opened_once(issuer, tmp_path_factory):
    """A browser at an application that knows the provider."""
    with opened(tmp_path_factory.mktemp("data"), make_house(issuer)) as client:
        yield client


@pytest.fixture
def browser(opened_once):
    """The same without cookies, as if nobody had used it."""
    opened_once.cookies.clear()
    return opened_once


def opened(folder, house):
    """Return a browser at an application with that way to a provider."""
    app = create_app(FakeService(), lambda: True, login=make_login(folder, house, {}))
    return TestClient(app, base_url=BASE, follow_redirects=False)


def leave(browser, onward="/"):
    """Press „Anmelden über das Haus“ and return the address at the provider."""
    response = browser.get("/anmelden/haus", params={"weiter": onward})
    assert response.status_code == 302, response.text
    return response.headers["location"]


def agree(address, sub, **fields):
    """Log in at the provider and return the path that leads back."""
    with httpx.Client() as client:
        response = client.post(address, data={"sub": sub, **fields})
    assert response.status_code == 302, response.text
    back = urlsplit(response.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == BASE
    return f"{back.path}?{back.query}"


def changed(address, **fields):
    """Return an address with other fields in its query."""
    parts = urlsplit(address)
    query = urlencode({**dict(parse_qsl(parts.query)), **fields})
    return urlunsplit(parts._replace(query=query))


def problem(response):
    """Return what the login page says was wrong."""
    return re.search(r'id="problem">([^<]*)', response.text)[1]


def is_in(browser):
    """Tell whether the browser is logged in."""
    return browser.get("/", headers=HTML).status_code == 200


def test_the_whole_way(browser):
    """Out with PKCE, state and nonce; back with the role of the group, to where one wanted to."""
    address = leave(browser, "/?a=1")
    asked = parse_qs(urlsplit(address).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 20 and len(asked["nonce"][0]) >= 20
    assert asked["redirect_uri"] == [f"{BASE}/anmelden/haus/zurueck"]

    response = browser.get(agree(address, "erna"))

    assert (response.status_code, response.headers["location"]) == (303, "/?a=1")
    config = browser.get("/", headers=HTML).text.partition("window.gradio_config = ")[2]
    assert json.JSONDecoder().raw_decode(config)[0]["username"] == "erna.e"
    assert "Angemeldet ist <strong>erna.e</strong>, Redaktion." in browser.get("/abmelden").text
    assert browser.get("/qualitaet", headers=HTML).status_code == 403


def test_the_verifier_is_the_one_that_was_promised(browser):
    """What is sent with the code hashes to the challenge that was sent before."""
    challenge = parse_qs(urlsplit(leave(browser)).query)["code_challenge"][0]
    signed = browser.cookies["sozialraum-haus"].partition(".")[0]
    (state,) = [v for k, v in json.loads(base64.b64decode(signed)).items() if "_state_" in k]
    digest = hashlib.sha256(state["data"]["code_verifier"].encode()).digest()

    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge


def test_the_highest_of_several_roles_counts(browser):
    """Who is in two groups has the role of the greater."""
    browser.get(agree(leave(browser), "chef"))

    assert "Betreuung" in browser.get("/abmelden").text


def test_without_a_group_of_ours_there_is_no_access(browser):
    """The page says so, under the name that the house knows."""
    response = browser.get(agree(leave(browser), "paul"))

    assert response.status_code == 403
    assert "haben hier aber noch keinen Zugang" in problem(response)
    assert "Paul P." in problem(response)
    assert not is_in(browser)


def test_everybody_may_read_where_that_is_set(issuer, tmp_path):
    """``*=reader`` lets people without group read, and only that."""
    with opened(tmp_path, make_house(issuer, ROLES + ", *=reader")) as browser:
        browser.get(agree(leave(browser), "paul"))

        assert "Lesen" in browser.get("/abmelden").text


def test_a_foreign_nonce_is_refused(browser):
    """A token that was made for another login doesn't serve this one."""
    address = changed(leave(browser), nonce="aus-einer-anderen-anmeldung")
    response = browser.get(agree(address, "erna"))

    assert response.status_code == 403
    assert "Bestätigung des Anmeldedienstes ist ungültig" in problem(response)
    assert not is_in(browser)


def test_a_foreign_state_is_refused(browser):
    """Who is sent here with somebody else's code isn't logged in as them."""
    back = changed(agree(leave(browser), "erna"), state="erfunden")
    response = browser.get(back)

    assert response.status_code == 403
    assert "nicht hier begonnen" in problem(response)
    assert not is_in(browser)


def test_another_browser_cannot_finish_a_login(browser):
    """Code and state serve only where they were asked for; here, another browser brings them."""
    back = agree(leave(browser), "erna")
    browser.cookies.clear()
    response = browser.get(back)

    assert response.status_code == 403
    assert not is_in(browser)


def test_a_code_serves_once(browser):
    """Used up or expired, the provider refuses it, and so do we."""
    back = agree(leave(browser), "erna")
    used = dict(parse_qsl(urlsplit(back).query))["code"]
    assert browser.get(back).status_code == 303
    browser.cookies.clear()

    later = changed(agree(leave(browser), "erna"), code=used)
    response = browser.get(later)
    assert response.status_code == 403
    assert "nicht angenommen" in problem(response)
    assert not is_in(browser)


def test_an_expired_token_is_refused(tmp_path):
    """A token that is over before it comes, beyond what clocks may differ by."""
    with running("--token-max-age=-3600") as late, opened(tmp_path, make_house(late)) as browser:
        response = browser.get(agree(leave(browser), "erna"))

    assert response.status_code == 403
    assert not is_in(browser)


def test_to_break_off_is_said(browser):
    """Who is refused there, or doesn't want to, can try again."""
    response = browser.get(agree(leave(browser), "", action="deny"))

    assert "abgebrochen" in problem(response)
    assert "Anmelden über das Haus" in response.text


def test_an_unreachable_provider_is_said(tmp_path):
    """Nobody hangs, and the message names whom to ask."""
    with opened(tmp_path, make_house(f"http://127.0.0.1:{free_port()}")) as browser:
        response = browser.get("/anmelden/haus")

    assert response.status_code == 502
    assert "antwortet nicht" in problem(response)


def test_a_description_of_somebody_else_is_refused(issuer, tmp_path):
    """The same provider under another name isn't the configured one."""
    other = issuer.replace("127.0.0.1", "localhost")
    with opened(tmp_path, make_house(other + "/")) as browser:
        response = browser.get("/anmelden/haus")

    assert response.status_code == 502
    assert "SOZIALRAUM_OIDC_ISSUER" in problem(response)


@pytest.mark.parametrize(
    "change",
    [
        {"token_endpoint": "http://127.0.0.2:9/token"},
        {"jwks_uri": "http://127.0.0.2:9/jwks"},
        {"jwks_uri": None},
        {"issuer": "https://anderswo.example"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
)
def test_nobody_but_the_configured_host_is_called(tmp_path, change):
    """Whatever a description names elsewhere, or signs with what we could sign with, is refused."""

    class Describing(BaseHTTPRequestHandler):
        def do_GET(self):
            own = f"http://127.0.0.1:{self.server.server_port}"
            fields = {"issuer": own, "jwks_uri": f"{own}/jwks", "token_endpoint": f"{own}/token"}
            fields["authorization_endpoint"] = f"{own}/auth"
            body = json.dumps({**fields, **change}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Describing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with opened(tmp_path, make_house(f"http://127.0.0.1:{server.server_port}")) as browser:
            response = browser.get("/anmelden/haus")
    finally:
        server.shutdown()
        server.server_close()

    assert response.status_code == 502
    assert "falsch eingerichtet" in problem(response)


def test_logging_out_says_that_the_house_still_knows(browser):
    """At a shared machine one has to log out there too."""
    browser.get(agree(leave(browser), "erna"))
    form = re.search(r'name="formular" value="([^"]*)"', browser.get("/abmelden").text)[1]
    response = browser.post("/abmelden", data={"formular": form}, headers={"origin": BASE})

    assert "auch dort ab" in browser.get(response.headers["location"]).text
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a=reader", {"a": Role.READER}),
        (" A B = editor , c=d=maintainer ", {"A B": Role.EDITOR, "c=d": Role.MAINTAINER}),
        ("*=reader,x=editor", {"*": Role.READER, "x": Role.EDITOR}),
    ],
)
def test_the_mapping_is_read(written, expected):
    """Groups may hold spaces and equals signs."""
    assert read_roles(written) == expected


@pytest.mark.parametrize(
    "written", ["", "a", "=reader", "a=boss", "a=reader,a=editor", "*=editor", "*=maintainer", ","]
)
def test_a_mapping_that_makes_no_sense_stops_the_start(written):
    """Nothing is guessed: a slip must not open the door."""
    with pytest.raises(AccessError, match="SOZIALRAUM_OIDC_ROLES"):
        read_roles(written)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["Redaktion"]}, Role.EDITOR),
        ({"groups": "Redaktion"}, Role.EDITOR),
        ({"groups": ["redaktion"]}, None),
        ({"groups": [["Redaktion"], None, 3]}, None),
        ({"groups": {"Redaktion": True}}, None),
        ({}, None),
    ],
)
def test_groups_are_taken_at_their_word(claims, role):
    """Only the exact name of a group counts, whatever else a token holds."""
    assert role_for(Provider("i", "c", "s", read_roles(ROLES)), claims) is role


def test_a_claim_may_lie_within_another():
    """As Keycloak's roles do."""
    provider = Provider("i", "c", "s", read_roles(ROLES), claim="realm_access.roles")

    assert role_for(provider, {"realm_access": {"roles": ["Leitung"]}}) is Role.MAINTAINER
    assert role_for(provider, {"realm_access": ["Leitung"]}) is None


def test_a_star_in_a_token_is_no_group():
    """Somebody in a group that is called ``*`` gets nothing by that where it isn't set."""
    assert role_for(Provider("i", "c", "s", read_roles(ROLES)), {"groups": ["*"]}) is None


def test_everybody_has_a_name():
    """Whatever the token tells."""
    assert name_for({"sub": "7", "name": " A  B "}) == "A B"
    assert name_for({"sub": "7"}) == "7"
    assert len(name_for({"preferred_username": "x" * 500})) == 64


@pytest.mark.parametrize(
    "issuer",
    ["login.stadt.example", "http://login.stadt.example", "https://", "ftp://a", "https://a?b=c"],
)
def test_an_issuer_is_an_https_address(issuer):
    """Tokens don't travel in the clear; on this machine itself they may."""
    with pytest.raises(AccessError, match="SOZIALRAUM_OIDC_ISSUER"):
        require_issuer(issuer)
    require_issuer("https://login.stadt.example/realms/haus")
    require_issuer("http://127.0.0.1:9400")
