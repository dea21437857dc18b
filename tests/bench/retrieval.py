"""How well the product finds passages, against the usual ways, on the same questions.

python -m tests.bench.retrieval                 the golden set (dev) over the starter collection
python -m tests.bench.retrieval --beir FOLDER   any set in BEIR layout (see beir.py)
python -m tests.bench.retrieval --texts FILE... headings of Markdown texts over their sections;
                                                time is taken of the golden questions
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus import embedder
from corpus.errors import SozialraumError
from tests.bench import beir, golden, headings, passages
from tests.bench.ablation import ablate
from tests.bench.classes import classes
from tests.bench.figures import Figures, lead, mean, measure, percentile, signed, table
from tests.bench.systems import BM25, NAMES, PRODUCT, RECIPE, Outcome
from tests.bench.task import Question, Task, save_questions, save_units

BEIR_CUTS = (5, 10, 100)
ABLATED = ("recall@5", "recall@10", "RR@10")
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure and print. Where a set can't be read: a message and status 1."""
    arguments = _arguments()
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = run(arguments, Path(folder))
    except SozialraumError as fault:
        sys.exit(str(fault))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--beir", type=Path, metavar="FOLDER", help="a set in BEIR layout")
    source.add_argument("--texts", type=Path, nargs="+", metavar="FILE", help="Markdown texts")
    parser.add_argument("--split", default="test", help="of the BEIR set (default: test)")
    parser.add_argument("--queries", type=int, metavar="N", help="ask only N, always the same")
    parser.add_argument("--ablate", action="store_true", help="also without each component")
    parser.add_argument("--model", type=Path, metavar="DIR", help="embedder; default: shipped")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    return parser.parse_args()


