"""A folder in BEIR layout -> passages, queries, judgements.

corpus.jsonl      one object a line: _id, title (may be missing), text
queries.jsonl     one object a line: _id, text
qrels/SPLIT.tsv   query-id, corpus-id, score, between tabs; a first line with these names may stand
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from corpus.errors import SozialraumError
from tests.bench.passages import Entry


class BeirError(SozialraumError):
    """A folder isn't in BEIR layout; the message names file and line."""

    code = "ERR_BEIR"


@dataclass(frozen=True, slots=True)
class BeirSet:
    """What a folder holds, ready to be asked."""

    entries: tuple[Entry, ...]
    """Passages with a text or a title, in the order of the file."""
    queries: Mapping[str, str]
    """Those with at least one relevant passage."""
    qrels: Mapping[str, Mapping[str, int]]
    """Query -> passage -> grade above zero. Passages that the corpus lacks stay: never found."""
    notes: tuple[str, ...]
    """What was left out, in German."""


def read(folder: Path, split: str) -> BeirSet:
    """Read a folder. Raises BeirError for the first line that isn't as it should be."""
    corpus, queries = folder / "corpus.jsonl", folder / "queries.jsonl"
    entries = {
        id: Entry(id, _text(row, "title", corpus, line, ""), _text(row, "text", corpus, line))
        for id, row, line in _objects(corpus)
    }
    asked = {id: _text(row, "text", queries, line) for id, row, line in _objects(queries)}
    given = _qrels(folder, split)
    relevant = {
        query: {id: grade for id, grade in grades.items() if grade > 0}
        for query, grades in given.items()
        if query in asked
    }
    relevant = {query: grades for query, grades in relevant.items() if grades}
    if not relevant:
        raise BeirError(
            f"{folder}: Keine Frage des Teils „{split}“ hat eine passende Textstelle. Bitte "
            "prüfen Sie, ob die Kennungen in queries.jsonl und qrels dieselben sind."
        )
    full = tuple(_filled(entry) for entry in entries.values() if entry.text or entry.title)
    absent = {id for grades in relevant.values() for id in grades} - {e.id for e in full}
    notes = {
        "Textstellen ohne Text ausgelassen": len(entries) - len(full),
        "Fragen der qrels, die queries.jsonl nicht hat, ausgelassen": len(given.keys() - asked),
        "Fragen ohne passende Textstelle ausgelassen": len(given.keys() & asked) - len(relevant),
        "passende Textstellen fehlen in corpus.jsonl und gelten als nicht gefunden": len(absent),
    }
    return BeirSet(
        full,
        {query: asked[query] for query in sorted(relevant)},
        relevant,
        tuple(f"{count} {what}" for what, count in notes.items() if count),
    )


def _filled(entry: Entry) -> Entry:
    return entry if entry.text else Entry(entry.id, "", entry.title)


def _objects(path: Path) -> Iterator[tuple[str, dict[str, object], int]]:
    """Yield id, object and line number of a file of JSON lines."""
    seen: dict[str, int] = {}
    for line, text in _lines(path):
        try:
            row = json.loads(text)
        except ValueError as fault:
            _refuse(path, line, f"kein gültiges JSON ({fault})")
        if not isinstance(row, dict):
            _refuse(path, line, "kein JSON-Objekt")
        id = row.get("_id")
        if not isinstance(id, str | int) or isinstance(id, bool) or not str(id).strip():
            _refuse(path, line, "das Feld „_id“ fehlt oder ist kein Text")
        id = str(id)
        if id in seen:
            _refuse(path, line, f"die Kennung „{id}“ gibt es schon in Zeile {seen[id]}")
        seen[id] = line
        yield id, row, line


def _text(
    row: dict[str, object], field: str, path: Path, line: int, default: str | None = None
) -> str:
    value = row.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        _refuse(path, line, f"das Feld „{field}“ fehlt oder ist kein Text")
    return " ".join(value.split("\0")).strip()


def _qrels(folder: Path, split: str) -> dict[str, dict[str, int]]:
    path = folder / "qrels" / f"{split}.tsv"
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in folder.glob("qrels/*.tsv")))
        raise BeirError(
            f"{path} fehlt. Bitte nennen Sie mit --split einen Teil, den es gibt"
            f"{f': {there}' if there else '; im Ordner qrels liegt keine .tsv-Datei'}."
        )
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line, text in _lines(path):
        cells = text.rstrip("\r\n").split("\t")
        if line == 1 and cells[-1].strip() == "score":
            continue
        if len(cells) != 3:
            _refuse(path, line, f"{len(cells)} statt 3 Spalten zwischen Tabulatoren")
        query, passage, score = (cell.strip() for cell in cells)
        try:
            grades[query][passage] = int(float(score))
        except (ValueError, OverflowError):
            _refuse(path, line, f"„{score}“ ist keine Zahl")
    return dict(grades)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that isn't empty."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                try:
                    text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as fault:
                    _refuse(path, number, f"kein UTF-8 ({fault.reason})")
                if text.strip():
                    yield number, text
    except OSError as fault:
        raise BeirError(
            f"{path} lässt sich nicht lesen ({fault.strerror}). Der Ordner braucht corpus.jsonl, "
            "queries.jsonl und qrels/TEIL.tsv."
        ) from fault


def _refuse(path: Path, line: int, problem: str) -> NoReturn:
    raise BeirError(f"{path}, Zeile {line}: {problem}. Bitte berichtigen Sie die Zeile.")
