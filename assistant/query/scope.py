"""Which workshop or document a question is about, when its wording says so. Pure.

A wrong scope loses the answer, so in doubt there is none: two workshops named, a town without
a workshop, a title that fits two documents.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.german import Analyser
from corpus.types import Document, Scope, Workshop

NOWHERE = Scope()
# A theme stands for its workshop when this share of its words follows "Werkstatt".
THEME_SHARE = 0.6
# Words after "Werkstatt" among which its theme is looked for.
THEME_REACH = 10

_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            *("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt"),
            *("zehnt", "elft", "zwölft", "dreizehnt", "vierzehnt", "fünfzehnt"),
        ),
        start=1,
    )
    for word in (words, words.replace("ü", "ue").replace("ö", "oe"))
}
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)})e[nrsm]?"
_WORKSHOP_NUMBER = re.compile(
    r"\bwerkst(?:ä|ae)tten\s+(?:nr\.?|nummer)?\s*"
    r"(?P<several>\d{1,3}(?:\s*(?:,|und|oder|bis|-|–)\s*\d{1,3})+)\b"
    r"|\bwerkstatt\s*(?:nr\.?|nummer)?\s*(?P<after>\d{1,3})\b(?!\.?\s*werkstatt)"
    r"|\b(?P<before>\d{1,3})\.\s*werkstatt\b"
    rf"|\b(?P<first>{_ORDINAL})\s+(?:und|oder)\s+(?:d[ei][er]\s+)?(?={_ORDINAL}\s+werkst)"
    rf"|\b(?P<word>{_ORDINAL})\s+(?:und\s+letzten?\s+)?werkst(?:att|ä|ae)",
    re.IGNORECASE,
)
_ROW = re.compile(r"(?P<first>\d+)(?:\s*(?:bis|-|–)\s*(?P<last>\d+))?", re.IGNORECASE)
_WORKSHOP = re.compile(r"\bwerkstatt\b", re.IGNORECASE)
_WORKSHOPS = re.compile(r"\bwerkst(?:ä|ae|a)tten\b", re.IGNORECASE)
_NAMED_WORKSHOP = re.compile(r"\b(?P<front>[^\W\d_]{4,}?)s?-?werkstatt\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:außer|ausser|neben|nicht|abgesehen von|welche[rn]?)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_BOOKLET = re.compile(
    r"\b(?P<locates>im|in (?:dem|der)|laut(?: dem| der)?|aus (?:dem|der)|vom|von (?:dem|der)"
    r"|gem(?:ä|ae)(?:ß|ss)(?: dem| der)?|nach dem)?\s*(?:\b(?:das|die|dem|der|des)\s+)?"
    r"\b(?P<noun>themenheft|heft|brosch(?:ü|ue)re|sammelband|glossar|katalog|dokument|bericht)e?s?\b"
    r"(?:\s+(?:zu[rm]?|(?:ü|ue)ber|mit dem titel|namens))?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[„“\"»](?P<title>[^„“”\"«»]{4,})[“”\"«]")
# Nouns that name a booklet of any sort rather than one category.
_ANY_BOOKLET = ("heft", "broschüre", "broschuere", "dokument", "bericht")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The scope that a question names."""

    scope: Scope = NOWHERE
    wording: str = ""
    """The words that say so; empty where none do."""
    missing_workshop: int | None = None
    """A number of a workshop that the catalogue doesn't have."""
    several: tuple[int, ...] = ()
    """Numbers of the workshops that are named beside each other; then there is no scope."""


def recognise(
    text: str, workshops: Sequence[Workshop], documents: Sequence[Document], analyser: Analyser
) -> Recognised:
    """Return the workshop or document that the wording limits the question to."""
    numbers = list(_numbers(text))
    known = {workshop.number for workshop in workshops}
    missing = next((n for n, _ in numbers if known and n not in known), None)
    if missing is not None:
        return Recognised(missing_workshop=missing)
    if numbers:
        several = tuple(sorted({number for number, _ in numbers}))
        if len(several) > 1:
            return Recognised(several=several)
        return _only({(Scope(workshop=n), wording) for n, wording in numbers})
    if several := _of_towns(text, workshops):
        return Recognised(several=several)
    found = _only(
        {
            *_by_theme(text, workshops, analyser),
            *_by_town(text, workshops),
            *_by_date(text, workshops, analyser),
        }
    )
    return found if found.scope else _only(set(_by_title(text, documents, analyser)))


def workshop_number(text: str) -> int | None:
    """Return the number of the first workshop the text names, in digits or as an ordinal."""
    return next((number for number, _ in _numbers(text)), None)


def _only(found: set[tuple[Scope, str]]) -> Recognised:
    """Take a scope that is the only one."""
    if len({scope for scope, _ in found}) != 1:
        return Recognised()
    scope, wording = min(found, key=lambda f: (len(f[1]), f[1]))
    return Recognised(scope, wording)


