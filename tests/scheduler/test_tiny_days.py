"""On days small enough to try everything, the plan is as good as can be."""

import pytest

from scheduler.optimizer.solution import Effort
from scheduler.planning import plan_day
from tests.builders_random_days import least_cost, random_day

TINY = [
    seed
    for seed in range(60)
    for day in [random_day(seed, requests=3, shifts=1 + seed % 2)]
    if 2 <= len(day.trips) <= 6
]


@pytest.mark.parametrize("seed", TINY)
def test_tiny_days_are_planned_as_well_as_can_be(seed: int) -> None:
    """Unserved weight and driving time equal those of trying everything, with ordinary effort."""
    day = random_day(seed, requests=3, shifts=1 + seed % 2)

    plan = plan_day(day, effort=Effort(), seed=seed)

    least = least_cost(day)
    assert plan.bound <= least
    assert plan.cost == least
