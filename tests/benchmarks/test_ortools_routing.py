from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from benchmarks.ortools_routing import cost, search
from benchmarks.ortools_seats import limits_of, table_of
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_optimizer import Mix, random_problem

SMALL = Mix(journeys=3, trips=4)
# The search ends after so many solutions, long before the seconds are over.
SECONDS, SOLUTIONS = 20.0, 20


def tiny(seed: int) -> Problem:
    """A random problem in which every shift counts the same for a trip: the rival knows no more."""
    problem = random_problem(seed, SMALL)
    return replace(problem, shift_extra=np.zeros_like(problem.shift_extra))


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
    problem = tiny(seed)
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
    problems = [tiny(seed) for seed in range(40, 60)]
    best = 0
    for problem in problems:
        routes = search(problem, seconds=SECONDS, solutions=SOLUTIONS)
        best += routes is not None and cost(problem, routes) == optimum(problem)

    assert best >= 17


@pytest.mark.parametrize("seed", range(20))
def test_limits_and_table_say_what_fits(seed: int) -> None:
    """Sums within their limits, and the table where there is one: just what some seats hold."""
    draw = np.random.default_rng(seed)
    seats = draw.integers(0, 7, size=(2, int(draw.integers(1, 4)), 2))
    limits = np.array(list(limits_of(seats)))
    rooms = (seats @ limits.T).max(axis=1)
    table = table_of(seats, limits, rooms)

    for shift, *load in product(range(2), range(8), range(8)):
        fits = bool((np.array(load) <= seats[shift]).all(axis=1).any())
        within = bool((limits @ load <= rooms[shift]).all())
        assert fits == (within and (table is None or (shift, *load) in table))


def test_a_wheelchair_for_two_seats_needs_no_table() -> None:
    """Eight seats, or six and a wheelchair: seats + 2 wheelchairs <= 8, and one at most."""
    seats = np.array([[[8, 0], [6, 1]]])
    limits = np.array(list(limits_of(seats)))

    assert limits.tolist() == [[1, 0], [0, 1], [1, 2]]
    assert table_of(seats, limits, (seats @ limits.T).max(axis=1)) is None


def test_fractions_of_minutes_are_rounded_to_the_safe_side() -> None:
    """A window that is met to the last tenth of a minute is still met."""
    whole = random_problem(3, Mix(breaks=False))
    problem = Problem(**{**vars(whole), "seconds": whole.seconds * 1.003, "whole": False})
    routes = search(problem, seconds=SECONDS, solutions=SOLUTIONS)

    assert routes is not None
    instance = prepare(problem)
    assert all(feasible(instance, s, route) for s, route in enumerate(routes) if route)
    assert np.isfinite(cost(problem, routes)[1])
