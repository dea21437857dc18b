"""What can be pressed in rendered HTML: its names, and reading them back.

    source-2-1   entry of citation 1 in the list of sources of exchange 2; links go there
    open-2-1     opens the same source          page-2-1-11   opens it on page index 11
    shown-2-1    the panel while it shows that source
    ask-2-0      asks suggestion 0 of exchange 2     example-3   asks example question 3
    rate-2-up    rates exchange 2; also -down, and -back to take that back
    near-2-0, nearpage-2-0-11, nearshown-2-0   the same for a passage nearby
    again-2, edit-2, query-2   asks anew, puts question or query of exchange 2 back into the box
    edit-cancel   takes that back             scope-open   unfolds what a search is limited to
    limit-1-4     limits it to option 4 of group 1; limit-all lifts all, drop-art one facet
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

_NEAR = re.compile(
    r"near-([0-9]{1,4})-([0-9]{1,4})|nearpage-([0-9]{1,4})-([0-9]{1,4})-([0-9]{1,6})"
)
_ACTION = re.compile(r"(again|edit|query)-([0-9]{1,4})")
_LIMIT = re.compile(r"limit-([0-9]{1,4})-([0-9]{1,4})|drop-([a-z]{1,20})")
_RATING = re.compile(r"rate-([0-9]{1,4})-(up|down|back)")
_FEEDBACK = re.compile(r"feedback-([a-z]{1,10})(?:-([a-z0-9]{1,16}))?")


EDIT_CANCEL = "edit-cancel"
SCOPE_OPEN = "scope-open"
LIMIT_ALL = "limit-all"


class SourceTarget(NamedTuple):
    """A citation by exchange and number, and the page asked for, if any."""

    exchange: int
    number: int
    page: int | None = None


class QuestionTarget(NamedTuple):
    """A suggestion of an exchange, or an example question where ``exchange`` is None."""

    exchange: int | None
    number: int


class ActionTarget(NamedTuple):
    """What to do with an exchange's question: again, edit, or query."""

    action: str
    exchange: int


class LimitTarget(NamedTuple):
    """An option by group and number, or a facet to lift, of which the other is None."""

    option: tuple[int, int] | None
    dropped: str | None


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


def nearby(exchange: int, number: int) -> str:
    """Name the button that opens a passage nearby."""
    return f"near-{exchange}-{number}"


def nearby_shown(exchange: int, number: int) -> str:
    """Name the panel that shows a passage nearby."""
    return f"nearshown-{exchange}-{number}"


def nearby_page(exchange: int, number: int, index: int) -> str:
    """Name the button that turns a passage nearby to a page."""
    return f"nearpage-{exchange}-{number}-{index}"


def action(name: str, exchange: int) -> str:
    """Name the button that does something with an exchange's question."""
    return f"{name}-{exchange}"


def facet(group: int) -> str:
    """Name what unfolds a group of options."""
    return f"facet-{group}"


def limit(group: int, number: int) -> str:
    """Name the button that limits the search to an option."""
    return f"limit-{group}-{number}"


def dropping(facet: str) -> str:
    """Name the button that lifts the limit of a facet."""
    return f"drop-{facet}"


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


def read_nearby(name: object) -> SourceTarget | None:
    """Read the name of a passage nearby; None for anything else."""
    found = _NEAR.fullmatch(name) if isinstance(name, str) else None
    if not found:
        return None
    return SourceTarget(*(int(number) for number in found.groups() if number is not None))


def read_action(name: object) -> ActionTarget | None:
    """Read the name of an action on a question; None for anything else."""
    found = _ACTION.fullmatch(name) if isinstance(name, str) else None
    return ActionTarget(found[1], int(found[2])) if found else None


def read_limit(name: object) -> LimitTarget | None:
    """Read the name of an option or of a facet to lift; None for anything else."""
    found = _LIMIT.fullmatch(name) if isinstance(name, str) else None
    if not found:
        return None
    return LimitTarget(None if found[3] else (int(found[1]), int(found[2])), found[3])


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
