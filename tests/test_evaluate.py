"""The commands that measure, in real processes over a small golden set."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from assistant.evaluation.golden_files import GoldenError, load_golden
from assistant.evaluation.metrics import EVIDENCE_RECALL, STRICT_VITAL
from assistant.evaluation.run import dump, load
from ui.cli import evaluate as cli_evaluate

ROOT = Path(__file__).parents[1]
NAMES = ["bericht.html", "bericht.md", "run.json"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A golden folder of a few items of either split, without paraphrases."""
    folder = tmp_path_factory.mktemp("fragen")
    items = [i.model_dump(mode="json") for i in load_golden(ROOT / "tests" / "golden").items[::24]]
    lean = [{**item, "paraphrases": []} for item in items]
    # JSON is YAML too.
    content = json.dumps({"schema": 1, "items": lean}, ensure_ascii=False)
    (folder / "klein.yaml").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def measured(commands, small, tmp_path_factory):
    """A finished run: what it printed, and its folder."""
    folder = tmp_path_factory.mktemp("lauf") / "eins"
    done = commands.run("evaluate", "--golden", small, "--calibrate", "--out", folder)
    return done.stdout, folder


def test_evaluate_prints_few_lines_and_writes_three_files(measured):
    """Invariants, primary metrics, refusals, latency, where answers were lost."""
    printed, folder = measured

    assert sorted(p.name for p in folder.iterdir()) == NAMES
    assert printed.rstrip().endswith(str(folder / "bericht.html"))
    assert len(printed.partition("## Schwelle")[0].splitlines()) < 40
    for said in (
        *("Feste Zusagen", "Gefundene Belege", "Genannte Kernaussagen", "Zu Unrecht abgelehnt"),
        *("Zu Recht abgelehnt", "Dauer einer Antwort", "Wo Antworten verloren gingen"),
    ):
        assert said in printed
    assert load(folder / "run.json").cases


def test_the_same_run_gives_the_same_figures(commands, small, measured, tmp_path):
    """Asked again, as JSON: every figure is equal, and comparing decides nothing."""
    _, folder = measured
    found = commands.json("evaluate", "--golden", small, "--out", tmp_path)
    compared = commands.json("evaluate", "compare", folder, tmp_path, "--gate")

    assert [broken["broken"] for broken in found["invariants"]] == [0] * 5
    assert found["files"]["html"] == str(tmp_path / "bericht.html")
    assert load(tmp_path / "run.json").scores == load(folder / "run.json").scores
    assert compared["verdict"] == "nicht entschieden"
    assert compared["changed"] == []
    assert compared["items_changed"] == 0
    assert (tmp_path / "vergleich.html").exists()
    assert (tmp_path / "vergleich.md").exists()


def test_a_broken_promise_is_a_failure(measured, tmp_path, monkeypatch, capsys):
    """The report is written and shown all the same, and the status is 1."""
    run = load(measured[1] / "run.json")
    fickle = tuple(replace(seen, stable=seen.repeats < 2) for seen in run.observations)
    broken = replace(run, observations=fickle)
    monkeypatch.setattr(cli_evaluate, "_measure", lambda *_: (broken, tmp_path))

    with pytest.raises(typer.Exit) as ended:
        cli_evaluate.run(SimpleNamespace(invoked_subcommand=None), out=tmp_path)

    assert ended.value.exit_code == 1
    assert "Gleiche Frage, gleiche Antwort" in capsys.readouterr().out
    assert (tmp_path / "bericht.html").exists()


def test_a_worse_run_is_stopped_only_when_asked(commands, measured, tmp_path):
    """„schlechter“ is an answer, status 0; with --gate it is status 1, with the reason."""
    _, folder = measured
    run = load(folder / "run.json")
    zero = {EVIDENCE_RECALL: 0.0, STRICT_VITAL: 0.0}
    scores = tuple(
        replace(s, figures={**s.figures, **{k: v for k, v in zero.items() if k in s.figures}})
        for s in run.scores
    )
    dump(replace(run, scores=scores), tmp_path / "run.json")

    told = commands.run("evaluate", "compare", folder, tmp_path / "run.json")
    gated = commands.run("evaluate", "compare", folder, tmp_path, "--gate", check=False)

    assert told.stdout.startswith("SCHLECHTER: B ist schlechter als A.")
    assert gated.returncode == 1
    assert "So darf B nicht ausgeliefert werden." in gated.stdout
    assert "Gefundene Belege: von" in gated.stdout


def test_what_does_not_compare_is_refused(commands, measured, tmp_path):
    """Another golden set, or no run at all: a named error with the remedy."""
    _, folder = measured
    run = load(folder / "run.json")
    dump(replace(run, header=replace(run.header, golden="anders")), tmp_path / "run.json")

    other = commands.run("evaluate", "compare", folder, tmp_path, check=False)
    missing = commands.run("evaluate", "compare", folder, tmp_path / "nichts", check=False)

    assert (other.returncode, missing.returncode) == (1, 1)
    assert other.stderr.startswith("ERR_COMPARE: ")
    assert "Die Prüffragen sind nicht dieselben" in other.stderr
    assert missing.stderr.startswith("ERR_RUN: ")
    assert not (tmp_path / "vergleich.html").exists()


def test_each_look_at_the_test_split_is_counted(commands, small, tmp_path):
    """In a file beside the questions, and in what is printed."""
    looks = small / cli_evaluate.LOOKS
    looks.write_text('{"when": "2026-11-01"}\n', encoding="utf-8")
    done = commands.run("evaluate", "--golden", small, "--split", "test", "--out", tmp_path)

    assert "2-mal angesehen" in done.stdout
    assert len(looks.read_text(encoding="utf-8").splitlines()) == 2
    assert load(tmp_path / "run.json").header.looks == 2


def test_calibrate_tells_and_changes_nothing_of_the_program(commands, measured):
    """The curve and the line to change; other questions don't touch the project's evidence."""
    printed, folder = measured
    refused = commands.run("evaluate", "--split", "test", "--calibrate", check=False)
    digest = load(folder / "run.json").header.golden[:16]

    assert "| Schwelle | beantwortet |" in printed
    assert "assistant/answer/gate.py, Zeile" in printed
    assert digest in printed
    assert digest not in (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert refused.returncode == 1
    assert refused.stderr.startswith("ERR_CALIBRATE: ")


def test_a_missing_golden_set_is_explained(commands, tmp_path, monkeypatch):
    """An empty folder, and a program that was installed without its tests."""
    empty = commands.run("evaluate", "--golden", tmp_path, check=False)
    monkeypatch.setattr(cli_evaluate, "GOLDEN", tmp_path / "fehlt")

    assert empty.returncode == 1
    assert empty.stderr.startswith("ERR_GOLDEN: ")
    with pytest.raises(GoldenError, match="--golden ORDNER"):
        cli_evaluate._golden(None)


def test_reports_lie_in_the_data_folder(measured, tmp_path):
    """Unless told otherwise: one folder a run, named by moment and split, without colons."""
    run = load(measured[1] / "run.json")
    folder = cli_evaluate._folder(tmp_path, run)

    assert folder.parent == tmp_path / "evaluations"
    assert folder.name.endswith("-dev")
    assert ":" not in folder.name
