"""Do the citations resolve, do they name the right place, and are they the right ones?"""

from collections.abc import Iterator, Mapping

from assistant.evaluation.golden import Item
from assistant.evaluation.matching import holds
from assistant.evaluation.source import Relevance, Source
from assistant.evaluation.types import Observation
from assistant.types import Citation
from corpus.types import Document, Passage

LOCATORS = {
    "page": "eine falsche Seite",
    "label": "eine falsche Seitenzahl",
    "section": "einen falschen Abschnitt",
    "workshop": "eine falsche Werkstatt",
}
"""What a citation says of its place, and how it is called when it is wrong."""


class Passages:
    """The collection's passages by id: what a citation has to resolve to."""

    def __init__(self, source: Source) -> None:
        self.documents: Mapping[str, Document] = source.documents
        self.by_id: Mapping[str, Passage] = {
            passage.id: passage for id in source.documents for passage in source.passages(id)
        }

    def cited(self, citation: Citation) -> Passage | None:
        """Return the passage a citation resolves to, or None."""
        passage = self.by_id.get(citation.passage)
        document = self.documents.get(citation.document)
        sound = (
            passage is not None
            and document is not None
            and passage.document == citation.document
            and document.version == citation.version
            and passage.text[citation.start : citation.end] == citation.quote != ""
        )
        return passage if sound else None


def faults(seen: Observation, passages: Passages) -> Iterator[str]:
    """Name in German every citation that proves nothing or misleads: these must never occur."""
    retrieved = {hit.passage for hit in seen.hits}
    keys = {citation.key for citation in seen.citations}
    for citation in seen.citations:
        passage = passages.cited(citation)
        if passage is None:
            yield f"Der Beleg {citation.number} lässt sich nicht auflösen."
            continue
        if retrieved and citation.passage not in retrieved:
            yield f"Der Beleg {citation.number} nennt eine Fundstelle, die nicht gefunden wurde."
        for name, wrong in LOCATORS.items():
            if not _right(name, citation, passage, passages):
                yield f"Der Beleg {citation.number} nennt {wrong}."
    used = [key for segment in seen.segments for key in segment.citations]
    for key in dict.fromkeys(used):
        if key not in keys:
            yield f"Der Beleg „{key}“ wird genannt, aber nicht mitgeliefert."
    for citation in seen.citations:
        if citation.key not in used:
            yield f"Der Beleg {citation.number} gehört zu keinem Satz der Antwort."


def resolvability(seen: Observation, passages: Passages) -> dict[str, float]:
    """Return the share of citations that resolve, and of segments that cite anything.

    A segment of a generative answer may be connecting text, marked by its support "none".
    """
    if not seen.citations and not seen.segments:
        return {}
    retrieved = {hit.passage for hit in seen.hits}
    resolved = [
        passages.cited(c) is not None and (not retrieved or c.passage in retrieved)
        for c in seen.citations
    ]
    return {
        **({"citation_resolvability": _mean(resolved)} if resolved else {}),
        "citation_coverage": _mean([bool(segment.citations) for segment in seen.segments]),
        "citations": float(len(seen.citations)),
    }


def locators(seen: Observation, passages: Passages) -> dict[str, float]:
    """Return the share of citations whose page, label, section and workshop are right.

    What is right is worked out anew from the library's passage and its word boxes. A citation
    that resolves to nothing names no right place.
    """
    checks: dict[str, list[bool]] = {name: [] for name in LOCATORS}
    for citation in seen.citations:
        passage = passages.cited(citation)
        for name in LOCATORS:
            checks[name].append(passage is not None and _right(name, citation, passage, passages))
    return {f"locator_{name}": _mean(right) for name, right in checks.items() if right}


def against_gold(seen: Observation, item: Item, relevant: Relevance) -> dict[str, float]:
    """Return precision and recall of the citations of an answerable item.

    A citation is right when its quote holds the evidence; ``passage_precision`` is lenient and
    asks for the passage only. Precision is absent where nothing is cited; recall is 0 there, so
    that a refusal can't raise it.
    """
    quoted = [_evidence_in(citation, item) for citation in seen.citations]
    found = {id for ids in quoted for id in ids}
    groups = item.groups.values()
    figures = {"citation_recall": _mean([any(e.id in found for e in g) for g in groups])}
    if seen.citations:
        figures["citation_precision"] = _mean([bool(ids) for ids in quoted])
        figures["passage_precision"] = _mean(
            [bool(relevant.get(c.passage)) for c in seen.citations]
        )
        figures |= _gold_places(seen, item, quoted)
    if item.must_not_cite:
        cited = {citation.document for citation in seen.citations}
        figures["must_not_cite"] = float(bool(cited & set(item.must_not_cite)))
    return figures


def cited_evidence(seen: Observation, item: Item) -> frozenset[str]:
    """Return the ids of the evidence that the citations quote."""
    return frozenset(id for citation in seen.citations for id in _evidence_in(citation, item))


def _evidence_in(citation: Citation, item: Item) -> frozenset[str]:
    return frozenset(
        evidence.id
        for evidence in item.evidence
        if evidence.doc == citation.document and holds(citation.quote, evidence.quote)
    )


def _gold_places(seen: Observation, item: Item, quoted: list[frozenset[str]]) -> dict[str, float]:
    """Compare with what the golden item says of the place: a second opinion on the library."""
    by_id = {evidence.id: evidence for evidence in item.evidence}
    sections, pages = [], []
    for citation, ids in zip(seen.citations, quoted, strict=True):
        told = [by_id[id] for id in ids]
        if told:
            sections.append(any(e.section[-1:] == citation.section[-1:] for e in told))
        if any(e.pages for e in told):
            pages.append(any(citation.page_label in e.pages for e in told))
    return {
        **({"gold_section": _mean(sections)} if sections else {}),
        **({"gold_page": _mean(pages)} if pages else {}),
    }


def _right(name: str, citation: Citation, passage: Passage, passages: Passages) -> bool:
    if name == "section":
        return citation.section == passage.section
    if name == "workshop":
        return (citation.workshop, citation.workshop_title) == (
            passage.workshop,
            passage.workshop_title,
        )
    page = _page(citation, passage)
    if name == "page":
        return citation.page_index == page
    labels = passages.documents[passage.document].page_labels
    return citation.page_label == (labels[page] if page is not None and labels else "")


def _page(citation: Citation, passage: Passage) -> int | None:
    """Return the page of the quote's first word; without boxes, the passage's first page."""
    words = [box for box in passage.boxes if box.end > citation.start and box.start < citation.end]
    if words:
        return min(words, key=lambda box: box.start).page
    return passage.pages[0] if passage.pages else None


def _mean(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
