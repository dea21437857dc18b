"""A run asks, scores and keeps everything; what is written can be read again."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import gate
from assistant.evaluation import run as runs
from assistant.evaluation import summary
from assistant.evaluation.golden import GoldenSet, split_of
from assistant.evaluation.golden_files import GoldenError
from assistant.evaluation.observe import REPEATS, wordings
from assistant.evaluation.run import RunError, dump, load, scorable, scorer_version
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    make_evidence,
    make_item,
    make_unanswerable,
)

PACKAGE = Path(runs.__file__).parent
SOURCE = FakeSource(heft=SENTENCES)


def test_invariants_hold(sound_run):
    """No citation dangles, every segment is verbatim, every place right, every answer stable."""
    means = summary.table(sound_run)[0].means

    assert summary.faults(sound_run) == ()
    for name in ("citation_resolvability", "citation_coverage", "verbatim", "locator_page"):
        assert means[name].value == 1.0, name
    assert any(o.repeats == REPEATS for o in sound_run.observations)


def test_every_wording_is_scored(sound_run, small_golden):
    """Observations and scores correspond one to one to the wordings of the items."""
    asked = [(w.item, w.number) for item in small_golden.items for w in wordings(item)]

    assert [(o.item, o.wording) for o in sound_run.observations] == asked
    assert [(s.item, s.wording) for s in sound_run.scores] == asked
    assert sound_run.quarantined == ()


def test_header_says_what_was_measured(sound_run, small_golden):
    """Hashes, counts and settings are those of this set, collection and program."""
    header = sound_run.header

    assert header.golden == small_golden.sha256
    assert header.items == len(small_golden.items)
    assert header.questions == len(sound_run.observations)
    assert re.fullmatch(r"[0-9a-f]{64}", header.collection)
    assert header.scorer == scorer_version()
    assert header.embedder.dimension > 0
    assert header.settings["gate.THRESHOLD"] == str(gate.THRESHOLD)
    assert header.looks == 0


def test_measuring_again_gives_the_same(sound_run, measure):
    """Two runs of one state differ in their times only."""
    again = measure()

    assert again.scores == sound_run.scores
    assert [replace(o, timings_ms={}) for o in again.observations] == [
        replace(o, timings_ms={}) for o in sound_run.observations
    ]


def test_written_runs_read_back_equal(sound_run, tmp_path):
    """Nothing is lost on the way through JSON, and no draft is left."""
    dump(sound_run, tmp_path / "lauf.json")

    assert load(tmp_path / "lauf.json") == sound_run
    assert [path.name for path in tmp_path.iterdir()] == ["lauf.json"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"header": {"schema": 1}}', "\x00"])
def test_what_is_no_run_is_refused(content, tmp_path):
    """A file of something else is named, with the remedy."""
    path = tmp_path / "lauf.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(RunError, match=r"lauf\.json.*sozialraum evaluate"):
        load(path)


def test_missing_and_newer_files_are_refused(sound_run, tmp_path):
    """A file that isn't there, and a run of a newer program, are named."""
    path = tmp_path / "lauf.json"
    with pytest.raises(RunError, match=r"lauf\.json"):
        load(path)

    dump(sound_run, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["header"]["schema"] += 1
    path.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(RunError, match="neueren Programmfassung"):
        load(path)


def test_stale_items_are_set_aside():
    """An item whose quote is gone isn't scored, and is reported."""
    stale = make_item("a-2", evidence=[make_evidence(quote="Das stand hier früher einmal so.")])
    items = (make_item("a-1"), stale, make_unanswerable("a-3"))

    scored, quarantined = scorable(items, GoldenSet(items, {}), SOURCE)

    assert [item.id for item in scored] == ["a-1", "a-3"]
    assert quarantined == ("a-2",)


def test_unsound_items_stop_the_run():
    """What can't be scored is named with its file instead of being scored 0."""
    items = (make_item("a-1", nuggets=[]),)

    with pytest.raises(GoldenError, match=r"fristen\.yaml, a-1: .*vital"):
        scorable(items, GoldenSet(items, {"a-1": "fristen.yaml"}), SOURCE)


def test_a_foreign_collection_stops_the_run():
    """Where nothing of the set stands in the collection, there is nothing to measure."""
    items = (make_item("a-1"),)

    with pytest.raises(GoldenError, match="golden set stale: 1 items"):
        scorable(items, GoldenSet(items, {}), FakeSource(anderes=SENTENCES))


def test_looks_at_the_test_split_are_counted(tmp_path):
    """Each look is a line in the file the caller names; without a file nobody counts."""
    file = tmp_path / "blicke.jsonl"

    counted = [runs.count_look(file, "2026-11-23T10:00:00+00:00", "abc") for _ in range(3)]

    assert counted == [1, 2, 3]
    assert json.loads(file.read_text().splitlines()[0])["golden"] == "abc"
    assert runs.count_look(None, "", "") == 0


def test_scorer_version_covers_what_scores():
    """Every module of this package that scoring imports is part of its version."""
    needed, todo = set(), ["metrics", "observe"]
    while todo:
        name = todo.pop()
        if name in needed or name == "types":
            continue  # types only hold values
        needed.add(name)
        tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "assistant.evaluation"
            ):
                rest = node.module.removeprefix("assistant.evaluation").lstrip(".")
                todo += [rest] if rest else [alias.name for alias in node.names]

    assert needed <= set(runs.SCORING), needed - set(runs.SCORING)


def test_scorer_version_follows_its_source(monkeypatch, tmp_path):
    """Another line in a scoring module is another scorer."""
    for name in runs.SCORING:
        (tmp_path / f"{name}.py").write_bytes((PACKAGE / f"{name}.py").read_bytes())
    monkeypatch.setattr(runs, "_HERE", tmp_path)
    before = scorer_version()
    (tmp_path / "matching.py").write_text("ENOUGH = 0.4\n", encoding="utf-8")

    assert before != scorer_version()


def test_split_of_small_set(small_golden):
    """The small set of these tests never looks at the test split."""
    assert {split_of(item.id) for item in small_golden.items} == {"dev"}
