"""Footnotes of a page: found by the links that lead to them, set behind what refers to them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote

from bs4 import Tag

from ingest.blocks import Block
from ingest.markup.text import classes, elements

# Noncharacters stand around a note's number while blocks are made; text never holds them.
SIGNS = "\ufdd0\ufdd1"
_MARK = re.compile(f"{SIGNS[0]}(\\d+){SIGNS[1]}")
_BEFORE_GAP = re.compile(f"(?<! ) +(?={_MARK.pattern}(?:[ .,;:!?)\\]“”»]|$))")
_MAX_NOTE_WORDS = 1_000  # a link to more text than this leads to a chapter
_MAX_LEVELS = 5  # between an anchor and the paragraph or item it stands in
_MAX_LABEL = 6  # characters: "1", "[123]", "a)", "*"
_NOTE_NAME = re.compile(r"\bf(?:t)?n|_ftn|note|fu(?:ss|ß)n", re.IGNORECASE)
_NOTE_ROLES = ("doc-footnote", "doc-endnote")
_LISTS = re.compile(r"(?:^|[\s_-])(?:foot|end)notes(?:$|[\s_-])|fu(?:ss|ß)noten", re.IGNORECASE)
_HOLDERS = ("li", "p", "dd", "aside", "div")


def mark(number: int) -> str:
    """Return the sign for a note; ``with_notes`` takes it away again."""
    return f"{SIGNS[0]}{number}{SIGNS[1]}"


def without_marks(text: str) -> str:
    """Return text without the signs of notes."""
    return _MARK.sub("", _BEFORE_GAP.sub("", text)).strip(" ")


def find_notes(root: Tag) -> tuple[dict[int, int], dict[int, str]]:
    """Return (element's id -> number of the note it is, element's id -> text in its place).

    In the place of a reference stands its ``mark``, in the place of a link back nothing.
    """
    tags = elements(root)
    order = {id(tag): at for at, tag in enumerate(tags)}
    targets = _targets(tags)
    notes: dict[int, int] = {}
    instead: dict[int, str] = {}
    backward: list[Tag] = []
    too_long: set[int] = set()
    for link in (tag for tag in tags if leads_down(tag)):
        target = targets.get(unquote(str(link["href"])[1:]))
        if len(link.get_text(strip=True)) > _MAX_LABEL:
            continue
        if target is None or order[id(target)] <= order[id(link)]:
            backward.append(link)
            continue
        around = (target, *islice(target.parents, _MAX_LEVELS))
        note = next((tag for tag in around if tag.name in _HOLDERS), None)
        if note is None or order.get(id(note), -1) < order[id(link)] or id(note) in too_long:
            continue
        if id(note) not in notes and len(note.get_text(" ").split()) > _MAX_NOTE_WORDS:
            too_long.add(id(note))
            continue
        if not _is_reference(link):
            continue
        instead[id(_whole(link))] = mark(notes.setdefault(id(note), len(notes) + 1))
    for note in filter(_is_note, tags):
        notes.setdefault(id(note), len(notes) + 1)
    for link in backward:
        if any(id(parent) in notes for parent in islice(link.parents, _MAX_LEVELS)):
            instead[id(_whole(link))] = ""
    return notes, instead


def leads_down(tag: Tag) -> bool:
    """Tell whether an element is a link to a place on the same page."""
    return tag.name == "a" and len(str(tag.get("href", ""))) > 1 and str(tag["href"])[0] == "#"


def _targets(tags: Iterable[Tag]) -> dict[str, Tag]:
    targets: dict[str, Tag] = {}
    for tag in tags:
        if name := str(tag.get("id", "") or (tag.get("name", "") if tag.name == "a" else "")):
            targets.setdefault(name, tag)
    return targets


def with_notes(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Set each note behind the paragraph, list or table that refers to it first."""
    notes = {
        int(found[1]): block
        for block in blocks
        if block.kind == "footnote" and (found := _MARK.match(block.text))
    }
    others = [block for block in blocks if block.kind != "footnote"]
    referred = {int(number) for block in others for number in _MARK.findall(block.text)}
    result: list[Block] = []
    waiting: list[Block] = []
    for block in blocks:
        numbers = [int(number) for number in _MARK.findall(block.text)]
        if block.kind == "footnote" and numbers and numbers[0] in referred:
            continue
        if not (result and _go_together(result[-1], block)):
            result += waiting
            waiting = []
        result.append(replace(block, text=without_marks(block.text)))
        if block.kind != "footnote":
            found_notes = [notes.pop(number) for number in numbers if number in notes]
            waiting += [replace(note, text=without_marks(note.text)) for note in found_notes]
    return tuple(block for block in (*result, *waiting) if block.text)


def _go_together(before: Block, block: Block) -> bool:
    return (before.kind, block.kind) in (("item", "item"), ("caption", "table"))


def _is_reference(link: Tag) -> bool:
    """Tell whether a link to further down is a footnote's number."""
    if link.get("role") == "doc-noteref" or link.find("sup") is not None:
        return True
    parents = (link, *islice(link.parents, 2))
    if any(parent.name == "sup" for parent in parents):
        return True
    names = f"{link['href']} {classes(link)}"
    return bool(_NOTE_NAME.search(names))


def _whole(link: Tag) -> Tag:
    """Return the raised element of which the link is all: "[1]" with its brackets."""
    parent = link.parent
    if parent is None or parent.name != "sup":
        return link
    return parent if len(elements(parent, "a")) == 1 else link


def _is_note(tag: Tag) -> bool:
    if tag.get("role") in _NOTE_ROLES:
        return True
    if tag.name != "li" or tag.parent is None or tag.parent.parent is None:
        return False
    parents = (tag.parent, tag.parent.parent)
    names = " ".join(f"{classes(parent)} {parent.get('id', '')}" for parent in parents)
    is_list = any(parent.get("role") == "doc-endnotes" for parent in parents)
    return is_list or bool(_LISTS.search(names))
