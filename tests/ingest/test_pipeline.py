"""Reading in is incremental, all or nothing, and can be undone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import CatalogueError, GenerationError, UnknownItemError
from corpus.generation import open_current, undo
from corpus.store import Store
from ingest.pipeline import ingest, remove
from tests.conftest import quiet

TEXT = "# {title}\n\n## Kapitel\n\nDas {title} beschreibt die Arbeit im Quartier. {extra}\n"


@pytest.fixture
def folder(tmp_path):
    """A folder of two Markdown documents."""
    found = tmp_path / "unterlagen"
    found.mkdir()
    write(found, "eins")
    write(found, "zwei")
    return found


@pytest.fixture
def store(tmp_path):
    """An empty data folder."""
    return Store(tmp_path / "data")


def write(folder, name, extra="Es hat noch einen Satz."):
    """Write a small document."""
    (folder / f"{name}.md").write_text(TEXT.format(title=f"Heft {name}", extra=extra), "utf-8")


def texts(store):
    """Return the texts of all passages that answer now."""
    generation = open_current(store)
    try:
        documents = generation.documents.values()
        return [p.text for d in documents for p in store.library.passages_of(d.key)]
    finally:
        generation.dense.close()


def test_second_run_changes_nothing(folder, store, default_model):
    """What is known is left alone: same generation, nothing added."""
    first = ingest([folder], store, default_model, quiet)
    second = ingest([folder], store, default_model, quiet)

    assert first.added == ("eins", "zwei")
    assert (second.changes, second.unchanged) == (0, ("eins", "zwei"))
    assert second.generation == first.generation


def test_changed_file_replaces_its_former_text(folder, store, default_model):
    """After a change only the new text answers; undo brings the old one back, and forth."""
    ingest([folder], store, default_model, quiet)
    write(folder, "eins", "Neu ist der Angstraum.")
    report = ingest([folder], store, default_model, quiet)

    assert (report.changed, report.unchanged) == (("eins",), ("zwei",))
    assert any("Angstraum" in text for text in texts(store))
    undo(store)
    assert not any("Angstraum" in text for text in texts(store))
    undo(store)
    assert any("Angstraum" in text for text in texts(store))


def test_dry_run_touches_nothing(folder, store, default_model):
    """A dry run says what would happen and leaves the collection as it is."""
    ingest([folder], store, default_model, quiet)
    write(folder, "eins", "Anders.")
    (folder / "zwei.md").unlink()
    report = ingest([folder], store, default_model, quiet, sync=True, dry_run=True)

    assert (report.changed, report.removed, report.dry_run) == (("eins",), ("zwei",), True)
    assert not any("Anders" in text for text in texts(store))


def test_vanished_file_goes_only_with_sync(folder, store, default_model):
    """A file that is gone stays in the collection until the folder is made authoritative."""
    ingest([folder], store, default_model, quiet)
    (folder / "zwei.md").unlink()

    assert ingest([folder], store, default_model, quiet).changes == 0
    assert ingest([folder], store, default_model, quiet, sync=True).removed == ("zwei",)
    assert not any("zwei" in text for text in texts(store))


def test_refused_file_keeps_its_former_version(folder, store, default_model):
    """A file that can't be read any more is named, and its old text still answers."""
    ingest([folder], store, default_model, quiet)
    (folder / "eins.md").write_bytes(b"")
    (folder / "drei.md").write_bytes(b"")
    report = ingest([folder], store, default_model, quiet)

    assert [Path(r.file).name for r in report.refused] == ["drei.md", "eins.md"]
    assert {r.code for r in report.refused} == {"ERR_FILE_EMPTY"}
    assert any("Heft eins" in text for text in texts(store))


def test_moved_folder_is_recognised(folder, store, default_model, tmp_path):
    """Files that lie elsewhere now are the same documents, not new ones."""
    ingest([folder], store, default_model, quiet)
    moved = folder.rename(tmp_path / "anderswo")
    report = ingest([moved], store, default_model, quiet)

    assert (report.changes, report.unchanged) == (0, ("eins", "zwei"))


def test_equal_names_in_two_folders_are_two_documents(folder, store, default_model, tmp_path):
    """A file of the same name from another folder doesn't replace the first."""
    other = tmp_path / "andere"
    other.mkdir()
    write(other, "eins", "Ganz anderes.")
    report = ingest([folder, other], store, default_model, quiet)

    assert len(report.added) == 3
    assert len(set(report.added)) == 3


