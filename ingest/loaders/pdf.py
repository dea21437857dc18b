"""PDF -> blocks in reading order, each word with its box on the page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from pathlib import Path

from corpus.catalogue import DOCUMENT_KEYS
from corpus.dates import MONTHS
from corpus.types import Extraction, HiddenText, RecognisedPage
from ingest import ocr
from ingest.blocks import Block, LoadedFile
from ingest.characters import cleaned
from ingest.pdf.glyphs import opened, read_facts, read_pages
from ingest.pdf.headings import Outline, bare
from ingest.pdf.hyphens import vocabulary
from ingest.pdf.legibility import is_gibberish
from ingest.pdf.lines import Line
from ingest.pdf.page import Page, PdfFacts
from ingest.pdf.recognised import Typography
from ingest.pdf.regions import kept, ordered_items
from ingest.pdf.running import body_size, strip_running
from ingest.pdf.scans import legible_pages
from ingest.pdf.structure import Mending, blocks, elements
from ingest.progress import at_page
from ingest.refusals import refuse

_KEYS = "|".join(DOCUMENT_KEYS)
_KEY_VALUE = re.compile(
    rf"(?:^|[,;])\s*({_KEYS})\s*=\s*(.*?)\s*(?=[,;]\s*(?:{_KEYS})\s*=|$)", re.IGNORECASE | re.DOTALL
)
# PDFium keeps what it has read until a file is closed: 60-80 KB a page, 160 MB for 2,000 pages;
# opened anew for every hundred it stays at 15 MB, and takes no longer.
_PAGES_AT_ONCE = 100
_MOST_HIDDEN, _MOST_HIDDEN_CHARS = 100, 200  # pieces of hidden text, and of each
_LEAST_WORDS = 4  # fewer above the first chapter are a label, like a series' name
_WORKSHOP = re.compile(r"\bWerkstatt\s+\d|\b\d{1,2}\.\s*Werkstatt\b")
_STATE = re.compile(
    r"Stand:?\s+(?:(?:(?P<day>\d{1,2})\.\s*)?"
    rf"(?:(?P<name>{'|'.join(MONTHS)})\s+|(?P<month>\d{{1,2}})\s*[./]\s*))?"
    r"(?P<year>(?:19|20)\d\d)\.?"
)
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|.*\.(?:docx?|odt|pdf|indd|pptx?|rtf|qxd)|untitled.*|unbenannt.*|\W*)",
    re.IGNORECASE,
)


def load_pdf(path: Path) -> LoadedFile:
    """Read a PDF. Raises FileRefusedError in German, naming the file and the remedy.

    Pages without text, such as scans, are recognised where Tesseract is installed. Those that
    stay without words are listed in its ``extraction``; a file of nothing else is refused.
    """
    content = _read(path)
    _check_text(path, content)
    stripped = strip_running(content.pages, content.lines)
    made = _blocks(content, stripped.lines)
    if not any(block.kind != "heading" for block in made.blocks):
        raise refuse("ERR_FILE_NO_TEXT", path.name)
    metadata, found = _with_title(_metadata(content.facts), made.blocks)
    metadata = _with_date(metadata, found)
    return LoadedFile(
        _with_title_matter(metadata, found),
        metadata,
        _labels(content, stripped.labels),
        Extraction(
            format="PDF",
            unreadable_pages=content.unreadable,
            recognised_pages=content.recognised,
            hidden=content.hidden,
            mended_hyphens=made.hyphens,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What is read from a file before its layout is understood; pages without their glyphs."""

    facts: PdfFacts
    pages: tuple[Page, ...]
    lines: tuple[tuple[Line, ...], ...]
    """For each page; none for pages that can't be read."""
    unreadable: tuple[int, ...]
    recognised: tuple[RecognisedPage, ...]
    hidden: tuple[HiddenText, ...]
    has_glyphs: bool
    """It states text on some page, even if that can't be read."""


def _read(path: Path) -> _Content:
    content = _read_once(path, distrusted=False)
    if is_gibberish([line for page in content.lines for line in page]):
        content = _read_once(path, distrusted=True)
    return content


