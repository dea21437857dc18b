"""Conversations: listed, named, kept by owner where that is wanted, and gone when deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ui.answers import make_answer
from tests.ui.records import ASKED, make_record
from ui import history as module
from ui.history import History, find, grown, renamed, without
from ui.records import RecordError


def record(number, question="Wo?"):
    """Return one of several records, asked one minute after the other."""
    asked = ASKED + timedelta(minutes=number)
    return make_record(make_answer("x", question=question), id=f"{number:032x}", asked=asked)


def test_a_conversation_is_called_after_its_first_question():
    """One line; a long one is shortened."""
    _, talk = grown((), [record(1, "Wo\nwar  das?"), record(2, "Und wann?")])
    _, long = grown((), [record(1, "x" * 500)])

    assert (talk.title, talk.begun) == ("Wo war das?", record(1).asked)
    assert len(long.title) == module.MAX_TITLE_CHARS


def test_a_conversation_grows_and_comes_first():
    """By its first answer it is known again; its title stays."""
    talks, first = grown((), [record(1)])
    talks = renamed(talks, first.id, "Mein Titel")
    talks, _ = grown(talks, [record(3)])
    talks, again = grown(talks, [record(1), record(4)])

    assert [len(talk.records) for talk in talks] == [2, 1]
    assert (again.id, again.title) == (first.id, "Mein Titel")


def test_an_empty_title_changes_nothing():
    """There is always something to press."""
    talks, talk = grown((), [record(1)])

    assert renamed(talks, talk.id, " \n ") == talks
    assert find(without(talks, talk.id), talk.id) is None


def test_conversations_come_back_to_their_owner_alone(tmp_path):
    """Newest first; names never become paths."""
    history = History(tmp_path / "conversations")
    talks, _ = grown((), [record(1)])
    talks, _ = grown(talks, [record(2)])
    for talk in talks:
        history.write("../anna", talk)

    assert History(tmp_path / "conversations").read("../anna") == talks
    assert history.read("bert") == ()
    assert [path.name for path in tmp_path.iterdir()] == ["conversations"]


def test_without_a_folder_nothing_is_kept(tmp_path):
    """Off is off."""
    history = History()
    _, talk = grown((), [record(1)])
    history.write("anna", talk)
    history.delete("anna", talk.id)

    assert (history.is_kept, history.read("anna")) == (False, ())


def test_deleting_takes_one_and_leaves_the_others(tmp_path):
    """Those that another page has begun meanwhile included; odd ids do nothing."""
    history = History(tmp_path)
    _, one = grown((), [record(1)])
    _, other = grown((), [record(2)])
    history.write("", one)
    history.write("", other)
    for id in (one.id, one.id, "../x", ""):
        history.delete("", id)

    assert history.read("") == (other,)


def test_damaged_conversations_hide_no_others(tmp_path):
    """What can't be read is left where it is."""
    history = History(tmp_path)
    _, talk = grown((), [record(1)])
    history.write("", talk)
    (folder,) = tmp_path.iterdir()
    (folder / f"{'f' * 32}.json").write_text("{")

    assert history.read("") == (talk,)


def test_there_is_an_end_to_keeping(tmp_path, monkeypatch):
    """The conversation that was changed longest ago goes."""
    monkeypatch.setattr(module, "MAX_TALKS", 2)
    history = History(tmp_path)
    for number in range(4):
        _, talk = grown((), [record(number)])
        history.write("", talk)

    assert len(history.read("")) == 2


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "conversations").write_text("x")
    _, talk = grown((), [record(1)])

    with pytest.raises(RecordError, match="Schreibrechte"):
        History(tmp_path / "conversations").write("", talk)


def test_a_conversation_comes_back_as_it_was(tmp_path):
    """With every answer, its citations and their versions."""
    _, talk = grown((), [record(1), record(2)])
    History(tmp_path).write("", replace(talk, title="„Größe“ <b>"))

    assert History(tmp_path).read("") == (replace(talk, title="„Größe“ <b>"),)
