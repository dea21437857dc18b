"""Who may be answered now: a few at a time, the others in the order in which they came."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PULSE_S = 0.25
"""How long a wait may last before whoever waits can be told where they stand, or leave."""


class Turn:
    """One question's place in the line."""

    def __init__(self, turns: "Turns") -> None:
        self._turns = turns

    def ahead(self) -> int:
        """Wait for a pulse at most; return how many must be done before this one, 0: go on."""
        return self._turns.ahead(self)


class Turns:
    """A line with ``places`` at its front. Safe to use from several threads."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._line: list[Turn] = []
        self._moved = threading.Condition()

    @contextmanager
    def taken(self) -> Iterator[Turn]:
        """Stand in line, and leave it in the end, however that comes."""
        turn = Turn(self)
        with self._moved:
            self._line.append(turn)
        try:
            yield turn
        finally:
            with self._moved:
                self._line.remove(turn)
                self._moved.notify_all()

    def ahead(self, turn: Turn) -> int:
        """Wait until it is this one's turn, for a pulse at most; return how many are before."""
        with self._moved:
            self._moved.wait_for(lambda: self._before(turn) == 0, PULSE_S)
            return self._before(turn)

    def _before(self, turn: Turn) -> int:
        return max(0, self._line.index(turn) - self._places + 1)
