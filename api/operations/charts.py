"""The small map of one shift, from the plan and the roads of its region."""

from functools import lru_cache
from itertools import pairwise

from api.operations.days import PlannedDay
from api.sheets.chart import Chart, ChartStop, draw_chart
from api.sheets.wording import OPENSTREETMAP
from data.places import village_points
from data.region import Region
from routing.errors import NoWay, TooFarFromRoad
from routing.geo import Point
from routing.matrix import Roads
from scheduler.plan import Route

_SKETCH = "Skizze: wichtigste Straßen"


def chart_of(planned: PlannedDay, route: Route, roads: Roads) -> Chart | None:
    """Draw the way of one shift; nothing if it has none, or its roads have changed since."""
    region, places = planned.region, planned.day.places
    points = [places[stop.place].point for stop in route.stops]
    if not points:
        return None
    try:
        line = [point for ends in pairwise(points) for point in roads.route(*ends)]
    except (NoWay, TooFarFromRoad):
        return None
    number = 0
    stops = []
    for stop, point in zip(route.stops, points, strict=True):
        number += bool(stop.visits)
        stops.append(ChartStop(point, str(number) if stop.visits else ""))
    return draw_chart(
        roads=region.network.roads(),
        line=line or points,
        stops=stops,
        villages=_villages(region),
        source=map_source(region),
    )


def map_source(region: Region) -> str:
    """Say whose map it is; only the networks that are made by hand are no OpenStreetMap."""
    return _SKETCH if region.network.coarse else OPENSTREETMAP


@lru_cache(maxsize=8)
def _villages(region: Region) -> dict[str, Point]:
    """Give the villages with the most houses first."""
    return village_points(region.addresses)
