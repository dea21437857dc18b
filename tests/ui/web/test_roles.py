"""Who may do what, proven for every address and every event of every page by real requests."""

import json

import anyio
import gradio as gr
import pytest
from starlette.testclient import TestClient

from corpus.store import Store
from tests.ui.access.people import BASE, GOOD, HTML, NAMES, client_of, enter, make_login
from tests.ui.fake_service import REPORT, VERSION, FakeService
from ui.access.gate import Gate
from ui.access.roles import Role
from ui.access.rules import Door
from ui.editing import Editing
from ui.quality import Quality
from ui.web import app as page
from ui.web.guard import PAGES, ROUTES
from ui.web.routes import create_app

# The table, in the words of the issue. A page that isn't here fails the tests below.
EXPECTED = {
    "/": Role.READER,
    "/werkstaetten": Role.READER,
    "/unterlagen": Role.EDITOR,
    "/qualitaet": Role.MAINTAINER,
}
ROLES = tuple(Role)


@pytest.fixture(scope="module")
def blocks():
    """What the application is built of, kept when it is built."""
    return []


@pytest.fixture(scope="module")
def app(tmp_path_factory, blocks):
    """The application with all pages and a login."""
    folder = tmp_path_factory.mktemp("data")
    built = page.build

    def keep(*arguments, **named):
        blocks.append(built(*arguments, **named))
        return blocks[0]

    editing = Editing(Store(folder), None, frozenset())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "build", keep)
        service = FakeService()
        return create_app(
            service,
            lambda: True,
            quality=Quality(service, folder, folder),
            editing=editing,
            login=make_login(folder),
        )


@pytest.fixture(scope="module")
def browsers(app):
    """A browser of each role, logged in; None: of nobody."""
    with TestClient(app, base_url=BASE) as opened:
        found = {role: client_of(app) for role in (None, *NAMES)}
        for role, name in NAMES.items():
            # One event loop for all, like that of the real server.
            found[role].portal = opened.portal
            assert enter(found[role], name).status_code == 303
        yield found


def join(client, function, tab, **more):
    """Call a function of gradio as the page does."""
    body = {"data": [], "fn_index": function, "session_hash": tab, **more}
    return client.post("/gradio_api/queue/join", json=body, headers={"origin": BASE})


def test_every_page_has_the_role_of_the_table(browsers, blocks):
    """What is built, what is allowed, and what is written here are the same pages."""
    built = {f"/{name}" for name, *_ in blocks[0].pages}

    assert PAGES == EXPECTED
    assert built == set(EXPECTED)


def test_every_event_asks_for_the_role_of_its_page(browsers, blocks, monkeypatch):
    """For every function of every page and each role: 200 or 403 as the table says; 401: nobody."""

    async def accepted(body, request, username):
        return True, f"{username}-{body.fn_index}", "success"

    pages = blocks[0]
    # What has come this far would run; here it needn't.
    monkeypatch.setattr(pages._queue, "push", accepted)
    counted = dict.fromkeys(EXPECTED, 0)
    for number, function in pages.fns.items():
        address = f"/{function.page}"
        counted[address] += 1
        for role in (None, *ROLES):
            got = join(browsers[role], number, f"tab{number}x{role and role.value}").status_code
            expected = 401 if role is None else 200 if role >= EXPECTED[address] else 403
            assert got == expected, (address, number, role)

    assert all(counted.values())


