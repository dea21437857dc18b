"""YAML files -> golden set. Scalars stay text: no "no" becomes False, no date a date."""

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.evaluation.golden import File, GoldenSet, Item
from corpus.errors import SozialraumError

# Reading all files anew takes 1.4 s (320 items, measured), and a screen reads them at each step.
_CACHED = 64


class GoldenError(SozialraumError):
    """The golden set can't be read; the message names file, item and field."""

    code = "ERR_GOLDEN"


def load_golden(folder: Path) -> GoldenSet:
    """Read all YAML files of a folder. Raises GoldenError."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise GoldenError(
            f"Im Ordner {folder} liegt keine YAML-Datei mit Prüffragen. Bitte nennen Sie den "
            "Ordner, in dem sie liegen."
        )
    items: list[Item] = []
    files: dict[str, str] = {}
    for path in paths:
        for item in parse_items(_read(path), path.name):
            if item.id in files:
                raise GoldenError(
                    f"Die Kennung „{item.id}“ gibt es zweimal: in {files[item.id]} und in "
                    f"{path.name}. Bitte geben Sie der neueren Frage eine eigene Kennung."
                )
            files[item.id] = path.name
            items.append(item)
    return GoldenSet(tuple(sorted(items, key=lambda item: item.id)), files)


@lru_cache(_CACHED)
def parse_items(text: str, name: str) -> tuple[Item, ...]:
    """Return the items of one file's text; ``name`` is for messages. Raises GoldenError."""
    try:
        content = _TextLoader(text).get_single_data()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f", Zeile {mark.line + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or "kein gültiges YAML"
        raise GoldenError(
            f"{name}{place}: Die Datei lässt sich nicht lesen ({problem}). Bitte prüfen Sie "
            "Einrückung und Anführungszeichen."
        ) from fault
    try:
        return File.model_validate(content).items
    except ValidationError as fault:
        lines = [_explained(error, content, name) for error in fault.errors()]
        raise GoldenError("\n".join(lines)) from fault


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise GoldenError(
            f"{path.name}: Die Datei lässt sich nicht lesen ({fault}). Bitte speichern Sie sie "
            "als UTF-8-Text."
        ) from fault


class _TextLoader(yaml.SafeLoader):
    """Safe loader that knows text, lists, mappings and null, and refuses doubled keys."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # the base class reads this very name
        letter: [(tag, pattern) for tag, pattern in pairs if tag == "tag:yaml.org,2002:null"]
        for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: ANN401
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"„{key.value}“ steht doppelt", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


# -- what went wrong, in words --------------------------------------------------------------

_MESSAGES = {
    "missing": "fehlt",
    "extra_forbidden": "ist kein bekanntes Feld",
    "string_type": "muss Text sein",
    "int_type": "muss eine ganze Zahl sein",
    "tuple_type": "muss eine Liste sein",
    "model_type": "muss aus benannten Feldern bestehen",
    "model_attributes_type": "muss aus benannten Feldern bestehen",
    "too_short": "darf nicht leer sein",
}
_PATTERNS = {
    r"\S": "darf nicht leer sein",
    r"^\d{4}-\d{2}-\d{2}$": "muss ein Datum wie 2026-11-22 sein",
}
_ID = "darf nur Kleinbuchstaben, Ziffern und einzelne Bindestriche enthalten"


def _explained(error: Mapping[str, Any], content: object, name: str) -> str:
    place = list(error["loc"])
    if place[:1] == ["items"] and len(place) > 1:
        item = _at(content, place[:2])
        id = item.get("id") if isinstance(item, Mapping) else None
        name = f"{name}, {id or f'Frage {int(place[1]) + 1}'}"
        place = place[2:]
    steps = [str(step + 1) if isinstance(step, int) else step for step in place]
    field = f", Feld „{' › '.join(steps)}“" if steps else ""
    return f"{name}{field}: {problem(error)}."


def _at(content: Any, place: Sequence[int | str]) -> object:  # noqa: ANN401
    for step in place:
        try:
            content = content[step]
        except (TypeError, KeyError, IndexError):
            return None
    return content


def problem(error: Mapping[str, Any]) -> str:
    """Say in German what one of pydantic's errors found; it reads on from the field's name."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        expected = re.sub(" or ", " oder ", context["expected"]).replace("'", "")
        return f"„{error['input']}“ gibt es hier nicht; erlaubt ist {expected}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], _ID)
    if kind in ("greater_than_equal", "less_than_equal"):
        low_or_high = "mindestens" if "ge" in context else "höchstens"
        return f"muss {low_or_high} {context.get('ge', context.get('le'))} sein"
    return _MESSAGES.get(kind, f"ist ungültig ({error['msg']})")
