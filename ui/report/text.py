"""How a document was read, for the editor: as text, as an object, and what a new version changes.

``write_report_html`` writes the same with every page beside its text.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from corpus.types import Reading
from ingest.characters import cleaned
from ingest.difference import Change
from ingest.quality import Quality, missing, unknown_share
from ui.report.facts import LEVELS, attributions, groups

_LABEL_COLUMNS = 25
_SHOWN_CHARS = 600


def report_text(reading: Reading, quality: Quality) -> str:
    """Return the report as plain German text, the light first."""
    lines = [f"Zustand: {quality.light}"]
    lines += [f"  – {LEVELS[f.level]}: {plain(f.text)}" for f in quality.findings]
    for group in groups(reading):
        lines += ["", group.heading]
        lines += [f"  {f.label + ':':{_LABEL_COLUMNS}} {plain(f.value)}" for f in group.facts]
    return "\n".join(lines)


def report_object(reading: Reading, quality: Quality) -> dict[str, Any]:
    """Return the report for programs. Pages are physical, from 0."""
    document, extraction = reading.document, reading.document.extraction
    return {
        "document": document.id,
        "light": quality.light,
        "findings": [{"level": f.level, "text": f.text} for f in quality.findings],
        "title": document.title,
        "file": document.file,
        "version": document.version,
        "format": extraction.format,
        "reader": extraction.reader,
        "pages": len(document.page_labels),
        "words": extraction.words,
        "unknown_words": extraction.unknown_words,
        "unknown_share": round(unknown_share(document), 4),
        "passages": len(reading.passages),
        "headings": extraction.headings,
        "tables": extraction.tables,
        "mended_hyphens": extraction.mended_hyphens,
        "unreadable_pages": list(extraction.unreadable_pages),
        "recognised_pages": [
            {"page": page.page, "confidence": round(page.confidence, 1)}
            for page in extraction.recognised_pages
        ],
        "hidden": [
            {"concealment": item.concealment, "text": item.text, "page": item.page}
            for item in extraction.hidden
        ],
        "attribution": [
            {
                "workshop": part.workshop,
                "workshop_title": part.title,
                "heading": part.heading,
                "reason": part.reason,
                "sections": part.sections,
                "pages": list(part.pages),
            }
            for part in attributions(reading)
        ],
        "missing": list(missing(document, reading.sections)),
        "corrections": dict(document.corrections),
        "date": document.date,
        "valid_from": document.valid_from,
        "valid_until": document.valid_until,
        "replaced_by": document.replaced_by,
    }


def write_report_html(file: TextIO, reading: Reading, quality: Quality, original: Path) -> None:
    """Write the report as one page that needs nothing else, each page beside its text.

    ``original`` holds the bytes that were read. Written page by page: a report of 300 pages
    takes the memory of one.
    """
    # What draws pages loads PDFium, which no other command's output needs.
    from ui.report.page import write

    write(file, reading, quality, original)


def difference_text(changes: Sequence[Change], limit: int = 20) -> str:
    """Return what a new version changes, "-" before what goes and "+" before what comes."""
    if not changes:
        return "  Der Text bleibt, wie er ist."
    lines = []
    for change in changes[:limit]:
        page = f" (Seite {change.page + 1})" if change.page is not None else ""
        where = " › ".join(plain(heading) for heading in change.section)
        lines.append(f"  {change.kind}{f' in {where}' if where else ''}{page}")
        sides = (("-", change.before), ("+", change.after))
        lines += [f"    {sign} {_beginning(text)}" for sign, text in sides if text]
    if (rest := len(changes) - limit) > 0:
        lines.append(f"  … und {rest} weitere {'Änderung' if rest == 1 else 'Änderungen'}")
    kinds = Counter(change.kind for change in changes)
    counted = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
    return "\n".join([f"  Geänderte Stellen: {len(changes)} ({counted})", *lines])


def _beginning(text: str) -> str:
    shown = plain(text.replace("\t", " | "))
    return shown if len(shown) <= _SHOWN_CHARS else f"{shown[:_SHOWN_CHARS]} …"


def plain(text: str) -> str:
    """Return text on one line without signs that steer a terminal or turn words round."""
    return " ".join(cleaned(text).split())
