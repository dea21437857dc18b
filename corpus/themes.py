"""The fields of action by which a collection is looked over (``themes.yaml``)."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from corpus.catalogue import plain_yaml
from corpus.errors import CatalogueError

THEMES_FILE = Path(__file__).parent / "themes.yaml"
# Stands in addresses and in the names of what can be pressed.
_ID = re.compile(r"[a-z]{1,30}")


@dataclass(frozen=True, slots=True)
class Theme:
    """A field of action and the words by which a passage is counted to it."""

    id: str
    name: str
    terms: tuple[str, ...]


def load_themes(path: Path = THEMES_FILE) -> tuple[Theme, ...]:
    """Read the themes in their order. Raises CatalogueError when the file is malformed."""
    try:
        data = plain_yaml(path.read_text(encoding="utf-8"))
        themes = tuple(
            Theme(str(e["kennung"]), str(e["name"]), tuple(map(str, e["begriffe"])))
            for e in data["themen"]
        )
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError) as fault:
        raise _malformed(path, f"nicht lesbar oder unvollständig ({fault})") from fault
    ids = [theme.id for theme in themes]
    for theme in themes:
        if not _ID.fullmatch(theme.id) or ids.count(theme.id) > 1:
            raise _malformed(path, f"die Kennung „{theme.id}“ ist ungültig oder doppelt")
        if not theme.name or not theme.terms:
            raise _malformed(path, f"„{theme.id}“ braucht einen Namen und Begriffe")
    return themes


def _malformed(path: Path, fault: str) -> CatalogueError:
    return CatalogueError(f"{path.name}: {fault}. Bitte die Datei {path} berichtigen.")
