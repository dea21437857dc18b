"""The chat model that the settings name, and what the person at the start should know of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.generate import ollama
from assistant.generate.model import ChatModel, ModelSettings, configured
from corpus.errors import SozialraumError

if TYPE_CHECKING:
    from assistant.generate.writer import Writer
    from ui.settings import Settings

NONE = "Keines eingestellt: Antworten sind wörtliche Fundstellen."


def writer(settings: Settings) -> Writer | None:
    """Return what writes answers, or None without the setting. Raises SozialraumError (ERR_LLM).

    No library of chat models is loaded and nothing is called before the first answer.
    """
    if not settings.llm:
        return None
    from assistant.generate.writer import Writer

    return Writer(ChatModel(_named(settings)), settings.llm_unproven)


def state(settings: Settings) -> str:
    """Say in German which model writes and where texts go, or what could be used.

    Raises SozialraumError (ERR_LLM) when the settings are wrong or Ollama hasn't the model.
    """
    if not settings.llm:
        return " ".join(part for part in (NONE, ollama.invitation()) if part)
    named = _named(settings)
    if named.provider == "ollama":
        _require_model(named)
    return f"{named.name} unter {named.url}; Fragen und Textabschnitte gehen dorthin."


def announcement(settings: Settings) -> str:
    """Say the same at the start, where a model that is missing stops nothing."""
    try:
        return f"Formulieren durch ein Sprachmodell: {state(settings)}"
    except SozialraumError as fault:
        return f"{fault.code}: {fault}"


def _require_model(named: ModelSettings) -> None:
    found = ollama.models(named.url)
    if found is None:
        raise SozialraumError(
            f"Unter {named.url} antwortet kein Ollama. Bitte starten Sie es oder berichtigen Sie "
            "SOZIALRAUM_LLM_URL; bis dahin sind Antworten wörtliche Fundstellen.",
            code="ERR_LLM",
        )
    if named.name not in found and f"{named.name}:latest" not in found:
        raise SozialraumError(
            f"Das Ollama unter {named.url} hat kein Modell „{named.name}“, sondern: "
            f"{', '.join(found) or 'keines'}. Bitte holen Sie es mit „ollama pull {named.name}“.",
            code="ERR_LLM",
        )


def _named(settings: Settings) -> ModelSettings:
    named = configured(
        *(settings.llm, settings.llm_url, settings.llm_key.get_secret_value()),
        *(settings.llm_context, float(settings.llm_timeout)),
    )
    host = urlsplit(named.url).hostname or ""
    if settings.llm_outside == "off" and not _is_inside(host, settings.hosts):
        raise SozialraumError(
            f"Das Sprachmodell unter {named.url} liegt außerhalb des Hauses; dorthin gingen Fragen "
            "und Textabschnitte. Ist das gewollt, setzen Sie SOZIALRAUM_LLM_OUTSIDE=on; liegt der "
            f"Rechner im Hausnetz, nehmen Sie „{host}“ in SOZIALRAUM_INTERNAL_HOSTS auf.",
            code="ERR_LLM",
        )
    return named


def _is_inside(host: str, internal: Collection[str]) -> bool:
    """Tell whether a host is this machine or in the house; nothing is looked up for that."""
    if host in internal or ("." not in host and ":" not in host):
        return True  # a name without a dot is one of this machine or of its own network
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.endswith((".localhost", ".local", ".internal", ".home.arpa"))
