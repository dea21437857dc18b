"""Question + conversation -> a standalone query: what is asked, where, and in which words.

Rules only, no model. Whatever is changed is shown to the reader as the query used.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.types import Turn
from corpus.catalogue import Glossary
from corpus.errors import QuestionError
from corpus.german import Analyser
from corpus.types import Scope, Workshop

MAX_CHARS = 4000
# A theme stands for its workshop when this share of its words is in the question.
THEME_SHARE = 0.6
# Letters; below, too many other words are one slip away.
MIN_MENDED = 6

AnswerType = Literal[
    "definition", "list", "procedure", "number", "date", "place", "person", "reason", "open"
]

_WORDINGS: tuple[tuple[AnswerType, str], ...] = (
    ("number", r"\bwie ?viele?n?\b|\bwie (hoch|lange|oft|groß|teuer|alt)\b|\banzahl\b"),
    ("date", r"\bwann\b|\bseit wann\b|\bbis wann\b|\bwelche[mns]? (jahr|tag|datum|monat)"),
    ("place", r"\bwo\b|\bwohin\b|\bwelcher (stadt|kommune)\b|\bwelchem ort\b"),
    ("person", r"\bwer\b|\bwem\b|\bwen\b"),
    ("reason", r"\bwarum\b|\bwieso\b|\bweshalb\b|\bwozu\b"),
    (
        "definition",
        r"\bwas (ist|sind|bedeutet|bedeuten|heißt|meint)\b|\bwof(ü|ue)r steht\b"
        r"|\bversteht man\b|\bdefinition\b|\bbedeutung\b|\babk(ü|ue)rzung\b",
    ),
    ("procedure", r"\bwas (kann|können|muss|soll|tun)\b|\bwie\b"),
    ("list", r"\bwelche[nrs]?\b|\bnenne\b|\bz(ä|ae)hle\b|\bliste\b"),
)

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
_WORKSHOP_NUMBER = re.compile(
    r"\bwerkstatt\s*(?:nr\.?|nummer)?\s*(?P<after>\d{1,3})\b|\b(?P<before>\d{1,3})\.\s*werkstatt\b"
    rf"|\b(?P<word>{'|'.join(_ORDINALS)})e[nrs]?\s+werkstatt\b",
    re.IGNORECASE,
)
_SHORT_FORM = re.compile(r"\b[A-ZÄÖÜ][A-Za-zÄÖÜäöüß.]*[A-ZÄÖÜ]\b|\b[A-ZÄÖÜ]{2,}\b")
_ELLIPSIS = re.compile(
    r"^(und|oder|auch|aber|ja|nein|sonst|noch)\b|\b(er|sie|ihn|ihm|ihr|ihnen|deren|dessen|dort"
    r"|dies|diese[mnrs]?|davon|damit|dazu|dabei|dafür|daran|darin|darüber|denen|welche davon)\b",
    re.IGNORECASE,
)
# "sie" that greets nobody: the polite form is capitalised, but not everybody types so.
_POLITE = re.compile(r"\b(können|koennen|könnten|würden|haben|sagen|erklären|nennen) sie\b", re.I)


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for searching."""

    question: str
    text: str
    """Standalone wording, shown to the reader."""
    expansion: str
    """Long and short forms of what the text names; searched with it, not asked for."""
    types: frozenset[AnswerType]
    scope: Scope
    missing_workshop: int | None = None
    """A workshop number the question takes for granted and the catalogue doesn't have."""


def understand(
    question: str,
    history: Sequence[Turn],
    scope: Scope,
    workshops: Sequence[Workshop],
    glossary: Glossary,
    analyser: Analyser,
) -> Query:
    """Make a standalone query. Raises QuestionError when there is nothing to ask."""
    typed = _checked(question)
    standalone = _with_context(typed, history, analyser)
    number = workshop_number(standalone)
    text = _mended(standalone, analyser, glossary)
    known = {w.number for w in workshops}
    missing = number if number is not None and known and number not in known else None
    if scope.workshop is None and scope.document is None and missing is None:
        scope = Scope(workshop=_workshop(text, number, workshops, analyser))
    return Query(
        question=typed,
        text=text,
        expansion=" ".join(other_forms(text, glossary)),
        types=answer_types(text),
        scope=scope,
        missing_workshop=missing,
    )


