"""The addresses of both interfaces, behind tokens."""

import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute

from assistant.types import Answer, Turn
from corpus.errors import QuestionError, SozialraumError, UnknownItemError
from corpus.types import Document, Hit, Scope, Section
from ui.access.roles import Role
from ui.api import chat
from ui.api.chat import ChatRequest, Chunks
from ui.api.faults import RequestError, TokenError, fault_of
from ui.api.models import (
    AnswerModel,
    AskRequest,
    Completion,
    DocumentsModel,
    DocumentWithSections,
    HealthModel,
    HitsModel,
    ModelEntry,
    ModelList,
    SearchRequest,
)
from ui.api.openapi import describe, openai_texts, route_texts
from ui.api.work import GoneError, Places, Stream, answers, last_of, unless_gone
from ui.contract import answer_object, document_object, hit_object
from ui.service import Overview

HUNG_UP = 499
"""Status for the record only: nobody receives it."""


class Tokens(Protocol):
    """Knows who calls (ui/access/tokens.py)."""

    def role_of(self, header: str | None) -> Role | None:
        """Return the role of whoever sent this Authorization header, None for anyone else."""
        ...


class Answering(Protocol):
    """What the interfaces need of the service. Methods may be called from several threads."""

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Stream:
        """Yield how far a question has come; the last step has the answer that counts."""
        ...

    def found(self, query: str, k: int, scope: Scope | None = None) -> list[tuple[Hit, Document]]:
        """Return ranked passages, each with its document."""
        ...

    def overview(self) -> Overview:
        """Say what the collection holds."""
        ...

    def passage_count(self, document: str) -> int:
        """Return how many passages a document has."""
        ...

    def sections(self, document: Document) -> list[Section]:
        """Return a document's sections in order."""
        ...


@dataclass(frozen=True, slots=True)
class Interfaces:
    """What the interfaces are made of."""

    service: Answering
    tokens: Tokens
    at_work: int
    """Questions answered at the same time."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every route works with."""

    service: Answering
    ready: Callable[[], bool]
    places: Places
    max_chars: int
    """Of a question."""

    def checked(self, question: str) -> str:
        """Return a question that isn't too long. Raises QuestionError."""
        if len(question) > self.max_chars:
            raise QuestionError(
                f"Die Frage hat {len(question)} Zeichen, erlaubt sind {self.max_chars}. "
                "Bitte kürzen Sie sie."
            )
        return question


def add_interfaces(
    app: FastAPI, interfaces: Interfaces, ready: Callable[[], bool], max_question_chars: int
) -> None:
    """Hang both interfaces into ``app``. Their addresses must pass the guard, too."""
    places = Places(interfaces.at_work)
    desk = _Desk(interfaces.service, ready, places, max_question_chars)
    router = APIRouter(
        route_class=_guarded(interfaces.tokens),
        generate_unique_id_function=lambda route: route.name,
    )
    _add_questions(router, desk)
    _add_collection(router, desk)
    _add_chat(router, desk)
    described = describe(router.routes)

    @router.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(described)

    app.include_router(router)


