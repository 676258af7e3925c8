"""
Days on which one option of a journey lies within another: trips 0 and 1, or trip 0 alone.

Whoever reads from the routes which option is driven must not take the smaller one where both
trips ride: the other trip would stay behind in its route when the journey is given up.
"""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.heuristic import HABITS
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import improve, keep_best, make_best, measure
from scheduler.optimizer.parts import cut_out, put_back
from scheduler.optimizer.pool import make_pool
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.search import make_search
from scheduler.problem import Problem
from tests.builders_kernels import generic_problem
from tests.builders_optimizer import Mix
from tests.builders_search import Route, load, routes_of

MIX = Mix(journeys=1, trips=2, shifts=2, options=False, vias=False)
# Trips of the options, in either order of the two.
WIDE_FIRST, NARROW_FIRST = ((0, 1), (0,)), ((0,), (0, 1))


def nested(options: tuple[tuple[int, ...], ...]) -> tuple[Problem, Instance]:
    """A day with one journey whose two trips any shift can carry."""
    for seed in range(500):
        problem = generic_problem(seed, MIX)
        if (problem.trips, problem.journeys, problem.shifts) != (2, 1, 2):
            continue
        problem = replace(
            problem,
            option_journey=np.zeros(2, dtype=np.int64),
            option_start=np.cumsum([0, *map(len, options)]),
            option_trip=np.concatenate(options),
        )
        instance = prepare(problem)
        if all(feasible(instance, s, v) for s in range(2) for v in ((0, 1, 2, 3), (0, 1), (2, 3))):
            return problem, instance
    raise LookupError


@pytest.mark.parametrize("options", [WIDE_FIRST, NARROW_FIRST])
def test_the_option_that_is_driven_is_the_one_with_all_trips_that_ride(
    options: tuple[tuple[int, ...], ...],
) -> None:
    """Both trips ride: the wide one. Trip 0 alone rides: the narrow one."""
    problem, instance = nested(options)
    search = make_search(instance, seed=1)
    load(problem, instance, search, [(0, 1, 2, 3), ()])
    assert search.choice[0].tolist() == [options.index((0, 1))]
    load(problem, instance, search, [(0, 1), ()])
    assert search.choice[0].tolist() == [options.index((0,))]


@pytest.mark.parametrize("options", [WIDE_FIRST, NARROW_FIRST])
def test_no_trip_is_left_behind_or_carried_twice(options: tuple[tuple[int, ...], ...]) -> None:
    """Step by step, whatever is accepted: what rides is what the chosen option says."""
    problem, instance = nested(options)
    search = make_search(instance, seed=1)
    load(problem, instance, search, [(0, 1, 2, 3), ()])
    best, pool = make_best(instance, search), make_pool(instance, routes=64)
    keep_best(search, best, *measure(instance, search, 0))
    for step in range(200):
        improve(instance, search, pool, best, 1, step, 200, 1e9, 1e9, 2, HABITS)
        visits = [visit for route in routes_of(search, trial=False) for visit in route]
        choice = int(search.choice[0, 0])
        riding = options[choice] if choice >= 0 else ()
        assert sorted(visits) == [visit for trip in riding for visit in (2 * trip, 2 * trip + 1)]


@pytest.mark.parametrize("options", [WIDE_FIRST, NARROW_FIRST])
def test_a_part_of_a_large_day_has_every_trip_that_its_shifts_carry(
    options: tuple[tuple[int, ...], ...],
) -> None:
    """One trip in each of two parts, and both of them back where they were."""
    _, instance = nested(options)
    plan: list[Route] = [(0, 1), (2, 3)]
    parts = [cut_out(instance, plan, np.array([shift]), []) for shift in range(2)]

    assert put_back(instance, plan, parts) == plan
