"""
Every route that a proof knows, as arrays that grow.

Only some of them stand in the linear program at a time; the others are priced with one matrix
product, which is much quicker than finding them again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.optimizer.graph import Graph
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.pool import Pool, route_visits
from scheduler.problem import Bools, Floats, Ints


@dataclass(frozen=True)
class Column:
    """A feasible route of one kind of shift: its visits in order, and its cost in seconds."""

    kind: int
    visits: tuple[int, ...]
    cost: float


class Columns:
    """
    Routes, numbered in the order in which they came; none stands here twice.

    ``kind, cost (n,)``; ``serves (n, t)`` the trips of a route; ``legs (n, m)`` its visits,
    filled up with -1.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._count = 0
        self._known: dict[tuple[int, bytes], int] = {}
        self._kind = np.zeros(1024, np.int64)
        self._cost = np.zeros(1024)
        self._serves = np.zeros((1024, len(instance.trip_start) - 1), np.float64)
        self._legs = np.full((1024, 16), -1, np.int64)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Column:
        visits = self._legs[index]
        return Column(
            int(self._kind[index]), tuple(visits[visits >= 0].tolist()), float(self._cost[index])
        )

    @property
    def kind(self) -> Ints:
        """Kind of shift of each route."""
        return self._kind[: self._count]

    @property
    def cost(self) -> Floats:
        """Drive of each route, with what its trips count beside it."""
        return self._cost[: self._count]

    @property
    def serves(self) -> Floats:
        """One where a route serves a trip; numbers, for the sake of matrix products."""
        return self._serves[: self._count]

    @property
    def legs(self) -> Ints:
        """Visits of each route in order, then -1."""
        return self._legs[: self._count]

    def add(self, columns: Iterable[Column]) -> Ints:
        """Add routes; return the numbers of all of them, known before or not."""
        return np.array(
            [self._put(c.kind, np.array(c.visits, np.int64), c.cost) for c in columns], np.int64
        )

    def add_pool(self, pool: Pool) -> None:
        """Add the routes of a search."""
        for route in range(int(pool.used[0])):
            visits = route_visits(pool, route).astype(np.int64)
            self._put(int(pool.kind[route]), visits, float(pool.cost[route]))

    def _put(self, kind: int, visits: Ints, cost: float) -> int:
        key = (kind, visits.tobytes())
        known = self._known.get(key)
        if known is not None:
            return known
        index = self._count
        self._known[key] = index
        self._make_room(len(visits))
        self._kind[index], self._cost[index] = kind, cost
        self._serves[index, self._instance.trip[visits]] = 1.0
        self._legs[index, : len(visits)] = visits
        self._count += 1
        return index

    def _make_room(self, length: int) -> None:
        """Room for one more route of so many visits."""
        rows, width = self._legs.shape
        if length > width:
            more = np.full((rows, length - width), -1, np.int64)
            self._legs = np.hstack([self._legs, more])
        if self._count == rows:
            self._kind = np.concatenate([self._kind, np.zeros_like(self._kind)])
            self._cost = np.concatenate([self._cost, np.zeros_like(self._cost)])
            self._serves = np.vstack([self._serves, np.zeros_like(self._serves)])
            self._legs = np.vstack([self._legs, np.full_like(self._legs, -1)])

    def obey(self, graphs: Sequence[Graph], first: int = 0) -> Bools:
        """
        Shape ``(n - first,)``: whether a route uses only what is left of its kind's graph.

        Asked of the routes from number *first* on.
        """
        result = np.zeros(self._count, np.bool_)
        for kind, graph in enumerate(graphs):
            rows = first + np.flatnonzero(self.kind[first:] == kind)
            after = self.legs[rows]
            before = np.hstack([np.full((len(rows), 1), len(graph.trip)), after[:, :-1]])
            fine = graph.arc[before, after] & (graph.pickup[graph.trip[after]] >= 0)
            result[rows] = (fine | (after < 0)).all(axis=1)
        return result[first:]

    def in_cuts(self, rows: Ints, cut_sets: Bools) -> Bools:
        """Shape ``(rows, cuts)``: whether a route serves two or more of a cut's three sets."""
        twice: Bools = self.serves[rows] @ cut_sets.T.astype(np.float64) >= 2.0
        return twice

    def reduced(
        self, rows: Ints, trip: Floats, kind: Floats, cut: Floats, cut_sets: Bools, below: float
    ) -> Floats:
        """
        Shape ``(rows,)``: reduced cost of routes at the prices of trips, kinds and cuts.

        Costs of cuts are left out where a route costs more than *below* without them.
        """
        cost = self.cost[rows] - self.serves[rows] @ trip + kind[self.kind[rows]]
        active, near = np.flatnonzero(cut > 0.0), np.flatnonzero(cost < below)
        if len(active) and len(near):
            cost[near] += self.in_cuts(rows[near], cut_sets[active]) @ cut[active]
        return cost
