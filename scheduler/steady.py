"""The solution that drives and changes least, of some that serve the same journeys."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduler.day import Day
from scheduler.optimizer.solution import RoutePlan, Solution
from scheduler.optimizer.steadiness import Known, steady
from scheduler.problem import Problem


def steadied(
    day: Day, problem: Problem, solution: Solution, *others: Sequence[RoutePlan]
) -> Solution:
    """
    Change as little of the known plan of *day* as that is worth.

    *problem* is that of *day*, *others* are plans of it; those that do not serve the same visits
    as *solution* are left aside. The bound stays what it is: it does not know about times.
    """
    if not day.steady:
        return solution
    served = _visits(solution.routes)
    plans = [solution.routes, *(routes for routes in others if _visits(routes) == served)]
    return replace(solution, routes=tuple(steady(problem, known_of(day), plans)))


def known_of(day: Day) -> Known:
    """Put the known plan of *day* into numbers."""
    number = {shift.id: which for which, shift in enumerate(day.shifts)}
    shift = np.full(len(day.trips), -1)
    begin = np.full(sum(len(trip.visits) for trip in day.trips), np.nan)
    after = 0
    for which, trip in enumerate(day.trips):
        after += len(trip.visits)
        if trip.request in day.planned_requests:
            # A shift that is no longer there is none of those that there are.
            shift[which] = number.get(day.planned.get(trip.id, ""), len(day.shifts))
        times = day.planned_begins.get(trip.id, ())[-len(trip.visits) :]
        begin[after - len(times) : after] = times
    return Known(shift, begin, float(day.change), float(day.leeway))


def _visits(routes: Sequence[RoutePlan]) -> set[int]:
    return {visit for route in routes for visit in route.visits}