def _guarded(tokens: Tokens) -> type[APIRoute]:
    """Return a kind of route that asks for a token first, and tells every error in German."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    # Before anything of the request is looked at.
                    _require_token(tokens, request.headers.get("authorization"))
                    return await handle(request)
                except GoneError:
                    return Response(status_code=HUNG_UP)
                except Exception as error:
                    return fault_of(error, request.url.path).response(request.url.path)

            return answer

    return Guarded


def _require_token(tokens: Tokens, header: str | None) -> None:
    try:
        role = tokens.role_of(header)
    except SozialraumError as fault:
        # Its text names files of ours, and nobody has shown who they are.
        raise SozialraumError(
            "Zugangsschlüssel lassen sich zurzeit nicht prüfen. Bitte wenden Sie sich an die "
            "Person, die den Server betreut.",
            code=fault.code,
        ) from None
    if role is None:
        raise TokenError(
            "Hier ist ein gültiger Zugangsschlüssel nötig, im Kopf „Authorization: Bearer "
            "SCHLÜSSEL“. „sozialraum token add NAME“ legt auf dem Server einen an."
        )


# -- /api ----------------------------------------------------------------------------------


def _add_questions(router: APIRouter, desk: _Desk) -> None:
    @router.post("/api/ask", **route_texts("Beantwortet eine Frage.", AnswerModel, 400, 404, 429))
    async def ask(asked: AskRequest, request: Request) -> JSONResponse:
        question = desk.checked(asked.question)
        steps = answers(
            desk.places,
            lambda: desk.service.ask_stream(question, asked.turns, asked.scope, plain=asked.plain),
        )
        async with aclosing(steps):
            answer = await unless_gone(request, lambda: last_of(steps))
        return JSONResponse(answer_object(answer))

    @router.post("/api/search", **route_texts("Sucht Abschnitte.", HitsModel, 400, 404, 429))
    async def search(asked: SearchRequest) -> JSONResponse:
        query = desk.checked(asked.query)
        async with desk.places.taken():
            found = await run_sync(desk.service.found, query, asked.k, asked.scope)
        return JSONResponse({"hits": [hit_object(hit, document) for hit, document in found]})


def _add_collection(router: APIRouter, desk: _Desk) -> None:
    @router.get("/api/documents", **route_texts("Nennt alle Dokumente.", DocumentsModel))
    def documents() -> JSONResponse:
        held = desk.service.overview()
        listed = [_document(desk.service, document) for document in held.documents]
        return JSONResponse({"generation": held.generation, "documents": listed})

    @router.get(
        "/api/documents/{id}", **route_texts("Zeigt ein Dokument.", DocumentWithSections, 404)
    )
    def document(id: str) -> JSONResponse:
        known = next((d for d in desk.service.overview().documents if d.id == id), None)
        if known is None:
            raise UnknownItemError(
                "Ein Dokument dieser Kennung gibt es nicht. /api/documents nennt alle."
            )
        sections = [{"path": s.path, "workshop": s.workshop} for s in desk.service.sections(known)]
        return JSONResponse({**_document(desk.service, known), "sections": sections})

    texts = route_texts("Sagt, ob Fragen beantwortet werden.", HealthModel)
    texts["responses"][503] = {"model": HealthModel, "description": "Es wird noch gestartet."}

    @router.get("/api/health", **texts)
    def health() -> JSONResponse:
        if not desk.ready():
            waiting = {"status": "startet", "generation": "", "documents": 0, "passages": 0}
            return JSONResponse(waiting, 503)
        held = desk.service.overview()
        counts = {"documents": len(held.documents), "passages": held.passages}
        return JSONResponse({"status": "bereit", "generation": held.generation, **counts})


def _document(service: Answering, document: Document) -> dict[str, Any]:
    """Return a document; where it lay on the server is nobody's business."""
    entry = document_object(document, passages=service.passage_count(document.id))
    is_address = document.source.startswith(("http://", "https://"))
    return {**entry, "source": document.source if is_address else ""}


# -- /v1 -----------------------------------------------------------------------------------


def _add_chat(router: APIRouter, desk: _Desk) -> None:
    started = int(time.time())

    @router.get("/v1/models", **openai_texts("Nennt das eine Modell.", ModelList))
    def models() -> JSONResponse:
        return JSONResponse({"object": "list", "data": [chat.model_object(started)]})

    @router.get("/v1/models/{model}", **openai_texts("Zeigt ein Modell.", ModelEntry, 404))
    def model(model: str) -> JSONResponse:
        _require_model(model)
        return JSONResponse(chat.model_object(started))

    texts = openai_texts("Setzt ein Gespräch fort.", Completion, 400, 404, 429, streams=True)

    @router.post("/v1/chat/completions", **texts)
    async def complete(asked: ChatRequest, request: Request) -> Response:
        _require_model(asked.model)
        question, limits = desk.checked(asked.question), asked.sozialraum
        steps = answers(
            desk.places,
            lambda: desk.service.ask_stream(
                question, asked.turns, limits.scope, plain=limits.plain
            ),
        )
        words, now = chat.sent_words(asked.messages), int(time.time())
        if not asked.stream:
            async with aclosing(steps):
                answer = await unless_gone(request, lambda: last_of(steps))
            return JSONResponse(chat.completion(answer, words, now))
        # The first step comes before the headers do, so that a wrong question gets its status.
        first = await unless_gone(request, lambda: _first(steps))
        counted = bool(asked.stream_options and asked.stream_options.include_usage)
        pieces = _pieces(first, steps, Chunks(now), words, with_usage=counted)
        return StreamingResponse(pieces, media_type="text/event-stream; charset=utf-8")


async def _first(steps: AsyncGenerator[Answer, None]) -> Answer:
    return await anext(steps)


async def _pieces(
    answer: Answer,
    steps: AsyncGenerator[Answer, None],
    chunks: Chunks,
    words: str,
    *,
    with_usage: bool,
) -> AsyncGenerator[str, None]:
    """Yield the events of a stream: complete checked sentences, then everything else."""
    async with aclosing(steps):
        yield _event(chunks.first())
        try:
            for chunk in chunks.step(answer):
                yield _event(chunk)
            async for answer in steps:
                for chunk in chunks.step(answer):
                    yield _event(chunk)
        except Exception as error:
            yield _event(fault_of(error).openai_object())
            return
        for chunk in chunks.last(answer, words, with_usage=with_usage):
            yield _event(chunk)
        yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _require_model(name: str) -> None:
    if name != chat.MODEL:
        raise RequestError(
            f"Dieses Modell gibt es nicht. Bitte geben Sie „{chat.MODEL}“ an.",
            field="model",
            status=404,
        )
