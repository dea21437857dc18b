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
from assistant.types import Answer, Citation, RefusalReason, Segment, Stage
from corpus.dates import german_date
from ui.markup import Html, fence, foreign, items, join, lines, tag, text
from ui.web import targets
from ui.web.answer import onward, rating, source_list, take_away
from ui.web.answer.whereabouts import place, voice, where
from ui.wording import made_of

_REASONS: dict[RefusalReason, str] = {
    "not_in_corpus": "Dazu gibt es keine Antwort.",
    "out_of_scope": "Das ist kein Thema dieser Sammlung.",
    "false_premise": "Die Frage setzt etwas voraus, das nicht zutrifft.",
    "outdated": "Dazu kennt die Sammlung nur einen älteren Stand.",
    "ambiguous": "Wie ist die Frage gemeint?",
    "unknown_workshop": "Zu dieser Werkstatt ist noch nichts eingelesen.",
    "empty_collection": "Es sind noch keine Unterlagen eingelesen.",
}
_SUPPORT = {"partial": "teilweise belegt", "none": "nicht belegt"}
# A question beyond this is rather something pasted; its beginning is enough to know it by.
MAX_SHOWN_CHARS = 600
_SENTENCE_END = re.compile(r"[.!?…:;]['\"“”»)\]]*$")
_WORKSHOP = re.compile(r"Werkstatt \d+(?::|$)")
_NUMBERED = re.compile(r"^(?:\d{1,3}|[a-z])[.)]\s")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of the conversation and what came of it."""

    question: str
    answer: Answer | None = None
    """None while the search goes on, or when it failed; grows while a model writes."""
    stage: Stage = "done"
    """How far the question has come."""
    ahead: int = 0
    """How many other questions must be answered before the search begins."""
    searched: str = ""
    """What is being searched, for the reader to see meanwhile: „17 Unterlagen“."""
    within: str = ""
    """What the reader has limited the search to; empty when nothing."""
    error: str = ""
    """German message, or empty."""
    mark: str = ""
    """Random; names the rating in the store, so that no press can store a second one."""
    rated: Entry | None = None
    """What its reader said of the answer."""
    trouble: str = ""
    """Why that couldn't be stored; German message, or empty."""
    record: str = ""
    """Id under which the answer can be taken away, see ui/records.py; empty while it can't."""


def conversation(exchanges: Sequence[Exchange], *, rateable: bool = False) -> Html:
    """Render the whole conversation, oldest exchange first; ``rateable`` with buttons to rate."""
    last = len(exchanges) - 1
    shown = (
        _exchange(number, item, rateable, last=number == last)
        for number, item in enumerate(exchanges)
    )
    return fence(join(*shown))


def _exchange(number: int, exchange: Exchange, rateable: bool, *, last: bool) -> Html:
    question = tag(
        "div",
        tag("h2", "Ihre Frage", class_="unseen"),
        tag("p", lines(foreign(_shortened(exchange.question)))),
        class_="question",
        tabindex="-1",  # takes the focus when the suggestion that was pressed vanishes
    )
    if exchange.stage != "done":
        return tag("article", question, _unfinished(number, exchange), class_="exchange")
    parts = (
        _reply(number, exchange),
        onward.actions(exchange.answer, number, last=last),
        _take_away(exchange),
        _rating(number, exchange) if rateable else Html(),
    )
    return tag("article", question, *parts, class_="exchange")


def _unfinished(number: int, exchange: Exchange) -> Html:
    """Render what is going on, above it the sentences that are written and checked already."""
    going_on = tag("p", _going_on(exchange), class_="waiting")
    if exchange.answer is None:
        return going_on
    said = _body(exchange.answer, number)
    return join(tag("div", said, class_="reply growing"), going_on)


def _going_on(exchange: Exchange) -> str:
    if exchange.ahead == 1:
        return "Andere Fragen werden gerade beantwortet, Ihre ist die nächste …"
    if exchange.ahead:
        return f"Andere Fragen werden gerade beantwortet, vor Ihrer noch {exchange.ahead} …"
    words: dict[Stage, str] = {
        "search": f"Suche in {exchange.searched or 'den Unterlagen'} …",
        "select": "Wähle Sätze aus …",
        "write": "Das Sprachmodell formuliert …",
    }
    return words.get(exchange.stage, "")


def _shortened(question: str) -> str:
    return question if len(question) <= MAX_SHOWN_CHARS else question[:MAX_SHOWN_CHARS] + " …"


def _reply(number: int, exchange: Exchange) -> Html:
    if exchange.error:
        return _failure(exchange.error)
    if exchange.answer is None:
        return Html()
    return answer(exchange.answer, number, exchange.within)


def _rating(number: int, exchange: Exchange) -> Html:
    if exchange.answer is None or exchange.answer.status == "error":
        return Html()
    return rating.block(number, exchange.rated, exchange.trouble)


def _take_away(exchange: Exchange) -> Html:
    has_sources = exchange.answer is not None and bool(exchange.answer.citations)
    return take_away.block(exchange.record, has_sources=has_sources)


def _failure(message: str) -> Html:
    paragraphs = [tag("p", line) for line in message.splitlines() if line.strip()]
    return tag("div", tag("h3", "Das hat nicht geklappt"), *paragraphs, class_="reply failed")


