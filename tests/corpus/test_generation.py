"""A generation answers only when every byte of it is what was built."""

import dataclasses
import json
import shutil

import pytest

from corpus.errors import GenerationError, ModelError
from corpus.generation import open_current, open_generation, verify, verify_in_child
from corpus.manifest import read_manifest
from corpus.self_retrieval import DEFAULT_WEIGHT, MIN_HEADINGS
from corpus.store import Store
from ingest.pipeline import ingest
from tests.conftest import quiet
from tests.corpus.tiny_model import write_model
from ui.local import model


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
    manifest.write_text(manifest.read_text("utf-8").replace('"schema": 2', '"schema": 3'), "utf-8")

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


def test_an_older_manifest_gets_the_default_weight(built, tmp_path):
    """Generations from before the weighing still answer, with the weight of their time."""
    _, folder = built
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    del manifest["weighing"]
    (copy / "manifest.json").write_text(json.dumps({**manifest, "schema": 1}), "utf-8")

    assert verify(copy).weighing.weight == DEFAULT_WEIGHT


def test_another_model_makes_a_new_generation(tmp_path, default_model):
    """Reading in with another model embeds everything anew, and nothing else has to change."""
    (tmp_path / "heft.md").write_text("# Heft\n\n## Kapitel\n\nEin Satz zur Stadt.\n", "utf-8")
    store, other = Store(tmp_path / "data"), model(write_model(tmp_path / "modell"))
    first = ingest([tmp_path / "heft.md"], store, default_model, quiet)
    with pytest.raises(ModelError, match="sozialraum ingest"):
        open_current(store).require(other.fingerprint)
    second = ingest([tmp_path / "heft.md"], store, other, quiet)

    assert first.generation != second.generation
    assert second.unchanged == ("heft",)
    generation = open_current(store)
    generation.require(other.fingerprint)
    (passage,) = store.library.passages_of(generation.document("heft").key)
    assert generation.dense.vector(passage.id).shape == (2,)
    assert ingest([tmp_path / "heft.md"], store, other, quiet).generation == second.generation


def write_booklet(folder, words):
    """Write a document whose headings share no word with their text, only a meaning."""
    text = "\n\n".join(f"## Frage {a} {b}\n\nAntwort {b} {a}." for a, b in words)
    (folder / "heft.md").write_text(f"# Heft\n\n{text}\n", "utf-8")


def test_the_weight_is_measured_and_kept(tmp_path):
    """A model that knows none of the words is noticed, counts little, and the report says so."""
    words = [(f"wort{chr(97 + n)}", f"satz{chr(97 + n // 26)}{n}") for n in range(MIN_HEADINGS)]
    write_booklet(tmp_path, words)
    store = Store(tmp_path / "data")
    report = ingest([tmp_path / "heft.md"], store, model(write_model(tmp_path / "fremd")), quiet)
    generation = open_current(store)
    weighing = read_manifest(store.generations / report.generation).weighing

    assert weighing.headings == MIN_HEADINGS
    assert weighing.lexical > 0.9
    assert weighing.dense == 0
    assert generation.dense_weight == weighing.weight <= 0.1
    assert [note.file for note in report.notes] == ["SOZIALRAUM_EMBEDDER"]
    assert "„fremd“" in report.notes[0].message


def test_measuring_leaves_nothing_in_the_generation(tmp_path, default_model):
    """What was built to measure is gone: files, and headings that were withheld."""
    words = [(f"wort{chr(97 + n)}", f"satz{chr(97 + n // 26)}{n}") for n in range(MIN_HEADINGS)]
    write_booklet(tmp_path, words)
    store = Store(tmp_path / "data")
    report = ingest([tmp_path / "heft.md"], store, default_model, quiet)

    folder = store.generations / report.generation
    assert {path.name for path in folder.iterdir()} == {
        *("analyser.json", "dense", "lexical", "manifest.json")
    }
    assert read_manifest(folder).weighing.headings == MIN_HEADINGS
    assert not report.notes
