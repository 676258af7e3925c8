"""
Shortest ways between all nodes of a road network, exact and in whole numbers.

The fastest way is wanted, and of equally fast ones the shortest: a pair (milliseconds,
decimetres) compared in this order. Dijkstra's algorithm in scipy knows single floats only, so
a pair travels as one number, ``milliseconds * 1e8 + decimetres``. Whole numbers below 2**53 are
exact in a float64, hence sums and comparisons are exact as long as a way takes less than 25
hours and 10,000 km; `Engine` refuses a network where that could fail.
"""

from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.errors import NetworkError
from routing.network import RoadNetwork

MILLISECOND = 1e8  # in the combined unit; a decimetre is 1
_LARGEST_EXACT = 2.0**53

# All pairs of 2,000 nodes are 32 MB, made in half a second.
ALL_PAIRS_NODES = 2_000
# Rows kept for larger networks: 96 MB.
KEPT_NUMBERS = 12_000_000


class Engine:
    """
    Answers "from these nodes to all nodes"; remembers what it has worked out.

    May be used from several threads at once.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._nodes = network.nodes
        pair = network.milliseconds * MILLISECOND + network.decimetres
        # Of parallel edges only the best counts, and a loop never leads anywhere.
        order = np.lexsort((np.arange(network.edges), pair, network.head, network.tail))
        tail, head = network.tail[order], network.head[order]
        order = order[tail != head]
        tail, head = network.tail[order], network.head[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        kept = order[first]
        self.edge = kept
        starts = np.searchsorted(network.tail[kept], np.arange(self._nodes + 1)).astype(np.int32)
        self._graph = csr_array(
            (pair[kept], network.head[kept].astype(np.int32), starts),
            shape=(self._nodes, self._nodes),
        )
        self._starts = starts
        self._lock = Lock()
        self._all: NDArray[np.float64] | None = None
        self._rows: OrderedDict[int, NDArray[np.float64]] = OrderedDict()

    def costs(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.float64]:
        """
        Combined cost from each of *sources* to each of *targets*; infinite where no way leads.

        Parameters
        ----------
        sources, targets
            Nodes, each at most once.

        Returns
        -------
        Shape ``(len(sources), len(targets))``.
        """
        with self._lock:
            if self._nodes <= ALL_PAIRS_NODES:
                if self._all is None:
                    self._all = self._search(np.arange(self._nodes))
                return self._all[np.ix_(sources, targets)]
            return self._from_rows(sources, targets)

    def cost(self, source: int, target: int) -> float:
        """Combined cost between two nodes."""
        return float(self.costs(np.array([source]), np.array([target]))[0, 0])

    def _from_rows(
        self, sources: NDArray[np.int64], targets: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        missing = np.array([n for n in sources.tolist() if n not in self._rows], dtype=np.int64)
        if len(missing):
            for node, row in zip(missing.tolist(), self._search(missing), strict=True):
                self._rows[node] = row.copy()
        found = np.empty((len(sources), len(targets)))
        for number, node in enumerate(sources.tolist()):
            self._rows.move_to_end(node)
            found[number] = self._rows[node][targets]
        while len(self._rows) * self._nodes > KEPT_NUMBERS:
            self._rows.popitem(last=False)
        return found

    def _search(self, nodes: NDArray[np.int64]) -> NDArray[np.float64]:
        cost: NDArray[np.float64] = dijkstra(self._graph, indices=nodes)
        check_exact(cost)
        return cost

    def edges_between(self, start: int, end: int) -> list[int]:
        """Edges of the best way from one node to another; `KeyError` if there is none."""
        if start == end:
            return []
        sources = np.array([start])
        before = dijkstra(self._graph, indices=sources, return_predecessors=True)[1][0]
        edges: list[int] = []
        node = end
        while node != start:
            previous = int(before[node])
            if previous < 0:
                raise KeyError(start, end)
            edges.append(self._edge(previous, node))
            node = previous
        return edges[::-1]

    def _edge(self, tail: int, head: int) -> int:
        first, last = int(self._starts[tail]), int(self._starts[tail + 1])
        place = first + int(np.searchsorted(self._graph.indices[first:last], head))
        return int(self.edge[place])


def check_exact(cost: NDArray[np.float64]) -> None:
    """Refuse ways so long that float64 would round them."""
    longest = np.max(cost, initial=0.0, where=np.isfinite(cost))
    if longest >= _LARGEST_EXACT:
        hours = longest / MILLISECOND / 3_600_000
        msg = f"A way of {hours:.0f} hours is too long to be exact; at most 25 are allowed."
        raise NetworkError(msg)
