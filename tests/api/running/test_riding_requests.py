"""Requests of people who are riding: what can still be changed about them."""

import datetime as dt
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import planning
from api.operations.office import Office
from tests.builders_api import TUESDAY
from tests.builders_offers import V1, Clock, ask, take
from tests.builders_running import DAY, document, happen, served, shown_time


@pytest.fixture
def now() -> Clock:
    """Ten in the morning."""
    return Clock(dt.datetime(2027, 3, 2, 9, 0, tzinfo=dt.UTC))


def body_of(client: TestClient, request: str, **changes: Any) -> dict[str, Any]:
    told = client.get(f"{V1}/requests/{request}").json()
    kept = {
        key: told[key]
        for key in (
            "date",
            "name",
            "born",
            "phone",
            "origin",
            "destination",
            "appointment",
            "arrive_from",
            "arrive_until",
            "stay_minutes",
            "way_back",
            "return_at",
            "pharmacy",
            "mobility",
            "companions",
            "priority",
            "note",
        )
    }
    return {**kept, **changes}


@pytest.mark.parametrize("changes", [{"companions": 4}, {"date": "2027-03-04"}])
def test_another_ride_is_not_asked_for_on_the_road(
    client: TestClient, changes: dict[str, Any]
) -> None:
    """It would be ignored: seats are taken, and the bus is on its way."""
    answer = client.put(f"{V1}/requests/r23", json=body_of(client, "r23", **changes))
    assert answer.status_code == 409
    assert "fährt am 02.03.2027 schon mit" in answer.json()["detail"]
    assert "r23" in served(document(client))


def test_another_phone_is_taken(client: TestClient) -> None:
    """That changes no plan."""
    answer = client.put(f"{V1}/requests/r23", json=body_of(client, "r23", phone="030 23125 999"))
    assert answer.status_code == 200


def test_a_promise_is_not_taken_back_from_who_rides(client: TestClient) -> None:
    """They would be fetched all the same: cancel them instead."""
    answer = client.delete(f"{V1}/requests/r23/promise")
    assert answer.status_code == 409
    assert "sagt ab" in answer.json()["detail"]


def test_the_door_of_somebody_who_is_gone_stays_known(client: TestClient, now: Clock) -> None:
    """The bus is on its way to r12 when she cancels: the stop stays, and the day goes on."""
    begin = shown_time(document(client), "r12")
    hours, minutes = int(begin[:2]), int(begin[3:5])
    now.now = dt.datetime(2027, 3, 2, hours - 1, minutes - 2, tzinfo=dt.UTC)

    happen(client, "cancelled", request="r12")

    happen(client, "delayed", shift=document(client)["routes"][0]["shift"], minutes=1)
    assert client.get("/tage/2027-03-02").status_code == 200
    for route in document(client)["routes"]:
        assert client.get(f"{DAY}/manifests/{route['shift']}").status_code == 200
        assert client.get(f"/tage/2027-03-02/tourenblatt/{route['shift']}").status_code == 200


def test_a_caller_is_answered_on_closed_roads(client: TestClient, office: Office) -> None:
    """Also one from a house that nobody has asked for before."""
    planned = planning.read_plan(office, office.region(), TUESDAY)
    near = planned.day.places[planned.plan.routes[1].stops[0].place].point
    happen(client, "road_closed", lat=near.lat, lon=near.lon, metres=40)
    nora = take(
        client,
        origin="Beispielweg 9, Bentorf",
        appointment="15:00",
        way_back="none",
        stay_minutes=None,
    )
    assert {"offers", "message"} <= ask(client, nora).keys()


def test_after_the_day_its_events_can_still_be_read(client: TestClient, now: Clock) -> None:
    """The next morning, somebody is reported late for what is over."""
    now.go_on(24 * 60)
    shift = document(client)["routes"][0]["shift"]
    answer = client.post(f"{DAY}/events", json={"kind": "delayed", "shift": shift, "minutes": 5})
    assert answer.status_code in {201, 409}
    assert client.get(f"{DAY}/events").status_code == 200


def test_people_say_minutes(client: TestClient, now: Clock) -> None:
    """Half a minute after the last event, the same minute is not the past."""
    now.now += dt.timedelta(seconds=30)
    shift = document(client)["routes"][0]["shift"]
    happen(client, "delayed", shift=shift, minutes=1)
    assert happen(client, "delayed", at="10:00", shift=shift, minutes=1)["at"] == "10:00"


def test_a_no_show_is_none_before_the_bus_is_there(client: TestClient) -> None:
    """r23 is due in the afternoon."""
    answer = client.delete(f"{V1}/requests/r23", params={"because": "no_show"})
    assert answer.status_code == 409
    assert "r23" in served(document(client))
