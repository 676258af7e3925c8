"""What is promised and cancelled between the plan and the first bus is not lost when it leaves."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient

from api.operations import planning
from api.operations.office import Office
from scheduler.check import check
from tests.builders_api import TUESDAY
from tests.builders_offers import V1, Clock, ask, take
from tests.builders_running import DAY, document, happen, served, shown_time


@pytest.fixture
def now() -> Clock:
    """Six in the morning."""
    return Clock(dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC))


def accepted(client: TestClient, request: str) -> dict[str, str]:
    """The outbound trip of the best offer, promised."""
    best = ask(client, request)["offers"][0]
    assert client.post(f"{V1}/offers/{best['id']}/accept").status_code == 200
    trip: dict[str, str] = best["trips"][0]
    return trip


def test_who_was_promised_a_ride_since_rides(client: TestClient, now: Clock) -> None:
    """Somebody the plan had left out, and somebody new; the next event tells whom that costs."""
    trips = {name: accepted(client, name) for name in ("r17", take(client, appointment="15:30"))}
    now.go_on(4 * 60)

    shift = document(client)["routes"][0]["shift"]
    amended = happen(client, "delayed", shift=shift, minutes=1)

    told = {each["request"] for each in amended["ring"]}
    for name, trip in trips.items():
        if name not in told:
            begin = shown_time(document(client), name)[:5]
            assert trip["pickup_from"] <= begin <= trip["pickup_until"]


def test_another_time_than_the_planned_one_is_what_holds(client: TestClient, now: Clock) -> None:
    """r21 was planned for the late afternoon, and promised another time since; or it is said."""
    trip = accepted(client, "r21")
    now.go_on(4 * 60)

    shift = document(client)["routes"][0]["shift"]
    amended = happen(client, "delayed", shift=shift, minutes=1)

    begin = shown_time(document(client), "r21")[:5]
    told = {each["request"] for each in amended["ring"]}
    assert "r21" in told or trip["pickup_from"] <= begin <= trip["pickup_until"]


def test_who_cancelled_since_is_not_waited_for(client: TestClient, now: Clock) -> None:
    """The bus of the plan would still have fetched r12."""
    assert client.delete(f"{V1}/requests/r12").status_code == 200
    now.go_on(3 * 60)

    happen(client, "delayed", shift=document(client)["routes"][0]["shift"], minutes=1)

    assert "r12" not in served(document(client))


def test_an_offer_on_the_road_begins_with_what_is_pending(
    client: TestClient, office: Office, now: Clock
) -> None:
    """The day catches up first, in a version of its own."""
    assert client.delete(f"{V1}/requests/r12").status_code == 200
    now.go_on(3 * 60)

    ask(client, take(client, appointment="15:00", way_back="none", stay_minutes=None))

    assert [each["happened"] for each in client.get(f"{DAY}/events").json()] == ["caught_up"]
    planned = planning.read_plan(office, office.region(), TUESDAY)
    assert "r12" not in served(document(client))
    assert check(planned.plan, planned.day) == []


def test_after_the_first_bus_has_left_the_day_is_not_planned_as_a_whole(
    client: TestClient, now: Clock
) -> None:
    """Nothing has happened yet, but people ride."""
    now.go_on(4 * 60)
    answer = client.post(f"{DAY}/plan", json={"seconds": 1})
    assert answer.status_code == 409
    assert "der erste Bus schon unterwegs" in answer.json()["detail"]
