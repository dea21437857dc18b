"""Write one item into its YAML file, and leave every other byte of the file as it is.

YAML's own marks say where each field of the item begins and ends. Only the fields that change
are written anew, so that comments and line breaks of people stay, and a review sees the change
alone. The whole new text is read again before it replaces the file; what doesn't come back
equal isn't written.
"""

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.evaluation.golden import GoldenSet, Item, split_of
from assistant.evaluation.golden_files import GoldenError, parse_items

DRAFTS = "entwuerfe.yaml"
"""Where new items go unless a file is named."""
WIDTH = 100
"""Columns after which a long text goes on in the next line, as in the files by hand."""

_HEAD = (
    "# yaml-language-server: $schema=schema.json\n"
    "# Golden set: questions with evidence. Format and rules: README.md in this folder.\n"
    "schema: 1\n"
    "items: []\n"
)
_FILE = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}\.yaml")
_NUMBERED = re.compile(r"(.+)-(\d{3,})")
_FLOW = frozenset({"tags", "section", "pages", "match", "provenance"})
"""Fields that are written in one line, as are the names of a nugget's evidence and turns."""
_TURN = {"role", "text"}
_BREAKS = frozenset("\n\r\x85\u2028\u2029")

# One process writes at a time, by its threads; what another program does meanwhile is noticed
# by the file's digest.
_writing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Opened:
    """An item as it was read, and where."""

    item: Item
    file: str
    digest: str
    """Of the file's bytes; hand it to ``save_item`` to notice that somebody else has written."""


def open_item(folder: Path, id: str) -> Opened:
    """Read one item. Raises GoldenError when there is none of that id."""
    path = _file_of(folder, id)
    if path is None:
        raise GoldenError(
            f"Eine Prüffrage „{id}“ gibt es nicht mehr. Bitte laden Sie die Liste neu."
        )
    content = path.read_bytes()
    items = parse_items(_decoded(content, path), path.name)
    item = next(item for item in items if item.id == id)
    return Opened(item, path.name, _digest(content))


def digest_of(folder: Path, file: str) -> str:
    """Return the digest of a file as it is now; empty when there is none."""
    path = folder / file
    return _digest(path.read_bytes()) if path.is_file() else ""


def writable(folder: Path) -> bool:
    """Tell whether items can be saved in a folder."""
    return folder.is_dir() and os.access(folder, os.W_OK)


def next_id(golden: GoldenSet, file: str) -> str:
    """Propose a free id for a file: the topic most of its ids have, and the next number."""
    ids = [_NUMBERED.fullmatch(id) for id, name in golden.files.items() if name == file]
    topics = [found[1] for found in ids if found]
    stem = re.sub(r"[^a-z0-9]+", "", file.removesuffix(".yaml"))
    topic = max(sorted(set(topics)), key=topics.count) if topics else stem or "frage"
    pattern = re.compile(rf"{re.escape(topic)}-(\d+)")
    numbers = [int(found[1]) for id in golden.files if (found := pattern.fullmatch(id))]
    return f"{topic}-{max(numbers, default=0) + 1:03}"


def save_item(
    folder: Path,
    item: Item,
    file: str | None = None,
    opened: str | None = None,
    *,
    new: bool = False,
) -> Path:
    """Write an item into its file, or a new one into ``file``, and return the file's path.

    A new item goes to the end of ``file``, which is ``DRAFTS`` by default and is made when it
    is missing. ``opened`` is the digest the file had when the item was opened; ``new`` says
    that there must be no item of that id yet. Raises GoldenError when the file has changed
    since or the id is taken, when the item is in another file or its split isn't the one of its
    id, or when it can't be written; the file is then as it was.
    """
    if item.split != split_of(item.id):
        raise GoldenError(f"{item.id}: Aus der Kennung folgt split: {split_of(item.id)}.")
    with _writing:
        path = _target(folder, item.id, file, new=new)
        content = path.read_bytes() if path.exists() else b""
        if opened is not None and opened != _digest(content):
            raise GoldenError(
                f"{path.name} wurde inzwischen von jemand anderem geändert. Bitte öffnen Sie die "
                "Frage neu und tragen Sie Ihre Änderung noch einmal ein."
            )
        _replace(path, with_item(_decoded(content, path) or _HEAD, path.name, item))
        if open_item(folder, item.id).item != item:
            raise GoldenError(
                f"{path.name}: Die Frage „{item.id}“ steht nicht so in der Datei, wie sie "
                "gespeichert werden sollte. Bitte prüfen Sie, wer sonst in den Ordner schreibt."
            )
    return path


