"""Names and places of files are for display: nothing is written or read elsewhere (row D4)."""

import hashlib
import io
import os
import tempfile
import zipfile

import pytest

from corpus.store import Store
from ingest.pipeline import ingest
from tests.conftest import quiet

TEXT = "# Heft\n\nDer Platz am Bahnhof wird von allen gern genutzt ({}).\n"
SECRET = "Kellerschluessel4711"  # noqa: S105  # a word to look for
LONG = "sehr-langer-name-" * 20
# What an archive or a mail may state as a name; a file system takes only some of it.
STATED = (
    *("../boese.md", "../../../../tmp/boese.md", "a/../../boese.md", "..\\..\\boese.md"),
    *("./../boese.md", "a/b/../../../boese.md", "....//boese.md", "%2e%2e%2fboese.md"),
    *("/tmp/boese.md", "/etc/boese.md", "//boese.md", "C:\\boese.md", "C:/boese.md", "c:boese.md"),  # noqa: S108
    *("\\\\rechner\\freigabe\\boese.md", "//rechner/freigabe/boese.md", "\\\\?\\C:\\boese.md"),
    *("file:///tmp/boese.md", "http://127.0.0.1/boese.md", "~/boese.md", "~root/boese.md"),
    *(
        "boese\0.md",
        "boese.md\0.txt",
        "boese\n.md",
        "boese\r\n.md",
        "boese\t.md",
        "boese\x1b[2J.md",
    ),
    *("boese\u202ecod.md", "boese\u2066.md", "boese\u200b.md", "bo\u0308se.md", "böse.md"),
    *(f"{LONG}.md", f"{'a/' * 120}boese.md", "a" * 250 + ".md", f"{'../' * 90}boese.md"),
    *("CON.md", "NUL.md", "COM1.md", "aux.md", "LPT1.txt", "con.md.txt", "boese.md.", "boese .md"),
    *("$(touch boese).md", "`touch boese`.md", "boese;touch boese.md", "boese|sh.md", "-rf.md"),
    *('"boese".md', "'boese'.md", "<b>boese</b>.md", "<script>.md", "%s%n.md", "{0.__class__}.md"),
    *("boese!/innen.md", "library.sqlite.md", "current.json.md", "originals/boese.md", "*?.md"),
    *("boese.md::$DATA", " .md", "...md", "!.md"),
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder to read, a secret beside it, and a place for temporary files."""
    (tmp_path / "unterlagen").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "geheim.md").write_text(TEXT.format(SECRET), "utf-8")
    (tmp_path / "geheim").mkdir()
    (tmp_path / "geheim" / "innen.md").write_text(TEXT.format(SECRET), "utf-8")
    catalogue = f"reihe: {{titel: {SECRET}}}\n"
    (tmp_path / "geheim" / "katalog.yaml").write_text(catalogue, "utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path / "unterlagen")
    return tmp_path


def taken_in(place, model, **options):
    """Read the folder in and return the store and the report; nothing else may have changed."""
    before = _snapshot(place)
    store = Store(place / "daten")
    report = ingest([place / "unterlagen"], store, model, quiet, **options)
    assert _snapshot(place) == before
    assert list((place / "tmp").iterdir()) == []
    assert all(len(path.name) == 64 for path in store.originals.iterdir())
    kept = b"".join(path.read_bytes() for path in (place / "daten").rglob("*") if path.is_file())
    assert SECRET.encode() not in kept
    return store, report


def _snapshot(place):
    """Return every path around the data folder with its kind and content."""
    found = {}
    for folder, folders, files in os.walk(os.fsencode(place)):
        if folder == os.fsencode(place):
            folders.remove(b"daten") if b"daten" in folders else None
        for name in (*folders, *files):
            path = os.path.join(folder, name)  # noqa: PTH118  # names that are no text
            status = os.lstat(path)
            content = b""
            if os.path.isfile(path) and not os.path.islink(path):  # noqa: PTH113, PTH114
                with open(path, "rb") as file:  # noqa: PTH123
                    content = hashlib.sha256(file.read()).digest()
            found[path] = (status.st_mode, content)
    return found


def test_names_in_archives_are_display_only(place, default_model):
    """Sixty names that lead elsewhere: each document is kept under its hash, or named."""
    with zipfile.ZipFile(place / "unterlagen" / "archiv.zip", "w") as archive:
        for number, name in enumerate(STATED):
            entry = zipfile.ZipInfo("platzhalter")
            entry.filename = entry.orig_filename = name
            archive.writestr(entry, TEXT.format(f"Nummer {number}"))
    _, report = taken_in(place, default_model, dry_run=True)

    assert len(STATED) >= 60
    assert len(report.added) + len(report.refused) + _passed_over() >= len(STATED)
    assert len(report.added) >= 50
    assert len(set(report.added)) == len(report.added)
    assert all(set(id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for id in report.added)
    assert not any(sign in r.file for r in report.refused for sign in "\0\n\r\x1b\u202e\u2066")


def _passed_over():
    """Count the names that aren't those of a document, whatever lies behind them."""
    suffixes = (".md", ".txt")
    return sum(not name.replace("\0", "").strip(". ").endswith(suffixes) for name in STATED) + 4


def test_names_of_attachments_are_display_only(place, default_model):
    """The same names in a mail."""
    boundary = "--g\nContent-Type: text/html\nContent-Disposition: attachment; filename*=utf-8''{}"
    parts = "".join(
        boundary.format("".join(f"%{byte:02x}" for byte in name.encode()))
        + f"\n\n<p>{TEXT.format(f'Anhang {number}')}</p>\n"
        for number, name in enumerate(name.replace(".md", ".html") for name in STATED)
    )
    head = 'Subject: Post\nContent-Type: multipart/mixed; boundary="g"\n\n'
    text = "--g\nContent-Type: text/plain\n\nAnbei die Hefte zu unserem Platz.\n"
    (place / "unterlagen" / "post.eml").write_text(f"{head}{text}{parts}--g--\n", "utf-8")
    _, report = taken_in(place, default_model, dry_run=True)

    assert len(report.added) >= 40


def test_names_on_disk_are_display_only(place, default_model):
    """Every one of the names that the file system takes, and some that are no text at all."""
    written = 0
    names = [*(os.fsencode(name) for name in STATED if "\0" not in name), b"b\xf6se.md", b"\xff.md"]
    for number, name in enumerate(name for name in names if b"/" not in name):
        path = os.path.join(os.fsencode(place / "unterlagen"), name)  # noqa: PTH118
        try:
            with open(path, "xb") as file:  # noqa: PTH123
                file.write(TEXT.format(f"Datei {number}").encode())
        except OSError:
            continue
        written += not name.startswith(b".") and name.endswith((b".md", b".txt"))
    store, report = taken_in(place, default_model, dry_run=True)

    assert written >= 30
    assert len(report.added) + len(report.refused) == written
    store.library.close()


def test_links_and_special_files(place, default_model):
    """Links out of the folder, loops, pipes and devices are named or passed over, never read."""
    folder = place / "unterlagen"
    (folder / "gut.md").write_text(TEXT.format("gut"), "utf-8")
    (folder / "innen").mkdir()
    (folder / "innen" / "tief.md").write_text(TEXT.format("tief"), "utf-8")
    (folder / "hinaus.md").symlink_to(place / "geheim.md")
    (folder / "hinaus-relativ.md").symlink_to("../geheim.md")
    (folder / "hinaus.pdf").symlink_to("/etc/passwd")
    (folder / "hinaus.zip").symlink_to(place / "geheim.md")
    (folder / "ordner-hinaus").symlink_to(place / "geheim", target_is_directory=True)
    (folder / "ordner.md").symlink_to(place / "geheim", target_is_directory=True)
    (folder / "innen" / "oben").symlink_to(folder, target_is_directory=True)
    (folder / "schleife.md").symlink_to(folder / "schleife.md")
    (folder / "nichts.md").symlink_to(place / "gibt-es-nicht.md")
    (folder / "geraet.md").symlink_to("/dev/zero")
    (folder / "prozess.md").symlink_to("/proc/self/environ")
    (folder / "werkstaetten.yaml").symlink_to(place / "geheim" / "katalog.yaml")
    os.mkfifo(folder / "rohr.md")
    (folder / "ein-ordner.pdf").mkdir()
    (folder / "auch-drin.md").symlink_to(folder / "gut.md")
    (folder / "harte-verknuepfung.md").hardlink_to(folder / "gut.md")
    store, report = taken_in(place, default_model, dry_run=True)

    # Three names of the same bytes are one document and two remarks.
    assert sorted(report.added) == ["auch-drin", "tief"]
    assert len(report.duplicates) == 2
    named = {r.file.rpartition("/")[2] for r in report.refused}
    assert {"hinaus.md", "hinaus-relativ.md", "hinaus.pdf", "hinaus.zip"} <= named
    assert "werkstaetten.yaml" in named
    assert all(r.code == "ERR_FILE_ACCESS" for r in report.refused)
    store.library.close()


def test_links_in_archives_are_not_followed(place, default_model):
    """A link in an archive is none: neither its target nor its text is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("verweis.md", "werkstaetten.yaml"):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, str(place / "geheim.md"))
        archive.writestr("gut.md", TEXT.format("gut"))
    (place / "unterlagen" / "archiv.zip").write_bytes(out.getvalue())
    _, report = taken_in(place, default_model, dry_run=True)

    assert report.added == ("gut",)
