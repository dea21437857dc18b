"""What tests of an editor's desk share: files to hand in, and waiting for what was begun."""

import time
from pathlib import Path

from corpus.store import Store
from tests.conftest import ROOT
from ui.editing import Editing
from ui.web.documents.desk import Desk

TESTDOCS = ROOT / "tests" / "testdocs"
PDF = TESTDOCS / "w1_einspaltig.pdf"
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
    while desk.jobs.state().busy:
        assert time.monotonic() < end, "the change doesn't end"
        time.sleep(0.02)
    return desk.jobs.state()


def done(desk):
    """Wait for the change under way, which must succeed."""
    state = ended(desk)
    assert (state.phase, state.message) == ("done", "")
    return desk.jobs.done


def checked(desk):
    """Make the preview, and return it."""
    desk.reading_in.check()
    assert ended(desk).phase == "done"
    return desk.reading_in.preview()
