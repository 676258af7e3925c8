"""
How much a plan changes of the one that people and drivers know, in seconds beside the driving.

A later plan may change what it likes, within all promises; but where it gains little by that, it
is to leave things as they are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from routing.units import Seconds
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.model import ShiftId, Trip, TripId
from scheduler.plan import Plan, Route


def knowing(day: Day, plan: Plan, *, change: Seconds, leeway: Seconds) -> Day:
    """
    Let *day* know *plan*: from now on each changed trip counts *change*.

    A visit that moves by *leeway* or less has not changed.
    """
    carried, begins = _trips(plan.routes)
    return replace(day, planned=carried, planned_begins=begins, change=change, leeway=leeway)


def changes_of(routes: Iterable[Route], day: Day) -> Seconds:
    """What *routes* change of the known plan of *day*, all in all."""
    carried, begins = _trips(routes)
    changed = sum(
        bool(change_of_bus(day, day.trip(trip), shift)) or _moved(day, trip, begins[trip])
        for trip, shift in carried.items()
    )
    return day.change * changed


def change_of_bus(day: Day, trip: Trip, shift: ShiftId) -> Seconds:
    """What it counts that *shift* carries *trip*; of whom nobody knows, nothing has changed."""
    if trip.id in day.planned:
        return 0 if day.planned[trip.id] == shift else day.change
    return day.change if trip.request in day.planned_requests else 0


def _moved(day: Day, trip: TripId, begins: tuple[Clock, ...]) -> bool:
    """Whether one of the last visits of *trip* is at another time than the known one."""
    known = day.planned_begins.get(trip, ())
    pairs = zip(reversed(begins), reversed(known), strict=False)
    return any(abs(begin - was) > day.leeway for begin, was in pairs)


def _trips(
    routes: Iterable[Route],
) -> tuple[dict[TripId, ShiftId], dict[TripId, tuple[Clock, ...]]]:
    """Which shift carries each trip, and when its visits begin."""
    carried: dict[TripId, ShiftId] = {}
    begins: dict[TripId, list[Clock]] = defaultdict(list)
    for route in routes:
        for visit in (visit for stop in route.stops for visit in stop.visits):
            carried[visit.trip] = route.shift
            begins[visit.trip].append(visit.begin)
    return carried, {trip: tuple(times) for trip, times in begins.items()}
