"""Small drawings as inline SVG, each with its words and its figures as a table beside it.

A drawing is 400 units wide, so that its text can still be read on a telephone. Nothing is told
by colour alone: what is marked is also named.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ui.markup import Html, join, tag
from ui.web.answer.render import framed

_HERE = Path(__file__).parent
_UI = _HERE.parent
WIDTH = 400
HEIGHT = 250
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 28, 44
FIRST = 4
ROW = 42
BAR = 12
"""Height of a bar; its words stand above it."""
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a drawing: where its marks stand, and what it shows."""

    title: str
    low: float
    high: float
    marks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that is named."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Range:
    """A row of a forest plot, in one unit for all rows."""

    label: str
    value: float
    low: float | None
    high: float | None
    written: str


def curve(
    id: str,
    title: str,
    description: str,
    points: Sequence[tuple[float, float]],
    x: Axis,
    y: Axis,
    *,
    dots: bool = False,
    steps: bool = False,
    marks: Sequence[Mark] = (),
    level: float | None = None,
) -> Html:
    """Draw one line through points; ``level`` is a dashed line across."""
    places = [(_across(px, x), _up(py, y)) for px, py in points]
    if steps:
        corners = [((x1, y0), (x1, y1)) for (_, y0), (x1, y1) in pairwise(places)]
        line = [*places[:1], *(corner for pair in corners for corner in pair)]
    else:
        line = places
    path = "M" + " L".join(f"{px:.1f} {py:.1f}" for px, py in line)
    across = Html() if level is None else _line(LEFT, _up(level, y), WIDTH - RIGHT, "level")
    drawn = (
        *_grid(x, y),
        across,
        tag("path", d=path, class_="line"),
        *(_dot(px, py, "dot") for px, py in places if dots),
        *(_named(mark, x, y) for mark in marks),
    )
    return _svg(id, title, description, HEIGHT, drawn)


def bars(id: str, title: str, description: str, rows: Sequence[tuple[str, float, str]]) -> Html:
    """Draw a bar for each row of (name, length, what is written at its end)."""
    longest = max((length for _, length, _ in rows), default=0) or 1
    room = WIDTH - 60
    drawn = []
    for place, (name, length, written) in enumerate(rows):
        top = FIRST + place * ROW
        width = room * length / longest
        drawn += [
            tag("text", name, x="0", y=f"{top + 8}", class_="name"),
            _bar(width, top + 16) if length else Html(),
            tag(
                "text",
                written,
                x=f"{width + 6 if length else 0:.1f}",
                y=f"{top + 26}",
                class_="name",
            ),
        ]
    return _svg(id, title, description, FIRST + len(rows) * ROW, drawn)


def forest(
    id: str, title: str, description: str, rows: Sequence[Range], low: str, high: str
) -> Html:
    """Draw each row's range around its value, and where zero is. ``low``, ``high``: the sides."""
    ends = [end for r in rows for end in (r.value, r.low, r.high) if end is not None]
    reach = max((abs(end) for end in ends), default=0) * 1.1 or 1.0
    middle, room = WIDTH / 2, WIDTH / 2 - 8
    bottom = FIRST + len(rows) * ROW
    drawn: list[Html] = [
        tag("line", x1=f"{middle}", y1="0", x2=f"{middle}", y2=f"{bottom}", class_="zero")
    ]
    for place, row in enumerate(rows):
        y = FIRST + place * ROW + 24
        at = middle + room * row.value / reach
        drawn.append(tag("text", row.label, x="0", y=f"{y - 14}", class_="name"))
        drawn.append(tag("text", row.written, x=str(WIDTH), y=f"{y - 14}", class_="name end"))
        if row.low is not None and row.high is not None:
            x1, x2 = (middle + room * end / reach for end in (row.low, row.high))
            drawn.append(_range(x1, x2, y))
        drawn.append(_dot(at, y, "dot"))
    drawn += [
        tag("text", f"← {low}", x="0", y=f"{bottom + 16}", class_="tick"),
        tag("text", "0", x=f"{middle}", y=f"{bottom + 16}", class_="tick middle"),
        tag("text", f"{high} →", x=str(WIDTH), y=f"{bottom + 16}", class_="tick end"),
    ]
    return _svg(id, title, description, bottom + 22, drawn)


