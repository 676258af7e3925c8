"""Somebody else takes a shift over on the day: over HTTP, with whom to ring, and taken back."""

import io
from datetime import date
from typing import Any

import pypdf
import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from api.operations import planning, substituting
from api.operations.office import Office
from scheduler.check import check
from tests.builders_api import TUESDAY
from tests.builders_running import DAY, begun, document, happen, served

AFTERNOON = "nachmittag"


def driver_of(plan: dict[str, object], shift: str) -> str:
    routes = plan["routes"]
    assert isinstance(routes, list)
    (driver,) = (str(each["driver"]) for each in routes if each["shift"] == shift)
    return driver


def somebody(office: Office, *, ill: str = "") -> str:
    """Whoever would be asked first."""
    region = office.region()
    duties = substituting.read_duties(office, region, TUESDAY)
    assert duties is not None
    first, *_ = substituting.candidates(region, TUESDAY, AFTERNOON, duties)
    assert first.driver.id != ill
    return first.driver.id


def test_a_substitute_takes_over_the_afternoon_of_an_ill_driver(
    client: TestClient, office: Office
) -> None:
    """Reported at nine, found at ten: whoever was given up rides, and has to hear it."""
    before = document(client)
    ill = happen(client, "out_of_service", at="09:00", shift=AFTERNOON, driver=True)
    lost = {each["request"] for each in ill["ring"] if each["late_minutes"] is None}
    assert lost
    reported = document(client)
    substitute = somebody(office, ill=driver_of(before, AFTERNOON))

    amended = happen(client, "substitute", at="10:00", shift=AFTERNOON, driver=substitute)

    after = document(client)
    assert set(amended["again"]) == lost
    assert [each for each in amended["ring"] if each["late_minutes"] is None] == []
    assert served(after) == served(before)
    assert driver_of(after, AFTERNOON) == substitute
    assert begun(after, "10:00") == begun(before, "10:00")
    planned = planning.read_plan(office, office.region(), TUESDAY)
    assert check(planned.plan, planned.day) == []
    sheet = client.get(f"{DAY}/changes/{AFTERNOON}", headers={"Accept": "application/pdf"})
    text = " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.content)).pages
    )
    assert office.region().driver_label(substitute).split("-")[-1] in text
    back = client.post(f"{DAY}/events/take-back", json={"version": amended["version"]}).json()
    assert set(back["rung"]) >= lost
    assert document(client)["routes"] == reported["routes"]


def test_the_calendars_of_both_drivers_know_who_drives(client: TestClient, office: Office) -> None:
    """Whoever steps in has the shift on their telephone, and whoever is ill no longer has it."""
    usual = driver_of(document(client), AFTERNOON)
    happen(client, "out_of_service", at="09:00", shift=AFTERNOON, driver=True)
    gone = afternoons(client, usual)
    substitute = somebody(office, ill=usual)
    before = afternoons(client, substitute)

    happen(client, "substitute", at="10:00", shift=AFTERNOON, driver=substitute)

    assert TUESDAY not in gone + before
    assert afternoons(client, substitute) == sorted([TUESDAY, *before])
    assert afternoons(client, usual) == gone


def afternoons(client: TestClient, driver: str) -> list[date]:
    """On which days a calendar has somebody drive in the afternoon."""
    file = client.get(f"/api/v1/drivers/{driver}/shifts.ics").content
    events: list[Any] = Calendar.from_ical(file).walk("VEVENT")
    return [
        event["DTSTART"].dt.date()
        for event in events
        if event["SUMMARY"] == "Bürgerbus: Nachmittag"
    ]


def test_while_a_shift_is_driven_only_its_driver_changes(
    client: TestClient, office: Office
) -> None:
    """Nobody has to be rung."""
    before = document(client)
    happen(client, "delayed", at="08:00", shift="vormittag", minutes=1)
    early = document(client)

    amended = happen(client, "substitute", at="08:30", shift=AFTERNOON, driver=somebody(office))

    assert (amended["ring"], amended["again"]) == ([], [])
    assert served(document(client)) == served(early)
    assert driver_of(document(client), AFTERNOON) != driver_of(before, AFTERNOON)
    changed = {each["shift"]: each for each in amended["changes"]["shifts"]}
    assert changed[AFTERNOON]["frame_changed"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"shift": "nachts", "driver": "f10"}, "keinen Dienst „nachts“"),
        ({"shift": AFTERNOON, "driver": "f99"}, "niemanden mit dem Kürzel „f99“"),
        ({"shift": AFTERNOON, "driver": "f09"}, "Der P-Schein von"),
    ],
)
def test_who_may_not_drive_takes_nothing_over(
    client: TestClient, body: dict[str, str], why: str
) -> None:
    answer = client.post(f"{DAY}/events", json={"kind": "substitute", "at": "09:00", **body})

    assert answer.status_code == 409
    assert why in answer.json()["detail"]


def test_who_drives_it_already_takes_nothing_over(client: TestClient) -> None:
    driver = driver_of(document(client), AFTERNOON)
    body = {"kind": "substitute", "at": "09:00", "shift": AFTERNOON, "driver": driver}

    assert (
        "fährt Nachmittag am 02.03.2027 schon"
        in client.post(f"{DAY}/events", json=body).json()["detail"]
    )


def test_a_broken_bus_is_driven_by_nobody(client: TestClient, office: Office) -> None:
    """Another driver is no help; taken back, they can."""
    happen(client, "out_of_service", at="09:00", shift=AFTERNOON, vehicle=True)
    body = {"kind": "substitute", "at": "09:30", "shift": AFTERNOON, "driver": somebody(office)}

    refused = client.post(f"{DAY}/events", json=body)

    assert refused.status_code == 409
    assert "als defekt gemeldet" in refused.json()["detail"]


def test_who_was_fetched_by_somebody_else_is_not_asked_again(client: TestClient) -> None:
    """A way home that is given up can be called settled."""
    plan = document(client)
    ill = happen(client, "out_of_service", at="09:00", shift=AFTERNOON, driver=True)
    there = {request for _, _, request, *_ in begun(plan, "09:00")}
    stranded = next(each["request"] for each in ill["ring"] if each["request"] in there)

    settled = happen(client, "cancelled", at="09:10", request=stranded, way_back_only=True)

    assert (settled["ring"], settled["again"]) == ([], [])
    assert stranded in served(document(client))
