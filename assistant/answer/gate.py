"""Is there enough evidence? Else refuse, say why, and name what is near."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer.demands import Demand, Question, Said, unmet
from assistant.answer.terms import Term, bag, coverage, match
from assistant.answer.units import Run, unit_text
from assistant.query.parts import parts
from assistant.query.question import Query, answer_types
from assistant.types import Refusal, RefusalReason
from corpus.dates import german_date
from corpus.german import Analyser
from corpus.types import Document, Hit, Workshop

# Least share of the question's words that the evidence must cover, and what headings count.
# Chosen on the dev split of the golden set; docs/evaluation.md has the curve.
THRESHOLD = 0.28
CONTEXT_SHARE = 0.85
# One part of a question that is covered proves less than the whole.
PART_SHARE = 0.5
MAX_NAMED = 4

_EXACT = re.compile(r"\b(?:19|20)\d\d\b|§+ ?\d+\w*")
_COUNTS = {
    word: number
    for number, word in enumerate(
        ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        start=2,
    )
}
_WHICH_SO_MANY = re.compile(rf"\bwelche[nrs]? ({'|'.join(_COUNTS)})\b", re.IGNORECASE)
_ENUMERATES = re.compile(r",|;| und | sowie | oder |\n")

# What is answered all the same, with the remark that it says nothing about today.
TOLERATED: frozenset[Demand] = frozenset(("today",))
LACKING: dict[Demand, str] = {
    "number": "Eine Zahl dazu nennen sie nicht.",
    "date": "Ein Datum dazu nennen sie nicht.",
    "contact": "Solche Kontaktdaten enthalten sie nicht.",
    "names": "Welche es im Einzelnen sind, nennen sie nicht.",
    "place": "Zu diesem Ort sagen sie dazu nichts.",
    "event": "Dass es so war, wie die Frage voraussetzt, steht nicht darin.",
    "today": "Über den heutigen Stand sagen die gefundenen Stellen nichts.",
    "elsewhere": "Sie verweisen dafür selbst auf eine andere, neuere Quelle.",
    "known": "Sie sagen selbst, dass das nicht bekannt oder nicht belegt ist.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things a question asks for, and what the evidence lacks of it."""

    wording: str
    unmet: tuple[Demand, ...] = ()
    cover: float = 0.0
    """Share of its own words that the evidence covers, where it is one of several; 0 to 1."""
    is_touched: bool = True
    """Whether the evidence has any of its own words."""

    @property
    def is_answered(self) -> bool:
        """Tell whether the evidence answers it, if perhaps not for today."""
        return self.is_touched and TOLERATED.issuperset(self.unmet)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question, as the gate sees it."""

    cover: float
    """Share of the question's words that the evidence covers, 0 to 1."""
    missing: tuple[Term, ...]
    """Content words the evidence doesn't have."""
    exact: tuple[str, ...]
    """Years and paragraphs of the question that the evidence doesn't have."""
    enumerates: bool
    """Whether "which five" finds as many things listed; True when it isn't asked."""
    parts: tuple[Part, ...] = ()
    """What is asked for: several things in "Wann und wo …?", else the question itself."""
    dates: tuple[str, ...] = ()
    """States of the documents that were found, ISO 8601, each once."""


def evidence(
    query: Query,
    asked: Sequence[Term],
    best: float,
    runs: Sequence[Run],
    documents: Mapping[str, Document],
    analyser: Analyser,
) -> Evidence:
    """Measure what the chosen runs, with their surroundings, cover of the question.

    ``best`` is the coverage of the best single unit: words scattered over several places
    prove less than words that stand together.
    """
    quotes = [_quoted(run) for run in runs]
    ways = [_way(run, documents[run.passage.document]) for run in runs]
    quoted = bag(" ".join(quotes), analyser)
    around = bag(" ".join((*ways, *(run.passage.text for run in runs))), analyser)
    stated = " ".join((*quotes, *ways))
    dates = (documents[run.passage.document].date for run in runs)
    return Evidence(
        cover=(coverage(asked, quoted, around, CONTEXT_SHARE) + best) / 2,
        missing=tuple(t for t in asked if not t.light and match(t, quoted | around) == 0),
        exact=tuple(part for part in _EXACT.findall(query.text) if part not in stated),
        enumerates=_enumerates(query.text, runs, quotes),
        parts=_parts(query, asked, runs, ways, analyser),
        dates=tuple(dict.fromkeys(date for date in dates if date)),
    )


