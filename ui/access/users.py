"""The people who log in with a password of this installation."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from corpus.errors import UnknownItemError
from ui.access.passwords import Password, keep, matches, require_good
from ui.access.records import FOLDER, AccessError, Records
from ui.access.roles import Role
from ui.access.tokens import NAME

_STAMP_BYTES = 16


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class User:
    """A person who can log in."""

    name: Annotated[str, Field(pattern=NAME)]
    role: Role
    password: Password
    stamp: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Random, new with each change: sessions begun under another one are over."""


class Users:
    """The people of an installation; changes of other processes hold at once."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the data folder."""
        path = folder / FOLDER / "users.json"
        self._records: Records[User] = Records(path, TypeAdapter(tuple[User, ...]))

    def list(self) -> tuple[User, ...]:
        """Return everybody, first come first. Raises AccessError when they can't be read."""
        return self._records.read()

    def find(self, name: str) -> User | None:
        """Return somebody by name, whatever its case; None when there is nobody."""
        wanted = _folded(name)
        return next((user for user in self.list() if _folded(user.name) == wanted), None)

    def require(self, name: str) -> User:
        """Return somebody by name. Raises UnknownItemError when there is nobody."""
        user = self.find(name)
        if user is None:
            raise UnknownItemError(
                f"Den Benutzernamen „{name}“ gibt es nicht. „sozialraum users list“ zeigt alle."
            )
        return user

    def check(self, name: str, password: str) -> User | None:
        """Return whose name and password these are; None, after the same time, for anyone else."""
        user = self.find(name)
        return user if matches(password, user.password if user else None) else None

    def add(self, name: str, role: Role, password: str) -> None:
        """Add a person. Raises AccessError when the name is taken or either isn't acceptable."""
        name = unicodedata.normalize("NFC", name)
        if not re.fullmatch(NAME, name):
            raise AccessError(
                f"„{name}“ ist kein möglicher Benutzername: 1 bis 64 Buchstaben, Ziffern, Punkt, "
                "Bindestrich, Unterstrich oder @, vorn ein Buchstabe oder eine Ziffer."
            )
        require_good(password, name)
        user = User(name=name, role=role, password=keep(password), stamp=_stamp())

        def with_them(users: tuple[User, ...]) -> tuple[User, ...]:
            if any(_folded(known.name) == _folded(name) for known in users):
                raise AccessError(
                    f"Den Benutzernamen „{name}“ gibt es schon. „sozialraum users list“ zeigt alle."
                )
            return (*users, user)

        self._records.change(with_them)

    def set_password(self, name: str, password: str) -> None:
        """Give somebody another password; their sessions end. Raises AccessError, also if weak."""
        require_good(password, name)
        kept = keep(password)
        self._change(name, lambda user: replace(user, password=kept, stamp=_stamp()))

    def change_password(self, user: User, password: str) -> User:
        """Give ``user`` another password and return what is kept of them now; sessions end.

        Only while they are as ``user`` says: whoever knew the password before somebody else has
        changed or removed it must not win it back. Raises AccessError, also if weak.
        """
        require_good(password, user.name)
        after = replace(user, password=keep(password), stamp=_stamp())

        def changed(users: tuple[User, ...]) -> tuple[User, ...]:
            if user not in users:
                raise AccessError(
                    f"„{user.name}“ wurde inzwischen geändert oder entfernt; das neue Passwort "
                    "gilt nicht. Bitte melden Sie sich neu an."
                )
            return tuple(after if known == user else known for known in users)

        self._records.change(changed)
        return after

    def set_role(self, name: str, role: Role) -> None:
        """Give somebody another role; their sessions end. Raises UnknownItemError."""
        self._change(name, lambda user: replace(user, role=role, stamp=_stamp()))

    def remove(self, name: str) -> None:
        """Remove somebody; their sessions end. Raises UnknownItemError."""
        self._change(name, lambda user: None)

    def _change(self, name: str, how: Callable[[User], User | None]) -> None:
        self.require(name)

        def changed(users: tuple[User, ...]) -> tuple[User, ...]:
            after = (how(user) if _folded(user.name) == _folded(name) else user for user in users)
            return tuple(user for user in after if user)

        self._records.change(changed)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _stamp() -> str:
    return secrets.token_hex(_STAMP_BYTES)
