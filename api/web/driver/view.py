"""One shift as its driver works through it: what is next, what is marked already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.operations.days import PlannedDay
from api.sheets import wording
from data.states import RequestState
from data.ticks import Mark, Marked
from routing.geo import Point
from scheduler.clock import Clock, hh_mm
from scheduler.manifest import Contact, is_noted
from scheduler.model import Request, RequestId, ShiftId, TripKind, VisitKind, trip_kind
from scheduler.plan import PlannedVisit, Route, in_turn

_ACTIONS = {
    VisitKind.PICKUP: "Einsteigen",
    VisitKind.DROPOFF: "Aussteigen",
    VisitKind.VIA: "Bus wartet",
}
_DONE = {
    VisitKind.PICKUP: {
        Mark.ABOARD: "eingestiegen",
        Mark.DONE: "eingestiegen",
        Mark.NO_SHOW: "nicht da",
    },
    VisitKind.DROPOFF: {Mark.DONE: "ausgestiegen", Mark.NO_SHOW: "war nicht da"},
}


@dataclass(frozen=True)
class VisitView:
    """
    One passenger at one stop.

    *done* says what was marked, "" as long as nothing is. *marks* are the buttons: what each
    marks, and its word. *back* is the mark that takes back what was marked here.
    """

    request: RequestId
    trip: TripKind
    action: str
    name: str
    phone: str
    needs: str
    note: str
    done: str
    marks: tuple[tuple[str, str], ...]
    back: str


@dataclass(frozen=True)
class StopView:
    """
    One halt; *open* as long as somebody is not marked.

    *geo* opens the telephone's own map. *arrived* says when the bus was marked to be there, which
    is a mark of the trips *boarding*; *waiting* as long as nothing else is marked of them.
    """

    number: int
    time: str
    leaves: str
    place: str
    address: str
    phone: str
    geo: str
    visits: tuple[VisitView, ...]
    boarding: tuple[VisitView, ...]
    arrived: str
    waiting: bool
    open: bool


@dataclass(frozen=True)
class TourView:
    """A whole shift; *next* is the number of the first halt that is open, 0 if none is."""

    stops: tuple[StopView, ...]
    next: int


def tour_view(
    planned: PlannedDay, shift: ShiftId, states: Iterable[RequestState], *, now: Clock
) -> TourView:
    """
    Put a shift of a plan into words, with what was marked of it.

    *now* is on the clock of the day: a halt at which the bus only waits is over by then.
    """
    route = next(route for route in planned.plan.routes if route.shift == shift)
    marked = {(state.request, trip.trip): trip.marked for state in states for trip in state.trips}
    stops = tuple(_stops(planned, route, marked, now))
    return TourView(stops, next((stop.number for stop in stops if stop.open), 0))


def _stops(
    planned: PlannedDay,
    route: Route,
    marked: Mapping[tuple[RequestId, TripKind], Marked],
    now: Clock,
) -> Iterator[StopView]:
    labels = planned.input.labels(planned.region)
    asked = {request.id: request for request in planned.input.requests}
    for number, stop in enumerate((stop for stop in route.halts if stop.visits), start=1):
        visits = in_turn(stop.visits, who=lambda visit: visit.trip)
        views = tuple(
            _visit(
                visit,
                planned.input.contacts.get(visit.request, Contact(visit.request, "", "")),
                asked.get(visit.request),
                marked.get((visit.request, trip_kind(visit.trip)), Marked()),
            )
            for visit in visits
        )
        to_mark = [view for view in views if view.marks]
        boarding = tuple(view for view in views if view.action == _ACTIONS[VisitKind.PICKUP])
        yield StopView(
            number=number,
            time=hh_mm(stop.arrival),
            leaves=hh_mm(stop.departure),
            place=labels[stop.place].name,
            address=labels[stop.place].address,
            phone=labels[stop.place].phone,
            geo=_geo(planned.day.places[stop.place].point),
            visits=views,
            boarding=boarding,
            arrived=_arrived(planned, visits, marked),
            waiting=not any(view.done for view in boarding),
            open=any(not view.done for view in to_mark) if to_mark else stop.departure > now,
        )


def _visit(
    visit: PlannedVisit, contact: Contact, request: Request | None, marked: Marked
) -> VisitView:
    pickup = visit.kind is VisitKind.PICKUP
    words = _DONE.get(visit.kind, {})
    buttons: tuple[tuple[str, str], ...] = ()
    if pickup:
        buttons = ((Mark.ABOARD.value, "eingestiegen"), (Mark.NO_SHOW.value, "nicht da"))
    elif visit.kind is VisitKind.DROPOFF:
        buttons = ((Mark.DONE.value, "ausgestiegen"),)
    # Whoever is not out yet is still in the bus; whoever is not in was never there.
    back = Mark.ABOARD if not pickup and marked.mark is not Mark.NO_SHOW else Mark.OPEN
    return VisitView(
        request=visit.request,
        trip=trip_kind(visit.trip),
        action=_ACTIONS[visit.kind],
        name=contact.name,
        phone=contact.phone,
        needs=" · ".join(wording.needs(request.needs)) if request else "",
        note=contact.note if is_noted(visit.kind, trip_kind(visit.trip)) else "",
        done=words.get(marked.mark, "") if marked.mark else "",
        marks=buttons,
        back=back.value,
    )


def _arrived(
    planned: PlannedDay,
    visits: Iterable[PlannedVisit],
    marked: Mapping[tuple[RequestId, TripKind], Marked],
) -> str:
    """When the bus was marked to be where these passengers get on."""
    moments = (
        marked.get((visit.request, trip_kind(visit.trip)), Marked()).when(Mark.ARRIVED)
        for visit in visits
        if visit.kind is VisitKind.PICKUP
    )
    zone = ZoneInfo(planned.region.timezone)
    first = min((moment for moment in moments if moment is not None), default=None)
    return f"{first.astimezone(zone):%H:%M}" if first else ""


def _geo(point: Point) -> str:
    where = f"{point.lat:.6f},{point.lon:.6f}"
    return f"geo:{where}?q={where}"
