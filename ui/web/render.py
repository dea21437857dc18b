"""Answers as German HTML: the way untrusted text reaches the browser, with ``markup`` below it.

Pure: values in, fenced HTML out. What the reader can press carries its meaning in its id or
fragment; ``ui.targets`` names them and reads them back.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from assistant.evaluation.feedback import Entry
from assistant.types import Answer, Citation, RefusalReason, Segment
from corpus.dates import german_date
from ui.markup import Html, fence, items, join, lines, tag
from ui.web import rating, targets
from ui.wording import made_of, place, voice, where

_REASONS: dict[RefusalReason, str] = {
    "not_in_corpus": "Dazu gibt es keine Antwort.",
    "out_of_scope": "Das ist kein Thema dieser Sammlung.",
    "false_premise": "Die Frage setzt etwas voraus, das nicht zutrifft.",
    "outdated": "Dazu kennt die Sammlung nur einen älteren Stand.",
    "ambiguous": "Wie ist die Frage gemeint?",
    "unknown_workshop": "Zu dieser Werkstatt ist noch nichts eingelesen.",
    "empty_collection": "Es sind noch keine Unterlagen eingelesen.",
}
_LOCATED = {
    "exact": "Stelle auf der Seite markiert",
    "page": "Seite ohne genaue Stelle",
    "document": "Dokument ohne Seiten",
}
_SUPPORT = {"partial": "teilweise belegt", "none": "nicht belegt"}
# A question beyond this is rather something pasted; its beginning is enough to know it by.
MAX_SHOWN_CHARS = 600
_SENTENCE_END = re.compile(r"[.!?…:;]['\"“”»)\]]*$")
_NUMBERED = re.compile(r"^(?:\d{1,3}|[a-z])[.)]\s")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of the conversation and what came of it."""

    question: str
    answer: Answer | None = None
    """None while the search goes on, or when it failed."""
    error: str = ""
    """German message, or empty."""
    mark: str = ""
    """Random; names the rating in the store, so that no press can store a second one."""
    rated: Entry | None = None
    """What its reader said of the answer."""
    trouble: str = ""
    """Why that couldn't be stored; German message, or empty."""


def conversation(exchanges: Sequence[Exchange], *, rateable: bool = False) -> Html:
    """Render the whole conversation, oldest exchange first; ``rateable`` with buttons to rate."""
    shown = (_exchange(number, item, rateable) for number, item in enumerate(exchanges))
    return fence(join(*shown))


def _exchange(number: int, exchange: Exchange, rateable: bool) -> Html:
    question = tag(
        "div",
        tag("h2", "Ihre Frage", class_="unseen"),
        tag("p", lines(_shortened(exchange.question))),
        class_="question",
        tabindex="-1",  # takes the focus when the suggestion that was pressed vanishes
    )
    rated = _rating(number, exchange) if rateable else Html()
    return tag("article", question, _reply(number, exchange), rated, class_="exchange")


def _shortened(question: str) -> str:
    return question if len(question) <= MAX_SHOWN_CHARS else question[:MAX_SHOWN_CHARS] + " …"


def _reply(number: int, exchange: Exchange) -> Html:
    if exchange.error:
        return _failure(exchange.error)
    if exchange.answer is None:
        return tag("p", "Suche in den Unterlagen …", class_="waiting")
    return answer(exchange.answer, number)


def _rating(number: int, exchange: Exchange) -> Html:
    if exchange.answer is None or exchange.answer.status == "error":
        return Html()
    return rating.block(number, exchange.rated, exchange.trouble)


def _failure(message: str) -> Html:
    paragraphs = [tag("p", line) for line in message.splitlines() if line.strip()]
    return tag("div", tag("h3", "Das hat nicht geklappt"), *paragraphs, class_="reply failed")


def answer(given: Answer, exchange: int) -> Html:
    """Render one answer, not yet fenced. ``exchange`` is its place in the conversation."""
    if given.status == "error":
        return _failure(given.refusal.hint if given.refusal else "Bitte fragen Sie noch einmal.")
    parts = (
        tag("h2", "Antwort", class_="unseen"),
        _query(given),
        _refusal(given),
        tag("p", lines(given.note), class_="note") if given.note else Html(),
        _body(given, exchange),
        *_differing(given, exchange),
        _terms(given.terms),
        _assurance(given),
        _suggestions(given, exchange),
        _sources(given.citations, exchange),
    )
    return tag("div", *parts, class_=f"reply {given.status}")