def test_catalogue_attributes_and_is_found(folder, store, default_model):
    """A catalogue in the folder names workshops, overrides metadata, and is a document itself."""
    (folder / "werkstaetten.yaml").write_text(
        "werkstaetten:\n- {nummer: 5, thema: Kultur, stadt: Neustadt, datum: '2018-05-04', "
        "status: belegt}\ndokumente:\n  eins.md: {werkstatt: 5, titel: Dokumentation Kultur}\n",
        "utf-8",
    )
    ingest([folder], store, default_model, quiet)
    generation = open_current(store)
    document = generation.document("eins")

    assert (document.title, document.workshop) == ("Dokumentation Kultur", 5)
    assert [w.theme for w in generation.workshops] == ["Kultur"]
    assert any("am 4. Mai 2018 in Neustadt statt" in text for text in texts(store))


def test_malformed_catalogue_stops_before_anything_is_changed(folder, store, default_model):
    """A fault in the catalogue is named and leaves the collection as it is."""
    before = ingest([folder], store, default_model, quiet)
    (folder / "werkstaetten.yaml").write_text("werkstaetten: [{nummer: x}]", "utf-8")
    write(folder, "eins", "Anders.")

    with pytest.raises(CatalogueError):
        ingest([folder], store, default_model, quiet)
    assert store.pointer().current == before.generation


def test_purge_leaves_no_byte(folder, store, default_model):
    """After a purge the text is in no file of the data folder."""
    write(folder, "eins", "Der Kanarienvogelsatz verschwindet.")
    ingest([folder], store, default_model, quiet)
    remove(["eins"], store, default_model, quiet, purge=True)
    store.library.close()

    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not [p for p in files if b"kanarienvogelsatz" in p.read_bytes().lower()]


def test_unknown_document_is_named(folder, store, default_model):
    """Removing what isn't there names it."""
    ingest([folder], store, default_model, quiet)

    with pytest.raises(UnknownItemError, match="drei"):
        remove(["drei"], store, default_model, quiet)


CHILD = """
import sys
from pathlib import Path
from corpus.store import Store
from ingest.pipeline import ingest
from ui.local import model
print("started", flush=True)
ingest([Path(sys.argv[1])], Store(Path(sys.argv[2])), model(None), lambda *a: None)
"""


@pytest.mark.parametrize("delay_s", [0.05, 0.3, 0.6, 1.0, 1.6, 2.5])
def test_kill_leaves_the_old_or_the_new_state(folder, store, default_model, delay_s):
    """Killed at any moment, reading in leaves one whole state, and the next run just works."""
    ingest([folder], store, default_model, quiet)
    for name in ("eins", "zwei", "drei"):
        write(folder, name, "Fassung zwei. " * 200)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(store.folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline().strip() == "started"
    time.sleep(delay_s)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    found = texts(store)
    new = [text for text in found if "Fassung zwei" in text]
    assert len(new) in (0, len(found))
    ingest([folder], store, default_model, quiet)
    assert all("Fassung zwei" in text for text in texts(store))
    names = {path.name for path in store.generations.iterdir()}
    assert names == {store.pointer().current, store.pointer().previous}


def test_damaged_generation_is_built_anew(folder, store, default_model):
    """The remedy that a damaged generation names works: reading in again mends it."""
    before = ingest([folder], store, default_model, quiet)
    damaged = next((store.generations / before.generation).rglob("vectors.npy"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with pytest.raises(GenerationError, match=r"vectors\.npy"):
        open_current(store)
    after = ingest([folder], store, default_model, quiet)

    assert after.generation != before.generation
    assert any("Heft eins" in text for text in texts(store))


def test_unreadable_formats_are_named_and_folders_without_documents_too(
    folder, store, default_model, tmp_path
):
    """A Word file among the others is refused by name; an empty folder is an error of its own."""
    (folder / "protokoll.docx").write_bytes(b"PK")
    (folder / "Thumbs.db").write_bytes(b"x")
    report = ingest([folder], store, default_model, quiet)
    empty = tmp_path / "leer"
    empty.mkdir()

    assert report.added == ("eins", "zwei")
    assert [(Path(r.file).name, r.code) for r in report.refused] == [
        ("protokoll.docx", "ERR_FILE_TYPE")
    ]
    with pytest.raises(UnknownItemError, match="leer") as raised:
        ingest([empty], store, default_model, quiet)
    assert raised.value.code == "ERR_NOTHING_FOUND"
