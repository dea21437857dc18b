"""Which workshop a heading opens.

Workshop recognition rests on patterns, not on a heading's rank alone: extracted ranks are
right only in part of real brochures (parsing.md, section 3).
"""

import re
from collections.abc import Sequence

from corpus.types import Workshop

_NUMBERED = (
    re.compile(r"^(?P<number>\d{1,2})\s*\.\s*Werkstatt\b\s*[:–—-]?\s*(?P<theme>.*)$"),
    re.compile(r"^Werkstatt\s+(?P<number>\d{1,2})\b\s*[:–—.-]?\s*(?P<theme>.*)$"),
)


def workshop_of_heading(heading: str, catalogue: Sequence[Workshop]) -> tuple[int, str] | None:
    """Return number and theme when the heading opens a workshop's chapter, else None.

    "3. Werkstatt: …" and "Werkstatt 3 – …" name the number; a heading that is the theme of
    a catalogued workshop word for word stands for it.
    """
    text = " ".join(heading.split())
    themes = {w.number: w.theme for w in catalogue}
    for pattern in _NUMBERED:
        if found := pattern.match(text):
            number = int(found["number"])
            return number, themes.get(number) or found["theme"].strip(' „“"')
    for workshop in catalogue:
        if workshop.theme and _bare(text) == _bare(workshop.theme):
            return workshop.number, workshop.theme
    return None


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
