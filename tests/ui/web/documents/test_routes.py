"""Files come in and reports go out, through the guard and without holding a file in memory."""

import time
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from corpus.store import Store
from ingest.pipeline import ingest
from ingest.sources import MAX_BYTES
from tests.conftest import ROOT, quiet
from tests.ui.fake_service import FakeService
from ui.editing import Editing
from ui.web.documents import inbox
from ui.web.guard import MAX_UPLOAD_BYTES, UPLOAD
from ui.web.routes import create_app

BASE = "http://127.0.0.1:7860"
PDF = ROOT / "tests" / "testdocs" / "tricky" / "t09_scan_200dpi.pdf"
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def store(tmp_path_factory, default_model):
    """A data folder with one short text and one scan of a page."""
    folder = tmp_path_factory.mktemp("routen")
    (folder / "platz.md").write_text("# Platz <b>am</b> Kanal\n\nDer Platz wird grün.", "utf-8")
    opened = Store(folder / "data")
    ingest([folder / "platz.md", PDF], opened, default_model, quiet)
    return opened


@pytest.fixture(scope="module")
def client(store, default_model):
    """A client of the application on loopback."""
    app = create_app(FakeService(), lambda: True, editing=Editing(store, default_model))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def folder(store):
    """The inbox on disk; empty again after each test."""
    yield store.folder / inbox.FOLDER
    inbox.Inbox(store.folder).clear()


def send(client, content=b"%PDF-1.7 x", name="bericht.pdf", **headers):
    """Upload as the page does."""
    given = {"origin": BASE, "x-datei": quote(name), **headers}
    return client.post(UPLOAD, content=content, headers=given)


def test_a_file_is_written_to_the_inbox(client, folder):
    """Under its cleaned name, byte by byte."""
    content = bytes(range(256)) * 20_000
    response = send(client, content, "../../Bericht „Süd“.pdf")

    assert (response.status_code, response.json()) == (200, {"name": "Bericht „Süd“.pdf"})
    assert (folder / "Bericht „Süd“.pdf").read_bytes() == content


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"x", "tabelle.xlsx", "Speichern Sie die Tabelle als PDF."),
        (b"x" * 3_000_000, "film.mp4", "hat kein Format"),
        (b"", "leer.pdf", "ist leer"),
        (b"x", "", "hat kein Format"),
    ],
)
def test_a_refused_file_is_named_with_its_reason(client, folder, content, name, message):
    """And leaves nothing."""
    response = send(client, content, name)

    assert response.status_code == 422
    assert message in response.json()["message"]
    assert not folder.exists() or not list(folder.iterdir())


def test_only_this_page_may_send_files(client, folder):
    """Neither a stranger's page nor one that doesn't say who it is."""
    assert send(client, origin="https://evil.example").status_code == 403
    assert client.post(UPLOAD, content=b"x").status_code == 403
    assert client.get(UPLOAD).status_code == 405
    assert not folder.exists()


def test_the_limit_is_that_of_reading_in(client, folder):
    """Announced by the header, or not announced at all; and the page says the same."""
    too_long = {"content-length": str(MAX_UPLOAD_BYTES + 1)}
    script = (ROOT / "ui" / "web" / "documents" / "documents.js").read_text("utf-8")

    assert MAX_UPLOAD_BYTES == MAX_BYTES == 200 * 1024 * 1024
    assert "MAX_BYTES = 200 * 1024 * 1024;" in script
    assert client.post(UPLOAD, headers={"origin": BASE, **too_long}).status_code == 413
    chunks = client.post(UPLOAD, content=iter([b"x"]), headers={"origin": BASE})
    assert chunks.status_code == 411
    assert not folder.exists()


def test_other_addresses_keep_their_limit(client):
    """The large body is for the one route."""
    join = client.post("/gradio_api/queue/join", content=b"x" * 300_000)

    assert join.status_code == 413


def test_a_full_disk_is_told(client, folder, monkeypatch):
    """With a status that says so."""
    monkeypatch.setattr(inbox, "RESERVE_BYTES", 1 << 60)
    response = send(client)

    assert response.status_code == 507
    assert "zu wenig Platz" in response.json()["message"]


def test_a_report_shows_pages_and_text(client):
    """Image beside text, in a page that may run and load nothing."""
    response = client.get("/unterlagen/bericht/t09-scan-200dpi")

    assert response.status_code == 200
    assert "data:image/webp;base64," in response.text
    assert "Seite für Seite" in response.text
    assert response.text.rstrip().endswith("</html>")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    assert "sandbox" in policy


def test_a_report_shows_text_as_text(client):
    """Whatever stands in a document."""
    page = client.get("/unterlagen/bericht/platz").text

    assert "<b>am</b>" not in page


@pytest.mark.parametrize(
    "path", ["bericht/fehlt", "bericht/..%2f..%2fetc", "beleg/0123456789abcdef.txt"]
)
def test_what_is_not_there_is_said_in_german(client, path):
    """Neither a guess nor a path leads anywhere."""
    response = client.get(f"/unterlagen/{path}")

    assert response.status_code == 404


def test_whoever_leaves_a_report_stops_it(store, default_model):
    """The thread that draws it ends."""
    import threading

    from ui.web.documents.desk import Desk
    from ui.web.documents.routes import _written

    reading, quality = Desk(Editing(store, default_model)).documents.reading("t09-scan-200dpi")
    parts = _written(reading, quality, store.original(reading.document.version))
    assert "<!DOCTYPE html>" in next(parts)
    parts.close()
    end = time.monotonic() + PATIENCE_S
    while any(thread.name == "report" for thread in threading.enumerate()):
        assert time.monotonic() < end, "the report goes on"
        time.sleep(0.05)


def test_without_an_editor_there_is_no_page(tmp_path):
    """Neither the page nor its addresses."""
    app = create_app(FakeService(), lambda: True)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        assert client.get("/unterlagen").status_code == 404
        assert send(client).status_code in (404, 405)
        assert client.get("/unterlagen/bericht/platz").status_code == 404
    assert not list(Path(tmp_path).iterdir())
