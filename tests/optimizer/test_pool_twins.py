"""The pool of routes against a dictionary."""

import numpy as np
import pytest

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.pool import Pool, keep_only, make_pool, remember, route_visits
from scheduler.optimizer.preparation import prepare
from tests.builders_optimizer import Mix, random_problem

# For each kind of shift and set of trips the cheapest order seen, in the order of first sight.
Plain = dict[tuple[int, frozenset[int]], tuple[float, tuple[int, ...]]]


def some_route(instance: Instance, draw: np.random.Generator) -> tuple[int, ...]:
    """Visits of one to three of few trips, in any order that keeps the order of each trip."""
    trips = draw.permutation(min(7, len(instance.trip_start) - 1))[: int(draw.integers(1, 4))]
    owners = np.repeat(trips, np.diff(instance.trip_start)[trips])
    draw.shuffle(owners)
    seen = dict.fromkeys(trips.tolist(), 0)
    visits = []
    for trip in owners.tolist():
        visits.append(int(instance.trip_start[trip]) + seen[trip])
        seen[trip] += 1
    return tuple(visits)


def contents(pool: Pool, instance: Instance) -> Plain:
    """What *pool* holds, as its twin would."""
    return {
        (int(pool.kind[route]), frozenset(instance.trip[route_visits(pool, route)].tolist())): (
            float(pool.cost[route]),
            tuple(route_visits(pool, route).tolist()),
        )
        for route in range(int(pool.used[0]))
    }


@pytest.mark.parametrize("seed", range(40))
def test_a_pool_is_a_dictionary_of_cheapest_orders(seed: int) -> None:
    """What comes in twice stays once, the cheaper; when it is full, only what is new is refused."""
    draw = np.random.default_rng(seed)
    instance = prepare(random_problem(seed, Mix(journeys=6, trips=9)))
    room = int(draw.choice([4, 16, 64]))
    pool, plain = make_pool(instance, routes=room), Plain()
    for _ in range(150):
        kind, cost, visits = (
            int(draw.integers(2)),
            float(draw.integers(1, 50)),
            some_route(instance, draw),
        )
        nodes = np.array([-1, *visits, -1], dtype=np.int64)
        key = kind, frozenset(instance.trip[list(visits)].tolist())
        known = key in plain
        assert remember(instance, pool, kind, nodes, len(visits), cost) == (
            known or len(plain) < room
        )
        if (known and cost < plain[key][0]) or (not known and len(plain) < room):
            plain[key] = cost, visits
        if draw.random() < 0.02:
            kept = np.flatnonzero(draw.random(len(plain)) < 0.5)
            keep_only(instance, pool, kept)
            plain = {key: plain[key] for index, key in enumerate(list(plain)) if index in kept}
    assert contents(pool, instance) == plain
    assert list(contents(pool, instance)) == list(plain)


def test_a_route_that_does_not_fit_in_is_refused_and_leaves_the_rest() -> None:
    """Room for the visits is room as well: 16 for each route on average."""
    instance = prepare(random_problem(2))
    pool = make_pool(instance, routes=1)
    visits = np.array([-1, *range(2), *[1] * 15], dtype=np.int64)

    assert not remember(instance, pool, 0, visits, 17, 5.0)
    assert pool.used[0] == 0
    assert remember(instance, pool, 0, visits, 2, 5.0)
