"""The map as GeoJSON: roads, villages, tours and halts."""

from api.web.map import MapRoute, MapStop, ground_geojson, routes_geojson
from data.places import village_points
from routing.geo import Point
from routing.geocoding import Address

A, B, C = Point(52.1, 9.0), Point(52.1000001, 9.0000001), Point(52.2, 9.1)


def test_roads_of_one_class_are_one_feature() -> None:
    """A few features instead of thousands: smaller, and faster to draw."""
    ground = ground_geojson([("primary", [A, C]), ("track", [A, C]), ("primary", [C, A])], {})

    assert [
        (each["properties"]["class"], len(each["geometry"]["coordinates"]))
        for each in ground["features"]
    ] == [("primary", 2), ("track", 1)]


def test_positions_are_longitude_first_and_rounded_to_a_metre() -> None:
    """GeoJSON (RFC 7946) wants it the other way round than people say it."""
    (road,) = ground_geojson([("primary", [Point(52.123456789, 9.0), C])], {})["features"]

    assert road["geometry"]["coordinates"] == [[[9.0, 52.12346], [9.1, 52.2]]]


def test_points_that_fall_together_are_drawn_once_but_a_line_keeps_two_ends() -> None:
    """A line of one point is no line."""
    short, none = ground_geojson([("a", [A, B, C]), ("b", [A, B])], {})["features"]

    assert len(short["geometry"]["coordinates"][0]) == 2
    assert none["geometry"]["coordinates"][0] == [[9.0, 52.1], [9.0, 52.1]]


def test_halts_of_a_route_at_one_place_are_one_dot_with_all_their_numbers() -> None:
    """Three times the MVZ is one place, and all three times can be read there."""
    stops = tuple(
        MapStop(point, number, place, time)
        for point, number, place, time in (
            (A, "", "Depot", "08:00 Uhr"),
            (C, "1", "MVZ", "08:20 Uhr"),
            (A, "2", "Depot", "08:40 Uhr"),
            (C, "3", "MVZ", "09:00 Uhr"),
        )
    )
    line, depot, mvz = routes_geojson([MapRoute("Vormittag", (A, C, A, C), stops)])["features"]

    assert line["geometry"]["type"] == "LineString"
    assert depot["properties"]["number"] == "2"
    assert mvz["properties"]["number"] == "1, 3"
    assert mvz["properties"]["halts"] == ["Halt 1: 08:20 Uhr", "Halt 3: 09:00 Uhr"]
    assert mvz["geometry"]["coordinates"] == [9.1, 52.2]


def test_a_shift_without_a_ride_leaves_the_map_empty() -> None:
    """Its colour is kept, so that the legend fits."""
    idle, driven = MapRoute("früh", (), ()), MapRoute("spät", (A, C), ())
    features = routes_geojson([idle, driven])["features"]

    assert [each["properties"]["route"] for each in features] == [1]


def test_a_village_is_written_in_the_middle_of_its_houses() -> None:
    """The median: one far farm does not drag the name into the woods."""

    def house(lat: float, village: str) -> Address:
        return Address("", "Beispielstraße", "1", "32689", village, Point(lat, 9.0))

    houses = [house(lat, "Talle") for lat in (52.0, 52.01, 52.9)]

    assert village_points([*houses, house(50.0, "")]) == {"Talle": Point(52.01, 9.0)}
