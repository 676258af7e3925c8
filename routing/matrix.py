"""Driving times and distances between all places of a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from routing.engine import MILLISECOND, Engine, check_exact
from routing.errors import NoWay
from routing.geo import Point
from routing.network import RoadNetwork
from routing.positions import Door, Position, line_along, line_from, line_to, locate
from routing.snapping import SNAP_LIMIT
from routing.units import HOUR, Metres, Seconds

# A drive that takes so long or longer is none: no road leads there.
NO_ROAD: Seconds = 240 * HOUR
# Snapped points remembered: the addresses of a municipality.
_REMEMBERED_POINTS = 20_000


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """
    Driving time and distance for every ordered pair of points.

    The matrices need not be symmetric: one-way streets exist. Times are rounded up to whole
    seconds, so that a detour never looks shorter than the direct drive.

    Parameters
    ----------
    seconds
        Shape ``(n, n)``; ``seconds[i, j]`` is the drive from point i to point j.
    metres
        Shape ``(n, n)``, laid out like *seconds*; the distance along the fastest way.

    Raises
    ------
    ValueError
        If the shapes differ, an entry is negative, or a diagonal is not zero.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]

    def __post_init__(self) -> None:
        shape = self.seconds.shape
        if len(shape) != 2 or shape[0] != shape[1] or shape != self.metres.shape:
            msg = f"Matrices must be square and of one shape: {shape}, {self.metres.shape}."
            raise ValueError(msg)
        for name, values in (("seconds", self.seconds), ("metres", self.metres)):
            if values.size and (values.min() < 0 or values.diagonal().any()):
                msg = f"Matrix of {name} has a negative entry or a diagonal that is not zero."
                raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.seconds)


class Roads:
    """
    Driving times and ways on a road network.

    A point stands on the nearest edge: a drive begins and ends with a part of that edge, in
    every direction that the road allows. The bus may turn round where it stops. May be used
    from several threads at once.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self._engine = Engine(network)
        self._position = lru_cache(maxsize=_REMEMBERED_POINTS)(self._locate)

    def __reduce__(self) -> tuple[type["Roads"], tuple[RoadNetwork]]:
        # Sent to another process, the network goes and what was remembered stays.
        return (Roads, (self.network,))

    def travel(
        self, points: Sequence[Point], *, limit: Metres = SNAP_LIMIT, cut_off: bool = False
    ) -> TravelMatrix:
        """
        Time and distance of the fastest way for every ordered pair of *points*.

        Times are exact to the millisecond and then rounded up to whole seconds, so that the
        triangle inequality holds: no detour is shorter than the direct drive. With *cut_off*,
        where there is no way it takes `NO_ROAD` seconds.

        Raises
        ------
        TooFarFromRoad
            If a point is more than *limit* metres from every road.
        NoWay
            If a point cannot be reached from another, without *cut_off*.
        """
        positions = [self._position(point, limit) for point in points]
        cost = self._costs(positions)
        apart = np.isinf(cost)
        if cut_off:
            cost[apart] = 0.0
        elif apart.any():
            raise NoWay(points, [(int(a), int(b)) for a, b in np.argwhere(np.isinf(cost))])
        check_exact(cost)
        whole = cost.astype(np.int64)
        step = int(MILLISECOND)
        milliseconds, decimetres = whole // step, whole % step
        if self.network.calibration.approach_kmh is not None:
            self._add_approaches(points, positions, milliseconds, decimetres)
        seconds, metres = -(-milliseconds // 1000), (decimetres + 5) // 10
        seconds[apart], metres[apart] = NO_ROAD, 0
        return TravelMatrix(seconds, metres)

    def route(self, a: Point, b: Point, *, limit: Metres = SNAP_LIMIT) -> list[Point]:
        """
        Points of the fastest way from *a* to *b* along the roads, for drawing it on a map.

        Raises
        ------
        TooFarFromRoad, NoWay
            As in `travel`.
        """
        start, end = self._position(a, limit), self._position(b, limit)
        cost, out, into = min(
            (
                (out.cost + self._engine.cost(out.node, into.node) + into.cost, out, into)
                for out in start.exits
                for into in end.entries
            ),
            key=lambda way: way[0],
        )
        direct = start.along_edge(end)
        if direct is not None and direct[0] <= cost:
            return _without_repeats(line_along(self.network, direct[1], start, end))
        if np.isinf(cost):
            raise NoWay([a, b], [(0, 1)])
        line = line_from(self.network, start, out)
        for edge in self._engine.edges_between(out.node, into.node):
            line += self.network.shape(edge)
        return _without_repeats([*line, *line_to(self.network, into, end)])

    def _locate(self, point: Point, limit: Metres) -> Position:
        return locate(self.network, self.network.snap(point, limit))

    def _costs(self, positions: Sequence[Position]) -> NDArray[np.float64]:
        """Combined cost for every ordered pair of positions, shape ``(n, n)``."""
        exit_node, exit_cost = _doors([position.exits for position in positions])
        entry_node, entry_cost = _doors([position.entries for position in positions])
        sources, source = np.unique(exit_node, return_inverse=True)
        targets, target = np.unique(entry_node, return_inverse=True)
        between = self._engine.costs(sources, targets)
        source, target = source.reshape(exit_node.shape), target.reshape(entry_node.shape)
        cost = np.full((len(positions), len(positions)), np.inf)
        for out in range(2):
            for into in range(2):
                way = between[np.ix_(source[out], target[into])]
                way += exit_cost[out][:, None]
                way += entry_cost[into]
                np.minimum(cost, way, out=cost)
        self._stay_on_edge(positions, cost)
        return cost

    @staticmethod
    def _stay_on_edge(positions: Sequence[Position], cost: NDArray[np.float64]) -> None:
        """Let positions on one edge reach each other without passing a node."""
        neighbours: dict[int, list[int]] = defaultdict(list)
        for number, position in enumerate(positions):
            if position.inside:
                neighbours[position.snapped.edge].append(number)
        for numbers in neighbours.values():
            for a in numbers:
                for b in numbers:
                    way = positions[a].along_edge(positions[b])
                    if way is not None:
                        cost[a, b] = min(cost[a, b], way[0])

    def _add_approaches(
        self,
        points: Sequence[Point],
        positions: Sequence[Position],
        milliseconds: NDArray[np.int64],
        decimetres: NDArray[np.int64],
    ) -> None:
        """Add the way between each point and its road, except between a point and itself."""
        metres = [position.snapped.metres for position in positions]
        approach = np.array([self.network.calibration.approach(m) for m in metres], dtype=np.int64)
        name = {point: number for number, point in enumerate(points)}
        same = np.array([name[point] for point in points], dtype=np.int64)
        apart = same[:, None] != same
        milliseconds += apart * (approach[:, None] + approach)
        decimetres += apart * 10 * np.add.outer(metres, metres).astype(np.int64)


def _doors(
    doors: Sequence[tuple[Door, ...]],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Nodes and costs of two doors for each position, shape ``(2, n)``; infinite for none."""
    node = np.zeros((2, len(doors)), dtype=np.int64)
    cost = np.full((2, len(doors)), np.inf)
    for number, pair in enumerate(doors):
        for place, door in enumerate(pair):
            node[place, number], cost[place, number] = door.node, door.cost
    return node, cost


def _without_repeats(line: Sequence[Point]) -> list[Point]:
    return [point for point, _ in groupby(line)]
