"""Prices as the master might give them, and what a route costs at them, from the definition."""

import numpy as np

from scheduler.optimizer.alternatives import as_words
from scheduler.optimizer.extension import Prices
from scheduler.problem import Ints, Problem
from tests.costs_by_hand import cost_by_hand


def random_prices(problem: Problem, draw: np.random.Generator, sets: Ints) -> Prices:
    """Duals as the master might give them, with a few cuts on sets of alternative trips."""
    count = int(sets.max()) + 1
    triples = [draw.choice(count, 3, replace=False) for _ in range(3)] if count >= 3 else []
    in_cut = np.array([np.isin(sets, triple) for triple in triples]).reshape(-1, problem.trips)
    cut, trip = np.nonzero(in_cut)
    order = np.argsort(trip, kind="stable")
    return Prices(
        fixed=np.array([float(draw.integers(0, 30))]),
        trip=draw.integers(0, 250, size=problem.trips).astype(np.float64),
        cut=draw.integers(1, 60, size=len(triples)).astype(np.float64),
        cuts_of_start=np.concatenate(
            [[0], np.cumsum(np.bincount(trip, minlength=problem.trips))]
        ).astype(np.int64),
        cuts_of=cut[order].astype(np.int64),
        cut_trips=as_words(in_cut),
    )


def reduced_cost(problem: Problem, shift: int, route: tuple[int, ...], prices: Prices) -> float:
    """Cost of the route, less what the trips earn, plus what the shift and the cuts cost."""
    trips = np.unique(problem.visit_trip[list(route)])
    cost = prices.fixed[0] + cost_by_hand(problem, shift, route)
    cost -= prices.trip[trips].sum()
    for cut, price in enumerate(prices.cut):
        bits = prices.cut_trips[cut]
        served = sum(int(bits[t >> 6] >> np.uint64(t & 63)) & 1 for t in trips.tolist())
        cost += price * (served // 2)
    return float(cost)