def retire_item(folder: Path, id: str, opened: str | None = None) -> Path:
    """Take an item out of use; its id stays taken. Raises GoldenError as ``save_item``."""
    item = open_item(folder, id).item
    return save_item(folder, item.model_copy(update={"status": "retired"}), opened=opened)


def with_item(text: str, name: str, item: Item) -> str:
    """Return a file's text with an item written into it; ``name`` is for messages.

    Raises GoldenError when the text can't be read, or wouldn't say the same afterwards.
    """
    before = parse_items(text, name)
    # What parse_items has read is a mapping with a list of items.
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    listed = next(value for key, value in root.value if key.value == "items")
    place = next((n for n, known in enumerate(before) if known.id == item.id), None)
    writer = _Writer(text, "\r\n" if "\r\n" in text else "\n")
    if place is None:
        new = writer.append(listed, _plain(item), flow=bool(root.flow_style))
        wanted = (*before, item)
    else:
        new = writer.replace(listed.value[place], before[place], item)
        wanted = (*before[:place], item, *before[place + 1 :])
    if _parsed(new, name) != wanted:
        raise GoldenError(
            f"{name}: Die Frage „{item.id}“ lässt sich hier nicht ändern, ohne anderes zu "
            "berühren. Bitte ändern Sie sie in der Datei selbst."
        )
    return new


