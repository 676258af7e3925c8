"""One more journey in a plan, against the same in plain Python."""

import numpy as np
import pytest

from benchmarks.schedules import feasible_by_hand
from scheduler.optimizer.offering import Offering, insert_option
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.search import make_search
from scheduler.optimizer.solution import RoutePlan
from tests.builders_kernels import generic_problem
from tests.builders_optimizer import Mix
from tests.builders_search import load, pending_of, plain_trial, random_plan, routes_of
from tests.costs_by_hand import cost_by_hand

MIX = Mix(journeys=5, trips=7, shifts=3)


@pytest.mark.parametrize("seed", range(12))
def test_an_option_is_inserted_as_in_plain_python(seed: int) -> None:
    problem, draw = generic_problem(seed, MIX), np.random.default_rng(seed)
    instance = prepare(problem)
    search = make_search(instance, seed=0)
    load(problem, instance, search, random_plan(problem, instance, draw))
    before = routes_of(search, trial=False)

    for journey in pending_of(instance, search):
        for option in np.flatnonzero(instance.option_journey == journey).tolist():
            plain = plain_trial(problem, instance, search)
            fits = insert_option(instance, search, option)

            assert fits == (option in plain.open_options and plain.place(option))
            if fits:
                # Of places that cost the same, either will do.
                for shift, route in enumerate(routes_of(search, trial=True)):
                    assert sorted(route) == sorted(plain.routes[shift])
                    assert cost_by_hand(problem, shift, route) == pytest.approx(
                        cost_by_hand(problem, shift, plain.routes[shift])
                    )
            assert routes_of(search, trial=False) == before


@pytest.mark.parametrize("seed", range(12))
def test_an_insertion_says_what_it_changes_and_adds(seed: int) -> None:
    problem, draw = generic_problem(seed, MIX), np.random.default_rng(seed)
    instance = prepare(problem)
    search = make_search(instance, seed=0)
    plan = random_plan(problem, instance, draw)
    load(problem, instance, search, plan)
    planned = tuple(RoutePlan(visits) for visits in plan)

    for journey in pending_of(instance, search):
        offering = Offering(problem, planned, journey=journey)
        for option in offering.options:
            insertion = offering.insert(option)
            if insertion is None:
                continue
            routes = [timed.visits for timed in offering.timed(insertion)]
            costs = [
                sum(cost_by_hand(problem, shift, route) for shift, route in enumerate(each))
                for each in (plan, routes)
            ]
            assert insertion.extra == pytest.approx(costs[1] - costs[0])
            assert all(
                feasible_by_hand(problem, shift, route) for shift, route in enumerate(routes)
            )
            assert set(insertion.routes) == {
                shift for shift, route in enumerate(routes) if route != plan[shift]
            }


def test_a_plan_that_nobody_can_drive_is_refused() -> None:
    problem = generic_problem(3, MIX)
    backwards = RoutePlan(tuple(range(problem.visits))[::-1])
    idle = (RoutePlan(),) * (problem.shifts - 1)

    with pytest.raises(ValueError, match="no schedule"):
        Offering(problem, (backwards, *idle), journey=0).insert(0)
