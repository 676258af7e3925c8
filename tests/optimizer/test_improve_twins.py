"""Steps of the large neighbourhood search: what is accepted, what is kept, what is remembered."""

import math

import numpy as np
import pytest

from benchmarks.schedules import feasible_by_hand
from scheduler.optimizer.heuristic import HABITS
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import (
    DONE,
    POOL_FULL,
    UNSOUND,
    Best,
    improve,
    keep_best,
    make_best,
    measure,
    restart,
)
from scheduler.optimizer.pool import Pool, make_pool, route_visits
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.search import Search, make_search
from scheduler.problem import Problem
from tests.builders_kernels import generic_problem
from tests.builders_optimizer import Mix
from tests.builders_search import Route, choices, homes, load, random_plan, routes_of
from tests.costs_by_hand import cost_by_hand
from tests.plain_dice import PlainDice

MIX = Mix(journeys=7, trips=10, shifts=3)
# Heat at which nothing that is dearer is accepted, and at which everything is.
FROZEN, BOILING = 1e-9, 1e12


def objective(problem: Problem, routes: list[Route]) -> tuple[int, float]:
    """Unserved weight and cost of the routes of a plan, from the definitions."""
    left = np.array(choices(problem, routes)) < 0
    cost = sum(cost_by_hand(problem, shift, visits) for shift, visits in enumerate(routes))
    return int(problem.journey_weight[left].sum()), cost


def searching(problem: Problem, seed: int) -> tuple[Instance, Search, Best, Pool]:
    """A search with a random plan, which is the best so far."""
    instance = prepare(problem)
    search = make_search(instance, seed=seed)
    plan = random_plan(problem, instance, np.random.default_rng(seed))
    load(problem, instance, search, plan)
    best = make_best(instance, search)
    keep_best(search, best, *measure(instance, search, 0))
    return instance, search, best, make_pool(instance, routes=4096)


def routes_in(best: Best) -> list[Route]:
    """Visits of each shift in the best plan so far."""
    return [
        tuple(nodes[1 : length + 1].tolist())
        for nodes, length in zip(best.nodes, best.length, strict=True)
    ]


def cost_of(search: Search, value: tuple[int, float]) -> float:
    """The objective in one number, as the search weighs it."""
    return value[1] + float(search.penalty[0]) * value[0]


@pytest.mark.parametrize("heat", [FROZEN, 20.0, BOILING])
@pytest.mark.parametrize("seed", range(10))
def test_step_by_step_the_plan_is_a_plan_and_the_best_is_kept(seed: int, heat: float) -> None:
    """Frozen no step makes it dearer; boiling every step is taken; the best is the best seen."""
    problem = generic_problem(seed, MIX)
    instance, search, best, pool = searching(problem, seed)
    least = objective(problem, routes_of(search, trial=False))
    cost = cost_of(search, least)
    for step in range(60):
        made = improve(instance, search, pool, best, 1, step, 60, heat, heat, 4, HABITS)
        assert made == (1, DONE)

        plan = routes_of(search, trial=False)
        for shift, visits in enumerate(plan):
            assert feasible_by_hand(problem, shift, visits)
        assert search.home[0].tolist() == homes(problem, plan)
        assert search.choice[0].tolist() == choices(problem, plan)
        assert len([visit for visits in plan for visit in visits]) == sum(
            len(range(*problem.trip_start[trip : trip + 2]))
            for option in choices(problem, plan)
            if option >= 0
            for trip in problem.option_trip[slice(*problem.option_start[option : option + 2])]
        )
        value = objective(problem, plan)
        assert measure(instance, search, 0) == pytest.approx(value)
        # The last number of a step says how much dearer its trial might have been.
        leeway = -heat * math.log1p(-PlainDice(int(search.dice[0])).last())
        assert cost_of(search, value) <= cost + leeway + 1e-6
        if heat == BOILING:
            assert search.home[1].tolist() == search.home[0].tolist()
        cost = cost_of(search, value)
        least = min(least, value)
        assert (int(best.weight[0]), float(best.cost[0])) == pytest.approx(least)
        assert objective(problem, routes_in(best)) == pytest.approx(least)


def test_some_steps_make_the_plan_dearer_while_it_is_warm() -> None:
    """A search that only ever went downhill would keep the promise above as well."""
    dearer = 0
    for seed in range(10):
        instance, search, best, pool = searching(generic_problem(seed, MIX), seed)
        for step in range(60):
            before = cost_of(search, measure(instance, search, 0))
            improve(instance, search, pool, best, 1, step, 60, 60.0, 60.0, 4, HABITS)
            dearer += cost_of(search, measure(instance, search, 0)) > before + 1e-6
    assert dearer > 10


