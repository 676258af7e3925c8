"""What tags mean for a small bus."""

import pytest

from routing.osm.tags import blocks, boardable, direction, kmh, posted_kmh, road_class, signal_sides
from routing.speeds import MOST_KMH, USUAL_KMH, SpeedTable


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "residential"},
        {"highway": "service"},
        {"highway": "service", "service": "driveway"},
        {"highway": "service", "access": "customers"},
        {"highway": "residential", "access": "destination"},
        {"highway": "residential", "access": "private", "motor_vehicle": "yes"},
        {"highway": "track", "motor_vehicle": "permissive"},
        {"highway": "track", "access": "yes"},
        {"highway": "motorway_link"},
    ],
)
def test_a_road_for_cars_is_kept(tags: dict[str, str]) -> None:
    """Practices and farms lie on service roads and on tracks opened by a sign."""
    assert road_class(tags) == tags["highway"]


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"highway": "footway"},
        {"highway": "construction"},
        {"highway": "track"},
        {"highway": "track", "motor_vehicle": "agricultural"},
        {"highway": "service", "service": "parking_aisle"},
        {"highway": "service", "service": "emergency_access"},
        {"highway": "service", "access": "private"},
        {"highway": "residential", "motor_vehicle": "no"},
        {"highway": "residential", "access": "yes", "motorcar": "no"},
        {"highway": "unclassified", "vehicle": "forestry"},
        {"highway": "service", "area": "yes"},
        {"highway": "service", "access": "psv"},
        {"route": "ferry"},
    ],
)
def test_a_road_closed_to_cars_is_not(tags: dict[str, str]) -> None:
    """The most special access tag decides; the Weser ferry was never a road."""
    assert road_class(tags) is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "no", "junction": "roundabout"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "circular"}, 1),
        ({"highway": "motorway"}, 1),
        ({"highway": "trunk"}, 0),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, 0),
        ({"oneway": "reversible"}, 2),
    ],
)
def test_oneway_roads_are_read(tags: dict[str, str], expected: int) -> None:
    """Roundabouts and motorways need no sign; a road that changes by the hour is no road."""
    assert direction(tags) == expected


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("50", 50.0),
        ("50 km/h", 50.0),
        ("7.5", 7.5),
        ("30 mph", 30 * 1.609344),
        ("walk", 7.0),
        ("DE:walk", 7.0),
        ("DE:living_street", 7.0),
        ("DE:urban", 50.0),
        ("DE:rural", 100.0),
        ("AT:rural", 100.0),
        ("CH:rural", 80.0),
        ("LI:rural", 80.0),
        ("DE:zone30", 30.0),
        ("DE:zone:30", 30.0),
        ("DE:30", 30.0),
        ("50;30", 30.0),
        ("100|80|80", 80.0),
        ("none;120", 120.0),
        ("none", 999.0),
        ("DE:motorway", 999.0),
        ("signals", None),
        ("variable", None),
        ("", None),
        ("0", None),
        ("XX:rural", None),
        ("-50", None),
        ("fuffzig", None),
    ],
)
def test_a_posted_limit_is_read(text: str, limit: float | None) -> None:
    """Numbers, miles, rules of a country, lanes; nonsense tells nothing."""
    assert posted_kmh(text) == limit


def speed(**tags: str) -> float:
    return kmh(
        {key.replace("__", ":"): value for key, value in tags.items()}, SpeedTable(), forward=True
    )


def test_without_a_sign_the_class_tells_the_speed() -> None:
    """And with one, the sign, as far as the class allows."""
    assert speed(highway="residential") == USUAL_KMH["residential"]
    assert speed(highway="primary", maxspeed="70") == 70
    assert speed(highway="unclassified", maxspeed="DE:rural") == MOST_KMH["unclassified"]
    assert speed(highway="motorway", maxspeed="none") == MOST_KMH["motorway"]
    assert speed(highway="residential", maxspeed="signals") == USUAL_KMH["residential"]


def test_the_rule_behind_a_sign_helps_where_the_number_is_missing() -> None:
    """source:maxspeed and its sisters."""
    assert speed(highway="primary", source__maxspeed="DE:urban") == 50
    assert speed(highway="secondary", zone__traffic="DE:rural") == MOST_KMH["secondary"]
    assert speed(highway="primary", maxspeed="80", source__maxspeed="DE:urban") == 80


def test_a_bad_surface_is_slower() -> None:
    """Gravel whatever the sign says; asphalt makes no difference."""
    assert speed(highway="unclassified", surface="gravel") == 25
    assert speed(highway="living_street", surface="cobblestone") == USUAL_KMH["living_street"]
    assert speed(highway="primary", surface="asphalt") == USUAL_KMH["primary"]


def test_a_road_for_residents_is_no_short_cut() -> None:
    """A narrow lane with "Anlieger frei" is slow; a car park for customers is slow already."""
    assert speed(highway="unclassified", motor_vehicle="destination") == 20
    assert speed(highway="unclassified", access="destination", motor_vehicle="yes") == 40
    assert speed(highway="service", access="customers") == USUAL_KMH["service"]


def test_a_limit_may_hold_for_one_direction() -> None:
    """Down the hill only."""
    tags = {"highway": "primary", "maxspeed": "70", "maxspeed:backward": "30"}

    assert kmh(tags, SpeedTable(), forward=True) == 70
    assert kmh(tags, SpeedTable(), forward=False) == 30


@pytest.mark.parametrize(
    ("tags", "blocked"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "bollard", "bollard": "rising"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "block"}, True),
        ({"barrier": "cycle_barrier"}, True),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "lift_gate"}, False),
        ({"barrier": "cattle_grid"}, False),
        ({"motor_vehicle": "no"}, True),
        ({"highway": "crossing", "access": "no"}, False),
        ({"highway": "traffic_signals"}, False),
        ({}, False),
    ],
)
def test_barriers_stop_the_bus(tags: dict[str, str], blocked: bool) -> None:
    """A bollard does, a gate only if it is closed to the public."""
    assert blocks(tags) is blocked


def test_nobody_boards_on_motorways_and_in_tunnels() -> None:
    """Nor on a road for motor vehicles only."""
    assert boardable({"highway": "primary"})
    assert boardable({"highway": "primary", "tunnel": "no"})
    assert not boardable({"highway": "motorway"})
    assert not boardable({"highway": "trunk", "motorroad": "yes"})
    assert not boardable({"highway": "primary", "tunnel": "yes"})


def test_traffic_lights_may_hold_for_one_direction() -> None:
    """A node before a junction stops those who drive towards it."""
    assert signal_sides({"highway": "traffic_signals"}) == (True, True)
    signals = {"highway": "traffic_signals", "traffic_signals:direction": "forward"}
    assert signal_sides(signals) == (True, False)
    assert signal_sides({"highway": "crossing"}) == (False, False)
