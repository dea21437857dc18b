"""Does a text make a statement, does it hold a quote? Words only, no model.

Both sides are normalised first, so that typography never decides: composed characters, one
kind of quotation mark and dash, no soft hyphens, no words broken at line ends, single spaces.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.evaluation.golden import Alternative, Match

ENOUGH = 0.5
"""Share of a quote's words that have to stand in a row in a text for it to hold the quote: the
rule of evaluation.md, 3.1. A quote that was cut in two when passages were made is then found
in the longer half."""
CACHED = 1 << 15

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_BROKEN = re.compile(r"(?<=\w)[-\u2010]\n\s*(?!(?:und|oder|bzw|sowie)\b)(?=[a-zäöüß])")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("„“”«»‟〝〞", '"'),
        **dict.fromkeys("‚‘’‛‹›", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|\d")


@lru_cache(CACHED)
def normal(text: str) -> str:
    """Return the text as it is compared: one line, capitals kept."""
    text = _BROKEN.sub("", _INVISIBLE.sub("", text))
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


@lru_cache(CACHED)
def words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, without capitals, signs and punctuation."""
    return tuple(_WORD.findall(normal(text).casefold()))


# -- quotes ---------------------------------------------------------------------------------


@lru_cache(CACHED)
def holds(text: str, quote: str, share: float = ENOUGH) -> bool:
    """Tell whether so much of the quote's words stands in the text, in one row.

    Equal to ``overlap(text, quote) >= share``, but without looking for the longest row.
    """
    asked, line = words(quote), _line(text)
    if not asked:
        return False
    needed = max(1, _ceil(share * len(asked)))
    return any(
        f" {' '.join(asked[at : at + needed])} " in line for at in range(len(asked) - needed + 1)
    )


def overlap(text: str, quote: str) -> float:
    """Return the longest row of words that both have, as a share of the quote's words."""
    asked, given = words(quote), words(text)
    if not asked:
        return 0.0
    matcher = SequenceMatcher(None, given, asked, autojunk=False)
    return matcher.find_longest_match().size / len(asked)


@lru_cache(CACHED)
def _line(text: str) -> str:
    return f" {' '.join(words(text))} "


def _ceil(value: float) -> int:
    # 0.3 * 10 is 3.0000000000000004 or so: rounding first keeps that a 3.
    return -int(-round(value, 9) // 1)


# -- nuggets --------------------------------------------------------------------------------


def matches(segments: Sequence[str], match: Match) -> bool:
    """Tell whether an answer makes the statement.

    Every alternative has to find one of its terms and no guard may occur. Without a window the
    whole answer counts; with one, all alternatives have to stand in one segment, within so
    many words.
    """
    whole = "\n".join(segments)
    if any(contains(whole, guard) for guard in match.none_of):
        return False
    if match.window is None:
        return all(any(contains(whole, t) for t in a.any_of) for a in match.all_of)
    return any(_within(segment, match.all_of, match.window) for segment in segments)


def mentions(segments: Sequence[str], match: Alternative) -> bool:
    """Tell whether an answer has one of the terms."""
    return any(contains("\n".join(segments), term) for term in match.any_of)


def contains(text: str, term: str) -> bool:
    """Tell whether a word of the text begins with the term, whatever its capitals.

    Endings may follow ("Problem" in "Probleme"), but a number has to be the whole number.
    """
    return _pattern(term).search(_folded(text)) is not None


@lru_cache(CACHED)
def _folded(text: str) -> str:
    return normal(text).casefold()


@lru_cache(CACHED)
def _pattern(term: str) -> re.Pattern[str]:
    term = _folded(term)
    before = after = ""
    if term[:1].isdigit():
        before = r"(?<![\d.,])"
    elif term[:1].isalpha():
        before = r"(?<!\w)"
    if term[-1:].isdigit():
        after = r"(?!\d|[.,]\d)"
    return re.compile(before + re.escape(term) + after)


def _within(segment: str, alternatives: Sequence[Alternative], window: int) -> bool:
    places = [_places(segment, alternative) for alternative in alternatives]
    if not all(places):
        return False
    starts = sorted(first for found in places for first, _ in found)
    return any(_reach(start, places) - start < window for start in starts)


def _reach(start: int, places: Sequence[Sequence[tuple[int, int]]]) -> float:
    """Return the last word needed to see every alternative from ``start`` on."""
    endless = float("inf")
    return max(min((e for s, e in found if s >= start), default=endless) for found in places)


def _places(text: str, alternative: Alternative) -> list[tuple[int, int]]:
    """Return first and last word of each occurrence, counted from 0."""
    folded = _folded(text)
    return [
        (folded.count(" ", 0, hit.start()), folded.count(" ", 0, hit.end()))
        for term in alternative.any_of
        for hit in _pattern(term).finditer(folded)
    ]
