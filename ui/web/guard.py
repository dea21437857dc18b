"""What stands between the network and the application.

An allow-list of routes, checks of host, origin and size, security headers on every answer, and
the page made German. gradio offers many more routes than this page needs, some of which fetch
addresses or take files (reliability.md, section 0, points 6 and 7): what isn't named here, isn't
there.
"""

import logging
import re
import secrets
import traceback
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.roles import Role
from ui.access.rules import Door, Rule, rule, rule_for
from ui.api.faults import belongs_to_interfaces, for_program
from ui.language import Language, chosen, language_of, speaking
from ui.web.first_page import prepare

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

# A question of 20,000 characters, the longest that settings admit, takes at most 120 kB as
# escaped JSON; the rest is the page's own.
MAX_BODY_BYTES = 256 * 1024
# The one address that takes files, and the largest file that reading in admits (MAX_BYTES in
# ingest/sources.py); it is written to disk as it comes.
UPLOAD = "/unterlagen/hochladen"
MAX_UPLOAD_BYTES = 200 * 2**20

# Where gradio's pages are, and the least role that may open them and use what is on them.
PAGES: dict[str, Role] = {
    "/": Role.READER,
    "/werkstaetten": Role.READER,
    "/unterlagen": Role.EDITOR,
    "/qualitaet": Role.MAINTAINER,
}
_SEGMENT = r"[^/]+"
# A run's folder, see ui/evaluation/measurements.py.
_RUN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}"
# An answer, see ui/records.py.
_RECORD = r"[0-9a-f]{32}"
# Whatever isn't named here isn't there; and whatever is names who may call it (ui/access/gate.py).
ROUTES: tuple[Rule, ...] = (
    *(rule("GET HEAD", page, role) for page, role in PAGES.items()),
    rule("GET", r"/gesund", Door.ANYONE),
    rule("GET", r"/ui/[a-z]+\.[a-z]+", Door.ANYONE),
    rule("GET HEAD POST", r"/anmelden", Door.ANYONE),
    rule("GET", r"/anmelden/haus(/zurueck)?", Door.ANYONE),
    rule("GET POST", r"/abmelden", Door.ANYONE),
    rule("GET POST", r"/passwort", Role.READER),
    rule("GET", r"/sprache/(de|en)", Door.ANYONE),
    rule("GET", rf"/seite/{_SEGMENT}/{_SEGMENT}/[0-9]{{1,6}}\.png", Role.READER),
    rule("GET", rf"/original/{_SEGMENT}/{_SEGMENT}", Role.READER),
    rule("GET", rf"/antwort/{_RECORD}", Role.READER),
    rule(
        "GET",
        rf"/antwort/{_RECORD}/(vermerk\.(docx|pdf)|antwort\.md|quellen\.(bib|ris))",
        Role.READER,
    ),
    rule("POST", rf"/antwort/{_RECORD}/(behalten|loeschen)", Role.READER),
    rule("GET", r"/gespraech\.md", Role.READER),
    rule(
        "GET",
        rf"/messung/{_RUN}/(bericht\.html|bericht\.md|run\.json|[a-z]{{1,20}}\.svg)",
        Role.MAINTAINER,
    ),
    rule("GET", rf"/messung/{_RUN}/{_RUN}/vergleich\.html", Role.MAINTAINER),
    rule("GET", r"/rueckmeldungen/wissensluecken\.csv", Role.MAINTAINER),
    rule("POST", UPLOAD, Role.EDITOR),
    rule("GET", rf"/unterlagen/bericht/{_SEGMENT}", Role.EDITOR),
    rule("GET", r"/unterlagen/beleg/[0-9a-f]{16}\.txt", Role.EDITOR),
    # What gradio's page loads and calls; tests/e2e checks that nothing else is asked for. Whose
    # page an event belongs to is looked at by the gate.
    rule("GET", r"/theme\.css", Role.READER),
    rule(
        "GET",
        r"/(assets|static)/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*",
        Role.READER,
    ),
    rule("GET", r"/gradio_api/(startup-events|queue/data|heartbeat/[a-z0-9]{1,32})", Role.READER),
    rule("POST", r"/gradio_api/queue/join", Role.READER),
    # Only where the interfaces for programs are switched on; they ask for their token themselves.
    rule("GET", r"/api/(health|documents|openapi\.json)", Door.TOKEN),
    rule("GET", rf"/api/documents/{_SEGMENT}", Door.TOKEN),
    rule("POST", r"/api/(ask|search)", Door.TOKEN),
    rule("GET", rf"/v1/models(/{_SEGMENT})?", Door.TOKEN),
    rule("POST", r"/v1/chat/completions", Door.TOKEN),
)

# Scripts run from our files, or with the nonce that the first page gets. gradio's HTML component
# compiles its template with Function(), so 'unsafe-eval' has to stay; what it compiles is the
# constant "${value}". Styles: gradio writes them into elements.
_POLICY = (
    "default-src 'self'; script-src 'self'{nonce} 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'none';"
    " object-src 'none'; frame-src 'none'; form-action 'self'; base-uri 'self';"
    " frame-ancestors 'none'"
)
# A report quotes questions and answers; it needs nothing but its own style.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# The page of one answer: our files, page images, and the two forms that keep and delete it.
_RECORD_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# A report on how a document was read: its page images are part of it.
_READING_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    # Nothing for foreign hosts; with less, browsers would call our own forms foreign.
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
# Files of gradio whose names carry a hash of their content.
_LASTING = re.compile(r"/assets/.+-[A-Za-z0-9_-]{8}\.(js|css)")

