"""Who is logged in, and until when. In memory alone: a restart logs everybody out.

That is meant: conversations live in the same memory, so there would be nothing to return to. The
browser holds a random id, we its hash; what leaks from here opens nothing.
"""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from ui.access.person import Person

IDLE_S = 2 * 3600.0
"""Without a request: as long as a meeting takes."""
LONGEST_S = 12 * 3600.0
"""A working day; changes in the house's own directory hold at the latest after it."""
MAX_SESSIONS = 5_000
"""The one begun first makes room."""
MAX_TABS = 20_000
"""Opened pages that we remember whose they are; the one used longest ago makes room."""
_ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Session:
    person: Person
    stamp: str
    begun: float
    used: float


class Sessions:
    """The sessions of a running application."""

    def __init__(
        self, stamp_of: Callable[[Person], str | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``stamp_of`` says what a session must have been begun with to be still good, None: none.

        ``clock`` counts seconds.
        """
        self._stamp_of = stamp_of
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._tabs: OrderedDict[str, str] = OrderedDict()

    def begin(self, person: Person, stamp: str, earlier: str = "") -> str:
        """Log somebody in and return the id of the session, which nobody has known before.

        The session that the same browser had ``earlier`` ends.
        """
        id, now = secrets.token_urlsafe(_ID_BYTES), self._clock()
        with self._lock:
            self._sessions.pop(_digest(earlier), None)
            self._sessions[_digest(id)] = _Session(person, stamp, now, now)
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        return id

    def person(self, id: str) -> Person | None:
        """Return whose session this is; None when it is over or never was. Keeps it going."""
        now, key = self._clock(), _digest(id)
        with self._lock:
            found = self._sessions.get(key)
        if found is None:
            return None
        idle, old = now - found.used > IDLE_S, now - found.begun > LONGEST_S
        if idle or old or self._stamp_of(found.person) != found.stamp:
            self.end(id)
            return None
        with self._lock:
            if key in self._sessions:
                self._sessions[key] = replace(found, used=now)
        return found.person

    def end(self, id: str) -> None:
        """Log out."""
        with self._lock:
            self._sessions.pop(_digest(id), None)

    def owns(self, person: Person, tab: str) -> bool:
        """Tell whether an opened page is this person's; it is whose request names it first.

        gradio keeps what was asked in a page under a name that the browser chooses; without this
        anyone logged in who learns of it could read along.
        """
        with self._lock:
            owner = self._tabs.setdefault(tab, person.identity)
            self._tabs.move_to_end(tab)
            while len(self._tabs) > MAX_TABS:
                self._tabs.popitem(last=False)
        return owner == person.identity


def _digest(id: str) -> str:
    return hashlib.sha256(id.encode("utf-8", "replace")).hexdigest()
