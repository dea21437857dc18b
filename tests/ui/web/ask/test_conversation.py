"""Between event and rendering: nothing from the browser is believed, nothing gets lost."""

import logging

import pytest

from assistant.types import Turn
from corpus.errors import QuestionError
from corpus.types import Scope
from tests.ui.conversations import asked as ask
from tests.ui.conversations import steps
from tests.ui.fake_service import EXAMPLES, FakeService
from ui.web.answer import render
from ui.web.ask import asking
from ui.web.ask import conversation as talk
from ui.web.ask.asking import ANYWHERE
from ui.web.ask.facets import read_address


@pytest.fixture
def service():
    """A fake service that keeps what it was asked."""
    return FakeService()


def test_an_answer_is_added_to_the_conversation(service):
    """The question goes to the service as it was typed."""
    after = ask(service, "Was ist ein Quartiersfonds?")

    assert service.questions == ["Was ist ein Quartiersfonds?"]
    assert after[-1].answer.status == "answered"


def test_the_history_goes_along_oldest_first(service):
    """Follow-ups see what was said; what failed was never said."""
    first = ask(service, "Was ist ein Quartiersfonds?")
    failed = ask(service, "Absturz", first)

    ask(service, "Und wer entscheidet?", failed)

    said = " ".join(segment.text for segment in first[0].answer.segments)
    assert service.histories[-1] == (Turn("user", first[0].question), Turn("assistant", said))


def test_the_history_is_bounded(service):
    """A long conversation sends its end only, from a question on."""
    conversation = ()
    for _ in range(talk.MAX_HISTORY):
        conversation = ask(service, "Quartiersfonds?", conversation)

    turns = talk.history(conversation)

    assert len(turns) == talk.MAX_HISTORY
    assert turns[0].role == "user"


def test_errors_of_ours_are_shown_as_they_are(service):
    """The German message of the service reaches the reader."""
    assert ask(service, "leer")[-1].error.startswith("Die Frage enthält nichts")


def test_unexpected_errors_tell_the_log_nothing_of_the_question(service, caplog):
    """The log has kind and place, never what was asked; the reader has a German message."""
    with caplog.at_level(logging.DEBUG):
        after = ask(service, "Absturz mit Aktenzeichen 4711")

    assert "RuntimeError" in caplog.text
    assert "4711" not in caplog.text
    assert "unerwarteter Fehler" in after[-1].error


def test_a_question_that_is_too_long_never_reaches_the_service(service):
    """It is refused before anything is embedded."""
    after = ask(service, "x" * 4001)

    assert service.questions == []
    assert after[-1].error == (
        "Die Frage hat 4001 Zeichen, erlaubt sind 4000. Bitte kürzen Sie sie."
    )


def test_a_conversation_ends_at_its_limit(service):
    """The reader is asked to begin anew."""
    after = ask(
        service, "Noch eine?", tuple(ask(service, "Quartiersfonds?")) * asking.MAX_EXCHANGES
    )

    assert "beginnen Sie ein neues" in after[-1].error


def test_limits_reach_the_service(service):
    """What is chosen limits the search to it, and stands beside the answer."""
    limits, _ = read_address({"werkstatt": "2"}, service.overview())
    after = ask(service, "Quartiersfonds?", limits=limits)

    assert service.scopes == [Scope(workshop=2)]
    assert after[-1].within == "Werkstatt 2"
    assert "nur in: Werkstatt 2" in render.conversation(after)


def test_the_steps_are_shown_one_after_the_other(service):
    """What is searched by number, then the choice of sentences, then the answer."""
    shown = [render.conversation(step) for step in steps(service, "Quartiersfonds?")]

    assert "Suche in 2 Unterlagen …" in shown[0]
    assert "Wähle Sätze aus …" in shown[1]
    assert "waiting" not in shown[-1]


def test_a_growing_answer_has_its_checked_sentences(service):
    """While a model writes, what stands is shown with its citations, and that it writes on."""
    shown = [render.conversation(step) for step in steps(service, "Langsam: Zustimmung?")]

    growing = next(step for step in shown if "growing" in step)
    assert "Das Sprachmodell formuliert …" in growing
    assert 'class="cite"' in growing
    assert "rating" not in growing


def test_closing_ends_the_work(service):
    """Whoever no longer wants an answer leaves no work behind."""
    working = steps(service, "Langsam, ohne Ende")
    while "Langsam, ohne Ende" not in service.working:
        next(working)
    working.close()

    assert service.working == []


def test_plain_language_is_asked_for_only_when_it_is_chosen(service):
    """The choice goes along with its question, and with no other."""
    ask(service, "Quartiersfonds?", plain=True)
    ask(service, "Quartiersfonds?")

    assert service.plain == [True, False]


