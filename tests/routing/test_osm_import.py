"""Roads of an extract become a network, or the extract is refused with a reason."""

from pathlib import Path

import pytest

from routing.errors import ExtractError
from routing.geo import Point, great_circle
from routing.matrix import Roads
from routing.osm import read_extract
from routing.speeds import ROAD_CLASSES, SpeedTable
from tests.builders_osm import CROSS, PLAIN, POINTS, ROAD, Read, drive, osm, seconds, tags_xml


def test_a_road_becomes_two_edges_with_its_length_and_time(read: Read) -> None:
    """Two pieces of one road are joined, and their middle node is only shape."""
    network = read().network

    assert (network.nodes, network.edges) == (2, 2)
    assert network.shape(0) == [POINTS[1], POINTS[2], POINTS[3]]
    assert network.decimetres[0] / 10 == pytest.approx(
        great_circle(POINTS[1], POINTS[2]) + great_circle(POINTS[2], POINTS[3]), abs=1
    )
    assert network.milliseconds[0] / 1000 == pytest.approx(drive(1, 2, 3, kmh=50), abs=0.2)
    assert network.source == "© OpenStreetMap contributors, ODbL 1.0 (town.osm)"
    assert not network.coarse


def test_times_of_pieces_with_different_limits_are_added(read: Read) -> None:
    """The usual order (simplify, then speeds) takes one limit for the whole road."""
    extract = read(
        {10: ([1, 2], ROAD), 11: ([2, 3], ROAD | {"maxspeed": "100"}), 12: ([3, 4, 5], ROAD)}
    )

    expected = drive(1, 2, kmh=50) + drive(2, 3, kmh=100) + drive(3, 4, 5, kmh=50)
    assert seconds(extract, 1, 5) == pytest.approx(expected, abs=1)


def test_a_part_of_a_road_is_driven_at_its_own_speed(read: Read) -> None:
    """From the middle of a fast piece: the slow pieces around it do not matter."""
    extract = read({10: ([1, 2], ROAD | {"maxspeed": "10"}), 11: ([2, 3], ROAD)})
    roads = Roads(extract.network)
    middle = Point(52.10, 8.915)

    travel = roads.travel([middle, POINTS[3]])
    assert travel.seconds[0, 1] == pytest.approx(drive(2, 3, kmh=50) / 2, abs=1)


def test_a_oneway_ring_is_driven_round(read: Read) -> None:
    """Also one drawn against its direction."""
    ways = {
        10: ([2, 3, 4], ROAD | {"oneway": "yes"}),
        11: ([2, 6, 7, 4], ROAD | {"oneway": "-1"}),
    }
    extract = read(ways)

    assert seconds(extract, 2, 4) == pytest.approx(drive(2, 3, 4, kmh=50), abs=1)
    assert seconds(extract, 4, 2) == pytest.approx(drive(4, 7, 6, 2, kmh=50), abs=1)


def test_the_limit_of_one_direction_holds_in_that_direction(read: Read) -> None:
    """Also where the road is made of several pieces."""
    extract = read({10: ([1, 2, 3], ROAD | {"maxspeed:backward": "25"})})

    assert extract.network.nodes == 2
    assert seconds(extract, 1, 3) == pytest.approx(drive(1, 2, 3, kmh=50), abs=1)
    assert seconds(extract, 3, 1) == pytest.approx(drive(1, 2, 3, kmh=25), abs=1)


def test_a_bollard_ends_the_road_on_both_sides(read: Read) -> None:
    """One may drive up to it, and round the block to the other side."""
    ways = {10: ([2, 3, 4], ROAD), 11: ([2, 6, 7, 4], ROAD)}
    extract = read(ways, nodes={3: {"barrier": "bollard"}})

    round_the_block = drive(2, 6, 7, 4, kmh=50)
    assert seconds(extract, 2, 4) == pytest.approx(round_the_block, abs=1)
    west, east = Point(52.10, 8.9199), Point(52.10, 8.9201)
    assert Roads(extract.network).travel([west, east]).seconds[0, 1] > round_the_block


