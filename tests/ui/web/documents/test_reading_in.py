"""From the inbox into the collection, over the real pipeline, real files and real processes."""

import shutil
import subprocess
import sys
import threading
import time

import pytest

from ingest import pipeline
from tests.conftest import ROOT
from tests.ui.web.documents.desks import (
    FIRST,
    OTHER,
    PATIENCE_S,
    PDF,
    SECOND,
    TESTDOCS,
    checked,
    done,
    ended,
    hand_in,
    opened,
)
from ui.web.documents.inbox import InboxError
from ui.web.documents.jobs import EditingError

SCAN = TESTDOCS / "tricky" / "t09_scan_200dpi.pdf"
LOCKED = TESTDOCS / "tricky" / "t06_passwort_geheim.pdf"


def test_nothing_changes_before_it_is_asked_for(desk):
    """The preview names new and refused files with reasons; the collection is as it was."""
    before = desk.store.pointer()
    hand_in(desk, PDF, LOCKED)
    desk.reading_in.check()
    ended(desk)

    preview = desk.reading_in.preview()
    report = preview.report
    assert [preview.rows[id].document.title for id in report.added] == [
        "Werkstattreihe Sozialraum gestalten"
    ]
    assert [r.code for r in report.refused] == ["ERR_FILE_PASSWORD"]
    assert desk.store.pointer() == before
    assert len(desk.documents.rows()) == 2


def test_reading_in_does_what_the_preview_said(desk):
    """The new document answers, the inbox is empty, and its original lies with all others."""
    hand_in(desk, PDF)
    desk.reading_in.check()
    ended(desk)
    desk.reading_in.read()

    report = done(desk).report
    assert report.added == ("w1-einspaltig",)
    assert len(desk.documents.rows()) == 3
    assert desk.inbox.staged() == ()
    assert not desk.inbox.folder.exists()
    row = desk.documents.row("w1-einspaltig")
    assert desk.store.original(row.document.version).read_bytes() == PDF.read_bytes()


def test_a_new_version_shows_its_changes(desk):
    """What was uploaded before is known again by its name."""
    hand_in(desk, ("chronik.md", FIRST.replace("Nordstadt", "Südstadt")))
    desk.reading_in.check()
    ended(desk)
    desk.reading_in.read()
    done(desk)
    hand_in(desk, ("chronik.md", SECOND.replace("Nordstadt", "Südstadt")))
    desk.reading_in.check()
    ended(desk)

    preview = desk.reading_in.preview()
    (difference,) = preview.report.differences
    assert preview.report.changed == ("chronik",)
    assert [(c.kind, "mittwochs" in c.after) for c in difference.changes] == [("geändert", True)]
    desk.reading_in.read()
    assert done(desk).report.changed == ("chronik",)


def test_a_file_of_a_known_name_is_pointed_out(desk):
    """It comes from another place, so it doesn't take the other one's: the editor decides."""
    hand_in(desk, ("werkhaus.md", SECOND))
    desk.reading_in.check()
    ended(desk)

    preview = desk.reading_in.preview()
    (new,) = preview.report.added
    assert preview.namesakes[new].id == "werkhaus"


def test_a_preview_holds_only_for_what_it_saw(desk):
    """Another file, or another state of the collection, asks for another preview."""
    hand_in(desk, ("neu.md", OTHER.replace("Kanal", "Hafen")))
    desk.reading_in.check()
    ended(desk)
    hand_in(desk, ("mehr.md", OTHER.replace("Kanal", "Bahnhof")))

    assert desk.reading_in.preview() is None
    with pytest.raises(EditingError, match="inzwischen geändert"):
        desk.reading_in.read()


def test_nothing_to_read_is_said(desk):
    """Before anything starts."""
    with pytest.raises(InboxError, match="Im Eingang liegt nichts"):
        desk.reading_in.check()


def test_discarding_leaves_nothing(desk):
    """Neither files nor what was read of them for the preview."""
    hand_in(desk, PDF)
    desk.reading_in.check()
    ended(desk)
    desk.reading_in.discard()

    assert (desk.inbox.staged(), desk.reading_in.preview()) == ((), None)
    assert desk.store.library.readings_of("w1-einspaltig") == []
    kept = {path.name for path in desk.store.originals.iterdir()}
    assert kept == {row.document.version for row in desk.documents.rows()}


