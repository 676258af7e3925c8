"""Passengers are found by a few letters, known with what is usual for them, and kept once."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.errors import ErasureRefusedError
from api.operations import privacy, solving
from api.operations.forgetting import forget_old
from api.operations.nights import Nights
from api.operations.office import Office
from data import audit
from tests.builders_api import BODY, NOW, TUESDAY, make_office
from tests.builders_offers import Clock

pytestmark = pytest.mark.usefixtures("either_database")

V1 = "/api/v1"
PERSON = {
    "name": "Beispiel, Erika",
    "born": "1941-05-06",
    "phone": "030 23125 103",
    "mobility": "walker",
    "companions": 1,
    "escort": "Tochter Anna",
    "addresses": ["Beispielstr 3, Talle"],
    "note": "hört schlecht",
    "consent": "given",
    "consent_on": "2027-02-26",
}


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)


def create(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(f"{V1}/people", json={**PERSON, **changes})
    assert answer.status_code == 201, answer.text
    person: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"{V1}/people/{person['id']}"
    return person


def search(client: TestClient, q: str, **params: Any) -> list[str]:
    answer = client.post(f"{V1}/people/search", json={"q": q}, params=params)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()]


def ride(client: TestClient, **changes: Any) -> str:
    answer = client.post(f"{V1}/requests", json={**BODY, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_all_that_is_told_of_somebody_is_kept(client: TestClient) -> None:
    """Addresses are written as the region does; read again, it is the same."""
    made = create(client)
    read = client.get(f"{V1}/people/{made['id']}")

    assert made == read.json()
    assert read.headers["ETag"] == '"1"'
    expected = {**PERSON, "addresses": ["Beispielstraße 3, Talle"], "id": "p1", "version": 1}
    assert {**made, "changed": None} == {**expected, "changed": None}
    assert made["changed"] == "2027-02-28T18:00:00Z"


def test_whoever_asks_for_a_ride_is_found_and_is_the_same_person(client: TestClient) -> None:
    """Nothing is known of them but who they are; a profile of the same three is refused."""
    ride(client)

    (found,) = client.post(f"{V1}/people/search", json={"q": "bei eri"}).json()
    again = client.post(f"{V1}/people", json=PERSON)
    ride(client, date="2027-03-03")

    assert (found["id"], found["addresses"], found["consent"]) == ("p1", [], "unknown")
    assert (again.status_code, again.json()["type"]) == (409, "urn:gesunde-fahrten:same-person")
    assert "p1" in again.json()["detail"]
    assert search(client, "bei") == ["p1"]


def test_three_letters_find_those_whose_surname_begins_so_first(client: TestClient) -> None:
    """At most so many; only those who are shown were read."""
    first_name = create(client, name="Anna Beispiel", phone="")["id"]
    surname = create(client, name="Beispiel, Otto", phone="")["id"]
    create(client, name="Niemand, Nina", phone="")

    assert search(client, "bei") == [surname, first_name]
    assert search(client, "bei", most=1) == [surname]
    assert search(client, "030 23125") == []
    assert search(client, "xyz") == []


def test_the_audit_says_whom_a_search_has_shown(client: TestClient, office: Office) -> None:
    """All were searched, one was read."""
    create(client)
    create(client, name="Niemand, Nina")
    search(client, "niem")

    with office.store.reading() as session:
        (row, *_) = audit.rows(session, regions=["kalletal"], most=10)
    assert row.action == f"POST {V1}/people/search"
    assert row.touched == {"read": {"people": ["p2"]}, "searched": {"people": 2}}


def test_a_change_is_on_every_request_and_counted(client: TestClient) -> None:
    """Another phone; whoever is second gets both versions."""
    request = ride(client)
    body = {**PERSON, "phone": "030 23125 199"}
    first = client.put(f"{V1}/people/p1", json=body, headers={"If-Match": '"1"'})
    second = client.put(f"{V1}/people/p1", json=PERSON, headers={"If-Match": '"1"'})

    assert first.status_code == 200, first.text
    assert (first.json()["version"], first.headers["ETag"]) == (2, '"2"')
    assert client.get(f"{V1}/requests/{request}").json()["phone"] == "030 23125 199"
    assert second.status_code == 409
    problem = second.json()
    assert problem["type"] == "urn:gesunde-fahrten:edited-meanwhile"
    assert problem["stored"] == client.get(f"{V1}/people/p1").json()
    assert problem["sent"]["phone"] == "030 23125 103"


def test_nobody_becomes_somebody_else_by_a_change(client: TestClient) -> None:
    """Two entries of one person are merged, not written over each other."""
    create(client)
    other = create(client, phone="")

    answer = client.put(f"{V1}/people/{other['id']}", json=PERSON)

    assert answer.status_code == 409
    assert "p1" in answer.json()["detail"]
    assert client.get(f"{V1}/people/{other['id']}").json() == other


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"phone": "klingeln"}, "phone"),
        ({"born": "2030-01-01"}, "born"),
        ({"addresses": ["Nirgendwo 3, Talle"]}, "addresses"),
        ({"addresses": [""]}, "addresses"),
        ({"note": "a\u0007b"}, "note"),
        ({"consent_on": "2027-03-01"}, "consent_on"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: TestClient, changes: dict[str, Any], field: str
) -> None:
    """In German; nothing is kept."""
    answer = client.post(f"{V1}/people", json={**PERSON, **changes})

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert search(client, "bei") == []


def test_consent_has_a_date_unless_it_is_unknown(client: TestClient) -> None:
    """Today, if nothing else is said."""
    given = create(client, consent_on=None)
    unknown = create(client, name="Beispiel, Otto", consent="unknown")

    assert (given["consent"], given["consent_on"]) == ("given", "2027-02-28")
    assert unknown["consent_on"] is None


def test_two_entries_become_one_passenger(client: TestClient) -> None:
    """Rides of both, what stands there holds, what is missing comes from the other."""
    create(client, phone="", note="", companions=0, consent_on="2026-01-01")
    other = ride(client)
    client.put(
        f"{V1}/people/p2",
        json={**PERSON, "addresses": ["Beispielstraße 5, Talle"], "escort": "Sohn"},
    )

    answer = client.post(f"{V1}/people/p1/merge", json={"other": "p2"})

    assert answer.status_code == 200, answer.text
    person = answer.json()["person"]
    assert (answer.json()["moved"], person["id"], person["version"]) == (1, "p1", 2)
    assert (person["phone"], person["note"], person["companions"]) == (
        "030 23125 103",
        "hört schlecht",
        1,
    )
    assert person["addresses"] == ["Beispielstraße 3, Talle", "Beispielstraße 5, Talle"]
    assert (person["escort"], person["consent_on"]) == ("Tochter Anna", "2027-02-26")
    assert client.get(f"{V1}/people/p2").status_code == 404
    assert search(client, "bei") == ["p1"]
    report = client.get(f"{V1}/passengers/p1/report").json()
    assert [each["request"]["id"] for each in report["rides"]] == [other]
    assert client.get(f"{V1}/requests/{other}").json()["version"] == 2


def test_only_two_entries_can_be_merged(client: TestClient) -> None:
    """Not one with itself, not with nobody, not an entry that somebody has changed meanwhile."""
    create(client)
    create(client, phone="")
    path = f"{V1}/people/p1/merge"

    assert client.post(path, json={"other": "p1"}).status_code == 422
    assert client.post(path, json={"other": "p9"}).status_code == 404
    assert client.post(f"{V1}/people/p9/merge", json={"other": "p1"}).status_code == 404
    edited = client.post(path, json={"other": "p2"}, headers={"If-Match": '"7"'})
    assert edited.status_code == 409
    assert search(client, "bei") == ["p1", "p2"]


def test_nothing_of_it_stands_in_clear(client: TestClient, office: Office) -> None:
    """But consent, its date, and how often it was changed."""
    create(client)

    with office.store.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM people")).mappings()
    shown = {name: value for name, value in row.items() if name not in {"sealed", "details"}}
    assert shown.keys() == {"id", "region", "consent", "consent_on", "changed", "version"}
    for words in ("Erika", "Tochter", "Talle", "walker", "schlecht"):
        assert words.encode() not in bytes(row["details"]) + bytes(row["sealed"])


def test_somebody_without_rides_stays_as_long_as_the_policy_says(
    client: TestClient, office: Office
) -> None:
    """Eight weeks from when something was last told of them, not only until the next night."""
    create(client)

    early = forget_old(office, now=NOW + dt.timedelta(weeks=8))
    late = forget_old(office, now=NOW + dt.timedelta(weeks=8, days=1))

    assert (early.gone.people, late.gone.people) == (0, 1)
    assert search(client, "bei") == []


def test_whose_consent_is_withdrawn_is_forgotten_in_the_night(
    client: TestClient, office: Office, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is to come; whoever rides today, in the night after."""
    region = office.region()
    ride(client)
    ride(client, name="Beispiel, Otto")
    solving.plan_kept(office, region, TUESDAY)
    now.now = dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC)
    with pytest.raises(ErasureRefusedError, match="nächsten Nacht"):
        privacy.withdraw(office, region, "p1")
    client.put(f"{V1}/people/p2", json={**PERSON, "name": "Beispiel, Otto", "consent": "withdrawn"})

    (erika, otto) = client.post(f"{V1}/people/search", json={"q": "bei"}).json()
    assert (erika["consent"], erika["consent_on"]) == ("withdrawn", "2027-03-02")
    assert otto["consent"] == "withdrawn"
    assert privacy.forget_withdrawn(office, region) == 0
    now.now += dt.timedelta(hours=22)
    nights = Nights(office)
    nights.end()
    nights.run()

    assert search(client, "bei") == []
    assert client.get(f"{V1}/requests", params={"date": "2027-03-02"}).json() == []


