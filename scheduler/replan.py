"""
A changed day within the promises already made; and where they cannot all be kept, the least broken.

What the plan as it is can keep is not asked again. Otherwise a search for a plan that keeps all
promises, and where none is found, for the one that breaks least (`scheduler.least_broken`). With
that settled, the rest of the day is planned as any other.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from routing.units import Seconds
from scheduler.as_driven import AsDriven, Broken
from scheduler.clock import Clock
from scheduler.continuing import Orders, continued, in_order, orders_of, retimed
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.lateness import announced
from scheduler.least_broken import least_broken
from scheduler.model import RequestId, ShiftId, TripId
from scheduler.optimizer import solve
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.solution import Effort, Solution
from scheduler.overtime import driven, extended, late_home, least_overtime, room
from scheduler.plan import Plan
from scheduler.planning import accept, checked_plan
from scheduler.promises import STEP, Promise
from scheduler.steady import steadied
from scheduler.turns import in_turn
from scheduler.under_way import UnderWay

# So long a better plan is looked for where the one that people know can go on as it is.
GOING_ON = 0.4
# How hard to try whether all promises can be kept, before it is asked which have to be broken.
TRY = Effort(iterations=1_000, labels=0)


@dataclass(frozen=True, eq=False)
class Replanned:
    """
    What becomes of a day.

    Parameters
    ----------
    day
        The whole day as it can still be driven: windows of those who are served late are wider,
        and what is given up is not in it.
    plan
        The plan of *day*, checked, what has happened included.
    late
        By how many seconds promises are broken, for each request: up to so much later than
        promised, or so much longer in the bus.
    given_up
        Promised requests whose rest nobody drives any more.
    overtime
        By how many seconds shifts end later, so that whoever is in the bus gets out of it, and
        nobody is given up whom that helps.
    sure
        Whether it is proven that no plan breaks less: less weight given up, then less weight
        late, then fewer steps of lateness in all (`scheduler.least_broken`).
    """

    day: Day
    plan: Plan
    late: Mapping[RequestId, Seconds]
    given_up: tuple[RequestId, ...]
    overtime: Mapping[ShiftId, Seconds]
    sure: bool


def replan(
    under_way: UnderWay, *, effort: Effort, seed: int = 0, most_overtime: Seconds = 0
) -> Replanned:
    """
    Plan what is left of a day anew.

    Whoever is in a bus gets out of it, however long that takes; so that nobody is given up, shifts
    may end up to *most_overtime* later. If promises have to be broken, half of the seconds of
    *effort* is for finding the least, and half for the plan. Where the plan can go on as it is,
    somebody waits for the answer while there is little to gain: then no more than `GOING_ON` of
    them are used.

    Raises
    ------
    BrokenPlanError
        If the checker finds anything wrong with the plan that is not announced.
    """
    overtime: Mapping[ShiftId, Seconds] = {}
    ends_in_time = in_turn(under_way)
    under_way = in_turn(extended(ends_in_time, late_home(ends_in_time)))
    as_it_is = _goes_on(under_way)
    orders = as_it_is or _all_kept(under_way, seed)
    if as_it_is is not None and effort.seconds is not None:
        effort = replace(effort, seconds=min(effort.seconds, GOING_ON))
    broken = Broken({}, frozenset(), sure=True, orders=orders or {})
    if orders is None:
        overtime = least_overtime(under_way)
        both = replace(effort, seconds=effort.seconds and effort.seconds / 2)
        broken, overtime = _least_broken(under_way, overtime, most_overtime, both, seed)
        under_way, effort = in_turn(extended(under_way, overtime)), both
    while True:
        changed = announced(under_way, broken.steps, broken.given_up)
        rest = changed.rest
        start = Solution(in_order(rest, broken.orders), 0, 0.0, 0, 0.0, proven=False)
        problem = make_problem(rest)
        solution = solve(problem, effort=effort, seed=seed, warm_start=start)
        solution = steadied(rest, problem, solution, start.routes, continued(changed))
        later = checked_plan(rest, solution, seed=seed)
        left = {unserved.request for unserved in later.unserved} & {
            journey.request for journey in rest.journeys
        }
        if not left:
            break
        # Only if a search ended too soon.
        broken = replace(broken, given_up=broken.given_up | left, sure=False)
    # Nobody is told of more lateness than there is.
    broken = replace(broken, steps=_driven_steps(under_way, broken.steps, later))
    changed = announced(under_way, broken.steps, broken.given_up)
    overtime = driven(ends_in_time, changed.join(later))
    changed = _with_hours(changed, ends_in_time, overtime)
    changed = _remembering(changed, under_way, broken.given_up)
    return Replanned(
        day=changed.whole,
        plan=accept(changed.whole, changed.join(later)),
        late={
            journey.request: broken.steps[journey.request] * STEP
            for journey in under_way.whole.journeys
            if journey.request in broken.steps and journey.request not in broken.given_up
        },
        given_up=tuple(
            journey.request
            for journey in under_way.whole.journeys
            if journey.request in broken.given_up
        ),
        overtime=overtime,
        sure=broken.sure,
    )


def _least_broken(
    under_way: UnderWay,
    overtime: Mapping[ShiftId, Seconds],
    most: Seconds,
    effort: Effort,
    seed: int,
) -> tuple[Broken, Mapping[ShiftId, Seconds]]:
    """What has to be broken, and the overtime for that: more only if fewer are given up with it."""
    broken = least_broken(in_turn(extended(under_way, overtime)), effort=effort, seed=seed)
    more = {
        shift: max(by, overtime.get(shift, 0)) for shift, by in room(under_way, most).items() if by
    }
    if not broken.given_up or not more:
        return broken, overtime
    longer = {**overtime, **more}
    other = least_broken(in_turn(extended(under_way, longer)), effort=effort, seed=seed)
    weights = {journey.request: journey.weight for journey in under_way.whole.journeys}
    lost, fewer = (sum(weights[name] for name in each.given_up) for each in (broken, other))
    return (other, longer) if fewer < lost else (broken, overtime)


def _remembering(changed: UnderWay, before: UnderWay, given_up: Collection[RequestId]) -> UnderWay:
    """Keep what was promised to those who are given up, as far as it is not driven."""
    journeys = (each for each in before.whole.journeys if each.request in given_up)
    lost = [
        Promise(journey.request, trips, journey.weight)
        for journey in journeys
        for option in before.open_options(journey)[:1]
        if (trips := tuple(before.whole.trip(name) for name in option if name not in before.made))
    ]
    whole = replace(changed.whole, given_up=(*changed.whole.given_up, *lost))
    return replace(changed, whole=whole)


def _with_hours(
    changed: UnderWay, before: UnderWay, overtime: Mapping[ShiftId, Seconds]
) -> UnderWay:
    """End each shift of *changed* as it did *before*, and as much later as its bus needs."""
    latest = {shift.id: shift.hours.latest for shift in before.whole.shifts}
    shifts = (
        replace(
            shift,
            hours=replace(
                shift.hours,
                latest=max(
                    shift.hours.earliest,
                    min(shift.hours.latest, latest[shift.id] + overtime.get(shift.id, 0)),
                ),
            ),
        )
        for shift in changed.whole.shifts
    )
    return replace(changed, whole=replace(changed.whole, shifts=tuple(shifts)))


def _driven_steps(
    under_way: UnderWay, steps: Mapping[RequestId, int], later: Plan
) -> dict[RequestId, int]:
    """Of how few *steps* everybody has to be told, if *later*, a plan of the rest, is driven."""
    begins: dict[tuple[TripId, int], Clock] = {}
    seen: Counter[TripId] = Counter()
    for visit in later.visits:
        begins[visit.trip, seen[visit.trip]] = visit.begin
        seen[visit.trip] += 1
    driven = AsDriven(under_way, most=max(steps.values(), default=0))
    needed = {request: driven.needed(request, begins) for request in steps}
    return {request: by for request, by in needed.items() if by}


def _goes_on(under_way: UnderWay) -> Orders | None:
    """Go on as planned, if everybody is served so; ``None`` if not."""
    rest, routes = under_way.rest, continued(under_way)
    visits = sum(len(trip.visits) for trip in rest.trips)
    if len(rest.journeys) < len({trip.request for trip in rest.trips}):
        return None
    if sum(len(route.visits) for route in routes) < visits or retimed(rest, routes) is None:
        return None
    return orders_of(rest, routes)


def _all_kept(under_way: UnderWay, seed: int) -> Orders | None:
    """Drive in an order in which all promises are kept; ``None`` if none is found soon."""
    rest = under_way.rest
    answer = serve_everybody(make_problem(rest), start=continued(under_way), effort=TRY, seed=seed)
    return None if answer.routes is None else orders_of(rest, answer.routes)
