"""The three roles, each of which may do all that the one before may."""

from enum import Enum
from functools import total_ordering


@total_ordering
class Role(Enum):
    """What somebody may do. Ordered: ``Role.READER < Role.EDITOR < Role.MAINTAINER``."""

    READER = "reader"
    """Asks, reads, rates answers."""
    EDITOR = "editor"
    """Also keeps the collection."""
    MAINTAINER = "maintainer"
    """Also measures quality, and reads what readers have said."""

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Role):
            return NotImplemented
        return _ORDER.index(self) < _ORDER.index(other)

    @property
    def german(self) -> str:
        """The role as the page names it."""
        return _GERMAN[self]


_ORDER = tuple(Role)
_GERMAN = {
    Role.READER: "Lesen",
    Role.EDITOR: "Redaktion",
    Role.MAINTAINER: "Betreuung",
}
