"""Addresses of the web: which may be fetched, and which machines they lead to.

A page can redirect to, and a name can resolve to, machines of the own network: routers,
printers, the metadata service of a cloud. So every name is resolved here, every resulting
IP checked, and the connection made to exactly these IPs (``connection.py``).
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.request import getproxies, proxy_bypass

import httpx

from ingest.characters import cleaned
from ingest.refusals import refuse

MAX_ADDRESS = 2000
_SHOWN = 200
_PORTS = {"http": 80, "https": 443}
# RFC 1035: labels of up to 63 signs; underscores occur in the wild.
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_-]{1,63})*")
_CREDENTIALS = re.compile(r"//[^/?#]*@")
# What is_global lets pass although no website lives there, or what hides another address.
_CLOSED = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments; metadata of Oracle
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # metadata of Azure, a public address
            "2001::/23",  # Teredo and other special uses
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)
# Only this range holds global IPv6 addresses of single machines; so IPv4-mapped, NAT64,
# link-local, site-local, unique-local and multicast addresses fall outside.
_GLOBAL_IPV6 = ip_network("2000::/3")
# Names that mean a machine of the own network; asked only where a proxy resolves.
_INWARD = (
    *(".arpa", ".corp", ".home", ".intern", ".internal", ".intranet", ".invalid", ".lan"),
    *(".local", ".localdomain", ".localhost", ".onion", ".private", ".test"),
)


@dataclass(frozen=True, slots=True)
class Route:
    """How a host is reached: at one of these IPs, or through a proxy that resolves itself."""

    ips: tuple[str, ...]
    proxy: str = ""


def shown(address: str) -> str:
    """Return the address for a message: without credentials, of bounded length."""
    plain = _CREDENTIALS.sub("//", cleaned(address).strip())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def parsed(address: str) -> httpx.URL:
    """Return the address without fragment and final dot of its host.

    Raises FileRefusedError: ERR_URL_SCHEME when it isn't one of the web, ERR_URL_ADDRESS
    when it holds credentials.
    """
    try:
        url = httpx.URL(address.strip()) if len(address) <= MAX_ADDRESS else httpx.URL("")
        host = url.raw_host.decode("ascii").rstrip(".")
    except (httpx.InvalidURL, UnicodeError):
        raise refuse("ERR_URL_SCHEME", shown(address)) from None
    port = url.port if url.port is not None else 80
    valid = _NAME.fullmatch(host) or _is_ipv6(host)
    if url.scheme not in _PORTS or not valid or not 0 < port < 2**16 or "\\" in address:
        raise refuse("ERR_URL_SCHEME", shown(address))
    if url.userinfo:
        reason = "enthält einen Benutzernamen oder ein Kennwort, das nicht gespeichert werden darf."
        raise refuse("ERR_URL_ADDRESS", shown(address), reason=reason)
    return url.copy_with(host=host, fragment=None)


def is_internal(url: httpx.URL, internal_hosts: frozenset[str]) -> bool:
    """Tell whether the host, or host and port, is one the person allowed."""
    host = url.raw_host.decode("ascii")
    bracketed = f"[{host}]" if ":" in host else host
    port = url.port or _PORTS[url.scheme]
    allowed = {entry.strip().rstrip(".").lower() for entry in internal_hosts}
    return not allowed.isdisjoint({host, url.host.lower(), bracketed, f"{bracketed}:{port}"})


def route(url: httpx.URL, internal_hosts: frozenset[str]) -> Route:
    """Return how to reach the host, all its IPs checked unless the host is internal.

    The proxy of the environment or the system is honoured, but not for internal hosts. A
    proxy resolves names by itself, so nothing can be pinned there: the name is checked as far
    as it resolves here, and names of the own network are refused.

    Raises FileRefusedError: ERR_URL_ADDRESS, ERR_URL_UNREACHABLE when there is no such name.
    """
    internal = is_internal(url, internal_hosts)
    host = url.raw_host.decode("ascii")
    proxy = "" if internal else _proxy(url.scheme, host)
    try:
        ips = _resolved(host, url.port or _PORTS[url.scheme])
    except (OSError, UnicodeError):
        if not proxy:
            reason = f"ist nicht erreichbar: Den Rechnernamen „{url.host}“ kennt niemand."
            raise refuse("ERR_URL_UNREACHABLE", shown(str(url)), reason=reason) from None
        if "." not in host or host.endswith(_INWARD):
            raise refuse("ERR_URL_ADDRESS", shown(str(url))) from None
        return Route((), proxy)
    if not internal and not all(is_public(ip) for ip in ips):
        raise refuse("ERR_URL_ADDRESS", shown(str(url)))
    return Route((), proxy) if proxy else Route(ips)


def is_public(ip: str) -> bool:
    """Tell whether an IP may belong to a website of the world."""
    address = ip_address(ip)
    if any(address in network for network in _CLOSED):
        return False
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_IPV6 and address.is_global
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_ipv6(host: str) -> bool:
    try:
        return "%" not in host and isinstance(ip_address(host), IPv6Address)
    except ValueError:
        return False


def _resolved(host: str, port: int) -> tuple[str, ...]:
    """Return the host's IPs, each once, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _proxy(scheme: str, host: str) -> str:
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all") or ""
    if not proxy or proxy_bypass(host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"
