"""Headings in plain text: what a line that stands alone is, and its rank."""

import re

from corpus.dates import MONTHS

MAX_HEADING_CHARS = 100
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)(\.?)\s+(\S.*)")
_NAMED = re.compile(r"(?:Werkstatt|Kapitel|Teil|TOP|Tagesordnungspunkt|Anlage)\s+\d{1,2}\b.*")
_RULE_LEVELS = {"=": 1, "#": 1, "*": 1, "-": 2, "_": 2}
_NO_END = (".", "!", "?", ":", ";", ",", "…")
_LEAST_CAPITALS = 4


class Headings:
    """Ranks headings in reading order: what their numbers say below what underlines them."""

    def __init__(self) -> None:
        self._real = 0
        self._base = 0
        self._chapter = 0

    def underlined(self, text: str, rule: str) -> int:
        """Return the rank of a heading underlined with the sign ``rule``."""
        number = _NUMBERED.match(text)
        self._real = _RULE_LEVELS.get(rule, 3)
        self._base = max(0, self._real - (number[1].count(".") + 1 if number else 0))
        return self._real

    def marked(self, level: int) -> int:
        """Take note of a heading whose rank is written before it: "## …"."""
        self._real = self._base = level
        return level

    def alone(self, text: str, *, counted: bool) -> int:
        """Return the rank of a line between blank lines, or 0 when it is no heading.

        ``counted`` says that a numbered line stands next to it as in a list.
        """
        if len(text) > MAX_HEADING_CHARS or text.endswith(_NO_END):
            return 0
        number = _NUMBERED.fullmatch(text)
        if number:
            return self._numbered(number[1], number[2], number[3], counted=counted)
        if _NAMED.fullmatch(text):
            self._real = self._base + 1
            return self._real
        letters = [sign for sign in text if sign.isalpha()]
        if len(letters) >= _LEAST_CAPITALS and not any(sign.islower() for sign in letters):
            return self._real + 1
        return 0

    def _numbered(self, number: str, dot: str, words: str, *, counted: bool) -> int:
        parts = [int(part) for part in number.split(".")]
        first = words.split()[0]
        if not first[0].isupper() and not (first[0] in '„"»' and len(first) > 1):
            return 0
        if first.strip(".,:") in MONTHS or first.strip(".,:") == "Uhr" or _is_time(number):
            return 0
        if len(parts) == 1:
            # "1. Werkstatt" may also be an item, "30 Personen" is no chapter 30.
            if counted if dot else parts[0] != self._chapter + 1:
                return 0
            self._chapter = parts[0]
        self._real = self._base + len(parts)
        return self._real


def _is_time(number: str) -> bool:
    """Tell "9.30 Begrüßung" on an agenda from "9.3 Begrüßung"."""
    hour, _, minutes = number.partition(".")
    return len(minutes) == 2 and minutes.isdigit() and int(hour) < 25 and int(minutes) % 5 == 0
