"""
What can go wrong on the road.

    Exception
     └── RoutingError
          ├── NetworkError (ValueError)        arrays or a file that are not a road network
          ├── ExtractError (ValueError)        map data that cannot become a road network
          ├── TooFarFromRoad (LookupError)     no road near a point: ask the user
          ├── NoWay (LookupError)              two points with no way between them
          ├── AddressError (LookupError)
          │    ├── UnknownAddress              nothing in the address book is like it
          │    └── AmbiguousAddress            several are alike: ask the user
          └── GeocoderUnavailable (OSError)    the online geocoder did not answer
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routing.geo import Point
    from routing.geocoding.address import Address
    from routing.units import Metres


class RoutingError(Exception):
    """Anything that `routing` refuses."""


class NetworkError(RoutingError, ValueError):
    """Arrays or a file that are not a road network; the message names what does not fit."""


class ExtractError(RoutingError, ValueError):
    """Map data that cannot become a road network; the message names the file and the reason."""


class TooFarFromRoad(RoutingError, LookupError):  # noqa: N818 - a fact about a point, not a fault
    """No road within the limit of a point; *metres* is how far the nearest one is."""

    def __init__(self, point: Point, *, metres: Metres, limit: Metres) -> None:
        self.point = point
        self.metres = metres
        self.limit = limit
        super().__init__(
            f"The nearest road is {metres} m from ({point.lat}, {point.lon});"
            f" at most {limit} m are allowed."
        )


class NoWay(RoutingError, LookupError):  # noqa: N818 - a fact about the network, not a fault
    """No way between some points; *pairs* are the positions (from, to) in the question."""

    def __init__(self, points: Sequence[Point], pairs: Sequence[tuple[int, int]]) -> None:
        self.pairs = tuple(pairs)
        first = "; ".join(
            f"from point {a} ({points[a].lat}, {points[a].lon})"
            f" to point {b} ({points[b].lat}, {points[b].lon})"
            for a, b in self.pairs[:3]
        )
        more = f" and {len(self.pairs) - 3} more" if len(self.pairs) > 3 else ""
        super().__init__(f"There is no way {first}{more}.")


class AddressError(RoutingError, LookupError):
    """A text that is not one address; `AddressError.text` is what was asked for."""

    def __init__(self, text: str, candidates: Sequence[Address], message: str) -> None:
        self.text = text
        self.candidates = tuple(candidates)
        super().__init__(message)


class UnknownAddress(AddressError):  # noqa: N818 - the word of the contract
    """Nothing is like it; *suggestions* are the nearest spellings, best first, perhaps none."""

    def __init__(self, text: str, suggestions: Sequence[Address] = ()) -> None:
        near = "; ".join(address.label for address in suggestions)
        super().__init__(
            text,
            suggestions,
            f"Unknown address {text!r}." + (f" The nearest are: {near}." if near else ""),
        )

    @property
    def suggestions(self) -> tuple[Address, ...]:
        """What may have been meant."""
        return self.candidates


class AmbiguousAddress(AddressError):  # noqa: N818 - likewise
    """Several are like it; *candidates* are these, best first."""

    def __init__(self, text: str, candidates: Sequence[Address]) -> None:
        several = "; ".join(address.label for address in candidates)
        super().__init__(text, candidates, f"Address {text!r} may be one of: {several}.")


class GeocoderUnavailable(RoutingError, OSError):  # noqa: N818 - likewise
    """The online geocoder did not answer, refused, or answered nonsense."""
