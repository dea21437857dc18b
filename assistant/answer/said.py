"""What the conversation has said already isn't the answer to the next question. Pure."""

import re
from collections.abc import Sequence

from assistant.answer.units import Unit


def unsaid(units: Sequence[Unit], said: Sequence[str]) -> list[Unit]:
    """Leave out the units that stand in an answer already given, unless nothing else is there."""
    given = [_plain(text) for text in said]
    fresh = [unit for unit in units if not any(_plain(unit.text) in text for text in given)]
    return fresh or list(units)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