def test_roads_that_lead_nowhere_are_left_out_and_remembered(read: Read) -> None:
    """An address beside one gets a warning instead of a wrong time."""
    extract = read(
        {10: ([1, 2, 3], ROAD), 11: ([3, 4], ROAD | {"oneway": "yes"}), 12: ([8, 9], ROAD)}
    )
    network = extract.network

    assert network.edges == 2
    assert len(network.dropped_start) - 1 == 2
    assert network.dropped_road_near(Point(52.1001, 8.925)) == 11
    assert network.dropped_road_near(Point(52.1001, 8.905)) is None
    assert network.dropped_road_near(Point(52.2001, 8.905)) == 11


def test_a_way_cut_by_the_edge_of_the_extract_is_used_as_far_as_it_goes(read: Read) -> None:
    """Node 99 is not in the file."""
    extract = read({10: ([1, 2, 3, 99, 4, 5], ROAD)})

    assert seconds(extract, 1, 3) == pytest.approx(drive(1, 2, 3, kmh=50), abs=1)
    with pytest.raises(LookupError):
        Roads(extract.network).travel([POINTS[1], POINTS[4]])


def test_nobody_boards_on_the_motorway(read: Read) -> None:
    """The house beside it belongs to the road behind."""
    ways = {
        10: ([1, 2, 3, 4], {"highway": "motorway", "oneway": "no"}),
        11: ([2, 6, 7, 4], ROAD),
    }
    beside = Point(52.1001, 8.92)

    assert read(ways).network.snap(beside, 3_000).metres > 600


def test_turn_restrictions_are_counted_because_they_are_not_kept(read: Read) -> None:
    """Whoever imports is told."""
    more = '<relation id="30">' + tags_xml({"type": "restriction"}) + "</relation>"

    assert read(more=more).turn_restrictions == 1
    assert read().turn_restrictions == 0


def test_the_same_file_gives_the_same_network(read: Read) -> None:
    """Its fingerprint stands in every plan."""
    assert read(CROSS).network.fingerprint == read(CROSS).network.fingerprint


def test_speeds_and_calibration_are_kept_with_the_network(tmp_path: Path) -> None:
    """So that a page can tell what the times are made of."""
    path = tmp_path / "town.osm"
    path.write_text(osm({10: ([1, 2, 3], {"highway": "primary"})}))
    speeds = SpeedTable(usual=dict.fromkeys(ROAD_CLASSES, 36.0))
    network = read_extract(path, speeds=speeds, calibration=PLAIN, source="Beispiel").network

    assert network.speeds == speeds
    assert network.calibration == PLAIN
    assert network.source == "Beispiel"
    # 36 km/h are 10 m/s.
    assert network.milliseconds[0] == pytest.approx(network.decimetres[0] * 10, abs=10)


EDITOR = """<osm version="0.6"><node id="-2" lat="52.1" lon="8.9"/>
<node id="-1" lat="52.1" lon="8.8"/>
<way id="-1"><nd ref="-1"/><nd ref="-2"/><tag k="highway" v="primary"/></way></osm>"""


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("missing.osm", None, "gibt es nicht"),
        ("empty.osm", b"", "nicht zu lesen"),
        ("text.osm.pbf", b"hello", "nicht zu lesen"),
        ("cut.osm", b"<osm><node id='1' lat=", "nicht zu lesen"),
        ("letter.docx", b"PK", "nicht zu lesen"),
        ("none.osm", osm({}).encode(), "keine Straßen"),
        ("editor.osm", EDITOR.encode(), "negativen Nummern"),
        ("foot.osm", osm({1: ([1, 2], {"highway": "footway"})}).encode(), "keine Straßen"),
        (
            "oneway.osm",
            osm({1: ([1, 2], {"highway": "primary", "oneway": "yes"})}).encode(),
            "keine zwei Orte",
        ),
    ],
)
def test_a_file_without_roads_is_refused(
    tmp_path: Path, name: str, content: bytes | None, complaint: str
) -> None:
    """Each with its reason."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ExtractError, match=complaint):
        read_extract(path)
