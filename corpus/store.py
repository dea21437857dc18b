"""The data folder: where the library, the originals and the generations lie, and which counts.

library.sqlite        the truth
originals/HASH        every file read in, by content
generations/ID/       finished, immutable indexes
current.json          the pointer: which generation answers, which one is kept for undo
writer.lock           held by the one process that may write; freed when that process ends
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import DataFolderError, GenerationError, IngestRunningError
from corpus.library import Library


@dataclass(frozen=True, slots=True)
class Pointer:
    """The generation that answers, and the one undo goes back to."""

    current: str
    previous: str = ""


class Store:
    """One data folder. Creating the object creates nothing on disk but the library."""

    def __init__(self, folder: Path) -> None:
        """Open the data folder. Raises DataFolderError."""
        self.folder = folder.resolve()
        self.generations = self.folder / "generations"
        self.originals = self.folder / "originals"
        self.library = Library(self.folder / "library.sqlite")

    def pointer(self) -> Pointer | None:
        """Return the pointer, or None when nothing was ever read in."""
        path = self.folder / "current.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return Pointer(str(data["current"]), str(data["previous"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError) as fault:
            raise GenerationError(
                f"Der Zeiger {path} ist beschädigt ({fault}). Bitte löschen Sie die Datei und "
                "lesen Sie die Unterlagen mit „sozialraum ingest“ neu ein."
            ) from fault

    def point_to(self, pointer: Pointer) -> None:
        """Switch to another generation in one step that a crash can't halve."""
        path = self.folder / "current.json"
        content = json.dumps({"current": pointer.current, "previous": pointer.previous})
        replace_file(path, content.encode())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock. Raises IngestRunningError at once when it is taken."""
        lock = FileLock(self.folder / "writer.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as fault:
            raise IngestRunningError(
                f"In {self.folder} liest gerade ein anderer Vorgang Unterlagen ein. Bitte warten "
                "Sie, bis er fertig ist, und versuchen Sie es dann noch einmal."
            ) from fault
        except OSError as fault:
            raise DataFolderError(
                f"Der Datenordner {self.folder} ist nicht beschreibbar ({fault}). Bitte geben Sie "
                "sich Schreibrechte oder wählen Sie mit SOZIALRAUM_DATA einen anderen Ordner."
            ) from fault
        try:
            yield
        finally:
            lock.release()

    def keep_original(self, content: bytes) -> str:
        """Store a file's bytes under their SHA-256 and return it."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.originals / digest
        if not path.exists():
            self.originals.mkdir(exist_ok=True)
            draft = path.with_suffix(".new")
            draft.write_bytes(content)
            draft.replace(path)
        return digest

    def original(self, version: str) -> Path:
        """Return where the bytes of a version lie. Raises DataFolderError when they are gone."""
        path = self.originals / version
        if not path.is_file():
            raise DataFolderError(
                f"Das Original {version[:12]} fehlt im Datenordner {self.folder}. Bitte lesen Sie "
                "das Dokument neu ein."
            )
        return path

    def tidy(self, *, purge: bool = False) -> None:
        """Remove every generation but the current and the previous one, and what only they had.

        Needs the writer's lock. With ``purge`` the previous one goes as well.
        """
        pointer = self.pointer() or Pointer("")
        if purge and pointer.previous:
            pointer = Pointer(pointer.current)
            self.point_to(pointer)
        keep = {name for name in (pointer.current, pointer.previous) if name}
        self.library.forget(keep, purge=purge)
        self._drop_originals()
        if self.generations.is_dir():
            for folder in self.generations.iterdir():
                if folder.name not in keep:
                    shutil.rmtree(folder)

    def _drop_originals(self) -> None:
        """Remove copies that no reading needs, those of refused files among them."""
        if self.originals.is_dir():
            needed = self.library.versions()
            for path in self.originals.iterdir():
                if path.name not in needed:
                    path.unlink()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file, or put it in the place of the old one, in one step a crash can't halve."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
