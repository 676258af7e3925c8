"""A solve is followed as it goes on, by as many as want to, and by those who come back."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.jobs.runner import Runner
from api.operations.office import Office
from data.exchange import write_requests
from data.synthetic import invent_day
from tests.builders_api import TUESDAY
from tests.builders_serving import Served, next_service_day, serving
from tests.builders_solving import wait_for

V1 = "/api/v1"
LISTENERS = 60  # more than there are threads for handlers

Event = tuple[str, int, dict[str, Any]]


def events(lines: Iterator[str]) -> Iterator[Event]:
    """Read events as a browser does (https://html.spec.whatwg.org/#parsing-an-event-stream)."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            if "data" in fields:
                yield fields["event"], int(fields["id"]), json.loads(fields["data"])
            fields = {}


def test_a_solve_is_told_to_its_end(client: TestClient, office: Office) -> None:
    """From what is known at first, by rising steps, to what came of it; then the line ends."""
    client.post(f"{V1}/days/{TUESDAY}/solves", json={"seconds": 1})
    office.runner = runner = Runner(office)
    runner.start()

    answer = client.get(f"{V1}/solves/s1/events")

    told = list(events(iter(answer.text.splitlines())))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("retry: ")
    assert {name for name, _, _ in told[:-1]} <= {"progress"}
    steps = [step for _, step, _ in told]
    assert steps == sorted(set(steps))
    name, step, last = told[-1]
    assert (name, last["state"], last["version"], last["step"]) == ("done", "done", 1, step)
    assert last == client.get(f"{V1}/solves/s1").json()


def test_who_comes_back_gets_what_is_new_and_nothing_twice(client: TestClient) -> None:
    """Who has seen the end is told not to come again (204)."""
    client.post(f"{V1}/days/{TUESDAY}/solves")
    stopped = client.post(f"{V1}/solves/s1/stop").json()
    path, step = f"{V1}/solves/s1/events", stopped["step"]

    missed = client.get(path, headers={"Last-Event-ID": str(step - 1)})
    seen = client.get(path, headers={"Last-Event-ID": str(step)})
    strange = client.get(path, headers={"Last-Event-ID": "gestern"})

    assert [name for name, _, _ in events(iter(missed.text.splitlines()))] == ["stopped"]
    assert (seen.status_code, seen.content) == (204, b"")
    assert strange.text == missed.text


def test_a_solve_that_there_is_not_is_404(client: TestClient) -> None:
    """As a problem document, not as an empty stream."""
    answer = client.get(f"{V1}/solves/s1/events")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def fill(served: Served) -> str:
    """A day that takes long to plan; its path."""
    from data.region_file import load_region

    day = next_service_day()
    rows = invent_day(load_region("kalletal"), day, requests=40, seed=1)
    with served.client() as client:
        files = {"file": ("day.csv", write_requests(rows).encode())}
        assert client.post(f"{V1}/requests/import", files=files).status_code == 200
    return f"{V1}/days/{day}"


def listen(served: Served, begun: threading.Semaphore) -> list[Event]:
    """Listen to the first solve to its end."""
    heard: list[Event] = []
    with (
        served.client() as client,
        client.stream("GET", f"{V1}/solves/s1/events", timeout=6000) as stream,
    ):
        for event in events(stream.iter_lines()):
            if not heard:
                begun.release()
            heard.append(event)
    return heard


def test_many_listen_at_once_and_others_are_still_answered(tmp_path: Path) -> None:
    """More than the service has threads; each hears the end that somebody else asks for."""
    with serving(tmp_path) as served, ThreadPoolExecutor(LISTENERS) as threads:
        day, begun = fill(served), threading.Semaphore(0)
        with served.client() as client:
            assert client.post(f"{day}/solves", json={"seconds": 300}).status_code == 202
            listening = [threads.submit(listen, served, begun) for _ in range(LISTENERS)]
            for _ in range(LISTENERS):
                assert begun.acquire(timeout=600)
            wait_for(lambda: client.get(f"{V1}/solves/s1").json()["progress"])
            client.post(f"{V1}/solves/s1/stop")

            heard = [each.result(60) for each in listening]

    assert {each[-1][0] for each in heard} == {"stopped"}
    assert {each[-1][2]["version"] for each in heard} == {1}


def test_the_end_of_the_service_ends_the_line(tmp_path: Path) -> None:
    """It does not wait for listeners; who comes back after the start hears how it goes on."""
    with serving(tmp_path) as served, ThreadPoolExecutor(1) as threads:
        day, begun = fill(served), threading.Semaphore(0)
        with served.client() as client:
            client.post(f"{day}/solves", json={"seconds": 3})
        listening = threads.submit(listen, served, begun)
        assert begun.acquire(timeout=600)
        began = time.monotonic()
        assert served.end() == 0
        assert time.monotonic() - began < 20  # and not the 30 s that callers are given
        seen = listening.result(60)[-1]
        assert seen[0] == "progress"

    with serving(tmp_path) as served, served.client() as client:
        headers = {"Last-Event-ID": str(seen[1])}
        with client.stream("GET", f"{V1}/solves/s1/events", headers=headers) as stream:
            told = list(events(stream.iter_lines()))
    assert told[-1][0] == "done"
    assert told[0][1] > seen[1]
