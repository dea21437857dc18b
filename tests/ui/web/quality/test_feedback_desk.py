"""The tab „Rückmeldungen“: what is listed, what a press does, what leaves as a table."""

import csv
import io
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from assistant.evaluation import feedback as store
from assistant.evaluation import triage
from assistant.evaluation.feedback import Feedback, Kept
from assistant.evaluation.golden_files import load_golden
from corpus.errors import ModelError
from tests.assistant.evaluation.test_triage import EVIDENCE
from tests.ui.answers import make_answer, make_citation
from tests.ui.fake_service import FakeService
from tests.ui.pages import assert_safe
from tests.ui.payloads import HOST, PAYLOADS
from ui.quality import Quality
from ui.web import targets
from ui.web.quality import feedback_desk as desk
from ui.web.quality.feedback_view import MAX_LISTED, View
from ui.web.routes import create_app

TODAY = date(2026, 11, 23)
BASE = "http://127.0.0.1:7860"


@pytest.fixture
def feedback(tmp_path):
    """A store of the test's own."""
    return Feedback(tmp_path / "feedback", today=lambda: TODAY)


@pytest.fixture
def quality(feedback, tmp_path):
    """The page's things, with an empty golden set."""
    (tmp_path / "golden").mkdir()
    return Quality(FakeService(), tmp_path / "runs", tmp_path / "golden", feedback)


def put(feedback, question="Wo war die Werkstatt?", reason="wrong", day=TODAY, remark="", **fields):
    """Store a bad rating with its question and return its entry."""
    answer = make_answer("Sie war in Bochum.", question=question, query=question, **fields)
    entry = store.entry(store.new_id(), day, answer, "down", reason, Kept(answer, remark=remark))
    feedback.put(entry)
    return entry


def put_silent(feedback, rating="up", day=TODAY):
    """Store a rating without its question."""
    reason = "wrong" if rating == "down" else None
    feedback.put(store.entry(store.new_id(), day, make_answer("x"), rating, reason))


def page(quality, view=None):
    """Return the strict reader's view of the tab."""
    return assert_safe(desk.shown(quality, view or View()))


def press(quality, action, what="", view=None):
    """Press a button."""
    return desk.pressed(quality, view or View(), targets.feedback(action, what))


def listed(quality, view):
    """Return the questions in the list."""
    return [e.children[0].text for e in page(quality, view).find("button", class_="entry")]


# What is listed


def test_an_empty_inbox_says_so_in_a_sentence(quality):
    """No empty tables."""
    found = page(quality)

    assert "Noch hat niemand eine Antwort bewertet" in found.text
    assert found.find("table") == []


def test_without_a_store_nothing_can_be_pressed(quality):
    """The tab says that nothing is collected."""
    none = Quality(quality.service, quality.evaluations, quality.golden)

    assert "nicht gesammelt" in desk.shown(none, View())
    assert press(none, "clear") == View()


def test_the_list_can_be_limited_by_state_and_reason(quality, feedback):
    """Open ones first; done ones and other reasons on request."""
    put(feedback, "Eins?")
    put(feedback, "Zwei?", "outdated")
    feedback.mark(put(feedback, "Drei?").id, done=True)

    assert listed(quality, View()) == ["Zwei?", "Eins?"]
    assert listed(quality, press(quality, "state", "done")) == ["Drei?"]
    assert listed(quality, press(quality, "state", "all")) == ["Drei?", "Zwei?", "Eins?"]
    assert listed(quality, press(quality, "reason", "outdated")) == ["Zwei?"]


def test_silent_ratings_are_counted_not_listed(quality, feedback):
    """They have nothing to read."""
    put_silent(feedback)
    put_silent(feedback, "down")
    found = page(quality)

    assert listed(quality, View()) == []
    assert "2 Bewertungen kamen ohne Frage" in found.text


