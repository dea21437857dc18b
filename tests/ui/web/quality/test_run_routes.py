"""The addresses of runs: reports, figures, pictures, comparisons, and what guards them."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.ui.fake_service import FakeService
from tests.ui.test_evaluation_report import CASES, make_header, make_run
from tests.ui.web.test_routes import BASE, passes, routes_of
from ui.evaluation.measurements import Measurements
from ui.quality import Quality
from ui.web.routes import create_app

OLD, NEW = "2026-11-22T100000-dev", "2026-11-23T100000-dev"
RUN_ROUTES = {
    "GET /messung/{run}/bericht.html",
    "GET /messung/{run}/bericht.md",
    "GET /messung/{run}/run.json",
    "GET /messung/{run}/{picture}.svg",
    "GET /messung/{old}/{new}/vergleich.html",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application with two runs."""
    folder = tmp_path_factory.mktemp("daten") / "evaluations"
    for day, right in (("22", True), ("23", False)):
        header = make_header(started=f"2026-11-{day}T10:00:00+00:00")
        Measurements(folder).keep(replace(make_run(right=right, cases=CASES), header=header))
    (folder / "ohne").mkdir()
    (folder.parent / "geheim").mkdir()
    (folder.parent / "geheim" / "run.json").write_text("geheim", encoding="utf-8")
    return create_app(FakeService(), lambda: True, quality=Quality(FakeService(), folder, None))


@pytest.fixture(scope="module")
def client(app):
    """A client on loopback."""
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


def test_the_routes_of_runs_are_reachable(app):
    """All of them pass the guard, and no other under their address."""
    reachable = {name for name in routes_of(app.routes) if passes(name)}

    assert {name for name in reachable if "/messung/" in name} == RUN_ROUTES


@pytest.mark.parametrize(
    ("path", "kind", "shown"),
    [
        (f"{NEW}/bericht.html", "text/html", "inline"),
        (f"{NEW}/bericht.md", "text/markdown", "attachment"),
        (f"{NEW}/run.json", "application/json", "attachment"),
    ],
)
def test_files_of_a_run_are_handed_out(client, path, kind, shown):
    """The report is opened, the others are downloads under a name of their own."""
    response = client.get(f"/messung/{path}")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)
    assert response.headers["content-disposition"].startswith(f'{shown}; filename="{NEW}-')


@pytest.mark.parametrize("path", [f"{NEW}/bericht.html", f"{OLD}/{NEW}/vergleich.html"])
def test_a_report_can_do_nothing(client, path):
    """No script, no form, no frame, nothing loaded: it quotes questions and answers."""
    response = client.get(f"/messung/{path}")
    policy = response.headers["content-security-policy"]

    assert "<h1>" in response.text
    assert "default-src 'none'" in policy
    assert "sandbox;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["stufen", "fundstellen", "risiko", "dauer"])
def test_a_picture_is_a_drawing_that_needs_nothing_else(client, name):
    """Well-formed SVG with its own colours, in light and dark, without an address or a script."""
    response = client.get(f"/messung/{NEW}/{name}.svg")
    root = ET.fromstring(response.text)  # noqa: S314  # written by ourselves
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}

    assert response.headers["content-type"] == "image/svg+xml"
    assert kinds <= {"svg", "style", "title", "desc", "path", "circle", "rect", "line", "text"}
    assert "prefers-color-scheme: dark" in response.text
    assert "href" not in response.text
    assert "url(" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "fehlt/bericht.html",
        "ohne/bericht.html",
        f"{NEW}/andere.svg",
        f"{NEW}/fehlt/vergleich.html",
        f"{NEW}/library.sqlite",
        f"{NEW}/bericht.html.new",
        "../geheim/run.json",
        "..%2fgeheim/run.json",
        "%2e%2e/run.json",
        ".%2e/geheim/run.json",
        f"{NEW}%2f..%2f..%2fgeheim/run.json",
        f"{NEW}%00/run.json",
        "/run.json",
        f"{NEW}/",
    ],
)
def test_nothing_else_is_handed_out(client, path):
    """Guessed names, other files and ways out of the folder answer 404."""
    response = client.get(f"/messung/{path}")

    assert response.status_code == 404
    assert "geheim" not in response.text


def test_runs_can_only_be_read_by_address(client):
    """Nothing is changed by a request to them."""
    for method in ("POST", "PUT", "DELETE"):
        response = client.request(method, f"/messung/{NEW}/run.json", content=b"")
        assert response.status_code == 405


def test_runs_that_do_not_compare_are_told(client):
    """In German, with the code."""
    response = client.get(f"/messung/{NEW}/{NEW}/vergleich.html")

    assert response.json()["code"] == "ERR_COMPARE"


def test_without_the_page_for_measuring_there_are_no_runs():
    """As when the server is open to a network."""
    with TestClient(create_app(FakeService(), lambda: True), base_url=BASE) as client:
        assert client.get(f"/messung/{NEW}/bericht.html").status_code == 404
