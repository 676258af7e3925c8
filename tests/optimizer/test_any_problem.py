"""
Random tiny problems with any combination of all constraints, against trying everything.

``FAHRTEN_TEST_DAYS=5000 pytest tests/optimizer/test_any_problem.py`` tries thousands.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import count, pairwise

import numpy as np
import pytest

from scheduler.optimizer import solve
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort, Progress, Solution
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_any_problem import any_problem
from tests.sound_by_hand import assert_sound

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "125"))
BLOCK = 25

in_blocks = pytest.mark.parametrize("first", range(0, DAYS, BLOCK))
in_fewer_blocks = pytest.mark.parametrize("first", range(0, DAYS // 3, BLOCK))


def assert_within(problem: Problem, solution: Solution, best: tuple[int, float]) -> None:
    """A plan, no better than the optimum; a bound, no worse; and a proof only where they meet."""
    assert_sound(problem, solution)
    leeway = 0.0 if problem.whole else 1e-6
    assert (solution.unserved_weight, solution.cost + leeway) >= best
    assert (solution.bound_weight, solution.bound_cost - leeway) <= best
    if solution.proven:
        assert solution.unserved_weight == best[0]
        assert solution.cost == pytest.approx(best[1], abs=leeway)


@cache
def best_of(seed: int) -> tuple[int, float]:
    """Optimum of `any_problem`, by trying everything."""
    return optimum(any_problem(seed))


@in_blocks
def test_any_day_is_solved_to_the_optimum(first: int) -> None:
    """Objective, bound and proof: nothing is left open on a tiny day."""
    for seed in range(first, first + BLOCK):
        problem = any_problem(seed)
        solution = solve(problem, effort=Effort(iterations=200), seed=seed)
        assert solution.proven, seed
        assert_within(problem, solution, best_of(seed))


@in_fewer_blocks
@pytest.mark.parametrize("labels", [0, 100])
def test_out_of_labels_plan_and_bound_still_hold(first: int, labels: int) -> None:
    """Hardly any search before, and a proof that may have to stop at any round."""
    for seed in range(first, first + BLOCK):
        problem = any_problem(seed)
        solution = solve(problem, effort=Effort(iterations=1, labels=labels), seed=seed)
        assert_within(problem, solution, best_of(seed))


@in_fewer_blocks
def test_stopped_by_the_watch_plan_and_bound_still_hold(first: int) -> None:
    """What the watch hears is a bound as well, at every call, and never a worse one."""
    for seed in range(first, first + BLOCK):
        problem, best = any_problem(seed), best_of(seed)
        leeway = 0.0 if problem.whole else 1e-6
        for calls in (1, 3):
            heard: list[Progress] = []
            effort = Effort(iterations=1)
            solution = solve(problem, effort=effort, seed=seed, progress=stop_after(calls, heard))
            assert_within(problem, solution, best)
            assert len(heard) <= calls
            for one in heard:
                assert (one.unserved_weight, one.cost + leeway) >= best
                assert (one.bound_weight, one.bound_cost - leeway) <= best
            for one, next_ in pairwise(heard):
                assert (one.bound_weight, one.bound_cost) <= (
                    next_.bound_weight,
                    next_.bound_cost,
                )


def stop_after(calls: int, heard: list[Progress]) -> Callable[[Progress], bool]:
    """A watch that says no at so many calls, and keeps what it was told."""
    numbers = count(1)

    def watch(progress: Progress) -> bool:
        heard.append(progress)
        return next(numbers) < calls

    return watch


def test_few_labels_leave_proofs_open() -> None:
    """A stop that never stops anything would prove nothing about what is left by then."""
    open_ = [
        not solve(any_problem(seed), effort=Effort(iterations=1, labels=50)).proven
        for seed in range(60)
    ]
    assert sum(open_) > 6


def without_second_options(problem: Problem) -> Problem:
    """Each journey in its first option only."""
    first = np.unique(problem.option_journey, return_index=True)[1]
    sizes = np.diff(problem.option_start)
    kept = np.repeat(np.isin(np.arange(len(sizes)), first), sizes)
    return replace(
        problem,
        option_journey=problem.option_journey[first],
        option_start=np.concatenate([[0], np.cumsum(sizes[first])]),
        option_trip=problem.option_trip[kept],
    )


RELAXED: dict[str, Callable[[Problem], Problem]] = {
    "breaks": lambda p: replace(p, shift_rest=np.zeros_like(p.shift_rest)),
    "longest duration": lambda p: replace(p, shift_longest=np.full(p.shifts, np.inf)),
    "longest rides": lambda p: replace(p, visit_ride=np.full(p.visits, np.inf)),
    "seats": lambda p: replace(p, visit_load=np.zeros_like(p.visit_load)),
    "who takes whom": lambda p: replace(p, shift_takes=np.ones_like(p.shift_takes)),
    "extras": lambda p: replace(p, shift_extra=np.zeros_like(p.shift_extra)),
    "dwell": lambda p: replace(p, visit_dwell=np.zeros(p.visits)),
    "earliest begins": lambda p: replace(p, visit_earliest=np.zeros(p.visits)),
    "latest begins": lambda p: replace(p, visit_latest=np.full(p.visits, 2000.0)),
    "hours of shifts": lambda p: replace(p, shift_latest=np.full(p.shifts, 2000.0)),
    "second configurations": lambda p: replace(
        p,
        configuration=p.configuration[p.configuration_start[:-1]],
        configuration_start=np.arange(p.shifts + 1),
    ),
    "second options": without_second_options,
}


@pytest.mark.parametrize("name", RELAXED)
def test_each_constraint_decides_something(name: str) -> None:
    """Without it another plan would be the best one, on more than a few of the days."""
    small = [seed for seed in range(90) if any_problem(seed).trips <= 4]
    changed = [optimum(RELAXED[name](any_problem(seed))) != best_of(seed) for seed in small]

    assert sum(changed) >= 3


def _only_extras_differ(day: Problem) -> bool:
    """Whether there are shifts that are equal but for what trips count on them."""
    plain = replace(day, shift_extra=np.zeros_like(day.shift_extra))
    return len(np.unique(prepare(day).kind)) > len(np.unique(prepare(plain).kind))


def test_every_sort_of_day_is_drawn() -> None:
    """What the twists are there for turns up, in days with and without it."""
    days = [any_problem(seed) for seed in range(200)]
    sorts = {
        "stops on the way": [bool((np.diff(day.trip_start) > 2).any()) for day in days],
        "fractions": [not day.whole for day in days],
        "three shifts": [day.shifts == 3 for day in days],
        "linked trips": [bool((np.diff(day.option_start) > 1).any()) for day in days],
        "three options": [bool((np.bincount(day.option_journey) > 2).any()) for day in days],
        "places next door": [
            bool((day.seconds + np.eye(len(day.seconds)) == 0).any()) for day in days
        ],
        "sharp windows": [bool((day.visit_earliest == day.visit_latest).any()) for day in days],
        "extras": [bool(day.shift_extra.any()) for day in days],
        "extras that tell equal shifts apart": [_only_extras_differ(day) for day in days],
        "trips without a load": [
            bool((day.visit_load[day.trip_start[:-1]].sum(axis=1) == 0).any()) for day in days
        ],
    }
    for sort, found in sorts.items():
        assert 5 <= sum(found) <= 195, sort
