"""What the collection holds, in words."""

import pytest

from corpus.types import Workshop
from tests.ui.answers import make_citation, make_document
from tests.ui.pages import Page, assert_safe
from tests.ui.payloads import PAYLOADS
from ui import wording
from ui.access.person import Person
from ui.access.roles import Role
from ui.service import Overview
from ui.web import overview


def make_overview(documents=(), workshops=(), examples=()):
    """Return an overview."""
    return Overview(tuple(documents), tuple(workshops), 10, "g-1", tuple(examples))


def test_the_header_counts_documents_and_known_workshops():
    """Known is a workshop that the catalogue or a document speaks of."""
    workshops = (Workshop(1, status="belegt"), Workshop(2, status="angekündigt"), Workshop(3))
    documents = (make_document(workshop=3), make_document(date="2026-11"))

    words = overview.holdings(make_overview(documents, (*workshops, Workshop(4))))

    assert words == "2 Unterlagen, 3 von 4 Werkstätten, Stand November 2026"


def test_a_small_collection_is_described_in_good_german():
    """One document is singular; without workshops and dates nothing is said of them."""
    assert overview.holdings(make_overview([make_document(date="")])) == "1 Unterlage"


def test_an_empty_collection_says_how_to_fill_it():
    """The empty state names the command."""
    page = assert_safe(overview.welcome(make_overview()))

    assert "Die Sammlung ist leer" in page.text
    assert page.find("code")[0].text == "sozialraum ingest ORDNER"


def test_examples_are_buttons():
    """Each example question can be pressed."""
    page = assert_safe(overview.welcome(make_overview([make_document()], (), ("Wer?", "Wo?"))))

    assert [(e.text, e.attributes["id"]) for e in page.find("button")] == [
        ("Wer?", "example-0"),
        ("Wo?", "example-1"),
    ]


def test_before_the_collection_is_open_there_are_no_examples():
    """The page can be shown before anything is loaded."""
    assert not assert_safe(overview.welcome(None)).find("button")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_text(payload):
    """Examples, errors and announcements are text."""
    assert_safe(overview.welcome(make_overview([make_document()], (), (payload,))))
    assert_safe(overview.failure(payload))
    assert_safe(overview.announcement(payload))
    assert_safe(overview.header(payload))


def test_a_chapter_that_names_the_workshop_is_not_named_twice():
    """„3. Werkstatt: …“ as first heading repeats the workshop; other headings stay."""
    theme = "Sicherheit und Kriminalprävention"
    citation = make_citation(section=(f"3. Werkstatt: {theme}", "Eckdaten"))

    assert wording.where(citation) == f"Werkstatt 3: {theme} · Eckdaten · S.\xa012"


def test_pages_without_a_label_are_counted():
    """A page without a printed number has its position."""
    assert wording.page_label(make_document(page_labels=("", "ii")), 0) == "1"
    assert wording.page_label(make_document(page_labels=("", "ii")), 1) == "ii"


@pytest.mark.parametrize(
    ("identity", "leads"), [("passwort:Rita", True), ("haus:17", False), ("", False)]
)
def test_the_name_leads_to_the_password_where_it_is_kept_here(identity, leads):
    """Whoever came through the house has none here."""
    page = Page(overview.ways((), Person("Rita", Role.READER, identity)))
    hrefs = [link.attributes.get("href") for link in page.find("a")]

    assert ("/passwort" in hrefs) == leads
    assert "/abmelden" in hrefs
    assert "Rita" in page.text
