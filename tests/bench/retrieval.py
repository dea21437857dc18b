"""How well passages are found: by words, by vectors, and by both at several weights.

python -m tests.bench.retrieval [--model DIR] [--laws FILE...]

Two kinds of question with known answers: the golden questions (dev split, all wordings) over
corpus/sources, and headings of given texts over their sections, the heading itself withheld.
Give texts the model wasn't trained on (train with --without NAME...).
"""

import argparse
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import yaml

from assistant.fuse import fuse
from corpus import embedder, lexical
from corpus.german import Analyser
from corpus.training_texts import Paragraph, bare_heading, paragraphs

ROOT = Path(__file__).parents[2]
MAX_CHARS = 1_000
DEPTH = 10
WEIGHTS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.5)
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Task:
    """Passages, what is searched, and which passages (by index) are right."""

    name: str
    passages: Sequence[Paragraph]
    queries: Sequence[str]
    right: Sequence[frozenset[int]]


def main() -> None:
    """Print a table for each task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="model folder; default: the one shipped")
    parser.add_argument("--laws", nargs="*", type=Path, default=[], help="Markdown held out")
    arguments = parser.parse_args()
    model = embedder.load(arguments.model)
    sources = sorted((ROOT / "corpus" / "sources").glob("*.md"))
    tasks = [golden_task(sources), heading_task("headings of corpus/sources", sources)]
    if arguments.laws:
        tasks.append(heading_task("headings of held-out texts", arguments.laws))
    for task in tasks:
        report(task, model)


def heading_task(name: str, files: Sequence[Path]) -> Task:
    """Ask for each heading; right are the passages under it, which no longer say it."""
    found = [passage for file in files for passage in read(file)]
    queries, right = [], []
    for (_, way), group in groupby(enumerate(found), key=lambda p: (p[1].document, p[1].way)):
        if way and len(bare_heading(way[-1])) >= 8 and "weggefallen" not in way[-1]:
            queries.append(bare_heading(way[-1]))
            right.append(frozenset(at for at, _ in group))
    withheld = [Paragraph(p.document, p.title, p.way[:-1], p.text) for p in found]
    return Task(name, withheld, queries, right)


def golden_task(files: Sequence[Path]) -> Task:
    """Ask the golden questions; right are the passages that hold a quote."""
    found = [passage for file in files for passage in read(file)]
    queries, right = [], []
    for file in sorted((ROOT / "tests" / "golden").glob("*.yaml")):
        for item in yaml.safe_load(file.read_text(encoding="utf-8"))["items"]:
            hits = frozenset(
                at
                for at, passage in enumerate(found)
                for quote in item["evidence"]
                if quote["doc"] == passage.document and _bare(quote["quote"]) in _bare(passage.text)
            )
            active = item["split"] == "dev" and item["status"] == "active"
            if active and hits and not item.get("history"):
                wordings = [item["question"], *item.get("paraphrases", [])]
                queries += wordings
                right += [hits] * len(wordings)
    return Task("golden questions, dev", found, queries, right)


def read(file: Path) -> list[Paragraph]:
    """Return a text's paragraphs, joined up to a passage's length under each heading."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs(file.stem, file.read_text(encoding="utf-8")):
        last = joined[-1] if joined else None
        if last and last.way == paragraph.way and len(last.text + paragraph.text) < MAX_CHARS:
            text = f"{last.text}\n{paragraph.text}"
            joined[-1] = Paragraph(last.document, last.title, last.way, text)
        else:
            joined.append(paragraph)
    return joined


def report(task: Task, model: embedder.Embedder) -> None:
    """Print MRR@10 of each way to search, and what each weight adds to words alone."""
    words = by_words(task)
    texts = [" > ".join((p.title, *p.way)) + "\n" + p.text for p in task.passages]
    passages = model.embed_passages(texts)
    vectors = np.stack([model.embed_query(query) for query in task.queries]) @ passages.T
    alone = reciprocal_ranks(task, words, [{}] * len(words), 0.0)
    dense = [{str(at): float(s) for at, s in enumerate(row)} for row in vectors]
    print(f"\n{task.name}: {len(task.queries)} queries, {len(task.passages)} passages")
    print(f"  words alone    {alone.mean():.3f}")
    print(f"  vectors alone  {reciprocal_ranks(task, [{}] * len(words), dense, 1.0).mean():.3f}")
    for weight in WEIGHTS:
        gain = reciprocal_ranks(task, words, dense, weight) - alone
        low, high = interval(gain)
        print(f"  weight {weight:<4}    {gain.mean():+.3f} [{low:+.3f}, {high:+.3f}]")


def by_words(task: Task) -> list[dict[str, float]]:
    """Return the lexical scores of each query's passages."""
    analyser = Analyser.learn(f"{p.title}\n{' '.join(p.way)}\n{p.text}" for p in task.passages)
    entries = [
        lexical.LexicalEntry(str(at), p.document, None, p.title, " ".join(p.way), p.text)
        for at, p in enumerate(task.passages)
    ]
    with tempfile.TemporaryDirectory() as folder:
        lexical.build(Path(folder) / "index", entries, analyser)
        index = lexical.LexicalIndex.open(Path(folder) / "index")
        every = len(entries)
        found = [dict(index.search(analyser.analyse(q), every)) for q in task.queries]
        index.close()
    return found


def reciprocal_ranks(
    task: Task,
    words: Sequence[dict[str, float]],
    vectors: Sequence[dict[str, float]],
    weight: float,
) -> np.ndarray:
    """Return 1 / rank of the first right passage among the first ten, else 0, per query."""
    found = []
    for lexical_scores, dense_scores, right in zip(words, vectors, task.right, strict=True):
        ranking = fuse(lexical_scores, dense_scores, weight)[:DEPTH]
        ranks = [rank for rank, (id, s) in enumerate(ranking, 1) if s > 0 and int(id) in right]
        found.append(1 / ranks[0] if ranks else 0.0)
    return np.array(found)


def interval(gains: np.ndarray) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean difference, resampling queries."""
    chance = np.random.default_rng(0)
    means = gains[chance.integers(0, len(gains), (RESAMPLES, len(gains)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[*_|]", " ", text).split())


if __name__ == "__main__":
    main()
