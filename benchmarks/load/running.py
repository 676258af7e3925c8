"""The installation under load: a server process, four weeks of requests, a plan; many clients."""

import asyncio
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from benchmarks.load.http import Client
from benchmarks.load.mix import V1, Log, Person, Timed, World
from data.region_file import SHIPPED, load_region
from tests.builders_databases import running_postgres
from tests.builders_serving import Served, free_port, serving

SAMPLE = SHIPPED / "kalletal" / "sample-day.csv"
HORIZON_DAYS = 28  # people may book so far ahead; 19 of them are service days
PLAN_SECONDS = 3
READY_SECONDS = 120.0


class LostError(AssertionError):
    """Something that was acknowledged is not there."""


@contextmanager
def installation(folder: Path, database: str) -> Iterator[Served]:
    """Serve an empty installation on one of the two databases; it is fit for work."""
    with ExitStack() as stack:
        settings: dict[str, str] = {}
        if database == "postgresql":
            postgres = stack.enter_context(running_postgres(durable=True))
            settings["database"] = stack.enter_context(postgres.database())
        served = stack.enter_context(serving(folder, **settings))
        _wait(lambda: httpx2.get(f"{served.url}/readyz").json()["kernels"] == "ok")
        yield served


@dataclass(frozen=True)
class Hello:
    """The bare hello: where it answers, and its process."""

    url: str
    process: "subprocess.Popen[bytes]"


def cpu_seconds(process: "subprocess.Popen[bytes]") -> float:
    """What a process has used so far: that does not depend on what else the machine does."""
    # After the name in brackets; see proc(5): utime and stime are fields 14 and 15.
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def hello() -> Iterator[Hello]:
    """Serve a bare hello."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.load.hello", str(port)]
    with subprocess.Popen(command) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(lambda: httpx2.get(f"{url}/hello").status_code == 200)
            yield Hello(url, process)
        finally:
            process.terminate()


def fill(served: Served, *, days: int) -> World:
    """Book the sample day on so many of the next service days, and plan the first."""
    region = load_region("kalletal")
    today = dt.datetime.now(dt.UTC).date()
    ahead = (today + dt.timedelta(days=days) for days in range(1, HORIZON_DAYS))
    open_days = [day for day in ahead if region.shifts(day)][:days]
    head, *rows = SAMPLE.read_text(encoding="utf-8").splitlines()
    known: list[str] = []
    with served.client() as client:
        for day in open_days:
            text = "\n".join([head, *(f"{day}{row[10:]}" for row in rows)])
            taken = client.post(f"{V1}/requests/import", files={"file": ("t.csv", text.encode())})
            taken.raise_for_status()
            known += taken.json()["added"]
        planned = client.post(f"{V1}/days/{open_days[0]}/plan", json={"seconds": PLAN_SECONDS})
        planned.raise_for_status()
    return World(open_days, [route["shift"] for route in planned.json()["routes"]], known)


def work(url: str, world: World, *, clients: int, seconds: float, seed: int = 0) -> Log:
    """Let so many people work for so long."""
    log = Log()

    async def everybody() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(_person(url, world, log, until, seed + n) for n in range(clients)))

    asyncio.run(everybody())
    return log


async def _person(url: str, world: World, log: Log, until: float, seed: int) -> None:
    async with Client(url) as client:
        await Person(client, world, log, seed=seed).work(until)


def say_hello(url: str, *, clients: int, seconds: float) -> list[Timed]:
    """Let so many clients ask for hello for so long."""
    calls: list[Timed] = []

    async def one(until: float) -> None:
        async with Client(url) as client:
            while time.monotonic() < until:
                begin = time.perf_counter()
                answer = await client.call("GET", "/hello")
                fault = "" if answer.status == 200 else str(answer.status)
                calls.append(Timed("hello", time.perf_counter() - begin, fault))

    async def everybody() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(one(until) for _ in range(clients)))

    asyncio.run(everybody())
    return calls


def read_back(url: str, log: Log) -> None:
    """
    Read everything that was acknowledged.

    Raises
    ------
    LostError
        If a request or a promise is missing, or the name is another one.
    """

    async def every() -> list[str]:
        async with Client(url) as client:
            return [fault async for fault in _missing(client, log)]

    if lost := asyncio.run(every()):
        msg = f"{len(lost)} acknowledged and lost: {'; '.join(lost[:5])}"
        raise LostError(msg)


async def _missing(client: Client, log: Log) -> AsyncIterator[str]:
    promised = set(log.promised)
    for request, name in log.booked.items():
        answer = await client.call("GET", f"{V1}/requests/{request}")
        if answer.status != 200 or answer.document["name"] != name:
            yield f"{request} ({answer.status})"
        elif request in promised and (answer.document["promise"] or {}).get("state") != "promised":
            yield f"promise of {request}"


def faults(calls: Sequence[Timed]) -> list[str]:
    """What went wrong, each with its kind."""
    return [f"{call.kind}: {call.fault}" for call in calls if call.fault]


def _wait(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            if there():
                return
        except httpx2.TransportError:
            pass
        if time.monotonic() > deadline:
            msg = "The server is not ready."
            raise TimeoutError(msg)
        time.sleep(0.05)
