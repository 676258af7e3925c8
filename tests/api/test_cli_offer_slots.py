"""`fahrten offer --slot` and `--calendar`: which free appointment costs the bus least."""

from pathlib import Path

import pytest

from api.commands import offering
from api.operations import requests
from api.operations.office import Office
from api.settings import Settings, load_settings
from tests.builders_api import CELLS, NOW
from tests.builders_calendars import calendar, event
from tests.builders_commands import Fahrten


@pytest.fixture(autouse=True)
def before_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever this is run: it is two days before the ride."""
    monkeypatch.setattr(offering, "Office", office_then)


def office_then(settings: Settings) -> Office:
    return Office(settings, clock=lambda: NOW)


@pytest.fixture
def request_id(fahrten: Fahrten) -> str:
    office = office_then(load_settings())
    stored = requests.take(office, office.region(), CELLS)
    office.close()
    return stored.id


def test_the_cheapest_free_appointment_comes_first(
    fahrten: Fahrten, request_id: str, tmp_path: Path
) -> None:
    """Slots and calendars together: the branch next door before the hospital of another town."""
    (tmp_path / "lemgo.ics").write_bytes(calendar(event(":20270302T110000")))

    told = fahrten(
        *("offer", request_id, "--slot", "10:20", "--slot", "03.03.2027 09:00 mvz"),
        *("--calendar", "Klinik Beispiel Lemgo=lemgo.ics"),
    )

    assert told.code == 0, told.err
    assert told.out.startswith(f"{request_id}, Dienstag, 2. März 2027: Beispielstraße 3")
    places = [line for line in told.out.splitlines() if "Di 02.03." in line or "Mi 03.03." in line]
    assert len(places) == 3
    assert "Di 02.03.2027, 11:00" in places[-1]
    assert "MVZ Kalletal" in told.out
    assert "mehr Fahrt" in told.out


def test_entries_that_cannot_be_used_are_named(
    fahrten: Fahrten, request_id: str, tmp_path: Path
) -> None:
    """The others are ranked all the same; the exit code says that something is missing."""
    (tmp_path / "mvz.ics").write_bytes(
        calendar(event(), event(":20270302T110000", "TRANSP:OPAQUE", "SUMMARY:Erika"))
    )

    told = fahrten("offer", request_id, "--calendar", "mvz.ics")

    assert told.code == 3
    assert "Di 02.03.2027, 10:20" in told.out
    assert "mvz.ics, Eintrag 2 (02.03.2027, 11:00): Ist belegt" in told.out
    assert "Erika" not in told.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--slot", "zehn Uhr"], 2),
        (["--slot", "2027-03-03"], 2),
        (["--slot", "10:20", "--hold", "5"], 2),
        (["--slot", "10:20", "--prove"], 2),
        (["--slot", "10:20 Zauberer von Oz"], 3),
        (["--calendar", "gibt-es-nicht.ics"], 4),
        (["--calendar", "."], 4),
    ],
)
def test_slips_of_the_finger_rank_nothing(
    fahrten: Fahrten, request_id: str, arguments: list[str], code: int
) -> None:
    told = fahrten("offer", request_id, *arguments)

    assert told.code == code, told.out + told.err
