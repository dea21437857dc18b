"""Names and dates as they stand on the screen. Plain text; escaping is the renderer's work."""

import re

from assistant.types import Citation
from corpus.types import Document

_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
    *("Oktober", "November", "Dezember"),
)


def workshop_name(number: int, theme: str) -> str:
    """Name a workshop by number and theme."""
    return f"Werkstatt {number}: {theme}" if theme else f"Werkstatt {number}"


def voice(citation: Citation) -> str:
    """Name who speaks: the workshop, or the document where it belongs to none."""
    if citation.workshop is None:
        return citation.title
    return workshop_name(citation.workshop, citation.workshop_title)


def where(citation: Citation) -> str:
    """Say where the quote stands within its document: workshop, sections, page."""
    workshop = "" if citation.workshop is None else voice(citation)
    sections = [heading for heading in citation.section if not _names(heading, citation)]
    return " · ".join(
        part for part in (workshop, " › ".join(sections), page_name(citation)) if part
    )


def _names(heading: str, citation: Citation) -> bool:
    """Tell whether a chapter's heading („3. Werkstatt: …“) just names the workshop again."""
    theme = citation.workshop_title
    return bool(theme) and "Werkstatt" in heading and heading.endswith(theme)


def page_name(citation: Citation) -> str:
    """Name the page as it is printed; empty when nothing is known."""
    return f"S.\u00a0{citation.page_label}" if citation.page_label else ""


def place(citation: Citation) -> str:
    """Name document and page, for a link."""
    return ", ".join(part for part in (citation.title, page_name(citation)) if part)


def page_label(document: Document, page: int) -> str:
    """Return what is printed on a page (index from 0), or else its number from 1."""
    labels = document.page_labels
    return labels[page] if page < len(labels) and labels[page] else str(page + 1)


def german_date(date: str) -> str:
    """Write an ISO 8601 year, month or day the German way; empty for anything else."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", date)
    if not found:
        return ""
    year, month, day = found.groups()
    if month is None or not 1 <= int(month) <= len(_MONTHS):
        return str(year)
    name = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)}. {name}" if day else name
