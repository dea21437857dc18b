"""What an Ollama says of itself: is one running, which models has it, how much do they read?"""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

URL = "http://127.0.0.1:11434"
"""Where Ollama listens unless it was told otherwise."""
DETECT_S = 0.5
"""Wait for an answer, in seconds: on this machine it comes in milliseconds or not at all."""
MAX_BYTES = 1 << 22


def models(url: str, timeout_s: float = DETECT_S) -> tuple[str, ...] | None:
    """Return the names of the models there, or None where no Ollama answers."""
    found = _request(url, "GET", "/api/tags", None, timeout_s)
    if found is None or not isinstance(found.get("models"), list):
        return None
    names = (entry.get("name") for entry in found["models"] if isinstance(entry, dict))
    return tuple(name for name in names if isinstance(name, str))


def context_length(url: str, model: str, timeout_s: float) -> int | None:
    """Return the tokens a model reads at once, or None where that isn't to be learnt."""
    found = _request(url, "POST", "/api/show", {"model": model}, timeout_s)
    info = found.get("model_info") if found else None
    if not isinstance(info, dict):
        return None
    lengths = [v for k, v in info.items() if k.endswith(".context_length") and isinstance(v, int)]
    return lengths[0] if lengths and lengths[0] > 0 else None


def invitation() -> str:
    """Say in German that an Ollama runs here and what would use it; empty where none runs.

    It is never used without being asked for.
    """
    found = models(URL)
    if found is None:
        return ""
    if not found:
        return "Auf diesem Rechner läuft Ollama, hat aber noch kein Modell."
    named = ", ".join(found[:5])
    return (
        f"Auf diesem Rechner läuft Ollama (Modelle: {named}). Es wird nicht benutzt; "
        f"SOZIALRAUM_LLM=ollama:{found[0]} lässt es Antworten formulieren."
    )


def _request(
    url: str, method: str, path: str, body: dict[str, Any] | None, timeout_s: float
) -> dict[str, Any] | None:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        sent = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        connection.request(method, parts.path.rstrip("/") + path, sent, headers)
        response = connection.getresponse()
        if response.status != http.client.OK:
            return None
        found = json.loads(response.read(MAX_BYTES))
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return found if isinstance(found, dict) else None
