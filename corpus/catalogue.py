"""The catalogue of a workshop series (``werkstaetten.yaml``) and the glossary.

A catalogue lies in the folder that is read in and belongs to that collection alone. What
it doesn't say stays empty; nothing is guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import yaml
from yaml.events import AliasEvent
from yaml.nodes import Node

from corpus.errors import CatalogueError
from corpus.types import Status, Workshop

CATALOGUE_FILE = "werkstaetten.yaml"
# A series of 1,000 workshops has 200 KB.
MAX_BYTES = 2**20
GLOSSARY_FILE = Path(__file__).parent / "glossary.yaml"

# Letters of a word that carries a long form.
MIN_CARRIER = 5
_STATUSES: tuple[Status, ...] = ("unbekannt", "angekündigt", "belegt")
# Keys of a document's entry under `dokumente:`; the same as those of front matter.
DOCUMENT_KEYS = (
    *("titel", "art", "werkstatt", "herkunft", "stand"),
    *("gueltig_ab", "gueltig_bis", "ersetzt_durch", "kapitel"),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a collection says of its series and its documents."""

    series: dict[str, str] = field(default_factory=dict)
    """titel, veranstalter, zeitraum, werkstaetten, staedte, quelle; absent when unknown."""
    workshops: tuple[Workshop, ...] = ()
    documents: dict[str, dict[str, str]] = field(default_factory=dict)
    """Metadata by file name; overrides what a file says of itself."""

    def workshop(self, number: int | None) -> Workshop | None:
        """Return the entry with this number, or None."""
        return next((w for w in self.workshops if w.number == number), None)


def one_of_each(workshops: Iterable[Workshop]) -> tuple[Workshop, ...]:
    """Return one workshop for each number, in order: numbers are what a search is limited by.

    Entries of several collections are joined where their themes don't differ, the best known
    first. Where they do, the first one holds as it is: a theme of one series and a town of
    another would be a workshop that never was.
    """
    found: dict[int, Workshop] = {}
    for workshop in workshops:
        known = found.get(workshop.number)
        found[workshop.number] = workshop if known is None else _joined(known, workshop)
    return tuple(found[number] for number in sorted(found))


def _joined(one: Workshop, other: Workshop) -> Workshop:
    if one.theme and other.theme and one.theme != other.theme:
        return one
    best, rest = sorted((one, other), key=lambda w: _STATUSES.index(w.status), reverse=True)
    return Workshop(
        number=best.number,
        theme=best.theme or rest.theme,
        town=best.town or rest.town,
        date=best.date or rest.date,
        status=best.status,
        source=best.source or rest.source,
    )


def load_catalogue(folder: Path) -> Catalogue:
    """Read the folder's catalogue; an empty one when the folder has none.

    Raises CatalogueError naming the file, the entry and the fault.
    """
    path = folder / CATALOGUE_FILE
    is_own = path.is_file() and path.resolve().parent == folder.resolve()  # no link to elsewhere
    return read_catalogue(path) if is_own else Catalogue()


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue file, whatever its name. Raises CatalogueError."""
    data = _load_mapping(path)
    entries = data.get("werkstaetten") or []
    if not isinstance(entries, list):
        raise _malformed(path, "„werkstaetten“ muss eine Liste sein")
    workshops = tuple(_workshop(path, entry) for entry in entries)
    numbers = [w.number for w in workshops]
    for number in numbers:
        if numbers.count(number) > 1:
            raise _malformed(path, f"Werkstatt {number} ist zweimal eingetragen")
    return Catalogue(
        series=_texts(path, "reihe", data.get("reihe") or {}),
        workshops=tuple(sorted(workshops, key=lambda w: w.number)),
        documents={
            file: _document_entry(path, file, entry)
            for file, entry in (data.get("dokumente") or {}).items()
        },
    )


@lru_cache(maxsize=1024)
def _carriers(long_form: str) -> frozenset[str]:
    words = re.findall(r"\w+", long_form.casefold())
    return frozenset(word for word in words if len(word) >= MIN_CARRIER)


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form, its reading in this field, and what else it may mean."""

    short_forms: tuple[str, ...]
    long_form: str
    other_readings: tuple[str, ...] = ()

    @property
    def carriers(self) -> frozenset[str]:
        """The long form's words that carry it: not "NRW" in "Wohnungsaufsichtsgesetz NRW"."""
        return _carriers(self.long_form)


