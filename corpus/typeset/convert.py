"""Checked source of the starter collection -> Typst document. Pure.

All text goes into string literals, so nothing in it can be taken for markup.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, zip_longest

from markdown_it.tree import SyntaxTreeNode

from corpus.dates import MONTHS
from corpus.typeset.front_matter import FrontMatter
from corpus.typeset.source import Source, is_wide_table, leaf_text, plain_text

FRONT_PAGE_CATEGORIES = ("Themenheft", "Sammelband", "Überblick", "Glossar")
"""Booklets with a page of their own for title and contents; the others start directly."""

CONTENTS_FROM_CHAPTERS = 5
"""Chapters, the sources among them, from which a document has a list of contents."""

MAX_UNBROKEN_BOX_CHARS = 1100
MAX_UNBROKEN_TABLE_CHARS = 420
"""About a third of a column: what is longer may break, or it would leave a hole before it."""

COLUMN_CHARS = 50
PAGE_CHARS = 106
"""Width of a text column (79 mm) and of the page (166 mm) in characters of a table's type."""

CELL_MARGIN_CHARS = 2
"""Room beside a cell's rules (8 pt), in characters."""

BOLD_WIDTH = 1.12
"""Width of bold type against regular, measured on the heads of the collection's tables."""

WHOLE_WORD_CHARS = range(20, 8, -1)
"""How long the words may be that a table's column holds unbroken."""

_TOGETHER = re.compile(
    "|".join(
        (
            r"\b(?:[A-Za-zÄÖÜ]\. )+[A-Za-zÄÖÜ]{1,2}\.",  # z. B., i. d. R., o. Ä.
            r"§§? \d+[a-z]?",
            r"\b(?:Abs|Art|Nr|S|Kap)\. \d+",
            rf"\b\d{{1,2}}\. (?:{'|'.join(MONTHS)})\b",
            r"\b\d[\d.,]* (?:(?:Mio|Mrd)\.(?: €)?|€|%|Euro|Prozent)",
            r"\bSGB [IVX]+\b",
            r"\b\d+–\d+\b",
            r"\b(?:Tabelle|Werkstatt) \d+\b",
            # Before a small letter, a reader of the PDF takes a line's last hyphen for a
            # hyphenation: "nordrhein-westfälisch" would come out as one word.
            r"\b\w{1,14}-[a-zäöü]\w{1,14}\b",
        )
    )
)
"""What must not break over two lines."""

_LONG_WORD_AT_END = re.compile(r"[^\W\d]{16,}$")
"""A word that must be free to part, though a reference follows it at once."""

_CAPTION = re.compile(r"^(?:Tabelle|Übersicht) \d+: ")

_ADDRESS_PIECE = re.compile(r"https?://|[-_.?&=%]?[^-_.?&=%/]+/*|[-_.?&=%/]")
"""Pieces an address may be parted into: before a hyphen or the like, after a slash."""

Numbers = Mapping[str, int]


