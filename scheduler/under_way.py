"""
A day that has begun: what has happened is fixed, the rest is a day of its own.

At a moment each bus stands at a stop or is on its way to the next one, and some people are in it.
From there its shift begins anew; who is in it is a trip that is picked up there and then, and that
no other bus can carry. A plan of the rest, put behind what has happened, is a plan of the day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from routing.units import Seconds
from scheduler.buses import Bus, where_is
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.formulate import assemble
from scheduler.model import (
    Journey,
    Load,
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
from scheduler.plan import Cost, Plan, PlannedVisit, Route, Stop

# Whoever is in a bus, or waits at the doctor's because of it, weighs so much more than all others.
ABOARD = 1_000
# No shift: who is in the bus for too long already cannot be brought in time by any.
NOBODY: ShiftId = ""


@dataclass(frozen=True, eq=False)
class UnderWay:
    """
    A day at a moment.

    Parameters
    ----------
    whole
        The day from its beginning.
    plan
        What was planned for it.
    buses
        Where each bus is.
    now
        The moment.
    """

    whole: Day
    plan: Plan
    buses: Mapping[ShiftId, Bus]
    now: Clock

    @cached_property
    def made(self) -> Mapping[TripId, int]:
        """The trips that have begun: how many of their visits are done."""
        return Counter(visit.trip for bus in self.buses.values() for visit in bus.done)

    @cached_property
    def aboard(self) -> Mapping[TripId, ShiftId]:
        """The trips that have begun and are not over, with the bus that they are in."""
        return {
            visit.trip: shift
            for shift, bus in self.buses.items()
            for visit in bus.done
            if self.made[visit.trip] < len(self.whole.trip(visit.trip).visits)
        }

    def over(self, trip: TripId) -> Clock:
        """When *trip* is over, at the latest."""
        last = self.whole.trip(trip).visits[-1]
        ends = [
            visit.end
            for bus in self.buses.values()
            for visit in bus.done
            if visit.trip == trip and visit.kind is VisitKind.DROPOFF
        ]
        return ends[0] if ends else last.window.latest + last.dwell

    def open_options(self, journey: Journey) -> tuple[tuple[TripId, ...], ...]:
        """The ways in which *journey* can still be made: one that has begun keeps its own."""
        begun = {trip for option in journey.options for trip in option if trip in self.made}
        if not begun:
            return journey.options
        fitting = [option for option in journey.options if begun <= set(option)]
        chosen = {visit.trip for visit in self.plan.visits if visit.request == journey.request}
        planned = [option for option in fitting if set(option) == chosen]
        return tuple((planned or fitting)[:1])

    @cached_property
    def rest(self) -> Day:
        """
        What is still to be planned.

        Its trips have the ids of those of *whole*, without the visits that are done; a bus that
        has left begins with a trip from where it is to where it is, so that its way home counts.
        """
        return _rest(self)

    def rest_of(self, trip: Trip) -> Trip | None:
        """
        What is left of *trip*, one of the whole day, perhaps with other windows and rides.

        Whoever is in a bus boards where it is, at once. ``None`` if they are in it for too long.
        """
        if trip.id not in self.made:
            return trip
        bus = self.buses[self.aboard[trip.id]]
        left = len(trip.visits) - self.made[trip.id]
        last = [visit.end for visit in bus.done if visit.trip == trip.id][-1]
        longest = trip.longest_rides[-left] - (bus.ready - last)
        return _aboard(trip, left, bus, longest) if longest >= 0 else None

    def join(self, plan: Plan) -> Plan:
        """
        Put *plan*, one of the rest, behind what has happened: a plan of the whole day.

        Its bound is one for all plans of the day that have this past.
        """
        routes = tuple(self._joined(route) for route in plan.routes)
        whole = assemble(self.whole, routes, seed=plan.seed)
        if plan.cost.unserved_weight > plan.bound.unserved_weight:
            return whole
        before = whole.cost.seconds - plan.cost.seconds
        bound = Cost(whole.cost.unserved_weight, before + plan.bound.seconds)
        return replace(whole, bound=bound)

    def _joined(self, later: Route) -> Route:
        bus = self.buses[later.shift]
        if not bus.stops and (bus.rested is None or not later.stops):
            return later
        if not bus.stops and bus.rested is not None:
            # It stood in the depot for its break before it left.
            start = replace(later.stops[0], arrival=bus.rested.earliest)
            return replace(later, stops=(start, *later.stops[1:]), rest=bus.rested)
        if not later.stops:
            return replace(later, stops=bus.stops, rest=bus.rested)
        stops = list(bus.stops)
        for stop in later.stops:
            visits = tuple(visit for visit in stop.visits if not self._is_stand_in(visit))
            here = stops[-1]
            still = len(stops) == len(bus.stops) and stop.place == bus.place
            if still and (not visits or not here.visits):
                # Still where the bus was: it leaves when all is done there.
                stops[-1] = replace(here, departure=stop.departure, visits=(*here.visits, *visits))
            else:
                stops.append(replace(stop, visits=visits))
        return replace(later, stops=tuple(_with_aboard(stops)), rest=bus.rested or later.rest)

    def _is_stand_in(self, visit: PlannedVisit) -> bool:
        """Whether it only says where a bus is, or who is in it."""
        if visit.trip not in self.rest.bound_to:
            return False
        return visit.kind is VisitKind.PICKUP or visit.request not in self._requests

    @cached_property
    def _requests(self) -> set[RequestId]:
        return {trip.request for trip in self.whole.trips}


def freeze(day: Day, plan: Plan, now: Clock) -> UnderWay:
    """
    See where the buses of *plan* are at *now*, and what is left to do.

    Visits that have begun are done. A bus on its way goes on to its next stop, whatever becomes
    of those who wait there. Journeys that have begun keep the option that was chosen for them.
    """
    routes = {route.shift: route for route in plan.routes}
    buses = {
        shift.id: where_is(shift, routes[shift.id], now, held_up=day.held_up.get(shift.id, now))
        for shift in day.shifts
    }
    return UnderWay(day, plan, buses, now)


def _rest(under_way: UnderWay) -> Day:
    """What is left of the whole day."""
    day, buses = under_way.whole, under_way.buses
    trips: dict[TripId, Trip] = {}
    bound: dict[TripId, ShiftId] = {}
    for trip in day.trips:
        if trip.id not in under_way.made or trip.id in under_way.aboard:
            rest = under_way.rest_of(trip)
            if trip.id in under_way.aboard:
                bound[trip.id] = under_way.aboard[trip.id] if rest else NOBODY
            trips[trip.id] = rest or trip
    journeys = list(_journeys(under_way, trips))
    heavy = ABOARD * (1 + sum(journey.weight for journey in day.journeys))
    for shift, bus in buses.items():
        if bus.stops and not bus.home:
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
        # Where people in a bus board it once more, there is nothing to be known.
        planned_begins={
            trip: begins[under_way.made.get(trip, 0) :]
            for trip, begins in day.planned_begins.items()
        },
    )


def _aboard(trip: Trip, left: int, bus: Bus, longest: Seconds) -> Trip:
    """The rest of a trip whose passengers are in the bus: they board where it is, at once."""
    here = TimeWindow(bus.ready, bus.ready)
    there = Visit(VisitKind.PICKUP, bus.place, here, 0)
    _, *others = trip.longest_rides[-left:]
    return replace(trip, visits=(there, *trip.visits[-left:]), longest_rides=(longest, *others))


def _stand_in(shift: ShiftId, bus: Bus) -> Trip:
    """Nobody's trip, from where the bus is to where it is."""
    here = TimeWindow(bus.ready, bus.ready)
    visits = (
        Visit(VisitKind.PICKUP, bus.place, here, 0),
        Visit(VisitKind.DROPOFF, bus.place, here, 0),
    )
    name = f"bus/{shift}"
    return Trip(name, name, TripKind.OUTBOUND, visits, (0,), Load())


def _journeys(under_way: UnderWay, left: Mapping[TripId, Trip]) -> Iterator[Journey]:
    """The rest of each journey that is not over; who has set out weighs more than all who wait."""
    journeys, made = under_way.whole.journeys, under_way.made
    heavy = ABOARD * (1 + sum(journey.weight for journey in journeys))
    for journey in journeys:
        if not any(trip in made for option in journey.options for trip in option):
            yield journey
            continue
        (option,) = under_way.open_options(journey)
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


def _with_aboard(stops: Iterable[Stop]) -> Iterator[Stop]:
    """Say anew at each stop who is in the bus when it drives on."""
    aboard: list[TripId] = []
    for stop in stops:
        for visit in stop.visits:
            if visit.kind is VisitKind.PICKUP:
                aboard.append(visit.trip)
            elif visit.kind is VisitKind.DROPOFF:
                aboard.remove(visit.trip)
        yield replace(stop, aboard=tuple(aboard))
