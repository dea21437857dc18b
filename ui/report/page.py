"""A document's report as one HTML page that needs nothing else: every page beside its text.

No script, no address: images lie in the page. All text of the document is escaped by
``ui.markup.tag``; a content security policy in the page forbids whatever else might get in.
"""

import base64
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from PIL import Image

from corpus.errors import FileRefusedError, UnknownItemError
from corpus.types import SLIDE, Document, Kind, Passage, Reading
from ingest.difference import new_headings
from ingest.left_out import PrintedLine, PrintedPage, left_out, printed_page
from ingest.page_image import merged, render
from ingest.pdf.page import Rect
from ingest.quality import CONFIDENCE_GOOD, Quality, shortened
from ui.markup import Html, items, join, lines, tag
from ui.report.facts import LEVELS, groups
from ui.web.answer.render import table
from ui.wording import page_label

IMAGE_WIDTH = 600  # pixels: a page of 9-point text can just be read
IMAGE_QUALITY = 70  # of WebP: 30-45 KB a page of text, a quarter of PNG
MAX_LEFT_OUT = 8  # lines named; a page of contents has dozens

_FOLDER = Path(__file__).parent
_LABELS: dict[Kind, str] = {
    "list": "Liste",
    "table": "Tabelle",
    "box": "Kasten",
    "caption": "Bildunterschrift",
    "footnote": "Fußnote",
}
_HEAD = """<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
"""
_SWITCH = """<p class="switch"><input type="checkbox" id="umrisse"><label for="umrisse">\
Auf den Seitenbildern auch das Gelesene umranden</label></p>
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a passage stands on one page, after the headings that are new there."""

    passage: Passage
    text: str
    headings: tuple[str, ...]
    goes_on: bool
    """It began on an earlier page."""


def write(file: TextIO, reading: Reading, quality: Quality, original: Path) -> None:
    """Write the report page by page. ``original`` holds the bytes that were read."""
    document = reading.document
    file.write(_HEAD)
    file.write(tag("title", f"Lesebericht: {document.title}"))
    file.write(f"<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n")
    file.write(_summary(reading, quality))
    if document.page_labels:
        _write_pages(file, reading, original)
    else:
        file.write(tag("h2", "Gelesener Text"))
        parts = _parts(reading.passages)
        file.write(tag("div", *(_part(part) for part in parts), class_="text alone"))
    file.write("</main>\n</body>\n</html>\n")


def _style() -> str:
    """Return the report's style on top of the colours and sizes of the application."""
    shared = (_FOLDER.parent / "design.css").read_text("utf-8")
    return shared + (_FOLDER / "report.css").read_text("utf-8")


# -- summary -------------------------------------------------------------------------------


def _summary(reading: Reading, quality: Quality) -> Html:
    found = [
        join(tag("strong", f"{LEVELS[finding.level]}: "), finding.text)
        for finding in quality.findings
    ]
    *about, whose = groups(reading)
    return tag(
        "header",
        tag("p", "Lesebericht", class_="eyebrow"),
        tag("h1", reading.document.title),
        tag("p", "Zustand: ", tag("strong", quality.light), class_=f"light {_word(quality.light)}"),
        items(found, class_="findings") if found else Html(),
        tag("div", *(_group(*group) for group in about), class_="facts"),
        tag("div", _group(*whose), class_="facts wide"),
    )


def _word(light: str) -> str:
    return {"gut": "good", "prüfen": "check"}.get(light, "bad")


def _group(heading: str, facts: Sequence[tuple[str, str]]) -> Html:
    rows = (join(tag("dt", label), tag("dd", value)) for label, value in facts)
    return tag("section", tag("h2", heading), tag("dl", *rows))


# -- pages ---------------------------------------------------------------------------------


