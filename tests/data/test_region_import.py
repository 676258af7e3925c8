import shutil
from datetime import date
from pathlib import Path

import pytest

from data.errors import DataError
from data.intake import Intake, take_rows
from data.places import read_places
from data.reading import Findings, RegionError
from data.region_extract import Warnings, slug, standing_place
from data.region_file import load_region
from data.region_import import (
    Imported,
    RegionExistsError,
    import_region,
    new_folder,
    refresh_region,
)
from data.region_templates import quoted, region_toml
from data.synthetic import invent_day
from routing.errors import ExtractError
from routing.geo import Point
from routing.geocoding import Address
from routing.matrix import Roads
from scheduler.model import PlaceKind
from tests.builders_routing import shared_map

TODAY = date(2026, 11, 22)
TUESDAY = date(2027, 3, 2)

ROAD = '<tag k="highway" v="residential"/><tag k="name" v="Beispielstraße"/>'


def osm(*things: str) -> str:
    """A street of two kilometres along 52.10 north, with *things* beside it."""
    nodes = "".join(f'<node id="{n}" lat="52.1" lon="{8.9 + n / 100}"/>' for n in range(1, 4))
    refs = "".join(f'<nd ref="{n}"/>' for n in range(1, 4))
    return (
        f'<?xml version="1.0"?><osm version="0.6">{nodes}{"".join(things)}'
        f'<way id="1">{refs}{ROAD}</way></osm>'
    )


def thing(number: int, *, lat: float = 52.1003, **tags: str) -> str:
    """A point beside the street; ``addr_street`` stands for ``addr:street``."""
    inside = "".join(
        f'<tag k="{key.replace("_", ":", 1) if key.startswith("addr") else key}" v="{value}"/>'
        for key, value in tags.items()
    )
    lon = 8.91 + number / 10_000
    return f'<node id="{number}" lat="{lat}" lon="{lon}">{inside}</node>'


def house(number: int, housenumber: str, *, lat: float = 52.1003) -> str:
    return thing(
        number,
        lat=lat,
        addr_street="Beispielstraße",
        addr_housenumber=housenumber,
        addr_city="Talle",
    )


