"""The day itself: what happened, what becomes of the plan, and what everybody is told."""

import io
import itertools
from pathlib import Path

import pypdf
from fastapi.testclient import TestClient

from api.operations import amending, planning, running_day
from api.operations.office import Office
from data import requests
from data.outcomes import Outcome
from scheduler.check import check
from scheduler.clock import clock
from scheduler.events import Cancelled
from scheduler.promises import pickups
from tests.builders_api import TUESDAY, make_office
from tests.builders_commands import DAY as DATE
from tests.builders_running import DAY, begun, document, happen, served, shown_time
from tests.builders_visits import visit


def test_a_cancellation_frees_the_seats_and_breaks_nothing(
    client: TestClient, office: Office
) -> None:
    """The past stays, the cancelled trip is gone, and whoever else rides is told nothing new."""
    before = document(client)
    request = before["routes"][0]["stops"][-2]["visits"][0]["request"]

    amended = happen(client, "cancelled", at="07:15", request=request)

    after = document(client)
    assert amended["version"] == 2
    assert amended["ring"] == []
    assert amended["overtime"] == []
    assert served(after) == served(before) - {request}
    assert begun(after, "07:15") == begun(before, "07:15")
    stored = client.get(f"/api/v1/requests/{request}").json()
    assert stored["cancelled"] is not None
    assert client.get(f"{DAY}/events").json() == [
        {key: value for key, value in amended.items() if key != "changes"}
    ]
    fates = {each["request"]: each["fate"] for each in amended["changes"]["passengers"]}
    assert fates[request] == "no_longer_served"


def test_everybody_is_fetched_within_what_they_know(client: TestClient, office: Office) -> None:
    """Nobody was promised anything: a planned time holds like one that was promised."""
    region = office.region()
    first = planning.read_plan(office, region, TUESDAY)
    told = {
        journey.request: [
            (trip.id, trip.visits[0].window)
            for trip in (running_day.as_told(first).trip(name) for name in journey.options[0])
        ]
        for journey in running_day.as_told(first).journeys
    }
    width = region.policy.promise.window
    assert all(w.latest - w.earliest <= width for trips in told.values() for _, w in trips)
    request = first.plan.routes[0].stops[4].visits[0].request

    happen(client, "cancelled", at="07:00", request=request)

    later = planning.read_plan(office, region, TUESDAY)
    begins = {visit.trip: visit.begin for visit in reversed(list(later.plan.visits))}
    for name, trips in told.items():
        if name != request:
            assert all(w.earliest <= begins[trip] <= w.latest for trip, w in trips)


def test_what_was_promised_is_what_holds(client: TestClient, office: Office) -> None:
    """A promise may be elsewhere than around the planned time; the promise counts."""
    region = office.region()
    answer = client.post("/api/v1/requests/r20/offers").json()
    taken = client.post(f"/api/v1/offers/{answer['offers'][0]['id']}/accept")
    assert taken.status_code == 200
    assert client.post(f"{DAY}/plan", json={"seconds": 2}).status_code == 200
    with office.store.reading() as session:
        promise = requests.read(session, region, "r20").promise
    assert promise is not None

    day = running_day.as_told(planning.read_plan(office, region, TUESDAY))

    (journey,) = (each for each in day.journeys if each.request == "r20")
    (option,) = journey.options
    assert tuple(day.trip(name) for name in option) == promise.promise.trips
    assert pickups(promise.promise)


def test_whose_promise_cannot_be_kept_is_said(client: TestClient) -> None:
    """A bus stands still for 50 minutes: some wait longer, and they are the ones to ring."""
    before = document(client)
    shift = before["routes"][0]["shift"]

    amended = happen(client, "delayed", at="09:00", shift=shift, minutes=50)

    after = document(client)
    assert amended["ring"]
    assert begun(after, "09:00") == begun(before, "09:00")
    lost = {each["request"] for each in amended["ring"] if each["late_minutes"] is None}
    assert {each["request"] for each in after["unserved"]} >= lost
    late = {each["request"] for each in amended["ring"]} - lost
    changed = {each["request"] for each in amended["changes"]["passengers"]}
    assert late <= changed


def test_one_event_follows_the_other_also_after_a_restart(
    client: TestClient, office: Office, tmp_path: Path
) -> None:
    """The second event begins where the first one left the day, in another process."""
    shift = document(client)["routes"][0]["shift"]
    happen(client, "delayed", at="08:00", shift=shift, minutes=20)
    before = document(client)
    again = make_office(tmp_path)
    try:
        region = again.region()
        planned = planning.read_plan(again, region, TUESDAY)
        assert planned.amended
        assert check(planned.plan, planned.day) == []
        request = max(served(before))

        amending.amend(again, region, TUESDAY, Cancelled(request), at=clock("10:30"))

        kept = amending.happened(again, region, TUESDAY)
    finally:
        again.close()
    assert [(each.version, each.happened["kind"]) for each in kept] == [
        (2, "delayed"),
        (3, "cancelled"),
    ]
    assert begun(document(client), "10:30") == begun(before, "10:30")


