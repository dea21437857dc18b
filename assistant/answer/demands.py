"""What the wording of a question demands of an answer, and whether the quoted units offer it.

A demand can only fail, never prove. Of what each refuses rightly and wrongly on the golden set
(dev) docs/evaluation.md has the figures. Pure.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Literal

from assistant.answer.terms import Bag, Term, bag, match
from assistant.query.names import is_place, places
from assistant.query.question import AnswerType
from corpus.german import Analyser

Demand = Literal[
    "number",  # a figure that counts what is asked
    "date",  # a date or year of what is asked
    "contact",  # a telephone number, an address, a time of day
    "names",  # which towns, by name
    "place",  # something about the place that is asked about
    "event",  # that what is asked the reason of has happened
    "today",  # something about today
    "elsewhere",  # an answer instead of a reference to another source
    "known",  # an answer instead of the remark that it isn't known
]

# A counted noun stands at most so many words from its figure: "178 beteiligte Kommunen".
NEAR = 4

_FACTS: frozenset[AnswerType] = frozenset(("number", "date", "place", "person"))
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\. ?)?(?:{_MONTHS})(?: (?:19|20)\d\d)?\b|\b(?:19|20)\d\d\b"
    r"|\b\d{1,2}\.\d{1,2}\.(?:\d{2,4})?",
)
# Figures that name something rather than count it.
_NAMING = re.compile(
    r"(?:\bNr\.|\bNummer|§+|\bAbs\.|\bAbsatz|\bArt(?:ikel|\.)|\bWerkstatt|\bTabelle|\bAbbildung"
    r"|\bKapitel|\bSeite|\bS\.|\bSGB|\bStufe|\bPhase|\bStand)\s*\d+\w*|^\s*\d{1,2}[.)]\s"
    r"|\b\d{1,2}\. (?=Werkstatt)",
    re.MULTILINE,
)
_QUANTITY = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:einmal|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
    r"|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn"
    r"|(?:\w+und)?(?:zwan|vier|fünf|sech|sieb|acht|neun)zig|(?:\w+und)?dreißig"
    r"|\w*hundert\w*|\w*tausend\w*|dutzend|keine?[nrs]?|halb\w*|doppelt|drittel|viertel|mehrere)\b",
    re.IGNORECASE,
)
_RHYTHM = re.compile(
    r"\b(?:\w*mal|täglich|\w*wöchentlich|\w*monatlich|\w*jährlich|regelmäßig|jede[nrs]?|alle)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\bwie ?viele[nr]? (?:(?-i:[a-zäöüß])\w+e[nrs]? )?(?P<many>[\w-]+)"
    r"|\banzahl (?:der |von |an )?(?P<count>[\w-]+)",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\bwie (?:viel|hoch|groß|lang|lange|teuer|alt|weit)\b", re.IGNORECASE)
_HOW_OFTEN = re.compile(r"\bwie (?:oft|häufig)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:\bNr\. ?|§ ?)(\d+\w*)", re.IGNORECASE)
_WHEN = re.compile(
    r"\bwann (?:war|waren|fand|fanden|wurde|wurden|trat|traten|begann|startete|endete|lief|kam"
    r"|erschien|sollte)\b|\b(?:in |seit |ab )?welche[mns]? (?:jahr|datum|monat|tag)\b"
    r"|\bseit wann\b|\bbis wann\b",
    re.IGNORECASE,
)
_CONTACTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(r"\b(?:telefon\w*|rufnummer|durchwahl|handynummer)\b", re.IGNORECASE),
        re.compile(r"\b0\d{2,5}[ /-]\d{3,}|\+49"),
    ),
    (
        re.compile(r"\b(?:e-?mails?\b|(?:e-?)?mail-?adresse\w*)", re.IGNORECASE),
        re.compile(r"\S@\S|\(at\)"),
    ),
    (
        re.compile(r"(?<!mail)(?<!mail-)\b(?:adresse|anschrift|hausnummer)\b", re.IGNORECASE),
        re.compile(r"(?:straße|str\.|platz|weg|allee|ring|gasse) \d|\b\d{5} [A-ZÄÖÜ]"),
    ),
    (
        re.compile(r"\b(?:öffnungszeit\w*|sprechzeit\w*|uhrzeit|wie viel uhr)\b", re.IGNORECASE),
        re.compile(r"\bUhr\b|\bSprechzeit|\b\d{1,2}[:.]\d\d\b"),
    ),
)
# Not "Welche Kommunen können …?", which asks for a kind of town.
_WHICH_TOWNS = re.compile(
    r"\bwelche[nrs]? (?:\w+ )?\w*(?:kommunen|städte|kreise|gemeinden) "
    r"(?!können|sollten|müssen|dürfen|eignen|brauchen|gelten)",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?:heute|heutzutage|aktuell\w*|gerade|derzeit\w*|momentan|zur ?zeit|gegenwärtig)\b"
    r"|\bneuen (?:gesetz|recht|regelung|richtlinie|fassung)\b",
    re.IGNORECASE,
)
_OF_TODAY = re.compile(
    r"\b(?:heut\w*|aktuell\w*|derzeit\w*|inzwischen|mittlerweile|gegenwärtig|seit|gilt|gelten"
    r"|heißt|nunmehr|nun)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:zu entnehmen|heranzuziehen|nachzulesen|maßgeblich)\b", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"\bnicht (?:\w+ )?(?:einsehbar|belegt|überliefert|bekannt|dokumentiert|bestätigt|angegeben"
    r"|genannt|ermittelt|zugänglich|verfügbar|veröffentlicht)\b|\bunbekannt\b"
    r"|\bl(?:ä|ie)(?:ss|ß)t sich (?:daraus )?nicht\b|\bliegen? nicht vor\b"
    r"|\bkeine (?:Angaben?|Zahl(?:en)?|Daten|Auskunft|Belege)\b",
    re.IGNORECASE,
)
_ASKS_CERTAINTY = re.compile(
    r"\b(?:belegt|bestätigt|bekannt|gesichert|sicher|stimmt|dokumentiert|entnehm\w*|maßgeblich"
    r"|gilt|gelten|gültig|weiß man|stützen|heranz\w+)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"^(?:und )?(?:warum|wieso|weshalb|aus welchem grund)\b", re.IGNORECASE)
_HAPPENED = re.compile(r"\b(?:hat|haben|hatte|wurde|wurden|ist|sind|war|waren)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A quoted unit with what frames it."""

    text: str
    way: str = ""
    """Title and headings above it."""
    head: str = ""
    """Head row of its table."""
    passage: str = ""
    """All of the passage it stands in."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as far as demands depend on it."""

    text: str
    types: Set[AnswerType]
    asked: Sequence[Term]
    scoped: str = ""
    """Words that limit the search and needn't stand in the evidence."""

    @property
    def content(self) -> list[Term]:
        """The words that say what it is about."""
        return [term for term in self.asked if not term.light]