def _numbers(text: str) -> Iterator[tuple[int, str]]:
    for match in _WORKSHOP_NUMBER.finditer(text):
        if several := match["several"]:
            for row in _ROW.finditer(several):
                first, last = sorted((int(row["first"]), int(row["last"] or row["first"])))
                yield from ((number, match[0]) for number in range(first, last + 1))
        elif digits := match["after"] or match["before"]:
            yield int(digits), match[0]
        else:
            ordinal = (match["first"] or match["word"]).lower()
            stem = next(stem for stem in _ORDINALS if re.fullmatch(rf"{stem}e[nrsm]?", ordinal))
            yield _ORDINALS[stem], match[0]


def _by_theme(
    text: str, workshops: Sequence[Workshop], analyser: Analyser
) -> Iterator[tuple[Scope, str]]:
    """Find themes after "Werkstatt", and a theme's word before it: "Sicherheitswerkstatt"."""
    if "werkstatt" not in text.casefold():
        return
    themes = {w.number: set(analyser.analyse(w.theme).words) for w in workshops if w.theme}
    for match in _WORKSHOP.finditer(text):
        if _NEGATED.search(text[: match.start()]):
            continue
        said = re.match(rf"(?:\W+\w+){{0,{THEME_REACH}}}", text[match.end() :])
        after = said[0] if said else ""
        asked = set(analyser.analyse(after).words)
        for number, theme in themes.items():
            if len(theme & asked) >= THEME_SHARE * len(theme):
                yield Scope(workshop=number), (match[0] + after).strip()
    for match in _NAMED_WORKSHOP.finditer(text):
        front = set(analyser.analyse(match["front"]).words)
        named = [number for number, theme in themes.items() if front and front <= theme]
        if len(named) == 1:
            yield Scope(workshop=named[0]), match[0]


def _by_town(text: str, workshops: Sequence[Workshop]) -> Iterator[tuple[Scope, str]]:
    """Find "Werkstatt in Bochum" and "Bochumer Werkstatt", where the town had but one."""
    if "werkstatt" not in text.casefold():
        return
    towns = [workshop.town.casefold() for workshop in workshops]
    for workshop in workshops:
        if not workshop.town or towns.count(workshop.town.casefold()) > 1:
            continue
        town = re.escape(workshop.town)
        match = re.search(
            rf"\bwerkstatt\b\W+(?:\w+\W+){{0,2}}?(?:in\s+|aus\s+|von\s+)?{town}\b"
            rf"|\b{town}(?:er)?\s+werkstatt\b",
            text,
            re.IGNORECASE,
        )
        if match and not _NEGATED.search(text[: match.start()]):
            yield Scope(workshop=workshop.number), match[0]


def _of_towns(text: str, workshops: Sequence[Workshop]) -> tuple[int, ...]:
    """Return the numbers of "die Werkstätten in Bochum und Dortmund"; empty for fewer than two."""
    if not _WORKSHOPS.search(text):
        return ()
    named = [w.number for w in workshops if w.town and re.search(rf"\b{re.escape(w.town)}", text)]
    return tuple(named) if len(named) > 1 else ()


def _by_date(
    text: str, workshops: Sequence[Workshop], analyser: Analyser
) -> Iterator[tuple[Scope, str]]:
    """Find "die Werkstatt 2018" and "Werkstatt vom 5. September 2017", where only one fits.

    "Die Werkstätten 2018" mean several, and the year is searched as a word anyway.
    """
    match = re.search(
        r"\bwerkstatt\s+(?:(?:vom|von|aus|am|im|des|dem|jahres?|nrw)\s+){0,3}(?P<date>.{4,20})",
        text,
        re.IGNORECASE,
    )
    first = next(iter(analyser.tokens(match["date"])), None) if match else None
    if match is None or first is None or first.kind not in ("number", "date") or first.start:
        return
    fitting = [w for w in workshops if w.date and w.date.startswith(first.stem)]
    if len(fitting) == 1:
        end = match.start("date") + first.end
        yield Scope(workshop=fitting[0].number), text[match.start() : end]


def _by_title(
    text: str, documents: Sequence[Document], analyser: Analyser
) -> Iterator[tuple[Scope, str]]:
    """Find "im Themenheft Gesundheit", "laut Glossar" and titles in quotation marks."""
    for match in _QUOTED.finditer(text):
        said = analyser.analyse(match["title"]).words
        titled = [d for d in documents if said and said == analyser.analyse(d.title).words]
        if len(titled) == 1:
            yield Scope(document=titled[0].id), match[0]
    named = _BOOKLET.search(text)
    if named is None or _NEGATED.search(text[: named.start()]):
        return
    document = _booklet(named, documents, analyser)
    if document is not None:
        yield Scope(document=document.id), text[named.start() : named.end("noun")].strip()


def _booklet(
    match: re.Match[str], documents: Sequence[Document], analyser: Analyser
) -> Document | None:
    noun = match["noun"].lower()
    sort = [d for d in documents if noun in _ANY_BOOKLET or d.category.lower() == noun]
    following = [token for token in analyser.tokens(match["rest"]) if token.kind == "word"]
    if following:
        stem = following[0].stem
        titled = [d for d in sort if stem in analyser.analyse(d.title).words]
        if titled:
            return titled[0] if len(titled) == 1 else None
    return sort[0] if len(sort) == 1 and match["locates"] and noun not in _ANY_BOOKLET else None
