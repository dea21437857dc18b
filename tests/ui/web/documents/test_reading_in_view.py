"""Handing in and the preview as HTML: what is told, and which ways on there are."""

from dataclasses import replace

from ingest.report import Duplicate, Note, Refused, Report
from tests.ui.web.documents.documents import DOCUMENT, previewed
from ui.web.documents import reading_in_view
from ui.web.documents.inbox import Staged


def test_a_preview_tells_all_kinds_of_findings():
    """New, changed, refused, doubled, unchanged, and notes without commands."""
    report = Report(
        added=("bericht",),
        unchanged=("alt",),
        refused=(Refused("/x/eingang/zu.pdf", "ERR_FILE_PASSWORD", "„zu.pdf“ ist geschützt."),),
        duplicates=(Duplicate("/x/eingang/dopp.pdf", "alt", "bytes"),),
        notes=(Note("/x/a.zip!//b/c.pdf", "Unsicher. „sozialraum documents report c“ zeigt es."),),
        dry_run=True,
    )
    shown = reading_in_view.preview(previewed(report, known={"alt": replace(DOCUMENT, id="alt")}))

    for part in ("Neu (1)", "Unverändert (1)", "Nicht lesbar (1)", "Schon vorhanden (1)"):
        assert part in shown
    assert "b/c.pdf in a.zip" in shown
    assert "/x/" not in shown
    assert "sozialraum documents" not in shown
    assert ">Einlesen</button>" in shown


def test_nothing_new_can_not_be_read_in():
    """There is only one way on."""
    shown = reading_in_view.preview(previewed(Report(unchanged=("bericht",), dry_run=True)))

    assert "nichts Neues" in shown
    assert ">Einlesen</button>" not in shown


def test_an_interrupted_run_is_told():
    """With both ways on."""
    shown = reading_in_view.inbox([Staged("a.pdf", 1)], "read", None, busy=False)

    assert "Ein Einlesen wurde unterbrochen" in shown
    assert "Fortsetzen" in shown
    assert "Verwerfen" in shown
