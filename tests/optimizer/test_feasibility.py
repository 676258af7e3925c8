"""The walk against difference constraints solved by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.schedules import feasible_by_hand
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.problem import Problem
from tests.builders_optimizer import random_order, random_problem


def verdicts(problem: Problem, draw: np.random.Generator) -> list[tuple[bool, bool]]:
    """The walk's and the definition's verdict on some random routes of *problem*."""
    instance = prepare(problem)
    pairs = []
    for _ in range(10):
        shift = int(draw.integers(problem.shifts))
        visits = random_order(problem, draw)
        pairs.append((feasible(instance, shift, visits), feasible_by_hand(problem, shift, visits)))
    return pairs


@given(seed=st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_a_walk_finds_a_schedule_exactly_if_there_is_one(seed: int) -> None:
    """Windows, rides, vias, loads, breaks, hours and longest duration, in any combination."""
    problem = random_problem(seed)
    for walked, defined in verdicts(problem, np.random.default_rng(seed)):
        assert walked == defined


def test_the_random_problems_decide_both_ways() -> None:
    """A property that only ever sees infeasible routes would prove nothing."""
    seen = [
        walked
        for seed in range(100)
        for walked, _ in verdicts(random_problem(seed), np.random.default_rng(seed))
    ]
    assert 100 < sum(seen) < 900


@given(seed=st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_leaving_somebody_out_never_makes_a_route_infeasible(seed: int) -> None:
    """With breaks, rides and durations: search, cuts and the proof's rows all rest on this."""
    problem = random_problem(seed)
    draw = np.random.default_rng(seed)
    shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)
    if not feasible_by_hand(problem, shift, visits):
        return
    for trip in set(problem.visit_trip[list(visits)].tolist()):
        fewer = tuple(visit for visit in visits if problem.visit_trip[visit] != trip)
        assert feasible_by_hand(problem, shift, fewer)