def test_the_access_report_has_the_profile_and_what_was_marked(
    client: TestClient, now: Clock
) -> None:
    """Everything that is kept."""
    request = ride(client)
    client.put(f"{V1}/people/p1", json=PERSON)
    client.post(f"{V1}/days/2027-03-02/plan", json={"seconds": 1})
    now.now = dt.datetime(2027, 3, 2, 9, 0, tzinfo=dt.UTC)
    tick = {"key": "k" * 16, "request": request, "trip": "outbound", "mark": "aboard"}
    sent = client.post(
        f"{V1}/days/2027-03-02/ticks", json={"ticks": [{**tick, "at": "2027-03-02T08:00:00Z"}]}
    )
    assert sent.status_code == 200
    noted = client.post(f"/tage/2027-03-02/bescheid/{request}", data={"version": "1"})
    assert noted.status_code == 200

    report = client.get(f"{V1}/passengers/p1/report").json()

    assert report["profile"]["escort"] == "Tochter Anna"
    (told,) = report["rides"]
    assert [each["mark"] for each in told["marked"]] == ["aboard"]
    assert told["heard"] == [{"at": "2027-03-02T09:00:00Z", "version": 1}]
    page = client.get("/fahrgaeste/p1/auskunft").text
    assert "Bescheid gesagt, 02.03.2027, 10:00 Uhr (Version 1)" in page