def unmet(question: Question, said: Sequence[Said], analyser: Analyser) -> tuple[Demand, ...]:
    """Return what the question demands and none of the quoted units offers."""
    checks: tuple[tuple[Demand, bool], ...] = (
        ("number", _lacks_number(question, said, analyser)),
        ("date", _lacks_date(question, said, analyser)),
        ("contact", _lacks_contact(question.text, said)),
        ("names", _lacks_names(question.text, said)),
        ("place", _lacks_place(question, said, analyser)),
        ("event", _lacks_event(question, said, analyser)),
        ("today", bool(_TODAY.search(question.text)) and not _speaks_of_today(said)),
        ("elsewhere", _refers(question, said, analyser)),
        ("known", _says_unknown(question, said, analyser)),
    )
    return tuple(demand for demand, lacking in checks if lacking)


def quantities(text: str) -> tuple[re.Match[str], ...]:
    """Return the figures and number words that count something: no dates, no numbering.

    Offsets are those of the text.
    """
    blank = _NAMING.sub(_blank, _DATE.sub(_blank, text))
    return tuple(_QUANTITY.finditer(blank))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


# -- figures and dates -----------------------------------------------------------------------


def _lacks_number(question: Question, said: Sequence[Said], analyser: Analyser) -> bool:
    counting = [unit for unit in said if quantities(unit.text)]
    if _HOW_OFTEN.search(question.text):
        return not counting and not any(_RHYTHM.search(unit.text) for unit in said)
    if counted := _COUNTED.search(question.text):
        stems = set(analyser.analyse(counted["many"] or counted["count"]).words)
        nouns = [term for term in question.content if term.stem in stems]
        if not any(match(noun, _words(unit, analyser)) for noun in nouns for unit in said):
            nouns = question.content  # counted by another word: "Leute" for "Menschen"
        return not any(not nouns or _counts(unit, nouns, analyser) for unit in counting)
    if not _MEASURED.search(question.text):
        return False
    references = _REFERENCE.findall(question.text)
    offering = [unit for unit in said if unit in counting or _DATE.search(unit.text)]
    return not any(all(r in f"{u.head} {u.text}" for r in references) for u in offering)