def run(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Build the task, run every system on it, print the tables and return what they hold."""
    task = _task(arguments, folder / "data")
    written = [question for question in task.questions if not question.variant]
    print(f"\n{task.name}: {len(written)} questions, {len(task.passages.units)} passages\n")
    outcomes = outcomes_of(task, folder, arguments.model)
    figures = {name: _figures(name, task, written, found) for name, found in outcomes.items()}
    report = {
        "task": task.name,
        "systems": _systems(figures, outcomes),
        "leads": _leads(figures),
    }
    if not arguments.beir and not arguments.texts:
        report["classes"] = _classes(task, outcomes)
    if arguments.ablate:
        report["ablation"] = _ablation(ablate(task, embedder.load(arguments.model)))
    return report


# -- what is asked --------------------------------------------------------------------------


def _task(arguments: argparse.Namespace, data: Path) -> Task:
    _tell("collection")
    if arguments.beir:
        found = beir.read(arguments.beir, arguments.split)
        for note in found.notes:
            print(f"{arguments.beir}: {note}.", file=sys.stderr)
        name = f"{arguments.beir.name}, {arguments.split}"
        entries, queries, qrels = found.entries, found.queries, found.qrels
    elif arguments.texts:
        name = f"headings of {len(arguments.texts)} texts"
        entries, queries, qrels = headings.read(arguments.texts)
    else:
        return golden.task(data, arguments.model)
    passages.index(entries, data, arguments.model)
    asked = tuple(Question(id, id, queries[id]) for id in _drawn(queries, arguments.queries))
    timed = tuple(golden.questions(golden.items())) if arguments.texts else asked
    return Task(name, data, *passages.collections(entries, qrels), asked, timed, BEIR_CUTS)


def _drawn(ids: Mapping[str, object], count: int | None) -> list[str]:
    """Draw so many ids, whatever their order: the same ones from the same set."""
    drawn = sorted(ids, key=lambda id: sha256(id.encode()).hexdigest())
    return sorted(drawn[:count])


# -- asking ---------------------------------------------------------------------------------


def outcomes_of(task: Task, folder: Path, model: Path | None) -> dict[str, Outcome]:
    """Run every system in a process of its own."""
    save_questions(folder / "questions.json", task.questions)
    save_questions(folder / "timed.json", task.timed)
    save_units(folder / "passages.json", task.passages.units)
    save_units(folder / "chunks.json", task.chunks.units)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    options = ["--data", str(task.data), "--depth", str(task.cuts[-1])]
    options += ["--model", str(model)] if model else []
    found = {}
    for name in NAMES:
        _tell(NAMES[name])
        command = [sys.executable, "-m", "tests.bench.systems", name, str(folder), *options]
        subprocess.run(command, env=environment, check=True)
        found[name] = Outcome(**json.loads((folder / f"{name}.json").read_text("utf-8")))
    return found


def _figures(name: str, task: Task, asked: Sequence[Question], outcome: Outcome) -> Figures:
    judged = (task.chunks if name == RECIPE else task.passages).judged
    return measure(asked, outcome.rankings, judged, task.cuts)


def _tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr)


# -- tables ---------------------------------------------------------------------------------


def _systems(figures: Mapping[str, Figures], outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    found = {}
    usual = percentile(outcomes[BM25].times_ms, 50)
    for name, outcome in outcomes.items():
        p50, p95 = (percentile(outcome.times_ms, p) for p in (50, 95))
        found[name] = {
            **{figure: mean(figures[name], figure) for figure in figures[name]},
            "p50 ms": p50,
            "p95 ms": p95,
            "CPU p95": percentile(outcome.cpu_ms, 95),
            "× BM25": p50 / usual,
            "MiB": outcome.memory_mib,
        }
    names = list(found[PRODUCT])
    decimals = {"p50 ms": 1, "p95 ms": 1, "CPU p95": 1, "× BM25": 1, "MiB": 0}
    rows = [
        [NAMES[name], *(f"{row[column]:.{decimals.get(column, 3)}f}" for column in names)]
        for name, row in found.items()
    ]
    print(table([["", *names], *rows]))
    return found


def _leads(figures: Mapping[str, Figures]) -> dict[str, Any]:
    ours = figures[PRODUCT]
    found = {
        name: {figure: lead(ours, theirs, figure) for figure in ours}
        for name, theirs in figures.items()
        if name != PRODUCT
    }
    rows = [[NAMES[name], *map(signed, by.values())] for name, by in found.items()]
    print(f"\n{table([['lead over', *ours], *rows])}")
    return found


def _classes(task: Task, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Print recall@5 / recall@10 of each class; of those by rule also as they were written."""
    found = {}
    written = {question.id: question for question in task.questions}
    rows = [["recall@5 / @10", "questions", *NAMES.values(), f"{NAMES[PRODUCT]}, as written"]]
    for label, asked in classes(task, golden.items()).items():
        as_written = [written[question.made_of or question.id] for question in asked]
        cells = {name: _pair(_figures(name, task, asked, o)) for name, o in outcomes.items()}
        before = _pair(_figures(PRODUCT, task, as_written, outcomes[PRODUCT]))
        found[label] = {"questions": len(asked), **cells, "as written": before}
        shown = [*cells.values(), *([before] if asked[0].variant else [])]
        printed = [f"{five:.3f} / {ten:.3f}" for five, ten in shown]
        rows.append([label, str(len(asked)), *printed, *([] if asked[0].variant else [""])])
    print(f"\n{table(rows)}")
    return found


def _pair(figures: Figures) -> tuple[float, float]:
    return mean(figures, "recall@5"), mean(figures, "recall@10")


def _ablation(figures: Mapping[str, tuple[Figures, Figures]]) -> dict[str, Any]:
    whole, whole_variants = figures[""]
    found = {
        component: {
            **{name: lead(whole, without, name) for name in ABLATED},
            **{
                f"{name}, variants": lead(whole_variants, variants, name)
                for name in ABLATED
                if variants
            },
        }
        for component, (without, variants) in figures.items()
        if component
    }
    columns = list(next(iter(found.values())))
    rows = [[component, *map(signed, by.values())] for component, by in found.items()]
    print(f"\n{table([['gain of', *columns], *rows])}")
    return found


if __name__ == "__main__":
    main()
