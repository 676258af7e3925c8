"""A small town in OpenStreetMap's own format."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from routing.errors import ExtractError
from routing.geo import Point, great_circle
from routing.geocoding import AddressBook, Precision
from routing.matrix import Roads
from routing.osm import Extract, read_extract
from routing.speeds import ROAD_CLASSES, Calibration, SpeedTable

# One kilometre an hour is 3600 ms a metre; no factor and no junctions, to count by hand.
PLAIN = Calibration(factor=1.0, junction_seconds=0, signal_seconds=0)

# Nodes 1 - 5 on a line to the east, 0.01 degrees apart; 6 and 7 north of 2 and 4.
POINTS = {
    1: Point(52.10, 8.90),
    2: Point(52.10, 8.91),
    3: Point(52.10, 8.92),
    4: Point(52.10, 8.93),
    5: Point(52.10, 8.94),
    6: Point(52.11, 8.91),
    7: Point(52.11, 8.93),
    8: Point(52.20, 8.90),
    9: Point(52.20, 8.91),
}

Tags = dict[str, str]
Read = Callable[..., Extract]


def osm(
    ways: dict[int, tuple[list[int], Tags]], nodes: dict[int, Tags] | None = None, more: str = ""
) -> str:
    """Write OSM XML; nodes of *nodes* beyond 100 lie at (52.105, 8.9 + id / 100000)."""
    tags = nodes or {}
    points = POINTS | {n: Point(52.105, 8.9 + n / 100_000) for n in tags if n > 100}
    lines = [
        f'<node id="{n}" lat="{p.lat}" lon="{p.lon}">{_tags(tags.get(n, {}))}</node>'
        for n, p in sorted(points.items())
    ]
    for way, (refs, way_tags) in sorted(ways.items()):
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{way}">{inside}{_tags(way_tags)}</way>')
    body = "\n".join(lines)
    return f'<?xml version="1.0"?>\n<osm version="0.6">{body}{more}</osm>'


def _tags(tags: Tags) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


ROAD = {"highway": "primary", "maxspeed": "50"}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(
        ways: dict[int, tuple[list[int], Tags]] | None = None,
        nodes: dict[int, Tags] | None = None,
        more: str = "",
        calibration: Calibration = PLAIN,
    ) -> Extract:
        path = tmp_path / "town.osm"
        path.write_text(osm(ways or {10: ([1, 2, 3], ROAD)}, nodes, more), encoding="utf-8")
        return read_extract(path, calibration=calibration)

    return _read


def seconds(extract: Extract, start: int, end: int) -> int:
    return int(Roads(extract.network).travel([POINTS[start], POINTS[end]]).seconds[0, 1])


def drive(*nodes: int, kmh: float) -> float:
    metres = sum(great_circle(POINTS[a], POINTS[b]) for a, b in pairwise(nodes))
    return metres * 3.6 / kmh


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


def test_the_calibration_makes_it_slower(read: Read) -> None:
    """Twice free flow on primary roads only."""
    slow = Calibration(factor=1.0, by_class={"primary": 2.0}, junction_seconds=0, signal_seconds=0)

    assert seconds(read(calibration=slow), 1, 3) == pytest.approx(2 * seconds(read(), 1, 3), abs=1)


CROSS = {
    10: ([1, 2, 3], ROAD),
    11: ([2, 6], {"highway": "residential"}),
    12: ([6, 7], {"highway": "residential"}),
}


def test_a_side_road_gives_way_and_the_main_road_does_not(read: Read) -> None:
    """Three roads meet at node 2; on the way 1 - 2 - 3 one passes a side road."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    fast, slow = read(CROSS), read(CROSS, calibration=yields)

    assert seconds(slow, 1, 3) == seconds(fast, 1, 3)
    assert seconds(slow, 1, 6) == seconds(fast, 1, 6)
    assert seconds(slow, 6, 1) == seconds(fast, 6, 1) + 30


