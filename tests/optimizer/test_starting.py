"""What of an earlier plan is still driven on a day that has changed."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.schedules import feasible_by_hand
from scheduler.optimizer import solve
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort, RoutePlan
from scheduler.optimizer.starting import still_driven
from scheduler.problem import Problem
from tests.builders_optimizer import Mix, random_problem
from tests.builders_search import choices, random_plan

MIX = Mix(journeys=8, trips=12, shifts=3)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_a_plan_of_the_same_day_is_kept_whole(seed: int) -> None:
    """Nothing has changed, so nothing is left out."""
    problem = random_problem(seed, MIX)
    instance = prepare(problem)
    plan = random_plan(problem, instance, np.random.default_rng(seed))
    kept = still_driven(instance, plan)
    assert choices(problem, kept) == choices(problem, plan)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_on_a_changed_day_what_is_kept_is_a_plan(seed: int) -> None:
    """Slower roads: some routes lose passengers, but every route is one, and journeys are whole."""
    problem = random_problem(seed, MIX)
    draw = np.random.default_rng(seed)
    plan = random_plan(problem, prepare(problem), draw)
    changed = replace(
        problem,
        seconds=problem.seconds * 2,
        visit_earliest=problem.visit_earliest + draw.integers(0, 30, size=problem.visits),
        visit_latest=problem.visit_latest + 30,
    )
    kept = still_driven(prepare(changed), plan)
    for shift, visits in enumerate(kept):
        assert feasible_by_hand(changed, shift, visits) or not visits
    trips = {int(trip) for visits in kept for trip in problem.visit_trip[list(visits)]}
    options = [option for option in choices(problem, kept) if option >= 0]
    whole = {
        int(trip)
        for option in options
        for trip in problem.option_trip[slice(*problem.option_start[option : option + 2])]
    }
    assert trips == whole


def test_one_broken_route_does_not_cost_the_others() -> None:
    """The last shift has become short; everybody who rides with the others stays aboard."""
    kept_others = 0
    for seed in range(30):
        problem = random_problem(seed, Mix(journeys=8, trips=8, shifts=3, options=False))
        plan = random_plan(problem, prepare(problem), np.random.default_rng(seed))
        latest = problem.shift_latest.copy()
        latest[-1] = problem.shift_earliest[-1]
        kept = still_driven(prepare(replace(problem, shift_latest=latest)), plan)
        assert kept[-1] == ()
        alone = {option for option in choices(problem, [*plan[:-1], ()]) if option >= 0}
        assert alone <= set(choices(problem, kept))
        kept_others += len(alone)
    assert kept_others > 3


def test_nonsense_in_an_old_plan_is_left_out() -> None:
    """Visits that do not exist, trips half done or done twice, and routes of a shift too many."""
    problem = next(
        problem
        for problem in (random_problem(seed, MIX) for seed in range(100))
        if len(_busy(_plan(problem))) > 1
    )
    instance, plan = prepare(problem), _plan(problem)
    longest = _busy(plan)[0]
    wrong: list[tuple[int, ...]] = [*plan, (0, 1)]
    wrong[longest] = (*plan[longest], problem.visits + 7, -1, plan[longest][0])
    kept = still_driven(instance, wrong)
    assert len(kept) == problem.shifts
    assert all(set(now) <= set(then) for now, then in zip(kept, plan, strict=True))
    assert any(kept)


def test_a_warm_start_of_yesterdays_plan_is_a_start() -> None:
    """Without any search the plan is what is left of the old one."""
    problem = random_problem(11, MIX)
    before = solve(problem, effort=Effort(iterations=500, labels=0))
    later = replace(problem, shift_latest=problem.shift_latest - 40)
    after = solve(later, effort=Effort(iterations=0, labels=0), warm_start=before)
    empty = replace(before, routes=tuple(RoutePlan() for _ in before.routes))
    from_nothing = solve(later, effort=Effort(iterations=0, labels=0), warm_start=empty)
    assert after.unserved_weight <= from_nothing.unserved_weight


def _plan(problem: Problem) -> list[tuple[int, ...]]:
    return random_plan(problem, prepare(problem), np.random.default_rng(5))


def _busy(plan: list[tuple[int, ...]]) -> list[int]:
    """Shifts that have anything to do."""
    return [shift for shift, visits in enumerate(plan) if visits]
