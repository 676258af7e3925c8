"""The file of a road network, and the places on it."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routing.assembly import Road, assemble
from routing.coarse import Link, build
from routing.errors import NetworkError, TooFarFromRoad
from routing.geo import Point, great_circle
from routing.network import RoadNetwork
from routing.speeds import Calibration, SpeedTable

WEST, EAST, NORTH = Point(52.1, 8.9), Point(52.1, 8.92), Point(52.11, 8.92)


def network(*, detour: float = 1.0) -> RoadNetwork:
    """West - East - North, the second link one-way there and back on two roads."""
    return build(
        {"west": WEST, "east": EAST, "north": NORTH},
        [
            Link("west", "east", "primary"),
            Link("east", "north", "residential", oneway=True),
            Link("north", "west", "residential", oneway=True),
        ],
        source="Beispiel",
        detour=detour,
    )


def test_a_saved_network_is_loaded_as_it_was(tmp_path: Path) -> None:
    """Every array, the speeds, the calibration, the source and the fingerprint."""
    before = network()
    before.save(tmp_path / "network.npz")
    after = RoadNetwork.load(tmp_path / "network.npz")

    for name in (
        "node_lat",
        "tail",
        "head",
        "milliseconds",
        "delay",
        "twin",
        "shape_lon",
        "road_class",
    ):
        assert np.array_equal(getattr(after, name), getattr(before, name))
    assert after.speeds == before.speeds
    assert after.calibration == before.calibration
    assert after.fingerprint == before.fingerprint
    assert (after.source, after.coarse) == ("Beispiel", True)
    assert repr(after) == f"<RoadNetwork {before.fingerprint}: 3 nodes, 4 edges>"


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    """So that a region in version control changes only when its roads do."""
    network().save(tmp_path / "one.npz")
    network().save(tmp_path / "two.npz")

    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_the_fingerprint_changes_with_a_single_millisecond() -> None:
    """Stored travel times are valid only for the network that they were made with."""
    before = network()
    milliseconds = before.milliseconds.copy()
    milliseconds[0] += 1

    assert replace(before, milliseconds=milliseconds).fingerprint != before.fingerprint
    assert replace(before, source="Neu").fingerprint != before.fingerprint


def test_a_file_that_is_no_network_is_refused_by_name(tmp_path: Path) -> None:
    """Missing, empty, of another kind."""
    path = tmp_path / "network.npz"
    with pytest.raises(NetworkError, match=r"network\.npz is not a road network"):
        RoadNetwork.load(path)
    path.write_bytes(b"")
    with pytest.raises(NetworkError, match=r"network\.npz is not a road network"):
        RoadNetwork.load(path)
    path.write_text("<osm/>")
    with pytest.raises(NetworkError, match=r"network\.npz is not a road network"):
        RoadNetwork.load(path)
    np.savez(path, tail=np.array([1]))
    with pytest.raises(NetworkError, match=r"network\.npz is not a road network"):
        RoadNetwork.load(path)


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    """A disk was full, a download was broken off."""
    path = tmp_path / "network.npz"
    network().save(path)
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(NetworkError, match=r"network\.npz is not a road network"):
        RoadNetwork.load(path)


def rewrite(path: Path, **changes: object) -> None:
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    about = {**json.loads(str(arrays.pop("about"))), **changes}
    np.savez(path, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)


def test_a_file_of_another_format_asks_for_a_new_import(tmp_path: Path) -> None:
    """A later program may lay the arrays out differently."""
    path = tmp_path / "network.npz"
    network().save(path)
    rewrite(path, format=99)

    with pytest.raises(NetworkError, match=r"has format 99, .* build the region again"):
        RoadNetwork.load(path)


def test_a_file_whose_contents_were_changed_is_refused(tmp_path: Path) -> None:
    """The fingerprint is checked against the arrays."""
    path = tmp_path / "network.npz"
    network().save(path)
    rewrite(path, source="Gefälscht")

    with pytest.raises(NetworkError, match="is damaged"):
        RoadNetwork.load(path)


def test_saving_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The file appears under its name when it is whole."""
    network().save(tmp_path / "network.npz")

    assert [path.name for path in tmp_path.iterdir()] == ["network.npz"]
    assert zipfile.ZipFile(tmp_path / "network.npz").testzip() is None


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("head", 3, "head has entries outside 0..2"),
        ("milliseconds", 0, "milliseconds has entries outside"),
        ("delay", 10**6, "array delay"),
        ("road_class", 99, "road_class has entries outside"),
        ("twin", 2, "each other's way back"),
        ("shape_start", 99, "shape_start does not fit"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name: str, value: int, complaint: str) -> None:
    """Each array is named by its own complaint."""
    good = network()
    values = getattr(good, name).copy()
    values[0] = value

    with pytest.raises(NetworkError, match=complaint):
        replace(good, **{name: values})


def test_arrays_of_the_wrong_kind_are_refused() -> None:
    """Seconds as floats would round somewhere else."""
    with pytest.raises(NetworkError, match="milliseconds must be one row of int32"):
        replace(network(), milliseconds=network().milliseconds.astype(np.float64))


