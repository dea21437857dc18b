"""Folders of German Markdown -> paragraphs -> pairs of texts that mean the same. For training.

The texts need no labels: a heading and what stands under it, neighbouring paragraphs, a
sentence and the paragraph it was taken from, a short form and its long form.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from corpus.catalogue import Glossary

MIN_PARAGRAPH = 40
"""Characters; what is shorter says nothing by itself."""
MIN_HEADING = 8
UNDER_HEADING = 8
"""Paragraphs paired with their heading at most."""
LONG_PARAGRAPH = 200
"""Characters from which a paragraph of one sentence is cut in the middle."""
KEEP_SENTENCE = 0.1
"""How often the sentence taken out stays in its paragraph as well (inverse cloze task)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list item or table of a training text."""

    document: str
    title: str
    way: tuple[str, ...]
    """Headings from the top down, without the title."""
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, the one that is more like a question first."""

    question: str
    passage: str


def read_folder(folder: Path, without: Iterable[str] = ()) -> list[Paragraph]:
    """Return the paragraphs of all .md and .txt files but README and those named, in order."""
    skipped = {"README", *without}
    files = sorted(p for p in folder.rglob("*") if p.suffix in {".md", ".txt"})
    return [
        paragraph
        for file in files
        if file.stem not in skipped
        for paragraph in paragraphs(file.stem, file.read_text(encoding="utf-8"))
    ]


def paragraphs(document: str, text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a Markdown text, markup and front matter taken off."""
    front, body = _front_matter(text)
    named = re.search(r"^titel:\s*[\"']?(.+?)[\"']?\s*$", front, re.MULTILINE)
    title = named[1] if named else ""
    way: dict[int, str] = {}
    for block in re.split(r"\n\s*\n", body):
        heading = re.match(r"\s*(#{1,6})\s+(.*)", block, re.DOTALL)
        if heading:
            rank, words = len(heading[1]), _plain(heading[2])
            title = title or words
            way = {r: h for r, h in way.items() if r < rank} | {rank: words}
        elif len(plain := _plain(block)) >= MIN_PARAGRAPH and not _is_definition(block):
            headings = tuple(way[rank] for rank in sorted(way) if way[rank] != title)
            yield Paragraph(document, title, headings, plain)


def pairs(found: Sequence[Paragraph], seed: int) -> list[Pair]:
    """Return training pairs from paragraphs in reading order."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    made: list[Pair] = []
    for (_, way), group in groupby(found, key=lambda p: (p.document, p.way)):
        texts = [paragraph.text for paragraph in group]
        heading = bare_heading(way[-1]) if way else ""
        if len(heading) >= MIN_HEADING:
            made += [Pair(heading, text) for text in texts[:UNDER_HEADING]]
            if len(texts) > 1:
                made.append(Pair(heading, "\n".join(texts[: UNDER_HEADING // 2])))
        made += [Pair(before, after) for before, after in pairwise(texts)]
        made += [pair for text in texts if (pair := _cloze(text, chance))]
    return made


def glossary_pairs(glossary: Glossary) -> list[Pair]:
    """Return short forms with their long form, and each term with its variants."""
    forms = [
        Pair(form, entry.long_form)
        for entry in glossary.abbreviations
        for form in entry.short_forms
    ]
    variants = [Pair(first, other) for first, *others in glossary.synonyms for other in others]
    return forms + variants


def bare_heading(heading: str) -> str:
    """Return a heading without its section number."""
    return re.sub(r"^(?:§§?|Art\.?|Kapitel)?\s*\d+(?:\.\d+)*\w?\b\.?\s*", "", heading).strip()


def _front_matter(text: str) -> tuple[str, str]:
    parts = re.split(r"^---\s*$", text, maxsplit=2, flags=re.MULTILINE)
    return (parts[1], parts[2]) if len(parts) == 3 and not parts[0].strip() else ("", text)


def _plain(block: str) -> str:
    linked = re.sub(r"\[([^\]^]+)\]\([^)]*\)", r"\1", block)
    without = re.sub(r"\[\^[^\]]*\]:?|<[^>]*>|https?://\S+|\*\*|__|`", "", linked)
    cells = re.sub(r"\|[\s|:-]*", " ", without)
    return " ".join(re.sub(r"^\s*(?:[-*+>]\s|#+\s)", "", cells, flags=re.MULTILINE).split())


def _is_definition(block: str) -> bool:
    """Tell date lines of a law's head ("Fundstelle : BGBl …") from text."""
    return bool(re.search(r"^:\s", block, re.MULTILINE))


def _cloze(text: str, chance: random.Random) -> Pair | None:
    sentences = re.split(r"(?<=[.;:!?])\s+(?=[A-ZÄÖÜ(„])", text)
    if len(sentences) > 1:
        at = chance.randrange(len(sentences))
        rest = sentences[:at] + sentences[at + 1 :]
        keep = chance.random() < KEEP_SENTENCE
        return Pair(sentences[at], text if keep else " ".join(rest))
    if len(text) >= LONG_PARAGRAPH:
        words = text.split()
        half = len(words) // 2
        return Pair(" ".join(words[:half]), " ".join(words[half:]))
    return None
