"""What a search can be limited to: offered, chosen, exact, and kept in the address."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QuestionError
from corpus.types import Scope, Workshop
from tests.ui.answers import make_document
from tests.ui.pages import Page, assert_safe
from tests.ui.payloads import PAYLOADS
from ui.service import Overview
from ui.web.ask import facets_view
from ui.web.ask.facets import FACETS, Limits, groups, read_address, scope_of

WORKSHOPS = (
    Workshop(1, "Ankommen", "Essen", "2017-03-15", "belegt"),
    Workshop(2, "Wohnen", "Essen", "2017-05-15", "angekündigt"),
    Workshop(3, "Sicherheit", "Bochum", "2017-09-05", "belegt"),
    Workshop(4),
)
DOCUMENTS = (
    make_document(id="heft-a", title="Gesundheit", category="Themenheft", date="2024-02"),
    make_document(id="heft-b", title="Ökonomie", category="Themenheft", date="2026-11"),
    make_document(id="bericht", title="Bericht", category="Werkstatt", workshop=3, date="2026"),
    make_document(id="katalog", title="Katalog", category="Katalog", date=""),
)
HELD = Overview(DOCUMENTS, WORKSHOPS, 10, "g-1", ())


def limits(**values):
    """Choose values by facet."""
    chosen, unknown = read_address(values, HELD)
    assert not unknown
    return chosen


def test_groups_offer_what_the_collection_holds():
    """Unknown workshops and the catalogue aren't offered; booklets stand among the themes."""
    offered = {group.name: [o.label for o in group.options] for group in groups(HELD)}

    assert offered == {
        "Werkstatt": ["Werkstatt 1: Ankommen", "Werkstatt 2: Wohnen", "Werkstatt 3: Sicherheit"],
        "Ort": ["Bochum", "Essen"],
        "Thema": ["Ankommen", "Wohnen", "Sicherheit", "Gesundheit", "Ökonomie"],
        "Art der Unterlage": ["Themenheft", "Werkstatt"],
        "Jahr": ["2026", "2024"],
    }


def test_a_group_with_nothing_to_choose_is_left_out():
    """One document and no workshops: there is nothing to limit."""
    assert groups(Overview(DOCUMENTS[:1], (), 3, "g", ())) == ()


@pytest.mark.parametrize(
    ("values", "scope"),
    [
        ({}, Scope()),
        ({"werkstatt": "3"}, Scope(workshop=3)),
        ({"ort": "Essen"}, Scope(workshops=(1, 2))),
        ({"ort": "Essen", "thema": "Wohnen"}, Scope(workshop=2)),
        ({"unterlage": "heft-a"}, Scope(document="heft-a")),
        ({"art": "Themenheft"}, Scope(documents=("heft-a", "heft-b"))),
        ({"art": "Themenheft", "jahr": "2026"}, Scope(document="heft-b")),
        ({"jahr": "2026", "werkstatt": "3"}, Scope(workshop=3, documents=("bericht", "heft-b"))),
    ],
)
def test_limits_become_exact_scopes(values, scope):
    """Towns and themes name workshops, kinds and years documents; all of them together hold."""
    assert scope_of(limits(**values), HELD) == scope


def test_a_choice_that_leaves_nothing_is_refused():
    """Limits that rule each other out give a message with a remedy."""
    both = limits(werkstatt="3").within(limits(ort="Essen").chosen[0])

    with pytest.raises(QuestionError, match="lassen Sie eine Einschränkung weg"):
        scope_of(both, HELD)


def test_an_address_brings_the_limits_back():
    """What is chosen survives the way through the address."""
    chosen = limits(ort="Bochum", art="Themenheft")

    assert read_address(dict(parse_qsl(urlsplit(chosen.address).query)), HELD) == (chosen, ())
    assert Limits().address == "/"


@pytest.mark.parametrize("facet", FACETS)
def test_unknown_values_are_named_and_left_out(facet):
    """A link from elsewhere never stops the page."""
    chosen, unknown = read_address({facet: "x" * 500, "fremd": "1"}, HELD)

    assert not chosen
    assert len(unknown) == 1
    assert facet in unknown[0]
    assert len(unknown[0]) < 250


@given(st.dictionaries(st.sampled_from([*FACETS, "frage", "x"]), st.text()))
def test_no_address_breaks_the_page(query):
    """Whatever an address holds, a scope or a message comes of it."""
    chosen, unknown = read_address(query, HELD)

    scope_of(chosen, HELD)
    assert len(unknown) + len(chosen.chosen) == len([f for f in FACETS if query.get(f)])


def test_theme_and_booklet_take_turns():
    """They are one group: the later choice replaces the earlier."""
    first = limits(thema="Wohnen")

    assert first.within(limits(unterlage="heft-a").chosen[0]).words == "Gesundheit"


def test_the_control_shows_what_is_chosen():
    """The line names the limits as chips; options that would leave nothing aren't offered."""
    page = assert_safe_choices(facets_view.control(limits(ort="Bochum"), HELD))

    assert "Bochum" in page.find("button", class_="chip")[0].text
    assert page.find("a", class_="address")[0].attributes["href"] == "/?ort=Bochum"
    assert not [b for b in page.find("button") if b.text == "Werkstatt 1: Ankommen"]
    pressed = [b for b in page.find("button") if b.attributes.get("aria-pressed") == "true"]
    assert [b.text for b in pressed] == ["Bochum"]


def test_without_a_collection_everything_is_searched():
    """Before the collection is open there is nothing to press."""
    page = assert_safe(facets_view.control(Limits(), None))

    assert page.text == "Suchen in: gesamte Sammlung"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_text(payload):
    """Titles, towns and kinds are text."""
    documents = tuple(make_document(id=id, title=payload, category=payload + id) for id in "ab")
    held = Overview(documents, (Workshop(1, payload, payload, "", "belegt"),), 2, "g", ())
    assert_safe_choices(facets_view.control(Limits(), held))


def assert_safe_choices(markup):
    """Check the control's markup: besides what answers have, parts that unfold and a link."""
    page = Page(markup)
    names = {element.name for element in page.elements}
    assert names <= {"div", "p", "span", "button", "ul", "li", "details", "summary", "a"}
    for element in page.elements:
        allowed = {"class", "id", "href", "role", "aria-pressed", "aria-label", "aria-labelledby"}
        assert set(element.attributes) <= allowed, element
    return page
