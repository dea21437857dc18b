"""The one measurement that may run in the server, in a thread of its own.

Its state lives here and not in a page: who loads the page again, or opens it elsewhere, sees the
same measurement. Answers for visitors go on meanwhile, in threads of their own.
"""

import logging
import threading
import time
import traceback
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from assistant.evaluation.golden import Split
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.run import evaluate
from assistant.evaluation.types import Run
from corpus.errors import SozialraumError
from corpus.generation import Progress
from ui.evaluation.measurements import Measurements
from ui.evaluation.places import LOOKS
from ui.quality import Quality

Phase = Literal["idle", "running", "cancelling", "done", "cancelled", "failed"]
PREPARING = "Sammlung und Prüffragen öffnen"
ENOUGH_S, ENOUGH_SHARE = 5.0, 0.1
"""How much of a step must be over before its remainder is told: of a run of 449 wordings on a busy
machine, what was foretold at 10, 20 and 50 % of either step was off by at most 7 seconds."""

_log = logging.getLogger(__name__)


class MeasuringError(SozialraumError):
    """Another measurement is running, or this one can't be started."""

    code = "ERR_MEASURING"


class Measure(Protocol):
    """Measures a split of the golden set. May raise SozialraumError."""

    def __call__(self, split: Split, progress: Progress) -> Run:  # noqa: D102
        ...


@dataclass(frozen=True, slots=True)
class State:
    """What is to be seen of the measurement."""

    phase: Phase = "idle"
    split: Split = "dev"
    stage: str = PREPARING
    done: int = 0
    total: int = 0
    """0 while the stage has no steps to count."""
    remaining_s: float | None = None
    """Of this stage; None while nothing honest can be said."""
    message: str = ""
    """Why it failed, in German."""
    run: str = ""
    """Name of the finished run."""

    @property
    def busy(self) -> bool:
        """Whether it is running."""
        return self.phase in ("running", "cancelling")


class Measuring:
    """Starts, watches and cancels. Methods may be called from several threads at once."""

    def __init__(self, measure: Measure, runs: Measurements) -> None:
        self._measure = measure
        self._runs = runs
        self._lock = threading.Lock()
        self._state = State()
        self._stage_began_s = 0.0
        self._cancelled = threading.Event()

    def state(self) -> State:
        """Return what is to be seen now."""
        with self._lock:
            return self._state

    def start(self, split: Split) -> State:
        """Begin to measure. Raises MeasuringError while another measurement is running."""
        with self._lock:
            if self._state.busy:
                raise MeasuringError(
                    "Es läuft schon eine Messung. Bitte warten Sie, bis sie fertig ist, oder "
                    "brechen Sie sie ab."
                )
            self._cancelled.clear()
            self._state = State("running", split)
        # A daemon: the server may stop at any time, and only whole runs are ever kept.
        threading.Thread(target=self._run, args=(split,), name="measuring", daemon=True).start()
        return self.state()

    def cancel(self) -> State:
        """Ask a running measurement to stop; it does so before its next question."""
        with self._lock:
            if self._state.phase == "running":
                self._cancelled.set()
                self._state = replace(self._state, phase="cancelling", remaining_s=None)
            return self._state

    def _run(self, split: Split) -> None:
        try:
            run = self._measure(split, self._progress)
            self._progress("Bericht schreiben", 0, 0)
            name = self._runs.keep(run)
        except _CancelledError:
            self._end(State("cancelled", split))
        except SozialraumError as fault:
            self._end(State("failed", split, message=str(fault)))
        except Exception as error:
            self._end(State("failed", split, message=_unexpected(error)))
        else:
            self._end(State("done", split, run=name))

    def _end(self, state: State) -> None:
        with self._lock:
            self._state = state

    def _progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        if self._cancelled.is_set():
            raise _CancelledError
        now = time.monotonic()
        with self._lock:
            if stage != self._state.stage:
                self._stage_began_s = now
            left = remaining_s(done, total, now - self._stage_began_s)
            self._state = replace(
                self._state, stage=stage, done=done, total=total, remaining_s=left
            )


def over(quality: Quality) -> Measure:
    """Return what measures as the command does: same questions, same notes, looks counted."""

    def measure(split: Split, progress: Progress) -> Run:
        service, folder = quality.service, quality.golden
        if folder is None:
            raise MeasuringError("Ohne Prüffragen lässt sich nichts messen.")
        return evaluate(
            *(service.assistant(), load_golden(folder), split, progress),
            settings={"threads": str(service.threads)},
            looks_file=folder / LOOKS,
            with_cases=True,
        )

    return measure


def remaining_s(done: int, total: int, elapsed_s: float) -> float | None:
    """Return how long a step of equal parts still takes; None while that would be a guess."""
    if elapsed_s < ENOUGH_S or not total or done < max(1, ENOUGH_SHARE * total):
        return None
    return elapsed_s / done * (total - done)


def looks(quality: Quality) -> int:
    """Return how often the test split has been looked at so far."""
    file = quality.golden / LOOKS if quality.golden else None
    if file is None or not file.is_file():
        return 0
    return len(file.read_text(encoding="utf-8").splitlines())


class _CancelledError(Exception):
    """A person has cancelled; ends the measurement from within its progress."""


def _unexpected(error: Exception) -> str:
    """Log an error by kind and place alone, as its text may hold a question; return a message."""
    frames = traceback.extract_tb(error.__traceback__)
    _log.error("unexpected %s in %s:%s", type(error).__name__, frames[-1].name, frames[-1].lineno)
    return (
        f"Es ist ein unerwarteter Fehler aufgetreten ({type(error).__name__}). Bitte messen Sie "
        "noch einmal; bleibt es dabei, hilft „sozialraum doctor“ beim Suchen."
    )