def test_a_long_list_says_what_it_leaves_out(quality, feedback):
    """The rest can be reached by the filters."""
    for number in range(MAX_LISTED + 2):
        put(feedback, f"Frage {number}?")

    assert len(listed(quality, View())) == MAX_LISTED
    assert "2 ältere sind hier nicht gezeigt" in page(quality).text


def test_an_entry_shows_all_that_was_said(quality, feedback):
    """Question, remark, and the answer as it was given, with its sources."""
    entry = put(feedback, remark="Es fehlt der Saal.", citations=(make_citation(),))

    found = page(quality, press(quality, "show", entry.id)).text

    for words in (
        "Wo war die Werkstatt?",
        "Es fehlt der Saal.",
        "Sie war in Bochum. [1]",
        "S.\xa012",
    ):
        assert words in found


def test_nothing_that_was_written_can_act(quality, feedback):
    """Question, remark, answer and places are text."""
    all_of_them = " ".join(PAYLOADS)
    for reason in ("wrong", "refused"):
        entry = put(
            *(feedback, all_of_them, reason),
            remark=all_of_them[:1000],
            citations=(make_citation(title=all_of_them, section=PAYLOADS),),
            suggestions=PAYLOADS,
        )

    found = page(quality, View(selected=entry.id))

    assert "<script>alert(1)</script>" in found.text
    assert not any(HOST in e.attributes.get("href", "") for e in found.find("a"))


def test_damage_is_reported_with_its_file(quality, feedback, tmp_path):
    """The rest is shown as ever."""
    put(feedback)
    with (tmp_path / "feedback" / "inbox.jsonl").open("a") as file:
        file.write("broken\n")

    found = page(quality)

    assert "beschaedigt-2026-11-23.txt" in found.text
    assert len(found.find("button", class_="entry")) == 1


def test_a_store_that_fails_says_why(quality, tmp_path):
    """In place of the tab."""
    (tmp_path / "feedback").write_text("a file in its place")
    broken = Feedback(tmp_path / "feedback")
    quality = Quality(quality.service, quality.evaluations, None, broken)
    (tmp_path / "feedback").unlink()
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback" / "inbox.jsonl").mkdir()

    assert "Schreibrechte" in desk.shown(quality, View())


def test_the_counts_stand_by_month_and_reason(quality, feedback):
    """Silent ones count as well."""
    put(feedback)
    put_silent(feedback)
    put_silent(feedback, "down", TODAY - timedelta(days=30))

    counts = page(quality).find("table")[-1]

    rows = [[cell.text for cell in row.children] for row in counts.children[1].children]
    assert rows[0][:4] == ["November 2026", "1", "1", "1"]
    assert rows[1][:4] == ["Oktober 2026", "–", "1", "1"]


# What a press does


def test_done_entries_can_be_opened_again(quality, feedback):
    """And the tab says what happened."""
    entry = put(feedback)

    after = press(quality, "done", entry.id)
    assert "erledigt" in page(quality, after).text
    assert feedback.read().entries[0].done
    press(quality, "reopen", entry.id)
    assert not feedback.read().entries[0].done


def test_deleting_asks_first(quality, feedback):
    """One press shows the question, the second deletes; „Abbrechen“ keeps."""
    entry = put(feedback)
    view = press(quality, "show", entry.id)

    asking = press(quality, "delete", entry.id, view)
    assert "endgültig löschen" in page(quality, asking).text
    assert press(quality, "cancel", view=asking) == view
    assert len(feedback.read().entries) == 1

    after = press(quality, "remove", entry.id, asking)
    assert feedback.read().entries == ()
    assert after.selected == after.asking == ""


def test_deleting_all_asks_first(quality, feedback):
    """Then nothing is left, the counts included."""
    put(feedback)
    asking = press(quality, "clear")
    assert "Wirklich alles löschen" in page(quality, asking).text

    press(quality, "clearall", view=asking)

    assert feedback.read() == store.Inbox()


