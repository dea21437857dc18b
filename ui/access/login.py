"""Logging in and out, put together: users, sessions, delay, and the house's provider."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from ui.access.delay import Delay
from ui.access.house import House
from ui.access.person import BY_HOUSE, BY_PASSWORD, Person, by_house
from ui.access.sessions import Sessions
from ui.access.users import User, Users

# No passwords of ours stand behind these sessions; they end by time, and with the program.
_HOUSE_STAMP = "haus"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is logged in."""

    session: str
    """The id that goes into the browser's cookie, and nowhere else."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Name or password were wrong, or it is too early to try again."""

    wait_s: float = 0.0
    """Seconds until the next try; 0: the try was made, and failed."""


class Login:
    """What an installation with login knows of who may come in."""

    def __init__(self, users: Users, house: House | None = None, *, secure: bool = False) -> None:
        """``secure``: the pages are called by https, so cookies travel nowhere else."""
        self.users = users
        self.house = house
        self.secure = secure
        self.sessions = Sessions(self._stamp_of)
        self._delay = Delay()
        self._key = secrets.token_bytes(32)

    @property
    def cookie(self) -> str:
        """The name of the cookie; the prefix makes browsers refuse one from a neighbour's name."""
        return "__Host-sozialraum" if self.secure else "sozialraum"

    def attempt(
        self, name: str, password: str, address: str, earlier: str = ""
    ) -> Entered | Refused:
        """Log somebody in by name and password; takes a fraction of a second of a core.

        ``address`` is where the request comes from, ``earlier`` the session the browser had.
        Raises AccessError when the users can't be read.
        """
        user = self.confirm(name, password, address)
        return user if isinstance(user, Refused) else self._begin(user, earlier)

    def confirm(self, name: str, password: str, address: str) -> User | Refused:
        """Return whose name and password these are; a wrong try counts, whatever it was for."""
        counted = name.strip().casefold(), _network(address)
        wait = self._delay.attempt(*counted)
        if wait:
            return Refused(wait)
        user = self.users.check(name.strip(), password)
        if user is None:
            return Refused()
        self._delay.passed(*counted)
        return user

    def change_password(self, user: User, password: str, session: str) -> Entered:
        """Give ``user``, as just confirmed, another password, and ``session`` another id.

        Their other sessions are over: they were begun under another stamp. Raises AccessError when
        the password is weak or can't be saved, or somebody else has changed ``user`` meanwhile.
        """
        return self._begin(self.users.change_password(user, password), session)

    def admit(self, person: Person, earlier: str = "") -> Entered:
        """Log somebody in whom the house's provider has vouched for."""
        known = Person(person.name, person.role, BY_HOUSE + person.identity)
        return Entered(self.sessions.begin(known, _HOUSE_STAMP, earlier))

    def session_of(self, scope: Mapping[str, Any]) -> str:
        """Return the session id that a request brings, good or not; empty without one."""
        return HTTPConnection(dict(scope)).cookies.get(self.cookie, "")

    def caller(self, scope: Mapping[str, Any]) -> Person | None:
        """Return who makes a request; None for nobody. Raises AccessError."""
        session = self.session_of(scope)
        return self.sessions.person(session) if session else None

    def form_token(self, holder: str) -> str:
        """Return what a form must bring back: bound to ``holder``, a cookie of the same browser."""
        return hmac.new(self._key, holder.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def is_our_form(self, holder: str, token: str) -> bool:
        """Tell whether a form was made by us, for this browser."""
        return bool(holder) and hmac.compare_digest(
            self.form_token(holder).encode(), token.encode("utf-8", "replace")
        )

    def _begin(self, user: User, earlier: str) -> Entered:
        person = Person(user.name, user.role, BY_PASSWORD + user.name)
        return Entered(self.sessions.begin(person, user.stamp, earlier))

    def _stamp_of(self, person: Person) -> str | None:
        if by_house(person):
            return _HOUSE_STAMP if self.house else None
        user = self.users.find(person.name)
        return user.stamp if user else None


def _network(address: str) -> str:
    """Return the address, or of IPv6 the network, as one caller has all addresses of it."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
