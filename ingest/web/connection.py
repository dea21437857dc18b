"""One request and its answer, over a connection to checked IPs, within time and size."""

import importlib.metadata
import os
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from ingest.refusals import refuse
from ingest.web.addresses import Route, shown
from ingest.web.body import ReadProgress, read_body

# A host with more machines is tried at the first ones only.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. ``read_s`` is the longest silence, ``total_s`` all of a fetch.

    How long a name may take to resolve is up to the system.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 300.0
    max_bytes: int = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` by lower-case name; ``body`` is decoded, and empty unless the status is 2xx."""

    url: httpx.URL
    status: int
    headers: dict[str, str]
    body: bytes


def request(
    url: httpx.URL, route: Route, limits: Limits, deadline: float, progress: ReadProgress
) -> Answer:
    """GET the address. ``deadline`` is a reading of ``time.monotonic``.

    No cookies, no referrer, no credentials are sent, and no redirect is followed. Raises
    FileRefusedError: ERR_URL_UNREACHABLE, ERR_URL_TOO_LARGE, ERR_URL_TYPE.
    """
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    timeouts = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s}
    try:
        with (
            _pool(url, route, deadline) as pool,
            pool.stream(
                "GET", target, headers=_headers(url), extensions={"timeout": timeouts}
            ) as response,
        ):
            headers = _readable(response.headers)
            success = 200 <= response.status < 300
            stream = response.iter_stream() if success else ()
            body = read_body(stream, headers, shown(str(url)), limits.max_bytes, progress)
            return Answer(url, response.status, headers, body)
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as fault:
        raise _unreachable(fault, url, limits, deadline) from None
    except (httpcore.ProxyError, httpcore.UnsupportedProtocol, ValueError) as fault:
        if not route.proxy:
            raise
        reason = f"ist nicht erreichbar: Der Proxy lässt die Verbindung nicht zu ({fault})."
        raise refuse("ERR_URL_UNREACHABLE", shown(str(url)), reason=reason) from None


def _pool(url: httpx.URL, route: Route, deadline: float) -> httpcore.ConnectionPool:
    """A pool for one request: connections, like cookies, aren't carried to the next host."""
    context = _certificates() if url.scheme == "https" else None
    backend = _Pinned(route.ips, deadline)
    if not route.proxy:
        return httpcore.ConnectionPool(ssl_context=context, network_backend=backend)
    proxy = httpx.Proxy(route.proxy)
    if proxy.url.scheme not in ("http", "https"):
        raise ValueError(f"{proxy.url.scheme} wird nicht unterstützt")
    return httpcore.HTTPProxy(
        proxy_url=httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target="/"
        ),
        proxy_auth=proxy.raw_auth,
        ssl_context=context,
        proxy_ssl_context=context if proxy.url.scheme == "https" else None,
        network_backend=backend,
    )


def _certificates() -> ssl.SSLContext:
    """The lists of certifi (or of SSL_CERT_FILE) and of the system: town halls add their own."""
    try:
        context = httpx.create_ssl_context()
    except OSError as fault:
        name = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or "certifi"
        reason = f"lässt sich nicht als Liste der Zertifikate lesen ({type(fault).__name__})."
        remedy = "Prüfen Sie die Einstellung SSL_CERT_FILE dieses Rechners."
        raise refuse("ERR_URL_UNREACHABLE", name, reason=reason, remedy=remedy) from None
    context.load_default_certs()
    return context


class _Pinned(httpcore.NetworkBackend):
    """Connects to the given IPs whatever the host's name says; to the proxy when none are."""

    def __init__(self, ips: tuple[str, ...], deadline: float) -> None:
        self._ips = ips[:_TRIES]
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first IP that takes one."""
        fault: Exception = httpcore.ConnectError("no address")
        for ip in self._ips or (host,):
            try:
                left = _left(timeout, self._deadline)
                return _Timed(self._plain.connect_tcp(ip, port, left), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                fault = refused
        raise fault


class _Timed(httpcore.NetworkStream):
    """A stream that ends at the deadline, also for a server that sends a byte at a time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, at most ``max_bytes``."""
        return self._stream.read(max_bytes, _left(timeout, self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._stream.write(buffer, _left(timeout, self._deadline))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the encrypted stream; the certificate must be that of ``server_hostname``."""
        left = _left(timeout, self._deadline)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # as httpcore has it
        """Return what the plain stream knows."""
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left if timeout is None else min(timeout, left)


def _headers(url: httpx.URL) -> list[tuple[str, str]]:
    try:
        version = importlib.metadata.version("sozialraum-assistent")
    except importlib.metadata.PackageNotFoundError:
        version = "ohne-Fassung"
    return [
        ("Host", url.netloc.decode("ascii")),
        ("User-Agent", f"Sozialraum-Assistent/{version} (one document, asked for by a person)"),
        ("Accept", "text/html, application/pdf, */*;q=0.8"),
        ("Accept-Language", "de"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]


def _readable(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers as text: UTF-8 where it is, as many servers send it, else Latin 1."""
    readable: dict[str, str] = {}
    for name, value in headers:
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        readable.setdefault(name.decode("latin-1").lower(), text.strip())
    return readable


def _unreachable(fault: Exception, url: httpx.URL, limits: Limits, deadline: float) -> Exception:
    """Say in German what went wrong on the way."""
    # httpcore hides the system's fault from tracebacks; it is there all the same.
    cause = fault.__cause__ or fault.__context__
    if time.monotonic() >= deadline:
        why = f"Nach {limits.total_s:g} Sekunden ist noch nicht alles angekommen."
    elif isinstance(fault, httpcore.ConnectTimeout):
        why = f"Innerhalb von {limits.connect_s:g} Sekunden kommt keine Verbindung zustande."
    elif isinstance(fault, httpcore.TimeoutException):
        why = f"Der Server schweigt seit {limits.read_s:g} Sekunden."
    elif isinstance(cause, ssl.SSLCertVerificationError):
        why = f"Das Zertifikat des Servers ist nicht gültig ({cause.verify_message})."
    elif isinstance(cause, ssl.SSLError):
        why = f"Die verschlüsselte Verbindung kommt nicht zustande ({cause.reason})."
    elif isinstance(cause, ConnectionRefusedError):
        why = "Der Server nimmt keine Verbindung an."
    elif isinstance(cause, socket.gaierror):
        why = "Den Namen des Proxys kennt niemand."
    elif isinstance(fault, httpcore.ConnectError):
        why = "Es kommt keine Verbindung zustande."
    else:
        why = "Die Verbindung brach ab, bevor alles angekommen war."
    return refuse("ERR_URL_UNREACHABLE", shown(str(url)), reason=f"ist nicht erreichbar: {why}")
