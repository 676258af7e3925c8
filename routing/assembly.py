"""Pieces of road, put together to a network."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.network import ARRAYS, PER_EDGE, STEPS_PER_DEGREE, RoadNetwork
from routing.speeds import ROAD_CLASSES, Calibration, SpeedTable


@dataclass(frozen=True)
class Road:
    """
    A piece of road between two nodes, on its way into a network.

    Parameters
    ----------
    start, end
        Positions of its two nodes.
    shape
        From the first node to the last one, both included.
    forward_ms, backward_ms
        Driving time along and against the shape; None where that is not allowed.
    forward_delay_ms, backward_delay_ms
        How much of that is waited at the end, for the right of way or a green light.
    boardable
        Whether a bus may stop here: not on a motorway, not in a tunnel.
    """

    start: int
    end: int
    shape: Sequence[Point]
    road_class: str
    decimetres: int
    forward_ms: int | None
    backward_ms: int | None
    forward_delay_ms: int = 0
    backward_delay_ms: int = 0
    boardable: bool = True


def assemble(
    nodes: Sequence[Point],
    roads: Iterable[Road],
    *,
    speeds: SpeedTable,
    calibration: Calibration,
    source: str,
    coarse: bool = False,
    dropped: Iterable[Sequence[Point]] = (),
) -> RoadNetwork:
    """Number the directed edges of *roads*, forward before backward, and make them a network."""
    edges: dict[str, list[Any]] = {name: [] for name in PER_EDGE}
    shapes: list[Sequence[Point]] = []
    for road in roads:
        ways = [
            (tail, head, ms, delay)
            for tail, head, ms, delay in (
                (road.start, road.end, road.forward_ms, road.forward_delay_ms),
                (road.end, road.start, road.backward_ms, road.backward_delay_ms),
            )
            if ms is not None
        ]
        first = len(edges["tail"])
        for number, (tail, head, ms, delay) in enumerate(ways):
            edges["tail"].append(tail)
            edges["head"].append(head)
            edges["milliseconds"].append(max(1 + delay, ms))
            edges["delay"].append(delay)
            edges["decimetres"].append(road.decimetres)
            edges["road_class"].append(ROAD_CLASSES.index(road.road_class))
            edges["twin"].append(first + 1 - number if len(ways) == 2 else -1)
            edges["boardable"].append(road.boardable)
        if ways:
            along = road.shape if road.forward_ms is not None else road.shape[::-1]
            shapes.extend([along, ()][: len(ways)])
    shape_start, shape_lat, shape_lon = _flatten(shapes)
    dropped_start, dropped_lat, dropped_lon = _flatten(list(dropped))
    return RoadNetwork(
        node_lat=_degrees([node.lat for node in nodes]),
        node_lon=_degrees([node.lon for node in nodes]),
        **{name: np.array(values, dtype=ARRAYS[name]) for name, values in edges.items()},
        shape_start=shape_start,
        shape_lat=shape_lat,
        shape_lon=shape_lon,
        dropped_start=dropped_start,
        dropped_lat=dropped_lat,
        dropped_lon=dropped_lon,
        speeds=speeds,
        calibration=calibration,
        source=source,
        coarse=coarse,
    )


def _degrees(values: Sequence[float]) -> NDArray[np.float64]:
    return np.rint(np.array(values, dtype=np.float64) * STEPS_PER_DEGREE) / STEPS_PER_DEGREE


def _flatten(
    lines: Sequence[Sequence[Point]],
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    start = np.zeros(len(lines) + 1, dtype=np.int32)
    start[1:] = np.cumsum([len(line) for line in lines])
    lat = _degrees([point.lat for line in lines for point in line])
    lon = _degrees([point.lon for line in lines for point in line])
    return start, lat, lon