def answer_types(text: str) -> frozenset[AnswerType]:
    """Return what kinds of answer the wording asks for; {"open"} when it doesn't say."""
    found = {kind for kind, wording in _WORDINGS if re.search(wording, text, re.IGNORECASE)}
    if found & {"number", "definition"}:
        found.discard("procedure")
    return frozenset(found or {"open"})


def workshop_number(text: str) -> int | None:
    """Return the number of the workshop the text names, in digits or as an ordinal."""
    found = _WORKSHOP_NUMBER.search(text)
    if not found:
        return None
    digits = found["after"] or found["before"]
    return int(digits) if digits else _ORDINALS[found["word"].lower()]


def other_forms(text: str, glossary: Glossary) -> list[str]:
    """Return long forms of the short forms in the text, and short forms of the long ones."""
    forms: list[str] = []
    for token in _SHORT_FORM.findall(text) + _lower_short_forms(text, glossary):
        entry = glossary.abbreviation(token)
        if entry and entry.long_form not in forms:
            forms.append(entry.long_form)
    return forms + [form for form in glossary.short_forms(text) if form not in forms]


def _checked(question: str) -> str:
    typed = " ".join(question.replace("\0", " ").split())
    if not typed:
        raise QuestionError("Die Frage ist leer. Bitte geben Sie eine Frage ein.")
    if len(typed) > MAX_CHARS:
        raise QuestionError(
            f"Die Frage hat {len(typed)} Zeichen, möglich sind {MAX_CHARS}. Bitte kürzen Sie sie."
        )
    if not any(character.isalnum() for character in typed):
        raise QuestionError(
            "Die Frage enthält weder Buchstaben noch Ziffern. Bitte formulieren Sie sie in Worten."
        )
    return typed


def _lower_short_forms(text: str, glossary: Glossary) -> list[str]:
    """Short forms typed small, where the whole question is typed small."""
    if text != text.lower():
        return []
    words = re.findall(r"\w+", text)
    return [w for w in words if len(w) >= 3 and glossary.abbreviation(w)]


def _with_context(question: str, history: Sequence[Turn], analyser: Analyser) -> str:
    """Put the last full question before a follow-up that can't stand alone."""
    earlier = [turn.text for turn in history if turn.role == "user"]
    if not earlier or not _needs_context(question, analyser):
        return question
    for text in reversed(earlier):
        if not _needs_context(text, analyser):
            return f"{text.rstrip(' ?.!')} – {question}"
    return f"{earlier[0].rstrip(' ?.!')} – {question}"


def _needs_context(question: str, analyser: Analyser) -> bool:
    words = analyser.analyse(question).words
    plain = _POLITE.sub("", question)
    return len(words) <= 1 or (len(words) <= 4 and bool(_ELLIPSIS.search(plain)))


def _mended(text: str, analyser: Analyser, glossary: Glossary) -> str:
    """Replace words the collection doesn't know by the closest one it knows."""
    mended, done = "", 0
    for token in analyser.tokens(text):
        word = text[token.start : token.end]
        known = [analyser.document_frequency(stem) for stem in (token.stem, *token.parts)]
        if (
            token.kind != "word"
            or len(word) < MIN_MENDED
            or known[0]
            or (len(known) > 1 and all(known[1:]))
            or glossary.abbreviation(word)
        ):
            continue
        meant = analyser.closest(word)
        if meant and meant[0].lower() == word[0].lower():
            mended += text[done : token.start] + meant
            done = token.end
    return mended + text[done:]


def _workshop(
    text: str, number: int | None, workshops: Sequence[Workshop], analyser: Analyser
) -> int | None:
    """Return the workshop meant: by number, by theme, or by town."""
    if number is not None:
        return number
    if "werkstatt" not in text.casefold():
        return None
    asked = set(analyser.analyse(text).words)
    for workshop in workshops:
        theme = set(analyser.analyse(workshop.theme).words)
        if theme and len(theme & asked) >= THEME_SHARE * len(theme):
            return workshop.number
    in_town = [w.number for w in workshops if w.town and re.search(rf"\b{w.town}\b", text, re.I)]
    return in_town[0] if len(in_town) == 1 else None
