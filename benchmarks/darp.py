"""
Dial-a-ride instances of the literature, solved, checked and compared with what is known.

    .venv/bin/python -m benchmarks.darp FILE... --seconds S [--seed N] [--jobs N]
        [--known TABLE.csv] [--json OUT]

Formats: Cordeau (2006) a and b, Cordeau and Laporte (2003) pr. Seconds are CPU seconds of one
core. TABLE.csv has the columns instance and optimum.
"""

import argparse
import csv
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.instances import read_cordeau
from benchmarks.verify import driven, faults
from scheduler.optimizer import solve, warm_up
from scheduler.optimizer.solution import Effort, Progress


@dataclass(frozen=True)
class Outcome:
    """What came of one instance; *routes* are request numbers, dropoffs negative."""

    instance: str
    cost: float | None
    bound: float
    proven: bool
    feasible: bool
    seconds: float
    routes: list[list[int]]
    faults: list[str]


def run(path: Path, *, seconds: float, seed: int) -> Outcome:
    """Solve one instance within so many CPU seconds, and check the answer."""
    problem = read_cordeau(path)
    begin = time.process_time()

    def watch(_: Progress) -> bool:
        return time.process_time() - begin < seconds

    effort = Effort(iterations=sys.maxsize, labels=sys.maxsize)
    solution = solve(problem, effort=effort, seed=seed, progress=watch)
    spent = time.process_time() - begin
    wrong = list(faults(problem, solution.routes))
    least = solution.bound_driving if solution.bound_weight == solution.unserved_weight else 0.0
    return Outcome(
        instance=path.stem,
        cost=None if solution.unserved_weight else driven(problem, solution.routes),
        bound=least,
        proven=solution.proven,
        feasible=not wrong,
        seconds=round(spent, 2),
        routes=[
            [visit // 2 + 1 if visit % 2 == 0 else -(visit // 2 + 1) for visit in route.visits]
            for route in solution.routes
        ],
        faults=wrong,
    )


def line(outcome: Outcome, known: float | None) -> str:
    """One row of the table."""
    cost = "-" if outcome.cost is None else f"{outcome.cost:.2f}"
    gap = "" if known is None or outcome.cost is None else f"{outcome.cost / known - 1:+.3%}"
    said = "proven" if outcome.proven else "open"
    right = "feasible" if outcome.feasible else f"WRONG: {'; '.join(outcome.faults)}"
    return (
        f"{outcome.instance:<10} {cost:>10} {outcome.bound:>10.2f} {said:<7} {right:<9}"
        f" {outcome.seconds:>7.1f} s {gap}"
    )


def main() -> int:
    """Solve all files; 1 if an answer is wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.darp", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--known", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    known: dict[str, float] = {}
    if arguments.known:
        with arguments.known.open(encoding="utf-8") as table:
            known = {row["instance"]: float(row["optimum"]) for row in csv.DictReader(table)}
    warm_up()
    job = partial(run, seconds=arguments.seconds, seed=arguments.seed)
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for outcome in pool.map(job, arguments.files):
            outcomes.append(outcome)
            print(line(outcome, known.get(outcome.instance)), flush=True)
    gaps = [
        outcome.cost / known[outcome.instance] - 1
        for outcome in outcomes
        if outcome.cost is not None and outcome.instance in known
    ]
    proven = sum(outcome.proven for outcome in outcomes)
    times = [outcome.seconds for outcome in outcomes]
    print(f"{len(outcomes)} instances, {proven} proven, median {median(times):.1f} s", end="")
    print(f", mean gap {sum(gaps) / len(gaps):.3%}, worst {max(gaps):.3%}" if gaps else "")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(o) for o in outcomes], indent=1) + "\n")
    return 0 if all(outcome.feasible or outcome.cost is None for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