def _query(given: Answer) -> Html:
    """Say what was searched where that isn't just what the reader typed."""
    if given.status == "clarify":
        return Html()
    parts = []
    if given.query and _bare(given.query) != _bare(given.question):
        parts.append(join("Gesucht nach: ", tag("em", given.query)))
    if given.scope.workshop is not None:
        parts.append(join(f"nur in Werkstatt {given.scope.workshop}"))
    elif given.scope.document is not None:
        parts.append(join("nur in der gewählten Unterlage"))
    parts += map(join, made_of(given.understood))
    return tag("p", join(*parts, by=" · "), class_="query") if parts else Html()


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _refusal(given: Answer) -> Html:
    refusal = given.refusal
    if refusal is None:
        return Html()
    heading = {
        "partial": "Die Unterlagen beantworten nur einen Teil der Frage.",
        "clarify": "Wie ist die Frage gemeint?",
    }.get(given.status) or _REASONS[refusal.reason]
    return tag("div", tag("h3", heading), tag("p", lines(refusal.hint)), class_="refusal")


def _terms(terms: Sequence[tuple[str, str]]) -> Html:
    """List short forms and what they mean; they come from the glossary, not from a source."""
    if not terms:
        return Html()
    listed = [join(f"{term}: {meaning}") for term, meaning in terms]
    return tag("div", tag("h3", "Begriffe"), items(listed), class_="meanings")


def _assurance(given: Answer) -> Html:
    if not given.segments:
        return Html()
    if given.mode == "generative":
        words = "Von einem Sprachmodell formuliert und an den Quellen geprüft."
        return tag("p", words, class_="assurance machine")
    if all(segment.support == "verbatim" for segment in given.segments):
        return tag("p", "Jeder Satz steht wörtlich in der Quelle.", class_="assurance")
    return Html()


def _suggestions(given: Answer, exchange: int) -> Html:
    """Offer questions to press; places are only named."""
    if not given.suggestions:
        return Html()
    pressed = [s.rstrip().endswith("?") or given.status == "clarify" for s in given.suggestions]
    listed = [
        tag("button", words, class_="ask", id=targets.suggestion(exchange, number))
        if press
        else join(words)
        for number, (words, press) in enumerate(zip(given.suggestions, pressed, strict=True))
    ]
    heading = "Das könnten Sie fragen" if any(pressed) else "Am nächsten kommen diese Stellen"
    return tag("div", tag("h3", heading), items(listed), class_="suggestions")


def _differing(given: Answer, exchange: int) -> list[Html]:
    """Say which sources contradict each other, each with the state of its document."""
    cited = {citation.key: citation for citation in given.citations}
    return [
        tag(
            "p",
            "Die Quellen machen verschiedene Angaben: ",
            _dated(cited[one], exchange),
            " und ",
            _dated(cited[other], exchange),
            ". Bitte prüfen Sie, welche gilt.",
            class_="differing",
        )
        for one, other in given.differing
        if one in cited and other in cited
    ]


def _dated(citation: Citation, exchange: int) -> Html:
    state = german_date(citation.date)
    return join(_link(citation, exchange), f" (Stand {state})" if state else "")


# The answer's text


def _body(given: Answer, exchange: int) -> Html:
    """Group the segments by who speaks; name the voices only where there are several."""
    cited = {citation.key: citation for citation in given.citations}
    voices = [
        (name, list(segments))
        for name, segments in groupby(given.segments, key=lambda s: _voice_of(s, cited))
    ]
    parts = []
    for name, segments in voices:
        runs = [list(run) for _, run in groupby(segments, key=lambda s: s.citations)]
        heading = tag("h3", name) if len(voices) > 1 and name else Html()
        parts.append(
            tag("div", heading, *(_run(run, cited, exchange) for run in runs), class_="voice")
        )
    return join(*parts)


def _voice_of(segment: Segment, cited: dict[str, Citation]) -> str:
    first = next((cited[key] for key in segment.citations if key in cited), None)
    return voice(first) if first else ""


def _run(run: Sequence[Segment], cited: dict[str, Citation], exchange: int) -> Html:
    """Render consecutive segments that share their citations, the numbers after the last."""
    citations = [cited[key] for key in run[0].citations if key in cited]
    numbers = join(*(_link(citation, exchange) for citation in citations))
    if any("\t" in segment.text for segment in run):
        tables = (table(segment.text) for segment in run)
        return tag("div", *tables, tag("p", numbers, class_="proof"), class_="run")
    rows = _rows(run, citations[0].quote if len(citations) == 1 else "")
    if numbers:
        rows[-1] = join(rows[-1], numbers, by="\u00a0")
    return tag("div", *_blocks(rows), class_="run")