def test_every_page_opens_for_its_role_alone(browsers):
    """Others see in German what it needs; nobody is led to the login, and back afterwards."""
    for address, needed in EXPECTED.items():
        for role in ROLES:
            got = browsers[role].get(address, headers=HTML)
            assert got.status_code == (200 if role >= needed else 403), (address, role)
            if role < needed:
                assert f"braucht die Rolle „{needed.german}“" in got.text
                assert "gradio" not in got.text
        lost = browsers[None].get(address, headers=HTML)
        assert lost.status_code == 303
        assert lost.headers["location"].startswith("/anmelden?weiter=%2F")


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        (f"/seite/{REPORT.id}/{VERSION}/3.png", Role.READER),
        (f"/original/{REPORT.id}/{VERSION}", Role.READER),
        ("/passwort", Role.READER),
        ("/theme.css", Role.READER),
        ("/gradio_api/startup-events", Role.READER),
        ("/messung/2026/bericht.html", Role.MAINTAINER),
        ("/rueckmeldungen/wissensluecken.csv", Role.MAINTAINER),
        ("/unterlagen/beleg/0123456789abcdef.txt", Role.EDITOR),
    ],
)
def test_every_address_asks_for_its_role(browsers, path, needed):
    """Images, originals and reports too: 401 for nobody, 403 for who may not."""
    assert browsers[None].get(path).status_code == 401
    for role in ROLES:
        refused = browsers[role].get(path).status_code in (401, 403)
        assert refused == (role < needed), role


def test_addresses_below_a_page_need_at_least_its_role():
    """A new address of the editors' or maintainers' pages can't slip to readers by mistake."""
    areas = {
        "/unterlagen": Role.EDITOR,
        "/qualitaet": Role.MAINTAINER,
        "/messung": Role.MAINTAINER,
        "/rueckmeldungen": Role.MAINTAINER,
    }
    for rule in ROUTES:
        for area, role in areas.items():
            if rule.path.pattern.startswith(area):
                assert isinstance(rule.role, Role) and rule.role >= role, rule.path.pattern
    open_to_all = {rule.path.pattern for rule in ROUTES if rule.role is Door.ANYONE}
    assert open_to_all == {
        "/gesund",
        r"/ui/[a-z]+\.[a-z]+",
        "/anmelden",
        "/anmelden/haus(/zurueck)?",
        "/abmelden",
        "/sprache/(de|en)",
    }


def test_the_browser_learns_nothing_of_pages_it_may_not_open(browsers, blocks):
    """Neither a way to them nor their parts are in the page that a reader gets."""
    markup = browsers[Role.READER].get("/", headers=HTML).text
    config, _ = json.JSONDecoder().raw_decode(markup.partition("window.gradio_config = ")[2])

    assert config["pages"] == []
    assert set(config["page"]) == {""}
    assert {d["id"] for d in config["dependencies"]} == {
        number for number, function in blocks[0].fns.items() if function.page == ""
    }
    assert "/qualitaet" not in markup
    assert "/unterlagen" not in markup
    assert config["username"] == "Rita"


@pytest.mark.parametrize(
    "body",
    [
        '{"data":[],"fn_index":99999,"session_hash":"a"}',
        '{"data":[],"fn_index":-1,"session_hash":"a"}',
    ],
)
def test_an_unknown_function_is_refused(browsers, body):
    """Even to maintainers."""
    headers = {"origin": BASE, "content-type": "application/json"}
    got = browsers[Role.MAINTAINER].post("/gradio_api/queue/join", content=body, headers=headers)

    assert got.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        '{"data":[],"fn_index":0,"fn_index":QUALITY,"session_hash":"dup"}',
        '{"data":[],"fn_index":"QUALITY","session_hash":"dup"}',
        '{"data":[],"fn_index":QUALITY.0,"session_hash":"dup"}',
        '{"data":[],"fn_index":true,"session_hash":"dup"}',
        '{"data":[],"fn_index":null,"session_hash":"dup"}',
        '{"data":[],"session_hash":"dup"}',
        '{"data":[],"fn_index":0}',
        '{"data":[],"fn_index":0,"session_hash":""}',
        '{"data":[],"fn_index":0,"session_hash":["dup"]}',
        "[]",
        "",
        "\ufeff{}",
        '{"data":' + "[" * 5000 + "]" * 5000 + ',"fn_index":0,"session_hash":"dup"}',
    ],
)
def test_a_body_that_could_be_read_two_ways_is_refused(browsers, blocks, body):
    """What gradio might take for another function than the gate did doesn't reach it."""
    quality = next(n for n, function in blocks[0].fns.items() if function.page == "qualitaet")
    content = body.replace("QUALITY", str(quality)).encode()
    headers = {"origin": BASE, "content-type": "application/json"}
    got = browsers[Role.READER].post("/gradio_api/queue/join", content=content, headers=headers)

    assert got.status_code == 400


