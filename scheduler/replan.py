"""
A changed day within the promises already made; and where they cannot all be kept, the least broken.

First everybody is to be served as promised. Whoever that leaves out is served as little late as
possible, the weightiest first, with everybody else on time; only whom no delay helps is given up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from routing.units import HOUR, Seconds
from scheduler.day import Day
from scheduler.formulate import make_problem, make_routes
from scheduler.model import RequestId, ShiftId, TimeWindow, Trip, Visit
from scheduler.optimizer import solve
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.solution import Effort, Solution
from scheduler.plan import Plan
from scheduler.planning import accept, checked_plan
from scheduler.promises import STEP
from scheduler.under_way import UnderWay

# Nobody is told that the bus comes later than that: then it does not come.
LATEST: Seconds = 2 * HOUR
# How hard to try whether one delay is enough.
TRY = Effort(iterations=1_000, labels=500_000)


@dataclass(frozen=True, eq=False)
class Replanned:
    """
    What becomes of a day.

    Parameters
    ----------
    day
        The whole day as it can still be driven: windows of those who are served late are wider,
        and who is given up is not in it.
    plan
        The plan of *day*, checked, what has happened included.
    late
        By how many seconds promises are broken, for each request: up to so much later than
        promised, or so much longer in the bus.
    given_up
        Promised requests whose rest nobody can drive any more.
    overtime
        By how many seconds shifts end later, so that whoever is in the bus gets out of it.
    sure
        Whether it is proven that no plan breaks promises of less weight, and none of these by
        one step (`promises.STEP`) less, each taken in turn.
    """

    day: Day
    plan: Plan
    late: Mapping[RequestId, Seconds]
    given_up: tuple[RequestId, ...]
    overtime: Mapping[ShiftId, Seconds]
    sure: bool


def replan(under_way: UnderWay, *, effort: Effort, seed: int = 0) -> Replanned:
    """
    Plan what is left of a day anew.

    Raises
    ------
    BrokenPlanError
        If the checker finds anything wrong with the plan that is not announced.
    """
    overtime = _overtime(under_way)
    under_way = _extended(under_way, overtime)
    kept, left_out, sure = _kept(under_way, effort, seed)
    # Whoever is in a bus gets out of it: until it is their turn, as late as need be.
    boarded = {trip.request for trip in under_way.rest.trips if trip.id in under_way.rest.bound_to}
    late = dict.fromkeys(boarded & set(left_out), LATEST)
    given_up: list[RequestId] = []
    for request in left_out:
        by, proven = _least_delay(_only(under_way, {*kept, *late, request}), request, late)
        sure = sure and proven
        if by is None:
            given_up.append(request)
            # Whoever is in the bus by then gets out of it all the same.
            on_board = _only(under_way, {*kept, *late} - {request})
            by, _ = _least_delay(on_board, request, late) if request in boarded else (None, True)
        late.pop(request, None)
        if by:
            late[request] = by
    last = _delay(_only(under_way, {*kept, *late} - set(given_up)), late)
    solution = solve(
        make_problem(last.rest),
        effort=effort,
        seed=seed,
        warm_start=_start(last.rest, under_way.plan),
    )
    later = checked_plan(last.rest, solution, seed=seed)
    return Replanned(
        day=last.whole,
        plan=accept(last.whole, last.join(later)),
        late=late,
        given_up=tuple(given_up),
        overtime=overtime,
        sure=sure,
    )


def _overtime(under_way: UnderWay) -> dict[ShiftId, Seconds]:
    """How much later each shift has to end for the bus to come home with nobody left in it."""
    overtime: dict[ShiftId, Seconds] = {}
    others = dict.fromkeys(under_way.buses, LATEST)
    for shift, bus in under_way.buses.items():
        if not bus.stops:
            continue
        boarded = {visit.trip for visit in bus.done}
        aboard = {trip.request for trip in under_way.rest.trips if trip.id in boarded}
        alone = _delay(_only(under_way, aboard), dict.fromkeys(aboard, LATEST))

        def rest(by: Seconds, shift: ShiftId = shift, alone: UnderWay = alone) -> Day:
            return _extended(alone, {**others, shift: by}).rest

        by, _ = _least(rest, under_way.plan)
        if by:
            overtime[shift] = by
    return overtime


def _extended(under_way: UnderWay, overtime: Mapping[ShiftId, Seconds]) -> UnderWay:
    """The same with shifts that end later."""
    shifts = (
        replace(shift, hours=TimeWindow(shift.hours.earliest, shift.hours.latest + by))
        for shift in under_way.whole.shifts
        for by in (overtime.get(shift.id, 0),)
    )
    return replace(under_way, whole=replace(under_way.whole, shifts=tuple(shifts)))


def _kept(
    under_way: UnderWay, effort: Effort, seed: int
) -> tuple[set[RequestId], list[RequestId], bool]:
    """Who can be served as promised, who not (the weightiest first), and whether that is proven."""
    rest = under_way.rest
    solution = solve(
        make_problem(rest), effort=effort, seed=seed, warm_start=_start(rest, under_way.plan)
    )
    trips = [trip for trip in rest.trips for _ in trip.visits]
    served = {trips[visit].request for route in solution.routes for visit in route.visits}
    weightiest = sorted(rest.journeys, key=lambda journey: -journey.weight)
    left_out = [journey.request for journey in weightiest if journey.request not in served]
    ahead = {journey.request for journey in rest.journeys}
    over = {journey.request for journey in under_way.whole.journeys} - ahead
    least = solution.unserved_weight == solution.bound_weight
    return served | over, left_out, least


def _start(day: Day, plan: Plan) -> Solution:
    return Solution(make_routes(plan, day), 0, 0.0, 0, 0.0, proven=False)


def _only(under_way: UnderWay, requests: set[RequestId]) -> UnderWay:
    """The day with these requests, and with what has begun of the others."""
    begun = {visit.trip for bus in under_way.buses.values() for visit in bus.done}
    whole = under_way.whole
    gone = {
        trip.id for trip in whole.trips if trip.request not in requests and trip.id not in begun
    }
    journeys = []
    for journey in whole.journeys:
        options = [tuple(t for t in option if t not in gone) for option in journey.options]
        left = tuple(dict.fromkeys(option for option in options if option))
        if left:
            journeys.append(replace(journey, options=left))
    return replace(
        under_way,
        whole=replace(
            whole,
            journeys=tuple(journeys),
            trips=tuple(trip for trip in whole.trips if trip.id not in gone),
        ),
    )


def _least(day: Callable[[Seconds], Day], plan: Plan) -> tuple[Seconds | None, bool]:
    """
    The least whole step at which the *day* of it can serve everybody, and whether that is proven.

    More never makes it harder. ``None`` if `LATEST` is not enough.
    """
    low, high, sure = -1, LATEST // STEP + 1, True
    middle = 0
    while high - low > 1:
        rest = day(middle * STEP)
        answer = serve_everybody(make_problem(rest), start=make_routes(plan, rest), effort=TRY)
        if answer.routes is not None:
            high = middle
        else:
            low, sure = middle, sure and answer.impossible
        middle = (low + high) // 2
    return (None if high > LATEST // STEP else high * STEP), sure


def _least_delay(
    served: UnderWay, request: RequestId, late: Mapping[RequestId, Seconds]
) -> tuple[Seconds | None, bool]:
    """By how much *request* has to be late, beside *late* others, for all to be served."""
    return _least(lambda by: _delay(served, {**late, request: by}).rest, served.plan)


def _delay(under_way: UnderWay, late: Mapping[RequestId, Seconds]) -> UnderWay:
    """Let the bus come that much later to some, and take that much longer."""
    whole = under_way.whole
    trips = (
        _later(trip, late[trip.request]) if trip.request in late else trip for trip in whole.trips
    )
    return replace(under_way, whole=replace(whole, trips=tuple(trips)))


def _later(trip: Trip, by: Seconds) -> Trip:
    def visit(old: Visit) -> Visit:
        return replace(old, window=replace(old.window, latest=old.window.latest + by))

    return replace(
        trip,
        visits=tuple(visit(each) for each in trip.visits),
        longest_rides=tuple(longest + by for longest in trip.longest_rides),
    )