def _read_once(path: Path, *, distrusted: bool) -> _Content:
    """Read all pages; those ``distrusted`` by their pictures alone."""
    pages, lines, unreadable, recognised = [], [], [], []
    hidden: list[HiddenText] = []
    has_glyphs = False
    typography = Typography()
    with opened(path) as document:
        facts, count = read_facts(document, path.name), len(document)
    for first in range(0, count, _PAGES_AT_ONCE):
        with opened(path) as document:
            some = range(first, min(first + _PAGES_AT_ONCE, count))
            found = read_pages(document, path.name, some)
            for read in legible_pages(document, found, typography, distrusted=distrusted):
                page = read.page
                lines.append(read.lines)
                unreadable += [page.index] if read.is_unreadable else []
                recognised += [read.recognised] if read.recognised else []
                hidden += _hidden(page, _MOST_HIDDEN - len(hidden))
                pages.append(kept(replace(page, hidden=())))
                has_glyphs = has_glyphs or bool(page.glyphs)
                at_page(page.index + 1, count)
    return _Content(
        facts,
        tuple(pages),
        tuple(lines),
        tuple(unreadable),
        tuple(recognised),
        tuple(hidden),
        has_glyphs,
    )


def _hidden(page: Page, most: int) -> list[HiddenText]:
    return [
        HiddenText(one.concealment, cleaned(one.text)[:_MOST_HIDDEN_CHARS], page.index)
        for one in page.hidden[:most]
    ]


def _check_text(path: Path, content: _Content) -> None:
    if any(content.lines) and not is_gibberish([x for page in content.lines for x in page]):
        return
    if not any(content.lines) and not content.unreadable:
        raise refuse("ERR_FILE_EMPTY", path.name, reason="enthält nur leere Seiten.")
    reason = "enthält nur Bilder oder Scans, keinen lesbaren Text."
    if content.has_glyphs:
        reason = (
            "zeigt Text, dessen Zeichen sich nicht auslesen lassen (fehlerhafte Zeichentabelle)."
        )
    raise refuse("ERR_FILE_NO_TEXT", path.name, reason=reason, remedy=_remedy())


def _remedy() -> str:
    if ocr.is_available():
        return (
            "Auch die Texterkennung fand darin keinen Text. Scannen Sie die Vorlage mit 300 dpi "
            "neu und lesen Sie die Datei erneut ein."
        )
    return (
        f"Die Texterkennung fehlt: Der Befehl „{ocr.INSTALL}“ richtet sie ein. Lesen Sie die "
        "Datei danach erneut ein."
    )


def _blocks(content: _Content, lines: Sequence[Sequence[Line]]) -> Mending:
    runs = [ordered_items(page, its) for page, its in zip(content.pages, lines, strict=True)]
    known = vocabulary([word.text for word in line.words] for its in lines for line in its)
    found = elements(content.pages, runs, body_size(lines), Outline(content.facts.outline))
    return blocks(found, known, content.pages)


def _metadata(facts: PdfFacts) -> dict[str, str]:
    metadata = {}
    title = " ".join(cleaned(facts.title).split())
    if not _NO_TITLE.fullmatch(title):
        metadata["titel"] = title
    for key, value in _KEY_VALUE.findall(cleaned(facts.keywords)):
        metadata[key.lower()] = " ".join(value.split())
    return metadata


def _with_date(metadata: dict[str, str], found: Iterable[Block]) -> dict[str, str]:
    """Take the text's state from a line "Stand: März 2018" on the cover, as ISO 8601.

    The file's own dates are no source: they change with every export.
    """
    cover = takewhile(lambda block: block.page == 0, found)
    stated = [iso for b in cover if b.kind != "heading" and (iso := _iso_date(b.text))]
    return {"stand": stated[0], **metadata} if stated else metadata


def _iso_date(text: str) -> str:
    """Return the date of "Stand: 12. März 2018" as 2018-03-12, as exact as stated, or nothing."""
    found = _STATE.fullmatch(text)
    if found is None:
        return ""
    month = MONTHS.index(found["name"]) + 1 if found["name"] else int(found["month"] or 0)
    try:
        whole = date(int(found["year"]), month or 1, int(found["day"] or 1)).isoformat()
    except ValueError:
        return ""
    return whole if found["day"] else whole[:7] if month else whole[:4]


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