def answer(given: Answer, exchange: int, within: str = "") -> Html:
    """Render one answer, not yet fenced. ``exchange`` is its place in the conversation.

    ``within`` names what its reader limited the search to.
    """
    if given.status == "error":
        return _failure(given.refusal.hint if given.refusal else "Bitte fragen Sie noch einmal.")
    parts = (
        tag("h2", "Antwort", class_="unseen"),
        _query(given, exchange, within),
        _refusal(given),
        tag("p", lines(given.note), class_="note") if given.note else Html(),
        tag("p", given.lead, class_="lead") if given.lead else Html(),
        _body(given, exchange),
        *_differing(given, exchange),
        _terms(given.terms),
        _assurance(given),
        onward.suggestions(given, exchange),
        source_list.listed(given.citations, exchange),
        onward.nearby(given.nearby, exchange),
    )
    return tag("div", *parts, class_=f"reply {given.status}")


def _query(given: Answer, exchange: int, within: str) -> Html:
    """Say what was searched where that isn't just what the reader typed; it can be changed."""
    if given.status == "clarify":
        return Html()
    parts = []
    if given.query and _bare(given.query) != _bare(given.question):
        change = tag(
            "button",
            "ändern",
            tag("span", ": Suchworte in das Fragefeld übernehmen", class_="unseen"),
            class_="act",
            id=targets.action("query", exchange),
        )
        parts.append(join("Gesucht nach: ", tag("em", foreign(given.query)), " ", change))
    if within:
        parts.append(join(f"nur in: {within}"))
    elif given.scope.workshop is not None:
        parts.append(join(f"nur in Werkstatt {given.scope.workshop}"))
    elif given.scope.document is not None:
        parts.append(join("nur in der gewählten Unterlage"))
    parts += map(join, made_of(given.understood))
    return tag("p", join(*parts, by=" · "), class_="query") if parts else Html()


def _bare(words: str) -> str:
    return re.sub(r"\W+", " ", words).strip().casefold()


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
    listed = [text(foreign(f"{term}: {meaning}")) for term, meaning in terms]
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
    compared = {key for _, keys in given.compared for key in keys}
    spoken = [s for s in given.segments if compared.isdisjoint(s.citations)]
    voices = [
        (name, list(segments))
        for name, segments in groupby(spoken, key=lambda s: _voice_of(s, cited))
    ]
    parts = [_side_by_side(given, cited, exchange)] if compared else []
    for name, segments in voices:
        runs = [list(run) for _, run in groupby(segments, key=lambda s: s.citations)]
        heading = tag("h3", name) if len(voices) > 1 and name else Html()
        parts.append(
            tag("div", heading, *(_run(run, cited, exchange) for run in runs), class_="voice")
        )
    return join(*parts)


def _side_by_side(given: Answer, cited: dict[str, Citation], exchange: int) -> Html:
    """Set what an answer compares in columns, one for each side."""
    sides = []
    for heading, keys in given.compared:
        own = [segment for segment in given.segments if set(segment.citations) & set(keys)]
        runs = (list(run) for _, run in groupby(own, key=lambda s: s.citations))
        shown = (_run(run, cited, exchange) for run in runs)
        sides.append(tag("section", tag("h3", _side(heading)), *shown))
    return tag("div", *sides, class_="compared")


def _side(heading: str) -> str:
    """Return the heading of a side: a workshop, named by us, or a word of the question."""
    return heading if _WORKSHOP.match(heading) else foreign(heading)


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
    rows: list[Html] = []
    position = 0
    for segment in run:
        found = quote.find(segment.text, position)
        broken = bool(rows) and found >= 0 and "\n" in quote[position:found]
        first, *rest = _written(segment)
        rows = [*rows, first] if broken or not rows else [*rows[:-1], join(rows[-1], first, by=" ")]
        rows += rest
        position = found + len(segment.text) if found >= 0 else position
    return [row for row in rows if row] or rows


def _written(segment: Segment) -> list[Html]:
    """Return a segment's lines, how far it is proven after the last."""
    said = [text(foreign(line)) for line in segment.text.split("\n") if line.strip()]
    *before, last = said or [Html()]
    return [*before, join(last, _support(segment), by=" ")]


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


def table(written: str) -> Html:
    """Render table text: rows are lines, cells end at tabs; the first of several is the head.

    Lines before the first tab are its caption.
    """
    full = [line for line in written.split("\n") if line.strip()]
    captions = [*takewhile(lambda line: "\t" not in line, full)] if "\t" in written else []
    rows = [line.split("\t") for line in full[len(captions) :]]
    width = max((len(row) for row in rows), default=0)
    head, body = (rows[:1], rows[1:]) if len(rows) > 1 else ([], rows)
    parts = [tag("thead", _row("th", row, width)) for row in head]
    shown = framed(*parts, tag("tbody", *(_row("td", row, width) for row in body)))
    return join(*(tag("p", foreign(line), class_="caption") for line in captions), shown)


def framed(*parts: Html) -> Html:
    """Make a table of head and body that scrolls by itself where it is too wide, keys included."""
    table = tag("table", *parts)
    return tag("div", table, class_="table", role="group", aria_label="Tabelle", tabindex="0")


def _row(kind: str, cells: Iterable[str], width: int) -> Html:
    """Fill up short rows, so that every column keeps its place."""
    full = [*cells][:width] + [""] * (width - len([*cells]))
    scope = "col" if kind == "th" else None
    return tag("tr", *(tag(kind, foreign(cell), scope=scope) for cell in full))


def _link(citation: Citation, exchange: int) -> Html:
    unseen = tag("span", f" Quelle {citation.number}: ", place(citation), class_="unseen")
    target = targets.source(exchange, citation.number)
    number = f"[{citation.number}]"
    return tag("a", number, unseen, _about(citation), href=f"#{target}", class_="cite")


def _about(citation: Citation) -> Html:
    """Say where a quote stands, for the small window that page.js opens beside its number."""
    facts = (foreign(citation.title), where(citation))
    lines_of = (tag("span", fact, class_="fact") for fact in facts if fact)
    return tag("span", *lines_of, class_="about")
