"""Joining line ends the German way: what becomes of a hyphen at the end of a line.

Measured in parsing.md, section 3: hyphenation, not column order, costs most extractors half
of their verbatim sentences. Text that isn't broken is never changed.
"""

import re
from collections.abc import Container, Iterable
from typing import NamedTuple

# What a printed line may end with when a word is broken: hyphens, and the soft hyphen.
HYPHENS = "-\u2010\u00ad"
# "Stadt- und Quartiersentwicklung" keeps its hyphen and the space behind it. Not "wie", "als",
# "bis": they are also second halves of words ("so-|wie").
_CONJUNCTIONS = frozenset({"und", "oder", "sowie", "bzw", "u", "o"})
_AFTER_ADDRESS = frozenset({"abgerufen", "aufgerufen", "oder", "sowie", "und", "zuletzt"})
_HEAD = re.compile(r"[\w\-/]+$")
_TAIL = re.compile(r"[\w\-]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_ADDRESS_REST = re.compile(r"[-.]\w\S*|\S*[/_=&?#%]\S*|\S+\.(?:html?|php|aspx?|jsp|pdf)\S*")
_LONG_LINE_WORDS = 6
_TIES = "–/"  # without a space before: "2019–|2022", "Bewohner/|innen"
_BEGINNING_CHARS = 4  # "grün-blau" stands for "grün-blaue", "grün-blauen"
_PUNCTUATION = ".,;:!?()[]„“”»«'\""
_ADDRESS_BREAK = "/-_=&?#%.:~+"


class Joint(NamedTuple):
    """How the last word of a line and the first of the next stand in running text."""

    head: str
    """The last word, without its hyphen where that only marked the break."""
    separator: str
    """What comes between them: a space or nothing."""


def join(head: str, tail: str, known: Container[str] = frozenset()) -> Joint:
    """Return how ``head``, last word of a line, joins ``tail``, first word of the next.

    ``known`` holds words that occur unbroken in the document, in lower case; it decides
    where grammar doesn't.
    """
    if _ADDRESS.search(head):
        return Joint(head, "" if _continues_address(head, tail) else " ")
    if len(head) > 1 and head[-1] in _TIES and head[-2].isalnum():
        return Joint(head, "")
    if len(head) < 2 or head[-1] not in HYPHENS or not head[-2].isalnum():
        return Joint(head, "" if _is_cut_bare(head, tail, known) else " ")
    if head[-1] == "\u00ad":
        return Joint(head[:-1], "")
    following = _TAIL.match(tail)
    if following is None:
        return Joint(head, " ")
    if following[0].lower().rstrip(".") in _CONJUNCTIONS:
        return Joint(head, " ")
    return Joint(head if _keeps_hyphen(head, following[0], known) else head[:-1], "")


def vocabulary(lines: Iterable[Iterable[str]]) -> frozenset[str]:
    """Return the words that stand unbroken inside the lines, in lower case.

    Of words with a hyphen there is also the beginning, for other endings of the same word.
    """
    found: set[str] = set()
    for line in lines:
        whole = list(line)
        if len(whole) < 2:
            continue
        if whole[-1][-1:] in HYPHENS:
            whole.pop()
        if whole[0][:1].islower() or len(whole) < _LONG_LINE_WORDS:
            whole.pop(0)  # it may be the rest of a word, or cut in a narrow cell
        found.update(word.strip(_PUNCTUATION).lower() for word in whole)
    beginnings = {_beginning(*word.rsplit("-", 1)) for word in found if "-" in word.strip("-")}
    return frozenset((found | beginnings) - {""})


def _beginning(head: str, tail: str) -> str:
    return f"{head}-{tail[:_BEGINNING_CHARS]}*"


def _is_cut_bare(head: str, tail: str, known: Container[str]) -> bool:
    """Tell a word cut without a hyphen in a narrow cell, by its whole form elsewhere."""
    first, second = head.lower(), tail.strip(_PUNCTUATION).lower()
    return first + second in known and first not in known and second not in known


def _keeps_hyphen(head: str, tail: str, known: Container[str]) -> bool:
    """Tell "Nord-|Süd-Achse", "30-|minütig" from "Nach-|barschaft"."""
    start = _HEAD.search(head[:-1])
    first = start[0] if start else ""
    hyphened, joined = f"{first}-{tail}".lower(), f"{first}{tail}".lower()
    same_word = hyphened in known or _beginning(first.lower(), tail.lower()) in known
    if same_word and joined not in known:
        return True
    if joined in known and hyphened not in known:
        return False
    return first[-1:].isdigit() or not tail[0].islower()


def _continues_address(head: str, tail: str) -> bool:
    """Tell an address that was broken at one of its own signs; it has no hyphen to lose."""
    if _ADDRESS.match(tail):
        return False
    if _ADDRESS_REST.fullmatch(tail):
        return True
    if not tail[:1].isalnum():
        return False
    return head[-1] in _ADDRESS_BREAK and tail.rstrip(".,;:)").lower() not in _AFTER_ADDRESS
