"""The language that a page speaks: German, its source and default, or English on demand.

Phrases stay German where they are rendered. ``ui.markup`` asks here for the English of each, out
of ``english.yaml``: exact phrases, and phrases with gaps. What comes from the collection or from
a person never gets here; what has no translation stays German and is marked so in the page.

Gaps of a German phrase, in the English one ``{}`` in the same order or ``{1}``, ``{2}`` by number:
``{}``   kept as it is, and marked as German where it has words
``{#}``  a number
``{~}``  a phrase of ours, which is translated in turn
``{„}``  words in quotation marks, one or a list: the words are kept, the marks are English
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from starlette.requests import HTTPConnection

Language = Literal["de", "en"]

COOKIE = "sozialraum-sprache"
CATALOGUE = Path(__file__).parent / "english.yaml"
# Where readers are; pages of editors are German only (ui/web/guard.py names them all).
_READERS = re.compile(
    r"/|/werkstaetten|/antwort/[^/]+(?:/behalten|/loeschen)?|/(?:an|ab)melden|/passwort"
)

_spoken: ContextVar[Language] = ContextVar("spoken", default="de")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let all that is rendered meanwhile be in this language."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Language:
    """Return the language that is rendered in now."""
    return _spoken.get()


def chosen(scope: Mapping[str, Any]) -> Language:
    """Return the language that the browser of a request asks for, by its cookie."""
    return "en" if HTTPConnection(dict(scope)).cookies.get(COOKIE) == "en" else "de"


def language_of(path: str, scope: Mapping[str, Any]) -> Language:
    """Return the language of the page at ``path``: the chosen one where readers are."""
    return chosen(scope) if _READERS.fullmatch(path) else "de"


class Piece(NamedTuple):
    """A stretch of rendered text."""

    text: str
    kind: Literal["ours", "kept", "left"]
    """``ours`` is in the language spoken; ``kept`` stands in a gap and is German; ``left`` has no
    translation."""


def translated(text: str) -> str:
    """Return a phrase in the language spoken, as far as it is known."""
    return "".join(piece.text for piece in pieces(text))


def pieces(text: str) -> tuple[Piece, ...]:
    """Cut a text of ours into what is translated and what stays German."""
    if spoken() == "de" or not _LETTER.search(text):
        return (Piece(text, "ours"),)
    found = (piece for line in re.split(r"(\n)", text) for piece in _line(line))
    return tuple(piece for piece in found if piece.text)


def script_phrases() -> Mapping[str, str]:
    """Return what the scripts of the page say, German to English."""
    return _catalogue().scripts


# -- looking up ----------------------------------------------------------------------------

_GAP = re.compile(r"\{([#~„]?)\}")
_FILLED = re.compile(r"\{(\d?)\}")
_GAPS = {
    "": "(.+?)",
    "~": "(.+?)",
    "#": r"([0-9](?:[0-9.,]*[0-9])?)",
    "„": "(„[^“]*“(?:, „[^“]*“)*)",
}
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
# Two letters, not all of them capitals: a word rather than a number, a sign or "UTC".
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß][a-zäöüß]")
_LETTER = re.compile(r"[^\W\d_]")
# Not after an ordinal: "5. September", "die 3. Werkstatt".
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b\d\.)(?<!\b\d\d\.)[ \u00a0](?=[A-ZÄÖÜ„])")
_LISTED = re.compile(r"(, | · |; )")
# What quotes a long question may grow without end, and patterns with gaps take their time on such
# a text. The longest of ours has 700 characters, and no phrase more than 4 sentences.
_LONGEST = 1500
_LONGEST_PHRASE = 800
_MOST_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A German phrase with gaps."""

    shape: re.Pattern[str]
    gaps: tuple[str, ...]
    english: str
    literal: int
    """Characters outside the gaps; the more, the surer a match."""


@dataclass(frozen=True, slots=True)
class _Catalogue:
    phrases: Mapping[str, str]
    patterns: tuple[_Pattern, ...]
    """The surest first."""
    several: tuple[_Pattern, ...]
    """Those of more than one sentence."""
    scripts: Mapping[str, str]


@lru_cache(maxsize=1)
def _catalogue() -> _Catalogue:
    read = yaml.safe_load(CATALOGUE.read_text("utf-8"))
    phrases: dict[str, str] = read["phrases"]
    gapped = {german: english for german, english in phrases.items() if _GAP.search(german)}
    patterns = {german: _pattern(german, english) for german, english in gapped.items()}
    surest = sorted(patterns, key=lambda german: -patterns[german].literal)
    return _Catalogue(
        {_plain(german): english for german, english in phrases.items()},
        tuple(patterns[german] for german in surest),
        tuple(patterns[german] for german in surest if _SENTENCE_END.search(german)),
        read["scripts"],
    )


