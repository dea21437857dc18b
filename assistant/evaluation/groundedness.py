"""Is each segment carried by what it cites? Verbatim for quotes, four checks for written text.

The checks of written text: anchors, quotation marks, content words, polarity. Their thresholds
are the starting values of evaluation.md, 3.3 and **uncalibrated**: nobody has yet labelled
segments by hand to compare them with. So "none" means "look at it", never "invented".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.matching import contains, normal, words
from assistant.types import Segment, Support
from corpus.dates import MONTHS

CALIBRATED = False
FULL = 0.8
"""Share of a segment's content words that its source has, from which it counts as carried."""
PARTIAL = 0.5
WEIGHT: dict[Support, float] = {"verbatim": 1.0, "full": 1.0, "partial": 0.5, "none": 0.0}
WINDOW = 3
"""Sentences of a source that are read together."""
STEM = 5
"""Letters that two words share at the beginning, at least, to be forms of one another."""
ENDING = 3
"""Letters in which forms of a word may differ at the end."""
_FEWEST_LETTERS = 4

_SENTENCE = re.compile(r"(?<=[^\d\s][.!?:;])\s+|\n")
_QUOTED = re.compile(r'"([^"]{3,})"')
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_MONTHS = {month.lower(): number for number, month in enumerate(MONTHS, start=1)}
_MONTH_DATE = re.compile(rf"\b(\d{{1,2}})\. ({'|'.join(_MONTHS)}) (\d{{4}})\b")
NUMBER_WORDS = (
    *("zwei", "drei", "vier", "fünf", "sechs", "sieben"),
    *("acht", "neun", "zehn", "elf", "zwölf"),
)
"""From 2 on. "ein" is left out: it is an article far more often."""
_COUNTS = {word: str(number) for number, word in enumerate(NUMBER_WORDS, start=2)}
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)+")
_CUES = (
    re.compile(r"\b(?:nicht|kein\w*|nie|niemals|ohne|weder)\b"),
    re.compile(r"\b(?:nur|ausschließlich|lediglich)\b"),
    re.compile(r"\b(?:außer|ausgenommen)\b"),
    re.compile(r"\b(?:kann|können|darf|dürfen)\b"),
    re.compile(r"\b(?:muss|müssen|soll|sollen|sollte|sollten)\b"),
)
# Words of four letters or more that say nothing alone; the shorter ones never count.
_LIGHT = frozenset(
    (
        *("aber", "alle", "also", "auch", "beim", "dass", "denn", "dies", "diese", "diesem"),
        *("diesen", "dieser", "dieses", "durch", "eine", "einem", "einen", "einer", "eines"),
        *("etwa", "gegen", "haben", "hier", "ihre", "ihrem", "ihren", "ihrer", "kann", "können"),
        *("mehr", "nach", "oder", "sein", "seine", "sich", "sind", "sowie", "über", "unter"),
        *("waren", "wenn", "werden", "wird", "wurde", "wurden", "zwischen", "nicht"),
    )
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a segment is carried, and which of the checks it fails."""

    support: Support
    reasons: tuple[str, ...] = ()


def is_verbatim(segment: Segment, sources: Sequence[str]) -> bool:
    """Tell whether the segment stands word for word in one of the texts it cites."""
    text = normal(segment.text)
    return bool(text) and any(text in normal(source) for source in sources)


def judge(text: str, sources: Sequence[str]) -> Judgement:
    """Grade a written segment against the passages it cites. Pure words, no model."""
    if not sources:
        return Judgement("none", ("ohne Beleg",))
    whole = normal("\n".join(sources))
    reasons = []
    unknown = sorted(anchors(text) - anchors(whole))
    names = {word for name in _NAME.findall(normal(text)) for word in name.split()}
    unknown += sorted(name for name in names if not contains(whole, name))
    if unknown:
        reasons.append(f"nicht im Beleg: {', '.join(unknown)}")
    reasons += [
        f"kein wörtliches Zitat: {quote}"
        for quote in _QUOTED.findall(normal(text))
        if normal(quote) not in whole
    ]
    share, best = _best_window(text, sources)
    if reasons or share < PARTIAL:
        return Judgement("none", (*reasons, *_thin(share)))
    if cues(text) != cues(best):
        return Judgement("partial", ("Verneinung oder Verbindlichkeit weicht ab", *_thin(share)))
    return Judgement("full") if share >= FULL else Judgement("partial", _thin(share))


def anchors(text: str) -> frozenset[str]:
    """Return the dates and numbers of a text, in one notation.

    31.12.2025 equals 31. Dezember 2025, 1.000 equals 1000, vier equals 4.
    """
    low = normal(text).casefold()
    found = set()
    for pattern in (_DATE, _MONTH_DATE):
        for day, month, year in pattern.findall(low):
            found.add(f"{year}-{int(_MONTHS.get(month, month)):02}-{int(day):02}")
        low = pattern.sub(" ", low)
    numbers = {re.sub(r"[.](?=\d{3}(?:\D|$))", "", number) for number in _NUMBER.findall(low)}
    counts = {_COUNTS[word] for word in words(low) if word in _COUNTS}
    return frozenset(found | numbers | counts)


def cues(text: str) -> tuple[bool, ...]:
    """Return which kinds of negation, limit and obligation a text has."""
    low = normal(text).casefold()
    return tuple(pattern.search(low) is not None for pattern in _CUES)


def _best_window(text: str, sources: Sequence[str]) -> tuple[float, str]:
    """Return the largest share of content words in a few sentences, and the closest sentence."""
    asked = _content(text)
    best_share, best_sentence, closest = 0.0, "", -1.0
    for source in sources:
        sentences = [s for s in _SENTENCE.split(source) if s.strip()]
        for at, sentence in enumerate(sentences):
            window = _content(" ".join(sentences[at : at + WINDOW]))
            best_share = max(best_share, _covered(asked, window))
            alone = _covered(asked, _content(sentence))
            if alone > closest:
                closest, best_sentence = alone, sentence
    return best_share, best_sentence


def _content(text: str) -> list[str]:
    """Return the words that say something; numbers and months are anchors."""
    return [
        word
        for word in words(text)
        if len(word) >= _FEWEST_LETTERS
        and not word[0].isdigit()
        and word not in _LIGHT
        and word not in _MONTHS
    ]


def _covered(asked: Sequence[str], given: Sequence[str]) -> float:
    if not asked:
        return 1.0
    return sum(any(_same(word, other) for other in given) for word in asked) / len(asked)


def _same(word: str, other: str) -> bool:
    """Tell whether two words are forms of one, or one is a part of the other, a compound."""
    short, long = sorted((word, other), key=len)
    if len(short) >= STEM and short in long:
        return True
    shared = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    return shared >= min(STEM, len(short)) and len(long) - shared <= ENDING


def _thin(share: float) -> tuple[str, ...]:
    return () if share >= FULL else (f"nur {share:.0%} der Inhaltswörter im Beleg",)
