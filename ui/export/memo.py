"""A record as plain values in reading order: what every form of it says, worded once.

Pure. All text has gone through ``readable``; escaping is the work of each form.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, takewhile
from typing import Literal

from assistant.types import Answer, AnswerStatus, Citation, Nearby, Segment
from corpus.dates import MONTHS, german_date
from corpus.types import SLIDE, Scope
from ui.markup import readable
from ui.records import Record
from ui.service import Standing
from ui.wording import DOUBTS, page_name, voice

VERSION_CHARS = 12
"""Of a version's SHA-256, as the command line shows it; 48 bits don't meet by chance."""

VERBATIM = "Die Zitate stehen wörtlich in den genannten Unterlagen."
ALL_VERBATIM = "Jeder Satz der Antwort steht wörtlich in der genannten Quelle."
MACHINE = (
    "Die Antwort hat ein Sprachmodell formuliert; das Programm hat sie an den Quellen geprüft."
)
NEWER = "Seither gibt es eine neuere Fassung dieser Unterlage."
NEWER_ALONE = (
    "Seither gibt es eine neuere Fassung dieser Unterlage; die zitierte wird nicht mehr aufbewahrt."
)
REMOVED = "Diese Unterlage ist nicht mehr in der Sammlung."
_OUTCOME: dict[AnswerStatus, str] = {
    "partial": "Die Unterlagen beantworten nur einen Teil der Frage.",
    "refused": "Dazu gibt es keine Antwort.",
    "clarify": "Wie ist die Frage gemeint?",
}
_SENTENCE_END = re.compile(r"[.!?…:;]['\"“”»)\]]*$")
_NUMBERED = re.compile(r"^(?:\d{1,3}|[a-z])[.)]\s")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the answer."""

    kind: Literal["heading", "paragraph", "items", "numbered", "table"]
    """``numbered`` items begin with a number or letter of their own."""
    rows: tuple[tuple[str, ...], ...]
    """One cell a row, but in tables; the first of several rows of a table is its head."""
    numbers: tuple[int, ...] = ()
    """Of the citations that prove it; they stand after the last row."""
    is_ours: bool = False
    """Whether the program says it, rather than the collection."""


@dataclass(frozen=True, slots=True)
class Source:
    """A citation with what has become of it."""

    number: int
    title: str
    place: str
    """Workshop and section; may be empty."""
    page: str
    """As it is printed, „S. 12“; empty for formats without pages."""
    version: str
    """Beginning of the SHA-256 of the file that was read."""
    state: str
    """State of the document as a German date, or „unbekannt“."""
    quote: str
    origin: str
    """That the text is no original, or empty."""
    change: str
    """What has become of the document since; empty when it is as it was."""
    address: str
    """Where the document was fetched from; empty when it was a file."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what is known of it beside title and quote, as pairs of name and value."""
        facts = (
            ("Stelle", self.place),
            ("Seite", self.page),
            ("Stand der Unterlage", self.state),
            ("Fassung", self.version),
            ("Herkunft", self.origin),
            ("Adresse", self.address),
            ("Hinweis", self.change),
        )
        return tuple((name, value) for name, value in facts if value)


@dataclass(frozen=True, slots=True)
class Memo:
    """All that is said of a record."""

    question: str
    asked: datetime
    body: tuple[Block, ...]
    sources: tuple[Source, ...]
    """By number."""
    facts: tuple[tuple[str, str], ...]
    """How the answer came about, as pairs of name and value."""
    notes: tuple[str, ...]
    """What whoever reads the file must know."""


def memo(record: Record, standings: Sequence[Standing] = ()) -> Memo:
    """Put a record into words. ``standings`` say what has become of its citations."""
    answer = record.answer
    known = {standing.citation.key: standing for standing in standings}
    cited = sorted(answer.citations, key=lambda citation: citation.number)
    sources = tuple(_source(citation, known.get(citation.key)) for citation in cited)
    return Memo(
        question=readable(answer.question),
        asked=record.asked,
        body=tuple(_readable(block) for block in _body(answer)),
        sources=sources,
        facts=tuple((name, readable(value)) for name, value in _facts(record)),
        notes=tuple(map(readable, _notes(answer))),
    )


