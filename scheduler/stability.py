"""
How much a plan changes of the one that people and drivers know, in seconds beside the driving.

A later plan may change what it likes, within all promises; but where it gains little by that, it
is to leave things as they are.
"""

from collections.abc import Iterable

from routing.units import Seconds
from scheduler.day import Day
from scheduler.model import ShiftId, TripId
from scheduler.plan import Route


def changes_of(routes: Iterable[Route], day: Day) -> Seconds:
    """What *routes* change of the known plan of *day*, all in all."""
    carried = {
        visit.trip: route.shift for route in routes for stop in route.stops for visit in stop.visits
    }
    return sum(change_of_bus(day, trip, shift) for trip, shift in carried.items())


def change_of_bus(day: Day, trip: TripId, shift: ShiftId) -> Seconds:
    """What it counts that *shift* carries *trip*."""
    return 0 if day.planned.get(trip, shift) == shift else day.change
