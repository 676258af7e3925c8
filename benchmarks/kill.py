"""
Kill processes at random moments, and see that nothing is lost, nothing is twice, all is solved.

A real service with a real database; three people book and one has days planned meanwhile. Victims
of `kill -9` are the service (also a few milliseconds after a booking was sent), a worker process,
and, in a second installation with a Dask cluster, its worker and its scheduler. After each
death the service is asked for all that it has acknowledged.
"""

import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx2 as httpx

from benchmarks.command import count, make_parser, seed, write_json
from benchmarks.killing.checking import check_plans, check_requests, wait_for_solves
from benchmarks.killing.people import Noted, Person
from benchmarks.killing.processes import Installation
from data.region_file import load_region

VICTIMS = {
    False: ("web", "pool worker", "mid-commit"),
    True: ("web", "dask worker", "dask scheduler"),
}
BOOKERS = 3
SECONDS = 1.0  # for planning one day
LONGEST_WAIT = 1.5  # until the next death
LIMIT_SECONDS = 30.0  # from the start of what was killed until everything is solved


@dataclass
class Result:
    """What happened: per victim how long it took until all was solved, and all faults."""

    took: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    requests: int = 0
    solves: int = 0

    @property
    def late(self) -> int:
        """How often it took longer than that."""
        return sum(each > LIMIT_SECONDS for took in self.took.values() for each in took)

    @property
    def kills(self) -> int:
        """How often something was killed."""
        return sum(map(len, self.took.values()))


def service_days(number: int) -> list[date]:
    """Days to come on which buses drive."""
    region = load_region("kalletal")
    day, days = datetime.now().astimezone().date() + timedelta(days=7), list[date]()
    while len(days) < number:
        if region.shifts(day):
            days.append(day)
        day += timedelta(days=1)
    return days


def kill_often(
    folder: Path, database: str, *, cluster: bool, kills: int, dice: random.Random
) -> Result:
    """Kill *kills* times in one installation."""
    result, noted = Result(), Noted()
    installation = Installation(folder, database, cluster)
    days = service_days(12)
    try:
        installation.start()
        people = [
            Person(
                installation.url,
                days,
                noted,
                plans=number == BOOKERS,
                seed=dice.randrange(10**6),
                seconds=SECONDS,
            )
            for number in range(BOOKERS + 1)
        ]
        for person in people:
            person.start()
        with httpx.Client(base_url=installation.url, timeout=60) as client:
            while result.kills < kills:
                _kill_once(installation, people, noted, client, result, dice)
            for person in people:
                person.ended.set()
            for person in people:
                person.join(60)
            result.faults += wait_for_solves(client, noted, since=time.monotonic())[0]
            result.faults += check_requests(client, noted) + check_plans(client, noted)
    finally:
        installation.end()
    result.faults += noted.refused
    result.requests, result.solves = len(noted.requests), len(noted.solves)
    return result


def _kill_once(
    installation: Installation,
    people: list[Person],
    noted: Noted,
    client: httpx.Client,
    result: Result,
    dice: random.Random,
) -> None:
    victims = VICTIMS[installation.cluster]
    victim = victims[result.kills % len(victims)]
    for person in people:
        person.paused.clear()
    before = len(noted.requests)
    time.sleep(dice.random() * LONGEST_WAIT)
    if victim == "mid-commit":
        while len(noted.requests) == before:  # somebody was answered just now, others are waiting
            time.sleep(0.0005)
        time.sleep(dice.random() * 0.02)
    if not installation.kill(victim):
        return  # no worker had been needed yet
    since = time.monotonic()
    for person in people:
        person.idle.clear()
        person.paused.set()
    for person in people:  # who got no answer has asked once more, and has one now
        person.idle.wait(60)
    faults, took = wait_for_solves(client, noted, since=since)
    faults += check_requests(client, noted) + check_plans(client, noted)
    result.took.setdefault(victim, []).append(took)
    result.faults += [f"kill {result.kills} ({victim}): {fault}" for fault in faults]
    sys.stderr.write(f"{result.kills:4} {victim:14} {took:5.1f} s {faults}\n")


def run(database: str, kills: int, *, number: int = 0) -> Result:
    """Kill in both kinds of installation, half of the times in each."""
    dice = random.Random(number)  # noqa: S311  (nobody's secret)
    together = Result()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kill-")))
        for cluster, share in ((False, kills - kills // 2), (True, kills // 2)):
            if not share:
                continue
            url = _database(database, stack)
            part = kill_often(folder / str(cluster), url, cluster=cluster, kills=share, dice=dice)
            for victim, took in part.took.items():
                together.took.setdefault(victim, []).extend(took)
            together.faults += part.faults
            together.requests += part.requests
            together.solves += part.solves
    return together


def _database(kind: str, stack: ExitStack) -> str:
    if kind == "sqlite":
        return ""
    from tests.builders_databases import running_postgres

    server = stack.enter_context(running_postgres())
    return stack.enter_context(server.database())


def show(database: str, result: Result) -> None:
    """Print a row for each victim, and every fault."""
    print("| database | victim | kills | all solved after: median / longest s |")
    print("|---|---|---|---|")
    for victim, took in sorted(result.took.items()):
        print(
            f"| {database} | {victim} | {len(took)} "
            f"| {statistics.median(took):.1f} / {max(took):.1f} |"
        )
    print(
        f"\n{result.kills} kills, {result.requests} requests and {result.solves} solves "
        f"acknowledged, {len(result.faults)} faults, {result.late} times later than "
        f"{LIMIT_SECONDS:.0f} s"
    )
    for fault in result.faults:
        print(f"- {fault}")


def main() -> int:
    """Run the command; 1 if anything was lost, twice or late."""
    parser = make_parser("kill", __doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=count, default=100)
    parser.add_argument("--seed", type=seed, default=0)
    asked = parser.parse_args()
    result = run(asked.database, asked.kills, number=asked.seed)
    show(asked.database, result)
    write_json(
        asked.json,
        [
            {"database": asked.database, "took": result.took, "faults": result.faults},
        ],
    )
    return 1 if result.faults or result.late else 0


if __name__ == "__main__":
    sys.exit(main())
