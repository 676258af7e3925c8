"""
Is an answer to an instance of the literature right? From the definitions, apart from the optimizer.

Looks at places, begins and the problem's own arrays; knows nothing of how they came about. Depots,
hours and seat configurations may differ from vehicle to vehicle, trips may have a longest ride or
none, and everybody has to be served. Breaks are not looked at: no instance of the literature has
them.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.optimizer.solution import RoutePlan
from scheduler.problem import Problem

# Sums of fractions of minutes may be this far apart and still count as equal.
LEEWAY = 1e-6


def driven(problem: Problem, routes: Sequence[RoutePlan]) -> float:
    """Length of all routes, depots included, in the unit of the instance."""
    return float(
        sum(
            problem.seconds[
                _places(problem, shift, route)[:-1], _places(problem, shift, route)[1:]
            ].sum()
            for shift, route in enumerate(routes)
            if route.visits
        )
    )


def faults(problem: Problem, routes: Sequence[RoutePlan]) -> Iterator[str]:
    """Say what is wrong with *routes*; nothing if everybody rides and every rule is kept."""
    if len(routes) > problem.shifts:
        yield f"{len(routes)} routes for {problem.shifts} vehicles"
        return
    visits = sorted(visit for route in routes for visit in route.visits)
    if visits != list(range(problem.visits)):
        yield "not every visit is made exactly once"
    for shift, route in enumerate(routes):
        if route.visits:
            yield from (f"vehicle {shift}: {fault}" for fault in _faults(problem, shift, route))


def long_rides(problem: Problem, route: RoutePlan) -> list[int]:
    """Visits of *route* that end a ride longer than allowed."""
    end_of: dict[int, float] = {}
    found = []
    for visit, begin in zip(route.visits, route.begins, strict=True):
        longest = float(problem.visit_ride[visit])
        if visit - 1 in end_of and begin - end_of[visit - 1] > longest + LEEWAY:
            found.append(visit)
        end_of[visit] = begin + float(problem.visit_dwell[visit])
    return found


def _faults(problem: Problem, shift: int, route: RoutePlan) -> Iterator[str]:
    visits, begins = np.array(route.visits), np.array(route.begins)
    moments = [route.departure, *begins, route.arrival]
    leaves = [route.departure, *(begins + problem.visit_dwell[visits])]
    places = _places(problem, shift, route)
    drives = problem.seconds[places[:-1], places[1:]]
    if (np.array(moments[1:]) < np.array(leaves) + drives - LEEWAY).any():
        yield "drives faster than the roads allow"
    early, late = problem.visit_earliest[visits], problem.visit_latest[visits]
    if (begins < early - LEEWAY).any() or (begins > late + LEEWAY).any():
        yield "begins outside a window"
    if route.departure < problem.shift_earliest[shift] - LEEWAY:
        yield "leaves before its shift"
    if route.arrival > problem.shift_latest[shift] + LEEWAY:
        yield "is back after its shift"
    if route.arrival - route.departure > problem.shift_longest[shift] + LEEWAY:
        yield "is on the way too long"
    if not problem.shift_takes[shift, problem.visit_trip[visits]].all():
        yield "carries somebody whom it cannot take"
    first, last = problem.configuration_start[shift : shift + 2]
    loads = np.cumsum(problem.visit_load[visits], axis=0)
    rooms = problem.configuration[first:last]
    if not all((load <= rooms).all(axis=1).any() for load in loads):
        yield "carries too many"
    yield from _out_of_order(problem, visits.tolist())
    for visit in long_rides(problem, route):
        yield f"the ride to visit {visit} takes too long"


def _out_of_order(problem: Problem, visits: list[int]) -> Iterator[str]:
    """Each trip from its first visit to its last, in the order of the trip, in one vehicle."""
    starts = {int(start) for start in problem.trip_start[:-1]}
    ends = {int(end) - 1 for end in problem.trip_start[1:]}
    done: set[int] = set()
    for visit in visits:
        if visit not in starts and visit - 1 not in done:
            yield f"visit {visit} comes without or before the one it follows"
        done.add(visit)
    for visit in sorted(done - ends):
        if visit + 1 not in done:
            yield f"visit {visit} is never followed by the next one of its trip"


def _places(problem: Problem, shift: int, route: RoutePlan) -> list[int]:
    return [
        int(problem.shift_first_place[shift]),
        *problem.visit_place[list(route.visits)].tolist(),
        int(problem.shift_last_place[shift]),
    ]
