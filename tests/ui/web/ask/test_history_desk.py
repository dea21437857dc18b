"""The drawer „Gespräche“: what is pressed in it, and what it shows."""

import pytest

from tests.ui.fake_service import FakeService
from tests.ui.payloads import PAYLOADS
from ui.history import History
from ui.records import RecordError, Records
from ui.web.answer.render import Exchange
from ui.web.ask import conversation as talk
from ui.web.ask.history_desk import Desk

OWNER = "anna"


@pytest.fixture
def desk(tmp_path):
    """A desk that keeps conversations."""
    return Desk(Records(), History(tmp_path))


def asked(desk, *questions):
    """Ask, and return the conversation as the page holds it."""
    service, conversation = FakeService(), ()
    for question in questions:
        conversation = (*conversation, Exchange(question, service.ask(question)))
        conversation = talk.recorded(service, desk.records, conversation)
    return conversation


def pressed(desk, shelf, conversation, action, **given):
    """Press something of the newest conversation."""
    name = f"talk-{action}-{shelf.talks[0].id}"
    return desk.pressed(shelf, conversation, {"name": name, **given})


def test_it_follows_what_is_asked(desk):
    """A conversation appears with its first answer, grows, and a new one comes above it."""
    start = desk.opened(OWNER)
    first = asked(desk, "Was ist ein Quartiersfonds?", "Wann?")
    one = desk.followed(start.shelf, first[:1])
    two = desk.followed(one.shelf, first)
    other = desk.followed(two.shelf, asked(desk, "Was sagen die Werkstätten zum Wohnen?"))

    assert "Noch gibt es kein Gespräch" in start.drawer
    assert [len(t.records) for t in other.shelf.talks] == [1, 2]
    assert "Gespräche (2)" in other.drawer
    assert desk.followed(other.shelf, first) is None  # nothing new
    assert desk.opened(OWNER).shelf.talks == other.shelf.talks
    assert desk.opened("bert").shelf.talks == ()


def test_failed_questions_leave_no_conversation(desk):
    """There is nothing to come back to."""
    failed = (Exchange("Wo?", error="Das ging nicht."),)

    assert desk.followed(desk.opened(OWNER).shelf, failed).shelf.talks == ()


def test_an_old_conversation_is_taken_up_again(desk, tmp_path):
    """After a restart: as it was, checkable, and with what follows in the same conversation."""
    before = asked(desk, "Was ist ein Quartiersfonds?")
    desk.followed(desk.opened(OWNER).shelf, before)
    later = Desk(Records(), History(tmp_path))
    shelf = later.opened(OWNER).shelf
    outcome = pressed(later, shelf, (), "open")

    assert [e.answer for e in outcome.shown] == [e.answer for e in before]
    assert later.records.find(before[0].record).answer == before[0].answer
    assert 'aria-current="page"' in outcome.drawer
    assert f"/gespraech.md?antworten={before[0].record}" in outcome.drawer
    service = FakeService()
    more = (*outcome.shown, Exchange("Wann?", service.ask("Wann?")))
    more = talk.recorded(service, later.records, more)
    (grown,) = later.followed(outcome.shelf, more).shelf.talks
    assert (grown.id, len(grown.records)) == (shelf.talks[0].id, 2)


def test_it_can_be_renamed(desk):
    """The form has the title in it; what is typed is kept."""
    conversation = asked(desk, "Was ist ein Quartiersfonds?")
    shelf = desk.followed(desk.opened(OWNER).shelf, conversation).shelf
    form = pressed(desk, shelf, conversation, "rename")
    saved = pressed(desk, shelf, conversation, "save", title="Fonds")

    assert "<textarea" in form.drawer
    assert ">Was ist ein Quartiersfonds?</textarea>" in form.drawer
    assert desk.opened(OWNER).shelf.talks[0].title == saved.shelf.talks[0].title == "Fonds"


def test_deleting_is_asked_about_and_then_final(desk):
    """The page is emptied when it showed the conversation, else it stays."""
    conversation = asked(desk, "Was ist ein Quartiersfonds?")
    shelf = desk.followed(desk.opened(OWNER).shelf, conversation).shelf
    question = pressed(desk, shelf, conversation, "delete")
    kept = pressed(desk, shelf, asked(desk, "Wann?"), "really")
    done = pressed(desk, shelf, conversation, "really")

    assert "endgültig löschen?" in question.drawer
    assert question.shelf == shelf
    assert (kept.shown, done.shown) == (None, ())
    assert done.shelf.talks == desk.opened(OWNER).shelf.talks == ()


@pytest.mark.parametrize(
    "name", [None, 7, "", "talk-open", "talk-open-x", f"talk-open-{'0' * 32}", "rate-0-up"]
)
def test_odd_names_change_nothing(desk, name):
    """A name comes from the browser and may say anything."""
    conversation = asked(desk, "Was ist ein Quartiersfonds?")
    shelf = desk.followed(desk.opened(OWNER).shelf, conversation).shelf
    outcome = desk.pressed(shelf, conversation, {"name": name})

    assert (outcome.shelf, outcome.shown) == (shelf, None)


def test_titles_stay_text(desk):
    """Whatever was asked, and whatever title is typed."""
    conversation = asked(desk, "Gift " + " ".join(PAYLOADS))
    shelf = desk.followed(desk.opened(OWNER).shelf, conversation).shelf
    for action in ("open", "rename", "delete"):
        drawer = pressed(desk, shelf, conversation, action).drawer
        for forbidden in ("<script", "<img", "<svg", "<iframe", "onerror=alert(1)>"):
            assert forbidden not in drawer


def test_a_full_disk_is_said_and_nothing_is_lost(desk, monkeypatch):
    """The conversation stays on the page, with the reason why it isn't kept."""

    def full(*_):
        raise RecordError("Der Platz reicht nicht.")

    monkeypatch.setattr(History, "write", full)
    outcome = desk.followed(desk.opened(OWNER).shelf, asked(desk, "Wann?"))

    assert "Der Platz reicht nicht." in outcome.drawer
    assert len(outcome.shelf.talks) == 1
