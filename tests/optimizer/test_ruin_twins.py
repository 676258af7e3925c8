"""Taking journeys out of a plan, against the same on lists."""

import numpy as np
import pytest

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.ruin import ruin
from scheduler.optimizer.search import Search, make_search
from scheduler.problem import Problem
from tests.builders_kernels import compiled, generic_problem
from tests.builders_optimizer import Mix
from tests.builders_search import choices, homes, load, random_plan, routes_of

MIX = Mix(journeys=9, trips=14, shifts=3)
RULES = {"random": 0, "near": 1, "strings": 2, "costly": 3, "route": 4, "hours": 5}


@compiled
def ruin_trial(instance: Instance, search: Search, rule: int, count: int) -> bool:
    """`ruin`, called from Python."""
    return ruin(instance, search, rule, count)


def some_search(seed: int) -> tuple[Problem, Instance, Search]:
    """A search with the fullest of a few random plans."""
    problem = generic_problem(seed, MIX)
    instance, draw = prepare(problem), np.random.default_rng(seed)
    search = make_search(instance, seed=seed)
    plans = [random_plan(problem, instance, draw) for _ in range(5)]
    load(problem, instance, search, max(plans, key=lambda plan: sum(map(len, plan))))
    return problem, instance, search


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(25))
def test_whoever_leaves_leaves_whole_and_the_rest_stays_in_order(seed: int, rule: int) -> None:
    """Trips, journeys, routes and the list of the pending all tell the same story."""
    problem, instance, search = some_search(seed)
    before, count = routes_of(search, trial=False), 1 + seed % 4
    served = [option >= 0 for option in search.choice[0].tolist()]

    assert ruin_trial(instance, search, rule, count)

    left = [was and now < 0 for was, now in zip(served, search.choice[1].tolist(), strict=True)]
    gone = {
        trip
        for journey in np.flatnonzero(left)
        for option in [search.choice[0, journey]]
        for trip in problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist()
    }
    after = [tuple(v for v in route if problem.visit_trip[v] not in gone) for route in before]
    assert routes_of(search, trial=True) == after
    assert routes_of(search, trial=False) == before
    assert search.home[1].tolist() == homes(problem, after)
    assert search.choice[1].tolist() == choices(problem, after)
    assert search.touched.tolist() == [a != b for a, b in zip(before, after, strict=True)]
    able = set(instance.option_journey[instance.option_open].tolist())
    pending = [journey for journey in sorted(able) if search.choice[1, journey] < 0]
    assert search.pending[: search.pending[-1]].tolist() == pending
    assert sum(left) <= max(3, 2 * count)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_takes_somebody_out_of_most_plans(rule: int) -> None:
    """A rule that never did would be a step for nothing."""
    taken, plans = 0, 0
    for seed in range(40):
        _, instance, search = some_search(seed)
        if (search.choice[0] >= 0).any():
            plans += 1
            assert ruin_trial(instance, search, rule, 3)
            taken += bool((search.choice[1] != search.choice[0]).any())
    assert plans > 30
    assert taken > 0.7 * plans
