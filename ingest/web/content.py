"""What came from the web: its format, decided by its bytes first, and its name. Pure."""

import re
import struct
from pathlib import PurePosixPath
from urllib.parse import unquote

from ingest.characters import cleaned
from ingest.formats import FOREIGN, READABLE

# Formats that can be read in, by the suffix under which the reader knows them.
ACCEPTED = frozenset({*READABLE, ".zip"})
MAX_NAME = 120
# Bytes before which a PDF must have begun (ISO 32000-1, appendix H).
_RUBBISH = 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_DIRECTORY = struct.Struct("<II")
_NAME_LENGTHS = struct.Struct("<HHH")
# Names of files that tell an Office document from other archives stand far ahead of this.
_MAX_DIRECTORY = 2**20
_PACKED = {
    "word/document.xml": ".docx",
    "ppt/presentation.xml": ".pptx",
    "xl/workbook.xml": ".xlsx",
    "xl/workbook.bin": ".xlsx",
}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/epub+zip": ".epub",
}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MAIL = re.compile(
    r"(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Content-Type):",
    re.IGNORECASE,
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SNIFFED = 4096

_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r'filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]+))', re.IGNORECASE)
# Names of programs and pages, not of documents.
_NAMELESS = re.compile(
    r"(?:index|default|start|startseite|home|download|downloads|file|files|datei|document|"
    r"dokument|view|viewer|get|getfile|fetch|show|node|page|content|\d{1,3})?",
    re.IGNORECASE,
)
_PROGRAMS = {".asp", ".aspx", ".cgi", ".do", ".jsp", ".php", ".php5", ".shtml", ".xhtml"}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f]')


def suffix_of_content(content: bytes, media_type: str, path: str) -> str:
    """Return the suffix of the content's format, of a foreign one too; "" when unknown.

    ``media_type`` and ``path`` as the server states them; they settle only what the bytes
    leave open, such as Markdown or plain text.
    """
    stated = PurePosixPath(path).suffix.lower()
    if content.startswith(b"PK\x05\x06"):
        return ".zip"
    if content.startswith(b"PK\x03\x04"):
        return _packed_suffix(content)
    if content.startswith(_OLE):
        return stated if stated in {".msg", ".ppt", ".xls"} else ".doc"
    if content.startswith(b"{\\rtf"):
        return ".rtf"
    if content[:_RUBBISH].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return ".pdf"
    text_suffix = _text_suffix(content, media_type.partition(";")[0].strip().lower(), stated)
    if text_suffix != ".html" and b"%PDF-" in content[:_RUBBISH]:
        return ".pdf"
    return text_suffix


def _packed_suffix(content: bytes) -> str:
    kind = content[30:38] == b"mimetype" and content[38:120].decode("latin-1")
    for media_type, suffix in _OPEN_DOCUMENT.items():
        if kind and kind.startswith(media_type):
            return suffix
    names = set(_entry_names(content))
    if "[Content_Types].xml" in names:
        return next((suffix for name, suffix in _PACKED.items() if name in names), ".zip")
    return ".zip"


def _entry_names(content: bytes) -> list[str]:
    """Return the names in an archive's directory, as far as it is of sane size."""
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or end + 20 > len(content):
        return []
    size, start = _DIRECTORY.unpack_from(content, end + 12)
    directory = content[start : start + min(size, _MAX_DIRECTORY)]
    names, at = [], 0
    while directory.startswith(b"PK\x01\x02", at) and at + 46 <= len(directory):
        name, extra, comment = _NAME_LENGTHS.unpack_from(directory, at + 28)
        names.append(directory[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names


def _text_suffix(content: bytes, media_type: str, stated: str) -> str:
    head = content[:_SNIFFED]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    elif len(_BINARY.findall(head)) * 100 > len(head):
        return ""
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        known = _HTML.search(text) or media_type in {"text/html", "application/xhtml+xml"}
        return ".html" if known else ""
    if media_type == "text/html":
        return ".html"
    headers = sum(1 for line in text.splitlines()[:20] if _MAIL.match(line))
    if media_type == "message/rfc822" or stated == ".eml" or headers >= 3:
        return ".eml"
    if media_type in {"text/markdown", "text/x-markdown"} or stated in {".md", ".markdown"}:
        return ".md"
    plain = media_type in {"", "text/plain", "application/octet-stream"} or stated == ".txt"
    return ".txt" if plain else ""


def name_of(disposition: str, path: str, title: str, host: str, suffix: str) -> str:
    """Return a display name that ends in ``suffix``.

    From the Content-Disposition header (RFC 6266, RFC 5987), else the last part of the
    address's path, else the title, else the host; without anything a file system minds.
    """
    last = unquote(path.partition(";")[0], errors="replace").rstrip("/").rpartition("/")[2]
    for stem in (_stem(_stated_name(disposition)), _stem(last), _stem(title.replace("/", "–"))):
        if not _NAMELESS.fullmatch(stem):
            break
    else:
        stem = host
    return f"_{stem}{suffix}" if _RESERVED.fullmatch(stem) else f"{stem}{suffix}"


def _stated_name(disposition: str) -> str:
    if extended := _EXTENDED_NAME.search(disposition):
        try:
            return unquote(extended[2], encoding=extended[1], errors="strict")
        except (LookupError, UnicodeDecodeError):
            pass
    if plain := _PLAIN_NAME.search(disposition):
        name = plain[1] if plain[1] is not None else plain[2]
        return unquote(re.sub(r"\\(.)", r"\1", name))
    return ""


def _stem(name: str) -> str:
    last = re.split(r"[/\\]", name.strip())[-1]
    plain = " ".join(_UNSAFE.sub("_", cleaned(last)).split())
    suffix = PurePosixPath(plain).suffix
    if suffix.lower() in {*ACCEPTED, *FOREIGN, *_PROGRAMS}:
        plain = plain.removesuffix(suffix)
    return plain[:MAX_NAME].strip(" .")
