"""What comes out of files: the product beside the plain recipe, against known ground truth.

``python -m tests.bench.extraction [--json FILE] [--markdown] [--long PAGES] [NAME…]``. Every
file is read in a process of its own. Both ways are measured alike: a sentence counts when it
stands word for word, but for white space and the look of quotes, in one unit of what would be
indexed: a passage of ours, a chunk of the recipe.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, pairwise
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium

from tests.bench import expected
from tests.bench.expected import FILES, GROUPS, RUNNING, Sentence, TestFile

ROOT = Path(__file__).parents[2]
WAYS = {"ours": "Sozialraum-Assistent", "plain": "einfaches Rezept"}
ROUNDS = 3  # the fastest counts: other programs only slow down
_QUOTES = dict.fromkeys(map(ord, '„“”‟«»"'), '"') | dict.fromkeys(map(ord, "‚‘’‛"), "'")


def main() -> None:
    """Measure all files, or those named, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of file names; all without")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--long", type=int, help="also read a file of so many pages")
    parser.add_argument("--child", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name = arguments.names[0]
        score = measured(FILES.get(name) or TestFile(name), arguments.child)
        print(json.dumps(asdict(score)))
        return
    wanted = [
        file for file in FILES if not arguments.names or any(n in file for n in arguments.names)
    ]
    scores = {file: {way: _in_child(file, way) for way in WAYS} for file in wanted}
    if arguments.long:
        scores |= _long_file(arguments.long)
    print(table(scores, markdown=arguments.markdown))
    if arguments.json:
        figures = {
            file: {way: asdict(score) for way, score in ways.items()}
            for file, ways in scores.items()
        }
        arguments.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), "utf-8")


# ---- what a way makes of a file


class Unit(NamedTuple):
    """A passage or chunk, and what it knows of a stretch of its text."""

    text: str
    page: Callable[[int, int], int | None]
    workshop: Callable[[int], int | None]
    section: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """All that reading a file yields."""

    units: list[Unit]
    text: str
    """In reading order."""
    headings: list[str] | None
    """None where the way knows of none."""
    pages: int


def ours(path: Path) -> Callable[[], Output]:
    """Read as the product does, up to passages with their workshops."""
    from corpus.catalogue import Catalogue
    from ingest.attribution import Origin, attributed
    from ingest.passages import boxes_of
    from ingest.reader import read

    def unit(passage: object) -> Unit:
        def page(start: int, end: int) -> int | None:
            boxes = boxes_of(passage, start, end)
            return boxes[0].page if boxes else next(iter(passage.pages), None)

        return Unit(passage.text, page, lambda at: passage.workshop, passage.section)

    def run() -> Output:
        origin = Origin("x", "x", path.name, str(path), str(path.parent))
        reading = attributed(read(path, path.name), origin, Catalogue())
        headings = [section.path[-1] for section in reading.sections if section.path]
        units = [unit(passage) for passage in reading.passages]
        return Output(units, reading.text, headings, len(reading.document.page_labels))

    return run


def plain(path: Path) -> Callable[[], Output]:
    """Read as everybody does first."""
    from tests.bench import plain_recipe

    def unit(chunk: object) -> Unit:
        text, page = chunk.page_content, chunk.metadata.get("page")
        return Unit(
            text, lambda start, end: page, lambda at: plain_recipe.workshop_before(text, at)
        )

    def run() -> Output:
        pages = plain_recipe.load(path)
        units = [unit(chunk) for chunk in plain_recipe.chunks(pages)]
        numbered = "page" in pages[0].metadata if pages else False
        text = "\n".join(page.page_content for page in pages)
        return Output(units, text, None, len(pages) if numbered else 0)

    return run


# ---- measuring


@dataclass(slots=True)
class Score:
    """Counts; what isn't applicable has nothing expected."""

    refused: str = ""
    """Why the file wasn't read, as the way says it."""
    sentences: int = 0
    found: int = 0
    pairs: int = 0
    """Consecutive sentences of running text of which both were found."""
    misordered: int = 0
    headings: int = 0
    headings_found: int = 0
    headings_given: int = 0
    paged: int = 0
    page_right: int = 0
    sectioned: int = 0
    section_right: int = 0
    attributed: int = 0
    workshop_right: int = 0
    rows: int = 0
    rows_found: int = 0
    words: int = 0
    words_found: int = 0
    pages: int = 0
    cpu_s: float = 0.0
    memory_mib: float = 0.0
    lost: list[str] = field(default_factory=list)
    """Sentences that weren't found, for whoever repairs it."""


