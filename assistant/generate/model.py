"""One chat model over HTTP, behind langchain: bounded in time, asked once more, then left alone.

Nothing is imported before the first question; nothing is called but the configured address.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.generate import ollama
from assistant.generate.breaker import Breaker
from assistant.generate.prompt import Message
from corpus.errors import SozialraumError

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

Provider = Literal["ollama", "openai"]

ERROR_CODE = "ERR_LLM"
# Seconds. A server on this machine or in the house answers at once or not at all, but a lost
# packet is sent again after one second. With Ollama, which is asked for its context first, an
# address where nothing answers delays by two waits, 3 s (reliability.md, L1). The first
# token may take long where a model has to be loaded and a long prompt read on a plain CPU.
CONNECT_S = 1.5
FIRST_TOKEN_S = 30.0
RETRY_AFTER_S = 0.3
# How soon a reader who no longer wants the answer is rid of it.
PULSE_S = 0.25
# Tokens kept free for the answer; twelve sentences with their quotes take about 1,000.
ANSWER_TOKENS = 1024
# Most of a model's context that is used: reading more takes minutes without a graphics card.
MAX_CONTEXT = 8192
# Letters of German a token holds: at least (older vocabularies of 32,000, cautious), so that
# what is sent fits; and at most (the largest vocabularies reach about 4.5), so that a server
# which reports fewer tokens has cut the prompt. Ollama then keeps half of its window and reports
# that half (ollama#17427), which doubles the ratio.
MIN_CHARS_PER_TOKEN = 2.5
MAX_CHARS_PER_TOKEN = 5.5
# The older name of the limit, which every compatible server knows.
_BODY = {"max_tokens": ANSWER_TOKENS}
_RETRIED = frozenset((408, 429))
_UNSUPPORTED = frozenset((400, 404, 415, 422, 501))


class ModelFault(Exception):
    """The model gave no usable answer. ``str()`` is a German sentence; it holds no secret.

    Never leaves ``assistant.generate``: the reader gets an extractive answer with this note.
    """


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, where, and within which bounds."""

    provider: Provider
    name: str
    url: str
    key: SecretStr = field(default_factory=lambda: SecretStr(""))
    context: int = 4096
    """Tokens; what Ollama says of the model itself goes before."""
    timeout_s: float = 90.0
    """For the whole answer."""
    first_token_s: float = FIRST_TOKEN_S


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a reply as it comes."""

    text: str = ""
    prompt_tokens: int | None = None
    """As the server counts them, where it does; in the last pieces."""
    finish: str = ""
    """"stop" or "length" in the last piece."""


PULSE = Piece()
"""Comes while the model is silent, so that whoever waits can leave."""


def configured(
    named: str, url: str = "", key: str = "", context: int = 4096, timeout_s: float = 90.0
) -> ModelSettings:
    """Read ``ollama:NAME`` or ``openai:NAME`` and its address.

    Raises SozialraumError (ERR_LLM), which never shows the key.
    """
    provider, _, name = named.partition(":")
    if provider not in ("ollama", "openai") or not name.strip():
        raise SozialraumError(
            f"SOZIALRAUM_LLM ist „{named}“. Möglich sind „ollama:NAME“ und „openai:NAME“.",
            code=ERROR_CODE,
        )
    if provider == "openai" and not url:
        raise SozialraumError(
            "Zu SOZIALRAUM_LLM=openai:… gehört die Adresse des Dienstes. Bitte setzen Sie "
            "SOZIALRAUM_LLM_URL, zum Beispiel http://127.0.0.1:8000/v1.",
            code=ERROR_CODE,
        )
    address = url or ollama.URL
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise SozialraumError(
            "SOZIALRAUM_LLM_URL ist keine Adresse wie http://127.0.0.1:8000/v1. Ein Schlüssel "
            "gehört in SOZIALRAUM_LLM_KEY, nicht in die Adresse.",
            code=ERROR_CODE,
        )
    kind: Provider = "ollama" if provider == "ollama" else "openai"
    return ModelSettings(kind, name.strip(), address, SecretStr(key), context, timeout_s)


def fits(asked: Sequence[Message], context: int) -> bool:
    """Tell whether messages surely leave room for an answer in a context of so many tokens."""
    tokens = sum(len(message.text) for message in asked) / MIN_CHARS_PER_TOKEN
    return tokens + ANSWER_TOKENS <= context


def was_cut(asked: Sequence[Message], prompt_tokens: int | None) -> bool:
    """Tell whether the server has read far less than it was sent."""
    sent = sum(len(message.text) for message in asked)
    return prompt_tokens is not None and sent > MAX_CHARS_PER_TOKEN * prompt_tokens


@dataclass(slots=True)
class ChatModel:
    """Streams replies of the configured model. Safe to use from several threads."""

    settings: ModelSettings
    breaker: Breaker = field(default_factory=Breaker)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loop: asyncio.AbstractEventLoop | None = None
    _chat: "BaseChatModel | None" = None
    _chat_context: int = 0
    _context: int = 0
    """What Ollama said; 0 before."""
    _structured: bool = True
    """Whether the server is asked to hold the model to a form; until it refuses that."""

    def context(self) -> int:
        """Return how many tokens the model reads at once. Ollama is asked until it has said so."""
        if self._context or self.settings.provider != "ollama" or self.breaker.rests:
            return self._context or self.settings.context
        stated = ollama.context_length(self.settings.url, self.settings.name, CONNECT_S)
        self._context = min(stated, MAX_CONTEXT) if stated else 0
        return self._context or self.settings.context

    def stream(
        self, asked: Sequence[Message], schema: dict[str, Any] | None = None
    ) -> Generator[Piece, None, None]:
        """Yield the reply piece by piece. Closing the generator closes the request.

        While nothing comes, ``PULSE`` is yielded every ``PULSE_S`` seconds.

        Raises ModelFault when the model fails, is too slow, breaks off or is resting.
        """
        if self.breaker.rests:
            raise ModelFault("Das Sprachmodell ist mehrfach ausgefallen und wird geschont.")
        pieces: queue.SimpleQueue[Piece | ModelFault | None] = queue.SimpleQueue()
        loop = self._running_loop()
        task = asyncio.run_coroutine_threadsafe(self._pump(asked, schema, pieces.put), loop)
        try:
            while (piece := _next(pieces)) is not None:
                if isinstance(piece, ModelFault):
                    raise piece
                yield piece
        finally:
            task.cancel()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop in which all requests run, in a thread of its own.

        Only there can a request that hangs be ended from outside, at any moment.
        """
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="llm", daemon=True).start()
            return self._loop

    async def _pump(
        self,
        asked: Sequence[Message],
        schema: dict[str, Any] | None,
        put: Callable[[Piece | ModelFault | None], None],
    ) -> None:
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                await self._attempts(asked, schema, put)
            self.breaker.succeeded()
        except TimeoutError:
            self.breaker.failed()
            put(ModelFault("Das Sprachmodell wurde in der gesetzten Zeit nicht fertig."))
        except ModelFault as fault:
            self.breaker.failed()
            put(fault)
        finally:
            put(None)

    async def _attempts(
        self,
        asked: Sequence[Message],
        schema: dict[str, Any] | None,
        put: Callable[[Piece], None],
    ) -> None:
        """Try; without the form where the server refuses it; once more where that may help."""
        tries = 2
        while True:
            held = schema if self._structured else None
            try:
                await self._attempt(asked, held, put)
                return
            except _Failed as failed:
                if failed.started:
                    raise ModelFault(
                        "Das Sprachmodell hat mitten in der Antwort aufgehört."
                    ) from None
                if held is not None and failed.status in _UNSUPPORTED:
                    self._structured = False
                    continue
                tries -= 1
                if not tries or not failed.may_pass:
                    raise ModelFault(failed.message) from None
                await asyncio.sleep(RETRY_AFTER_S)

    async def _attempt(
        self,
        asked: Sequence[Message],
        schema: dict[str, Any] | None,
        put: Callable[[Piece], None],
    ) -> None:
        started, finish, first = False, "", None
        try:
            from langsmith.run_helpers import tracing_context

            stream = self._model().astream(
                [(message.role, message.text) for message in asked], **self._form(schema)
            )
            # A tracing service set up for other programs must not get our documents.
            with tracing_context(enabled=False):
                async with (
                    asyncio.timeout(self.settings.first_token_s) as first,
                    aclosing(stream) as chunks,  # type: ignore[type-var]
                ):
                    async for chunk in chunks:
                        piece = _piece(chunk)
                        if piece.text and not started:
                            started = True
                            first.reschedule(None)
                        finish = piece.finish or finish
                        put(piece)
        except TimeoutError:
            if first is not None and first.expired():
                raise ModelFault("Das Sprachmodell hat nicht rechtzeitig begonnen.") from None
            raise
        except Exception as fault:
            raise _Failed(fault, started) from None
        if not finish:
            raise ModelFault("Das Sprachmodell hat mitten in der Antwort aufgehört.")

    def _form(self, schema: dict[str, Any] | None) -> dict[str, Any]:
        """Return the arguments that ask the server to hold the model to a form."""
        if schema is None:
            return {}
        if self.settings.provider == "ollama":
            return {"format": schema}
        form = {"name": "antwort", "schema": schema, "strict": True}
        # As an argument of its own the library would take another way, which reports no usage and
        # reads on to the end when it is cancelled.
        response_format = {"type": "json_schema", "json_schema": form}
        return {"extra_body": {**_BODY, "response_format": response_format}}

    def _model(self) -> "BaseChatModel":
        """Return langchain's model, made anew when Ollama has told its context meanwhile."""
        with self._lock:
            context = self._context or self.settings.context
            if self._chat is None or context != self._chat_context:
                make = _ollama_model if self.settings.provider == "ollama" else _openai_model
                self._chat = make(replace(self.settings, context=context))
                self._chat_context = context
            return self._chat


