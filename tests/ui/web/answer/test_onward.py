"""What stands under an answer to go on from there."""

import pytest

from assistant.types import Nearby, Refusal
from tests.ui.answers import VERSION, make_answer
from tests.ui.pages import assert_safe
from tests.ui.payloads import PAYLOADS
from tests.ui.test_markup import seen
from ui.web.answer import onward
from ui.web.answer.render import Exchange, conversation

REFUSAL = Refusal("not_in_corpus", "Dazu steht nichts da.")


def make_nearby(why="nearest", **fields):
    """Return a section on printed page 3."""
    given = {
        "passage": "p9",
        "document": "heft",
        "version": VERSION,
        "title": "Themenheft Wohnen",
        "workshop": None,
        "section": ("Bestand", "Förderung"),
        "page_label": "3",
    }
    return Nearby(why, **{**given, **fields})


def rendered(answer):
    """Return the strict reader's view of one answer."""
    return assert_safe(conversation((Exchange("Wo?", answer),)))


def test_the_nearest_places_open_their_source():
    """On a refusal they are buttons; their names as plain text are left out then."""
    answer = make_answer(
        status="refused",
        refusal=REFUSAL,
        citations=(),
        suggestions=("Themenheft Wohnen › Förderung (S. 3)",),
        nearby=(make_nearby(),),
    )
    page = rendered(answer)

    (button,) = page.find("button", class_="near")
    assert (button.text, button.attributes["id"]) == ("Förderung", "near-0-0")
    assert page.text.count("Am nächsten kommen diese Stellen") == 1
    assert "Themenheft Wohnen · S.\xa03" in page.text


def test_whom_to_ask_is_quoted():
    """The words are those of the document, and lead to its page."""
    contact = make_nearby("contact", quote="Ansprechpartnerin: Frau Muster")
    page = rendered(make_answer(status="refused", refusal=REFUSAL, citations=(), nearby=(contact,)))

    assert "Wen Sie fragen können" in page.text
    assert page.find("blockquote")[0].text == "„Ansprechpartnerin: Frau Muster“"
    assert [b.attributes["id"] for b in page.find("button", class_="near")] == ["near-0-0"]


def test_an_answer_leads_on():
    """Sections around, and another workshop, which is named."""
    around = (make_nearby("after"), make_nearby("workshop", workshop=3, section=("Termin",)))
    page = rendered(make_answer("Ein Satz.", nearby=around))

    assert "Lesen Sie weiter" in page.text
    assert "Werkstatt 3 · Themenheft Wohnen" in page.text
    assert [b.text for b in page.find("button", class_="near")] == ["Förderung", "Termin"]


def test_only_the_last_question_can_be_changed():
    """Earlier answers can be copied; what followed rests on their questions."""
    answer = make_answer("Ein Satz.")
    page = assert_safe(conversation((Exchange("Eins?", answer), Exchange("Zwei?", answer))))

    ids = [b.attributes.get("id") for b in page.find("button", class_="act")]
    assert ids == ["again-1", "edit-1"]
    assert len(page.find("button", class_="copy")) == 2


def test_a_copy_has_question_sentences_and_numbered_sources():
    """Sentences of one source carry its number once; sources are named in full."""
    answer = make_answer("Eins.", "Zwei.", question="Wo?")

    assert onward.plain_text(answer) == (
        "Wo?\n\nEins. Zwei. [1]\n\nQuellen:\n"
        "[1] Dokumentation der dritten Werkstatt, S. 12\n"
        "Werkstatt 3: Sicherheit und Kriminalprävention · Eckdaten › Ort und Termin · S. 12"
    )


def test_a_copy_says_that_a_machine_wrote_it():
    """The label goes along."""
    answer = make_answer("Eins.", mode="generative")

    assert "Von einem Sprachmodell formuliert" in onward.plain_text(answer)


def test_a_citation_tells_where_it_leads():
    """Document, workshop, section and page stand ready for the small window."""
    (about,) = rendered(make_answer("Ein Satz.")).find("span", class_="about")

    assert about.text == (
        "Dokumentation der dritten Werkstatt"
        "Werkstatt 3: Sicherheit und Kriminalprävention · Eckdaten › Ort und Termin · S.\xa012"
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_text(payload):
    """Headings, titles, quotes and pages are text."""
    fields = {"title": payload, "section": (payload,), "page_label": payload, "quote": payload}
    near = tuple(make_nearby(why, **fields) for why in ("nearest", "after", "contact"))
    page = rendered(make_answer(payload, nearby=near, query=payload))

    assert page.text.count(seen(payload).split("\n")[0]) >= 3