_log = logging.getLogger(__name__)


def hosts_for(host: str, public: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names under which a server listening on ``host`` may be called.

    On loopback only loopback's own, and those that are set as ``public``: a stranger's page could
    else reach it through a name of its own that points here. Elsewhere any, as names are up to
    the network, unless some are set.
    """
    if public or host in (*LOOPBACK, "::1"):
        return (*LOOPBACK, *public)
    return ("*",)


class Guard:
    """ASGI middleware; outermost, so that it covers errors too."""

    def __init__(
        self, app: ASGIApp, allowed_hosts: Sequence[str], *, interfaces: bool = False
    ) -> None:
        """``interfaces`` tells whether the addresses for programs are there."""
        self._app = app
        self._hosts = frozenset(allowed_hosts)
        self._interfaces = interfaces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it may pass, and answer in German if not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        language = language_of(scope["path"], scope)
        outgoing = _Outgoing(scope["path"], nonce, (language, chosen(scope)), send)
        if refused := _refusal(scope, self._hosts, interfaces=self._interfaces):
            refusal: Response = _plain(*refused)
            if self._interfaces and belongs_to_interfaces(scope["path"]):
                refusal = for_program(scope["path"], *refused)
            await refusal(scope, receive, outgoing)
            return
        try:
            with speaking(language):
                await self._app(scope, receive, outgoing)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            # Kind and place alone: the text of an error may hold what a person asked.
            _log.error("unexpected %s in %s", type(error).__name__, frames[-1].name)
            if outgoing.started:
                raise RuntimeError("response broken off") from None
            message = "Es ist ein unerwarteter Fehler aufgetreten. Bitte laden Sie die Seite neu."
            await _plain(message, 500)(scope, receive, outgoing)


def _refusal(scope: Scope, hosts: frozenset[str], *, interfaces: bool) -> tuple[str, int] | None:
    """Return message and status for a request that may not pass, else None."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if "*" not in hosts and _without_port(host) not in hosts:
        return "Unter diesem Namen ist die Anwendung nicht erreichbar.", 400
    allowed = rule_for(ROUTES, scope["path"])
    if allowed is None or (allowed.role is Door.TOKEN and not interfaces):
        return "Diese Seite gibt es nicht.", 404
    if scope["method"] not in allowed.methods:
        return "So lässt sich diese Adresse nicht aufrufen.", 405
    if "origin" in headers and headers["origin"].partition("://")[2] != host:
        return "Anfragen von fremden Seiten werden nicht beantwortet.", 403
    most = MAX_UPLOAD_BYTES if scope["path"] == UPLOAD else MAX_BODY_BYTES
    return _refused_body(scope["method"], headers.get("content-length", ""), most)


def _refused_body(method: str, length: str, most: int = MAX_BODY_BYTES) -> tuple[str, int] | None:
    """Refuse a body that is too large, or whose size isn't said; the server holds it to that."""
    if length.isdecimal():
        too_large = len(length) > 9 or int(length) > most
        return ("Die Anfrage ist zu groß.", 413) if too_large else None
    if method == "POST":
        return "Die Anfrage muss ihre Länge nennen.", 411
    return None


def _without_port(host: str) -> str:
    return re.sub(r":\d*$", "", host).lower()


def _plain(message: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(message + "\n", status)


class _Outgoing:
    """Sends a response with our headers; prepares the first page on its way."""

    def __init__(
        self, path: str, nonce: str, languages: tuple[Language, Language], send: Send
    ) -> None:
        """``languages``: of the page, and the one its reader has chosen."""
        self._path = path
        self._nonce = nonce
        self._languages = languages
        self._send = send
        self._start: Message | None = None
        self._page: list[bytes] = []
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._head(message)
            if self._is_page(message):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            await self._hold(message)
            return
        await self._send(message)

    def _head(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers[name] = value
        headers["content-security-policy"] = self._policy()
        lasting = message["status"] == 200 and _LASTING.fullmatch(self._path)
        headers["cache-control"] = "public, max-age=31536000, immutable" if lasting else "no-store"

    def _policy(self) -> str:
        if self._path.startswith("/messung/"):
            return _REPORT_POLICY
        if self._path.startswith("/antwort/"):
            return _RECORD_POLICY
        if self._path.startswith("/unterlagen/bericht/"):
            return _READING_POLICY
        return _POLICY.format(nonce=f" 'nonce-{self._nonce}'")

    def _is_page(self, message: Message) -> bool:
        kind = Headers(raw=message["headers"]).get("content-type", "")
        return self._path in PAGES and message["status"] == 200 and kind.startswith("text/html")

    async def _hold(self, message: Message) -> None:
        """Collect the page, and send it whole."""
        self._page.append(message.get("body", b""))
        if message.get("more_body") or self._start is None:
            return
        page = prepare(b"".join(self._page).decode("utf-8"), self._nonce, *self._languages)
        body = page.encode("utf-8")
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({**message, "body": body})
