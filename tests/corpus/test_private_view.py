"""A private view shows a folder's files and keeps writing away from them."""

import pytest

from corpus.private_view import PrivateView


@pytest.fixture
def folder(tmp_path):
    """A folder with a database, another file and a folder inside."""
    (tmp_path / "innen").mkdir()
    (tmp_path / "chroma.sqlite3").write_bytes(b"eins")
    (tmp_path / "innen" / "daten.bin").write_bytes(b"zwei")
    return tmp_path


def test_what_is_written_stays_in_the_view(folder):
    """The database can be written to and the original doesn't change."""
    view = PrivateView(folder)
    (view.path / "chroma.sqlite3").write_bytes(b"anders")
    (view.path / "lock").touch()

    assert (view.path / "innen" / "daten.bin").read_bytes() == b"zwei"
    assert (folder / "chroma.sqlite3").read_bytes() == b"eins"
    assert not (folder / "lock").exists()
    view.close()


def test_closing_removes_the_view_and_only_that(folder):
    """The view goes, by closing or with its object; the files stay."""
    closed, dropped = PrivateView(folder), PrivateView(folder)
    paths = closed.path, dropped.path
    closed.close()
    closed.close()
    del dropped

    assert not any(path.exists() for path in paths)
    assert (folder / "innen" / "daten.bin").read_bytes() == b"zwei"


def test_without_links_files_are_copied(folder, monkeypatch):
    """Where the system allows no links, the view works all the same."""

    def refuse(*_):
        raise OSError

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    view = PrivateView(folder)

    assert (view.path / "innen" / "daten.bin").read_bytes() == b"zwei"
    view.close()
