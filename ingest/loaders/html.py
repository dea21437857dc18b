"""Saved web page -> blocks of its main text. Nothing the page points to is fetched."""

import codecs
import re
import warnings
from pathlib import Path

from bs4 import BeautifulSoup, Comment, Tag
from bs4.exceptions import ParserRejectedMarkup

from corpus.errors import FileRefusedError
from corpus.types import Extraction
from ingest.blocks import LoadedFile
from ingest.loaders.encodings import decoded
from ingest.loaders.files import file_bytes
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.markup import blocks_of
from ingest.markup.headings import without_title
from ingest.markup.main_text import main_text, surroundings
from ingest.markup.text import elements, one_line
from ingest.markup.unseen import Unseen, said
from ingest.refusals import refuse

_MAX_BYTES = 100 * 2**20  # pages saved with their pictures inside
_MAX_CHARS = 20_000_000  # without pictures
# Two to an element; 250,000 elements take about 17 s and 350 MB (bs4 4.15, lxml 6.1).
_MAX_TAGS = 500_000
_HEAD_BYTES = 4_096  # in which a page must name its encoding; browsers look at 1,024
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
# Only plain tables of characters: Python also knows codecs that unpack or rewrite.
_KNOWN_CHARSETS = re.compile(r"(?:iso-?8859-?\d{1,2}|windows-125\d|cp125\d|macintosh|koi8-r)")
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LATIN_1 = ("iso-8859-1", "iso8859-1")  # browsers read it as Windows-1252
_PICTURE = re.compile(r"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%]{100,}")
_SITE_NAME = re.compile(r"\s+[|–—·»-]\s+.*")

_FRAMES = "besteht nur aus Rahmen (Frames), die auf andere Seiten verweisen."
_OF_FRAME = "Öffnen Sie im Browser die Seite, die im Rahmen steht, und speichern Sie diese."
_SCRIPT = "enthält nur ein Gerüst, dessen Text erst ein Skript im Browser nachlädt."
_PICTURES = "zeigt nur Bilder, keinen lesbaren Text."
_ONLY_AROUND = "enthält außer Navigation, Formularen und Hinweisen keinen Text."
_PRINTED = (
    "Öffnen Sie die Seite im Browser, speichern Sie sie über „Drucken“ als PDF und lesen Sie "
    "dieses ein."
)


def load_html(path: Path) -> LoadedFile:
    """Read the main text of a saved web page.

    Menus, notices, forms and what nobody sees are left out; of these, what is hidden is
    reported. Raises FileRefusedError in German, naming the file and the remedy.
    """
    source = _PICTURE.sub("", _decoded(file_bytes(path, _MAX_BYTES), path.name))
    if len(source) > _MAX_CHARS or source.count("<") > _MAX_TAGS:
        raise refuse("ERR_FILE_TOO_LARGE", path.name)
    page = _parsed(source, path.name)
    left_out = surroundings(page)
    hidden = HiddenTexts()
    hidden.visible(source)
    _conceal(page, left_out, hidden)
    root = main_text(page, left_out)
    found = blocks_of(root, left_out)
    if not any(block.kind not in ("heading", "contents") for block in found):
        raise _without_text(page, path.name)
    title, found = without_title(found, _title(page, root))
    extraction = Extraction(format="Webseite", hidden=hidden.listed())
    return LoadedFile(found, {"titel": title} if title else {}, extraction=extraction)


def _decoded(data: bytes, name: str) -> str:
    """Decode by byte order mark, as UTF-8, by the page's own word, else by its letters.

    UTF-8 goes before the page's word: text in another encoding is never valid UTF-8 by
    chance, and pages saved anew often keep the old word.
    """
    stated = _CHARSET.search(data[:_HEAD_BYTES])
    charset = stated[1].decode("ascii", errors="replace").lower() if stated else ""
    if data.startswith(_BOMS) or not _KNOWN_CHARSETS.fullmatch(charset):
        return decoded(data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252" if charset in _LATIN_1 else charset, errors="replace")
    except LookupError:
        return decoded(data, name)


def _parsed(source: str, name: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # text like an address, XHTML read as HTML: both meant
        try:
            return BeautifulSoup(source.replace("\0", ""), "lxml")
        except (ParserRejectedMarkup, RecursionError, ValueError, AssertionError):
            raise refuse("ERR_FILE_DAMAGED", name) from None


def _conceal(page: Tag, left_out: set[int], hidden: HiddenTexts) -> None:
    """Add the ids of what nobody sees to ``left_out``, and what it says to ``hidden``."""
    unseen = Unseen(page)
    stack = list(reversed(page.contents))
    while stack:
        node = stack.pop()
        if isinstance(node, Comment):
            hidden.add("Kommentar", said(node))
        elif isinstance(node, Tag) and id(node) not in left_out:
            concealment = unseen.concealment(node)
            if concealment and node.name not in ("html", "body", "main"):
                left_out.add(id(node))
                hidden.add(concealment, node.get_text(" "))
            else:
                stack.extend(reversed(node.contents))


def _title(page: BeautifulSoup, root: Tag) -> str:
    """Return the page's title without the name of the site: its own main heading, if any."""
    top = [one_line(tag.get_text(" ")) for tag in elements(root, "h1")]
    named = page.find("meta", property="og:title")
    stated = one_line(str(named.get("content", ""))) if isinstance(named, Tag) else ""
    if not stated and isinstance(page.title, Tag):
        stated = one_line(page.title.get_text(" "))
    if top and top[0] and (len(top) == 1 or stated.casefold().startswith(top[0].casefold())):
        return top[0]
    return _SITE_NAME.sub("", stated) if "|" in stated else stated


def _without_text(page: BeautifulSoup, name: str) -> FileRefusedError:
    if page.find(["frameset", "frame", "iframe"]) is not None:
        return refuse("ERR_FILE_EMPTY", name, reason=_FRAMES, remedy=_OF_FRAME)
    if page.find("script") is not None:
        return refuse("ERR_FILE_EMPTY", name, reason=_SCRIPT, remedy=_PRINTED)
    if page.find(["img", "svg", "canvas", "picture"]) is not None:
        return refuse("ERR_FILE_NO_TEXT", name, reason=_PICTURES, remedy=_PRINTED)
    around = bool(page.get_text(strip=True))
    return refuse("ERR_FILE_EMPTY", name, reason=_ONLY_AROUND if around else "")
