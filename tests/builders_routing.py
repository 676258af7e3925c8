"""Road networks for tests, and a second opinion on driving times."""

import csv
import os
from pathlib import Path

import networkx as nx
import pytest

from routing.geo import Point
from routing.network import RoadNetwork


def with_points(built: RoadNetwork, points: list[Point]) -> nx.DiGraph:
    """Split every edge at every point on it."""
    on: dict[int, list[tuple[float, int]]] = {}
    for number, point in enumerate(points):
        snapped = built.snap(point)
        on.setdefault(snapped.edge, []).append((snapped.fraction, number))
        twin = int(built.twin[snapped.edge])
        if twin >= 0:
            on.setdefault(twin, []).append((1 - snapped.fraction, number))
    pieces = []
    for edge in range(built.edges):
        tail, head = ("node", int(built.tail[edge])), ("node", int(built.head[edge]))
        ms, dm = int(built.milliseconds[edge]), int(built.decimetres[edge])
        wait, here, done = int(built.delay[edge]), tail, 0
        for fraction, number in sorted(on.get(edge, [])):
            cost = round(fraction * (ms - wait)) * 10**8 + round(fraction * dm)
            if fraction == 1:  # at the node, behind the wait
                cost = ms * 10**8 + dm
                pieces.append((head, ("point", number), 0))
            pieces.append((here, ("point", number), cost - done))
            if cost == done:
                pieces.append((("point", number), here, 0))
            here, done = ("point", number), cost
        pieces.append((here, head, ms * 10**8 + dm - done))
    graph = nx.DiGraph()
    for start, end, cost in sorted(pieces, key=lambda piece: -piece[2]):
        graph.add_edge(start, end, cost=cost)  # of parallel pieces the cheapest comes last
    return graph


def second_opinion(built: RoadNetwork, points: list[Point]) -> list[list[tuple[int, int]]]:
    """Milliseconds and decimetres by networkx."""
    graph = with_points(built, points)
    answer = []
    for a in range(len(points)):
        costs = nx.single_source_dijkstra_path_length(graph, ("point", a), weight="cost")
        answer.append([divmod(costs["point", b], 10**8) for b in range(len(points))])
    return answer


def shared_map(name: str) -> Path:
    """
    Find a real OpenStreetMap file beside the checkout; skip the test if there is none.

    The folder may be named by the environment variable FAHRTEN_SHARED.
    """
    shared = Path(os.environ.get("FAHRTEN_SHARED") or Path(__file__).parents[2] / "shared")
    path = shared / "osm" / name
    if not path.exists():
        pytest.skip(f"This map is not here: {path} (folder FAHRTEN_SHARED)")
    return path


def addresses_of(name: str) -> list[Point]:
    """Points of the real addresses that belong to a real map."""
    with shared_map(f"{name}-addresses.csv").open(encoding="utf-8") as file:
        return [Point(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
