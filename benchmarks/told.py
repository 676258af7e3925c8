"""
What passengers were told on a day, and whether a plan does it: without a look at how it was made.

The windows of each visit as they were promised, and what was said since: who is late by how much,
who is given up, who rang. A plan is held to that list and to nothing else; that buses drive as
roads and seats allow is the business of `scheduler.check`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from routing.units import Seconds
from scheduler.clock import Clock, hh_mm_ss
from scheduler.events import Cancelled, NoShow, OutOfService, Ready
from scheduler.model import RequestId, TimeWindow, Trip, TripId, TripKind, VisitKind
from scheduler.plan import Plan, PlannedVisit
from scheduler.promises import Promise
from scheduler.replan import Replanned


@dataclass
class Told:
    """
    The list: the trips of each request in order, as they were told last.

    *free* are requests whose rest is not owed any more: they were given up, cancelled or did not
    come. *rescued* are trips that somebody had to get out of on the way, with the place.
    """

    trips: dict[RequestId, list[Trip]] = field(default_factory=dict)
    free: set[RequestId] = field(default_factory=set)
    rescued: set[TripId] = field(default_factory=set)

    def promise(self, promise: Promise) -> None:
        """Somebody was promised a ride."""
        self.trips[promise.request] = list(promise.trips)

    def happened(self, event: object, plan: Plan, now: Clock) -> None:
        """Something happened while *plan* was driven."""
        done = {visit.trip for visit in plan.visits if visit.begin <= now}
        match event:
            case Cancelled(request, way_back_only):
                self.trips[request] = [
                    trip
                    for trip in self.trips[request]
                    if trip.id in done or (way_back_only and trip.kind is TripKind.OUTBOUND)
                ]
            case NoShow(request):
                over = {v.trip for v in plan.visits if v.begin <= now and _ends(v)}
                self.trips[request] = [t for t in self.trips[request] if t.id in over]
            case Ready():
                self._ready(event, plan, done)
            case OutOfService(shift):
                inside, arrived = _aboard(plan, shift, now), _arriving(plan, shift, now)
                self.rescued |= inside - arrived
                for request, trips in self.trips.items():
                    soon = [_soon(trip) if trip.id in arrived else trip for trip in trips]
                    self.trips[request] = [t for trip in soon for t in _cut(trip, inside - arrived)]

    def announced(self, result: Replanned) -> None:
        """Some were told that they are late, or not fetched at all."""
        for request, late in result.late.items():
            self.trips[request] = [_late(trip, late) for trip in self.trips[request]]
        self.free |= set(result.given_up)

    def broken_by(self, plan: Plan) -> Iterator[str]:
        """Everything that *plan* does otherwise than somebody was told."""
        made: dict[TripId, list[PlannedVisit]] = {}
        for visit in plan.visits:
            made.setdefault(visit.trip, []).append(visit)
        for name, visits in made.items():
            if not _ends(visits[-1]):
                yield f"{name} is never let out"
        owed = [t for r, trips in self.trips.items() if r not in self.free for t in trips]
        for trip in owed:
            if trip.id not in made:
                yield f"{trip.id} is not served"
            elif trip.id not in self.rescued:
                yield from _differences(trip, made[trip.id])
        known = {trip.id for trips in self.trips.values() for trip in trips}
        for name, visits in made.items():
            if name not in known and visits[0].request not in self.free:
                yield f"nobody asked for {name}"

    def _ready(self, event: Ready, plan: Plan, done: set[TripId]) -> None:
        trips = self.trips[event.request]
        ahead = [t for t in trips if t.kind is not TripKind.OUTBOUND and t.id not in done]
        first = trips.index(ahead[0])
        over = 0
        if first:
            ends = [v.end for v in plan.visits if v.trip == trips[first - 1].id and _ends(v)]
            last = trips[first - 1].visits[-1]
            over = ends[0] if trips[first - 1].id in done else last.window.latest + last.dwell
            if trips[first - 1].id in done and ends[0] > over:
                over = ends[0]
        at = max(event.at, over)
        pickup = trips[first].visits[0].window
        by = max(0, at + event.wait - pickup.latest)
        for number in range(first, len(trips)):
            earliest = min(at, pickup.earliest) if number == first else None
            trips[number] = _moved(trips[number], by, earliest)
        window = replace(trips[first].visits[0], window=TimeWindow(at, pickup.latest + by))
        trips[first] = replace(trips[first], visits=(window, *trips[first].visits[1:]))


def past_changed(before: Plan, after: Plan, now: Clock, *, missing: RequestId | None) -> list[str]:
    """
    What *after* says about the time up to *now* that *before* does not.

    *missing* is who did not come: they never were in the bus.
    """
    old, new = (
        {_key(r.shift, v): v for r in p.routes for s in r.stops for v in s.visits}
        for p in (before, after)
    )
    found = []
    for key, visit in old.items():
        gone = visit.request == missing and not any(
            _ends(other) and other.trip == visit.trip and other.begin <= now
            for other in before.visits
        )
        if visit.begin <= now and not gone and new.get(key) != visit:
            found.append(f"{key} at {hh_mm_ss(visit.begin)} was done, and is {new.get(key)} now")
    for key, visit in new.items():
        if visit.begin < now and key not in old:
            found.append(f"{key} at {hh_mm_ss(visit.begin)} is said to have been done")
    legs = [_legs(plan, now) for plan in (before, after)]
    found += [f"the drive {leg} changed afterwards" for leg in legs[0] ^ legs[1]]
    return found


def _legs(plan: Plan, now: Clock) -> set[tuple[str, str, Clock, str, Clock]]:
    """Drives that began by *now*."""
    return {
        (route.shift, a.place, a.departure, b.place, b.arrival)
        for route in plan.routes
        for a, b in zip(route.stops, route.stops[1:], strict=False)
        if a.departure < now and a.place != b.place
    }


def _key(shift: str, visit: PlannedVisit) -> tuple[str, TripId, VisitKind]:
    return shift, visit.trip, visit.kind


def _ends(visit: PlannedVisit) -> bool:
    return visit.kind is VisitKind.DROPOFF


def _aboard(plan: Plan, shift: str, now: Clock) -> set[TripId]:
    """Who is in the bus of *shift* at *now*."""
    inside: set[TripId] = set()
    for route in plan.routes:
        if route.shift == shift:
            for visit in (v for stop in route.stops for v in stop.visits if v.begin <= now):
                if visit.kind is VisitKind.PICKUP:
                    inside.add(visit.trip)
                elif _ends(visit):
                    inside.remove(visit.trip)
    return inside


def _arriving(plan: Plan, shift: str, now: Clock) -> set[TripId]:
    """Whose ride ends where the bus of *shift* stands, or at the stop that it is about to reach."""
    for route in plan.routes:
        if route.shift == shift and route.stops and route.stops[0].departure <= now:
            at = max(number for number, stop in enumerate(route.stops) if stop.arrival <= now)
            at += route.stops[at].departure <= now and at + 1 < len(route.stops)
            place = route.stops[at].place
            ahead = [v for stop in route.stops for v in stop.visits if v.begin > now]
            left = Counter(visit.trip for visit in ahead)
            ends = {v.trip: s.place for s in route.stops for v in s.visits if _ends(v)}
            return {v.trip for v in ahead if left[v.trip] == 1 and ends[v.trip] == place}
    return set()


def _soon(trip: Trip) -> Trip:
    """Nobody minds to get out sooner than told where they wanted to."""
    *others, last = trip.visits
    window = TimeWindow(0, last.window.latest)
    return replace(trip, visits=(*others, replace(last, window=window)))


def _cut(trip: Trip, inside: set[TripId]) -> list[Trip]:
    """Whoever got out on the way still has to come to where they wanted."""
    if trip.id not in inside:
        return [trip]
    rescue = replace(
        trip,
        id=f"{trip.id}/rescue",
        visits=(trip.visits[0], trip.visits[-1]),
        longest_rides=trip.longest_rides[-1:],
    )
    boards = replace(rescue.visits[0], window=TimeWindow(0, trip.visits[-1].window.latest))
    return [trip, replace(rescue, visits=(boards, rescue.visits[-1]))]


def _late(trip: Trip, by: Seconds) -> Trip:
    return replace(_moved(trip, by, None), longest_rides=tuple(r + by for r in trip.longest_rides))


def _moved(trip: Trip, by: Seconds, earliest: Clock | None) -> Trip:
    """Later by some time at most; nobody minds that the rest begins earlier than was said."""
    return replace(
        trip,
        visits=tuple(
            replace(
                visit,
                window=TimeWindow(
                    0 if earliest is not None else visit.window.earliest, visit.window.latest + by
                ),
            )
            for visit in trip.visits
        ),
    )


def _differences(trip: Trip, made: list[PlannedVisit]) -> Iterator[str]:
    if len(made) != len(trip.visits) and "/rescue" not in trip.id:
        yield f"{trip.id} has {len(made)} visits, not {len(trip.visits)}"
        return
    calls = [made[0], made[-1]] if len(made) != len(trip.visits) else made
    for visit, told in zip(calls, trip.visits, strict=True):
        if visit.begin not in told.window:
            yield f"{visit.kind} of {trip.id} at {hh_mm_ss(visit.begin)}, told was {told.window}"
    if len(made) == len(trip.visits):
        for number, longest in enumerate(trip.longest_rides):
            ride = made[number + 1].begin - made[number].end
            if ride > longest:
                yield f"{trip.id} rides {ride} s, told was {longest} s"
