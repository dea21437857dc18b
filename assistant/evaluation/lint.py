"""Rules over the whole golden set that its schema can't say. No model, no index.

Each rule returns findings; what a rule needs is given to it, so an editor's draft can be
checked as well as the set in the repository.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.golden import GoldenSet, Item, split_of
from assistant.evaluation.matching import holds, normal, overlap
from assistant.evaluation.source import Source

Rule = Literal["split", "reuse", "twice", "answer", "quote", "privacy", "self_test", "balance"]
QUOTE_WORDS = (8, 40)
"""A quote of fewer words is checked by eye: it must be a whole sentence, item or row."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one item, or with the set where ``item`` is empty. In German."""

    rule: Rule
    item: str
    message: str


def split(items: Iterable[Item]) -> Iterator[Finding]:
    """The split follows from the id."""
    for item in items:
        if item.split != split_of(item.id):
            yield Finding(
                "split", item.id, f"Aus der Kennung folgt split: {split_of(item.id)}. Bitte ändern."
            )


def twice(items: Iterable[Item]) -> Iterator[Finding]:
    """No question is asked twice; follow-ups mean another thing after each history."""
    asked: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if not item.history:
            for text in (item.question, *item.paraphrases):
                asked[normal(text).casefold()].append(item.id)
    for text, ids in asked.items():
        if len(ids) > 1:
            others = ", ".join(ids[:-1])
            yield Finding("twice", ids[-1], f"„{text}“ wird schon gefragt in {others}.")


def reused(before: GoldenSet, now: GoldenSet) -> Iterator[Finding]:
    """An id stays with its question for ever: it neither vanishes nor asks another thing."""
    known = {item.id: item for item in now.items}
    for old in before.items:
        new = known.get(old.id)
        if new is None:
            message = "Die Kennung ist verschwunden. Bitte status: retired setzen, nicht löschen."
            yield Finding("reuse", old.id, message)
        elif not (
            {old.question, *old.paraphrases, old.reference_answer}
            & {new.question, *new.paraphrases, new.reference_answer} - {None}
        ):
            message = "Unter der Kennung steht eine andere Frage. Bitte eine neue Kennung nehmen."
            yield Finding("reuse", old.id, message)


def answer(items: Iterable[Item]) -> Iterator[Finding]:
    """Whoever can be answered says with what; whoever can't says why."""
    for item in items:
        for message in _answer_faults(item):
            yield Finding("answer", item.id, message)


def _answer_faults(item: Item) -> Iterator[str]:
    if item.answerable == "none":
        if item.none_reason is None or item.none_hint is None:
            yield "Ohne Antwort braucht es none_reason und none_hint."
        if item.evidence or item.nuggets or item.reference_answer:
            yield "Ohne Antwort gibt es weder evidence noch nuggets noch reference_answer."
    else:
        if not any(evidence.grade == 2 for evidence in item.evidence):
            yield "Es fehlt ein Beleg, der antwortet (evidence mit grade: 2)."
        if not item.vital:
            yield "Es fehlt eine Aussage, die nicht fehlen darf (nugget mit importance: vital)."
        if item.reference_answer is None:
            yield "Es fehlt die reference_answer."
        if item.none_reason is not None:
            yield "Was beantwortet werden kann, hat keinen none_reason."
    if (item.type == "follow_up") != bool(item.history and item.standalone):
        yield "Folgefragen (und nur sie) haben history und standalone."
    ids = [
        *(evidence.id for evidence in item.evidence),
        *(nugget.id for nugget in item.nuggets),
        *(forbidden.id for forbidden in item.forbidden),
    ]
    yield from (f"„{id}“ gibt es zweimal." for id, n in Counter(ids).items() if n > 1)
    known = {evidence.id for evidence in item.evidence}
    for nugget in item.nuggets:
        for id in nugget.evidence:
            if id not in known:
                yield f"{nugget.id} beruft sich auf „{id}“, das es nicht gibt."


def quotes(items: Iterable[Item], source: Source) -> Iterator[Finding]:
    """Every quote stands, word for word, in the current text of its document."""
    texts = {id: source.text(id) for id in source.documents}
    for item in items:
        for evidence in item.evidence:
            if evidence.doc not in texts:
                message = f"{evidence.id}: Ein Dokument „{evidence.doc}“ ist nicht eingelesen."
                yield Finding("quote", item.id, message)
            elif not holds(texts[evidence.doc], evidence.quote, share=1.0):
                share = overlap(texts[evidence.doc], evidence.quote)
                yield Finding(
                    "quote",
                    item.id,
                    f"{evidence.id}: Das Zitat steht nicht mehr in „{evidence.doc}“; am Stück "
                    f"gefunden sind {share:.0%} seiner Wörter: „{evidence.quote}“.",
                )


def quarantined(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the ids of items whose evidence is gone: they aren't scored, and are reported."""
    return tuple(sorted({finding.item for finding in findings if finding.rule == "quote"}))


def stale_notice(ids: Sequence[str]) -> str:
    """Say in German how much of the set is out of date; empty when nothing is."""
    if not ids:
        return ""
    count = f"{len(ids)} Frage wird" if len(ids) == 1 else f"{len(ids)} Fragen werden"
    return (
        f"golden set stale: {len(ids)} items. {count} nicht gewertet, weil ein Zitat nicht mehr "
        f"in der Sammlung steht: {', '.join(ids)}."
    )


# Forms that reach a person. Public places are full of titles and numbers, so only what points
# at one person counts.
_PRIVATE = {
    "eine E-Mail-Adresse": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE),
    "eine Telefonnummer": re.compile(r"(?<![\w.])(?:\+49|0)[ \d/()-]{7,}\d"),
    "einen Personennamen": re.compile(r"\b(?:Herrn?|Frau|Dr\.|Prof\.) [A-ZÄÖÜ][a-zäöüß]+"),
    "ein Aktenzeichen": re.compile(r"\b(?:Az\.?|Aktenzeichen):? ?[A-Z0-9][\w./ -]*\d"),
}


def privacy(items: Iterable[Item]) -> Iterator[Finding]:
    """No question names a private person."""
    for item in items:
        turns = [turn.text for turn in item.history]
        for text in (item.question, *item.paraphrases, *turns, item.standalone or ""):
            for what, pattern in _PRIVATE.items():
                if found := pattern.search(text):
                    message = f"Der Text enthält wohl {what}: „{found[0]}“. Bitte herausnehmen."
                    yield Finding("privacy", item.id, message)