def _readable(block: Block) -> Block:
    return replace(block, rows=tuple(tuple(map(readable, row)) for row in block.rows))


def moment(asked: datetime) -> str:
    """Return "23. November 2026, 9:47 Uhr (UTC+1)"."""
    offset = asked.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    shift = f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    zone = f"UTC{shift}" if minutes else "UTC"
    day = f"{asked.day}. {MONTHS[asked.month - 1]} {asked.year}"
    return f"{day}, {asked.hour}:{asked.minute:02} Uhr ({zone})"


# -- sources -------------------------------------------------------------------------------


def _source(citation: Citation, standing: Standing | None) -> Source:
    workshop = "" if citation.workshop is None else voice(citation)
    place = " · ".join(part for part in (workshop, " › ".join(citation.section)) if part)
    document = standing.document if standing else None
    address = document.source if document else ""
    return Source(
        number=citation.number,
        title=readable(citation.title),
        place=readable(place),
        page=readable(page_name(citation)),
        version=readable(citation.version[:VERSION_CHARS]),
        state=german_date(citation.date) or "unbekannt",
        quote=readable(citation.quote),
        origin=readable(citation.origin),
        change=change(standing),
        address=readable(address) if re.match(r"https?://", address) else "",
    )


def change(standing: Standing | None) -> str:
    """Say what has become of a cited document; nothing where it is as it was."""
    if standing is None or standing.state == "current":
        return ""
    if standing.state == "removed":
        return REMOVED
    return NEWER if standing.document else NEWER_ALONE


# -- how it came about ---------------------------------------------------------------------


def _facts(record: Record) -> Iterable[tuple[str, str]]:
    answer = record.answer
    yield "Datum der Abfrage", moment(record.asked)
    if answer.query and answer.query.strip() != answer.question.strip():
        yield "Gesucht nach", answer.query
    if answer.scope:
        yield "Gesucht in", ", ".join(_limits(answer.scope))
    yield "Sammlung", answer.generation or "unbekannt"
    if answer.mode == "generative":
        yield "Verfahren", "Von einem Sprachmodell formuliert und an den Quellen geprüft"
        yield "Sprachmodell", record.writer or "unbekannt"
    else:
        yield "Verfahren", "Wörtliche Fundstellen, ohne Sprachmodell"
    if record.embedder:
        yield "Modell der Suche", record.embedder


def _limits(scope: Scope) -> Iterable[str]:
    one = () if scope.workshop is None else (scope.workshop,)
    yield from (f"Werkstatt {number}" for number in sorted({*one, *scope.workshops}))
    named = () if scope.document is None else (scope.document,)
    yield from (f"Unterlage „{id}“" for id in sorted({*named, *scope.documents}))


def _notes(answer: Answer) -> Iterable[str]:
    if answer.citations:
        yield VERBATIM
    if answer.mode == "generative":
        yield MACHINE
    elif answer.segments and all(s.support == "verbatim" for s in answer.segments):
        yield ALL_VERBATIM
    if answer.note:
        yield answer.note
    numbers = {citation.key: citation.number for citation in answer.citations}
    for one, other in answer.differing:
        if one in numbers and other in numbers:
            yield (
                f"Die Quellen [{numbers[one]}] und [{numbers[other]}] machen verschiedene Angaben. "
                "Bitte prüfen Sie, welche gilt."
            )
    for origin in dict.fromkeys(c.origin for c in answer.citations if c.origin):
        named = ", ".join(f"[{c.number}]" for c in answer.citations if c.origin == origin)
        yield f"Herkunft von {named}: {origin}"


# -- the answer's text ---------------------------------------------------------------------


