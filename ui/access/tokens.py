"""Tokens with which programs call the interfaces. Kept as hashes: a token is shown once."""

import hashlib
import hmac
import re
import secrets
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from corpus.errors import UnknownItemError
from ui.access.records import FOLDER, AccessError, Records
from ui.access.roles import Role

PREFIX = "sozialraum_"
"""Lets people and scanners for leaked secrets recognise a token."""
TOKEN_BYTES = 32
"""256 bits of chance. No guessing leads there, so a plain SHA-256 of it is enough."""

NAME = r"^[A-Za-zÄÖÜäöüß0-9][A-Za-zÄÖÜäöüß0-9._@-]{0,63}$"
"""Of people and programs: what can be typed, read aloud and shown anywhere."""
_BEARER = re.compile(r"Bearer +([A-Za-z0-9_-]{1,200}) *", re.IGNORECASE)


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Token:
    """What is known of a program's token."""

    name: Annotated[str, Field(pattern=NAME)]
    role: Role
    day: date
    """When it was added."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the token."""


class Tokens:
    """The tokens of an installation; changes of other processes hold at once."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the data folder."""
        path = folder / FOLDER / "tokens.json"
        self._records: Records[Token] = Records(path, TypeAdapter(tuple[Token, ...]))

    def add(self, name: str, role: Role = Role.READER, today: date | None = None) -> str:
        """Make a token and return it: the only moment at which it can be read.

        Raises AccessError when the name isn't one, or is taken.
        """
        if not re.fullmatch(NAME, name):
            raise AccessError(
                f"„{name}“ ist kein möglicher Name: 1 bis 64 Buchstaben, Ziffern, Punkt, "
                "Bindestrich, Unterstrich oder @, vorn ein Buchstabe oder eine Ziffer."
            )
        secret = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        token = Token(name=name, role=role, day=today or date.today(), digest=_digest(secret))

        def with_it(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
            if any(known.name == name for known in tokens):
                raise AccessError(
                    f"Einen Zugangsschlüssel „{name}“ gibt es schon. Bitte wählen Sie einen "
                    f"anderen Namen, oder entfernen Sie ihn mit „sozialraum token remove {name}“."
                )
            return (*tokens, token)

        self._records.change(with_it)
        return secret

    def list(self) -> tuple[Token, ...]:
        """Return all tokens, oldest first. Raises AccessError when they can't be read."""
        return self._records.read()

    def remove(self, name: str) -> None:
        """Make a token worthless. Raises UnknownItemError when there is none of that name."""

        def without(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
            left = tuple(token for token in tokens if token.name != name)
            if left == tokens:
                raise UnknownItemError(
                    f"Einen Zugangsschlüssel „{name}“ gibt es nicht. „sozialraum token list“ zeigt "
                    "alle."
                )
            return left

        self._records.change(without)

    def role_of(self, header: str | None) -> Role | None:
        """Return the role of whoever sent ``Authorization: Bearer TOKEN``, None for anyone else.

        Raises AccessError when the tokens can't be read; then nobody has access.
        """
        given = _BEARER.fullmatch(header or "")
        digest = _digest(given[1] if given else "")
        role = None
        # All of them, so that time doesn't tell how far one got.
        for token in self._records.read():
            if hmac.compare_digest(token.digest, digest):
                role = token.role
        return role


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
