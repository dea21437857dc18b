"""The inbox: files and addresses that wait to be read in, kept in the data folder.

eingang/NAME            an uploaded file under its cleaned name
eingang/.XXXX.part      one that is still arriving
eingang/.auftrag.json   the addresses, what is being done with all of it, and while it is
                        read in, what the preview was made from that was approved

All of it outlives the server; it goes when it was read in, or when someone discards it.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus.errors import DataFolderError, FileRefusedError, SozialraumError
from ingest.archive import shown
from ingest.formats import FOREIGN, container, is_readable, suffix_of
from ingest.refusals import refuse
from ingest.sources import MAX_BYTES, is_address
from ui.web.documents.downloads import Download

FOLDER = "eingang"
MAX_ENTRIES = 200
"""Files and addresses together; more than a person looks through at once."""
MAX_ADDRESS_CHARS = 2000
RESERVE_BYTES = 200 * 2**20
"""What must stay free on the disk: the originals are kept as well, and the indexes grow."""
_NOTE = ".auftrag.json"
_STALE_S = 3600.0  # an upload that has written nothing for so long has been broken off
# Signs that other systems don't admit in names.
_FOREIGN_SIGNS = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_NAME_BYTES = 180  # systems admit 255; a number may be added

Doing = Literal["", "check", "read"]


class InboxError(SozialraumError):
    """What is handed in can't be taken."""

    code = "ERR_INBOX"


@dataclass(frozen=True, slots=True)
class Staged:
    """Something that waits to be read in."""

    name: str
    """Name of a file, or an address."""
    bytes: int | None
    """None for an address."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a preview was made from; while all of that holds, it may be read in."""

    generation: str
    """The collection it was compared with; empty for none."""
    targets: tuple[str, ...]
    downloads: tuple[Download, ...]
    """One for each address among the targets."""


@dataclass(frozen=True, slots=True)
class _Note:
    addresses: tuple[str, ...] = ()
    doing: Doing = ""
    approved: Basis | None = None
    """For what is being read in."""


