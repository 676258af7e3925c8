"""
What everybody may know of a region: how to book, when the bus runs, and how it gets to doctors.

Nothing in it is about a passenger or a volunteer; all of it follows from the region's files.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from data.opening import open_windows, public_holiday
from data.places import KnownPlace, village_points
from data.region import Region
from data.region_info import HealthEvent
from routing.errors import TooFarFromRoad
from routing.geo import Point
from routing.matrix import NO_ROAD, Roads
from routing.units import MINUTE
from scheduler.clock import END_OF_DAY, Clock
from scheduler.model import PlaceId, PlaceKind, TimeWindow

# In the order in which people look for them.
LISTED = (
    PlaceKind.MVZ,
    PlaceKind.PRACTICE,
    PlaceKind.PHARMACY,
    PlaceKind.THERAPY,
    PlaceKind.HOSPITAL,
)
AHEAD = timedelta(days=120)  # in which days without a bus are told; a quarter and a month
_WEEK = 7
# A week without a public holiday is looked for so far ahead; there is one in any two months.
_USUAL_WITHIN = 10

Week = tuple[tuple[TimeWindow, ...], ...]
DayAndTime = tuple[date, Clock]


@dataclass(frozen=True)
class Drive:
    """From the middle of a village: the direct drive, and the longest that a ride may take."""

    village: str
    minutes: int
    longest: int


@dataclass(frozen=True)
class Destination:
    """
    A practice, pharmacy ... and how the bus gets there.

    *week* has the opening hours from Monday to Sunday, ``None`` if nobody knows them.
    """

    place: KnownPlace
    week: Week | None
    drives: tuple[Drive, ...]


@dataclass(frozen=True)
class SpecialDay:
    """
    A date on which the bus does not run although it would, or the other way round.

    *call_by* is the day and time until which somebody answers whom its first rides can be asked of;
    ``None`` if that is on the day itself, or nobody knows.
    """

    date: date
    runs: bool
    reason: str
    call_by: DayAndTime | None = None


@dataclass(frozen=True)
class ComingEvent:
    """A health weekend, where it is, and when the bus runs on its days."""

    event: HealthEvent
    destination: Destination
    bus: Mapping[date, tuple[TimeWindow, ...]]


@dataclass(frozen=True, eq=False)
class Information:
    """All of it, as it is on *today*; of one day there is one."""

    region: Region
    today: date
    phone_week: Week | None
    service_week: Week
    wheelchairs: int
    villages: tuple[str, ...]
    special_days: tuple[SpecialDay, ...]
    destinations: tuple[Destination, ...]
    events: tuple[ComingEvent, ...]


@lru_cache(maxsize=32)
def gather(region: Region, roads: Roads, today: date) -> Information:
    """Gather what everybody may know; of one day it is always the same."""
    villages = _villages(region)
    shown = (*region.places_of(*LISTED), *(region.places[each.place] for each in region.events))
    drives = _drives(region, roads, villages, list(dict.fromkeys(place.id for place in shown)))
    monday = _usual_monday(region, today)
    # What was decided for one date of that week is nothing usual.
    usual = replace(region, roster=region.roster.usual())

    def destination(place: KnownPlace) -> Destination:
        return Destination(place, _week(region, place.opening_hours, monday), drives[place.id])

    return Information(
        region=region,
        today=today,
        phone_week=_week(region, region.info.phone_hours, monday),
        service_week=tuple(_shifts_on(usual, monday + timedelta(days=n)) for n in range(_WEEK)),
        wheelchairs=max(
            (
                load.wheelchairs
                for bus in usual.fleet.values()
                for load in bus.change_on(today).configurations
            ),
            default=0,
        ),
        villages=tuple(sorted(villages)),
        special_days=tuple(_special_days(region, today)),
        destinations=tuple(
            destination(place) for kind in LISTED for place in region.places_of(kind)
        ),
        events=tuple(
            ComingEvent(event, destination(region.places[event.place]), _bus(region, event))
            for event in region.events
            if event.last >= today
        ),
    )


def _villages(region: Region) -> dict[str, Point]:
    """Find the villages that are served: those of villages.csv, or all with houses."""
    points = village_points(region.addresses)
    served = {name: points[name] for name in region.villages if name in points} or points
    return {name: point for name, point in served.items() if _by_a_road(region, point)}


def _by_a_road(region: Region, point: Point) -> bool:
    try:
        region.network.snap(point)
    except TooFarFromRoad:
        return False
    return True


def _drives(
    region: Region, roads: Roads, villages: Mapping[str, Point], places: Sequence[PlaceId]
) -> dict[PlaceId, tuple[Drive, ...]]:
    points = [*villages.values(), *(region.places[place].point for place in places)]
    seconds = roads.travel(points, cut_off=True).seconds if points else None
    found: dict[PlaceId, tuple[Drive, ...]] = {}
    for at, place in enumerate(places, start=len(villages)):
        direct = [] if seconds is None else seconds[: len(villages), at].tolist()
        found[place] = tuple(
            Drive(village, _minutes(drive), _minutes(region.policy.ride.limit(drive)))
            for village, drive in zip(villages, direct, strict=True)
            if drive <= region.policy.ride.limit(drive) and drive < NO_ROAD
        )
    return found


def _minutes(seconds: int) -> int:
    return -(-seconds // MINUTE)


def _usual_monday(region: Region, today: date) -> date:
    """Begin the next week without a public holiday, or this one."""
    this = today - timedelta(days=today.weekday())
    for weeks in range(_USUAL_WITHIN):
        monday = this + timedelta(weeks=weeks)
        days = (monday + timedelta(days=number) for number in range(_WEEK))
        if not any(_is_special(region, day) for day in days):
            return monday
    return this


def _without_buses(region: Region, day: date) -> str | None:
    """Say that no bus is there although one would run; why is nobody else's business."""
    return "Der Bus ist nicht da" if region.without_bus(day) else None


