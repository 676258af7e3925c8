"""Tokens: what a machine may do, where, and until when."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.doors.errors import AccountError
from api.operations import auditing, tokens
from api.operations.office import Office
from data.door_tables import ApiToken
from tests.api.doors.who import V1
from tests.builders_api import BODY, make_office
from tests.builders_doors import OTHER, account, browser, other_region, session, somebody
from tests.builders_offers import Clock
from tests.builders_visits import visit

PLACES = f"{V1}/places"
TOKENS = f"{V1}/tokens"


@pytest.fixture
def office(tmp_path: Path, now: Clock, monkeypatch: pytest.MonkeyPatch) -> Office:
    other_region(tmp_path)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    return make_office(tmp_path, clock=now)


@pytest.fixture
def chef(office: Office) -> TestClient:
    return somebody(office, "administrator", name="chef")


def machine(office: Office, secret: str, **headers: str) -> TestClient:
    """A program elsewhere; it says nothing of where a browser would come from."""
    return browser(office, headers={"Authorization": f"Bearer {secret}", **headers})


def make(client: TestClient, *roles: str, **more: Any) -> dict[str, Any]:
    body = {"name": "Plattform", "roles": list(roles), "region": "kalletal", **more}
    answer = client.post(TOKENS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_machine_does_what_its_token_says_and_nothing_else(
    office: Office, chef: TestClient
) -> None:
    """Its roles, in its region; its name in the audit."""
    client = machine(office, make(chef, "dispatcher")["secret"])

    assert client.post(f"{V1}/requests", json=BODY).status_code == 201

    assert client.get(f"{V1}/audit").status_code == 403
    assert client.get(PLACES, params={"region": OTHER}).status_code == 404
    row = auditing.show(office, office.region(), most=1)[0]
    assert (row.actor, row.action) == ("token:1", f"POST {V1}/requests")


def test_a_token_ends_with_its_days(office: Office, chef: TestClient, now: Clock) -> None:
    """To the minute."""
    made = make(chef, "planner", days=2)
    client = machine(office, made["secret"])
    now.now += dt.timedelta(days=2) - dt.timedelta(minutes=1)
    assert client.get(PLACES).status_code == 200
    now.go_on(1)

    assert client.get(PLACES).status_code == 401


def test_a_token_that_is_ended_opens_nothing(office: Office, chef: TestClient) -> None:
    """At once, and its number is not given again."""
    first = make(chef, "planner")
    client = machine(office, first["secret"])
    assert client.get(PLACES).status_code == 200

    assert chef.delete(f"{TOKENS}/{first['token']['number']}").status_code == 204

    assert client.get(PLACES).status_code == 401
    assert chef.delete(f"{TOKENS}/{first['token']['number']}").status_code == 404
    assert make(chef, "planner")["token"]["number"] == first["token"]["number"] + 1


@pytest.mark.parametrize("shown", ["", "fahrten_x", "Bearer", "x" * 5000, "fährten"])
def test_a_wrong_token_is_nobody_even_at_the_machine(office: Office, shown: str) -> None:
    """Though without any, everybody could do everything there."""
    client = visit(office)
    assert client.get(PLACES).status_code == 200

    answer = client.get(PLACES, headers={b"Authorization": f"Bearer {shown}".encode()})

    assert answer.status_code == 401


def test_a_wrong_token_does_not_become_the_cookie_beside_it(office: Office) -> None:
    """Whoever shows something is taken at their word."""
    secret = session(office, account(office, "erika", "planner"))

    answer = browser(office, secret).get(PLACES, headers={"Authorization": "Bearer x"})

    assert answer.status_code == 401


def test_a_password_for_a_proxy_is_none_of_our_business(office: Office) -> None:
    """A proxy may ask everybody for one beforehand; the browser sends it along."""
    secret = session(office, account(office, "erika", "planner"))

    answer = browser(office, secret).get(PLACES, headers={"Authorization": "Basic eDp5"})

    assert answer.status_code == 200


def test_the_secret_is_told_once_and_kept_nowhere(office: Office, chef: TestClient) -> None:
    """Neither the list nor the database has it."""
    made = make(chef, "planner")
    listed = chef.get(TOKENS)

    assert made["secret"].startswith("fahrten_")
    assert made["secret"] not in listed.text
    (shown,) = listed.json()
    assert (shown["name"], shown["roles"], shown["made_by"]) == (
        "Plattform",
        ["planner"],
        "account:2",
    )
    with office.store.reading() as reading:
        row = reading.get(ApiToken, 1)
        assert row is not None
        assert made["secret"].encode() not in row.digest


def test_it_is_noted_when_a_token_was_used_last(
    office: Office, chef: TestClient, now: Clock
) -> None:
    """At most every five minutes, and not in the audit."""
    client = machine(office, make(chef, "planner")["secret"])
    before = auditing.head(office).number
    used = []
    for minutes in (1, 3, 3):
        now.go_on(minutes)
        client.get(PLACES)
        used.append(chef.get(TOKENS).json()[0]["used"])

    assert used == ["2027-02-28T18:01:00Z", "2027-02-28T18:01:00Z", "2027-02-28T18:07:00Z"]
    assert auditing.head(office).number == before


def test_an_administrator_sees_the_tokens_of_their_region(office: Office, chef: TestClient) -> None:
    """And makes none for another one."""
    there = somebody(office, f"administrator@{OTHER}", name="dort")
    number = make(chef, "planner")["token"]["number"]

    assert there.get(TOKENS).json() == []
    assert there.delete(f"{TOKENS}/{number}").status_code == 404
    body = {"name": "x", "roles": ["planner"], "region": "kalletal"}
    assert there.post(TOKENS, json=body).status_code == 409
    assert len(chef.get(TOKENS).json()) == 1


@pytest.mark.parametrize(
    "wrong", [{"roles": []}, {"days": 0}, {"days": 731}, {"name": ""}, {"roles": ["king"]}]
)
def test_a_token_is_for_something_and_for_some_time(
    chef: TestClient, wrong: dict[str, Any]
) -> None:
    """Each mistake is refused."""
    body = {"name": "x", "roles": ["planner"], "region": "kalletal", **wrong}

    assert chef.post(TOKENS, json=body).status_code == 422


def test_a_token_administers_only_if_it_may(office: Office, chef: TestClient) -> None:
    """A token may make others only with the role for it, and none for the whole installation."""
    weak = machine(office, make(chef, "dispatcher", "planner", "driver")["secret"])
    strong = machine(office, make(chef, "administrator")["secret"])
    body = {"name": "x", "roles": ["planner"], "region": "kalletal"}

    assert weak.post(TOKENS, json=body).status_code == 403
    made = strong.post(TOKENS, json=body)
    assert (made.status_code, made.json()["token"]["made_by"]) == (201, "token:2")
    above = {"name": "neu", "roles": [{"role": "administrator"}]}
    assert strong.post(f"{V1}/accounts", json=above).status_code == 403


def test_without_a_region_there_is_no_token(office: Office) -> None:
    """A role everywhere is for accounts only."""
    with pytest.raises(AccountError):
        tokens.add(office, "x", "", ["administrator"], days=1)


def test_a_machine_is_no_browser(office: Office, chef: TestClient) -> None:
    """What a page of somebody else sends has no token, so nothing is asked of who has one."""
    client = machine(office, make(chef, "dispatcher")["secret"], Origin="https://example.org")

    assert client.post(f"{V1}/requests", json=BODY).status_code == 201
