"""Days on which promises were given and things happen, and the least that has to be broken."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from routing.units import MINUTE
from scheduler.as_driven import SET_OUT
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.lateness import announced
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort
from scheduler.overtime import extended
from scheduler.plan import Plan
from scheduler.planning import checked_plan
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import Replanned
from scheduler.turns import in_turn
from scheduler.under_way import UnderWay
from tests.builders_random_days import can_serve_all, random_day

SMALL = Effort(iterations=200)

# Weight given up, weight late, steps late: what is broken, the first first.
Key = tuple[int, int, int]
# Steps late by request; -1 is given up.
Fate = Mapping[str, int]


def promised(seed: int, *, requests: int = 5, shifts: int = 2) -> tuple[Day, Plan]:
    """A random day on which all who are served were promised that, and nobody else asks."""
    return promised_day(random_day(seed, requests=requests, shifts=shifts))


def promised_day(day: Day) -> tuple[Day, Plan]:
    """A day on which all who are served were promised that, and nobody else asks."""
    plan = checked_plan(day, solve(make_problem(day), effort=SMALL))
    promises = promise_plan(plan, day, width=20 * MINUTE)
    nobody = replace(day, journeys=(), trips=(), refused=())
    return hold_to(nobody, promises, day.places), plan


def ahead(under_way: UnderWay) -> list[str]:
    """The requests of which something is left to do."""
    left = {journey.request for journey in under_way.rest.journeys}
    return [each.request for each in under_way.whole.journeys if each.request in left]


def key(under_way: UnderWay, fate: Fate) -> Key:
    """What it breaks to let *fate* come."""
    weights = {journey.request: journey.weight for journey in under_way.whole.journeys}
    begun = {
        journey.request
        for journey in under_way.whole.journeys
        if any(trip in under_way.made for option in journey.options for trip in option)
    }
    return (
        sum(weights[r] * (SET_OUT if r in begun else 1) for r, by in fate.items() if by < 0),
        sum(weights[r] for r, by in fate.items() if by > 0),
        sum(by for by in fate.values() if by > 0),
    )


def fate_of(under_way: UnderWay, result: Replanned, *, step: int) -> dict[str, int]:
    """What *result* announces."""
    gone = dict.fromkeys(result.given_up, -1)
    late = {request: by // step for request, by in result.late.items()}
    return dict.fromkeys(ahead(under_way), 0) | late | gone


def fates(under_way: UnderWay, *, steps: int) -> Iterator[dict[str, int]]:
    """Everything that can come: each on time, up to so many steps late, or given up."""
    requests = ahead(under_way)
    for choice in product(range(-1, steps + 1), repeat=len(requests)):
        yield dict(zip(requests, choice, strict=True))


def can_come(under_way: UnderWay, fate: Fate) -> bool:
    """Whether the rest of the day can be driven so, by trying everything."""
    late = {request: by for request, by in fate.items() if by > 0}
    gone = {request for request, by in fate.items() if by < 0}
    return can_serve_all(announced(under_way, late, gone).rest)


def extended_as(under_way: UnderWay, result: Replanned) -> UnderWay:
    """The same day with the overtime that *result* announces."""
    return in_turn(extended(in_turn(under_way), result.overtime))
