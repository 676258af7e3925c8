"""Giving journeys a place again, against the same in plain Python."""

import numpy as np
import pytest

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.recreate import recreate
from scheduler.optimizer.search import Search, make_search
from tests.builders_any_problem import equal_shifts
from tests.builders_kernels import compiled, generic_problem
from tests.builders_optimizer import Mix
from tests.builders_search import (
    choices,
    homes,
    load,
    pending_of,
    plain_trial,
    random_plan,
    routes_of,
)
from tests.plain_dice import PlainDice

MIX = Mix(journeys=5, trips=7, shifts=3)


@compiled
def recreate_trial(instance: Instance, search: Search, order: int) -> bool:
    """`recreate`, called from Python."""
    return recreate(instance, search, order)


@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_journeys_are_placed_as_in_plain_python(seed: int, order: int) -> None:
    """Three plans in one search, so that what it remembers of insertions is used and outdated."""
    problem, draw = generic_problem(seed, MIX), np.random.default_rng(seed)
    if seed % 2:
        # Of equal empty buses only one counts.
        problem = equal_shifts(problem, draw)
    instance = prepare(problem)
    search = make_search(instance, seed=seed)
    for _ in range(3):
        load(problem, instance, search, random_plan(problem, instance, draw))
        plain = plain_trial(problem, instance, search)
        pending = pending_of(instance, search)
        search.pending[: len(pending)] = pending
        search.pending[-1] = len(pending)
        before = routes_of(search, trial=False)

        plain.recreate(pending, order, PlainDice(int(search.dice[0])).draw)
        assert recreate_trial(instance, search, order)

        after = routes_of(search, trial=True)
        assert after == plain.routes
        assert search.home[1].tolist() == homes(problem, after)
        assert search.choice[1].tolist() == choices(problem, after)
        assert routes_of(search, trial=False) == before


def test_some_journeys_find_a_place_and_some_do_not() -> None:
    """Where all fit, or none, any order of placing them would do."""
    placed, left = 0, 0
    for seed in range(25):
        problem = generic_problem(seed, MIX)
        instance = prepare(problem)
        search = make_search(instance, seed=seed)
        load(problem, instance, search, [() for _ in range(problem.shifts)])
        pending = pending_of(instance, search)
        search.pending[: len(pending)] = pending
        search.pending[-1] = len(pending)
        recreate_trial(instance, search, 2)
        served = int((search.choice[1] >= 0).sum())
        placed, left = placed + served, left + len(pending) - served
    assert placed > 25
    assert left > 5
