"""PowerPoint slides -> blocks. A slide is a page, its number the label of the page."""

import io
import posixpath
import re
from collections.abc import Container, Sequence
from pathlib import Path
from zipfile import ZipFile

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from corpus.errors import FileRefusedError
from corpus.types import SLIDE, Extraction
from ingest.blocks import LoadedFile
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.slide_reader import SlideReader
from ingest.refusals import refuse
from ingest.zipped import opened, parsed, part

MAX_SLIDES = 2_000
MAX_XML_BYTES = 60 * 2**20  # 500 slides have about 20 MB
_NO_TITLE = re.compile(
    r"(?:power\s?point.*|präsentation\d*|presentation\d*|folie \d+|slide \d+|titel|title|"
    r".*\.pptx?|\W*)",
    re.IGNORECASE,
)


def load_slides(path: Path) -> LoadedFile:
    """Read a PowerPoint file (.pptx). Raises FileRefusedError, naming the file.

    Slides that aren't shown are left out and reported, but counted, as PowerPoint does.
    """
    package = _without_media(path)
    hidden = HiddenTexts()
    try:
        deck = Presentation(package)
        slides = list(deck.slides)
        if len(slides) > MAX_SLIDES:
            raise refuse("ERR_FILE_TOO_LARGE", path.name)
        size = (deck.slide_width or 0, deck.slide_height or 0)
        blocks = [
            block
            for at, slide in enumerate(slides)
            for block in SlideReader(slide, at, size, hidden, path.name).blocks()
        ]
        title = _title(deck, slides)
    except (FileRefusedError, MemoryError):
        raise
    except Exception:  # the library trusts its files: what they lack shows as any kind of error
        raise refuse("ERR_FILE_DAMAGED", path.name) from None
    if not any(block.kind != "heading" for block in blocks):
        reason = "enthält außer Überschriften keinen lesbaren Text."
        raise refuse("ERR_FILE_NO_TEXT", path.name, reason=reason)
    return LoadedFile(
        tuple(blocks),
        {"titel": title} if title else {},
        tuple(f"{SLIDE}{at + 1}" for at in range(len(slides))),
        Extraction(format="PowerPoint", hidden=hidden.listed()),
    )


def _without_media(path: Path) -> io.BytesIO:
    """Return the package with its XML only: pictures and films are large and say nothing.

    What is left is checked for its size and for entities before the library sees it.
    """
    slim = io.BytesIO()
    total = 0
    with opened(path) as package, ZipFile(slim, "w") as out:
        names = dict.fromkeys(package.namelist())
        if not any(name.startswith("ppt/") for name in names):
            raise refuse("ERR_FILE_TYPE", path.name, reason="ist keine PowerPoint-Datei.")
        for name in names:
            data = part(package, name, path.name) if name.endswith((".xml", ".rels")) else b""
            total += len(data or b"")
            if total > MAX_XML_BYTES:
                raise refuse("ERR_FILE_TOO_LARGE", path.name)
            if name.endswith(".rels"):
                data = _without_dangling(data or b"", name, names, path.name)
            out.writestr(name, data or b"")
    slim.seek(0)
    return slim


def _without_dangling(data: bytes, name: str, names: Container[str], file: str) -> bytes:
    """Drop relations to parts that are not there, which PowerPoint itself passes over."""
    root = parsed(data, file)
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in list(root):
        target = posixpath.join("/", folder, relation.get("Target", ""))
        is_inside = relation.get("TargetMode") != "External"
        if is_inside and posixpath.normpath(target).lstrip("/") not in names:
            root.remove(relation)
    return bytes(etree.tostring(root))


def _title(deck: Deck, slides: Sequence[Slide]) -> str:
    """Return what the title slide says, else the file's properties."""
    shape = slides[0].shapes.title if slides else None
    if shape is not None and shape.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE:
        own = " ".join(shape.text_frame.text.split())
        if own:
            return own
    stated = " ".join((deck.core_properties.title or "").split())
    return "" if _NO_TITLE.fullmatch(stated) else stated
