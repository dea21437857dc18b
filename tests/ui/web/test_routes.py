"""The routes of the running application, and what guards them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount
from starlette.testclient import TestClient

from tests.ui.fake_service import PDF, REPORT, TRUTH, VERSION, FakeService
from ui.web.first_page import prepare
from ui.web.guard import LOOPBACK, MAX_BODY_BYTES, ROUTES, hosts_for
from ui.web.routes import create_app

BASE = "http://127.0.0.1:7860"
PAGE = f"/seite/{REPORT.id}/{VERSION}/3.png"

# Everything of gradio's that may be reached. A new name here is a decision, not a repair.
GRADIO_ROUTES = {
    "GET /",
    "HEAD /",
    "GET /werkstaetten",
    "GET /assets/{path:path}",
    "GET /static/{path:path}",
    "GET /theme.css",
    "GET /gradio_api/startup-events",
    "GET /gradio_api/queue/data",
    "POST /gradio_api/queue/join",
    "GET /gradio_api/heartbeat/{session_hash}",
}
OWN_ROUTES = {
    "GET /gesund",
    "GET /seite/{document}/{version}/{number}.png",
    "GET /original/{document}/{version}",
    "GET /antwort/{record}",
    "GET /gespraech.md",
    "GET /antwort/{record}/{file}",
    "POST /antwort/{record}/behalten",
    "POST /antwort/{record}/loeschen",
    "GET /ui/{name}",
}


@pytest.fixture(scope="module")
def service():
    """The service behind the application."""
    return FakeService()


@pytest.fixture(scope="module")
def app(service):
    """The application as it is served."""
    return create_app(service, lambda: True)


@pytest.fixture(scope="module")
def client(app):
    """A client on loopback that doesn't follow redirects and sees errors as responses."""
    with TestClient(
        app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False
    ) as opened:
        yield opened


def routes_of(routes, prefix=""):
    """Yield "METHOD path" of every route, those of mounted applications included."""
    for route in routes:
        if isinstance(route, Mount):
            yield from routes_of(route.routes, prefix + route.path)
        elif hasattr(route, "original_router"):  # FastAPI takes in a router's routes late
            included = prefix + route.include_context.prefix
            yield from routes_of(route.original_router.routes, included)
        else:
            for method in route.methods or ("GET",):
                yield f"{method} {prefix}{route.path}"


def passes(name):
    """Tell whether the guard lets a route through, by a sample of its path."""
    method, path = name.split(" ", 1)
    sample = re.sub(r"\{number\}", "1", path)
    sample = re.sub(r"\{name\}", "page.js", sample)
    sample = re.sub(r"\{record\}", "0" * 32, sample)
    sample = re.sub(r"\{file\}", "vermerk.pdf", sample)
    sample = re.sub(r"\{[^}]*\}", "x", sample)
    return any(method in rule.methods and rule.path.fullmatch(sample) for rule in ROUTES)


def assert_guarded(response):
    """Every response has the security headers."""
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert (
        "no-store" in response.headers["cache-control"]
        or "immutable" in (response.headers["cache-control"])
    )


# The allow-list


def test_only_listed_routes_are_reachable(app):
    """Of all routes that gradio and we define, exactly the listed ones pass the guard."""
    defined = set(routes_of(app.routes))

    assert {name for name in defined if passes(name)} == GRADIO_ROUTES | OWN_ROUTES
    assert len(defined) > 60  # the crawl has seen gradio's routes


def test_routes_that_are_not_listed_are_not_there(app, client):
    """Each of them answers 404 or 405 in German, guarded."""
    for name in sorted(set(routes_of(app.routes)) - GRADIO_ROUTES - OWN_ROUTES):
        method, path = name.split(" ", 1)
        sample = re.sub(r"\{[^}]*\}", "x", path)
        response = client.request(method, sample)
        assert response.status_code in (404, 405), name
        assert_guarded(response)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=https://evil.example/?q=1",
        "/gradio_api/file=http://169.254.169.254/latest/meta-data",
        "/gradio_api/file%3Dhttps%3A%2F%2Fevil.example",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/upload",
        "/gradio_api/runs",
        "/monitoring",
        "/monitoring/summary",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/config",
        "/gradio_api/deep_link",
        "/login",
        "/manifest.json",
        "/robots.txt",
        "/favicon.ico",
        "/assets/../guard.py",
        "/assets/%2e%2e/%2e%2e/guard.py",
        "/assets/.hidden",
        "/static//etc/passwd",
        "/ui/app.py",
        "/ui/../settings.py",
        "/gesund/",
        "/GESUND",
    ],
)
def test_what_the_page_does_not_need_is_not_there(client, path):
    """File and proxy routes, schemas, monitoring and uploads don't exist."""
    response = client.get(path)

    assert response.status_code == 404
    assert_guarded(response)


