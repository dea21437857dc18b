"""Buttons of the page „Unterlagen“: how they are rendered, and what the browser sends for them."""

import hashlib
import re
from typing import Literal, NamedTuple, get_args

from ui.markup import Html, tag

Act = Literal[
    "reload",
    "check",
    "read",
    "discard",
    "resume",
    "drop",
    "show",
    "ask",
    "remove",
    "purge",
    "keep",
    "unask",
    "undo",
    "stay",
    "save",
    "reject",
]
_PRESS = re.compile(r"([a-z]{2,8})-(?:documents|([0-9a-f]{16}))")


class Press(NamedTuple):
    """What was pressed, and on which entry; its key is empty where there is only one."""

    act: Act
    key: str


def key(name: str) -> str:
    """Name a document or file in a way that any id may hold."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def pressed(name: object) -> Press | None:
    """Read what the browser sent; None when it is nothing of ours."""
    found = _PRESS.fullmatch(name) if isinstance(name, str) else None
    if not found or found[1] not in get_args(Act):
        return None
    return Press(found[1], found[2] or "")  # type: ignore[arg-type]


def button(says: str, id: str, kind: str) -> Html:
    """Render one; its id says what it does."""
    return tag("button", says, id=id, class_=kind)


def buttons(*shown: Html) -> Html:
    """Render buttons side by side."""
    return tag("div", *shown, class_="buttons")