def test_a_body_in_another_encoding_is_refused(browsers, blocks):
    """json would also read UTF-16; the gate reads one encoding."""
    content = '{"data":[],"fn_index":0,"session_hash":"dup"}'.encode("utf-16")
    got = browsers[Role.READER].post(
        "/gradio_api/queue/join", content=content, headers={"origin": BASE}
    )

    assert got.status_code == 400


def test_nobody_reads_along_in_anothers_page(browsers, blocks):
    """The name of an opened page serves whom it belongs to, for questions and for answers."""
    mine = join(browsers[Role.READER], 0, "ritastab")
    assert mine.status_code == 200, mine.text

    for path in ("/gradio_api/queue/data?session_hash=ritastab", "/gradio_api/heartbeat/ritastab"):
        assert browsers[Role.MAINTAINER].get(path).status_code == 401
    assert join(browsers[Role.MAINTAINER], 0, "ritastab").status_code == 401
    twice = "/gradio_api/queue/data?session_hash=marastab&session_hash=ritastab"
    assert browsers[Role.MAINTAINER].get(twice).status_code == 400
    assert browsers[Role.MAINTAINER].get("/gradio_api/queue/data").status_code == 400


def test_gradio_knows_who_asks(tmp_path):
    """``gr.Request.username`` is the name, as every handler sees it."""
    seen, numbers = [], []

    def handler(request: gr.Request) -> None:
        seen.append(request.username)

    built = page.build

    def with_probe(*arguments, **named):
        pages = built(*arguments, **named)
        with pages:
            pages.load(handler, None, None)
        numbers.extend(n for n, function in pages.fns.items() if function.name == "handler")
        return pages

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "build", with_probe)
        app = create_app(FakeService(), lambda: True, login=make_login(tmp_path))
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        enter(client, "rita")
        assert join(client, numbers[0], "probe").status_code == 200
        answer = client.get("/gradio_api/queue/data?session_hash=probe").text

    assert '"success":true' in answer.replace(" ", "")
    assert seen == ["Rita"]


def test_without_login_everything_is_open_and_still_looked_at():
    """The one person at this machine may do everything, but no unknown function."""
    app = create_app(FakeService(), lambda: True)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        assert client.get("/", headers=HTML).status_code == 200
        assert join(client, 0, "mine").status_code == 200
        assert join(client, 99999, "mine").status_code == 403
        assert client.get("/anmelden").headers["location"] == "/"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Proto"])
def test_without_login_no_proxy_may_stand_before_it(header):
    """What would let a whole network in by mistake is refused, with the remedy."""
    app = create_app(FakeService(), lambda: True)
    with TestClient(app, base_url=BASE) as client:
        got = client.get("/", headers={header: "203.0.113.9"})

    assert got.status_code == 403
    assert "SOZIALRAUM_PUBLIC_URL" in got.text


def test_an_application_for_others_needs_a_login():
    """Without one it can't even be built."""
    with pytest.raises(ValueError, match="login"):
        create_app(FakeService(), lambda: True, allowed_hosts=("*",))


def test_the_gate_stands_inside_the_guard(app):
    """Nothing reaches the application but through both."""
    names = [middleware.cls.__name__ for middleware in app.user_middleware]

    assert names[:2] == ["Guard", "Gate"]


def test_a_page_without_role_is_nobodys(tmp_path):
    """Were a page added without one, its events would be refused to everybody."""
    login = make_login(tmp_path)
    entered = login.attempt("Mara", GOOD, "")
    answered = []

    async def application(scope, receive, send):
        answered.append(scope["path"])

    gate = Gate(application, ROUTES, {"/": Role.READER}, lambda function: "/neu", login)
    body = b'{"fn_index":0,"session_hash":"a"}'
    scope = {
        "type": "http",
        "path": "/gradio_api/queue/join",
        "method": "POST",
        "query_string": b"",
        "headers": [(b"cookie", f"{login.cookie}={entered.session}".encode())],
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    anyio.run(gate, scope, receive, send)
    assert sent[0]["status"] == 403
    assert answered == []
