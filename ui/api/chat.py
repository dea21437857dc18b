"""OpenAI's chat messages -> a question; an answer -> chat messages. Pure.

The text of a message is for clients that show nothing else: sentences with [1] behind them and
the sources at the end. The whole answer object goes along in the field ``sozialraum``.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from assistant.generate.writer import CUT_SHORT
from assistant.types import Answer, Citation, Segment, Turn
from ui.api.faults import RequestError, refused
from ui.api.models import Limits, Text
from ui.contract import answer_object
from ui.wording import DOUBTS, source_line

MODEL = "sozialraum-assistent"
MAX_MESSAGES = 500
MAX_HISTORY = 12
"""Latest messages that are looked at: follow-ups refer to what was said last."""

WRITTEN = "Von einem Sprachmodell formuliert und an den Quellen geprüft."
TAKEN_BACK = (
    "Das Sprachmodell ist nicht zum Ende gekommen. Was bis hier steht, gilt nicht; die Antwort ist:"
)
SOURCES = "Quellen:"
UNIT = "Wörter"
"""What ``usage`` counts. Without a language model there are no tokens, so none are claimed."""

# What makes a link, an image or markup of a document's words where a client renders Markdown: a
# picture's address would be called. A backslash before it leaves the words as they are.
_ACTIVE = re.compile(r"(?<=\])(?=[(\[:])|(?<=!)(?=\[)|(?=<)")


def _joined(content: object) -> object:
    """Return the text of a content that is given in parts."""
    if not isinstance(content, list):
        return "" if content is None else content
    texts: list[str] = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") not in ("text", "refusal"):
            raise refused("Gelesen wird nur Text. Bitte lassen Sie Bilder, Ton und Dateien weg.")
        text = part.get("text", part.get("refusal"))
        if not isinstance(text, str):
            raise refused("Ein Teil des Beitrags hat keinen Text. Bitte geben Sie „text“ an.")
        texts.append(text)
    return "\n".join(texts)


_PARTS = {"type": "array", "items": {"type": "object"}}
_CONTENT = {"anyOf": [{"type": "string"}, _PARTS, {"type": "null"}]}


class Message(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(strict=True, frozen=True)

    role: Literal["system", "developer", "user", "assistant"] = Field(
        description="Wer spricht. Vorgaben von system und developer werden nicht befolgt."
    )
    content: Annotated[Text, BeforeValidator(_joined), WithJsonSchema(_CONTENT)] = Field(
        default="", description="Text, auch in Teilen der Art text.", validate_default=False
    )


class StreamOptions(BaseModel):
    """What goes along with a stream."""

    model_config = ConfigDict(strict=True, frozen=True)

    include_usage: bool | None = Field(default=None, description="Ob am Ende gezählt wird.")


class ChatLimits(Limits):
    """What only this interface knows: OpenAI's has no field for it."""

    plain: bool = Field(default=False, description="Einfache Sätze vorziehen, Kürzel erklären.")