def test_nothing_can_be_uploaded(client):
    """The upload route answers 404 whatever is sent."""
    response = client.post("/gradio_api/upload", files={"files": b"x" * 1000})

    assert response.status_code == 404


def test_other_methods_are_refused(client):
    """A route that may be read can't be written."""
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert client.request(method, "/gesund").status_code == 405
    assert client.get("/gradio_api/queue/join").status_code == 405


def test_a_large_body_is_refused(client):
    """Before it is read, by its announced length; without one, at all."""
    url = "/gradio_api/queue/join"

    assert client.post(url, content=b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    assert client.post(url, content=iter([b"x"] * 10)).status_code == 411


@given(st.text(alphabet="0123456789²-+.e ٣", max_size=30))
def test_odd_lengths_are_refused_or_ignored(length):
    """No value of the header breaks the guard."""
    from ui.web.guard import _refused_body

    refusal = _refused_body("POST", length)

    assert refusal is None or refusal[1] in (411, 413)


def test_pages_of_strangers_get_no_answer(client):
    """A foreign origin is refused, our own is not."""
    join = "/gradio_api/queue/join"
    for origin in ("https://evil.example", "http://127.0.0.1:7861", "null"):
        assert client.post(join, json={}, headers={"origin": origin}).status_code == 403

    assert client.post(join, json={}, headers={"origin": BASE}).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_other_host_names_are_refused(client, host):
    """A name that a stranger points at loopback doesn't reach the application."""
    response = client.get("/gesund", headers={"host": host})

    assert response.status_code == 400
    assert_guarded(response)


def test_loopback_answers_to_its_names_only():
    """On another address any name is right, as the network decides."""
    assert hosts_for("127.0.0.1") == hosts_for("::1") == hosts_for("localhost") == LOOPBACK
    assert hosts_for("0.0.0.0") == hosts_for("assistent.stadt.example") == ("*",)  # noqa: S104


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "[::1]:7860"])
def test_names_of_loopback_are_accepted(client, host):
    """With any port, as behind a forwarded one."""
    assert client.get("/gesund", headers={"host": host}).status_code == 200


# Headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/gesund", 200),
        ("GET", "/ui/frame.css", 200),
        ("GET", "/werkstaetten", 200),
        ("GET", "/ui/workshops.css", 200),
        ("GET", "/ui/workshops.js", 200),
        ("GET", "/ui/design.css", 200),
        ("GET", "/ui/page.js", 200),
        ("GET", "/ui/icon.svg", 200),
        ("GET", "/ui/other.js", 404),
        ("GET", "/theme.css", 200),
        ("GET", "/static/js/iframeResizer.contentWindow.min.js", 200),
        ("GET", "/assets/fehlt.js", 404),
        ("GET", PAGE, 200),
        ("GET", f"{PAGE}?von=x", 400),
        ("GET", f"/seite/fehlt/{VERSION}/1.png", 404),
        ("GET", f"/seite/{REPORT.id}/{VERSION}/999.png", 404),
        ("GET", f"/original/{REPORT.id}/{VERSION}", 200),
        ("GET", f"/original/{REPORT.id}/falsch", 404),
        ("POST", "/gradio_api/queue/join", 400),
        ("GET", "/nirgends", 404),
    ],
)
def test_every_response_is_guarded(client, method, path, status):
    """Pages, files, images and errors carry the headers."""
    response = client.request(method, path, json={} if method == "POST" else None)

    assert response.status_code == status
    assert_guarded(response)


def test_an_unexpected_error_is_guarded_and_says_nothing_of_itself(client, service, monkeypatch):
    """A crash gives a German message without its text, and the headers."""

    def fail(*_, **__):
        raise RuntimeError("Aktenzeichen 4711")

    monkeypatch.setattr(service, "page_image", fail)
    response = client.get(PAGE)

    assert response.status_code == 500
    assert "unerwarteter Fehler" in response.text
    assert "4711" not in response.text
    assert_guarded(response)


