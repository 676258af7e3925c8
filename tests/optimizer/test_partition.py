"""The best plan from a pool of routes against trying all plans from it."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.partition import Partition
from scheduler.optimizer.pool import Pool, keep_only, make_pool, remember, route_visits
from scheduler.optimizer.preparation import prepare
from tests.builders_optimizer import Mix, random_problem


def some_pool(instance: Instance, draw: np.random.Generator) -> Pool:
    """A dozen routes of random trips; whether they have a schedule does not matter here."""
    pool = make_pool(instance, routes=64)
    trips = len(instance.trip_start) - 1
    for _ in range(12):
        chosen = draw.permutation(trips)[: int(draw.integers(1, min(4, trips + 1)))]
        visits = [
            visit
            for trip in chosen
            for visit in range(instance.trip_start[trip], instance.trip_start[trip + 1])
        ]
        nodes = np.array([0, *visits], dtype=np.int64)
        kind = int(draw.choice(instance.kind))
        assert remember(instance, pool, kind, nodes, len(visits), float(draw.integers(1, 99)))
    return pool


def trips_of(instance: Instance, pool: Pool, route: int) -> list[int]:
    """Trips of a route of *pool*, ascending."""
    return sorted({int(instance.trip[visit]) for visit in route_visits(pool, route)})


def cost_of(instance: Instance, pool: Pool, routes: tuple[int, ...]) -> tuple[int, float] | None:
    """Objective of a plan of these routes; ``None`` if it is none."""
    trips = [trip for route in routes for trip in trips_of(instance, pool, route)]
    kinds = np.bincount(pool.kind[list(routes)], minlength=instance.kind.max() + 1)
    if len(trips) > len(set(trips)) or (kinds > np.bincount(instance.kind)).any():
        return None
    weight, used = 0, 0
    for journey in range(len(instance.journey_weight)):
        options = [
            set(instance.option_trip[slice(*instance.option_start[option : option + 2])])
            for option in np.flatnonzero(instance.option_journey == journey)
            if instance.option_open[option]
        ]
        taken = set(trips) & set().union(*options)
        if taken and taken not in options:
            return None
        used += len(taken)
        weight += 0 if taken else int(instance.journey_weight[journey])
    return (weight, float(pool.cost[list(routes)].sum())) if used == len(trips) else None


@given(seed=st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_no_choice_of_routes_makes_a_better_plan(seed: int) -> None:
    """All choices of up to two routes for two shifts, tried by hand."""
    problem = random_problem(seed, Mix(trips=6))
    instance = prepare(problem)
    pool = some_pool(instance, np.random.default_rng(seed))
    nobody = (int(instance.journey_weight.sum()), 0.0)
    plans = [
        cost_of(instance, pool, routes)
        for count in range(problem.shifts + 1)
        for routes in combinations(range(int(pool.used[0])), count)
    ]
    best = min(plan for plan in plans if plan is not None)
    chosen = Partition(instance, pool).better_than(*nobody, step=1.0, nodes=1000, columns=1000)
    if best == nobody:
        assert chosen is None
    else:
        assert chosen is not None
        assert cost_of(instance, pool, tuple(int(route) for route in chosen)) == best


def test_a_pool_keeps_the_cheaper_order_of_the_same_trips() -> None:
    """Two orders of one set of trips on one kind of shift are one entry."""
    instance = prepare(random_problem(2))
    pool = make_pool(instance, routes=8)
    for cost in (30.0, 20.0, 25.0):
        nodes = np.arange(-1, 2, dtype=np.int64)
        assert remember(instance, pool, 0, nodes, 2, cost)
    assert (pool.used[0], pool.cost[0]) == (1, 20.0)


def test_a_full_pool_says_so_and_can_be_emptied_in_part() -> None:
    """What is kept is still found, what is not kept makes room."""
    instance = prepare(random_problem(2))
    pool = make_pool(instance, routes=2)
    first, second = np.arange(-1, 2, dtype=np.int64), np.arange(-1, 2, dtype=np.int64)
    assert remember(instance, pool, 0, first, 2, 30.0)
    assert remember(instance, pool, 1, second, 2, 20.0)
    assert not remember(instance, pool, 2, second, 2, 20.0)
    keep_only(instance, pool, np.array([1]))
    assert (pool.used[0], pool.kind[0], pool.cost[0]) == (1, 1, 20.0)
    assert remember(instance, pool, 2, second, 2, 20.0)
