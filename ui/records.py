"""Answers as they were given: to be taken away, and, where the reader wishes, to be kept.

Every answer is remembered in this process, the last ``REMEMBERED`` of them, and nothing of that
is written. One whose reader asks for a lasting link lies in answers/ID.json of the data folder
until somebody deletes it. Who knows the id can open it; it can't be guessed.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from assistant.types import Answer
from corpus.errors import SozialraumError, UnknownItemError
from corpus.store import replace_file, sync_folder

ID = re.compile(r"[0-9a-f]{32}")
REMEMBERED = 500
"""Answers in memory: 20 kB each with their quotes as objects, 10 MB in all."""
MAX_KEPT = 5000
"""Lasting links of one data folder; at 10 kB each they stay below 50 MB."""
FOLDER = "answers"
"""Within the data folder."""


class RecordError(SozialraumError):
    """A kept answer can't be written or read."""

    code = "ERR_RECORD"


@dataclass(frozen=True, slots=True)
class Record:
    """One answer as it was given, and how it came about."""

    id: Annotated[str, Field(pattern=rf"^{ID.pattern}$")]
    asked: AwareDatetime
    answer: Answer
    """With question and generation; without timings."""
    embedder: str = ""
    """Name of the model that searched."""
    writer: str = ""
    """Name of the language model that wrote; empty where none did."""
    owner: str = ""
    """Who asked for the lasting link; empty without login."""


_RECORD = TypeAdapter(Record)


def dump(record: Record) -> bytes:
    """Return a record as JSON."""
    return _RECORD.dump_json(record, indent=1)


def load(content: bytes) -> Record:
    """Read what ``dump`` wrote, and nothing else. Raises RecordError."""
    try:
        return _RECORD.validate_json(content, strict=True, extra="forbid")
    except ValidationError as fault:
        raise RecordError(
            "Diese gespeicherte Antwort ist beschädigt oder stammt von einer neueren Fassung des "
            "Programms. Bitte stellen Sie die Frage noch einmal."
        ) from fault


def _now() -> datetime:
    return datetime.now().astimezone()


class Records:
    """The answers of one running application. Safe for several threads.

    Nothing is created before the first lasting link.
    """

    def __init__(self, folder: Path | None = None, now: Callable[[], datetime] = _now) -> None:
        """``folder`` takes the lasting ones; without it there are none."""
        self._folder = folder
        self._now = now
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, Record] = OrderedDict()

    def remember(self, answer: Answer, *, embedder: str = "", writer: str = "") -> Record:
        """Make a record of an answer just given, and hold it in memory."""
        record = Record(
            id=secrets.token_hex(16),
            asked=self._now(),
            answer=replace(answer, timings_ms={}),
            embedder=embedder,
            writer=writer if answer.mode == "generative" else "",
        )
        self.recall(record)
        return record

    def recall(self, record: Record) -> None:
        """Hold a record in memory; the one that was used least recently goes."""
        with self._lock:
            self._remembered[record.id] = record
            self._remembered.move_to_end(record.id)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)

    def find(self, id: str) -> Record:
        """Return a record. Raises UnknownItemError, RecordError."""
        with self._lock:
            remembered = self._remembered.get(id)
        if remembered:
            return remembered
        path = self._path(id)
        if path is None or not path.is_file():
            raise _unknown()
        with self._usable():
            return load(path.read_bytes())

    def is_kept(self, id: str) -> bool:
        """Tell whether the link to a record lasts."""
        path = self._path(id)
        return path is not None and path.is_file()

    def keep(self, id: str, owner: str = "") -> Record:
        """Give a record a lasting link, which is ``owner``'s; again changes nothing.

        Raises UnknownItemError, RecordError.
        """
        record, path = self.find(id), self._path(id)
        if path is None:
            raise RecordError("Hier lassen sich keine dauerhaften Links anlegen.")
        with self._lock, self._usable():
            if path.is_file():
                return record
            record = replace(record, owner=owner)
            path.parent.mkdir(parents=True, exist_ok=True)
            if sum(1 for _ in path.parent.glob("*.json")) >= MAX_KEPT:
                raise RecordError(
                    f"Es gibt schon {MAX_KEPT} dauerhafte Links, mehr werden nicht angelegt. Bitte "
                    "löschen Sie solche, die niemand mehr braucht."
                )
            replace_file(path, dump(record))
            self._remembered[id] = record
        return record

    def delete(self, id: str) -> None:
        """Forget a record, on disk and in memory. Raises UnknownItemError, RecordError."""
        path = self._path(id)
        with self._lock, self._usable():
            known = self._remembered.pop(id, None) is not None
            if path is not None and path.is_file():
                path.unlink()
                sync_folder(path.parent)
            elif not known:
                raise _unknown()

    def _path(self, id: str) -> Path | None:
        if self._folder is None or not ID.fullmatch(id):
            return None
        return self._folder / f"{id}.json"

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            raise RecordError(
                f"Der Ordner {self._folder} mit den dauerhaften Links lässt sich nicht nutzen "
                f"({fault.strerror}). Bitte prüfen Sie Schreibrechte und freien Platz."
            ) from fault


def _unknown() -> UnknownItemError:
    return UnknownItemError(
        "Diese Antwort gibt es hier nicht (mehr). Ohne dauerhaften Link bleibt eine Antwort nur "
        "eine Zeit lang abrufbar, höchstens bis zum Neustart der Anwendung. Bitte stellen Sie die "
        "Frage noch einmal."
    )
