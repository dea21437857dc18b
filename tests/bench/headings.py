"""Markdown texts -> passages and headings to ask for: a task with free labels, of any size."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from corpus.training_texts import Paragraph, bare_heading, paragraphs
from tests.bench.passages import Entry

MAX_CHARS = 1_000
"""Of a passage; about what reading in makes."""
MIN_HEADING = 8
"""Characters; "Zweck" and the like stand in every law."""


def read(
    files: Sequence[Path],
) -> tuple[tuple[Entry, ...], dict[str, str], dict[str, dict[str, int]]]:
    """Return passages, queries and judgements.

    Each heading is asked for; right are the passages under it, which no longer say it.
    """
    found = [passage for file in sorted(files) for passage in _passages(file)]
    ids = [f"{p.document}-{at:05}" for at, p in enumerate(found)]
    queries: dict[str, str] = {}
    qrels: dict[str, dict[str, int]] = {}
    together = groupby(zip(ids, found, strict=True), key=lambda p: (p[1].document, p[1].way))
    for (_, way), group in together:
        heading = bare_heading(way[-1]) if way else ""
        if len(heading) >= MIN_HEADING and "weggefallen" not in heading:
            under = [id for id, _ in group]
            queries[under[0]] = heading
            qrels[under[0]] = dict.fromkeys(under, 1)
    entries = (Entry(id, p.title, p.text, p.way[:-1]) for id, p in zip(ids, found, strict=True))
    return tuple(entries), queries, qrels


def _passages(file: Path) -> list[Paragraph]:
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
