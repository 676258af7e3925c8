"""The optimum of a tiny problem by trying everything; shares nothing with the optimizer."""

from functools import cache
from itertools import pairwise, product

import numpy as np

from scheduler.problem import Problem
from tests.schedule_by_hand import feasible_by_hand


def optimum(problem: Problem) -> tuple[int, float]:  # noqa: C901 - all that there is, tried
    """Least unserved weight, then least driving, over all plans there are."""

    def drive(shift: int, visits: tuple[int, ...]) -> float:
        places = [
            problem.shift_first_place[shift],
            *problem.visit_place[list(visits)],
            problem.shift_last_place[shift],
        ]
        return float(sum(problem.seconds[a, b] for a, b in pairwise(places)))

    @cache
    def cheapest(shift: int, trips: frozenset[int]) -> float:
        """Least drive of a route of *shift* with just these *trips*; infinite if none."""
        if not trips:
            return 0.0
        # A route with a schedule has one without any of its trips, too.
        if any(len(trips) > 1 and np.isinf(cheapest(shift, trips - {trip})) for trip in trips):
            return np.inf
        best = np.inf
        for visits in _orders(problem, shift, trips):
            if drive(shift, visits) < best and feasible_by_hand(problem, shift, visits):
                best = drive(shift, visits)
        return best

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
            driving = 0.0
            for shift in range(problem.shifts):
                trips = frozenset(
                    trip for trip, where in zip(served, shifts, strict=True) if where == shift
                )
                driving += cheapest(shift, trips)
            if np.isfinite(driving):
                best = min(best, (weight, driving))
    return best


def _orders(problem: Problem, shift: int, trips: frozenset[int]) -> list[tuple[int, ...]]:
    """
    All orders of the visits of *trips* in which each trip keeps its own order.

    Without those that are too late somewhere even if the bus never waits for anything else.
    """
    orders: list[tuple[int, ...]] = []
    places, latest = problem.visit_place.tolist(), problem.visit_latest.tolist()
    earliest, dwell = problem.visit_earliest.tolist(), problem.visit_dwell.tolist()
    drives = problem.seconds.tolist()

    def grow(
        done: tuple[int, ...], place: int, clock: float, waiting: tuple[tuple[int, ...], ...]
    ) -> None:
        if not waiting:
            orders.append(done)
        for index, (visit, *others) in enumerate(waiting):
            begin = max(earliest[visit], clock + drives[place][places[visit]])
            if begin > latest[visit] + 1e-7:
                continue
            rest = (tuple(others),) if others else ()
            left = (*waiting[:index], *rest, *waiting[index + 1 :])
            grow((*done, visit), places[visit], begin + dwell[visit], left)

    visits = (tuple(range(*problem.trip_start[trip : trip + 2])) for trip in trips)
    start = int(problem.shift_first_place[shift])
    grow((), start, float(problem.shift_earliest[shift]), tuple(visits))
    return orders
