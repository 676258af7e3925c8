"""
Days along one road: every place lies so many minutes from the depot, and a minute is a kilometre.

All people, practices and pharmacies are invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from routing.geo import Point
from routing.matrix import TravelMatrix
from routing.units import KILOMETRE, MINUTE
from scheduler.asked import Asked
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.formulate import make_plan, make_problem
from scheduler.model import (
    Break,
    Load,
    Place,
    PlaceId,
    PlaceKind,
    Request,
    Shift,
    TimeWindow,
    TripId,
    Vehicle,
    WayBack,
)
from scheduler.optimizer.solution import RoutePlan, Solution
from scheduler.plan import Plan
from scheduler.policy import Policy
from scheduler.policy_file import read_policy
from scheduler.timing import Call, timetable
from scheduler.trips import build_day

TUESDAY = date(2027, 3, 2)

# Minutes from the depot, along one road.
ROAD = {"depot": 0, "anton": 5, "mvz": 10, "berta": 15, "pharmacy": 12, "cesar": 20, "far": 100}
KINDS = {
    "depot": PlaceKind.DEPOT,
    "mvz": PlaceKind.MVZ,
    "pharmacy": PlaceKind.PHARMACY,
    "other_pharmacy": PlaceKind.PHARMACY,
}


def window(text: str) -> TimeWindow:
    """Read "08:00-12:00"."""
    earliest, latest = text.split("-")
    return TimeWindow(clock(earliest), clock(latest))


def road(minutes: Mapping[PlaceId, int]) -> tuple[TravelMatrix, dict[PlaceId, int]]:
    """Drives between places on one road."""
    at = np.array(list(minutes.values()), dtype=np.int64)
    apart = abs(at[:, None] - at[None, :])
    travel = TravelMatrix(apart * MINUTE, apart * KILOMETRE)
    return travel, {place: row for row, place in enumerate(minutes)}


def make_places(
    minutes: Mapping[PlaceId, int] = ROAD, **hours: Sequence[str]
) -> dict[PlaceId, Place]:
    """Places of a road; ``mvz=["08:00-12:00"]`` gives opening hours, all others have none."""
    return {
        name: Place(
            name,
            KINDS.get(name, PlaceKind.HOME),
            Point(52.1, 9 + at / 1000),
            tuple(window(text) for text in hours[name]) if name in hours else None,
        )
        for name, at in minutes.items()
    }


def make_request(name: str = "r1", **changed: object) -> Request:
    """Anton has an appointment at the MVZ at 9:00, an hour long, and goes home afterwards."""
    fields: dict[str, object] = {
        "origin": "anton",
        "destination": "mvz",
        "appointment": clock("09:00"),
        "way_back": WayBack.AFTER_STAY,
    }
    fields |= changed
    if isinstance(fields["appointment"], str):
        fields["appointment"] = clock(fields["appointment"])
    if isinstance(fields.get("return_at"), str):
        fields["return_at"] = clock(str(fields["return_at"]))
    return Request(id=name, **fields)  # type: ignore[arg-type]


def make_shift(name: str = "morning", hours: str = "08:00-12:30", **changed: object) -> Shift:
    """Eight seats, or one wheelchair and five seats, from the depot and back."""
    fields: dict[str, object] = {
        "vehicle": Vehicle("bus", (Load(seats=8), Load(seats=5, wheelchairs=1))),
        "driver": f"driver-{name}",
        "start_place": "depot",
        "end_place": "depot",
    }
    return Shift(id=name, hours=window(hours), **(fields | changed))  # type: ignore[arg-type]


def make_break(hours: str, minutes: int) -> Break:
    """Give a driver some minutes, to begin within *hours*."""
    return Break(window(hours), minutes * MINUTE)


def make_policy(**tables: Mapping[str, object]) -> Policy:
    """Make a policy as its file would: ``ride={"longest": 45}``."""
    return read_policy(tables)


def make_day(
    *requests: Request,
    shifts: Sequence[Shift] | None = None,
    places: Mapping[PlaceId, Place] | None = None,
    minutes: Mapping[PlaceId, int] = ROAD,
    policy: Policy | None = None,
    closed: str | None = None,
) -> Day:
    """Build a day; what is not given is ordinary."""
    travel, index = road(minutes)
    return build_day(
        date=TUESDAY,
        requests=requests,
        places=make_places(minutes) if places is None else places,
        shifts=[make_shift()] if shifts is None else shifts,
        policy=policy or Policy(),
        closed=closed,
        travel=travel,
        index=index,
    )


def make_asked(
    *requests: Request,
    shifts: Sequence[Shift] | None = None,
    places: Mapping[PlaceId, Place] | None = None,
    minutes: Mapping[PlaceId, int] = ROAD,
    policy: Policy | None = None,
    closed: str | None = None,
    idle: Sequence[Shift] = (),
) -> Asked:
    """All that `make_day` makes a day of."""
    travel, index = road(minutes)
    return Asked(
        date=TUESDAY,
        requests=requests,
        places=make_places(minutes) if places is None else places,
        shifts=(make_shift(),) if shifts is None else tuple(shifts),
        policy=policy or Policy(),
        travel=travel,
        index=index,
        closed=closed,
        idle=tuple(idle),
    )


def drive_by_hand(day: Day, calls: Mapping[str, Sequence[tuple[TripId, int]]]) -> Plan:
    """Plan *day* so that each shift makes its calls, (trip, which visit), as early as possible."""
    first = dict(zip((t.id for t in day.trips), make_problem(day).trip_start, strict=False))
    routes, served = [], set()
    driving = 0
    for shift in day.shifts:
        made: list[Call] = [(day.trip(name), which) for name, which in calls.get(shift.id, ())]
        if not made:
            routes.append(RoutePlan())
            continue
        times = timetable(shift, made, day.seconds)
        assert times is not None, f"{shift.id} cannot drive {calls[shift.id]}"
        visits = tuple(int(first[trip.id]) + which for trip, which in made)
        begins = tuple(float(begin) for begin in times.begins)
        rest = None if times.rest is None else float(times.rest)
        routes.append(RoutePlan(visits, begins, times.departure, times.arrival, rest))
        stops = [shift.start_place, *(t.visits[which].place for t, which in made), shift.end_place]
        driving += sum(day.seconds(a, b) for a, b in pairwise(stops))
        served |= {trip.request for trip, _ in made}
    weight = sum(journey.weight for journey in day.journeys if journey.request not in served)
    proven = Solution(tuple(routes), weight, driving, weight, driving, proven=True)
    return make_plan(day, proven)


def whole(trip: TripId, visits: int = 2) -> list[tuple[TripId, int]]:
    """Make all calls of a trip, one after the other."""
    return [(trip, which) for which in range(visits)]


def with_hours(places: Mapping[PlaceId, Place], place: PlaceId, *hours: str) -> dict[str, Place]:
    """Copy *places*, with other opening hours of one of them."""
    opened = tuple(window(text) for text in hours)
    return {**places, place: replace(places[place], open_hours=opened)}
