"""Drivers mark what happens, and it is told what has become of each trip."""

import datetime as dt
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import forgetting, requests, ticking
from api.operations.office import Office
from api.operations.ticking import Told
from data.ticks import Mark
from scheduler.clock import clock
from scheduler.model import TripKind
from tests.builders_api import BODY, TUESDAY, make_office
from tests.builders_offers import Clock, accept

pytestmark = pytest.mark.usefixtures("either_database")

V1 = "/api/v1"
DAY = f"{V1}/days/2027-03-02"
OTTO = {**BODY, "name": "Beispiel, Otto", "phone": "030 23125 104", "appointment": "10:30"}
MORNING = dt.datetime(2027, 3, 2, 7, 0, tzinfo=dt.UTC)  # eight o'clock
KEYS = (f"a-key-of-a-phone-{number}" for number in count())
MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)


def take(client: TestClient, body: dict[str, Any] = BODY) -> str:
    answer = client.post(f"{V1}/requests", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def plan(client: TestClient) -> None:
    assert client.post(f"{DAY}/plan", json={"seconds": 1}).status_code == 200


def tick(
    request: str, mark: str, minutes: int, trip: str = "outbound", **more: Any
) -> dict[str, Any]:
    """A mark, so many minutes after eight."""
    at = (MORNING + dt.timedelta(minutes=minutes)).isoformat()
    made = {"key": next(KEYS), "request": request, "trip": trip, "mark": mark, "at": at}
    return {**made, **more}


def send(client: TestClient, *ticks: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(f"{DAY}/ticks", json={"ticks": list(ticks)})
    assert answer.status_code == 200, answer.text
    received: list[dict[str, Any]] = answer.json()
    return received


def states(client: TestClient) -> dict[str, tuple[str, dict[str, str]]]:
    answer = client.get(f"{DAY}/states")
    assert answer.status_code == 200, answer.text
    return {
        each["request"]: (each["state"], {trip["trip"]: trip["state"] for trip in each["trips"]})
        for each in answer.json()
    }


def both(state: str) -> tuple[str, dict[str, str]]:
    return state, {"outbound": state, "return": state}


def test_before_the_day_it_is_what_was_asked_promised_and_planned(client: TestClient) -> None:
    """Booked, then promised or planned; who has no room is unmet."""
    erika, otto = take(client), take(client, OTTO)
    crowd = take(client, {**BODY, "companions": 7, "mobility": "wheelchair"})
    one_way = take(client, {**OTTO, "way_back": "none", "stay_minutes": None})
    before = states(client)
    accept(client, erika)
    plan(client)
    late = take(client, {**BODY, "name": "Beispiel, Anna"})

    assert before == {name: both("booked") for name in (erika, otto, crowd)} | {
        one_way: ("booked", {"outbound": "booked"})
    }
    after = states(client)
    assert after[erika] == both("promised")
    assert after[otto] == both("planned")
    assert after[crowd] == both("unmet")
    assert after[late] == both("booked")
    erika_view, *_ = client.get(f"{DAY}/states").json()
    assert (erika_view["planned"], erika_view["promised"]) == (True, True)
    assert erika_view["trips"][0]["shift"] == "vormittag"
    assert erika_view["trips"][0]["pickup"] < erika_view["trips"][0]["arrival"] <= "09:30:00"


def test_how_a_request_ended_is_its_state(client: TestClient, now: Clock) -> None:
    """Each way apart; on the same day in time is cancelled as well."""
    ways = {"denied": "denied", "unmet": "unmet", "no_show": "no_show"}
    expected = {}
    for because, state in ways.items():
        expected[name := take(client)] = both(state)
        client.delete(f"{V1}/requests/{name}", params={"because": because})
    early, same_day, late = (take(client) for _ in range(3))
    client.delete(f"{V1}/requests/{early}")
    now.now = dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC)
    client.delete(f"{V1}/requests/{same_day}")
    now.now = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)
    client.delete(f"{V1}/requests/{late}")

    expected |= {early: both("cancelled"), same_day: both("cancelled"), late: both("late_cancel")}
    assert states(client) == expected


