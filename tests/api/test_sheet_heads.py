"""What stands on a real sheet beside its stops: who has cancelled, whose bus, until when."""

import datetime as dt
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from data.duties import duties
from tests.builders_api import BODY, TUESDAY, make_office

DAY = "/api/v1/days/2027-03-02"
SHEET = f"{DAY}/manifests/vormittag"
OTTO = {**BODY, "name": "Beispiel, Otto", "phone": "030 23125 104"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def plan(client: TestClient) -> None:
    assert client.post(f"{DAY}/plan", json={"seconds": 2}).status_code == 200


def test_who_cancelled_since_an_earlier_version_stands_on_the_sheet(client: TestClient) -> None:
    """The driver may still hold that version; who never stood on one is not named."""
    client.post("/api/v1/requests", json=BODY)
    otto, late = (client.post("/api/v1/requests", json=OTTO).json()["id"] for _ in range(2))
    client.delete(f"/api/v1/requests/{late}")
    plan(client)
    assert client.get(SHEET).json()["cancelled"] == []
    client.delete(f"/api/v1/requests/{otto}")
    plan(client)

    sheets = {
        shift: client.get(f"{DAY}/manifests/{shift}").json()
        for shift in ("vormittag", "nachmittag")
    }

    assert sheets["vormittag"]["cancelled"] == ["Beispiel, Otto"]
    assert sheets["nachmittag"]["cancelled"] == []
    assert [v["name"] for s in sheets["vormittag"]["stops"] for v in s["visits"]] == (
        ["Beispiel, Erika"] * 4
    )
    page = client.get(SHEET, headers={"accept": "text/html"}).text
    assert "Abgesagt, nicht anfahren:" in page


def test_when_all_have_cancelled_the_sheet_names_them_all(client: TestClient) -> None:
    """An empty tour, and who is not to be fetched."""
    names = [client.post("/api/v1/requests", json=each).json()["id"] for each in (BODY, OTTO)]
    plan(client)
    for name in names:
        client.delete(f"/api/v1/requests/{name}")
    plan(client)

    sheet = client.get(SHEET).json()

    assert sheet["cancelled"] == ["Beispiel, Erika", "Beispiel, Otto"]
    assert sheet["stops"] == []


def test_the_bus_goes_from_the_morning_to_the_afternoon(client: TestClient) -> None:
    """Kalletal has one bus and two shifts a day."""
    client.post("/api/v1/requests", json=BODY)
    plan(client)

    morning, afternoon = (
        client.get(f"{DAY}/manifests/{shift}").json() for shift in ("vormittag", "nachmittag")
    )

    assert morning["before"] is None
    assert morning["after"] == {
        "date": "2027-03-02",
        "shift": "Nachmittag",
        "hours": {"begin": "13:00:00", "end": "17:30:00"},
        "driver": afternoon["driver"],
        "vehicle": "Bürgerbus 1",
    }
    assert afternoon["before"]["driver"] == morning["driver"]
    assert afternoon["after"] is None


def test_a_sheet_is_kept_as_long_as_the_policy_keeps_its_people(
    client: TestClient, office: Office
) -> None:
    """After that day the program has forgotten them, and paper must not remember."""
    client.post("/api/v1/requests", json=BODY)
    plan(client)
    weeks = office.region().policy.retention.personal_weeks

    sheet = client.get(SHEET).json()

    assert sheet["shred_by"] == (TUESDAY + dt.timedelta(weeks=weeks)).isoformat()


def test_the_next_shift_is_the_drivers_next_turn(client: TestClient, office: Office) -> None:
    """In three weeks, since three take turns on Tuesday mornings."""
    client.post("/api/v1/requests", json=BODY)
    plan(client)

    upcoming = client.get(SHEET).json()["next"]

    assert upcoming["date"] == (TUESDAY + dt.timedelta(weeks=3)).isoformat()
    assert upcoming["shift"] == "Vormittag"
    assert upcoming["driver"] == client.get(SHEET).json()["driver"]


def test_duties_leave_out_days_on_which_no_bus_runs(office: Office) -> None:
    """Good Friday is no service day, and 2027-03-26 would be somebody's turn."""
    region = office.region()
    good_friday = dt.date(2027, 3, 26)
    turn = {each.driver.id for each in region.roster.on(good_friday) if each.driver}

    every = [
        duty.date
        for driver in turn
        for duty in duties(region, driver, good_friday, good_friday + dt.timedelta(days=28))
    ]

    assert turn
    assert every
    assert good_friday not in every
