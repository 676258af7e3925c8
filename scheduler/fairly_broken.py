"""
A fair answer to which promises have to be broken, soon: one after the other, the weightiest first.

First as much weight as possible on time; then each who is left out as little late as possible,
with everybody before them as they are. Whom no delay helps is given up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scheduler.continuing import Orders, continued, in_order, orders_of
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.lateness import announced
from scheduler.model import RequestId
from scheduler.optimizer import solve
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.solution import Effort, Solution
from scheduler.promises import LATEST, STEP
from scheduler.under_way import UnderWay

# How hard to try whether one delay is enough.
TRY = Effort(iterations=400, labels=0)


@dataclass(frozen=True)
class Fair:
    """Steps of lateness by request, who is given up, and *orders* in which that can be driven."""

    steps: Mapping[RequestId, int]
    given_up: frozenset[RequestId]
    orders: Orders


def fairly_broken(
    under_way: UnderWay, *, effort: Effort, seed: int = 0, most: int = LATEST // STEP
) -> Fair:
    """Find something to break with which the rest of the day can be driven; at best little."""
    rest = under_way.rest
    start = Solution(continued(under_way), 0, 0.0, 0, 0.0, proven=False)
    solution = solve(
        make_problem(rest), effort=replace(effort, labels=0), seed=seed, warm_start=start
    )
    orders = orders_of(rest, solution.routes)
    served = {rest.trip(trip).request for each in orders.values() for trip, _ in each}
    waiting = [j for j in under_way.rest.journeys if j.request not in served]
    left = [j.request for j in sorted(waiting, key=lambda journey: -journey.weight)]
    known = {journey.request for journey in under_way.whole.journeys}
    steps: dict[RequestId, int] = {}
    given_up = {request for request in left if request in known}
    # Whoever is given up in a bus has to get out of it.
    orders = _driven(announced(under_way, {}, given_up).rest, orders, seed) or orders
    for request in left:
        if request in known:
            found = _least(under_way, steps, given_up, request, orders, most=most, seed=seed)
            if found is not None:
                steps[request], orders = found
                given_up.discard(request)
    return Fair(steps, frozenset(given_up), orders)


def _least(
    under_way: UnderWay,
    steps: Mapping[RequestId, int],
    given_up: set[RequestId],
    request: RequestId,
    orders: Orders,
    *,
    most: int,
    seed: int,
) -> tuple[int, Orders] | None:
    """The fewest steps with which *request* can be served as well, as far as a search finds."""
    low, high = 0, most + 1
    best = None
    middle = most
    while high - low > 1:
        day = announced(under_way, {**steps, request: middle}, given_up - {request}).rest
        found = _driven(day, best or orders, seed)
        if found is None:
            low = middle
        else:
            high, best = middle, found
        if best is None:
            return None
        middle = (low + high) // 2
    return None if best is None else (high, best)


def _driven(day: Day, orders: Orders, seed: int) -> Orders | None:
    """Orders in which everybody of *day* is served."""
    start = in_order(day, orders)
    answer = serve_everybody(make_problem(day), start=start, effort=TRY, seed=seed)
    return None if answer.routes is None else orders_of(day, answer.routes)
