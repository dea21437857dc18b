"""A question within a conversation -> one that stands alone. Rules only, no model.

What is asked now stays apart from what earlier questions add, since an answer has to fit the
first and only to be about the second.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.catalogue import Glossary
from corpus.german import Analyser

# Words; so short a question ("Welche Städte?") lives on the one before it.
FEW_WORDS = 3
# Words of "Welchen Anteil hat die Kommune getragen?", which has nouns but none of its own.
FEW_WITHOUT_SUBJECT = 7
# Words of "Und in der zweiten Werkstatt?" after the first; more make a question of its own.
MAX_REPLACING = 6


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with what the conversation adds to it."""

    asked: str
    """What is asked now, where need be with the words it leaves out."""
    context: str = ""
    """The earlier question it refers to; empty when it stands alone."""

    @property
    def text(self) -> str:
        """Both, as shown to the reader."""
        return f"{_bare(self.context)} – {self.asked}" if self.context else self.asked


def resolve(
    question: str, earlier: Sequence[str], analyser: Analyser, glossary: Glossary
) -> Resolved:
    """Resolve a question by the person's earlier ones, oldest first.

    One that is written as it would be shown, "Was ist ein Fonds – Wer verwaltet ihn?", is read
    as it was meant.
    """
    last = Resolved("")
    for said in (*earlier, question):
        last = _next(said, last, analyser, glossary)
    return last


def _next(question: str, last: Resolved, analyser: Analyser, glossary: Glossary) -> Resolved:
    if not last.asked:
        return _as_shown(question, analyser)
    if corrected := _corrected(question, last.asked, glossary):
        return Resolved(corrected, last.context)
    if replaced := _replaced(question, last.asked):
        return Resolved(replaced, last.context)
    if _AGREES.fullmatch(question):
        return last
    # A short form alone asks what it means, whatever was spoken of before.
    if glossary.abbreviation(question.strip(" ?!.")) or not depends(question, analyser):
        return Resolved(question)
    # A follow-up to a follow-up is about what the first one was about.
    return Resolved(question, last.context or last.asked)


def _as_shown(question: str, analyser: Analyser) -> Resolved:
    context, dash, asked = question.rpartition(" – ")
    return Resolved(asked, context) if dash and depends(asked, analyser) else Resolved(question)


def depends(question: str, analyser: Analyser) -> bool:
    """Tell whether a question can't be understood without the one before it."""
    if _DEFINES.search(question):
        return False
    plain = _POLITE.sub("", question)
    content = any(token.kind != "stop" for token in analyser.tokens(plain))
    if not content or len(plain.split()) <= FEW_WORDS or _OPENS.search(plain):
        return True
    if len(plain.split()) <= FEW_WITHOUT_SUBJECT and names_no_subject(plain):
        return True
    return points(plain)


def names_no_subject(question: str) -> bool:
    """Tell whether its nouns, if it has any, are such as every question in this field may have."""
    nouns = re.findall(r"(?<!^)\b[A-ZÄÖÜ]\w+", question)
    return bool(nouns) and all(_GENERAL.match(noun) for noun in nouns)


def points(question: str) -> bool:
    """Tell whether a question points to something that it doesn't name."""
    plain = _POLITE.sub("", question)
    return bool(_POINTS.search(plain)) or any(
        not _has_antecedent(plain[: found.start()]) for found in _PRONOUN.finditer(plain)
    )


# -- what makes a question depend ------------------------------------------------------------

_AGREES = re.compile(r"(ja|genau|gern(e)?|bitte|ok(ay)?|mehr( dazu)?)( bitte)?[.!]?", re.IGNORECASE)
_OPENS = re.compile(r"^(und|oder|aber|auch|sonst|ja|nein|doch)\b", re.IGNORECASE)
_GENERAL = re.compile(
    r"(?:st(?:a|ä)dte?n?|kommunen?|gemeinden?|ämtern?|amt|ort[es]?|orten|jahre?n?s?|geld(?:er)?|mittel"
    r"|menschen|leuten?|personen?|anteile?n?|anzahl|zahl(?:en)?|schritte?n?|aufgaben?|ziele?n?"
    r"|gründe?n?|beispiele?n?|quellen?|angaben?|seiten?|gruppen?|kosten|häusern?)$",
    re.IGNORECASE,
)
# "Und was ist ein Kümmerer?" asks for something new, however it begins.
_DEFINES = re.compile(
    r"\bwas (ist|sind|bedeutet|heißt|heisst) (denn |eigentlich )*(ein |eine |der |die |das )?"
    r"(?!das\b|dies\b|es\b|damit\b|davon\b|daran\b)\w{4,}[?.! ]*$|\bwofür steht \w+[?.! ]*$",
    re.IGNORECASE,
)
# "das" that isn't an article: at the end, before an adverb, or before a last verb.
_POINTS = re.compile(
    r"\b(da|dort|davon|damit|dazu|dabei|dafür|daran|darin|darüber|dagegen|danach|deswegen|denen"
    r"|dies|diese[mnrs]?|jene[mnrs]?|solche[mnrs]?|welche davon)\b"
    r"|\b(waren|sind|ist|war|wird|werden|wurde|wurden) es\b"
    r"|\bdas(?=\s*[?.!]|\s*$|\s+(?-i:[a-zäöüß]+(?:t|en))\s*[?.!]*$|\s+(heute|noch|nicht|auch|genau|alles|denn"
    r"|eigentlich|so|dann|immer|jetzt|schon|früher|überhaupt|bei|in|für|mit|von)\b)",
    re.IGNORECASE,
)
# Case tells "sie" from the polite "Sie".
_PRONOUN = re.compile(r"\b([Ee]r|(?<!^)sie|^[Ss]ie|ihn|ihm|ihr|ihnen|deren|dessen)\b")
_POLITE = re.compile(
    r"\b(können|koennen|könnten|würden|haben|sagen|erklären|nennen|wissen|meinen) sie\b",
    re.IGNORECASE,
)
# "Was ist ein Fonds und wer verwaltet ihn?": what a pronoun stands for may come before it.
_NOUN_BEFORE = re.compile(r"(?<!^)\b[A-ZÄÖÜ]\w{3,}.*(,|\bund\b|\boder\b)")


