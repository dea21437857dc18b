"""A file that takes the parser with it costs only itself, and leaves no half document (D5, D7)."""

import os
import signal

import pytest

from corpus.generation import open_current
from corpus.store import Store
from ingest import isolation, pipeline
from ingest.isolation import Isolation
from ingest.pipeline import READING, ingest
from tests.conftest import quiet
from tests.untrusted.bombs import one_page, pdf, stream

GOOD = 99
SIGNALS = {
    signal.SIGSEGV: "ERR_FILE_CRASH",
    signal.SIGKILL: "ERR_FILE_CRASH",
    signal.SIGSTOP: "ERR_FILE_LIMIT",
}
PATIENCE_S = 3.0
THEMES = ("Park", "Hof", "Steg", "Turm", "Saal", "Markt", "Wall", "Teich", "Garten", "Brunnen")


@pytest.fixture
def watched(monkeypatch):
    """The run's own isolation, so that its worker can be killed, with little patience."""
    opened = []

    class Watched(Isolation):
        def __init__(self):
            super().__init__(PATIENCE_S)
            opened.append(self)

    monkeypatch.setattr(pipeline, "Isolation", Watched)
    monkeypatch.setattr(isolation, "MAX_PATIENCES", 2)
    return opened


@pytest.fixture
def store(tmp_path):
    """An empty data folder."""
    return Store(tmp_path / "daten")


def killer(opened, name, sent, page=1):
    """Return a progress that sends a signal to the worker when it is at a page of a file."""

    def progress(stage, done, total, item=""):
        if stage == READING and f": {name}, Seite {page}/" in item:
            os.kill(opened[-1].process.pid, sent)

    return progress


def write_good(folder, count=GOOD):
    """Write small documents, each with a sentence of its own."""
    folder.mkdir()
    for number in range(count):
        theme = THEMES[number % len(THEMES)]
        text = f"# Heft {number}\n\nDer {theme} Nummer {number} gehört allen, die hier wohnen.\n"
        (folder / f"heft-{number:02}.md").write_text(text, "utf-8")


def texts(store):
    """Return the texts of all passages that answer now."""
    generation = open_current(store)
    try:
        documents = generation.documents.values()
        return [p.text for d in documents for p in store.library.passages_of(d.key)]
    finally:
        generation.dense.close()


def pages(count, word):
    """Return a PDF whose pages each hold sentences with a word."""
    kids = b" ".join(b"%d 0 R" % (10 + 2 * n) for n in range(count))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    for n in range(count):
        line = b"BT /F1 12 Tf 72 %d Td (Auf Seite %d steht %s, was alle angeht.) Tj ET "
        text = b"".join(line % (700 - 20 * at, n + 1, word) for at in range(6))
        objects[10 + 2 * n] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (11 + 2 * n)
        )
        objects[11 + 2 * n] = stream(text)
    return pdf(objects)


@pytest.mark.parametrize("sent", SIGNALS, ids=lambda sent: sent.name)
def test_one_bad_file_among_a_hundred(sent, tmp_path, store, default_model, watched):
    """Whether the parser crashes, is killed for its memory or hangs: 99 are read, 1 is named."""
    folder = tmp_path / "unterlagen"
    write_good(folder)
    (folder / "heft-50a.pdf").write_bytes(pages(5, b"Sumpfdotterblume"))
    kill = killer(watched, "heft-50a.pdf", sent)
    report = ingest([folder], store, default_model, kill, dry_run=sent != signal.SIGSEGV)

    assert len(report.added) == GOOD
    assert [(r.file, r.code) for r in report.refused] == [
        (str(folder / "heft-50a.pdf"), SIGNALS[sent])
    ]
    assert "heft-50a.pdf" in report.refused[0].message
    if not report.dry_run:
        found = texts(store)
        assert len(found) >= GOOD
        assert not any("Sumpfdotterblume" in text for text in found)


def test_real_bombs_among_good_files(tmp_path, store, default_model):
    """Files that really crash the parser, by memory and by recursion, cost only themselves."""
    folder = tmp_path / "unterlagen"
    write_good(folder, 10)
    labels = {6: b"<< /Kids [6 0 R 6 0 R] /Limits [0 1] >>"}
    (folder / "a.pdf").write_bytes(one_page(root=b"/PageLabels 6 0 R", others=labels))
    form = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X1 6 0 R >> >>"
    )
    shown = stream(b"/X1 Do /X1 Do ")
    looped = {6: stream(b"/X1 Do /X1 Do ", form)}
    resources = b"/XObject << /X1 6 0 R >>"
    (folder / "heft-05a.pdf").write_bytes(one_page(shown, resources=resources, others=looped))
    report = ingest([folder], store, default_model, quiet, dry_run=True)

    assert len(report.added) == 10
    assert {r.file.rpartition("/")[2] for r in report.refused} == {"a.pdf", "heft-05a.pdf"}


@pytest.mark.parametrize("page", [1, 3, 5])
def test_document_that_fails_half_way_leaves_nothing(page, tmp_path, store, default_model, watched):
    """At whatever page it fails, not one word of it is in the library."""
    folder = tmp_path / "unterlagen"
    folder.mkdir()
    (folder / "heft.pdf").write_bytes(pages(5, b"Sumpfdotterblume"))
    kill = killer(watched, "heft.pdf", signal.SIGKILL, page)
    report = ingest([folder], store, default_model, kill, dry_run=True)

    assert [r.code for r in report.refused] == ["ERR_FILE_CRASH"]
    store.library.close()
    database = b"".join(path.read_bytes() for path in store.folder.glob("library.sqlite*"))
    assert b"Sumpfdotterblume" not in database
    assert not watched[0].folder.exists()


def test_former_version_stays_whole(tmp_path, store, default_model, watched):
    """A new version that fails at its third page leaves the old one, all of it, answering."""
    folder = tmp_path / "unterlagen"
    folder.mkdir()
    (folder / "heft.pdf").write_bytes(pages(5, b"Sumpfdotterblume"))
    first = ingest([folder], store, default_model, quiet)
    before = texts(store)
    (folder / "heft.pdf").write_bytes(pages(5, b"Ackerwinde"))
    kill = killer(watched, "heft.pdf", signal.SIGKILL, 3)
    second = ingest([folder], store, default_model, kill)

    assert (first.added, second.changes) == (("heft",), 0)
    assert [r.code for r in second.refused] == ["ERR_FILE_CRASH"]
    assert texts(store) == before
    assert all(f"Auf Seite {n} steht" in "\n".join(before) for n in range(1, 6))
    third = ingest([folder], store, default_model, quiet)
    assert third.changed == ("heft",)
    assert "Ackerwinde" in "\n".join(texts(store))
