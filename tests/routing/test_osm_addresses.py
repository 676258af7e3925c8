"""Houses, streets and health places of an extract."""

import pytest

from routing.geocoding import AddressBook, Precision
from tests.builders_osm import POINTS, ROAD, Read, tags_xml


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
        + tags_xml({"type": "multipolygon", "amenity": "hospital", "name": "Klinik Beispiel"})
        + tags_xml({"addr:street": "Hof", "addr:housenumber": "1", "addr:city": "Talle"})
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
