"""Negation, limits and obligation: does a sentence say yes where its source says no?

Words of these kinds are compared clause by clause, because a sentence may rightly leave out a
clause of its source that is negated. What stands for what: "nicht", "kein", "ohne" are one
kind; "nur" and "ausschließlich" another; "kann" and "darf", "muss" and "ist zu", "soll" and
"empfiehlt sich" are three degrees of obligation.
"""

import re
from dataclasses import dataclass

from assistant.generate.content import content, covered

_SENTENCE = r"(?<=[^\W\d])[.]\s|[;:!?\n]\s?"
# Negations hold for a clause, obligations for all clauses of a sentence that hang together.
_SENTENCES = re.compile(_SENTENCE)
_CLAUSES = re.compile(rf"{_SENTENCE}|,\s|\s[–-]\s|\s(?:und|oder|sondern|während|weil|wenn)\s")
# "…, ist nicht belegt": the negated clause is about the one before it.
_PREDICATE = re.compile(r"\s*(?:ist|sind|war|waren|bleibt|bleiben|blieb|wird|wurde|wurden)\b")
_KINDS: dict[str, re.Pattern[str]] = {
    "Verneinung": re.compile(
        r"\b(?:nicht(?! nur\b| allein\b| zuletzt\b)|kein\w*|nie|niemals|nichts|niemand\w*|ohne"
        r"|weder|keinesfalls|keineswegs|un(?:belegt|bestätigt|klar|gesichert|geeignet|zulässig)\w*"
        r"|entfällt|entfallen|fehlt|fehlen|fehlte[n]?|verbietet|verboten|unterbleibt)\b"
    ),
    "Einschränkung": re.compile(
        r"\b(?:nur|lediglich|ausschließlich|bloß|allein(?=\s(?:die|der|das|den|dem|bei|für|auf))"
        r"|einzig(?!\w)|ausgenommen|außer|ausnahme|ausnahmen)\b"
    ),
    "Möglichkeit": re.compile(
        r"\b(?:kann|können|könnte|könnten|konnte|konnten|darf|dürfen|durfte|durften|möglich\w*"
        r"|erlaubt\w*|mitunter|unter umständen|lassen sich|lässt sich|ließ sich|optional"
        r"|vielleicht|mag|mögen)\b"
    ),
    "Pflicht": re.compile(
        r"\b(?:muss|müssen|musste|mussten|pflicht|verpflichtet\w*|verpflichtend\w*|verlangt|verlangen"
        r"|vorgeschrieben|zwingend\w*|erforderlich\w*|voraussetzung\w*|voraus|vorausgesetzt"
        r"|notwendig\w*|nötig|unerlässlich)\b"
        r"|\b(?:ist|sind|war|waren)\b(?=.*\b(?:zu [a-zäöü]+e?n|[a-zäöü]{2,5}zu[a-zäöü]+en)\b)"
        r"|\b(?:zu [a-zäöü]+e?n|[a-zäöü]{2,5}zu[a-zäöü]+en) (?:ist|sind|war|waren)\b"
    ),
    "Empfehlung": re.compile(
        r"\b(?:soll|sollen|sollte|sollten|empfiehlt|empfehlen|empfohlen\w*|ratsam|empfehlenswert"
        r"|regte|regten|rät|raten)\b"
    ),
}
_MATTER = re.compile(r"\s*(?:ob|dass|welche[mnrs]?|wer|wo|wann|wie)\b")
_NEGATED = re.compile(r"\bnicht ([a-zäöüß]+)")
_FEW_WORDS = 2
_OF_CLAUSES = ("Verneinung", "Einschränkung")
# Share of a clause's content words that the other text must have for it to be about the same.
ABOUT = 0.5
# The negation of a clause that is told at length must be told too; one word in passing needn't.
TOLD = 0.6
_OPPOSITES = (
    (r"mindestens|wenigstens", r"höchstens|maximal"),
    (
        r"steig\w*|stieg\w*|wächst|wuchs\w*|zugenommen|erhöh\w*|anstieg\w*",
        r"sink\w*|sank\w*|gesunken|abgenommen|verringer\w*|gesenkt\w*|rückgang\w*|schrumpf\w*",
    ),
    (r"vor", r"nach"),
    (r"mehr", r"weniger"),
    (r"befristet\w*", r"unbefristet\w*|dauerhaft\w*"),
    (r"freiwillig\w*", r"verpflichtend\w*|verbindlich\w*"),
    (r"intern\w*|verwaltungsintern\w*", r"extern\w*"),
)
_PAIRS = tuple((re.compile(rf"\b(?:{a})\b"), re.compile(rf"\b(?:{b})\b")) for a, b in _OPPOSITES)


