"""The documents inside an archive or a mail, unpacked under names nobody else chose."""

import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal
from zipfile import ZipFile, ZipInfo

from corpus.errors import FileRefusedError
from ingest.characters import cleaned
from ingest.loaders.mail import attached_files
from ingest.refusals import refuse
from ingest.report import Refused
from ingest.zipped import content, opened

MAX_ENTRIES = 2_000
MAX_MEMBER_BYTES = 200 * 2**20
MAX_TOTAL_BYTES = 500 * 2**20
MAX_RATIO = 200  # documents pack 1:1 to 1:60, DEFLATE can do 1:1032
MAX_NAME_CHARS = 200
_ARCHIVES = frozenset((".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip"))
# What systems and programs leave beside documents: "__MACOSX/._bericht.pdf", "~$bericht.docx".
_BYPRODUCT = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$)|(?:^|/)Thumbs\.db$", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")
_UTF8_FLAG = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """A document that was unpacked."""

    name: str
    """Its path inside the archive; for display and for telling its format only."""
    file: Path
    """Where its bytes lie now."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was inside. Entries that nobody wants are in neither."""

    members: tuple[Member, ...] = ()
    refused: tuple[Refused, ...] = ()
    """By their paths inside the archive."""


def unpack(
    path: Path, kind: Literal["zip", "mail"], target: Path, wanted: Callable[[str], bool]
) -> Unpacked:
    """Write each wanted document to ``target``/0, ``target``/1 … and tell its name.

    ``wanted`` is asked with the name as it will be shown. Archives in archives are refused.
    Raises FileRefusedError when the archive as a whole is damaged, too large, or holds no
    document; then nothing stays in ``target``. A mail without attachments is none the worse.
    """
    if kind == "mail":
        entries = ((shown(name), iter([data])) for name, data in attached_files(path))
        return _written(path, entries, target, wanted)
    with opened(path, MAX_ENTRIES) as archive:
        found = _written(path, _entries(archive), target, wanted)
    if found == Unpacked():
        reason = "enthält keine Dokumente, die eingelesen werden können."
        raise refuse("ERR_FILE_EMPTY", path.name, reason=reason)
    return found


def shown(name: str) -> str:
    """Make a name from an archive fit to be displayed, with slashes between its parts.

    Signs that control, hide or reverse text are gone, and whatever leads out of the archive;
    a long name loses its beginning, so that its suffix stays.
    """
    plain = " ".join(cleaned(name).split()).replace("\\", "/")
    parts = [_DRIVE.sub("", part).strip() for part in plain.split("/")]
    kept = "/".join(part for part in parts if part.strip(". "))
    room = MAX_NAME_CHARS - len("… (1234)")
    if len(kept) > room:
        kept = "…" + kept[-room:]
    return kept or "ohne Namen"


def _entries(archive: ZipFile) -> Iterator[tuple[str, Iterable[bytes]]]:
    for entry in archive.infolist():
        is_file = bool(entry.filename) and not entry.is_dir()  # a damaged entry has no name
        if is_file and not stat.S_ISLNK(entry.external_attr >> 16):
            name = shown(_stored_name(entry))
            yield name, content(archive, entry, name, MAX_MEMBER_BYTES, MAX_RATIO)


def _stored_name(entry: ZipInfo) -> str:
    """Return the name as it was meant: Windows writes umlauts in CP850, others in UTF-8."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437")
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    return raw.decode("cp850")


def _written(
    path: Path,
    entries: Iterable[tuple[str, Iterable[bytes]]],
    target: Path,
    wanted: Callable[[str], bool],
) -> Unpacked:
    members: list[Member] = []
    refused: list[Refused] = []
    names: set[str] = set()
    room = _Room(MAX_TOTAL_BYTES)
    for plain, chunks in entries:
        nested = PurePosixPath(plain).suffix.lower() in _ARCHIVES
        if _BYPRODUCT.search(plain) or not (nested or wanted(plain)):
            continue
        name = _distinct(plain, names)
        names.add(name)
        file = target / str(len(members))
        try:
            if nested:
                raise _nested(name)
            _write(chunks, file, room)
        except FileRefusedError as fault:
            file.unlink(missing_ok=True)
            refused.append(Refused(name, fault.code, str(fault)))
        except _NoRoomError:
            for written in (file, *(member.file for member in members)):
                written.unlink()
            reason = f"enthält entpackt mehr als {MAX_TOTAL_BYTES // 2**20} MB."
            raise refuse("ERR_FILE_TOO_LARGE", path.name, reason=reason) from None
        else:
            members.append(Member(name, file))
    return Unpacked(tuple(members), tuple(refused))


class _NoRoomError(Exception):
    """All members together are too large."""


@dataclass(slots=True)
class _Room:
    """Bytes that may still be unpacked; what is refused half-way counts as well."""

    left: int


def _write(chunks: Iterable[bytes], file: Path, room: _Room) -> None:
    with file.open("xb") as out:
        for chunk in chunks:
            room.left -= len(chunk)
            if room.left < 0:
                raise _NoRoomError
            out.write(chunk)


def _nested(name: str) -> FileRefusedError:
    return refuse(
        *("ERR_FILE_TYPE", name),
        reason="ist ein Archiv in einem Archiv.",
        remedy="Entpacken Sie es und lesen Sie seine Dateien einzeln ein.",
    )


def _distinct(name: str, taken: set[str]) -> str:
    """Tell a second entry of the same name apart: "bericht (2).pdf"."""
    if name not in taken:
        return name
    path = PurePosixPath(name)
    stem, count = name[: len(name) - len(path.suffix)], 2
    while f"{stem} ({count}){path.suffix}" in taken:
        count += 1
    return f"{stem} ({count}){path.suffix}"