def _write_pages(file: TextIO, reading: Reading, original: Path) -> None:
    document = reading.document
    by_page = _by_page(reading.passages)
    file.write(tag("h2", "Seite für Seite", id="seiten"))
    if document.has_page_images:
        file.write(tag("p", _LEGEND, class_="legend"))
        file.write(_SWITCH)
    file.write(_jumps(document))
    for page in range(len(document.page_labels)):
        parts = by_page[page]
        view = _view(document, original, page, parts, by_page.get(page + 1, []))
        text = [_part(part) for part in parts] or [tag("p", "Kein Text.", class_="none")]
        content = tag("div", *_remarks(document, page), *text, view.left_out, class_="text")
        heading = tag("h3", _page_name(document, page))
        sides = tag("div", view.image, content, class_="sides" if view.image else "sides alone")
        file.write(tag("article", heading, sides, id=f"seite-{page + 1}", class_="page-report"))
        file.write("\n")


_LEGEND = (
    "Zu jedem Seitenbild steht der Text, der von der Seite gelesen wurde. Gelb hinterlegt ist, was "
    "auf ihr steht und nicht übernommen wurde, etwa Kopfzeilen, Seitenzahlen und Verzeichnisse."
)


def _remarks(document: Document, page: int) -> list[Html]:
    """Say in words what an editor should know of a page."""
    extraction = document.extraction
    found = []
    if page in extraction.unreadable_pages:
        found.append(tag("p", "Von dieser Seite ist kein Text lesbar.", class_="doubt"))
    for recognised in extraction.recognised_pages:
        if recognised.page == page:
            found.append(_recognition(recognised.confidence))
    for item in extraction.hidden:
        if item.page == page:
            text = f"Verborgener Text, weggelassen ({item.concealment}): „{shortened(item.text)}“"
            found.append(tag("p", text, class_="doubt"))
    return found


def _recognition(confidence: float) -> Html:
    text = (
        f"Von der Texterkennung gelesen, Sicherheit {confidence:.0f} %. Umrandet ist, was sie las."
    )
    if confidence >= CONFIDENCE_GOOD:
        return tag("p", text, class_="none")
    return tag("p", f"{text} Vergleichen Sie den Text mit dem Bild.", class_="doubt")


def _jumps(document: Document) -> Html:
    """Lead to the pages that someone should look at."""
    extraction = document.extraction
    unsure = {p.page for p in extraction.recognised_pages if p.confidence < CONFIDENCE_GOOD}
    hidden = {item.page for item in extraction.hidden if item.page is not None}
    pages = sorted(unsure | hidden | {*extraction.unreadable_pages})
    if not pages:
        return Html()
    links = (tag("a", _page_name(document, page), href=f"#seite-{page + 1}") for page in pages)
    return tag("p", "Sehen Sie diese Seiten an: ", join(*links, by=", "), class_="jumps")


def _page_name(document: Document, page: int) -> str:
    """Name a page by its count, and by what is printed on it where that differs."""
    label = page_label(document, page)
    if label.startswith(SLIDE):
        return label
    counted = f"Seite {page + 1}"
    return counted if label == str(page + 1) else f"{counted} (gedruckt: {label})"


@dataclass(frozen=True, slots=True)
class _View:
    """A page's image with its marks, and the lines that weren't taken over."""

    image: Html
    left_out: Html


def _view(
    document: Document,
    original: Path,
    page: int,
    parts: Sequence[_Part],
    following: Sequence[_Part],
) -> _View:
    if not document.has_page_images:
        return _View(Html(), Html())
    try:
        picture = _webp(render(original, page, (), IMAGE_WIDTH))
    except (FileRefusedError, UnknownItemError) as fault:
        return _View(tag("p", str(fault), class_="none"), Html())
    boxes = (box for part in parts for box in part.passage.boxes if box.page == page)
    read = merged([(box.x0, box.y0, box.x1, box.y1) for box in boxes])
    # A heading at a page's foot has its first text on the next one.
    headings = [heading for part in (*parts, *following) for heading in part.headings]
    printed = printed_page(original, page)
    headings += [document.title] if page == 0 else []
    lost = left_out(printed, read, headings) if printed else ()
    marks = _marks(printed, read, lost) if printed else Html()
    name = f"Bild von {_page_name(document, page)}"
    image = tag("img", src=picture, alt=name, loading="lazy", decoding="async")
    is_recognised = any(p.page == page for p in document.extraction.recognised_pages)
    kind = "recognised" if is_recognised else None
    return _View(tag("figure", image, marks, class_=kind), _left_out(lost))


