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
