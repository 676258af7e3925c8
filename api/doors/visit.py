"""
How somebody came: from where, under which of our names, over which transport.

What a proxy says of it counts only if the proxy is one of ours (`FAHRTEN_PROXIES`).
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from api.settings import Network, Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Whoever sends one of these is not at this machine, or stands behind something that is.
_OF_PROXIES: Final = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "x-client-ip",
)


@dataclass(frozen=True)
class Visit:
    """
    One call from outside.

    *client* is the address that it comes from, *host* the name and port of ours that was asked.
    *at_home* says that somebody sits at this very machine, with nothing in between: address and
    name say so, and no proxy has left a trace.
    """

    client: str
    host: str
    secure: bool
    at_home: bool

    @property
    def confidential(self) -> bool:
        """Whether nobody can read along: TLS, or a browser that asked its own machine."""
        return self.secure or is_loopback(hostname(self.host))


def visit_of(request: HTTPConnection, settings: Settings) -> Visit:
    """Find out how somebody came."""
    peer = request.client.host if request.client else ""
    host = request.headers.get("host", "").strip().lower()
    client, scheme = peer, request.scope.get("scheme", "http")
    if _is_one_of(peer, settings.trusted_proxies):
        client = _client(request.headers.getlist("x-forwarded-for"), peer, settings)
        scheme = request.headers.get("x-forwarded-proto", scheme).strip().lower()
    ours = settings.url.startswith("https://") and _netloc(settings.url) == host
    secure = scheme == "https" or ours
    return Visit(
        client=client,
        host=host,
        secure=secure,
        at_home=not secure
        and is_loopback(peer)
        and is_loopback(hostname(host))
        and not any(name in request.headers for name in _OF_PROXIES)
        # What proxies speak that were not told otherwise, and browsers have not for decades.
        and request.scope.get("http_version") != "1.0",
    )


def is_foreign(request: HTTPConnection, host: str, url: str, *, by_cookie: bool) -> bool:
    """
    Whether another page may have sent this without its user's knowledge (CSRF).

    Browsers say where a request that changes something comes from: all of them by `Origin`, all
    since 2023 by `Sec-Fetch-Site`, and no page can change that. So no form of ours needs a secret
    of its own, which one of them might forget. Whoever says neither is no browser, which does not
    come with a cookie. See https://words.filippo.io/csrf/.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return by_cookie
    return _netloc(origin) not in {host, _netloc(url) or host}


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def hostname(host: str) -> str:
    """Take the port away: "localhost:8000" is localhost."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_loopback(name: str) -> bool:
    """Whether this is an address, or the name, that every machine has for itself."""
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _client(forwarded: Sequence[str], peer: str, settings: Settings) -> str:
    """Give the last address that one of our proxies has seen, and that is none of them."""
    chain = [each.strip() for line in forwarded for each in line.split(",")]
    for address in reversed(chain):
        try:
            ipaddress.ip_address(address)
        except ValueError:
            break
        if not _is_one_of(address, settings.trusted_proxies):
            return address
    return peer


def _is_one_of(address: str, networks: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
