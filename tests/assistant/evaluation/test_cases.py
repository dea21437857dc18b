"""With the gate open every question has an answer, which says how sure it is."""

from assistant.evaluation.cases import cases
from assistant.types import Answer, Refusal, Segment
from corpus.types import Scope
from tests.assistant.evaluation.test_observe import quiet
from tests.assistant.evaluation.values import SENTENCES, make_item, make_unanswerable


class Gated:
    """Answers rightly; the question ends in its confidence, below 0 is a false premise."""

    def __init__(self, threshold=0.5):
        self.threshold = threshold

    def with_threshold(self, threshold):
        return Gated(threshold)

    def ask(self, question, history=(), scope=None):
        confidence = float(question.split()[-1])
        if confidence < self.threshold:
            refusal = Refusal("not_in_corpus", "Nichts da.")
            return Answer("refused", question, question, Scope(), refusal=refusal)
        segments = (Segment(SENTENCES[0], (), "verbatim"),)
        return Answer(
            *("answered", question, question, Scope()), segments=segments, confidence=confidence
        )

    def search(self, query, k=10, scope=None):
        return []


def test_confidence_is_that_of_the_open_gate():
    """What the gate would refuse is a case too; what no gate decides has no confidence."""
    asked = ["Frist? 0.62", "Frist? 0.03", "Frist? -1"]
    items = [make_item(f"a-{at}", question=question) for at, question in enumerate(asked)]

    assert [case.confidence for case in cases(Gated(), items, quiet)] == [0.62, 0.03, None]


def test_worth_of_an_answer():
    """An answer is worth its vital nuggets, nothing where there is no answer to be had."""
    right = make_item("a-1", question="0.5", paraphrases=["Frist? 0.4"])
    none = make_unanswerable(question="Frist? 0.3")

    found = cases(Gated(), [right, none], quiet)

    assert [(case.answerable, case.correct) for case in found] == [
        (True, 1.0),
        (True, 1.0),
        (False, 0.0),
    ]
