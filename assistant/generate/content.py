"""The words of a text that say something, and how many of them another text has."""

import re
from collections.abc import Iterable

from corpus.stopwords import STOP_WORDS

# Letters two words share at the beginning, at least, and as a share of the longer one, to be
# forms of one word: finanzi-eren, Finanzi-erung.
MIN_SHARED = 5
MIN_SHARE = 0.6
_FEWEST_LETTERS = 3
_WORD = re.compile(r"[^\W\d_]+")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
# Words that carry a sentence's grammar or its polarity, which has a check of its own.
_LIGHT = frozenset(
    "kann können konnte konnten könnte darf dürfen muss müssen musste mussten soll sollen sollte "
    "sollten wird werden wurde wurden worden nicht kein keine keinen keiner keines keinem ohne nur "
    "sowie dabei dafür dazu damit daher deshalb etwa rund sich sind waren gibt gab haben hatte "
    "hatten seit nach laut gilt gelten galt lassen lässt dort hier auch noch schon mehr eher jeder "
    "jede jedes jeweils".translate(_UMLAUTS).split()
)


def content(text: str) -> tuple[str, ...]:
    """Return the content words of a text in order, without capitals and umlauts."""
    words = (word.casefold() for word in _WORD.findall(text.replace("\u00ad", "")))
    kept = (w for w in words if len(w) >= _FEWEST_LETTERS and w not in STOP_WORDS)
    return tuple(word for word in map(fold, kept) if word not in _LIGHT)


def fold(word: str) -> str:
    """Return a word without capitals and umlauts, which change with its forms."""
    return word.casefold().translate(_UMLAUTS)


def covered(words: Iterable[str], given: Iterable[str]) -> float:
    """Return the share of the words that the given ones have in some form, 1 for no words."""
    words, given = tuple(words), frozenset(given)
    if not words:
        return 1.0
    return sum(word in given or any(akin(word, g) for g in given) for word in words) / len(words)


def akin(word: str, other: str) -> bool:
    """Tell whether two folded words are forms of one, or one is a part of the other, a compound."""
    short, long = sorted((word, other), key=len)
    if len(short) >= MIN_SHARED and short in long:
        return True
    shared = 0
    for a, b in zip(short, long, strict=False):
        if a != b:
            break
        shared += 1
    if len(short) < MIN_SHARED:
        return shared == len(short) and len(long) - shared <= 2
    return shared >= MIN_SHARED and shared >= MIN_SHARE * len(long)
