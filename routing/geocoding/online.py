"""
Asking a geocoder on the network, politely, where somebody has switched that on.

A passenger's home address leaves the house with every question. Hence: off by default, the
region's own addresses first, one's own server rather than the public one, no address in a log
line or an error, and nothing asked twice.
"""

import logging
from enum import Enum
from threading import Lock
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from routing.errors import GeocoderUnavailable
from routing.geo import BoundingBox, Point
from routing.geocoding.address import ask, fold
from routing.units import Seconds

Provider = Literal["nominatim", "photon"]

# Nominatim's usage policy (operations.osmfoundation.org/policies/nominatim): at most one
# request a second from one application, an identifying user agent, results cached.
POLITE_DELAY: Seconds = 1
_TIMEOUT: Seconds = 5


class Missing(Enum):
    """Nothing is known yet; unlike ``None``, which means "there is no such address"."""

    MISSING = "missing"


MISSING = Missing.MISSING


class GeocodeCache(Protocol):
    """Where answers are kept, by the folded text of the question."""

    def get(self, query: str) -> Point | Missing | None:
        """Answer of an earlier question; None for "not found", MISSING if never asked."""

    def put(self, query: str, point: Point | None) -> None:
        """Keep an answer; None for "not found"."""


class OnlineGeocoder:
    """
    Nominatim or Photon at a URL.

    Parameters
    ----------
    provider
        Which of the two answers at *url*.
    url
        "https://nominatim.example.org/prefix".
    user_agent
        Who asks: the name of the installation and how to reach it.
    cache
        Asked first, and told every answer.
    area
        Only addresses in here count; a street of that name elsewhere is none.
    delay
        Seconds between two questions, of all geocoders of this program at this URL together.

    Raises
    ------
    ValueError
        If the provider is unknown, the URL is none, or the user agent is empty.
    """

    def __init__(
        self,
        provider: Provider,
        url: str,
        user_agent: str,
        cache: GeocodeCache,
        *,
        area: BoundingBox | None = None,
        delay: float = POLITE_DELAY,
    ) -> None:
        parts = urlsplit(url)
        if provider not in {"nominatim", "photon"}:
            msg = f"Unknown geocoder {provider!r}; known are nominatim and photon."
            raise ValueError(msg)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            msg = f"The URL of a geocoder begins with http:// or https://: {url!r}."
            raise ValueError(msg)
        if not user_agent.strip():
            msg = "A geocoder wants to know who asks: the user agent is empty."
            raise ValueError(msg)
        self._provider = provider
        self._cache = cache
        self._area = area
        self._ask = _limited(provider, url.rstrip("/"), user_agent, delay)

    def locate(self, text: str) -> Point | None:
        """
        Find the point of an address; None if there is no such address.

        A house number that the geocoder does not know is "no such address" too: a point
        somewhere in the street would send the bus to the wrong door.

        Raises
        ------
        GeocoderUnavailable
            If the geocoder does not answer, refuses, or answers nonsense. That is never kept.
        """
        query = fold(text)
        if not query:
            return None
        known = self._cache.get(query)
        if not isinstance(known, Missing):
            return known
        point = self._locate(query)
        self._cache.put(query, point)
        return point

    def _locate(self, query: str) -> Point | None:
        from geopy.exc import GeopyError

        try:
            found = self._ask(query, **self._options())
            points = [
                Point(float(place.latitude), float(place.longitude))
                for place in found or ()
                if _fits(place.raw, query)
            ]
        except (GeopyError, ValueError, KeyError, TypeError, AttributeError) as error:
            # Neither the text nor the cause: both may hold the address, and end up in a log.
            msg = f"The geocoder gave no usable answer ({type(error).__name__})."
            raise GeocoderUnavailable(msg) from None
        return next((p for p in points if self._area is None or p in self._area), None)

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"exactly_one": False, "limit": 5}
        if self._provider == "nominatim":
            options["addressdetails"] = True
        if self._area is not None:
            corners = [(self._area.south, self._area.west), (self._area.north, self._area.east)]
            if self._provider == "nominatim":
                options |= {"viewbox": corners, "bounded": True}
            else:
                options["bbox"] = corners
        return options


def _fits(raw: dict[str, Any], query: str) -> bool:
    """Whether an answer knows the house if a house was asked for."""
    details = raw.get("address") or raw.get("properties") or {}
    known = details.get("house_number") or details.get("housenumber")
    return not ask(query).housenumber or bool(known)


_limiters: dict[tuple[str, str], Any] = {}
_limiters_lock = Lock()


def _limited(provider: Provider, url: str, user_agent: str, delay: float) -> Any:
    """
    One rate limiter for each server in the whole program.

    geopy's limiter would swallow errors, so that an outage looks like "not found", and would
    write the address to the log with each retry: neither is wanted.
    """
    from geopy.adapters import URLLibAdapter
    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim, Photon

    # At level DEBUG geopy writes every question to the log.
    logging.getLogger("geopy").setLevel(logging.WARNING)
    with _limiters_lock:
        if (provider, url) not in _limiters:
            parts = urlsplit(url)
            geocoder = (Nominatim if provider == "nominatim" else Photon)(
                domain=parts.netloc + parts.path,
                scheme=parts.scheme,
                user_agent=user_agent,
                timeout=_TIMEOUT,
                adapter_factory=URLLibAdapter,
            )
            _limiters[provider, url] = RateLimiter(  # type: ignore[no-untyped-call]
                geocoder.geocode,
                min_delay_seconds=delay,
                max_retries=0,
                error_wait_seconds=delay,
                swallow_exceptions=False,
            )
        return _limiters[provider, url]
