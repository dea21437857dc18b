"""What can be pressed in rendered HTML: its names, and reading them back.

    source-2-1   entry of citation 1 in the list of sources of exchange 2; links go there
    open-2-1     opens the same source          page-2-1-11   opens it on page index 11
    shown-2-1    the panel while it shows that source
    ask-2-0      asks suggestion 0 of exchange 2     example-3   asks example question 3
    rate-2-up    rates exchange 2; also -down, and -back to take that back
    feedback-show-ID   does something with a stored rating, on the page for measuring

A name comes back from the browser and may say anything: it only ever selects among what this
conversation holds already.
"""

import re
from typing import NamedTuple

_SOURCE = re.compile(
    r"(?:source|open)-([0-9]{1,4})-([0-9]{1,4})|page-([0-9]{1,4})-([0-9]{1,4})-([0-9]{1,6})"
)
_QUESTION = re.compile(r"ask-([0-9]{1,4})-([0-9]{1,4})|example-([0-9]{1,4})")

_RATING = re.compile(r"rate-([0-9]{1,4})-(up|down|back)")
_FEEDBACK = re.compile(r"feedback-([a-z]{1,10})(?:-([a-z0-9]{1,16}))?")


class SourceTarget(NamedTuple):
    """A citation by exchange and number, and the page asked for, if any."""

    exchange: int
    number: int
    page: int | None = None


class QuestionTarget(NamedTuple):
    """A suggestion of an exchange, or an example question where ``exchange`` is None."""

    exchange: int | None
    number: int


class RatingTarget(NamedTuple):
    """An exchange, and what its reader says of the answer: up, down, or back."""

    exchange: int
    choice: str


class FeedbackTarget(NamedTuple):
    """An action of the inbox, and what with: an entry's id, or a choice; may be empty."""

    action: str
    what: str


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


def rating(exchange: int, choice: str) -> str:
    """Name the button that rates an answer."""
    return f"rate-{exchange}-{choice}"


def feedback(action: str, what: str = "") -> str:
    """Name a button of the inbox."""
    return f"feedback-{action}-{what}" if what else f"feedback-{action}"


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


def read_rating(name: object) -> RatingTarget | None:
    """Read the name of a rating; None for anything else."""
    found = _RATING.fullmatch(name) if isinstance(name, str) else None
    return RatingTarget(int(found[1]), found[2]) if found else None


def read_feedback(name: object) -> FeedbackTarget | None:
    """Read the name of a button of the inbox; None for anything else."""
    found = _FEEDBACK.fullmatch(name) if isinstance(name, str) else None
    return FeedbackTarget(found[1], found[2] or "") if found else None
