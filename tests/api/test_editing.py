"""Two people change one request: nobody's change is lost without a word."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.etags import versions
from tests.builders_api import BODY, make_office
from tests.builders_visits import visit

pytestmark = pytest.mark.usefixtures("either_database")

REQUEST = "/api/v1/requests/r1"
TOGETHER = 5


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """An installation with one request, in its first version."""
    office = make_office(tmp_path)
    with visit(office) as client:
        assert client.post("/api/v1/requests", json=BODY).headers["ETag"] == '"1"'
        yield client


def put(client: TestClient, if_match: str | None, **changes: Any) -> Any:
    headers = {} if if_match is None else {"If-Match": if_match}
    return client.put(REQUEST, json={**BODY, **changes}, headers=headers)


def test_the_version_that_was_read_can_be_changed(client: TestClient) -> None:
    """The answer has the next one, in the document and as its tag."""
    read = client.get(REQUEST)
    changed = put(client, read.headers["ETag"], note="klingeln")

    assert (read.json()["version"], read.headers["ETag"]) == (1, '"1"')
    assert changed.status_code == 200
    assert (changed.json()["version"], changed.headers["ETag"]) == (2, '"2"')
    assert client.get(REQUEST).json()["version"] == 2


def test_whoever_is_second_gets_both_versions_and_changes_nothing(client: TestClient) -> None:
    """What stands there now, and what was sent; then it is their decision."""
    tag = client.get(REQUEST).headers["ETag"]
    first = put(client, tag, appointment="10:15").json()
    second = put(client, tag, note="klingeln")

    assert second.status_code == 409
    problem = second.json()
    assert problem["type"] == "urn:gesunde-fahrten:edited-meanwhile"
    assert "inzwischen geändert" in problem["detail"]
    assert problem["stored"] == client.get(REQUEST).json()
    assert (problem["stored"]["appointment"], problem["stored"]["note"]) == ("10:15", "")
    assert (problem["sent"]["appointment"], problem["sent"]["note"]) == ("09:30", "klingeln")
    assert first["version"] == problem["stored"]["version"] == 2

    again = put(client, f'"{problem["stored"]["version"]}"', appointment="10:15", note="klingeln")
    assert (again.status_code, again.json()["version"]) == (200, 3)


@pytest.mark.parametrize("if_match", [None, "*"])
def test_whoever_names_no_version_changes_any(client: TestClient, if_match: str | None) -> None:
    """As before there were versions: the last one wins."""
    put(client, '"1"', appointment="10:15")

    assert put(client, if_match, appointment="11:00").json()["appointment"] == "11:00"


@pytest.mark.parametrize("if_match", ['"7"', 'W/"1"', "1", '"01"', '""', "", '"r1"', "é"])
def test_what_is_not_the_version_changes_nothing(client: TestClient, if_match: str) -> None:
    """Weak tags, tags of something else, and what is no tag at all."""
    answer = client.put(REQUEST, json=BODY, headers={b"If-Match": if_match.encode()})

    assert answer.status_code == 409
    assert client.get(REQUEST).json()["version"] == 1


def test_one_of_several_versions_will_do() -> None:
    """As HTTP allows it."""
    assert versions('"3", W/"4" ,"5"') == frozenset({"3", "5"})


def test_a_promise_is_a_change(client: TestClient) -> None:
    """It would be taken back by somebody who does not know of it."""
    tag = client.get(REQUEST).headers["ETag"]
    offer = client.post(f"{REQUEST}/offers").json()["offers"][0]["id"]
    assert client.post(f"/api/v1/offers/{offer}/accept").json()["version"] == 2

    refused = put(client, tag, appointment="11:00")

    assert refused.status_code == 409
    assert refused.json()["stored"]["promise"]["state"] == "promised"
    assert client.get(REQUEST).json()["promise"] is not None
    assert client.delete(f"{REQUEST}/promise").json()["version"] == 3


def test_offers_and_looking_change_no_version(client: TestClient) -> None:
    """Otherwise nobody could change anything while a colleague looks."""
    client.post(f"{REQUEST}/offers")
    client.get(REQUEST)

    assert client.get(REQUEST).json()["version"] == 1


def test_cancelling_counts_once(client: TestClient) -> None:
    """The second time changes nothing."""
    cancelled = [client.delete(REQUEST) for _ in range(2)]

    assert [each.json()["version"] for each in cancelled] == [2, 2]
    assert [each.headers["ETag"] for each in cancelled] == ['"2"', '"2"']


def test_of_many_who_change_the_same_version_at_once_one_succeeds(client: TestClient) -> None:
    """Round after round, each on the version that the winner made."""
    for version in range(1, 4):
        start = Barrier(TOGETHER)

        def change(number: int, start: Barrier = start, version: int = version) -> Any:
            start.wait()
            return put(client, f'"{version}"', note=f"{version} von {number}")

        with ThreadPoolExecutor(TOGETHER) as pool:
            answers = list(pool.map(change, range(TOGETHER)))

        won = [each.json() for each in answers if each.status_code == 200]
        lost = [each.json() for each in answers if each.status_code == 409]
        assert (len(won), len(lost)) == (1, TOGETHER - 1)
        assert client.get(REQUEST).json()["note"] == won[0]["note"]
        assert {each["stored"]["note"] for each in lost} == {won[0]["note"]}