# -- text ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters of the text from ``start`` to ``end`` and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes new text out of the old one."""

    text: str
    newline: str

    def append(self, listed: yaml.SequenceNode, plain: dict[str, Any], *, flow: bool) -> str:
        """Add an item behind the last one."""
        if listed.flow_style and (flow or listed.value):
            end = self._end(listed.value[-1]) if listed.value else listed.start_mark.index + 1
            comma = ", " if listed.value else ""
            return self._edited([_Edit(end, end, comma + self._in_a_line(plain))])
        if not listed.value:
            start = len(self.text[: listed.start_mark.index].rstrip(" "))
            entry = self.newline + self._entry(plain, 2)
            return self._edited([_Edit(start, listed.end_mark.index, entry)])
        end = self._line_end(self._end(listed.value[-1]))
        entry = self._entry(plain, listed.start_mark.column)
        return self._edited([_Edit(end, end, self.newline * 2 + entry)])

    def replace(self, node: yaml.MappingNode, old: Item, new: Item) -> str:
        """Write anew what differs."""
        plain = _plain(new)
        changed = {name for name in Item.model_fields if getattr(old, name) != getattr(new, name)}
        first = node.value[0][0].value
        if node.flow_style or (first in changed and first not in plain):
            dumped = self._in_a_line(plain) if node.flow_style else self._block(plain, node)
            return self._edited([_Edit(node.start_mark.index, self._end(node), dumped)])
        fields = {key.value: (key, value) for key, value in node.value}
        edits = [self._change(*fields[name], plain) for name in fields if name in changed]
        edits += self._additions(node, fields, plain)
        return self._edited(edits)

    def _change(self, key: yaml.Node, value: yaml.Node, plain: dict[str, Any]) -> _Edit:
        start, end = key.start_mark.index, self._end(value)
        if key.value in plain:
            return _Edit(start, end, self._block({key.value: plain[key.value]}, key))
        line_start = start - key.start_mark.column
        return _Edit(line_start, self._line_end(end) + len(self.newline), "")

    def _additions(
        self, node: yaml.MappingNode, fields: Mapping[str, Any], plain: dict[str, Any]
    ) -> list[_Edit]:
        """Put each new field behind the one that comes before it in the order of the fields."""
        edits, before = [], ""
        for name in plain:
            if name in fields:
                before = name
                continue
            at = self._line_end(self._end(fields[before][1]))
            indent = " " * node.start_mark.column
            added = self._block({name: plain[name]}, node)
            edits.append(_Edit(at, at, f"{self.newline}{indent}{added}"))
        return edits

    def _edited(self, edits: Iterable[_Edit]) -> str:
        parts, done = [], 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            parts += [self.text[done : edit.start], edit.text]
            done = edit.end
        return "".join([*parts, self.text[done:]])

    def _end(self, node: Any) -> int:  # noqa: ANN401  # PyYAML's nodes are barely typed
        """Return where the node's own text ends, without comments and empty lines after it."""
        while not isinstance(node, yaml.ScalarNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        start = node.start_mark.index
        return int(start + len(self.text[start : node.end_mark.index].rstrip()))

    def _line_end(self, at: int) -> int:
        found = re.compile(r"\r?\n|\Z").search(self.text, at)
        return found.start() if found else len(self.text)

    def _entry(self, plain: dict[str, Any], column: int) -> str:
        return f"{' ' * column}- {self._indented(_dumped(plain, self.newline), column + 2)}"

    def _block(self, plain: dict[str, Any], beside: yaml.Node) -> str:
        return self._indented(_dumped(plain, self.newline), beside.start_mark.column)

    def _indented(self, dumped: str, column: int) -> str:
        return dumped.replace(self.newline, self.newline + " " * column)

    def _in_a_line(self, plain: dict[str, Any]) -> str:
        return _dumped(plain, self.newline, flow=True)


def _plain(item: Item) -> dict[str, Any]:
    """Return the item's fields in their order; optional ones only where they say something."""
    return item.model_dump(mode="json", exclude_defaults=True)


class _Dumper(yaml.SafeDumper):
    """Indents lists within a field, as the files by hand do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _dumped(plain: dict[str, Any], newline: str, *, flow: bool = False) -> str:
    representer = yaml.representer.SafeRepresenter(default_flow_style=flow, sort_keys=False)
    # Equal texts are written out each time, never as a reference to the first one.
    representer.ignore_aliases = lambda data: True  # type: ignore[method-assign]
    node = representer.represent_data(plain)
    _style(node)
    width = float("inf") if flow else WIDTH
    dumped = yaml.serialize(
        node, Dumper=_Dumper, allow_unicode=True, width=width, line_break=newline
    )
    return str(dumped).rstrip("\r\n")


def _style(node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode):
        # Text of several lines in quotation marks: blocks lose blanks at the ends of lines.
        if not _BREAKS.isdisjoint(node.value):
            node.style = '"'
    elif isinstance(node, yaml.MappingNode):
        node.flow_style = node.flow_style or {key.value for key, _ in node.value} == _TURN
        for key, value in node.value:
            _style(value)
            names = key.value == "evidence" and all(
                isinstance(part, yaml.ScalarNode) for part in value.value
            )
            if key.value in _FLOW or (names and value.value):
                value.flow_style = True
    else:
        for part in node.value:
            _style(part)


# -- files --------------------------------------------------------------------------------


def _target(folder: Path, id: str, file: str | None, *, new: bool) -> Path:
    known = _file_of(folder, id)
    if known and (new or (file and known.name != file)):
        raise GoldenError(
            f"Die Kennung „{id}“ gibt es schon in {known.name}. Bitte wählen Sie eine andere."
        )
    name = known.name if known else file or DRAFTS
    if not known and not _FILE.fullmatch(name):
        raise GoldenError(
            f"„{name}“ ist kein Dateiname, wie er hier gebraucht wird. Bitte nehmen Sie "
            "Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel wohnen.yaml."
        )
    return (folder / name).resolve()


def _file_of(folder: Path, id: str) -> Path | None:
    """Return the file that holds an item; the others needn't be sound."""
    for path in sorted(folder.glob("*.yaml")):
        text = _decoded(path.read_bytes(), path)
        if id in text and any(item.id == id for item in parse_items(text, path.name)):
            return path
    return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise GoldenError(
            f"{path.name} ist kein UTF-8-Text. Bitte speichern Sie die Datei als UTF-8."
        ) from fault


def _parsed(text: str, name: str) -> tuple[Item, ...]:
    try:
        return parse_items(text, name)
    except GoldenError:
        return ()


def _replace(path: Path, text: str) -> None:
    """Put new text in the place of a file: the old one or the new one is there, never a half."""
    draft = path.with_name(f".{path.name}.new")
    try:
        with draft.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise GoldenError(
            f"{path.name} lässt sich nicht schreiben ({fault.strerror}). Bitte prüfen Sie, ob Sie "
            f"in den Ordner {path.parent} schreiben dürfen und ob noch Platz ist."
        ) from fault