def _body(answer: Answer) -> Iterable[Block]:
    if answer.refusal:
        if outcome := _OUTCOME.get(answer.status):
            yield Block("paragraph", ((outcome,),), is_ours=True)
        yield Block("paragraph", ((answer.refusal.hint,),), is_ours=True)
    if answer.lead:
        yield Block("paragraph", ((answer.lead,),), is_ours=True)
    cited = {citation.key: citation for citation in answer.citations}
    compared = {key: heading for heading, keys in answer.compared for key in keys}
    voices = [
        (name, list(segments))
        for name, segments in groupby(answer.segments, key=lambda s: _head(s, compared, cited))
    ]
    for name, segments in voices:
        if name and len(voices) > 1:
            yield Block("heading", ((name,),))
        for _, run in groupby(segments, key=lambda s: s.citations):
            yield from _run(list(run), cited)
    if answer.refusal and answer.nearby:
        yield Block("heading", (("Am nächsten kommen diese Stellen",),), is_ours=True)
        yield Block("items", tuple((_place(near),) for near in answer.nearby))
    if answer.terms:
        yield Block("heading", (("Begriffe",),), is_ours=True)
        yield Block("items", tuple((f"{term}: {meaning}",) for term, meaning in answer.terms))


def _place(near: Nearby) -> str:
    label = near.page_label
    page = f"S.\u00a0{label}" if label and not label.startswith(SLIDE) else label
    return ", ".join(part for part in (near.title, " › ".join(near.section), page) if part)


def _head(segment: Segment, compared: dict[str, str], cited: dict[str, Citation]) -> str:
    """Name what a segment stands under: what is compared, else who speaks."""
    side = next((compared[key] for key in segment.citations if key in compared), "")
    if side:
        return side
    first = next((cited[key] for key in segment.citations if key in cited), None)
    return voice(first) if first else ""


def _run(run: Sequence[Segment], cited: dict[str, Citation]) -> Iterable[Block]:
    """Put segments that share their citations into blocks, the numbers after the last."""
    citations = [cited[key] for key in run[0].citations if key in cited]
    numbers = tuple(citation.number for citation in citations)
    if any("\t" in segment.text for segment in run):
        blocks = [block for segment in run for block in _table(segment)]
    else:
        blocks = _blocks(_rows(run, citations[0].quote if len(citations) == 1 else ""))
    *others, last = blocks
    yield from others
    yield replace(last, numbers=numbers)


def _said(segment: Segment) -> str:
    words = DOUBTS.get(segment.support)
    return f"{segment.text} ({words})" if words else segment.text


def _rows(run: Sequence[Segment], quote: str) -> list[str]:
    """Put segments on one row unless the quote breaks the line between or inside them."""
    rows, position = [_said(run[0])], max(quote.find(run[0].text), 0) + len(run[0].text)
    for segment in run[1:]:
        found = quote.find(segment.text, position)
        if found >= 0 and "\n" in quote[position:found]:
            rows.append(_said(segment))
        else:
            rows[-1] = f"{rows[-1]} {_said(segment)}"
        position = found + len(segment.text) if found >= 0 else position
    return [line for row in rows for line in row.split("\n") if line.strip()] or rows


def _blocks(rows: Sequence[str]) -> list[Block]:
    """Make a list of rows that look like items, after their lead-in; paragraphs of all else."""
    lead = 1 if len(rows) > 1 and rows[0].endswith(":") else 0
    rest = rows[lead:]
    numbered = len(rest) > 1 and all(_NUMBERED.match(line) for line in rest)
    unfinished = not any(_SENTENCE_END.search(line) for line in rest[:-1])
    if len(rest) > 1 and (lead or numbered or unfinished):
        listed = Block("numbered" if numbered else "items", tuple((row,) for row in rest))
        return [*(Block("paragraph", ((row,),)) for row in rows[:lead]), listed]
    return [Block("paragraph", ((row,),)) for row in rows]


def _table(segment: Segment) -> list[Block]:
    """Cut text at line ends and tabs; lines before the first tab are its caption."""
    written = [line for line in segment.text.split("\n") if line.strip()]
    captions = [*takewhile(lambda line: "\t" not in line, written)] if "\t" in segment.text else []
    rows = [line.split("\t") for line in written[len(captions) :]]
    width = max((len(row) for row in rows), default=0)
    full = tuple(tuple([*row, *[""] * (width - len(row))]) for row in rows)
    said = DOUBTS.get(segment.support)
    return [
        *(Block("paragraph", ((line,),)) for line in captions),
        *([Block("table", full)] if full else []),
        *([Block("paragraph", ((f"({said})",),))] if said else []),
    ]
