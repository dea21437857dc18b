"""The feedback store: what is kept, for how long, and that nothing gets lost on the way."""

import json
import multiprocessing
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import feedback as store
from assistant.evaluation.feedback import KEPT_DAYS, Count, Feedback, FeedbackError, Kept, counted
from corpus.errors import UnknownItemError
from tests.ui.answers import make_answer

TODAY = date(2026, 11, 23)
ANSWER = replace(make_answer("Ein Satz mit Bochum."), timings_ms={"gesamt": 12.5})


class Clock:
    """A calendar that a test can turn."""

    def __init__(self, day=TODAY):
        self.day = day

    def __call__(self):
        return self.day


def make_entry(rating="down", reason="wrong", day=TODAY, kept=None, answer=ANSWER, id=None):
    """Return an entry; those that are up have no reason."""
    reason = reason if rating == "down" else None
    return store.entry(id or store.new_id(), day, answer, rating, reason, kept)


def opened(folder, clock=None):
    """Open the store of a folder."""
    return Feedback(folder / "feedback", today=clock or Clock())


def raw(folder):
    """Return all that is on disk, as text."""
    files = sorted((folder / "feedback").iterdir())
    return "".join(path.read_text("utf-8") for path in files)


def test_nothing_is_created_before_the_first_rating(tmp_path):
    """Opening and reading leave the data folder as it is."""
    assert opened(tmp_path).read() == store.Inbox()
    assert list(tmp_path.iterdir()) == []


def test_what_was_kept_comes_back_equal(tmp_path):
    """Question, answer, remark and settings survive the way to disk; timings don't go along."""
    entry = make_entry(kept=Kept(ANSWER, True, "  Es fehlt etwas. ", "abc"))
    opened(tmp_path).put(entry)

    back = opened(tmp_path).read().entries[0]

    assert back == entry
    assert back.kept.answer == replace(ANSWER, timings_ms={})
    assert (back.kept.remark, back.kept.settings) == ("Es fehlt etwas.", "abc")


def test_without_consent_nothing_of_question_or_answer_is_stored(tmp_path):
    """Random id, day, rating, reason and status are all there is."""
    opened(tmp_path).put(make_entry())

    (line,) = (tmp_path / "feedback" / "inbox.jsonl").read_text("utf-8").splitlines()
    stored = {key: value for key, value in json.loads(line).items() if value}
    assert set(stored) == {"id", "day", "status", "rating", "reason"}
    assert "Bochum" not in raw(tmp_path)
    assert "Werkstatt" not in raw(tmp_path)


@pytest.mark.parametrize(("rating", "reason"), [("up", "wrong"), ("down", None)])
def test_a_reason_belongs_to_a_bad_rating(rating, reason):
    """One without it, or a good one with it, is refused."""
    with pytest.raises(FeedbackError, match="Bitte wählen Sie einen Grund"):
        store.entry(store.new_id(), TODAY, ANSWER, rating, reason)


def test_a_changed_rating_takes_the_place_of_the_old_one(tmp_path):
    """The same id is stored once, and the consent of before is gone with it."""
    feedback = opened(tmp_path)
    first = make_entry(kept=Kept(ANSWER))
    feedback.put(first)
    feedback.put(make_entry("up", id=first.id))

    assert [entry.rating for entry in feedback.read().entries] == ["up"]
    assert "Bochum" not in raw(tmp_path)


def test_the_newest_comes_first(tmp_path):
    """By day, and within a day by arrival."""
    feedback = opened(tmp_path)
    days = (TODAY, TODAY - timedelta(days=3), TODAY)
    entries = [make_entry(day=day) for day in days]
    for entry in entries:
        feedback.put(entry)

    assert [e.id for e in feedback.read().entries] == [entries[n].id for n in (2, 0, 1)]


@pytest.mark.parametrize("write", [False, True])
def test_after_ninety_days_only_the_count_is_left(tmp_path, write):
    """On opening as on writing: the words are gone from disk, the number stays."""
    clock = Clock()
    feedback = opened(tmp_path, clock)
    feedback.put(make_entry(kept=Kept(ANSWER)))
    clock.day = TODAY + timedelta(days=KEPT_DAYS - 1)
    assert len(opened(tmp_path, clock).read().entries) == 1

    clock.day = TODAY + timedelta(days=KEPT_DAYS)
    if write:
        feedback.put(make_entry("up", day=clock.day))
    else:
        opened(tmp_path, clock)

    assert "Bochum" not in raw(tmp_path)
    inbox = feedback.read()
    assert len(inbox.entries) == write
    assert Count("2026-11", "down", "wrong", "answered", 1) in inbox.counts


def test_an_entry_of_the_future_does_not_stay_for_ever(tmp_path):
    """A wrong clock's day counts as today from the first look on."""
    clock = Clock()
    opened(tmp_path, clock).put(make_entry(day=TODAY + timedelta(days=4000)))

    assert opened(tmp_path, clock).read().entries[0].day == TODAY
    clock.day = TODAY + timedelta(days=KEPT_DAYS)
    assert opened(tmp_path, clock).read().entries == ()


