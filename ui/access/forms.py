"""What the forms of logging in, logging out and changing a password share."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
from fastapi import Request
from fastapi.responses import Response

from ui.access.login import Entered, Login

AT_ONCE = 2
"""Passwords checked at the same time; each takes memory and a core (passwords.py)."""
MAX_FORM_BYTES = 8192

T = TypeVar("T")


class Checking:
    """Checks passwords beside the event loop, a few at a time, whatever form they come from."""

    def __init__(self) -> None:
        self._limiter: anyio.CapacityLimiter | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, once it is its turn."""
        # Made here, as it belongs to the event loop that is running.
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)


async def read_form(request: Request) -> dict[str, str]:
    """Read a form; of a field that comes twice the last, of what is no form nothing."""
    body = await request.body()
    if len(body) > MAX_FORM_BYTES:
        return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return {name: values[-1] for name, values in fields.items()}


def address_of(request: Request) -> str:
    """Return where a request comes from; behind a proxy on loopback, what that says."""
    return request.client.host if request.client else ""


def put_session(response: Response, login: Login, entered: Entered) -> None:
    """Give the browser the session."""
    response.set_cookie(
        *(login.cookie, entered.session), secure=login.secure, httponly=True, samesite="lax"
    )
