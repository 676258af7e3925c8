"""What happens to buses and roads on the day itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from routing.matrix import NO_ROAD, TravelMatrix
from routing.units import HOUR, Seconds
from scheduler.buses import Bus
from scheduler.clock import Clock
from scheduler.day import DayRoads
from scheduler.errors import EventError
from scheduler.model import (
    PlaceId,
    Shift,
    ShiftId,
    TimeWindow,
    Trip,
    TripId,
    Visit,
    VisitKind,
)
from scheduler.plan import Stop
from scheduler.turns import later_shifts, rested_later
from scheduler.under_way import UnderWay

# How the way goes on that a bus broke down on.
_RESCUE = "/rescue"
# Long enough for any ride that has to end where the bus broke down.
ANY_RIDE = 24 * HOUR


def is_rescue(trip: TripId) -> bool:
    """Whether a trip begins where a bus broke down."""
    return trip.endswith(_RESCUE)


def delay(under_way: UnderWay, shift: ShiftId, late: Seconds) -> UnderWay:
    """Let a bus go on *late* seconds later, and rest as much later."""
    bus, whole = _bus(under_way, shift), under_way.whole
    ready = bus.ready + late
    if bus.stops and bus.stops[-1].arrival > under_way.now:
        bus = replace(bus, stops=(*bus.stops[:-1], _held_up(bus.stops[-1], late)))
    shifts = (rested_later(each, late) if each.id == shift else each for each in whole.shifts)
    return replace(
        under_way,
        whole=replace(whole, shifts=tuple(shifts), held_up={**whole.held_up, shift: ready}),
        buses={**under_way.buses, shift: replace(bus, ready=ready)},
    )


def _held_up(stop: Stop, late: Seconds) -> Stop:
    """Reach a stop *late*: the bus is on its way there."""
    arrival = stop.arrival + late
    return replace(
        stop,
        arrival=arrival,
        departure=max(stop.departure, arrival),
        held_up=stop.held_up + late,
    )


def end_shifts(under_way: UnderWay, shift: ShiftId, *, vehicle: bool, driver: bool) -> UnderWay:
    """End a shift, and let fall out the later ones with its *vehicle* or its *driver*."""
    _bus(under_way, shift)
    later = later_shifts(under_way, shift, vehicle=vehicle, driver=driver)
    for each in (shift, *later):
        under_way = end_shift(under_way, each)
    return under_way


def end_shift(under_way: UnderWay, shift: ShiftId) -> UnderWay:
    """End a shift where its bus is; whoever is in it gets out there and waits for another."""
    bus, whole = _bus(under_way, shift), under_way.whole
    halves = {
        name: _halves(whole.trip(name), under_way.made[name], bus)
        for name, carrier in under_way.aboard.items()
        if carrier == shift
    }
    trips = [each for trip in whole.trips for each in halves.get(trip.id, (trip,))]
    journeys = tuple(
        replace(
            journey,
            options=tuple(
                tuple(each for name in option for each in _ids(name, halves))
                for option in under_way.open_options(journey)
            ),
        )
        for journey in whole.journeys
    )
    shifts = tuple(
        _until_home(each, bus, whole.seconds(bus.place, each.end_place))
        if each.id == shift
        else each
        for each in whole.shifts
    )
    return replace(
        under_way,
        whole=replace(
            whole,
            trips=tuple(trips),
            journeys=journeys,
            shifts=shifts,
            ended=whole.ended | {shift},
        ),
    )


def change_roads(
    under_way: UnderWay, travel: TravelMatrix, index: Mapping[PlaceId, int]
) -> UnderWay:
    """Let all drives that have not begun be on other roads."""
    whole = under_way.whole
    missing = sorted(whole.places.keys() - index.keys())
    if missing:
        msg = f"The new roads do not lead to {', '.join(missing)}."
        raise EventError(msg)
    # Who sets off at this very second is still on the old roads.
    until = under_way.now + 1
    earlier = DayRoads(whole.travel, whole.index, until)
    whole = replace(
        whole,
        travel=travel,
        index=index,
        earlier_roads=(*whole.earlier_roads, earlier),
        shifts=tuple(
            _ends_within_reach(shift, under_way.buses[shift.id], DayRoads(travel, index))
            for shift in whole.shifts
        ),
    )
    buses = {
        shift: replace(bus, ready=max(bus.ready, until)) for shift, bus in under_way.buses.items()
    }
    return replace(under_way, whole=whole, buses=buses)


def _bus(under_way: UnderWay, shift: ShiftId) -> Bus:
    if shift not in under_way.buses:
        msg = f"There is no shift {shift} on {under_way.whole.date}."
        raise EventError(msg)
    return under_way.buses[shift]


def _ends_within_reach(shift: Shift, bus: Bus, roads: DayRoads) -> Shift:
    """A bus that no road leads home ends where it is now."""
    cut_off = roads.seconds(bus.place, shift.end_place) >= NO_ROAD
    return replace(shift, end_place=bus.place) if cut_off else shift


def _ids(name: TripId, halves: Mapping[TripId, Sequence[Trip]]) -> list[TripId]:
    return [trip.id for trip in halves[name]] if name in halves else [name]


def _until_home(shift: Shift, bus: Bus, drive: Seconds) -> Shift:
    """Nothing is left of the shift but the way home, without a break."""
    latest = bus.ready + drive
    hours = TimeWindow(min(shift.hours.earliest, latest), latest)
    return replace(shift, hours=hours, rest=shift.rest if bus.rested else None)


def _halves(trip: Trip, done: int, bus: Bus) -> tuple[Trip, ...]:
    """
    Cut a trip where its bus broke down: up to there, and from there in whatever bus comes.

    Whoever wanted to get out there has arrived; whoever wanted to wait there with the bus, at an
    open pharmacy, does so while they wait for the other one.
    """
    ahead = trip.visits[done:]
    here, ready = ahead[0], bus.ready
    if here.place == bus.place and here.kind is VisitKind.DROPOFF:
        return (_arrived(trip, ready),)
    first = replace(
        trip,
        visits=(
            *trip.visits[:done],
            Visit(VisitKind.DROPOFF, bus.place, TimeWindow(ready, ready), 0),
        ),
        longest_rides=(*trip.longest_rides[: done - 1], ANY_RIDE),
    )
    longest_rides = trip.longest_rides[done - 1 :]
    if here.place == bus.place and ready in here.window:
        ready, ahead, longest_rides = ready + here.dwell, ahead[1:], longest_rides[1:]
    waits = TimeWindow(ready, max(ready, ahead[-1].window.latest))
    second = replace(
        trip,
        id=f"{trip.id}{_RESCUE}",
        visits=(Visit(VisitKind.PICKUP, bus.place, waits, trip.visits[0].dwell), *ahead),
        longest_rides=longest_rides,
    )
    return first, second


def _arrived(trip: Trip, ready: Clock) -> Trip:
    """Let somebody get out where they wanted to, as soon as the bus is there."""
    *others, last = trip.visits
    window = TimeWindow(min(last.window.earliest, ready), last.window.latest)
    return replace(trip, visits=(*others, replace(last, window=window, dwell=0)))
