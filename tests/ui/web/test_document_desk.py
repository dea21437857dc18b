"""What an editor does, over the real pipeline, real files and a data folder of the test's own."""

import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus.errors import CorrectionError, UnknownItemError
from corpus.store import Store
from ingest import pipeline
from tests.conftest import ROOT, quiet
from ui.editing import Editing
from ui.web.document_desk import Desk, for_page
from ui.web.inbox import InboxError
from ui.web.jobs import EditingError

TESTDOCS = ROOT / "tests" / "testdocs"
PDF = TESTDOCS / "w1_einspaltig.pdf"
SCAN = TESTDOCS / "tricky" / "t09_scan_200dpi.pdf"
LOCKED = TESTDOCS / "tricky" / "t06_passwort_geheim.pdf"
PATIENCE_S = 120.0
FIRST = """# Nachbarschaft in der Nordstadt

Der Nachbarschaftsverein betreibt seit dem Sommer ein offenes Werkhaus in der Nordstadt.

## Öffnungszeiten

Das Werkhaus ist dienstags und donnerstags von 15 bis 19 Uhr geöffnet.
"""
SECOND = FIRST.replace("dienstags und donnerstags", "mittwochs")
OTHER = """# Spielplatz am Kanal

Am Kanal entsteht nach der Beteiligung der Kinder ein Spielplatz mit Wasserlauf.
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, default_model):
    """A data folder into which two short texts were read."""
    folder = tmp_path_factory.mktemp("unterlagen")
    (folder / "werkhaus.md").write_text(FIRST, "utf-8")
    (folder / "spielplatz.md").write_text(OTHER, "utf-8")
    data = folder / "data"
    store = Store(data)
    pipeline.ingest([folder / "werkhaus.md", folder / "spielplatz.md"], store, default_model, quiet)
    store.library.close()
    return folder


@pytest.fixture
def desk(prepared, tmp_path, default_model):
    """The desk over a copy of that folder."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    return opened(tmp_path / "data", default_model)


def opened(data, model):
    """A desk over a data folder that may fetch from this machine, as a server opens it."""
    return Desk(Editing(Store(data), model, frozenset({"127.0.0.1"})))


def hand_in(desk, *files):
    """Put files, or a name with its text, into the inbox as an upload does."""
    for file in files:
        name, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file
        content = content if isinstance(content, bytes) else content.encode()
        arrival = desk.inbox.arrival(name, len(content))
        arrival.write(content)
        arrival.keep()


def ended(desk):
    """Wait for the change under way, and return how it ended."""
    end = time.monotonic() + PATIENCE_S
    while desk.state().busy:
        assert time.monotonic() < end, "the change doesn't end"
        time.sleep(0.02)
    return desk.state()


def done(desk):
    """Wait for the change under way, which must succeed."""
    state = ended(desk)
    assert (state.phase, state.message) == ("done", "")
    return desk.done


def titles(desk):
    """Return the titles of the collection."""
    return [row.document.title for row in desk.rows()]


# Looking


def test_rows_say_what_there_is(desk):
    """Title, state, size, quality and the day of reading in."""
    workhouse, playground = desk.rows()

    assert workhouse.document.title == "Nachbarschaft in der Nordstadt"
    assert (workhouse.condition, workhouse.light) == ("in Ordnung", "gut")
    assert (workhouse.pages, workhouse.passages) == (0, 2)
    assert len(workhouse.read) == 10
    assert playground.document.title == "Spielplatz am Kanal"


@pytest.mark.parametrize(
    ("search", "count"),
    [("", 2), ("NORDSTADT", 1), ("kanal spiel", 1), ("werkhaus.md", 1), ("fehlt", 0)],
)
def test_the_list_can_be_searched(desk, search, count):
    """By all of its words, in any case, in what the list shows."""
    assert len(desk.rows(search)) == count


def test_an_unknown_document_is_named_as_gone(desk):
    """It may have been removed elsewhere meanwhile."""
    with pytest.raises(UnknownItemError, match="nicht mehr"):
        desk.row("fehlt")


def test_findings_name_no_commands(desk):
    """The page has buttons for them."""
    text = "Das Dokument galt bis 3. März 2020. „sozialraum documents remove x“ entfernt es."

    assert for_page(text) == "Das Dokument galt bis 3. März 2020."
    assert all("sozialraum " not in f.text for row in desk.rows() for f in desk.findings(row))


