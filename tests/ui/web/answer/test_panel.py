"""The source panel: the right page, honestly marked, with its text beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import WordBox
from tests.ui.answers import (
    VERSION,
    make_citation,
    make_document,
    make_passage,
    make_source,
)
from tests.ui.pages import assert_safe
from tests.ui.payloads import PAYLOADS
from tests.ui.test_markup import any_text, seen
from ui.web.answer import panel


def shown(*parts, **fields):
    """Return the strict reader's view of a panel."""
    return assert_safe(panel.source(make_source(*parts, **fields)))


def test_the_image_asks_for_the_cited_page_and_the_passage_to_mark():
    """The address names document, version, physical page, passage and offsets."""
    image = shown().find("img")[0]

    assert image.attributes["src"] == (
        f"/seite/werkstatt-03/{VERSION}/13.png?passage=p1&von=0&bis=35"
    )
    assert "Seite 12" in image.attributes["alt"]
    assert "markiert" in image.attributes["alt"]


def test_what_has_become_of_the_document_is_said():
    """Whoever opens an old answer learns that there is a newer version; else nothing is said."""
    since = "Seither gibt es eine neuere Fassung dieser Unterlage."

    assert since in [p.text for p in shown(change=since).find("p")]
    assert not any("Seither" in p.text for p in shown().find("p"))


def test_odd_ids_stay_within_their_part_of_the_address():
    """An id with slashes or question marks can't change the route."""
    citation = make_citation(document="a/../b?c#d", passage="x&von=9")

    source = shown(citation).find("img")[0].attributes["src"]

    assert source.startswith("/seite/a%2F..%2Fb%3Fc%23d/")
    assert "passage=x%26von%3D9&von=0" in source


def test_a_quote_without_its_place_marks_nothing():
    """A quote that was only found on the page gets the page, and the words for it."""
    page = shown(make_citation(located="page"))

    assert "?" not in page.find("img")[0].attributes["src"]
    assert "Seite ohne genaue Stelle" in page.text


def test_a_document_without_pages_shows_its_text():
    """No image, no page buttons, but the passage and the original."""
    citation = make_citation(page_index=None, page_label="", located="document")

    page = shown(citation, make_document(page_labels=()), page=None)

    assert not page.find("img")
    assert not page.find("button")
    assert "Von dieser Unterlage gibt es kein Seitenbild." in page.text
    assert page.find("mark")[0].text == "Die Werkstatt fand in Bochum statt."
    assert page.find("a", target="_blank")[0].attributes["href"] == (
        f"/original/werkstatt-03/{VERSION}"
    )


def test_the_quote_is_marked_in_the_passage():
    """The passage stands there whole, the quote in a mark element."""
    page = shown()
    passage = page.find("div", class_="passage")[0]

    assert passage.text == "Text der StelleDie Werkstatt fand in Bochum statt. Sie begann früh."
    assert page.find("mark")[0].text == "Die Werkstatt fand in Bochum statt."


@given(any_text, any_text, any_text)
def test_any_passage_is_shown_whole(before, quote, after):
    """Offsets cut the text in three; nothing gets lost or turns into markup."""
    text = f"{before}{quote}{after}"
    citation = make_citation(start=len(before), end=len(before) + len(quote))

    page = shown(citation, passage=make_passage(text))

    assert page.find("mark")[0].text == seen(quote).replace("\n", "")
    assert page.find("div", class_="passage")[0].text.endswith(seen(text).replace("\n", ""))


def test_rows_that_the_quote_reaches_are_marked_in_a_table():
    """In a table whole rows are marked."""
    text = "Angebot\tPlätze\nSprachcafé\t35\nPatenschaft\t60"
    start = text.index("Sprachcafé")
    citation = make_citation(start=start, end=text.index("\nPaten"))

    page = shown(citation, passage=make_passage(text, kind="table"))

    assert [e.text for e in page.find("mark")] == ["Sprachcafé", "35"]
    assert [e.text for e in page.find("th")] == ["Angebot", "Plätze"]


def test_pages_can_be_turned_in_both_directions():
    """Buttons name the pages around."""
    ids = [e.attributes["id"] for e in shown().find("button", class_="turn")]

    assert ids == ["page-0-1-12", "page-0-1-14"]


@pytest.mark.parametrize(("page", "missing"), [(0, 0), (19, 1)])
def test_the_first_and_last_page_turn_only_one_way(page, missing):
    """At an end the button stays but leads nowhere."""
    buttons = shown(page=page).find("button", class_="turn")[:2]

    assert buttons[missing].attributes.get("aria-disabled") == "true"
    assert "id" not in buttons[missing].attributes
    assert "id" in buttons[1 - missing].attributes


def test_another_page_leads_back_to_the_quote():
    """On a page without the quote nothing is said to be marked, and one button leads back."""
    page = shown(page=15)

    assert "markiert" not in page.text + page.find("img")[0].attributes["alt"]
    assert page.find("button", id="page-0-1-13")[0].text == "Zur zitierten Stelle auf Seite 12"


def test_a_quote_over_two_pages_is_marked_on_both():
    """The second page of a quote shows it as well."""
    boxes = (WordBox(0, 3, 13, 0, 0, 1, 1), WordBox(30, 35, 14, 0, 0, 1, 1))

    page = shown(passage=make_passage(boxes=boxes), page=14)

    assert "Die zitierte Stelle ist auf der Seite markiert." in page.text


def test_printed_label_and_count_are_both_shown():
    """The page is named as printed, its position as counted."""
    assert "Seite 12 (14 von 20)" in shown().text
    assert "Seite 3 von 3" in shown(document=make_document(page_labels=tuple("123")), page=2).text


def test_the_original_opens_at_the_page():
    """Viewers count from 1."""
    link = shown().find("a", target="_blank")[0]

    assert link.attributes["href"] == f"/original/werkstatt-03/{VERSION}#page=14"


def test_state_and_origin_stand_beside_the_citation():
    """The reader sees how old the text is and that it is no original."""
    page = shown(make_citation(origin="Text dieses Projekts"))

    assert "Werkstatt · Stand November 2017" in page.text
    assert page.find("p", class_="origin")[0].text == "Herkunft: Text dieses Projekts"
    assert "Stand unbekannt" in shown(document=make_document(date="")).text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_a_document_are_shown_as_text(payload):
    """Titles, sections, labels and text of a hostile document act on nothing."""
    citation = make_citation(title=payload, section=(payload,), page_label=payload, origin=payload)
    document = make_document(title=payload, category=payload, page_labels=(payload,) * 20)
    passage = make_passage(payload, kind="table" if "\t" in payload else "text")

    page = shown(citation, document, passage)

    assert page.find("h2")[0].text == seen(payload)
    assert len(page.find("img")) == 1


@given(st.text())
def test_a_source_that_cannot_be_shown_says_why(message):
    """The reason stands in the panel."""
    page = assert_safe(panel.failure(message))

    assert page.text.endswith(seen(message).replace("\n", ""))
