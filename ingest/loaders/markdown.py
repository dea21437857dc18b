"""Markdown -> blocks, read by markdown-it with front matter, tables and footnotes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from corpus.catalogue import DOCUMENT_KEYS, plain_yaml
from corpus.types import Extraction
from ingest.blocks import Block, LoadedFile
from ingest.loaders.encodings import decoded
from ingest.loaders.files import file_bytes
from ingest.loaders.hidden import HiddenTexts
from ingest.refusals import refuse

MAX_BYTES = 6 * 2**20  # as plain text
# The parser looks ahead from each open bracket: 4,000 in a paragraph take 0.1 s, 100,000 a minute.
_MAX_OPEN = 4_000
_TAG = re.compile("<[^<>]*>")
_CAPTION = re.compile(r"(Tabelle|Abbildung) \d+\s*[:.–]")
_PARSER = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(footnote_plugin)


def load_markdown(path: Path) -> LoadedFile:
    """Read a Markdown file in any German encoding. Raises FileRefusedError."""
    source = decoded(file_bytes(path, MAX_BYTES), path.name)
    if any(part.count("[") - part.count("]") > _MAX_OPEN for part in source.split("\n\n")):
        raise refuse("ERR_FILE_LIMIT", path.name)
    root = SyntaxTreeNode(_PARSER.parse(source))
    metadata = _front_matter(root, path)
    hidden = HiddenTexts()
    for comment in _comments(root):
        hidden.add("Kommentar", comment)
    found = [
        replace(block, text=hidden.visible(block.text))
        for node in root.children
        for block in _blocks(node)
    ]
    blocks = tuple(block for block in found if block.text.strip())
    if not any(block.kind != "heading" for block in blocks):
        raise refuse("ERR_FILE_EMPTY", path.name)
    extraction = Extraction(format="Markdown", hidden=hidden.listed())
    return _with_title_from_heading(LoadedFile(blocks, metadata, extraction=extraction))


def _comments(root: SyntaxTreeNode) -> Iterator[str]:
    """Yield what stands in HTML within the text, which is left out: comments, hidden parts."""
    for node in root.walk():
        if node.type in ("html_block", "html_inline"):
            yield _TAG.sub(" ", node.content.replace("<!--", "").replace("-->", ""))


def _front_matter(root: SyntaxTreeNode, path: Path) -> dict[str, str]:
    node = next((n for n in root.children if n.type == "front_matter"), None)
    if node is None:
        return {}
    try:
        data = plain_yaml(node.content) or {}
    except yaml.YAMLError:
        raise refuse("ERR_FILE_FRONT_MATTER", path.name) from None
    if not isinstance(data, dict):
        raise refuse("ERR_FILE_FRONT_MATTER", path.name)
    stated = {k: v for k, v in data.items() if k in DOCUMENT_KEYS and v is not None}
    if any(isinstance(v, dict | list | set) for v in stated.values()):
        raise refuse("ERR_FILE_FRONT_MATTER", path.name)
    return {k: str(v) for k, v in stated.items()}


def _with_title_from_heading(file: LoadedFile) -> LoadedFile:
    """A single heading of the first rank is the title, not a chapter."""
    top = [block for block in file.blocks if block.kind == "heading" and block.level == 1]
    if len(top) != 1 or file.blocks[0] is not top[0]:
        return file
    metadata = {"titel": top[0].text, **file.metadata}
    return replace(file, blocks=file.blocks[1:], metadata=metadata)


def _blocks(node: SyntaxTreeNode) -> list[Block]:
    match node.type:
        case "heading":
            return [Block("heading", _text(node), level=int(node.tag[1]))]
        case "paragraph":
            text = _text(node)
            kind = "caption" if _CAPTION.match(text) else "paragraph"
            return [Block(kind, text)] if text else []  # type: ignore[arg-type]
        case "bullet_list" | "ordered_list":
            return _items(node)
        case "blockquote":
            return [Block("box", "\n".join(b.text for c in node.children for b in _blocks(c)))]
        case "table":
            rows = [row for part in node.children for row in part.children]
            lines = ["\t".join(_text(cell) for cell in row.children) for row in rows]
            return [Block("table", "\n".join(lines))]
        case "code_block" | "fence":
            return [Block("paragraph", node.content.strip())]
        case "footnote_block":
            return [Block("footnote", _text(note)) for note in node.children if _text(note)]
        case _:
            return []


def _items(node: SyntaxTreeNode) -> list[Block]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    blocks = []
    for number, item in enumerate(node.children):
        mark = "" if first is None else f"{first + number}. "
        for child in item.children:
            for block in _blocks(child):
                if block.kind == "paragraph":
                    blocks.append(Block("item", mark + block.text))
                    mark = ""
                else:
                    blocks.append(block)
    return blocks


def _text(node: SyntaxTreeNode) -> str:
    """Return the plain text below a node; marks of notes are no text."""
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return " "
        case "image":
            return node.content  # what is said instead of the picture
        case "footnote_ref" | "footnote_anchor" | "html_inline":
            return ""
        case _:
            return "".join(_text(child) for child in node.children).strip()
