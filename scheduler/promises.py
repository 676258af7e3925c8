"""
What passengers were told, and how every later plan keeps it.

A promise is the way in which a request will be served: its trips, their windows narrowed to what
was said on the telephone. On a later day it is the only way left to serve that request, and
weighs more than all requests together to whom nothing was promised.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.units import HOUR, MINUTE, Seconds
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.model import (
    Journey,
    Place,
    PlaceId,
    RequestId,
    TimeWindow,
    Trip,
    TripId,
    VisitKind,
)
from scheduler.plan import Plan, PlannedVisit

# Windows are told in steps of so many minutes: nobody says "between 8:27 and 8:57".
STEP: Seconds = 5 * MINUTE
# Nobody is told that the bus comes later than promised by more than that: then it does not come.
LATEST: Seconds = 2 * HOUR


@dataclass(frozen=True)
class Promise:
    """
    How one request will be served, as its passenger was told.

    *trips* are all trips of one option of its journey; each may be planned anywhere within its
    windows. *weight* is what the journey weighed when the promise was given.
    """

    request: RequestId
    trips: tuple[Trip, ...]
    weight: int

    def __post_init__(self) -> None:
        if not self.trips or any(trip.request != self.request for trip in self.trips):
            msg = f"The promise of request {self.request} needs trips, all of that request."
            raise ValueError(msg)
        if self.weight <= 0:
            msg = f"The promise of request {self.request} has the weight {self.weight}, not > 0."
            raise ValueError(msg)


def told(window: TimeWindow) -> TimeWindow:
    """Widen *window* to whole steps: what is said of it, and stays true."""
    return TimeWindow(window.earliest // STEP * STEP, -(-window.latest // STEP) * STEP)


def promised_window(window: TimeWindow, begin: Clock, width: Seconds) -> TimeWindow:
    """
    Choose the part of *window*, at most *width* long, that is promised for a visit at *begin*.

    About the middle of it is *begin*, so that the plan can move either way; in whole steps where
    *window* leaves room for that.
    """
    if window.latest - window.earliest <= width:
        return window
    first = (begin - width // 2 + STEP // 2) // STEP * STEP
    first = max(window.earliest, min(first, window.latest - width))
    first = max(begin - width, min(first, begin))
    return TimeWindow(first, first + width)


def make_promise(
    request: RequestId,
    trips: Iterable[Trip],
    planned: Mapping[TripId, Sequence[PlannedVisit]],
    *,
    weight: int,
    width: Seconds,
) -> Promise:
    """
    Promise a request what is planned for it: to be picked up within *width* around that.

    *planned* has the visits of each of *trips* in order.
    """
    narrowed = []
    for trip in trips:
        pickup, *others = trip.visits
        window = promised_window(pickup.window, planned[trip.id][0].begin, width)
        narrowed.append(replace(trip, visits=(replace(pickup, window=window), *others)))
    return Promise(request, tuple(narrowed), weight)


def promise_plan(
    plan: Plan, day: Day, *, width: Seconds, but: Container[RequestId] = ()
) -> tuple[Promise, ...]:
    """Promise everybody whom *plan* serves, *but* some, what it has planned for them."""
    planned: dict[TripId, list[PlannedVisit]] = {}
    by_request: dict[RequestId, dict[TripId, None]] = {}
    for visit in plan.visits:
        if visit.request not in but:
            planned.setdefault(visit.trip, []).append(visit)
            by_request.setdefault(visit.request, {})[visit.trip] = None
    weights = {journey.request: journey.weight for journey in day.journeys}
    return tuple(
        make_promise(
            request,
            [day.trip(trip) for trip in trips],
            planned,
            weight=weights[request],
            width=width,
        )
        for request, trips in by_request.items()
    )


def hold_to(day: Day, promises: Iterable[Promise], places: Mapping[PlaceId, Place]) -> Day:
    """
    Let *day* know what was promised.

    Each promise is the only way to serve its request, whatever the policy says by now, and one
    promise broken costs more than everybody else left at home; among promises, the weights
    decide. *places* holds every place that a promise names; the roads of *day* have to, too.
    """
    kept = {promise.request: promise for promise in promises}
    others = tuple(journey for journey in day.journeys if journey.request not in kept)
    named = {visit.place for each in kept.values() for trip in each.trips for visit in trip.visits}
    above = 1 + sum(journey.weight for journey in others)
    return replace(
        day,
        journeys=(
            *(
                Journey(p.request, (tuple(trip.id for trip in p.trips),), p.weight * above)
                for p in kept.values()
            ),
            *others,
        ),
        places={**day.places, **{name: places[name] for name in sorted(named)}},
        trips=(
            *(trip for promise in kept.values() for trip in promise.trips),
            *(trip for trip in day.trips if trip.request not in kept),
        ),
        refused=tuple(each for each in day.refused if each.request not in kept),
    )


def from_now_on(day: Day, earliest: Clock) -> Day:
    """
    Leave of *day* what can still be done: nobody is picked up before *earliest*.

    Journeys to which no way is left are gone.
    """
    trips: dict[TripId, Trip] = {}
    for trip in day.trips:
        pickup, *others = trip.visits
        if earliest <= pickup.window.latest:
            window = TimeWindow(max(earliest, pickup.window.earliest), pickup.window.latest)
            visits = (replace(pickup, window=window), *others)
            trips[trip.id] = replace(trip, visits=visits)
    journeys = []
    for journey in day.journeys:
        options = tuple(option for option in journey.options if trips.keys() >= set(option))
        if options:
            journeys.append(replace(journey, options=options))
    used = {name for journey in journeys for option in journey.options for name in option}
    return replace(
        day,
        journeys=tuple(journeys),
        trips=tuple(trip for name, trip in trips.items() if name in used),
    )


def pickups(promise: Promise) -> list[TimeWindow]:
    """What to tell the passenger: for each trip, between when and when the bus comes."""
    return [
        told(visit.window)
        for trip in promise.trips
        for visit in trip.visits
        if visit.kind is VisitKind.PICKUP
    ]
