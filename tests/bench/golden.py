"""Answer quality over the golden set: ``python -m tests.bench.golden [--split dev] [--curve]``.

Reads the starter collection into a data folder of its own and asks every question with its
paraphrases. ``--curve`` asks again with each threshold of the gate, to choose it by.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from assistant import gate
from assistant.pipeline import Assistant
from assistant.types import Turn
from corpus import embedder
from corpus.catalogue import load_glossary
from corpus.generation import open_current
from corpus.store import Store
from ingest.pipeline import ingest
from tests.conftest import COLLECTION, quiet
from tests.test_golden import ACTIVE, matches, normal
from ui.local import model

THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
K = 5


def main() -> None:
    """Print one row of figures per type and over all, and the curve when asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--curve", action="store_true")
    arguments = parser.parse_args()
    items = [item for item in ACTIVE if item["split"] == arguments.split]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        ingest([COLLECTION], store, model(None), quiet)
        assistant = Assistant(open_current(store), embedder.load(), load_glossary())
        print(f"split {arguments.split}, {len(items)} items, threshold {gate.THRESHOLD}\n")
        show(scores(assistant, items))
        if arguments.curve:
            curve(assistant, items)


def scores(assistant: Assistant, items: list) -> dict[str, dict[str, list[float]]]:
    """Return the figures of every question, by type and over all."""
    found: dict = defaultdict(lambda: defaultdict(list))
    for item in items:
        history = [Turn(t["role"], t["text"]) for t in item.get("history") or ()]
        for question in (item["question"], *(item["paraphrases"] or ())):
            for name, value in score(assistant, item, question, history).items():
                found[item["type"]][name].append(value)
                found["all"][name].append(value)
    return found


def score(assistant: Assistant, item: dict, question: str, history: list) -> dict[str, float]:
    """Return the figures of one question; what doesn't apply is absent."""
    started = time.perf_counter()
    answer = assistant.ask(question, history)
    figures = {"ms": (time.perf_counter() - started) * 1000}
    if item["answerable"] == "none":
        return {**figures, "refused rightly": answer.status == "refused"}
    text = "\n".join(segment.text for segment in answer.segments)
    vital = [n for n in item["nuggets"] if n["importance"] == "vital"]
    query = assistant.understand(question, history)
    hits = assistant.search(query.text, K, query.scope)
    quotes = [normal(evidence["quote"]) for evidence in item["evidence"]]
    return {
        **figures,
        "answered": answer.status == "answered",
        "vital nuggets": statistics.mean(matches(text, n["match"]) for n in vital),
        f"evidence in top {K}": any(q in normal(h.passage.text) for q in quotes for h in hits),
        "evidence cited": any(q in normal(c.quote) for q in quotes for c in answer.citations),
        "words": len(text.split()),
    }


def show(found: dict[str, dict[str, list[float]]]) -> None:
    """Print a row per type: how many questions, then the mean of each figure."""
    names = list(dict.fromkeys(name for row in found.values() for name in row))
    print(f"{'':16}{'n':>5}" + "".join(f"{name:>19}" for name in names))
    for kind, row in found.items():
        cells = [f"{statistics.mean(row[n]):19.3f}" if n in row else " " * 19 for n in names]
        print(f"{kind:16}{len(row['ms']):5}" + "".join(cells))
    times = sorted(found["all"]["ms"])
    print(
        f"\nms per question: p50 {times[len(times) // 2]:.0f}, p95 {times[-len(times) // 20]:.0f}"
    )


def curve(assistant: Assistant, items: list) -> None:
    """Print what each threshold of the gate answers and refuses."""
    print("\nthreshold  answerable refused  unanswerable refused  vital nuggets")
    chosen = gate.THRESHOLD
    for threshold in THRESHOLDS:
        gate.THRESHOLD = threshold
        row = scores(assistant, items)["all"]
        wrong = 1 - statistics.mean(row["answered"])
        right = statistics.mean(row["refused rightly"])
        nuggets = statistics.mean(row["vital nuggets"])
        print(f"{threshold:9.2f}{wrong:20.3f}{right:22.3f}{nuggets:15.3f}")
    gate.THRESHOLD = chosen


if __name__ == "__main__":
    main()
