"""
Village days with everything that a real one has: solved, proven, checked, compared.

    .venv/bin/python -m benchmarks.villages --trips 15,25,40,60
        [--region kalletal|liechtenstein|both] [--days N] [--seconds S] [--seed N]
        [--buses B] [--window W] [--ride R] [--rivals] [--json OUT]

For each number of requests, days of seeds N, N + 1, ... (`benchmarks.days`). Seconds are CPU
seconds of one core. By default there are as many buses as a municipality would have; *W* and *R*,
minutes, make days wider than the policy. With *rivals* the search alone and OR-Tools get as many
CPU seconds as the proof took, one at least.

The objective has two levels, and so has the gap: with the least unserved weight proven it is
driving above its bound; otherwise there is none, and the line says "weight open".
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from statistics import mean, median

from benchmarks import command, ortools_routing
from benchmarks.days import REGIONS, region_of, regions_asked, village_day
from scheduler.check import check
from scheduler.day import Day
from scheduler.formulate import make_plan, make_problem
from scheduler.optimizer import solve, warm_up
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort, Progress, Solution
from scheduler.optimizer.timing import schedule
from scheduler.problem import Problem

# The first limit: a dispatcher waits that long.
SOON = 10.0


@dataclass(frozen=True)
class Rival:
    """What another method came to; ``weight`` is ``None`` if it found nothing."""

    name: str
    weight: int | None
    driving: float
    seconds: float
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What came of one day; weights and seconds of driving, *seconds* of CPU."""

    region: str
    requests: int
    seed: int
    trips: int
    shifts: int
    refused: int
    weight: int
    driving: float
    bound_weight: int
    bound_driving: float
    proven: bool
    seconds: float
    faults: list[str]
    statistics: dict[str, float]
    rivals: list[Rival]

    @property
    def gap(self) -> float | None:
        """Driving above its bound; ``None`` while the least unserved weight is open."""
        if self.weight != self.bound_weight:
            return None
        return _above(self.driving, self.bound_driving)

    def gap_of(self, rival: Rival) -> float | None:
        """The driving of a rival above our bound; ``None`` if it leaves more weight, or we do."""
        if rival.weight != self.bound_weight:
            return None
        return _above(rival.driving, self.bound_driving)


def _above(driving: float, bound: float) -> float:
    return driving / bound - 1 if bound else float(driving > 0)


def run(day: Day, *, seconds: float, seed: int = 0, labels: int = sys.maxsize) -> Solution:
    """Solve a day within so many CPU seconds; without labels nothing is proven."""
    begin = time.process_time()

    def watch(_: Progress) -> bool:
        return time.process_time() - begin < seconds

    effort = Effort(iterations=sys.maxsize, labels=labels)
    return solve(make_problem(day), effort=effort, seed=seed, progress=watch)


def faults(day: Day, solution: Solution) -> list[str]:
    """What the independent checker says of a solution."""
    return [f"{each.rule} at {each.where}" for each in check(make_plan(day, solution), day)]


def search_alone(day: Day, *, seconds: float, seed: int = 0) -> Rival:
    """The search without the proof."""
    begin = time.process_time()
    solution = run(day, seconds=seconds, seed=seed, labels=0)
    spent = time.process_time() - begin
    weight, driving = solution.unserved_weight, solution.cost
    return Rival("search alone", weight, driving, round(spent, 2), faults(day, solution))


def or_tools(day: Day, *, seconds: float, seed: int = 0) -> Rival:
    """OR-Tools' routing library."""
    problem = make_problem(day)
    begin = time.process_time()
    routes = ortools_routing.search(problem, seconds=seconds, seed=seed)
    spent = round(time.process_time() - begin, 2)
    if routes is None:
        return Rival("OR-Tools", None, 0.0, spent)
    weight, driving = ortools_routing.cost(problem, routes)
    return Rival("OR-Tools", weight, driving, spent, faults(day, _timed(problem, routes)))


def _timed(problem: Problem, routes: ortools_routing.Routes) -> Solution:
    """Routes as a solution with times and without a bound."""
    instance = prepare(problem)
    plans = tuple(schedule(instance, shift, route) for shift, route in enumerate(routes))
    weight, driving = ortools_routing.cost(problem, routes)
    return Solution(plans, weight, driving, bound_weight=0, bound_cost=0.0, proven=False)