class ChatRequest(BaseModel):
    """A chat completion that is asked for; parameters that aren't named here are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)

    model: str = Field(max_length=200, description=f"Immer {MODEL}.", examples=[MODEL])
    messages: list[Message] = Field(
        min_length=1,
        max_length=MAX_MESSAGES,
        description="Das Gespräch, Ältestes zuerst; der letzte Beitrag ist die Frage.",
        examples=[[{"role": "user", "content": "Was ist ein Verfügungsfonds?"}]],
    )
    stream: bool | None = Field(default=None, description="Ob die Antwort satzweise kommt.")
    stream_options: StreamOptions | None = Field(default=None, description="Zum Strom.")
    sozialraum: ChatLimits = Field(
        default=ChatLimits(), description="Suchbereich und einfache Sprache."
    )
    # Anything, so that what isn't offered is refused in words of ours.
    n: Any = Field(default=None, description="Höchstens 1.")
    tools: Any = Field(default=None, description="Wird nicht angeboten.")
    functions: Any = Field(default=None, description="Wird nicht angeboten.")
    response_format: Any = Field(default=None, description='Nur {"type": "text"}.')
    modalities: Any = Field(default=None, description='Nur ["text"].')
    audio: Any = Field(default=None, description="Wird nicht angeboten.")
    logprobs: Any = Field(default=None, description="Wird nicht angeboten.")

    @field_validator(
        "n", "tools", "functions", "response_format", "modalities", "audio", "logprobs"
    )
    @classmethod
    def _offered(cls, value: object, info: Any) -> object:  # noqa: ANN401  # pydantic's own
        """Refuse what would make an answer of another kind; say so rather than leave it out."""
        allowed, message = _NOT_OFFERED[info.field_name]
        # True == 1, and neither is meant by the other.
        if any(value == one and type(value) is type(one) for one in (None, *allowed)):
            return value
        raise refused(message)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question, as the assistant takes it."""
        said = [m for m in self.messages[:-1] if m.role in ("user", "assistant")]
        return tuple(
            Turn("user", m.content) if m.role == "user" else Turn("assistant", _body_of(m.content))
            for m in said[-MAX_HISTORY:]
        )

    @property
    def question(self) -> str:
        """What is asked. Raises RequestError when the last message doesn't ask."""
        last = self.messages[-1]
        if last.role != "user":
            raise RequestError(
                "Der letzte Beitrag muss die Frage sein, mit der Rolle „user“.", field="messages"
            )
        return last.content


_NO_TOOLS = "Werkzeuge werden nicht angeboten. Bitte lassen Sie das Feld weg."
_NOT_OFFERED: dict[str, tuple[tuple[object, ...], str]] = {
    "n": ((1,), "Es gibt genau eine Antwort. Bitte lassen Sie „n“ weg oder setzen Sie es auf 1."),
    "tools": (([],), _NO_TOOLS),
    "functions": (([],), _NO_TOOLS),
    "response_format": (
        ({"type": "text"},),
        "Die Antwort ist Text; als JSON steht sie im Feld „sozialraum“. Bitte lassen Sie das Feld "
        "weg.",
    ),
    "modalities": ((["text"],), "Die Antwort ist immer Text. Bitte lassen Sie das Feld weg."),
    "audio": ((), "Ton wird nicht angeboten. Bitte lassen Sie das Feld weg."),
    "logprobs": ((False,), "Wahrscheinlichkeiten gibt es nicht. Bitte lassen Sie das Feld weg."),
}


# -- an answer as text ---------------------------------------------------------------------


def text_of(answer: Answer) -> str:
    """Return the whole text of an answer."""
    return "\n\n".join(part for part in (body(answer), tail(answer)) if part)


def body(answer: Answer) -> str:
    """Return the sentences, each with the numbers of its sources; grows while a model writes."""
    numbers = {c.key: c.number for c in answer.citations}
    label = [WRITTEN] if answer.mode == "generative" and answer.segments else []
    lead = [answer.lead] if answer.lead else []
    return "\n\n".join([*label, *lead, *(_segment(s, numbers) for s in answer.segments)])


def tail(answer: Answer) -> str:
    """Return what follows the sentences: why there are no more, notes, terms, sources."""
    hint = inert(answer.refusal.hint) if answer.refusal else ""
    nearest = [f"- {inert(suggestion)}" for suggestion in answer.suggestions]
    searched = "" if answer.query == answer.question else f"Gesucht wurde: {inert(answer.query)}"
    terms = [f"- {inert(term)}: {inert(meaning)}" for term, meaning in answer.terms]
    sources = [_source(citation) for citation in answer.citations]
    blocks = (
        hint,
        "\n".join(nearest),
        answer.note,
        "\n".join(["Begriffe:", *terms]) if terms else "",
        "\n".join([SOURCES, *sources]) if sources else "",
        searched,
    )
    return "\n\n".join(block for block in blocks if block)


def inert(text: str) -> str:
    """Return a document's words so that no client makes a link, picture or markup of them."""
    return _ACTIVE.sub(r"\\", text)


