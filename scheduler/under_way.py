"""
A day that has begun: what has happened is fixed, the rest is a day of its own.

At a moment each bus stands at a stop or is on its way to the next one, and some people are in it.
From there its shift begins anew; who is in it is a trip that is picked up there and then, and that
no other bus can carry. A plan of the rest, put behind what has happened, is a plan of the day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.model import (
    Journey,
    Load,
    PlaceId,
    RequestId,
    Shift,
    ShiftId,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    Visit,
    VisitKind,
)
from scheduler.optimizer.solution import RoutePlan
from scheduler.plan import Plan, PlannedVisit, Route

# Whoever is in a bus, or waits at the doctor's because of it, weighs so much more than all others.
ABOARD = 1_000


@dataclass(frozen=True)
class Bus:
    """
    One bus at a moment.

    It can go on from *place* at *ready*. *done* are the visits begun until then; *departure* is
    when it left the depot and *rested* when it took its break, each ``None`` if it has not.
    """

    place: PlaceId
    ready: Clock
    done: tuple[PlannedVisit, ...] = ()
    departure: Clock | None = None
    rested: TimeWindow | None = None


@dataclass(frozen=True, eq=False)
class UnderWay:
    """
    A day at a moment.

    Parameters
    ----------
    whole
        The day from its beginning.
    rest
        What is still to be planned. Its trips have the ids of those of *whole*, without the
        visits that are done; a bus that has left begins with a trip from where it is to where it
        is, so that its way home counts.
    buses
        Where each bus is.
    """

    whole: Day
    rest: Day
    buses: Mapping[ShiftId, Bus]

    def join(self, plan: Plan) -> tuple[RoutePlan, ...]:
        """Put the routes of *plan*, one of the rest, behind what has happened."""
        later = {route.shift: route for route in plan.routes}
        return tuple(
            self._joined(self.buses[shift.id], later[shift.id]) for shift in self.whole.shifts
        )

    def _joined(self, bus: Bus, later: Route) -> RoutePlan:
        to_come = (visit for stop in later.stops for visit in stop.visits)
        visits = [*bus.done, *(visit for visit in to_come if not self._is_stand_in(visit))]
        if not visits:
            return RoutePlan()
        rest = bus.rested or later.rest
        departure = later.stops[0].departure if bus.departure is None else bus.departure
        return RoutePlan(
            visits=tuple(_numbered(self.whole, visits)),
            begins=tuple(float(visit.begin) for visit in visits),
            departure=float(departure),
            arrival=float(later.stops[-1].arrival) if later.stops else float(bus.ready),
            rest=None if rest is None else float(rest.earliest),
        )

    def _is_stand_in(self, visit: PlannedVisit) -> bool:
        """Whether it only says where a bus is, or who is in it."""
        if visit.trip not in self.rest.bound_to:
            return False
        return visit.kind is VisitKind.PICKUP or visit.request not in self._requests

    @property
    def _requests(self) -> set[RequestId]:
        return {trip.request for trip in self.whole.trips}


def freeze(day: Day, plan: Plan, now: Clock) -> UnderWay:
    """
    See where the buses of *plan* are at *now*, and what is left to do.

    Visits that have begun are done. A bus on its way goes on to its next stop, whatever becomes
    of those who wait there. Journeys that have begun keep the option that was chosen for them.
    """
    routes = {route.shift: route for route in plan.routes}
    buses = {shift.id: _bus(shift, routes[shift.id], now) for shift in day.shifts}
    return UnderWay(day, _rest(day, plan, buses), buses)


def _bus(shift: Shift, route: Route, now: Clock) -> Bus:
    if not route.stops or route.stops[0].departure > now:
        rested = route.rest if route.rest is not None and route.rest.earliest <= now else None
        ready = max(shift.hours.earliest, now, rested.latest if rested else 0)
        return Bus(shift.start_place, ready, rested=rested)
    done = tuple(visit for stop in route.stops for visit in stop.visits if visit.begin <= now)
    # The last stop that it has reached, or the one that it is on its way to.
    at = max(which for which, stop in enumerate(route.stops) if stop.arrival <= now)
    if route.stops[at].departure <= now and at + 1 < len(route.stops):
        at += 1
    stop = route.stops[at]
    ready = max([now, stop.arrival, *(visit.end for visit in done)])
    rested = None
    if route.rest is not None and route.rest.earliest <= now:
        rested = route.rest
        ready = max(ready, rested.latest)
    return Bus(stop.place, ready, done, route.stops[0].departure, rested)


def _rest(day: Day, plan: Plan, buses: Mapping[ShiftId, Bus]) -> Day:
    """What is left of *day*."""
    made = Counter(visit.trip for bus in buses.values() for visit in bus.done)
    last = {visit.trip: visit.end for bus in buses.values() for visit in bus.done}
    carrier = {visit.trip: shift for shift, bus in buses.items() for visit in bus.done}
    trips: dict[TripId, Trip] = {}
    bound: dict[TripId, ShiftId] = {}
    for trip in day.trips:
        left = len(trip.visits) - made[trip.id]
        if left == len(trip.visits):
            trips[trip.id] = trip
        elif left:
            bus = buses[carrier[trip.id]]
            trips[trip.id] = _aboard(trip, left, bus, last[trip.id])
            bound[trip.id] = carrier[trip.id]
    journeys = list(_journeys(day, plan, made, trips))
    heavy = ABOARD * (1 + sum(journey.weight for journey in day.journeys))
    for shift, bus in buses.items():
        if bus.departure is not None:
            trip = _stand_in(shift, bus)
            trips[trip.id], bound[trip.id] = trip, shift
            journeys.append(Journey(trip.request, ((trip.id,),), heavy))
    used = {trip for journey in journeys for option in journey.options for trip in option}
    return replace(
        day,
        journeys=tuple(journeys),
        trips=tuple(trip for name, trip in trips.items() if name in used),
        shifts=tuple(_shift(shift, buses[shift.id]) for shift in day.shifts),
        bound_to=bound,
    )


def _aboard(trip: Trip, left: int, bus: Bus, since: Clock) -> Trip:
    """The rest of a trip whose passengers are in the bus: they board where it is, at once."""
    here = TimeWindow(bus.ready, bus.ready)
    there = Visit(VisitKind.PICKUP, bus.place, here, 0)
    first, *others = trip.longest_rides[-left:]
    return replace(
        trip,
        visits=(there, *trip.visits[-left:]),
        longest_rides=(first - (bus.ready - since), *others),
    )


def _stand_in(shift: ShiftId, bus: Bus) -> Trip:
    """Nobody's trip, from where the bus is to where it is."""
    here = TimeWindow(bus.ready, bus.ready)
    visits = (
        Visit(VisitKind.PICKUP, bus.place, here, 0),
        Visit(VisitKind.DROPOFF, bus.place, here, 0),
    )
    name = f"bus/{shift}"
    return Trip(name, name, TripKind.OUTBOUND, visits, (0,), Load())


