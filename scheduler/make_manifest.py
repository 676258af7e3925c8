"""Join the route of one shift with the names of its people and places: `scheduler.manifest`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.manifest import (
    Aboard,
    Contact,
    Header,
    Manifest,
    ManifestError,
    ManifestStop,
    ManifestVisit,
    OnCall,
    PlaceLabel,
    Rest,
)
from scheduler.model import (
    Load,
    PlaceId,
    Request,
    RequestId,
    Shift,
    ShiftId,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    VisitKind,
    WayBack,
)
from scheduler.plan import Plan, PlannedVisit, Route, Stop
from scheduler.promises import Promise, told

_Thing = TypeVar("_Thing")


def make_manifest(
    plan: Plan,
    day: Day,
    shift_id: ShiftId,
    *,
    header: Header,
    requests: Mapping[RequestId, Request],
    contacts: Mapping[RequestId, Contact],
    labels: Mapping[PlaceId, PlaceLabel],
    cancelled: Sequence[RequestId] = (),
    promises: Iterable[Promise] = (),
) -> Manifest:
    """
    Join the route of one shift with the names of people and places.

    *requests* gives needs and appointments; it must hold every request of the route, as must
    *contacts*, and *labels* every place that the route touches or leads to. *promises* are those
    of the day, of whomever.

    Raises
    ------
    ManifestError
        If the plan has no such shift, or a request or place is not described.
    """
    shift = _find(day.shifts, shift_id, key=lambda each: each.id)
    route = _find(plan.routes, shift_id, key=lambda each: each.shift)
    join = _Join(
        plan=plan,
        day=day,
        requests=requests,
        contacts=contacts,
        labels=labels,
        promised={
            trip.id: told(trip.visits[0].window) for promise in promises for trip in promise.trips
        },
    )
    stops = tuple(join.stops(route, shift))
    boarding = [visit for stop in route.stops for visit in stop.visits if _boards(visit)]
    return Manifest(
        shift=shift_id,
        date=plan.date,
        hours=shift.hours,
        header=header,
        stops=stops,
        on_call=tuple(_on_call(stops)),
        cancelled=tuple(_of(contacts, request, "contact") for request in cancelled),
        passengers=len({visit.request for visit in boarding}),
        boardings=sum(_heads(day.trip(visit.trip)) for visit in boarding),
        metres=route.metres,
    )


def _find(things: Sequence[_Thing], shift: ShiftId, *, key: Callable[[_Thing], ShiftId]) -> _Thing:
    for thing in things:
        if key(thing) == shift:
            return thing
    msg = f"The day has no shift {shift!r}, only {', '.join(map(key, things)) or 'none at all'}."
    raise ManifestError(msg)


def _of(described: Mapping[str, _Thing], key: str, what: str) -> _Thing:
    try:
        return described[key]
    except KeyError:
        msg = f"There is no {what} for {key!r}."
        raise ManifestError(msg) from None


def _boards(visit: PlannedVisit) -> bool:
    return visit.kind is VisitKind.PICKUP


def _heads(trip: Trip) -> int:
    return trip.load.seats + trip.load.wheelchairs


@dataclass(frozen=True)
class _Join:
    """Everything that is looked up while the stops of one route are written down."""

    plan: Plan
    day: Day
    requests: Mapping[RequestId, Request]
    contacts: Mapping[RequestId, Contact]
    labels: Mapping[PlaceId, PlaceLabel]
    promised: Mapping[TripId, TimeWindow]

    def stops(self, route: Route, shift: Shift) -> Iterator[ManifestStop]:
        seatings = arrange_seats(
            [self._load(stop) for stop in route.halts], shift.vehicle.configurations
        )
        resting = _rest_stop(route)
        for at, ((number, stop), seating) in enumerate(
            zip(route.numbered(), seatings, strict=True)
        ):
            yield ManifestStop(
                number=number,
                arrival=stop.arrival,
                departure=stop.departure,
                place=_of(self.labels, stop.place, "label"),
                metres=stop.metres,
                visits=tuple(self._visit(visit) for visit in stop.visits),
                aboard=tuple(self._aboard(stop)),
                seating=None if at and seating == seatings[at - 1] else seating,
                rest=_rest(stop, route.rest) if at == resting else None,
            )

    def _visit(self, planned: PlannedVisit) -> ManifestVisit:
        trip = self.day.trip(planned.trip)
        request = _of(self.requests, planned.request, "request")
        contact = _of(self.contacts, planned.request, "contact")
        boards, alights = _boards(planned), planned.kind is VisitKind.DROPOFF
        goal = _of(self.labels, trip.visits[-1].place, "label")
        return ManifestVisit(
            kind=planned.kind,
            trip=trip.kind,
            begin=planned.begin,
            end=planned.end,
            name=contact.name,
            phone=contact.phone,
            note=contact.note,
            needs=request.needs,
            appointment=request.appointment if trip.kind is TripKind.OUTBOUND else None,
            goes_to=goal.name if boards else "",
            back_at=self._fetched_again(planned) if alights else None,
            on_call=request.way_back is WayBack.WILL_CALL
            and (boards if trip.kind is TripKind.RETURN else alights),
            promised=self.promised.get(trip.id) if boards else None,
        )

    def _fetched_again(self, alighting: PlannedVisit) -> Clock | None:
        later = (
            visit.begin
            for route in self.plan.routes
            for stop in route.stops
            for visit in stop.visits
            if visit.request == alighting.request
            and _boards(visit)
            and visit.begin >= alighting.end
        )
        return min(later, default=None)

    def _aboard(self, stop: Stop) -> Iterator[Aboard]:
        for trip_id in stop.aboard:
            trip = self.day.trip(trip_id)
            yield Aboard(_of(self.contacts, trip.request, "contact").name, _heads(trip))

    def _load(self, stop: Stop) -> Load:
        return sum((self.day.trip(trip).load for trip in stop.aboard), Load())


def arrange_seats(loads: Sequence[Load], configurations: Sequence[Load]) -> tuple[Load, ...]:
    """
    The seat configuration on each leg, with as few changes on the way as possible.

    Each stretch takes the configuration that lasts longest, the first of those that tie.

    Raises
    ------
    ManifestError
        If a load fits no configuration.
    """
    arranged: list[Load] = []
    while len(arranged) < len(loads):
        rest = loads[len(arranged) :]
        lasting = [(_legs(rest, places), places) for places in configurations]
        legs, places = max(lasting, key=lambda pair: pair[0])
        if legs == 0:
            msg = f"No seat configuration has room for {rest[0]}."
            raise ManifestError(msg)
        arranged += [places] * legs
    return tuple(arranged)


def _legs(loads: Sequence[Load], places: Load) -> int:
    for legs, load in enumerate(loads):
        if not load.fits(places):
            return legs
    return len(loads)


def _rest_stop(route: Route) -> int | None:
    """Which stop the break belongs to: the last that is reached before it begins."""
    if route.rest is None or not route.stops:
        return None
    reached = [at for at, stop in enumerate(route.halts) if stop.arrival <= route.rest.earliest]
    return reached[-1] if reached else 0


def _rest(stop: Stop, window: TimeWindow | None) -> Rest | None:
    if window is None:
        return None
    return Rest(window, first=any(visit.begin >= window.latest for visit in stop.visits))


def _on_call(stops: Sequence[ManifestStop]) -> Iterator[OnCall]:
    for stop in stops:
        for visit in stop.visits:
            if visit.on_call and visit.kind is VisitKind.PICKUP and stop.number is not None:
                yield OnCall(
                    name=visit.name,
                    phone=visit.phone,
                    place=stop.place,
                    latest=visit.begin,
                    leaves=stop.departure,
                    stop=stop.number,
                    promised=visit.promised,
                )
