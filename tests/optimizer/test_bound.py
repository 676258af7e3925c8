"""The quick bound against the optimum of tiny problems."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.optimizer import bound
from scheduler.optimizer.bound import quick_bound
from scheduler.optimizer.preparation import prepare
from tests.brute_force import optimum
from tests.builders_optimizer import random_problem


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_no_plan_is_better_than_the_quick_bound(seed: int) -> None:
    """Less unserved weight than the bound says, or less driving at just that weight."""
    problem = random_problem(seed)
    assert quick_bound(prepare(problem)) <= optimum(problem)


def test_the_quick_bound_says_something() -> None:
    """Zero would be a bound as well, and worth nothing."""
    bounds = [quick_bound(prepare(random_problem(seed))) for seed in range(60)]
    assert sum(weight > 0 for weight, _ in bounds) > 10
    assert sum(driving > 0 for _, driving in bounds) > 10


def test_on_a_very_large_day_the_bound_is_weaker_and_still_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each visit's cheapest link alone, a few rows at a time."""
    positive = 0
    for seed in range(150):
        instance = prepare(random_problem(seed))
        best = quick_bound(instance)
        with monkeypatch.context() as patch:
            patch.setattr(bound, "MOST_NODES", 0)
            patch.setattr(bound, "ROWS", 2)
            weight, driving = quick_bound(instance)
        assert weight == best[0]
        assert driving <= best[1] or best[1] == 0.0
        assert (weight, driving) <= optimum(random_problem(seed))
        positive += driving > 0
    assert positive > 20
