import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.coarse_region import LINKS_FILE, build_coarse, coarse_network
from data.places import read_places
from data.reading import Findings, RegionError
from data.region import NETWORK_FILE, SHIPPED, Region, load_region, region_folders
from routing.geo import great_circle
from routing.matrix import Roads
from routing.units import KILOMETRE
from scheduler.model import PlaceKind

TUESDAY = date(2027, 3, 2)
KALLETAL = SHIPPED / "kalletal"

EDITED = (
    "region.toml",
    "policy.toml",
    "fleet.toml",
    "roster.toml",
    "places.csv",
    "addresses.csv",
    "villages.csv",
)

Edit = Callable[[str, str, str], None]


@pytest.fixture(scope="module")
def kalletal() -> Region:
    return load_region("kalletal")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(KALLETAL, folder)
    return folder


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace a text that stands in a file of the copy exactly once."""

    def replace(file: str, old: str, new: str) -> None:
        text = (copy / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")

    return replace


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(RegionError) as caught:
        load_region(folder)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_the_shipped_region_has_all_it_needs(kalletal: Region) -> None:
    """Sixteen villages, the MVZ, practices, pharmacies, a bus, 26 volunteers."""
    assert len(kalletal.villages) == 16
    assert kalletal.places["mvz"].address.label == "Roter Lith 3a, Hohenhausen"
    assert len(kalletal.places_of(PlaceKind.PHARMACY)) >= 2
    assert len(kalletal.places_of(PlaceKind.PRACTICE)) >= 4
    assert len(kalletal.fleet) == 1
    assert len(kalletal.roster.drivers) == 26


def test_the_coarse_network_says_that_it_is_coarse(kalletal: Region) -> None:
    """Every page that shows it has to say so; the network itself knows."""
    assert kalletal.network.coarse
    assert kalletal.network.source.startswith("Grobes Netz")
    assert "Keine OpenStreetMap-Daten" in kalletal.network.source


def test_the_committed_network_is_the_one_of_the_tables(kalletal: Region) -> None:
    """Whoever mends a row must build again; the fingerprint tells."""
    assert coarse_network(KALLETAL).fingerprint == kalletal.network.fingerprint


def test_building_the_network_gives_the_same_file(copy: Path) -> None:
    """The same tables give the same bytes, so that a commit shows real changes only."""
    (copy / NETWORK_FILE).unlink()

    build_coarse(copy)

    assert (copy / NETWORK_FILE).read_bytes() == (KALLETAL / NETWORK_FILE).read_bytes()


def test_the_main_road_has_the_known_lengths(kalletal: Region) -> None:
    """From Hohenhausen 10 km to Lemgo and 14 km to Rinteln, within some streets of a town."""
    ends = [kalletal.places[name].point for name in ("mvz", "klinik-lemgo", "klinik-rinteln")]

    metres = Roads(kalletal.network).travel(ends).metres

    assert metres[0, 1] == pytest.approx(10 * KILOMETRE, abs=KILOMETRE)
    assert metres[0, 2] == pytest.approx(14 * KILOMETRE, abs=KILOMETRE)


def test_no_road_is_shorter_than_the_straight_line(kalletal: Region) -> None:
    """Between all places of the region, the way is at least as long as the bird flies."""
    points = [place.point for place in kalletal.places.values()]

    metres = Roads(kalletal.network).travel(points).metres

    for a, here in enumerate(points):
        for b, there in enumerate(points):
            # Up to 300 m lie between each of the two places and its road.
            assert metres[a, b] >= great_circle(here, there) - 2 * 300


def test_every_address_lies_at_a_road_and_is_found_by_its_text(kalletal: Region) -> None:
    """Whoever types what the list says gets just that house."""
    for address in kalletal.addresses:
        assert kalletal.network.snap(address.point).metres < 100
        assert kalletal.address_book.resolve(address.label).point == address.point


def test_every_place_is_found_by_its_name(kalletal: Region) -> None:
    """A caller says "MVZ Kalletal", not its address."""
    for place in kalletal.places.values():
        assert kalletal.address_book.resolve(place.name).place_id == place.id


def test_invented_places_carry_their_mark(kalletal: Region) -> None:
    """A row is either sourced or invented, and what is invented says so in its name."""
    for place in kalletal.places.values():
        assert place.source
        assert place.source.startswith("INVENTED") == ("Beispiel" in place.name)


def test_every_row_of_the_network_has_a_source() -> None:
    """A fact without a source is refused when the network is built."""
    coarse_network(KALLETAL)

    for file in ("network-nodes.csv", LINKS_FILE):
        rows = (KALLETAL / file).read_text(encoding="utf-8").splitlines()
        assert not [row for row in rows if row.endswith(",")]


def test_volunteers_and_phones_are_invented(kalletal: Region) -> None:
    """Every number is one that is kept free for films and books."""
    phones = [driver.phone for driver in kalletal.roster.drivers.values()]
    phones += [place.phone for place in kalletal.places.values() if place.phone]

    assert all(phone.startswith("030 23125 ") for phone in [*phones, kalletal.dispatch_phone])
    assert all("Beispiel" in driver.name for driver in kalletal.roster.drivers.values())


def test_a_tuesday_has_two_half_days_with_a_break(kalletal: Region) -> None:
    """One bus, two drivers, and each rests inside the shift."""
    morning, afternoon = kalletal.shifts(TUESDAY)

    assert morning.hours.latest <= afternoon.hours.earliest
    assert morning.driver != afternoon.driver
    assert morning.vehicle == afternoon.vehicle
    assert morning.rest is not None
    assert morning.rest.window.latest + morning.rest.length <= morning.hours.latest


def test_the_roster_answers_for_any_working_day(kalletal: Region) -> None:
    """Nothing is tied to the sample day: each working day of two years has its two shifts."""
    for number in range(2 * 365):
        day = date(2026, 9, 1) + timedelta(days=number)
        expected = 0 if kalletal.closed(day) else 2
        assert len(kalletal.shifts(day)) == expected, day


def test_every_volunteer_has_a_turn_within_three_weeks(kalletal: Region) -> None:
    """Drivers of one half-day take turns, week by week."""
    # The first three weeks after Easter, without holidays and exceptions.
    days = [date(2027, 4, 5) + timedelta(days=number) for number in range(21)]

    driving = {shift.driver for day in days for shift in kalletal.shifts(day)}

    # One P-Schein has run out; the next of the turn drives instead.
    assert driving == kalletal.roster.drivers.keys() - {"f09"}


def test_no_bus_at_the_weekend_and_on_holidays_of_the_land(kalletal: Region) -> None:
    """Corpus Christi is a holiday in North Rhine-Westphalia."""
    assert kalletal.closed(date(2027, 3, 6)) == "Am Samstag fährt kein Bus"
    assert kalletal.closed(date(2027, 5, 27)) == "Feiertag: Fronleichnam"
    assert kalletal.shifts(date(2027, 5, 27)) == ()
    assert kalletal.closed(TUESDAY) is None


def test_an_exception_opens_a_saturday(copy: Path) -> None:
    """A health weekend: many people to one place on a day without ordinary service."""
    append(
        copy / "region.toml",
        '[[service.exception]]\ndate = 2027-03-06\nruns = true\nreason = "Wochenende"\n'
        '[[service.exception]]\ndate = 2027-03-02\nruns = false\nreason = "Werkstatt"\n',
    )
    append(
        copy / "roster.toml",
        '[[exception]]\ndate = 2027-03-06\nshift = "vormittag"\ndriver = "f01"\n',
    )

    region = load_region(copy)

    assert [shift.driver for shift in region.shifts(date(2027, 3, 6))] == ["f01"]
    assert region.closed(TUESDAY) == "Werkstatt"
    assert region.shifts(TUESDAY) == ()


def test_places_know_their_hours_of_the_day(kalletal: Region) -> None:
    """Midday closing on Tuesday, no afternoon on Wednesday, a home has none at all."""
    tuesday = kalletal.places_on(TUESDAY)
    wednesday = kalletal.places_on(TUESDAY + timedelta(days=1))

    assert [str(window) for window in tuesday["mvz"].open_hours or ()] == [
        "08:00-12:30",
        "14:00-18:00",
    ]
    assert [str(window) for window in wednesday["mvz"].open_hours or ()] == ["08:00-13:00"]
    assert tuesday["seniorenheim"].open_hours is None


def test_all_mistakes_of_all_files_are_told_at_once(copy: Path, edit: Edit) -> None:
    """Whoever writes a region gets the whole list, not one mistake a time."""
    edit("region.toml", 'land = "NW"', 'land = "XX"')
    edit("places.csv", "mvz,MVZ Kalletal,mvz", "mvz,MVZ Kalletal,hospitl")
    edit("fleet.toml", 'depot = "depot"', 'depot = "garage"')
    edit("roster.toml", 'Mo = ["f01", "f02", "f03"]', 'Mo = ["f01", "f99"]')
    edit("villages.csv", ",3444,", ",viele,")
    edit("policy.toml", 'latest = "18:00"', 'latest = "früh"')
    (copy / NETWORK_FILE).write_bytes(b"no network")

    found = mistakes(copy)

    files = [mistake.split(",")[0] for mistake in found]
    assert files == [
        "region.toml",
        "policy.toml",
        "network.npz",
        "places.csv",
        "villages.csv",
        "fleet.toml",
        "roster.toml",
    ]
    assert "places.csv, Zeile 3, Spalte kind ('hospitl'): muss eines sein von" in found[3]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("region.toml", "Europe/Berlin", "Europe/Hohenhausen", "timezone ('Europe/Hohenhausen')"),
        ("region.toml", 'title = "Kalletal"', 'titel = "Kalletal"', "Gemeint ist vielleicht"),
        ("region.toml", '["Mo", "Tu"', '["Mo", "Di"', "weekdays"),
        ("region.toml", "[service]", "[service", "kein gültiges TOML"),
        ("places.csv", "Mo-Sa 07:00-19:00", "Mo-Sa 7 bis 19", "ist nicht lesbar ab '7 bis 19'"),
        ("places.csv", "52.02678", "53.02678", "m von der nächsten Straße"),
        ("places.csv", "52.02678", "52°", "muss eine Zahl von -90 bis 90 sein"),
        ("places.csv", "dialyse-lemgo,", "mvz,", "kommt zweimal vor"),
        ("places.csv", "Dialysezentrum Beispiel Lemgo", "MVZ Kalletal", "heißt wie 'mvz'"),
        ("places.csv", ",opening_hours,", ",opening,", "unbekannte Spalte"),
        ("places.csv", "id,name,", "id,nam,", "die Spalte 'name' fehlt"),
        ("places.csv", ",24/7,INVENTED\nklinik-r", ",24/7\nklinik-r", "hat 11 Felder statt 12"),
        ("addresses.csv", "Roter Lith,3a,32689,Hohenhausen", ",3a,32689,", "muss dastehen"),
        ("addresses.csv", "street,", "strasse,", "die Spalte 'street' fehlt"),
        ("fleet.toml", "seats = 8", "seats = 9", "muss eine ganze Zahl von 0 bis 8 sein"),
        ("fleet.toml", "seats = 6", "seats = 8", "1 bis 8 Fahrgäste mit Klasse B"),
        ("fleet.toml", "seats = 6", 'seats = "6"', "muss eine ganze Zahl"),
        ("roster.toml", 'from = "13:00"', 'from = "12:15"', "überschneiden sich von 12:15"),
        ("roster.toml", 'from = "13:00"', 'from = "19:00"', "muss nach 'from' liegen"),
        ("roster.toml", 'from = "07:30"', 'from = "7.30 Uhr"', 'Uhrzeit wie "08:30"'),
        (
            "roster.toml",
            'from = "09:00", until = "11:00"',
            'from = "06:15", until = "11:00"',
            "Pau",
        ),
        ("roster.toml", "date = 2027-03-12", 'date = "2027-03-12"', "ohne Anführungszeichen"),
        ("roster.toml", 'shift = "nachmittag"', 'shift = "abend"', "muss die id eines [[shift]]"),
        ("policy.toml", "constant = 15", "konstante = 15", "ride.konstante"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_right(
    copy: Path, edit: Edit, file: str, old: str, new: str, message: str
) -> None:
    """File, row or key, the value, and what would be right: all in one line of German."""
    edit(file, old, new)

    found = mistakes(copy)

    assert any(mistake.startswith(f"{file}, ") and message in mistake for mistake in found), found


TOKENS = (
    *('"', "'", ",", ";", "\n", "[", "]", "{", "}", "=", "#", "\x00", "\ufeff", "é", "\r"),
    *("-1", "9" * 5000, "1e400", "nan", "true", "2027-13-01", "2027-03-02T10:00:00", "25:00"),
    *("[[", "[" * 2000, "]]", "[]", "{}", '""', "x" * 200_000),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_a_file_holds_the_answer_is_a_region_or_a_list_of_mistakes(
    copy: Path, data: st.DataObject
) -> None:
    """No typing error ends in a traceback: either it loads, or `RegionError` tells."""
    name = data.draw(st.sampled_from(EDITED), label="file")
    text = (KALLETAL / name).read_text(encoding="utf-8")
    begin = data.draw(st.integers(0, len(text)), label="begin")
    length = data.draw(st.sampled_from((0, 1, 5, 40, len(text))), label="length")
    token = data.draw(st.sampled_from(("", *TOKENS)), label="token")
    changed = text[:begin] + token + text[begin + length :]
    (copy / name).write_text(changed, encoding="utf-8", newline="")

    assert loads_or_tells(copy)
    (copy / name).write_text(text, encoding="utf-8")


def loads_or_tells(folder: Path) -> bool:
    try:
        return load_region(folder).shifts(TUESDAY) is not None
    except RegionError as error:
        return bool(error.mistakes)


def test_a_missing_file_is_told(copy: Path) -> None:
    """The message names the file and the folder."""
    (copy / "places.csv").unlink()

    assert "places.csv, Datei: fehlt im Ordner 'copy'." in mistakes(copy)


def test_a_file_in_another_encoding_is_told(copy: Path) -> None:
    """Notepad of old Windows writes cp1252; the umlauts would be lost."""
    text = (copy / "villages.csv").read_text(encoding="utf-8")
    (copy / "villages.csv").write_bytes(text.encode("cp1252"))

    assert mistakes(copy) == ["villages.csv, Datei: muss als UTF-8 gespeichert sein."]


def test_a_table_from_german_excel_can_be_read(copy: Path) -> None:
    """It has semicolons, a byte order mark and lines of semicolons at its end."""
    text = "village;inhabitants\nTalle;990\n;\n"
    (copy / "villages.csv").write_text(text, encoding="utf-8-sig")

    assert load_region(copy).villages == {"Talle": 990}


def test_one_driver_cannot_be_in_two_buses(copy: Path) -> None:
    """Two shifts at the same time may share no driver, even if only some weeks."""
    append(
        copy / "fleet.toml",
        '[[vehicle]]\nid = "bus-2"\nname = "Bus 2"\ndepot = "depot"\n'
        "[[vehicle.configuration]]\nseats = 8\n",
    )
    append(
        copy / "roster.toml",
        '[[shift]]\nid = "zweiter"\nname = "Zweiter"\nvehicle = "bus-2"\n'
        'from = "08:00"\nuntil = "12:00"\n[shift.drivers]\nTu = ["f04"]\n',
    )

    found = mistakes(copy)

    assert len(found) == 1
    assert "überschneiden sich von 08:00 bis 12:00, und 'f04' steht in beiden" in found[0]


def test_an_exception_cannot_put_two_shifts_on_one_bus(copy: Path) -> None:
    """On Saturday, where no weekly shift is, two exceptions collide on one bus."""
    append(
        copy / "roster.toml",
        '[[shift]]\nid = "markt"\nname = "Markt"\nvehicle = "bus-1"\n'
        'from = "12:00"\nuntil = "13:00"\n'
        '[[exception]]\ndate = 2027-03-06\nshift = "markt"\ndriver = "f01"\n'
        '[[exception]]\ndate = 2027-03-06\nshift = "vormittag"\ndriver = "f01"\n',
    )

    found = mistakes(copy)

    assert len(found) == 2
    assert "auf dem Fahrzeug 'bus-1'" in found[0]
    assert "dieselbe Person" in found[1]


def test_a_shift_without_a_valid_licence_is_open(copy: Path) -> None:
    """Years later every P-Schein has run out: the shifts are there, and nobody drives them."""
    region = load_region(copy)
    later = date(2040, 3, 6)

    assert region.closed(later) is None
    assert region.shifts(later) == ()
    assert [pattern.id for pattern in region.roster.open_shifts(later)] == [
        "vormittag",
        "nachmittag",
    ]


def test_an_unknown_region_is_told_with_the_known_ones() -> None:
    """A typing error in --region ends with the list of names."""
    with pytest.raises(RegionError, match=r"Bekannt sind: .*kalletal"):
        load_region("kaletal")


def test_the_users_own_regions_are_found(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They lie in the folder of FAHRTEN_REGIONS, and go before shipped ones of the same name."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(copy.parent))

    assert region_folders()["copy"] == copy
    assert load_region("copy").title == "Kalletal"
    copy.rename(copy.with_name("kalletal"))
    assert load_region("kalletal").folder == copy.with_name("kalletal")


def test_the_example_of_the_guide_can_be_read(tmp_path: Path) -> None:
    """What docs/new-municipality.md shows as rows of places.csv is right."""
    guide = (SHIPPED.parents[1] / "docs" / "new-municipality.md").read_text(encoding="utf-8")
    rows = [line.strip() for line in guide.splitlines() if line.startswith(("    id,", "    mvz,"))]
    (tmp_path / "places.csv").write_text("\n".join(rows), encoding="utf-8")
    findings = Findings()

    places = read_places(tmp_path, findings)

    assert findings.mistakes == []
    assert list(places) == ["mvz"]


@pytest.mark.parametrize(
    "words", ["network.npz", *EDITED, "FAHRTEN_REGIONS", "[[exception]]", "[[service.exception]]"]
)
def test_the_guide_names_every_file(words: str) -> None:
    """Whoever starts a municipality finds each file of a region explained."""
    guide = (SHIPPED.parents[1] / "docs" / "new-municipality.md").read_text(encoding="utf-8")

    assert words in guide
