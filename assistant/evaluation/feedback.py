"""What readers say of answers: ratings, reasons, and, with their consent, question and answer.

inbox.jsonl            an entry a line, oldest first, none older than ``KEPT_DAYS``
aggregate.json         what is left of older ones: counts by month, rating, reason and status
beschaedigt-DAY.txt    lines that can't be read, set aside as they were; kept as long as entries

There is no user, address, session or time of day in any of them. Every change is written whole,
beside the file and then in its place, under a lock that holds between threads and processes.
"""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock, Timeout
from pydantic import Field, TypeAdapter, ValidationError

from assistant.types import Answer, AnswerStatus
from corpus.errors import SozialraumError, UnknownItemError
from corpus.store import replace_file, sync_folder

Rating = Literal["up", "down"]
Reason = Literal["wrong", "incomplete", "source", "refused", "outdated", "unclear"]

KEPT_DAYS = 90
"""Days after which only the count of an entry is left: evaluation.md, section 6."""
MAX_ENTRIES = 2000
"""A change of a full inbox, with answers of 5 kB, takes 0.3 s (measured on two shared cores)."""
MAX_REMARK_CHARS = 1000
LOCK_S = 10
"""Longest wait for another process; a change takes a fraction of a second."""
FOLDER = "feedback"
"""Within the data folder."""

_INBOX, _AGGREGATE, _LOCK = "inbox.jsonl", "aggregate.json", "lock"
_ASIDE = "beschaedigt-"


class FeedbackError(SozialraumError):
    """Feedback can't be stored or read."""

    code = "ERR_FEEDBACK"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was said, kept because the reader agreed."""

    answer: Answer
    """With the question as it was typed, and the generation; without timings."""
    follow_up: bool = False
    """Whether the question followed others; then ``answer.query`` stands on its own."""
    remark: Annotated[str, Field(max_length=MAX_REMARK_CHARS)] = ""
    settings: str = ""
    """Digest of the settings under which it was answered."""

    @property
    def question(self) -> str:
        """The question as it can be understood without those before it."""
        return self.answer.query if self.follow_up else self.answer.question


@dataclass(frozen=True, slots=True)
class Entry:
    """One rating of one answer."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Random."""
    day: date
    status: AnswerStatus
    """Of the answer."""
    rating: Rating
    reason: Reason | None = None
    """Only of a rating that is down."""
    kept: Kept | None = None
    done: bool = False
    """Whether an editor has dealt with it."""
    item: str = ""
    """Id of the golden item drafted from it, or empty."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often answers of a status were rated like this within a month (``2026-11``)."""

    month: str
    rating: Rating
    reason: Reason | None
    status: AnswerStatus
    count: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """What is stored, as of one moment."""

    entries: tuple[Entry, ...] = ()
    """Newest first."""
    counts: tuple[Count, ...] = ()
    """Of all ratings, those included whose entries are gone. Newest month first."""
    set_aside: tuple[Path, ...] = ()
    """Files with lines that couldn't be read."""


@dataclass(frozen=True, slots=True)
class _Aggregate:
    """Counts of entries that are gone, and ids whose entries go with the next write."""

    counts: tuple[Count, ...] = ()
    leaving: tuple[str, ...] = ()


_ENTRY = TypeAdapter(Entry)
_AGGREGATE_FILE = TypeAdapter(_Aggregate)


# -- pure -----------------------------------------------------------------------------------


def new_id() -> str:
    """Return a random id that says nothing about anybody."""
    return secrets.token_hex(8)


def entry(
    id: str,
    day: date,
    answer: Answer,
    rating: Rating,
    reason: Reason | None = None,
    kept: Kept | None = None,
) -> Entry:
    """Make an entry of a rating. ``kept`` only where the reader agreed.

    Raises FeedbackError when a rating lacks its reason, or has one it can't have.
    """
    if (rating == "down") != (reason is not None):
        raise FeedbackError("Bitte wählen Sie einen Grund, wenn die Antwort nicht hilfreich war.")
    if kept is not None:
        remark = kept.remark.strip()[:MAX_REMARK_CHARS]
        kept = replace(kept, answer=replace(kept.answer, timings_ms={}), remark=remark)
    return Entry(id, day, answer.status, rating, reason, kept)