# Reading in


def test_nothing_changes_before_it_is_asked_for(desk):
    """The preview names new and refused files with reasons; the collection is as it was."""
    before = desk.store.pointer()
    hand_in(desk, PDF, LOCKED)
    desk.check()
    ended(desk)

    preview = desk.preview()
    report = preview.report
    assert [preview.rows[id].document.title for id in report.added] == [
        "Werkstattreihe Sozialraum gestalten"
    ]
    assert [r.code for r in report.refused] == ["ERR_FILE_PASSWORD"]
    assert desk.store.pointer() == before
    assert len(desk.rows()) == 2


def test_reading_in_does_what_the_preview_said(desk):
    """The new document answers, the inbox is empty, and its original lies with all others."""
    hand_in(desk, PDF)
    desk.check()
    ended(desk)
    desk.read()

    report = done(desk).report
    assert report.added == ("w1-einspaltig",)
    assert len(desk.rows()) == 3
    assert desk.staged() == ()
    assert not desk.inbox.folder.exists()
    row = desk.row("w1-einspaltig")
    assert desk.store.original(row.document.version).read_bytes() == PDF.read_bytes()


def test_a_new_version_shows_its_changes(desk):
    """What was uploaded before is known again by its name."""
    hand_in(desk, ("chronik.md", FIRST.replace("Nordstadt", "Südstadt")))
    desk.check()
    ended(desk)
    desk.read()
    done(desk)
    hand_in(desk, ("chronik.md", SECOND.replace("Nordstadt", "Südstadt")))
    desk.check()
    ended(desk)

    preview = desk.preview()
    (difference,) = preview.report.differences
    assert preview.report.changed == ("chronik",)
    assert [(c.kind, "mittwochs" in c.after) for c in difference.changes] == [("geändert", True)]
    desk.read()
    assert done(desk).report.changed == ("chronik",)


def test_a_file_of_a_known_name_is_pointed_out(desk):
    """It comes from another place, so it doesn't take the other one's: the editor decides."""
    hand_in(desk, ("werkhaus.md", SECOND))
    desk.check()
    ended(desk)

    preview = desk.preview()
    (new,) = preview.report.added
    assert preview.namesakes[new].id == "werkhaus"


def test_a_preview_holds_only_for_what_it_saw(desk):
    """Another file, or another state of the collection, asks for another preview."""
    hand_in(desk, ("neu.md", OTHER.replace("Kanal", "Hafen")))
    desk.check()
    ended(desk)
    hand_in(desk, ("mehr.md", OTHER.replace("Kanal", "Bahnhof")))

    assert desk.preview() is None
    with pytest.raises(EditingError, match="inzwischen geändert"):
        desk.read()


def test_nothing_to_read_is_said(desk):
    """Before anything starts."""
    with pytest.raises(InboxError, match="Im Eingang liegt nichts"):
        desk.check()


def test_discarding_leaves_nothing(desk):
    """Neither files nor what was read of them for the preview."""
    hand_in(desk, PDF)
    desk.check()
    ended(desk)
    desk.discard()

    assert (desk.staged(), desk.preview()) == ((), None)
    assert desk.store.library.readings_of("w1-einspaltig") == []
    kept = {path.name for path in desk.store.originals.iterdir()}
    assert kept == {row.document.version for row in desk.rows()}


def test_one_change_at_a_time(desk, monkeypatch):
    """Whoever presses second is told; the inbox stays as it is meanwhile."""
    go = threading.Event()

    def slow(targets, store, model, progress, **_):
        go.wait(PATIENCE_S)
        raise EditingError("Ende der Probe")

    monkeypatch.setattr(pipeline, "ingest", slow)
    hand_in(desk, PDF)
    desk.check()
    for act in (desk.check, desk.resume, desk.discard, desk.undo, lambda: desk.drop("x")):
        with pytest.raises(EditingError):
            act()
    go.set()
    assert ended(desk).message == "Ende der Probe"
    assert desk.inbox.doing() == ""


