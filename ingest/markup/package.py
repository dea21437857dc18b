"""The parts of a Word file, found by what the file itself says of them."""

import re
import zipfile
from pathlib import Path

from lxml.etree import _Element as Element

from ingest.markup.word import tag
from ingest.refusals import refuse
from ingest.zipped import opened, parsed, part

_MAX_ENTRIES = 2_000
# Text in XML, about 3,000 pages: 18 MB took 28 s of CPU and 720 MB in all (mammoth 1.13).
_MAX_PART_BYTES = 20 * 2**20
_MAX_PARAGRAPHS = 60_000  # 3,000 pages; each takes 0.1 ms
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "[Content_Types].xml"
_KINDS = {
    "main": re.compile(r".*(?:wordprocessingml|ms-word)\..*\bmain\+xml"),
    "styles": re.compile(r".*wordprocessingml\.styles\+xml"),
    "numbering": re.compile(r".*wordprocessingml\.numbering\+xml"),
    "footnotes": re.compile(r".*wordprocessingml\.footnotes\+xml"),
    "endnotes": re.compile(r".*wordprocessingml\.endnotes\+xml"),
    "comments": re.compile(r".*wordprocessingml\.comments\+xml"),
    "core": re.compile(r".*package\.core-properties\+xml"),
}
_USUAL_NAMES = {
    "main": "word/document.xml",
    "core": "docProps/core.xml",
    **{kind: f"word/{kind}.xml" for kind in _KINDS if kind not in ("main", "core")},
}
_NO_WORD = "ist kein Word-Dokument, obwohl die Endung es sagt."


def parts_of(path: Path) -> dict[str, Element]:
    """Return the roots of a Word file's parts by kind: main, styles, footnotes, core …

    Parts that hold no text, such as pictures, aren't unpacked, nor anything outside of the
    file followed. Raises FileRefusedError in German for what is no Word file, is locked,
    damaged or too large.
    """
    with opened(path, _MAX_ENTRIES) as archive:
        names = _names(archive, path.name)
        parts = {kind: _root(archive, name, path.name) for kind, name in names.items()}
    found = {kind: root for kind, root in parts.items() if root is not None}
    if any(sum(1 for _ in root.iter(tag("p"))) > _MAX_PARAGRAPHS for root in found.values()):
        raise refuse("ERR_FILE_TOO_LARGE", path.name)
    if "main" not in found:
        raise refuse("ERR_FILE_TYPE", path.name, reason=_NO_WORD)
    return found


def _names(archive: zipfile.ZipFile, file: str) -> dict[str, str]:
    """Return (kind of a part -> its name), as the package states it, else as is usual."""
    types = _root(archive, _TYPES, file)
    stated: dict[str, str] = {}
    for entry in () if types is None else types:
        for kind, pattern in _KINDS.items():
            if pattern.fullmatch(entry.get("ContentType", "")):
                stated.setdefault(kind, entry.get("PartName", "").lstrip("/"))
    return stated if stated.get("main") in archive.namelist() else _USUAL_NAMES


def _root(archive: zipfile.ZipFile, name: str, file: str) -> Element | None:
    data = part(archive, name, file)
    if data is None:
        return None
    if len(data) > _MAX_PART_BYTES:
        raise refuse("ERR_FILE_TOO_LARGE", file)
    return parsed(data.replace(_STRICT, _USUAL), file)
