"""The cheapest insertion against all insertions."""

from itertools import combinations_with_replacement

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.optimizer.feasibility import feasible, make_states
from scheduler.optimizer.insertion import best_insertion
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.routes import insert_trip, make_routes
from scheduler.problem import Problem
from tests.builders_optimizer import Mix, random_problem
from tests.costs_by_hand import cost_by_hand

NO_DICE = np.zeros(1, dtype=np.uint64)


def cheapest_by_trying(problem: Problem, shift: int, route: tuple[int, ...], trip: int) -> float:
    """The least addition to the cost over all places of the visits of *trip*."""
    instance = prepare(problem)
    visits = range(problem.trip_start[trip], problem.trip_start[trip + 1])
    best = np.inf
    for places in combinations_with_replacement(range(len(route) + 1), len(visits)):
        longer = list(route)
        for visit, place in reversed(list(zip(visits, places, strict=True))):
            longer.insert(place, visit)
        if feasible(instance, shift, tuple(longer)):
            best = min(best, cost_by_hand(problem, shift, longer))
    return best - cost_by_hand(problem, shift, route)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_no_place_is_cheaper_than_the_one_found(seed: int) -> None:
    """One route grows trip by trip, and each time all places are tried by hand as well."""
    problem = random_problem(seed, Mix(journeys=6, trips=8))
    instance, draw = prepare(problem), np.random.default_rng(seed)
    routes, work = make_routes(instance), make_states(instance, 5)
    gaps, best = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    shift = int(draw.integers(problem.shifts))
    row = 2 * shift
    route: tuple[int, ...] = ()
    for trip in draw.permutation(problem.trips):
        found = best_insertion(
            instance, routes, row, int(trip), work, gaps, best, NO_DICE, 0.0, np.inf
        )
        assert found == cheapest_by_trying(problem, shift, route, int(trip))
        if np.isfinite(found):
            assert insert_trip(instance, routes, row, int(trip), best)
            assert routes.cost[row] == cost_by_hand(problem, shift, route) + found
            count = routes.length[row]
            route = tuple(int(visit) for visit in routes.nodes[row, 1 : count + 1])


def test_a_trip_that_the_shift_does_not_take_has_no_place() -> None:
    """`takes` is a rule of its own, whatever the clock allows."""
    instance = prepare(random_problem(3))
    instance.takes[:] = False
    work = make_states(instance, 5)
    gaps, best = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    routes = make_routes(instance)
    assert best_insertion(instance, routes, 0, 0, work, gaps, best, NO_DICE, 0.0, np.inf) == np.inf


@given(seed=st.integers(0, 2**32), limit=st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_a_limit_hides_only_what_is_not_below_it(seed: int, limit: int) -> None:
    """Below the limit the answer is the same, and so is the place; else there is none."""
    problem = random_problem(seed, Mix(journeys=6, trips=8))
    instance, draw = prepare(problem), np.random.default_rng(seed)
    routes, work = make_routes(instance), make_states(instance, 5)
    gaps, best, other = (np.zeros(4, dtype=np.int64) for _ in range(3))
    row = 2 * int(draw.integers(problem.shifts))
    for trip in map(int, draw.permutation(problem.trips)):
        found = best_insertion(instance, routes, row, trip, work, gaps, best, NO_DICE, 0.0, np.inf)
        below = best_insertion(
            instance, routes, row, trip, work, gaps, other, NO_DICE, 0.0, float(limit)
        )
        assert below == (found if found < limit else np.inf)
        if np.isfinite(found):
            size = int(np.diff(instance.trip_start)[trip])
            assert found >= limit or (best[:size] == other[:size]).all()
            assert insert_trip(instance, routes, row, trip, best)
