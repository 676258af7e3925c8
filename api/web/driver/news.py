"""What a version makes different for one driver, in a few lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from zoneinfo import ZoneInfo

from api.operations.driving import Held, Tour
from api.operations.in_the_bus import Marks
from api.web.driver.view import VisitKey, visit_key
from data.day_input import DayInput
from data.ticks import Mark, Marked
from scheduler.clock import Clock, hh_mm
from scheduler.manifest import Contact
from scheduler.model import PlaceId, VisitKind
from scheduler.plan import Route

_ACTIONS = {
    VisitKind.PICKUP: "Einsteigen",
    VisitKind.DROPOFF: "Aussteigen",
    VisitKind.VIA: "Bus wartet",
}
_SAID = {
    VisitKind.PICKUP: {Mark.ABOARD, Mark.DONE, Mark.NO_SHOW},
    VisitKind.DROPOFF: {Mark.DONE, Mark.NO_SHOW},
}
_FEW = 3  # so that the next halt is still seen below them


@dataclass(frozen=True)
class NewsView:
    """
    What is different, in the order of time, and *since* when the version holds.

    *lines* are what is ahead next, *more* is all the rest.
    """

    since: str
    lines: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Call:
    """Where and when a passenger gets on or off."""

    time: Clock
    place: PlaceId


@dataclass(frozen=True)
class _Line:
    """What is different, and when; *spared* if the bus would still have had to go there."""

    time: Clock
    text: str
    spared: bool = False


def tour_news(tour: Tour, seen: Held, *, due: Clock | None) -> NewsView:
    """
    Say what is different since the version that the driver has *seen*.

    What was planned before the next halt is *due*, or at all if there is none, is past, but for
    what falls away on the way to it.
    """
    published = tour.planned.published
    zone = ZoneInfo(tour.planned.region.timezone)
    since = f"{published.at.astimezone(zone):%H:%M}" if published else ""
    before = seen.route(tour.route.shift)
    if before is None:
        return NewsView(since, ("Diesen Dienst gab es vorher nicht.",))
    crew, halts = tuple(_crew(tour, before)), _halts(tour, before, seen.input)
    if not crew and not halts:
        return NewsView(since, ("In diesem Dienst ändert sich nichts.",))
    ahead = [] if due is None else [line for line in halts if line.spared or line.time >= due]
    first = [line.text for line in ahead[:_FEW]]
    more = tuple(line.text for line in halts if line.text not in first)
    return NewsView(since, (*crew, *first), more)


def _crew(tour: Tour, before: Route) -> Iterator[str]:
    region, now = tour.planned.region, tour.route
    if before.vehicle != now.vehicle:
        vehicle = region.vehicle_label(now.vehicle)
        yield f"Fahrzeug: {vehicle} statt {region.vehicle_label(before.vehicle)}"
    if before.driver != now.driver:
        driver = region.driver_label(now.driver)
        yield f"Am Steuer: {driver} statt {region.driver_label(before.driver)}"


def _halts(tour: Tour, before: Route, known: DayInput) -> list[_Line]:
    """What is different of the halts, in the order of time."""
    region, planned = tour.planned.region, tour.planned.input
    old, new = _calls(before), _calls(tour.route)
    names = {**known.contacts, **planned.contacts}
    was_called, called = known.labels(region), planned.labels(region)
    left = _left(before, tour.marked)
    lines: dict[str, _Line] = {}  # each once: many get off where one does
    for key in old | new:
        was, now = old.get(key), new.get(key)
        who = f"{_ACTIONS[key[2]]} {names.get(key[0], Contact('Fahrgast')).name}"
        if now is None and was is not None:
            text = f"{hh_mm(was.time)} entfällt: {who}"
            lines[text] = _Line(was.time, text, spared=key in left)
        elif now is not None and was is None:
            text = f"{hh_mm(now.time)} neu: {who}, {called[now.place].name}"
            lines[text] = _Line(now.time, text)
        elif now is not None and was is not None:
            here, there = called[now.place], was_called.get(was.place)
            moved = hh_mm(now.time) != hh_mm(was.time)
            when = f"{hh_mm(now.time)} statt {hh_mm(was.time)}" if moved else hh_mm(now.time)
            text = f"{when}: {here.name}"
            if elsewhere := now.place != was.place and here != there:
                instead = f" statt {there.name}" if there else ""  # who knows it no more, says less
                text = f"{when}: {who}, jetzt {here.name}{instead}"
            if moved or elsewhere:
                lines[text] = _Line(now.time, text)
    return sorted(lines.values(), key=attrgetter("time"))


def _left(before: Route, marked: Marks) -> set[VisitKey]:
    """What nobody has marked from the last halt on at which the bus was for sure."""
    halts = [[visit_key(visit) for visit in stop.visits] for stop in before.halts]
    reached = [at for at, keys in enumerate(halts) if any(_was_there(key, marked) for key in keys)]
    ahead = [key for keys in halts[max(reached, default=0) :] for key in keys]
    return {key for key in ahead if _mark(key, marked) is None}


def _was_there(key: VisitKey, marked: Marks) -> bool:
    request, trip, kind = key
    arrived = marked.get((request, trip), Marked()).when(Mark.ARRIVED)
    here = kind is VisitKind.PICKUP and arrived is not None
    return here or _mark(key, marked) not in {None, Mark.NO_SHOW}


def _mark(key: VisitKey, marked: Marks) -> Mark | None:
    """What was marked of somebody who gets on or off; whoever is aboard has not got off yet."""
    request, trip, kind = key
    mark = marked.get((request, trip), Marked()).mark
    return mark if mark in _SAID.get(kind, ()) else None


def _calls(route: Route) -> dict[VisitKey, _Call]:
    return {
        visit_key(visit): _Call(stop.arrival, stop.place)
        for stop in route.halts
        for visit in stop.visits
    }
