"""The numbers, dates, amounts and paragraphs of a text, each in one notation.

31.12.2025 equals 31. Dezember 2025, 1.000 equals tausend, 150 Mio. € equals 150.000.000 Euro,
die Hälfte equals 50 Prozent.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from assistant.generate.content import akin, fold
from corpus.dates import MONTHS

Kind = Literal["date", "time", "percent", "amount", "law", "count"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text and what it counts."""

    kind: Kind
    value: tuple[int | str, ...] | Fraction
    """A date is (year, month, day) with 0 for what isn't said; a paragraph is ("171e",)."""
    unit: str
    """Unit of a count (jahr, monat, meter …), or empty."""
    text: str
    """As written, for messages."""
    noun: str = ""
    """What is counted: the next noun, folded; empty for years and where none follows."""


_UNITS = {
    **dict.fromkeys(("jahr", "jahre", "jahren", "jahrs", "jahres"), "jahr"),
    **dict.fromkeys(("monat", "monate", "monaten", "monats"), "monat"),
    **dict.fromkeys(("woche", "wochen"), "woche"),
    **dict.fromkeys(("tag", "tage", "tagen", "tages"), "tag"),
    **dict.fromkeys(("stunde", "stunden"), "stunde"),
    **dict.fromkeys(("minute", "minuten"), "minute"),
    **dict.fromkeys(("meter", "metern", "m"), "meter"),
    **dict.fromkeys(("kilometer", "kilometern", "km"), "kilometer"),
    **dict.fromkeys(("quadratmeter", "quadratmetern", "qm", "m²"), "quadratmeter"),
    **dict.fromkeys(("hektar", "ha"), "hektar"),
    **{"jahr": "jahr", "monat": "monat", "woch": "woche", "tag": "tag", "stund": "stunde"},
}
_SCALES = {
    **dict.fromkeys(("tsd", "tausend"), 1_000),
    **dict.fromkeys(("mio", "million", "millionen"), 1_000_000),
    **dict.fromkeys(("mrd", "milliarde", "milliarden"), 1_000_000_000),
}
_SMALL = (
    *("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"),
    *("elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn"),
    "neunzehn",
)
_TENS = (
    *("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig"),
    "neunzig",
)
_ORDINALS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}
_MAX_ORDINAL = 99


def _spelled(number: int) -> str:
    """Return a number below 10,000 as a German word."""
    if number >= 1000:
        rest = _spelled(number % 1000) if number % 1000 else ""
        return f"{_SMALL[number // 1000]}tausend{rest}"
    if number >= 100:
        rest = _spelled(number % 100) if number % 100 else ""
        return f"{_SMALL[number // 100]}hundert{rest}"
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{_SMALL[ones]}und{_TENS[tens]}" if ones else _TENS[tens]


def _number_words() -> dict[str, int]:
    """Return the words for 2 to 999 and whole thousands; "ein" is an article far more often."""
    words = {_spelled(n): n for n in (*range(2, 1000), *range(1000, 10_000, 1000))}
    words |= {"hundert": 100, "tausend": 1000, "dutzend": 12, "beide": 2, "beiden": 2, "beider": 2}
    for n in range(1, _MAX_ORDINAL + 1):
        stem = _ORDINALS.get(n, _spelled(n) + ("t" if n < 20 else "st"))
        words |= {stem + ending: n for ending in ("e", "en", "er", "es", "em")}
    words |= {f"{_spelled(n)}mal": n for n in range(2, 20)}
    return words


