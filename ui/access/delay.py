"""Who has guessed wrong has to wait, longer each time.

Counted by name and by address: the one keeps a single account from being guessed, the other one
address from trying a few passwords on many. Unknown names count like known ones, so that waiting
tells nothing about who exists. Kept in memory alone: nobody outside can restart the program, and
a person who is kept out by mistake has somebody who can.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE_BY_NAME = 5
"""Wrong tries before the first wait: people mistype."""
FREE_BY_ADDRESS = 20
"""More, as a whole house may share an address."""
FIRST_S, LONGEST_S = 30.0, 900.0
"""The wait doubles from the first to the longest: at most 100 guesses a day at one name."""
FORGOTTEN_S = 86_400.0
"""After a day without a wrong try, counting starts anew."""
MAX_KEPT = 10_000
"""Names and addresses remembered, of each; the one that was quiet longest makes room."""


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: float


class _Counter:
    """Failures of one kind of thing."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        known = self._failures.get(key)
        if known is None or now - known.last > FORGOTTEN_S or known.count < self._free:
            return 0.0
        pause = min(FIRST_S * 2.0 ** min(known.count - self._free, 30), LONGEST_S)
        return max(0.0, known.last + pause - now)

    def failed(self, key: str, now: float) -> None:
        known = self._failures.pop(key, None)
        earlier = known.count if known and now - known.last <= FORGOTTEN_S else 0
        self._failures[key] = _Failures(earlier + 1, now)
        while len(self._failures) > MAX_KEPT:
            self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        self._failures.pop(key, None)

    def take_back(self, key: str) -> None:
        if known := self._failures.get(key):
            self._failures[key] = _Failures(max(0, known.count - 1), known.last)


class Delay:
    """How long somebody has to wait before they may try again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._names, self._addresses = _Counter(FREE_BY_NAME), _Counter(FREE_BY_ADDRESS)

    def attempt(self, name: str, address: str) -> float:
        """Return the seconds to wait; 0: try now, and the try counts as wrong until ``passed``.

        Counted before it is known how it ends: many tries at once are as many.
        """
        with self._lock:
            now = self._clock()
            wait = max(self._names.wait(name, now), self._addresses.wait(address, now))
            if wait == 0.0:
                self._names.failed(name, now)
                self._addresses.failed(address, now)
            return wait

    def passed(self, name: str, address: str) -> None:
        """Start anew with the name: the password was right.

        Of the address only this try is forgotten: with an account of one's own one could else try
        out others without end.
        """
        with self._lock:
            self._names.forget(name)
            self._addresses.take_back(address)
