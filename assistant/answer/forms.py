"""What kind of answer is asked for, and does a sentence have that form? Words only, no model."""

import re
from collections.abc import Sequence
from typing import Literal

from assistant.answer.terms import Bag, Term, match
from assistant.query.question import Query

Form = Literal[
    "definition",
    "list",
    "procedure",
    "number",
    "date",
    "place",
    "person",
    "reason",
    "comparison",
    "overview",
    "questions",
    "open",
]

FACTS: frozenset[Form] = frozenset(("number", "date", "place", "person"))
LISTS: frozenset[Form] = frozenset(("list", "procedure"))

# Half of all questions name what they ask for without a question word: "zielgruppe
# werkstattreihe", "antragsfrist 2018". Words are whole words, whatever their capitals.
_NAMED: dict[Form, str] = {
    "number": (
        r"anzahl|zahl(?:en)?|höhe|hoehe|betr[aä]ge?|budget|jahresbudget|kosten|summe|prozent|anteile?"
        r"|zuschuss|bu(?:ß|ss)geld|dauer|größe|quote|geld|maximal|einwohner"
    ),
    "date": (
        r"datum|termine?|zeitraum|(?:antrags)?frist|laufzeit|beginn|stichtag|inkrafttreten|jahr"
    ),
    "place": r"ort|adresse|veranstaltungsort|anschrift",
    "person": r"veranstalter|herausgeber|träger|zust(?:ä|ae)ndig|ansprechpartner\w*",
    "reason": r"grund|gründe|ursachen?|anlass",
    "definition": (
        r"begriff|definition|definiert|bedeutung|erklärung|langform|abkürzung|gemeint"
        r"|steht für|steht fuer|stehen"
    ),
    "procedure": (
        r"ablauf|schritte|vorgehen|verfahren|anleitung|vorbereiten|aufbauen|der reihe nach"
    ),
    "list": (
        r"aufgaben|bausteine|ziele|(?:leit|check)?fragen|prinzipien|grundsätze|kriterien|merkmale"
        r"|kennzeichen|(?:an|warn)zeichen|beispiele|checkliste|instrumente|ebenen|stufen"
        r"|h(?:ü|ue)rden|hemmnisse|stolpersteine|voraussetzungen|themen|handlungsfelder"
        r"|fallstudien|nenne?|zähle?|aufzählen|gehört (?:alles|da|dazu|zum|zur|zu)|woran"
    ),
    "comparison": (
        r"unterschiede?n?|unterscheide[nt]|vergleich\w*|gegenüber\w*|vs|versus|pro (?:und )?contra"
    ),
    "questions": r"(?:leit|check|prüf|kern)?fragen",
    "overview": (
        r"(?:in|auf|bei) welche[nr] (?:der )?(?:werkst[aä]tt\w*|workshops?|veranstaltung\w*)"
        r"|welche werkstätten"
    ),
}
_NAMING: dict[Form, re.Pattern[str]] = {
    form: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for form, words in _NAMED.items()
}