def test_a_press_limits_and_lifts():
    """An option is chosen, chosen off again, and dropped by its chip; others are left alone."""
    service = FakeService()
    chosen, shown = talk.limited(service, ANYWHERE, "limit-0-1")
    assert chosen.words == "Werkstatt 2"
    assert "drop-werkstatt" in shown
    assert talk.limited(service, chosen, "limit-0-1")[0] == ANYWHERE
    assert talk.limited(service, chosen, "drop-werkstatt")[0] == ANYWHERE
    assert talk.limited(service, chosen, "limit-all")[0] == ANYWHERE
    for name in ("limit-9-0", "limit-0-99", "drop-ort", "drop-fremd", None, "x"):
        assert talk.limited(service, chosen, name)[0] == chosen


def test_words_go_back_into_the_box(service):
    """The last question, or what was searched; nothing for any other name."""
    conversation = ask(service, "Was ist ein Quartiersfonds?")

    assert talk.words_of(conversation, "edit-0") == "Was ist ein Quartiersfonds?"
    assert talk.words_of(conversation, "query-0") == conversation[0].answer.query
    for name in ("edit-1", "source-0-1", None):
        assert talk.words_of(conversation, name) == ""


def test_a_passage_nearby_opens_as_a_whole(service):
    """It is marked on its page, and can be turned; others are refused."""
    conversation = ask(service, "Brot?")

    shown = talk.source(service, conversation, "near-0-0")
    assert "/4.png" in shown
    assert 'id="nearshown-0-0"' in shown
    assert "/5.png" in talk.source(service, conversation, "nearpage-0-0-5")
    assert "lässt sich nicht öffnen" in talk.source(service, conversation, "near-0-9")


def test_a_pressed_citation_opens_its_source(service):
    """The panel shows the cited page; another page on request."""
    conversation = ask(service, "Was sagen die Werkstätten zum Wohnen?")

    assert "/4.png?" in talk.source(service, conversation, "source-0-2")
    assert "/3.png?" in talk.source(service, conversation, "open-0-1")
    assert "/7.png?" in talk.source(service, conversation, "page-0-1-7")


def test_the_first_source_opens_by_itself(service):
    """An answer comes with its first source; a refusal with none."""
    conversation = ask(service, "Was sagen die Werkstätten zum Wohnen?")

    assert "/3.png?" in talk.first_source(service, conversation)
    assert talk.first_source(service, ask(service, "Brot?", conversation)) == ""


@pytest.mark.parametrize(
    "name", [None, "", "source-5-1", "source-0-9", "page-0-1-9999", "javascript:alert(1)", {}]
)
def test_sources_of_no_answer_are_refused(service, name):
    """A name only selects among what this conversation cites."""
    conversation = ask(service, "Was ist ein Quartiersfonds?")

    shown = talk.source(service, conversation, name)

    assert "Die Quelle lässt sich nicht öffnen" in shown
    assert "<img" not in shown


def test_a_source_that_is_gone_says_so(service):
    """A document removed since then gives the service's message."""
    conversation = ask(service, "Was ist ein Quartiersfonds?")
    service.document = FakeService().document
    service._passages = {}

    assert "gibt es nicht mehr" in talk.source(service, conversation, "source-0-1")


def test_examples_and_suggestions_are_found_by_name(service):
    """A pressed name gives the question it stands for, and nothing else does."""
    conversation = ask(service, "Brot?")

    assert talk.question_of(service, conversation, "example-1") == EXAMPLES[1]
    assert talk.question_of(service, conversation, "ask-0-1").startswith("Was sagen")
    for name in ("example-99", "ask-0-9", "ask-7-0", "source-0-1", None):
        assert talk.question_of(service, conversation, name) == ""


def test_a_collection_that_cannot_be_opened_says_why(service):
    """The page stands, with the reason in place of the examples."""

    def fail():
        raise QuestionError("Die Sammlung ist beschädigt. Bitte „sozialraum doctor“ aufrufen.")

    service.overview = fail
    header, welcome, held = talk.collection(service)

    assert "nicht geöffnet" in header
    assert "beschädigt" in welcome
    assert held is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Was ist ein Quartiersfonds?", "Antwort mit einer Quelle liegt vor."),
        ("Was sagen sie zum Wohnen?", "Antwort mit 2 Quellen liegt vor."),
        ("Brot?", "Dazu gibt es keine Antwort."),
        ("Absturz", "Die Frage konnte nicht beantwortet werden."),
    ],
)
def test_the_end_of_a_search_is_announced(service, question, words):
    """A screen reader says in one sentence how it ended."""
    assert talk.announcement(ask(service, question)[-1]) == words
