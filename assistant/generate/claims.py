"""What a model returns -> claims: sentence, passage code, quote. Lenient in form, never in sense.

Any JSON object that has a text and a code is taken, wherever it stands and whatever is around
it. Small models that write no JSON may end each sentence with its code in brackets.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

# Beyond this nobody reads; a model that repeats itself is stopped here.
MAX_CLAIMS = 24
MAX_REPLY_CHARS = 40_000
"""Ten times what the server is asked for; one that doesn't stop is left."""
MAX_CHARS = 700
"""Longest sentence that is taken."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "code": {"type": "string"},
                    "quote": {"type": "string"},
                },
                "required": ["text", "code", "quote"],
                "additionalProperties": False,
            },
        },
        "reason": {"type": "string"},
    },
    "required": ["claims", "reason"],
    "additionalProperties": False,
}
"""Form of an answer, for servers that can hold a model to it."""

_TRAILING_COMMA = re.compile(r",\s*\}$")
_SENTENCE_WITH_CODE = re.compile(r"([^\[\]()\n]{3,700}?)[ ]?[\[(]([A-Z0-9]{6})[\])]([.!?]?)")
_LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a model, the passage it names and what it quotes from there."""

    text: str
    code: str
    quote: str
    """Empty where the model wrote plain text."""


@dataclass(slots=True)
class Collector:
    """Takes the pieces of a reply as they come and gives out each claim once it is complete.

    Linear in the length of the reply: every character is looked at once.
    """

    codes: Collection[str]
    declined: bool = False
    """Whether the model says that the passages carry no answer; its reason is never shown."""
    understood: bool = False
    """Whether anything had the form that was asked for."""
    _text: list[str] = field(default_factory=list)
    _open: list[int] = field(default_factory=list)
    _length: int = 0
    _nested: bool = False
    _in_string: bool = False
    _escaped: bool = False
    _count: int = 0

    def feed(self, piece: str) -> Iterator[Claim]:
        """Yield the claims that this piece completes."""
        for character in piece:
            self._text.append(character)
            self._length += 1
            closed = self._step(character)
            if closed and (claim := self._read(closed)):
                yield claim

    def close(self) -> Iterator[Claim]:
        """Yield the claims of a reply that had no JSON: sentences with a code behind them."""
        if self.understood:
            return
        for match in _SENTENCE_WITH_CODE.finditer("".join(self._text)):
            text = _LIST_MARK.sub("", match[1].strip()) + match[3]
            if match[2] in self.codes and self._count < MAX_CLAIMS:
                self.understood = True
                self._count += 1
                yield Claim(text, match[2], "")

    @property
    def full(self) -> bool:
        """Whether no further claim will be taken."""
        return self._count >= MAX_CLAIMS or self._length > MAX_REPLY_CHARS

    def _step(self, character: str) -> str:
        """Follow braces outside of strings; return an object that closes and holds no other."""
        if self._in_string:
            if self._escaped:
                self._escaped = False
            elif character == "\\":
                self._escaped = True
            elif character == '"':
                self._in_string = False
        elif character == '"' and self._open:
            self._in_string = True
        elif character == "{":
            self._open.append(self._length - 1)
            self._nested = False
        elif character == "}" and self._open:
            start = self._open.pop()
            innermost, self._nested = not self._nested, True
            if innermost:
                return "".join(self._text[start:])
        return ""

    def _read(self, written: str) -> Claim | None:
        try:
            value = json.loads(_TRAILING_COMMA.sub("}", written), strict=False)
        except (ValueError, RecursionError):
            return None
        if "reason" in value and not value.get("claims"):
            self.understood = True
            self.declined = True
        text, code, quote = (value.get(key) for key in ("text", "code", "quote"))
        if not isinstance(text, str) or not isinstance(code, str) or self.full:
            return None
        self.understood = True
        self._count += 1
        return Claim(text.strip(), code.strip(" []()"), quote if isinstance(quote, str) else "")


def collect(reply: str, codes: Collection[str]) -> tuple[Claim, ...]:
    """Return all claims of a whole reply."""
    collector = Collector(codes)
    return (*collector.feed(reply), *collector.close())
