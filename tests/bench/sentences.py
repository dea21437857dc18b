"""Which sentences answer, apart from which passages are found: ``python -m tests.bench.sentences``.

Every wording of the golden set's dev split is asked over the starter collection, the gate left
out. Judged is what is made of the passages read: whether the best unit is the right one, whether
the first quote holds evidence, how much of the evidence read is quoted, how many quotes hold any,
and how many vital nuggets the answer has. The first three leave out wordings for which
no passage read has evidence. One item counts once, with the mean over its wordings; even
and odd ids are two halves to check a choice on.

``--plain`` asks in plain language. ``--data FOLDER`` takes a data folder that is read in already.
``--lost`` also prints the wordings whose evidence was read and not quoted.
"""

import argparse
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles

from assistant.answer.cite import cite
from assistant.answer.plain import clauses, is_long
from assistant.answer.select import PASSAGES, Unit, select, weigh
from assistant.answer.terms import terms
from assistant.evaluation.golden import Evidence, Item
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.matching import holds, matches, words
from assistant.evaluation.observe import Wording, wordings
from assistant.pipeline import TOP_K, Assistant
from assistant.types import Citation
from corpus.catalogue import load_glossary
from corpus.store import Store
from corpus.types import Hit
from ingest.pipeline import ingest
from tests.conftest import COLLECTION, ROOT, quiet
from ui.local import LocalService, model

FIGURES = (
    *("right unit first", "right quote first", "in answer", "precision", "vital", "words"),
    *("words/sentence", "long words", "clauses"),
)
WITHIN = 0.8
"""Share of a unit's words that stand in the quote, in a row, where a unit is a part of it."""
MIN_WORDS = 4
"""Of a unit that is a part of a quote; shorter ones stand in anything."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of one wording."""

    item: Item
    wording: Wording
    figures: dict[str, float]
    seconds: float
    """To weigh and select."""
    quotes: tuple[Citation, ...]


def main() -> None:
    """Print a row for all items, each half and each type of question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder; default: read in anew")
    parser.add_argument("--plain", action="store_true", help="ask in plain language")
    parser.add_argument("--lost", action="store_true", help="print what was read and not quoted")
    arguments = parser.parse_args()
    if arguments.data:
        judged = run(arguments.data, plain=arguments.plain)
    else:
        with tempfile.TemporaryDirectory() as folder:
            ingest([COLLECTION], Store(Path(folder)), model(None), quiet)
            judged = run(Path(folder), plain=arguments.plain)
    show(judged)
    if arguments.lost:
        show_lost(judged)


def run(data: Path, *, plain: bool = False) -> list[Judged]:
    """Judge every wording that has evidence, in the order of the golden set."""
    assistant = LocalService(Store(data), None).assistant()
    items = [i for i in load_golden(ROOT / "tests" / "golden").active("dev") if i.evidence]
    return [
        judge(assistant, item, wording, plain=plain)
        for item in items
        for wording in wordings(item)
        if wording.form != "standalone"
    ]


def judge(assistant: Assistant, item: Item, wording: Wording, *, plain: bool) -> Judged:
    """Ask one wording up to the citations."""
    query = assistant.understand(wording.question, wording.history)
    hits = assistant.search(query.text, TOP_K, query.scope)
    generation = assistant.generation
    asked = terms(query, generation.analyser, load_glossary())
    began = time.perf_counter()
    units = weigh(query, asked, hits[:PASSAGES], generation.documents, generation.analyser)
    runs = select(query, units, plain=plain)
    seconds = time.perf_counter() - began
    segments, citations = cite(runs, generation.documents)
    texts = [segment.text for segment in segments]
    figures = dict(_quoted(item, hits[:PASSAGES], units, citations))
    figures["vital"] = fmean(matches(texts, nugget.match) for nugget in item.vital)
    figures["words"] = float(sum(len(text.split()) for text in texts))
    figures.update(_read_how(texts))
    return Judged(item, wording, figures, seconds, citations)


def is_right(unit: Unit, evidence: Evidence) -> bool:
    """Tell whether a unit holds a quote, or is a part of it."""
    if unit.passage.document != evidence.doc:
        return False
    part = len(words(unit.text)) >= MIN_WORDS and holds(evidence.quote, unit.text, WITHIN)
    return part or holds(unit.text, evidence.quote)


def figures_of(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the mean of each figure over the items, an item being the mean over its wordings."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in judged:
        for name, value in one.figures.items():
            found[name][one.item.id].append(value)
    return {name: fmean(map(fmean, by.values())) for name, by in found.items()}


def show(judged: Sequence[Judged]) -> None:
    """Print the table and the time it took."""
    parts = {
        "all": list(judged),
        "even ids": [one for one in judged if _number(one.item) % 2 == 0],
        "odd ids": [one for one in judged if _number(one.item) % 2 == 1],
        **{
            type: [one for one in judged if one.item.type == type]
            for type in sorted({one.item.type for one in judged})
        },
    }
    print(f"{'':14}{'items':>6}" + "".join(f"{name:>19}" for name in FIGURES))
    for name, part in parts.items():
        figures = figures_of(part)
        row = "".join(
            f"{figures.get(f, float('nan')):19.{1 if f.startswith('words') else 3}f}"
            for f in FIGURES
        )
        print(f"{name:14}{len({one.item.id for one in part}):6}{row}")
    times = quantiles([1000 * one.seconds for one in judged], n=20)
    print(f"weighing and selecting: p50 {times[9]:.1f} ms, p95 {times[18]:.1f} ms")


def show_lost(judged: Sequence[Judged]) -> None:
    """Print each wording with evidence that was read and isn't quoted, and what is quoted."""
    for one in judged:
        if one.figures.get("in answer", 1.0) < 1.0:
            print(f"\n{one.item.id}/{one.wording.number} {one.wording.question}")
            for citation in one.quotes:
                print(f"  {citation.document}, {citation.section[-1:]}: {citation.quote}")


def _quoted(
    item: Item, read: Sequence[Hit], units: Sequence[Unit], citations: Sequence[Citation]
) -> Iterator[tuple[str, float]]:
    quoted = [
        {e.id for e in item.evidence if e.doc == c.document and holds(c.quote, e.quote)}
        for c in citations
    ]
    yield "precision", fmean(map(bool, quoted)) if quoted else 0.0
    at_hand = {
        e.id
        for e in item.evidence
        for hit in read
        if e.doc == hit.passage.document and holds(hit.passage.text, e.quote)
    }
    groups = [g for g in item.groups.values() if any(e.id in at_hand for e in g)]
    if groups:
        found = set().union(*quoted)
        yield "right unit first", float(any(is_right(units[0], e) for e in item.evidence))
        yield "right quote first", float(bool(quoted and quoted[0]))
        yield "in answer", fmean(any(e.id in found for e in group) for group in groups)


def _read_how(texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Say how hard the whole sentences of an answer are to read; a table has none."""
    sentences = [text for text in texts if "\t" not in text and text.endswith((".", "!", "?"))]
    if sentences:
        found = [word for text in sentences for word in re.findall(r"\w[\w-]*", text)]
        yield "words/sentence", len(found) / len(sentences)
        yield "long words", fmean(map(is_long, found))
        yield "clauses", fmean(map(clauses, sentences))


def _number(item: Item) -> int:
    return int(item.id.rpartition("-")[2])


if __name__ == "__main__":
    main()
