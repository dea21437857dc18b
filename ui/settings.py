"""Every setting of the program: one frozen table, read once at the start.

A setting ``port`` is set by the environment variable ``SOZIALRAUM_PORT``. A wrong value and an
unknown variable stop the start: a mistyped name would otherwise be obeyed by nobody.
"""

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

import corpus
from corpus.errors import SozialraumError

PREFIX = "SOZIALRAUM_"
ERROR_CODE = "ERR_SETTINGS"

_PROJECT = Path(__file__).resolve().parent.parent


def _default_data() -> Path:
    """Beside the project in a clone; in the user's own data folder where it is installed."""
    if (_PROJECT / "pyproject.toml").is_file():
        return _PROJECT / "data"
    return platformdirs.user_data_path("sozialraum-assistent", appauthor=False)


def _default_collection() -> Path:
    return Path(corpus.__path__[0]) / "documents"


def _unit(name: str) -> dict[str, Any]:
    return {"unit": name}


class Settings(BaseSettings):
    """All settings with default, unit and help. Relative folders count from the current one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    data: Path = Field(
        default_factory=_default_data,
        description="Datenordner: Bibliothek, Indexe und Kopien der eingelesenen Dateien.",
        json_schema_extra=_unit("Ordner"),
    )
    collection: Path = Field(
        default_factory=_default_collection,
        description="Ordner mit Unterlagen, der beim ersten Start eingelesen wird.",
        json_schema_extra=_unit("Ordner"),
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Adresse, an der die Anwendung lauscht. 127.0.0.1: nur von diesem Rechner aus.",
        json_schema_extra=_unit("Adresse"),
    )
    port: int = Field(
        default=7860,
        ge=1,
        le=65535,
        description="Anschluss (TCP), an dem die Anwendung lauscht.",
        json_schema_extra=_unit("Nummer"),
    )
    embedder: Path | None = Field(
        default=None,
        description="Ordner eines anderen Einbettungsmodells; ohne Angabe das mitgelieferte.",
        json_schema_extra=_unit("Ordner"),
    )
    threads: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Rechenkerne, die das Einbettungsmodell gleichzeitig nutzt.",
        json_schema_extra=_unit("Anzahl"),
    )
    max_question_chars: int = Field(
        default=4000,
        ge=100,
        le=20000,
        description="Längste Frage, die angenommen wird.",
        json_schema_extra=_unit("Zeichen"),
    )
    internal_hosts: str = Field(
        default="",
        description="Rechner im Hausnetz, von denen Unterlagen geholt werden dürfen, durch Komma "
        "getrennt; sonst nur öffentliche Adressen.",
        json_schema_extra=_unit("Namen"),
    )

    @property
    def hosts(self) -> frozenset[str]:
        """The internal hosts, each by itself."""
        names = (name.strip().lower() for name in self.internal_hosts.split(","))
        return frozenset(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the settings table, as documentation prints it."""

    variable: str
    default: str
    unit: str
    help: str


def table() -> tuple[Entry, ...]:
    """Return every setting with its variable, default, unit and German help."""
    return tuple(_entry(name, field) for name, field in Settings.model_fields.items())


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises SozialraumError with code ERR_SETTINGS, naming each wrong or unknown variable.
    """
    complaints = [_unknown(name) for name in _unknown_variables(os.environ)]
    try:
        settings = Settings()
    except ValidationError as error:
        complaints += [_invalid(dict(detail)) for detail in error.errors()]
    if complaints:
        raise SozialraumError("\n".join(complaints), code=ERROR_CODE)
    return settings


def _entry(name: str, field: FieldInfo) -> Entry:
    extra = field.json_schema_extra
    unit = str(extra["unit"]) if isinstance(extra, dict) else ""
    return Entry(_variable(name), _shown_default(name, field), unit, field.description or "")


def _shown_default(name: str, field: FieldInfo) -> str:
    # The computed folders differ from machine to machine, their description doesn't.
    computed = {"data": "data/ beim Projekt", "collection": "corpus/documents"}
    if name in computed:
        return computed[name]
    return "–" if field.default in (None, "") else str(field.default)


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _unknown_variables(environment: Iterable[str]) -> list[str]:
    # pydantic-settings looks up the names it knows and never sees the others. Case is ignored
    # there, so it is ignored here.
    known = {_variable(name) for name in Settings.model_fields}
    return sorted(
        name
        for name in environment
        if name.upper().startswith(PREFIX) and name.upper() not in known
    )


def _unknown(variable: str) -> str:
    known = [entry.variable for entry in table()]
    # Without the prefix, which all of them share and which would make anything look close.
    names = [name.removeprefix(PREFIX) for name in known]
    close = difflib.get_close_matches(variable.upper().removeprefix(PREFIX), names, n=1)
    remedy = f"Meinten Sie {PREFIX}{close[0]}?" if close else f"Bekannt sind: {', '.join(known)}."
    return f"Die Einstellung {variable} gibt es nicht. {remedy}"


def _invalid(detail: dict[str, Any]) -> str:
    name = str(detail["loc"][0])
    entry = next(entry for entry in table() if entry.variable == _variable(name.lower()))
    given = str(detail["input"])
    shown = given if len(given) <= 80 else given[:79] + "…"
    return (
        f"Die Einstellung {entry.variable} hat den Wert „{shown}“: {_reason(detail)}. "
        f"{entry.help} Vorgabe: {entry.default}."
    )


def _reason(detail: dict[str, Any]) -> str:
    limits = detail.get("ctx", {})
    reasons = {
        "int_parsing": "Das ist keine ganze Zahl",
        "int_parsing_size": "Die Zahl ist zu groß",
        "greater_than_equal": f"Erlaubt ist mindestens {limits.get('ge')}",
        "less_than_equal": f"Erlaubt ist höchstens {limits.get('le')}",
        "string_too_short": "Der Wert fehlt",
    }
    return reasons.get(detail["type"], "Dieser Wert ist hier nicht erlaubt")
