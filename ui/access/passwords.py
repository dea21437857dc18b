"""Passwords: what may be one, and how one is kept so that nobody can read it."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from ui.access.records import AccessError

COST, BLOCK, PARALLEL = 2**15, 8, 3
"""scrypt's N, r and p: one of the settings that OWASP's cheat sheet on storing passwords names as
equally strong. 32 MiB; takes 0.26 s on one core of the machine it was measured on."""
MIN_CHARS = 12
MAX_CHARS = 256
"""Nobody's is longer; keeps whoever sends more from keeping us busy."""
MIN_DIFFERENT = 6

_SALT_BYTES, _HASH_BYTES = 16, 32
_Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{32,128}$")]
# Stems that lists of leaked passwords begin with, German keyboards, and what this is called.
_COMMON = (
    *("passwort", "password", "kennwort", "willkommen", "welcome", "hallo", "geheim", "secret"),
    *("qwertz", "qwerty", "asdfgh", "yxcvbn", "123456", "abcdef", "letmein", "iloveyou", "schatz"),
    *("admin", "administrator", "maintainer", "editor", "reader", "sommer", "winter", "fruehling"),
    *("sozialraum", "assistent", "werkstatt", "verwaltung", "rathaus", "stadt", "test", "changeme"),
)


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Password:
    """What is kept of a password, with the parameters that it was made with."""

    salt: _Hex
    hash: _Hex
    cost: Annotated[int, Field(ge=2**14, le=2**20)]
    block: Annotated[int, Field(ge=8, le=32)]
    parallel: Annotated[int, Field(ge=1, le=16)]


def keep(password: str) -> Password:
    """Make a record of a password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    hashed = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    return _record(salt, hashed)


def matches(password: str, kept: Password | None) -> bool:
    """Tell whether a password is the one kept. Without one: False, after the same work."""
    # Whoever asks for an unknown name waits as long as for a known one.
    known = kept or _record(bytes(_SALT_BYTES), bytes(_HASH_BYTES))
    salt = bytes.fromhex(known.salt)
    hashed = _scrypt(password, salt, known.cost, known.block, known.parallel)
    same = hmac.compare_digest(hashed, bytes.fromhex(known.hash))
    return same and kept is not None


def require_good(password: str, name: str) -> None:
    """Raise AccessError, naming the remedy, unless a password is hard enough to guess."""
    if not MIN_CHARS <= len(_normal(password)) <= MAX_CHARS:
        raise AccessError(
            f"Ein Passwort braucht mindestens {MIN_CHARS} und höchstens {MAX_CHARS} Zeichen. Gut "
            "sind vier oder fünf Wörter, die nichts miteinander zu tun haben."
        )
    plain = _normal(password).casefold()
    letters = re.sub(r"[\W\d_]", "", plain)
    if (len(name) > 2 and name.casefold() in plain) or plain in name.casefold():
        raise AccessError(
            "Das Passwort darf den Benutzernamen nicht enthalten. Bitte wählen Sie ein anderes."
        )
    # A common word with figures and signs around it is what is tried first.
    common = any(plain.startswith(word) and len(letters) <= len(word) + 4 for word in _COMMON)
    if common or len(set(plain)) < MIN_DIFFERENT or _repeats(plain):
        raise AccessError(
            "Dieses Passwort ist zu leicht zu erraten. Gut sind vier oder fünf Wörter, die nichts "
            "miteinander zu tun haben."
        )


def _record(salt: bytes, hashed: bytes) -> Password:
    return Password(salt=salt.hex(), hash=hashed.hex(), cost=COST, block=BLOCK, parallel=PARALLEL)


def _repeats(plain: str) -> bool:
    """Tell whether a text is only one part again and again."""
    return re.fullmatch(r"(.{1,8}?)\1+.{0,3}", plain) is not None


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        _normal(password).encode("utf-8", "replace"),
        salt=salt,
        n=cost,
        r=block,
        p=parallel,
        # What scrypt takes by its definition, and as much again for the library's own needs.
        maxmem=256 * cost * block + 2**20 * parallel,
        dklen=_HASH_BYTES,
    )


def _normal(password: str) -> str:
    """One spelling of letters with accents, however a keyboard makes them (RFC 8265)."""
    return unicodedata.normalize("NFC", password)
