import numpy as np
import pytest

from benchmarks.ortools_routing import cost, search
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_optimizer import Mix, random_problem

SMALL = Mix(journeys=3, trips=4)
# The search ends after so many solutions, long before the seconds are over.
SECONDS, SOLUTIONS = 20.0, 20


def served(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> dict[int, set[int]]:
    """Trips of each journey that have a visit in *routes*."""
    journey_of = {
        int(trip): int(journey)
        for option, journey in enumerate(problem.option_journey)
        for trip in problem.option_trip[
            problem.option_start[option] : problem.option_start[option + 1]
        ]
    }
    trips = {int(problem.visit_trip[visit]) for route in routes for visit in route}
    found: dict[int, set[int]] = {}
    for trip in trips:
        found.setdefault(journey_of[trip], set()).add(trip)
    return found


@pytest.mark.parametrize("seed", range(24))
def test_an_answer_is_feasible_and_no_better_than_the_optimum(seed: int) -> None:
    """Whatever constraints a problem mixes, OR-Tools' answer keeps all of them."""
    problem = random_problem(seed, SMALL)
    routes = search(problem, seconds=SECONDS, solutions=SOLUTIONS)

    assert routes is not None
    instance = prepare(problem)
    assert len(routes) == problem.shifts
    for shift, route in enumerate(routes):
        assert not route or feasible(instance, shift, route)
    visits = [visit for route in routes for visit in route]
    assert len(visits) == len(set(visits))
    for journey, trips in served(problem, routes).items():
        options = [
            set(problem.option_trip[begin:end].tolist())
            for begin, end, owner in zip(
                problem.option_start, problem.option_start[1:], problem.option_journey, strict=False
            )
            if owner == journey
        ]
        assert trips in options
    assert cost(problem, routes) >= optimum(problem)


def test_most_tiny_problems_are_solved_to_the_optimum() -> None:
    """A rival that finds nothing would be none: here the library has all it needs."""
    problems = [random_problem(seed, SMALL) for seed in range(40, 60)]
    best = 0
    for problem in problems:
        routes = search(problem, seconds=SECONDS, solutions=SOLUTIONS)
        best += routes is not None and cost(problem, routes) == optimum(problem)

    assert best >= 17


def test_fractions_of_minutes_are_rounded_to_the_safe_side() -> None:
    """A window that is met to the last tenth of a minute is still met."""
    whole = random_problem(3, Mix(breaks=False))
    problem = Problem(**{**vars(whole), "seconds": whole.seconds * 1.003, "whole": False})
    routes = search(problem, seconds=SECONDS, solutions=SOLUTIONS)

    assert routes is not None
    instance = prepare(problem)
    assert all(feasible(instance, s, route) for s, route in enumerate(routes) if route)
    assert np.isfinite(cost(problem, routes)[1])
