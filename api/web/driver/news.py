"""What a version makes different for one driver, in a few lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from zoneinfo import ZoneInfo

from api.operations.driving import Held, Tour
from api.web.driver.view import VisitKey, visit_key
from scheduler.clock import Clock, hh_mm
from scheduler.manifest import Contact, PlaceLabel
from scheduler.model import PlaceId, RequestId, VisitKind
from scheduler.plan import Route

_ACTIONS = {
    VisitKind.PICKUP: "Einsteigen",
    VisitKind.DROPOFF: "Aussteigen",
    VisitKind.VIA: "Bus wartet",
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


def tour_news(tour: Tour, seen: Held, *, due: Clock | None) -> NewsView:
    """
    Say what is different since the version that the driver has *seen*.

    What was planned before the next halt is *due*, or at all if there is none, is past.
    """
    published = tour.planned.published
    zone = ZoneInfo(tour.planned.region.timezone)
    since = f"{published.at.astimezone(zone):%H:%M}" if published else ""
    before = seen.route(tour.route.shift)
    if before is None:
        return NewsView(since, ("Diesen Dienst gab es vorher nicht.",))
    crew, halts = tuple(_crew(tour, before)), _halts(tour, before, seen.contacts)
    if not crew and not halts:
        return NewsView(since, ("In diesem Dienst ändert sich nichts.",))
    ahead = [] if due is None else [line for line, time in halts.items() if time >= due][:_FEW]
    more = tuple(line for line in halts if line not in ahead)
    return NewsView(since, (*crew, *ahead), more)


def _crew(tour: Tour, before: Route) -> Iterator[str]:
    region, now = tour.planned.region, tour.route
    if before.vehicle != now.vehicle:
        vehicle = region.vehicle_label(now.vehicle)
        yield f"Fahrzeug: {vehicle} statt {region.vehicle_label(before.vehicle)}"
    if before.driver != now.driver:
        driver = region.driver_label(now.driver)
        yield f"Am Steuer: {driver} statt {region.driver_label(before.driver)}"


def _halts(tour: Tour, before: Route, known: Mapping[RequestId, Contact]) -> dict[str, Clock]:
    """What is different of the halts, and when."""
    old, new = _calls(before), _calls(tour.route)
    names = {**known, **tour.planned.input.contacts}
    labels = tour.planned.input.labels(tour.planned.region)
    lines: dict[str, Clock] = {}  # each once: many get off where one does
    for key in old | new:
        was, now = old.get(key), new.get(key)
        who = f"{_ACTIONS[key[2]]} {names.get(key[0], Contact('Fahrgast')).name}"
        if now is None and was is not None:
            lines[f"{hh_mm(was.time)} entfällt: {who}"] = was.time
        elif now is not None and was is None:
            lines[f"{hh_mm(now.time)} neu: {who}, {_called(labels, now.place)}"] = now.time
        elif now is not None and was is not None and hh_mm(now.time) != hh_mm(was.time):
            moved = f"{hh_mm(now.time)} statt {hh_mm(was.time)}"
            lines[f"{moved}: {_called(labels, now.place)}"] = now.time
    return dict(sorted(lines.items(), key=itemgetter(1)))


def _calls(route: Route) -> dict[VisitKey, _Call]:
    return {
        visit_key(visit): _Call(stop.arrival, stop.place)
        for stop in route.halts
        for visit in stop.visits
    }


def _called(labels: Mapping[PlaceId, PlaceLabel], place: PlaceId) -> str:
    return labels[place].name
