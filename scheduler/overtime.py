"""How much later shifts end, so that nobody is left in a bus."""

from collections.abc import Mapping
from dataclasses import replace

from routing.units import Seconds
from scheduler.continuing import continued
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.lateness import let_out
from scheduler.model import Journey, ShiftId, TimeWindow
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.promises import STEP
from scheduler.under_way import UnderWay

# Nobody drives for longer than that beyond the end of a shift; a day has no more hours.
MOST = 24 * 12
# One bus with those who are in it: soon decided.
TRY = Effort(iterations=1_000, labels=500_000)


def least_overtime(under_way: UnderWay) -> dict[ShiftId, Seconds]:
    """
    The least whole step for each shift at which its bus comes home with nobody left in it.

    However late that is for those who are in it; others are not asked.
    """
    overtime = {}
    for shift, bus in under_way.buses.items():
        if bus.stops and (steps := _least_steps(under_way, shift)):
            overtime[shift] = steps * STEP
    return overtime


def room(under_way: UnderWay, most: Seconds) -> dict[ShiftId, Seconds]:
    """How much longer each shift could go on, up to *most*, until its vehicle or driver is due."""
    shifts = under_way.whole.shifts
    return {
        one.id: min(
            [most]
            + [
                max(0, other.hours.earliest - one.hours.latest)
                for other in shifts
                if other.id != one.id
                and other.hours.earliest >= one.hours.earliest
                and (other.vehicle.id == one.vehicle.id or other.driver == one.driver)
            ]
        )
        for one in shifts
        if one.id not in under_way.whole.ended
    }


def driven(under_way: UnderWay, plan: Plan) -> dict[ShiftId, Seconds]:
    """By how many whole steps the routes of a *plan* of the whole day end after their shifts."""
    ends = {route.shift: route.stops[-1].departure for route in plan.routes if route.stops}
    late = {
        shift.id: ends[shift.id] - shift.hours.latest
        for shift in under_way.whole.shifts
        if shift.id in ends
    }
    return {shift: -(-by // STEP) * STEP for shift, by in late.items() if by > 0}


def late_home(under_way: UnderWay) -> dict[ShiftId, Seconds]:
    """By how many whole steps shifts end later whose buses are held up on their last way home."""
    late = {
        shift.id: bus.stops[-1].departure - shift.hours.latest
        for shift in under_way.whole.shifts
        if (bus := under_way.buses[shift.id]).home
    }
    return {shift: -(-by // STEP) * STEP for shift, by in late.items() if by > 0}


def extended(under_way: UnderWay, overtime: Mapping[ShiftId, Seconds]) -> UnderWay:
    """The same with shifts that end later."""
    shifts = tuple(
        replace(shift, hours=_until(shift.hours, overtime.get(shift.id, 0)))
        for shift in under_way.whole.shifts
    )
    return replace(under_way, whole=replace(under_way.whole, shifts=shifts))


def _until(hours: TimeWindow, by: Seconds) -> TimeWindow:
    return TimeWindow(hours.earliest, hours.latest + by)


def _least_steps(under_way: UnderWay, shift: ShiftId) -> int:
    """How many steps; more never makes it harder."""
    low, high = -1, 0
    while not _comes_home(under_way, shift, high):
        if high >= MOST:
            return MOST
        low, high = high, min(MOST, max(1, 2 * high))
    while high - low > 1:
        middle = (low + high) // 2
        if _comes_home(under_way, shift, middle):
            high = middle
        else:
            low = middle
    return high


def _comes_home(under_way: UnderWay, shift: ShiftId, steps: int) -> bool:
    """Whether the bus of *shift* lets everybody out in time for a shift so much longer."""
    day = _alone(extended(under_way, {shift: steps * STEP}), shift)
    start = continued(under_way, day)
    answer = serve_everybody(make_problem(day), start=start, effort=TRY)
    return answer.routes is not None


def _alone(under_way: UnderWay, shift: ShiftId) -> Day:
    """One bus, with those who are in it and where it is."""
    rest, trips = under_way.rest, []
    for trip in rest.trips:
        if trip.id in under_way.aboard and under_way.aboard[trip.id] == shift:
            left = under_way.rest_of(let_out(under_way, under_way.whole.trip(trip.id)))
            trips.append(left or trip)
        elif rest.bound_to.get(trip.id) == shift:
            trips.append(trip)
    return replace(
        rest,
        journeys=tuple(Journey(trip.request, ((trip.id,),), 1) for trip in trips),
        trips=tuple(trips),
        shifts=tuple(each for each in rest.shifts if each.id == shift),
        bound_to={trip.id: shift for trip in trips},
    )
