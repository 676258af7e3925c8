"""Shifts that follow each other with one vehicle or driver: the next begins when one is over."""

from dataclasses import replace
from itertools import combinations

from scheduler.clock import Clock
from scheduler.model import Shift, ShiftId, TimeWindow
from scheduler.under_way import UnderWay


def in_turn(under_way: UnderWay) -> UnderWay:
    """
    Let no shift begin before those with the same vehicle or driver are over that come before it.

    One that ends later than planned, or is held up, keeps the hours that it needs; the next begins
    as much later, with its break. Perhaps nothing is left of it.
    """
    order = sorted(under_way.whole.shifts, key=lambda shift: shift.hours.earliest)
    for one, other in combinations([shift.id for shift in order], 2):
        if _shared(_shift(under_way, one), _shift(under_way, other)):
            under_way = _one_after(under_way, one, other)
    return under_way


def later_shifts(
    under_way: UnderWay, shift: ShiftId, *, vehicle: bool, driver: bool
) -> list[ShiftId]:
    """The shifts that have not left yet and come after *shift*, with its vehicle or its driver."""
    before = _shift(under_way, shift)
    return [
        each.id
        for each in under_way.whole.shifts
        if each.id != shift
        and each.hours.earliest >= before.hours.earliest
        and not under_way.buses[each.id].stops
        and (
            (vehicle and each.vehicle.id == before.vehicle.id)
            or (driver and each.driver == before.driver)
        )
    ]


def rested_later(shift: Shift, late: Clock) -> Shift:
    """Let the driver of *shift* rest up to *late* seconds later than planned."""
    if shift.rest is None:
        return shift
    window = TimeWindow(shift.rest.window.earliest, shift.rest.window.latest + late)
    return replace(shift, rest=replace(shift.rest, window=window))


def _one_after(under_way: UnderWay, name: ShiftId, next_one: ShiftId) -> UnderWay:
    one, other = _shift(under_way, name), _shift(under_way, next_one)
    before, bus = under_way.buses[name], under_way.buses[next_one]
    if bus.stops:
        # The vehicle has left for the next one already: nothing more of the first is driven.
        latest = max(one.hours.earliest, min(one.hours.latest, other.hours.earliest))
        if before.stops and not before.home:
            return under_way
        return _with(under_way, replace(one, hours=TimeWindow(one.hours.earliest, latest)))
    out = before.stops and not before.home
    over = max(one.hours.latest, before.ready if out else under_way.whole.held_up.get(name, 0))
    late = over - other.hours.earliest
    if late <= 0:
        return under_way
    hours = TimeWindow(over, max(over, other.hours.latest))
    rested = bus.rested if bus.rested and bus.rested.earliest >= over else None
    buses = {
        **under_way.buses,
        next_one: replace(bus, ready=max(bus.ready, over), rested=rested),
    }
    changed = _with(under_way, replace(rested_later(other, late), hours=hours))
    return replace(changed, buses=buses)


def _with(under_way: UnderWay, shift: Shift) -> UnderWay:
    """The same with other hours of *shift*."""
    shifts = (shift if each.id == shift.id else each for each in under_way.whole.shifts)
    return replace(under_way, whole=replace(under_way.whole, shifts=tuple(shifts)))


def _shift(under_way: UnderWay, name: ShiftId) -> Shift:
    return next(shift for shift in under_way.whole.shifts if shift.id == name)


def _shared(one: Shift, other: Shift) -> bool:
    return one.vehicle.id == other.vehicle.id or one.driver == other.driver
