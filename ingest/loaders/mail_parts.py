"""What a mail consists of: texts, pages, attached files, mails within it.

The library's older policy ``compat32`` parses the headers: the newer ones take 36 s for one
Content-Type of 80 KB (a bomb), where this takes 0.1 s, and don't survive nested brackets
(Python 3.11). Encoded words are decoded here.
"""

import email.parser
import email.policy
import email.utils
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from pathlib import Path
from typing import Any, Literal, cast

from corpus.errors import FileRefusedError
from ingest.characters import cleaned
from ingest.loaders.encodings import decoded
from ingest.loaders.files import file_bytes
from ingest.refusals import refuse

MAX_BYTES = 60 * 2**20  # mail servers take 25 to 50 MB
MAX_LINES = 2_000_000
MAX_PARTS = 5_000
MAX_HEADERS = 50_000  # of all parts
MAX_HEADER_CHARS = 2_000
MAX_NESTED_MAILS = 5
MAX_NESTED_PARTS = 30
Nature = Literal["plain", "html", "mail", "file"]

_HEADERS_OF_MAIL = ("from", "to", "subject", "date", "received", "message-id", "mime-version")
_CHARSET = re.compile(r"utf-?(?:8|16)|us-ascii|iso-?8859-?\d{1,2}|(?:windows-?|cp)\d{3,4}|macroman")
_LATIN_1 = re.compile(r"iso-?8859-?1|us-ascii")  # what says so is Windows-1252 more often than not
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a mail that says something."""

    nature: Nature
    part: Message
    name: str = ""
    """Name of a file, as the mail states it; not to be used as a path."""
    depth: int = 0
    """How many mails it is nested in."""


class _TooManyError(Exception):
    """More parts or headers than any mail has."""


@dataclass(slots=True)
class _Budget:
    """Parts and headers that may still come; each of them takes memory."""

    parts: int = MAX_PARTS
    headers: int = MAX_HEADERS

    def part(self, *, policy: email.policy.Policy) -> "_Part":
        """Return an empty part, as the parser asks for one."""
        self.parts -= 1
        if self.parts < 0:
            raise _TooManyError
        part = _Part(policy)
        part.budget = self
        return part


class _Part(Message):
    """A part of a mail whose headers are short and counted."""

    budget: _Budget

    def set_raw(self, name: str, value: Any) -> None:  # noqa: ANN401  # as the library has it
        """Keep a header as it was parsed."""
        self.budget.headers -= 1
        if self.budget.headers < 0:
            raise _TooManyError
        super().set_raw(name, str(value)[:MAX_HEADER_CHARS])


def parsed_mail(path: Path) -> Message:
    """Parse a mail. Raises FileRefusedError, naming the file."""
    data = file_bytes(path, MAX_BYTES)
    budget = _Budget()
    factory = cast("Callable[[], Message]", budget.part)
    parser = email.parser.BytesFeedParser(factory, policy=email.policy.compat32)
    try:
        if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
            raise _TooManyError
        for start in range(0, len(data), 2**16):
            parser.feed(data[start : start + 2**16])
        mail = parser.close()
    except _TooManyError:
        raise refuse("ERR_FILE_TOO_LARGE", path.name, reason="hat zu viele Teile.") from None
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError):
        raise refuse("ERR_FILE_DAMAGED", path.name) from None
    if not any(name.lower() in _HEADERS_OF_MAIL for name, _ in mail.raw_items()):
        raise refuse("ERR_FILE_TYPE", path.name, reason="ist keine E-Mail.")
    if mail.get_content_type() in _ENCRYPTED:
        reason = "ist verschlüsselt oder in einen signierten Umschlag gepackt."
        remedy = "Speichern Sie die Nachricht in Ihrem Mailprogramm unverschlüsselt."
        raise refuse("ERR_FILE_PASSWORD", path.name, reason=reason, remedy=remedy)
    return mail


def pieces(part: Message, file: str, depth: int = 0, level: int = 0) -> Iterator[Piece]:
    """Yield what a part says, in order; of two forms of the same text the plain one.

    Raises FileRefusedError when mails or parts are nested deeper than people nest them.
    """
    if depth > MAX_NESTED_MAILS or level > MAX_NESTED_PARTS:
        reason = f"ist zu tief verschachtelt; mehr als {MAX_NESTED_MAILS} E-Mails ineinander "
        reason += "werden nicht gelesen."
        raise refuse("ERR_FILE_TOO_LARGE", file, reason=reason)
    kind = part.get_content_type()
    inner = _children(part)
    if kind == "message/rfc822" and inner:
        yield Piece("mail", inner[0], depth=depth)
    elif kind == "multipart/alternative":
        found = [piece for child in inner for piece in pieces(child, file, depth, level + 1)]
        told = any(p.nature == "plain" and _payload(p.part).strip() for p in found)
        yield from (p for p in found if p.nature != ("html" if told else "plain"))
    elif inner:
        for child in inner:
            yield from pieces(child, file, depth, level + 1)
    elif (name := _file_name(part)) or part.get_content_disposition() == "attachment":
        yield Piece("file", part, name, depth)
    elif kind in ("text/plain", "text/markdown"):
        yield Piece("plain", part, depth=depth)
    elif kind == "text/html":
        yield Piece("html", part, depth=depth)


def content_of(part: Message) -> bytes:
    """Return the bytes of a file or text; what can't be decoded stays as it is."""
    return _payload(part)


