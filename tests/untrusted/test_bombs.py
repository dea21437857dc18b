"""Files made to exhaust time or memory: named refusals or bounded readings (row D2).

Memory is that of the worker above its idle state; a bomb that kills it costs only itself.
"""

import time

import pytest

from corpus.store import Store
from ingest.passages import MAX_SENTENCE_CHARS
from ingest.pipeline import ingest
from tests.conftest import quiet
from tests.untrusted.bombs import BOMBS
from tests.untrusted.test_mutated import faults_of
from tests.untrusted.trial import Trial

MAX_CPU_S = 5.0  # of a refusal; what is read may take as long as other files of its size
MAX_BYTES = 512 * 2**20
# What the text recognisers of our own find hard: one run of all of them is enough a format.
_PATTERNS = [name for name in BOMBS if name.startswith("muster-")]
_MADE = [name for name in BOMBS if name not in _PATTERNS]


@pytest.fixture(scope="module")
def trial():
    """One worker for all of them, as in a folder full of bombs."""
    with Trial() as opened:
        yield opened


@pytest.mark.parametrize("name", _MADE)
def test_bomb_is_refused_or_harmless(trial, name):
    """It ends in time and within its memory, refused by name or read without its sting."""
    outcome = trial.read(name, BOMBS[name]())

    assert faults_of(outcome) == []
    assert outcome.memory <= MAX_BYTES
    assert not outcome.code or outcome.cpu_s <= MAX_CPU_S


def test_there_are_enough_bombs():
    """Row D2 asks for forty."""
    assert len(_MADE) >= 40


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_own_patterns_take_linear_time(trial, suffix):
    """No text makes our sentence splitter, headings, lists or word counts take hours."""
    names = [name for name in _PATTERNS if name.endswith(suffix)]
    outcomes = [trial.read(name, BOMBS[name]()) for name in names]

    assert len(outcomes) >= 40
    assert [o.name for o in outcomes if o.reading is None] == []
    assert [(o.name, o.cpu_s) for o in outcomes if o.cpu_s > MAX_CPU_S] == []
    assert [fault for outcome in outcomes for fault in faults_of(outcome)] == []


def test_hard_texts_do_not_stop_the_indexing(tmp_path, default_model):
    """Words of 100,000 letters and their like are indexed in pieces: no isolation guards that.

    Before words and passages were bounded, seven such files of 100 KB took 107 CPU seconds.
    """
    folder = tmp_path / "unterlagen"
    folder.mkdir()
    for name in ("ziffern", "kleinbuchstaben", "gesperrt", "strich-kette", "umlaut-zeichen"):
        (folder / f"{name}.txt").write_bytes(BOMBS[f"muster-{name}.txt"]())
    store = Store(tmp_path / "daten")
    started = time.process_time()
    report = ingest([folder], store, default_model, quiet)

    assert (len(report.added), report.refused) == (5, ())
    assert time.process_time() - started < 60
    documents = store.library.documents(report.generation)
    passages = [p for d in documents for p in store.library.passages_of(d.key)]
    assert max(len(p.text) for p in passages) <= 2 * MAX_SENTENCE_CHARS
