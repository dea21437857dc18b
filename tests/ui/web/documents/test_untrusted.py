"""Text of strangers stays text, in every part of the page „Unterlagen“."""

import re
from dataclasses import replace

import pytest

from ingest.difference import Change
from ingest.quality import Finding
from ingest.report import Difference, Duplicate, Note, Refused, Report
from tests.ui.pages import Page
from tests.ui.payloads import PAYLOADS
from tests.ui.web.documents.documents import DOCUMENT, ROW, previewed
from ui.web.documents import jobs_view, reading_in_view
from ui.web.documents import view as documents_view
from ui.web.documents.changes import Change as Statement
from ui.web.documents.changes import Correction, Restored
from ui.web.documents.inbox import Staged
from ui.web.documents.jobs import Done, State

ELEMENTS = {
    *("section", "article", "div", "h2", "h3", "h4", "p", "ul", "li", "span", "strong", "code"),
    *("table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "details", "summary"),
    *("button", "a", "progress", "br"),
}
ATTRIBUTES = {
    *("class", "id", "role", "tabindex", "scope", "aria-label", "href", "target", "rel"),
    *("download", "max", "value"),
}


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
        documents_view.listing([row], 1, payload),
        reading_in_view.preview(found),
        reading_in_view.inbox([Staged(payload, 3)], "", None, busy=False),
        jobs_view.progress(State("read", "running", 1, payload, 1, 2, payload)),
        jobs_view.progress(State("read", "failed", message=payload)),
        jobs_view.said(payload, wrong=True),
        documents_view.detail(row, [Finding("prüfen", payload)], payload),
        documents_view.correction(Correction(bad, {}, told, (payload,))),
        documents_view.removal(bad, asks=True),
        jobs_view.undo_line(Restored((payload,), (payload,), (payload,)), asks=True),
        jobs_view.outcome(Done(report, {"bericht": payload}, "x"), State("read", "done")),
    )
    for part in parts:
        page = Page(part)
        assert {element.name for element in page.elements} <= ELEMENTS
        for element in page.elements:
            assert set(element.attributes) <= ATTRIBUTES, element
            assert not re.search("[:?]|//", element.attributes.get("href", "")), element
