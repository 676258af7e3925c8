"""A place on an edge, as a search over nodes sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from routing.engine import MILLISECOND
from routing.geo import EARTH_RADIUS_M, Point
from routing.network import RoadNetwork
from routing.snapping import Snapped


@dataclass(frozen=True)
class Door:
    """
    A node next to a position, and what the part of an edge between them costs.

    Parameters
    ----------
    node
        A node of the network.
    cost
        Combined cost (see `routing.engine`) of the part of the edge.
    edge
        The edge that is driven in part; None if the position is the node itself.
    """

    node: int
    cost: float
    edge: int | None


@dataclass(frozen=True)
class Position:
    """
    A snapped point with its ways out and its ways in.

    Parameters
    ----------
    snapped
        Where it is.
    offsets
        For each edge of the road: the combined cost from its tail to the position.
    exits, entries
        One of each at a node or on a one-way road, two on a two-way road.
    """

    snapped: Snapped
    offsets: tuple[tuple[int, float], ...]
    exits: tuple[Door, ...]
    entries: tuple[Door, ...]

    @property
    def inside(self) -> bool:
        """Whether the position is between two nodes."""
        return bool(self.offsets)

    def along_edge(self, other: "Position") -> tuple[float, int] | None:
        """Cost and edge of driving to *other* without leaving a common edge, if one can."""
        if not (self.inside and other.inside and self.snapped.edge == other.snapped.edge):
            return None
        ahead = other.snapped.fraction - self.snapped.fraction
        ways = []
        for (edge, here), (_, there) in zip(self.offsets, other.offsets, strict=True):
            forward = edge == self.snapped.edge
            if ahead == 0 or (ahead > 0) == forward:
                ways.append((there - here, edge))
        return min(ways, default=None)


def locate(network: RoadNetwork, snapped: Snapped) -> Position:
    """
    Split the edges under a snapped point.

    Both parts are whole milliseconds and decimetres and add up to the edge exactly, so that
    driving past a point never costs less than driving on. What is waited at the head of an edge
    belongs to its last part.
    """
    edge = snapped.edge
    if snapped.fraction in {0.0, 1.0}:
        node = int((network.head if snapped.fraction else network.tail)[edge])
        here = (Door(node, 0.0, None),)
        return Position(snapped, (), here, here)
    sides = [(edge, snapped.fraction)]
    if network.twin[edge] >= 0:
        sides.append((int(network.twin[edge]), 1 - snapped.fraction))
    offsets, exits, entries = [], [], []
    for side, fraction in sides:
        milliseconds, decimetres = int(network.milliseconds[side]), int(network.decimetres[side])
        driving = milliseconds - int(network.delay[side])
        whole = milliseconds * MILLISECOND + decimetres
        part = round(fraction * driving) * MILLISECOND + round(fraction * decimetres)
        offsets.append((side, part))
        entries.append(Door(int(network.tail[side]), part, side))
        exits.append(Door(int(network.head[side]), whole - part, side))
    return Position(snapped, tuple(offsets), tuple(exits), tuple(entries))


def line_from(network: RoadNetwork, position: Position, door: Door) -> list[Point]:
    """Points from a position along the edge of one of its exits."""
    if door.edge is None:
        return [position.snapped.point]
    return cut(network.shape(door.edge), _fraction(position, door.edge), 1.0)


def line_to(network: RoadNetwork, door: Door, position: Position) -> list[Point]:
    """Points along the edge of one of a position's entries, up to the position."""
    if door.edge is None:
        return [position.snapped.point]
    return cut(network.shape(door.edge), 0.0, _fraction(position, door.edge))


def line_along(network: RoadNetwork, edge: int, start: Position, end: Position) -> list[Point]:
    """Points along an edge from one position on it to a later one."""
    return cut(network.shape(edge), _fraction(start, edge), _fraction(end, edge))


def cut(shape: Sequence[Point], start: float, end: float) -> list[Point]:
    """Cut the part of a line between two fractions of its length."""
    lengths = [_metres(a, b) for a, b in pairwise(shape)]
    first, last = start * sum(lengths), end * sum(lengths)
    part = []
    done = 0.0
    for (a, b), length in zip(pairwise(shape), lengths, strict=True):
        if done <= last and done + length >= first and length > 0:
            ends = (max(first, done), min(last, done + length))
            part += [_between(a, b, (wanted - done) / length) for wanted in ends]
        done += length
    return part or [shape[0]]


def _fraction(position: Position, edge: int) -> float:
    fraction = position.snapped.fraction
    return fraction if edge == position.snapped.edge else 1 - fraction


def _between(a: Point, b: Point, share: float) -> Point:
    share = min(1.0, max(0.0, share))
    return Point(
        round(a.lat * (1 - share) + b.lat * share, 7), round(a.lon * (1 - share) + b.lon * share, 7)
    )


def _metres(a: Point, b: Point) -> float:
    """Like `routing.geo.great_circle`, not rounded."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    chord = (
        sin((lat_b - lat_a) / 2) ** 2
        + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
