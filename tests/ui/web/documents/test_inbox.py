"""The inbox: what is handed in, under which name, and what is left after faults."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import DataFolderError, FileRefusedError
from ingest.formats import is_readable
from ui.web.documents import inbox as module
from ui.web.documents.downloads import Download
from ui.web.documents.inbox import Basis, Inbox, InboxError, Staged, cleaned_name


@pytest.fixture
def inbox(tmp_path):
    """The inbox of an empty data folder."""
    return Inbox(tmp_path)


def hand_in(inbox, name="bericht.pdf", content=b"%PDF-1.7", chunk=3):
    """Send a file in small chunks and return the name it got."""
    arrival = inbox.arrival(name, len(content))
    try:
        for at in range(0, len(content), chunk):
            arrival.write(content[at : at + chunk])
        return arrival.keep()
    finally:
        arrival.abandon()


def on_disk(inbox):
    """Return the names of everything in the folder, hidden files included."""
    return sorted(path.name for path in inbox.folder.iterdir()) if inbox.folder.is_dir() else []


def test_a_file_arrives_as_it_was_sent(inbox):
    """Its bytes lie in the folder under its name, and nothing else does."""
    assert hand_in(inbox) == "bericht.pdf"

    assert (inbox.folder / "bericht.pdf").read_bytes() == b"%PDF-1.7"
    assert inbox.staged() == (Staged("bericht.pdf", 8),)
    assert on_disk(inbox) == ["bericht.pdf"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\amt\\Bericht 2018.PDF", "Bericht 2018.PDF"),
        ("/geheim/bericht.pdf", "bericht.pdf"),
        ("boese\x00\x1b[31m.pdf", "boese[31m.pdf"),
        ("rechnung\u202efdp.txt", "rechnungfdp.txt"),
        (".versteckt.md", "versteckt.md"),
        ("~$bericht.docx", "bericht.docx"),
        ('was<war>da:"los"|?*.pdf', "was_war_da__los____.pdf"),
        ("CON.txt", "_CON.txt"),
        ("a\u0308mter.pdf", "ämter.pdf"),
        ("werkstaetten.yaml", "werkstaetten.yaml"),
    ],
)
def test_names_are_cleaned(sent, kept):
    """Folders, control characters and foreign signs go; what it is stays readable."""
    assert cleaned_name(sent) == kept


@given(st.text(max_size=400))
def test_any_name_stays_in_the_folder(sent):
    """Whatever a browser sends: one part, not hidden, and short enough for any system."""
    name = cleaned_name(sent)

    assert name
    assert not name.startswith(".")
    assert not set(name) & set('/\\<>:"|?*\x00\n')
    assert len(name.encode()) <= 200


def test_a_long_name_keeps_its_suffix():
    """It is told by it how a file is read."""
    name = cleaned_name("ä" * 500 + ".pdf")

    assert is_readable(name)
    assert name.endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("tabelle.xlsx", "Tabelle als PDF"), ("programm.exe", "Word-Datei"), ("ohne", "Word-Datei")],
)
def test_what_nobody_can_read_is_refused_in_the_words_of_reading_in(inbox, name, remedy):
    """Before a byte of it is taken."""
    with pytest.raises(FileRefusedError, match=remedy) as fault:
        inbox.arrival(name, 10)

    assert fault.value.code == "ERR_FILE_TYPE"
    assert on_disk(inbox) == []


def test_an_empty_file_is_refused(inbox):
    """And nothing of it stays."""
    with pytest.raises(FileRefusedError, match="ist leer"):
        hand_in(inbox, content=b"")

    assert on_disk(inbox) == []


def test_a_file_may_not_grow_beyond_the_limit(inbox, monkeypatch):
    """Neither as announced nor as it comes."""
    monkeypatch.setattr(module, "MAX_BYTES", 10)

    with pytest.raises(FileRefusedError, match="größer"):
        inbox.arrival("bericht.pdf", 11)
    arrival = inbox.arrival("bericht.pdf", 10)
    arrival.write(b"x" * 10)
    with pytest.raises(FileRefusedError, match="größer"):
        arrival.write(b"x")
    arrival.abandon()
    assert on_disk(inbox) == []


def test_a_full_disk_is_said_before_anything_is_written(inbox, monkeypatch):
    """With what to do."""
    monkeypatch.setattr(module, "RESERVE_BYTES", 1 << 60)

    with pytest.raises(DataFolderError, match="zu wenig Platz"):
        inbox.arrival("bericht.pdf", 10)
    assert on_disk(inbox) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_disk_that_fills_up_meanwhile_leaves_nothing(inbox):
    """The part that was written goes, and the message names the cause."""
    arrival = inbox.arrival("bericht.pdf", 10)
    arrival._file.close()
    arrival._file = io.FileIO("/dev/full", "w")

    with pytest.raises(DataFolderError, match="Platz"):
        arrival.write(b"67890")
    arrival.abandon()
    assert on_disk(inbox) == []


def test_two_files_of_one_name_are_both_kept(inbox):
    """The second gets a number; one of the same content isn't there twice."""
    assert hand_in(inbox, content=b"eins") == "bericht.pdf"
    assert hand_in(inbox, content=b"zwei") == "bericht (2).pdf"
    assert hand_in(inbox, content=b"eins") == "bericht.pdf"

    assert [entry.name for entry in inbox.staged()] == ["bericht (2).pdf", "bericht.pdf"]


