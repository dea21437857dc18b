"""What an address gave for the preview is what is read in: real servers, real processes."""

import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus.store import Store
from ingest import pipeline
from tests.conftest import ROOT, quiet
from tests.ui.web.documents.desks import OTHER, checked, done, ended, hand_in, opened
from ui.web.documents.jobs import EditingError

HARBOUR = OTHER.replace("Kanal", "Hafen")
STATION = OTHER.replace("Kanal", "Bahnhof")


class Site:
    """A server on this machine that answers one address with whatever lies there now."""

    def __init__(self, content):
        self.content = content
        self.asked = 0

    def gone(self):
        """Answer no more."""
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def serving(content):
    """Serve a text at ``address`` of what is yielded."""
    site = Site(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked += 1
            body = site.content.encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/markdown; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    site.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{site.server.server_port}/texte/hafen.md"
    threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield site
    finally:
        site.gone()


@pytest.fixture
def site():
    """A site with a text about the harbour."""
    with serving(HARBOUR) as running:
        yield running


def original(desk, id):
    """Return the text of the file that a document was read from."""
    return desk.store.original(desk.documents.row(id).document.version).read_text("utf-8")


def test_an_address_gives_what_the_preview_showed(desk, site):
    """It answers differently meanwhile: what was approved is read in, from the same address."""
    desk.inbox.add_address(site.address)
    assert checked(desk).report.added == ("hafen",)
    site.content = STATION
    desk.reading_in.read()

    assert done(desk).report.added == ("hafen",)
    assert site.asked == 1
    assert original(desk, "hafen") == HARBOUR
    document = desk.documents.row("hafen").document
    host = site.address.removesuffix("/texte/hafen.md")
    assert (document.source, document.collection) == (site.address, host)
    assert (document.file, document.title) == ("hafen.md", "Spielplatz am Hafen")
    assert desk.inbox.staged() == ()


def test_an_address_may_be_gone_before_it_is_read_in(desk, site):
    """The bytes lie in the data folder already."""
    desk.inbox.add_address(site.address)
    checked(desk)
    site.gone()
    desk.reading_in.read()

    assert done(desk).report.added == ("hafen",)
    assert original(desk, "hafen") == HARBOUR


def test_what_an_address_refused_is_not_read_in_unseen(desk, site):
    """Nobody has looked at what lies there now; the report says what the preview said."""
    site.content = ""
    desk.inbox.add_address(site.address)
    hand_in(desk, ("neu.md", STATION))
    (told,) = checked(desk).report.refused
    site.content = HARBOUR
    desk.reading_in.read()

    report = done(desk).report
    assert (report.added, report.refused) == (("neu",), (told,))
    assert told.code == "ERR_URL_STATUS"
    assert site.asked == 1


def test_looking_again_asks_again(desk, site):
    """Each preview shows what lies there then, also when that has been there before."""
    desk.inbox.add_address(site.address)
    for content, title in ((HARBOUR, "Hafen"), (STATION, "Bahnhof"), (HARBOUR, "Hafen")):
        site.content = content
        assert checked(desk).rows["hafen"].document.title == f"Spielplatz am {title}"
    desk.reading_in.read()
    done(desk)

    assert original(desk, "hafen") == HARBOUR


def test_a_new_answer_of_a_known_address_is_its_new_version(desk, site):
    """As before: what changes is shown, and that is what is read in."""
    for content in (HARBOUR, STATION):
        site.content = content
        desk.inbox.add_address(site.address)
        preview = checked(desk)
        site.content = "# Etwas anderes\n\nDas hat niemand gesehen."
        desk.reading_in.read()
        done(desk)

    assert preview.report.changed == ("hafen",)
    assert len(preview.report.differences) == 1
    assert original(desk, "hafen") == STATION


def test_a_preview_whose_bytes_were_tidied_away_holds_no_more(desk, site, prepared, default_model):
    """Another process has read in meanwhile, and found nothing to change."""
    desk.inbox.add_address(site.address)
    preview = checked(desk)
    other = Store(desk.store.folder)
    pipeline.ingest([prepared / "werkhaus.md"], other, default_model, quiet)
    other.library.close()

    assert desk.store.pointer().current == preview.basis.generation
    assert desk.reading_in.preview() is None
    with pytest.raises(EditingError, match="noch einmal"):
        desk.reading_in.read()


def test_bytes_that_go_at_the_last_moment_stop_the_reading(desk, site):
    """Neither fetched again nor passed over: nothing changes, and the inbox stays."""
    before = desk.store.pointer()
    desk.inbox.add_address(site.address)
    basis = checked(desk).basis
    (desk.store.originals / basis.downloads[0].version).unlink()
    desk.reading_in._read(basis)

    state = ended(desk)
    assert state.phase == "failed"
    assert f"Was {site.address} bei der Prüfung geliefert hat" in state.message
    assert desk.store.pointer() == before
    assert [entry.name for entry in desk.inbox.staged()] == [site.address]
    assert site.asked == 1


@pytest.fixture
def killed(prepared, tmp_path, default_model, site):
    """The desk of a new server, after one was killed while it read in what it had fetched."""
    data = tmp_path / "data"
    shutil.copytree(prepared / "data", data)
    with subprocess.Popen(
        [sys.executable, "-c", _FETCHES_AND_HANGS, str(data), site.address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "building\n"
        process.kill()
    site.content = STATION
    return opened(data, default_model)


_FETCHES_AND_HANGS = """
import sys, time
from pathlib import Path
from corpus.store import Store
from ingest import pipeline
from ui.editing import Editing
from ui.local import model
from ui.web.documents.desk import Desk

def build(*_):
    print("building", flush=True)
    time.sleep(600)

pipeline.build = build
desk = Desk(Editing(Store(Path(sys.argv[1])), model(None), frozenset({"127.0.0.1"})))
desk.inbox.add_address(sys.argv[2])
desk.reading_in.check()
while desk.jobs.state().busy:
    time.sleep(0.01)
desk.reading_in.read()
time.sleep(600)
"""


def test_a_killed_server_leaves_what_was_approved(killed, site):
    """kill -9 while the new state is built: the same bytes are read in, whatever lies there."""
    assert killed.reading_in.interrupted() == "read"
    assert len(killed.documents.rows()) == 2
    killed.reading_in.resume()

    assert done(killed).report.added == ("hafen",)
    assert site.asked == 1
    assert original(killed, "hafen") == HARBOUR
    assert (killed.inbox.staged(), killed.reading_in.interrupted()) == ((), "")


@pytest.mark.parametrize("meanwhile", ["more", "tidied"])
def test_what_was_approved_is_looked_at_again_when_it_changed(killed, site, meanwhile):
    """Nothing is read in that nobody has seen: there is a preview again."""
    if meanwhile == "more":
        hand_in(killed, ("neu.md", OTHER.replace("Kanal", "Markt")))
    else:
        with killed.store.writing():
            killed.store.tidy()
    killed.reading_in.resume()

    assert ended(killed).task == "check"
    assert "hafen" in killed.reading_in.preview().report.added
    assert killed.reading_in.preview().rows["hafen"].document.title == "Spielplatz am Bahnhof"
    assert len(killed.documents.rows()) == 2


def test_a_restart_in_between_asks_for_another_preview(desk, site, default_model):
    """What was shown is gone with the server that showed it."""
    desk.inbox.add_address(site.address)
    checked(desk)
    site.content = STATION
    again = opened(desk.store.folder, default_model)

    assert (again.reading_in.preview(), again.reading_in.interrupted()) == (None, "")
    with pytest.raises(EditingError, match="noch einmal"):
        again.reading_in.read()
    assert checked(again).rows["hafen"].document.title == "Spielplatz am Bahnhof"
    again.reading_in.read()
    done(again)
    assert original(again, "hafen") == STATION