_WORDS = _number_words()
_MONTH = {month.casefold(): number for number, month in enumerate(MONTHS, start=1)}
_MONTHS = "|".join(MONTHS)
_NUM = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_SCALE = r"(?:Tsd\.?|[Tt]ausend|Mio\.?|Million(?:en)?|Mrd\.?|Milliarden?)"
_MONEY = r"(?:€|Euro|EUR)"
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LASTING = re.compile(r"(?P<number>\w+?)(?P<unit>jähr|monat|wöch|täg|stünd)(?:ig|lich)\w*")
_FOLLOWING = re.compile(
    r"\.?(?:\svon\s\w+)?(?:\s(?!in\b|an\b|bei\b|von\b|im\b|am\b)[a-zäöüß]+(?:e|en|er|es|em|n)\b){0,2}"
    r"\s(?P<noun>[A-ZÄÖÜ][\w-]+)"
)
_PARTS = {"drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10}
_COUNT_WORD = "|".join(("ein", *map(_spelled, range(2, 21)), "dreißig", "vierzig", "fünfzig"))

_Maker = Callable[[re.Match[str]], Iterable[Quantity]]


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return all numbers of a text; a stretch of it counts once, as the most specific kind."""
    rest, found = text, list[Quantity]()
    for pattern, make in _PATTERNS:
        for match in pattern.finditer(rest):
            found.extend(make(match))
        rest = pattern.sub(lambda m: " " * len(m[0]), rest)
    return tuple(found)


def missing(stated: Iterable[Quantity], given: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Return the stated numbers that the given ones don't carry.

    Where the given ones count the same things, they must count as many: "drei Fallstudien"
    isn't carried by the 3 of "Werkstatt 3" beside "fünf Fallstudien".
    """
    given = tuple(given)
    stated = (q for q in stated if not q.text.casefold().startswith("beide"))  # refers back
    return tuple(q for q in stated if not any(_carries(g, q) for g in _same_things(q, given)))


def _same_things(stated: Quantity, given: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    if not stated.noun:
        return given
    return tuple(g for g in given if g.noun and akin(g.noun, stated.noun)) or given


def _carries(given: Quantity, stated: Quantity) -> bool:
    """Tell whether a number of the source states the one of the sentence, or more exactly so."""
    if stated.kind == "date" and given.kind == "date":
        return all(s in (0, g) for s, g in zip(stated.value, given.value, strict=True))  # type: ignore[arg-type]
    if stated.kind == "count" and given.kind == "date":
        return not stated.unit and stated.value == given.value[0]  # type: ignore[index]
    if stated.kind != given.kind or stated.value != given.value:
        return False
    return not (stated.unit and given.unit) or stated.unit == given.unit


# -- one maker a kind ------------------------------------------------------------------------


def _date(match: re.Match[str]) -> Iterable[Quantity]:
    parts = match.groupdict()
    month = parts["month"] or "0"
    number = int(month) if month.isdigit() else _MONTH[month.casefold()]
    value = (int(parts.get("year") or 0), number, int(parts.get("day") or 0))
    yield Quantity("date", value, "", match[0].strip())


def _time(match: re.Match[str]) -> Iterable[Quantity]:
    yield Quantity("time", (int(match["hour"]), int(match["minute"] or 0)), "", match[0])


def _law(match: re.Match[str]) -> Iterable[Quantity]:
    for number in re.findall(r"\d+[a-z]?", match[0]):
        yield Quantity("law", (number,), "", f"{match['sign']} {number}")


def _percent(match: re.Match[str]) -> Iterable[Quantity]:
    yield Quantity("percent", _value(match["number"]), "", match[0])


def _share(match: re.Match[str]) -> Iterable[Quantity]:
    if match[0].casefold() == "hälfte":
        yield Quantity("percent", Fraction(50), "", match[0])
        return
    count = _WORDS.get(match["count"].casefold(), 1)
    share = Fraction(100 * count, _PARTS[match["part"].casefold()])
    yield Quantity("percent", share, "", match[0])


def _amount(match: re.Match[str]) -> Iterable[Quantity]:
    yield Quantity("amount", _scaled(match), "", match[0])


def _scaled_count(match: re.Match[str]) -> Iterable[Quantity]:
    yield Quantity("count", _scaled(match), "", match[0])


def _count(match: re.Match[str]) -> Iterable[Quantity]:
    unit = _UNITS.get((match["unit"] or "").casefold(), "")
    text = match[0].strip() if unit else match["number"]
    value = _value(match["number"])
    noun = "" if _FIRST_YEAR <= value <= _LAST_YEAR else _noun(match)
    yield Quantity("count", value, unit, text, noun)


def _word(match: re.Match[str]) -> Iterable[Quantity]:
    word = match["word"].casefold()
    unit = _UNITS.get((match["unit"] or "").casefold(), "")
    if span := _LASTING.fullmatch(word):
        word, unit = span["number"], _UNITS.get(fold(span["unit"]), "")
    number = _WORDS.get(word)
    if number is not None:
        yield Quantity("count", Fraction(number), unit, match["word"], _noun(match))


def _noun(match: re.Match[str]) -> str:
    """Return the noun that follows, past adjectives and past "von 222"."""
    following = _FOLLOWING.match(
        match.string, match.end("number" if "number" in match.groupdict() else "word")
    )
    return fold(following["noun"]) if following else ""


def _value(number: str) -> Fraction:
    """Return the value of German digits or of a number word."""
    word = _WORDS.get(number.casefold())
    if word is not None:
        return Fraction(word)
    if number.casefold() == "ein":
        return Fraction(1)
    return Fraction(number.replace(".", "").replace(",", "."))


def _scaled(match: re.Match[str]) -> Fraction:
    scale = (match["scale"] or "").casefold().rstrip(".")
    return _value(match["number"]) * _SCALES.get(scale, 1)


# What matches first is taken out of the text, so the most specific forms come first. "In erster
# Linie" and "zum einen" state no number.
_PATTERNS: tuple[tuple[re.Pattern[str], _Maker], ...] = (
    (re.compile(r"\bin erster Linie\b", re.IGNORECASE), lambda match: ()),
    (re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"), _date),
    (re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b"), _date),
    (
        re.compile(rf"\b(?P<day>\d{{1,2}})\.\s?(?P<month>{_MONTHS})(?:\s(?P<year>\d{{4}}))?\b"),
        _date,
    ),
    (re.compile(rf"\b(?P<month>{_MONTHS})(?:\s(?P<year>\d{{4}}))?\b"), _date),
    (re.compile(r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?Uhr\b"), _time),
    (
        re.compile(
            r"(?P<sign>§+|\bArt(?:ikels?|\.))\s?\d+[a-z]?\b"
            r"(?:\s?(?:[–-]|bis|und|,)\s?\d+[a-z]?\b)?"
        ),
        _law,
    ),
    (
        re.compile(
            rf"\b(?P<number>{_NUM}|{_COUNT_WORD})\s?(?:%|Prozent(?:punkten?)?\b)", re.IGNORECASE
        ),
        _percent,
    ),
    (
        re.compile(
            r"\bHälfte\b|\b(?P<count>zwei|drei|vier)\s?(?P<part>Drittel|Viertel|Fünftel|Zehntel)n?\b"
            r"|\bein(?:em)?\s(?P<one>Drittel|Fünftel|Zehntel)\b",
            re.IGNORECASE,
        ),
        lambda match: _one_part(match) if match["one"] else _share(match),
    ),
    (
        re.compile(rf"\b(?P<number>{_NUM}|{_COUNT_WORD})\s?(?P<scale>{_SCALE})?\s?{_MONEY}(?!\w)"),
        _amount,
    ),
    (re.compile(rf"\b(?P<number>{_NUM}|{_COUNT_WORD})\s(?P<scale>{_SCALE})(?!\w)"), _scaled_count),
    (re.compile(rf"\b(?P<number>{_NUM})(?:\.?\s(?P<unit>[A-Za-zäöüm²]+))?"), _count),
    (re.compile(r"\b(?P<word>[A-Za-zäöüßÄÖÜ]+)\b(?=(?:\s(?P<unit>[A-Za-zäöüm²]+))?)"), _word),
)


def _one_part(match: re.Match[str]) -> Iterable[Quantity]:
    yield Quantity("percent", Fraction(100, _PARTS[match["one"].casefold()]), "", match[0])
