"""The words of a mail -> blocks: what is quoted is marked, what is only a signature set apart."""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import PageElement
from bs4.exceptions import ParserRejectedMarkup

from ingest.blocks import Block
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.markup import blocks_of
from ingest.loaders.text import read_text
from ingest.markup.unseen import Unseen, said
from ingest.refusals import refuse

MAX_HTML_CHARS = 5_000_000  # 1,500 pages
MAX_HTML_TAGS = 150_000  # 300 pages as Outlook writes them; they take 8 s to read
MAX_CHANGES = 5_000  # between own and quoted text: more is no conversation
_Role = Literal["text", "quote", "signature"]

_QUOTED = re.compile(r"\s?(?:>\s?)+")
_DIVIDER = re.compile(
    r"\s*[-_]{2,}\s*(?:Ursprüngliche (?:Nachricht|E-Mail)|Original[ -]?(?:Message|Nachricht)|"
    r"(?:Weitergeleitete|Forwarded) (?:Nachricht|message).*?)\s*[-_]{2,}\s*",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(r"\s*(?:Am|On)\s.{5,200}\b(?:schrieb|wrote)\b.{0,200}:\s*")
_FROM = re.compile(r"\s*\*?(?:Von|From):\*?\s.*")
_ALSO = re.compile(r"\s*\*?(?:Gesendet|Datum|Sent|Date|An|To):\*?\s.*")
_PICTURE = re.compile(r"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%]{100,}")
_LINE_ENDS = re.compile("\r\n?")
_MAX_PATTERN_CHARS = 500


def plain_blocks(text: str, hidden: HiddenTexts) -> tuple[list[Block], int]:
    """Return the blocks of a plain text, and how many hyphens were mended in it.

    Quotes become boxes, signatures contents.
    """
    blocks: list[Block] = []
    mended = 0
    for role, part in _parts(text):
        loaded = read_text(part, hidden)
        mended += loaded.extraction.mended_hyphens
        if role == "text":
            blocks += [replace(block, page=None) for block in loaded.blocks]
        elif joined := "\n".join(block.text.replace("\t", " ") for block in loaded.blocks):
            blocks.append(Block("box" if role == "quote" else "contents", joined))
    return blocks, mended


def html_blocks(source: str, hidden: HiddenTexts, file: str) -> list[Block]:
    """Return the blocks of a mail that is a page. Raises FileRefusedError."""
    source = _PICTURE.sub("", source).replace("\0", "")
    if len(source) > MAX_HTML_CHARS or source.count("<") > MAX_HTML_TAGS:
        raise refuse("ERR_FILE_TOO_LARGE", file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # text like an address: meant
        try:
            page = BeautifulSoup(source, "lxml")
        except (ParserRejectedMarkup, RecursionError, ValueError, AssertionError):
            raise refuse("ERR_FILE_DAMAGED", file) from None
    left_out = {id(tag) for tag in page.find_all(["head", "script", "style", "template"])}
    _conceal(page, left_out, hidden)
    hidden.visible(source)
    found = blocks_of(page, left_out)
    start = next((at for at, block in enumerate(found) if _begins_quote(block.text)), len(found))
    return [*found[:start], *(_as_quote(block) for block in found[start:])]


def _as_quote(block: Block) -> Block:
    quoted = block.kind in ("paragraph", "item", "heading")
    return replace(block, kind="box", level=0) if quoted else block


def _begins_quote(text: str) -> bool:
    """Tell whether a paragraph introduces the mail that is answered; the last lines are it."""
    start = text[:_MAX_PATTERN_CHARS]
    outlook = _FROM.match(start) and re.search(r"\b(?:Gesendet|Sent|Datum|Date):", start)
    return bool(_DIVIDER.fullmatch(start) or _INTRODUCTION.fullmatch(start) or outlook)


def _conceal(page: Tag, left_out: set[int], hidden: HiddenTexts) -> None:
    unseen = Unseen(page)
    stack: list[PageElement] = list(reversed(page.contents))
    while stack:
        node = stack.pop()
        if isinstance(node, Comment):
            hidden.add("Kommentar", said(node))
        elif isinstance(node, Tag) and id(node) not in left_out:
            if (how := unseen.concealment(node)) and node.name not in ("html", "body"):
                left_out.add(id(node))
                hidden.add(how, node.get_text(" "))
            else:
                stack.extend(reversed(node.contents))


def _parts(text: str) -> Iterator[tuple[_Role, str]]:
    """Cut a text where quotes and signatures begin and end."""
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    runs: list[tuple[_Role, str]] = [
        (role, "\n".join(line for _, line in run))
        for role, run in groupby(_told(lines), key=lambda told: told[0])
    ]
    if len(runs) <= MAX_CHANGES:
        yield from runs
    else:
        yield "text", text


def _told(lines: Sequence[str]) -> Iterator[tuple[_Role, str]]:
    """Say of each line what it is part of."""
    lasting: _Role = "text"
    last: _Role = "text"
    for at, line in enumerate(lines):
        mark = _QUOTED.match(line)
        if mark and ">" in mark[0]:
            last = "quote"
            yield last, line[mark.end() :]
            continue
        if _introduces(lines, at):
            follows = next((each for each in lines[at + 1 : at + 5] if each.strip()), "")
            last = "quote"
            lasting = lasting if follows.lstrip().startswith(">") else "quote"
            line = "" if _DIVIDER.fullmatch(line[:_MAX_PATTERN_CHARS]) else line
        elif line in ("-- ", "--") and lasting == "text":
            last = lasting = "signature"
            line = ""
        elif line.strip():
            last = lasting
        yield last, line


def _introduces(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line, or two broken ones, introduce the mail that is answered."""
    line = lines[at]
    if len(line) > _MAX_PATTERN_CHARS:
        return False
    if _DIVIDER.fullmatch(line) or _INTRODUCTION.fullmatch(line):
        return True
    following = [each[:_MAX_PATTERN_CHARS] for each in lines[at + 1 : at + 4]]
    if _FROM.fullmatch(line):
        return any(_ALSO.fullmatch(each) for each in following)
    broken = line.lstrip().startswith(("Am ", "On ")) and following
    return bool(broken and _INTRODUCTION.fullmatch(f"{line} {following[0]}"))