@dataclass(frozen=True, slots=True)
class _Clause:
    words: frozenset[str]
    marks: frozenset[str]


def changed(stated: str, given: str) -> tuple[str, ...]:
    """Return in German how the sentence ``stated`` turns what its source ``given`` says."""
    reasons = list[str]()
    for kind in _KINDS:
        wide = _CLAUSES if kind in _OF_CLAUSES else _SENTENCES
        if _added(kind, _clauses(stated, wide), _clauses(given, wide)):
            reasons.append(f"{kind} steht nicht im Beleg")
        elif _dropped(kind, _clauses(stated, wide), _clauses(given, _CLAUSES)):
            reasons.append(f"{kind} des Belegs fehlt")
    if not reasons and _affirmed(_clauses(stated, _CLAUSES), _clauses(given, _CLAUSES), given):
        reasons.append("Verneinung des Belegs fehlt")
    return (*reasons, *_opposed(stated.casefold(), given.casefold()))


def _opposed(stated: str, given: str) -> list[str]:
    """Name the words that say the opposite of what the source says."""
    reasons = list[str]()
    for one, other in _PAIRS:
        for here, there in ((one, other), (other, one)):
            said = here.search(stated)
            turned = there.search(given) and not there.search(stated)
            if said and turned and not here.search(given):
                reasons.append(f"„{said[0]}“ steht gegen den Beleg")
    return reasons


def _clauses(text: str, cut: re.Pattern[str]) -> list[_Clause]:
    """Cut a text and join "…, ist nicht belegt" and "Nicht belegt ist, ob …" with their matter."""
    clauses = list[_Clause]()
    awaits_matter = False
    for part in cut.split(text):
        marks = frozenset(k for k, pattern in _KINDS.items() if pattern.search(part.casefold()))
        clause = _Clause(frozenset(content(part)), marks)
        joins = (marks and _PREDICATE.match(part)) or (awaits_matter and _MATTER.match(part))
        if clauses and joins:
            before = clauses.pop()
            clause = _Clause(before.words | clause.words, before.marks | marks)
        if clause.words or marks:
            clauses.append(clause)
        awaits_matter = bool(marks) and len(clause.words) <= _FEW_WORDS
    return clauses


def _added(kind: str, ours: list[_Clause], theirs: list[_Clause]) -> bool:
    """Tell whether a clause of the sentence is marked though the clauses it renders aren't."""
    marked = [other for other in theirs if kind in other.marks]
    for clause in ours:
        if kind not in clause.marks:
            continue
        told = any(covered(other.words, clause.words) >= TOLD for other in marked)
        if not told and not any(kind in other.marks for other in _nearest(clause, theirs)):
            return True
    return False


def _dropped(kind: str, ours: list[_Clause], theirs: list[_Clause]) -> bool:
    """Tell whether the sentence renders a marked clause of its source without the mark."""
    said = frozenset[str]().union(*(clause.words for clause in ours))
    for clause in theirs:
        if kind not in clause.marks or not clause.words or covered(clause.words, said) < TOLD:
            continue
        if not any(kind in other.marks for other in _nearest(clause, ours)):
            return True
    return False


def _affirmed(ours: list[_Clause], theirs: list[_Clause], given: str) -> bool:
    """Tell whether the sentence affirms the very word that its source only negates."""
    negated = {word for m in _NEGATED.finditer(given.casefold()) for word in content(m[1])}
    affirmed = {w for c in theirs if "Verneinung" not in c.marks for w in c.words}
    said = {w for c in ours if "Verneinung" not in c.marks for w in c.words}
    return any(word in said for word in negated - affirmed)


def _nearest(clause: _Clause, others: list[_Clause]) -> list[_Clause]:
    """Return the clauses that are about the same: all that share enough, else the closest."""
    shares = [(covered(clause.words, other.words), other) for other in others]
    best = max((share for share, _ in shares), default=0.0)
    return [other for share, other in shares if share >= min(ABOUT, best)]
