"""How the plan of a day under way goes on: its routes, from where the buses are."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from scheduler.check_route import check_route
from scheduler.day import Day
from scheduler.formulate import make_plan, make_problem
from scheduler.model import Shift, ShiftId, TripId
from scheduler.optimizer.offering import Offering
from scheduler.optimizer.solution import RoutePlan, Solution
from scheduler.plan import Route
from scheduler.under_way import UnderWay

# Visits of each shift in order: (trip, which of its visits).
Orders: TypeAlias = Mapping[ShiftId, Sequence[tuple[TripId, int]]]


def orders_of(day: Day, routes: Iterable[RoutePlan]) -> Orders:
    """Name the visits of *routes*, one for each shift of *day*."""
    calls = [(trip.id, which) for trip in day.trips for which in range(len(trip.visits))]
    return {
        shift.id: tuple(calls[visit] for visit in route.visits)
        for shift, route in zip(day.shifts, routes, strict=True)
    }


def in_order(day: Day, orders: Orders) -> tuple[RoutePlan, ...]:
    """Turn *orders* into routes without times, as a start; visits that *day* lacks are left out."""
    first = first_visits(day)
    return tuple(
        RoutePlan(
            tuple(first[trip] + which for trip, which in orders.get(shift.id, ()) if trip in first)
        )
        for shift in day.shifts
    )


def first_visits(day: Day) -> dict[TripId, int]:
    """Count the visits of all trips through: the number of the first one of each."""
    sizes = [len(trip.visits) for trip in day.trips]
    starts = accumulate(sizes, initial=0)
    return {trip.id: start for trip, start in zip(day.trips, starts, strict=False)}


def continued(under_way: UnderWay, day: Day | None = None) -> tuple[RoutePlan, ...]:
    """
    Give what is left of each route of the plan, as routes of the problem of *day*.

    That is the rest of the day, or one with the same trips and more. Times are those of the plan;
    they may not be possible any more (`retimed`). Visits of trips that *day* does not know are
    left out.
    """
    day = under_way.rest if day is None else day
    first = first_visits(day)
    routes = {route.shift: route for route in under_way.plan.routes}
    return tuple(_rest(under_way, routes[shift.id], shift, first) for shift in day.shifts)


def _rest(under_way: UnderWay, route: Route, shift: Shift, first: dict[str, int]) -> RoutePlan:
    bus = under_way.buses[shift.id]
    visits, begins = [], []
    # Where the bus is, and who is in it.
    for trip, carrier in under_way.rest.bound_to.items():
        # Also who has been in it for too long already: none is said to carry them.
        if under_way.aboard.get(trip, carrier) == shift.id and trip in first:
            stays = trip not in under_way.aboard
            visits += [first[trip], first[trip] + 1] if stays else [first[trip]]
            begins += [float(bus.ready)] * (2 if stays else 1)
    seen: dict[str, int] = {}
    for visit in (visit for stop in route.stops for visit in stop.visits):
        which = seen[visit.trip] = seen.get(visit.trip, -1) + 1
        made = under_way.made.get(visit.trip, 0)
        if which >= made and visit.trip in first:
            # Whoever is in the bus boards it once more.
            visits.append(first[visit.trip] + which - max(0, made - 1))
            begins.append(float(visit.begin))
    if not visits:
        return RoutePlan()
    rest = None
    if shift.rest is not None and route.rest is not None:
        rest = float(route.rest.earliest)
    leaves = bus.ready if bus.stops else max(bus.ready, route.stops[0].departure)
    return RoutePlan(
        visits=tuple(visits),
        begins=tuple(begins),
        departure=float(leaves),
        arrival=float(route.stops[-1].arrival),
        rest=rest,
    )


def retimed(day: Day, routes: tuple[RoutePlan, ...]) -> tuple[RoutePlan, ...] | None:
    """
    Give new times to those of *routes* that cannot keep theirs on *day*.

    ``None`` if one of them cannot be driven at any time.
    """
    written = make_plan(day, Solution(routes, 0, 0.0, 0, 0.0, proven=False))
    wrong = {
        number
        for number, (route, shift) in enumerate(zip(written.routes, day.shifts, strict=True))
        if check_route(route, shift, day)
    }
    if not wrong:
        return routes
    offering = Offering(make_problem(day), routes, journey=-1)
    try:
        return tuple(
            offering.scheduled(number, route.visits) if number in wrong else route
            for number, route in enumerate(routes)
        )
    except ValueError:
        return None