def test_marks_lead_through_the_day(client: TestClient, now: Clock) -> None:
    """There, at the doctor's, back: the state is that of the trip which comes next."""
    erika = take(client)
    plan(client)
    now.now = MORNING + dt.timedelta(hours=6)
    seen = []
    for mark, minutes, trip in (
        ("arrived", 20, "outbound"),
        ("aboard", 22, "outbound"),
        ("done", 50, "outbound"),
        ("aboard", 150, "return"),
        ("done", 180, "return"),
    ):
        (received,) = send(client, tick(erika, mark, minutes, trip))
        assert (received["message"], received["known"]) == ("", False)
        assert received["kept"]["shift"] == "vormittag"
        seen.append(states(client)[erika])

    assert seen == [
        both("planned"),
        ("aboard", {"outbound": "aboard", "return": "planned"}),
        ("planned", {"outbound": "done", "return": "planned"}),
        ("aboard", {"outbound": "done", "return": "aboard"}),
        both("done"),
    ]
    (view,) = client.get(f"{DAY}/states").json()
    assert view["trips"][0]["arrived"] == "2027-03-02T07:20:00Z"
    assert view["trips"][1]["done"] == "2027-03-02T10:00:00Z"
    marks = client.get(f"{DAY}/ticks").json()
    assert [each["mark"] for each in marks] == ["arrived", "aboard", "done", "aboard", "done"]
    assert {each["by"] for each in marks} == {"anybody"}


def test_a_heap_of_marks_from_a_valley_is_taken_each_by_itself(
    client: TestClient, now: Clock
) -> None:
    """In any order, with their own moments; what is wrong with one, is not with the others."""
    erika, otto = take(client), take(client, OTTO)
    plan(client)
    now.now = MORNING + dt.timedelta(hours=3)
    heap = [
        tick(erika, "done", 50),
        tick("r99", "aboard", 20),
        tick(otto, "aboard", 20, "via"),
        tick(otto, "aboard", 20, shift="nachmittag"),
        tick(otto, "aboard", -60 * 24),
        tick(erika, "aboard", 22),
        tick(otto, "no_show", 80),
    ]

    first = send(client, *heap)
    again = send(client, *heap)

    assert [each["kept"] is not None for each in first] == [True, *[False] * 4, True, True]
    assert all(each["message"] for each in first if each["kept"] is None)
    assert "noch nicht begonnen" in first[4]["message"]
    assert [each["kept"] for each in again] == [each["kept"] for each in first]
    assert [each["known"] for each in again] == [each["kept"] is not None for each in again]
    assert states(client) == {
        erika: ("planned", {"outbound": "done", "return": "planned"}),
        otto: both("no_show"),
    }
    assert len(client.get(f"{DAY}/ticks").json()) == 3


def test_the_same_key_for_something_else_is_refused(client: TestClient, now: Clock) -> None:
    """Only that mark; the rest of the call is kept."""
    erika = take(client)
    plan(client)
    now.now = MORNING + dt.timedelta(hours=3)
    first = tick(erika, "aboard", 20)

    received = send(client, first, {**first, "mark": "done"}, tick(erika, "done", 50))

    assert [each["kept"] is not None for each in received] == [True, False, True]
    assert "schon etwas anderes" in received[1]["message"]


def test_a_telephone_whose_clock_is_ahead_marks_now(client: TestClient, now: Clock) -> None:
    """Nothing can be corrected by a mark of tomorrow; sent again, it is still the same one."""
    erika = take(client)
    plan(client)
    now.now = MORNING + dt.timedelta(minutes=22)
    ahead = tick(erika, "aboard", 22 + 60 * 24)

    ((kept,), (again,)) = send(client, ahead), send(client, ahead)

    assert kept["kept"]["at"] == "2027-03-02T07:22:00Z"
    assert (again["known"], again["kept"]) == (True, kept["kept"])


@pytest.mark.parametrize(
    ("made", "sent", "kept"),
    [
        # Two hours slow: marked at 08:10 by a clock that shows 06:10, sent at 08:22.
        ("2027-03-02T05:10:00Z", "2027-03-02T05:22:00Z", "2027-03-02T07:10:00Z"),
        # Without a battery clocks begin anew.
        ("1970-01-01T00:01:00Z", "1970-01-01T00:05:00Z", "2027-03-02T07:18:00Z"),
        # Wrong when it was marked, and put right since.
        ("2026-03-02T07:10:00Z", "2027-03-02T07:22:00Z", "2027-03-02T07:22:00Z"),
        # A year ahead.
        ("2028-03-02T07:10:00Z", "2028-03-02T07:22:00Z", "2027-03-02T07:10:00Z"),
    ],
)
def test_a_telephone_whose_clock_is_wrong_loses_nothing(
    client: TestClient, now: Clock, made: str, sent: str, kept: str
) -> None:
    """It says what time it thinks it is; the mark is kept at the true moment, and that is said."""
    erika = take(client)
    plan(client)
    now.now = MORNING + dt.timedelta(minutes=22)
    body = {"ticks": [tick(erika, "aboard", 0, at=made)], "sent": sent}

    (received,) = client.post(f"{DAY}/ticks", json=body).json()

    assert received["kept"]["at"] == kept
    said = received["message"]
    local = f"{int(kept[11:13]) + 1:02}{kept[13:16]}"
    assert said == f"Die Uhr des Telefons ging falsch. Gespeichert ist {local} Uhr."