def _segment(segment: Segment, numbers: dict[str, int]) -> str:
    marks = "".join(f" [{numbers[key]}]" for key in segment.citations)
    doubt = f" ({DOUBTS[segment.support]})" if segment.support in DOUBTS else ""
    if "\t" in segment.text:
        return f"{_table(segment.text)}\n\n{(marks + doubt).strip()}"
    return inert(segment.text) + marks + doubt


def _table(text: str) -> str:
    """Write rows of cells as a Markdown table, which is legible as it stands, too."""
    head, *rows = (
        [inert(cell).replace("|", "\\|") for cell in row.split("\t")] for row in text.split("\n")
    )
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _source(citation: Citation) -> str:
    origin = f" ({inert(citation.origin)})" if citation.origin else ""
    return f"- [{citation.number}] {inert(source_line(citation))}{origin}"


def _body_of(content: str) -> str:
    """Take an earlier answer's sources off: only what was said counts in a conversation."""
    return content.rpartition(f"\n\n{SOURCES}\n")[0] or content


# -- OpenAI's objects ----------------------------------------------------------------------


def model_object(created: int) -> dict[str, Any]:
    """Return the one model there is; ``created`` in seconds since 1970."""
    return {"id": MODEL, "object": "model", "created": created, "owned_by": "sozialraum"}


def completion(answer: Answer, asked: str, created: int) -> dict[str, Any]:
    """Return a finished chat completion. ``asked`` is all that was sent, for counting."""
    text = text_of(answer)
    said = {"role": "assistant", "content": text, "refusal": None}
    choice = {
        "index": 0,
        "message": {**said, "sozialraum": answer_object(answer)},
        "logprobs": None,
        "finish_reason": _finish(answer),
    }
    whole = {"id": _id(), "object": "chat.completion", "created": created, "model": MODEL}
    return {**whole, "choices": [choice], "usage": usage(asked, text)}


def usage(asked: str, text: str) -> dict[str, Any]:
    """Count words, and say that it is words."""
    given, written = len(asked.split()), len(text.split())
    counts = {"prompt_tokens": given, "completion_tokens": written}
    return {**counts, "total_tokens": given + written, "unit": UNIT}


class Chunks:
    """Makes the pieces of a stream out of ever longer answers; the last one counts."""

    def __init__(self, created: int) -> None:
        self._frame = {
            "id": _id(),
            "object": "chat.completion.chunk",
            "created": created,
            "model": MODEL,
        }
        self._sent = ""

    def first(self) -> dict[str, Any]:
        """Return the piece that says who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def step(self, answer: Answer) -> Iterator[dict[str, Any]]:
        """Yield what is new in a longer answer: whole sentences."""
        text = body(answer)
        if len(text) > len(self._sent) and text.startswith(self._sent):
            yield self._chunk({"content": text[len(self._sent) :]})
            self._sent = text

    def last(self, answer: Answer, asked: str, *, with_usage: bool) -> Iterator[dict[str, Any]]:
        """Yield the rest of the text, the answer object, and the count if it is wanted.

        A model that failed is followed by the answer that counts in its place.
        """
        whole, sent = text_of(answer), self._sent
        rest = whole[len(sent) :] if whole.startswith(sent) else f"\n\n{TAKEN_BACK}\n\n{whole}"
        if rest:
            yield self._chunk({"content": rest})
        yield self._chunk({"sozialraum": answer_object(answer)}, _finish(answer))
        if with_usage:
            yield {**self._frame, "choices": [], "usage": usage(asked, sent + rest)}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._frame, "choices": [choice]}


def _finish(answer: Answer) -> str:
    return "length" if answer.note == CUT_SHORT else "stop"


def _id() -> str:
    return f"chatcmpl-{secrets.token_hex(12)}"


def sent_words(messages: Sequence[Message]) -> str:
    """Return all that was sent, for counting."""
    return " ".join(message.content for message in messages)
