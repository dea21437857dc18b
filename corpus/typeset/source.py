"""Markdown source -> checked tree: what the format of the collection allows, nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from corpus.typeset.front_matter import FrontMatter, read_front_matter, refused

WIDE_TABLE_FROM_COLUMNS = 4
"""Columns from which a table spans the page: a text column holds three of 26 mm."""

MAX_WIDE_TABLE_CHARS = 4000
"""What a wide table holds. It can't break, and a page of four columns in the table's type
takes about 5,000 characters; Typst would cut off the rest."""

_BLOCKS = (
    "heading", "paragraph", "bullet_list", "ordered_list", "list_item", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td",
)  # fmt: skip
_TEXTS = ("text", "softbreak", "hardbreak")
_KNOWN_NODES = frozenset((*_BLOCKS, *_TEXTS, "inline", "strong", "em", "footnote_ref"))

_UNDEFINED_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_ADDRESS = re.compile(r"https?://\S+")

_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(front_matter_plugin)
    .use(footnote_plugin)
    .disable(["footnote_tail", "footnote_inline"])
)


@dataclass(frozen=True, slots=True)
class Source:
    """One source, checked and with its references numbered."""

    front: FrontMatter
    lead: tuple[SyntaxTreeNode, ...]
    """Blocks before the first heading."""
    chapters: tuple[SyntaxTreeNode, ...]
    """Blocks from the first heading on."""
    addresses: tuple[str, ...]
    """Sources in the order in which they are first referred to."""
    numbers: Mapping[str, int]
    """Position in ``addresses``, from 1, by label; labels of one address share a number."""


def read_source(markdown: str, name: str) -> Source:
    """Parse and check one Markdown source.

    ``name`` is the file's name, for messages. Raises FileRefusedError naming it, the fault
    and the remedy: front matter incomplete, a reference without address or the reverse, or
    Markdown that the format of the collection doesn't know.
    """
    nodes = SyntaxTreeNode(_PARSER.parse(markdown)).children
    head = nodes[0].content if nodes and nodes[0].type == "front_matter" else ""
    front = read_front_matter(head, name)
    body = tuple(n for n in nodes if n.type not in ("front_matter", "footnote_reference"))
    for node in body:
        _check(node, name)
    defined = _defined_addresses(nodes, name)
    used = [n.meta["label"] for block in body for n in block.walk() if n.type == "footnote_ref"]
    if unused := sorted(set(defined) - set(used)):
        raise refused(name, f"auf die Quelle „{unused[0]}“ verweist keine Stelle im Text")
    addresses = tuple(dict.fromkeys(defined[label] for label in used))
    opening = next((i for i, node in enumerate(body) if node.type == "heading"), len(body))
    return Source(
        front=front,
        lead=body[:opening],
        chapters=body[opening:],
        addresses=addresses,
        numbers={label: addresses.index(defined[label]) + 1 for label in used},
    )


def plain_text(node: SyntaxTreeNode) -> str:
    """Return the text below a node, without references."""
    return "".join(leaf_text(n) for n in node.walk() if n.type in _TEXTS).strip()


def leaf_text(leaf: SyntaxTreeNode) -> str:
    """Return the text of a text node; a line break in the source is a space."""
    return leaf.content if leaf.type == "text" else " "


def _check(node: SyntaxTreeNode, name: str, line: int = 0) -> None:
    """Refuse what the format doesn't know; ``line`` is where the parent begins."""
    line = node.map[0] + 1 if node.map else line
    if node.type not in _KNOWN_NODES:
        raise refused(name, f"Zeile {line}: „{node.type}“ kennt das Format der Sammlung nicht")
    if node.type == "heading" and node.tag not in ("h2", "h3", "h4"):
        raise refused(name, f"Zeile {line}: Überschriften beginnen mit ##, ### oder ####")
    if node.type == "text" and (found := _UNDEFINED_REFERENCE.search(node.content)):
        raise refused(name, f"Zeile {line}: die Quelle „{found[1]}“ ist nirgends angegeben")
    if is_wide_table(node) and len(plain_text(node)) > MAX_WIDE_TABLE_CHARS:
        raise refused(name, f"Zeile {line}: die Tabelle ist zu lang für eine Seite")
    for child in node.children:
        _check(child, name, line)


def is_wide_table(node: SyntaxTreeNode) -> bool:
    """Whether the node is a table that spans both text columns."""
    if node.type != "table":
        return False
    head_row = node.children[0].children[0]
    return len(head_row.children) >= WIDE_TABLE_FROM_COLUMNS


def _defined_addresses(nodes: Sequence[SyntaxTreeNode], name: str) -> dict[str, str]:
    """Return the address behind each label."""
    addresses = {}
    for node in nodes:
        if node.type == "footnote_reference":
            # The raw content: an underscore in an address is no emphasis.
            address = "".join(n.content for n in node.walk() if n.type == "inline").strip()
            if not _ADDRESS.fullmatch(address):
                raise refused(name, f"„{node.meta['label']}“ ist keine Adresse: „{address}“")
            addresses[node.meta["label"]] = address
    return addresses
