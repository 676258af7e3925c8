"""What is said of the newest version: who is to be rung first, and what it does not know."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations import planning, requests
from api.operations.office import Office
from api.web.changed import hardest_first
from data import plans, promises
from data.plan_document import plan_document
from routing.units import MINUTE, Seconds
from scheduler.changes import At, Fate, PassengerChange, VisitPair
from scheduler.clock import clock
from scheduler.model import RequestId, TripId, VisitKind
from scheduler.plan import Plan, PlannedVisit
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import Clock
from tests.builders_running import plan_rows
from tests.web.board.test_day_board import DAY, hidden, read, send, served
from tests.web.board.test_reports import at

TWENTY_TO_NINE = dt.datetime(2027, 3, 2, 7, 40, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def quiet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So few requests that every plan has room for one more."""
    return plan_rows(tmp_path_factory.mktemp("quiet"), 8)


def listed(page: str, title: str) -> list[str]:
    """Whom a list of the version names, by their requests."""
    found = re.search(rf"<p><b>{title} \(\d+\):</b></p>\s*<ul[^>]*>(.*?)</ul>", page, re.DOTALL)
    return re.findall(r'<li[^>]*>.*?<a href="/wuensche/(r\d+)">', found[1]) if found else []


def named(lists: str) -> list[str]:
    """Whom the list of a report or of an event names."""
    return sorted(re.findall(r"<bdi>([^<]+)</bdi>(?:</a>|</b>)", lists))


def moved(plan: Plan, by: dict[RequestId, Seconds]) -> Plan:
    """The same plan, but the first bus comes later to some."""
    first: dict[RequestId, TripId] = {}
    for each in sorted(plan.visits, key=lambda each: each.begin):
        first.setdefault(each.request, each.trip)
    return replace(
        plan,
        routes=tuple(
            replace(
                route,
                stops=tuple(
                    replace(
                        stop,
                        visits=tuple(
                            replace(each, begin=each.begin + by[each.request])
                            if each.trip == first[each.request]
                            and each.kind is VisitKind.PICKUP
                            and each.request in by
                            else each
                            for each in stop.visits
                        ),
                    )
                    for stop in route.stops
                ),
            )
            for route in plan.routes
        ),
    )


def test_within_what_was_promised_nobody_is_rung(board: TestClient, planned_office: Office) -> None:
    """However many minutes it is; who is fetched a minute after that is."""
    region = planned_office.region()
    with planned_office.store.reading() as session:
        stored = plans.latest(session, region.name, TUESDAY)
        standing = promises.read_standing(session, region.name, TUESDAY, now=planned_office.now())
    places = planning.read_plan(planned_office, region, TUESDAY).day.places
    points = {name: place.point for name, place in places.items()}
    begins = {each.trip: each.begin for each in reversed(list(stored.plan.visits))}
    room = {
        name: promise.promise.trips[0].visits[0].window.latest - begins[promise.promise.trips[0].id]
        for name, promise in standing.promises.items()
    }
    within, beyond = sorted(room, key=lambda name: -room[name])[:2]
    assert room[within] > region.policy.stability.leeway
    plan = moved(stored.plan, {within: room[within], beyond: room[beyond] + MINUTE})
    with planned_office.store.writing() as session:
        plans.keep(
            session,
            plan_document(plan, region=region.name, points=points),
            region=region.name,
            day=TUESDAY,
            requests=stored.requests,
            promises=standing.firm,
            input_key=stored.input_key,
            now=planned_office.now(),
        )

    page = read(board)

    assert listed(page, "Bitte anrufen") == [beyond]
    told = page.split("<summary>Zugesagt, aber noch nicht Bescheid gesagt")[1].split("</details>")[
        0
    ]
    assert f'"/wuensche/{within}"' in told


