"""The scorer under test: nuggets must find their own answer and no other one.

Four checks over the reference answers: own answer 1, nothing 0, answers to other questions
about 0, own answer with other numbers 0 wherever a number is what counts.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.evaluation.golden import Item, Match, Nugget
from assistant.evaluation.groundedness import NUMBER_WORDS
from assistant.evaluation.lint import Finding
from assistant.evaluation.matching import matches, mentions

FOREIGN = 20
"""Answers to other questions that each item is tried on, spread evenly over the set."""
MAX_FOREIGN = 0.05
"""Mean share of an item's nuggets that other answers may satisfy."""

_OTHER_DIGIT = str.maketrans("0123456789", "5678901234")
_NUMBER_WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)


def self_test(items: Sequence[Item]) -> Iterator[Finding]:
    """Find the items whose matchers find too little or too much."""
    answered = [item for item in items if item.reference_answer and item.nuggets]
    for place, item in enumerate(answered):
        others = _others(answered, place)
        for message in (*_own(item), *_foreign(item, others), *_numbers(item)):
            yield Finding("self_test", item.id, message)


def foreign_share(item: Item, others: Sequence[Item]) -> float:
    """Return the mean share of the item's nuggets that the other items' answers satisfy."""
    hits = [
        matches([other.reference_answer or ""], nugget.match)
        for other in others
        for nugget in item.nuggets
    ]
    return sum(hits) / len(hits) if hits else 0.0


def changed_numbers(text: str) -> str:
    """Return the text with every number, in digits or as a word, another one.

    Digits move by five, for by one 2019 would become the 2020 beside it.
    """
    text = text.translate(_OTHER_DIGIT)
    return _NUMBER_WORD.sub(lambda found: _other_word(found[0]), text)


def is_numeric(match: Match) -> bool:
    """Tell whether a number is what counts: some alternative has only terms with a number."""
    return any(
        all(changed_numbers(term) != term for term in alternative.any_of)
        for alternative in match.all_of
    )


def _own(item: Item) -> Iterator[str]:
    own = item.reference_answer or ""
    quotes = {evidence.id: evidence.quote for evidence in item.evidence}
    for nugget in item.nuggets:
        if not matches([own], nugget.match):
            yield f"{nugget.id} findet sich nicht in der reference_answer."
        if matches([""], nugget.match):
            yield f"{nugget.id} findet sich in einer leeren Antwort."
        for id in nugget.evidence:
            if id in quotes and not matches([quotes[id]], nugget.match):
                yield f"{nugget.id} findet sich nicht im Zitat {id}."
    for forbidden in item.forbidden:
        if mentions([own], forbidden.match):
            yield f"{forbidden.id} findet sich in der reference_answer."


def _foreign(item: Item, others: Sequence[Item]) -> Iterator[str]:
    share = foreign_share(item, others)
    if share > MAX_FOREIGN:
        yield (
            f"Die Antworten auf {len(others)} andere Fragen erfüllen {share:.0%} der Aussagen. "
            "Bitte die Wörter in match enger fassen."
        )


def _numbers(item: Item) -> Iterator[str]:
    wrong = changed_numbers(item.reference_answer or "")
    numeric = [nugget for nugget in item.nuggets if is_numeric(nugget.match)]
    for nugget in numeric:
        if matches([wrong], nugget.match):
            yield f"{nugget.id} findet sich auch mit falschen Zahlen: {_terms(nugget)}."


def _others(answered: Sequence[Item], place: int) -> list[Item]:
    """Choose items that rest on other evidence: what says the same isn't foreign."""
    own = {evidence.quote for evidence in answered[place].evidence}
    after = [*answered[place + 1 :], *answered[:place]]
    foreign = [item for item in after if own.isdisjoint(e.quote for e in item.evidence)]
    step = max(1, len(foreign) // FOREIGN)
    return foreign[::step][:FOREIGN]


def _other_word(word: str) -> str:
    place = NUMBER_WORDS.index(word.lower())
    other = NUMBER_WORDS[(place + 1) % len(NUMBER_WORDS)]
    return other.capitalize() if word[0].isupper() else other


def _terms(nugget: Nugget) -> str:
    return ", ".join(t for alternative in nugget.match.all_of for t in alternative.any_of)
