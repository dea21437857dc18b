"""Is there enough evidence? Else refuse, say why, and name what is near."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.question import Query
from assistant.select import Run
from assistant.terms import Bag, Term, bag, coverage, match
from assistant.types import Refusal
from corpus.german import Analyser
from corpus.types import Document, Hit, Workshop

# Least share of the question's words that the evidence must cover, and what headings count.
# Chosen on the dev split of the golden set; see docs/evaluation.md.
THRESHOLD = 0.6
CONTEXT_SHARE = 0.85
# A word the collection has nowhere may be missing only from a question covered this well.
WITH_UNKNOWN_WORD = 0.8
MAX_NAMED = 4
NEAREST = 3

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question, as the gate sees it."""

    cover: float
    missing: tuple[Term, ...]
    """Content words the evidence doesn't have."""
    unknown: tuple[Term, ...]
    """Those of them that the whole collection doesn't have."""
    years: tuple[str, ...]
    """Years of the question that the evidence doesn't have."""


def evidence(
    query: Query,
    asked: Sequence[Term],
    runs: Sequence[Run],
    titles: dict[str, str],
    analyser: Analyser,
) -> Evidence:
    """Measure what the chosen runs, with their surroundings, cover of the question."""
    quoted = _bag_of(runs, analyser)
    around = bag(
        " ".join(
            " ".join((titles[r.passage.document], r.passage.workshop_title, *r.passage.section))
            + f" {r.passage.text}"
            for r in runs
        ),
        analyser,
    )
    texts = " ".join(r.passage.text for r in runs)
    missing = tuple(t for t in asked if not t.light and match(t, quoted | around) == 0)
    return Evidence(
        cover=coverage(asked, quoted, around, CONTEXT_SHARE),
        missing=missing,
        unknown=tuple(t for t in missing if not t.known),
        years=tuple(y for y in _YEAR.findall(query.text) if y not in texts),
    )


def is_enough(found: Evidence) -> bool:
    """Decide whether to answer."""
    if found.years:
        return False
    if found.unknown:
        return found.cover >= WITH_UNKNOWN_WORD
    return found.cover >= THRESHOLD


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
    lacking = _named([*(t.word for t in found.missing if not t.light), *found.years])
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


def nearest(hits: Sequence[Hit], documents: dict[str, Document]) -> tuple[str, ...]:
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


def _bag_of(runs: Sequence[Run], analyser: Analyser) -> Bag:
    spans = [(r.passage, r.passage.sentences[i]) for r in runs for i in r.indexes]
    return bag(" ".join(p.text[s.start : s.end] for p, s in spans), analyser)


def _named(words: object) -> str:
    listed = list(dict.fromkeys(words))[:MAX_NAMED]  # type: ignore[call-overload]
    return ", ".join(f"„{word}“" for word in listed)
