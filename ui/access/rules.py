"""Which role an address asks for. A rule without an answer to that can't be written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ui.access.roles import Role


class Door(Enum):
    """An address that asks for no login."""

    ANYONE = "anyone"
    """Nothing there is anybody's: the login page itself, our style, whether we are up."""
    TOKEN = "token"  # noqa: S105  # not one, but what it asks for
    """For programs: the interface asks for their token itself (ui/access/tokens.py)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of address that is allowed, and for whom."""

    methods: frozenset[str]
    path: re.Pattern[str]
    role: Role | Door
    """The least role, or that none is needed."""


def rule(methods: str, path: str, role: Role | Door) -> Rule:
    """Make a rule of „GET HEAD“ and a pattern that a whole path has to match."""
    return Rule(frozenset(methods.split()), re.compile(path), role)


def rule_for(rules: Sequence[Rule], path: str) -> Rule | None:
    """Return the first rule that allows a path; None: there is no such address."""
    return next((rule for rule in rules if rule.path.fullmatch(path)), None)
