"""What there is to say of a reading, for the report as text and as page alike. Pure."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus.dates import german_date
from corpus.types import SLIDE, Document, Reading, RecognisedPage, Section
from ingest.attribution import SECTION_KEY, chapter_pattern, workshop_of_heading
from ingest.quality import CONFIDENCE_GOOD, Light, missing, pages_text, shortened, unknown_share
from ui.wording import page_label, workshop_name

_KEYS = {
    "titel": "Titel",
    "art": "Art",
    "werkstatt": "Werkstatt",
    "herkunft": "Herkunft",
    "stand": "Stand",
    "gueltig_ab": "Gültig ab",
    "gueltig_bis": "Gültig bis",
    "ersetzt_durch": "Ersetzt durch",
    "kapitel": "Muster der Kapitel",
}


LEVELS: dict[Light, str] = {"gut": "Hinweis", "prüfen": "Prüfen", "schlecht": "Schlecht"}
"""How a finding is introduced; what leaves the light "gut" is a mere note."""


class Fact(NamedTuple):
    """A line of the report."""

    label: str
    value: str


class Group(NamedTuple):
    """The facts under one heading."""

    heading: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Neighbouring sections of one workshop, and why they are its."""

    workshop: int | None
    title: str
    heading: str
    """Heading that decided, or empty."""
    reason: str
    sections: int
    pages: tuple[int, ...]


def groups(reading: Reading) -> tuple[Group, ...]:
    """Return all there is to say of a reading besides its findings."""
    found = (
        Group("Dokument", _identity(reading.document)),
        Group("Umfang", _extent(reading)),
        Group("Lesbarkeit", _legibility(reading.document)),
        Group("Angaben", _statements(reading)),
        Group("Zuordnung", tuple(_attribution_facts(reading))),
    )
    return tuple(group for group in found if group.facts)


def _identity(document: Document) -> tuple[Fact, ...]:
    facts = (
        Fact("Titel", document.title),
        Fact("Kennung", document.id),
        Fact("Datei", document.file),
        Fact("Format", document.extraction.format),
        Fact("Fassung", document.version[:12]),
        Fact("Gelesen mit", _reader(document)),
        Fact("Art", document.category),
        Fact("Herkunft", document.origin),
    )
    return tuple(fact for fact in facts if fact.value)


def _reader(document: Document) -> str:
    reader = document.extraction.reader
    recognised = " und Texterkennung" if document.extraction.recognised_pages else ""
    return f"Leser {reader}{recognised}" if reader else ""


def _extent(reading: Reading) -> tuple[Fact, ...]:
    extraction = reading.document.extraction
    pages = len(reading.document.page_labels)
    return (
        Fact("Seiten", _number(pages) if pages else "keine, das Format hat keine Seiten"),
        Fact("Wörter", _number(extraction.words)),
        Fact("Textstellen", _number(len(reading.passages))),
        Fact("Überschriften", _number(extraction.headings)),
        Fact("Tabellen", _number(extraction.tables)),
        Fact("Geschlossene Trennungen", _number(extraction.mended_hyphens)),
    )


def _legibility(document: Document) -> tuple[Fact, ...]:
    extraction = document.extraction
    unreadable = extraction.unreadable_pages
    unknown = f"{_number(extraction.unknown_words)} ({percent(unknown_share(document))})"
    facts = [Fact("Unbekannte Wörter", unknown)]
    if document.page_labels:
        names = pages_text(unreadable) if unreadable else "keine"
        facts.insert(0, Fact("Seiten ohne Text", names))
    facts += _recognition(extraction.recognised_pages)
    if not extraction.hidden:
        facts.append(Fact("Verborgener Text", "keiner"))
    for item in extraction.hidden:
        page_name = f", Seite {item.page + 1}" if item.page is not None else ""
        text = f"{item.concealment}{page_name}: „{shortened(item.text)}“, weggelassen"
        facts.append(Fact("Verborgener Text", text))
    return tuple(facts)


def _recognition(pages: Sequence[RecognisedPage]) -> list[Fact]:
    """Name the recognised pages, and singly those whose text is doubtful."""
    if not pages:
        return []
    mean = sum(page.confidence for page in pages) / len(pages)
    names = pages_text([page.page for page in pages])
    facts = [Fact("Texterkennung", f"{names}, Sicherheit im Mittel {mean:.0f} %")]
    for page in pages:
        if page.confidence < CONFIDENCE_GOOD:
            text = f"Seite {page.page + 1}, Sicherheit {page.confidence:.0f} %"
            facts.append(Fact("Unsicher erkannt", text))
    return facts


