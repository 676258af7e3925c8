"""People who ring one after the other, and what holds of all that they were promised."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient

from scheduler.clock import clock
from tests.builders_api import BODY, NOW

V1 = "/api/v1"
PLAN = f"{V1}/days/2027-03-02/plan"

# Eight people fill the bus: two such groups at the same time are one too many.
GROUP = {"companions": 7, "way_back": "none", "stay_minutes": None}
FAR = {"origin": "Beispielstraße 2, Varenholz", "name": "Beispiel, Otto"}


class Clock:
    """A clock that tests turn."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        """Tell the time."""
        return self.now

    def go_on(self, minutes: int) -> None:
        """Let so many minutes pass."""
        self.now += dt.timedelta(minutes=minutes)


def problem(client: TestClient, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """Status and document of an answer that is none."""
    answer = client.post(f"{V1}/{path}", json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()


def take(client: TestClient, **changes: Any) -> str:
    """Somebody asks for a ride."""
    answer = client.post(f"{V1}/requests", json={**BODY, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ask(client: TestClient, request: str, **body: Any) -> dict[str, Any]:
    """What can be promised now."""
    answer = client.post(f"{V1}/requests/{request}/offers", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def first(client: TestClient, request: str) -> dict[str, Any]:
    """The best offer."""
    offer: dict[str, Any] = ask(client, request)["offers"][0]
    return offer


def accept(client: TestClient, request: str) -> dict[str, Any]:
    """Promise the best offer; returns the request."""
    answer = client.post(f"{V1}/offers/{first(client, request)['id']}/accept")
    assert answer.status_code == 200, answer.text
    promised: dict[str, Any] = answer.json()
    return promised


def read(client: TestClient, request: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{V1}/requests/{request}").json()
    return found


def broken(plan: Mapping[str, Any], requests: list[dict[str, Any]]) -> list[str]:
    """Promises that *plan* breaks, compared with what was told and nothing else."""
    visits: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for route in plan["routes"]:
        for stop in route["stops"]:
            for visit in stop["visits"]:
                kind = visit["trip"].split("/")[1].split("-")[0]
                visits.setdefault((visit["request"], kind), []).append(visit)
    faults = []
    for request in requests:
        for trip in (request["promise"] or {"trips": []})["trips"]:
            made = visits.get((request["id"], trip["kind"]))
            if made is None:
                faults.append(f"{request['id']} is left behind")
                continue
            begin, end = clock(made[0]["begin"]), clock(made[-1]["begin"])
            if not clock(trip["pickup_from"]) <= begin <= clock(trip["pickup_until"]):
                faults.append(f"{request['id']} is fetched at {made[0]['begin']}, not as {trip}")
            if end > clock(trip["arrive_latest"]):
                faults.append(f"{request['id']} arrives at {made[-1]['begin']}, not as {trip}")
    return faults
