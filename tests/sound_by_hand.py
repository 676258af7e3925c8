"""Is a solution what it says? From the definitions; shares nothing with the optimizer."""

import numpy as np
import pytest

from benchmarks.schedules import constraint_sets, feasible_by_hand
from scheduler.optimizer.solution import Solution
from scheduler.problem import Problem
from tests.costs_by_hand import cost_by_hand


def assert_sound(problem: Problem, solution: Solution) -> None:
    """Each route keeps every rule, each journey is whole, and the objective is what it says."""
    assert len(solution.routes) == problem.shifts
    cost, served = 0.0, []
    for shift, route in enumerate(solution.routes):
        served += [int(trip) for trip in np.unique(problem.visit_trip[list(route.visits)])]
        if not route.visits:
            continue
        assert feasible_by_hand(problem, shift, route.visits)
        rest = [] if route.rest is None else [route.rest]
        times = [0.0, route.departure, *route.begins, route.arrival, *rest]
        assert any(
            all(times[end] - times[begin] <= weight + 1e-6 for begin, end, weight in edges)
            for _, edges, _ in constraint_sets(problem, shift, route.visits)
        )
        cost += cost_by_hand(problem, shift, route.visits)
    assert len(served) == len(set(served))
    weight = 0
    for journey in range(problem.journeys):
        options = [
            set(problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist())
            for option in np.flatnonzero(problem.option_journey == journey)
        ]
        taken = set(served) & set().union(*options)
        assert not taken or taken in options
        weight += 0 if taken else int(problem.journey_weight[journey])
    assert solution.unserved_weight == weight
    assert solution.cost == pytest.approx(cost, abs=1e-6)