VILLAGE = (
    house(10, "1"),
    house(30, "3"),
    house(50, "5"),
    thing(20, amenity="doctors", name="Praxis Beispiel", opening_hours="Mo-Fr 08:00-12:00; PH off"),
    thing(40, amenity="pharmacy", name="Beispiel-Apotheke", opening_hours="8 bis 12 Uhr"),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "regions"


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "village.osm"
    path.write_text(osm(*VILLAGE), encoding="utf-8")
    return path


def do_import(extract: Path, home: Path, *, land: str = "NW", depot: str = "") -> Imported:
    return import_region("talle", extract, today=TODAY, land=land, depot=depot, home=home)


def test_an_imported_region_loads_and_has_what_the_map_has(extract: Path, home: Path) -> None:
    """Houses, a practice with its hours, a pharmacy, and where the bus stands."""
    imported = do_import(extract, home)

    region = load_region(imported.folder)

    assert region.title == "Talle"
    assert not region.network.coarse
    assert region.address_book.resolve("Beispielstr. 3, Talle").point.lat == 52.1003
    assert region.places["praxis-beispiel"].opening_hours == "Mo-Fr 08:00-12:00; PH off"
    assert region.places["beispiel-apotheke"].kind is PlaceKind.PHARMACY
    assert region.places["depot"].address.label == "Beispielstraße 3, Talle"
    assert "OpenStreetMap contributors" in (imported.folder / "README.md").read_text("utf-8")


def test_an_imported_region_can_be_planned_at_once(extract: Path, home: Path) -> None:
    """The templates give two shifts on every working day, and rules."""
    region = load_region(do_import(extract, home).folder)

    assert [shift.id for shift in region.shifts(TUESDAY)] == ["vormittag", "nachmittag"]
    rows = invent_day(region, TUESDAY, requests=5, seed=1)
    assert take_rows(Intake(region), rows, day=TUESDAY)[1] == []


def test_opening_hours_in_another_syntax_are_left_out_and_told(extract: Path, home: Path) -> None:
    """One bad text of a mapper must not stop the import, nor be guessed at."""
    imported = do_import(extract, home)

    assert load_region(imported.folder).places["beispiel-apotheke"].opening_hours == ""
    assert (
        "1 Öffnungszeiten nicht lesbar, ausgelassen: "
        "Beispiel-Apotheke ('8 bis 12 Uhr' ist nicht lesbar ab '8 bis 12 Uhr')"
    ) in imported.warnings
    assert "1 Orte ohne Öffnungszeiten, bitte ergänzen: Beispiel-Apotheke" in imported.warnings


def test_a_house_far_from_any_road_is_left_out_and_told(tmp_path: Path, home: Path) -> None:
    """A degree's hundredth to the north are 1,112 m: no bus gets there."""
    path = tmp_path / "far.osm"
    path.write_text(osm(*VILLAGE, house(60, "9", lat=52.11)), encoding="utf-8")

    imported = do_import(path, home)

    addresses = load_region(imported.folder).addresses
    assert "9" not in {address.housenumber for address in addresses}
    assert any("zu weit von jeder Straße: Beispielstraße 9" in text for text in imported.warnings)


def test_the_same_address_twice_is_kept_once_and_told(tmp_path: Path, home: Path) -> None:
    """A house and a shop in it carry the same address; one of them is found."""
    path = tmp_path / "double.osm"
    path.write_text(osm(*VILLAGE, house(70, "3")), encoding="utf-8")

    imported = do_import(path, home)

    labels = [address.label for address in load_region(imported.folder).addresses]
    assert labels.count("Beispielstraße 3, Talle") == 1
    assert "1 Anschriften ausgelassen, doppelt: Beispielstraße 3, Talle" in imported.warnings


def test_places_of_one_name_get_names_and_ids_of_their_own(tmp_path: Path, home: Path) -> None:
    """Three nameless practices in three streets would otherwise be one."""
    practices = [
        thing(80 + 40 * n, amenity="dentist", name="Zahnarzt", addr_city="Talle") for n in range(3)
    ]
    path = tmp_path / "names.osm"
    path.write_text(osm(*VILLAGE, *practices), encoding="utf-8")

    region = load_region(do_import(path, home).folder)

    dentists = {name: p.name for name, p in region.places.items() if "ahnarzt" in p.name}
    assert dentists == {
        "zahnarzt": "Zahnarzt",
        "zahnarzt-talle": "Zahnarzt (Talle)",
        "zahnarzt-talle-2": "Zahnarzt (Talle) 2",
    }


def test_a_medical_centre_is_known_by_its_name(tmp_path: Path, home: Path) -> None:
    """OpenStreetMap has no tag for an MVZ; its name tells."""
    path = tmp_path / "mvz.osm"
    path.write_text(osm(*VILLAGE, thing(90, amenity="clinic", name="MVZ Beispiel")), "utf-8")

    region = load_region(do_import(path, home).folder)

    assert region.places["mvz-beispiel"].kind is PlaceKind.MVZ


def test_the_bus_stands_where_one_says(extract: Path, home: Path) -> None:
    """The depot is an address of the region, in any spelling."""
    region = load_region(do_import(extract, home, depot="Beispielstr. 5, Talle").folder)

    assert region.places["depot"].address.label == "Beispielstraße 5, Talle"
    assert region.shifts(TUESDAY)[0].start_place == "depot"


def test_an_unknown_standing_place_stops_the_import(extract: Path, home: Path) -> None:
    """Nothing is left behind by an import that failed."""
    with pytest.raises(DataError, match="Standplatz 'Mond 1' ist unter den Anschriften nicht"):
        do_import(extract, home, depot="Mond 1")

    assert not home.exists() or list(home.iterdir()) == []


def test_without_a_land_one_is_told(extract: Path, home: Path) -> None:
    """Half the Länder would get wrong holidays, silently."""
    assert "Ohne Bundesland gelten nur die bundesweiten Feiertage." in (
        do_import(extract, home, land="").warnings
    )


def test_an_unknown_land_stops_the_import(extract: Path, home: Path) -> None:
    """The message lists the Länder."""
    with pytest.raises(DataError, match="DE hat kein Bundesland 'NRW'; bekannt sind: BB, BE"):
        do_import(extract, home, land="NRW")


@pytest.mark.parametrize("name", ["", "Talle", "../talle", "a/b", ".talle", "talle\n", "x" * 64])
def test_a_name_that_is_no_folder_is_refused(extract: Path, home: Path, name: str) -> None:
    """A region's name is a folder and part of URLs; it never leads elsewhere."""
    with pytest.raises(DataError, match="kein Name für eine Region"):
        import_region(name, extract, today=TODAY, home=home)


def test_a_region_is_not_overwritten(extract: Path, home: Path) -> None:
    """Somebody's roster and places lie in there."""
    do_import(extract, home)

    with pytest.raises(RegionExistsError, match="gibt es schon"):
        do_import(extract, home)


def test_a_broken_extract_leaves_nothing_behind(tmp_path: Path, home: Path) -> None:
    """The folder appears when it has been read back, or not at all."""
    path = tmp_path / "broken.osm"
    path.write_text("no map", encoding="utf-8")

    with pytest.raises(ExtractError):
        do_import(path, home)

    assert not home.exists() or list(home.iterdir()) == []


def test_refreshing_keeps_what_people_wrote(extract: Path, tmp_path: Path, home: Path) -> None:
    """New houses come, the roster and the places stay, new practices are told."""
    folder = do_import(extract, home).folder
    roster = folder / "roster.toml"
    roster.write_text(roster.read_text("utf-8").replace("Anna Beispiel", "Eva Beispiel"), "utf-8")
    newer = tmp_path / "newer.osm"
    practice = thing(100, amenity="doctors", name="Praxis Neubeispiel")
    newer.write_text(osm(*VILLAGE, house(120, "11"), practice), encoding="utf-8")

    refreshed = refresh_region("talle", newer, home=home)

    region = load_region(folder)
    assert region.driver_label("f01") == "Eva Beispiel"
    assert region.address_book.resolve("Beispielstraße 11, Talle").housenumber == "11"
    assert "praxis-neubeispiel" not in region.places
    assert refreshed.warnings[-1] == (
        "1 Orte der Karte stehen nicht in places.csv: Praxis Neubeispiel"
    )
    assert [path.name for path in home.iterdir()] == ["talle"]


def test_refreshing_with_the_wrong_map_changes_nothing(
    extract: Path, tmp_path: Path, home: Path
) -> None:
    """If the region's places lie off the new roads, the old ones stay."""
    folder = do_import(extract, home).folder
    before = (folder / "network.npz").read_bytes()
    elsewhere = tmp_path / "elsewhere.osm"
    elsewhere.write_text(osm(*VILLAGE).replace('"52.', '"47.'), encoding="utf-8")

    with pytest.raises(RegionError, match="von der nächsten Straße"):
        refresh_region("talle", elsewhere, home=home)

    assert (folder / "network.npz").read_bytes() == before
    assert [path.name for path in home.iterdir()] == ["talle"]


def test_one_can_ask_first_whether_a_name_is_free(extract: Path, home: Path) -> None:
    """Nothing need be downloaded for a region that would not be made."""
    assert new_folder("talle", home) == home / "talle"
    do_import(extract, home)

    with pytest.raises(RegionExistsError):
        new_folder("talle", home)


def test_a_title_may_hold_quotation_marks(tmp_path: Path) -> None:
    """What a user types becomes a text of the TOML file, never a key."""
    import tomllib

    title = 'Sankt "Beispiel" \\ am\nSee'

    text = region_toml(title=title, country="DE", land="NW")

    assert tomllib.loads(text)["title"] == 'Sankt "Beispiel" \\ am See'
    assert quoted("Talle") == '"Talle"'


def test_ids_are_plain_ascii() -> None:
    """They stand in URLs and in files; umlauts are written out."""
    assert slug("Dr. Müller & Söhne, Ärzte") == "dr-mueller-soehne-aerzte"
    assert slug("...") == "ort"


def test_a_depot_without_any_house_stands_at_a_crossing(extract: Path, home: Path) -> None:
    """Some extracts have roads only; the bus must stand somewhere."""
    network = load_region(do_import(extract, home).folder).network

    place = standing_place("", [], network)

    assert network.snap(place.point).metres == 0
    assert place.source.startswith("ANGENOMMEN")


def test_warnings_name_the_first_five() -> None:
    """A thousand addresses are counted, not listed."""
    warnings = Warnings()

    warnings.some("Häuser", [str(number) for number in range(1000)])
    warnings.some("Hütten", [])

    assert warnings.texts == ["1000 Häuser: 0; 1; 2; 3; 4; ..."]


def test_written_places_are_read_back_as_they_were(extract: Path, home: Path) -> None:
    """A place keeps its address, kind, phone, hours and source."""
    folder = do_import(extract, home).folder
    findings = Findings()

    places = read_places(folder, findings)

    assert findings.mistakes == []
    assert places["praxis-beispiel"].source == "OpenStreetMap node/20"
    assert places["depot"].address == Address(
        label="Beispielstraße 3, Talle",
        street="Beispielstraße",
        housenumber="3",
        postcode="",
        village="Talle",
        point=Point(52.1003, 8.913),
        place_id="depot",
    )


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "file", "country", "land"),
    [
        ("liechtenstein", "liechtenstein.osm.pbf", "LI", ""),
        ("north-bayreuth", "north-bayreuth.osm.gz", "DE", "BY"),
    ],
)
def test_a_real_extract_becomes_a_region_with_a_day(
    tmp_path: Path, name: str, file: str, country: str, land: str
) -> None:
    """From the extract to 40 requests on real addresses, nearly all of which can be served."""
    imported = import_region(
        name, shared_map(file), today=TODAY, country=country, land=land, home=tmp_path
    )
    region = load_region(imported.folder)

    rows = invent_day(region, TUESDAY, requests=40, seed=1)
    day, rejected = take_rows(Intake(region), rows, day=TUESDAY)

    assert rejected == []
    built = day.prepare(region, shifts=region.shifts(TUESDAY), roads=Roads(region.network))
    assert len(built.journeys) >= 36
    shutil.rmtree(imported.folder)
