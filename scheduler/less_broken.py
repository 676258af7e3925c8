"""
A better answer from one that is known, by simple exchanges, for as long as there is time.

Whoever is given up is served after all, if need be with everybody late; whoever is late comes on
time, or less late, with nobody else later. `least_broken` looks for what takes more than that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import perf_counter

from scheduler.as_driven import AsDriven, Broken
from scheduler.continuing import Orders, in_order, orders_of
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.lateness import announced
from scheduler.model import RequestId, Trip, TripId
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.solution import Effort

# How hard to try one exchange.
TRY = Effort(iterations=400, labels=0)


def less_broken(
    driven: AsDriven, best: Broken, *, seed: int = 0, until: float | None = None
) -> Broken:
    """Make *best* better by simple exchanges, until that moment of `perf_counter`."""
    better = True
    while better:
        better = False
        for day in _exchanges(driven, best):
            if until is not None and perf_counter() > until:
                return best
            orders = _served(day, best.orders, seed)
            found = None if orders is None else driven.broken(orders)
            if found is not None and driven.order(found) < driven.order(best):
                best, better = found, True
                break
    return best


def _exchanges(driven: AsDriven, best: Broken) -> Iterator[Day]:
    """Days on which all who are left are served so that less is broken, or perhaps less."""
    weight = driven.weight
    gone = best.given_up
    if len(gone) > 1:
        yield _all_late(driven, frozenset())
    for request in sorted(gone, key=lambda r: (-weight(r), r)):
        yield _all_late(driven, gone - {request})
    late = sorted(best.steps, key=lambda r: (-weight(r), -best.steps[r], r))
    for request in late:
        yield _told(driven, {**best.steps, request: 0}, gone)
    for request in late:
        if best.steps[request] > 1:
            yield _told(driven, {**best.steps, request: best.steps[request] - 1}, gone)


def _told(driven: AsDriven, steps: Mapping[RequestId, int], gone: frozenset[RequestId]) -> Day:
    late = {request: by for request, by in steps.items() if by}
    return announced(driven.under_way, late, gone).rest


def _all_late(driven: AsDriven, gone: frozenset[RequestId]) -> Day:
    """The rest of the day with everybody but those who are *gone* as late as they may be."""
    rest = announced(driven.under_way, {}, gone).rest
    wide: dict[TripId, Trip] = {}
    for journey in driven.journeys:
        if journey.request not in gone:
            wide |= driven.trips(journey.request, 0, wide=driven.most)
    return replace(
        rest,
        trips=tuple(wide.get(trip.id, trip) for trip in rest.trips),
        bound_to={
            **rest.bound_to,
            **{t: s for t, s in driven.under_way.aboard.items() if t in wide},
        },
    )


def _served(day: Day, orders: Orders, seed: int) -> Orders | None:
    """Orders in which everybody of *day* is served."""
    start = in_order(day, orders)
    answer = serve_everybody(make_problem(day), start=start, effort=TRY, seed=seed)
    return None if answer.routes is None else orders_of(day, answer.routes)
