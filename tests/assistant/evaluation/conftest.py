"""A small golden set over the starter collection, and the assistant that is asked."""

from pathlib import Path

import pytest

from assistant.evaluation.golden import GoldenSet
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.run import evaluate
from assistant.pipeline import Assistant
from corpus import embedder
from corpus.catalogue import load_glossary
from corpus.generation import open_current
from corpus.store import Store

GOLDEN = Path(__file__).parents[2] / "golden"
EVERY = 4
"""Every fourth item of the dev split is enough to see a broken build, and quick."""


def quiet(stage, done, total, item=""):
    """Progress that nobody watches."""


@pytest.fixture(scope="session")
def small_golden():
    """Every fourth item of the dev split, without paraphrases."""
    golden = load_golden(GOLDEN)
    items = golden.active("dev")[::EVERY]
    lean = tuple(item.model_copy(update={"paraphrases": ()}) for item in items)
    return GoldenSet(lean, golden.files)


@pytest.fixture(scope="session")
def measure(starter, small_golden):
    """Open the starter collection anew and measure it with the small set."""

    def run(after_opening=lambda: None, **options):
        generation = open_current(Store(starter))
        after_opening()
        assistant = Assistant(generation, embedder.load(), load_glossary())
        return evaluate(assistant, small_golden, "dev", quiet, **options)

    return run


@pytest.fixture(scope="session")
def sound_run(measure):
    """The small set measured with the program as it is."""
    return measure()