def measured(file: TestFile, way: str) -> Score:
    """Read a file some times in this process and score what comes out."""
    run = {"ours": ours, "plain": plain}[way](file.path)
    cpu_s = []
    try:
        for _ in range(ROUNDS if file.truth else 1):
            start = _cpu_s()
            output = run()
            cpu_s.append(_cpu_s() - start)
    except Exception as fault:
        code = getattr(fault, "code", "") or type(fault).__name__
        score = Score(refused=str(code))
        output = Output([], "", None, 0)
        _count(score, file, output)
    else:
        score = Score(pages=output.pages, cpu_s=min(cpu_s))
        _count(score, file, output)
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    score.memory_mib = max(usage.ru_maxrss for usage in usages) / 1024
    return score


def _count(score: Score, file: TestFile, output: Output) -> None:
    if not file.truth:
        return
    blocks = expected.blocks(file)
    sentences = expected.sentences(blocks)
    units = [(unit, *flat(unit.text)) for unit in output.units]
    for sentence in sentences:
        _count_sentence(score, sentence, units)
    _count_order(score, sentences, flat(output.text)[0])
    rows = [flat(row)[0] for row in expected.rows(blocks)]
    score.rows = len(rows)
    score.rows_found = sum(any(row in text for _, text, _ in units) for row in rows)
    _count_headings(score, blocks, output.headings)
    _count_words(score, sentences, units)


_Flat = tuple[Unit, str, list[int]]


def _count_sentence(score: Score, sentence: Sentence, units: Sequence[_Flat]) -> None:
    wanted = flat(sentence.text)[0]
    places = [
        (unit, offsets[at], offsets[at + len(wanted) - 1] + 1)
        for unit, text, offsets in units
        if (at := text.find(wanted)) >= 0
    ]
    score.sentences += 1
    score.found += bool(places)
    if not places:
        score.lost.append(sentence.text)
    if sentence.pages is not None:
        score.paged += 1
        score.page_right += any(u.page(start, end) in sentence.pages for u, start, end in places)
    if sentence.section is not None:
        score.sectioned += 1
        score.section_right += any(_ends_with(u.section, sentence.section) for u, *_ in places)
    if sentence.has_workshop:
        score.attributed += 1
        score.workshop_right += any(u.workshop(at) == sentence.workshop for u, at, _ in places)


def _ends_with(section: tuple[str, ...] | None, wanted: tuple[str, ...]) -> bool:
    """Compare the headings above a passage; the document's title may stand above them."""
    path = [flat(heading)[0] for heading in section or ()]
    return path[-len(wanted) :] == [flat(heading)[0] for heading in wanted]


def _count_order(score: Score, sentences: Sequence[Sentence], text: str) -> None:
    """Count neighbours of running text that stand the wrong way round."""
    running = [flat(s.text)[0] for s in sentences if s.kind in RUNNING]
    for first, second in pairwise(running):
        at, after = text.find(first), text.find(second)
        if at >= 0 and after >= 0:
            score.pairs += 1
            score.misordered += text.find(second, at) < 0


def _count_headings(score: Score, blocks: list[expected.Block], given: list[str] | None) -> None:
    wanted = Counter(flat(heading)[0] for heading in expected.headings(blocks))
    titles = {flat(title)[0] for title in expected.titles(blocks)}
    found = Counter(heading for text in given or () if (heading := flat(text)[0]) not in titles)
    score.headings = wanted.total()
    score.headings_found = (wanted & found).total()
    score.headings_given = found.total()


def _count_words(score: Score, sentences: Sequence[Sentence], units: Sequence[_Flat]) -> None:
    """Count the truth's words that came out, wherever; chunks that overlap help themselves."""
    wanted = Counter(word for s in sentences for word in flat(s.text)[0].split())
    found = Counter(word for _, text, _ in units for word in text.split())
    score.words, score.words_found = wanted.total(), (wanted & found).total()