def test_one_change_at_a_time(desk, monkeypatch):
    """Whoever presses second is told; the inbox stays as it is meanwhile."""
    go = threading.Event()

    def slow(targets, store, model, progress, **_):
        go.wait(PATIENCE_S)
        raise EditingError("Ende der Probe")

    monkeypatch.setattr(pipeline, "ingest", slow)
    hand_in(desk, PDF)
    desk.reading_in.check()
    for act in (
        desk.reading_in.check,
        desk.reading_in.resume,
        desk.reading_in.discard,
        desk.changes.undo,
        lambda: desk.reading_in.drop("x"),
    ):
        with pytest.raises(EditingError):
            act()
    go.set()
    assert ended(desk).message == "Ende der Probe"
    assert desk.inbox.doing() == ""


def test_cancelling_leaves_the_collection_as_it_was(desk):
    """In the middle of a scan; the files stay, and what was read isn't read again."""
    before = desk.store.pointer()
    hand_in(desk, ("aa.md", OTHER.replace("Kanal", "Hafen")), SCAN)
    desk.reading_in.check()
    while desk.jobs.state().busy and "2 von 2" not in desk.jobs.state().item:
        time.sleep(0.01)
    desk.jobs.cancel()

    assert ended(desk).phase == "cancelled"
    assert desk.store.pointer() == before
    assert len(desk.inbox.staged()) == 2
    assert (desk.reading_in.interrupted(), desk.reading_in.preview()) == ("", None)
    assert desk.store.library.readings_of("aa")


def test_a_lock_held_by_the_command_line_is_named(desk, own_process_lock):
    """The message says what to do; afterwards it goes on."""
    hand_in(desk, ("neu.md", OTHER.replace("Kanal", "Hafen")))
    with own_process_lock(desk.store.folder):
        desk.reading_in.check()
        state = ended(desk)
        assert state.phase == "failed"
        assert "liest gerade ein anderer Vorgang" in state.message
        assert len(desk.inbox.staged()) == 1
    desk.reading_in.check()
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
    assert desk.reading_in.interrupted() == "read"
    assert len(desk.documents.rows()) == 2
    assert len(desk.inbox.staged()) == 2
    assert desk.store.library.readings_of("aa")
    desk.reading_in.resume()
    assert set(done(desk).report.added) == {"aa", "t09-scan-200dpi"}
    assert (desk.inbox.staged(), desk.reading_in.interrupted()) == ((), "")


_READS_AND_HANGS = """
import sys, time
from pathlib import Path
from corpus.store import Store
from ui.editing import Editing
from ui.local import model
from ui.web.documents.desk import Desk
from ui.web.documents.inbox import Basis

desk = Desk(Editing(Store(Path(sys.argv[1])), model(None)))
scan = Path(sys.argv[2])
for name, content in (("aa.md", b"# Hafen\\n\\nAm Hafen entsteht ein neuer Platz."),
                      (scan.name, scan.read_bytes())):
    arrival = desk.inbox.arrival(name, len(content))
    arrival.write(content)
    arrival.keep()
desk.reading_in._read(Basis(desk.store.pointer().current, desk.inbox.targets(), ()))
while "2 von 2" not in desk.jobs.state().item:
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
    desk.reading_in.check()
    state = ended(desk)

    assert state.phase == "failed"
    assert "unerwarteter Fehler" in state.message
    assert "4711" not in state.message + caplog.text


def test_an_empty_collection_is_no_fault(tmp_path, default_model):
    """There is nothing to list, to restore or to choose."""
    desk = opened(tmp_path, default_model)

    assert (desk.documents.rows(), desk.changes.restored(), desk.documents.workshops()) == (
        (),
        None,
        (),
    )
    hand_in(desk, ("neu.md", OTHER))
    desk.reading_in.check()
    ended(desk)
    desk.reading_in.read()
    assert done(desk).report.added == ("neu",)


def test_what_is_dropped_and_handed_in_anew_is_looked_at_anew(desk):
    """The name is the same, the content isn't."""
    hand_in(desk, ("neu.md", FIRST))
    checked(desk)
    desk.reading_in.drop("neu.md")
    hand_in(desk, ("neu.md", SECOND))

    assert desk.reading_in.preview() is None
    with pytest.raises(EditingError, match="noch einmal"):
        desk.reading_in.read()