class _Failed(Exception):
    """A request that failed, as far as it matters for trying again."""

    def __init__(self, fault: Exception, started: bool) -> None:
        super().__init__()
        # Both libraries' errors carry their status under this name, and waits are named so.
        status = getattr(fault, "status_code", None)
        self._waited = "Timeout" in type(fault).__name__
        self.status = status if isinstance(status, int) and status > 0 else None
        self.started = started

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed a moment later."""
        if self.status is None:
            return not self._waited
        return self.status >= 500 or self.status in _RETRIED

    @property
    def message(self) -> str:
        if self.status is None:
            return "Das Sprachmodell ist nicht erreichbar."
        reasons = {
            401: "weist den Schlüssel zurück",
            403: "weist den Schlüssel zurück",
            404: "kennt das Modell nicht",
            429: "ist überlastet",
        }
        return f"Das Sprachmodell {reasons.get(self.status, f'meldet Fehler {self.status}')}."


def _next(
    pieces: "queue.SimpleQueue[Piece | ModelFault | None]",
) -> Piece | ModelFault | None:
    try:
        return pieces.get(timeout=PULSE_S)
    except queue.Empty:
        return PULSE


def _piece(chunk: "AIMessageChunk") -> Piece:
    metadata = chunk.response_metadata
    usage = chunk.usage_metadata
    return Piece(
        text=chunk.text,
        prompt_tokens=usage["input_tokens"] or None if usage else None,
        finish=str(metadata.get("finish_reason") or metadata.get("done_reason") or ""),
    )


def _ollama_model(settings: ModelSettings) -> "BaseChatModel":
    import httpx
    from langchain_ollama import ChatOllama

    headers = {}
    if secret := settings.key.get_secret_value():
        headers["Authorization"] = f"Bearer {secret}"
    return ChatOllama(
        model=settings.name,
        base_url=settings.url,
        temperature=0.0,
        num_ctx=settings.context,
        num_predict=ANSWER_TOKENS,
        reasoning=False,
        client_kwargs={
            "timeout": httpx.Timeout(settings.timeout_s, connect=CONNECT_S),
            "headers": headers,
        },
    )


def _openai_model(settings: ModelSettings) -> "BaseChatModel":
    import httpx
    from langchain_openai import ChatOpenAI

    timeout = httpx.Timeout(settings.timeout_s, connect=CONNECT_S)
    return ChatOpenAI(
        model=settings.name,
        base_url=settings.url,
        # Some servers want none, the library always one.
        api_key=SecretStr(settings.key.get_secret_value() or "keiner"),
        temperature=0.0,
        timeout=timeout,
        max_retries=0,
        stream_usage=True,
        use_responses_api=False,
        extra_body=_BODY,
        # Connections belong to the loop of this model; the library would share them.
        http_async_client=httpx.AsyncClient(timeout=timeout),
    )
