"""The page of one answer: to check it, to print it, to send its link. Plain HTML without gradio.

Pure. All foreign text is escaped by ``ui.markup.tag``; the guard's policy for these pages admits
our own style, script and images and nothing else.
"""

from collections.abc import Sequence
from urllib.parse import quote as quoted

from assistant.types import Citation
from ui.export.memo import Block, Memo, Source, memo, moment
from ui.language import spoken
from ui.markup import Html, foreign, items, join, lines, tag
from ui.records import Record
from ui.service import Standing
from ui.switch import switch
from ui.web.answer import take_away
from ui.web.answer.render import table
from ui.web.first_page import words
from ui.wording import page_label

# Facts whose values are worded by the program; the others are the collection's or a name.
_OURS = ("Datum der Abfrage", "Verfahren", "Seite", "Stand der Unterlage", "Hinweis")
_HEAD = """<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/ui/icon.svg">
<link rel="stylesheet" href="/ui/design.css">
<link rel="stylesheet" href="/ui/record.css">
<script src="/ui/words.js"></script>
<script src="/ui/record.js" defer></script>
"""


def page(
    record: Record, standings: Sequence[Standing], *, is_kept: bool, may_delete: bool, trouble: str
) -> str:
    """Return the page of a record.

    ``trouble`` is the German message why what was just asked for couldn't be done, or empty.
    """
    told = memo(record, standings)
    known = {standing.citation.key: standing for standing in standings}
    cited = sorted(record.answer.citations, key=lambda citation: citation.number)
    sheets = [
        _sheet(source, citation, known.get(citation.key))
        for source, citation in zip(told.sources, cited, strict=True)
    ]
    return _whole(
        f"Antwort: {told.question}",
        f"/antwort/{record.id}",
        tag(
            "header",
            tag("p", f"Antwort vom {moment(told.asked)}", class_="eyebrow"),
            tag("h1", lines(foreign(told.question))),
        ),
        tag("p", trouble, class_="trouble", role="alert") if trouble else Html(),
        take_away.row(record.id, on_page=True),
        _link(record.id, is_kept=is_kept, may_delete=may_delete),
        _section("Antwort", *(_block(block) for block in told.body), id="antwort"),
        _facts(told),
        _section("Quellen" if len(sheets) != 1 else "Quelle", *sheets) if sheets else Html(),
    )


def message(heading: str, said: str) -> str:
    """Return a page that only says something."""
    back = tag("p", tag("a", "Zu den Fragen", href="/"))
    return _whole(heading, "/", tag("h1", heading), tag("p", lines(said)), back)


def _whole(title: str, address: str, *parts: Html) -> str:
    start = f'<!DOCTYPE html>\n<html lang="{spoken()}">\n{_HEAD}{words()}'
    head = f"{start}{tag('title', f'{title} – Sozialraum-Assistent')}\n</head>\n"
    home = tag("a", "Sozialraum-Assistent", href="/", class_="home")
    bar = tag("header", home, switch(address), class_="bar")
    main = tag("main", join(*parts, by="\n"))
    return f'{head}<body class="record">\n{bar}\n{main}\n</body>\n</html>\n'


def _section(heading: str, *parts: Html, id: str | None = None) -> Html:
    return tag("section", tag("h2", heading), *parts, id=id)


# -- the lasting link ----------------------------------------------------------------------


def _link(id: str, *, is_kept: bool, may_delete: bool) -> Html:
    """Offer a lasting link, or show it and offer to delete it."""
    address = f"/antwort/{id}"
    if not is_kept:
        return tag(
            "section",
            tag("h2", "Dauerhafter Link"),
            tag(
                "p",
                "Diese Antwort ist noch nicht gespeichert: Ihr Link gilt nur eine Zeit lang, "
                "höchstens bis zum Neustart der Anwendung. Mit einem dauerhaften Link werden Frage "
                "und Antwort auf dem Server gespeichert; wer den Link kennt, kann sie lesen.",
            ),
            _form(f"{address}/behalten", "Dauerhaften Link anlegen"),
            class_="lasting",
        )
    return tag(
        "section",
        tag("h2", "Dauerhafter Link"),
        tag("p", tag("code", foreign(address), id="address"), " ", tag("span", id="copy")),
        tag("p", "Wer ihn kennt, kann Frage und Antwort lesen, bis sie gelöscht werden."),
        _deletion(address) if may_delete else Html(),
        class_="lasting",
    )


def _deletion(address: str) -> Html:
    return tag(
        "details",
        tag("summary", "Link und gespeicherte Antwort löschen"),
        tag("p", "Danach führt der Link für alle ins Leere. Das lässt sich nicht zurücknehmen."),
        _form(f"{address}/loeschen", "Endgültig löschen"),
    )