def test_whoever_rides_by_publication_has_still_to_be_told(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """On the day as long as it is ahead, and on the version; who cancelled knows."""
    region = quiet_office.region()
    send(quiet, f"{DAY}/veroeffentlichen", {"version": "1"})
    gone = served(quiet_office)[0]
    requests.cancel(quiet_office, region, gone)
    new = quiet.post("/api/v1/requests", json={**BODY, "appointment": "14:00"}).json()["id"]
    send(quiet, f"{DAY}/planen")
    assert new in served(quiet_office)
    assert listed(read(quiet), "Bitte anrufen") == [new]

    send(quiet, f"{DAY}/veroeffentlichen", {"version": "2"})

    assert requests.read(quiet_office, region, new).promise is not None
    page = read(quiet)
    assert "fährt jetzt mit: Einsteigen" in page
    assert listed(page, "Bitte anrufen") == [new]
    assert listed(page, "Wissen es schon") == [gone]
    version = read(quiet, f"{DAY}/versionen/2")
    assert listed(version, "Deswegen anzurufen") == [new]

    now.now = dt.datetime(2027, 3, 2, 22, 0, tzinfo=dt.UTC)
    assert "Bitte anrufen" not in read(quiet)
    assert listed(read(quiet, f"{DAY}/versionen/2"), "Deswegen anzurufen") == [new]


def test_the_first_version_says_who_has_not_been_told(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """With what it promises them, to be read aloud; whoever was promised by telephone knows."""
    name = served(quiet_office)[0]
    fields = hidden(
        send(quiet, f"/wuensche/{name}/vorschlaege", status=200), f"/wuensche/{name}/zusagen"
    )
    send(quiet, f"/wuensche/{name}/zusagen", {**fields, "wie": "zusagen"})
    assert "Bitte anrufen" not in read(quiet)

    now.go_on(minutes=5)
    send(quiet, f"{DAY}/veroeffentlichen", {"version": "1"})

    page = read(quiet)
    others = served(quiet_office)[1:]
    unsaid = page.split("Zugesagt, aber noch nicht Bescheid gesagt (7)")[1].split("</details>")[0]
    assert sorted(re.findall(r'<a href="/wuensche/(r\d+)">', unsaid)) == others
    assert "fährt mit: Abholung zwischen" in page
    version = read(quiet, f"{DAY}/versionen/1")
    assert sorted(listed(version, "Deswegen anzurufen")) == others


def test_whoever_was_promised_by_telephone_knows(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """The plan that takes them for the first time tells them nothing new."""
    send(quiet, f"{DAY}/veroeffentlichen", {"version": "1"})
    now.go_on(minutes=5)
    new = quiet.post("/api/v1/requests", json={**BODY, "appointment": "14:00"}).json()["id"]
    fields = hidden(
        send(quiet, f"/wuensche/{new}/vorschlaege", status=200), f"/wuensche/{new}/zusagen"
    )
    send(quiet, f"/wuensche/{new}/zusagen", {**fields, "wie": "zusagen"})

    send(quiet, f"{DAY}/planen")

    assert new in served(quiet_office)
    page = read(quiet)
    assert "fährt jetzt mit: Einsteigen" in page
    assert listed(page, "Bitte anrufen") == []


def test_every_list_of_a_running_day_rings_the_same(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """The event and the version; who did not come is not rung, nor what is over."""
    now.now = TWENTY_TO_NINE
    seen = read(board, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=20")
    send(board, f"{DAY}/melden", hidden(seen, f"{DAY}/melden"))
    page = read(board)
    happened = page.split('id="geschehen"')[1].split("</section>")[0]
    ring = named(happened)
    assert ring
    edition = page.split('id="stand-titel"')[1].split("</section>")[0]
    told = edition.split("Nur Minuten")[0].split("</details>")[0]
    assert named(told) == ring

    missed = re.findall(r"was=no_show&wunsch=(r\d+)", page)[-1]
    seen = read(board, f"{DAY}/melden?was=no_show&wunsch={missed}")
    assert "Niemand muss angerufen werden" in seen
    send(board, f"{DAY}/melden", hidden(seen, f"{DAY}/melden"))
    page = read(board)
    assert missed not in listed(page, "Bitte anrufen")
    assert "käme vergeblich" not in page.split('id="stand-titel"')[1]

    now.now = dt.datetime(2027, 3, 2, 20, 0, tzinfo=dt.UTC)
    page = read(board)
    assert "itte anrufen" not in page
    assert "hören es dort" not in page


def test_whoever_sits_in_the_bus_is_not_rung(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Where they are expected is, and the times can be read aloud."""
    planned = planning.read_plan(quiet_office, quiet_office.region(), TUESDAY)
    labels = planned.input.labels(planned.region)
    boarded: dict[TripId, PlannedVisit] = {}
    out = None
    for stop in planned.plan.routes[0].stops:
        for each in stop.visits:
            boarded.setdefault(each.trip, each)
            if out is None and each.kind is VisitKind.DROPOFF and labels[stop.place].phone:
                out = each
    assert out is not None
    now.now = at(boarded[out.trip].end + MINUTE)
    seen = read(quiet, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=40")
    aboard = seen.split("Sollten im Bus sein und hören es dort:")[1].split("</ul>")[0]
    assert 'class="phone"' not in aboard
    line = r"Hinfahrt: Ankunft \d\d:\d\d statt spätestens \d\d:\d\d"
    assert re.search(line, aboard)
    assert re.search(r"; erwartet in: [^(]+\(Tel\. [\d ]+\)", aboard)
    assert named(aboard)[0] not in named(seen.split("Bitte anrufen:")[1].split("</ul>")[0])


def test_whom_a_change_hits_hardest_is_rung_first() -> None:
    """Not taken any more, then what is gone, then moved by much; five minutes are no call."""

    def change(name: str, minutes: int) -> PassengerChange:
        older = At("morning", "bus", 1, 0, clock("08:00"), clock("08:02"))
        newer = replace(older, begin=older.begin + minutes * MINUTE)
        visit = VisitPair(name, VisitKind.PICKUP, "home-1", older, newer)
        return PassengerChange(name, Fate.CHANGED, (visit,))

    at_home = PassengerChange("r5", Fate.NO_LONGER_SERVED, ())
    changes = [change("r1", 1), change("r2", -40), change("r3", 5), at_home, change("r4", 6)]

    inorder = hardest_first(changes)

    assert [each.request for each in inorder] == ["r5", "r2", "r4", "r3", "r1"]
    assert [each.request for each in inorder if each.is_small(5 * MINUTE)] == ["r3", "r1"]


def test_a_new_request_with_a_promise_is_one_worry(board: TestClient) -> None:
    """With name, time and link: not twice, by number, as if it contradicted itself."""
    path = "/tage/2027-03-03"
    board.post("/api/v1/requests", json={**BODY, "date": "2027-03-03", "name": "Beispiel, Otto"})
    send(board, f"{path}/planen")
    later = {**BODY, "date": "2027-03-03", "appointment": "10:15"}
    name = board.post("/api/v1/requests", json=later).json()["id"]
    page = send(board, f"/wuensche/{name}/vorschlaege", status=200)
    fields = hidden(page, f"/wuensche/{name}/zusagen")
    send(board, f"/wuensche/{name}/zusagen", {**fields, "wie": "zusagen"})

    worries = read(board, path)
    worries = worries[worries.index("Dieser Plan weiß noch nicht") :]
    worries = worries[: worries.index("</ul>")]

    assert worries.count("<li>") == 1
    assert f'<a href="/wuensche/{name}"><bdi>Beispiel, Erika</bdi></a>, 10:15 Uhr: kam' in worries
    assert "obwohl etwas zugesagt ist" in worries
    assert f">{name}" not in worries
