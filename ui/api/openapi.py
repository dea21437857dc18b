"""The description of both interfaces, for programs: OpenAPI, in German."""

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.routing import BaseRoute

from ui.api.models import OpenAIProblem, Problem

VERSION = "1"
"""Of the interfaces; goes up when a field changes its meaning or goes away."""

_ABOUT = (
    "Fragen an die Sammlung, jede Aussage mit Fundstelle. Jeder Aufruf braucht einen "
    "Zugangsschlüssel; „sozialraum token add NAME“ legt ihn auf dem Server an. Fehler sagen auf "
    "Deutsch, was nicht stimmt und was hilft."
)
_TOKEN = {"Zugangsschluessel": {"type": "http", "scheme": "bearer"}}
_FAULTS = {
    400: "Etwas an der Anfrage stimmt nicht.",
    401: "Der Zugangsschlüssel fehlt oder gilt nicht.",
    404: "Das gibt es nicht.",
    429: "Zu viele Fragen zugleich. Der Kopf Retry-After sagt, wann es wieder geht.",
    503: "Die Sammlung ist zurzeit nicht nutzbar.",
}
_STREAM = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": 'data: {"object": "chat.completion.chunk", …}\n\ndata: [DONE]\n\n',
    }
}


def route_texts(
    summary: str,
    model: type[BaseModel],
    *faults: int,
    fault_model: type[BaseModel] = Problem,
    streams: bool = False,
) -> dict[str, Any]:
    """Return what FastAPI is told of a route; ``faults`` beside those that every route has."""
    good: dict[str, Any] = {"model": model, "description": "Wie verlangt."}
    if streams:
        good["content"] = _STREAM
    bad = {
        status: {"model": fault_model, "description": _FAULTS[status]}
        for status in sorted({401, 503, *faults})
    }
    return {"summary": summary, "responses": {200: good, **bad}}


def openai_texts(
    summary: str, model: type[BaseModel], *faults: int, streams: bool = False
) -> dict[str, Any]:
    """Return the same for a route that speaks as OpenAI's does."""
    return route_texts(summary, model, *faults, fault_model=OpenAIProblem, streams=streams)


def describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Return the OpenAPI document of these routes."""
    document = get_openapi(
        title="Sozialraum-Assistent", version=VERSION, description=_ABOUT, routes=routes
    )
    parts = document["components"]
    for schema in parts["schemas"].values():
        # Docstrings, which are for those who read our code.
        schema.pop("description", None)
        for field in schema.get("properties", {}).values():
            field.pop("title", None)  # the field's name again, as English words
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    for path in document["paths"].values():
        for operation in path.values():
            # FastAPI's own for what can't be processed; ours is 400.
            operation["responses"].pop("422", None)
    parts["securitySchemes"] = _TOKEN
    return {**document, "security": [{name: []} for name in _TOKEN]}
