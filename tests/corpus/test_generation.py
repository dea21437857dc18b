"""A generation answers only when every byte of it is what was built."""

import dataclasses
import shutil

import pytest

from corpus.errors import GenerationError, ModelError
from corpus.generation import open_current, open_generation, verify, verify_in_child
from corpus.store import Store
from ingest.pipeline import ingest
from tests.conftest import quiet


@pytest.fixture(scope="module")
def built(tmp_path_factory, default_model):
    """A data folder with one small document, and its generation's folder."""
    folder = tmp_path_factory.mktemp("klein")
    (folder / "heft.md").write_text("# Heft\n\n## Kapitel\n\nEin Satz zum Quartier.\n", "utf-8")
    store = Store(folder / "data")
    report = ingest([folder / "heft.md"], store, default_model, quiet)
    return store, store.generations / report.generation


def test_every_file_is_guarded(built, tmp_path):
    """One flipped byte, or a missing file, in any file is noticed and named."""
    _, folder = built
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(files) >= 6
    for path in files:
        for damage in ("flip", "cut", "remove"):
            copy = tmp_path / "copy"
            shutil.copytree(folder, copy)
            target = copy / path.relative_to(folder)
            content = bytearray(target.read_bytes())
            if damage == "flip" and content:
                content[len(content) // 2] ^= 0xFF
                target.write_bytes(content)
            elif damage == "cut" and content:
                target.write_bytes(content[: len(content) // 2])
            else:
                target.unlink()
            with pytest.raises(GenerationError):
                verify(copy)
            shutil.rmtree(copy)


def test_opening_changes_no_byte(built):
    """Opened, searched and closed, a generation is still the one that was built."""
    store, folder = built
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    generation = open_generation(folder, store.library)
    generation.lexical.search(generation.analyser.analyse("Quartier"), 5)
    generation.dense.close()
    verify_in_child(folder)

    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_another_model_is_refused(built):
    """Vectors of one model are never searched with another, however alike."""
    store, _ = built
    generation = open_current(store)
    other = dataclasses.replace(generation.manifest.fingerprint, digest="0" * 64)

    with pytest.raises(ModelError) as raised:
        generation.require(other)
    assert raised.value.code == "ERR_EMBEDDER_MISMATCH"
    generation.require(generation.manifest.fingerprint)


def test_newer_generation_is_left_alone(built, tmp_path):
    """A generation of a newer program is refused by name."""
    _, folder = built
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"schema": 1', '"schema": 2'), "utf-8")

    with pytest.raises(GenerationError, match="neueren Programmfassung"):
        verify(copy)


def test_same_readings_give_the_same_answers(built, tmp_path, default_model):
    """Two builds of the same documents find the same for every canary."""
    _, folder = built
    again = Store(tmp_path / "data")
    source = folder.parents[2] / "heft.md"
    report = ingest([source], again, default_model, quiet)

    first = verify(folder)
    second = verify(again.generations / report.generation)
    assert [c.query for c in first.canaries] == [c.query for c in second.canaries]
    assert [len(c.lexical) for c in first.canaries] == [len(c.lexical) for c in second.canaries]
