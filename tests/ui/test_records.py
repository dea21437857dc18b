"""Answers remembered and kept: found again as they were given, and gone when deleted."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer
from corpus.errors import UnknownItemError
from corpus.types import Scope
from tests.ui.answers import make_answer, make_citation
from tests.ui.records import ASKED, ID, make_record
from ui import records as module
from ui.records import Record, RecordError, Records, dump, load

WRITTEN_BY_THE_FIRST_VERSION = """
{"id": "0123456789abcdef0123456789abcdef", "asked": "2026-11-23T09:07:00+01:00", "answer":
{"status": "answered", "question": "Wo?", "query": "Wo?", "scope": {"workshop": 3, "document":
null}, "understood": {"context": "", "changes": [], "additions": [], "readings": [],
"scope_wording": ""}, "mode": "extractive", "segments": [{"text": "In Bochum.", "citations":
["z1"], "support": "verbatim"}], "citations": [{"key": "z1", "number": 1, "document": "w3",
"title": "Werkstatt 3", "workshop": 3, "workshop_title": "Sicherheit", "section": ["Ort"],
"page_index": 0, "page_label": "1", "quote": "In Bochum.", "located": "exact", "version": "ab",
"origin": "", "passage": "p1", "start": 0, "end": 10, "date": "2017-11"}], "differing": [],
"refusal": null, "suggestions": [], "note": "", "plain": false, "terms": [], "confidence": 0.8,
"generation": "g-1", "timings_ms": {}}, "embedder": "e", "writer": "", "owner": ""}
"""


@pytest.fixture
def records(tmp_path):
    """Records over an empty folder, at a fixed moment."""
    return Records(tmp_path / "answers", lambda: ASKED)


def test_a_record_is_found_as_it_was_given(records):
    """Question, answer, moment and models stay; timings, which say nothing later, go."""
    answer = make_answer("In Bochum.", timings_ms={"search": 3.0}, generation="g-7")
    record = records.remember(answer, embedder="e", writer="w")

    assert records.find(record.id) == record
    assert record.answer == replace(answer, timings_ms={})
    assert (record.asked, record.embedder) == (ASKED, "e")
    assert record.writer == ""  # extractive: the model wrote nothing


def test_ids_differ_and_cannot_be_guessed(records):
    """128 random bits each."""
    ids = {records.remember(make_answer("x")).id for _ in range(100)}

    assert len(ids) == 100
    assert all(len(id) == 32 and int(id, 16) >= 0 for id in ids)


def test_nothing_is_written_before_somebody_asks_for_it(records, tmp_path):
    """Remembering leaves no trace on disk."""
    records.remember(make_answer("x"))

    assert list(tmp_path.iterdir()) == []


def test_memory_is_bounded(monkeypatch):
    """The oldest answer goes when there are too many."""
    monkeypatch.setattr(module, "REMEMBERED", 3)
    records = Records()
    first, *others = [records.remember(make_answer(str(n))) for n in range(4)]

    with pytest.raises(UnknownItemError, match="nicht \\(mehr\\)"):
        records.find(first.id)
    assert [records.find(other.id) for other in others] == others


def test_a_kept_record_survives_a_restart(records, tmp_path):
    """Another process over the same folder finds it; one that wasn't kept is gone."""
    kept, lost = records.remember(make_answer("x")), records.remember(make_answer("y"))
    records.keep(kept.id, "anna")
    records.keep(kept.id, "bert")  # again changes nothing
    later = Records(tmp_path / "answers")

    assert later.find(kept.id) == records.find(kept.id) == replace(kept, owner="anna")
    assert (later.is_kept(kept.id), later.is_kept(lost.id)) == (True, False)
    with pytest.raises(UnknownItemError):
        later.find(lost.id)


def test_a_deleted_record_is_gone_everywhere(records, tmp_path):
    """From disk and memory; a second deletion says so."""
    record = records.remember(make_answer("x"))
    records.keep(record.id)
    records.delete(record.id)

    assert list((tmp_path / "answers").iterdir()) == []
    with pytest.raises(UnknownItemError):
        records.find(record.id)
    with pytest.raises(UnknownItemError):
        records.delete(record.id)


@pytest.mark.parametrize("id", ["", "..", "../current", "A" * 32, "0" * 31, "0" * 33, "0" * 32])
def test_odd_ids_lead_nowhere(records, tmp_path, id):
    """An id never leaves the folder, and an unknown one is said to be unknown."""
    (tmp_path / "current.json").write_bytes(dump(make_record()))

    with pytest.raises(UnknownItemError):
        records.find(id)
    with pytest.raises(UnknownItemError):
        records.delete(id)
    assert (tmp_path / "current.json").exists()


def test_there_is_an_end_to_keeping(records, monkeypatch):
    """A full folder is said to be full, with the remedy."""
    monkeypatch.setattr(module, "MAX_KEPT", 1)
    first, second = records.remember(make_answer("x")), records.remember(make_answer("y"))
    records.keep(first.id)

    with pytest.raises(RecordError, match="löschen Sie"):
        records.keep(second.id)
    assert records.keep(first.id) == first


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "answers").write_text("x")
    records = Records(tmp_path / "answers")
    record = records.remember(make_answer("x"))

    with pytest.raises(RecordError, match="Schreibrechte"):
        records.keep(record.id)


def test_without_a_folder_there_are_no_lasting_links():
    """Said in German; the answer is still there."""
    records = Records()
    record = records.remember(make_answer("x"))

    with pytest.raises(RecordError, match="keine dauerhaften Links"):
        records.keep(record.id)
    assert records.find(record.id) == record


# The file


@given(st.text(), st.text(), st.floats(0, 1))
def test_a_record_comes_back_from_its_file(question, quote, confidence):
    """Whatever was asked and quoted, but for what no UTF-8 can hold."""
    quote, question = (t.encode("utf-8", "replace").decode() for t in (quote, question))
    answer = make_answer(
        question, citations=[make_citation(quote=quote)], question=question, confidence=confidence
    )
    record = make_record(answer)

    assert load(dump(record)) == record


def test_a_record_of_the_first_version_still_opens():
    """What is kept stays readable; this text must never change."""
    record = load(WRITTEN_BY_THE_FIRST_VERSION.encode())

    assert isinstance(record, Record)
    assert isinstance(record.answer, Answer)
    assert record.answer.scope == Scope(workshop=3)
    assert record.asked == datetime(2026, 11, 23, 8, 7, tzinfo=UTC)
    assert record.answer.citations[0].date == "2017-11"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"},
        {"asked": "2026-11-23T09:07:00"},  # no zone
        {"answer": {}},
        {"unknown": 1},
        {"embedder": 7},
    ],
)
def test_anything_else_is_refused(change):
    """No guessing: a wrong type, a missing or an unknown field is damage."""
    content = {**json.loads(dump(make_record())), **change}

    with pytest.raises(RecordError, match="beschädigt"):
        load(json.dumps(content).encode())


def test_a_damaged_file_is_said_to_be_damaged(records, tmp_path):
    """Half a file, as a broken disk may leave it."""
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / f"{ID}.json").write_bytes(dump(make_record())[:50])

    with pytest.raises(RecordError, match="beschädigt"):
        records.find(ID)
