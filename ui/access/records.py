"""A small file of records that only its owner may read.

Read again whenever it has changed, so that a command's change holds at once in a server that is
running. Written whole, beside the file and then in its place, under a lock that holds between
processes. What isn't exactly as it was written is refused, never guessed at: a file of users
that reads as empty would be an installation without users.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from corpus.errors import SozialraumError
from corpus.store import sync_folder

FOLDER = "access"
"""Within the data folder."""
LOCK_S = 10
"""Longest wait for another process; a change takes a fraction of a second."""
_ABSENT = (0, 0, 0)

T = TypeVar("T")


class AccessError(SozialraumError):
    """Users or tokens can't be read or changed, or what was given can't be accepted."""

    code = "ERR_ACCESS"


class Records(Generic[T]):
    """The records of one file, in their order."""

    def __init__(self, path: Path, kind: TypeAdapter[tuple[T, ...]]) -> None:
        """``kind`` says what a record is; unknown fields must be forbidden by it."""
        self._path = path
        self._kind = kind
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._records: tuple[T, ...] = ()

    def read(self) -> tuple[T, ...]:
        """Return the records as the file holds them now; none when there is no file.

        Raises AccessError when the file can't be read, or isn't what this program wrote.
        """
        with self._lock:
            try:
                state = self._state()
                if state != self._seen:
                    found = b"[]" if state == _ABSENT else self._path.read_bytes()
                    self._records = self._kind.validate_json(found, strict=True)
                    self._seen = state
            except (OSError, ValidationError) as fault:
                self._seen = None
                raise AccessError(
                    f"Die Datei {self._path} ist beschädigt oder nicht lesbar "
                    f"({type(fault).__name__}). Bis das behoben ist, hat niemand Zugang. Bitte "
                    "prüfen Sie ihre Rechte oder holen Sie sie aus einer Sicherung zurück."
                ) from None
            return self._records

    def change(self, how: Callable[[tuple[T, ...]], tuple[T, ...]]) -> None:
        """Replace the records by what ``how`` makes of them. What it raises changes nothing.

        Raises AccessError when the file can't be written.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=LOCK_S):
                self._write(self._kind.dump_json(how(self.read()), indent=1))
        except (OSError, Timeout) as fault:
            raise AccessError(
                f"Die Datei {self._path} ist nicht beschreibbar ({fault}). Bitte geben Sie sich "
                "Schreibrechte, oder warten Sie, bis ein anderer Vorgang fertig ist."
            ) from fault

    def _state(self) -> tuple[int, int, int]:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return _ABSENT
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _write(self, content: bytes) -> None:
        draft = self._path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        # Born with these rights: there is no moment at which others could read it.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        sync_folder(self._path.parent)