# Compared by identity: whatever is cached by it would hash every entry at each question (1 ms).
@dataclass(frozen=True, slots=True, eq=False)
class Glossary:
    """Short forms and search variants of the field; the same for every collection."""

    abbreviations: tuple[Abbreviation, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of interchangeable terms, the leading one first."""
    english: tuple[tuple[str, str], ...] = ()
    """English terms, each with the German one."""
    _by_short_form: dict[str, Abbreviation] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.abbreviations:
            for form in entry.short_forms:
                self._by_short_form.setdefault(form.casefold(), entry)

    def abbreviation(self, short_form: str) -> Abbreviation | None:
        """Return the entry of a short form, whatever its capitals, or None."""
        return self._by_short_form.get(short_form.casefold())

    def short_forms(self, text: str) -> list[str]:
        """Return the short forms of every long form whose words the text has."""
        words = set(re.findall(r"\w+", text.casefold()))
        return [
            form
            for entry in self.abbreviations
            if entry.carriers and entry.carriers <= words
            for form in entry.short_forms
        ]


def load_glossary(path: Path = GLOSSARY_FILE) -> Glossary:
    """Read the glossary. Raises CatalogueError when it is malformed."""
    data = _load_mapping(path)
    try:
        abbreviations = tuple(
            Abbreviation(
                tuple(map(str, entry["kuerzel"])),
                str(entry["langform"]),
                tuple(map(str, entry.get("andere") or ())),
            )
            for entry in data["abkuerzungen"]
        )
        synonyms = tuple(
            (str(entry["begriff"]), *map(str, entry["varianten"])) for entry in data["synonyme"]
        )
        terms = (
            *((entry, str(entry["langform"])) for entry in data["abkuerzungen"]),
            *((entry, str(entry["begriff"])) for entry in data["synonyme"]),
            *((entry, str(entry["begriff"])) for entry in data.get("begriffe") or ()),
        )
        english = tuple(pair for entry, german in terms for pair in _english(entry, german))
    except (KeyError, TypeError) as fault:
        raise _malformed(path, f"ein Eintrag ist unvollständig ({fault})") from fault
    return Glossary(abbreviations, synonyms, english)


def _english(entry: dict[str, Any], german: str) -> list[tuple[str, str]]:
    """Return an entry's English terms, each with the German one."""
    said = entry.get("englisch") or ()
    return [(str(term), german) for term in ([said] if isinstance(said, str) else said)]


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them stand for gigabytes when they are written out."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(AliasEvent):
            raise yaml.YAMLError("Verweise (*name) sind nicht erlaubt")
        return super().compose_node(parent, index)


def plain_yaml(text: str) -> Any:  # noqa: ANN401  # what YAML can say
    """Return what YAML of unknown origin says. Raises YAMLError, also for bombs."""
    try:
        return _PlainLoader(text).get_single_data()
    except (RecursionError, ValueError) as fault:  # nested too deep; 30 February
        raise yaml.YAMLError(str(fault)) from None


def _load_mapping(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _malformed(path, f"größer als {MAX_BYTES // 2**20} MB")
        data = plain_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise _malformed(path, f"kein gültiges YAML in UTF-8 ({fault})") from fault
    if not isinstance(data, dict):
        raise _malformed(path, "die oberste Ebene muss aus Schlüsseln bestehen")
    return data


def _workshop(path: Path, entry: object) -> Workshop:
    if not isinstance(entry, dict) or not str(entry.get("nummer", "")).isdigit():
        raise _malformed(path, f"jede Werkstatt braucht eine ganze Zahl als „nummer“: {entry!r}")
    number = int(entry["nummer"])
    status = str(entry.get("status") or "unbekannt")
    if status not in get_args(Status):
        known = ", ".join(get_args(Status))
        raise _malformed(path, f"Werkstatt {number}: Status „{status}“ gibt es nicht ({known})")
    day = str(entry.get("datum") or "")
    try:
        if day:
            date.fromisoformat(day)
    except ValueError as fault:
        message = f"Werkstatt {number}: Datum „{day}“ ist kein Tag der Form JJJJ-MM-TT"
        raise _malformed(path, message) from fault
    return Workshop(
        number=number,
        theme=str(entry.get("thema") or ""),
        town=str(entry.get("stadt") or ""),
        date=day,
        status=status,  # type: ignore[arg-type]  # checked against the literal's values above
        source=str(entry.get("quelle") or ""),
    )


def _document_entry(path: Path, file: str, entry: object) -> dict[str, str]:
    texts = _texts(path, f"dokumente: {file}", entry)
    unknown = sorted(set(texts) - set(DOCUMENT_KEYS))
    if unknown:
        known = ", ".join(DOCUMENT_KEYS)
        raise _malformed(path, f"{file}: unbekannte Angabe „{unknown[0]}“ (möglich: {known})")
    return texts


def _texts(path: Path, name: str, entry: object) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise _malformed(path, f"„{name}“ muss aus Schlüsseln und Werten bestehen")
    return {str(key): str(value) for key, value in entry.items() if value is not None}


def _malformed(path: Path, fault: str) -> CatalogueError:
    return CatalogueError(
        f"{path.name}: {fault}. Bitte die Datei {path} berichtigen und erneut einlesen."
    )
