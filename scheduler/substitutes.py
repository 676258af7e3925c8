"""Somebody else drives a shift of the running day, also one that had come to an end."""

from dataclasses import replace

from scheduler.buses import where_is
from scheduler.errors import (
    EventError,
    OverError,
    SameDriverError,
    TakenError,
    WheelchairAboardError,
)
from scheduler.model import Journey, Shift, TripId
from scheduler.plan import Route
from scheduler.promises import Promise
from scheduler.under_way import UnderWay


def take_over(under_way: UnderWay, shift: Shift) -> UnderWay:
    """
    Let the driver of *shift* drive it from now on.

    One that is still driven keeps its hours. One that has come to an end, or that the day does not
    have, is driven as *shift* says: from where its bus is, and not before its begin. Then whoever
    was given up asks again for what was promised.
    """
    _refuse_taken(under_way, shift)
    before = next((each for each in under_way.whole.shifts if each.id == shift.id), None)
    _refuse_over(under_way, shift, before)
    if before is None:
        return _asking_again(_opened(under_way, shift))
    if before.driver == shift.driver and shift.id not in under_way.whole.ended:
        msg = f"Shift {shift.id} is driven by {shift.driver} already."
        raise SameDriverError(msg)
    if not shift.takes_wheelchairs and _wheelchair_aboard(under_way, shift):
        msg = f"Somebody in a wheelchair is in the bus of shift {shift.id}."
        raise WheelchairAboardError(msg)
    if shift.id in under_way.whole.ended:
        return _asking_again(_driven_again(under_way, shift))
    goes_on = replace(before, driver=shift.driver, takes_wheelchairs=shift.takes_wheelchairs)
    return _with(under_way, goes_on)


def _driven_again(under_way: UnderWay, shift: Shift) -> UnderWay:
    whole = under_way.whole
    route = next(each for each in under_way.plan.routes if each.shift == shift.id)
    held_up = whole.held_up.get(shift.id, under_way.now)
    bus = where_is(shift, route, under_way.now, held_up=held_up)
    again = _with(under_way, shift)
    return replace(
        again,
        whole=replace(again.whole, ended=whole.ended - {shift.id}),
        buses={**under_way.buses, shift.id: bus},
    )


def _opened(under_way: UnderWay, shift: Shift) -> UnderWay:
    """The same day with a shift that nobody was to drive."""
    whole, plan = under_way.whole, under_way.plan
    unknown = {shift.start_place, shift.end_place} - whole.places.keys()
    if unknown:
        msg = f"Shift {shift.id} begins or ends at {', '.join(sorted(unknown))}: no such place."
        raise EventError(msg)
    idle = Route(shift.id, shift.vehicle.id, shift.driver)
    bus = where_is(shift, idle, under_way.now, held_up=under_way.now)
    return replace(
        under_way,
        whole=replace(whole, shifts=(*whole.shifts, shift)),
        plan=replace(plan, routes=(*plan.routes, idle)),
        buses={**under_way.buses, shift.id: bus},
    )


def _with(under_way: UnderWay, shift: Shift) -> UnderWay:
    """The same with another driver of *shift*; what was carried until now was carried by theirs."""
    whole = under_way.whole
    done = {visit.trip for visit in under_way.buses[shift.id].done}
    shifts = tuple(shift if each.id == shift.id else each for each in whole.shifts)
    return replace(under_way, whole=replace(whole, shifts=shifts, carried=whole.carried | done))


def _asking_again(under_way: UnderWay) -> UnderWay:
    """Let everybody who was given up ask for what was promised to them."""
    whole = under_way.whole
    again = {promise.request: promise for promise in whole.given_up}
    begun = {each.request: each for each in whole.journeys if each.request in again}
    journeys = (
        _joined(promise, begun[name].options[0] if name in begun else ())
        for name, promise in again.items()
    )
    return replace(
        under_way,
        whole=replace(
            whole,
            journeys=(*(each for each in whole.journeys if each.request not in again), *journeys),
            trips=(*whole.trips, *(trip for each in again.values() for trip in each.trips)),
            refused=tuple(each for each in whole.refused if each.request not in again),
            given_up=(),
        ),
    )


def _joined(promise: Promise, begun: tuple[TripId, ...]) -> Journey:
    option = (*begun, *(trip.id for trip in promise.trips))
    return Journey(promise.request, (option,), promise.weight)


def _refuse_taken(under_way: UnderWay, shift: Shift) -> None:
    """No driver and no bus is on two shifts at once."""
    for other in under_way.whole.shifts:
        both = min(other.hours.latest, shift.hours.latest) - max(
            other.hours.earliest, shift.hours.earliest
        )
        if other.id == shift.id or both <= 0:
            continue
        if other.driver == shift.driver or other.vehicle.id == shift.vehicle.id:
            msg = f"Shift {other.id} has the driver or the vehicle of {shift.id} at that time."
            raise TakenError(msg, other.id, by_driver=other.driver == shift.driver)


def _refuse_over(under_way: UnderWay, shift: Shift, before: Shift | None) -> None:
    """Nothing is left of a shift when its hours are over, and its bus is back."""
    if before is None or shift.id in under_way.whole.ended:
        ends = shift.hours.latest
    else:
        routes = [each for each in under_way.plan.routes if each.shift == shift.id and each.stops]
        ends = max([before.hours.latest, *(route.stops[-1].departure for route in routes)])
    if ends <= under_way.now:
        msg = f"Shift {shift.id} is over."
        raise OverError(msg)


def _wheelchair_aboard(under_way: UnderWay, shift: Shift) -> bool:
    return any(
        under_way.whole.trip(trip).load.wheelchairs
        for trip, carrier in under_way.aboard.items()
        if carrier == shift.id
    )
