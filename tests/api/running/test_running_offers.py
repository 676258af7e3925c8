"""Who rings on the day itself, when buses are on the road."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import planning
from api.operations.office import Office
from scheduler.check import check
from tests.builders_api import TUESDAY
from tests.builders_offers import PLAN, V1, Clock, ask, problem, take

EVENTS = f"{V1}/days/2027-03-02/events"
NINE = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)
ONE_WAY = {"way_back": "none", "stay_minutes": None}
LATER = {"name": "Beispiel, Nora", "phone": "030 23125 177", "appointment": "15:00"}


@pytest.fixture
def planned(half_day: Path) -> Path:
    return half_day


@pytest.fixture
def now() -> Clock:
    return Clock(NINE)


def visits(client: TestClient) -> set[tuple[str, ...]]:
    """Who is fetched or brought, where and when, and by whom."""
    plan = client.get(PLAN).json()
    return {
        (route["shift"], stop["place"], visit["request"], visit["kind"], visit["begin"])
        for route in plan["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
    }


def accept(client: TestClient, request: str) -> dict[str, Any]:
    best: dict[str, Any] = ask(client, request)["offers"][0]
    answer = client.post(f"{V1}/offers/{best['id']}/accept")
    assert answer.status_code == 200, answer.text
    return best


def test_who_rings_on_the_day_joins_it(client: TestClient, office: Office) -> None:
    """At nine for three: a new version of the plan has her, and nothing of the morning changes."""
    before = visits(client)
    nora = take(client, **LATER)

    offer = accept(client, nora)

    after = visits(client)
    assert {each for each in before if each[4] <= "09:00:00"} <= after
    mine = sorted(each[4] for each in after if each[2] == nora)
    assert offer["trips"][0]["pickup_from"] <= mine[0][:5] <= offer["trips"][0]["pickup_until"]
    (joined,) = client.get(EVENTS).json()
    assert (joined["happened"], joined["version"], joined["ring"]) == ("joined", 2, [])
    kept = planning.read_plan(office, office.region(), TUESDAY)
    assert check(kept.plan, kept.day) == []
    assert nora in {each.request for each in kept.promises}
    told = client.get(f"{V1}/requests/{nora}").json()["promise"]
    assert told is not None


def test_a_second_caller_is_offered_what_is_left(client: TestClient) -> None:
    """Nora's promise holds when Paul rings, and both hold when somebody cancels."""
    nora = take(client, **LATER)
    offer = accept(client, nora)
    paul = take(client, **{**LATER, **ONE_WAY, "name": "Beispiel, Paul"})
    accept(client, paul)

    answer = client.post(EVENTS, json={"kind": "cancelled", "request": paul})
    assert answer.status_code == 201
    assert answer.json()["ring"] == []

    mine = sorted(each[4] for each in visits(client) if each[2] == nora)
    assert offer["trips"][0]["pickup_from"] <= mine[0][:5] <= offer["trips"][0]["pickup_until"]
    assert not any(each[2] == paul for each in visits(client))


def test_nobody_is_fetched_at_once(client: TestClient) -> None:
    """Who rings at nine for half past nine is too late: an hour before, as on any day."""
    nora = take(client, **{**LATER, "appointment": "09:30"})
    answer = ask(client, nora)
    assert answer["offers"] == []
    assert "60 Minuten vorher" in answer["message"]


def test_nothing_is_put_on_hold_while_the_bus_drives(client: TestClient) -> None:
    """The seats would drive past."""
    nora = take(client, **LATER)
    best = ask(client, nora)["offers"][0]
    status, told = problem(client, f"offers/{best['id']}/hold")
    assert status == 409
    assert "nichts frei gehalten" in told["detail"]


def test_an_offer_that_was_overtaken_by_what_happened(client: TestClient) -> None:
    """The afternoon's driver falls ill between offer and answer."""
    nora = take(client, **LATER)
    best = ask(client, nora)["offers"][0]
    shift = next(route["shift"] for route in client.get(PLAN).json()["routes"][1:])
    assert client.post(EVENTS, json={"kind": "out_of_service", "shift": shift}).status_code == 201

    status, told = problem(client, f"offers/{best['id']}/accept")

    assert status == 409
    assert told["type"].endswith("overtaken-offer")
    assert told["offers"] == []
    assert not any(each[2] == nora for each in visits(client))


def test_who_rides_already_is_told_so(client: TestClient) -> None:
    """Nobody rides twice."""
    nora = take(client, **LATER)
    accept(client, nora)
    answer = ask(client, nora)
    assert answer["offers"] == []
    assert "fährt" in answer["message"].lower()


def test_a_cancelled_request_frees_its_seats_on_the_road(client: TestClient) -> None:
    """Cancelled like on any other day, it is out of the running plan at once."""
    nora = take(client, **LATER)
    accept(client, nora)

    answer = client.delete(f"{V1}/requests/{nora}")

    assert answer.status_code == 200
    assert answer.json()["cancelled"] is not None
    assert not any(each[2] == nora for each in visits(client))
    assert [each["happened"] for each in client.get(EVENTS).json()] == ["joined", "cancelled"]


def test_a_no_show_of_the_morning_is_counted_in_the_evening(client: TestClient, now: Clock) -> None:
    """All is driven by then; the plan stays as it was driven."""
    nora = take(client, **LATER)
    accept(client, nora)
    now.go_on(12 * 60)
    before = visits(client)

    answer = client.delete(f"{V1}/requests/{nora}", params={"because": "no_show"})

    assert answer.status_code == 200
    assert answer.json()["outcome"] == "no_show"
    assert visits(client) == before


def test_before_the_first_bus_leaves_it_is_a_day_like_any_other(
    client: TestClient, now: Clock
) -> None:
    """At six in the morning promises go to the book of the day, and it can be planned anew."""
    now.now = dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC)
    nora = take(client, **LATER)
    accept(client, nora)
    assert client.get(EVENTS).json() == []
    assert client.post(PLAN, json={"seconds": 1}).status_code == 200
    assert any(each[2] == nora for each in visits(client))


def test_free_appointments_are_priced_beside_the_running_buses(client: TestClient) -> None:
    """One in the past cannot be reached, one in the afternoon can."""
    nora = take(client, **LATER)
    slots = [{"place": "mvz", "appointment": time} for time in ("08:00", "15:00")]
    answer = client.post(f"{V1}/requests/{nora}/appointments", json={"slots": slots})
    assert answer.status_code == 200, answer.text
    assert [(each["appointment"], bool(each["trips"])) for each in answer.json()] == [
        ("15:00", True),
        ("08:00", False),
    ]
