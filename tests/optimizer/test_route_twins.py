"""Routes while they change: lists in plain Python, and what the rest of a route still allows."""

from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest

from benchmarks.schedules import constraint_sets, feasible_by_hand
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.routes import Routes, copy_without, insert_trip, make_routes, set_route
from scheduler.problem import Floats, Problem
from tests.builders_optimizer import Mix, random_order, random_problem
from tests.costs_by_hand import extras_by_hand

MIX = Mix(journeys=6, trips=8)


def visits_of(routes: Routes, row: int) -> tuple[int, ...]:
    """Visits of a route, in order."""
    return tuple(routes.nodes[row, 1 : routes.length[row] + 1].tolist())


def put(routes: Routes, instance: Instance, row: int, visits: tuple[int, ...]) -> bool:
    """Make *visits* the route of *row*."""
    return set_route(instance, routes, row, np.array(visits, dtype=np.int64), len(visits))


def latest_begins(problem: Problem, shift: int, visits: tuple[int, ...]) -> Floats:
    """The latest begin of each visit in any schedule: shortest paths from the zero of time."""
    ((variables, edges, _),) = constraint_sets(problem, shift, visits)
    latest = np.full(variables, np.inf)
    latest[0] = 0.0
    for _ in range(variables):
        for begin, end, weight in edges:
            latest[end] = min(latest[end], latest[begin] + weight)
    return latest[2 : len(visits) + 2]


@pytest.mark.parametrize("seed", range(60))
def test_a_route_is_set_exactly_if_it_has_a_schedule(seed: int) -> None:
    """Its nodes, its drive and what is left of it are those of the list of its visits."""
    problem = random_problem(seed, MIX)
    instance, draw = prepare(problem), np.random.default_rng(seed)
    routes = make_routes(instance)
    for _ in range(12):
        shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)
        row = 2 * shift + int(draw.integers(2))
        # Who is taken at all is not asked here.
        if not instance.takes[shift, problem.visit_trip[list(visits)]].all():
            continue
        version = int(routes.version[-1])
        assert put(routes, instance, row, visits) == feasible_by_hand(problem, shift, visits)
        assert routes.version[row] == routes.version[-1] == version + 1
        if not feasible_by_hand(problem, shift, visits):
            continue
        assert visits_of(routes, row) == visits
        places = [
            int(problem.shift_first_place[shift]),
            *problem.visit_place[list(visits)].tolist(),
            int(problem.shift_last_place[shift]),
        ]
        drives = [float(problem.seconds[a, b]) for a, b in pairwise(places)]
        dwells = [0.0, *problem.visit_dwell[list(visits)].tolist()]
        assert routes.cost[row] == sum(drives) + extras_by_hand(problem, shift, visits)
        for index in range(len(visits) + 1):
            tail = sum(drives[index:]) + sum(dwells[index:])
            assert routes.tail[row, index] == tail


def test_what_the_rest_of_a_route_allows_is_the_latest_begin_in_any_schedule() -> None:
    """For shifts without a break and a longest duration, whose rest depends on nothing else."""
    compared = 0
    for seed in range(120):
        problem = random_problem(seed, Mix(journeys=6, trips=8, breaks=False, longest=False))
        instance, draw = prepare(problem), np.random.default_rng(seed)
        routes = make_routes(instance)
        for _ in range(15):
            shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)
            if feasible(instance, shift, visits):
                assert put(routes, instance, 2 * shift, visits)
                latest = latest_begins(problem, shift, visits)
                late = routes.late[2 * shift, 1 : len(visits) + 1]
                assert late[:, 0].tolist() == late[:, 1].tolist() == latest.tolist()
                compared += 1
    assert compared > 200


@pytest.mark.parametrize("seed", range(40))
def test_a_trip_is_inserted_after_the_nodes_that_it_is_told(seed: int) -> None:
    """Every place of every trip, against inserting into a list."""
    problem = random_problem(seed, MIX)
    instance, draw = prepare(problem), np.random.default_rng(seed)
    routes = make_routes(instance)
    shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)[:0]
    for trip in draw.permutation(problem.trips)[:4].tolist():
        first, last = problem.trip_start[trip : trip + 2].tolist()
        for places in combinations_with_replacement(range(len(visits) + 1), last - first):
            longer = list(visits)
            for visit, place in reversed(list(zip(range(first, last), places, strict=True))):
                longer.insert(place, visit)
            assert put(routes, instance, 2 * shift, visits)
            gaps = np.array(places, dtype=np.int64)
            sound = insert_trip(instance, routes, 2 * shift, trip, gaps)
            assert visits_of(routes, 2 * shift) == tuple(longer)
            if instance.takes[shift, trip]:
                assert sound == feasible_by_hand(problem, shift, tuple(longer))
        if instance.takes[shift, trip] and sound:
            visits = tuple(longer)


@pytest.mark.parametrize("seed", range(40))
def test_a_copy_keeps_those_who_are_at_home_in_it(seed: int) -> None:
    """Into the other row, or in place; the rest keep their order."""
    problem = random_problem(seed, MIX)
    instance, draw = prepare(problem), np.random.default_rng(seed)
    routes = make_routes(instance)
    for _ in range(12):
        shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)
        if feasible(instance, shift, visits):
            assert put(routes, instance, 2 * shift, visits)
            home = draw.integers(-1, 2, size=problem.trips)
            kept = tuple(visit for visit in visits if home[problem.visit_trip[visit]] == shift)
            for target in (2 * shift + 1, 2 * shift):
                assert copy_without(instance, routes, 2 * shift, target, home, shift)
                assert visits_of(routes, target) == kept
                assert (
                    routes.nodes[target, len(kept) + 1] == problem.visits + problem.shifts + shift
                )
