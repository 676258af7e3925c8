from datetime import date

import pytest

from data.day_input import DayInput
from data.errors import Rejected
from data.exchange import read_requests
from data.intake import Intake, take_rows
from data.region import Region
from data.request_rows import RequestRow
from routing.matrix import Roads
from scheduler.day import Day
from scheduler.model import Mobility, PlaceKind, WayBack
from scheduler.plan import Reason

TUESDAY = date(2027, 3, 2)


@pytest.fixture(scope="module")
def read(kalletal: Region) -> tuple[list[RequestRow], list[Rejected]]:
    path = kalletal.folder / "sample-day.csv"
    return read_requests(path, path.name, today=date(2026, 11, 22))


@pytest.fixture(scope="module")
def rows(read: tuple[list[RequestRow], list[Rejected]]) -> list[RequestRow]:
    return read[0]


@pytest.fixture(scope="module")
def asked(kalletal: Region, rows: list[RequestRow]) -> DayInput:
    day, rejected = take_rows(Intake(kalletal), rows, day=TUESDAY)
    assert rejected == []
    return day


@pytest.fixture(scope="module")
def day(kalletal: Region, asked: DayInput) -> Day:
    return asked.prepare(kalletal, shifts=kalletal.shifts(TUESDAY), roads=Roads(kalletal.network))


def test_roads_are_asked_between_the_places_in_use_only(
    kalletal: Region, asked: DayInput, day: Day
) -> None:
    """Where somebody comes from, goes to or may go to, and where buses stand; nowhere else."""
    used = {place for r in asked.requests for place in (r.origin, r.destination, *r.pharmacies)}
    used |= {place for shift in day.shifts for place in (shift.start_place, shift.end_place)}

    assert set(day.index) == used
    assert day.travel.seconds.shape == (len(used), len(used))
    assert len(used) < len(asked.places(kalletal))


def test_one_row_is_wrong_and_spoils_no_other(
    read: tuple[list[RequestRow], list[Rejected]],
) -> None:
    """Of 25 rows the last is wrong in two columns, and both are told."""
    rows, rejected = read

    assert len(rows) == 24
    assert {fault.row for fault in rejected} == {26}
    assert {fault.field for fault in rejected} == {"termin", "geburtsdatum"}


def test_one_request_cannot_be_served_and_the_others_could_be_alone(day: Day) -> None:
    """Row 25 wants to be in Rinteln before a bus could bring anybody."""
    assert [(refused.request, refused.reason) for refused in day.refused] == [
        ("r25", Reason.NO_SHIFT_THEN)
    ]
    assert len(day.journeys) == 23


def test_the_day_has_the_mix_of_a_village_bus(
    kalletal: Region, rows: list[RequestRow], asked: DayInput
) -> None:
    """Pharmacies, dialysis, walkers, a wheelchair, companions, and every way home."""
    assert {row.way_back for row in rows} == set(WayBack)
    assert sum(row.mobility is Mobility.WHEELCHAIR for row in rows) == 1
    assert sum(row.mobility is Mobility.WALKER for row in rows) >= 3
    assert sum(row.way_back is WayBack.WILL_CALL for row in rows) == 1
    assert {row.pharmacy for row in rows} == {"", "ja", "Beispiel-Apotheke am Markt"}
    assert sum(row.destination.startswith("Dialyse") for row in rows) == 2
    assert any(row.companions for row in rows)
    assert any(row.arrive for row in rows)
    assert {row.priority for row in rows} == {0, 1, 2}
    kinds = {kalletal.places[request.destination].kind for request in asked.requests}
    assert kinds >= {PlaceKind.MVZ, PlaceKind.PRACTICE, PlaceKind.THERAPY, PlaceKind.HOSPITAL}


def test_everybody_is_invented_and_everything_is_on_one_tuesday(rows: list[RequestRow]) -> None:
    """Names carry their mark; the phones ring nowhere."""
    assert TUESDAY.strftime("%w") == "2"
    assert all(row.date == TUESDAY for row in rows)
    assert all(row.name.startswith("Beispiel") for row in rows)
    assert all(row.phone.startswith("030 23125 ") for row in rows)


def test_both_drivers_of_the_day_take_wheelchairs(kalletal: Region) -> None:
    """Otherwise the wheelchair of the day would be refused for a reason that is not the bus's."""
    assert all(shift.takes_wheelchairs for shift in kalletal.shifts(TUESDAY))
