"""The systems that are compared, each as a function from a question to ids, best first.

python -m tests.bench.systems NAME FOLDER runs one of them in a process of its own, so that its
memory is its own: it reads questions and texts from the folder and leaves its outcome there.
"""

import argparse
import heapq
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import psutil

from assistant.pipeline import Assistant
from assistant.search.retrieve import QueryEmbedder, Retriever
from corpus import embedder as embedders
from corpus.catalogue import load_glossary
from corpus.embedder import Embedder
from corpus.errors import QuestionError
from corpus.generation import Generation, open_current
from corpus.store import Store
from tests.bench.task import Question, Unit, load_questions, load_units

Search = Callable[[Question, int], list[str]]
"""Ids of at most so many units, best first."""

PRODUCT, BM25, BM25S, DENSE, RECIPE = "product", "bm25", "bm25s", "dense", "recipe"
NAMES = {
    PRODUCT: "Sozialraum-Assistent",
    BM25: "BM25, plain",
    BM25S: "bm25s, Snowball, stop words",
    DENSE: "vectors alone",
    RECIPE: "tutorial recipe",
}
K1, B = 1.2, 0.75  # the usual values of BM25
BATCH = 1_000  # chunks handed to Chroma at once
TIMED_K = 20
"""Depth at which time is taken: as many passages as the product reads for an answer."""
TIMED = 300
"""Questions of which time is taken, evenly drawn."""
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system did."""

    rankings: dict[str, list[str]]
    """Ids as they are judged, best first, by question."""
    times_ms: list[float]
    cpu_ms: list[float]
    """The same in processor time, which a busy machine lengthens less."""
    memory_mib: float
    """Most the process held in memory, libraries included; where the system doesn't tell (not
    Linux), what it held at the end."""


# -- the systems ----------------------------------------------------------------------------


def product(generation: Generation, embedder: QueryEmbedder) -> Search:
    """Search as the product does for an answer: understood once, within the scope named."""
    assistant = Assistant(generation, embedder, load_glossary())
    retriever = Retriever(generation, embedder)

    def search(question: Question, k: int) -> list[str]:
        try:
            query = assistant.understand(question.text, question.history)
        except QuestionError:  # nothing to ask, or too much
            return []
        hits = retriever.retrieve(query.text, k, query.scope, query.expansion)
        return [hit.passage.id for hit in hits]

    return search


def bm25(units: Sequence[Unit]) -> Search:
    """Okapi BM25 over lower-case words of headings and text: no stems, no compounds."""
    counts = [Counter(_words(f"{unit.heading} {unit.text}")) for unit in units]
    lengths = [sum(count.values()) for count in counts]
    mean = fmean(lengths)
    holding: dict[str, list[int]] = defaultdict(list)
    for place, count in enumerate(counts):
        for word in count:
            holding[word].append(place)

    def search(question: Question, k: int) -> list[str]:
        scores: dict[int, float] = defaultdict(float)
        for word in _words(question.text):
            places = holding.get(word, [])
            rarity = math.log(1 + (len(units) - len(places) + 0.5) / (len(places) + 0.5))
            for place in places:
                tf = counts[place][word]
                norm = K1 * (1 - B + B * lengths[place] / mean)
                scores[place] += rarity * tf * (K1 + 1) / (tf + norm)
        best = heapq.nsmallest(k, scores, key=lambda place: (-scores[place], place))
        return [units[place].id for place in best]

    return search


def bm25s(units: Sequence[Unit]) -> Search:
    """Search with the bm25s library: its German stop words, Snowball stems, its own settings."""
    import bm25s as library
    import Stemmer

    stemmer = Stemmer.Stemmer("german")

    def tokens(texts: list[str]) -> list[list[str]]:
        found: list[list[str]] = library.tokenize(
            texts, stopwords="de", stemmer=stemmer, return_ids=False, show_progress=False
        )
        return found

    retriever = library.BM25()
    retriever.index(tokens([f"{u.heading} {u.text}" for u in units]), show_progress=False)

    def search(question: Question, k: int) -> list[str]:
        known = [[t for t in tokens([question.text])[0] if t in retriever.vocab_dict]]
        if not known[0]:
            return []
        places, scores = retriever.retrieve(known, k=min(k, len(units)), show_progress=False)
        found = zip(places[0].tolist(), scores[0].tolist(), strict=True)
        return [units[place].id for place, score in found if score > 0]

    return search


def dense(generation: Generation, embedder: QueryEmbedder) -> Search:
    """The product's vectors without its words."""

    def search(question: Question, k: int) -> list[str]:
        found = generation.dense.search(embedder.embed_query(question.text), k)
        return [id for id, _ in found]

    return search


