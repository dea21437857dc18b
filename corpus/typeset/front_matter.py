"""What a Markdown source says of itself: its front matter, under German keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from corpus.dates import german_date
from corpus.errors import FileRefusedError

REQUIRED_KEYS = ("titel", "art", "herkunft", "stand")


@dataclass(frozen=True, slots=True)
class State:
    """The day, month or year a text stands for."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str:
        """ISO 8601, as exact as it was given."""
        parts = [f"{self.year:04}", *(f"{p:02}" for p in (self.month, self.day) if p)]
        return "-".join(parts)

    @property
    def first_day(self) -> date:
        """The first day of the period: the fixed date of the PDF."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def printed(self) -> str:
        """As a person writes it: "November 2026"."""
        return german_date(self.iso)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields the typesetter prints and writes into the PDF's metadata."""

    title: str
    category: str
    origin: str
    state: State
    subtitle: str = ""
    workshop: int | None = None

    @property
    def kicker(self) -> str:
        """What sort of document, for a person: "Themenheft", "Werkstatt 3"."""
        return self.category if self.workshop is None else f"Werkstatt {self.workshop}"


def read_front_matter(source: str, name: str) -> FrontMatter:
    """Return the fields of a YAML head, given without its dashes.

    ``name`` is the file's name. Raises FileRefusedError naming it, the fault and the remedy.
    """
    try:
        data = yaml.safe_load(source)
    except yaml.YAMLError as fault:
        raise refused(name, f"der Kopf ist kein gültiges YAML ({fault})") from fault
    if not isinstance(data, dict):
        raise refused(name, "der Kopf zwischen zwei Zeilen „---“ fehlt")
    fields = {str(key): str(value).strip() for key, value in data.items() if value is not None}
    for key in REQUIRED_KEYS:
        if not fields.get(key):
            raise refused(name, f"im Kopf fehlt „{key}“")
    return FrontMatter(
        title=fields["titel"],
        category=fields["art"],
        origin=fields["herkunft"],
        state=_state(fields["stand"], name),
        subtitle=fields.get("untertitel", ""),
        workshop=_workshop(fields, name),
    )


def refused(name: str, fault: str) -> FileRefusedError:
    """Return the error for a source that can't be typeset."""
    return FileRefusedError(f"{name}: {fault}. Bitte die Quelle berichtigen und erneut setzen.")


def _workshop(fields: Mapping[str, str], name: str) -> int | None:
    number = fields.get("werkstatt", "")
    if number and not number.isdecimal():
        raise refused(name, f"„werkstatt“ ist keine ganze Zahl: {number}")
    return int(number) if number else None


def _state(text: str, name: str) -> State:
    try:
        state = State(*(int(part) for part in text.split("-")))
        valid = state.first_day and state.iso == text
    except (ValueError, TypeError):
        valid = False
    if not valid:
        fault = f"„stand“ ist kein Datum der Form JJJJ, JJJJ-MM oder JJJJ-MM-TT: {text}"
        raise refused(name, fault)
    return state