def test_a_network_cannot_be_changed() -> None:
    """Its fingerprint would lie."""
    with pytest.raises(ValueError, match="read-only"):
        network().milliseconds[0] = 1


def test_a_point_snaps_to_the_edge_and_not_to_its_ends() -> None:
    """Half way between West and East, 100 m to the north of the road."""
    snapped = network().snap(Point(52.1009, 8.91))

    assert snapped.metres == 100
    assert snapped.fraction == pytest.approx(0.5, abs=1e-6)
    assert snapped.point == Point(52.1, 8.91)
    assert snapped.edge == 0


def test_a_point_beyond_the_end_snaps_to_the_node() -> None:
    """Fraction is exactly 0 or 1 there, so that one may go on in every direction."""
    assert network().snap(Point(52.1, 8.8999)).fraction == 0.0
    assert network().snap(Point(52.1101, 8.9201)).fraction == 1.0


def test_too_far_from_a_road_is_said_with_the_distance() -> None:
    """The user is asked beyond 300 m, and the limit itself is allowed."""
    # 0.009 degrees of latitude are 1001 m, 0.0027 are 300 m.
    with pytest.raises(TooFarFromRoad) as caught:
        network().snap(Point(52.091, 8.91))
    assert (caught.value.metres, caught.value.limit) == (1001, 300)
    assert "nearest road is 1001 m from (52.091, 8.91)" in str(caught.value)
    assert network().snap(Point(52.0973, 8.91)).metres == 300
    assert network().snap(Point(52.091, 8.91), limit=1001).metres == 1001


def test_a_shape_runs_from_tail_to_head() -> None:
    """Also on the way back, and on one-way roads."""
    built = network()
    for edge in range(built.edges):
        shape = built.shape(edge)
        ends = [
            Point(built.node_lat[n], built.node_lon[n])
            for n in (built.tail[edge], built.head[edge])
        ]
        assert [shape[0], shape[-1]] == ends


def test_every_road_is_drawn_once() -> None:
    """Two-way roads are two edges, and one line on the map."""
    assert [road_class for road_class, _ in network().roads()] == [
        "primary",
        "residential",
        "residential",
    ]


def two_roads(*, boardable: bool, dropped: list[list[Point]] | None = None) -> RoadNetwork:
    """A road to the south that is always there, and one to the north."""
    nodes = [Point(52.1, 8.90), Point(52.1, 8.92), Point(52.101, 8.90), Point(52.101, 8.92)]
    roads = [
        Road(0, 1, nodes[0:2], "primary", 13_700, 60_000, 60_000),
        Road(2, 3, nodes[2:4], "motorway", 13_700, 60_000, 60_000, boardable=boardable),
        Road(0, 2, [nodes[0], nodes[2]], "primary", 1_110, 5_000, 5_000),
    ]
    return assemble(
        nodes,
        roads,
        speeds=SpeedTable(),
        calibration=Calibration(),
        source="Beispiel",
        dropped=dropped or [],
    )


def test_nobody_boards_on_a_motorway() -> None:
    """The nearest road is passed over where a bus may not stop."""
    beside_the_north_road = Point(52.1009, 8.91)

    assert two_roads(boardable=True).snap(beside_the_north_road).metres == 11
    assert two_roads(boardable=False).snap(beside_the_north_road).metres == 100


def test_a_road_left_out_is_told_when_it_is_the_nearest() -> None:
    """An address at a road that leads nowhere deserves a warning."""
    lost = [Point(52.1005, 8.905), Point(52.1005, 8.915)]
    built = two_roads(boardable=True, dropped=[lost])

    assert built.dropped_road_near(Point(52.1006, 8.91)) == 11
    assert built.dropped_road_near(Point(52.1, 8.91)) is None
    assert two_roads(boardable=True).dropped_road_near(Point(52.1006, 8.91)) is None


def test_snapping_finds_what_measuring_everything_finds() -> None:
    """The search tree loses no road, not even a long straight one without points."""
    random = np.random.default_rng(0)
    places = {
        str(n): Point(round(52 + lat / 10, 7), round(9 + lon / 10, 7))
        for n, (lat, lon) in enumerate(random.random((40, 2)))
    }
    links = [Link(str(n), str((n * 7 + 1) % 40), "tertiary") for n in range(40)]
    links += [Link(str(n), str((n + 1) % 40), "tertiary") for n in range(40)]
    built = build(places, links, source="Beispiel")

    for lat, lon in random.random((60, 2)):
        point = Point(52 + lat / 10, 9 + lon / 10)
        snapped = built.snap(point, limit=20_000)
        dense = min(
            great_circle(point, Point(a.lat + (b.lat - a.lat) * t, a.lon + (b.lon - a.lon) * t))
            for _, (a, b) in built.roads()
            for t in np.linspace(0, 1, 60)
        )
        # The dense points are at most 200 m apart: they can only be farther away.
        assert snapped.metres <= dense + 1
        assert snapped.metres == pytest.approx(great_circle(point, snapped.point), abs=3)
