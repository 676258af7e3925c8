"""The quick bound against the optimum of tiny problems."""

from hypothesis import given, settings
from hypothesis import strategies as st

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