def outcome(
    region: str,
    *,
    requests: int,
    seed: int,
    seconds: float,
    buses: int | None = None,
    window: int | None = None,
    ride: int | None = None,
    rivals: bool = False,
) -> Outcome:
    """Invent one day, solve and check it, and let the rivals try if they are asked."""
    day = village_day(
        region_of(region), requests=requests, seed=seed, buses=buses, window=window, ride=ride
    )
    begin = time.process_time()
    solution = run(day, seconds=seconds)
    spent = time.process_time() - begin
    methods = (search_alone, or_tools) if rivals else ()
    others = [method(day, seconds=max(1.0, spent)) for method in methods]
    return Outcome(
        region=region,
        requests=requests,
        seed=seed,
        trips=len(day.trips),
        shifts=len(day.shifts),
        refused=len(day.refused),
        weight=solution.unserved_weight,
        driving=solution.cost,
        bound_weight=solution.bound_weight,
        bound_driving=solution.bound_cost,
        proven=solution.proven,
        seconds=round(spent, 2),
        faults=faults(day, solution),
        statistics=dict(solution.statistics),
        rivals=others,
    )


def line(outcome: Outcome) -> str:
    """One row of the table."""
    labels = outcome.statistics.get("labels", 0.0)
    # A bound on driving goes with the bound on weight, and says nothing while that is open.
    least = "-" if outcome.gap is None else f"{outcome.bound_driving:.0f}"
    parts = [
        f"{outcome.region:<13} {outcome.requests:>3} seed {outcome.seed:<3}",
        f"{outcome.trips:>4} trips {outcome.shifts:>2} shifts",
        f"unserved {outcome.weight:>3} (>= {outcome.bound_weight})",
        f"driving {outcome.driving:>6.0f} (>= {least:>6})",
        "weight open" if outcome.gap is None else f"gap {outcome.gap:>7.3%}",
        "proven" if outcome.proven else "OPEN  ",
        f"{outcome.seconds:>6.1f} s {labels:>11,.0f} labels",
    ]
    for rival in outcome.rivals:
        gap = outcome.gap_of(rival)
        said = f"unserved {rival.weight}" if gap is None else f"{gap:+.2%}"
        parts.append(f"{rival.name} {said}")
    wrong = [*outcome.faults, *(fault for rival in outcome.rivals for fault in rival.faults)]
    return "  ".join([*parts, f"WRONG: {'; '.join(wrong)}"] if wrong else parts)


def summary(outcomes: Sequence[Outcome], *, seconds: float) -> str:
    """One line about all days of one size."""
    gaps = [each.gap for each in outcomes if each.gap is not None]
    soon = sum(each.proven and each.seconds <= SOON for each in outcomes)
    parts = [
        f"{outcomes[0].requests} requests: {len(outcomes)} days",
        f"{soon} proven within {SOON:.0f} s",
        f"{sum(each.proven for each in outcomes)} within {seconds:.0f} s",
        f"{len(outcomes) - len(gaps)} with the weight open",
        f"worst gap {max(gaps):.3%}" if gaps else "no gap",
        f"median {median(each.seconds for each in outcomes):.1f} s",
    ]
    for which, rival in enumerate(outcomes[0].rivals):
        theirs = [each.gap_of(each.rivals[which]) for each in outcomes]
        known = [gap for gap in theirs if gap is not None]
        worse = sum(
            rival.weight is None or rival.weight > each.weight
            for each in outcomes
            for rival in [each.rivals[which]]
        )
        text = f"{rival.name} {mean(known):+.2%} on {len(known)} days" if known else rival.name
        parts.append(f"{text}, leaves more people on {worse}")
    return "; ".join(parts)


def main() -> int:
    """Solve all days; 1 if an answer is wrong, 2 if there is no region."""
    arguments = _arguments()
    regions = regions_asked(arguments.region)
    warm_up()
    outcomes: list[Outcome] = []
    summaries = []
    for requests in arguments.trips:
        size = []
        for region, seed in product(regions, range(arguments.days)):
            size.append(
                outcome(
                    region,
                    requests=requests,
                    seed=arguments.seed + seed,
                    seconds=arguments.seconds,
                    buses=arguments.buses,
                    window=arguments.window,
                    ride=arguments.ride,
                    rivals=arguments.rivals,
                )
            )
            print(line(size[-1]), flush=True)
        summaries.append(summary(size, seconds=arguments.seconds))
        outcomes += size
    print(*summaries, sep="\n")
    command.write_json(arguments.json, [asdict(each) for each in outcomes])
    wrong = any(each.faults or any(r.faults for r in each.rivals) for each in outcomes)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = command.make_parser("villages", __doc__)
    parser.add_argument(
        "--trips",
        type=command.counts,
        default=[15, 25, 40, 60],
        help="requests a day, several sizes",
    )
    parser.add_argument("--region", choices=[*REGIONS, "both"], default="kalletal")
    parser.add_argument("--days", type=command.count, default=8)
    parser.add_argument("--seconds", type=command.seconds, default=60.0)
    parser.add_argument("--seed", type=command.seed, default=0)
    parser.add_argument("--buses", type=command.count)
    parser.add_argument("--window", type=command.minutes)
    parser.add_argument("--ride", type=command.count)
    parser.add_argument("--rivals", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
