"""One shift as its driver works through it: what is next, what is marked already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from api.operations.driving import Held, Tour
from api.operations.in_the_bus import Marks
from api.sheets import wording
from api.sheets.view import NOTHING_TO_DRIVE, aboard, ended, visit_view
from data.ticks import Mark, Marked
from routing.geo import Point
from routing.units import HOUR
from scheduler.clock import Clock, hh_mm
from scheduler.manifest import Manifest, ManifestStop, ManifestVisit
from scheduler.model import RequestId, TripKind, VisitKind, trip_kind
from scheduler.plan import PlannedVisit, Route, Stop

# A visit, in whichever version of a plan.
VisitKey: TypeAlias = tuple[RequestId, TripKind, VisitKind]

_DONE = {
    VisitKind.PICKUP: {
        Mark.ABOARD: "eingestiegen",
        Mark.DONE: "eingestiegen",
        Mark.NO_SHOW: "nicht da – bitte Disposition anrufen",
    },
    VisitKind.DROPOFF: {Mark.DONE: "ausgestiegen", Mark.NO_SHOW: "war nicht da"},
}
_BUTTONS = {
    VisitKind.PICKUP: ((Mark.ABOARD.value, "eingestiegen"), (Mark.NO_SHOW.value, "nicht da")),
    VisitKind.DROPOFF: ((Mark.DONE.value, "ausgestiegen"),),
}


@dataclass(frozen=True)
class VisitView:
    """
    One passenger at one stop; *facts* are those of the sheet.

    *done* says what was marked, "" as long as nothing is; *absent* that they were not there.
    *marks* are the buttons: what each marks, and its word. *back* takes back what was marked here.
    """

    request: RequestId
    trip: TripKind
    action: str
    boards: bool
    name: str
    phone: str
    needs: str
    facts: str
    note: str
    done: str
    absent: bool
    marks: tuple[tuple[str, str], ...]
    back: str

    @property
    def told(self) -> bool:
        """Whether something was marked here, and not elsewhere."""
        return bool(self.done) and (self.boards or not self.absent)


@dataclass(frozen=True)
class StopView:
    """
    One halt; *open* as long as somebody is not marked, *missed* if that is so further on.

    *paper* is its number on the printed sheet where that is another one. *before* and *after* are
    what the driver does there besides; so many *people* are in the bus afterwards, and who is
    *aboard*. *ends* is when a halt is over at which nothing can be marked, as browsers read it, ""
    for all others. *geo* opens the telephone's own map. *arrived* says when the bus was marked to
    be there, which is a mark of the trips *boarding*; *waiting* as long as nothing else is marked
    of them.
    """

    number: int
    paper: str
    time: str
    leaves: str
    ends: str
    place: str
    address: str
    phone: str
    geo: str
    before: tuple[str, ...]
    people: int
    aboard: tuple[str, ...]
    after: tuple[str, ...]
    visits: tuple[VisitView, ...]
    boarding: tuple[VisitView, ...]
    arrived: str
    waiting: bool
    open: bool
    missed: bool = False

    @property
    def told(self) -> bool:
        """Whether something was marked here."""
        return bool(self.arrived) or any(visit.told for visit in self.visits)

    @property
    def reached(self) -> bool:
        """Whether the bus was here for sure; that somebody will not come is known before."""
        return bool(self.arrived) or any(view.done and not view.absent for view in self.visits)


@dataclass(frozen=True)
class TourView:
    """
    A whole shift: the halt that is *next*, those *ahead* of it, and those that are *over*.

    *notice* says that nothing, or nothing more, is to be driven; *ended* that the shift came to an
    end. *due* is when the next halt was planned, ``None`` if there is none. *missed* are halts
    before one that the bus has reached. *stranded* are in the bus and get off nowhere.
    *absent* were not there at the halt that the bus came from: the dispatcher should know.
    """

    notice: str
    ended: bool
    next: StopView | None
    due: Clock | None
    ahead: tuple[StopView, ...]
    missed: tuple[StopView, ...]
    over: tuple[StopView, ...]
    stranded: tuple[VisitView, ...]
    absent: tuple[str, ...]


def tour_view(tour: Tour, *, now: Clock, printed: Held | None = None) -> TourView:
    """
    Put a shift into words, with what was marked of it.

    *now* is on the clock of the day: a halt at which the bus only waits is over by then. *printed*
    is the version that the driver has on paper.
    """
    held = printed.route(tour.route.shift) if printed else None
    halts = [stop for stop in tour.route.halts if stop.visits]
    stops = tuple(_stops(tour, halt_numbers(held) if held else None))
    told = [at for at, stop in enumerate(stops) if stop.told]
    reached = max((at for at, stop in enumerate(stops) if stop.reached), default=-1)
    # Whoever was at a later halt is no longer on the way to this one; and whoever only waits is
    # not after its time.
    stops = tuple(
        replace(
            view,
            open=at >= reached and (stop.departure > now if view.ends else view.open),
            missed=at < reached and view.open,
        )
        for at, (view, stop) in enumerate(zip(stops, halts, strict=True))
    )
    ahead = [stop for stop in stops if stop.open]
    due = next((stop.arrival for view, stop in zip(stops, halts, strict=True) if view.open), None)
    came_from = stops[told[-1]] if told and not stops[told[-1]].open else None
    return TourView(
        notice=_notice(tour.manifest),
        ended=tour.manifest.header.ended is not None,
        next=ahead[0] if ahead else None,
        due=due,
        ahead=tuple(ahead[1:]),
        missed=tuple(stop for stop in stops if stop.missed),
        over=tuple(stop for stop in stops if not stop.open and not stop.missed),
        stranded=tuple(_stranded(tour)),
        absent=tuple(visit.name for visit in came_from.visits if visit.absent and visit.boards)
        if came_from
        else (),
    )


def halt_numbers(route: Route) -> dict[VisitKey, int]:
    """At which halt of the sheet each passenger gets on or off."""
    return {
        visit_key(visit): number
        for number, stop in route.numbered()
        if number is not None
        for visit in stop.visits
    }


def visit_key(visit: PlannedVisit) -> VisitKey:
    """What a visit is called in every version."""
    return visit.request, trip_kind(visit.trip), visit.kind


def _stops(tour: Tour, numbers: Mapping[VisitKey, int] | None) -> Iterator[StopView]:
    stops = tour.manifest.stops
    for at, (stop, sheet) in enumerate(zip(tour.route.halts, stops, strict=True)):
        if sheet.number is None:
            continue
        visits = tuple(_visits(stop, sheet, tour.marked))
        boarding = tuple(view for view in visits if view.boards)
        marks = any(view.marks for view in visits)
        earlier = stops[:at] if sheet.number == 1 else ()
        yield StopView(
            number=sheet.number,
            paper=_paper(sheet.number, stop, numbers),
            time=hh_mm(stop.arrival),
            leaves=hh_mm(stop.departure),
            ends="" if marks else _moment(tour, stop.departure),
            place=sheet.place.name,
            address=sheet.place.address,
            phone=sheet.place.phone,
            geo=_geo(tour.planned.day.places[stop.place].point),
            before=(*_before_all(earlier), *_before(sheet)),
            people=sheet.people_aboard,
            aboard=tuple(aboard(sheet)),
            after=tuple(_after(sheet)),
            visits=visits,
            boarding=boarding,
            arrived=_arrived(tour, boarding),
            waiting=not any(view.done for view in boarding),
            open=any(not view.done for view in visits if view.marks),
        )


def _notice(manifest: Manifest) -> str:
    """Say what the sheet says on top where nothing, or nothing more, is to be driven."""
    if manifest.header.ended is None:
        return "" if manifest.stops else NOTHING_TO_DRIVE
    more = "Nach dem letzten Halt auf dieser Seite" if manifest.stops else "Bitte"
    return f"{ended(manifest)} {more} keinen Halt mehr anfahren."


def _before_all(depots: Iterable[ManifestStop]) -> Iterator[str]:
    for depot in depots:
        if depot.seating is not None:
            yield f"Bus vor der Abfahrt: {wording.seats(depot.seating)}"
        if depot.rest:
            yield f"Pause {wording.lasting(depot.rest.window)}"


def _before(sheet: ManifestStop) -> Iterator[str]:
    if sheet.rest and sheet.rest.first:
        yield f"Pause {wording.lasting(sheet.rest.window)}"
    if sheet.seating is not None:
        yield f"Jetzt umbauen: {wording.seats(sheet.seating)}"


def _after(sheet: ManifestStop) -> Iterator[str]:
    if sheet.rest and not sheet.rest.first:
        yield f"Pause {wording.lasting(sheet.rest.window)}"


def _paper(number: int, stop: Stop, numbers: Mapping[VisitKey, int] | None) -> str:
    if numbers is None:
        return ""
    keys = (visit_key(visit) for visit in stop.visits)
    before = sorted({numbers[key] for key in keys if key in numbers})
    if not before:
        return "nicht auf dem Blatt"
    return "" if before == [number] else f"Blatt: {', '.join(map(str, before))}"


def _visits(stop: Stop, sheet: ManifestStop, marked: Marks) -> Iterator[VisitView]:
    """Give the passengers at a halt in the order of the sheet."""
    turn = {id(visit): at for at, visit in enumerate(sheet.in_turn)}
    both = zip(stop.visits, sheet.visits, strict=True)
    for planned, visit in sorted(both, key=lambda pair: turn[id(pair[1])]):
        trip = trip_kind(planned.trip)
        yield _visit(planned.request, trip, visit, marked.get((planned.request, trip), Marked()))


def _visit(request: RequestId, trip: TripKind, visit: ManifestVisit, marked: Marked) -> VisitView:
    pickup, shown = visit.kind is VisitKind.PICKUP, visit_view(visit)
    words = _DONE.get(visit.kind, {})
    absent = marked.mark is Mark.NO_SHOW
    return VisitView(
        request=request,
        trip=trip,
        action=shown["action"],
        boards=pickup,
        name=visit.name,
        phone=visit.phone,
        needs=" · ".join(wording.needs(visit.needs)),
        facts=" · ".join(shown["facts"]),
        note=visit.note_here,
        done=words.get(marked.mark, "") if marked.mark else "",
        absent=absent,
        marks=_BUTTONS.get(visit.kind, ()),
        # Whoever is not out yet is still in the bus; whoever is not in was never there.
        back=(Mark.OPEN if pickup or absent else Mark.ABOARD).value,
    )


def _stranded(tour: Tour) -> Iterator[VisitView]:
    labels = tour.planned.input.labels(tour.planned.region)
    asked = {request.id: request for request in tour.planned.input.requests}
    for (name, trip), contact in tour.stranded.items():
        request = asked.get(name)
        goal = ""
        if request is not None and trip is TripKind.OUTBOUND:
            goal = f"wollte nach {labels[request.destination].name}"
        elif request is not None and trip is TripKind.RETURN:
            goal = f"wollte nach Hause: {labels[request.origin].name}"
        yield VisitView(
            request=name,
            trip=trip,
            action="Noch im Bus",
            boards=False,
            name=contact.name,
            phone=contact.phone,
            needs=" · ".join(wording.needs(request.needs)) if request else "",
            facts=goal,
            note="",
            done="",
            absent=False,
            marks=_BUTTONS[VisitKind.DROPOFF],
            back=Mark.ABOARD.value,
        )


def _arrived(tour: Tour, boarding: Iterable[VisitView]) -> str:
    """When the bus was marked to be where these passengers get on."""
    moments = (
        tour.marked.get((visit.request, visit.trip), Marked()).when(Mark.ARRIVED)
        for visit in boarding
    )
    zone = ZoneInfo(tour.planned.region.timezone)
    first = min((moment for moment in moments if moment is not None), default=None)
    return f"{first.astimezone(zone):%H:%M}" if first else ""


def _moment(tour: Tour, clock: Clock) -> str:
    """A time of the service day for browsers; its clock counts from noon minus twelve hours."""
    zone = ZoneInfo(tour.planned.region.timezone)
    noon = datetime.combine(tour.planned.plan.date, time(12), tzinfo=zone).astimezone(UTC)
    return f"{noon + timedelta(seconds=clock - 12 * HOUR):%Y-%m-%dT%H:%M:%SZ}"


def _geo(point: Point) -> str:
    where = f"{point.lat:.6f},{point.lon:.6f}"
    return f"geo:{where}?q={where}"
