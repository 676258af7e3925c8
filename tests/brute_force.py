"""The optimum of a tiny problem by trying everything; shares nothing with the optimizer."""

from functools import cache
from itertools import product

import numpy as np

from benchmarks.schedules import feasible_by_hand
from scheduler.problem import Problem
from tests.costs_by_hand import extras_by_hand


def optimum(problem: Problem) -> tuple[int, float]:  # noqa: C901 - all that there is, tried
    """Least unserved weight, then least cost of the routes, over all plans there are."""

    @cache
    def cheapest(shift: int, trips: frozenset[int]) -> float:
        """Least cost of a route of *shift* with just these *trips*; infinite if none."""
        if not trips:
            return 0.0
        # A route with a schedule has one without any of its trips, too.
        if any(len(trips) > 1 and np.isinf(cheapest(shift, trips - {trip})) for trip in trips):
            return np.inf
        for driving, visits in sorted(_orders(problem, shift, trips)):
            if feasible_by_hand(problem, shift, visits):
                return driving + extras_by_hand(problem, shift, visits)
        return np.inf

    choices: list[list[frozenset[int] | None]] = []
    for journey in range(problem.journeys):
        options: list[frozenset[int] | None] = [None]
        for option in np.flatnonzero(problem.option_journey == journey):
            begin, end = problem.option_start[option : option + 2]
            options.append(frozenset(int(trip) for trip in problem.option_trip[begin:end]))
        choices.append(options)
    best = (int(problem.journey_weight.sum()) + 1, 0.0)
    for choice in product(*choices):
        weight = sum(
            int(problem.journey_weight[journey])
            for journey, trips in enumerate(choice)
            if trips is None
        )
        if weight > best[0]:
            continue
        served = sorted(trip for trips in choice if trips is not None for trip in trips)
        for shifts in product(range(problem.shifts), repeat=len(served)):
            cost = 0.0
            for shift in range(problem.shifts):
                trips = frozenset(
                    trip for trip, where in zip(served, shifts, strict=True) if where == shift
                )
                cost += cheapest(shift, trips)
            if np.isfinite(cost):
                best = min(best, (weight, cost))
    return best


def _orders(
    problem: Problem, shift: int, trips: frozenset[int]
) -> list[tuple[float, tuple[int, ...]]]:
    """
    All orders of the visits of *trips* in which each trip keeps its own order, with their drive.

    Without those that cannot be: too late somewhere, or too long aboard, even if the bus never
    waits for anything else.
    """
    orders: list[tuple[float, tuple[int, ...]]] = []
    places, latest = problem.visit_place.tolist(), problem.visit_latest.tolist()
    earliest, dwell = problem.visit_earliest.tolist(), problem.visit_dwell.tolist()
    drives, last = problem.seconds.tolist(), int(problem.shift_last_place[shift])
    rides = problem.visit_ride.tolist()
    # Drive and dwell up to the end of service at each visit of the order under way.
    spent = [0.0] * problem.visits

    def grow(
        done: tuple[int, ...], place: int, clock: float, driven: float, waiting: list[list[int]]
    ) -> None:
        if not waiting:
            orders.append((driven + drives[place][last], done))
        before = spent[done[-1]] if done else 0.0
        for index, (visit, *others) in enumerate(waiting):
            drive = drives[place][places[visit]]
            begin = max(earliest[visit], clock + drive)
            ride = before + drive - spent[visit - 1] if rides[visit] < np.inf else 0.0
            if begin > latest[visit] + 1e-7 or ride > rides[visit] + 1e-7:
                continue
            spent[visit] = before + drive + dwell[visit]
            left = [*waiting[:index], *([others] if others else []), *waiting[index + 1 :]]
            grow((*done, visit), places[visit], begin + dwell[visit], driven + drive, left)

    visits = [list(range(*problem.trip_start[trip : trip + 2])) for trip in trips]
    start = int(problem.shift_first_place[shift])
    grow((), start, float(problem.shift_earliest[shift]), 0.0, visits)
    return orders
