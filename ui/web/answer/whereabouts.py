"""Where a quote stands, for the page: what ``ui/wording.py`` says, with the collection's own words
marked as foreign. Pure."""

from assistant.types import Citation
from ui.markup import Html, foreign, join
from ui.wording import page_name, sections_of, workshop_name


def voice(citation: Citation) -> str:
    """Name who speaks: the workshop, or the document where it belongs to none."""
    if citation.workshop is None:
        return foreign(citation.title)
    return workshop_name(citation.workshop, citation.workshop_title)


def where(citation: Citation) -> Html:
    """Say where the quote stands within its document: workshop, sections, page."""
    workshop = "" if citation.workshop is None else voice(citation)
    return join(workshop, foreign(sections_of(citation)), page_name(citation), by=" · ")


def place(citation: Citation) -> Html:
    """Name document and page, for a link."""
    return join(foreign(citation.title), page_name(citation), by=", ")