def test_cancelling_leaves_the_collection_as_it_was(desk):
    """In the middle of a scan; the files stay, and what was read isn't read again."""
    before = desk.store.pointer()
    hand_in(desk, ("aa.md", OTHER.replace("Kanal", "Hafen")), SCAN)
    desk.check()
    while desk.state().busy and "2 von 2" not in desk.state().item:
        time.sleep(0.01)
    desk.cancel()

    assert ended(desk).phase == "cancelled"
    assert desk.store.pointer() == before
    assert len(desk.staged()) == 2
    assert (desk.interrupted(), desk.preview()) == ("", None)
    assert desk.store.library.readings_of("aa")


def test_a_lock_held_by_the_command_line_is_named(desk, own_process_lock):
    """The message says what to do; afterwards it goes on."""
    hand_in(desk, ("neu.md", OTHER.replace("Kanal", "Hafen")))
    with own_process_lock(desk.store.folder):
        desk.check()
        state = ended(desk)
        assert state.phase == "failed"
        assert "liest gerade ein anderer Vorgang" in state.message
        assert len(desk.staged()) == 1
    desk.check()
    assert ended(desk).phase == "done"


@pytest.fixture
def own_process_lock():
    """Holds the writer's lock of a folder in a process of its own."""
    from contextlib import contextmanager

    program = (
        "import sys; from pathlib import Path; from corpus.store import Store\n"
        "with Store(Path(sys.argv[1])).writing(): print('held', flush=True); sys.stdin.read()"
    )

    @contextmanager
    def held(folder):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        ) as process:
            try:
                assert process.stdout.readline() == "held\n"
                yield
            finally:
                process.stdin.close()

    return held


