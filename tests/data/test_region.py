"""The region that is shipped, and regions of one's own."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.coarse_region import LINKS_FILE, build_coarse, coarse_network
from data.region import Region
from data.region_file import NETWORK_FILE, load_region, region_folders
from routing.geo import great_circle
from routing.matrix import Roads
from routing.units import KILOMETRE
from scheduler.model import PlaceKind
from tests.builders_regions import KALLETAL, TUESDAY, append


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
    """Nothing is tied to the sample day: each working day of two years has its two shifts.

    Only on the Saturday of the health weekend there is one.
    """
    for number in range(2 * 365):
        day = date(2026, 9, 1) + timedelta(days=number)
        usual = 1 if day in kalletal.service.exceptions else 2
        expected = 0 if kalletal.closed(day) else usual
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


def test_a_shift_without_a_valid_licence_is_open(copy: Path) -> None:
    """Years later every P-Schein has run out: the shifts are there, and nobody drives them."""
    region = load_region(copy)
    later = date(2040, 3, 6)

    assert region.closed(later) is None
    assert region.shifts(later) == ()
    assert [shift.id for shift in region.idle_shifts(later)] == ["vormittag", "nachmittag"]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_shift_that_falls_out_could_be_driven_by_somebody_else(copy: Path) -> None:
    """As long as its bus is free, and on days with a service; one that is driven is not idle."""
    edit(copy / "roster.toml", 'driver = "f18"\n', "")
    region = load_region(copy)
    friday, saturday = date(2027, 3, 12), date(2027, 3, 13)

    assert [shift.id for shift in region.shifts(friday)] == ["vormittag"]
    (idle,) = region.idle_shifts(friday)
    assert (idle.id, str(idle.hours), idle.takes_wheelchairs) == (
        "nachmittag",
        "13:00-17:30",
        False,
    )
    assert region.idle_shifts(TUESDAY) == region.idle_shifts(saturday) == ()


def test_a_shift_whose_bus_is_on_the_road_is_not_idle(copy: Path) -> None:
    """The market bus of Wednesdays would need the bus of the morning."""
    market = (
        '[[shift]]\nid = "markt"\nname = "Markt"\nvehicle = "bus-1"\nfrom = "12:00"\n'
        'until = "12:45"\n\n[shift.drivers]\n\n[[exception]]'
    )
    edit(copy / "roster.toml", "[[exception]]", market)

    assert load_region(copy).idle_shifts(TUESDAY) == ()


def test_the_users_own_regions_are_found(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They lie in the folder of FAHRTEN_REGIONS, and go before shipped ones of the same name."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(copy.parent))

    assert region_folders()["copy"] == copy
    assert load_region("copy").title == "Kalletal"
    copy.rename(copy.with_name("kalletal"))
    assert load_region("kalletal").folder == copy.with_name("kalletal")
