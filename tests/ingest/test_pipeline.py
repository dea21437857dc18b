"""Reading in is incremental, all or nothing, and can be undone."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from corpus.errors import CatalogueError, GenerationError, SozialraumError, UnknownItemError
from corpus.generation import open_current, undo
from corpus.store import Store
from ingest.isolation import Isolation
from ingest.pipeline import READING, Model, correct, ingest, remove
from ingest.purge import receipt
from tests.conftest import quiet
from tests.ingest.truth import TESTDOCS

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
ingest([Path(sys.argv[1])], Store(Path(sys.argv[2])), model(None), lambda *a, **k: None)
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
    """What nobody can read is refused by name; an empty folder is an error of its own."""
    (folder / "protokoll.docx").write_bytes(b"PK\x03\x04")
    (folder / "tabelle.xlsx").write_bytes(b"PK")
    (folder / "Thumbs.db").write_bytes(b"x")
    report = ingest([folder], store, default_model, quiet)
    empty = tmp_path / "leer"
    empty.mkdir()

    assert report.added == ("eins", "zwei")
    assert [(Path(r.file).name, r.code) for r in report.refused] == [
        ("protokoll.docx", "ERR_FILE_DAMAGED"),
        ("tabelle.xlsx", "ERR_FILE_TYPE"),
    ]
    assert "PDF" in report.refused[1].message
    with pytest.raises(UnknownItemError, match="leer") as raised:
        ingest([empty], store, default_model, quiet)
    assert raised.value.code == "ERR_NOTHING_FOUND"


def archive(path, *files, **texts):
    """Write a ZIP archive of files and of Markdown texts by name."""
    with zipfile.ZipFile(path, "w") as packed:
        for file in files:
            packed.write(file, f"unterlagen/{file.name}")
        for name, text in texts.items():
            packed.writestr(f"unterlagen/{name}.md", text)


def test_archive_is_opened_and_what_vanished_from_it_goes_with_sync(
    folder, store, default_model, tmp_path
):
    """Documents in an archive are documents; a damaged archive keeps what it had."""
    packed = folder / "sammlung.zip"
    archive(packed, drei=TEXT.format(title="Heft drei", extra=""), vier="# Heft vier\n\nViertes.")
    assert ingest([folder], store, default_model, quiet).added == (
        *("eins", "drei", "vier", "zwei"),
    )
    packed.write_bytes(packed.read_bytes()[:60])
    damaged = ingest([folder], store, default_model, quiet, sync=True)
    archive(packed, vier="# Heft vier\n\nViertes.")
    whole = ingest([folder], store, default_model, quiet, sync=True)

    assert [Path(r.file).name for r in damaged.refused] == ["sammlung.zip"]
    assert damaged.removed == ()
    assert whole.removed == ("drei",)
    assert any("Viertes" in text for text in texts(store))


def test_catalogue_in_an_archive_holds_for_the_archive(folder, store, default_model):
    """What a catalogue inside says is true of the documents beside it, and of no others."""
    with zipfile.ZipFile(folder / "reihe.zip", "w") as packed:
        packed.writestr("kultur.md", "# Kultur\n\n## Ablauf\n\nKultur im Quartier.")
        packed.writestr("werkstaetten.yaml", "werkstaetten: [{nummer: 4, thema: Kultur}]")
    ingest([folder], store, default_model, quiet)
    generation = open_current(store)

    assert generation.document("kultur").workshop == 4
    assert generation.document("eins").workshop is None


def test_same_bytes_under_two_names_are_read_in_once(folder, store, default_model):
    """The second name is reported, not read in; when the first goes, the second takes over."""
    shutil.copy(folder / "eins.md", folder / "kopie.md")
    first = ingest([folder], store, default_model, quiet)
    (folder / "eins.md").unlink()
    second = ingest([folder], store, default_model, quiet, sync=True)

    assert (first.added, first.duplicates[0].document) == (("eins", "zwei"), "eins")
    assert first.duplicates[0].file.endswith("kopie.md")
    assert (second.changes, second.unchanged, second.duplicates) == (0, ("eins", "zwei"), ())
    assert open_current(store).document("eins").source.endswith("kopie.md")


def test_same_text_in_another_format_is_reported(folder, store, default_model):
    """A report as Markdown and as web page is read in twice, and that is said."""
    write(folder, "bericht")
    ingest([folder], store, default_model, quiet)
    body = "<h2>Kapitel</h2><p>Das bericht beschreibt die Arbeit im Quartier. "
    page = f"<main><h1>Heft bericht</h1>{body}Es hat noch einen Satz.</p></main>"
    page = page.replace("Das bericht", "Das Heft bericht")
    (folder / "seite.html").write_text(page, "utf-8")
    report = ingest([folder], store, default_model, quiet)

    assert report.added == ("seite",)
    assert [(d.document, d.same) for d in report.duplicates] == [("bericht", "text")]


def test_renamed_and_changed_names_keep_the_document(folder, store, default_model):
    """A file under a new name with the same content is the same document."""
    ingest([folder], store, default_model, quiet)
    (folder / "eins.md").rename(folder / "Bericht 2018 (endgültig).md")
    report = ingest([folder], store, default_model, quiet, sync=True)

    assert (report.changes, report.unchanged) == (0, ("eins", "zwei"))


def test_dry_run_shows_the_changed_passages(folder, store, default_model):
    """Before anything changes the editor sees what a new version says otherwise."""
    ingest([folder], store, default_model, quiet)
    write(folder, "eins", "Die Förderung endet 2020.")
    report = ingest([folder], store, default_model, quiet, dry_run=True)
    (difference,) = report.differences
    (change,) = difference.changes

    assert (difference.document, change.kind) == ("eins", "geändert")
    assert "noch einen Satz" in change.before
    assert "Die Förderung endet 2020." in change.after


def test_correction_survives_reading_again_and_is_undone(folder, store, default_model):
    """What the editor corrected holds for the next version too, until it is taken back."""
    ingest([folder], store, default_model, quiet)
    changes = {"titel": "Richtig", "werkstatt": "4", "gueltig_bis": "2019", "ersetzt_durch": "zwei"}
    assert correct("eins", changes, store, default_model, quiet).changed == ("eins",)
    write(folder, "eins", "Neue Fassung.")
    ingest([folder], store, default_model, quiet)
    document = open_current(store).document("eins")
    assert (document.title, document.workshop) == ("Richtig", 4)
    assert (document.valid_until, document.replaced_by) == ("2019", "zwei")
    assert ingest([folder], store, default_model, quiet).changes == 0

    correct("eins", {"titel": ""}, store, default_model, quiet)
    assert open_current(store).document("eins").title == "Heft eins"
    undo(store)
    assert open_current(store).document("eins").title == "Richtig"


def test_metadata_only_change_reads_and_embeds_nothing(folder, store, default_model, monkeypatch):
    """A new date costs no parser and no embedding: both are there already."""
    ingest([folder], store, default_model, quiet)
    embedder = default_model.load()
    monkeypatch.setattr(Isolation, "read", forbidden)
    monkeypatch.setattr(type(embedder), "embed_passages", forbidden)
    same = Model(default_model.fingerprint, lambda: embedder)
    correct("zwei", {"stand": "2018-03"}, store, same, quiet)

    assert open_current(store).document("zwei").date == "2018-03"


def forbidden(*arguments, **named):
    """Stand in for what must not be called."""
    pytest.fail("was called")


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"werkstatt": "vier"}, "vier"), ({"ersetzt_durch": "drei"}, "drei")],
)
def test_senseless_correction_changes_nothing(folder, store, default_model, changes, named):
    """A wrong value is named, and the collection stays as it is."""
    before = ingest([folder], store, default_model, quiet)

    with pytest.raises(SozialraumError, match=named):
        correct("eins", changes, store, default_model, quiet)
    assert store.pointer().current == before.generation


def test_purge_gives_a_receipt(folder, store, default_model):
    """The receipt names what was deleted and proves it by a search of every file."""
    write(folder, "eins", "Der Kanarienvogelsatz dieses Hefts verschwindet vollständig. " * 3)
    ingest([folder], store, default_model, quiet)
    receipt = remove(["eins"], store, default_model, quiet, purge=True).receipt

    assert receipt.documents[0].startswith("eins ")
    assert receipt.probes > 0
    assert receipt.searched_files >= 5
    assert receipt.traces == ()


def test_receipt_covers_former_versions(folder, store, default_model):
    """A version that only undo could bring back is deleted, named and searched for as well."""
    ingest([folder], store, default_model, quiet)
    write(folder, "eins", "Die Förderung endet 2021.")
    ingest([folder], store, default_model, quiet)
    receipt = remove(["eins"], store, default_model, quiet, purge=True).receipt

    assert len(receipt.documents) == 2
    assert receipt.probes >= 2
    assert receipt.traces == ()


def test_receipt_finds_what_is_left(store):
    """A sentence that is still somewhere below the data folder is a trace."""
    (store.folder / "rest").write_bytes(b"xx Der Satz ist noch da. yy")

    assert receipt([], [b"Der Satz ist noch da."], store).traces == ("rest",)


def test_what_a_killed_run_read_is_not_read_again(folder, store, default_model, monkeypatch):
    """A stopped run switches nothing; the next takes its readings from the library."""

    def stop_at_embedding(stage, done, total, item=""):
        if stage.startswith("Einbettung"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest([folder], store, default_model, stop_at_embedding)
    assert store.pointer() is None
    monkeypatch.setattr(Isolation, "read", forbidden)

    assert ingest([folder], store, default_model, quiet).added == ("eins", "zwei")


def test_nothing_of_a_refused_file_is_kept(folder, store, default_model):
    """The copy made for reading goes when the file couldn't be read."""
    (folder / "leer.pdf").write_bytes(b"%PDF-1.4 geheim")
    ingest([folder], store, default_model, quiet)

    kept = [path.read_bytes() for path in store.originals.iterdir()]
    assert len(kept) == 2
    assert not any(b"geheim" in content for content in kept)