def test_a_no_show_is_counted_as_one(client: TestClient, office: Office) -> None:
    """And the way home falls away with the way out."""
    request = document(client)["routes"][0]["stops"][1]["visits"][0]["request"]
    there = shown_time(document(client), request)

    happen(client, "no_show", at=there[:5], request=request)

    with office.store.reading() as session:
        assert requests.read(session, office.region(), request).outcome is Outcome.NO_SHOW
    assert request not in served(document(client))


def test_somebody_who_is_ready_later_is_fetched_later(client: TestClient) -> None:
    """The doctor is late by an hour: the way home begins after that, and within the wait."""
    before = document(client)
    request = next(
        each["request"]
        for route in before["routes"]
        for stop in route["stops"]
        for each in stop["visits"]
        if each["kind"] == "pickup" and "/return" in str(stop["aboard"]) and each["begin"] > "11"
    )

    amended = happen(client, "ready", at="08:00", request=request, ready="13:30", wait_minutes=180)

    plan = document(client)
    lost = {each["request"] for each in amended["ring"] if each["late_minutes"] is None}
    assert request in lost or shown_time(plan, request, 2) >= "13:30:00"


def test_sheets_and_pages_show_the_day_as_it_became(client: TestClient) -> None:
    """With people who wait for another bus: sheets, Änderungsblätter, page and map."""
    plan = document(client)
    shift = plan["routes"][0]["shift"]
    stop = next(stop for stop in plan["routes"][0]["stops"] if len(stop["aboard"]) > 1)

    happen(client, "out_of_service", at=stop["departure"][:5], shift=shift)

    for each in document(client)["routes"]:
        sheet = client.get(
            f"{DAY}/manifests/{each['shift']}", headers={"Accept": "application/pdf"}
        )
        assert sheet.status_code == 200
        text = " ".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.content)).pages
        )
        assert "Version 2" in text
        changed = client.get(f"{DAY}/changes/{each['shift']}")
        assert changed.status_code in {200, 404}
        assert client.get(f"/tage/{DATE}/tourenblatt/{each['shift']}").status_code == 200
    page = client.get(f"/tage/{DATE}")
    assert page.status_code == 200
    assert "Am Tag geschehen" in page.text
    assert "Vormittag: fällt aus" in page.text


def test_only_the_way_back_can_be_cancelled(client: TestClient, office: Office) -> None:
    """My daughter fetches me: the way there stays, and so does the request."""
    plan = document(client)
    kinds = [
        (visit["request"], visit["kind"], visit["begin"])
        for route in plan["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
    ]
    request = next(name for name, _, _ in kinds if sum(each[0] == name for each in kinds) >= 4)

    amended = happen(client, "cancelled", at="07:00", request=request, way_back_only=True)

    assert amended["ring"] == []
    after = [
        visit["kind"]
        for route in document(client)["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
        if visit["request"] == request
    ]
    assert after == ["pickup", "dropoff"]
    with office.store.reading() as session:
        assert requests.read(session, office.region(), request).cancelled is None


def test_a_closed_road_is_driven_around(client: TestClient, office: Office) -> None:
    """From then on; what was driven before stays, also when the day is read again."""
    region = office.region()
    before = planning.read_plan(office, region, TUESDAY)
    near = before.day.places[before.plan.routes[1].stops[0].place].point
    body = {"at": "10:00", "lat": near.lat, "lon": near.lon, "metres": 40}

    happen(client, "road_closed", **body)

    after = planning.read_plan(office, region, TUESDAY)
    assert check(after.plan, after.day) == []
    (earlier,) = after.day.earlier_roads
    assert earlier.until == clock("10:00") + 1
    pairs = list(itertools.permutations(after.day.places, 2))
    was, then, now = (
        [roads.seconds(*pair) for pair in pairs] for roads in (before.day, earlier, after.day)
    )
    assert then == was
    assert now != was
    happen(client, "road_closed", **{**body, "at": "10:30", "metres": 80})
    again = planning.read_plan(office, region, TUESDAY)
    assert check(again.plan, again.day) == []
    assert [roads.until for roads in again.day.earlier_roads] == [
        clock("10:00") + 1,
        clock("10:30") + 1,
    ]


def test_a_running_day_is_not_planned_as_a_whole(client: TestClient) -> None:
    """Its past would be planned anew."""
    shift = document(client)["routes"][0]["shift"]
    happen(client, "delayed", at="09:00", shift=shift, minutes=5)

    answer = client.post(f"{DAY}/plan", json={"seconds": 1})

    assert answer.status_code == 409
    assert "nicht mehr als Ganzes geplant" in answer.json()["detail"]
    assert "fahrten " not in answer.json()["detail"]


def test_a_day_without_a_plan_has_no_events(tmp_path: Path) -> None:
    """There is nothing that could change."""
    office = make_office(tmp_path)
    with visit(office) as client:
        answer = client.post(f"{DAY}/events", json={"kind": "cancelled", "request": "r1"})
        assert answer.status_code == 404
        assert client.get(f"{DAY}/events").json() == []


def test_nobody_plans_beside_somebody_else(client: TestClient, office: Office) -> None:
    """Of two who change the same version, one is told to look again."""
    region = office.region()
    with office.planning(region, TUESDAY):
        answer = client.post(f"{DAY}/events", json={"kind": "cancelled", "request": "r20"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gesunde-fahrten:busy"