def _journeys(
    day: Day, plan: Plan, made: Mapping[TripId, int], left: Mapping[TripId, Trip]
) -> Iterator[Journey]:
    """The rest of each journey that is not over; who has set out weighs more than all who wait."""
    heavy = ABOARD * (1 + sum(journey.weight for journey in day.journeys))
    chosen: dict[RequestId, set[TripId]] = {}
    for visit in plan.visits:
        chosen.setdefault(visit.request, set()).add(visit.trip)
    for journey in day.journeys:
        begun = any(made[trip] for option in journey.options for trip in option)
        if not begun:
            yield journey
            continue
        (option,) = (o for o in journey.options if set(o) == chosen[journey.request])
        to_come = tuple(trip for trip in option if trip in left)
        if to_come:
            yield Journey(journey.request, (to_come,), heavy * journey.weight)


def _shift(shift: Shift, bus: Bus) -> Shift:
    """The rest of a shift: from where the bus is, with the break if it is still to be taken."""
    rest = None if bus.rested else shift.rest
    if rest is not None:
        window = TimeWindow(
            max(rest.window.earliest, bus.ready), max(rest.window.latest, bus.ready)
        )
        rest = replace(rest, window=window)
    hours = TimeWindow(bus.ready, max(bus.ready, shift.hours.latest))
    return replace(shift, start_place=bus.place, hours=hours, rest=rest)


def _numbered(day: Day, visits: Iterable[PlannedVisit]) -> Iterator[int]:
    """The number of each visit in *day*; those of one trip come in their order."""
    first: dict[TripId, int] = {}
    count = 0
    for trip in day.trips:
        first[trip.id], count = count, count + len(trip.visits)
    seen: Counter[TripId] = Counter()
    for visit in visits:
        yield first[visit.trip] + seen[visit.trip]
        seen[visit.trip] += 1