def test_only_named_files_may_be_kept_by_the_browser(client):
    """Answers, images and the page are never stored; gradio's hashed files are."""
    asset = re.search(r'src="\./(assets/index-[^"]+\.js)"', client.get("/").text)[1]

    assert "immutable" in client.get(f"/{asset}").headers["cache-control"]
    for path in ("/", "/ui/page.js", PAGE, f"/original/{REPORT.id}/{VERSION}"):
        assert client.get(path).headers["cache-control"] == "no-store"


# The first page


def test_the_first_page_is_german_and_ours(client):
    """Language, title, style and script come from the server."""
    page = client.get("/").text

    assert '<html\n\tlang="de"' in page
    assert "<title>Sozialraum-Assistent</title>" in page
    assert '<link rel="stylesheet" href="/ui/frame.css">' in page
    assert page.count("/ui/page.js") == 1
    assert "Bitte schalten Sie JavaScript ein" in page


def test_the_first_page_names_no_other_host(client):
    """No preview tags, fonts or scripts of others."""
    page = client.get("/").text
    hosts = set(re.findall(r"https?://([\w.-]+)", page))

    assert hosts <= {"127.0.0.1"}


def test_every_script_of_the_first_page_has_the_nonce(client):
    """The policy admits them by it, and it is new each time."""
    response = client.get("/")
    nonce = re.search(r"'nonce-([^']+)'", response.headers["content-security-policy"])[1]
    scripts = re.findall(r"<script[^>]*>", response.text)

    assert len(scripts) >= 5
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert nonce not in client.get("/").headers["content-security-policy"]


def test_the_page_offers_no_api_and_keeps_no_history(client):
    """Events are private, analytics, monitoring and the browser's run history off."""
    page = client.get("/").text

    assert '"analytics_enabled":false' in page
    assert '"run_history":false' in page
    assert '"named_endpoints":{},' in page.replace(" ", "")


@given(st.text())
def test_any_page_is_prepared(page):
    """Whatever gradio delivers one day, the step itself doesn't fail."""
    assert len(prepare(page, "n")) >= 0


# Own routes


def test_health_tells_whether_questions_are_answered(service):
    """503 until the models are loaded, then 200."""
    state = [False]
    with TestClient(create_app(service, lambda: state[0]), base_url=BASE) as client:
        before = client.get("/gesund")
        state[0] = True
        after = client.get("/gesund")

    assert (before.status_code, before.json()) == (503, {"status": "startet"})
    assert (after.status_code, after.json()) == (200, {"status": "bereit"})


def test_a_page_image_is_marked(client):
    """The image with a passage differs from the one without."""
    plain, marked = (client.get(PAGE), client.get(f"{PAGE}?passage=liste&von=0&bis=80"))

    assert plain.headers["content-type"] == "image/png"
    assert plain.content.startswith(b"\x89PNG")
    assert plain.content != marked.content


def test_unknown_items_give_code_and_message(client):
    """The German message of the service is passed on."""
    response = client.get(f"/seite/{REPORT.id}/{VERSION}/400.png")

    assert response.json() == {"code": "ERR_UNKNOWN", "message": "Eine Seite 401 gibt es nicht."}


def test_a_pdf_opens_in_the_browser_under_its_name(client):
    """Inline, with the file's own name and bytes."""
    response = client.get(f"/original/{REPORT.id}/{VERSION}")

    assert response.content == PDF.read_bytes()
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline; filename*=utf-8''Werkstatt")


@pytest.mark.parametrize("name", ["bericht.html", "bild.svg", "katalog.yaml", "ohne"])
def test_anything_but_a_pdf_is_a_download(client, service, monkeypatch, name):
    """A file that a browser might run is never shown inside our origin."""
    monkeypatch.setattr(service, "original", lambda *_: (TRUTH, name))
    response = client.get(f"/original/{REPORT.id}/{VERSION}")

    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        f"/original/..%2f..%2fetc/{VERSION}",
        f"/original/{REPORT.id}/..%2f..%2fetc%2fpasswd",
        f"/original/%2e%2e/{VERSION}",
        f"/original/{REPORT.id}/{VERSION[:-1]}",
        f"/original/{REPORT.id.upper()}/{VERSION}",
        "/original//",
    ],
)
def test_only_documents_of_the_collection_are_served(client, path):
    """Guessed ids and paths lead nowhere."""
    assert client.get(path).status_code == 404
