"""The quiet row under an answer for taking it along. Pure."""

from ui.markup import Html, join, tag

_FILES = (
    ("vermerk.docx", "Word"),
    ("vermerk.pdf", "PDF"),
    ("antwort.md", "Markdown"),
)
_REFERENCES = (
    ("quellen.bib", "BibTeX"),
    ("quellen.ris", "RIS"),
)


def block(record_id: str, *, has_sources: bool = True) -> Html:
    """Render the row under an answer, not yet fenced; nothing where there is no record."""
    return row(record_id, has_sources=has_sources) if record_id else Html()


def row(record_id: str, *, on_page: bool = False, has_sources: bool = True) -> Html:
    """Render the row; ``on_page`` for the answer's own page, where a script adds printing."""
    address = f"/antwort/{record_id}"
    links = [_download(f"{address}/{name}", words) for name, words in _FILES]
    if has_sources:
        references = (_download(f"{address}/{name}", words) for name, words in _REFERENCES)
        links.append(tag("span", "Quellen: ", join(*references, by=", ")))
    if on_page:
        links.append(tag("span", id="print"))
    else:
        links += [_page(f"{address}#drucken", "Drucken"), _page(address, "Dauerhafter Link")]
    return tag(
        "div",
        tag("p", "Mitnehmen", class_="asked"),
        *links,
        class_="take-away",
        role="group",
        aria_label="Diese Antwort mitnehmen",
    )


def _download(address: str, words: str) -> Html:
    return tag("a", words, href=address, download="")


def _page(address: str, words: str) -> Html:
    unseen = tag("span", " (neues Fenster)", class_="unseen")
    return tag("a", words, unseen, href=address, target="_blank", rel="noopener noreferrer")
