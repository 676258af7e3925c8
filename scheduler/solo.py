"""
Whether a request could be served if it were alone, and which cause prevents it.

A reason is verified, never guessed. The causes are taken away one by one, then two by two and
so on, until the request fits; what had to be taken away is the reason. The first of equally
small sets counts, in the order of `CAUSES`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, pairwise, product

from routing.units import HOUR, Seconds
from scheduler.model import (
    Load,
    Place,
    PlaceId,
    Request,
    Shift,
    ShiftId,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    Vehicle,
    WayBack,
)
from scheduler.options import ANY_TIME, Option, make_options
from scheduler.plan import Detail, Reason, Unserved
from scheduler.policy import Policy, Ride, Service
from scheduler.timing import Drive, timetable

# A drive that takes a day or longer stands for "there is no road".
NO_ROAD: Seconds = 24 * HOUR

_ANYBODY = (Load(seats=1_000_000, wheelchairs=1_000_000),)


@dataclass(frozen=True)
class Case:
    """One request and all that decides whether it could be served alone."""

    request: Request
    places: Mapping[PlaceId, Place]
    shifts: tuple[Shift, ...]
    policy: Policy
    drive: Drive
    _known: dict[tuple[ShiftId, tuple[TripId, ...]], bool] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def options(self) -> list[Option]:
        """All ways that the request leaves open."""
        return make_options(self.request, places=self.places, policy=self.policy, drive=self.drive)

    @cached_property
    def possible(self) -> list[Option]:
        """The ways that the shifts of the day could drive."""
        return [option for option in self.options if self.fits(option.trips)]

    def fits(self, trips: Sequence[Trip]) -> bool:
        """Whether the shifts, with nobody else to carry, can take all *trips* between them."""
        takers = [[shift for shift in self.shifts if shift.takes(trip)] for trip in trips]
        return any(
            all(
                self.drives(shift, tuple(t for t, s in zip(trips, who, strict=True) if s is shift))
                for shift in who
            )
            for who in product(*takers)
        )

    def drives(self, shift: Shift, trips: tuple[Trip, ...]) -> bool:
        """Whether *shift* can drive *trips* one after the other, which is their only order."""
        key = shift.id, tuple(trip.id for trip in trips)
        if key not in self._known:
            calls = [(trip, which) for trip in trips for which in range(len(trip.visits))]
            self._known[key] = timetable(shift, calls, self.drive) is not None
        return self._known[key]


def _with_roads(case: Case) -> Case:
    def drive(here: PlaceId, there: PlaceId) -> Seconds:
        seconds = case.drive(here, there)
        return seconds if seconds < NO_ROAD else 0

    return replace(case, drive=drive)


def _with_open_doors(case: Case) -> Case:
    places = {name: replace(place, open_hours=None) for name, place in case.places.items()}
    return replace(case, places=places)


def _with_long_rides(case: Case) -> Case:
    ride = Ride(NO_ROAD, case.policy.ride.factor, case.policy.ride.constant)
    return replace(case, policy=replace(case.policy, ride=ride))


def _with_large_buses(case: Case) -> Case:
    shifts = (replace(shift, vehicle=Vehicle(shift.vehicle.id, _ANYBODY)) for shift in case.shifts)
    return replace(case, shifts=tuple(shifts))


def _with_strong_drivers(case: Case) -> Case:
    shifts = (replace(shift, takes_wheelchairs=True) for shift in case.shifts)
    return replace(case, shifts=tuple(shifts))


def _without_way_back(case: Case) -> Case:
    request = replace(case.request, way_back=WayBack.NONE, return_at=None, pharmacies=())
    return replace(case, request=request)


def _with_shifts_always(case: Case) -> Case:
    shifts = (replace(shift, hours=ANY_TIME, rest=None) for shift in case.shifts)
    always = Service(ANY_TIME.earliest, ANY_TIME.latest)
    return replace(case, shifts=tuple(shifts), policy=replace(case.policy, service=always))


# What can be in the way, and how the case is without it; the plainest cause first.
CAUSES: dict[Reason, Callable[[Case], Case]] = {
    Reason.UNREACHABLE: _with_roads,
    Reason.PLACE_CLOSED: _with_open_doors,
    Reason.RIDE_TOO_LONG: _with_long_rides,
    Reason.TOO_MANY_FOR_BUS: _with_large_buses,
    Reason.NO_WHEELCHAIR_DRIVER: _with_strong_drivers,
    Reason.NO_WAY_BACK: _without_way_back,
    Reason.NO_SHIFT_THEN: _with_shifts_always,
}


def relax(case: Case, causes: Sequence[Reason]) -> Case:
    """Take *causes* away."""
    for cause in causes:
        case = CAUSES[cause](case)
    return case


def examine(case: Case) -> Unserved | None:
    """Say why the request cannot be served even alone; ``None`` if it can."""
    if case.possible:
        return None
    if not case.shifts:
        return Unserved(case.request.id, Reason.NO_BUS_TODAY)
    for size in range(1, len(CAUSES) + 1):
        for causes in combinations(CAUSES, size):
            if relax(case, causes).possible:
                # What is left of the case when all but the first cause are gone shows its figures.
                way = relax(case, causes).possible[0]
                detail = _FIGURES[causes[0]](relax(case, causes[1:]), way)
                return Unserved(case.request.id, causes[0], replace(detail, also=causes[1:]))
    msg = f"Request {case.request.id} fits not even with every obstacle gone: a fault of this rule."
    raise AssertionError(msg)


def _cut_off(case: Case, way: Option) -> Detail:
    """Name the first place that no depot has a road to and from, or none from the place before."""
    places = [visit.place for trip in way.trips for visit in trip.visits]
    ends = [(shift.start_place, shift.end_place) for shift in case.shifts]
    for place in dict.fromkeys(places):
        if all(
            case.drive(start, place) >= NO_ROAD or case.drive(place, end) >= NO_ROAD
            for start, end in ends
        ):
            return Detail(place=place)
    for here, there in pairwise(places):
        if case.drive(here, there) >= NO_ROAD:
            return Detail(place=there)
    return Detail(place=places[0])


def _closed(case: Case, way: Option) -> Detail:
    """Which place is closed: the destination, unless the pharmacies alone are in the way."""
    request = case.request
    target = request.destination
    opened = dict(case.places)
    opened[target] = replace(opened[target], open_hours=None)
    if way.pharmacy is not None and not replace(case, places=opened).possible:
        without = _without_pharmacies_closed(case)
        if without.possible:
            via = next(v for t in way.trips for v in t.visits if v.place == way.pharmacy)
            return Detail(
                trip=TripKind.VIA,
                place=way.pharmacy,
                wanted=via.window,
                hours=case.places[way.pharmacy].open_hours or (),
            )
    wanted = request.arrive or TimeWindow(request.appointment or 0, request.appointment or 0)
    hours = case.places[target].open_hours or ()
    return Detail(trip=TripKind.OUTBOUND, place=target, wanted=wanted, hours=hours)


def _without_pharmacies_closed(case: Case) -> Case:
    places = dict(case.places)
    for pharmacy in case.request.pharmacies:
        places[pharmacy] = replace(places[pharmacy], open_hours=None)
    return replace(case, places=places)


def _long_ride(case: Case, way: Option) -> Detail:
    """The drive that exceeds its limit the most."""
    rides = [
        (case.drive(a.place, b.place), trip.kind)
        for trip in way.trips
        for a, b in pairwise(trip.visits)
    ]
    needed, kind = max(rides, key=lambda ride: ride[0] - case.policy.ride.limit(ride[0]))
    return Detail(trip=kind, needed=needed, limit=case.policy.ride.limit(needed))


def _too_many(case: Case, way: Option) -> Detail:
    """People, and the most that any bus of the day holds of them; wheelchairs where those fail."""
    load = way.trips[0].load
    rows = [places for shift in case.shifts for places in shift.vehicle.configurations]
    most = max((row.wheelchairs for row in rows), default=0)
    if load.wheelchairs > most:
        return Detail(needed=load.wheelchairs, limit=most)
    seats = [row.seats for row in rows if row.wheelchairs >= load.wheelchairs]
    return Detail(needed=load.seats, limit=max(seats, default=0))


def _no_figures(_case: Case, _way: Option) -> Detail:
    """Nothing to add: the driver helps with wheelchairs, or does not."""
    return Detail()


def _no_way_back(case: Case, _way: Option) -> Detail:
    """Find out when the bus home would be needed, whatever the shifts."""
    for option in _with_shifts_always(case).options:
        return _when(case, option.trips[1:])
    earliest = case.request.return_at
    wanted = None if earliest is None else TimeWindow(earliest, earliest)
    return Detail(trip=TripKind.RETURN, wanted=wanted, hours=_hours(case))


def _no_shift_then(case: Case, way: Option) -> Detail:
    return _when(case, way.trips)


def _hours(case: Case) -> tuple[TimeWindow, ...]:
    return tuple(shift.hours for shift in case.shifts)


def _when(case: Case, trips: Sequence[Trip]) -> Detail:
    """When the bus would be needed for the first of *trips* that no shift can drive alone."""
    trip = next((trip for trip in trips if not case.fits([trip])), trips[0])
    wanted = TimeWindow(trip.visits[0].window.earliest, trip.visits[-1].window.latest)
    return Detail(trip=trip.kind, wanted=wanted, hours=_hours(case))


# The figures of each cause: from the case as it is, and a way that fits without the cause.
_FIGURES: dict[Reason, Callable[[Case, Option], Detail]] = {
    Reason.UNREACHABLE: _cut_off,
    Reason.PLACE_CLOSED: _closed,
    Reason.RIDE_TOO_LONG: _long_ride,
    Reason.TOO_MANY_FOR_BUS: _too_many,
    Reason.NO_WHEELCHAIR_DRIVER: _no_figures,
    Reason.NO_WAY_BACK: _no_way_back,
    Reason.NO_SHIFT_THEN: _no_shift_then,
}