def to_typst(source: Source) -> str:
    """Return a Typst document that imports the template ``brochure.typ``."""
    parts = (
        '#import "brochure.typ": *',
        _show_rule(source),
        _blocks(source.chapters, source.numbers),
        _sources(source.addresses),
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def keywords(front: FrontMatter) -> tuple[str, ...]:
    """Return the front matter as ``key=value`` keywords of the PDF.

    Typst parts them by ", ". A value may hold commas: it ends only where the next key begins.
    """
    pairs = {
        "art": front.category,
        "werkstatt": "" if front.workshop is None else str(front.workshop),
        "herkunft": front.origin,
        "stand": front.state.iso,
    }
    return tuple(f"{key}={value}" for key, value in pairs.items() if value)


def column_widths(texts: Sequence[Sequence[str]], room: float) -> list[float]:
    """Return the widths of a table's columns in characters; together they are ``room``.

    ``texts`` are the rows, the bold head first. Each column holds its words up to a length,
    above which they are hyphenated; the rest goes to the columns with the most text. Of the
    lengths in WHOLE_WORD_CHARS, the one with the fewest lines wins, the longest among equals.
    """
    columns = list(zip(*texts, strict=True))
    candidates = [_widths(columns, longest, room) for longest in WHOLE_WORD_CHARS]
    return min(candidates, key=lambda widths: _lines(texts, widths))


def _widths(columns: Sequence[Sequence[str]], longest: int, room: float) -> list[float]:
    """Return widths that hold words of ``longest`` characters, scaled down where they must."""
    narrowest = [_word_width(column, longest) + CELL_MARGIN_CHARS for column in columns]
    rest = max(0.0, room - sum(narrowest))
    chars = [1 + sum(map(len, column)) for column in columns]
    widths = [n + rest * c / sum(chars) for n, c in zip(narrowest, chars, strict=True)]
    return [room * width / sum(widths) for width in widths]


def _word_width(column: Sequence[str], longest: int) -> float:
    """Return the width of a column's longest word, none counted longer than ``longest``."""
    head, *cells = column
    words = [min(len(word), longest) for cell in cells for word in cell.split()]
    bold_words = [BOLD_WIDTH * min(len(word), longest) for word in head.split()]
    return max([*words, *bold_words], default=1)


def _lines(texts: Sequence[Sequence[str]], widths: Sequence[float]) -> int:
    """Return how many lines the rows need, about."""
    return sum(
        max(
            math.ceil(len(text) / max(1, width - CELL_MARGIN_CHARS))
            for text, width in zip(row, widths, strict=True)
        )
        for row in texts
    )


def _show_rule(source: Source) -> str:
    front = source.front
    day = front.state.first_day
    chapters = sum(n.type == "heading" and _rank(n) == 1 for n in source.chapters)
    arguments = {
        "title": _string(front.title),
        "subtitle": _string(front.subtitle) if front.subtitle else "none",
        "kicker": _string(front.kicker),
        "state": _string(front.state.printed),
        "date": f"datetime(year: {day.year}, month: {day.month}, day: {day.day})",
        "origin": _string(front.origin),
        "keywords": _array(map(_string, keywords(front))),
        "front": _boolean(front.category in FRONT_PAGE_CATEGORIES),
        "with-contents": _boolean(chapters + bool(source.addresses) >= CONTENTS_FROM_CHAPTERS),
        "lead": f"[\n{_blocks(source.lead, source.numbers)}\n]",
    }
    lines = "".join(f"  {key}: {value},\n" for key, value in arguments.items())
    return f"#show: brochure.with(\n{lines})"


def _rank(heading: SyntaxTreeNode) -> int:
    """Return 1 for a chapter (##), 2 for a section (###), 3 below it."""
    return int(heading.tag[1]) - 1


def _blocks(nodes: Sequence[SyntaxTreeNode], numbers: Numbers) -> str:
    """Return blocks as markup, parted by blank lines."""
    written = []
    caption: SyntaxTreeNode | None = None
    for node, following in zip_longest(nodes, nodes[1:]):
        if following is not None and following.type == "table" and _is_caption(node):
            caption = node
        else:
            written.append(_block(node, caption, numbers))
            caption = None
    return "\n\n".join(written)


def _is_caption(node: SyntaxTreeNode) -> bool:
    return node.type == "paragraph" and _CAPTION.match(plain_text(node)) is not None


def _block(node: SyntaxTreeNode, caption: SyntaxTreeNode | None, numbers: Numbers) -> str:
    match node.type:
        case "heading":
            return f"#heading(level: {_rank(node)})[{_inline(node, numbers)}]"
        case "bullet_list":
            return f"#list{_items(node, numbers)}"
        case "ordered_list":
            return f"#enum(start: {node.attrs.get('start', 1)}){_items(node, numbers)}"
        case "blockquote":
            return _box(node, numbers)
        case "table":
            return _table(node, caption, numbers)
        case _:
            return _inline(node, numbers)


def _items(node: SyntaxTreeNode, numbers: Numbers) -> str:
    return "".join(f"[{_blocks(item.children, numbers)}]" for item in node.children)


def _box(node: SyntaxTreeNode, numbers: Numbers) -> str:
    """Write a box; a first paragraph that is bold throughout is its title."""
    title = _bold_text(node.children[0]) if node.children else None
    written = "none" if title is None else f"[{_inline(title, numbers)}]"
    text = _blocks(node.children[title is not None :], numbers)
    breakable = _boolean(len(plain_text(node)) > MAX_UNBROKEN_BOX_CHARS)
    return f"#infobox(title: {written}, breakable: {breakable})[{text}]"


def _bold_text(node: SyntaxTreeNode) -> SyntaxTreeNode | None:
    """Return the bold node that a paragraph consists of, or None."""
    if node.type != "paragraph":
        return None
    parts = [n for n in node.children[0].children if n.type != "text" or n.content.strip()]
    return parts[0] if [n.type for n in parts] == ["strong"] else None


def _table(node: SyntaxTreeNode, caption: SyntaxTreeNode | None, numbers: Numbers) -> str:
    head, *rows = [row.children for part in node.children for row in part.children]
    texts = [[plain_text(cell) for cell in row] for row in (head, *rows)]
    widths = column_widths(texts, PAGE_CHARS if is_wide_table(node) else COLUMN_CHARS)
    breakable = len(plain_text(node)) > MAX_UNBROKEN_TABLE_CHARS and not is_wide_table(node)
    arguments = (
        f"caption: {'none' if caption is None else f'[{_inline(caption, numbers)}]'}",
        f"columns: {_array(f'{width:.2f}' for width in widths)}",
        f"wide: {_boolean(is_wide_table(node))}",
        f"breakable: {_boolean(breakable)}",
        f"head: {_array(f'[{_inline(cell, numbers)}]' for cell in head)}",
        *(f"[{_inline(cell, numbers)}]" for row in rows for cell in row),
    )
    return "#datatable(\n{})".format("".join(f"  {argument},\n" for argument in arguments))


def _sources(addresses: Sequence[str]) -> str:
    if not addresses:
        return ""
    pieces = [_array(map(_string, _ADDRESS_PIECE.findall(address))) for address in addresses]
    return "#sources(\n{})".format("".join(f"  {array},\n" for array in pieces))


def _inline(node: SyntaxTreeNode, numbers: Numbers) -> str:
    """Return the text below a node as markup that has literals and calls only."""
    if node.children and node.children[0].type == "inline":
        node = node.children[0]
    written = []
    text = ""
    for kind, run in groupby(node.children, key=_leaf_kind):
        match kind:
            case "reference":
                cited = sorted({numbers[leaf.meta["label"]] for leaf in run})
                loose = _boolean(_LONG_WORD_AT_END.search(text) is not None)
                written.append(f"#refs(loose: {loose}, {', '.join(map(str, cited))})")
            case "text":
                text = "".join(map(leaf_text, run))
                written.append(_literals(text))
            case _:
                written.extend(f"#{kind}[{_inline(leaf, numbers)}]" for leaf in run)
    return "".join(written)


def _leaf_kind(leaf: SyntaxTreeNode) -> str:
    kinds = {"footnote_ref": "reference", "strong": "strong", "em": "emph"}
    return kinds.get(leaf.type, "text")


def _literals(text: str) -> str:
    """Return running text as string literals; what belongs together doesn't break."""
    text = re.sub(r"\s+", " ", text)
    written = []
    position = 0
    for found in _TOGETHER.finditer(text):
        if found.end() == len(text):
            break  # A box here could be parted from the reference that follows.
        written.append((text[position : found.start()], "#{}"))
        written.append((found[0], "#together({})"))
        position = found.end()
    written.append((text[position:], "#{}"))
    return "".join(form.format(_string(part)) for part, form in written if part)


def _string(text: str) -> str:
    """Return a Typst string literal."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _array(items: Iterable[str]) -> str:
    """Return a Typst array; the comma after the last item makes one of a single item."""
    return "({})".format("".join(f"{item}, " for item in items).rstrip())
