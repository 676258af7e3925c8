"""
What is broken if the buses drive on in an order that is given: who is late, and by how much.

The order says who is served; whoever is not is given up. Then every moment is as early as it can
be, and lateness is read off that; at last one after the other is put back on time, the weightiest
first, as far as nobody else is later for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TypeAlias

from scheduler.clock import Clock
from scheduler.continuing import Orders
from scheduler.lateness import late_option, let_out
from scheduler.model import Journey, RequestId, ShiftId, Trip, TripId
from scheduler.promises import STEP
from scheduler.timing import timetable
from scheduler.under_way import UnderWay

# To leave somebody at the doctor's is so much worse than not to fetch them at home. A guess.
SET_OUT = 10
# So often lateness that moves what comes after it is read off anew.
AGAIN = 8

# When each visit begins: the number of a visit of a trip.
Begins: TypeAlias = Mapping[tuple[TripId, int], Clock]
Steps: TypeAlias = Mapping[RequestId, int]


@dataclass(frozen=True)
class Broken:
    """
    What was found: *steps* of lateness by request, who is *given_up*, and whether that is *sure*.

    *orders* is the rest of the day, driven so.
    """

    steps: Steps
    given_up: frozenset[RequestId]
    sure: bool
    orders: Orders


class AsDriven:
    """
    The rest of a day, in whatever order it may be driven.

    *most* is by how many steps somebody may be late.
    """

    def __init__(self, under_way: UnderWay, *, most: int) -> None:
        self.under_way, self.most = under_way, most
        ahead = {journey.request for journey in under_way.rest.journeys}
        self.journeys = [j for j in under_way.whole.journeys if j.request in ahead]
        self.begun = {
            j.request
            for j in self.journeys
            if any(t in under_way.made for o in j.options for t in o)
        }
        self._weight = {journey.request: journey.weight for journey in self.journeys}
        self._shifts = {shift.id: shift for shift in under_way.rest.shifts}
        self._over = under_way.made.keys() - under_way.aboard.keys()
        self._mine = {j.request: {t for o in j.options for t in o} for j in self.journeys}
        self._known = {trip for mine in self._mine.values() for trip in mine}
        # Nobody's trips: where the buses are.
        self._stand_ins = {
            trip.id: trip for trip in under_way.rest.trips if trip.id not in self._known
        }
        self._late = cache(self._late_trips)

    def order(self, broken: Broken) -> tuple[int, int, int]:
        """How much is broken: weight given up, weight late, steps; the first counts first."""
        return (
            sum(self._weight[r] * (SET_OUT if r in self.begun else 1) for r in broken.given_up),
            sum(self._weight[r] for r, by in broken.steps.items() if by),
            sum(broken.steps.values()),
        )

    def broken(self, orders: Orders) -> Broken | None:
        """What is broken if the buses drive in *orders*; ``None`` if they cannot."""
        served = {trip for calls in orders.values() for trip, _ in calls}
        given_up = frozenset(j.request for j in self.journeys if not self._served(j, served))
        out = {
            trip
            for request in given_up
            for trip in self._mine[request]
            if trip not in self.under_way.aboard
        }
        left = {s: tuple(c for c in calls if c[0] not in out) for s, calls in orders.items()}
        # Nobody may be forgotten in a bus.
        if (self.under_way.aboard.keys() & self._known) | self._stand_ins.keys() <= served:
            steps = _Late(self, left, given_up).steps()
            if steps is not None:
                return Broken(steps, given_up, sure=False, orders=left)
        return None

    def trips(
        self, request: RequestId, steps: int, *, wide: int | None = None
    ) -> dict[TripId, Trip]:
        """
        What is left of the trips of *request* late by *steps*; not those that cannot be so late.

        With *wide*, windows are open to the end, and rides take up to so many steps longer.
        """
        return self._late(request, steps, wide)

    def out(self, request: RequestId) -> dict[TripId, Trip]:
        """What is left of *request* if it is given up: to get out of the bus."""
        way = self.under_way
        mine = [trip for trip in sorted(self._mine[request]) if trip in way.aboard]
        rests = [way.rest_of(let_out(way, way.whole.trip(trip))) for trip in mine]
        return {trip.id: trip for trip in rests if trip is not None}

    def needed(self, request: RequestId, begins: Begins) -> int | None:
        """By how few steps *request* is late if its visits begin so; ``None`` if by none."""
        for steps in range(self.most + 1):
            if self.fits(request, steps, begins):
                return steps
        return None

    def fits(self, request: RequestId, steps: int, begins: Begins, *, early: bool = False) -> bool:
        """Whether visits that begin so are late by *steps*; *early* ones too, if allowed."""
        trips = self.trips(request, steps)
        mine = {trip for trip, _ in begins if trip in self._mine[request]}
        return mine <= trips.keys() and all(_fit(trips[t], begins, early=early) for t in mine)

    def drive(
        self, shift: ShiftId, calls: Iterable[tuple[TripId, int]], trips: Mapping[TripId, Trip]
    ) -> Begins | None:
        """When visits begin, as early as may be; ``None`` if the order cannot be kept."""
        calls = list(calls)
        if not calls:
            return {}
        if any(trip not in trips for trip, _ in calls):
            return None
        visits = [(trips[trip], which) for trip, which in calls]
        found = timetable(self._shifts[shift], visits, self.under_way.whole.seconds)
        return None if found is None else dict(zip(calls, found.begins, strict=True))

    def stand_ins(self) -> dict[TripId, Trip]:
        """Trips that only say where a bus is."""
        return dict(self._stand_ins)

    def weight(self, request: RequestId) -> int:
        """What *request* counts."""
        return self._weight[request]

    def _served(self, journey: Journey, served: Collection[TripId]) -> bool:
        return any(
            all(trip in served or trip in self._over for trip in option)
            for option in self.under_way.open_options(journey)
        )

    def _late_trips(self, request: RequestId, steps: int, wide: int | None) -> dict[TripId, Trip]:
        way = self.under_way
        (journey,) = (each for each in self.journeys if each.request == request)
        low, high = max(0, steps - 1) * STEP, (steps if wide is None else self.most) * STEP
        trips = {}
        for option in way.open_options(journey):
            for trip in (
                late_option(way, option, low, high) if high else map(way.whole.trip, option)
            ):
                if trip.id in self._over:
                    continue
                if wide is not None:
                    before = way.whole.trip(trip.id).longest_rides
                    longest = tuple(each + wide * STEP for each in before)
                    trip = replace(trip, longest_rides=longest)  # noqa: PLW2901
                rest = way.rest_of(trip)
                if rest is not None:
                    trips[rest.id] = rest
        return trips


class _Late:
    """Lateness in one order."""

    def __init__(self, driven: AsDriven, orders: Orders, given_up: Collection[RequestId]) -> None:
        self.driven, self.orders = driven, orders
        self.fixed = driven.stand_ins()
        for request in given_up:
            self.fixed |= driven.out(request)
        served = {trip: shift for shift, calls in orders.items() for trip, _ in calls}
        self.shifts: dict[RequestId, set[ShiftId]] = {
            journey.request: {
                served[trip] for option in journey.options for trip in option if trip in served
            }
            for journey in driven.journeys
            if journey.request not in given_up
        }

    def steps(self) -> dict[RequestId, int] | None:
        """The steps of all who are late; ``None`` if the order cannot be driven at all."""
        begins = self._soon()
        if begins is None:
            return None
        late = self._read(begins)
        if late is None:
            return None
        by_weight = sorted(late, key=lambda request: (-self.driven.weight(request), request))
        for request in by_weight:
            late = self._with(late, request, 0) or late
        for request in by_weight:
            low, high = 0, late[request]
            while high - low > 1:
                middle = (low + high) // 2
                found = self._with(late, request, middle)
                if found is None:
                    low = middle
                else:
                    late, high = found, min(middle, found[request])
        return {request: steps for request, steps in late.items() if steps}

    def _soon(self) -> Begins | None:
        """When visits begin as early as may be, however late that is for those who ride."""
        late = dict.fromkeys(self.shifts, 0)
        for _ in range(AGAIN):
            begins: dict[tuple[TripId, int], Clock] = {}
            for shift in self.orders:
                found = self._somehow(shift, late)
                if found is None:
                    return None
                begins |= found
            # What follows must not begin earlier than with the lateness that is told.
            again = {r: max(late[r], self._at_least(r, begins)) for r in late}
            if again == late:
                break
            late = again
        return begins

    def _somehow(self, shift: ShiftId, late: Steps) -> Begins | None:
        """The same for one bus: first with rides as promised, then with longer ones."""
        for slack in (0, 1, 2, 4, 8, 16, self.driven.most):
            trips = dict(self.fixed)
            for request, steps in late.items():
                trips |= self.driven.trips(request, steps, wide=max(steps, slack))
            begins = self.driven.drive(shift, self.orders[shift], trips)
            if begins is not None:
                return begins
        return None

    def _at_least(self, request: RequestId, begins: Begins) -> int:
        """How late *request* is, whatever else that moves."""
        return next(
            (
                steps
                for steps in range(self.driven.most)
                if self.driven.fits(request, steps, begins, early=True)
            ),
            self.driven.most,
        )

    def _read(self, begins: Begins) -> dict[RequestId, int] | None:
        """Steps that can be read off *begins*; ``None`` if there are none for somebody."""
        steps = {request: self.driven.needed(request, begins) for request in self.shifts}
        found = {request: by for request, by in steps.items() if by is not None}
        return found if len(found) == len(steps) else None

    def _with(
        self, late: dict[RequestId, int], request: RequestId, steps: int
    ) -> dict[RequestId, int] | None:
        """Who is late by how much if *request* is by no more than *steps*, and nobody by more."""
        wanted = {**late, request: steps}
        begins: dict[tuple[TripId, int], Clock] = {}
        for shift in self.shifts[request]:
            trips = dict(self.fixed)
            for each, shifts in self.shifts.items():
                if shift in shifts:
                    trips |= self.driven.trips(each, wanted[each])
            found = self.driven.drive(shift, self.orders[shift], trips)
            if found is None:
                return None
            begins |= found
        for each, shifts in self.shifts.items():
            if shifts <= self.shifts[request]:
                less = self.driven.needed(each, begins)
                wanted[each] = wanted[each] if less is None else less
        return wanted


def _fit(trip: Trip, begins: Begins, *, early: bool) -> bool:
    """Whether visits that begin so are within the windows and rides of *trip*."""
    moments = [begins[trip.id, which] for which in range(len(trip.visits))]
    for moment, visit in zip(moments, trip.visits, strict=True):
        if moment > visit.window.latest or (moment < visit.window.earliest and not early):
            return False
    rides = (
        there - here - visit.dwell
        for (here, there), visit in zip(pairwise(moments), trip.visits, strict=False)
    )
    return all(ride <= most for ride, most in zip(rides, trip.longest_rides, strict=True))