def recipe(chunks: Sequence[Unit], embedder: Embedder) -> Search:
    """The tutorial's way, Chroma with its defaults, our embedding model for a bought one."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.create_collection("recipe", embedding_function=None)
    for start in range(0, len(chunks), BATCH):
        part = chunks[start : start + BATCH]
        collection.add(
            ids=[str(start + place) for place in range(len(part))],
            embeddings=list(embedder.embed_passages([chunk.text for chunk in part])),
        )
    # Several chunks may count as one passage.
    spare = math.ceil(len(chunks) / max(1, len({chunk.counts_as for chunk in chunks})))

    def search(question: Question, k: int) -> list[str]:
        vector = embedder.embed_query(question.text).tolist()
        wanted = min(k * spare, len(chunks))
        answer = collection.query([vector], n_results=wanted, include=[])
        return [chunks[int(id)].id for id in answer["ids"][0]]

    return search


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# -- one of them in a process of its own ----------------------------------------------------


def main() -> None:
    """Run one system over the folder's questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("folder", type=Path, help="holds questions and texts")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--depth", type=int, required=True)
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    folder = arguments.folder
    kind = "chunks" if arguments.name == RECIPE else "passages"
    units = load_units(folder / f"{kind}.json")
    search = _open(arguments.name, units, arguments.data, arguments.model)
    # Times first, while no question has been seen before.
    times, cpu = clock(search, load_questions(folder / "timed.json"))
    questions = load_questions(folder / "questions.json")
    rankings = rank(search, questions, units, arguments.depth)
    outcome = Outcome(rankings, times, cpu, peak_memory())
    (folder / f"{arguments.name}.json").write_text(json.dumps(asdict(outcome)), encoding="utf-8")


def _open(name: str, units: Sequence[Unit], data: Path, model: Path | None) -> Search:
    if name == BM25:
        return bm25(units)
    if name == BM25S:
        return bm25s(units)
    known = embedders.load(model)
    if name == RECIPE:
        return recipe(units, known)
    generation = open_current(Store(data))
    return product(generation, known) if name == PRODUCT else dense(generation, known)


def clock(search: Search, questions: Sequence[Question]) -> tuple[list[float], list[float]]:
    """Return what a search took for each of at most ``TIMED`` questions: ms, ms of processor."""
    chosen = questions[:: math.ceil(len(questions) / TIMED)]
    search(questions[-1], TIMED_K)  # the first question pays for what is loaded late
    times, cpu = [], []
    for question in chosen:
        started, started_cpu = time.perf_counter(), time.process_time()
        search(question, TIMED_K)
        times.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - started_cpu) * 1000)
    return times, cpu


def rank(
    search: Search, questions: Sequence[Question], units: Sequence[Unit], depth: int
) -> dict[str, list[str]]:
    """Return ids as they are judged, each once, by question.

    A query that is itself a passage doesn't find itself: BEIR's own rule.
    """
    counts_as = {unit.id: unit.counts_as for unit in units}
    found = {}
    for question in questions:
        ids = dict.fromkeys(counts_as[id] for id in search(question, depth + 1))
        found[question.id] = [id for id in ids if id != question.item][:depth]
    return found


def peak_memory() -> float:
    """Return the most this process has held in memory, MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return float(psutil.Process().memory_info().rss / MEBIBYTE)


if __name__ == "__main__":
    main()
