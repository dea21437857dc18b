"""Every setting of the program: one frozen table, read once at the start.

A setting ``port`` is set by the environment variable ``SOZIALRAUM_PORT``. A wrong value and an
unknown variable stop the start: a mistyped name would otherwise be obeyed by nobody.
"""

import difflib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
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
        description="Anderes Einbettungsmodell: sein Ordner, oder der Name eines mit „sozialraum "
        "model fetch“ geholten; ohne Angabe das mitgelieferte.",
        json_schema_extra=_unit("Ordner oder Name"),
    )
    threads: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Rechenkerne, die das Einbettungsmodell gleichzeitig nutzt.",
        json_schema_extra=_unit("Anzahl"),
    )
    reranker: Path | None = Field(
        default=None,
        description="Modell zum Nachordnen der Treffer: Ordner eines CrossEncoder; ohne Angabe "
        "keines.",
        json_schema_extra=_unit("Ordner"),
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
    feedback: Literal["on", "off"] = Field(
        default="on",
        description="Ob Antworten bewertet werden können: on oder off. Gespeichert wird nur im "
        "Datenordner.",
        json_schema_extra=_unit("on/off"),
    )

    history: Literal["on", "off"] = Field(
        default="off",
        description="Ob Gespräche im Datenordner aufbewahrt werden, bis man sie löscht: on oder "
        "off. Sonst bleiben sie nur auf der geöffneten Seite.",
        json_schema_extra=_unit("on/off"),
    )

    login: Literal["auto", "on"] = Field(
        default="auto",
        description="Ob man sich anmelden muss. auto: überall außer auf 127.0.0.1 ohne "
        "SOZIALRAUM_PUBLIC_URL; on: auch dort.",
        json_schema_extra=_unit("auto/on"),
    )
    public_url: str = Field(
        default="",
        description="Adresse, unter der die Anwendung hinter einem Reverse-Proxy aufgerufen wird, "
        "etwa https://assistent.stadt.example. Mit https gehen Sitzungen nur verschlüsselt.",
        json_schema_extra=_unit("Adresse"),
    )
    oidc_issuer: str = Field(
        default="",
        description="Anmeldedienst des Hauses (OpenID Connect): seine Adresse, wie er sie selbst "
        "als „issuer“ nennt. Nur er wird aufgerufen.",
        json_schema_extra=_unit("Adresse"),
    )
    oidc_client_id: str = Field(
        default="",
        description="Kennung dieser Anwendung beim Anmeldedienst.",
        json_schema_extra=_unit("Name"),
    )
    oidc_client_secret: SecretStr = Field(
        default_factory=lambda: SecretStr(""),
        description="Geheimnis dieser Anwendung beim Anmeldedienst; wird nirgends gezeigt.",
        json_schema_extra=_unit("Schlüssel"),
    )
    oidc_roles: str = Field(
        default="",
        description="Welche Gruppe des Hauses was darf: GRUPPE=ROLLE, durch Komma getrennt; "
        "„*=reader“ lässt jede Person des Hauses lesen. Wer nicht vorkommt, hat keinen Zugang.",
        json_schema_extra=_unit("Liste"),
    )
    oidc_claim: str = Field(
        default="groups",
        description="Angabe des Anmeldedienstes, in der die Gruppen stehen; ein Punkt führt in "
        "eine Angabe hinein.",
        json_schema_extra=_unit("Name"),
    )
    oidc_scope: str = Field(
        default="openid profile",
        pattern=r"^(.* )?openid( .*)?$",
        description="Was beim Anmeldedienst erbeten wird; muss openid enthalten.",
        json_schema_extra=_unit("Namen"),
    )

    api: Literal["on", "off"] = Field(
        default="off",
        description="Ob Programme fragen können, über /api und /v1: on oder off. Jedes braucht "
        "einen Zugangsschlüssel.",
        json_schema_extra=_unit("on/off"),
    )

    llm: str = Field(
        default="",
        description="Sprachmodell, das Antworten formuliert: ollama:NAME oder openai:NAME (jeder "
        "OpenAI-kompatible Dienst); ohne Angabe keines, dann sind Antworten wörtliche Fundstellen.",
        json_schema_extra=_unit("Name"),
    )
    llm_url: str = Field(
        default="",
        description="Adresse des Sprachmodells. Dorthin gehen Fragen und Textabschnitte. Ollama: "
        "ohne Angabe das auf diesem Rechner.",
        json_schema_extra=_unit("Adresse"),
    )
    llm_outside: Literal["on", "off"] = Field(
        default="off",
        description="Ob das Sprachmodell außerhalb des Hauses liegen darf: on oder off. Bei off "
        "nur auf diesem Rechner, im Hausnetz oder auf Rechnern aus SOZIALRAUM_INTERNAL_HOSTS.",
        json_schema_extra=_unit("on/off"),
    )
    llm_key: SecretStr = Field(
        default_factory=lambda: SecretStr(""),
        description="Schlüssel für das Sprachmodell, falls es einen verlangt; wird nirgends "
        "gezeigt.",
        json_schema_extra=_unit("Schlüssel"),
    )
    llm_context: int = Field(
        default=4096,
        ge=1024,
        le=1_000_000,
        description="Wie viel das Sprachmodell auf einmal liest, wo es das nicht selbst sagt.",
        json_schema_extra=_unit("Token"),
    )
    llm_timeout: int = Field(
        default=90,
        ge=5,
        le=3600,
        description="Längste Zeit, in der das Sprachmodell antworten muss; danach gibt es "
        "wörtliche Fundstellen.",
        json_schema_extra=_unit("Sekunden"),
    )
    llm_unproven: Literal["drop", "mark"] = Field(
        default="drop",
        description="Was mit Sätzen geschieht, die an der Quelle nicht zu belegen sind: drop "
        "(weglassen) oder mark (als „nicht belegt“ zeigen).",
        json_schema_extra=_unit("drop/mark"),
    )

    @property
    def digest(self) -> str:
        """Tells apart under which settings an answer was given; places and addresses don't count.

        First 12 letters of a SHA-256.
        """
        places = {"data", "collection", "host", "port", "internal_hosts", "feedback", "llm_key"}
        places |= {
            "history",
            "api",
            "login",
            "public_url",
            *(n for n in type(self).model_fields if "oidc" in n),
        }
        return hashlib.sha256(self.model_dump_json(exclude=places).encode()).hexdigest()[:12]

    @field_validator("embedder")
    @classmethod
    def _fetched(cls, named: Path | None, info: ValidationInfo) -> Path | None:
        """Take a name for the folder that the model was fetched into."""
        if named is None or "data" not in info.data:
            return named
        from corpus.fetch_model import folder_of

        return folder_of(named, info.data["data"])

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
    computed = {
        "data": "data/ beim Projekt",
        "collection": "corpus/documents",
        "llm_key": "–",
        "oidc_client_secret": "–",
    }
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
