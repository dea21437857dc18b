"""A model that keeps failing isn't asked for a while, so that nobody waits for it."""

import threading
import time
from collections.abc import Callable

# Failures in a row after which the model rests, and for how long. Three: a single slip costs
# nothing, and a model that is down delays no more than three questions (reliability.md, L1).
LIMIT = 3
REST_S = 60.0


class Breaker:
    """Counts failures in a row. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    @property
    def rests(self) -> bool:
        """Whether the model isn't to be asked now."""
        with self._lock:
            return self._clock() < self._until

    def succeeded(self) -> None:
        """Forget earlier failures."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a failure; the last one before the limit begins the rest.

        After the rest one failure is enough for the next one.
        """
        with self._lock:
            self._failures += 1
            if self._failures >= LIMIT:
                self._until = self._clock() + REST_S
                self._failures = LIMIT - 1
