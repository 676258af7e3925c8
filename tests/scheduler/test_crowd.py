"""A day with far too many requests is planned for those who matter most, and loses nobody."""

import pytest

from scheduler.check import check
from scheduler.crowd import restore, thin
from scheduler.optimizer.solution import Effort
from scheduler.plan import Cost
from scheduler.planning import plan_day
from tests.builders_random_days import random_day


@pytest.mark.parametrize("seed", range(10))
def test_whoever_is_left_out_stands_in_the_plan_as_unserved(seed: int) -> None:
    """The plan of the whole day passes the checker, and claims to have proven nothing."""
    day = random_day(seed, requests=8, shifts=2)
    thinned = thin(day, most=3)

    plan = restore(plan_day(thinned, effort=Effort(iterations=200)), day, thinned=thinned)

    assert check(plan, day) == []
    served = {
        visit.request for route in plan.routes for stop in route.stops for visit in stop.visits
    }
    told = {unserved.request for unserved in plan.unserved} - {each.request for each in day.refused}
    assert served | told == {journey.request for journey in day.journeys}
    assert len(served) <= 3
    if len(day.journeys) > 3:
        assert plan.bound == Cost(0, 0)


def test_the_weightiest_are_kept_and_of_equal_ones_the_first() -> None:
    """Dialysis before shopping, and then first come, first served."""
    day = random_day(3, requests=8, shifts=2)
    weights = {journey.request: journey.weight for journey in day.journeys}

    kept = [journey.request for journey in thin(day, most=3).journeys]

    left = [request for request in weights if request not in kept]
    assert len(kept) == 3
    assert left
    assert min(weights[request] for request in kept) >= max(weights[request] for request in left)
    order = list(weights)
    for one in kept:
        for other in left:
            assert weights[one] > weights[other] or order.index(one) < order.index(other)


def test_an_ordinary_day_is_left_as_it_is() -> None:
    """Nobody is left out, and the proof stays."""
    day = random_day(1, requests=4, shifts=2)

    assert thin(day) is day
    plan = plan_day(day, effort=Effort(iterations=200))
    assert restore(plan, day, thinned=day) is plan
