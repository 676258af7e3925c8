"""
A day that has begun: buses under way and people aboard are ordinary parts of a problem.

The bus begins its shift where it is and now; who is aboard is a trip picked up there and then.
"""

import os
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Solution
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_optimizer import random_problem
from tests.builders_under_way import ABOARD, day_under_way, people_aboard, with_somebody_aboard
from tests.sound_by_hand import assert_sound

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "125"))
BLOCK = 25


@cache
def solved(seed: int) -> Solution:
    """What the optimizer makes of one day."""
    return solve(day_under_way(seed), effort=Effort(iterations=200), seed=seed)


@pytest.mark.parametrize("first", range(0, DAYS, BLOCK))
def test_a_day_that_has_begun_is_solved_to_the_optimum(first: int) -> None:
    """With none to three people in each bus, against trying everything."""
    for seed in range(first, first + BLOCK):
        problem, solution = day_under_way(seed), solved(seed)
        assert_sound(problem, solution)
        assert solution.proven, seed
        assert (solution.unserved_weight, solution.cost) == optimum(problem), seed


@pytest.mark.parametrize("first", range(0, DAYS, BLOCK))
def test_who_is_aboard_is_brought_home_by_the_same_bus_in_time(first: int) -> None:
    """Wherever it can be done at all, and whoever else has to stay behind for it."""
    for seed in range(first, first + BLOCK):
        problem, solution = day_under_way(seed), solved(seed)
        people = people_aboard(problem)
        only = np.isin(np.arange(problem.trips), people)
        alone = replace(problem, shift_takes=problem.shift_takes & only)
        stranded = optimum(alone)[0] // ABOARD
        home = [trip for trip in people if is_home(problem, solution, trip)]
        assert len(home) == len(people) - stranded, seed


def is_home(problem: Problem, solution: Solution, trip: int) -> bool:
    """Whether *trip* ends in the bus that it is in, each ride within its limit from now on."""
    shift = int(problem.shift_takes[:, trip].argmax())
    route, clock = solution.routes[shift], float(problem.shift_earliest[shift])
    for visit in range(problem.trip_start[trip], problem.trip_start[trip + 1]):
        if visit not in route.visits:
            return False
        begin = route.begins[route.visits.index(visit)]
        if visit == problem.trip_start[trip]:
            assert begin == clock
        else:
            assert begin - clock <= problem.visit_ride[visit]
        clock = begin + float(problem.visit_dwell[visit])
    return True


def test_the_days_decide_both_ways() -> None:
    """Most people aboard can be brought home in time, some cannot; others ride besides."""
    people, stranded, picked_up = 0, 0, 0
    for seed in range(DAYS):
        problem, solution = day_under_way(seed), solved(seed)
        people += len(people_aboard(problem))
        stranded += solution.unserved_weight // ABOARD
        for route in solution.routes:
            riding = set(problem.visit_trip[list(route.visits)].tolist())
            both = riding - set(people_aboard(problem)), riding & set(people_aboard(problem))
            picked_up += all(both)
    assert DAYS / 30 < stranded < people / 2
    assert picked_up > DAYS / 10


def test_a_ride_that_began_before_now_keeps_only_what_is_left_of_it() -> None:
    """One second less than the drive home, and nobody can bring this person home in time."""
    problem = random_problem(3)
    problem = with_somebody_aboard(problem, 0, np.random.default_rng(0))
    last = problem.visits - 1
    drive = problem.seconds[problem.visit_place[last - 1], problem.visit_place[last]]
    for left, stranded in ((drive, 0), (drive - 1, 1)):
        problem.visit_ride[last] = left
        solution = solve(problem, effort=Effort(iterations=200))
        assert solution.unserved_weight // ABOARD == stranded
        assert solution.proven
