"""SIGTERM while people work: what has begun is finished, and nothing acknowledged is lost."""

import datetime as dt
import signal
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.builders_api import BODY
from tests.builders_serving import Served, next_service_day, serving

V1 = "/api/v1"
TYPISTS = 4


def book(served: Served, day: dt.date, stopped: threading.Event) -> list[str]:
    """Take one request after the other until nobody answers; those that were acknowledged."""
    taken = []
    with served.client() as client:
        while not stopped.is_set():
            try:
                answer = client.post(f"{V1}/requests", json={**BODY, "date": day.isoformat()})
            except httpx2.TransportError:
                break
            assert answer.status_code == 201, answer.text
            taken.append(answer.json()["id"])
    return taken


def kept(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "fahrten.sqlite3") as database:
        found = {f"r{number}" for (number,) in database.execute("SELECT id FROM requests")}
    database.close()
    return found


def wait_for_solve(served: Served, path: str) -> None:
    """Whoever has only asked for a plan when the end comes is refused; here, one has begun."""
    with served.client() as client:
        while not any(each["state"] != "waiting" for each in client.get(path).json()):
            time.sleep(0.02)
        time.sleep(0.3)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_end_waits_for_what_has_begun(tmp_path: Path, how: signal.Signals) -> None:
    """A day is being planned and four people type when the signal comes."""
    day = next_service_day()
    with (
        serving(tmp_path) as served,
        served.client() as client,
        ThreadPoolExecutor(TYPISTS + 1) as others,
    ):
        first = client.post(f"{V1}/requests", json={**BODY, "date": day.isoformat()})
        assert first.status_code == 201
        stopped = threading.Event()
        typists = [others.submit(book, served, day, stopped) for _ in range(TYPISTS)]
        planning = others.submit(client.post, f"{V1}/days/{day}/plan", json={})
        wait_for_solve(served, f"{V1}/days/{day}/solves")
        code = served.end(how)
        stopped.set()
        acknowledged = {name for each in typists for name in each.result()}

        assert code == 0
        assert planning.result().status_code == 200
        assert acknowledged
        assert acknowledged <= kept(tmp_path)
        assert [line for line in served.lines() if line["level"] == "error"] == []
        assert served.lines()[-1]["event"] == "ended"


def test_the_end_does_not_wait_for_ever(tmp_path: Path) -> None:
    """Somebody takes a minute to send a request: after the limit the connection is cut."""
    with serving(tmp_path, stop_seconds=1) as served:
        address = served.url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1]))) as slow:
            head = "POST /api/v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
            slow.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
            time.sleep(0.3)

            assert served.end() == 0