def _webp(png: bytes) -> str:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.save(buffer, format="WEBP", quality=IMAGE_QUALITY, method=2)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _marks(page: PrintedPage, read: Sequence[Rect], lost: Sequence[PrintedLine]) -> Html:
    """Lay rectangles over the image; where it was cut off below, so are they."""
    rectangles = [_rectangle(box, "read") for box in read]
    rectangles += [_rectangle(line.box, "lost") for line in lost]
    size = f"0 0 {page.width:.1f} {page.height:.1f}"
    fit = "xMidYMin slice"
    return tag("svg", *rectangles, viewBox=size, preserveAspectRatio=fit, aria_hidden="true")


def _rectangle(box: Rect, kind: str) -> Html:
    x0, y0, x1, y1 = box
    x, y, width, height = (f"{value:.1f}" for value in (x0 - 1, y0 - 1, x1 - x0 + 2, y1 - y0 + 2))
    return tag("rect", x=x, y=y, width=width, height=height, class_=kind)


def _left_out(lost: Sequence[PrintedLine]) -> Html:
    if not lost:
        return Html()
    shown = ", ".join(f"„{line.text}“" for line in lost[:MAX_LEFT_OUT])
    rest = len(lost) - MAX_LEFT_OUT
    more = f" und {rest} weitere {'Zeile' if rest == 1 else 'Zeilen'}" if rest > 0 else ""
    return tag("p", tag("strong", "Nicht übernommen: "), shown + more, class_="left-out")


# -- text ----------------------------------------------------------------------------------


def _parts(passages: Sequence[Passage]) -> Iterator[_Part]:
    """Yield whole passages, each with the headings that are new before it."""
    path: tuple[str, ...] = ()
    for passage in passages:
        headings = new_headings(path, passage.section)
        path = passage.section
        yield _Part(passage, passage.text, headings, goes_on=False)


def _by_page(passages: Sequence[Passage]) -> defaultdict[int, list[_Part]]:
    """Cut passages where pages end; headings stand on the page on which their text begins."""
    found: defaultdict[int, list[_Part]] = defaultdict(list)
    for whole in _parts(passages):
        passage = whole.passage
        for number, page in enumerate(passage.pages):
            boxes = [box for box in passage.boxes if box.page == page]
            last = number == len(passage.pages) - 1
            start = boxes[0].start if boxes and number else 0
            end = boxes[-1].end if boxes and not last else len(passage.text)
            headings = () if number else whole.headings
            found[page].append(_Part(passage, passage.text[start:end], headings, number > 0))
    return found


def _part(part: _Part) -> Html:
    depth = len(part.passage.section) - len(part.headings)
    headings = (
        tag("h4", heading, class_=f"rank-{min(depth + rank, 3)}")
        for rank, heading in enumerate(part.headings, 1)
    )
    labels = (_LABELS.get(part.passage.kind, ""), "Fortsetzung" if part.goes_on else "")
    label = ", ".join(label for label in labels if label)
    return join(*headings, tag("p", label, class_="kind") if label else Html(), *_text(part))


def _text(part: _Part) -> list[Html]:
    if part.passage.kind == "table" and "\t" in part.text:
        return [table(part.text)]
    paragraphs = (text for text in part.text.split("\n\n") if text.strip())
    return [tag("p", lines(text)) for text in paragraphs]
