"""
Whether one bus can keep the times of a given order of visits, and at which moments.

Exact and slow: every demand is the least difference between two moments, and the longest
path through all of them gives each moment as early as possible. For a handful of visits:
checking a request alone, and plain answers to compare the optimizer with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from routing.units import Seconds
from scheduler.clock import Clock
from scheduler.model import Break, PlaceId, Shift, TimeWindow, Trip, Visit

Drive: TypeAlias = Callable[[PlaceId, PlaceId], Seconds]

# One visit on a route: a trip, and which of its visits.
Call: TypeAlias = tuple[Trip, int]

# (earlier, later, least): the later moment is at least so many seconds after the earlier.
_Link: TypeAlias = tuple[int, int, Seconds]


@dataclass(frozen=True)
class Timetable:
    """Moments of one route: leaving, begin of each visit, coming back, begin of the break."""

    departure: Clock
    begins: tuple[Clock, ...]
    arrival: Clock
    rest: Clock | None


def timetable(shift: Shift, calls: Sequence[Call], drive: Drive) -> Timetable | None:
    """
    The earliest moments at which *shift* can make *calls* in this order; ``None`` if it cannot.

    Windows, dwell, longest rides, the shift's hours and its break are kept; seats are not
    looked at.
    """
    links = _links(shift, calls, drive)
    if shift.rest is None:
        moments = _earliest(len(calls) + 3, links)
        return None if moments is None else _timetable(moments, rest=False)
    for pause in _pauses(shift, shift.rest, calls, drive):
        moments = _earliest(len(calls) + 4, links + pause)
        if moments is not None:
            return _timetable(moments, rest=True)
    return None


def _timetable(moments: list[int], *, rest: bool) -> Timetable:
    """Moment 0 is midnight, 1 the departure, then the visits, the arrival, the break."""
    if rest:
        *moments, pause = moments
        return Timetable(moments[1], tuple(moments[2:-1]), moments[-1], pause)
    return Timetable(moments[1], tuple(moments[2:-1]), moments[-1], None)


def _within(moment: int, window: TimeWindow) -> list[_Link]:
    return [(0, moment, window.earliest), (moment, 0, -window.latest)]


def _visits(calls: Sequence[Call]) -> list[Visit]:
    return [trip.visits[which] for trip, which in calls]


def _links(shift: Shift, calls: Sequence[Call], drive: Drive) -> list[_Link]:
    """Hours, windows, drives and rides, without the break."""
    last = len(calls) + 2
    links = [*_within(1, shift.hours), *_within(last, shift.hours)]
    here, dwell = shift.start_place, 0
    for moment, visit in enumerate(_visits(calls), start=2):
        links += _within(moment, visit.window)
        links.append((moment - 1, moment, dwell + drive(here, visit.place)))
        here, dwell = visit.place, visit.dwell
    links.append((last - 1, last, dwell + drive(here, shift.end_place)))
    boarded: dict[str, int] = {}
    for moment, (trip, which) in enumerate(calls, start=2):
        if which > 0:
            before = trip.visits[which - 1].dwell
            longest = before + trip.longest_rides[which - 1]
            links.append((moment, boarded[trip.id], -longest))
        boarded[trip.id] = moment
    return links


def _pauses(
    shift: Shift, rest: Break, calls: Sequence[Call], drive: Drive
) -> Iterator[list[_Link]]:
    """Each way to put the break where the bus is empty: before leaving, or upon an arrival."""
    pause, last = len(calls) + 3, len(calls) + 2
    latest = rest.window.latest
    always = [
        (0, pause, max(rest.window.earliest, shift.hours.earliest)),
        (pause, 0, rest.length - shift.hours.latest),
    ]
    yield [*always, (pause, 0, -latest), (pause, 1, rest.length)]
    visits = _visits(calls)
    aboard = 0
    for gap in range(len(visits) + 1):
        if gap:
            trip, which = calls[gap - 1]
            aboard += (which == 0) - (which == len(trip.visits) - 1)
        if aboard:
            continue
        here = visits[gap - 1].place if gap else shift.start_place
        there = visits[gap].place if gap < len(visits) else shift.end_place
        way = drive(here, there)
        ready = (gap + 1, pause, visits[gap - 1].dwell + way if gap else way)
        # Set off before the window closes, the bus may still be on the road when it does.
        due = (pause, 0, -(latest + way))
        done = (last, pause, 0) if gap == len(visits) else (pause, gap + 2, rest.length)
        yield [*always, ready, due, done]


def _earliest(moments: int, links: Sequence[_Link]) -> list[int] | None:
    """The earliest moments that keep all *links*, by Bellman and Ford; ``None`` if none do."""
    times: list[int | None] = [None] * moments
    times[0] = 0
    for _ in range(moments):
        changed = False
        for earlier, later, least in links:
            start, end = times[earlier], times[later]
            if start is not None and (end is None or start + least > end):
                times[later] = start + least
                changed = True
        if times[0] != 0:
            return None
        if not changed:
            return [time for time in times if time is not None]
    return None