def confidence(found: Evidence) -> float:
    """Return how well the evidence bears an answer, 0 to 1; answered is from THRESHOLD on.

    A year or paragraph that the evidence doesn't have, a list that is too short, or no part of
    the question that is answered leaves 0.
    """
    if found.exact or not found.enumerates:
        return 0.0
    if found.parts and not any(part.is_answered for part in found.parts):
        return 0.0
    answered = (part.cover for part in found.parts if part.is_answered)
    return max(found.cover, PART_SHARE * max(answered, default=0.0))


def _parts(
    query: Query,
    asked: Sequence[Term],
    runs: Sequence[Run],
    ways: Sequence[str],
    analyser: Analyser,
) -> tuple[Part, ...]:
    said = [unit for run, way in zip(runs, ways, strict=True) for unit in _said(run, way)]
    quoted = bag(" ".join(unit.text for unit in said), analyser)
    around = bag(" ".join((*ways, *(run.passage.text for run in runs))), analyser)
    wordings = parts(query.asked or query.text)
    if len(wordings) == 1:
        whole = Question(wordings[0], query.types, asked, query.scope_wording)
        touched = not is_foreign(asked)
        return (Part(wordings[0], unmet(whole, said, analyser), is_touched=touched),)
    found = []
    for wording in wordings:
        stems = set(analyser.analyse(wording).words)
        own = [term for term in asked if term.stem in stems]
        nouns = [term for term in own if not term.light and not term.word[:1].islower()]
        one = Question(wording, answer_types(wording), own, query.scope_wording)
        touched = not nouns or any(match(term, around) for term in own)
        touched = touched and not is_foreign(own)
        share = coverage(own, quoted, around, CONTEXT_SHARE)
        found.append(Part(wording, unmet(one, said, analyser), share, touched))
    return tuple(found)


def is_foreign(asked: Sequence[Term]) -> bool:
    """Tell whether the collection has none of the nouns that are asked about.

    "Was kostet ein Elefant?" finds sentences on costs, and none that answers it. A word with a
    hyphen is often one of its own for something that the collection knows by other words.
    """
    nouns = [t for t in asked if not t.light and t.word[:1].isupper() and "-" not in t.word]
    return bool(nouns) and not any(term.known for term in nouns)


def _said(run: Run, way: str) -> list[Said]:
    passage = run.passage
    texts = [unit_text(passage, index) for index in range(len(passage.sentences))]
    head = next((text for text in texts if "\t" in text), "") if passage.kind == "table" else ""
    return [Said(texts[index], way, head, passage.text) for index in run.indexes]


def _enumerates(question: str, runs: Sequence[Run], quotes: Sequence[str]) -> bool:
    asked = _WHICH_SO_MANY.search(question)
    if not asked:
        return True
    count = _COUNTS[asked[1].lower()]
    return any(
        run.last - run.first >= count or len(_ENUMERATES.findall(quote)) >= count - 1
        for run, quote in zip(runs, quotes, strict=True)
    )


def _quoted(run: Run) -> str:
    spans = run.passage.sentences
    return run.passage.text[spans[run.first].start : spans[run.last].end]


def _way(run: Run, document: Document) -> str:
    passage = run.passage
    return " ".join((document.title, passage.workshop_title, *passage.section))


