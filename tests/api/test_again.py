"""The same ride again: "wie immer", a copy for another day, a week in one call."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders_api import BODY, make_office
from tests.builders_offers import Clock, accept
from tests.builders_visits import visit

pytestmark = pytest.mark.usefixtures("either_database")

V1 = "/api/v1"
PRACTICE = "Hausarztpraxis Langenholzhausen (Alte Schule)"
MONDAY = dt.date(2027, 3, 1)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def client(tmp_path: Path, now: Clock) -> Iterator[TestClient]:
    office = make_office(tmp_path, clock=now)
    with visit(office) as client:
        yield client


def take(client: TestClient, day: int = 0, **changes: Any) -> str:
    date = (MONDAY + dt.timedelta(days=day)).isoformat()
    answer = client.post(f"{V1}/requests", json={**BODY, "date": date, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def usual(client: TestClient, person: str = "p1") -> dict[str, Any]:
    answer = client.get(f"{V1}/people/{person}/usual")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_most_usual_ride_comes_first_with_what_is_most_usual_of_each_part(
    client: TestClient,
) -> None:
    """Three times to the MVZ, mostly at 9:30; twice elsewhere, and that is later."""
    take(client, 0, appointment="09:30", stay_minutes=45, pharmacy="any")
    take(client, 1, appointment="09:30", stay_minutes=60, pharmacy="any")
    take(client, 2, appointment="10:15", stay_minutes=60, way_back="will_call")
    for day in (3, 4):
        take(client, day, destination=PRACTICE, appointment="08:30")

    told = usual(client)

    first, second = told["choices"]
    assert (first["destination"], first["times"], first["last"]) == (
        "MVZ Kalletal",
        3,
        "2027-03-03",
    )
    assert (first["appointment"], first["stay_minutes"]) == ("09:30", 60)
    assert (first["way_back"], first["pharmacy"]) == ("after_stay", "any")
    assert (second["destination"], second["times"]) == (PRACTICE, 2)
    assert told["origin"] == first["origin"] == "Beispielstraße 3, Talle"
    assert told["person"]["id"] == "p1"


def test_a_note_of_one_ride_is_not_usual(client: TestClient) -> None:
    for day, note in enumerate(("klingelt zweimal", "klingelt zweimal", "nur dienstags")):
        take(client, day, note=note)

    (choice,) = usual(client)["choices"]

    assert choice["note"] == "klingelt zweimal"


def test_what_hangs_together_is_taken_from_one_ride(client: TestClient) -> None:
    """A way home at 9:00 does not fit an appointment at 9:30, however usual both are."""
    take(client, 0, appointment="08:00", way_back="at_time", return_at="09:00", stay_minutes=None)
    take(client, 1, appointment="08:10", way_back="at_time", return_at="09:00", stay_minutes=None)
    for day in (2, 3, 4):
        take(client, day, appointment="09:30", way_back="at_time", return_at=f"1{day}:00")

    (first,) = usual(client)["choices"]

    # 9:30 is most usual, and 9:00 as well: so it is as it was the last time.
    assert (first["appointment"], first["return_at"], first["times"]) == ("09:30", "14:00", 5)


def test_cancelled_rides_count_only_for_whoever_has_no_others(client: TestClient) -> None:
    """They wanted to ride there, once."""
    cancelled = take(client, 1, destination=PRACTICE)
    client.delete(f"{V1}/requests/{cancelled}")
    only = usual(client)["choices"]
    take(client, 0)

    assert [each["destination"] for each in only] == [PRACTICE]
    assert [each["destination"] for each in usual(client)["choices"]] == ["MVZ Kalletal"]


def test_what_was_told_since_is_newer_than_the_last_ride(client: TestClient, now: Clock) -> None:
    """In a wheelchair by now, and in another house."""
    take(client, 0, mobility="walker", companions=1)
    before = usual(client)
    now.go_on(5)
    person = {
        **{name: BODY[name] for name in ("name", "born", "phone")},
        "mobility": "wheelchair",
        "addresses": ["Beispielstraße 5, Talle"],
    }
    assert client.put(f"{V1}/people/p1", json=person).status_code == 200
    after = usual(client)
    now.go_on(5)
    take(client, 1, mobility="walker", origin="Beispielstraße 5, Talle")

    assert (before["mobility"], before["companions"]) == ("walker", 1)
    assert (after["mobility"], after["companions"], after["origin"]) == (
        "wheelchair",
        0,
        "Beispielstraße 5, Talle",
    )
    assert after["choices"][0]["origin"] == "Beispielstraße 5, Talle"
    assert usual(client)["mobility"] == "walker"


def test_whoever_never_rode_has_what_is_known_of_them(client: TestClient) -> None:
    """And nobody who is not there."""
    person = {"name": "Beispiel, Erika", "mobility": "walker", "companions": 2}
    address = {"addresses": ["Beispielstraße 3, Talle"]}
    assert client.post(f"{V1}/people", json={**person, **address}).status_code == 201

    told = usual(client)

    assert (told["choices"], told["origin"]) == ([], "Beispielstraße 3, Talle")
    assert (told["mobility"], told["companions"]) == ("walker", 2)
    assert client.get(f"{V1}/people/p2/usual").status_code == 404


def test_a_ride_is_asked_for_again_on_another_day(client: TestClient) -> None:
    """Everything but the promise; at another time if told so."""
    first = take(client, 1, note="Hund im Hof", pharmacy="any", companions=1)
    accept(client, first)
    copied = client.post(f"{V1}/requests/{first}/copy", json={"date": "2027-03-09"})
    later = client.post(
        f"{V1}/requests/{first}/copy", json={"date": "2027-03-10", "appointment": "10:15"}
    )

    old, new = client.get(f"{V1}/requests/{first}").json(), copied.json()
    assert copied.status_code == 201
    assert copied.headers["Location"] == f"{V1}/requests/{new['id']}"
    assert (new["date"], new["promise"], new["version"]) == ("2027-03-09", None, 1)
    same = old.keys() - {"id", "date", "promise", "version", "created", "changed", "released"}
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert (later.json()["date"], later.json()["appointment"]) == ("2027-03-10", "10:15")


def test_a_copy_is_refused_like_every_other_request(client: TestClient) -> None:
    """Corpus Christi, yesterday, and nobody's ride."""
    first = take(client)
    client.delete(f"{V1}/requests/{first}")
    path = f"{V1}/requests/{first}/copy"

    holiday = client.post(path, json={"date": "2027-05-27"})
    assert (holiday.status_code, "Fronleichnam" in holiday.text) == (422, True)
    assert client.post(path, json={"date": "2027-02-27"}).status_code == 422
    assert client.post(f"{V1}/requests/r9/copy", json={"date": "2027-03-09"}).status_code == 404
    assert client.post(path, json={"date": "2027-03-09"}).status_code == 201


