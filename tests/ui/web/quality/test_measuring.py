"""The measurement in the server: one at a time, watched, cancelled, and never half kept."""

import threading

import pytest

from corpus.errors import GenerationError
from tests.ui.test_evaluation_report import make_run
from ui.evaluation.measurements import Measurements
from ui.evaluation.places import RUN
from ui.web.quality.measuring import ENOUGH_S, PREPARING, Measuring, MeasuringError, remaining_s

PATIENCE_S = 20


class Steps:
    """Stands in for the evaluation: goes one step whenever the test lets it."""

    def __init__(self, outcome=None):
        self.outcome = outcome or make_run()
        self.go, self.stepped = threading.Semaphore(0), threading.Semaphore(0)
        self.splits = []

    def __call__(self, split, progress):
        self.splits.append(split)
        for done in range(3):
            assert self.go.acquire(timeout=PATIENCE_S)
            progress("Fragen stellen", done, 3)
            self.stepped.release()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def step(self):
        """Go one step and wait for it."""
        self.go.release()
        assert self.stepped.acquire(timeout=PATIENCE_S)


def ended():
    """Wait until the measurement's thread is over."""
    for thread in threading.enumerate():
        if thread.name == "measuring":
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def test_a_measurement_is_watched_and_kept(tmp_path):
    """From its first step to a finished run in the folder."""
    steps = Steps()
    measuring = Measuring(steps, Measurements(tmp_path))
    assert not measuring.state().busy

    assert measuring.start("dev").stage == PREPARING
    steps.step()
    steps.step()
    state = measuring.state()
    assert (state.phase, state.stage, state.done, state.total) == (
        *("running", "Fragen stellen"),
        *(1, 3),
    )
    steps.step()
    ended()

    state = measuring.state()
    assert (state.phase, state.run) == ("done", "2026-11-23T100000-dev")
    assert (tmp_path / state.run / RUN).is_file()


def test_a_second_start_is_refused(tmp_path):
    """One at a time, whoever asks; the first goes on, and afterwards another may start."""
    steps = Steps()
    measuring = Measuring(steps, Measurements(tmp_path))
    measuring.start("dev")
    steps.step()

    with pytest.raises(MeasuringError, match="läuft schon eine Messung"):
        measuring.start("test")
    assert measuring.state().split == "dev"
    steps.step()
    steps.step()
    ended()
    measuring.start("test")
    assert measuring.cancel().phase == "cancelling"
    steps.go.release()
    ended()
    assert steps.splits == ["dev", "test"]


def test_a_cancelled_measurement_leaves_nothing(tmp_path):
    """It stops before its next question, and a new one may start."""
    steps = Steps()
    measuring = Measuring(steps, Measurements(tmp_path))
    measuring.start("dev")
    steps.step()
    assert measuring.cancel().phase == "cancelling"
    steps.go.release()
    ended()

    assert measuring.state().phase == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_cancelling_after_the_last_question_still_counts(tmp_path):
    """Nothing is written once a person has said so."""
    measuring = None

    def measure(split, progress):
        measuring.cancel()
        return make_run()

    measuring = Measuring(measure, Measurements(tmp_path))
    measuring.start("dev")
    ended()

    assert measuring.state().phase == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_cancelling_nothing_does_nothing(tmp_path):
    """Nor does it cancel the next one."""
    measuring = Measuring(lambda split, progress: make_run(), Measurements(tmp_path))
    assert measuring.cancel().phase == "idle"
    measuring.start("dev")
    ended()

    assert measuring.state().phase == "done"


def test_a_named_error_is_told(tmp_path):
    """With its own German message."""
    measuring = Measuring(Steps(GenerationError("Bitte lesen Sie ein.")), Measurements(tmp_path))
    measuring.start("dev")
    for _ in range(3):
        measuring._measure.step()
    ended()

    state = measuring.state()
    assert (state.phase, state.message) == ("failed", "Bitte lesen Sie ein.")


def test_an_unexpected_error_does_not_tell_its_text(tmp_path, caplog):
    """Neither on the screen nor in the log, as it may hold a question; the server goes on."""

    def measure(split, progress):
        raise ZeroDivisionError("Frau Muster, Aktenzeichen 4711")

    measuring = Measuring(measure, Measurements(tmp_path))
    measuring.start("dev")
    ended()

    state = measuring.state()
    assert state.phase == "failed"
    assert "ZeroDivisionError" in state.message
    assert "4711" not in state.message + caplog.text
    assert "measure" in caplog.text


def test_a_run_that_can_not_be_written_has_failed(tmp_path):
    """The person learns why."""
    (tmp_path / "evaluations").write_text("x", encoding="utf-8")
    runs = Measurements(tmp_path / "evaluations")
    measuring = Measuring(lambda split, progress: make_run(), runs)
    measuring.start("dev")
    ended()

    assert "Bitte prüfen Sie den freien Platz" in measuring.state().message


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "expected"),
    [
        (50, 100, 20.0, 20.0),
        (25, 100, 20.0, 60.0),
        (100, 100, 20.0, 0.0),
        (50, 100, ENOUGH_S / 2, None),
        (9, 100, 20.0, None),
        (0, 0, 20.0, None),
        (0, 3, 20.0, None),
    ],
)
def test_remaining_time_is_told_only_when_it_is_known(done, total, elapsed_s, expected):
    """By what is done so far, and not before enough of it is."""
    assert remaining_s(done, total, elapsed_s) == expected