def flat(text: str) -> tuple[str, list[int]]:
    """Return the text with single blanks and plain quotes, and where each sign comes from."""
    signs: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        if char.isspace():
            plain_signs = " " if signs and signs[-1] != " " else ""
        else:
            plain_signs = unicodedata.normalize("NFKC", char).translate(_QUOTES)
        signs += plain_signs
        offsets += [at] * len(plain_signs)
    if signs and signs[-1] == " ":
        signs.pop()
        offsets.pop()
    return "".join(signs), offsets


def _cpu_s() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _long_file(pages: int) -> dict[str, dict[str, Score]]:
    """Measure speed and memory on our own brochures, bound to one file of so many pages."""
    name = f"{pages} Seiten unserer Hefte"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lang.pdf"
        bound = pdfium.PdfDocument.new()
        for part in cycle(sorted((ROOT / "corpus" / "documents").glob("*.pdf"))):
            source = pdfium.PdfDocument(part)
            bound.import_pages(source, list(range(min(len(source), pages - len(bound)))))
            if len(bound) == pages:
                break
        bound.save(path)
        return {name: {way: _in_child(str(path), way) for way in WAYS}}


def _in_child(file: str, way: str) -> Score:
    command = [sys.executable, "-m", "tests.bench.extraction", file, "--child", way]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        return Score(refused=f"Absturz ({done.returncode}): {done.stderr.strip()[-200:]}")
    return Score(**json.loads(done.stdout.splitlines()[-1]))


# ---- the table


_COLUMNS: dict[str, Callable[[Score], str]] = {
    "Sätze %": lambda s: _share(s.found, s.sentences),
    "Wörter %": lambda s: _share(s.words_found, s.words),
    "Reihenfolge falsch": lambda s: f"{s.misordered} von {s.pairs}" if s.pairs else "–",
    "Überschriften Treffer %": lambda s: _share(s.headings_found, s.headings_given),
    "Überschriften gefunden %": lambda s: _share(s.headings_found, s.headings),
    "Seite %": lambda s: _share(s.page_right, s.paged),
    "Abschnitt %": lambda s: _share(s.section_right, s.sectioned),
    "Werkstatt %": lambda s: _share(s.workshop_right, s.attributed),
    "Tabellenzeilen": lambda s: f"{s.rows_found} von {s.rows}" if s.rows else "–",
    "Seiten/s": lambda s: _number(s.pages / s.cpu_s) if s.pages and s.cpu_s else "–",
    "MiB": lambda s: f"{s.memory_mib:.0f}",
}


def table(scores: dict[str, dict[str, Score]], *, markdown: bool) -> str:
    """Return the figures as text: two rows a file, and a sum for every group."""
    lines = [("Datei", "Weg", *_COLUMNS)]
    for group, files in GROUPS.items():
        its = [file.name for file in files if file.name in scores]
        for name in its:
            for way, score in scores[name].items():
                shown = Path(name).name if way == "ours" else ""
                lines.append((shown, WAYS[way], *_cells(score)))
        if len(its) > 1 and files != GROUPS["Nicht zu lesen"]:
            for way in WAYS:
                total = _total([scores[name][way] for name in its])
                shown = f"Summe: {group}" if way == "ours" else ""
                lines.append((shown, WAYS[way], *_cells(total)))
    for name in scores.keys() - FILES.keys():
        for way, score in scores[name].items():
            lines.append((name if way == "ours" else "", WAYS[way], *_cells(score)))
    if markdown:
        lines.insert(1, ("---",) * len(lines[0]))
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(score: Score) -> list[str]:
    cells = [show(score) for show in _COLUMNS.values()]
    if score.refused:
        cells[0] = f"{cells[0]} ({score.refused})" if score.sentences else score.refused
    return cells


def _total(scores: Sequence[Score]) -> Score:
    total = Score(memory_mib=max(score.memory_mib for score in scores))
    for name, value in asdict(total).items():
        if isinstance(value, int | float) and name != "memory_mib":
            setattr(total, name, sum(getattr(score, name) for score in scores))
    total.cpu_s = sum(score.cpu_s for score in scores if score.pages)
    return total


def _share(part: int, whole: int) -> str:
    return _number(100 * part / whole) if whole else "–"


def _number(value: float) -> str:
    return re.sub(r"\.0$", "", f"{value:.1f}").replace(".", ",")


if __name__ == "__main__":
    main()