_MONTH = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_COUNTED = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dutzend|hundert|tausend|hälfte"
    "|drittel|viertel"
)
# Digits that count nothing: dates, years, sections of laws, numbers of things.
_NO_COUNT = re.compile(
    rf"\b\d{{1,2}}\. ?(?:\d{{1,2}}\.|{_MONTH})(?: ?(?:19|20)\d\d)?|\b(?:19|20)\d\d\b|§+ ?\d+\w*"
    r"|\b(?:Nr\.|Nummer|Ziffer|Abs\.|Werkstatt|Tabelle|Abbildung|Seite|S\.|Kapitel) \d+|^\d+[.)]"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER = re.compile(rf"\d|\b\w*(?:{_COUNTED})\b", re.IGNORECASE)
_SIGNS: dict[Form, re.Pattern[str]] = {
    "date": re.compile(rf"\b(19|20)\d\d\b|\b({_MONTH})\b|\b\d{{1,2}}\.\d{{1,2}}\."),
    "place": re.compile(
        r"\b(?:in|aus|nach|bei) [A-ZÄÖÜ„]\w+|\b\w+(?:straße|str\.|platz|weg|allee) \d|\b\w*ort\b"
    ),
    "person": re.compile(
        r"\b\w*(?:amt|ämter|ministerium|rat|gremium|netz|management|gesellschaft|unternehmen"
        r"|verband|institut|büro|stelle|träger|leitung|gruppe|polizei)\b|\bGmbH\b|\be\. ?V\."
        r"|\b(?:Stadt|Land|Bund|Gemeinde|Kommunen?|Städte|Kreise?|Bewohner\w*|Fachleute)\b",
        re.IGNORECASE,
    ),
    "reason": re.compile(
        r"\b(weil|denn|deshalb|damit|wegen|aufgrund|Grund|Gründe|Ursachen?|daher|darum|sodass)\b"
    ),
    "comparison": re.compile(
        r"\b(unterschei\w+|Unterschied\w*|dagegen|hingegen|während|gegenüber|anders als|enger\w*"
        r"|weiter als|einerseits|eine Seite|Gegensatz|im Vergleich)\b",
        re.IGNORECASE,
    ),
}
# A series of things, "Leitbild, Präventionskette und Monitoring", and words that announce one.
_SERIES = re.compile(r"\w, [^,.;:]{2,60}(?:,| und | sowie | oder | bis )", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(best(?:eht|ehen|and)|umfass\w+|gehör\w+|enthält|enthielt|enthalten|beruht|nämlich|sind"
    r"|waren|nennt|nannte|unterscheide\w+|folgende\w?|lauten|hießen)\b|: "
)
_DEFINES = re.compile(
    r"\b(ist|sind|bedeutet|bezeichnet|heißt|meint|umfasst|beschreibt|steht für)\b"
    r"|\b(versteht|meint) man\b|\bwerden? .{0,60}verstanden\b"
)
# Words before the verb of a definition: "Ein Verfügungsfonds ist …", "Unter … versteht man …".
_DEFINED_WITHIN = 8
# Letters of an asked word that must stand before the verb of its definition.
_MIN_DEFINED = 6
_ABOUT_ITSELF = re.compile(
    r"^(Das|Dieses|Der|Dieser|Die) (Themenheft|Heft|Kapitel|Dokument|Glossar|Text|Überblick"
    r"|Sammelband|Broschüre|Abschnitt|Tabelle)\b|^Tabelle \d+ (zeigt|hilft|nennt|ordnet|fasst)\b"
)
_SENTENCE_END = re.compile(r"[.!?:;…][“”\"»)\]]*$")

# A sentence that defines the word is what was asked for; the others only look like it might.
DEFINING = 2.0
# A series of things that nothing announces may be one by the way.
BY_THE_WAY = 0.5


def wanted(query: Query) -> frozenset[Form]:
    """Return the forms an answer may have; {"open"} when the wording doesn't say.

    Of a follow-up, what is asked now counts: "Was ist X? – Und wie viel Geld ist da drin?".
    """
    asked = query.asked or query.text
    named: set[Form] = {form for form, words in _NAMING.items() if words.search(asked)}
    return frozenset((query.types - {"open"}) | named) or frozenset({"open"})


def fit(
    forms: frozenset[Form],
    asked: Sequence[Term],
    text: str,
    words: Bag,
    *,
    in_list: bool,
    is_sentence: bool,
) -> float:
    """Return how well a unit has the forms, -2 to 2.

    ``in_list`` is an item that a line leads in; ``is_sentence`` is what should end like one.
    """
    if text.startswith("Quelle:"):
        return -2.0
    if _ABOUT_ITSELF.match(text):
        return -1.5
    if text.endswith("?") and ":" not in text and not (in_list and "questions" in forms):
        return -2.0  # asked back in the same words; -1 and -3 give the same figures on dev
    if is_sentence and not _SENTENCE_END.search(text):
        return -1.0  # a title or a heading: it names the matter and says nothing
    fits = [float(bool(sign.search(text))) for form, sign in _SIGNS.items() if form in forms]
    if "number" in forms:
        fits.append(float(counts(text)))
    if "definition" in forms:
        fits.append(DEFINING * defines(text, asked, words))
    if forms & LISTS:
        fits.append(_enumerates(text, in_list=in_list))
    return sum(fits) / len(fits) if fits else 0.0


def defines(text: str, asked: Sequence[Term], words: Bag) -> float:
    """Return how much of what is asked the sentence says what it is, 0 to 1."""
    verb = _DEFINES.search(text)
    content = [term for term in asked if not term.light]
    if not verb or not content:
        return 0.0
    before = text[: verb.start()].casefold()
    if len(before.split()) > _DEFINED_WITHIN:
        return 0.0
    defined = (t for t in content if t.word.casefold()[:_MIN_DEFINED] in before and match(t, words))
    return sum(t.weight for t in defined) / sum(t.weight for t in content)


def counts(text: str) -> bool:
    """Tell whether a text has a number that counts or measures something."""
    return bool(_NUMBER.search(_NO_COUNT.sub(" ", text)))


def contradicts(text: str, other: str) -> bool:
    """Tell whether each of two texts has a number that the other doesn't have."""
    one, two = (frozenset(_DIGITS.findall(_NO_COUNT.sub(" ", t))) for t in (text, other))
    return bool(one - two and two - one)


def turns(text: str) -> bool:
    """Tell whether a sentence turns to something else: a question, a list, the booklet itself."""
    return text.endswith(("?", ":")) or bool(_ABOUT_ITSELF.match(text))


def _enumerates(text: str, *, in_list: bool) -> float:
    if in_list or text.endswith(":"):
        return 1.0
    if not _SERIES.search(text):
        return 0.0
    return 1.0 if _ANNOUNCES.search(text) else BY_THE_WAY
