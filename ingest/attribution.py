"""Whose a text is: title, date, validity and workshop of a reading.

A file is read once; what it is called and which workshop its passages belong to follows
from its sections, the catalogue and the editor's corrections, and can change without
reading it again. Workshop recognition rests on patterns, not on a heading's rank alone:
extracted ranks are right only in part of real brochures (parsing.md, section 3).
"""

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue import Catalogue
from corpus.dates import is_date
from corpus.types import Document, Extraction, Reading, Section, Workshop
from ingest.refusals import refuse

SECTION_KEY = "abschnitt:"
"""Key of a correction that gives one section to a workshop; its heading follows."""

_NUMBER, _THEME = "{nummer}", "{thema}"
_NUMBERED = (
    re.compile(r"^(?P<number>\d{1,2})\s*\.\s*Werkstatt\b\s*[:–—-]?\s*(?P<theme>.*)$", re.I),
    re.compile(r"^Werkstatt\s+(?P<number>\d{1,2})\b\s*[:–—.-]?\s*(?P<theme>.*)$", re.I),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from. ``source`` stays the same when its content changes."""

    id: str
    version: str
    file: str
    source: str
    collection: str


def metadata_of(
    extraction: Extraction, catalogue: Catalogue, file: str, corrections: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Return what holds for a document: the editor overrules the catalogue, that the file."""
    return {
        **dict(extraction.stated),
        **catalogue.documents.get(file, {}),
        **{key: value for key, value in corrections if not key.startswith(SECTION_KEY)},
    }


def reading_key(
    origin: Origin,
    extraction: Extraction,
    catalogue: Catalogue,
    corrections: Sequence[tuple[str, str]],
) -> str:
    """Name a reading: equal inputs give equal readings."""
    inputs = {
        "origin": (origin.id, origin.version),
        "reader": extraction.reader,
        "recognised": [page.page for page in extraction.recognised_pages],
        "metadata": metadata_of(extraction, catalogue, origin.file, corrections),
        "sections": [pair for pair in corrections if pair[0].startswith(SECTION_KEY)],
        "unread": (extraction.unreadable_pages, extraction.could_recognise)
        if extraction.unreadable_pages
        else (),
        "workshops": [(w.number, w.theme) for w in catalogue.workshops],
    }
    content = json.dumps(inputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def attributed(
    reading: Reading,
    origin: Origin,
    catalogue: Catalogue,
    corrections: Sequence[tuple[str, str]] = (),
) -> Reading:
    """Return the reading with its title, validity and workshops as they hold now.

    Idempotent: the result depends on text and sections, not on an earlier attribution.
    Raises FileRefusedError for statements that make no sense.
    """
    extraction = reading.document.extraction
    metadata = metadata_of(extraction, catalogue, origin.file, corrections)
    if fault := fault_in(metadata):
        raise refuse("ERR_FILE_FRONT_MATTER", origin.file, reason=f"hat falsche Angaben: {fault}")
    document = _document(reading.document, origin, catalogue, metadata, corrections)
    sections = _sections(reading.sections, document, catalogue, metadata.get("kapitel", ""))
    starts = [section.start for section in sections]
    passages = []
    for passage in reading.passages:
        section = sections[bisect_right(starts, passage.start) - 1]
        passages.append(
            replace(
                passage,
                id=passage_id(document.key, passage.ordinal),
                document=document.id,
                workshop=section.workshop,
                workshop_title=section.workshop_title,
            )
        )
    return Reading(document, reading.text, sections, tuple(passages))


def fault_in(metadata: Mapping[str, str]) -> str:
    """Return what makes no sense in these statements, as a German sentence; else empty."""
    for key, value in metadata.items():
        is_number = key == "werkstatt" or key.startswith(SECTION_KEY)
        if value and is_number and not (value.strip().isdigit() and 0 < int(value) < 100):
            return f"„{value}“ ist keine Nummer einer Werkstatt."
        if value and key in ("gueltig_ab", "gueltig_bis") and not is_date(value):
            return f"„{value}“ ist kein Datum der Form JJJJ, JJJJ-MM oder JJJJ-MM-TT."
        if key == "kapitel" and value.strip() and value.count(_NUMBER) != 1:
            return f"Das Muster „{value}“ muss genau einmal {_NUMBER} enthalten."
    return ""


def passage_id(key: str, ordinal: int) -> str:
    """Name a passage by its reading and its place in it."""
    return hashlib.sha256(f"{key}\0{ordinal}".encode()).hexdigest()[:16]


def workshop_of_heading(
    heading: str, catalogue: Sequence[Workshop], pattern: re.Pattern[str] | None = None
) -> tuple[int, str] | None:
    """Return number and theme when the heading opens a workshop's chapter, else None.

    "3. Werkstatt: …" and "Werkstatt 3 – …" name the number, and so does a document's own
    ``pattern``; a heading that is the theme of a catalogued workshop stands for it.
    """
    text = " ".join(heading.split())
    themes = {w.number: w.theme for w in catalogue}
    for known in (pattern,) if pattern else _NUMBERED:
        if found := known.match(text):
            number = int(found["number"])
            stated = found.groupdict().get("theme") or ""
            return number, themes.get(number) or stated.strip(' „“"')
    for workshop in catalogue:
        if workshop.theme and _bare(text) == _bare(workshop.theme):
            return workshop.number, workshop.theme
    return None


def chapter_pattern(template: str) -> re.Pattern[str] | None:
    """Turn "Kapitel {nummer}: {thema}" into the pattern of headings that open a workshop.

    None for an empty template.
    """
    if not template.strip():
        return None
    escaped = re.escape(" ".join(template.split()))
    escaped = escaped.replace(re.escape(_NUMBER), r"(?P<number>\d{1,2})")
    escaped = escaped.replace(re.escape(_THEME), "(?P<theme>.*)", 1)
    return re.compile(f"^{escaped}", re.IGNORECASE)


def _document(
    before: Document,
    origin: Origin,
    catalogue: Catalogue,
    metadata: dict[str, str],
    corrections: Sequence[tuple[str, str]],
) -> Document:
    title = metadata.get("titel") or _stem(origin.file)
    workshop = _own_workshop(metadata, catalogue)
    return Document(
        id=origin.id,
        version=origin.version,
        key=reading_key(origin, before.extraction, catalogue, corrections),
        file=origin.file,
        source=origin.source,
        collection=origin.collection,
        title=title,
        category=metadata.get("art") or ("Werkstatt" if workshop else "Dokument"),
        workshop=workshop,
        origin=metadata.get("herkunft", ""),
        date=metadata.get("stand", ""),
        page_labels=before.page_labels,
        valid_from=metadata.get("gueltig_ab", ""),
        valid_until=metadata.get("gueltig_bis", ""),
        replaced_by=metadata.get("ersetzt_durch", ""),
        corrections=tuple(corrections),
        extraction=before.extraction,
    )


def _own_workshop(metadata: dict[str, str], catalogue: Catalogue) -> int | None:
    """Return the workshop the whole document is about: stated, or of the same theme."""
    if stated := metadata.get("werkstatt", "").strip():
        return int(stated)
    title = metadata.get("titel", "")
    found = next((w for w in catalogue.workshops if w.theme and w.theme == title), None)
    return found.number if found else None


def _sections(
    sections: Sequence[Section], document: Document, catalogue: Catalogue, template: str
) -> tuple[Section, ...]:
    corrected = {
        _bare(key.removeprefix(SECTION_KEY)): int(value)
        for key, value in document.corrections
        if key.startswith(SECTION_KEY)
    }
    pattern = chapter_pattern(template)
    entry = catalogue.workshop(document.workshop)
    own = (document.workshop, (entry.theme if entry else "") or document.title)
    found = []
    for section in sections:
        number, title = (
            _corrected(section.path, corrected, catalogue)
            or (own if document.workshop is not None else None)
            or _of_chapter(section.path, catalogue.workshops, pattern)
            or (None, "")
        )
        found.append(replace(section, workshop=number, workshop_title=title))
    return tuple(found)


def _corrected(
    path: Sequence[str], corrected: dict[str, int], catalogue: Catalogue
) -> tuple[int, str] | None:
    for heading in reversed(path):
        if number := corrected.get(_bare(heading)):
            entry = catalogue.workshop(number)
            return number, (entry.theme if entry else "") or heading
    return None


def _of_chapter(
    path: Sequence[str], catalogue: Sequence[Workshop], pattern: re.Pattern[str] | None
) -> tuple[int, str] | None:
    for heading in reversed(path):
        if found := workshop_of_heading(heading, catalogue, pattern):
            return found
    return None


def _stem(file: str) -> str:
    return file.rpartition(".")[0] or file


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