def text_of(part: Message) -> str:
    """Return the text of a part in the encoding it states, else in the one that fits."""
    data = _payload(part)
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        return _decoded(data, str(part.get_content_charset() or ""))
    return _decoded(data, "")


def header(part: Message, name: str) -> str:
    """Return a header as people read it, on one line; empty when there is none."""
    return _readable(_raw(part, name))


def people(part: Message, name: str) -> list[str]:
    """Return the names in a header of addresses; the address where there is no name."""
    with suppress(RecursionError, ValueError, IndexError, TypeError):
        found = email.utils.getaddresses([_raw(part, name)])
        return [shown for who, where in found if (shown := _readable(who) or _readable(where))]
    return []


def day_of(part: Message) -> str:
    """Return the day of a mail by its sender's clock, ISO 8601; empty when unknown."""
    with suppress(ValueError, TypeError, IndexError, OverflowError, AttributeError):
        day = email.utils.parsedate_to_datetime(_raw(part, "date")).date()
        return day.isoformat() if day.year > 1970 else ""
    return ""


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [p for p in payload if isinstance(p, Message)] if isinstance(payload, list) else []


def _payload(part: Message) -> bytes:
    with suppress(ValueError, LookupError, AssertionError, TypeError, AttributeError):
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    return b""


def _file_name(part: Message) -> str:
    with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _readable(part.get_filename() or "")
    return ""


def _raw(part: Message, name: str) -> str:
    found = (str(value) for key, value in part.raw_items() if key.lower() == name)
    return " ".join(next(found, "").split())


def _readable(raw: str) -> str:
    """Decode encoded words, and bytes that stand in a header as they are."""
    if any("\ud800" <= sign <= "\udfff" for sign in raw):
        return _plain(_decoded(raw.encode("utf-8", "surrogateescape"), ""))
    try:
        words = decode_header(raw)
    except (HeaderParseError, ValueError, RecursionError):
        return _plain(raw)
    text = "".join(
        word if isinstance(word, str) else _decoded(word, charset or "us-ascii")
        for word, charset in words
    )
    return _plain(text)


def _decoded(data: bytes, charset: str) -> str:
    """Decode by a stated encoding if it is one for text and fits, else by the letters."""
    plain = charset.strip().lower()
    if _CHARSET.fullmatch(plain):
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode("utf-8" if plain == "us-ascii" else _wider(plain))
    try:
        return decoded(data, "")
    except FileRefusedError:
        return data.decode("utf-8", "replace").replace("\ufffd", "")


def _wider(charset: str) -> str:
    return "cp1252" if _LATIN_1.fullmatch(charset) else charset


def _plain(text: str) -> str:
    return " ".join(cleaned(text).split())
