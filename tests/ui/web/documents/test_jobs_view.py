"""The change under way as HTML, and what has become of it."""

from dataclasses import replace

from ingest.report import Receipt, Report
from tests.ui.web.documents.documents import DOCUMENT
from ui.web.documents import jobs_view
from ui.web.documents import view as documents_view
from ui.web.documents.jobs import Done, State


def test_removing_names_the_document():
    """In the question and in what is told afterwards, with the receipt."""
    assert "„Bericht Nord“ entfernen?" in documents_view.removal(DOCUMENT, asks=True)
    receipt = Receipt(("bericht x",), "2026-11-23T10:00:00+00:00", 40, 1000, 7)
    report = Report(removed=("bericht",), receipt=receipt)
    done = Done(report, {"bericht": "Bericht Nord"}, "0123456789abcdef")
    shown = jobs_view.outcome(done, State("remove", "done"))

    assert "„Bericht Nord“ ist endgültig gelöscht" in shown
    assert 'href="/unterlagen/beleg/0123456789abcdef.txt"' in shown
    left = replace(report, receipt=replace(receipt, traces=("library.sqlite",)))
    assert "Reste gefunden" in jobs_view.outcome(
        replace(done, report=left), State("remove", "done")
    )


def test_progress_says_file_and_page():
    """And what is being done, in one bar."""
    state = State("read", "running", 1, "Einlesen der Dateien", 5, 9, "2 von 3: a.pdf, Seite 4/9")
    shown = jobs_view.progress(state)

    assert "2 von 3: a.pdf, Seite 4/9" in shown
    assert 'max="9"' in shown
    assert 'value="5"' in shown
    assert jobs_view.progress(State()) == ""
