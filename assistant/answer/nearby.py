"""Where to read on beside an answer, and what comes nearest where there is none. Pure.

Only headings and sentences that stand in the collection: nothing is made up.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.types import Citation, Nearby, NearbyReason
from corpus.library import Outline
from corpus.types import Document, Hit, Passage

# As many as are read at a glance.
MOST = 3
# Hits further down the ranking of the same question are seldom about the same thing; a choice of
# what to offer, not measured.
NEAR_RANK = 8
MAX_CONTACT_CHARS = 300
# Lists of short forms and dates: their neighbours have nothing to do with each other.
_LISTS = ("Glossar", "Katalog")
_CONTACT = (
    r"(?:Ihre?\s+)?"
    r"(?:Ansprech(?:partner(?:in(?:nen)?)?|person(?:en)?|stelle)|Kontakt(?:daten)?)"
)
_CONTACT_HEADING = re.compile(rf"(?:\d[\d.]*\s+)?{_CONTACT}\b", re.IGNORECASE)
_CONTACT_LINE = re.compile(rf"^{_CONTACT}\b[^:\n]{{0,40}}:.*$", re.MULTILINE)

Outlines = Callable[[str], Sequence[Outline]]
"""Returns a document's passages in order, by its id."""
Passages = Callable[[Sequence[str]], Sequence[Passage]]
"""Returns passages by their ids."""


def nearest(hits: Sequence[Hit], documents: Mapping[str, Document]) -> tuple[Nearby, ...]:
    """Return the places nearest to a question, each place once."""
    found: dict[str, Nearby] = {}
    for hit in hits:
        one = place("nearest", hit.passage, documents[hit.passage.document])
        found.setdefault(name(one), one)
        if len(found) == MOST:
            break
    return tuple(found.values())


def name(near: Nearby) -> str:
    """Name a place: document, section, page."""
    way = " › ".join((near.title, *near.section[-1:]))
    return f"{way} (S. {near.page_label})" if near.page_label else way


def read_on(
    citations: Sequence[Citation],
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    outlines: Outlines,
    passages: Passages,
) -> tuple[Nearby, ...]:
    """Return what stands after and before the cited sections, and in another workshop.

    At most ``MOST``; the section after comes first, as one reads on there.
    """
    cited = {citation.document: citation for citation in reversed(citations)}
    followed = [d for d in reversed(cited) if documents[d].category not in _LISTS]
    around = [
        side
        for document in followed
        for side in _around(outlines(document), {c.passage for c in citations})
    ]
    # A stable order: what stands after goes before what stands before.
    around = sorted(around, key=lambda side: side[0] == "before")[: 2 * MOST]
    found = passages([id for _, id in around])
    chosen = [(why, passage) for (why, _), passage in zip(around, found, strict=True)]
    if other := _other_workshop(citations, hits, documents):
        chosen.insert(1, ("workshop", other))
    places = (place(why, passage, documents[passage.document]) for why, passage in chosen)
    return tuple({one.passage: one for one in places}.values())[:MOST]


def _around(written: Sequence[Outline], cited: set[str]) -> Iterator[tuple[NearbyReason, str]]:
    """Yield the first passages of the sections right after and right before the cited ones."""
    sections: dict[tuple[str, ...], list[str]] = {}
    for outline in written:
        sections.setdefault(outline.section, []).append(outline.id)
    ways = list(sections)
    at = [n for n, way in enumerate(ways) if cited & set(sections[way])]
    if not at:
        return
    # A section without a heading has no name to offer.
    if at[-1] + 1 < len(ways) and ways[at[-1] + 1]:
        yield "after", sections[ways[at[-1] + 1]][0]
    if at[0] > 0 and ways[at[0] - 1]:
        yield "before", sections[ways[at[0] - 1]][0]


def _other_workshop(
    citations: Sequence[Citation], hits: Sequence[Hit], documents: Mapping[str, Document]
) -> Passage | None:
    """Return what the same search found in another workshop than those cited."""
    spoken = {citation.workshop for citation in citations}
    return next(
        (
            hit.passage
            for hit in hits[:NEAR_RANK]
            if hit.passage.workshop is not None
            and hit.passage.workshop not in spoken
            and hit.passage.section
            and documents[hit.passage.document].category not in _LISTS
        ),
        None,
    )


def contact(
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    outlines: Outlines,
    passages: Passages,
) -> tuple[Nearby, ...]:
    """Return whom the nearest documents say to ask, in their own words; mostly nothing.

    What belongs to the workshop that came nearest goes before.
    """
    near = list(dict.fromkeys(hit.passage.document for hit in hits[:MOST]))
    named = [
        (outline, said)
        for document in near
        for outline in outlines(document)
        if (said := _contact_of(outline))
    ]
    if not named:
        return ()
    workshop = hits[0].passage.workshop
    outline, said = min(named, key=lambda one: one[0].workshop != workshop)
    passage = passages([outline.id])[0]
    return (place("contact", passage, documents[passage.document], said),)


def _contact_of(outline: Outline) -> str:
    """Return the words that say whom to ask: the part so headed, or the line that says so."""
    if outline.section and _CONTACT_HEADING.match(outline.section[-1]):
        text = outline.text
        if len(text) <= MAX_CONTACT_CHARS:
            return text
        return text[: text.rfind(" ", 0, MAX_CONTACT_CHARS)]
    line = _CONTACT_LINE.search(outline.text)
    return line[0][:MAX_CONTACT_CHARS] if line else ""


def place(why: NearbyReason, passage: Passage, document: Document, quote: str = "") -> Nearby:
    """Describe a passage by where it stands."""
    first = next(iter(passage.pages), None)
    labels = document.page_labels
    return Nearby(
        why=why,
        passage=passage.id,
        document=document.id,
        version=document.version,
        title=document.title,
        workshop=passage.workshop,
        section=passage.section,
        page_label=labels[first] if first is not None and first < len(labels) else "",
        quote=quote,
    )