def _has_antecedent(before: str) -> bool:
    return bool(_NOUN_BEFORE.search(before))


# -- replacing one word of the last question -------------------------------------------------

_REPLACES = re.compile(
    r"^(?:und|oder|aber|auch|sonst|nein)?[, ]*(?P<other>[^?!]+?)(?:[?! ]|(?<!\d)\.)*$", re.I
)
_ARTICLE = r"(?:der|die|das|den|dem|des) "
_ORDINAL = (
    r"(?:\d{1,2}\.|(?:erst|zweit|dritt|viert|fünft|fuenft|sechst|siebt|acht|neunt|zehnt)e[nrs]?)"
)
# What can take the place of its like: an ordinal, a number of a workshop, a year, a place.
_LIKES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?P<it>{_ORDINAL})(?= werkstatt\b|\s*[?!.]*$)", re.IGNORECASE),
    re.compile(r"werkstatt (?:nr\.? |nummer )?(?P<it>\d{1,2})\b", re.IGNORECASE),
    re.compile(r"\b(?P<it>(?:19|20)\d\d)\b"),
    re.compile(r"\b[Ii]n (?P<it>[A-ZÄÖÜ][\w-]+)\b"),
)
# Left over when its like is taken out of the follow-up: nothing that asks for anything else.
_LEFT_OVER = frozenset(
    {"der", "die", "das", "den", "dem", "des", "in", "im", "zur", "zum", "für", "bei", "mit"}
    | {"werkstatt", "nr"}
)


def _replaced(question: str, last: str) -> str:
    """Return the last question about something else of the same kind, or nothing."""
    found = _REPLACES.match(question)
    other = found["other"].strip() if found else ""
    if not other or len(other.split()) > MAX_REPLACING:
        return ""
    for like in _LIKES:
        new, old = like.search(other), like.search(last)
        if new and old:
            rest = f"{other[: new.start('it')]} {other[new.end('it') :]}"
            if _LEFT_OVER.issuperset(rest.casefold().split()):
                return last[: old.start("it")] + _bent(new["it"], old["it"]) + last[old.end("it") :]
    return ""


def _bent(new: str, old: str) -> str:
    """Give an ordinal the ending of the one it replaces: "Und die vierte?" after "der dritten"."""
    ending = re.search(r"e[nrs]?$", old)
    return re.sub(r"e[nrs]?$", ending[0], new) if ending and not new[:1].isdigit() else new


# -- corrections -----------------------------------------------------------------------------

_CORRECTS = re.compile(
    r"^(?:nein|nee|nicht|falsch)?[,. ]*"
    r"(?:(?:ich |wir )?mein(?:t?en?|te)|gemeint (?:ist|war))"
    rf"[ ,:]*(?:ich |hier |eigentlich )*(?:{_ARTICLE})?(?P<meant>[^?!.]+)[?!. ]*$",
    re.IGNORECASE,
)


def _corrected(question: str, last: str, glossary: Glossary) -> str:
    """Return the last question with the reading that was meant, or nothing."""
    found = _CORRECTS.match(question)
    if not found:
        return ""
    meant = found["meant"].strip()
    for word in re.findall(r"\w+", last):
        entry = glossary.abbreviation(word)
        readings = (entry.long_form, *entry.other_readings) if entry else ()
        for reading in readings:
            if meant.casefold() in reading.casefold():
                return _with(last, word, reading)
    return _replaced(meant, last) or f"{_bare(last)}: {meant}"


def _with(text: str, word: str, other: str) -> str:
    put: Callable[[re.Match[str]], str] = lambda _: other  # noqa: E731  # no escapes of re.sub
    return re.sub(rf"\b{re.escape(word)}\b", put, text, count=1)


def _bare(question: str) -> str:
    return question.rstrip(" ?!.")
