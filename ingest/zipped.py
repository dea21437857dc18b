"""Reading ZIP files nobody vouches for: archives, and the packages of office formats.

What a header says of sizes and counts is not believed: limits hold for the bytes that are
really read and unpacked.
"""

import io
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from ingest.refusals import refuse

# A package of office files: 500 slides with pictures and notes have about 4,000 entries.
MAX_PACKAGE_ENTRIES = 20_000
# A text of 2,000 pages has about 20 MB of XML, and a tree takes five to ten times that.
MAX_PART_BYTES = 40 * 2**20
# Two to an element, each element about 150 bytes of the tree.
MAX_PART_TAGS = 2_000_000
MIN_RATIO_BYTES = 2**20
_DIRECTORY_BYTES_PER_ENTRY = 1024  # 46 bytes, the name and what tools add to it
_MAX_COMMENT_BYTES = 2**17  # behind the directory, at most 64 KB
_LOCAL_HEADER_BYTES = 30
_CHUNK_BYTES = 64 * 1024
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ENTITIES = tuple("<!ENTITY".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, NotImplementedError, RuntimeError, OverflowError),
)


@contextmanager
def opened(path: Path, max_entries: int = MAX_PACKAGE_ENTRIES) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file whose entries don't overlap. Raises FileRefusedError."""
    with _open_file(path, max_entries) as file:
        try:
            archive = zipfile.ZipFile(file)
        except _TooLongError:
            raise _too_many(path, max_entries) from None
        except _BROKEN:
            raise _no_zip(path) from None
        with archive:
            entries = archive.infolist()
            if len(entries) > max_entries:
                raise _too_many(path, max_entries)
            if _overlap(entries, archive.start_dir):
                raise refuse("ERR_FILE_DAMAGED", path.name)
            yield archive


def content(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    max_bytes: int,
    max_ratio: float = math.inf,
) -> Iterator[bytes]:
    """Unpack an entry in chunks. Raises FileRefusedError naming it ``name``.

    Above a megabyte it may not unpack to more than ``max_ratio`` times its packed size.
    """
    if entry.flag_bits & 0x1:
        raise refuse("ERR_FILE_PASSWORD", name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # The other methods can't be unpacked in bounded pieces.
        reason = "ist mit einem ungewöhnlichen Verfahren gepackt."
        remedy = "Packen Sie die Dateien neu, etwa mit dem Explorer von Windows."
        raise refuse("ERR_FILE_TYPE", name, reason=reason, remedy=remedy)
    done = 0
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                done += len(chunk)
                if done > max_bytes:
                    reason = f"ist entpackt größer als {max_bytes // 2**20} MB."
                    raise refuse("ERR_FILE_TOO_LARGE", name, reason=reason)
                if done > MIN_RATIO_BYTES and done > max_ratio * entry.compress_size:
                    reason = "ist verdächtig dicht gepackt, wie eine Archivbombe."
                    raise refuse("ERR_FILE_TOO_LARGE", name, reason=reason)
                yield chunk
    except _BROKEN:
        raise refuse("ERR_FILE_DAMAGED", name) from None
    if done != entry.file_size:
        raise refuse("ERR_FILE_DAMAGED", name)


def part(archive: zipfile.ZipFile, name: str, file: str) -> bytes | None:
    """Return a part of an office package, or None when there is none of that name.

    Raises FileRefusedError naming the ``file`` when it is damaged, too large, encrypted, or
    declares XML entities, which no office program writes.
    """
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return None
    data = b"".join(content(archive, entry, file, MAX_PART_BYTES))
    if any(mark in data for mark in _ENTITIES):
        raise refuse("ERR_FILE_DAMAGED", file, reason="enthält unzulässige XML-Definitionen.")
    if data.count(b"<") > MAX_PART_TAGS:
        raise refuse("ERR_FILE_TOO_LARGE", file)
    return data


def parsed(data: bytes, file: str) -> etree._Element:
    """Parse XML without entities, DTD or network. Raises FileRefusedError."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise refuse("ERR_FILE_DAMAGED", file) from None


class _TooLongError(Exception):
    """More is to be read at once than any file of so many entries needs."""


class _LimitedFile(io.FileIO):
    """Bounds the directory, which ``zipfile`` reads at once before anyone can count it."""

    max_read = 0
    file_size = 0

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = self.file_size - self.tell()
        if size > self.max_read:
            raise _TooLongError
        return super().read(size) or b""


def _open_file(path: Path, max_entries: int) -> _LimitedFile:
    try:
        file = _LimitedFile(path)
    except OSError:
        raise refuse("ERR_FILE_ACCESS", path.name) from None
    file.max_read = max(max_entries * _DIRECTORY_BYTES_PER_ENTRY, _MAX_COMMENT_BYTES)
    file.file_size = path.stat().st_size
    return file


def _too_many(path: Path, max_entries: int) -> Exception:
    count = f"{max_entries:,}".replace(",", ".")
    return refuse("ERR_FILE_TOO_LARGE", path.name, reason=f"enthält mehr als {count} Dateien.")


def _no_zip(path: Path) -> Exception:
    """Say what the file is instead; also an encrypted office file is no ZIP."""
    if path.stat().st_size == 0:
        return refuse("ERR_FILE_EMPTY", path.name)
    with path.open("rb") as file:
        start = file.read(MAX_PART_BYTES)
    if not start.startswith(_OLE_MAGIC):
        return refuse("ERR_FILE_DAMAGED", path.name)
    if _OLE_ENCRYPTED in start:
        return refuse("ERR_FILE_PASSWORD", path.name)
    return refuse(
        *("ERR_FILE_TYPE", path.name),
        reason="hat ein altes Format von Microsoft Office (.doc, .ppt, .xls).",
        remedy="Öffnen Sie die Datei in Office oder LibreOffice und speichern Sie sie als "
        ".docx oder .pptx.",
    )


def _overlap(entries: list[zipfile.ZipInfo], end: int) -> bool:
    """Tell whether two entries share bytes, as in bombs that unpack one stream many times."""
    for entry in sorted(entries, key=lambda e: e.header_offset, reverse=True):
        if entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size > end:
            return True
        end = entry.header_offset
    return False
