"""Driving times on three real extracts, against networkx on the same roads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import networkx as nx
import numpy as np
import pytest

from routing.geo import Point, great_circle
from routing.geocoding import AddressBook, Precision
from routing.matrix import Roads
from routing.network import RoadNetwork
from routing.osm import Extract
from routing.osm.extract import make_extract
from routing.osm.graph import Graph, build_graph, build_network
from routing.osm.reader import MapData, read_map
from routing.speeds import Calibration, SpeedTable
from tests.builders_routing import addresses_of, second_opinion, shared_map

T = TypeVar("T")

pytestmark = pytest.mark.real_data


@dataclass(frozen=True)
class Town:
    """One real extract: what was read, the graph before joining, and the result."""

    name: str
    data: MapData
    graph: Graph
    extract: Extract

    @property
    def network(self) -> RoadNetwork:
        """Its roads."""
        return self.extract.network


FILES = {
    "north-bayreuth": "north-bayreuth.osm.gz",
    "liechtenstein": "liechtenstein.osm.pbf",
    "heidelberg": "heidelberg.osm.pbf",
}


@cache
def load(name: str) -> Town:
    speeds, calibration = SpeedTable(), Calibration()
    data = read_map(shared_map(FILES[name]), speeds)
    graph = build_graph(data, calibration)
    network = build_network(
        data, graph, speeds=speeds, calibration=calibration, source="© OpenStreetMap contributors"
    )
    return Town(name, data, graph, make_extract(data, network))


@pytest.fixture(scope="session", params=list(FILES))
def town(request: pytest.FixtureRequest) -> Town:
    return load(request.param)


def chosen(things: Sequence[T], count: int) -> list[T]:
    """Some of many, the same ones each time."""
    return [things[n] for n in np.random.default_rng(0).permutation(len(things))[:count]]


def houses(town: Town, count: int) -> list[Point]:
    """Real addresses within 300 m of a road."""
    some = chosen(addresses_of(town.name), count + 20)
    return [point for point in some if town.network.snap(point, 100_000).metres <= 300][:count]


def test_every_pair_of_houses_is_as_networkx_finds_it(town: Town) -> None:
    """To the second and to the metre, with the parts of edges at both ends."""
    points = houses(town, 30)
    travel = Roads(town.network).travel(points)

    for a, row in enumerate(second_opinion(town.network, points)):
        assert travel.seconds[a].tolist() == [-(-ms // 1000) for ms, _ in row]
        assert travel.metres[a].tolist() == [(dm + 5) // 10 for _, dm in row]


def test_joining_pieces_loses_no_second(town: Town) -> None:
    """Against the graph before joining: times were put on the smallest pieces."""
    nodes = town.graph.joined.nodes
    points = {node: town.data.nodes[node] for node in nodes}
    twice = Counter(points.values())  # barriers have two nodes at one place
    alone = sorted(
        node
        for node, point in points.items()
        if twice[point] == 1 and town.network.snap(point, 100_000).metres == 0
    )
    chosen_nodes = chosen(alone, 60)
    seconds = Roads(town.network).travel([points[node] for node in chosen_nodes]).seconds

    for a, start in enumerate(chosen_nodes[:5]):
        exact = nx.single_source_dijkstra_path_length(
            town.graph.pieces, start, weight="travel_time"
        )
        # Rounding up adds less than a second; rounding each edge to a millisecond less than 0.2.
        for b, end in enumerate(chosen_nodes):
            assert -0.2 < seconds[a, b] - exact[end] < 1.2


def test_no_detour_is_shorter_on_real_roads(town: Town) -> None:
    """For all triples of a day's places."""
    seconds = Roads(town.network).travel(houses(town, 60)).seconds

    assert (seconds[:, :, None] + seconds[None, :, :] >= seconds[:, None, :]).all()


def test_real_roads_are_directed(town: Town) -> None:
    """One-way streets, and waiting at junctions."""
    seconds = Roads(town.network).travel(houses(town, 60)).seconds

    assert (seconds != seconds.T).any()


def test_a_route_is_as_long_as_the_matrix_says(town: Town) -> None:
    """The line on the map is the drive that was counted."""
    roads = Roads(town.network)
    points = houses(town, 8)
    metres = roads.travel(points).metres
    for a in range(8):
        for b in range(8):
            line = roads.route(points[a], points[b])
            length = sum(great_circle(here, there) for here, there in pairwise(line))
            # great_circle rounds each piece to a metre.
            assert length == pytest.approx(metres[a, b], abs=3 + 0.5 * len(line))


def test_most_houses_lie_at_a_road(town: Town) -> None:
    """95 of 100 within 130 m: the limit of 300 m asks about odd ones only."""
    metres = [town.network.snap(point, 100_000).metres for point in addresses_of(town.name)]

    assert np.percentile(metres, 95) < 130
    assert np.mean([away > 300 for away in metres]) < 0.01


def test_every_road_can_be_reached_from_every_other(town: Town) -> None:
    """Nobody is stranded on a network."""
    network = town.network
    graph = nx.DiGraph(zip(network.tail.tolist(), network.head.tolist(), strict=True))

    assert nx.is_strongly_connected(graph)
    assert len(network.dropped_start) > 10
    assert network.nodes > 0.8 * (len({*town.graph.joined.nodes}))


def test_the_network_is_small_and_comes_back(town: Town, tmp_path: Path) -> None:
    """At most a few hundred kilobytes, the same as before."""
    path = tmp_path / "network.npz"
    town.network.save(path)

    assert path.stat().st_size < 800_000
    assert RoadNetwork.load(path).fingerprint == town.network.fingerprint


def test_addresses_of_real_maps_are_found_by_their_labels() -> None:
    """Every house of Liechtenstein, by the text that the program itself writes."""
    book = AddressBook(load("liechtenstein").extract.addresses)
    exact = [address for address in book.addresses if address.precision is Precision.EXACT]

    assert len(exact) > 900
    for address in chosen(exact, 60):
        matches = book.find(address.label)
        assert matches[0].score == 100
        assert address in [match.address for match in matches if match.score == 100]


def test_real_health_places_are_found() -> None:
    """The hospital and the pharmacies of Liechtenstein in 2015."""
    names = {place.name: place.kind for place in load("liechtenstein").extract.health_places}

    assert names["Liechtensteinisches Landesspital"] == "hospital"
    assert sum(kind == "pharmacy" for kind in names.values()) == 3


def test_turn_restrictions_are_counted() -> None:
    """They are in the files, and not in the networks."""
    restrictions = {name: load(name).extract.turn_restrictions for name in FILES}

    assert restrictions == {"north-bayreuth": 40, "liechtenstein": 3, "heidelberg": 476}