def refuse(asked: Sequence[Term], found: Evidence, hits: Sequence[Hit]) -> Refusal:
    """Say in German why there is no answer and what helps on."""
    content = [t for t in asked if not t.light]
    if content and all(not t.known for t in content):
        words = _named(t.word for t in content)
        return Refusal(
            "out_of_scope",
            f"Die Sammlung sagt zu {words} nichts. Sie enthält Texte zu Sozialraumorientierung, "
            "Quartiersmanagement und ressortübergreifender Arbeit in der Stadtentwicklung. Bitte "
            "stellen Sie eine Frage aus diesem Gebiet.",
        )
    demands = tuple(dict.fromkeys(demand for part in found.parts for demand in part.unmet))
    lacking = _named([*(t.word for t in found.missing if not t.light), *found.exact])
    reasons = [LACKING[demand] for demand in demands]
    if lacking:
        reasons.append(f"Nicht belegt ist: {lacking}.")
    if set(demands) & {"today", "elsewhere"} and found.dates:
        reasons.append(_age(found.dates))
    if hits:
        reasons.append("Am nächsten kommen die unten genannten Stellen.")
    return Refusal(
        _reason(demands),
        f"{' '.join(('Die eingelesenen Unterlagen beantworten die Frage nicht.', *reasons))} "
        "Bitte fragen Sie enger oder mit anderen Worten, oder wenden Sie sich an die zuständige "
        "Fachstelle Ihrer Kommune.",
    )


def _reason(demands: Sequence[Demand]) -> RefusalReason:
    if "event" in demands:
        return "false_premise"
    return "outdated" if set(demands) & {"today", "elsewhere"} else "not_in_corpus"


def gap(found: Evidence) -> Refusal | None:
    """Say what an answer leaves open: a part of the question, or how things are today."""
    open_parts = [part for part in found.parts if not part.is_answered]
    if open_parts:
        listed = "; ".join(f"„{part.wording.rstrip(' ?.!')}“" for part in open_parts)
        reasons = dict.fromkeys(LACKING[demand] for part in open_parts for demand in part.unmet)
        return Refusal(
            "not_in_corpus",
            " ".join((f"Zu diesem Teil der Frage fand sich nichts: {listed}.", *reasons)),
        )
    if any("today" in part.unmet for part in found.parts):
        age = (_age(found.dates),) if found.dates else ()
        return Refusal("outdated", " ".join((LACKING["today"], *age)))
    return None


def _age(dates: Sequence[str]) -> str:
    """Say how old the documents are by which a question was to be answered."""
    first, last = german_date(min(dates)), german_date(max(dates))
    span = first if first == last else f"{first} bis {last}"
    return f"Die Unterlagen haben den Stand {span}."


def refuse_missing_workshop(number: int, workshops: Sequence[Workshop]) -> Refusal:
    """Name the false premise: the series has no workshop of that number."""
    numbers = sorted({w.number for w in workshops})
    return Refusal(
        "false_premise",
        f"Eine {number}. Werkstatt gab es nicht: Die Reihe hatte {len(numbers)} Werkstätten "
        f"(Nummer {numbers[0]} bis {numbers[-1]}). Bitte nennen Sie eine davon oder das Thema.",
    )


def refuse_unknown_workshop(workshop: Workshop) -> Refusal:
    """Say that nothing has been read in about a workshop of the series."""
    return Refusal(
        "unknown_workshop",
        f"Über die Werkstatt {workshop.number} ist in der Sammlung noch nichts bekannt, weil ihre "
        "Dokumentation nicht eingelesen ist. Sobald sie vorliegt, kann sie mit „sozialraum "
        "ingest“ eingelesen werden; bis dahin hilft das Städtenetz Soziale Stadt NRW weiter.",
    )


def _named(words: object) -> str:
    listed = list(dict.fromkeys(words))[:MAX_NAMED]  # type: ignore[call-overload]
    return ", ".join(f"„{word}“" for word in listed)