def _rows(run: Sequence[Segment], quote: str) -> list[Html]:
    """Put segments on one row unless the quote breaks the line between or inside them."""
    text = [run[0].text]
    support = [_support(run[0])]
    position = max(quote.find(run[0].text), 0) + len(run[0].text)
    rows = [join(*text, *support, by=" ")]
    for segment in run[1:]:
        found = quote.find(segment.text, position)
        part = join(segment.text, _support(segment), by=" ")
        broken = found >= 0 and "\n" in quote[position:found]
        rows = [*rows, part] if broken else [*rows[:-1], join(rows[-1], part, by=" ")]
        position = found + len(segment.text) if found >= 0 else position
    return [Html(line) for row in rows for line in row.split("\n") if line.strip()] or rows


def _support(segment: Segment) -> Html:
    words = _SUPPORT.get(segment.support)
    return tag("span", words, class_="unproven") if words else Html()


def _blocks(rows: Sequence[Html]) -> list[Html]:
    """Make a list of rows that look like items, after their lead-in; paragraphs of all else."""
    words = [html.unescape(re.sub(r"<[^>]*>", "", row)).strip() for row in rows]
    lead = 1 if len(rows) > 1 and words[0].endswith(":") else 0
    rest = words[lead:]
    numbered = len(rest) > 1 and all(_NUMBERED.match(line) for line in rest)
    unfinished = not any(_SENTENCE_END.search(line) for line in rest[:-1])
    if len(rest) > 1 and (lead or numbered or unfinished):
        listed = items(rows[lead:], class_="numbered" if numbered else "plain")
        return [*(tag("p", row) for row in rows[:lead]), listed]
    return [tag("p", row) for row in rows]


def table(text: str) -> Html:
    """Render table text: rows are lines, cells end at tabs; the first of several is the head.

    Lines before the first tab are its caption.
    """
    written = [line for line in text.split("\n") if line.strip()]
    captions = [*takewhile(lambda line: "\t" not in line, written)] if "\t" in text else []
    rows = [line.split("\t") for line in written[len(captions) :]]
    width = max((len(row) for row in rows), default=0)
    head, body = (rows[:1], rows[1:]) if len(rows) > 1 else ([], rows)
    parts = [tag("thead", _row("th", row, width)) for row in head]
    shown = framed(*parts, tag("tbody", *(_row("td", row, width) for row in body)))
    return join(*(tag("p", line, class_="caption") for line in captions), shown)


def framed(*parts: Html) -> Html:
    """Make a table of head and body that scrolls by itself where it is too wide, keys included."""
    table = tag("table", *parts)
    return tag("div", table, class_="table", role="group", aria_label="Tabelle", tabindex="0")


def _row(kind: str, cells: Iterable[str], width: int) -> Html:
    """Fill up short rows, so that every column keeps its place."""
    full = [*cells][:width] + [""] * (width - len([*cells]))
    scope = "col" if kind == "th" else None
    return tag("tr", *(tag(kind, cell, scope=scope) for cell in full))


def _link(citation: Citation, exchange: int) -> Html:
    unseen = tag("span", f" Quelle {citation.number}: {place(citation)}", class_="unseen")
    target = targets.source(exchange, citation.number)
    return tag("a", f"[{citation.number}]", unseen, href=f"#{target}", class_="cite")


# The list of sources


def _sources(citations: Sequence[Citation], exchange: int) -> Html:
    if not citations:
        return Html()
    heading = "Quelle" if len(citations) == 1 else f"{len(citations)} Quellen"
    cards = [
        tag("li", *_card(c, exchange), id=targets.source(exchange, c.number), class_="card")
        for c in sorted(citations, key=lambda c: c.number)
    ]
    return tag("div", tag("h3", heading), tag("ol", *cards), class_="sources")


def _card(citation: Citation, exchange: int) -> tuple[Html, Html]:
    opened = targets.opening(exchange, citation.number)
    return (
        tag("span", f"[{citation.number}]", class_="number"),
        tag(
            "div",
            tag("p", tag("button", citation.title, class_="open", id=opened), class_="title"),
            tag("p", where(citation), class_="where"),
            _quote(citation.quote),
            tag("p", _LOCATED[citation.located], class_="located"),
            origin(citation.origin),
        ),
    )


def _quote(text: str) -> Html:
    """Show a table's rows as lines; it stands as a table in the answer and in the panel."""
    return tag("blockquote", tag("p", "„", lines(text.replace("\t", " · ")), "“"))


def origin(note: str) -> Html:
    """Render the note of origin; nothing for an original."""
    return tag("p", note, class_="origin") if note else Html()