def test_links_out_of_the_folder_are_not_followed(folder, store, default_model, tmp_path):
    """A link that leads elsewhere is refused by name."""
    secret = tmp_path / "geheim.txt"
    secret.write_text("Das ist geheim und bleibt es auch in Zukunft.", "utf-8")
    (folder / "verweis.txt").symlink_to(secret)
    report = ingest([folder], store, default_model, quiet)

    assert [Path(r.file).name for r in report.refused] == ["verweis.txt"]
    assert not any("geheim" in text for text in texts(store))


def test_progress_counts_bytes_and_names_files_and_pages(store, default_model, tmp_path):
    """While reading, the share done grows steadily and the item says file and page."""
    shutil.copy(TESTDOCS / "w1_einspaltig.pdf", tmp_path / "bericht.pdf")
    write(tmp_path, "eins")
    seen = []

    def watch(stage, done, total, item=""):
        if stage == READING:
            seen.append((done, total, item))

    ingest([tmp_path], store, default_model, watch)
    shares = [done for done, _, _ in seen]

    assert shares == sorted(shares)
    assert seen[-1][:2] == (seen[0][1], seen[0][1])
    assert any("bericht.pdf, Seite 5/9" in item for _, _, item in seen)


def test_folder_whose_name_ends_in_an_exclamation_mark(store, default_model, tmp_path):
    """Such a folder isn't taken for an archive: its files stay what they are."""
    folder = tmp_path / "Wichtig!"
    folder.mkdir()
    write(folder, "eins")
    ingest([folder], store, default_model, quiet)
    write(folder, "zwei")
    (folder / "eins.md").rename(folder / "alt.md")
    report = ingest([folder], store, default_model, quiet, sync=True)

    assert (report.added, report.unchanged, report.removed) == (("zwei",), ("eins",), ())
