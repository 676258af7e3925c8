"""Pricing from the outside: prices in, routes worth adding out."""

from dataclasses import dataclass

import numpy as np

from scheduler.optimizer.columns import Column
from scheduler.optimizer.extension import Prices
from scheduler.optimizer.graph import Graph
from scheduler.optimizer.labelling import EXACT, price, trace
from scheduler.optimizer.labels import Labels, new_labels
from scheduler.problem import Ints

# Only routes cheaper than this are worth adding; finer differences drown in rounding.
WORTH = -1e-6

# One search cannot be stopped, so it ends by itself after a second or two: a label takes the
# longer the more trips there are.
MOST_LABELS, MOST_STEPS = 500_000, 50_000_000

# A guess that measured well: enough to spread over all trips, few enough for the master.
MOST_COLUMNS = 400
MOST_PER_TRIP = 60


@dataclass(frozen=True)
class Priced:
    """
    Routes of negative reduced cost, the least one, and whether the search was complete.

    *proof*: it was, and by the exact rule, so that no route costs less than *least*.
    """

    columns: list[Column]
    least: float
    complete: bool
    proof: bool


class Pricer:
    """Keeps the memory that the labelling works in, and counts what it did."""

    def __init__(self, *, trips: int, rides: int, kinds: int, size: int | None = None) -> None:
        self._trips, self._rides, self._kinds = trips, rides, kinds
        self._size = size or min(MOST_LABELS, MOST_STEPS // max(1, trips))
        self._labels: dict[int, Labels] = {}
        self._ends = np.empty(100_000, np.int64)
        self.calls = 0
        self.labels = 0

    def price(self, kind: int, graph: Graph, prices: Prices, rule: int) -> Priced:
        """Search the routes of one kind of shift under a dominance *rule* of `labelling`."""
        labels = self._memory(len(prices.cut))
        found, complete = price(graph, prices, labels, self._ends, rule, WORTH)
        self.calls += 1
        self.labels += int(labels.counts[0])
        ends = self._ends[: min(found, len(self._ends))]
        cost = labels.cost[ends] + graph.home[labels.node[ends]]
        order = np.argsort(cost, kind="stable")
        columns = _spread(kind, graph, labels, ends[order])
        # Ends beyond the room for them were not looked at: one of them may be the least.
        complete = complete and found <= len(self._ends)
        # Routes that are not worth adding are not looked at: the least may lie just above.
        least = float(cost.min(initial=WORTH))
        return Priced(columns, least, complete, proof=complete and rule == EXACT)

    def _memory(self, cuts: int) -> Labels:
        """Labels with room for parities of *cuts* cuts, in steps of 64."""
        words = max(1, -(-cuts // 64))
        if words not in self._labels:
            self._labels = {
                words: new_labels(
                    size=self._size,
                    rides=self._rides,
                    trips=self._trips,
                    kinds=self._kinds,
                    cuts=64 * words,
                    buckets=512,
                )
            }
        return self._labels[words]


def _spread(kind: int, graph: Graph, labels: Labels, ends: Ints) -> list[Column]:
    """The first of *ends* as routes, but no more than a few for the same trips."""
    columns: list[Column] = []
    uses = np.zeros(len(graph.pickup), np.int64)
    visits = np.empty(len(graph.trip), np.int64)
    start = len(graph.trip)
    for end in ends:
        count = trace(labels, int(end), visits)
        route = visits[:count]
        trips = graph.trip[route]
        if uses[trips].min() >= MOST_PER_TRIP:
            continue
        uses[np.unique(trips)] += 1
        legs = graph.drive[np.append(start, route[:-1]), route]
        cost = float(legs.sum() + graph.home[route[-1]] + graph.extra[np.unique(trips)].sum())
        columns.append(Column(kind, tuple(route.tolist()), cost))
        if len(columns) == MOST_COLUMNS:
            break
    return columns
