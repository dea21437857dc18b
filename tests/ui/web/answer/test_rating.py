"""Rating an answer: what the reader sees, and what of it is stored."""

from datetime import date

import pytest

from assistant.evaluation.feedback import Feedback
from tests.ui import conversations
from tests.ui.fake_service import FakeService
from tests.ui.pages import Page, assert_safe
from ui.web import targets
from ui.web.answer import rating, render
from ui.web.answer.render import Exchange
from ui.web.ask import conversation as talk

FONDS = "Was ist ein Quartiersfonds?"


@pytest.fixture
def feedback(tmp_path):
    """A store of the test's own."""
    return Feedback(tmp_path / "feedback", "abc123", lambda: date(2026, 11, 23))


def asked(*questions):
    """Return the conversation of some questions."""
    conversation = ()
    for question in questions:
        conversation = conversations.asked(FakeService(), question, conversation)
    return conversation


def rate(feedback, conversation, exchange=0, choice="down", **given):
    """Press a button under an answer."""
    name = targets.rating(exchange, choice)
    return talk.rated(feedback, conversation, {"name": name, **given})


def shown(conversation):
    """Return the strict reader's view of a conversation that can be rated."""
    return assert_safe(render.conversation(conversation, rateable=True))


# What is seen


def test_every_answer_and_refusal_can_be_rated():
    """Older ones too; what failed or is still searched for can't."""
    conversation = (*asked(FONDS, "Brot?", "Absturz"), Exchange("Und nun?", stage="search"))

    ids = [e.attributes["id"] for e in shown(conversation).find("button", class_="thumb")]

    assert ids == ["rate-0-up", "rate-0-down", "rate-1-up", "rate-1-down"]


def test_without_a_store_there_is_nothing_to_press():
    """The page looks as if ratings didn't exist."""
    page = Page(render.conversation(asked(FONDS)))

    assert page.find("button", class_="thumb") == []
    assert "hilfreich" not in page.text


def test_a_rating_shows_and_can_be_taken_back(feedback):
    """The pressed button says so not by colour alone; „Zurücknehmen“ undoes it."""
    after, words = rate(feedback, asked(FONDS), choice="up")
    page = shown(after)

    assert words == "Danke. Ihre Bewertung ist gezählt."
    assert page.find("button", id="rate-0-up")[0].attributes["aria-pressed"] == "true"
    assert page.find("button", id="rate-0-back")[0].text == "Zurücknehmen"

    back, words = rate(feedback, after, choice="back")
    assert words == "Ihre Bewertung ist zurückgenommen."
    assert shown(back).find("button", id="rate-0-back") == []
    assert feedback.read().entries == ()


def test_the_forms_offer_all_reasons_and_nothing_is_ticked():
    """For refusals „zu Unrecht abgelehnt“ comes first; consent is never given in advance."""
    page = Page(rating.forms())
    answered, refused = (
        [e.attributes["value"] for e in page.find("input", type="radio")][n : n + 6] for n in (0, 6)
    )

    assert answered == list(rating.REASONS)
    assert refused[0] == "refused"
    assert sorted(refused) == sorted(answered)
    assert len(page.find("input", type="checkbox")) == 2
    assert not any("checked" in e.attributes for e in page.find("input"))
    assert "90 Tage" in page.text


# What is stored


def test_without_the_tick_neither_question_nor_remark_is_stored(feedback):
    """Whatever the browser sends along."""
    for keep in (None, False, "true", 1):
        rate(feedback, asked(FONDS), reason="wrong", keep=keep, remark="geheim")

    assert all(entry.kept is None for entry in feedback.read().entries)
    assert len(feedback.read().entries) == 4


def test_with_the_tick_question_answer_and_remark_are_stored(feedback):
    """With the settings, and whether it was a follow-up."""
    conversation = asked(FONDS, "Und wer entscheidet?")
    after, words = rate(feedback, conversation, 1, reason="unclear", keep=True, remark="Wie?")
    (entry,) = feedback.read().entries

    assert words == "Danke. Frage und Antwort sind gespeichert."
    assert (entry.reason, entry.kept.remark, entry.kept.settings) == ("unclear", "Wie?", "abc123")
    assert entry.kept.answer.question == "Und wer entscheidet?"
    assert entry.kept.follow_up
    assert after[1].rated == entry


def test_two_presses_store_one_rating(feedback):
    """Even when the second one doesn't know of the first."""
    conversation = asked(FONDS)
    rate(feedback, conversation, choice="up")
    rate(feedback, conversation, reason="wrong")

    assert [entry.rating for entry in feedback.read().entries] == ["down"]


def test_each_answer_has_a_rating_of_its_own(feedback):
    """Ratings don't replace each other, nor those of another visitor."""
    first, _ = rate(feedback, asked(FONDS, "Brot?"), 0, "up")
    rate(feedback, first, 1, reason="refused")
    rate(feedback, asked(FONDS), 0, "up")

    assert len(feedback.read().entries) == 3
    assert {e.status for e in feedback.read().entries} == {"answered", "refused"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": None},
        {"name": "rate-7-up"},
        {"name": "rate-0-sideways"},
        {"name": ["rate-0-up"]},
        {"name": "rate-1-up"},
    ],
)
def test_other_names_rate_nothing(feedback, given):
    """Neither answers that aren't there, nor one that failed."""
    conversation = asked(FONDS, "Absturz")

    assert talk.rated(feedback, conversation, given) == (conversation, "")
    assert feedback.read().entries == ()


@pytest.mark.parametrize("reason", [None, "", "böse", 7, ["wrong"]])
def test_a_bad_rating_needs_a_reason_that_is_offered(feedback, reason):
    """Else the answer says what is missing, and nothing is stored."""
    after, words = rate(feedback, asked(FONDS), reason=reason, keep=True)

    assert "Bitte wählen Sie einen Grund" in words
    assert words in shown(after).text
    assert feedback.read().entries == ()


def test_a_long_remark_is_cut(feedback):
    """The page allows no more; another sender gets no more either."""
    rate(feedback, asked(FONDS), reason="wrong", keep=True, remark="x" * 5000)

    assert len(feedback.read().entries[0].kept.remark) == 1000


def test_a_store_that_fails_is_told_under_the_answer(tmp_path):
    """With the remedy; the answer stays."""
    (tmp_path / "feedback").write_text("a file in its place")
    broken = Feedback(tmp_path / "feedback")

    after, words = rate(broken, asked(FONDS), choice="up")

    assert "Schreibrechte" in words
    assert "Schreibrechte" in shown(after).text
    assert after[0].answer is not None
