"""Administrators look after the accounts of their regions, and of no others."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import auditing
from api.operations.office import Office
from tests.api.doors.who import V1
from tests.builders_api import make_office
from tests.builders_doors import (
    OTHER,
    PASSWORD,
    SAME_ORIGIN,
    account,
    browser,
    other_region,
    session,
    somebody,
)
from tests.builders_visits import visit

ACCOUNTS = f"{V1}/accounts"
PLACES = f"{V1}/places"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    other_region(tmp_path)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    return make_office(tmp_path)


@pytest.fixture
def root(office: Office) -> TestClient:
    return somebody(office, "administrator@*", name="chef")


@pytest.fixture
def here(office: Office) -> TestClient:
    return somebody(office, "administrator", name="hier")


def grant(role: str, region: str | None = "kalletal") -> dict[str, Any]:
    return {"role": role, "region": region}


def make(client: TestClient, name: str, *roles: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(ACCOUNTS, json={"name": name, "roles": list(roles)})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def names(client: TestClient) -> list[str]:
    return [each["name"] for each in client.get(ACCOUNTS).json()]


def test_a_new_account_comes_in_with_the_invented_password_and_changes_it(
    office: Office, root: TestClient
) -> None:
    """Whoever made it knows the first one, and only that."""
    made = make(root, "Erika.Beispiel", grant("dispatcher"))
    client = browser(office)

    told = {"name": "erika.beispiel", "passwort": made["secret"]}
    assert client.post("/anmelden", data=told).headers["Location"] == "/konto"

    assert client.get(PLACES).status_code == 403
    changed = {"alt": made["secret"], "neu": PASSWORD, "nochmal": PASSWORD}
    client.post("/konto/passwort", data=changed)
    assert client.get(PLACES).status_code == 200
    account = root.get(f"{ACCOUNTS}/{made['account']['number']}").json()
    assert (account["name"], account["must_change"]) == ("erika.beispiel", False)
    assert account["roles"] == [grant("dispatcher")]


def test_an_account_of_a_provider_has_no_password(office: Office, root: TestClient) -> None:
    """Nobody can sign in with one."""
    body = {"name": "karin@example.org", "roles": [grant("planner")], "provider": True}
    made = root.post(ACCOUNTS, json=body).json()

    assert (made["secret"], made["account"]["password"]) == (None, False)


def test_a_call_that_is_repeated_makes_one_account(root: TestClient) -> None:
    """And tells the same password again."""
    key = {"Idempotency-Key": "0123456789abcdef"}
    body = {"name": "erika", "roles": [grant("planner")]}

    first, second = (root.post(ACCOUNTS, json=body, headers=key) for _ in range(2))

    assert first.json() == second.json()
    for path, sent in (
        (f"{ACCOUNTS}/{first.json()['account']['number']}/password", None),
        (f"{V1}/tokens", {"name": "x", "roles": ["planner"], "region": "kalletal"}),
    ):
        again = {"Idempotency-Key": f"0123456789abcdef{path}"}
        told = [root.post(path, json=sent, headers=again).json()["secret"] for _ in range(2)]
        assert told[0] == told[1]


def test_an_administrator_of_a_region_sees_and_changes_that_region(
    office: Office, root: TestClient, here: TestClient
) -> None:
    """Of somebody who works in both, the part that is theirs."""
    there = make(root, "dort", grant("dispatcher", OTHER))["account"]["number"]
    both = make(root, "beides", grant("planner"), grant("planner", OTHER))["account"]["number"]

    assert names(here) == ["beides", "hier"]
    assert here.get(f"{ACCOUNTS}/{both}").json()["roles"] == [grant("planner")]
    assert here.get(f"{ACCOUNTS}/{there}").status_code == 404
    assert here.put(f"{ACCOUNTS}/{there}", json={"roles": []}).status_code == 404

    changed = here.put(f"{ACCOUNTS}/{both}", json={"roles": [grant("dispatcher")]})

    assert changed.json()["roles"] == [grant("dispatcher")]
    all_of_them = root.get(f"{ACCOUNTS}/{both}").json()["roles"]
    assert all_of_them == [grant("dispatcher"), grant("planner", OTHER)]
    assert here.put(f"{ACCOUNTS}/{both}", json={"roles": []}).json()["roles"] == []
    assert here.get(f"{ACCOUNTS}/{both}").status_code == 404


def test_nobody_takes_over_an_account_that_is_not_all_theirs(
    root: TestClient, here: TestClient
) -> None:
    """A new password would open another region, or the whole installation."""
    both = make(root, "beides", grant("planner"), grant("planner", OTHER))["account"]["number"]
    above = make(root, "oben", grant("planner"), grant("administrator", None))["account"]["number"]
    for number in (both, above):
        one = f"{ACCOUNTS}/{number}"
        assert here.post(f"{one}/password").status_code == 403
        assert here.delete(one).status_code == 403
        closed = {"roles": [grant("planner")], "active": False}
        assert here.put(one, json=closed).status_code == 403
        assert root.get(one).json()["active"] is True


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ([grant("administrator", None)], 403),
        ([grant("dispatcher", OTHER)], 409),
        ([grant("dispatcher", "atlantis")], 409),
        ([grant("dispatcher", None)], 409),
        ([grant("king")], 422),
    ],
)
def test_nobody_gives_away_what_is_not_theirs(
    here: TestClient, roles: list[dict[str, Any]], status: int
) -> None:
    """Nor what there is not."""
    assert here.post(ACCOUNTS, json={"name": "neu", "roles": roles}).status_code == status
    assert names(here) == ["hier"]


@pytest.mark.parametrize("name", ["HIER", "x y", "ä/ö", "a" * 101, " a"])
def test_a_name_is_there_once_and_is_one_word(here: TestClient, name: str) -> None:
    """It is typed at the door."""
    answer = here.post(ACCOUNTS, json={"name": name, "roles": []})

    assert answer.status_code in {409, 422}
    assert names(here) == ["hier"]


def test_what_is_taken_away_is_gone_at_once(office: Office, root: TestClient) -> None:
    """Roles, an account that is closed, or one that is removed: also for who is signed in."""
    number = account(office, "erika", "dispatcher")
    one = f"{ACCOUNTS}/{number}"
    client = browser(office, session(office, number))
    assert client.get(PLACES).status_code == 200

    root.put(one, json={"roles": [grant("administrator")]})
    assert client.get(PLACES).status_code == 403
    root.put(one, json={"roles": [grant("dispatcher")], "active": False})
    assert client.get(PLACES).status_code == 401
    root.put(one, json={"roles": [grant("dispatcher")], "active": True})
    assert client.get(PLACES).status_code == 401
    client = browser(office, session(office, number))
    root.post(f"{one}/password")
    assert client.get(PLACES).status_code == 401
    client = browser(office, session(office, number))
    assert root.delete(one).status_code == 204
    assert client.get(PLACES).status_code == 401
    assert root.get(one).status_code == 404


def test_somebody_always_administers_the_installation(office: Office, root: TestClient) -> None:
    """The last one cannot be closed, removed, or made less: nobody could undo it."""
    for each in root.get(ACCOUNTS).json():
        if each["name"] != "chef":
            assert root.delete(f"{ACCOUNTS}/{each['number']}").status_code == 204
    (chef,) = root.get(ACCOUNTS).json()
    one = f"{ACCOUNTS}/{chef['number']}"

    refused = [
        root.delete(one),
        root.put(one, json={"roles": [grant("administrator")]}),
        root.put(one, json={"roles": chef["roles"], "active": False}),
    ]

    assert [answer.status_code for answer in refused] == [409, 409, 409]
    assert "Jemand muss die ganze Installation verwalten" in refused[0].json()["detail"]
    assert root.get(one).json() == chef


def test_the_first_account_administers_the_installation(office: Office) -> None:
    """Else the doors would close, and nobody could open them."""
    anybody = visit(office)

    refused = anybody.post(ACCOUNTS, json={"name": "erika", "roles": [grant("dispatcher")]})
    assert refused.status_code == 409
    made = anybody.post(ACCOUNTS, json={"name": "erika", "roles": [grant("administrator", None)]})
    assert made.status_code == 201
    assert anybody.get(ACCOUNTS).status_code == 401


def test_the_audit_has_what_became_of_accounts(office: Office, root: TestClient) -> None:
    """Who did it, to which account; never a name or a password."""
    before = auditing.head(office).number
    number = make(root, "erika", grant("dispatcher"))["account"]["number"]
    one = f"{ACCOUNTS}/{number}"
    root.put(one, json={"roles": [grant("planner")]})
    root.post(f"{one}/password")
    root.delete(one)

    rows = auditing.show(office, office.region(), most=99, installation=True)
    new = [row for row in rows if row.number > before][::-1]

    named = f"account:{number}"
    assert {row.actor for row in new} == {"account:2"}
    assert [row.touched for row in new] == [
        {"added": {"accounts": [named], "memberships": [named]}},
        {"added": {"memberships": [named]}, "deleted": {"memberships": [named]}},
        {"changed": {"accounts": {named: ["password"]}}},
        {"deleted": {"accounts": [named], "memberships": [named]}},
    ]
    shown = root.get(f"{V1}/audit").json()["rows"]
    assert new[-1].number in [row["number"] for row in shown]


def test_rows_of_the_installation_are_for_who_administers_it(
    office: Office, root: TestClient, here: TestClient
) -> None:
    """An administrator of one region reads the rows of that region only."""
    make(root, "erika", grant("planner", OTHER))

    assert [row for row in here.get(f"{V1}/audit").json()["rows"] if row["region"] == ""] == []
    assert [row for row in root.get(f"{V1}/audit").json()["rows"] if row["region"] == ""] != []


def test_headers_of_a_browser_are_needed_to_change_an_account(office: Office) -> None:
    """As everywhere: not from a page of somebody else."""
    client = somebody(office, "administrator", headers={})

    assert client.get(ACCOUNTS, headers=SAME_ORIGIN).status_code == 200
    assert client.post(ACCOUNTS, json={"name": "neu", "roles": []}).status_code == 403
