"""German text -> raw tokens with offsets: words, numbers, dates, § references. Pure.

Spelling is settled here (composed characters, lower case, gender forms, hyphens), so that
what follows sees one form of each word. Stems, stop words and compounds are ``german.py``.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from corpus.dates import MONTHS

RawKind = Literal["word", "number", "date", "section"]
CACHED_SURFACES = 1 << 17


class RawToken(NamedTuple):
    """A stretch of the text and the forms it stands for.

    ``forms`` of a word: its pieces between hyphens, lower case ("Vor-Ort-Büro" has three).
    Of a number, date or reference: its exact form first, then what a looser question may
    name instead ("12.5.2015" -> 2015-05-12, 05-12, 2015-05, 2015, mai).
    """

    start: int
    end: int
    kind: RawKind
    forms: tuple[str, ...]
    open_end: bool = False
    """The head is missing: "Stadt-" in "Stadt- und Quartiersentwicklung"."""
    open_start: bool = False
    """The first part is missing: "-management" in "Quartiersentwicklung und -management"."""


_MONTHS = tuple(month.lower() for month in MONTHS)
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)} | {"maerz": 3}

# Marks inside a word: combining accents of decomposed text, soft hyphens, zero-width joiners.
_MARK = r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060]"
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060]")
_LETTER = rf"(?:[^\W\d_]{_MARK}*)"
_HYPHEN = r"[-\u2010\u2011]"
_GENDER = (
    rf"(?:[:*_·•]-?innen{_LETTER}*"  # Bewohner:innen, Bürger*innenrat
    r"|[:*_·•]-?in(?!\w)"  # Mieter:in
    r"|/-?in(?:nen)?(?!\w)"  # Bürger/-innen
    r"|\(-?in(?:nen)?\)"  # Bürger(innen)
    r"|[:*_][rnes](?!\w))"  # Jugendliche:r
)
_PIECE = rf"{_LETTER}(?:{_LETTER}|\d|['’](?={_LETTER}))*{_GENDER}?"
_MONTH = "|".join(_MONTH_NUMBER)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_SECTION_NUMBER = r"\d+(?:\s?[a-z](?!\w))?"

_TOKEN = re.compile(
    rf"""
      (?P<section> (?: (?P<plural> §§ ) | § | \bParagra(?:ph|f)(?:en|s)?\b | \bArt(?:ikels?|\.) )
          \s* {_SECTION_NUMBER}
          (?: (?(plural) \s*(?:,|–|-|/|\b(?:und|oder|bis|sowie)\b)\s* | (?!) )
              {_SECTION_NUMBER} )* )
    | (?P<date>
          (?<![\w.]) (?: (?P<d1>{_DAY})\.\s?(?P<m1>0?[1-9]|1[0-2])\.\s?(?P<y1>{_YEAR})
          | (?P<y2>{_YEAR})-(?P<m2>0[1-9]|1[0-2])-(?P<d2>0[1-9]|[12]\d|3[01])
          | (?:(?P<d3>{_DAY})\.\s*)? (?P<m3>{_MONTH})\s+(?P<y3>{_YEAR})
          | (?P<d4>{_DAY})\.\s*(?P<m4>{_MONTH}) ) (?!\w) )
    | (?P<mixed> (?<!\w) \d+ (?: {_LETTER}+ | (?:{_HYPHEN}{_PIECE})+ ) (?: {_HYPHEN}{_PIECE} )* )
    | (?P<number> \d{{1,3}}(?:[. '’\u00a0\u202f]\d{{3}})+(?!\d)(?:,\d+)? | \d+(?:,\d+)? )
    | (?P<unit> [%‰€] )
    | (?P<initials> (?-i:(?<!\w)(?:[A-ZÄÖÜ]\.){{2,}}[A-ZÄÖÜ]?(?!\w)) )
    | (?P<word> (?: (?<![^\s/(]){_HYPHEN} )?
          {_PIECE} (?: {_HYPHEN} (?: {_PIECE} | \d+{_LETTER}* ) )*
          (?: {_HYPHEN} (?!\w) )? )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNITS = {"%": "prozent", "‰": "promille", "€": "euro"}
_GENDER_MARK = re.compile(
    r"[:*_·•]-?innen|[:*_·•/]-?in(?:nen)?$|\(-?in(?:nen)?\)$|[:*_][rnes]$"
    # BewohnerInnen, BewohnerInnenrat, MieterIn
    r"|(?<=[a-zäöüß])I(?:nnen|n$)"
)


def raw_tokens(text: str) -> Iterator[RawToken]:
    """Yield the tokens of a text in order; they don't overlap. Offsets are those of ``text``."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        match match.lastgroup:
            case "word" | "mixed":
                yield RawToken(start, end, "word", *_word_forms(match[0]))
            case "number":
                yield RawToken(start, end, "number", (_plain_number(match[0]),))
            case "unit":
                yield RawToken(start, end, "word", (_UNITS[match[0]],))
            case "initials":  # G.I.B. is GIB
                yield RawToken(start, end, "word", (match[0].replace(".", "").lower(),))
            case "date":
                yield RawToken(start, end, "date", _date_forms(match))
            case _:
                yield from _references(match)


def piece_of(word: str) -> str:
    """Return a word without hyphens as it is looked up: composed, lower case, gender form gone.

    All gender forms fall on the base: "Bewohner:innen", "BewohnerInnen" -> "bewohner".
    """
    # NFKC also dissolves the ligatures (ﬁ) some PDF fonts leave in the text.
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word))
    return _GENDER_MARK.sub("", visible).lower().replace("’", "'")


@lru_cache(CACHED_SURFACES)
def _word_forms(surface: str) -> tuple[tuple[str, ...], bool, bool]:
    """Return the pieces of a word, and whether its end and its start are left out."""
    # The hyphen of "Bürger/-innen" doesn't join two words.
    pieces = re.split(_HYPHEN, re.sub(rf"([/:*_·•(]){_HYPHEN}", r"\1", surface))
    forms = tuple(form for form in map(piece_of, pieces) if form)
    return forms, pieces[-1] == "", pieces[0] == ""


def _plain_number(number: str) -> str:
    return re.sub(r"[. '’\u00a0\u202f]", "", number)


def _date_forms(match: re.Match[str]) -> tuple[str, ...]:
    day = match["d1"] or match["d2"] or match["d3"] or match["d4"]
    year = match["y1"] or match["y2"] or match["y3"]
    named = match["m1"] or match["m2"] or match["m3"] or match["m4"]
    month = int(named) if named.isdigit() else _MONTH_NUMBER[named.lower()]
    forms = []
    if day and year:
        forms.append(f"{year}-{month:02}-{int(day):02}")
    if day:
        forms.append(f"{month:02}-{int(day):02}")
    if year:
        forms += [f"{year}-{month:02}", year]
    return (*forms, _MONTHS[month - 1])


def _references(match: re.Match[str]) -> Iterator[RawToken]:
    """Yield one token for each number of "§§ 11 bis 14"; the first one covers the sign as well."""
    sign = "art" if match[0][:1] in "Aa" else "§"
    start = match.start()
    for number in re.finditer(_SECTION_NUMBER, match[0], re.IGNORECASE):
        exact = re.sub(r"\s", "", number[0]).lower()
        # "171e" alone is as good as the reference; a bare "16" would find every sixteen.
        forms = (sign + exact,) if exact.isdigit() else (sign + exact, exact)
        end = match.start() + number.end()
        yield RawToken(start, end, "section", forms)
        start = end + _gap(match.string, end)


def _gap(text: str, at: int) -> int:
    """Return how many characters lie between ``at`` and the next digit."""
    following = re.compile(r"\d").search(text, at)
    return following.start() - at if following else 0
