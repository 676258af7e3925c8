"""Pricing against trying every route of a tiny problem, from the definitions."""

import numpy as np
import pytest

from benchmarks.schedules import feasible_by_hand
from scheduler.optimizer.alternatives import alternatives, never_together
from scheduler.optimizer.cuts import violated_triples
from scheduler.optimizer.graph import shift_graph
from scheduler.optimizer.labelling import CHEAPEST, EXACT
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.pricing import WORTH, Pricer
from scheduler.problem import Bools, Problem
from tests.builders_optimizer import Mix, random_problem
from tests.builders_prices import random_prices, reduced_cost

# Few enough to try every order of every set of trips.
FEW = Mix(journeys=3, trips=3)


def every_route(problem: Problem, shift: int, never: Bools) -> list[tuple[int, ...]]:
    """All visit orders of all sets of trips that may go together, with a schedule."""
    routes: list[tuple[int, ...]] = []

    def grow(route: tuple[int, ...]) -> None:
        trips = problem.visit_trip[list(route)]
        sizes = {t: int((trips == t).sum()) for t in set(trips.tolist())}
        full = {t: int(np.diff(problem.trip_start)[t]) for t in sizes}
        if route and sizes == full and feasible_by_hand(problem, shift, route):
            routes.append(route)
        for trip in range(problem.trips):
            done = sizes.get(trip, 0)
            first = int(problem.trip_start[trip])
            if done == 0 and any(never[trip, other] for other in sizes):
                continue
            if done < int(np.diff(problem.trip_start)[trip]):
                grow((*route, first + done))

    grow(())
    return routes


@pytest.mark.parametrize("seed", range(60))
def test_exact_pricing_finds_the_cheapest_route_there_is(seed: int) -> None:
    """With breaks, vias, options, seats and cuts; quicker rules never find a cheaper one."""
    problem = random_problem(seed, FEW)
    instance = prepare(problem)
    never = never_together(instance)
    sets = alternatives(never)
    prices = random_prices(problem, np.random.default_rng(seed), sets)
    pricer = Pricer(trips=problem.trips, rides=int(instance.most_aboard[0]), kinds=2, size=20_000)

    for shift in range(problem.shifts):
        graph = shift_graph(instance, shift, never)
        costs = {
            route: reduced_cost(problem, shift, route, prices)
            for route in every_route(problem, shift, never)
        }
        least = min((cost for cost in costs.values() if cost < WORTH), default=0.0)

        exact = pricer.price(0, graph, prices, EXACT)
        quick = pricer.price(0, graph, prices, CHEAPEST)

        assert exact.complete
        assert exact.least == pytest.approx(least, abs=1e-6)
        assert quick.least >= least - 1e-6
        assert all(costs[column.visits] < 0 for column in exact.columns)


def test_out_of_labels_is_said() -> None:
    """A search without room for its labels is not complete, and claims nothing."""
    seed = next(s for s in range(100) if random_problem(s).trips == 5)
    problem = random_problem(seed)
    instance = prepare(problem)
    never = never_together(instance)
    prices = random_prices(problem, np.random.default_rng(0), alternatives(never))
    prices = prices._replace(trip=np.full(problem.trips, 1e4))
    pricer = Pricer(trips=problem.trips, rides=int(instance.most_aboard[0]), kinds=2, size=2)

    assert not pricer.price(0, shift_graph(instance, 0, never), prices, EXACT).complete


def test_three_routes_at_one_half_break_a_cut() -> None:
    """Trips 0, 1 and 2 pairwise in three routes at one half: 3/2 > 1."""
    serves = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 1]], np.bool_)

    triples = violated_triples(serves, np.full(3, 0.5), most=10, per_trip=10)

    assert triples == [(0, 1, 2)]


def test_a_route_with_all_three_trips_counts_once() -> None:
    """One whole route with all three trips breaks nothing."""
    serves = np.array([[1, 1, 1]], np.bool_)

    assert violated_triples(serves, np.ones(1), most=10, per_trip=10) == []
