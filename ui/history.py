"""Conversations of one reader: listed, named, taken up again, forgotten.

A page holds its own conversations until it is closed. Where the person running the server
switches it on (SOZIALRAUM_HISTORY), they also lie in conversations/OWNER/ID.json of the data
folder, OWNER being a digest of who is logged in, and are there again when the page is opened.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from corpus.store import replace_file, sync_folder
from ui.records import ID, Record, RecordError

FOLDER = "conversations"
"""Within the data folder."""
MAX_TALKS = 100
"""Conversations of one owner; the oldest goes. At 50 exchanges of 10 kB each below 50 MB."""
MAX_TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: the answers in order, under a title."""

    id: Annotated[str, Field(pattern=rf"^{ID.pattern}$")]
    title: str
    begun: AwareDatetime
    """When its first question was asked."""
    records: tuple[Record, ...]
    """At least one, oldest first."""


Talks = tuple[Talk, ...]
"""Newest first."""

_TALK = TypeAdapter(Talk)


# -- pure -----------------------------------------------------------------------------------


def grown(talks: Talks, records: Sequence[Record]) -> tuple[Talks, Talk]:
    """Put a conversation as it stands now first in line; ``records`` isn't empty.

    It is the one that began with the same answer. Its title stays; a new one is called after
    its first question.
    """
    first = records[0]
    known = next((talk for talk in talks if talk.records[0].id == first.id), None)
    if known is None:
        title = titled(first.answer.question)
        talk = Talk(secrets.token_hex(16), title, first.asked, tuple(records))
    else:
        talk = replace(known, records=tuple(records))
    return (talk, *without(talks, talk.id))[:MAX_TALKS], talk


def find(talks: Talks, id: str) -> Talk | None:
    """Return the conversation of that id."""
    return next((talk for talk in talks if talk.id == id), None)


def without(talks: Talks, id: str) -> Talks:
    """Leave a conversation out."""
    return tuple(talk for talk in talks if talk.id != id)


def renamed(talks: Talks, id: str, title: str) -> Talks:
    """Give a conversation another title; an empty one changes nothing."""
    new = titled(title)
    return tuple(replace(t, title=new) if t.id == id and new else t for t in talks)


def titled(words: str) -> str:
    """Make a title of words: one line, not too long."""
    line = " ".join(words.split())
    return line if len(line) <= MAX_TITLE_CHARS else f"{line[: MAX_TITLE_CHARS - 1]}…"


# -- the store ------------------------------------------------------------------------------


class History:
    """Conversations on disk, where that is wanted. Nothing is created before the first one."""

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` takes them; without it nothing is kept beyond the page."""
        self._folder = folder

    @property
    def is_kept(self) -> bool:
        """Tell whether conversations outlast the page."""
        return self._folder is not None

    def read(self, owner: str) -> Talks:
        """Return an owner's conversations, but for those that can't be read."""
        place = self._place(owner)
        if place is None or not place.is_dir():
            return ()
        with _usable(place):
            found = [_read(path) for path in place.glob("*.json")]
        talks = [talk for talk in found if talk is not None]
        return tuple(sorted(talks, key=lambda talk: talk.records[-1].asked, reverse=True))

    def write(self, owner: str, talk: Talk) -> None:
        """Keep a conversation as it is now. Raises RecordError."""
        place = self._place(owner)
        if place is None:
            return
        with _usable(place):
            place.mkdir(parents=True, exist_ok=True)
            replace_file(place / f"{talk.id}.json", _TALK.dump_json(talk))
            by_age = sorted(place.glob("*.json"), key=lambda path: path.stat().st_mtime)
            for path in by_age[:-MAX_TALKS]:
                path.unlink(missing_ok=True)

    def delete(self, owner: str, id: str) -> None:
        """Delete a conversation, if it is there. Raises RecordError."""
        place = self._place(owner)
        if place is None or not place.is_dir() or not ID.fullmatch(id):
            return
        with _usable(place):
            (place / f"{id}.json").unlink(missing_ok=True)
            sync_folder(place)

    def _place(self, owner: str) -> Path | None:
        if self._folder is None:
            return None
        # A name may hold anything; a digest is a folder's name everywhere.
        return self._folder / hashlib.sha256(owner.encode()).hexdigest()[:32]


def _read(path: Path) -> Talk | None:
    try:
        talk = _TALK.validate_json(path.read_bytes(), strict=True, extra="forbid")
    except ValidationError:
        return None
    return talk if talk.records and path.stem == talk.id else None


@contextmanager
def _usable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise RecordError(
            f"Der Ordner {folder.parent} mit den Gesprächen lässt sich nicht nutzen "
            f"({fault.strerror}). Bitte prüfen Sie Schreibrechte und freien Platz."
        ) from fault
