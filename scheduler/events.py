"""
What happens on the day itself, and what it makes of a day under way.

Each event changes what is still to be done, or where a bus is and when it can go on. What has been
driven stays as it was.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from routing.units import HOUR, Seconds
from scheduler.clock import Clock
from scheduler.model import (
    Journey,
    RequestId,
    Shift,
    ShiftId,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    Visit,
    VisitKind,
)
from scheduler.under_way import Bus, UnderWay

# Long enough for any ride that has to end where the bus broke down.
ANY_RIDE = 24 * HOUR


@dataclass(frozen=True)
class Cancelled:
    """Somebody does not ride any more; who is in the bus already is brought where they meant to."""

    request: RequestId


@dataclass(frozen=True)
class NoShow:
    """The bus is there, and nobody comes: the whole journey falls away."""

    request: RequestId


@dataclass(frozen=True)
class Delayed:
    """A bus is *late* by some seconds from here on; its driver may rest as much later."""

    shift: ShiftId
    late: Seconds


@dataclass(frozen=True)
class Ready:
    """
    Somebody is ready for the way back at another time: the doctor is late, or they ring.

    The bus comes from *at* on, by the end of the promised window or within *wait* if that is later.
    """

    request: RequestId
    at: Clock
    wait: Seconds


@dataclass(frozen=True)
class OutOfService:
    """
    A bus breaks down or a driver falls ill: the shift ends where it is.

    Whoever is in the bus waits there for another one.
    """

    shift: ShiftId


Event: TypeAlias = Cancelled | NoShow | Delayed | Ready | OutOfService


class EventError(ValueError):
    """An event names somebody or something that the rest of the day does not know."""


def happen(under_way: UnderWay, event: Event) -> UnderWay:
    """
    Let *event* happen.

    Raises
    ------
    EventError
        If it is about a request or a shift of which nothing is left to do.
    """
    match event:
        case Cancelled(request) | NoShow(request):
            return _dropped(under_way, request, aboard=isinstance(event, NoShow))
        case Delayed(shift, late):
            return _delayed(under_way, shift, late)
        case Ready():
            return _ready(under_way, event)
        case OutOfService(shift):
            return _ended(under_way, shift)


def _dropped(under_way: UnderWay, request: RequestId, *, aboard: bool) -> UnderWay:
    """Take out what has not begun of a request; with *aboard* also what has, as nobody came."""
    whole = under_way.whole
    journey = _journey(under_way, request)
    begun = {visit.trip for bus in under_way.buses.values() for visit in bus.done}
    kept = begun - {trip for trip in begun if aboard and trip in under_way.rest.bound_to}
    options = [tuple(trip for trip in option if trip in kept) for option in journey.options]
    left = next((option for option in options if option), ())
    gone = {trip.id for trip in whole.trips if trip.request == request} - set(left)
    return replace(
        under_way,
        whole=replace(
            whole,
            journeys=tuple(
                replace(each, options=(left,)) if each is journey else each
                for each in whole.journeys
                if each is not journey or left
            ),
            trips=tuple(trip for trip in whole.trips if trip.id not in gone),
        ),
        buses={shift: bus.without(gone) for shift, bus in under_way.buses.items()},
    )


def _delayed(under_way: UnderWay, shift: ShiftId, late: Seconds) -> UnderWay:
    if shift not in under_way.buses:
        msg = f"There is no shift {shift} on {under_way.whole.date}."
        raise EventError(msg)
    bus, whole = under_way.buses[shift], under_way.whole
    shifts = (_rested_later(each, late) if each.id == shift else each for each in whole.shifts)
    return replace(
        under_way,
        whole=replace(whole, shifts=tuple(shifts)),
        buses={**under_way.buses, shift: replace(bus, ready=bus.ready + late)},
    )


def _rested_later(shift: Shift, late: Seconds) -> Shift:
    if shift.rest is None:
        return shift
    return replace(shift, rest=replace(shift.rest, window=_until(shift.rest.window, late)))


def _ready(under_way: UnderWay, event: Ready) -> UnderWay:
    """Move the window in which the way back begins."""
    journey = _journey(under_way, event.request)
    back = [
        trip
        for trip in under_way.rest.trips
        if trip.request == event.request
        and trip.kind is not TripKind.OUTBOUND
        and trip.id not in under_way.rest.bound_to
        and trip.visits[0].place == _destination(under_way, journey)
    ]
    if not back:
        msg = f"Request {event.request} has no way back ahead."
        raise EventError(msg)
    moved = {trip.id: _from(trip, event) for trip in back}
    return _with_trips(under_way, moved)


def _destination(under_way: UnderWay, journey: Journey) -> str:
    """Where the way out of a journey ends."""
    return under_way.whole.trip(journey.options[0][0]).visits[-1].place


def _from(trip: Trip, event: Ready) -> Trip:
    pickup, *others = trip.visits
    latest = max(pickup.window.latest, event.at + event.wait)
    by = max(0, latest - pickup.window.latest)
    return replace(
        trip,
        visits=(
            replace(pickup, window=TimeWindow(event.at, latest)),
            *(replace(each, window=_until(each.window, by)) for each in others),
        ),
    )


def _until(window: TimeWindow, by: Seconds) -> TimeWindow:
    return TimeWindow(window.earliest, window.latest + by)


def _ended(under_way: UnderWay, shift: ShiftId) -> UnderWay:
    """End a shift where its bus is; whoever is in it gets out there and waits for another."""
    if shift not in under_way.buses:
        msg = f"There is no shift {shift} on {under_way.whole.date}."
        raise EventError(msg)
    bus, whole = under_way.buses[shift], under_way.whole
    stranded = [trip for trip, carrier in under_way.rest.bound_to.items() if carrier == shift]
    halves: dict[TripId, tuple[Trip, Trip]] = {}
    for name in stranded:
        if any(trip.id == name for trip in whole.trips):
            done = sum(visit.trip == name for visit in bus.done)
            halves[name] = _halves(whole.trip(name), done, bus.place, bus.ready)
    trips = [each for trip in whole.trips for each in halves.get(trip.id, (trip,))]
    journeys = tuple(
        replace(
            journey,
            options=tuple(
                tuple(each for name in option for each in _ids(name, halves))
                for option in journey.options
            ),
        )
        for journey in whole.journeys
    )
    return replace(
        under_way,
        whole=replace(
            whole,
            trips=tuple(trips),
            journeys=journeys,
            shifts=tuple(
                _until_home(each, bus, whole.seconds(bus.place, each.end_place))
                if each.id == shift
                else each
                for each in whole.shifts
            ),
        ),
    )


def _ids(name: TripId, halves: dict[TripId, tuple[Trip, Trip]]) -> list[TripId]:
    return [trip.id for trip in halves[name]] if name in halves else [name]


def _until_home(shift: Shift, bus: Bus, drive: Seconds) -> Shift:
    """Nothing is left of the shift but the way home, without a break."""
    latest = bus.ready + drive
    hours = TimeWindow(min(shift.hours.earliest, latest), latest)
    return replace(shift, hours=hours, rest=shift.rest if bus.rested else None)


def _halves(trip: Trip, done: int, place: str, ready: Clock) -> tuple[Trip, Trip]:
    """Cut a trip where its bus broke down: up to there, and from there in whatever bus comes."""
    here = TimeWindow(ready, ready)
    board, *_ = trip.visits
    ahead = trip.visits[done:]
    first = replace(
        trip,
        visits=(*trip.visits[:done], Visit(VisitKind.DROPOFF, place, here, 0)),
        longest_rides=(*trip.longest_rides[: done - 1], ANY_RIDE),
    )
    waits = TimeWindow(ready, max(ready, ahead[-1].window.latest))
    second = replace(
        trip,
        id=f"{trip.id}/rescue",
        visits=(Visit(VisitKind.PICKUP, place, waits, board.dwell), *ahead),
        longest_rides=trip.longest_rides[done - 1 :],
    )
    return first, second


def _journey(under_way: UnderWay, request: RequestId) -> Journey:
    """The journey of a request of which something is left to do."""
    ahead = {journey.request for journey in under_way.rest.journeys}
    for journey in under_way.whole.journeys:
        if journey.request == request and request in ahead:
            return journey
    msg = f"Nothing of request {request} is left to do on {under_way.whole.date}."
    raise EventError(msg)


def _with_trips(under_way: UnderWay, changed: dict[TripId, Trip]) -> UnderWay:
    whole = under_way.whole
    return replace(
        under_way,
        whole=replace(whole, trips=tuple(changed.get(trip.id, trip) for trip in whole.trips)),
    )
