"""A document from the web: fetched when a person asks for it, and by nothing else.

The address may be that of the document, or of a page that leads to it („Download der
Publikation hier“). What is fetched is untrusted: addresses of the own network, redirects,
sizes and times are checked in ``ingest.web``; the bytes are parsed elsewhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import httpx

from corpus.errors import FileRefusedError
from ingest.formats import FOREIGN
from ingest.refusals import refuse
from ingest.web.addresses import is_internal, parsed, route, shown
from ingest.web.connection import Answer, Limits, request
from ingest.web.content import ACCEPTED, name_of, suffix_of_content
from ingest.web.landing import MAX_LISTED, Choice, chosen
from ingest.web.page import Page, read_page, text_of

MAX_REDIRECTS = 5
_LIMITS = Limits()
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a status means for the person; completes "„address“ …".
_STATUS = {
    401: "gibt der Server nur nach einer Anmeldung heraus",
    403: "gibt der Server nicht heraus: Der Zugriff ist gesperrt oder braucht eine Anmeldung",
    404: "gibt es auf dem Server nicht; die Adresse ist vertippt oder veraltet",
    407: "lässt der Proxy Ihres Hauses nicht ohne Anmeldung durch",
    410: "hat der Betreiber der Seite entfernt",
    429: "gibt der Server gerade nicht heraus: Er wurde zu oft gefragt",
}
_BROWSER = (
    "Öffnen Sie die Adresse im Browser. Lässt sich das Dokument dort laden, speichern Sie es "
    "und lesen Sie die Datei ein."
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from an address."""

    address: str
    """As asked."""
    final: str
    """After redirects and the landing page's link; what is cited as source."""
    name: str
    """File name for display, with the suffix of its format."""
    content: bytes
    landing: str = ""
    """Address of the landing page when its link was followed."""


class Fetcher(Protocol):
    """Whatever brings a document from an address, ``fetch`` in the first place."""

    def __call__(self, address: str, *, progress: Callable[[int, int], None]) -> Fetched:
        """Return what is there. Raises FileRefusedError."""


def _unwatched(done: int, total: int) -> None:
    """Progress that nobody watches."""


def fetch(
    address: str,
    *,
    internal_hosts: frozenset[str] = frozenset(),
    progress: Callable[[int, int], None] = _unwatched,
    limits: Limits = _LIMITS,
) -> Fetched:
    """Fetch the document at an address, or the one to which the page there clearly leads.

    ``internal_hosts`` are hosts, or "host:port", of the own network that may be asked; a
    public address never leads to them. ``progress`` gets the bytes read and announced (0:
    unknown). Through a proxy the IPs can't be pinned, see ``route``.

    Raises FileRefusedError with a code ERR_URL_…, or ERR_FILE_EMPTY.
    """
    start = parsed(address)
    hosts = internal_hosts if is_internal(start, internal_hosts) else frozenset()
    visit = _Visit(hosts, limits, time.monotonic() + limits.total_s, progress)
    answer = visit.follow(start)
    suffix = _suffix(answer)
    if suffix != ".html":
        return _fetched(address, answer, suffix)
    page = read_page(text_of(answer.body, answer.headers.get("content-type", "")))
    choice = chosen(page, str(answer.url))
    if choice.candidates:
        raise _undecided(address, choice)
    if not choice.address:
        return _fetched(address, answer, suffix, page)
    return _linked(address, answer, page, choice.address, visit)


@dataclass(frozen=True, slots=True)
class _Visit:
    """The rules of one fetch, over all its requests."""

    internal_hosts: frozenset[str]
    limits: Limits
    deadline: float
    progress: Callable[[int, int], None]

    def follow(self, url: httpx.URL) -> Answer:
        """Return the answer at the end of all redirects; it is a success with a body."""
        start, seen = url, {url}
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._request(url, start)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return _successful(answer)
            url = next_hop(url, location, start)
            if url in seen:
                reason = "leitet im Kreis weiter."
                raise refuse("ERR_URL_REDIRECT", shown(str(start)), reason=reason)
            seen.add(url)
        reason = f"leitet mehr als {MAX_REDIRECTS}-mal weiter."
        raise refuse("ERR_URL_REDIRECT", shown(str(start)), reason=reason)

    def _request(self, url: httpx.URL, start: httpx.URL) -> Answer:
        try:
            way = route(url, self.internal_hosts)
        except FileRefusedError as fault:
            if url != start and fault.code == "ERR_URL_ADDRESS":
                raise _forbidden(start, str(url)) from None
            raise
        return request(url, way, self.limits, self.deadline, self.progress)