def _statements(reading: Reading) -> tuple[Fact, ...]:
    document = reading.document
    lacking = ", ".join(missing(document, reading.sections))
    facts = [
        Fact("Stand", german_date(document.date)),
        Fact("Gültig ab", german_date(document.valid_from)),
        Fact("Gültig bis", german_date(document.valid_until)),
        Fact("Ersetzt durch", document.replaced_by),
        Fact("Fehlende Angaben", lacking or "keine"),
    ]
    for key, value in document.corrections:
        if key.startswith(SECTION_KEY):
            text = f"Abschnitt „{key.removeprefix(SECTION_KEY)}“ gehört zu Werkstatt {value}"
        else:
            text = f"{_KEYS.get(key, key)}: {value}"
        facts.append(Fact("Von Ihnen berichtigt", text))
    return tuple(fact for fact in facts if fact.value)


def percent(share: float) -> str:
    """Write a share the German way: 0.0123 is "1,2 %"."""
    return f"{share * 100:.1f} %".replace(".", ",")


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


# -- whose the sections are ----------------------------------------------------------------


def _attribution_facts(reading: Reading) -> list[Fact]:
    found = attributions(reading)
    if all(part.workshop is None for part in found):
        return [Fact("Werkstatt", "keine")]
    return [Fact(_where(reading.document, part), _whose(part)) for part in found]


def _whose(part: Attribution) -> str:
    if part.workshop is None:
        return "ohne Werkstatt"
    return f"{workshop_name(part.workshop, part.title)} – {part.reason}"


def _where(document: Document, part: Attribution) -> str:
    """Name the pages of sections, or how many they are."""
    if not part.pages:
        return "1 Abschnitt" if part.sections == 1 else f"{part.sections} Abschnitte"
    first, last = (page_label(document, page) for page in (part.pages[0], part.pages[-1]))
    sign = "" if first.startswith(SLIDE) else "S. "
    return sign + (first if first == last else f"{first}–{last.removeprefix(SLIDE)}")


def attributions(reading: Reading) -> list[Attribution]:
    """Return which sections were given to which workshop and why, neighbours together."""
    pages = _pages_by_section(reading)
    found: list[Attribution] = []
    for section in reading.sections:
        heading, reason = _reason(section, reading.document)
        new = Attribution(
            *(section.workshop, section.workshop_title, heading, reason),
            sections=1,
            pages=tuple(sorted(pages[section.ordinal])),
        )
        last = found[-1] if found else None
        if last and (last.workshop, last.heading) == (new.workshop, new.heading):
            together = tuple(sorted({*last.pages, *new.pages}))
            found[-1] = replace(last, sections=last.sections + 1, pages=together)
        else:
            found.append(new)
    return found


def _pages_by_section(reading: Reading) -> defaultdict[int, set[int]]:
    """Return the pages each section's passages stand on; both are in order."""
    pages: defaultdict[int, set[int]] = defaultdict(set)
    sections = iter(reading.sections)
    section = next(sections, None)
    for passage in reading.passages:
        while section and passage.start >= section.end:
            section = next(sections, None)
        if section:
            pages[section.ordinal].update(passage.pages)
    return pages


def _reason(section: Section, document: Document) -> tuple[str, str]:
    """Return the heading that gave a section its workshop, and the reason in German."""
    if section.workshop is None:
        return "", ""
    corrected = {
        bare(key.removeprefix(SECTION_KEY))
        for key, _ in document.corrections
        if key.startswith(SECTION_KEY)
    }
    for heading in reversed(section.path):
        if bare(heading) in corrected:
            return heading, f"von Ihnen zugeordnet, Abschnitt „{heading}“"
    if document.workshop is not None:
        return "", _reason_of_document(document)
    return _reason_of_heading(section, document)


def _reason_of_document(document: Document) -> str:
    if "werkstatt" in dict(document.corrections):
        return "von Ihnen angegeben, gilt für das ganze Dokument"
    if "werkstatt" in dict(document.extraction.stated):
        return "in der Datei angegeben, gilt für das ganze Dokument"
    return "nach Titel oder Verzeichnis der Werkstätten, gilt für das ganze Dokument"


def _reason_of_heading(section: Section, document: Document) -> tuple[str, str]:
    template = {**dict(document.extraction.stated), **dict(document.corrections)}.get("kapitel", "")
    pattern = chapter_pattern(template)
    fits = f", die zum Muster „{template}“ passt" if pattern else ""
    for heading in reversed(section.path):
        if workshop_of_heading(heading, (), pattern):
            return heading, f"nach der Überschrift „{heading}“{fits}"
    for heading in reversed(section.path):
        if bare(heading) == bare(section.workshop_title):
            return heading, f"die Überschrift „{heading}“ ist das Thema der Werkstatt"
    return "", "nach dem Verzeichnis der Werkstätten"


def bare(text: str) -> str:
    """Return letters and digits only, for comparing headings."""
    return re.sub(r"\W+", "", text).casefold()
