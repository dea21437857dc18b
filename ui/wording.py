"""Names and dates as they stand on the screen. Plain text; escaping is the renderer's work."""

import re

from assistant.types import Citation, Support, Understood
from corpus.types import SLIDE, Document

# How a sentence is marked where it can't be marked by sign and colour.
DOUBTS: dict[Support, str] = {"partial": "teilweise belegt", "none": "nicht belegt"}

# More of them would make a paragraph of a line.
MAX_ADDITIONS = 3

# A sentence that names a command; on the page the same is done with a button.
_COMMAND = "„sozialraum "
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")


def made_of(understood: Understood) -> tuple[str, ...]:
    """Say what was read otherwise than typed, how short forms were read, and what was added."""
    changes = tuple(f"„{c.typed}“ als „{c.read}“ gelesen" for c in understood.changes)
    readings = tuple(
        f"{r.short_form} als {r.taken} gelesen, nicht als {' oder '.join(r.others)}"
        for r in understood.readings
        if r.taken and r.others
    )
    taken = {reading.taken for reading in understood.readings}
    # A number written in figures is the same word to whoever reads it.
    forms = (a.form for a in understood.additions if not a.form.isdigit())
    added = [form for form in forms if form not in taken][:MAX_ADDITIONS]
    return (*changes, *readings, *((f"auch: {', '.join(added)}",) if added else ()))


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
    parts = (workshop, sections_of(citation), page_name(citation))
    return " · ".join(part for part in parts if part)


def sections_of(citation: Citation) -> str:
    """Name the sections a quote stands in, without a chapter that just names the workshop."""
    return " › ".join(heading for heading in citation.section if not _names(heading, citation))


def _names(heading: str, citation: Citation) -> bool:
    """Tell whether a chapter's heading („3. Werkstatt: …“) just names the workshop again."""
    theme = citation.workshop_title
    return bool(theme) and "Werkstatt" in heading and heading.endswith(theme)


def page_name(citation: Citation) -> str:
    """Name the page as it is printed, or the slide; empty when nothing is known."""
    label = citation.page_label
    return f"S.\u00a0{label}" if label and not label.startswith(SLIDE) else label


def place(citation: Citation) -> str:
    """Name document and page, for a link."""
    return ", ".join(part for part in (citation.title, page_name(citation)) if part)


def source_line(citation: Citation) -> str:
    """Say where a quote stands in one line of text: workshop, title, section, page."""
    workshop = f"Werkstatt {citation.workshop}" if citation.workshop else ""
    page = page_name(citation).replace("\u00a0", " ")
    parts = (workshop, citation.title, " › ".join(citation.section), page)
    return ", ".join(part for part in parts if part)


def page_label(document: Document, page: int) -> str:
    """Return what is printed on a page (index from 0), or else its number from 1."""
    labels = document.page_labels
    return labels[page] if page < len(labels) and labels[page] else str(page + 1)


def for_page(text: str) -> str:
    """Leave out the sentences that name a command; the page has a button for it."""
    return " ".join(part for part in _SENTENCE_END.split(text) if _COMMAND not in part)
