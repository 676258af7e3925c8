"""A version is published: drivers hold it, it never changes, and what it does not know is said."""

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.operations import forgetting, planning, publishing
from api.operations.days import PlannedDay
from api.operations.office import Office
from data import plans, versions
from data.errors import NotKeptError
from tests.builders_api import BODY, NOW, TUESDAY, make_office
from tests.builders_commands import DAY as DATE
from tests.builders_commands import Fahrten
from tests.builders_offers import FAR, GROUP, Clock, accept
from tests.builders_running import served

pytestmark = pytest.mark.usefixtures("either_database")

DAY = "/api/v1/days/2027-03-02"
OTTO = {**BODY, "name": "Beispiel, Otto", "phone": "030 23125 104", "appointment": "10:30"}


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)


def take(client: TestClient, body: dict[str, Any]) -> str:
    answer = client.post("/api/v1/requests", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def plan(client: TestClient) -> int:
    answer = client.post(f"{DAY}/plan", json={"seconds": 1})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


def publish(client: TestClient, version: int) -> Any:
    return client.post(f"{DAY}/publish", json={"version": version})


def worries(edition: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(each["concern"], each["request"]) for each in edition["worries"]]


def test_a_published_version_says_when_and_by_whom(client: TestClient, now: Clock) -> None:
    """In the answer, in the list, in the plan and on the sheet; a second time changes nothing."""
    take(client, BODY)
    assert plan(client) == 1
    now.go_on(5)

    first = publish(client, 1)
    now.go_on(5)
    second = publish(client, 1)

    assert first.status_code == 200, first.text
    published = {"version": 1, "at": "2027-02-28T18:05:00Z", "by": "anybody"}
    assert first.json()["published"] == second.json()["published"] == published
    assert (first.json()["older"], first.json()["worries"]) == (None, [])
    (version,) = client.get(f"{DAY}/versions").json()
    assert version["published"] == published
    assert (version["served"], version["unserved"], version["happened"]) == (1, 0, None)
    assert client.get(f"{DAY}/plan").json()["published"] == published
    sheet = client.get(f"{DAY}/manifests/vormittag").json()
    assert (sheet["version"], sheet["published"]) == ("1", "2027-02-28T19:05")


def test_a_version_that_is_not_published_says_so_on_its_sheet(client: TestClient) -> None:
    """Drivers hold version 1; 2 is being worked at, and says so."""
    take(client, BODY)
    publish(client, plan(client))
    take(client, OTTO)
    plan(client)

    newest = client.get(f"{DAY}/manifests/vormittag").json()
    held = client.get(f"{DAY}/manifests/vormittag", params={"version": 1}).json()
    page = client.get(f"{DAY}/manifests/vormittag", headers={"accept": "text/html"}).text

    assert (newest["version"], newest["published"]) == ("2", None)
    assert (held["version"], held["published"]) == ("1", "2027-02-28T19:00")
    assert (held["passengers"], newest["passengers"]) == (1, 2)
    assert "Version 2, Entwurf" in page


def test_what_a_version_does_not_know_is_told_and_stops_nobody(client: TestClient) -> None:
    """Cancelled, changed, new, and promised something else since."""
    erika, otto = take(client, BODY), take(client, OTTO)
    version = plan(client)
    client.delete(f"/api/v1/requests/{erika}")
    client.put(f"/api/v1/requests/{otto}", json={**OTTO, "appointment": "11:00"})
    anna = take(client, {**BODY, "name": "Beispiel, Anna", "appointment": "09:00"})
    accept(client, anna)

    answer = publish(client, version)

    assert answer.status_code == 200, answer.text
    assert sorted(worries(answer.json())) == [
        ("cancelled", erika),
        ("changed", otto),
        ("new", anna),
        ("promise", anna),
    ]
    assert publish(client, plan(client)).json()["worries"] == []


def test_whoever_rides_in_a_published_version_is_promised_that(
    client: TestClient, office: Office, now: Clock
) -> None:
    """The next caller takes nobody's seat, and a plan made anew brings everybody as they know."""
    planned = take(client, {**BODY, **GROUP})
    version = plan(client)
    assert client.get(f"/api/v1/requests/{planned}").json()["promise"] is None
    now.go_on(5)

    publish(client, version)

    promise = client.get(f"/api/v1/requests/{planned}").json()["promise"]
    assert promise is not None
    assert planning.is_planned(office, office.region(), TUESDAY)
    (pickup,) = (
        stop["visits"][0]["begin"]
        for route in client.get(f"{DAY}/plan").json()["routes"]
        for stop in route["stops"]
        if stop["visits"] and stop["visits"][0]["kind"] == "pickup"
    )
    trip = promise["trips"][0]
    assert trip["pickup_from"] <= pickup[:5] <= trip["pickup_until"]
    same_time = {**BODY, **FAR, **GROUP}
    later = take(client, same_time)
    offers = client.post(f"/api/v1/requests/{later}/offers").json()["offers"]
    assert offers == []
    urgent = client.put(f"/api/v1/requests/{later}", json={**same_time, "priority": "vital"})
    assert urgent.status_code == 200
    plan(client)
    assert planned in served(client.get(f"{DAY}/plan").json())
    publish(client, 2)
    assert client.get(f"/api/v1/requests/{planned}").json()["promise"] == promise


def test_what_a_version_promises_stands_on_its_own_sheets(client: TestClient) -> None:
    """On paper and in JSON of that very version; the plan made after it changes no sheet."""
    erika = take(client, {**BODY, "way_back": "none"})
    version = plan(client)
    sheet = f"{DAY}/manifests/vormittag"
    assert [each["promised"] for each in boarding(client.get(sheet).json())] == [None]

    publish(client, version)
    (boards,) = boarding(client.get(sheet).json())
    page = client.get(sheet, headers={"accept": "text/html"}).text
    plan(client)
    changes = client.get(f"{DAY}/changes/vormittag")

    trip = client.get(f"/api/v1/requests/{erika}").json()["promise"]["trips"][0]
    promised = boards["promised"]["begin"][:5], boards["promised"]["end"][:5]
    assert promised == (trip["pickup_from"], trip["pickup_until"])
    assert f"zugesagt {trip['pickup_from']}–{trip['pickup_until']}" in page
    assert changes.status_code == 404
    assert "ändert sich nichts; das Tourenblatt gilt weiter" in changes.json()["detail"]


def test_who_cancels_after_a_version_is_still_on_its_sheet_as_promised(
    client: TestClient,
) -> None:
    """A published version never changes: what was promised then stays on its sheet."""
    erika = take(client, {**BODY, "way_back": "none"})
    publish(client, plan(client))
    sheet = f"{DAY}/manifests/vormittag"
    before = boarding(client.get(sheet).json())

    client.delete(f"/api/v1/requests/{erika}")

    assert boarding(client.get(sheet, params={"version": 1}).json()) == before
    assert before[0]["promised"] is not None


def boarding(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    visits = (visit for stop in sheet["stops"] for visit in stop["visits"])
    return [visit for visit in visits if visit["kind"] == "pickup"]


def test_nobody_is_promised_what_they_no_longer_want(client: TestClient) -> None:
    """Who has cancelled or asks for something else since is in the plan, and is told nothing."""
    gone, other, still = (take(client, {**BODY, "name": f"Beispiel, {n}"}) for n in "ABC")
    version = plan(client)
    client.delete(f"/api/v1/requests/{gone}")
    client.put(
        f"/api/v1/requests/{other}", json={**BODY, "name": "Beispiel, B", "appointment": "11:30"}
    )

    edition = publish(client, version).json()

    assert sorted(worries(edition)) == [("cancelled", gone), ("changed", other)]
    promised = {
        each["id"]: each["promise"] is not None
        for each in client.get("/api/v1/requests", params={"date": DATE}).json()
    }
    assert promised == {other: False, still: True}


def test_a_version_that_breaks_a_promise_promises_it_to_the_others_only(
    client: TestClient, office: Office
) -> None:
    """What was said stays said until a dispatcher takes it back; the concern names it."""
    told = take(client, BODY)
    version = plan(client)
    accept(client, told)
    other = take(client, OTTO)
    edition = publish(client, version).json()
    assert ("new", other) in worries(edition)

    promise = client.get(f"/api/v1/requests/{told}").json()["promise"]
    assert promise is not None
    assert client.get(f"/api/v1/requests/{other}").json()["promise"] is None
    assert client.post(f"/api/v1/requests/{other}/offers").status_code == 200


def test_another_name_or_urgency_is_no_worry(client: TestClient) -> None:
    """The bus goes the same way."""
    erika = take(client, BODY)
    version = plan(client)
    client.put(f"/api/v1/requests/{erika}", json={**BODY, "note": "Hund", "priority": "vital"})

    assert publish(client, version).json()["worries"] == []


def test_an_older_version_than_the_newest_is_not_published(client: TestClient) -> None:
    """A colleague was at it meanwhile; nothing is published unseen."""
    take(client, BODY)
    plan(client)
    plan(client)

    older, none = publish(client, 1), publish(client, 7)

    assert (older.status_code, older.json()["type"]) == (409, "urn:gesunde-fahrten:not-newest")
    assert "Version 2" in older.json()["detail"]
    assert none.status_code == 404
    assert [each["published"] for each in client.get(f"{DAY}/versions").json()] == [None, None]


def test_a_plan_in_which_the_checker_finds_something_is_not_published(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bus would leave before somebody is in it: errors say what is wrong."""
    take(client, BODY)
    version = plan(client)
    read = planning.read_plan

    def spoilt(*arguments: Any) -> PlannedDay:
        planned = read(*arguments)
        routes = tuple(
            replace(route, stops=tuple(replace(stop, departure=0) for stop in route.stops))
            for route in planned.plan.routes
        )
        return replace(planned, plan=replace(planned.plan, routes=routes))

    monkeypatch.setattr(publishing, "read_plan", spoilt)

    answer = publish(client, version)

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gesunde-fahrten:unpublishable"
    assert "Die Zeiten eines Halts widersprechen sich" in answer.text
    assert client.get(f"{DAY}/versions").json()[0]["published"] is None


def test_changes_are_against_what_drivers_hold(client: TestClient) -> None:
    """Version 1 is published; 2 and 3 are not, and 3 is compared with 1."""
    erika = take(client, BODY)
    publish(client, plan(client))
    otto = take(client, OTTO)
    plan(client)
    client.delete(f"/api/v1/requests/{erika}")
    version = plan(client)

    edition = client.get(f"{DAY}/publication").json()
    changes = client.get(f"{DAY}/changes").json()
    draft = sheet_of(client)
    published = publish(client, version).json()
    after = client.get(f"{DAY}/publication").json()

    assert (edition["newest"], edition["published"]["version"], edition["older"]) == (3, 1, 1)
    assert (edition["requests"], edition["shifts"]) == ([erika, otto], ["vormittag"])
    assert (changes["older"], changes["newer"]) == (1, 3)
    assert (published["older"], published["requests"]) == (1, [erika, otto])
    assert (after["newest"], after["published"]["version"]) == (3, 3)
    assert "Version 3 statt 1, Entwurf" in draft
    assert "Version 3 statt 1, Entwurf" not in sheet_of(client)
    assert "Version 3 statt 1" in sheet_of(client)


def sheet_of(client: TestClient) -> str:
    answer = client.get(f"{DAY}/changes/vormittag")
    assert answer.status_code == 200, answer.text
    (page, *_) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(page.extract_text().split())


def test_what_happens_on_the_day_is_published_by_an_act_of_its_own(
    client: TestClient, now: Clock
) -> None:
    """The event makes a version; drivers hold the one before until it is published."""
    take(client, BODY)
    otto = take(client, OTTO)
    publish(client, plan(client))
    now.now = dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC)
    event = client.post(f"{DAY}/events", json={"kind": "cancelled", "request": otto})
    assert event.status_code == 201, event.text

    before = client.get(f"{DAY}/publication").json()
    published = publish(client, 2).json()

    assert (before["newest"], before["published"]["version"]) == (2, 1)
    assert (before["worries"], before["requests"]) == ([], [otto])
    assert (published["published"]["version"], published["worries"]) == (2, [])
    assert [each["happened"] for each in client.get(f"{DAY}/versions").json()] == [
        None,
        "cancelled",
    ]


def test_a_day_that_is_over_is_published_with_a_word(client: TestClient, now: Clock) -> None:
    """For the files, or because of the wrong date."""
    take(client, BODY)
    version = plan(client)
    now.now += dt.timedelta(days=5)

    assert worries(publish(client, version).json()) == [("past", None)]


def test_each_version_can_be_read(client: TestClient) -> None:
    """Also those before the newest; one that there is not is 404."""
    erika = take(client, BODY)
    plan(client)
    client.delete(f"/api/v1/requests/{erika}")
    plan(client)

    first, second = (client.get(f"{DAY}/versions/{number}").json() for number in (1, 2))

    assert (first["version"], second["version"]) == (1, 2)
    assert erika in str(first["routes"])
    assert erika not in str(second["routes"])
    assert second == client.get(f"{DAY}/plan").json()
    assert client.get(f"{DAY}/versions/3").status_code == 404
    for path in ("versions", "publication"):
        assert client.get(f"/api/v1/days/2027-03-03/{path}").status_code == 404


@pytest.fixture
def published(client: TestClient, office: Office) -> Office:
    """An office with one published version, and one that is not."""
    take(client, BODY)
    publish(client, plan(client))
    plan(client)
    return office


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plans SET input_key = 'another' WHERE version = 1",
        "UPDATE plans SET published = NULL, publisher = NULL WHERE version = 1",
        "UPDATE plans SET input_key = '', version = 9 WHERE version = 1",
        "UPDATE plans SET publisher = 'account:9'",
        "UPDATE plans SET version = 1 WHERE version = 2",
        "DELETE FROM plans WHERE version = 1",
        "DELETE FROM plans",
    ],
)
def test_the_database_refuses_whoever_wants_to_change_a_published_version(
    published: Office, statement: str
) -> None:
    """Whatever the program does, and whoever has a connection."""
    store, region = published.store, published.region().name
    with store.reading() as session:
        before = plans.read(session, region, TUESDAY, 1)
    with store.engine.begin() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
    store.engine.dispose()

    with store.reading() as session:
        assert plans.read(session, region, TUESDAY, 1) == before


def test_a_published_version_is_not_replaced_or_emptied_either(published: Office) -> None:
    """SQLite's REPLACE deletes without a trigger for it; PostgreSQL can empty a table."""
    statements = ["TRUNCATE plans"]
    if published.store.engine.dialect.name == "sqlite":
        statements = [
            "INSERT OR REPLACE INTO plans SELECT * FROM plans WHERE version = 1",
            "UPDATE OR REPLACE plans SET version = 1 WHERE version = 2",
        ]
    for statement in statements:
        with (
            published.store.engine.begin() as connection,
            pytest.raises(DBAPIError, match="never changes"),
        ):
            connection.execute(text(statement))
    published.store.engine.dispose()


def test_a_version_that_is_not_published_may_be_thrown_away(published: Office) -> None:
    """The triggers are about published ones only."""
    with published.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM plans WHERE version = 2"))


def test_a_published_version_is_forgotten_in_time_like_every_other(published: Office) -> None:
    """Who rode goes after the weeks of the policy; that cannot wait for anybody."""
    region = published.region()
    gone = forgetting.forget_old(published, now=NOW + dt.timedelta(weeks=8, days=3)).gone

    assert gone.plans == 2
    with published.store.reading() as session:
        assert versions.published(session, region.name, TUESDAY) is None
        with pytest.raises(NotKeptError):
            versions.versions(session, region.name, TUESDAY)
    with published.store.writing() as session, pytest.raises(NotKeptError):
        versions.publish(session, region.name, TUESDAY, 2, made_for=None, promised=None, now=NOW)


def test_the_commands_publish_and_list(fahrten: Fahrten, tmp_path: Path) -> None:
    """The newest version, its sheets, and what it does not know; then the list of versions."""
    fahrten("sample-day")
    fahrten("plan", DATE, "--seconds", "1")
    fahrten("cancel", "r1")

    published = fahrten("publish", DATE, "--out", tmp_path / "sheets")
    older = fahrten("publish", DATE, "--version", "1")
    listed = fahrten("versions", DATE)

    assert published.code == 0
    assert "Version 2 ist veröffentlicht" in published.out
    assert "r1 ist abgesagt" in published.out
    assert "Gegenüber Version 1 ist anders:" in published.out
    sheet = json.loads((tmp_path / "sheets" / f"{DATE}-vormittag.json").read_text("utf-8"))
    assert (sheet["version"], sheet["published"] is None) == ("2", False)
    assert (older.code, "Inzwischen gibt es Version 2" in older.err) == (1, True)
    assert [line.count("veröffentlicht") for line in listed.out.splitlines()[1:]] == [1, 1]
