"""The catalogue as a document, so that it is searched and cited like all others."""

from pathlib import Path

from corpus.catalogue import Catalogue, read_catalogue
from corpus.dates import german_date
from corpus.types import Workshop
from ingest.blocks import Block, LoadedFile


def load_catalogue_document(path: Path) -> LoadedFile:
    """Write a catalogue out in sentences. Raises CatalogueError."""
    catalogue = read_catalogue(path)
    blocks = [*_series_blocks(catalogue)]
    for workshop in catalogue.workshops:
        blocks.append(Block("heading", _heading(workshop), level=1))
        blocks.extend(Block("paragraph", text) for text in _sentences(workshop))
    title = catalogue.series.get("titel", "")
    metadata = {
        "titel": f"Katalog der Werkstattreihe „{title}“" if title else "Katalog der Werkstätten",
        "art": "Katalog",
        "herkunft": "Katalog der Sammlung, keine Dokumentation",
    }
    return LoadedFile(tuple(blocks), metadata)


def _series_blocks(catalogue: Catalogue) -> list[Block]:
    series = catalogue.series
    sentences = []
    if series.get("werkstaetten") and series.get("staedte"):
        sentences.append(
            f"Die Werkstattreihe umfasste {series['werkstaetten']} Werkstätten in "
            f"{series['staedte']} Städten."
        )
    if series.get("veranstalter"):
        sentences.append(f"Veranstalter der Werkstattreihe war: {series['veranstalter']}.")
    if series.get("zeitraum"):
        sentences.append(f"Zeitraum der Werkstattreihe: {series['zeitraum']}.")
    if series.get("quelle"):
        sentences.append(f"Quelle: {series['quelle']}")
    if not sentences:
        return []
    return [
        Block("heading", "Die Reihe", level=1),
        *(Block("paragraph", sentence) for sentence in sentences),
    ]


def _heading(workshop: Workshop) -> str:
    return f"Werkstatt {workshop.number}: {workshop.theme or 'Thema unbekannt'}"


def _sentences(workshop: Workshop) -> list[str]:
    name = f"Werkstatt {workshop.number}"
    if workshop.theme:
        name += f" „{workshop.theme}“"
    day = german_date(workshop.date) if workshop.date else ""
    place = f"in {workshop.town}" if workshop.town else ""
    match workshop.status:
        case "belegt":
            when = " ".join(part for part in (f"am {day}" if day else "", place) if part)
            first = f"Die {name} fand {when} statt." if when else f"Die {name} ist dokumentiert."
        case "angekündigt":
            when = " ".join(part for part in (f"für den {day}" if day else "", place) if part)
            first = (
                f"Die {name} wurde {when + ' ' if when else ''}angekündigt; ob sie so stattfand, "
                "ist nicht belegt."
            )
        case "unbekannt":
            return [
                f"Über die {name} ist in der Sammlung noch nichts bekannt; Thema, Ort und Datum "
                "bleiben offen, bis ihre Dokumentation eingelesen ist."
            ]
    return [first, *([f"Quelle: {workshop.source}"] if workshop.source else [])]
