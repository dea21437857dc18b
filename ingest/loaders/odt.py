"""OpenDocument text (LibreOffice Writer) -> blocks. It has no pages: sections are cited."""

import re
import warnings
from pathlib import Path
from zipfile import ZipFile

from bs4 import BeautifulSoup
from lxml.etree import _Element as Element

from corpus.catalogue import DOCUMENT_KEYS
from corpus.types import Extraction
from ingest.blocks import LoadedFile
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.markup import blocks_of
from ingest.markup.headings import without_title
from ingest.markup.opendocument import MAX_DEPTH, Page, TooLargeError, depth
from ingest.markup.opendocument_styles import Styles, is_filled, tag, value
from ingest.markup.text import one_line
from ingest.refusals import refuse
from ingest.zipped import MAX_PART_BYTES, content, opened, parsed, part

_MIMETYPE = "application/vnd.oasis.opendocument.text"
_NO_TITLE = re.compile(r"(?:.*\.(?:docx?|od[tm]|pdf)|untitled.*|unbenannt.*|\W*)", re.IGNORECASE)


def load_odt(path: Path) -> LoadedFile:
    """Read an OpenDocument text. Raises FileRefusedError, naming the file."""
    with opened(path) as package:
        _check_kind(package, path.name)
        body_part = _tree(package, "content.xml", path.name)
        styles_part = _tree(package, "styles.xml", path.name)
        meta_part = _tree(package, "meta.xml", path.name)
    body = (
        None if body_part is None else body_part.find(f"{tag('office:body')}/{tag('office:text')}")
    )
    if body_part is None or body is None:
        raise refuse("ERR_FILE_TYPE", path.name, reason="ist kein OpenDocument-Text.")
    hidden = HiddenTexts()
    roots = [root for root in (styles_part, body_part) if root is not None]
    page = Page(Styles(*roots), hidden, filled=_has_coloured_pages(styles_part))
    try:
        html = page.html(body)
    except TooLargeError:
        raise refuse("ERR_FILE_TOO_LARGE", path.name) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # text like an address: meant
        blocks = blocks_of(BeautifulSoup(html, "lxml"))
    if not any(block.kind not in ("heading", "contents") for block in blocks):
        raise _without_text(body, path.name)
    metadata = _stated(meta_part)
    title, blocks = without_title(blocks, " ".join(page.titles) or metadata.get("titel", ""))
    metadata.update({"titel": title} if title else {})
    return LoadedFile(
        blocks,
        metadata,
        extraction=Extraction(format="OpenDocument-Text", hidden=hidden.listed()),
    )


def _check_kind(package: ZipFile, file: str) -> None:
    manifest = part(package, "META-INF/manifest.xml", file) or b""
    if b"encryption-data" in manifest:
        raise refuse("ERR_FILE_PASSWORD", file)
    if "mimetype" in package.namelist():
        kind = b"".join(content(package, package.getinfo("mimetype"), file, MAX_PART_BYTES))
        if not kind.decode("ascii", "replace").startswith(_MIMETYPE):
            raise refuse("ERR_FILE_TYPE", file, reason="ist kein OpenDocument-Text.")


def _tree(package: ZipFile, name: str, file: str) -> Element | None:
    data = part(package, name, file)
    if data is None:
        return None
    root = parsed(data, file)
    if depth(root) > MAX_DEPTH:
        raise refuse(
            "ERR_FILE_DAMAGED", file, reason="ist tiefer verschachtelt als jedes Dokument."
        )
    return root


def _has_coloured_pages(styles: Element | None) -> bool:
    pages = () if styles is None else styles.iter(tag("style:page-layout-properties"))
    return any(
        is_filled({str(k).rpartition("}")[2]: str(v) for k, v in page.items()}) for page in pages
    )


def _stated(meta: Element | None) -> dict[str, str]:
    """Return what the document's properties say, under the keys of front matter."""
    if meta is None:
        return {}
    stated = {
        key: one_line(found.text or "")
        for found in meta.iter(tag("meta:user-defined"))
        if (key := value(found, "meta:name").casefold()) in DOCUMENT_KEYS
    }
    title = next((one_line(found.text or "") for found in meta.iter(tag("dc:title"))), "")
    if not _NO_TITLE.fullmatch(title):
        stated["titel"] = title
    return {key: text for key, text in stated.items() if text}


def _without_text(body: Element, file: str) -> Exception:
    if next(body.iter(tag("draw:image")), None) is not None:
        reason = "enthält nur Bilder, keinen lesbaren Text."
        return refuse("ERR_FILE_NO_TEXT", file, reason=reason)
    return refuse("ERR_FILE_EMPTY", file, reason="enthält keinen Text.")
