"""What others would find for the same questions: ``python -m tests.bench.baselines``.

The product against (a) plain BM25 over its own passages and (b) the recipe of LangChain's
tutorial: pages as a library reads them, chunks of 1,000 characters with 200 overlapping, Chroma
with its defaults, the same embedding model, the four nearest. Only finding is compared: golden
questions of the dev split, all wordings, evidence recognised by the same matcher. The baselines
see the question as it was typed; the product also sees the turns before it, as it would.
"""

import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from assistant.evaluation.golden import Item
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.matching import holds
from assistant.evaluation.observe import Wording, one, wordings
from assistant.evaluation.source import GenerationSource
from assistant.evaluation.statistics import bca_interval
from assistant.pipeline import Assistant
from corpus import embedder
from corpus.store import Store
from ingest.pipeline import ingest
from tests.bench import plain_recipe
from tests.conftest import COLLECTION, ROOT, quiet
from ui.local import LocalService, model

CUTS = (4, 10)
"""4 is the recipe's own; 10 is what the product reads for an answer."""
K1, B = 1.2, 0.75  # the usual values of BM25
BATCH = 1_000  # chunks handed to Chroma at once


@dataclass(frozen=True, slots=True)
class Text:
    """A retrieved piece of text and the document it is from."""

    document: str
    text: str


Search = Callable[[Wording], Sequence[Text]]


def main() -> None:
    """Print a row for each system, and the product's lead over each with its interval."""
    items = [i for i in load_golden(ROOT / "tests" / "golden").active("dev") if i.evidence]
    with tempfile.TemporaryDirectory() as folder:
        ingest([COLLECTION], Store(Path(folder)), model(None), quiet)
        assistant = LocalService(Store(Path(folder)), None).assistant()
        source = GenerationSource(assistant.generation)
        passages = {p.id: p for id in source.documents for p in source.passages(id)}
        own = [Text(p.document, p.text) for p in passages.values()]
        found = {
            "Sozialraum-Assistent": measure(items, product(assistant, passages)),
            "BM25 over the same passages": measure(items, bm25(own)),
            "LangChain recipe": measure(items, recipe(COLLECTION, source)),
        }
    show(items, found)


# -- the systems ----------------------------------------------------------------------------


def product(assistant: Assistant, passages: dict) -> Search:
    """Search as the product does for an answer."""

    def search(wording: Wording) -> list[Text]:
        hits = one(assistant, wording, top=max(CUTS)).hits
        return [Text(h.document, passages[h.passage].text) for h in hits]

    return search


def bm25(texts: Sequence[Text]) -> Search:
    """Okapi BM25 over lower-case words: no stems, no compounds, no synonyms, no headings."""
    counts = [Counter(_words(t.text)) for t in texts]
    lengths = [sum(count.values()) for count in counts]
    mean = fmean(lengths)
    holding: dict[str, list[int]] = defaultdict(list)
    for place, count in enumerate(counts):
        for word in count:
            holding[word].append(place)

    def search(wording: Wording) -> list[Text]:
        scores: dict[int, float] = defaultdict(float)
        for word in _words(wording.question):
            places = holding.get(word, [])
            rarity = math.log(1 + (len(texts) - len(places) + 0.5) / (len(places) + 0.5))
            for place in places:
                tf = counts[place][word]
                norm = K1 * (1 - B + B * lengths[place] / mean)
                scores[place] += rarity * tf * (K1 + 1) / (tf + norm)
        best = sorted(scores, key=lambda place: (-scores[place], place))
        return [texts[place] for place in best[: max(CUTS)]]

    return search


def recipe(folder: Path, source: GenerationSource) -> Search:
    """The tutorial's way, with our embedding model in place of a bought one."""
    import chromadb
    from chromadb.config import Settings

    chunks = [
        Text(path.stem, chunk.page_content)
        for path in sorted(folder.iterdir())
        for chunk in plain_recipe.chunks(_pages(path, source))
    ]
    known = embedder.load()
    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.create_collection("recipe", embedding_function=None)
    for start in range(0, len(chunks), BATCH):
        part = chunks[start : start + BATCH]
        collection.add(
            ids=[str(start + place) for place in range(len(part))],
            embeddings=list(known.embed_passages([chunk.text for chunk in part])),
        )

    def search(wording: Wording) -> list[Text]:
        vector = known.embed_query(wording.question)
        answer = collection.query([vector], n_results=max(CUTS), include=[])
        return [chunks[int(id)] for id in answer["ids"][0]]

    return search


def _pages(path: Path, source: GenerationSource) -> list:
    """Read a file as the recipe does; the catalogue, which it can't, in the product's words."""
    if path.suffix == ".yaml":
        return [plain_recipe.Document(source.text(path.stem))]
    return plain_recipe.load(path)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# -- the figures ----------------------------------------------------------------------------


def measure(items: Sequence[Item], search: Search) -> dict[str, dict[str, float]]:
    """Return figure -> item -> mean over its wordings."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for item in items:
        rows = [dict(_figures(item, search(w))) for w in wordings(item) if w.form != "standalone"]
        for name in rows[0]:
            found[name][item.id] = fmean(row[name] for row in rows)
    return found


def _figures(item: Item, ranked: Sequence[Text]) -> Iterator[tuple[str, float]]:
    held = [
        {e.id for e in item.evidence if e.doc == t.document and holds(t.text, e.quote)}
        for t in ranked
    ]
    for k in CUTS:
        found = set().union(*held[:k])
        groups = item.groups.values()
        yield f"recall@{k}", fmean(any(e.id in found for e in group) for group in groups)
    first = next((rank for rank, ids in enumerate(held, start=1) if ids), math.inf)
    yield "RR@10", 1 / first


def show(items: Sequence[Item], found: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print the table; intervals are BCa over the paired differences, one item counting once."""
    (_, ours), *others = found.items()
    alone = {item.id for item in items if not item.history}
    for title, ids in (("all", {i.id for i in items}), ("without follow-ups", alone)):
        print(f"\n{title}: {len(ids)} items")
        print(f"{'':30}" + "".join(f"{figure:>12}" for figure in ours))
        for system, figures in found.items():
            means = (fmean(v for id, v in by.items() if id in ids) for by in figures.values())
            print(f"{system:30}" + "".join(f"{mean:12.3f}" for mean in means))
        for system, figures in others:
            leads = []
            for figure, by in figures.items():
                span = bca_interval([ours[figure][id] - by[id] for id in sorted(ids)])
                leads.append(f"{figure} [{span.low:+.3f}, {span.high:+.3f}]" if span else "")
            print(f"lead over {system}: {', '.join(leads)}")


if __name__ == "__main__":
    main()
