"""Word file (.docx) -> blocks: rewritten to what is seen, turned to HTML by mammoth, walked."""

import io
import re
import zipfile
from pathlib import Path
from xml.parsers.expat import ExpatError

import mammoth
from bs4 import BeautifulSoup
from lxml import etree
from lxml.etree import _Element as Element

from corpus.errors import FileRefusedError
from corpus.types import Extraction
from ingest.blocks import Block, LoadedFile
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.markup import CONTENTS_CLASS, blocks_of
from ingest.markup.headings import names_workshop, without_title
from ingest.markup.numbering import Numbering
from ingest.markup.package import parts_of
from ingest.markup.rewriting import Rewriter, Styled
from ingest.markup.text import one_line
from ingest.markup.word import Styles, tag, text_of
from ingest.refusals import refuse

_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_NO_TITLE = re.compile(
    r"\W*|\W?(?:titel|title|dokumenttitel|titel des dokuments)\W?|(?:microsoft )?word\b.*"
    r"|(?:dokument|document|unbenannt|untitled|vorlage|template|folie)\s?\d*"
    r"|.*\.(?:docx?|docm|dotx?|odt|rtf|pdf)",
    re.IGNORECASE,
)
_NOTES = ("footnotes", "endnotes")
_TITLE_CLASS = "sozialraum-titel"
_STYLE_MAP = f"""
p.{Styled.TITLE} => h1.{_TITLE_CLASS}:fresh
p.{Styled.CONTENTS} => p.{CONTENTS_CLASS}:fresh
p.{Styled.CAPTION} => figcaption:fresh
p.{Styled.BOX} => aside > p:fresh
p.{Styled.ITEM} => ul > li:fresh
""" + "\n".join(f"p.{Styled.HEADING}{rank} => h{rank}:fresh" for rank in range(1, 7))
# What mammoth raises on parts that are well-formed and make no sense.
_MAMMOTH_FAULTS = (
    *(AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError),
    ExpatError,
)

_PICTURES = "enthält nur Bilder oder Grafiken, keinen lesbaren Text."
_AS_PDF = (
    "Speichern Sie die Datei als PDF, lassen Sie dieses durch eine Texterkennung laufen und "
    "lesen Sie es ein."
)
_FOREIGN = "setzt sich aus mehreren Dateien zusammen (Filialdokumente oder altChunk)."
_JOINED = (
    "Öffnen Sie die Datei in Word, speichern Sie sie mit allen Teilen als eine .docx-Datei und "
    "lesen Sie diese ein."
)


def load_docx(path: Path) -> LoadedFile:
    """Read a Word file: main text, text boxes, tables, footnotes; no headers, no pictures.

    What is hidden, deleted under tracked changes or a comment is left out and reported.
    Raises FileRefusedError in German, naming the file and the remedy.
    """
    parts = parts_of(path)
    main = parts["main"]
    if next(main.iter(tag("altChunk"), tag("subDoc")), None) is not None:
        raise refuse("ERR_FILE_DAMAGED", path.name, reason=_FOREIGN, remedy=_JOINED)
    pictured = next(main.iter(tag("drawing"), tag("pict"), tag("object")), None) is not None
    styles = Styles(parts.get("styles"))
    rewriter = Rewriter(styles, Numbering(parts.get("numbering"), styles))
    notes: dict[str, Element] = {kind: parts[kind] for kind in _NOTES if kind in parts}
    rewriter.rewrite(main, notes)
    page = BeautifulSoup(_html(main, notes, path.name), "lxml")
    stated = one_line("".join(parts["core"].itertext(_TITLE))) if "core" in parts else ""
    title, found = _titled(page, "" if _NO_TITLE.fullmatch(stated) else stated)
    if not any(block.kind not in ("heading", "contents") for block in found):
        raise _without_text(path.name, pictured)
    hidden = HiddenTexts()
    for concealment, text in rewriter.hidden:
        hidden.add(concealment, text)
    for comment in parts["comments"].iter(tag("comment")) if "comments" in parts else ():
        hidden.add("Kommentar", text_of(comment))
    hidden.visible(page.get_text())
    extraction = Extraction(format="Word", hidden=hidden.listed())
    return LoadedFile(found, {"titel": title} if title else {}, extraction=extraction)


def _without_text(name: str, pictured: bool) -> FileRefusedError:
    if not pictured:
        return refuse("ERR_FILE_EMPTY", name)
    return refuse("ERR_FILE_NO_TEXT", name, reason=_PICTURES, remedy=_AS_PDF)


def _html(main: Element, notes: dict[str, Element], name: str) -> str:
    """Return a document's text as HTML. Mammoth is given no more than that text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for kind, root in {"document": main, **notes}.items():
            package.writestr(f"word/{kind}.xml", etree.tostring(root, encoding="utf-8"))
    try:
        result = mammoth.convert_to_html(
            file,
            style_map=_STYLE_MAP,
            include_default_style_map=False,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=lambda image: [],
        )
    except _MAMMOTH_FAULTS:
        raise refuse("ERR_FILE_DAMAGED", name) from None
    return str(result.value)


def _titled(page: BeautifulSoup, stated: str) -> tuple[str, tuple[Block, ...]]:
    """Return the title and the blocks without it.

    What is set as the title is none of the chapters, but for one that names a workshop:
    that one holds all others. Set so more than twice, it is how the chapters are set.
    """
    set_so = page.find_all("h1", class_=_TITLE_CLASS)
    texts = [one_line(tag.get_text(" ")) for tag in set_so]
    if len(set_so) > 2 or any(names_workshop(text) for text in texts):
        chapters = {id(tag) for tag in set_so}
        for heading in page.find_all(re.compile("h[1-5]")):
            if id(heading) not in chapters:
                heading.name = f"h{int(heading.name[1]) + 1}"
        return without_title(blocks_of(page), stated)
    title = stated or " ".join(texts)
    for heading in set_so:
        heading.name = "p"
    left_out = {id(h) for h, text in zip(set_so, texts, strict=True) if text in title}
    return without_title(blocks_of(page, left_out), title)