def week(*changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "requests": [
            {**BODY, "date": (MONDAY + dt.timedelta(days=day)).isoformat(), **each}
            for day, each in enumerate(changes)
        ]
    }


def test_a_week_is_taken_in_one_call_each_ride_by_itself(client: TestClient) -> None:
    """What is wrong with one is said with its number and field, and the others are kept."""
    body = week(
        {},
        {"origin": "Nirgendwo 3, Talle"},
        {"appointment": "23:30"},
        {"date": "2027-02-01"},
        {"date": "2027-03-06"},
    )
    answer = client.post(f"{V1}/requests/batch", json=body)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["requests"], told["added"], told["known"]) == (
        ["r1", None, None, None, None],
        ["r1"],
        [],
    )
    faults = [(each["row"], each["field"]) for each in told["rejected"]]
    assert faults == [(2, "origin"), (3, "appointment"), (4, "date"), (5, "date")]
    assert len(client.get(f"{V1}/requests", params={"date": "2027-03-01"}).json()) == 1


def test_a_week_that_is_sent_again_is_known(client: TestClient) -> None:
    """Also by somebody else, without a key; another ride on that day is another one."""
    client.post(f"{V1}/requests/batch", json=week({}, {}))
    client.delete(f"{V1}/requests/r2")

    again = client.post(
        f"{V1}/requests/batch", json=week({"note": "klingeln"}, {}, {}, {"stay_minutes": 50})
    ).json()
    other = client.post(f"{V1}/requests/batch", json=week({"appointment": "11:00"})).json()
    twice = client.post(
        f"{V1}/requests/batch", json={"requests": [{**BODY, "date": "2027-03-05"}] * 2}
    ).json()

    # Of the two, the one of Tuesday was cancelled, and is asked for anew.
    assert (again["known"], again["requests"]) == (["r1"], ["r1", "r3", "r4", "r5"])
    assert other["added"] == ["r6"]
    assert twice["requests"] == ["r7", "r7"]
    assert len(client.get(f"{V1}/requests", params={"date": "2027-03-01"}).json()) == 2


@pytest.mark.parametrize("body", [{"requests": []}, {}, {"requests": [{}]}, [BODY]])
def test_what_is_no_batch_is_refused(client: TestClient, body: Any) -> None:
    """As a whole."""
    assert client.post(f"{V1}/requests/batch", json=body).status_code == 422