def test_there_is_an_end_to_what_can_wait(inbox, monkeypatch):
    """Nobody fills the disk entry by entry."""
    monkeypatch.setattr(module, "MAX_ENTRIES", 2)
    hand_in(inbox)
    inbox.add_address("https://stadt.example/a.pdf")

    with pytest.raises(InboxError, match="schon 2"):
        inbox.arrival("noch.pdf", 1)


@pytest.mark.parametrize("address", ["", "ftp://x/y.pdf", "stadt.example", "https://a b", "file:"])
def test_odd_addresses_are_refused(inbox, address):
    """In the words of reading in."""
    with pytest.raises(FileRefusedError) as fault:
        inbox.add_address(address)

    assert fault.value.code == "ERR_URL_SCHEME"


def test_files_and_addresses_outlive_the_server(inbox, tmp_path):
    """And so does what was being done with them."""
    hand_in(inbox)
    inbox.add_address(" https://stadt.example/a.pdf ")
    inbox.begin("read")

    again = Inbox(tmp_path)
    assert [entry.name for entry in again.staged()] == [
        "bericht.pdf",
        "https://stadt.example/a.pdf",
    ]
    assert again.doing() == "read"
    assert again.targets() == (str(again.folder / "bericht.pdf"), "https://stadt.example/a.pdf")


def test_what_was_approved_outlives_the_server(inbox, tmp_path):
    """Until it is read in; another file or one less leaves it to be compared."""
    hand_in(inbox)
    address = "https://stadt.example/a.pdf"
    inbox.add_address(address)
    download = Download(address, f"{address}?neu", "a.pdf", "ab" * 32)
    basis = Basis("g1", inbox.targets(), (download,))
    inbox.begin("read", basis)
    hand_in(inbox, "noch.pdf")

    assert Inbox(tmp_path).approved() == basis
    inbox.begin("")
    assert Inbox(tmp_path).approved() is None


def test_whoever_leaves_something_out_approves_nothing_any_more(inbox):
    """It may come back under the same name with other bytes."""
    hand_in(inbox)
    hand_in(inbox, "noch.pdf")
    inbox.begin("read", Basis("g1", inbox.targets(), ()))
    inbox.drop(["noch.pdf"])

    assert (inbox.doing(), inbox.approved()) == ("", None)
    assert [entry.name for entry in inbox.staged()] == ["bericht.pdf"]


def test_nothing_stays_of_an_emptied_inbox(inbox):
    """The folder goes as well, as documents would seem to come from it."""
    hand_in(inbox)
    inbox.add_address("https://stadt.example/a.pdf")
    inbox.begin("check")
    inbox.clear()

    assert not inbox.folder.exists()


def test_half_a_note_does_no_harm(inbox):
    """The files are there all the same."""
    hand_in(inbox)
    odd = {"addresses": [], "doing": "read", "approved": {"targets": 3}}
    for content in ("", "{", "[]", json.dumps({"doing": 3, "addresses": 1}), json.dumps(odd)):
        (inbox.folder / ".auftrag.json").write_text(content, "utf-8")
        assert (inbox.doing(), len(inbox.staged())) == ("", 1)


def test_a_note_of_an_earlier_release_is_read(inbox):
    """It names addresses, and approves nothing."""
    inbox.folder.mkdir()
    note = {"addresses": ["https://stadt.example/a.pdf"], "doing": "read"}
    (inbox.folder / ".auftrag.json").write_text(json.dumps(note), "utf-8")

    assert inbox.targets() == ("https://stadt.example/a.pdf",)
    assert (inbox.doing(), inbox.approved()) == ("read", None)


def test_what_a_broken_upload_left_is_swept(inbox, tmp_path, monkeypatch):
    """Once it is old; one that is arriving stays."""
    arrival = inbox.arrival("bericht.pdf", 10)
    Inbox(tmp_path)
    assert len(on_disk(inbox)) == 1
    monkeypatch.setattr(module, "_STALE_S", -1.0)
    Inbox(tmp_path)
    assert on_disk(inbox) == []
    arrival.abandon()
