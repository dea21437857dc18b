"""The rules of the golden set find their faults, and the set of the repository has none."""

from pathlib import Path

import pytest

from assistant.evaluation import lint
from assistant.evaluation.golden import GoldenSet
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.self_test import changed_numbers, foreign_share, is_numeric, self_test
from assistant.evaluation.source import GenerationSource
from corpus.generation import open_current
from corpus.store import Store
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    make_evidence,
    make_item,
    make_nugget,
    make_unanswerable,
)

GOLDEN = load_golden(Path(__file__).parents[2] / "golden")
ACTIVE = [item for item in GOLDEN.items if item.status == "active"]
BAD_SPLIT = {"dev": "test", "test": "dev"}


def rules(findings):
    """Return rule and item of each finding."""
    return [(finding.rule, finding.item) for finding in findings]


def test_repository_keeps_the_rules():
    """No rule that needs no collection finds anything in the set of the repository."""
    findings = [
        finding
        for rule in (lint.split, lint.twice, lint.answer, lint.privacy, self_test)
        for finding in rule(ACTIVE)
    ]

    assert not findings, findings


def test_repository_quotes_stand_in_the_collection(starter):
    """Every quote stands in the documents as they were read in, so nothing is quarantined."""
    source = GenerationSource(open_current(Store(starter)))

    findings = list(lint.quotes(ACTIVE, source))

    assert not findings, findings


def test_split_is_not_chosen():
    """An item in the other split is found."""
    item = make_item()

    assert not list(lint.split([item]))
    assert rules(lint.split([item.model_copy(update={"split": BAD_SPLIT[item.split]})])) == [
        ("split", item.id)
    ]


def test_no_question_is_asked_twice():
    """The same words in other capitals are the same question; after a history they aren't."""
    one = make_item("frist-001", question="Wie lang ist die Frist?")
    two = make_item("frist-002", paraphrases=["wie lang ist die  Frist?"])
    history = [{"role": "user", "text": "Es geht um den Bescheid."}]
    follow_up = make_item(
        "frist-003",
        type="follow_up",
        question="Wie lang ist die Frist?",
        history=history,
        standalone="Wie lang ist die Frist des Bescheids?",
    )

    assert rules(lint.twice([one, two])) == [("twice", "frist-002")]
    assert not list(lint.twice([one, follow_up]))


def test_ids_are_never_reused():
    """An id that vanished or asks another thing is found; a reworded question isn't."""
    before = GoldenSet((make_item("a-1"), make_item("a-2"), make_item("a-3")), {})
    reworded = make_item("a-1", question="Frist?", paraphrases=["Wie lang ist die Frist (a-1)?"])
    other = make_item("a-2", question="Wer entscheidet?", reference_answer="Der Beirat.")

    assert rules(lint.reused(before, GoldenSet((reworded, other), {}))) == [
        ("reuse", "a-2"),
        ("reuse", "a-3"),
    ]


@pytest.mark.parametrize(
    "item",
    [
        make_item(evidence=[make_evidence(grade=1)]),
        make_item(nuggets=[make_nugget(importance="okay")]),
        make_item(reference_answer=None),
        make_item(none_reason="outdated"),
        make_item(nuggets=[make_nugget(evidence=["e9"])]),
        make_item(nuggets=[make_nugget(), make_nugget()]),
        make_item(type="follow_up"),
        make_unanswerable(none_reason=None),
        make_unanswerable(none_hint=None),
        make_unanswerable(evidence=[make_evidence()]),
    ],
)
def test_answers_need_proof_and_refusals_reasons(item):
    """What is missing or too much for an answer, or for none, is found."""
    assert ("answer", item.id) in rules(lint.answer([item]))


def test_sound_items_pass():
    """An item with evidence and vital nugget, and one with a reason, have nothing to mend."""
    assert not list(lint.answer([make_item(), make_unanswerable()]))