def _counts(unit: Said, nouns: Sequence[Term], analyser: Analyser) -> bool:
    """Tell whether a figure stands near one of the words, or both in a row of a table."""
    if "\t" in unit.text:
        return any(match(noun, _words(unit, analyser)) for noun in nouns)
    for figure in quantities(unit.text):
        before = unit.text[: figure.start()].split()[-NEAR:]
        after = unit.text[figure.end() :].split()[:NEAR]
        near = bag(" ".join((*before, *after)), analyser)
        if any(match(noun, near) for noun in nouns):
            return True
    return False


def _lacks_date(question: Question, said: Sequence[Said], analyser: Analyser) -> bool:
    if not _WHEN.search(question.text):
        return False
    known = [term for term in question.content if term.known]
    nouns = [term for term in known if not term.word[:1].islower()]
    about = [max(nouns, key=lambda term: term.weight)] if nouns else []
    dated = [_words(unit, analyser) for unit in said if _DATE.search(unit.text)]
    return not any(all(match(term, words) for term in about) for words in dated)


# -- names and places ------------------------------------------------------------------------


def _lacks_contact(question: str, said: Sequence[Said]) -> bool:
    return any(
        asks.search(question) and not any(offers.search(unit.text) for unit in said)
        for asks, offers in _CONTACTS
    )


def _lacks_names(question: str, said: Sequence[Said]) -> bool:
    if not _WHICH_TOWNS.search(question):
        return False
    return not any(is_place(word) for unit in said for word in re.findall(r"[\w-]+", unit.text))


def _lacks_place(question: Question, said: Sequence[Said], analyser: Analyser) -> bool:
    """Tell whether a place of the question stands in no unit that says what is asked of it."""
    frames = [_words(unit, analyser) for unit in said]
    for place in places(question.text, analyser):
        if place in question.scoped:
            continue
        stems = {stem for token in analyser.tokens(place) for stem in (token.stem, *token.also)}
        others = [term for term in question.content if term.stem not in stems]
        nouns = [term for term in others if not term.word[:1].islower()] or others
        if not any(
            stems <= words.words | words.parts
            and (not nouns or any(match(noun, words) for noun in nouns))
            for words in frames
        ):
            return True
    return False


# -- what the units say of themselves --------------------------------------------------------


def _lacks_event(question: Question, said: Sequence[Said], analyser: Analyser) -> bool:
    """Tell whether "why was X dissolved" finds nothing of a dissolution."""
    if not _WHY.search(question.text) or not _HAPPENED.search(question.text):
        return False
    verb = next((term for term in reversed(question.asked) if term.word[:1].islower()), None)
    if verb is None or verb is not question.asked[-1]:
        return False
    return not any(match(verb, _words(unit, analyser)) for unit in said)


def _speaks_of_today(said: Sequence[Said]) -> bool:
    return any(_OF_TODAY.search(unit.text) and not _REFERS.search(unit.text) for unit in said)


def _refers(question: Question, said: Sequence[Said], analyser: Analyser) -> bool:
    if not said or _ASKS_CERTAINTY.search(question.text):
        return False
    if _TODAY.search(question.text) and not _speaks_of_today(said):
        return any(_REFERS.search(unit.passage) for unit in said)
    return bool(_REFERS.search(_closest(question, said, analyser).text))


def _says_unknown(question: Question, said: Sequence[Said], analyser: Analyser) -> bool:
    """Tell whether what is closest to the question says that it isn't known."""
    if not said or _ASKS_CERTAINTY.search(question.text):
        return False
    closest = _closest(question, said, analyser)
    if "\t" in closest.text:
        return bool(_UNKNOWN.search(_asked_cell(closest, question, analyser)))
    return bool(question.types & _FACTS and _UNKNOWN.search(closest.text))


def _closest(question: Question, said: Sequence[Said], analyser: Analyser) -> Said:
    return max(said, key=lambda unit: _worth(question.content, _words(unit, analyser)))


def _asked_cell(row: Said, question: Question, analyser: Analyser) -> str:
    """Return the cell of the one column that the question names; empty where it's none or two."""
    heads = [_worth(question.content, bag(head, analyser)) for head in row.head.split("\t")]
    best, cells = max(heads), row.text.split("\t")
    if not best or heads.count(best) != 1 or len(cells) != len(heads):
        return ""
    return cells[heads.index(best)]


def _words(unit: Said, analyser: Analyser) -> Bag:
    return bag(f"{unit.way} {unit.head} {unit.text}", analyser)


def _worth(terms: Sequence[Term], words: Bag) -> float:
    return sum(term.weight * match(term, words) for term in terms)
