"""The page „Unterlagen“ as HTML: what is told, and that text stays text."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Document, Extraction
from ingest.difference import Change
from ingest.quality import Finding
from ingest.report import Difference, Duplicate, Note, Receipt, Refused, Report
from tests.ui.pages import Page
from tests.ui.payloads import PAYLOADS
from ui.web import documents_view as view
from ui.web.document_desk import Change as Statement
from ui.web.document_desk import Correction, Done, Preview, Restored, Row
from ui.web.inbox import Basis, Staged
from ui.web.jobs import State

DOCUMENT = Document(
    *("bericht", "ab" * 32, "k", "bericht.pdf", "/x/bericht.pdf", "/x", "Bericht Nord"),
    page_labels=("1", "2"),
    extraction=Extraction(format="PDF"),
)
ELEMENTS = {
    *("section", "article", "div", "h2", "h3", "h4", "p", "ul", "li", "span", "strong", "code"),
    *("table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "details", "summary"),
    *("button", "a", "progress", "br"),
}
ATTRIBUTES = {
    *("class", "id", "role", "tabindex", "scope", "aria-label", "href", "target", "rel"),
    *("download", "max", "value"),
}
ROW = Row(DOCUMENT, "in Ordnung", "gut", (1, 2, 3, 5), 2, 1234, "2026-11-23")


def previewed(report, **fields):
    """A preview of one new document."""
    rows = {DOCUMENT.id: ROW}
    return replace(Preview(report, Basis("g", (), ()), rows, {}, {}), **fields)


def test_a_row_names_all_there_is():
    """With numbers and dates as people write them."""
    shown = view.listing([ROW], 1, "")

    for part in ("Bericht Nord", "in Ordnung", "gut gelesen", "1–3, 5", "2 Seiten"):
        assert part in shown
    assert "1.234 Textstellen" in shown
    assert "23.11.2026" in shown
    assert 'scope="row"' in shown


def test_states_are_told_in_words():
    """Colour alone says nothing."""
    for condition, light in (("abgelaufen", "prüfen"), ("ersetzt", "schlecht")):
        shown = view.listing([replace(ROW, condition=condition, light=light)], 1, "")
        assert condition in shown
    assert "schlecht gelesen" in shown


def test_an_empty_collection_and_an_empty_search_differ():
    """One says what to do, the other what was searched."""
    assert "noch leer" in view.listing([], 0, "")
    assert "<i>" not in view.listing([], 3, "<i>")
    assert "Keine Unterlage" in view.listing([], 3, "<i>")


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
    shown = view.preview(previewed(report, known={"alt": replace(DOCUMENT, id="alt")}))

    for part in ("Neu (1)", "Unverändert (1)", "Nicht lesbar (1)", "Schon vorhanden (1)"):
        assert part in shown
    assert "b/c.pdf in a.zip" in shown
    assert "/x/" not in shown
    assert "sozialraum documents" not in shown
    assert ">Einlesen</button>" in shown


def test_nothing_new_can_not_be_read_in():
    """There is only one way on."""
    shown = view.preview(previewed(Report(unchanged=("bericht",), dry_run=True)))

    assert "nichts Neues" in shown
    assert ">Einlesen</button>" not in shown


def test_an_interrupted_run_is_told():
    """With both ways on."""
    shown = view.inbox([Staged("a.pdf", 1)], "read", None, busy=False)

    assert "Ein Einlesen wurde unterbrochen" in shown
    assert "Fortsetzen" in shown
    assert "Verwerfen" in shown


def test_removing_names_the_document():
    """In the question and in what is told afterwards, with the receipt."""
    assert "„Bericht Nord“ entfernen?" in view.removal(DOCUMENT, asks=True)
    receipt = Receipt(("bericht x",), "2026-11-23T10:00:00+00:00", 40, 1000, 7)
    report = Report(removed=("bericht",), receipt=receipt)
    done = Done(report, {"bericht": "Bericht Nord"}, "0123456789abcdef", purged=True)
    shown = view.outcome(done, State("remove", "done"))

    assert "„Bericht Nord“ ist endgültig gelöscht" in shown
    assert 'href="/unterlagen/beleg/0123456789abcdef.txt"' in shown
    left = replace(report, receipt=replace(receipt, traces=("library.sqlite",)))
    assert "Reste gefunden" in view.outcome(replace(done, report=left), State("remove", "done"))


def test_progress_says_file_and_page():
    """And what is being done, in one bar."""
    state = State("read", "running", 1, "Einlesen der Dateien", 5, 9, "2 von 3: a.pdf, Seite 4/9")
    shown = view.progress(state)

    assert "2 von 3: a.pdf, Seite 4/9" in shown
    assert 'max="9"' in shown
    assert 'value="5"' in shown
    assert view.progress(State()) == ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_of_strangers_stays_text(payload):
    """Names, titles, quotes and messages, wherever the page shows them."""
    bad = replace(DOCUMENT, title=payload, file=payload, category=payload, origin=payload)
    row = replace(ROW, document=bad)
    change = Change("geändert", (payload,), payload, payload, 1)
    report = Report(
        added=("bericht",),
        changed=("bericht",),
        refused=(Refused(payload, "ERR", payload),),
        notes=(Note(payload, payload),),
        duplicates=(Duplicate(payload, payload, "text"),),
        differences=(Difference("bericht", (change,)),),
    )
    found = previewed(
        report, rows={"bericht": row}, known={"bericht": bad}, namesakes={"bericht": bad}
    )
    told = (Statement(payload, payload, payload),)
    parts = (
        view.listing([row], 1, payload),
        view.preview(found),
        view.inbox([Staged(payload, 3)], "", None, busy=False),
        view.progress(State("read", "running", 1, payload, 1, 2, payload)),
        view.progress(State("read", "failed", message=payload)),
        view.said(payload, wrong=True),
        view.detail(row, [Finding("prüfen", payload)], payload),
        view.correction(Correction(bad, {}, told, (payload,))),
        view.removal(bad, asks=True),
        view.undo_line(Restored((payload,), (payload,), (payload,)), asks=True),
        view.outcome(Done(report, {"bericht": payload}, "x"), State("read", "done")),
    )
    for part in parts:
        page = Page(part)
        assert {element.name for element in page.elements} <= ELEMENTS
        for element in page.elements:
            assert set(element.attributes) <= ATTRIBUTES, element
            assert not re.search("[:?]|//", element.attributes.get("href", "")), element


@given(st.one_of(st.text(max_size=40), st.integers(), st.none()))
def test_odd_presses_are_nothing(name):
    """The browser may send anything."""
    found = view.pressed(name)

    assert found is None or found.act


def test_presses_are_read_back():
    """By what they do, and on which entry."""
    key = view.key("bericht")

    assert view.pressed(f"show-{key}") == view.Press("show", key)
    assert view.pressed("read-documents") == view.Press("read", "")
    assert view.pressed("format-documents") is None
    assert f'id="show-{key}"' in view.listing([ROW], 1, "")