@pytest.mark.parametrize("broken_after", [0, 1, 2])
def test_a_crash_during_expiry_counts_nothing_twice(tmp_path, monkeypatch, broken_after):
    """Whichever of the three writes is the last one, the next start ends with the same numbers."""
    clock = Clock()
    feedback = opened(tmp_path, clock)
    for _ in range(3):
        feedback.put(make_entry())
    clock.day = TODAY + timedelta(days=KEPT_DAYS + 5)
    write, left = store.replace_file, [broken_after]

    def crash(path, content):
        if left[0] == 0:
            raise OSError("no more")
        left[0] -= 1
        write(path, content)

    monkeypatch.setattr(store, "replace_file", crash)
    with pytest.raises(FeedbackError):
        feedback.read()
    monkeypatch.setattr(store, "replace_file", write)

    inbox = feedback.read()
    assert inbox.entries == ()
    assert inbox.counts == (Count("2026-11", "down", "wrong", "answered", 3),)
    assert '"leaving":[]' in raw(tmp_path)


@given(st.lists(st.tuples(st.sampled_from(["up", "down"]), st.integers(0, 400)), max_size=12))
def test_expiry_never_changes_the_counts(ratings):
    """What has expired counts as much as what is still there."""
    entries = [make_entry(rating, day=TODAY - timedelta(days=age)) for rating, age in ratings]
    over = [entry for entry in entries if store.is_over(entry, TODAY)]
    staying = [entry for entry in entries if not store.is_over(entry, TODAY)]

    assert counted(staying, counted(over)) == counted(entries)


@pytest.mark.parametrize("damage", [b"{half", b"\xff\xfe\x00", b'{"id": "x"}', b"[]"])
def test_a_damaged_line_is_set_aside_and_nothing_else_lost(tmp_path, damage):
    """The bytes lie in a file of their own, which is reported and expires as well."""
    clock = Clock()
    feedback = opened(tmp_path, clock)
    entries = [make_entry(), make_entry()]
    for entry in entries:
        feedback.put(entry)
    path = tmp_path / "feedback" / "inbox.jsonl"
    first, second = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join((first, damage, second)) + b"\n")

    inbox = opened(tmp_path, clock).read()

    assert {entry.id for entry in inbox.entries} == {entry.id for entry in entries}
    assert [aside.read_bytes() for aside in inbox.set_aside] == [damage + b"\n"]
    clock.day = TODAY + timedelta(days=KEPT_DAYS)
    assert opened(tmp_path, clock).read().set_aside == ()


def test_a_damaged_aggregate_is_set_aside(tmp_path):
    """Entries stay; counting begins anew, and the old bytes are kept for a look."""
    feedback = opened(tmp_path)
    feedback.put(make_entry())
    (tmp_path / "feedback" / "aggregate.json").write_bytes(b"{")

    inbox = feedback.read()

    assert len(inbox.entries) == 1
    assert inbox.set_aside[0].read_bytes() == b"{\n"


def test_entries_can_be_marked_and_deleted(tmp_path):
    """Done, drafted, deleted; another's id is refused by name."""
    feedback = opened(tmp_path)
    one, two = make_entry(), make_entry()
    for entry in (one, two):
        feedback.put(entry)
    feedback.mark(one.id, done=True, item="rueckmeldung-1")
    feedback.mark(one.id, done=False)
    feedback.delete(two.id)
    feedback.withdraw(two.id)

    assert feedback.read().entries == (replace(one, item="rueckmeldung-1"),)
    assert feedback.read().counts[0].count == 1
    for act in (feedback.delete, lambda id: feedback.mark(id, done=True)):
        with pytest.raises(UnknownItemError, match="gibt es nicht mehr"):
            act(two.id)


def test_all_can_be_deleted(tmp_path):
    """Entries, counts and what was set aside."""
    clock = Clock()
    feedback = opened(tmp_path, clock)
    feedback.put(make_entry(kept=Kept(ANSWER)))
    clock.day = TODAY + timedelta(days=KEPT_DAYS)
    feedback.put(make_entry(day=clock.day))
    with (tmp_path / "feedback" / "inbox.jsonl").open("ab") as file:
        file.write(b"broken\n")
    feedback.read()
    feedback.clear()

    assert feedback.read() == store.Inbox()
    assert raw(tmp_path) == ""


def test_a_full_inbox_refuses_politely(tmp_path, monkeypatch):
    """Nobody can fill the disk; a rating that is there already can still be changed."""
    monkeypatch.setattr(store, "MAX_ENTRIES", 2)
    feedback = opened(tmp_path)
    first = make_entry()
    for entry in (first, make_entry()):
        feedback.put(entry)
    feedback.put(make_entry("up", id=first.id))

    with pytest.raises(FeedbackError, match="Es liegen schon 2 Rückmeldungen vor"):
        feedback.put(make_entry())


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    """The message names it and the remedy."""
    (tmp_path / "feedback").write_text("a file")

    with pytest.raises(FeedbackError, match="Schreibrechte"):
        opened(tmp_path).put(make_entry())


def put_many(folder, count):
    """Rate from a process of its own."""
    feedback = opened(folder)
    for _ in range(count):
        feedback.put(make_entry())


def test_threads_and_processes_lose_nothing(tmp_path):
    """Two processes and three threads rate at once; each rating arrives."""
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=put_many, args=(tmp_path, 6)) for _ in range(2)]
    shared = opened(tmp_path)
    threads = [
        threading.Thread(target=lambda: [shared.put(make_entry()) for _ in range(6)])
        for _ in range(3)
    ]
    for worker in (*others, *threads):
        worker.start()
    for worker in (*others, *threads):
        worker.join()

    inbox = shared.read()
    assert len(inbox.entries) == 30
    assert inbox.set_aside == ()
    assert sum(count.count for count in inbox.counts) == 30
