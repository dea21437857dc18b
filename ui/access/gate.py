"""The gate: who calls, and whether their role suffices. Nothing passes that no rule allows.

An event of gradio says by a number which function is meant; all of them go to one address. The
gate reads that number, looks up on which page the function is, and asks for that page's role. So
nobody can call what is on a page they may not open.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import SozialraumError
from ui.access import login_page
from ui.access.login import Login
from ui.access.login_routes import to_login
from ui.access.person import ALONE, Person, put_person
from ui.access.roles import Role
from ui.access.rules import Door, Rule, rule_for

MAX_EVENT_BYTES = 256 * 1024
"""As large as the guard lets a body be; held here too, for a body without a true length."""
# What a proxy adds. On loopback without login, it means that others are let in by mistake.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_GRADIO = "/gradio_api/"
# Events: a body that names function and tab. The others name the tab, or nothing.
_EVENTS = frozenset({"/gradio_api/queue/join", "/gradio_api/cancel"})
_STREAM, _HEARTBEAT = "/gradio_api/queue/data", "/gradio_api/heartbeat/"
_STARTUP = "/gradio_api/startup-events"

EXPIRED = "Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich neu an."
FORBIDDEN = "Das ist mit Ihrer Rolle nicht möglich."

_log = logging.getLogger(__name__)


class Gate:
    """ASGI middleware, right inside the guard."""

    def __init__(
        self,
        app: ASGIApp,
        rules: Sequence[Rule],
        pages: Mapping[str, Role],
        page_of: Callable[[int], str | None],
        login: Login | None,
    ) -> None:
        """``page_of`` says on which page a function of gradio is, None: there is no such function.

        Without ``login`` everything is open to the one person at this machine.
        """
        self._app = app
        self._rules = rules
        self._pages = pages
        self._page_of = page_of
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to whom it is allowed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("only http passes the gate")
        try:
            answer, receive = await self._answer(scope, receive)
        except SozialraumError as fault:
            _log.error("%s: nobody has access", fault.code)
            answer = HTMLResponse(login_page.unavailable(), 503)
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        """Return the refusal, or None; and what the body can then be read from."""
        path: str = scope["path"]
        allowed = rule_for(self._rules, path)
        if allowed is None:
            return PlainTextResponse("Diese Seite gibt es nicht.\n", 404), receive
        if self._login is None and (refusal := _needless(scope, path)):
            return refusal, receive
        if isinstance(allowed.role, Door):
            return None, receive
        person = ALONE if self._login is None else self._login.caller(scope)
        if person is None:
            return _who_are_you(scope), receive
        if person.role < allowed.role:
            return _not_yours(scope, person, allowed.role), receive
        put_person(scope, person)
        if path.startswith(_GRADIO):
            return await self._gradio(scope, receive, person)
        return None, receive

    async def _gradio(
        self, scope: Scope, receive: Receive, person: Person
    ) -> tuple[Response | None, Receive]:
        path: str = scope["path"]
        if path == _STARTUP:
            return None, receive
        if path.startswith(_HEARTBEAT):
            return self._tab(person, path.removeprefix(_HEARTBEAT)), receive
        if path == _STREAM:
            query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            return self._tab(person, *query.get("session_hash", [])), receive
        if path not in _EVENTS:
            return _forbidden(), receive
        body = await _body(receive)
        event = _event(body) if body is not None else None
        if event is None:
            return PlainTextResponse("Dieser Aufruf ist nicht zu verstehen.\n", 400), receive
        function, tab = event
        page = self._page_of(function)
        # A page without a role is nobody's.
        role = self._pages.get(page) if page is not None else None
        if role is None or person.role < role:
            return _forbidden(), receive
        return self._tab(person, tab), _again(body or b"", receive)

    def _tab(self, person: Person, *tabs: str) -> Response | None:
        """Refuse whose opened page it isn't, or what doesn't name exactly one."""
        if len(tabs) != 1 or not 0 < len(tabs[0]) <= 64:
            return PlainTextResponse("Dieser Aufruf ist nicht zu verstehen.\n", 400)
        if self._login and not self._login.sessions.owns(person, tabs[0]):
            # Somebody else has logged in since the page was opened: it is over for it.
            return PlainTextResponse(EXPIRED + "\n", 401)
        return None


def _needless(scope: Scope, path: str) -> Response | None:
    """Answer what makes no sense where nobody logs in."""
    headers = Headers(scope=scope)
    if any(name in headers for name in _FORWARDED):
        return PlainTextResponse(
            "Diese Anwendung wird über einen Reverse-Proxy aufgerufen, ist aber für eine einzelne "
            "Person eingerichtet. Bitte setzen Sie SOZIALRAUM_PUBLIC_URL auf die Adresse, unter "
            "der sie aufgerufen wird; dann verlangt sie eine Anmeldung.\n",
            403,
        )
    if path.startswith(("/anmelden", "/abmelden", "/passwort")):
        return RedirectResponse("/", 303)
    return None


def _who_are_you(scope: Scope) -> Response:
    if _is_page_wanted(scope):
        return to_login(scope["path"], scope["query_string"].decode("latin-1"))
    if scope["method"] == "POST" and _is_html_wanted(scope):
        return HTMLResponse(login_page.expired(EXPIRED), 401)
    return PlainTextResponse(EXPIRED + "\n", 401)


def _not_yours(scope: Scope, person: Person, role: Role) -> Response:
    if _is_page_wanted(scope):
        return HTMLResponse(login_page.refused(person, role), 403)
    return _forbidden()


def _forbidden() -> Response:
    return PlainTextResponse(FORBIDDEN + "\n", 403)


def _is_page_wanted(scope: Scope) -> bool:
    """Tell whether a person looks at the answer, rather than a script or an image."""
    return scope["method"] in ("GET", "HEAD") and _is_html_wanted(scope)


def _is_html_wanted(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body; None when it is too large or breaks off."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_EVENT_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Let a body that was read be read once more."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _event(body: bytes) -> tuple[int, str] | None:
    """Return the function and the tab that an event names; None for what could be read two ways."""
    try:
        data = json.loads(body.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    function, tab = data.get("fn_index"), data.get("session_hash")
    # Exactly a number: gradio would also take "3", 3.0 and true.
    if type(function) is not int or not isinstance(tab, str):
        return None
    return function, tab


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object whose keys are named once each."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