def test_a_killed_server_leaves_a_run_that_goes_on(prepared, tmp_path, default_model):
    """kill -9 while a scan is recognised: the collection answers, and the rest is resumed."""
    data = tmp_path / "data"
    shutil.copytree(prepared / "data", data)
    with subprocess.Popen(
        [sys.executable, "-c", _READS_AND_HANGS, str(data), str(SCAN)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "second file\n"
        process.kill()

    desk = opened(data, default_model)
    assert desk.interrupted() == "read"
    assert len(desk.rows()) == 2
    assert len(desk.staged()) == 2
    assert desk.store.library.readings_of("aa")
    desk.resume()
    assert set(done(desk).report.added) == {"aa", "t09-scan-200dpi"}
    assert (desk.staged(), desk.interrupted()) == ((), "")


_READS_AND_HANGS = """
import sys, time
from pathlib import Path
from corpus.store import Store
from ui.editing import Editing
from ui.local import model
from ui.web.document_desk import Desk
from ui.web.inbox import Basis

desk = Desk(Editing(Store(Path(sys.argv[1])), model(None)))
scan = Path(sys.argv[2])
for name, content in (("aa.md", b"# Hafen\\n\\nAm Hafen entsteht ein neuer Platz."),
                      (scan.name, scan.read_bytes())):
    arrival = desk.inbox.arrival(name, len(content))
    arrival.write(content)
    arrival.keep()
desk._read(Basis(desk.store.pointer().current, desk.inbox.targets(), ()))
while "2 von 2" not in desk.state().item:
    time.sleep(0.01)
print("second file", flush=True)
time.sleep(600)
"""


def test_an_unexpected_fault_says_nothing_of_a_document(desk, monkeypatch, caplog):
    """Kind and place alone go to the log and to the screen."""

    def broken(*_, **__):
        raise RuntimeError("Aktenzeichen 4711")

    monkeypatch.setattr(pipeline, "ingest", broken)
    hand_in(desk, PDF)
    desk.check()
    state = ended(desk)

    assert state.phase == "failed"
    assert "unerwarteter Fehler" in state.message
    assert "4711" not in state.message + caplog.text


# Addresses


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


HARBOUR = OTHER.replace("Kanal", "Hafen")
STATION = OTHER.replace("Kanal", "Bahnhof")


def checked(desk):
    """Make the preview, and return it."""
    desk.check()
    assert ended(desk).phase == "done"
    return desk.preview()


def original(desk, id):
    """Return the text of the file that a document was read from."""
    return desk.store.original(desk.row(id).document.version).read_text("utf-8")


def test_an_address_gives_what_the_preview_showed(desk, site):
    """It answers differently meanwhile: what was approved is read in, from the same address."""
    desk.inbox.add_address(site.address)
    assert checked(desk).report.added == ("hafen",)
    site.content = STATION
    desk.read()

    assert done(desk).report.added == ("hafen",)
    assert site.asked == 1
    assert original(desk, "hafen") == HARBOUR
    document = desk.row("hafen").document
    host = site.address.removesuffix("/texte/hafen.md")
    assert (document.source, document.collection) == (site.address, host)
    assert (document.file, document.title) == ("hafen.md", "Spielplatz am Hafen")
    assert desk.staged() == ()


def test_an_address_may_be_gone_before_it_is_read_in(desk, site):
    """The bytes lie in the data folder already."""
    desk.inbox.add_address(site.address)
    checked(desk)
    site.gone()
    desk.read()

    assert done(desk).report.added == ("hafen",)
    assert original(desk, "hafen") == HARBOUR


def test_what_an_address_refused_is_not_read_in_unseen(desk, site):
    """Nobody has looked at what lies there now; the report says what the preview said."""
    site.content = ""
    desk.inbox.add_address(site.address)
    hand_in(desk, ("neu.md", STATION))
    (told,) = checked(desk).report.refused
    site.content = HARBOUR
    desk.read()

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
    desk.read()
    done(desk)

    assert original(desk, "hafen") == HARBOUR


def test_a_new_answer_of_a_known_address_is_its_new_version(desk, site):
    """As before: what changes is shown, and that is what is read in."""
    for content in (HARBOUR, STATION):
        site.content = content
        desk.inbox.add_address(site.address)
        preview = checked(desk)
        site.content = "# Etwas anderes\n\nDas hat niemand gesehen."
        desk.read()
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
    assert desk.preview() is None
    with pytest.raises(EditingError, match="noch einmal"):
        desk.read()


def test_bytes_that_go_at_the_last_moment_stop_the_reading(desk, site):
    """Neither fetched again nor passed over: nothing changes, and the inbox stays."""
    before = desk.store.pointer()
    desk.inbox.add_address(site.address)
    basis = checked(desk).basis
    (desk.store.originals / basis.downloads[0].version).unlink()
    desk._read(basis)

    state = ended(desk)
    assert state.phase == "failed"
    assert f"Was {site.address} bei der Prüfung geliefert hat" in state.message
    assert desk.store.pointer() == before
    assert [entry.name for entry in desk.staged()] == [site.address]
    assert site.asked == 1


def test_what_is_dropped_and_handed_in_anew_is_looked_at_anew(desk):
    """The name is the same, the content isn't."""
    hand_in(desk, ("neu.md", HARBOUR))
    checked(desk)
    desk.drop("neu.md")
    hand_in(desk, ("neu.md", STATION))

    assert desk.preview() is None
    with pytest.raises(EditingError, match="noch einmal"):
        desk.read()


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
from ui.web.document_desk import Desk

def build(*_):
    print("building", flush=True)
    time.sleep(600)

pipeline.build = build
desk = Desk(Editing(Store(Path(sys.argv[1])), model(None), frozenset({"127.0.0.1"})))
desk.inbox.add_address(sys.argv[2])
desk.check()
while desk.state().busy:
    time.sleep(0.01)
desk.read()
time.sleep(600)
"""


def test_a_killed_server_leaves_what_was_approved(killed, site):
    """kill -9 while the new state is built: the same bytes are read in, whatever lies there."""
    assert killed.interrupted() == "read"
    assert len(killed.rows()) == 2
    killed.resume()

    assert done(killed).report.added == ("hafen",)
    assert site.asked == 1
    assert original(killed, "hafen") == HARBOUR
    assert (killed.staged(), killed.interrupted()) == ((), "")


@pytest.mark.parametrize("meanwhile", ["more", "tidied"])
def test_what_was_approved_is_looked_at_again_when_it_changed(killed, site, meanwhile):
    """Nothing is read in that nobody has seen: there is a preview again."""
    if meanwhile == "more":
        hand_in(killed, ("neu.md", OTHER.replace("Kanal", "Markt")))
    else:
        with killed.store.writing():
            killed.store.tidy()
    killed.resume()

    assert ended(killed).task == "check"
    assert "hafen" in killed.preview().report.added
    assert killed.preview().rows["hafen"].document.title == "Spielplatz am Bahnhof"
    assert len(killed.rows()) == 2


def test_a_restart_in_between_asks_for_another_preview(desk, site, default_model):
    """What was shown is gone with the server that showed it."""
    desk.inbox.add_address(site.address)
    checked(desk)
    site.content = STATION
    again = opened(desk.store.folder, default_model)

    assert (again.preview(), again.interrupted()) == (None, "")
    with pytest.raises(EditingError, match="noch einmal"):
        again.read()
    assert checked(again).rows["hafen"].document.title == "Spielplatz am Bahnhof"
    again.read()
    done(again)
    assert original(again, "hafen") == STATION


# Correcting


def test_a_correction_is_shown_before_it_is_saved(desk):
    """What was, what will be, and what follows."""
    given = {
        **desk.values("werkhaus"),
        "titel": "Werkhaus",
        "werkstatt": "3",
        "gueltig_bis": "2020",
    }
    correction = desk.correction("werkhaus", given)

    assert [(c.label, c.before, c.after) for c in correction.told] == [
        ("Titel", "Nachbarschaft in der Nordstadt", "Werkhaus"),
        ("Werkstatt", "keine Angabe", "3"),
        ("Gültig bis", "keine Angabe", "2020"),
    ]
    assert "Werkstatt 3" in correction.effects[0]
    desk.save(correction)
    done(desk)
    row = desk.row("werkhaus")
    assert (row.document.title, row.workshops, row.condition) == ("Werkhaus", (3,), "abgelaufen")
    assert row.light == "gut"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "nichts geändert"),
        ({"werkstatt": "zwölf"}, "keine Nummer"),
        ({"stand": "Mai 2018"}, "kein Datum"),
        ({"gueltig_bis": "2018-13"}, "kein Datum"),
        ({"gueltig_ab": "2020", "gueltig_bis": "2019"}, "liegt vor"),
        ({"ersetzt_durch": "werkhaus"}, "nicht selbst"),
        ({"titel": ""}, "nicht leeren"),
        ({"titel": "x" * 501}, "500 Zeichen"),
    ],
)
def test_what_makes_no_sense_is_not_saved(desk, change, message):
    """Each with a message that names it."""
    with pytest.raises(CorrectionError, match=message):
        desk.correction("werkhaus", {**desk.values("werkhaus"), **change})


def test_a_correction_of_a_changed_document_is_refused(desk):
    """Another tab was faster."""
    first, second = (
        desk.correction("werkhaus", {**desk.values("werkhaus"), "titel": title})
        for title in ("Eins", "Zwei")
    )
    desk.save(first)
    done(desk)

    with pytest.raises(EditingError, match="inzwischen geändert"):
        desk.save(second)
    assert "Eins" in titles(desk)


# Removing and going back


def test_removing_can_be_undone(desk):
    """With a receipt that promises no more than is true, and a word on what comes back."""
    desk.remove("werkhaus", purge=False)
    token = done(desk).receipt

    assert titles(desk) == ["Spielplatz am Kanal"]
    text = desk.receipt(token)
    assert "Nachbarschaft in der Nordstadt" in text
    assert "nicht endgültig gelöscht" in text
    assert desk.restored().back == ("Nachbarschaft in der Nordstadt",)
    desk.undo()
    assert done(desk).undone
    assert len(desk.rows()) == 2
    assert desk.restored().gone == ("Nachbarschaft in der Nordstadt",)


def test_a_purge_is_proven(desk):
    """The receipt names the search; no file of the data folder holds a sentence any more."""
    version = desk.row("werkhaus").document.version
    desk.remove("werkhaus", purge=True)
    finished = done(desk)

    assert finished.purged
    text = desk.receipt(finished.receipt)
    assert "nichts mehr gefunden" in text
    assert version in text
    assert desk.restored() is None
    needle = b"ein offenes Werkhaus in der Nordstadt"
    for path in desk.store.folder.rglob("*"):
        assert not path.is_file() or needle not in path.read_bytes(), path


def test_a_receipt_can_not_be_guessed(desk):
    """An unknown one is named as gone."""
    with pytest.raises(UnknownItemError, match="Beleg"):
        desk.receipt("0" * 16)


def test_an_empty_collection_is_no_fault(tmp_path, default_model):
    """There is nothing to list, to restore or to choose."""
    desk = Desk(Editing(Store(tmp_path), default_model))

    assert (desk.rows(), desk.restored(), desk.workshops()) == ((), None, ())
    hand_in(desk, ("neu.md", OTHER))
    desk.check()
    ended(desk)
    desk.read()
    assert done(desk).report.added == ("neu",)