def is_over(entry: Entry, today: date) -> bool:
    """Tell whether an entry has been kept as long as it may be."""
    return entry.day <= today - timedelta(days=KEPT_DAYS)


def counted(entries: Iterable[Entry], before: Iterable[Count] = ()) -> tuple[Count, ...]:
    """Count entries by month, rating, reason and status, on top of earlier counts."""
    found: Counter[tuple[str, Rating, Reason | None, AnswerStatus]] = Counter()
    for known in before:
        found[known.month, known.rating, known.reason, known.status] += known.count
    for each in entries:
        found[each.day.isoformat()[:7], each.rating, each.reason, each.status] += 1
    counts = (Count(*key, count) for key, count in found.items())
    by_kind = sorted(counts, key=lambda c: (c.rating != "up", c.reason or "", c.status))
    return tuple(sorted(by_kind, key=lambda c: c.month, reverse=True))


# -- the store ------------------------------------------------------------------------------


class Feedback:
    """The feedback of one data folder. Safe for several threads and processes.

    Nothing is created before the first rating. Expiry happens when the store is opened and
    whenever it is read or changed.
    """

    def __init__(
        self, folder: Path, settings: str = "", today: Callable[[], date] = date.today
    ) -> None:
        """Open the store in ``folder``. ``settings`` is noted with what is kept.

        Raises FeedbackError when the folder can't be used.
        """
        self._folder = folder
        self.settings = settings
        self.today = today
        self.read()

    def read(self) -> Inbox:
        """Return what is stored. Raises FeedbackError."""
        if not self._folder.is_dir():
            return Inbox()
        with self._held():
            entries, aggregate = self._load()
            aside = tuple(sorted(self._folder.glob(f"{_ASIDE}*")))
        newest = sorted(entries[::-1], key=lambda entry: entry.day, reverse=True)
        return Inbox(tuple(newest), counted(entries, aggregate.counts), aside)

    def put(self, entry: Entry) -> None:
        """Add an entry, or put it in the place of the one with its id. Raises FeedbackError."""
        with self._held():
            entries, _ = self._load()
            others = tuple(e for e in entries if e.id != entry.id)
            if len(others) >= MAX_ENTRIES:
                raise FeedbackError(
                    f"Es liegen schon {MAX_ENTRIES} Rückmeldungen vor, mehr werden nicht "
                    "gespeichert. Bitte sagen Sie der Redaktion Bescheid; sie löscht unter "
                    "„Qualität“, was erledigt ist."
                )
            self._write_entries((*others, entry))

    def mark(self, id: str, *, done: bool, item: str | None = None) -> None:
        """Note that an entry was dealt with, or wasn't, and the golden item made from it.

        Raises UnknownItemError when there is no such entry, FeedbackError.
        """
        with self._held():
            entries, _ = self._load()
            _require(entries, id)
            self._write_entries(
                replace(e, done=done, item=e.item if item is None else item) if e.id == id else e
                for e in entries
            )

    def delete(self, id: str) -> None:
        """Delete an entry; it isn't counted any more either. Raises UnknownItemError."""
        with self._held():
            entries, _ = self._load()
            _require(entries, id)
            self._write_entries(e for e in entries if e.id != id)

    def withdraw(self, id: str) -> None:
        """Delete an entry, if it is still there. Raises FeedbackError."""
        with self._held():
            entries, _ = self._load()
            self._write_entries(e for e in entries if e.id != id)

    def clear(self) -> None:
        """Delete everything: entries, counts, and what was set aside. Raises FeedbackError."""
        if not self._folder.is_dir():
            return
        with self._held():
            for path in self._folder.iterdir():
                if path.name != _LOCK:
                    path.unlink()
            sync_folder(self._folder)

    # -- files, all under the lock ----------------------------------------------------------

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the lock; make the folder if need be."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / _LOCK, timeout=LOCK_S):
                yield
        except Timeout as fault:
            raise FeedbackError(
                f"Ein anderer Vorgang hält die Rückmeldungen in {self._folder} fest. Bitte "
                "versuchen Sie es gleich noch einmal."
            ) from fault
        except OSError as fault:
            raise FeedbackError(
                f"Der Ordner {self._folder} mit den Rückmeldungen lässt sich nicht nutzen "
                f"({fault}). Bitte prüfen Sie Schreibrechte und freien Platz."
            ) from fault

    def _load(self) -> tuple[tuple[Entry, ...], _Aggregate]:
        """Return entries, oldest first, and aggregate; set damage aside, let go of what is over."""
        today = self.today()
        aggregate = self._load_aggregate(today)
        entries, damaged = self._load_entries()
        self._set_aside(damaged, today)
        # A day that is still to come is a clock's mistake, and would be kept for ever.
        dated = [replace(e, day=today) if e.day > today else e for e in entries]
        gone = {e.id for e in dated if is_over(e, today)}.union(aggregate.leaving)
        staying = [e for e in dated if e.id not in gone]
        if damaged or aggregate.leaving or staying != entries:
            aggregate = self._let_go(entries, staying, aggregate)
        for path in self._folder.glob(f"{_ASIDE}*"):
            if path.stem.removeprefix(_ASIDE) <= (today - timedelta(days=KEPT_DAYS)).isoformat():
                path.unlink()
        return tuple(staying), aggregate

    def _let_go(
        self, entries: Sequence[Entry], staying: Sequence[Entry], aggregate: _Aggregate
    ) -> _Aggregate:
        """Count what leaves, once: a crash between the files can neither lose nor double it."""
        ids = {e.id for e in staying}.union(aggregate.leaving)
        over = [e for e in entries if e.id not in ids]
        leaving = (*aggregate.leaving, *(e.id for e in over))
        aggregate = _Aggregate(counted(over, aggregate.counts), leaving)
        self._write_aggregate(aggregate)
        self._write_entries(staying)
        aggregate = _Aggregate(aggregate.counts)
        self._write_aggregate(aggregate)
        return aggregate

    def _load_entries(self) -> tuple[list[Entry], list[bytes]]:
        path = self._folder / _INBOX
        entries, damaged = [], []
        for line in path.read_bytes().splitlines() if path.exists() else ():
            try:
                entries.append(_ENTRY.validate_json(line))
            except ValidationError:
                damaged.append(line)
        return entries, damaged

    def _load_aggregate(self, today: date) -> _Aggregate:
        path = self._folder / _AGGREGATE
        if not path.exists():
            return _Aggregate()
        content = path.read_bytes()
        try:
            return _AGGREGATE_FILE.validate_json(content)
        except ValidationError:
            self._set_aside([content], today)
            path.unlink()
            return _Aggregate()

    def _set_aside(self, damaged: Sequence[bytes], today: date) -> None:
        if not damaged:
            return
        with (self._folder / f"{_ASIDE}{today.isoformat()}.txt").open("ab") as file:
            file.writelines(line + b"\n" for line in damaged)
            file.flush()
            os.fsync(file.fileno())

    def _write_entries(self, entries: Iterable[Entry]) -> None:
        replace_file(self._folder / _INBOX, b"".join(_ENTRY.dump_json(e) + b"\n" for e in entries))

    def _write_aggregate(self, aggregate: _Aggregate) -> None:
        replace_file(self._folder / _AGGREGATE, _AGGREGATE_FILE.dump_json(aggregate) + b"\n")


def _require(entries: Iterable[Entry], id: str) -> None:
    if all(entry.id != id for entry in entries):
        raise UnknownItemError(
            "Diese Rückmeldung gibt es nicht mehr; sie wurde inzwischen gelöscht oder ist "
            "abgelaufen. Bitte wählen Sie eine andere."
        )
