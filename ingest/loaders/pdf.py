"""PDF -> blocks in reading order, each word with its box on the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.blocks import Block, LoadedFile
from ingest.pdf.glyphs import opened, read_facts, read_pages
from ingest.pdf.headings import Outline, bare
from ingest.pdf.hyphens import vocabulary
from ingest.pdf.legibility import is_gibberish, is_unreadable_page
from ingest.pdf.lines import Line, lines_of
from ingest.pdf.page import Page, PdfFacts
from ingest.pdf.regions import ordered_items
from ingest.pdf.running import body_size, strip_running
from ingest.pdf.structure import blocks, elements
from ingest.refusals import refuse

_KEYS = "titel|art|werkstatt|herkunft|stand"
_KEY_VALUE = re.compile(
    rf"(?:^|[,;])\s*({_KEYS})\s*=\s*(.*?)\s*(?=[,;]\s*(?:{_KEYS})\s*=|$)", re.IGNORECASE | re.DOTALL
)
_LEAST_WORDS = 4  # fewer above the first chapter are a label, like a series' name
_WORKSHOP = re.compile(r"\bWerkstatt\s+\d|\b\d{1,2}\.\s*Werkstatt\b")
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|.*\.(?:docx?|odt|pdf|indd|pptx?|rtf|qxd)|untitled.*|unbenannt.*|\W*)",
    re.IGNORECASE,
)


def load_pdf(path: Path) -> LoadedFile:
    """Read a PDF. Raises FileRefusedError in German, naming the file and the remedy.

    Pages without readable text, such as scans, are listed in ``metadata`` under
    ``seiten_ohne_text`` ("2, 5", counted from 1); a file of nothing else is refused.
    """
    content = _read(path)
    _check_text(path, content)
    stripped = strip_running(content.pages, content.lines)
    found = _blocks(content, stripped.lines)
    if not any(block.kind != "heading" for block in found):
        raise refuse("ERR_FILE_NO_TEXT", path.name)
    metadata, found = _with_title(_metadata(content), found)
    return LoadedFile(
        _with_title_matter(metadata, found), metadata, _labels(content, stripped.labels)
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What is read from a file before its layout is understood; pages without their glyphs."""

    facts: PdfFacts
    pages: tuple[Page, ...]
    lines: tuple[tuple[Line, ...], ...]
    """For each page; none for pages that can't be read."""
    unreadable: tuple[bool, ...]
    has_glyphs: bool


def _read(path: Path) -> _Content:
    pages, lines, unreadable = [], [], []
    has_glyphs = False
    with opened(path) as document:
        facts = read_facts(document, path.name)
        for page in read_pages(document, path.name):
            its = lines_of(page)
            unreadable.append(is_unreadable_page(page, its))
            lines.append(() if unreadable[-1] else its)
            pages.append(replace(page, glyphs=()))
            has_glyphs = has_glyphs or bool(page.glyphs)
    return _Content(facts, tuple(pages), tuple(lines), tuple(unreadable), has_glyphs)


def _check_text(path: Path, content: _Content) -> None:
    reason = "enthält nur Bilder oder Scans, keinen lesbaren Text."
    if content.has_glyphs:
        reason = (
            "zeigt Text, dessen Zeichen sich nicht auslesen lassen (fehlerhafte Zeichentabelle)."
        )
    if not any(content.lines):
        if any(content.unreadable):
            raise refuse("ERR_FILE_NO_TEXT", path.name, reason=reason)
        raise refuse("ERR_FILE_EMPTY", path.name, reason="enthält nur leere Seiten.")
    if is_gibberish([line for page in content.lines for line in page]):
        raise refuse("ERR_FILE_NO_TEXT", path.name, reason=reason)


def _blocks(content: _Content, lines: Sequence[Sequence[Line]]) -> tuple[Block, ...]:
    runs = [ordered_items(page, its) for page, its in zip(content.pages, lines, strict=True)]
    known = vocabulary([word.text for word in line.words] for its in lines for line in its)
    found = elements(content.pages, runs, body_size(lines), Outline(content.facts.outline))
    return blocks(found, known, content.pages)


def _metadata(content: _Content) -> dict[str, str]:
    metadata = {}
    title = " ".join(content.facts.title.split())
    if not _NO_TITLE.fullmatch(title):
        metadata["titel"] = title
    for key, value in _KEY_VALUE.findall(content.facts.keywords):
        metadata[key.lower()] = " ".join(value.split())
    without = [str(index + 1) for index, bad in enumerate(content.unreadable) if bad]
    if without:
        metadata["seiten_ohne_text"] = ", ".join(without)
    return metadata


def _with_title(
    metadata: dict[str, str], found: tuple[Block, ...]
) -> tuple[dict[str, str], tuple[Block, ...]]:
    """Take the stated title off the first page: it is no chapter, unless it names a workshop.

    Where none is stated, the first page's heading is the title if all others rank below it.
    """
    headings = [block for block in found if block.kind == "heading"]
    if not headings or headings[0].page != 0:
        return metadata, found
    title = headings[0]
    if "titel" not in metadata:
        above_all = len(headings) > 2 and all(h.level > title.level for h in headings[1:])
        return ({"titel": title.text, **metadata} if above_all else metadata), found
    if bare(metadata["titel"]) != bare(title.text) or _WORKSHOP.search(title.text):
        return metadata, found
    return metadata, tuple(block for block in found if block is not title)


def _with_title_matter(metadata: dict[str, str], found: Sequence[Block]) -> tuple[Block, ...]:
    """Make no evidence of what stands around the title and only repeats the metadata."""
    facts = [bare(value) for value in metadata.values() if value]
    result = list(found)
    for at, block in enumerate(found):
        if block.kind == "heading" or block.page != 0:
            break
        plain = bare(block.text)
        repeats = any(fact in plain and len(plain) < 2 * len(fact) for fact in facts)
        short = len(block.text.split()) < _LEAST_WORDS and not block.text.endswith((".", "!", "?"))
        label = short or block.text.startswith("Stand:")
        if block.kind == "paragraph" and (repeats or label):
            result[at] = replace(block, kind="contents")
    return tuple(result)


def _labels(content: _Content, printed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the file's own labels, else the printed numbers, else the pages' count."""
    return content.facts.labels or printed or tuple(str(i + 1) for i in range(len(content.pages)))
