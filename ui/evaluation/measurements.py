"""The folder of all runs: what lies there, one of them, its files, two compared, one removed.

A run's name comes back from the browser and may say anything. It only ever selects a folder
that lies directly in the folder of all runs, and no link leads out of it.
"""

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.evaluation.compare import CompareError, compare
from assistant.evaluation.comparison import Comparison
from assistant.evaluation.run import RunError
from assistant.evaluation.types import Header, Run
from corpus.errors import DataFolderError, UnknownItemError
from ui.evaluation import files, summary
from ui.evaluation.places import (
    COMPARISON,
    COMPARISON_SUMMARY,
    REPORT,
    RUN,
    SUMMARY,
    folder_name,
)
from ui.evaluation.summary import Figure, Told

UNFINISHED = ".neu"
"""Behind the name of a folder that is being written."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
WRITTEN = (RUN, REPORT, SUMMARY, COMPARISON, COMPARISON_SUMMARY)
"""All that we ever write into a run's folder, and so all that is removed from it."""

KEPT_RUNS = 2
"""Runs that stay in memory, about 7 MB each of 209 questions."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list says of a run."""

    name: str
    """Of its folder."""
    header: Header
    asked: int
    """Wordings."""
    primary: tuple[Figure, ...]
    faults: int
    """Broken invariants."""


@dataclass(frozen=True, slots=True)
class Odd:
    """Something in the folder of all runs that isn't a run that can be read."""

    name: str
    reason: str
    """German."""
    removable: bool
    """Whether what lies there is ours, so that it may be removed in the browser."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All that lies in the folder, the newest run first."""

    runs: tuple[Entry, ...] = ()
    odd: tuple[Odd, ...] = ()


class Measurements:
    """The runs in a folder. Methods may be called from several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[tuple[int, int], Entry | Odd]] = {}

    def listing(self) -> Listing:
        """Read the folder anew; a run is only read when its file has changed.

        The first time takes half a second a run of 209 questions (4 MB of JSON, intervals
        drawn again). Raises DataFolderError.
        """
        try:
            found = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        except OSError as fault:
            raise DataFolderError(
                f"Der Ordner der Messungen lässt sich nicht lesen: {self._folder}. Bitte prüfen "
                "Sie Ihre Rechte."
            ) from fault
        with self._lock:
            known = [self._known(path) for path in found]
            self._entries = {n: e for n, e in self._entries.items() if n in {k.name for k in known}}
        runs = [entry for entry in known if isinstance(entry, Entry)]
        newest_first = sorted(runs, key=lambda entry: entry.header.started, reverse=True)
        return Listing(tuple(newest_first), tuple(k for k in known if isinstance(k, Odd)))

    def run(self, name: str) -> Run:
        """Return a run. Raises UnknownItemError, RunError."""
        return files.read_run(self.file(name, RUN))

    def told(self, name: str) -> tuple[Run, Told]:
        """Return a run and what is told of it. Raises UnknownItemError, RunError."""
        file = self.file(name, RUN)
        return _told(file, _stamp(file))

    def file(self, name: str, file: str) -> Path:
        """Return a file of a run. Raises UnknownItemError."""
        path = self._place(name) / file
        if file not in WRITTEN or path.is_symlink() or not path.is_file():
            raise UnknownItemError(
                f"Zur Messung „{name}“ gibt es die Datei {file} nicht. Bitte laden Sie die Seite "
                "„Qualität“ neu; dort steht, was noch da ist."
            )
        return path

    def compared(self, old: str, new: str) -> tuple[Comparison, Run]:
        """Compare two runs; return the comparison and the new run.

        Raises UnknownItemError, RunError, and CompareError where they don't compare.
        """
        if old == new:
            raise CompareError(
                "Das ist zweimal dieselbe Messung. Bitte wählen Sie zwei verschiedene."
            )
        b = self.run(new)
        return compare(self.run(old), b), b

    def keep(self, run: Run) -> str:
        """Write a new run and return its name; it is there whole or not at all.

        Raises DataFolderError.
        """
        name = folder_name(run.header.started, run.header.split)
        draft = self._folder / f"{name}{UNFINISHED}"
        try:
            files.write_run(run, draft)
            draft.rename(self._folder / name)
        except OSError as fault:
            raise DataFolderError(
                f"Die Messung lässt sich nicht in {self._folder} schreiben. Bitte "
                "prüfen Sie den freien Platz und Ihre Rechte, und messen Sie dann noch einmal."
            ) from fault
        return name

    def remove(self, name: str) -> str:
        """Remove a run, or what is left of one; return what stays, in German, empty if nothing.

        Only files that we have written go. Raises UnknownItemError, DataFolderError.
        """
        folder = self._place(name)
        try:
            for file in WRITTEN:
                for path in (folder / file, folder / f"{file}.new"):
                    path.unlink(missing_ok=True)
            left = sorted(path.name for path in folder.iterdir())
            if not left:
                folder.rmdir()
        except OSError as fault:
            raise DataFolderError(
                f"Die Messung „{name}“ lässt sich nicht löschen. Bitte prüfen Sie Ihre "
                f"Rechte am Ordner {self._folder}."
            ) from fault
        if not left:
            return ""
        return f"Der Ordner {folder} bleibt, weil noch anderes darin liegt: {', '.join(left[:3])}."

    def _place(self, name: str) -> Path:
        folder = self._folder / name
        if not NAME.fullmatch(name) or folder.is_symlink() or not folder.is_dir():
            raise UnknownItemError(
                "Diese Messung gibt es nicht mehr. Bitte laden Sie die Seite „Qualität“ neu."
            )
        return folder

    def _known(self, path: Path) -> Entry | Odd:
        """Return what lies at a path, from memory where its file is the same."""
        name, file = path.name, path / RUN
        if path.is_symlink() or not path.is_dir() or not NAME.fullmatch(name):
            return Odd(name, "gehört nicht zu den Messungen.", removable=False)
        if name.endswith(UNFINISHED):
            return Odd(name, "wird gerade geschrieben oder blieb dabei liegen.", removable=True)
        if file.is_symlink() or not file.is_file():
            return Odd(name, f"darin liegt keine Messung ({RUN} fehlt).", removable=False)
        try:
            stamp = _stamp(file)
        except OSError:
            return Odd(name, "lässt sich nicht lesen.", removable=False)
        before = self._entries.get(name)
        if before is None or before[0] != stamp:
            before = self._entries[name] = (stamp, _read(name, file))
        return before[1]


def _read(name: str, file: Path) -> Entry | Odd:
    try:
        run, told = _sound(file)
    except RunError:
        reason = "die Messung ist beschädigt oder stammt von einer neueren Programmfassung."
        return Odd(name, reason, removable=True)
    return Entry(name, run.header, told.asked, told.primary, len(told.faults))


@lru_cache(maxsize=KEPT_RUNS)
def _told(file: Path, stamp: tuple[int, int]) -> tuple[Run, Told]:
    """Read a file in the state it has now; the page's pictures ask for the same run again."""
    return _sound(file)


def _sound(file: Path) -> tuple[Run, Told]:
    """Read a run and make sure that it holds together. Raises RunError."""
    run = files.read_run(file)
    scored = {score.item for score in run.scores}
    if len(run.scores) != len(run.observations) or scored != {item.id for item in run.items}:
        raise RunError(f"{file} ist beschädigt: Fragen, Antworten und Werte passen nicht zusammen.")
    return run, summary.tell(run)


def _stamp(file: Path) -> tuple[int, int]:
    """Tell one state of a file from another."""
    status = file.stat()
    return status.st_mtime_ns, status.st_size
