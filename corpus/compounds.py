"""German compounds -> parts, by the words of a collection. Pure, no dictionary.

A compound falls apart where its parts are words of the collection in their own right and
commoner than the whole: "Bewohnerbeteiligung" -> bewohner, beteiligung. Measured over six
German query sets, splitting was worth +0.018 MRR@10 [+0.011, +0.026] over lemma and stem, and
as good as a packaged splitter with its own word list (0.543 against 0.542 on average).
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

MIN_PART = 4
"""Letters. Three lets "bau" and "rat" through, and with them "tor" and "ort" in every word."""
MIN_FREQUENCY = 2
"""Texts a part must occur in by itself; one is too often a slip or a break at a line's end."""
MAX_PARTS = 4
MAX_WORD = 80
"""Letters; the longest word in use has 63 to 79. The search takes quadratic time."""
LINKS = ("", "s", "es", "n", "en", "er", "e", "ens")
"""What may stand between two parts ("Quartier-s-management")."""


class _Best(NamedTuple):
    score: float
    """Sum of the logarithms of the parts' frequencies."""
    parts: tuple[str, ...]


class Splitter:
    """Splits by how many texts each word stands in by itself."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        """Take the texts per word; words are lower case, inflected forms beside base forms."""
        self._frequency = frequency

    def split(self, word: str) -> tuple[str, ...]:
        """Return the parts, or nothing when the word is better left whole.

        The geometric mean of the parts' frequencies must beat the whole word's.
        """
        best = self._best(word)
        whole = self._frequency.get(word, 0)
        if not best or math.exp(best.score / len(best.parts)) <= whole:
            return ()
        return best.parts

    def head(self, word: str) -> str:
        """Return the last part ("Quartiersentwicklung" -> entwicklung), or nothing.

        Unlike ``split`` it opens frequent compounds as well.
        """
        best = self._best(word)
        return best.parts[-1] if best else ""

    def front(self, word: str) -> str:
        """Return all before the last part, its link included ("quartiers"), or nothing."""
        head = self.head(word)
        return word[: -len(head)] if head else ""

    def _best(self, word: str) -> _Best | None:
        """Return the cut into two or more parts with the highest mean, fewest parts first."""
        if not 2 * MIN_PART <= len(word) <= MAX_WORD:
            return None
        cuts = [self._cut(word, count, {}) for count in range(2, MAX_PARTS + 1)]
        found = [cut for cut in cuts if cut]
        return max(found, key=lambda cut: cut.score / len(cut.parts), default=None)

    def _cut(
        self, rest: str, count: int, known: dict[tuple[str, int], _Best | None]
    ) -> _Best | None:
        """Return the best cut of ``rest`` into exactly ``count`` parts."""
        if (rest, count) not in known:
            known[rest, count] = self._search(rest, count, known)
        return known[rest, count]

    def _search(
        self, rest: str, count: int, known: dict[tuple[str, int], _Best | None]
    ) -> _Best | None:
        if count == 1:
            score = self._score(rest)
            return _Best(score, (rest,)) if score is not None else None
        best: _Best | None = None
        for end in range(MIN_PART, len(rest) - MIN_PART * (count - 1) + 1):
            for part, link in self._fronts(rest, end):
                score = self._score(part)
                tail = self._cut(rest[end + len(link) :], count - 1, known) if score else None
                if score and tail and (best is None or score + tail.score > best.score):
                    best = _Best(score + tail.score, (part, *tail.parts))
        return best

    def _fronts(self, rest: str, end: int) -> list[tuple[str, str]]:
        """Return the words that ``rest[:end]`` may stand for, each with the link after it."""
        front = rest[:end]
        plain = [(front, link) for link in LINKS if rest.startswith(link, end)]
        return [*plain, (front + "e", "")]  # Schule -> Schulsozialarbeit

    def _score(self, part: str) -> float | None:
        frequency = self._frequency.get(part, 0)
        if len(part) < MIN_PART or frequency < MIN_FREQUENCY:
            return None
        return math.log(frequency)
