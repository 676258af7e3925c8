"""How a bus is, decided on top of the files, on either database."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from data.fleet import VehicleChange
from scheduler.model import Load
from tests.builders_api import BODY, TUESDAY, make_office
from tests.builders_offers import V1, accept, ask, first, take

BUS = f"{V1}/vehicles/bus-1"
DAY = f"{V1}/days/2027-03-02"
WHEELCHAIR = {"mobility": "wheelchair", "companions": 0}
REPLACEMENT: dict[str, Any] = {
    "configurations": [{"seats": 5, "wheelchairs": 0}],
    "since": "2027-03-02",
    "until": "2027-03-03",
    "remark": "Ersatzbus ohne Rampe",
    "version": 0,
}
AWAY: dict[str, Any] = {**REPLACEMENT, "configurations": [], "remark": "in der Werkstatt"}


def test_it_holds_from_day_to_day_and_after_a_restart(client: TestClient, tmp_path: Path) -> None:
    answer = client.put(BUS, json=REPLACEMENT)

    assert answer.status_code == 200
    assert client.get(f"{V1}/vehicles").json() == [answer.json()]
    assert answer.json()["decided"] == [{**REPLACEMENT, "version": 1}]
    assert [each["seats"] for each in answer.json()["configurations"]] == [8, 6]
    again = make_office(tmp_path)
    seats = {
        day: {shift.vehicle.configurations for shift in again.region().shifts(TUESDAY + day)}
        for day in map(dt.timedelta, (-1, 0, 1, 2))
    }
    again.close()
    filed = (Load(8), Load(6, 1))
    assert list(seats.values()) == [{filed}, {(Load(5),)}, {(Load(5),)}, {filed}]


def test_without_its_bus_a_day_has_no_shifts(client: TestClient, office: Office) -> None:
    """Nobody is offered a ride, no driver is asked to come, and the roster says why."""
    request = take(client)
    assert first(client, request)

    assert client.put(BUS, json=AWAY).status_code == 200

    assert office.region().shifts(TUESDAY) == office.region().idle_shifts(TUESDAY) == ()
    offers = ask(client, request)
    assert offers["offers"] == []
    day = client.get("/tage/2027-03-02").text
    assert "Bürgerbus 1 ist nicht da: in der Werkstatt." in day
    assert "Plan berechnen" in day
    call = {
        "name": "Beispiel, Otto",
        "abholort": "Beispielstraße 3, Talle",
        "termin": "2.3.2027 9:30 MVZ",
        "rueckfahrt": "ja",
    }
    told = client.post("/anruf/vorschau", data=call).text
    assert '<p class="reason">Bürgerbus 1 ist nicht da: in der Werkstatt.' in told
    assert "nur aufnehmen" in told
    assert "2027030" not in client.get(f"{V1}/drivers/f04/shifts.ics").text.split("20270309")[0]
    roster = client.get("/dienste", params={"ab": "2027-03-01"}).text
    assert "Bürgerbus 1 ist nicht da: in der Werkstatt." in roster
    planned = client.post(f"{DAY}/plan", json={"seconds": 1})
    assert planned.status_code == 200
    assert planned.json()["routes"] == []
    form = {"wer": "f04", "version": "0"}
    page = client.post("/dienste/2027-03-02/vormittag", data=form, headers={"Accept": "text/html"})
    assert "Bürgerbus 1 ist nicht da: in der Werkstatt." in page.text


def test_a_plan_that_no_longer_fits_is_named_and_a_promise_is_not_lost(
    client: TestClient,
) -> None:
    """The wheelchair does not fit into the other bus: said at once, said when planning anew."""
    request = take(client, **WHEELCHAIR)
    accept(client, request)
    assert client.post(f"{DAY}/plan", json={"seconds": 1}).status_code == 200
    before = client.get(f"{DAY}/plan").json()
    assert "Alle Pläne passen" in client.get("/region").text

    client.put(BUS, json=REPLACEMENT)

    page = client.get("/region", params={"bus": "bus-1"}).text
    assert "Bürgerbus 1: gespeichert. Es gilt ab Dienstag, 2. März 2027." in page
    assert "Pläne, die nicht mehr passen" in page
    assert client.get(f"{DAY}/plan").json() == before
    anew = client.post(f"{DAY}/plan", json={"seconds": 1})
    assert anew.status_code == 200, anew.text
    assert [each["request"] for each in anew.json()["unserved"]] == [request]
    assert client.get(f"{V1}/requests/{request}").json()["promise"] is not None
    board = client.get("/tage/2027-03-02").text
    assert "1 Zusage nicht gehalten" in board
    assert "Die Zusage ist mit den Diensten und Bussen dieses Tages nicht zu halten." in board
    assert 'class="proof certain"' not in board


def test_of_two_about_the_same_day_the_later_holds(client: TestClient, office: Office) -> None:
    """And after the days of a replacement, what held before holds again."""
    for_good = {**REPLACEMENT, "configurations": [{"seats": 7}], "until": None}
    assert client.put(BUS, json=for_good).status_code == 200
    assert client.put(BUS, json={**AWAY, "version": 1}).json()["version"] == 2

    bus = office.region().fleet["bus-1"]
    assert bus.on(TUESDAY) is None
    after = bus.on(TUESDAY + dt.timedelta(days=2))
    assert after is not None
    assert after.configurations == (Load(7),)
    usual = bus.usual().on(TUESDAY)
    assert usual is not None
    assert usual.configurations == (Load(7),)


def test_of_two_who_change_a_bus_one_sees_both(client: TestClient) -> None:
    assert client.put(BUS, json=REPLACEMENT).status_code == 200
    second = client.put(BUS, json=AWAY)

    assert second.status_code == 409
    assert second.json()["type"] == "urn:gesunde-fahrten:edited-vehicle"
    assert second.json()["stored"]["decided"] == [{**REPLACEMENT, "version": 1}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"since": "2027-02-27"}, "since"),
        ({"since": "2072-03-02", "until": None}, "since"),
        ({"until": "2072-03-02"}, "until"),
        ({"until": "2027-03-01"}, "until"),
        ({"configurations": [{"seats": 0, "wheelchairs": 0}]}, "configurations"),
        ({"configurations": [{"seats": 8, "wheelchairs": 1}]}, "configurations"),
        ({"remark": "a\x00b"}, "remark"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_kept(
    client: TestClient, change: dict[str, Any], field: str
) -> None:
    answer = client.put(BUS, json={**REPLACEMENT, **change})

    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {field}
    assert client.get(f"{V1}/vehicles").json()[0]["version"] == 0


def test_a_bus_that_is_none(client: TestClient) -> None:
    assert client.put(f"{V1}/vehicles/bus-9", json=REPLACEMENT).status_code == 404


def test_a_bus_that_the_files_no_longer_have_disturbs_nobody(office: Office) -> None:
    region = office.filed()
    decided = region.with_vehicle_changes([VehicleChange("bus-9", (), "", TUESDAY, None, 1)])

    assert decided.fleet == region.fleet


def test_the_public_page_says_when_no_bus_is_there(client: TestClient) -> None:
    """But not why, and a bus that is away for days changes nothing of what is usual."""
    before = client.get(f"{V1}/info").json()
    client.put(BUS, json=AWAY)
    after = client.get(f"{V1}/info").json()

    days = {each["date"]: each for each in after["special_days"]}
    assert days["2027-03-02"]["runs"] is False
    assert "Werkstatt" not in client.get("/info").text
    assert after["service"] == before["service"]


def test_who_books_meanwhile_is_answered_with_the_bus_that_is_there(client: TestClient) -> None:
    """Also where the day is at hand already: whatever was worked out before is out of date."""
    assert first(client, take(client, **WHEELCHAIR))
    client.put(BUS, json=REPLACEMENT)

    request = take(client, **{**BODY, **WHEELCHAIR, "name": "Beispiel, Otto"})
    assert ask(client, request)["offers"] == []


def test_what_drivers_hold_stays_readable_whatever_is_decided_later(client: TestClient) -> None:
    """The board says that it does not fit any more; sheets and drivers' pages are as published."""
    take(client)
    assert client.post(f"{DAY}/plan", json={"seconds": 1}).status_code == 200
    shift = client.get(f"{DAY}/plan").json()["routes"][0]["shift"]
    assert client.post(f"{DAY}/publish", json={"version": 1}).status_code == 200
    page = f"/fahrer/2027-03-02/{shift}"
    held = client.get(page).text
    sheet = client.get(f"{DAY}/manifests/{shift}", params={"version": 1}).json()

    client.put(BUS, json=AWAY)

    assert "Talle" in held
    keys = re.compile('value="[^"]{22}[.0-9]*"')  # new ones each time
    assert keys.sub("", client.get(page).text) == keys.sub("", held)
    assert client.get(f"{DAY}/manifests/{shift}", params={"version": 1}).json() == sheet
    board = client.get("/tage/2027-03-02").text
    assert "Der Plan dieses Tages passt nicht mehr." in board
    assert "Neu planen" in board
    assert "Pläne, die nicht mehr passen" in client.get("/region").text
    late = client.post(f"{DAY}/events", json={"kind": "delayed", "shift": shift, "minutes": 5})
    assert late.status_code == 201, late.text
