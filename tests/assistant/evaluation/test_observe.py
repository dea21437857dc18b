"""Every wording is asked, with its history, and what came back is kept."""

import itertools

from assistant.evaluation.observe import REPEATS, SAMPLE, observe, wordings
from assistant.types import Answer, Refusal, Segment
from corpus.errors import QuestionError, UnknownItemError
from corpus.types import Hit, Scope
from tests.assistant.evaluation.values import make_item, raw_item
from tests.factories import make_passage

FOLLOW_UP = make_item(
    "folge-001",
    type="follow_up",
    question="Und wie lang?",
    paraphrases=["und wie lange"],
    history=[{"role": "user", "text": "Gibt es eine Frist?"}],
    standalone="Wie lang ist die Frist?",
)


class FakeAssistant:
    """Answers with the question, and notes what it was asked."""

    def __init__(self, texts=()):
        self.asked = []
        self.texts = itertools.cycle(texts) if texts else None

    def ask(self, question, history=(), scope=None):
        self.asked.append((question, [turn.text for turn in history]))
        text = next(self.texts) if self.texts else question
        return Answer(
            status="answered",
            question=question,
            query=f"{question}!",
            scope=Scope(workshop=3),
            segments=(Segment(text, (), "verbatim"),),
            timings_ms={"gesamt": float(len(self.asked))},
        )

    def search(self, query, k=10, scope=None):
        assert scope == Scope(workshop=3)
        return [
            Hit(make_passage(f"{query} {n}", ordinal=n, pages=(n,)), 1 / (n + 1), n + 1)
            for n in range(k)
        ]


def quiet(stage, done, total, item=""):
    """Progress that nobody watches."""


def test_wordings_of_a_follow_up():
    """Question and paraphrases go with the history, the standalone wording without it."""
    found = [(w.number, w.form, len(w.history)) for w in wordings(FOLLOW_UP)]

    assert found == [(0, "question", 1), (1, "paraphrase", 1), (2, "standalone", 0)]


def test_everything_is_asked_and_kept():
    """Each wording has an observation: answer, query, and the first twenty hits of its scope."""
    assistant = FakeAssistant()

    seen = observe(assistant, [FOLLOW_UP], quiet)

    assert [o.question for o in seen] == [
        "Und wie lang?",
        "und wie lange",
        "Wie lang ist die Frist?",
    ]
    assert assistant.asked[-1] == ("Wie lang ist die Frist?", [])
    assert ("und wie lange", ["Gibt es eine Frist?"]) in assistant.asked
    assert seen[0].query == "Und wie lang?!"
    assert len(seen[0].hits) == 20
    assert seen[0].hits[3].pages == (3,)
    assert seen[0].text == "Und wie lang?"


def test_progress_ends_with_all_done():
    """Progress counts the wordings, not the items."""
    steps = []

    observe(FakeAssistant(), [FOLLOW_UP], lambda stage, done, total: steps.append((done, total)))

    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_same_question_same_answer():
    """A sample is asked five times: times may differ, answers may not."""
    items = [make_item(f"a-{n}") for n in range(3 * SAMPLE)]

    steady = observe(FakeAssistant(), items, quiet)
    fickle = observe(FakeAssistant(texts=("eins", "zwei")), items, quiet)

    assert sum(o.repeats == REPEATS for o in steady) == SAMPLE
    assert all(o.stable for o in steady)
    assert {o.stable for o in fickle if o.repeats > 1} == {False}


def test_small_sets_are_sampled_whole():
    """A set smaller than the sample is asked repeatedly as a whole."""
    items = [make_item(f"a-{n}") for n in range(3)]

    assert [o.repeats for o in observe(FakeAssistant(), items, quiet)] == [REPEATS] * 3


def test_repeats_can_be_left_out():
    """With no sample every wording is asked once, after one to warm up."""
    assistant = FakeAssistant()

    seen = observe(assistant, [FOLLOW_UP], quiet, sample=0)

    assert len(assistant.asked) == 1 + len(seen)


def test_nothing_to_ask():
    """An empty set gives no observations."""
    assert observe(FakeAssistant(), [], quiet) == ()


def test_failed_question_is_an_observation():
    """A question that can't be processed is kept with its code; the others go on."""

    class Refusing(FakeAssistant):
        def ask(self, question, history=(), scope=None):
            if question == "?":
                raise QuestionError("Bitte stellen Sie eine Frage.")
            return super().ask(question, history, scope)

    items = [make_item("a-1", question="?"), make_item("a-2", question="Frist?")]
    failed, kept = observe(Refusing(), items, quiet)

    assert (failed.status, failed.reason) == ("error", "ERR_QUESTION")
    assert kept.status == "answered"


def test_refusal_keeps_reason_and_hint():
    """A refusal in a scope that isn't there has no hits, and keeps what it said."""

    class Lost(FakeAssistant):
        def ask(self, question, history=(), scope=None):
            refusal = Refusal("unknown_workshop", "Bitte eine andere nennen.")
            return Answer("refused", question, question, Scope(workshop=8), refusal=refusal)

        def search(self, query, k=10, scope=None):
            raise UnknownItemError("Zur Werkstatt 8 ist nichts eingelesen.")

    (seen, *_) = observe(Lost(), [make_item()], quiet)

    assert (seen.status, seen.reason) == ("refused", "unknown_workshop")
    assert seen.hint == "Bitte eine andere nennen."
    assert seen.hits == ()
    assert raw_item()["id"] == seen.item
