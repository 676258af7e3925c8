"""
A plan without some of its riders, of whom nothing is known any more.

Their visits fall away; everybody else keeps bus, order and time, so that whoever was told a time
hears nothing new. The bus waits where it now comes early. Only where it cannot drive so (the break
was at a stop that is gone), the times of its route move, as little as possible.
"""

from collections.abc import Collection
from dataclasses import replace

from scheduler.check_route import check_route
from scheduler.day import Day
from scheduler.formulate import assemble, make_plan, make_problem, make_routes
from scheduler.model import RequestId, Shift
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import RoutePlan, Solution
from scheduler.optimizer.timing import schedule
from scheduler.plan import Cost, Plan, Reason, Route


def leave_out(plan: Plan, gone: Collection[RequestId], day: Day) -> Plan:
    """
    Make of *plan* one of *day*, which is the day of the plan without the requests *gone*.

    Where somebody rode, nothing is proven of what is left: there may be room for others now.

    Raises
    ------
    ValueError
        If a bus cannot make the rest of its stops in their order.
    """
    riding = {visit.request for visit in plan.visits} & set(gone)
    if not riding:
        return _nobody_rode(plan, gone, day)
    planned = make_routes(plan, day)
    numbers = {shift.id: number for number, shift in enumerate(day.shifts)}
    routes = tuple(
        _without(day, numbers[route.shift], route, planned, riding) for route in plan.routes
    )
    left = assemble(day, routes, seed=plan.seed)
    untried = {each.request for each in plan.unserved if each.reason is Reason.NOT_TRIED}
    unserved = (
        replace(each, reason=Reason.NOT_TRIED) if each.request in untried else each
        for each in left.unserved
    )
    return replace(left, unserved=tuple(unserved))


def _nobody_rode(plan: Plan, gone: Collection[RequestId], day: Day) -> Plan:
    """
    Nothing changes but who is named, and what is proven stays proven.

    A better plan without them would have been one with them, too: they are left in both.
    """
    cost = assemble(day, plan.routes).cost
    fell = plan.cost.unserved_weight - cost.unserved_weight
    return replace(
        plan,
        unserved=tuple(each for each in plan.unserved if each.request not in gone),
        cost=replace(plan.cost, unserved_weight=cost.unserved_weight),
        bound=Cost(max(0, plan.bound.unserved_weight - fell), plan.bound.driving),
    )


def _without(
    day: Day,
    number: int,
    route: Route,
    planned: tuple[RoutePlan, ...],
    gone: Collection[RequestId],
) -> Route:
    """Write the route of shift *number* anew, if one of *gone* rode in it."""
    visits = [visit for stop in route.stops for visit in stop.visits]
    if not any(visit.request in gone for visit in visits):
        return route
    shift, mine = day.shifts[number], planned[number]
    if not mine.visits:
        return Route(route.shift, route.vehicle, route.driver)
    if visits[0].request in gone:
        mine = replace(mine, departure=max(mine.departure, _in_time(day, shift, mine)))
    written = _written(day, number, mine)
    if check_route(written, shift, day):
        known = dict(zip(mine.visits, mine.begins, strict=True))
        instance = prepare(make_problem(day))
        written = _written(day, number, schedule(instance, number, mine.visits, known=known))
    return written


def _in_time(day: Day, shift: Shift, planned: RoutePlan) -> float:
    """When to leave so as to come to the first stop just then."""
    places = [visit.place for trip in day.trips for visit in trip.visits]
    way = day.seconds(shift.start_place, places[planned.visits[0]])
    return planned.begins[0] - way


def _written(day: Day, number: int, planned: RoutePlan) -> Route:
    others = [RoutePlan()] * len(day.shifts)
    others[number] = planned
    return make_plan(day, Solution(tuple(others), 0, 0.0, 0, 0.0, proven=False)).routes[number]
