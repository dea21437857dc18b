"""The data folder: one writer, a pointer that can't be halved, nothing lost."""

import subprocess
import sys

import pytest

from corpus.errors import GenerationError, IngestRunningError
from corpus.store import Pointer, Store

HOLD = """
import sys, time
from pathlib import Path
from corpus.store import Store
with Store(Path(sys.argv[1])).writing():
    print("held", flush=True)
    time.sleep(60)
"""


def test_pointer_comes_back(tmp_path):
    """The pointer that was written is the one that is read."""
    store = Store(tmp_path)

    assert store.pointer() is None
    store.point_to(Pointer("000002-b", "000001-a"))
    assert Store(tmp_path).pointer() == Pointer("000002-b", "000001-a")


def test_damaged_pointer_is_named(tmp_path):
    """A pointer that isn't JSON raises an error that names the file."""
    store = Store(tmp_path)
    (tmp_path / "current.json").write_text("{", encoding="utf-8")

    with pytest.raises(GenerationError, match=r"current\.json"):
        store.pointer()


def test_second_writer_is_refused_and_a_dead_one_forgotten(tmp_path):
    """While one process writes another is refused at once; killing it frees the lock."""
    Store(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline().strip() == "held"
        with pytest.raises(IngestRunningError) as raised, Store(tmp_path).writing():
            pass
        assert raised.value.code == "ERR_INGEST_RUNNING"
    finally:
        child.kill()
        child.wait()
    with Store(tmp_path).writing():
        assert (tmp_path / "writer.lock").exists()


def test_originals_are_kept_by_content(tmp_path):
    """Equal bytes are kept once, under their hash."""
    store = Store(tmp_path)
    first, second = store.keep_original(b"abc"), store.keep_original(b"abc")

    assert first == second
    assert store.original(first).read_bytes() == b"abc"
    assert len(list(store.originals.iterdir())) == 1
