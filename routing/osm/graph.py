"""
From OpenStreetMap ways to a road network, by way of osmnx.

Times are put on the smallest pieces first and added up when these are joined; the usual order,
simplify and then add speeds, puts single drives minutes off (docs/roads.md).
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

import networkx as nx
import osmnx

from routing.assembly import Road, assemble
from routing.errors import ExtractError
from routing.geo import Point
from routing.network import RoadNetwork
from routing.osm.reader import MapData, Way
from routing.speeds import ROAD_CLASSES, Calibration, SpeedTable

_log = logging.getLogger(__name__)

Line = tuple[tuple[float, float], ...]

# A slip road yields like the road that it belongs to.
_RANK = {name: -ROAD_CLASSES.index(name.removesuffix("_link")) for name in ROAD_CLASSES}


@dataclass(frozen=True)
class Graph:
    """The graph before and after joining pieces, and what was left out."""

    pieces: nx.MultiDiGraph
    joined: nx.MultiDiGraph
    dropped: list[list[Point]]


def build_network(
    data: MapData, graph: Graph, *, speeds: SpeedTable, calibration: Calibration, source: str
) -> RoadNetwork:
    """Number the nodes of the joined graph and make its edges a network."""
    number = {node: n for n, node in enumerate(sorted(graph.joined.nodes))}
    network = assemble(
        [data.nodes[node] for node in number],
        _roads(graph.joined, number),
        speeds=speeds,
        calibration=calibration,
        source=source,
        dropped=graph.dropped,
    )
    _log.info(
        "network: %d nodes, %d edges, %d pieces of road left out",
        network.nodes,
        network.edges,
        len(graph.dropped),
    )
    return network


def build_graph(data: MapData, calibration: Calibration) -> Graph:
    """
    Put times on every piece, keep the largest part, join pieces between junctions.

    The largest part is that in which every place can be reached from every other.

    Raises
    ------
    ExtractError
        If the extract has no drivable roads.
    """
    graph = _pieces(data)
    if not graph.edges:
        msg = "Die Karte hat keine Straßen, auf denen ein Auto fahren darf."
        raise ExtractError(msg)
    _add_times(graph, data, calibration)
    kept = osmnx.truncate.largest_component(graph, strongly=True)
    if not kept.edges:
        msg = "Die Karte hat keine zwei Orte, zwischen denen man hin und zurück fahren kann."
        raise ExtractError(msg)
    joined = osmnx.simplification.simplify_graph(
        kept,
        edge_attrs_differ=["kind"],
        remove_rings=False,
        node_attrs_include=["signals"],
        edge_attr_aggs={"length": sum, "travel_time": sum, "delay": itemgetter(-1)},
    )
    return Graph(kept, joined, list(_dropped(data, set(kept.nodes))))


def _pieces(data: MapData) -> nx.MultiDiGraph:
    """One edge for each two neighbouring nodes of a way and each direction, with its length."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for way in data.ways:
        for node in way.nodes:
            graph.add_node(node, x=data.nodes[node].lon, y=data.nodes[node].lat)
        # Both directions share the kind, so that a two-way road may be joined; pieces with
        # different kinds are not, so that every road has one class and one speed.
        limits = sorted(str(limit) for limit in (way.forward_kmh, way.backward_kmh))
        kind = f"{way.road_class} {way.boardable} {limits}"
        shared = {"road_class": way.road_class, "boardable": way.boardable, "kind": kind}
        for a, b in pairwise(way.nodes):
            if way.forward_kmh is not None:
                graph.add_edge(a, b, kmh=way.forward_kmh, along=True, **shared)
            if way.backward_kmh is not None:
                graph.add_edge(b, a, kmh=way.backward_kmh, along=False, **shared)
    for node in graph.nodes & data.signals.keys():
        graph.nodes[node]["signals"] = True
    return osmnx.distance.add_edge_lengths(graph) if graph.edges else graph


def _add_times(graph: nx.MultiDiGraph, data: MapData, calibration: Calibration) -> None:
    arms = _arms(data)
    for _, head, edge in graph.edges(data=True):
        edge["delay"] = 0.0
        along, against = data.signals.get(head, (False, False))
        if along if edge["along"] else against:
            edge["delay"] = calibration.signal_seconds
        elif _yields(_RANK[edge["road_class"]], arms.get(head, ())):
            edge["delay"] = calibration.junction_seconds
        driving = calibration.milliseconds(
            edge["length"], kmh=edge["kmh"], road_class=edge["road_class"]
        )
        edge["travel_time"] = driving / 1000 + edge["delay"]


def _arms(data: MapData) -> dict[int, tuple[int, ...]]:
    """For each node where three or more roads meet: the ranks of their classes."""
    neighbours: dict[int, dict[int, int]] = defaultdict(dict)
    for way in data.ways:
        rank = _RANK[way.road_class]
        for a, b in pairwise(way.nodes):
            neighbours[a][b] = max(rank, neighbours[a].get(b, rank))
            neighbours[b][a] = max(rank, neighbours[b].get(a, rank))
    return {node: tuple(arms.values()) for node, arms in neighbours.items() if len(arms) > 2}


def _yields(rank: int, arms: tuple[int, ...]) -> bool:
    """
    Whether one slows down at a junction: not on the main road past side roads.

    One arm is where one comes from. A higher one has the right of way; two others of the same
    rank are a crossing of equals.
    """
    if not arms:
        return False
    return max(arms) > rank or sum(arm >= rank for arm in arms) - 1 >= 2


def _dropped(data: MapData, kept: set[int]) -> Iterator[list[Point]]:
    """Stretches of ways that are not in the network."""
    for way in data.ways:
        yield from _stretches(way, data, kept)


def _stretches(way: Way, data: MapData, kept: set[int]) -> Iterator[list[Point]]:
    line: list[Point] = []
    for a, b in pairwise(way.nodes):
        if a in kept and b in kept:
            if line:
                yield line
            line = []
        else:
            line = line or [data.nodes[a]]
            line.append(data.nodes[b])
    if line:
        yield line


def _roads(joined: nx.MultiDiGraph, number: dict[int, int]) -> Iterator[Road]:
    """Pair the two directions of each road, by their shapes."""
    edges: dict[tuple[int, int, Line], list[dict[str, Any]]] = defaultdict(list)
    for tail, head, edge in joined.edges(data=True):
        edges[tail, head, _line(joined, tail, head, edge)].append(edge)
    for key in sorted(edges):
        tail, head, line = key
        back_key = (head, tail, line[::-1])
        while edges[key]:
            edge = edges[key].pop()
            back = edges[back_key].pop() if edges.get(back_key) else None
            yield Road(
                start=number[tail],
                end=number[head],
                shape=[Point(lat, lon) for lon, lat in line],
                road_class=edge["road_class"],
                decimetres=round(edge["length"] * 10),
                forward_ms=_milliseconds(edge["travel_time"]),
                backward_ms=None if back is None else _milliseconds(back["travel_time"]),
                forward_delay_ms=_milliseconds(edge["delay"]),
                backward_delay_ms=0 if back is None else _milliseconds(back["delay"]),
                boardable=edge["boardable"],
            )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _line(joined: nx.MultiDiGraph, tail: int, head: int, edge: dict[str, Any]) -> Line:
    geometry = edge.get("geometry")
    if geometry is not None:
        return tuple(geometry.coords)
    return tuple((joined.nodes[node]["x"], joined.nodes[node]["y"]) for node in (tail, head))
