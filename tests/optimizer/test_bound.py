"""The quick bound against the optimum of tiny problems."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.optimizer import bound, solve
from scheduler.optimizer.bound import quick_bound
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from scheduler.problem import TIMES
from tests.brute_force import optimum
from tests.builders_optimizer import random_problem


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_no_plan_is_better_than_the_quick_bound(seed: int) -> None:
    """Less unserved weight than the bound says, or less driving at just that weight."""
    problem = random_problem(seed)
    assert quick_bound(prepare(problem), whole=True) <= optimum(problem)


def test_the_quick_bound_says_something() -> None:
    """Zero would be a bound as well, and worth nothing."""
    bounds = [quick_bound(prepare(random_problem(seed)), whole=True) for seed in range(60)]
    assert sum(weight > 0 for weight, _ in bounds) > 10
    assert sum(driving > 0 for _, driving in bounds) > 10


def test_on_a_very_large_day_the_bound_is_weaker_and_still_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each visit's cheapest link alone, a few rows at a time."""
    positive = 0
    for seed in range(150):
        instance = prepare(random_problem(seed))
        best = quick_bound(instance, whole=True)
        with monkeypatch.context() as patch:
            patch.setattr(bound, "MOST_NODES", 0)
            patch.setattr(bound, "ROWS", 2)
            weight, driving = quick_bound(instance, whole=True)
        assert weight == best[0]
        assert driving <= best[1] or best[1] == 0.0
        assert (weight, driving) <= optimum(random_problem(seed))
        positive += driving > 0
    assert positive > 20


@pytest.mark.parametrize("unit", [1.0, 3.0, 7.0])
def test_fractions_are_not_rounded_up(unit: float) -> None:
    """The same day in another unit has the same bound, less than a billionth for each link."""
    for seed in range(20):
        problem = random_problem(seed)
        whole = quick_bound(prepare(problem), whole=True)[1]
        in_unit = {name: getattr(problem, name) / unit for name in TIMES}
        other = prepare(replace(problem, whole=False, **in_unit))

        assert whole - 1e-6 <= unit * quick_bound(other, whole=False)[1] <= whole


def test_a_plan_that_meets_the_quick_bound_is_proven() -> None:
    """Without a single label: the bound of a whole day is a whole number."""
    met = 0
    for seed in range(80):
        problem = random_problem(seed)
        solution = solve(problem, effort=Effort(iterations=100, labels=0))
        if (solution.unserved_weight, solution.cost) == optimum(problem):
            short = solution.cost - solution.bound_cost
            least = solution.unserved_weight == solution.bound_weight
            assert solution.proven == (least and short < 1.0)
            met += solution.proven and solution.cost > 0
    assert met > 10
