"""A day on which things happen, over HTTP, and what its plan says by then."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from scheduler.clock import clock, hh_mm_ss
from tests.builders_api import SAMPLE_DAY, make_office
from tests.builders_commands import DAY as DATE
from tests.builders_visits import visit

DAY = f"/api/v1/days/{DATE}"


def plan_rows(folder: Path, rows: int | None = None) -> Path:
    """Plan the first *rows* rows of the sample day, or all, in a folder of its own."""
    office = make_office(folder)
    lines = SAMPLE_DAY.read_bytes().splitlines(keepends=True)
    content = b"".join(lines if rows is None else lines[: rows + 1])
    with visit(office) as client:
        answer = client.post("/api/v1/requests/import", files={"file": ("tag.csv", content)})
        assert answer.status_code == 200
        assert client.post(f"{DAY}/plan", json={"seconds": 2}).status_code == 200
    office.close()
    return folder


def happen(client: TestClient, kind: str, **what: Any) -> dict[str, Any]:
    answer = client.post(f"{DAY}/events", json={"kind": kind, **what})
    assert answer.status_code == 201, answer.json()
    amended: dict[str, Any] = answer.json()
    return amended


def document(client: TestClient) -> dict[str, Any]:
    plan: dict[str, Any] = client.get(f"{DAY}/plan").json()
    return plan


def begun(plan: dict[str, Any], before: str) -> list[tuple[str, ...]]:
    """What had begun by then, in the words of the plan."""
    moment = hh_mm_ss(clock(before))
    return sorted(
        (route["shift"], stop["place"], visit["request"], visit["kind"], visit["begin"])
        for route in plan["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
        if visit["begin"] <= moment
    )


def served(plan: dict[str, Any]) -> set[str]:
    return {
        each["request"] for route in plan["routes"] for s in route["stops"] for each in s["visits"]
    }


def shown_time(plan: dict[str, Any], request: str, which: int = 0) -> str:
    """When the n-th visit of a request begins."""
    times = sorted(
        visit["begin"]
        for route in plan["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
        if visit["request"] == request
    )
    moment: str = times[which]
    return moment