@pytest.mark.parametrize("seed", range(10))
def test_all_routes_remembered_have_a_schedule_and_their_cost(seed: int) -> None:
    """Whatever the pool holds can be driven, by any shift of its kind."""
    problem = generic_problem(seed, MIX)
    instance, search, best, pool = searching(problem, seed)
    improve(instance, search, pool, best, 100, 0, 100, 20.0, 1.0, 4, HABITS)
    assert pool.used[0] > 0
    for route in range(int(pool.used[0])):
        visits = tuple(route_visits(pool, route).tolist())
        shift = int(np.flatnonzero(instance.kind == pool.kind[route])[-1])
        plan: list[Route] = [()] * problem.shifts
        plan[shift] = visits
        assert feasible_by_hand(problem, shift, visits)
        assert pool.cost[route] == pytest.approx(objective(problem, plan)[1])


@pytest.mark.parametrize("seed", range(10))
def test_many_steps_at_once_are_the_steps_one_by_one(seed: int) -> None:
    """How often somebody looks at the clock between them changes nothing."""
    problem = generic_problem(seed, MIX)
    ends = []
    for size in (1, 8, 40):
        instance, search, best, pool = searching(problem, seed)
        for done in range(0, 40, size):
            improve(instance, search, pool, best, size, done, 40, 30.0, 0.1, 4, HABITS)
        ends.append((routes_of(search, trial=False), routes_in(best), search.dice.tolist()))
    assert ends[0] == ends[1] == ends[2]


def test_a_full_pool_ends_the_steps_and_leaves_the_plan() -> None:
    """The steps made so far are told, and what was accepted by then is still the plan."""
    problem = generic_problem(4, MIX)
    instance, search, best, _ = searching(problem, 4)
    pool = make_pool(instance, routes=3)
    made, why = improve(instance, search, pool, best, 1000, 0, 1000, 20.0, 1.0, 4, HABITS)

    assert why == POOL_FULL
    assert made < 1000
    assert pool.used[0] == 3
    plan = routes_of(search, trial=False)
    for shift, visits in enumerate(plan):
        assert feasible_by_hand(problem, shift, visits)
    assert search.choice[0].tolist() == choices(problem, plan)


def test_drives_without_the_triangle_inequality_are_noticed() -> None:
    """From 1 to 3 in time only by way of 2: whoever is dropped off at 2 must not be left out."""
    seconds = np.full((4, 4), 10.0)
    np.fill_diagonal(seconds, 0.0)
    problem = Problem(
        seconds=seconds,
        visit_place=np.array([1, 1, 2, 2, 3, 3]),
        visit_earliest=np.zeros(6),
        visit_latest=np.array([20.0, 20, 1000, 1000, 60, 60]),
        visit_dwell=np.zeros(6),
        visit_load=np.array([[1], [-1]] * 3),
        visit_ride=np.full(6, np.inf),
        trip_start=np.array([0, 2, 4, 6]),
        option_journey=np.arange(3),
        option_start=np.arange(4),
        option_trip=np.arange(3),
        journey_weight=np.ones(3, dtype=np.int64),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([0]),
        shift_earliest=np.zeros(1),
        shift_latest=np.array([2000.0]),
        shift_longest=np.array([np.inf]),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 1]),
        configuration=np.array([[1]]),
        shift_takes=np.ones((1, 3), dtype=np.bool_),
    )
    instance = prepare(problem)
    # On small days nobody gets so far (`soundness`), on large ones where it was not looked at.
    instance.drive[:2, 4:6] = instance.drive[4:6, :2] = 500.0
    search = make_search(instance, seed=1)
    load(problem, instance, search, [(0, 1, 2, 3, 4, 5)])
    best, pool = make_best(instance, search), make_pool(instance, routes=64)
    _, why = improve(instance, search, pool, best, 200, 0, 200, 1.0, 1.0, 1, HABITS)
    assert why == UNSOUND


@pytest.mark.parametrize("seed", range(20))
def test_a_restart_takes_over_the_best_plan_or_says_that_it_cannot(seed: int) -> None:
    """What was kept is the plan again; an order without a schedule is refused."""
    problem = generic_problem(seed, MIX)
    instance, search, best, pool = searching(problem, seed)
    improve(instance, search, pool, best, 30, 0, 30, BOILING, BOILING, 4, HABITS)
    kept = routes_in(best)

    assert restart(instance, search, best.nodes, best.length)
    assert routes_of(search, trial=False) == kept
    assert search.home[0].tolist() == homes(problem, kept)
    assert search.choice[0].tolist() == choices(problem, kept)
    shift = int(best.length.argmax())
    best.nodes[shift, 1 : best.length[shift] + 1] = kept[shift][::-1]
    # A trip's last visit before its first: never.
    assert restart(instance, search, best.nodes, best.length) == (best.length[shift] == 0)
