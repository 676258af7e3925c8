from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from data.errors import DataError
from data.intake import Intake, take_rows
from data.region import Region
from data.region_file import load_region
from data.request_rows import RequestRow, read_row, row_cells
from data.synthetic import NoServiceError, invent_day
from routing.matrix import Roads
from scheduler.model import Mobility, WayBack

TUESDAY = date(2027, 3, 2)
MANY = 600


@pytest.fixture(scope="module")
def many(kalletal: Region) -> list[RequestRow]:
    return invent_day(kalletal, TUESDAY, requests=MANY, seed=1)


def share(rows: list[RequestRow], wanted: int) -> float:
    return wanted / len(rows)


def village(row: RequestRow) -> str:
    return row.origin.split(", ")[-1]


def test_the_same_seed_gives_the_same_day(kalletal: Region) -> None:
    """A benchmark can be repeated on another machine."""
    first = invent_day(kalletal, TUESDAY, requests=30, seed=7)

    assert invent_day(kalletal, TUESDAY, requests=30, seed=7) == first
    assert invent_day(kalletal, TUESDAY, requests=30, seed=8) != first


def test_a_freshly_loaded_region_gives_the_same_day(kalletal: Region) -> None:
    """Nothing depends on the order of a set or on what was asked before."""
    again = invent_day(load_region("kalletal"), TUESDAY, requests=30, seed=7)

    assert again == invent_day(kalletal, TUESDAY, requests=30, seed=7)


def test_every_row_is_read_back_as_it_was_written(many: list[RequestRow]) -> None:
    """An invented day can be saved as CSV and read by the exchange."""
    for row in many:
        assert read_row(row_cells(row), row=row.row, today=TUESDAY) == row


def test_every_row_is_taken(kalletal: Region, many: list[RequestRow]) -> None:
    """Addresses are found, places are open, times lie in the service: nothing is rejected."""
    day, rejected = take_rows(Intake(kalletal), many, day=TUESDAY)

    assert rejected == []
    assert len(day.requests) == MANY


def test_nearly_every_request_can_be_served_alone(kalletal: Region, many: list[RequestRow]) -> None:
    """The day is for planning, not for refusing: the solo check takes at least 98 of 100."""
    day, _ = take_rows(Intake(kalletal), many, day=TUESDAY)

    built = day.prepare(kalletal, shifts=kalletal.shifts(TUESDAY), roads=Roads(kalletal.network))

    assert len(built.refused) <= 0.02 * MANY


def test_everybody_in_it_is_invented(many: list[RequestRow]) -> None:
    """Names carry their mark, and the phones ring nowhere."""
    assert all(row.name.startswith("Beispiel-") for row in many)
    assert all(row.phone.startswith("030 23125 ") for row in many)


def test_people_live_where_people_live(kalletal: Region, many: list[RequestRow]) -> None:
    """Hohenhausen has a good quarter of the inhabitants, Osterhagen 26 people."""
    homes = Counter(village(row) for row in many)

    # 3,444 of 13,391 inhabitants are 0.257; three standard deviations of 600 draws are 0.054.
    assert share(many, homes["Hohenhausen"]) == pytest.approx(3444 / 13391, abs=0.054)
    assert homes["Osterhagen"] < homes["Talle"] < homes["Hohenhausen"]
    # Nobody lives in the towns at the ends of the network.
    assert homes.keys() <= kalletal.villages.keys()


def test_the_mix_is_that_of_a_village_bus(many: list[RequestRow]) -> None:
    """Shares are the stated ones, within three standard deviations of 600 draws."""
    ways = Counter(row.way_back for row in many)
    needs = Counter(row.mobility for row in many)

    assert share(many, needs[Mobility.WALKER]) == pytest.approx(0.22, abs=0.051)
    assert share(many, needs[Mobility.WHEELCHAIR]) == pytest.approx(0.04, abs=0.024)
    assert share(many, ways[WayBack.AFTER_STAY]) == pytest.approx(0.76, abs=0.053)
    assert share(many, ways[WayBack.WILL_CALL]) == pytest.approx(0.06, abs=0.03)
    assert any(row.pharmacy for row in many)
    assert any(row.companions for row in many)
    assert any(row.arrive is not None for row in many)
    assert any(row.priority for row in many)


def test_no_way_home_leads_to_a_pharmacy_when_all_are_closed(kalletal: Region) -> None:
    """On Wednesday afternoon every pharmacy of Kalletal is shut."""
    wednesday = date(2027, 3, 3)

    rows = invent_day(kalletal, wednesday, requests=200, seed=3)

    assert take_rows(Intake(kalletal), rows, day=wednesday)[1] == []
    assert all(row.earliest_arrival < 13 * 3600 for row in rows if row.pharmacy)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2027, 5, 27), "Fronleichnam"),
        (date(2027, 3, 6), "Samstag"),
        (date(2040, 3, 6), "Dien"),
    ],
)
def test_a_day_without_a_bus_has_no_requests(kalletal: Region, day: date, message: str) -> None:
    """On a holiday, at the weekend, or without a driver there is nothing to ask for."""
    with pytest.raises(NoServiceError, match=message):
        invent_day(kalletal, day, requests=1, seed=0)


def test_unknown_inhabitants_are_counted_by_addresses(kalletal: Region) -> None:
    """Without villages.csv every address counts the same, also those of the towns outside."""
    unknown = replace(kalletal, villages={})

    rows = invent_day(unknown, TUESDAY, requests=400, seed=2)

    homes = Counter(village(row) for row in rows)
    houses = Counter(address.village for address in kalletal.addresses)
    expected = houses["Hohenhausen"] / len(kalletal.addresses)
    # Three standard deviations of 400 draws at a share of about a quarter are 0.065.
    assert share(rows, homes["Hohenhausen"]) == pytest.approx(expected, abs=0.065)
    assert homes.keys() & {"Lemgo", "Rinteln"}


def test_a_region_without_places_is_told(kalletal: Region) -> None:
    """Nobody can ride to nowhere; the message names the region."""
    with pytest.raises(DataError, match="In Kalletal ist kein Ort bekannt"):
        invent_day(replace(kalletal, places={}), TUESDAY, requests=1, seed=0)


def test_a_region_without_addresses_is_told(kalletal: Region) -> None:
    """Nobody can be fetched from nowhere."""
    with pytest.raises(DataError, match="keine Anschrift bekannt"):
        invent_day(replace(kalletal, addresses=()), TUESDAY, requests=1, seed=0)
