"""
From a day to the numbers of the optimizer, and from its routes back to stops with times.

The n-th visit, trip, journey and shift of the day is the n-th of the problem.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain

import numpy as np

from routing.units import Seconds
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.model import PlaceId, Shift, TimeWindow, Trip, TripId, Visit, VisitKind
from scheduler.optimizer.solution import RoutePlan, Solution
from scheduler.plan import Cost, Plan, PlannedVisit, Reason, Route, Stop, Unserved
from scheduler.problem import Problem
from scheduler.stability import change_of_bus, changes_of


def make_problem(day: Day) -> Problem:
    """Put *day* into numbers."""
    trips, shifts = day.trips, day.shifts
    visits = [visit for trip in trips for visit in trip.visits]
    number = {trip.id: position for position, trip in enumerate(trips)}
    options = [
        (journey, option) for journey, each in enumerate(day.journeys) for option in each.options
    ]
    rows = [shift.vehicle.configurations for shift in shifts]
    return Problem(
        seconds=day.travel.seconds.astype(np.float64),
        visit_place=_ints([day.index[visit.place] for visit in visits]),
        visit_earliest=_floats([visit.window.earliest for visit in visits]),
        visit_latest=_floats([visit.window.latest for visit in visits]),
        visit_dwell=_floats([visit.dwell for visit in visits]),
        visit_load=_ints([load for trip in trips for load in _loads(trip)]).reshape(-1, 2),
        visit_ride=_floats([ride for trip in trips for ride in (np.inf, *trip.longest_rides)]),
        trip_start=_starts([len(trip.visits) for trip in trips]),
        option_journey=_ints([journey for journey, _ in options]),
        option_start=_starts([len(option) for _, option in options]),
        option_trip=_ints([number[trip] for _, option in options for trip in option]),
        journey_weight=_ints([journey.weight for journey in day.journeys]),
        shift_first_place=_ints([day.index[shift.start_place] for shift in shifts]),
        shift_last_place=_ints([day.index[shift.end_place] for shift in shifts]),
        shift_earliest=_floats([shift.hours.earliest for shift in shifts]),
        shift_latest=_floats([shift.hours.latest for shift in shifts]),
        shift_longest=np.full(len(shifts), np.inf),  # the hours of the shift see to it
        shift_rest=_floats([_rest(shift) for shift in shifts]).reshape(-1, 3),
        configuration_start=_starts([len(places) for places in rows]),
        configuration=_ints(
            [(places.seats, places.wheelchairs) for places in chain.from_iterable(rows)]
        ).reshape(-1, 2),
        shift_takes=np.array(
            [[day.takes(shift, trip) for trip in trips] for shift in shifts], dtype=np.bool_
        ).reshape(len(shifts), len(trips)),
        shift_extra=_floats(
            [[change_of_bus(day, trip, shift.id) for trip in trips] for shift in shifts]
        ).reshape(len(shifts), len(trips)),
    )


def _ints(values: Sequence[object]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def _floats(values: Sequence[object]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


def _starts(sizes: Sequence[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return _ints(list(accumulate(sizes, initial=0)))


def _loads(trip: Trip) -> list[tuple[int, int]]:
    """Seats and wheelchair places are taken at the pickup, kept at vias, freed at the dropoff."""
    taken = trip.load.seats, trip.load.wheelchairs
    freed = -trip.load.seats, -trip.load.wheelchairs
    return [taken, *[(0, 0)] * (len(trip.visits) - 2), freed]


def _rest(shift: Shift) -> tuple[Seconds, Seconds, Seconds]:
    """The break, all of it within the shift."""
    if shift.rest is None:
        return 0, 0, 0
    window, length = shift.rest.window, shift.rest.length
    earliest = max(window.earliest, shift.hours.earliest)
    return earliest, min(window.latest, shift.hours.latest - length), length


def make_plan(day: Day, solution: Solution, *, seed: int = 0) -> Plan:
    """Give the routes of *solution* stops, times and names, and say who is left."""
    visits = [(trip, visit) for trip in day.trips for visit in trip.visits]
    routes = tuple(
        _Writer(day, shift).route(planned, visits)
        for shift, planned in zip(day.shifts, solution.routes, strict=True)
    )
    return assemble(day, routes, seed=seed, solution=solution)


def assemble(
    day: Day, routes: tuple[Route, ...], *, seed: int = 0, solution: Solution | None = None
) -> Plan:
    """Make a plan of *routes*: what it costs, who is left; the bound is that of *solution*."""
    served = {visit.request for route in routes for stop in route.stops for visit in stop.visits}
    left = [journey for journey in day.journeys if journey.request not in served]
    cost = Cost(
        unserved_weight=sum(journey.weight for journey in left),
        driving=sum(route.driving for route in routes),
        changes=changes_of(routes, day),
    )
    bound = Cost(0, 0) if solution is None else _bound(solution)
    # With the least weight proven, nobody fits in beside all who are served.
    full = cost.unserved_weight == bound.unserved_weight
    reason = Reason.NO_ROOM_PROVEN if full else Reason.NO_ROOM_FOUND
    unserved = (*day.refused, *(Unserved(journey.request, reason) for journey in left))
    return Plan(day.date, routes, unserved, cost, bound, seed)


def make_routes(plan: Plan, day: Day) -> tuple[RoutePlan, ...]:
    """
    Put the routes of *plan* into numbers, one for each shift of *day*: the way back of `make_plan`.

    It may be a plan of another day: routes of shifts and visits of trips that *day* does not know
    are left out.
    """
    number: dict[tuple[TripId, int], int] = {}
    for trip in day.trips:
        number |= {(trip.id, which): len(number) + which for which in range(len(trip.visits))}
    routes = {route.shift: route for route in plan.routes}
    return tuple(_route_plan(routes.get(shift.id), number) for shift in day.shifts)


def _route_plan(route: Route | None, number: Mapping[tuple[TripId, int], int]) -> RoutePlan:
    if route is None or not route.stops:
        return RoutePlan()
    seen: Counter[TripId] = Counter()
    visits, begins = [], []
    for visit in (visit for stop in route.stops for visit in stop.visits):
        key = visit.trip, seen[visit.trip]
        seen[visit.trip] += 1
        if key in number:
            visits.append(number[key])
            begins.append(float(visit.begin))
    if not visits:
        return RoutePlan()
    return RoutePlan(
        visits=tuple(visits),
        begins=tuple(begins),
        departure=float(route.stops[0].departure),
        arrival=float(route.stops[-1].arrival),
        rest=None if route.rest is None else float(route.rest.earliest),
    )


def _bound(solution: Solution) -> Cost:
    """
    The proven bound in whole seconds: what costs less than the next whole one is impossible.

    A bound above the cost is nothing to be smoothed over here: the checker would find it.
    """
    return Cost(solution.bound_weight, max(0, int(np.ceil(solution.bound_cost - 1e-6))))


@dataclass
class _Halt:
    """A stop that is being written."""

    place: PlaceId
    arrival: Clock
    departure: Clock
    visits: list[PlannedVisit] = field(default_factory=list)
    aboard: list[TripId] = field(default_factory=list)


class _Writer:
    """Writes the stops of one shift: the bus drives on at once, unless the break is due there."""

    def __init__(self, day: Day, shift: Shift) -> None:
        self.day, self.shift = day, shift
        self.halts: list[_Halt] = []
        self.rest: TimeWindow | None = None

    def route(self, planned: RoutePlan, visits: Sequence[tuple[Trip, Visit]]) -> Route:
        """Bring *planned* into stops; without visits the bus stays where it is."""
        shift = self.shift
        if not planned.visits:
            return Route(shift.id, shift.vehicle.id, shift.driver)
        rest = self.rest = self.taken(planned)
        self.leave(round(planned.departure))
        for which, begin in zip(planned.visits, planned.begins, strict=True):
            trip, visit = visits[which]
            self.drive(visit.place, before=round(begin))
            self.serve(trip, visit, round(begin))
        self.come_back()
        return Route(shift.id, shift.vehicle.id, shift.driver, self.stops(), rest)

    def taken(self, planned: RoutePlan) -> TimeWindow | None:
        if planned.rest is None or self.shift.rest is None:
            return None
        begin = round(planned.rest)
        return TimeWindow(begin, begin + self.shift.rest.length)

    def leave(self, departure: Clock) -> None:
        """Leave the depot, after the break if it is that early."""
        halt = _Halt(self.shift.start_place, departure, departure)
        if self.rest is not None and self.rest.latest <= departure:
            halt.arrival, self.rest = self.rest.earliest, None
        self.halts.append(halt)

    def drive(self, place: PlaceId, *, before: Clock) -> None:
        """Go where service begins at *before*, with the break upon arrival if it is due."""
        here = self.halts[-1]
        way = self.day.seconds(here.place, place)
        if self.rest is not None and not here.aboard and self.rest.latest <= before:
            self.rest = None
        if here.place != place or here.departure < before or not here.visits:
            arrival = here.departure + way
            self.halts.append(_Halt(place, arrival, arrival, aboard=list(here.aboard)))

    def serve(self, trip: Trip, visit: Visit, begin: Clock) -> None:
        halt, end = self.halts[-1], begin + visit.dwell
        halt.visits.append(PlannedVisit(trip.id, trip.request, visit.kind, begin, end))
        halt.departure = end
        if visit.kind is VisitKind.PICKUP:
            halt.aboard.append(trip.id)
        elif visit.kind is VisitKind.DROPOFF:
            halt.aboard.remove(trip.id)

    def come_back(self) -> None:
        """Drive to the depot, with the break upon arrival if it is still due."""
        here, place = self.halts[-1], self.shift.end_place
        way = self.day.seconds(here.place, place)
        arrival = here.departure + way
        departure = arrival if self.rest is None else self.rest.latest
        self.halts.append(_Halt(place, arrival, departure))

    def stops(self) -> tuple[Stop, ...]:
        """Freeze what was written."""
        places = [self.halts[0].place, *(halt.place for halt in self.halts)]
        return tuple(
            Stop(
                place=halt.place,
                arrival=halt.arrival,
                departure=halt.departure,
                metres=self.day.metres(before, halt.place),
                visits=tuple(halt.visits),
                aboard=tuple(halt.aboard),
            )
            for before, halt in zip(places, self.halts, strict=False)
        )