def test_what_was_marked_on_the_evening_before_is_no_matter_of_the_clock(
    client: TestClient, now: Clock
) -> None:
    """The page is open by then, and nobody has driven yet."""
    erika = take(client)
    plan(client)
    now.now = MORNING
    evening = tick(erika, "aboard", -14 * 60)

    body = {"ticks": [evening], "sent": MORNING.isoformat()}
    (received,) = client.post(f"{DAY}/ticks", json=body).json()

    assert received["kept"] is None
    assert "noch nicht begonnen" in received["message"]


def test_whoever_was_not_there_and_comes_after_all_has_ridden(
    client: TestClient, now: Clock
) -> None:
    """The event has taken them out of the plan; what the driver marks later is true."""
    erika, otto = take(client), take(client, OTTO)
    plan(client)
    outbound = client.get(f"{DAY}/states").json()[0]["trips"][0]
    there = clock(outbound["pickup"][:5]) // 60 + 1 - 8 * 60
    now.now = MORNING + dt.timedelta(minutes=there)
    send(client, tick(erika, "no_show", there))
    marked = states(client)[erika]
    assert client.post(f"{DAY}/events", json={"kind": "no_show", "request": erika}).is_success
    missed = states(client)[erika]
    send(client, tick(erika, "aboard", there, at=now.now.isoformat()))

    assert marked == missed == both("no_show")
    assert states(client)[erika] == ("aboard", {"outbound": "aboard", "return": "no_show"})
    assert states(client)[otto] == both("planned")


def test_a_mark_can_be_taken_back(client: TestClient, now: Clock) -> None:
    """The wrong line on the telephone."""
    erika = take(client)
    plan(client)
    now.now = MORNING + dt.timedelta(hours=2)
    send(client, tick(erika, "no_show", 20), tick(erika, "open", 21))

    assert states(client)[erika] == both("planned")


def test_a_driver_marks_and_sees_their_own_shift_only(office: Office, client: TestClient) -> None:
    """Somebody else's passenger is none of their business."""
    region = office.region()
    erika = take(client)
    afternoon = take(client, {**OTTO, "appointment": "15:00"})
    plan(client)

    def told(request: str) -> Told:
        at = dt.datetime(2027, 3, 2, 0, 0, tzinfo=dt.UTC)
        return Told(next(KEYS), request, TripKind.OUTBOUND, Mark.ABOARD, at)

    before = office.now
    office.now = lambda: MORNING + dt.timedelta(hours=8)
    received = ticking.mark(
        office, region, TUESDAY, [told(erika), told(afternoon)], own="vormittag"
    )
    office.now = before

    assert [each.kept is not None for each in received] == [True, False]
    own = ticking.read_states(office, region, TUESDAY, shift="vormittag")
    assert [each.request for each in own] == [erika]
    assert len(ticking.read_marks(office, region, TUESDAY, shift="nachmittag")) == 0


def test_what_was_marked_is_counted(client: TestClient, office: Office, now: Clock) -> None:
    """Ridden, and not there; the same after everybody is forgotten."""
    erika, otto, _ = (take(client, {**BODY, "appointment": f"{at}:00"}) for at in ("09", 10, 11))
    cancelled = take(client, OTTO)
    plan(client)
    client.delete(f"{V1}/requests/{cancelled}")
    now.now = MORNING + dt.timedelta(hours=6)
    send(
        client,
        tick(erika, "aboard", 22),
        tick(erika, "done", 50),
        tick(otto, "no_show", 80),
        tick(cancelled, "done", 90),
    )

    counts = client.get(f"{V1}/figures/2027-03").json()
    region = office.region()
    before = requests.month_counts(office, region, MARCH)
    forgetting.forget_old(office, now=now.now + dt.timedelta(weeks=9))
    after = requests.month_counts(office, region, MARCH)

    # Erika, whoever was planned and not marked, and who was driven although cancelled.
    assert (counts["asked"], counts["served"], counts["ridden"]) == (4, 3, 2)
    assert (counts["no_show"], counts["cancelled"]) == (1, 0)
    assert before == after


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "short"},
        {"mark": "asleep"},
        {"trip": "sideways"},
        {"at": "2027-03-02T08:00:00"},
        {"at": "9999-12-31T23:59:59Z"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"shift": "x" * 101},
        {"more": 1},
    ],
)
def test_what_is_no_mark_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    """As a whole: whoever sends that is not the page of ours."""
    answer = client.post(f"{DAY}/ticks", json={"ticks": [tick("r1", "aboard", 20) | wrong]})

    assert answer.status_code == 422
    assert client.post(f"{DAY}/ticks", json={"ticks": []}).status_code == 422