def test_the_wait_at_a_junction_is_not_shared_out_along_the_road(read: Read) -> None:
    """Who lives just before the junction waits as long as who comes from afar."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    fast, slow = Roads(read(CROSS).network), Roads(read(CROSS, calibration=yields).network)
    near, far = Point(52.101, 8.91), Point(52.109, 8.91)

    for house in (near, far):
        before = fast.travel([house, POINTS[1]]).seconds
        after = slow.travel([house, POINTS[1]]).seconds
        assert after[0, 1] == before[0, 1] + 30
        assert after[1, 0] == before[1, 0]


def test_a_crossing_of_equals_costs_everybody(read: Read) -> None:
    """Right before left."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    ways = {10: ([1, 2, 3], {"highway": "residential"}), 11: ([2, 6], {"highway": "residential"})}

    for start, end in ((1, 3), (3, 1), (6, 1)):
        before = seconds(read(ways), start, end)
        assert seconds(read(ways, calibration=yields), start, end) == before + 30


def test_a_driveway_slows_nobody_on_the_road(read: Read) -> None:
    """Service roads end at every house."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    ways = {10: ([1, 2, 3], {"highway": "residential"}), 11: ([2, 6], {"highway": "service"})}

    assert seconds(read(ways, calibration=yields), 1, 3) == seconds(read(ways), 1, 3)


def test_traffic_lights_cost_time_in_their_direction(read: Read) -> None:
    """Instead of the junction, not on top of it."""
    lights = Calibration(factor=1.0, junction_seconds=5, signal_seconds=20)
    forward = {"highway": "traffic_signals", "traffic_signals:direction": "forward"}
    free = read()
    lit = read(nodes={2: forward}, calibration=lights)

    assert seconds(lit, 1, 3) == seconds(free, 1, 3) + 20
    assert seconds(lit, 3, 1) == seconds(free, 3, 1)
    ways = CROSS | {11: ([2, 6], ROAD)}
    both = read(ways, nodes={2: {"highway": "traffic_signals"}}, calibration=lights)
    assert seconds(both, 6, 1) == seconds(read(ways), 6, 1) + 20


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


def test_houses_become_addresses(read: Read) -> None:
    """Points and buildings, with and without streets."""
    square = {
        20: ([1, 2, 6, 1], {"building": "yes", "addr:street": "Ring", "addr:housenumber": "7"})
    }
    extract = read(
        {10: ([1, 2, 3], ROAD)} | square,
        nodes={
            101: {
                "addr:street": "Beispielweg",
                "addr:housenumber": "3 a",
                "addr:postcode": "32689",
                "addr:city": "Kalletal",
                "addr:suburb": "Talle",
            },
            102: {"addr:place": "Osterhagen", "addr:city": "Kalletal", "addr:housenumber": "12"},
            103: {"place": "village", "name": "Erder"},
            104: {"addr:street": "Ring", "addr:housenumber": "9;11"},
        },
    )

    labels = {address.label for address in extract.addresses}
    assert {
        "Beispielweg 3 a, 32689 Talle",
        "Osterhagen 12",
        "Ring 7, Erder",
        "Ring 9, Erder",
    } <= labels
    ring = AddressBook(extract.addresses).resolve("Ring 7")
    middle = [POINTS[1], POINTS[2], POINTS[6]]
    assert ring.point.lat == pytest.approx(sum(point.lat for point in middle) / 3, abs=1e-6)


def test_a_building_with_a_courtyard_has_an_address_too(read: Read) -> None:
    """Those are relations, and hospitals often are."""
    more = (
        '<relation id="30"><member type="way" ref="20" role="outer"/>'
        + _tags({"type": "multipolygon", "amenity": "hospital", "name": "Klinik Beispiel"})
        + _tags({"addr:street": "Hof", "addr:housenumber": "1", "addr:city": "Talle"})
        + "</relation>"
    )
    extract = read({10: ([1, 2, 3], ROAD), 20: ([1, 2, 6, 1], {})}, more=more)

    assert "Hof 1, Talle" in {address.label for address in extract.addresses}
    assert [place.osm_id for place in extract.health_places] == ["relation/30"]


def test_streets_without_houses_are_known_as_streets(read: Read) -> None:
    """And those with houses are not listed again."""
    extract = read(
        {10: ([1, 2, 3], ROAD | {"name": "Leerweg"}), 11: ([2, 6], ROAD | {"name": "Hausweg"})},
        nodes={
            101: {"place": "village", "name": "Talle"},
            102: {"addr:street": "Hausweg", "addr:housenumber": "1", "addr:city": "Talle"},
        },
    )

    streets = [a.label for a in extract.addresses if a.precision is Precision.STREET]
    assert streets == ["Leerweg, Talle", "Talle"]


def test_health_places_are_found_with_what_is_known_about_them(read: Read) -> None:
    """By amenity or healthcare; a bakery is none."""
    extract = read(
        nodes={
            101: {
                "amenity": "doctors",
                "name": "Praxis Beispiel",
                "phone": "+49 5264 000",
                "opening_hours": "Mo-Fr 08:00-12:00",
                "wheelchair": "limited",
                "healthcare:speciality": "general",
                "addr:city": "Talle",
                "addr:street": "Weg",
                "addr:housenumber": "1",
            },
            102: {"amenity": "pharmacy", "contact:phone": "123", "wheelchair": "yes"},
            103: {"healthcare": "physiotherapist", "name": "Physio Beispiel"},
            104: {"amenity": "social_facility", "social_facility": "nursing_home", "name": "Haus"},
            105: {"shop": "bakery", "name": "Brot"},
            106: {"amenity": "social_facility", "social_facility": "food_bank", "name": "Tafel"},
            107: {"healthcare": "dialysis", "name": "Dialyse Beispiel"},
        }
    )

    assert [(place.kind, place.name) for place in extract.health_places] == [
        ("care_home", "Haus"),
        ("pharmacy", "Apotheke (ohne Namen)"),
        ("practice", "Praxis Beispiel"),
        ("therapy", "Dialyse Beispiel"),
        ("therapy", "Physio Beispiel"),
    ]
    practice = extract.health_places[2]
    assert practice.osm_id == "node/101"
    assert practice.opening_hours == "Mo-Fr 08:00-12:00"
    assert (practice.phone, practice.wheelchair) == ("+49 5264 000", "limited")
    assert (practice.street, practice.housenumber, practice.village) == ("Weg", "1", "Talle")
    assert extract.health_places[1].phone == "123"


def test_a_practice_drawn_twice_is_one(read: Read) -> None:
    """The one that tells more stays; a second one elsewhere is another."""
    doctor = {"amenity": "doctors", "name": "Dr. Beispiel"}
    extract = read(nodes={101: doctor, 102: doctor | {"phone": "1"}, 900: doctor})

    assert [place.osm_id for place in extract.health_places] == ["node/102", "node/900"]


def test_turn_restrictions_are_counted_because_they_are_not_kept(read: Read) -> None:
    """Whoever imports is told."""
    more = '<relation id="30">' + _tags({"type": "restriction"}) + "</relation>"

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
        ("missing.osm", None, "There is no file"),
        ("empty.osm", b"", "cannot be read"),
        ("text.osm.pbf", b"hello", "cannot be read"),
        ("cut.osm", b"<osm><node id='1' lat=", "cannot be read"),
        ("letter.docx", b"PK", "cannot be read"),
        ("none.osm", osm({}).encode(), "no roads"),
        ("editor.osm", EDITOR.encode(), "negative numbers"),
        ("foot.osm", osm({1: ([1, 2], {"highway": "footway"})}).encode(), "no roads"),
        (
            "oneway.osm",
            osm({1: ([1, 2], {"highway": "primary", "oneway": "yes"})}).encode(),
            "no two places",
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
