"""
The shifts of a day beside each other in time: driving, halts, waiting, the break, who is aboard.

One minute is two units of the drawing. The same stands in words in the tables of the tours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from api.operations.days import PlannedDay
from routing.units import HOUR, MINUTE
from scheduler.clock import Clock, hh_mm
from scheduler.model import RequestId, TripId
from scheduler.plan import Route, Stop

UNITS_A_MINUTE = 2
HEAD, LANE, FOOT = 24, 68, 16  # heights: of the hours, of a shift, of the word for now
DIGIT = 8  # width of a digit below a halt


@dataclass(frozen=True)
class Bar:
    """
    A part of a lane; *kind* is "fahrt", "leer", "halt", "warten" or "pause".

    *title* says it in words, *label* stands in it, or below it for a halt. *requests* are those
    whom it is about.
    """

    kind: str
    x: float
    width: float
    label: str
    title: str
    requests: str


@dataclass(frozen=True)
class Lane:
    """One shift."""

    shift: str
    label: str
    colour: int
    y: int
    begin: float
    width: float
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Timeline:
    """
    All shifts, and the full *hours* as places and words.

    *now* is the place of the present moment and how it reads, ``None`` on another day.
    """

    width: float
    height: int
    hours: Sequence[tuple[float, str]]
    lanes: Sequence[Lane]
    now: tuple[float, str] | None = None


def timeline(planned: PlannedDay, *, now: Clock | None = None) -> Timeline | None:
    """Draw the shifts of a planned day, with a line at *now*; ``None`` if there is none."""
    shifts = {shift.id: shift for shift in planned.day.shifts}
    routes = [route for route in planned.plan.routes if route.shift in shifts]
    if not routes:
        return None
    hours = [shifts[route.shift].hours for route in routes]
    driven = [stop.departure for route in routes for stop in route.stops]
    first = min(each.earliest for each in hours) // HOUR * HOUR
    last = -(-max([*driven, *(each.latest for each in hours)]) // HOUR) * HOUR
    names = _Names(planned)
    lanes = [
        Lane(
            shift=route.shift,
            label=planned.region.shift_label(route.shift),
            colour=at,
            y=HEAD + at * LANE,
            begin=_x(shift.hours.earliest, first),
            width=_x(shift.hours.latest, shift.hours.earliest),
            bars=list(_with_room(_bars(route, first, names))),
        )
        for at, route in enumerate(routes)
        for shift in [shifts[route.shift]]
    ]
    return Timeline(
        width=_x(last, first),
        height=HEAD + len(lanes) * LANE + FOOT,
        hours=[(_x(hour, first), f"{hour // HOUR} Uhr") for hour in range(first, last + 1, HOUR)],
        lanes=lanes,
        now=(_x(now, first), f"jetzt {hh_mm(now)}")
        if now is not None and first <= now <= last
        else None,
    )


class _Names:
    """Who and where, for the words of a bar."""

    def __init__(self, planned: PlannedDay) -> None:
        self.contacts = planned.input.contacts
        self.labels = planned.input.labels(planned.region)
        self.trips: Mapping[TripId, RequestId] = {
            visit.trip: visit.request for visit in planned.plan.visits
        }

    def aboard(self, stop: Stop) -> list[RequestId]:
        return list(dict.fromkeys(self.trips[trip] for trip in stop.aboard))

    def people(self, requests: Sequence[RequestId]) -> str:
        return ", ".join(
            self.contacts[name].name if name in self.contacts else name for name in requests
        )

    def place(self, stop: Stop) -> str:
        return self.labels[stop.place].name


def _bars(route: Route, first: Clock, names: _Names) -> Iterator[Bar]:
    for number, stop in route.numbered():
        if number is not None:
            yield from _halt(stop, number, first, names)
    for here, there in pairwise(route.halts):
        yield _drive(here, there, first, names)
    if route.rest is not None:
        span = f"{hh_mm(route.rest.earliest)} bis {hh_mm(route.rest.latest)}"
        yield _bar("pause", route.rest.earliest, route.rest.latest, first, "", f"{span}: Pause", [])


def _with_room(bars: Iterable[Bar]) -> Iterator[Bar]:
    """Leave out the numbers below halts that would touch the one before."""
    free = float("-inf")
    for bar in bars:
        half = DIGIT * len(bar.label) / 2
        middle = bar.x + bar.width / 2
        if bar.kind != "halt" or not bar.label:
            yield bar
        elif middle - half < free:
            yield replace(bar, label="")
        else:
            free = middle + half + 2
            yield bar


def _drive(here: Stop, there: Stop, first: Clock, names: _Names) -> Bar:
    aboard = names.aboard(here)
    who = names.people(aboard) or "niemand"
    span = f"{hh_mm(here.departure)} bis {hh_mm(there.arrival)}"
    title = f"{span}: Fahrt nach {names.place(there)}, im Bus: {who}"
    kind = "fahrt" if aboard else "leer"
    label = str(len(aboard)) if aboard else ""
    return _bar(kind, here.departure, there.arrival, first, label, title, aboard)


def _halt(stop: Stop, number: int, first: Clock, names: _Names) -> Iterator[Bar]:
    begin = min(visit.begin for visit in stop.visits)
    here = list(dict.fromkeys(visit.request for visit in stop.visits))
    if begin - stop.arrival >= MINUTE:
        span = f"{hh_mm(stop.arrival)} bis {hh_mm(begin)}"
        yield _bar("warten", stop.arrival, begin, first, "", f"{span}: wartet", here)
    span = f"{hh_mm(begin)} bis {hh_mm(stop.departure)}"
    title = f"{span}: Halt {number}, {names.place(stop)}: {names.people(here)}"
    yield _bar("halt", begin, max(stop.departure, begin + MINUTE), first, str(number), title, here)


def _bar(
    kind: str,
    begin: Clock,
    end: Clock,
    first: Clock,
    label: str,
    title: str,
    requests: Sequence[RequestId],
) -> Bar:
    x, width = _x(begin, first), _x(end, begin)
    fits = kind == "halt" or width >= 11 * len(label)
    return Bar(kind, x, width, label if fits else "", title, " ".join(requests))


def _x(moment: Clock, first: Clock) -> float:
    return round((moment - first) / MINUTE * UNITS_A_MINUTE, 1)
