"""A report that was a mistake: the plan before it holds again, with all that was promised."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from api.operations import amending, planning, taking_back
from api.operations.office import Office
from scheduler.check import check
from scheduler.clock import clock
from scheduler.events import Cancelled
from tests.builders_api import TUESDAY, make_office
from tests.builders_offers import V1, Clock, ask
from tests.builders_running import DAY, begun, document, happen, plan_rows, served, shown_time

AT_NINE = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def now() -> Clock:
    """Six in the morning."""
    return Clock(dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC))


BERLIN = ZoneInfo("Europe/Berlin")


def at_clock(moment: str) -> dt.datetime:
    """That moment of the day."""
    return dt.datetime.combine(TUESDAY, dt.time.fromisoformat(moment), BERLIN).astimezone(dt.UTC)


def whereabouts(plan: dict[str, Any], moment: str) -> list[tuple[str, str]]:
    """Where each bus is, or is going to."""
    found = []
    for route in plan["routes"]:
        ahead = [stop for stop in route["stops"] if stop["departure"] > moment]
        found.append((route["shift"], ahead[0]["place"] if ahead else ""))
    return found


def take_back(client: TestClient, version: int) -> dict[str, Any]:
    answer = client.post(f"{DAY}/events/take-back", json={"version": version})
    assert answer.status_code == 201, answer.json()
    amended: dict[str, Any] = answer.json()
    return amended


def refused(client: TestClient, version: int) -> str:
    answer = client.post(f"{DAY}/events/take-back", json={"version": version})
    assert answer.status_code == 409
    detail: str = answer.json()["detail"]
    return detail


def is_as_before(after: dict[str, Any], before: dict[str, Any]) -> bool:
    return all(after[key] == before[key] for key in ("routes", "unserved", "driving_seconds"))


def promise(client: TestClient, request: str) -> None:
    best = ask(client, request)["offers"][0]
    assert client.post(f"{V1}/offers/{best['id']}/accept").status_code == 200


def promised(client: TestClient, request: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = client.get(f"{V1}/requests/{request}").json()["promise"]
    return found


def test_who_cancelled_by_mistake_rides_as_promised(
    client: TestClient, office: Office, now: Clock
) -> None:
    """The very plan of before, the request, and its promise; another version all the same."""
    promise(client, "r20")
    assert client.post(f"{DAY}/plan", json={"seconds": 2}).status_code == 200
    before, told = document(client), promised(client, "r20")
    assert told is not None
    now.now = AT_NINE
    gone = happen(client, "cancelled", request="r20")
    assert "r20" not in served(document(client))
    assert document(client)["broken_promises"] == []  # whoever cancelled need not be rung
    now.go_on(1)

    back = take_back(client, gone["version"])

    assert back["version"] == gone["version"] + 1
    assert (back["happened"], back["ring"], back["rung"]) == ("taken_back", [], [])
    assert {each["request"]: each["fate"] for each in back["changes"]["passengers"]}[
        "r20"
    ] == "newly_served"
    assert is_as_before(document(client), before)
    stored = client.get(f"{V1}/requests/r20").json()
    assert (stored["cancelled"], stored["outcome"]) == (None, None)
    again = promised(client, "r20")
    assert again == told
    planned = planning.read_plan(office, office.region(), TUESDAY)
    assert check(planned.plan, planned.day) == []


def test_a_delay_that_was_none_is_taken_back_with_whom_to_tell(
    client: TestClient, now: Clock
) -> None:
    """Whoever was to be rung because of it has to learn that it is as it was."""
    before = document(client)
    now.now = AT_NINE
    late = happen(client, "delayed", shift=before["routes"][0]["shift"], minutes=50)
    assert late["ring"]

    back = take_back(client, late["version"])

    assert sorted(back["rung"]) == sorted(each["request"] for each in late["ring"])
    assert is_as_before(document(client), before)
    assert [each["happened"] for each in client.get(f"{DAY}/events").json()] == [
        "delayed",
        "taken_back",
    ]


def test_the_day_goes_on_after_it(client: TestClient, now: Clock) -> None:
    """The next report begins with the plan that holds again, and can be taken back as well."""
    now.now = AT_NINE
    shift = document(client)["routes"][0]["shift"]
    take_back(client, happen(client, "delayed", shift=shift, minutes=50)["version"])
    before = document(client)
    request = max(served(before))
    gone = happen(client, "cancelled", request=request)

    take_back(client, gone["version"])

    assert is_as_before(document(client), before)


def test_what_was_driven_because_of_it_is_not_undone(client: TestClient, now: Clock) -> None:
    """An hour later the bus has been elsewhere: then it is said what holds now."""
    now.now = AT_NINE
    shift = document(client)["routes"][0]["shift"]
    late = happen(client, "delayed", shift=shift, minutes=50)
    held = document(client)
    now.go_on(60)

    assert "schon anders gefahren" in refused(client, late["version"])
    assert document(client) == held


def test_a_bus_that_is_elsewhere_by_now_is_not_sent_back(client: TestClient, now: Clock) -> None:
    """Somebody on the way of the bus cancelled, and it has turned off; not a minute is too late."""
    before = document(client)
    stop = next(
        stop
        for route in before["routes"]
        for stop in route["stops"][2:]
        if [visit["kind"] for visit in stop["visits"]] == ["pickup"]
    )
    request = stop["visits"][0]["request"]
    now.now = at_clock(stop["arrival"]) - dt.timedelta(minutes=12)
    outcomes = set()
    gone = happen(client, "cancelled", request=request)["version"]
    without = document(client)
    while now.now < at_clock(stop["arrival"]):
        moment = now.now.astimezone(BERLIN).time().isoformat()
        may = whereabouts(before, moment) == whereabouts(without, moment)
        answer = client.post(f"{DAY}/events/take-back", json={"version": gone})
        assert (answer.status_code == 201) == may, moment
        if may:
            gone = happen(client, "cancelled", request=request)["version"]
            without = document(client)
        outcomes.add(may)
        now.go_on(1)
    assert outcomes == {True, False}


def test_a_delay_that_was_none_is_taken_back_though_the_bus_is_further_on(
    client: TestClient, now: Clock
) -> None:
    """By the plan of before; by that of the delay, it would still have to make a halt."""
    before = document(client)
    route = before["routes"][0]
    outcomes = set()
    for stop in route["stops"][1:6]:
        now.now = at_clock(stop["arrival"]) - dt.timedelta(minutes=2)
        late = happen(client, "delayed", shift=route["shift"], minutes=12)["version"]
        changed = document(client)
        now.go_on(8)
        moment = now.now.astimezone(BERLIN).time().isoformat()
        if client.post(f"{DAY}/events/take-back", json={"version": late}).status_code != 201:
            break
        outcomes.add(len(begun(before, moment)) > len(begun(changed, moment)))
    assert True in outcomes


def test_who_cancelled_meanwhile_is_not_driven_again(
    client: TestClient, office: Office, now: Clock
) -> None:
    """They were given up by what is taken back, so that their cancelling changed no plan."""
    now.now = AT_NINE
    shift = document(client)["routes"][0]["shift"]
    happen(client, "delayed", shift=shift, minutes=5)
    before = served(document(client))
    out = happen(client, "out_of_service", shift=document(client)["routes"][-1]["shift"])
    given_up = sorted(before - served(document(client)))
    gone = given_up[0]
    assert client.delete(f"{V1}/requests/{gone}").status_code == 200

    take_back(client, out["version"])

    assert gone not in served(document(client))
    assert served(document(client)) >= set(given_up[1:])
    assert client.get(f"{V1}/requests/{gone}").json()["cancelled"] is not None
    planned = planning.read_plan(office, office.region(), TUESDAY)
    assert check(planned.plan, planned.day) == []


def test_what_was_only_kept_free_is_kept_free_again(client: TestClient, now: Clock) -> None:
    """As long as it would have been."""
    best = ask(client, "r20")["offers"][0]
    assert client.post(f"{V1}/offers/{best['id']}/hold", json={"minutes": 60}).status_code == 200
    told = promised(client, "r20")
    assert told is not None
    now.go_on(20)
    gone = happen(client, "cancelled", request="r20")

    take_back(client, gone["version"])

    assert promised(client, "r20") == told
    now.go_on(60)
    assert promised(client, "r20") is None


def test_only_the_last_report_is_taken_back(client: TestClient, now: Clock) -> None:
    """Neither an older one, nor a plan, nor what was taken back."""
    assert "nichts gemeldet" in refused(client, 1)
    now.now = AT_NINE
    shift = document(client)["routes"][0]["shift"]
    first = happen(client, "delayed", shift=shift, minutes=5)["version"]
    second = happen(client, "cancelled", request=max(served(document(client))))["version"]

    assert "nur das Letzte" in refused(client, first)
    back = take_back(client, second)["version"]
    assert "nichts gemeldet" in refused(client, back)
    assert "nur das Letzte" in refused(client, second)


def test_the_way_home_that_was_cancelled_is_driven_again(client: TestClient, now: Clock) -> None:
    now.now = AT_NINE
    before = document(client)
    request = next(
        each["request"]
        for route in before["routes"]
        for stop in reversed(route["stops"])
        for each in stop["visits"]
        if each["kind"] == "pickup" and "return" in each["trip"]
    )
    gone = happen(client, "cancelled", request=request, way_back_only=True)

    take_back(client, gone["version"])

    assert is_as_before(document(client), before)


def test_what_is_newer_than_the_plan_is_not_forgotten(client: TestClient, now: Clock) -> None:
    """r12 cancelled before the first report, and r17 was promised a ride; both hold on."""
    assert client.delete(f"{V1}/requests/r12").status_code == 200
    promise(client, "r17")
    told = promised(client, "r17")
    assert told is not None
    now.go_on(90)
    shift = document(client)["routes"][0]["shift"]
    late = happen(client, "delayed", shift=shift, minutes=5)

    take_back(client, late["version"])

    assert "r12" not in served(document(client))
    trip = told["trips"][0]
    begin = shown_time(document(client), "r17")[:5]
    assert trip["pickup_from"] <= begin <= trip["pickup_until"]


def test_a_promise_that_is_newer_than_the_plan_comes_back_as_well(
    client: TestClient, now: Clock
) -> None:
    """It is cancelled by the first report of the day, and that was a mistake."""
    promise(client, "r17")
    told = promised(client, "r17")
    assert told is not None
    now.go_on(90)
    gone = happen(client, "cancelled", request="r17")
    assert promised(client, "r17") is None

    take_back(client, gone["version"])

    again = promised(client, "r17")
    assert again is not None
    assert again["trips"] == told["trips"]
    assert "r17" in served(document(client))


@pytest.mark.both_databases
@pytest.mark.usefixtures("either_database")
def test_it_is_kept_on_either_database(tmp_path: Path) -> None:
    """Written by one office, read by another."""
    plan_rows(tmp_path, 8)
    office = make_office(tmp_path)
    region = office.region()
    before = planning.read_plan(office, region, TUESDAY).plan
    request = before.routes[0].stops[-2].visits[0].request
    gone, _ = amending.amend(office, region, TUESDAY, Cancelled(request), at=clock("07:15"))
    taking_back.take_back(office, region, TUESDAY, gone.version)
    office.close()

    again = make_office(tmp_path)
    planned = planning.read_plan(again, region, TUESDAY)
    again.close()

    assert planned.plan.routes == before.routes
    assert planned.version == gone.version + 1