def next_hop(url: httpx.URL, target: str, start: httpx.URL) -> httpx.URL:
    """Return where a redirect or link leads. Raises FileRefusedError, ERR_URL_REDIRECT."""
    try:
        hop = parsed(str(url.join(target)))
    except (FileRefusedError, httpx.InvalidURL, ValueError):
        raise _forbidden(start, target) from None
    if url.scheme == "https" and hop.scheme == "http":
        reason = f"führt von einer verschlüsselten zur unverschlüsselten Adresse {shown(str(hop))}."
        remedy = "Wenn Sie ihr trauen, geben Sie diese Adresse selbst an."
        raise refuse("ERR_URL_REDIRECT", shown(str(start)), reason=reason, remedy=remedy)
    return hop


def _forbidden(start: httpx.URL, target: str) -> FileRefusedError:
    reason = f"leitet weiter zu {shown(target)}; diese Adresse darf nicht abgerufen werden."
    return refuse("ERR_URL_REDIRECT", shown(str(start)), reason=reason)


def _successful(answer: Answer) -> Answer:
    name = shown(str(answer.url))
    if answer.status in (200, 203):
        if answer.body:
            return answer
        raise refuse("ERR_FILE_EMPTY", name)
    usual = "kann der Server gerade nicht liefern; versuchen Sie es später noch einmal"
    other = usual if answer.status >= 500 else "beantwortet der Server nicht mit einem Dokument"
    reason = f"{_STATUS.get(answer.status, other)} (Status {answer.status})."
    raise refuse("ERR_URL_STATUS", name, reason=reason)


def _linked(address: str, landing: Answer, page: Page, link: str, visit: _Visit) -> Fetched:
    """Fetch what the landing page leads to; that it is there is the page's promise."""
    try:
        answer = visit.follow(next_hop(landing.url, link, landing.url))
        suffix = _suffix(answer)
        if suffix == ".html":
            reason = "ist wieder eine Webseite, kein Dokument."
            raise refuse("ERR_URL_TYPE", shown(str(answer.url)), reason=reason, remedy=_BROWSER)
    except FileRefusedError as fault:
        origin = f"Die Adresse steht auf der Seite {shown(address)}."
        raise FileRefusedError(f"{fault} {origin}", code=fault.code) from None
    return _fetched(address, answer, suffix, page, str(landing.url))


def _suffix(answer: Answer) -> str:
    media_type = answer.headers.get("content-type", "")
    suffix = suffix_of_content(answer.body, media_type, answer.url.path)
    if suffix not in ACCEPTED:
        remedy = FOREIGN.get(suffix, "") and f"Laden Sie die Datei herunter. {FOREIGN[suffix]}"
        raise refuse("ERR_URL_TYPE", shown(str(answer.url)), remedy=remedy)
    return suffix


def _fetched(
    address: str, answer: Answer, suffix: str, page: Page | None = None, landing: str = ""
) -> Fetched:
    name = name_of(
        answer.headers.get("content-disposition", ""),
        answer.url.path,
        page.title if page else "",
        answer.url.host,
        suffix,
    )
    return Fetched(address, str(answer.url), name, answer.body, landing)


def _undecided(address: str, choice: Choice) -> FileRefusedError:
    listed = [f"„{text}“ ({shown(url)})" for text, url in choice.candidates[:MAX_LISTED]]
    more = len(choice.candidates) - len(listed)
    rest = f" und {more} weitere" if more else ""
    reason = f"führt zu mehreren Dokumenten: {'; '.join(listed)}{rest}."
    return refuse("ERR_URL_NO_LINK", shown(address), reason=reason)