def _form(address: str, words: str) -> Html:
    return tag("form", tag("button", words), method="post", action=address)


# -- the answer ----------------------------------------------------------------------------


def _block(block: Block) -> Html:
    numbers = join(*(_number(number) for number in block.numbers))
    if block.kind == "heading":
        heading = block.rows[0][0]
        return tag("h3", heading if block.is_ours else foreign(heading))
    if block.kind == "table":
        shown = table("\n".join("\t".join(row) for row in block.rows))
        return join(shown, tag("p", numbers, class_="proof") if numbers else Html())
    rows = [lines(row[0] if block.is_ours else foreign(row[0])) for row in block.rows]
    if numbers:
        rows[-1] = join(rows[-1], numbers, by="\u00a0")
    if block.kind in ("items", "numbered"):
        return items(rows, class_=block.kind)
    return join(*(tag("p", row) for row in rows))


def _number(number: int) -> Html:
    label = tag("span", f"Quelle {number}", class_="unseen")
    shown = tag("span", f"[{number}]", aria_hidden="true")
    return tag("a", shown, label, href=f"#quelle-{number}", class_="cite")


def _facts(told: Memo) -> Html:
    return _section(
        "Angaben zur Abfrage",
        _pairs(told.facts),
        items(told.notes, class_="notes") if told.notes else Html(),
    )


def _pairs(facts: Sequence[tuple[str, str]]) -> Html:
    rows = (
        tag("div", tag("dt", name), tag("dd", value if name in _OURS else foreign(value)))
        for name, value in facts
    )
    return tag("dl", *rows)


# -- sources -------------------------------------------------------------------------------


def _sheet(source: Source, citation: Citation, standing: Standing | None) -> Html:
    """Put a quote and the page it stands on together; on paper they fill one sheet."""
    label = f"quelle-{source.number}"
    heading = tag("h3", f"[{source.number}] ", foreign(source.title), id=f"{label}-titel")
    change = tag("p", source.change, class_="change") if source.change else Html()
    quote = tag("blockquote", tag("p", "„", lines(foreign(source.quote.replace("\t", " · "))), "“"))
    facts = [(name, value) for name, value in source.facts if name != "Hinweis"]
    return tag(
        "article",
        tag("div", heading, change, quote, _pairs(facts), _original(citation, standing)),
        _pages(source, standing),
        class_="sheet",
        id=label,
        aria_labelledby=f"{label}-titel",
    )


def _original(citation: Citation, standing: Standing | None) -> Html:
    if standing is None or standing.document is None:
        return Html()
    has_page = citation.page_index is not None
    fragment = f"#page={citation.page_index + 1}" if citation.page_index is not None else ""
    link = tag(
        "a",
        "Original an dieser Seite öffnen" if has_page else "Original herunterladen",
        href=f"/original/{_item(citation)}{fragment}",
    )
    return tag("p", link, class_="onward")


def _pages(source: Source, standing: Standing | None) -> Html:
    """Show the pages the quote runs over, marked where it is known exactly."""
    found = standing.document if standing else None
    if standing is None or found is None or not found.has_page_images:
        return Html()
    citation = standing.citation
    exact = citation.located == "exact" and standing.passage is not None
    figures = []
    for index in _quoted_pages(standing) if exact else _cited_page(citation):
        name = f"Seite {page_label(found, index)} aus „{source.title}“"
        marked = "Die zitierte Stelle ist markiert." if exact else "Seite ohne genaue Stelle."
        image = tag("img", src=_image(citation, index, exact=exact), alt=f"{name}. {marked}")
        caption = tag("figcaption", f"Seite {page_label(found, index)}. {marked}")
        figures.append(tag("figure", image, caption))
    return join(*figures)


def _cited_page(citation: Citation) -> list[int]:
    return [] if citation.page_index is None else [citation.page_index]


def _quoted_pages(standing: Standing) -> list[int]:
    citation, passage = standing.citation, standing.passage
    boxes = passage.boxes if passage else ()
    pages = {box.page for box in boxes if box.start < citation.end and box.end > citation.start}
    return sorted(pages.union(_cited_page(citation)))


def _image(citation: Citation, index: int, *, exact: bool) -> str:
    address = f"/seite/{_item(citation)}/{index}.png"
    if not exact:
        return address
    passage = quoted(citation.passage, safe="")
    return f"{address}?passage={passage}&von={citation.start}&bis={citation.end}"


def _item(citation: Citation) -> str:
    return f"{quoted(citation.document, safe='')}/{quoted(citation.version, safe='')}"
