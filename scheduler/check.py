"""
The independent check: whether a plan keeps every promise of its day.

Written from the definitions of the words in `model`, `day` and `plan` alone: it knows neither
the optimizer nor the numbers that it works on, so that a fault there cannot hide here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

from routing.units import Seconds
from scheduler.check_route import check_route
from scheduler.clock import Clock, hh_mm_ss
from scheduler.day import Day
from scheduler.model import RequestId, Shift, ShiftId, TripId, VisitKind
from scheduler.plan import Plan, PlannedVisit, Reason, Route, Unserved
from scheduler.violation import Rule, Violation

__all__ = ["Rule", "Violation", "check"]


def check(plan: Plan, day: Day) -> list[Violation]:
    """Find every promise of *day* that *plan* breaks; none, if the plan may leave the house."""
    shifts = {shift.id: shift for shift in day.shifts}
    found = [*_date(plan, day), *_shifts(plan, shifts)]
    for route in plan.routes:
        if route.shift in shifts:
            found += check_route(route, shifts[route.shift], day)
    found += _trips(plan, day)
    found += _journeys(plan, day)
    found += _unserved(plan, day)
    found += _reasons(plan, day)
    found += _clashes(plan)
    found += _cost(plan, day)
    return found


def _date(plan: Plan, day: Day) -> Iterator[Violation]:
    if plan.date != day.date:
        days = abs((plan.date - day.date).days)
        message = f"The plan is of {plan.date}, the day is {day.date}."
        yield Violation(Rule.DATE, "plan", days, "days", message)


def _shifts(plan: Plan, shifts: dict[ShiftId, Shift]) -> Iterator[Violation]:
    """Each route belongs to a shift of the day, and each shift has one, if only an empty one."""
    routes = Counter(route.shift for route in plan.routes)
    for name in shifts:
        if name not in routes:
            message = f"Shift {name} has no route."
            yield Violation(Rule.SHIFT, name, 1, "routes", message)
    for name, times in routes.items():
        if name not in shifts:
            message = f"There is no shift {name} on this day."
            yield Violation(Rule.SHIFT, name, times, "routes", message)
        elif times > 1:
            message = f"Shift {name} has {times} routes."
            yield Violation(Rule.SHIFT, name, times - 1, "routes", message)


def _trips(plan: Plan, day: Day) -> Iterator[Violation]:
    """Each trip that is served is served once, completely, and in one bus."""
    known = {trip.id: trip for trip in day.trips}
    routes: dict[TripId, dict[ShiftId, list[PlannedVisit]]] = defaultdict(dict)
    for route, visit in _visits(plan):
        routes[visit.trip].setdefault(route.shift, []).append(visit)
    for name, by_route in routes.items():
        visits = [visit for each in by_route.values() for visit in each]
        if name not in known:
            message = f"There is no trip {name} on this day."
            yield Violation(Rule.UNKNOWN, name, len(visits), "visits", message)
            continue
        trip = known[name]
        if any(visit.request != trip.request for visit in visits):
            wrong = sum(visit.request != trip.request for visit in visits)
            message = f"Trip {name} belongs to request {trip.request}, not to the one it says."
            yield Violation(Rule.UNKNOWN, name, wrong, "visits", message)
        extra, missing = _too_many([v.kind for v in visits], [v.kind for v in trip.visits])
        if extra:
            message = f"Trip {name} is visited {extra} times too often."
            yield Violation(Rule.TWICE, name, extra, "visits", message)
        elif missing:
            message = f"Trip {name} lacks {missing} of its visits."
            yield Violation(Rule.INCOMPLETE, name, missing, "visits", message)
        elif (bus := day.bound_to.get(name)) is not None and bus not in by_route:
            message = (
                f"Trip {name} is in the bus of shift {bus}, not in that of {next(iter(by_route))}."
            )
            yield Violation(Rule.SAME_BUS, name, 1, "shifts", message)
        elif len(by_route) > 1:
            message = f"Trip {name} is spread over the shifts {', '.join(by_route)}."
            yield Violation(Rule.SAME_BUS, name, len(by_route) - 1, "shifts", message)
        elif [visit.kind for visit in visits] != [visit.kind for visit in trip.visits]:
            wrong = sum(a.kind != b.kind for a, b in zip(visits, trip.visits, strict=True))
            message = f"Trip {name} is visited in the wrong order."
            yield Violation(Rule.ORDER, name, wrong, "visits", message)


def _too_many(done: list[VisitKind], asked: list[VisitKind]) -> tuple[int, int]:
    """How many visits there are too many, and how many too few, whatever their order."""
    if done == asked:
        return 0, 0  # as nearly always
    made, wanted = Counter(done), Counter(asked)
    return sum((made - wanted).values()), sum((wanted - made).values())


def _visits(plan: Plan) -> Iterator[tuple[Route, PlannedVisit]]:
    for route in plan.routes:
        for stop in route.stops:
            for visit in stop.visits:
                yield route, visit


def _served(plan: Plan, day: Day) -> dict[RequestId, set[TripId]]:
    """The trips that the plan has visits of, by request."""
    known = {trip.id: trip.request for trip in day.trips}
    served: dict[RequestId, set[TripId]] = defaultdict(set)
    for _, visit in _visits(plan):
        if visit.trip in known:
            served[known[visit.trip]].add(visit.trip)
    return served


def _journeys(plan: Plan, day: Day) -> Iterator[Violation]:
    """All trips of exactly one option are served, or none at all."""
    journeys = {journey.request: journey for journey in day.journeys}
    for request, trips in _served(plan, day).items():
        options = [set(option) for option in journeys[request].options]
        wrong = min(len(trips ^ option) for option in options)
        if wrong:
            message = f"Request {request} is served by {sorted(trips)}, which is none of its ways."
            yield Violation(Rule.JOURNEY, request, wrong, "trips", message)


def _unserved(plan: Plan, day: Day) -> Iterator[Violation]:
    """Whoever is not served is named, once, and nobody else."""
    served = _served(plan, day)
    refused = {unserved.request for unserved in day.refused}
    asked = {journey.request for journey in day.journeys}
    named = Counter(unserved.request for unserved in plan.unserved)
    for request, times in named.items():
        if request not in asked | refused:
            message = f"There is no request {request} on this day."
            yield Violation(Rule.UNSERVED, request, times, "entries", message)
        elif request in served:
            message = f"Request {request} is served and yet called unserved."
            yield Violation(Rule.UNSERVED, request, times, "entries", message)
        elif times > 1:
            message = f"Request {request} is called unserved {times} times."
            yield Violation(Rule.UNSERVED, request, times - 1, "entries", message)
    for request in sorted((asked | refused) - set(served) - set(named)):
        message = f"Request {request} is neither served nor called unserved."
        yield Violation(Rule.UNSERVED, request, 1, "entries", message)


def _reasons(plan: Plan, day: Day) -> Iterator[Violation]:
    """Who fits on no bus is told exactly why; anybody else, that no room was found or exists."""
    refused = {unserved.request: unserved for unserved in day.refused}
    asked = {journey.request for journey in day.journeys}
    full = plan.cost.unserved_weight == plan.bound.unserved_weight
    for unserved in plan.unserved:
        name, reason = unserved.request, unserved.reason
        if name in refused:
            if unserved != refused[name]:
                why = refused[name].reason
                message = f"Request {name} is refused for {why} and its figures, not {reason}."
                yield Violation(Rule.UNSERVED, name, 1, "reasons", message)
        elif name not in asked:
            continue  # found as a request that the day does not have
        elif unserved not in (
            Unserved(name, Reason.NO_ROOM_FOUND),
            Unserved(name, Reason.NO_ROOM_PROVEN),
            Unserved(name, Reason.NOT_TRIED),
        ):
            message = f"Request {name} would fit alone: {reason} is not why it is left."
            yield Violation(Rule.UNSERVED, name, 1, "reasons", message)
        elif reason is Reason.NO_ROOM_PROVEN and not full:
            message = f"That there is no room for request {name} is not proven by {plan.bound}."
            yield Violation(Rule.UNSERVED, name, 1, "reasons", message)
        elif reason is Reason.NOT_TRIED and plan.bound.scalar:
            message = f"Without a try of request {name}, the bound {plan.bound} is not proven."
            yield Violation(Rule.UNSERVED, name, 1, "reasons", message)


def _clashes(plan: Plan) -> Iterator[Violation]:
    """No vehicle and no driver is on two routes at the same time."""
    driven = [route for route in plan.routes if route.stops]
    for one, other in combinations(driven, 2):
        both = min(one.stops[-1].departure, other.stops[-1].departure) - max(
            one.stops[0].arrival, other.stops[0].arrival
        )
        if both <= 0 or one.shift == other.shift:
            continue
        if one.vehicle == other.vehicle or one.driver == other.driver:
            what = "vehicle" if one.vehicle == other.vehicle else "driver"
            message = f"Shifts {one.shift} and {other.shift} use the same {what} for {both} s."
            yield Violation(Rule.CLASH, one.shift, both, "seconds", message)


def _cost(plan: Plan, day: Day) -> Iterator[Violation]:
    """What the plan says it costs is what it costs, and no bound lies above that."""
    served = _served(plan, day)
    weight = sum(j.weight for j in day.journeys if j.request not in served)
    if plan.cost.unserved_weight != weight:
        wrong = abs(plan.cost.unserved_weight - weight)
        message = f"Unserved weight is {weight}, not {plan.cost.unserved_weight}."
        yield Violation(Rule.COST, "plan", wrong, "weight", message)
    driving = sum(_driving(route, day) for route in plan.routes)
    if plan.cost.driving != driving:
        wrong = abs(plan.cost.driving - driving)
        message = f"Driving takes {hh_mm_ss(driving)}, not {hh_mm_ss(plan.cost.driving)}."
        yield Violation(Rule.COST, "plan", wrong, "seconds", message)
    changes = _changes(plan, day)
    if plan.cost.changes != changes:
        wrong = abs(plan.cost.changes - changes)
        message = f"Changes count {hh_mm_ss(changes)}, not {hh_mm_ss(plan.cost.changes)}."
        yield Violation(Rule.COST, "plan", wrong, "seconds", message)
    for amount, unit in ((plan.bound.unserved_weight, "weight"), (plan.bound.seconds, "seconds")):
        if amount < 0:
            message = f"The bound {plan.bound} is negative, as no plan is."
            yield Violation(Rule.COST, "plan", -amount, unit, message)
    if plan.bound > plan.cost or plan.bound.scalar > plan.cost.scalar:
        wrong = abs(plan.bound.scalar - plan.cost.scalar)
        message = f"The bound {plan.bound} lies above the cost {plan.cost}."
        yield Violation(Rule.COST, "plan", wrong, "seconds", message)


def _changes(plan: Plan, day: Day) -> Seconds:
    """Each trip counts once that is another than known, or in another bus, or at another time."""
    begins: dict[TripId, list[Clock]] = defaultdict(list)
    changed = set()
    requests = {trip.request for trip in day.trips if trip.id in day.planned}
    for route, visit in _visits(plan):
        begins[visit.trip].append(visit.begin)
        known = visit.trip in day.planned
        if known and day.planned[visit.trip] != route.shift:
            changed.add(visit.trip)
        if not known and visit.request in requests:
            changed.add(visit.trip)
    for trip, times in begins.items():
        before = day.planned_begins.get(trip, ())
        both = min(len(before), len(times))
        pairs = zip(before[len(before) - both :], times[len(times) - both :], strict=True)
        if any(abs(time - was) > day.leeway for was, time in pairs):
            changed.add(trip)
    return day.change * len(changed)


def _driving(route: Route, day: Day) -> Seconds:
    """The drives between the places of the stops, however long their times say that they take."""
    known = [stop for stop in route.stops if stop.place in day.index]
    legs = ((a.place, b.place, day.roads(a.departure)) for a, b in pairwise(known))
    return sum(
        roads.seconds(here, there)
        for here, there, roads in legs
        if {here, there} <= roads.index.keys()
    )