def _pattern(german: str, english: str) -> _Pattern:
    literals, gaps = _GAP.split(german)[::2], tuple(_GAP.findall(german))
    following = zip(gaps, literals[1:], strict=True)
    shape = re.escape(_plain(literals[0])) + "".join(
        _GAPS[gap] + re.escape(_plain(literal)) for gap, literal in following
    )
    # A space may be one that doesn't break the line.
    spaced = re.compile(shape.replace(r"\ ", "[ \u00a0]"), re.DOTALL)
    return _Pattern(spaced, gaps, english, sum(map(len, literals)))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _line(line: str) -> list[Piece]:
    words = line.strip()
    if not words:
        return [Piece(line, "ours")]
    if len(words) > _LONGEST:
        return [Piece(line, "left")]
    start = line.index(words)
    known = _catalogue().phrases.get(_plain(words))
    found = [Piece(known, "ours")] if known is not None else _several(words) or _sentences(words)
    return [
        Piece(line[:start], "ours"),
        *found,
        Piece(line[start + len(words) :], "ours"),
    ]


def _phrase(words: str) -> list[Piece] | None:
    """Translate all of it, or nothing: a sentence never mixes both languages."""
    known = _catalogue().phrases.get(_plain(words))
    if known is not None:
        return [Piece(known, "ours")]
    if not _LETTER.search(words):
        return [Piece(words, "ours")]
    told = (_match(pattern, words) for pattern in _catalogue().patterns)
    if found := next(filter(None, told), None):
        return found
    return _list(words) if _WORD.search(words) else [Piece(words, "ours")]


def _match(pattern: _Pattern, words: str) -> list[Piece] | None:
    found = pattern.shape.fullmatch(words) if len(words) <= _LONGEST_PHRASE else None
    if found is None:
        return None
    gaps = [_gap(gap, text) for gap, text in zip(pattern.gaps, found.groups(), strict=True)]
    if any(gap is None for gap in gaps):
        return None
    out, position = list[Piece](), 0
    for following, place in enumerate(_FILLED.finditer(pattern.english)):
        at = int(place[1]) - 1 if place[1] else following
        out += [Piece(pattern.english[position : place.start()], "ours"), *(gaps[at] or ())]
        position = place.end()
    return [*out, Piece(pattern.english[position:], "ours")]


def _gap(kind: str, text: str) -> list[Piece] | None:
    if kind == "~":
        return _phrase(text)
    if kind == "#":
        grouped = text.replace(".", ",") if _THOUSANDS.fullmatch(text) else text
        return [Piece(grouped, "ours")]
    if kind == "„":
        parts = re.split("(„|“(?:, „)?)", text)
        return [
            Piece(part.translate(_MARKS), "ours") if number % 2 else _kept(part)
            for number, part in enumerate(parts)
            if part
        ]
    return [_kept(text)]


_MARKS = str.maketrans("„“", "“”")


def _kept(text: str) -> Piece:
    return Piece(text, "kept" if _WORD.search(text) else "ours")


def _list(words: str) -> list[Piece] | None:
    """Translate an enumeration of phrases, if all of them are known."""
    parts = _LISTED.split(words)
    if len(parts) == 1:
        return None
    found = list[Piece]()
    for number, part in enumerate(parts):
        piece = [Piece(part, "ours")] if number % 2 else _phrase(part) if part else None
        if piece is None:
            return None
        found += piece
    return found


def _several(words: str) -> list[Piece] | None:
    """Translate by a pattern of several sentences; cut up, each alone might mean another."""
    found = (_match(pattern, words) for pattern in _catalogue().several)
    return next((told for told in found if told), None)


def _sentences(words: str) -> list[Piece]:
    """Translate the sentences that are known; the others stay German."""
    found, start = list[Piece](), 0
    while start < len(words):
        ends = [*islice(_ends(words, start), _MOST_SENTENCES)]
        known = ((end, _phrase(words[start:end])) for end in ends)
        # The nearest end first: a gap must not swallow the sentences after it.
        end, told = next(((end, told) for end, told in known if told), (ends[0], None))
        space = [Piece(" ", "ours")] if start else []
        found += [*space, *(told or [Piece(words[start:end], "left")])]
        start = end + 1
    return found


def _ends(words: str, start: int) -> Iterator[int]:
    """Yield where a sentence may end: not inside quotation marks."""
    for end in _SENTENCE_END.finditer(words, start):
        before = words[start : end.start()]
        if before.count("„") == before.count("“"):
            yield end.start()
    yield len(words)
