"""The command: `python -m benchmarks.load [--database sqlite|postgresql] [--clients 50] ...`."""

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import command, load
from benchmarks.load import running
from benchmarks.load.mix import READS, Log, Timed

LEDGER = Path(__file__).parents[1] / "README.md"
SECTION = "## Load"
HELLO_SECONDS = 10.0
WRITES = ("book", "offers", "accept")


def main(words: Sequence[str] | None = None) -> int:
    """Measure; 1 if a call failed or something that was acknowledged is lost."""
    parser = command.make_parser("load", load.__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--clients", type=command.count, default=50)
    parser.add_argument("--seconds", type=command.seconds, default=60.0)
    parser.add_argument("--days", type=command.count, default=19, help="with requests, from 2")
    parser.add_argument("--seed", type=command.seed, default=0)
    parser.add_argument("--ledger", action="store_true", help="append to benchmarks/README.md")
    asked = parser.parse_args(words)
    measured = measure(
        asked.database,
        clients=asked.clients,
        seconds=asked.seconds,
        days=max(2, asked.days),
        seed=asked.seed,
    )
    print(measured.summary)
    row = measured.row
    print(row)
    if asked.ledger and not measured.faults:
        _append(row)
    return 1 if measured.faults else 0


@dataclass(frozen=True)
class Measured:
    """What came of it; *cpu* are the seconds that the servers used."""

    database: str
    clients: int
    seconds: float
    log: Log
    bare: Sequence[Timed]
    bare_seconds: float
    cpu: float
    bare_cpu: float
    faults: Sequence[str]

    @property
    def rate(self) -> float:
        """Calls a second."""
        return len(self.log.calls) / self.seconds

    @property
    def bare_rate(self) -> float:
        """Hellos a second."""
        return len(self.bare) / self.bare_seconds

    @property
    def cost(self) -> tuple[float, float]:
        """Milliseconds of CPU for a call, and for a hello."""
        return 1000 * self.cpu / len(self.log.calls), 1000 * self.bare_cpu / len(self.bare)

    @property
    def summary(self) -> str:
        """All figures, by kind."""
        ours, theirs = self.cost
        every = self.log.calls
        return "\n".join(
            [
                f"hello: {self.bare_rate:.0f} calls/s, {theirs:.2f} ms CPU, {_spread(self.bare)}",
                f"{self.database}, {self.clients} at once: {self.rate:.0f}/s, {ours:.2f} ms CPU",
                *(
                    f"  {kind:<10}{_spread(call for call in every if call.kind == kind)}"
                    for kind in (*READS, *WRITES)
                ),
                f"{len(self.log.booked)} booked, {len(self.log.promised)} promised, all read back",
                f"{self.log.overtaken} offers overtaken, {len(self.faults)} faults",
                *(f"FAULT {fault}" for fault in self.faults[:10]),
            ]
        )

    @property
    def row(self) -> str:
        """One line of the ledger."""

        def both(*kinds: str) -> str:
            own = [call.seconds for call in self.log.calls if call.kind in kinds] or [0.0]
            p50, p99 = np.quantile(own, (0.5, 0.99)) * 1000
            return f"{p50:.0f} / {p99:.0f}"

        ours, theirs = self.cost
        cells = (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
            _commit(),
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
            f"{self.database}, {self.clients}, {self.seconds:g} s",
            f"{self.rate:.0f}",
            both(*READS),
            both("book"),
            both("offers"),
            f"{ours:.1f}",
            f"{self.bare_rate:.0f}",
            f"{theirs:.2f}",
            f"{self.bare_rate / self.rate:.0f} / {ours / theirs:.0f}",
        )
        return f"| {' | '.join(cells)} |"


def measure(database: str, *, clients: int, seconds: float, days: int, seed: int = 0) -> Measured:
    """Let clients work, and read back what was acknowledged."""
    bare_seconds = min(HELLO_SECONDS, seconds)
    with running.hello() as hello:
        bare = running.say_hello(hello.url, clients=clients, seconds=bare_seconds)
        bare_cpu = running.cpu_seconds(hello.process)
    with (
        tempfile.TemporaryDirectory() as folder,
        running.installation(Path(folder), database) as served,
    ):
        world = running.fill(served, days=days)
        before = running.cpu_seconds(served.process)
        log = running.work(served.url, world, clients=clients, seconds=seconds, seed=seed)
        cpu = running.cpu_seconds(served.process) - before
        faults = running.faults([*bare, *log.calls])
        try:
            running.read_back(served.url, log)
        except running.LostError as lost:
            faults.append(str(lost))
    return Measured(database, clients, seconds, log, bare, bare_seconds, cpu, bare_cpu, faults)


def _spread(calls: Iterable[Timed]) -> str:
    seconds = [call.seconds for call in calls]
    if not seconds:
        return "-"
    p50, p99 = np.quantile(seconds, (0.5, 0.99)) * 1000
    return f"{len(seconds)} calls, p50 {p50:.0f} ms, p99 {p99:.0f} ms"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True
    )
    return done.stdout.strip() or "-"


def _append(row: str) -> None:
    """Put a row below the last one of the table in the ledger."""
    lines = LEDGER.read_text(encoding="utf-8").splitlines()
    begin = lines.index(SECTION)
    table = next(n for n in range(begin, len(lines)) if lines[n].startswith("|"))
    end = next((n for n in range(table, len(lines)) if not lines[n].startswith("|")), len(lines))
    lines.insert(end, row)
    LEDGER.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
