"""The way of one shift along the roads: the small map of a sheet, and a file to navigate by."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from api.operations.days import PlannedDay
from api.operations.office import Office
from api.sheets.chart import Chart, ChartStop, draw_chart
from api.sheets.gpx import TrackStop, write_gpx
from api.sheets.wording import DRAFT, OPENSTREETMAP, edition, short_date
from data.moments import moment
from data.places import village_points
from data.region import Region
from routing.errors import NoWay, TooFarFromRoad
from routing.geo import Point, great_circle
from routing.matrix import Roads
from scheduler.plan import Route, Stop

_SKETCH = "Skizze: wichtigste Straßen"


def chart_of(planned: PlannedDay, route: Route, roads: Roads) -> Chart | None:
    """Draw the way of one shift; nothing if it has none, or its roads have changed since."""
    line = _line(planned, route, roads)
    if line is None:
        return None
    places, villages = planned.day.places, _villages(planned.region)
    known = {
        **{name: place.address.village for name, place in planned.region.places.items()},
        **{name: home.village for name, home in planned.input.homes.items()},
    }

    def village(stop: Stop) -> str:
        here = known.get(stop.place, "")
        return here if here in villages else _nearest(places[stop.place].point, villages)

    return draw_chart(
        roads=planned.region.network.roads(),
        line=line,
        stops=[
            ChartStop(
                places[stop.place].point, "" if number is None else str(number), village(stop)
            )
            for at, (number, stop) in enumerate(route.numbered())
            # Where the bus only passes is no depot, and needs no mark on its way.
            if number is not None or at in {0, len(route.halts) - 1}
        ],
        villages=villages,
        source=map_source(planned.region),
    )


def track_of(office: Office, planned: PlannedDay, route: Route) -> bytes:
    """Write the way of one shift as GPX; of a passenger it has no more than where to stop."""
    region = planned.region
    line = _line(planned, route, office.roads(region)) or []
    return write_gpx(
        f"{region.shift_label(route.shift)} {short_date(planned.plan.date)}, {_edition(planned)}",
        [
            TrackStop(
                _stop_name(planned, number, stop),
                planned.day.places[stop.place].point,
                moment(planned.plan.date, stop.arrival, office.zone(region)),
            )
            for number, stop in route.numbered()
        ],
        line,
        source=map_source(region),
        made=office.now(),
    )


def _edition(planned: PlannedDay) -> str:
    """Say by which plan it is, as sheets do."""
    version = DRAFT if planned.version is None else str(planned.version)
    return edition(version, published=planned.published is not None)


def map_source(region: Region) -> str:
    """Say whose map it is; only the networks that are made by hand are no OpenStreetMap."""
    return _SKETCH if region.network.coarse else OPENSTREETMAP


def _line(planned: PlannedDay, route: Route, roads: Roads) -> list[Point] | None:
    points = [planned.day.places[stop.place].point for stop in route.stops]
    try:
        line = [point for ends in pairwise(points) for point in roads.route(*ends)]
    except (NoWay, TooFarFromRoad):
        return None
    return line or points or None


def _stop_name(planned: PlannedDay, number: int | None, stop: Stop) -> str:
    """Call a halt by its number; a place that everybody knows by its name, too."""
    known = planned.region.places.get(stop.place)
    words = [f"Halt {number}"] if number is not None else []
    return ": ".join([*words, known.name] if known else words) or "Zwischenziel"


@lru_cache(maxsize=8)
def _villages(region: Region) -> dict[str, Point]:
    """Give the villages with the most houses first."""
    return village_points(region.addresses)


def _nearest(point: Point, villages: Mapping[str, Point]) -> str:
    """Find the village whose middle is nearest; "" if the region has none."""
    return min(villages, key=lambda name: great_circle(point, villages[name]), default="")
