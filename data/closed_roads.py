"""Roads that were closed in the course of a day, and drives on what is left of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from data.plan_document import Document
from routing.closing import CLOSE, roads_near, without_roads
from routing.errors import TooFarFromRoad
from routing.geo import Point
from routing.matrix import NO_ROAD, Roads, TravelMatrix
from routing.network import RoadNetwork
from routing.units import Metres
from scheduler.clock import Clock
from scheduler.day import Day, DayRoads
from scheduler.model import Place, PlaceId


@dataclass(frozen=True)
class ClosedRoad:
    """All roads within *metres* of a point, closed from *until* on: until then they are driven."""

    point: Point
    until: Clock
    metres: Metres = CLOSE

    @property
    def document(self) -> Document:
        """As what `json` can write."""
        return {
            "lat": self.point.lat,
            "lon": self.point.lon,
            "until": self.until,
            "metres": self.metres,
        }

    @classmethod
    def read(cls, document: Document) -> "ClosedRoad":
        """Read what *document* says."""
        point = Point(document["lat"], document["lon"])
        return cls(point, document["until"], document["metres"])


def travel_without(
    network: RoadNetwork, closed: Sequence[ClosedRoad], points: Mapping[PlaceId, Point]
) -> TravelMatrix:
    """
    Drives between *points*, in their order, on the roads that are left.

    Where no road leads any more, a drive takes `routing.matrix.NO_ROAD` seconds.

    Raises
    ------
    NetworkError
        If no road is left at all.
    """
    for road in closed:
        network = without_roads(network, roads_near(network, road.point, road.metres))
    near = [number for number, point in enumerate(points.values()) if _is_near(network, point)]
    every = list(points.values())
    found = Roads(network).travel([every[number] for number in near], cut_off=True)
    seconds = np.full((len(every), len(every)), NO_ROAD, dtype=np.int64)
    metres = np.zeros_like(seconds)
    np.fill_diagonal(seconds, 0)
    seconds[np.ix_(near, near)], metres[np.ix_(near, near)] = found.seconds, found.metres
    return TravelMatrix(seconds, metres)


def on_closed_roads(
    day: Day,
    network: RoadNetwork,
    closed: Sequence[ClosedRoad],
    places: Mapping[PlaceId, Place],
) -> Day:
    """
    Give *day*, which knows all roads, those that were left from each moment on.

    *places* are all to which its roads lead.
    """
    if not closed:
        return day
    points = {name: places[name].point for name in day.index}
    after = [
        travel_without(network, roads, points)
        for roads in accumulate(([road] for road in closed), lambda a, b: [*a, *b])
    ]
    earlier = _earlier(day, [day.travel, *after], closed)
    return replace(day, travel=after[-1], earlier_roads=tuple(earlier))


def _earlier(
    day: Day, travels: Sequence[TravelMatrix], closed: Sequence[ClosedRoad]
) -> Iterator[DayRoads]:
    for travel, road in zip(travels, closed, strict=False):
        yield DayRoads(travel, day.index, road.until)


def _is_near(network: RoadNetwork, point: Point) -> bool:
    try:
        network.snap(point)
    except TooFarFromRoad:
        return False
    return True
