"""Who is calling. The gate puts a person into each request; nothing else does."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from ui.access.roles import Role

BY_PASSWORD, BY_HOUSE = "passwort:", "haus:"
"""What the identity of somebody begins with who has logged in so."""
_KEY = "sozialraum.person"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may call the application."""

    name: str
    """As shown; empty for the one person at a machine without login."""
    role: Role
    identity: str = ""
    """Tells people apart who are called the same: how they logged in, and as whom."""


ALONE = Person("", Role.MAINTAINER)
"""The one person at this machine, where no login is asked for."""


def by_password(person: Person) -> bool:
    """Tell whether somebody came in with a password of this installation."""
    return person.identity.startswith(BY_PASSWORD)


def by_house(person: Person) -> bool:
    """Tell whether somebody came in through the house's provider."""
    return person.identity.startswith(BY_HOUSE)


def person_in(scope: Mapping[str, Any]) -> Person | None:
    """Return who makes a request; None before the gate has looked, or where it needn't."""
    found = scope.get(_KEY)
    return found if isinstance(found, Person) else None


def put_person(scope: MutableMapping[str, Any], person: Person) -> None:
    """Say who makes a request."""
    scope[_KEY] = person
