"""A day, a plan that keeps every promise, and ways to break just one of them."""

from collections.abc import Callable
from dataclasses import replace

from scheduler.check import check
from scheduler.day import Day
from scheduler.model import Load, Mobility, Needs, Trip, Vehicle, VisitKind
from scheduler.plan import Plan, PlannedVisit, Stop
from scheduler.violation import Rule
from tests.builders_days import drive_by_hand, make_break, make_day, make_request, make_shift, whole

# 08:15 anton is brought; 08:27 cesar and 08:35 berta, in a wheelchair, board for 9:00. The break
# is at the MVZ. 09:45 anton goes home; from 10:00 the others do, over the pharmacy.
DAY = make_day(
    make_request("anton", appointment="08:45"),
    make_request("berta", origin="berta", needs=Needs(Mobility.WHEELCHAIR, companions=1)),
    make_request("cesar", origin="cesar", pharmacies=("pharmacy",)),
    make_request("late", appointment="10:30", priority=1),
    make_request("far", origin="far"),
    shifts=[
        make_shift(rest=make_break("09:15-10:00", 15)),
        make_shift("second", vehicle=Vehicle("second bus", (Load(8),))),
    ],
)
CALLS = [
    *whole("anton/outbound-1"),
    ("cesar/outbound-1", 0),
    ("berta/outbound-1", 0),
    ("berta/outbound-1", 1),
    ("cesar/outbound-1", 1),
    *whole("anton/return-1"),
    ("cesar/return-1.1.1", 0),
    ("berta/return-1", 0),
    ("cesar/return-1.1.1", 1),
    ("berta/return-1", 1),
    ("cesar/return-1.1.1", 2),
]
PLAN = drive_by_hand(DAY, {"morning": CALLS})


def with_shift(**changed: object) -> Day:
    """Change the morning shift of the day."""
    first, *others = DAY.shifts
    return replace(DAY, shifts=(replace(first, **changed), *others))  # type: ignore[arg-type]


def with_trip(name: str, change: Callable[[Trip], Trip]) -> Day:
    """Change a trip of the day."""
    return replace(DAY, trips=tuple(change(t) if t.id == name else t for t in DAY.trips))


def with_visit(name: str, which: int, **changed: object) -> Day:
    """Change what a trip asks for at one of its visits."""

    def change(trip: Trip) -> Trip:
        visits = list(trip.visits)
        visits[which] = replace(visits[which], **changed)  # type: ignore[arg-type]
        return replace(trip, visits=tuple(visits))

    return with_trip(name, change)


def with_route(route: int = 0, plan: Plan = PLAN, **changed: object) -> Plan:
    """Change a route of the plan."""
    routes = list(plan.routes)
    routes[route] = replace(routes[route], **changed)  # type: ignore[arg-type]
    return replace(plan, routes=tuple(routes))


def with_stop(number: int, plan: Plan = PLAN, **changed: object) -> Plan:
    """Change one stop of the plan."""
    stops = list(plan.routes[0].stops)
    stops[number] = replace(stops[number], **changed)  # type: ignore[arg-type]
    return with_route(plan=plan, stops=tuple(stops))


def where(trip: str, kind: VisitKind) -> tuple[int, Stop, PlannedVisit]:
    """Find the stop at which a visit is made."""
    for number, stop in enumerate(PLAN.routes[0].stops):
        for visit in stop.visits:
            if (visit.trip, visit.kind) == (trip, kind):
                return number, stop, visit
    raise AssertionError(trip)


def found(plan: Plan = PLAN, day: Day = DAY) -> list[tuple[Rule, str, int, str]]:
    """What the checker finds, without the words."""
    return [(each.rule, each.where, each.amount, each.unit) for each in check(plan, day)]


def rules(plan: Plan = PLAN, day: Day = DAY) -> set[Rule]:
    """Which rules are broken."""
    return {each.rule for each in check(plan, day)}