def plot(drawing: Html, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Put a drawing above its figures, which unfold."""
    return tag(
        "div",
        drawing,
        tag("details", tag("summary", "Werte als Tabelle"), table(heads, rows)),
        class_="plot",
    )


def as_file(drawing: Html) -> str:
    """Return a drawing as an SVG file that needs nothing else, in light or dark like the screen."""
    style = (_UI / "design.css").read_text("utf-8") + (_HERE / "plots.css").read_text("utf-8")
    opening, bracket, rest = drawing.partition(">")
    root = opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg" class="plot"', 1)
    return f"{root}{bracket}<style>{style}</style>{rest}\n"


def size(drawing: Html) -> tuple[str, str]:
    """Return width and height of a drawing, in its units."""
    found = _SIZE.search(drawing)
    return (found[1], found[2]) if found else (str(WIDTH), str(HEIGHT))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Build a table. After the first column plain text is a figure, Html is words."""
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    body = [
        tag(
            "tr",
            *(
                tag("td", cell, class_="number" if place and not isinstance(cell, Html) else None)
                for place, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    return framed(tag("thead", head), tag("tbody", *body))


# -- pieces ---------------------------------------------------------------------------------


def _svg(id: str, title: str, description: str, height: float, drawn: Iterable[Html]) -> Html:
    return tag(
        "svg",
        tag("title", title, id=f"{id}-titel"),
        tag("desc", description, id=f"{id}-worte"),
        *drawn,
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
        aria_labelledby=f"{id}-titel {id}-worte",
    )


def _across(value: float, axis: Axis) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (value - axis.low) / (axis.high - axis.low)


def _up(value: float, axis: Axis) -> float:
    room = HEIGHT - TOP - BOTTOM
    return HEIGHT - BOTTOM - room * (value - axis.low) / (axis.high - axis.low)


def _grid(x: Axis, y: Axis) -> list[Html]:
    bottom = HEIGHT - BOTTOM
    drawn = []
    for value, label in y.marks:
        at = _up(value, y)
        drawn.append(_line(LEFT, at, WIDTH - RIGHT, "grid"))
        drawn.append(tag("text", label, x=f"{LEFT - 6}", y=f"{at + 4:.1f}", class_="tick end"))
    for value, label in x.marks:
        at = _across(value, x)
        drawn.append(tag("text", label, x=f"{at:.1f}", y=f"{bottom + 16}", class_="tick middle"))
    if y.title:
        drawn.append(tag("text", y.title, x="0", y="12", class_="tick"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    drawn.append(tag("text", x.title, x=f"{middle}", y=f"{HEIGHT - 8}", class_="tick middle"))
    return drawn


def _line(x1: float, y: float, x2: float, kind: str) -> Html:
    return tag("line", x1=f"{x1:.1f}", y1=f"{y:.1f}", x2=f"{x2:.1f}", y2=f"{y:.1f}", class_=kind)


def _bar(width: float, y: float) -> Html:
    size = {"width": f"{max(width, 1):.1f}", "height": str(BAR)}
    return tag("rect", x="0", y=f"{y}", rx="2", class_="bar", **size)


def _range(x1: float, x2: float, y: float) -> Html:
    path = f"M{x1:.1f} {y - 4} V{y + 4} M{x1:.1f} {y} H{x2:.1f} M{x2:.1f} {y - 4} V{y + 4}"
    return tag("path", d=path, class_="range")


def _dot(x: float, y: float, kind: str) -> Html:
    return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="4", class_=kind)


def _named(mark: Mark, x: Axis, y: Axis) -> Html:
    """Draw a point with its name on the side where there is room."""
    px, py = _across(mark.x, x), _up(mark.y, y)
    on_left = px > WIDTH * 0.6
    place = px - 8 if on_left else px + 8
    kind = "name end" if on_left else "name"
    return join(
        _dot(px, py, "dot marked"),
        tag("text", mark.label, x=f"{place:.1f}", y=f"{py - 8:.1f}", class_=kind),
    )
