"""The tours of a planned day as lines along the roads."""

from itertools import pairwise

from api.operations.days import PlannedDay
from api.web.map import MapRoute, MapStop
from routing.geo import Point
from routing.matrix import Roads
from scheduler.clock import hh_mm
from scheduler.plan import Route, Stop


def map_routes(planned: PlannedDay, roads: Roads) -> list[MapRoute]:
    """Draw every shift that drives, in the order of the plan."""
    return [_route(planned, roads, route) for route in planned.plan.routes]


def _route(planned: PlannedDay, roads: Roads, route: Route) -> MapRoute:
    places = planned.day.places
    points = [places[stop.place].point for stop in route.stops]
    line: list[Point] = []
    for here, there in pairwise(points):
        line += roads.route(here, there)
    labels = planned.input.labels(planned.region)
    stops = [
        MapStop(
            places[stop.place].point,
            "" if number is None else str(number),
            labels[stop.place].name,
            _time(stop),
            tuple(dict.fromkeys(visit.request for visit in stop.visits)),
        )
        for number, stop in route.numbered()
    ]
    return MapRoute(planned.region.shift_label(route.shift), tuple(line), tuple(stops))


def _time(stop: Stop) -> str:
    if hh_mm(stop.arrival) == hh_mm(stop.departure):
        return f"{hh_mm(stop.arrival)} Uhr"
    return f"{hh_mm(stop.arrival)} bis {hh_mm(stop.departure)} Uhr"
