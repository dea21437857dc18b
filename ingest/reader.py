"""One file -> one reading: which loader reads it, and what came out.

Runs in a process of its own (``ingest.isolation``), for files aren't trusted. A reading
knows nothing yet of catalogue and corrections: ``ingest.attribution`` adds them.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from corpus.types import Document, Reading
from ingest import ocr
from ingest.blocks import LoadedFile
from ingest.formats import FOREIGN, READER_VERSION, is_catalogue, suffix_of
from ingest.passages import passages
from ingest.progress import at_page
from ingest.quality import unknown_words
from ingest.refusals import refuse
from ingest.sections import outline

# Loaders by suffix, imported when the first file of their kind comes: all parsers together take
# 0.6 CPU s to import, and most folders hold two formats.
_LOADERS = {
    ".docx": "docx.load_docx",
    ".eml": "mail.load_mail",
    ".htm": "html.load_html",
    ".html": "html.load_html",
    ".markdown": "markdown.load_markdown",
    ".md": "markdown.load_markdown",
    ".odt": "odt.load_odt",
    ".pdf": "pdf.load_pdf",
    ".pptx": "slides.load_slides",
    ".txt": "text.load_text",
}
_CATALOGUE = "catalogue.load_catalogue_document"


def read(content: Path, name: str) -> Reading:
    """Read the file known as ``name``, whose bytes lie in ``content``.

    Raises FileRefusedError in German; a loader names the file as it lies on disk.
    """
    loaded = _loader(name)(content)
    if not any(block.kind != "heading" for block in loaded.blocks):
        raise refuse("ERR_FILE_EMPTY", name, reason="enthält keinen Text.")
    _show_life(loaded)
    outlined = outline(loaded.blocks)
    words, unknown = unknown_words(outlined.text)
    _show_life(loaded)
    kinds = [block.kind for block in loaded.blocks]
    extraction = replace(
        loaded.extraction,
        reader=READER_VERSION,
        stated=tuple(sorted(loaded.metadata.items())),
        could_recognise=ocr.is_available(),
        words=words,
        unknown_words=unknown,
        headings=kinds.count("heading"),
        tables=kinds.count("table"),
    )
    document = Document(
        *("", "", "", name, "", "", ""), page_labels=loaded.page_labels, extraction=extraction
    )
    return Reading(document, outlined.text, outlined.sections, passages(outlined))


def _show_life(loaded: LoadedFile) -> None:
    """Say that it goes on: what comes after the pages takes 10 ms a page, 20 s for 2,000."""
    if pages := len(loaded.page_labels):
        at_page(pages, pages)


def _loader(name: str) -> Callable[[Path], LoadedFile]:
    suffix = suffix_of(name)
    if not is_catalogue(name) and suffix not in _LOADERS:
        raise refuse("ERR_FILE_TYPE", name, remedy=FOREIGN.get(suffix, ""))
    place = _CATALOGUE if is_catalogue(name) else _LOADERS[suffix]
    module, _, function = place.partition(".")
    loader: Callable[[Path], LoadedFile] = getattr(
        import_module(f"ingest.loaders.{module}"), function
    )
    return loader
