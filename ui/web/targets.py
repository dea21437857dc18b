"""What can be pressed in rendered HTML: its names, and reading them back.

    source-2-1   entry of citation 1 in the list of sources of exchange 2; links go there
    open-2-1     opens the same source          page-2-1-11   opens it on page index 11
    shown-2-1    the panel while it shows that source
    ask-2-0      asks suggestion 0 of exchange 2     example-3   asks example question 3

A name comes back from the browser and may say anything: it only ever selects among what this
conversation holds already.
"""

import re
from typing import NamedTuple

_SOURCE = re.compile(
    r"(?:source|open)-([0-9]{1,4})-([0-9]{1,4})|page-([0-9]{1,4})-([0-9]{1,4})-([0-9]{1,6})"
)
_QUESTION = re.compile(r"ask-([0-9]{1,4})-([0-9]{1,4})|example-([0-9]{1,4})")


class SourceTarget(NamedTuple):
    """A citation by exchange and number, and the page asked for, if any."""

    exchange: int
    number: int
    page: int | None = None


class QuestionTarget(NamedTuple):
    """A suggestion of an exchange, or an example question where ``exchange`` is None."""

    exchange: int | None
    number: int


def source(exchange: int, number: int) -> str:
    """Name a citation's entry in the list of sources."""
    return f"source-{exchange}-{number}"


def opening(exchange: int, number: int) -> str:
    """Name the button that opens a citation's source."""
    return f"open-{exchange}-{number}"


def shown(exchange: int, number: int) -> str:
    """Name the panel that shows a citation's source."""
    return f"shown-{exchange}-{number}"


def page(exchange: int, number: int, index: int) -> str:
    """Name the button that turns a citation's source to a page."""
    return f"page-{exchange}-{number}-{index}"


def suggestion(exchange: int, number: int) -> str:
    """Name the button that asks a suggestion."""
    return f"ask-{exchange}-{number}"


def example(number: int) -> str:
    """Name the button that asks an example question."""
    return f"example-{number}"


def read_source(name: object) -> SourceTarget | None:
    """Read the name of a source; None for anything else."""
    found = _SOURCE.fullmatch(name) if isinstance(name, str) else None
    if not found:
        return None
    return SourceTarget(*(int(number) for number in found.groups() if number is not None))


def read_question(name: object) -> QuestionTarget | None:
    """Read the name of a suggestion or example; None for anything else."""
    found = _QUESTION.fullmatch(name) if isinstance(name, str) else None
    if not found:
        return None
    exchange, number, example_number = found.groups()
    if example_number is not None:
        return QuestionTarget(None, int(example_number))
    return QuestionTarget(int(exchange), int(number))
