"""The one change of the collection that may run in the server, in a thread of its own.

Its state lives here and not in a page: who loads the page again, or opens it elsewhere, sees the
same. Questions are answered meanwhile, from the state of the collection before.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from corpus.errors import SozialraumError
from corpus.generation import Progress
from ingest.report import Report

Phase = Literal["idle", "running", "cancelling", "done", "cancelled", "failed"]
Task = Literal["", "check", "read", "correct", "remove", "undo"]

_log = logging.getLogger(__name__)


class EditingError(SozialraumError):
    """Another change is under way, or what was to be changed has changed meanwhile."""

    code = "ERR_EDITING"


@dataclass(frozen=True, slots=True)
class State:
    """What is to be seen of the change."""

    task: Task = ""
    phase: Phase = "idle"
    number: int = 0
    """Counts the changes since the server started."""
    stage: str = ""
    done: int = 0
    total: int = 0
    """0 while the stage has no steps to count."""
    item: str = ""
    """What is being done now; may hold a file's name."""
    message: str = ""
    """Why it failed, in German."""

    @property
    def busy(self) -> bool:
        """Whether it is running."""
        return self.phase in ("running", "cancelling")


@dataclass(frozen=True, slots=True)
class Done:
    """What the last finished change did."""

    report: Report | None = None
    titles: Mapping[str, str] | None = None
    """Titles of the documents the report names."""
    receipt: str = ""
    """Name under which the receipt of a removal can be downloaded."""
    undone: bool = False


class Jobs:
    """Starts, watches and cancels. Methods may be called from several threads at once."""

    def __init__(self) -> None:
        self.done = Done()
        """What the last finished change did."""
        self._lock = threading.Lock()
        self._state = State()
        self._cancelled = threading.Event()

    def state(self) -> State:
        """Return what is to be seen now."""
        with self._lock:
            return self._state

    def start(
        self, task: Task, work: Callable[[Progress], None], ended: Callable[[Phase], None]
    ) -> State:
        """Begin. ``ended`` is called in the same thread, before anybody sees the end.

        Raises EditingError while another change is under way.
        """
        with self._lock:
            if self._state.busy:
                raise EditingError(
                    "Es läuft schon ein Vorgang. Bitte warten Sie, bis er fertig ist, oder brechen "
                    "Sie ihn ab."
                )
            self._cancelled.clear()
            self._state = State(task, "running", self._state.number + 1)
        # A daemon: the server may stop at any time; until a new generation is whole, the old one
        # answers.
        threading.Thread(target=self._run, args=(work, ended), name="editing", daemon=True).start()
        return self.state()

    def cancel(self) -> State:
        """Ask a running change to stop; it does so before its next step."""
        with self._lock:
            if self._state.phase == "running":
                self._cancelled.set()
                self._state = replace(self._state, phase="cancelling")
            return self._state

    def settle(self) -> None:
        """Forget how the last change ended, once it has been taken note of."""
        with self._lock:
            if not self._state.busy:
                self._state = State(number=self._state.number)

    def _run(self, work: Callable[[Progress], None], ended: Callable[[Phase], None]) -> None:
        phase: Phase = "done"
        message = ""
        try:
            work(self._progress)
        except _CancelledError:
            phase = "cancelled"
        except SozialraumError as fault:
            phase, message = "failed", str(fault)
        except OSError as fault:
            phase, message = "failed", _system(fault)
        except Exception as error:
            phase, message = "failed", _unexpected(error)
        try:
            ended(phase)
        except Exception as error:
            phase, message = "failed", message or _unexpected(error)
        with self._lock:
            self._state = replace(self._state, phase=phase, message=message)

    def _progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        if self._cancelled.is_set():
            raise _CancelledError
        with self._lock:
            self._state = replace(self._state, stage=stage, done=done, total=total, item=item)


class _CancelledError(Exception):
    """A person has cancelled; ends the change from within its progress."""


def _system(fault: OSError) -> str:
    return (
        f"Das Betriebssystem meldet: {fault.strerror or fault}. Es wurde nichts verändert. Bitte "
        "prüfen Sie Platz und Schreibrechte des Datenordners und versuchen Sie es noch einmal."
    )


def _unexpected(error: Exception) -> str:
    """Log an error by kind and place alone, as its text may quote a document."""
    frames = traceback.extract_tb(error.__traceback__)
    _log.error("unexpected %s in %s:%s", type(error).__name__, frames[-1].name, frames[-1].lineno)
    return (
        f"Es ist ein unerwarteter Fehler aufgetreten ({type(error).__name__}). Es wurde nichts "
        "verändert. Bitte versuchen Sie es noch einmal; bleibt es dabei, hilft „sozialraum doctor“ "
        "beim Suchen."
    )