def test_an_entry_that_is_gone_says_so(quality, feedback):
    """Another visitor may have deleted it meanwhile."""
    for action in ("done", "remove", "draft"):
        after = press(quality, action, "0" * 16)
        assert after.notice.wrong
        assert "gibt es nicht mehr" in after.notice.words


@pytest.mark.parametrize(
    "name",
    [None, 7, "", "feedback", "feedback-x", "feedback-state-x", "feedback-reason-x", ["a"]],
)
def test_other_names_do_nothing(quality, feedback, name):
    """A name from the browser is one of ours or nothing."""
    put(feedback)

    assert desk.pressed(quality, View(), name) == View()


def test_a_draft_is_written_and_noted(quality, feedback, monkeypatch):
    """The golden set has it as a draft, the entry its id; personal data is pointed out."""
    entry = put(feedback, "Was sagt Frau Beispiel zur Frist?")
    monkeypatch.setattr(FakeService, "assistant", lambda self: None, raising=False)
    monkeypatch.setattr(triage, "candidates", lambda assistant, question: (EVIDENCE,))

    after = press(quality, "draft", entry.id)

    (item,) = load_golden(quality.golden).items
    assert (item.status, item.question) == ("draft", "Was sagt Frau Beispiel zur Frist?")
    assert feedback.read().entries[0].item == item.id
    assert "Personennamen" in after.notice.words
    shown = page(quality, after)
    assert shown.find("button", id=targets.feedback("draft", entry.id)) == []
    assert item.id in shown.text


def test_a_draft_that_fails_changes_nothing(quality, feedback, monkeypatch):
    """The message says why; the entry stays open."""
    entry = put(feedback)

    def fail(self):
        raise ModelError("Das Sprachmodell lässt sich nicht laden.")

    monkeypatch.setattr(FakeService, "assistant", fail, raising=False)
    after = press(quality, "draft", entry.id)

    assert (after.notice.words, after.notice.wrong) == (
        "Das Sprachmodell lässt sich nicht laden.",
        True,
    )
    assert feedback.read().entries == (entry,)


def test_without_a_golden_set_nothing_is_drafted(quality, feedback):
    """The installed program has none; the button isn't there."""
    entry = put(feedback)
    installed = Quality(quality.service, quality.evaluations, None, feedback)

    found = page(installed, View(selected=entry.id))

    assert found.find("button", id=targets.feedback("draft", entry.id)) == []
    assert press(installed, "draft", entry.id).notice.wrong


# The table


def rows_of(content):
    """Read the exported table as a spreadsheet would."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_table_has_a_row_for_each_gap(feedback):
    """With counts, days, reasons and places."""
    put(feedback, "Wie hoch ist das Wohngeld?", day=TODAY - timedelta(days=2))
    put(feedback, "wie hoch ist das wohngeld", "outdated")

    head, row = rows_of(desk.gaps_csv(feedback))

    assert head[0] == "Frage"
    assert row[:5] == ["wie hoch ist das wohngeld", "2", "0", "21.11.2026", "23.11.2026"]
    assert row[5] == "veraltet, falsch"
    assert row[6].endswith("S. 12")


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "  =1+1", '=HYPERLINK("x";"y")']
)
def test_no_cell_is_a_formula(feedback, words):
    """A quote sign in front makes it text; the words stay."""
    put(feedback, words)

    cell = rows_of(desk.gaps_csv(feedback))[1][0]

    assert cell.startswith("'")
    assert cell.endswith(words.strip()[-3:])


def test_the_table_can_be_fetched_where_the_tab_is(quality, feedback):
    """As a download; without the page for measuring the address doesn't exist."""
    put(feedback)
    address = "/rueckmeldungen/wissensluecken.csv"
    with TestClient(create_app(FakeService(), lambda: True, quality=quality), base_url=BASE) as own:
        response = own.get(address)
    with TestClient(
        create_app(FakeService(), lambda: True, feedback=feedback), base_url=BASE
    ) as elsewhere:
        missing = elsewhere.get(address)

    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert "Wo war die Werkstatt?" in response.text
    assert missing.status_code == 404
