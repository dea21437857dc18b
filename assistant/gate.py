"""Is there enough evidence? Else refuse, say why, and name what is near."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.question import Query
from assistant.select import Run
from assistant.terms import Term, bag, coverage, match
from assistant.types import Refusal
from corpus.german import Analyser
from corpus.types import Document, Hit, Workshop

# Least share of the question's words that the evidence must cover, and what headings count.
# Chosen on the dev split of the golden set; docs/evaluation.md has the curve.
THRESHOLD = 0.35
CONTEXT_SHARE = 0.85
MAX_NAMED = 4
NEAREST = 3

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
    return Evidence(
        cover=(coverage(asked, quoted, around, CONTEXT_SHARE) + best) / 2,
        missing=tuple(t for t in asked if not t.light and match(t, quoted | around) == 0),
        exact=tuple(part for part in _EXACT.findall(query.text) if part not in stated),
        enumerates=_enumerates(query.text, runs, quotes),
    )


def confidence(found: Evidence) -> float:
    """Return how well the evidence bears an answer, 0 to 1; answered is from THRESHOLD on.

    A year or paragraph that the evidence doesn't have, or a list that is too short, leaves 0.
    """
    return found.cover if not found.exact and found.enumerates else 0.0


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
    lacking = _named([*(t.word for t in found.missing if not t.light), *found.exact])
    reason = f"Nicht belegt ist: {lacking}. " if lacking else ""
    near = "Am nächsten kommen die unten genannten Stellen. " if hits else ""
    return Refusal(
        "not_in_corpus",
        f"Die eingelesenen Unterlagen beantworten die Frage nicht. {reason}{near}"
        "Bitte fragen Sie enger oder mit anderen Worten, oder wenden Sie sich an die zuständige "
        "Fachstelle Ihrer Kommune.",
    )


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


def nearest(hits: Sequence[Hit], documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Name the places nearest to a question: document, section, page."""
    found: list[str] = []
    for hit in hits:
        document = documents[hit.passage.document]
        way = " › ".join((document.title, *hit.passage.section[-1:]))
        pages = hit.passage.pages
        label = document.page_labels[pages[0]] if pages and document.page_labels else ""
        place = f"{way} (S. {label})" if label else way
        if place not in found:
            found.append(place)
        if len(found) == NEAREST:
            break
    return tuple(found)


def _named(words: object) -> str:
    listed = list(dict.fromkeys(words))[:MAX_NAMED]  # type: ignore[call-overload]
    return ", ".join(f"„{word}“" for word in listed)
