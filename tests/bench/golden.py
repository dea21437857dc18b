"""The golden set as a task: questions of the dev split over the starter collection."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from langchain_core.documents import Document as PlainDocument

from assistant.evaluation.golden import Item
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.matching import holds
from assistant.evaluation.observe import wordings
from assistant.evaluation.source import GenerationSource
from corpus.generation import open_current
from corpus.store import Store
from corpus.types import Document, Passage
from ingest.pipeline import ingest
from tests.bench import plain_recipe
from tests.bench.passages import quiet
from tests.bench.task import Collection, Judgement, Question, Task, Unit
from tests.bench.variants import variants
from ui.local import model

ROOT = Path(__file__).parents[2]
COLLECTION = ROOT / "corpus" / "documents"
CUTS = (3, 5, 10, 20)


def task(data: Path, embedder: Path | None) -> Task:
    """Read the starter collection in and make the task of it."""
    ingest([COLLECTION], Store(data), model(embedder), quiet)
    generation = open_current(Store(data))
    source = GenerationSource(generation)
    found = items()
    passages = [
        (id, _unit(generation.documents[id], passage))
        for id in source.documents
        for passage in source.passages(id)
    ]
    asked = questions(found)
    words = {word for _, unit in passages for word in re.findall(r"[^\W\d_]+", unit.text.lower())}
    return Task(
        "golden set, dev",
        data,
        _judged(found, passages),
        _judged(found, _chunks(source)),
        (*asked, *variants(asked, words)),
        tuple(asked),
        CUTS,
    )


def items() -> dict[str, Item]:
    """Return the items of the dev split that have evidence, by id. The test split stays shut."""
    active = load_golden(ROOT / "tests" / "golden").active("dev")
    return {item.id: item for item in active if item.evidence}


def questions(found: Mapping[str, Item]) -> list[Question]:
    """Return all wordings as they are asked: follow-ups only with the turns before them."""
    return [
        Question(f"{item.id}/{wording.number}", item.id, wording.question, wording.history)
        for item in found.values()
        for wording in wordings(item)
        if wording.form != "standalone"
    ]


def _unit(document: Document, passage: Passage) -> Unit:
    heading = " > ".join((document.title, *passage.section))
    return Unit(passage.id, heading, passage.text, passage.id)


def _chunks(source: GenerationSource) -> list[tuple[str, Unit]]:
    """Cut the files as the recipe does; the catalogue, which it can't read, in our words."""
    found = []
    for path in sorted(COLLECTION.iterdir()):
        written = path.suffix == ".yaml"
        pages = [PlainDocument(source.text(path.stem))] if written else plain_recipe.load(path)
        for at, chunk in enumerate(plain_recipe.chunks(pages)):
            id = f"{path.stem}#{at}"
            found.append((path.stem, Unit(id, "", chunk.page_content, id)))
    return found


def _judged(found: Mapping[str, Item], units: Sequence[tuple[str, Unit]]) -> Collection:
    """Find the units of each document that hold an item's evidence."""
    return Collection(
        tuple(unit for _, unit in units), {id: _judge(item, units) for id, item in found.items()}
    )


def _judge(item: Item, units: Sequence[tuple[str, Unit]]) -> Judgement:
    holding = {
        evidence.id: frozenset(
            unit.id
            for document, unit in units
            if document == evidence.doc and holds(unit.text, evidence.quote)
        )
        for evidence in item.evidence
    }
    grades: dict[str, int] = {}
    for evidence in item.evidence:
        for id in holding[evidence.id]:
            grades[id] = max(evidence.grade, grades.get(id, 0))
    groups = tuple(
        frozenset().union(*(holding[evidence.id] for evidence in group))
        for group in item.groups.values()
    )
    return Judgement(groups, grades)