class Inbox:
    """The staging folder of one data folder. Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        """Nothing is created on disk yet; what a broken upload left is removed."""
        self.folder = data / FOLDER
        self._lock = threading.Lock()
        for part in self.folder.glob(".*.part"):
            if time.time() - part.stat().st_mtime > _STALE_S:
                part.unlink(missing_ok=True)

    def staged(self) -> tuple[Staged, ...]:
        """Return what waits: files by name, then addresses as they were added."""
        files = [Staged(path.name, path.stat().st_size) for path in self._files()]
        return (*files, *(Staged(address, None) for address in self._note().addresses))

    def targets(self) -> tuple[str, ...]:
        """Return what reading in is told: paths and addresses."""
        return (*(str(path) for path in self._files()), *self._note().addresses)

    def doing(self) -> Doing:
        """Return what is being done with it, or was when the server ended."""
        return self._note().doing

    def approved(self) -> Basis | None:
        """Return on which basis it is read in, or was when the server ended; else None."""
        return self._note().approved

    def begin(self, doing: Doing, approved: Basis | None = None) -> None:
        """Note what is being done, so that it is known after a restart; "" when it is over."""
        with self._lock:
            self._write(_Note(self._note().addresses, doing, approved))

    # -- adding ----------------------------------------------------------------------------

    def arrival(self, sent_name: str, length: int) -> "Arrival":
        """Open a place for a file of ``length`` bytes that a browser sends.

        Raises FileRefusedError in the words of reading in, InboxError, DataFolderError.
        """
        name = cleaned_name(sent_name)
        if not (is_readable(name) or container(name)):
            raise refuse("ERR_FILE_TYPE", name, remedy=FOREIGN.get(suffix_of(name), ""))
        if length > MAX_BYTES:
            raise _too_large(name)
        self._require_room(length)
        return Arrival(self, name)

    def add_address(self, address: str) -> None:
        """Note an address to be fetched. Raises FileRefusedError, InboxError."""
        wanted = address.strip()
        if not is_address(wanted) or len(wanted) > MAX_ADDRESS_CHARS or " " in wanted:
            raise refuse("ERR_URL_SCHEME", wanted[:80] or "Die Eingabe")
        self._require_room(0)
        with self._lock:
            note = self._note()
            if wanted not in note.addresses:
                self._write(replace(note, addresses=(*note.addresses, wanted)))

    def _require_room(self, length: int) -> None:
        if len(self.staged()) >= MAX_ENTRIES:
            raise InboxError(
                f"Im Eingang liegen schon {MAX_ENTRIES} Dateien. Bitte lesen Sie diese zuerst ein "
                "oder verwerfen Sie sie."
            )
        if self._free_bytes() < length + RESERVE_BYTES:
            raise _full()

    def _free_bytes(self) -> int:
        return shutil.disk_usage(self.folder.parent).free

    def place(self, part: Path, name: str, digest: str) -> str:
        """Give an arrived file its name; one of the same content is there only once."""
        with self._lock:
            for number in range(1, MAX_ENTRIES + 2):
                target = self.folder / _numbered(name, number)
                if not target.exists():
                    part.replace(target)
                    return target.name
                if _digest(target) == digest:
                    part.unlink()
                    return target.name
        raise InboxError(f"„{name}“ liegt schon zu oft im Eingang.")

    # -- removing --------------------------------------------------------------------------

    def drop(self, names: Collection[str]) -> None:
        """Remove these files and addresses, and the folder with the last of them.

        What was being done is over then, for it was done with other files than are left.
        """
        with self._lock:
            note = self._note()
            for path in self._files():
                if path.name in names:
                    path.unlink(missing_ok=True)
            kept = tuple(address for address in note.addresses if address not in names)
            self._write(_Note(kept))

    def clear(self) -> None:
        """Remove everything."""
        self.drop([entry.name for entry in self.staged()])

    # -- on disk ---------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        found = (path for path in self.folder.iterdir() if not path.name.startswith("."))
        return sorted(path for path in found if path.is_file() and not path.is_symlink())

    def _note(self) -> _Note:
        try:
            data = json.loads((self.folder / _NOTE).read_text(encoding="utf-8"))
            doing: Doing = data["doing"] if data["doing"] in ("check", "read") else ""
            addresses = tuple(str(address) for address in data["addresses"])
            return _Note(addresses, doing, _approved(data.get("approved")))
        except FileNotFoundError:
            return _Note()
        except (OSError, ValueError, KeyError, TypeError):
            return _Note()  # half a note says nothing; the files are there all the same

    def _write(self, note: _Note) -> None:
        path = self.folder / _NOTE
        if note == _Note():
            path.unlink(missing_ok=True)
            # An empty folder would pass for the place that documents were read in from.
            if self.folder.is_dir() and not any(self.folder.iterdir()):
                self.folder.rmdir()
            return
        self.folder.mkdir(exist_ok=True)
        draft = self.folder / f"{_NOTE}.new"
        draft.write_text(json.dumps(asdict(note), ensure_ascii=False), encoding="utf-8")
        draft.replace(path)


class Arrival:
    """A file that is being received, chunk by chunk. One thread at a time."""

    def __init__(self, inbox: Inbox, name: str) -> None:
        self._inbox, self._name = inbox, name
        self._hash = hashlib.sha256()
        self._bytes = 0
        try:
            inbox.folder.mkdir(exist_ok=True)
            self._part = inbox.folder / f".{secrets.token_hex(8)}.part"
            self._file = self._part.open("xb")
        except OSError as fault:
            raise _unwritable(fault) from fault

    def write(self, chunk: bytes) -> None:
        """Add bytes. Raises FileRefusedError when it gets too large, DataFolderError."""
        self._bytes += len(chunk)
        if self._bytes > MAX_BYTES:
            raise _too_large(self._name)
        self._hash.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as fault:
            raise _unwritable(fault) from fault

    def keep(self) -> str:
        """Take the file in and return its name. Raises FileRefusedError, DataFolderError."""
        if not self._bytes:
            raise refuse("ERR_FILE_EMPTY", self._name)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            return self._inbox.place(self._part, self._name, self._hash.hexdigest())
        except OSError as fault:
            raise _unwritable(fault) from fault

    def abandon(self) -> None:
        """Leave nothing of it; harmless after ``keep``."""
        # Closing writes what is left, which fails on a full disk.
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)


def cleaned_name(name: str) -> str:
    """Return a name that is a file's own on any system and shows what it is.

    No folders, no signs that control, hide or reverse text, none that a system forbids.
    """
    last = shown(unicodedata.normalize("NFC", name)).rpartition("/")[2]
    plain = _FOREIGN_SIGNS.sub("_", last).strip(". ")
    # What stripping left of „.pdf“ is no name; of „~$bericht.docx“ it would be passed over.
    plain = plain.lstrip("~$") or "dokument"
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def _shortened(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    room = _NAME_BYTES - len(f"{dot}{suffix}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + suffix


def _numbered(name: str, number: int) -> str:
    if number == 1:
        return name
    path = Path(name)
    return f"{path.stem} ({number}){path.suffix}"


def _approved(data: Any) -> Basis | None:  # noqa: ANN401  # as it was found on disk
    if data is None:
        return None
    downloads = tuple(Download(**download) for download in data["downloads"])
    return Basis(str(data["generation"]), tuple(data["targets"]), downloads)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _too_large(name: str) -> FileRefusedError:
    return refuse("ERR_FILE_TOO_LARGE", name, reason=f"ist größer als {MAX_BYTES // 2**20} MB.")


def _full() -> DataFolderError:
    return DataFolderError(
        "Auf dem Datenträger des Datenordners ist zu wenig Platz. Bitte schaffen Sie Platz und "
        "laden Sie die Datei dann noch einmal hoch."
    )


def _unwritable(fault: OSError) -> DataFolderError:
    return DataFolderError(
        f"Die Datei ließ sich nicht im Datenordner ablegen ({fault.strerror}). Bitte prüfen Sie "
        "Platz und Schreibrechte und laden Sie sie dann noch einmal hoch."
    )
