"""
Remedies for people without room: each verified, and how long the list of them takes.

    .venv/bin/python -m benchmarks.remedies [--requests 25] [--buses 2] [--refusals 500]
        [--seed N] [--prove] [--json OUT]

Village days of Kalletal (`benchmarks.days`) of seeds N, N + 1, ... are planned, and everybody left
out is asked about until there are so many *refusals*. Each remedy is applied to what was asked,
the day is made anew, and its plan is judged by the checker and by who is served. Any fault makes
the exit code 1. Seconds are CPU seconds of one core, without the planning of the days. With
*prove* the exact method decides each verdict, and whether a smaller change would do.
"""

import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from benchmarks import command
from benchmarks.days import asked_day, region_of
from scheduler.asked import Asked
from scheduler.check import check
from scheduler.model import PlaceKind
from scheduler.optimizer import warm_up
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.planning import plan_day
from scheduler.remedies import PROOF, SEARCH, Explanation, Kind, Remedy, apply, explain

# What a day is planned with: enough for a good plan, and often for a proof.
PLANNING = Effort(iterations=5_000, labels=1_000_000)


@dataclass(frozen=True)
class Outcome:
    """What came of one refusal; *kinds* are those of its remedies, *least* how many are proven."""

    seed: int
    request: str
    reason: str
    verdict: str
    kinds: list[str]
    least: int
    seconds: float
    faults: list[str]


def run(seed: int, asked: Asked, plan: Plan, request: str, effort: Effort) -> Outcome:
    """Ask about one request, and verify every remedy."""
    begin = time.process_time()
    answer = explain(asked, plan, request, effort=effort)
    seconds = time.process_time() - begin
    return Outcome(
        seed,
        request,
        answer.unserved.reason.value,
        answer.verdict.value,
        [remedy.change.kind.value for remedy in answer.remedies],
        sum(remedy.least for remedy in answer.remedies),
        seconds,
        [fault for remedy in answer.remedies for fault in faults(asked, plan, answer, remedy)],
    )


def faults(asked: Asked, plan: Plan, answer: Explanation, remedy: Remedy) -> list[str]:
    """Why a remedy is none: the day made anew, judged by the checker, and who is served."""
    change = remedy.change
    day = apply(change, asked).day
    found = [f"{change}: {each.message}" for each in check(remedy.plan, day)]
    given_up = {change.request} if change.kind is Kind.WITHOUT_OTHER else set()
    wanted = {answer.request} | {visit.request for visit in plan.visits} - given_up
    left = wanted - {visit.request for visit in remedy.plan.visits}
    return [*found, *(f"{change}: {name} is not served" for name in sorted(left))]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 1 if any remedy is none."""
    parser = command.make_parser("remedies", __doc__)
    parser.add_argument("--requests", type=command.count, default=25)
    parser.add_argument("--buses", type=command.count, default=2)
    parser.add_argument("--refusals", type=command.count, default=500)
    parser.add_argument("--seed", type=command.seed, default=0)
    parser.add_argument("--prove", action="store_true")
    options = parser.parse_args(arguments)
    region = region_of("kalletal")
    pharmacies = [place.id for place in region.places.values() if place.kind is PlaceKind.PHARMACY]
    warm_up()
    outcomes: list[Outcome] = []
    seed = options.seed
    while len(outcomes) < options.refusals:
        asked = asked_day(
            region, requests=options.requests, seed=seed, buses=options.buses, also=pharmacies
        )
        plan = plan_day(asked.day, effort=PLANNING)
        effort = PROOF if options.prove else SEARCH
        for unserved in plan.unserved[: options.refusals - len(outcomes)]:
            outcome = run(seed, asked, plan, unserved.request, effort)
            outcomes.append(outcome)
            for fault in outcome.faults:
                print(f"seed {seed}: {fault}")
        seed += 1
    report(outcomes)
    command.write_json(options.json, [asdict(outcome) for outcome in outcomes])
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def report(outcomes: list[Outcome]) -> None:
    """Print one line of figures, and how often which remedy was found."""
    seconds = [outcome.seconds for outcome in outcomes]
    slowest = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    remedies = Counter(kind for outcome in outcomes for kind in outcome.kinds)
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    print(
        f"{len(outcomes)} refusals of {outcomes[-1].seed - outcomes[0].seed + 1} days, "
        f"{sum(bool(outcome.kinds) for outcome in outcomes)} with remedies; "
        f"{remedies.total()} remedies, {sum(outcome.least for outcome in outcomes)} of them proven "
        f"least, {sum(bool(outcome.faults) for outcome in outcomes)} refusals with faults; "
        f"CPU s: p50 {median(seconds):.2f}, p95 {slowest:.2f}, worst {max(seconds):.2f}"
    )
    print("verdicts:", ", ".join(f"{name} {times}" for name, times in verdicts.most_common()))
    print("remedies:", ", ".join(f"{name} {times}" for name, times in remedies.most_common()))


if __name__ == "__main__":
    sys.exit(main())