def _is_special(region: Region, day: date) -> bool:
    holiday = public_holiday(day, country=region.country, land=region.land)
    return holiday is not None or day in region.service.exceptions


def _week(region: Region, hours: str, monday: date) -> Week | None:
    if not hours:
        return None
    days = (monday + timedelta(days=number) for number in range(_WEEK))
    return tuple(open_windows(hours, day, country=region.country, land=region.land) for day in days)


def _shifts_on(region: Region, day: date) -> tuple[TimeWindow, ...]:
    return tuple(dict.fromkeys(shift.hours for shift in region.shifts(day)))


def _special_days(region: Region, today: date) -> Iterator[SpecialDay]:
    for number in range(AHEAD.days + 1):
        day = today + timedelta(days=number)
        usual = day.weekday() in region.service.weekdays
        why = region.closed(day) or _without_buses(region, day)
        if usual and why is not None:
            yield SpecialDay(day, runs=False, reason=why)
        elif not usual and why is None:
            reason = region.service.exceptions[day].reason
            yield SpecialDay(day, runs=True, reason=reason, call_by=_call_by(region, day))


def _call_by(region: Region, day: date) -> DayAndTime | None:
    shifts, calls = _shifts_on(region, day), _calls_on(region, day)
    begins = min((each.earliest for each in shifts), default=END_OF_DAY)
    if not region.info.phone_hours or any(
        call.earliest + region.policy.booking.lead <= begins for call in calls
    ):
        return None
    for number in range(1, _WEEK + 1):
        before = day - timedelta(days=number)
        if calls := _calls_on(region, before):
            return before, max(each.latest for each in calls)
    return None


def _calls_on(region: Region, day: date) -> tuple[TimeWindow, ...]:
    hours = region.info.phone_hours
    return open_windows(hours, day, country=region.country, land=region.land) if hours else ()


def _bus(region: Region, event: HealthEvent) -> dict[date, tuple[TimeWindow, ...]]:
    days = (event.last - event.first).days + 1
    every = (event.first + timedelta(days=number) for number in range(days))
    return {day: _shifts_on(region, day) for day in every}