def test_stale_quotes_are_quarantined():
    """A quote that isn't word for word in its document, or whose document is gone, is found."""
    source = FakeSource(heft=SENTENCES)
    changed = SENTENCES[0].replace("vier", "sechs")
    items = [
        make_item("a-1"),
        make_item("a-2", evidence=[make_evidence(quote=changed)]),
        make_item("a-3", evidence=[make_evidence(doc="fehlt")]),
    ]

    found = lint.quarantined(lint.quotes(items, source))

    assert found == ("a-2", "a-3")
    assert lint.stale_notice(found).startswith("golden set stale: 2 items.")
    assert lint.stale_notice(()) == ""


def test_quotes_survive_another_cut():
    """A quote that two passages share still stands in the document."""
    words = SENTENCES[0].split()
    source = FakeSource(heft=(" ".join(words[:6]), " ".join(words[6:])))

    assert not list(lint.quotes([make_item()], source))


@pytest.mark.parametrize(
    "text",
    [
        "Was hat Frau Meier beantragt?",
        "Bitte an k.schmidt@stadt.de antworten",
        "Anruf unter 0234 910-5555 möglich?",
        "Wie steht es um Az. 51-12/2016?",
    ],
)
def test_personal_data_is_found(text):
    """Names with titles, addresses, telephone and file numbers don't belong in a question."""
    assert rules(lint.privacy([make_item(question=text)])) == [("privacy", "frist-001")]
    assert rules(lint.privacy([make_item(paraphrases=[text])])) == [("privacy", "frist-001")]


@pytest.mark.parametrize("text", ["Was steht in § 13 SGB VIII?", "Lief es 2007 bis 2013?"])
def test_public_numbers_are_not_personal(text):
    """Paragraphs and years are no personal data."""
    assert not list(lint.privacy([make_item(question=text)]))


def test_matchers_must_find_their_own_answer():
    """A nugget that misses its reference answer or its quote is found."""
    missed = make_item(nuggets=[make_nugget(terms=["fünf Wochen"])])
    messages = [finding.message for finding in self_test([missed])]

    assert any("reference_answer" in message for message in messages)
    assert any("Zitat e1" in message for message in messages)


def test_forbidden_statements_are_not_in_the_answer():
    """A forbidden statement that the reference answer makes is found."""
    forbidden = [{"id": "f1", "text": "vier Wochen", "match": {"any_of": ["vier Wochen"]}}]

    assert rules(self_test([make_item(forbidden=forbidden)])) == [("self_test", "frist-001")]


def test_matchers_must_not_find_foreign_answers():
    """A nugget that any answer satisfies is found."""
    loose = make_item("lose-001", nuggets=[make_nugget(terms=["die"])])
    others = [
        make_item(f"a-{n}", evidence=[make_evidence(quote=f"Satz {n}: vier Wochen sind es.")])
        for n in range(5)
    ]

    assert foreign_share(loose, others) == 1.0
    assert foreign_share(make_item(), []) == 0.0
    assert ("self_test", "lose-001") in rules(self_test([loose, *others]))


def test_wrong_numbers_are_not_found():
    """Where a number counts, the same answer with other numbers must not satisfy the nugget."""
    strict = make_item()
    loose = make_item(nuggets=[make_nugget(terms=["vier Wochen", "sechs Wochen", "fünf Wochen"])])

    assert is_numeric(strict.nuggets[0].match)
    assert not list(self_test([strict]))
    assert rules(self_test([loose])) == [("self_test", "frist-001")]


def test_every_number_is_changed():
    """No number survives, and none becomes another one that stands beside it."""
    assert changed_numbers("Von 2019 auf 2020 stiegen zwei auf zwölf") != (
        "Von 2019 auf 2020 stiegen zwei auf zwölf"
    )
    assert {"2019", "2020", "zwei"}.isdisjoint(
        changed_numbers("Von 2019 auf 2020 stiegen elf").split()
    )
    assert changed_numbers("Zwei Dächer") == "Drei Dächer"
