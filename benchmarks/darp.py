"""
Dial-a-ride instances of the literature, solved, checked and compared with what is known.

    .venv/bin/python -m benchmarks.darp FILE... --seconds S [--seeds 0,1,2] [--jobs N]
        [--without-proof] [--one-depot] [--known TABLE.csv] [--json OUT]

Formats (see benchmarks/formats/): Cordeau a and b, Cordeau & Laporte pr, Li & Lim pickup and
delivery, Malheiros et al. heterogeneous with several depots; each file tells which it is. Seconds
are CPU seconds of one core. TABLE.csv has the columns instance, optimum (or cost) and, if
vehicles come first, vehicles.

The JSON is a list of {instance, cost, bound, proven, feasible, seconds, routes, vehicles, seed,
faults}. *routes* has a list for each vehicle in the order of the file, of the numbers that the
points have in the file, without depots. *cost* is null if somebody stays at home.
"""

import argparse
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from statistics import mean, median

from benchmarks import command
from benchmarks.answering import answer
from benchmarks.formats.case import Case
from benchmarks.known import Known
from benchmarks.literature import make_parser, read_inputs
from scheduler.optimizer import warm_up


@dataclass(frozen=True)
class Outcome:
    """What came of one instance with one seed; *routes* are the file's numbers of points."""

    instance: str
    cost: float | None
    bound: float
    proven: bool
    feasible: bool
    seconds: float
    routes: list[list[int]]
    vehicles: int
    seed: int
    faults: list[str]


def run(job: tuple[Case, int], *, seconds: float, proof: bool = True) -> Outcome:
    """Solve one instance with one seed within so many CPU seconds, and check the answer."""
    case, seed = job
    found = answer(case, seconds=seconds, seed=seed, proof=proof)
    return Outcome(
        instance=case.name,
        cost=found.cost,
        bound=found.bound,
        proven=found.proven,
        feasible=not found.faults,
        seconds=round(found.seconds, 2),
        routes=[case.numbers[list(route.visits)].tolist() for route in found.routes],
        vehicles=found.vehicles,
        seed=seed,
        faults=list(found.faults),
    )


def line(outcome: Outcome, known: Mapping[str, Known]) -> str:
    """One row of the table."""
    cost = "-" if outcome.cost is None else f"{outcome.cost:.2f}"
    said = "proven" if outcome.proven else "open"
    right = "feasible" if outcome.feasible else f"WRONG: {'; '.join(outcome.faults)}"
    return (
        f"{outcome.instance:<14} {outcome.seed:>4} {cost:>10} {outcome.bound:>10.2f} {said:<6}"
        f" {right:<8} {outcome.vehicles:>3} vehicles {outcome.seconds:>7.1f} s"
        f" {_gap_text(outcome, known)}"
    ).rstrip()


def summary(outcomes: Sequence[Outcome], known: Mapping[str, Known]) -> list[str]:
    """For each seed: how many proven, how long, how far from what is known."""
    lines = []
    for seed in dict.fromkeys(outcome.seed for outcome in outcomes):
        ours = [outcome for outcome in outcomes if outcome.seed == seed]
        proven, right = sum(o.proven for o in ours), sum(o.feasible for o in ours)
        text = f"seed {seed}: {len(ours)} instances, {right} feasible, {proven} proven"
        text += f", median {median(o.seconds for o in ours):.1f} s"
        gaps = [gap for o in ours if (gap := _gap(o, known)) is not None]
        if gaps:
            text += f", mean gap {mean(gaps):.3%}, worst {max(gaps):.3%} ({len(gaps)} known)"
        lines.append(text)
    return lines


def main() -> int:
    """Solve all files; 1 if an answer is wrong, 2 if a file is."""
    arguments = _arguments()
    cases, known = read_inputs(arguments)
    begin = time.process_time()
    warm_up()
    warm = time.process_time() - begin
    job = partial(run, seconds=arguments.seconds, proof=not arguments.without_proof)
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for outcome in pool.map(job, product(cases, arguments.seeds)):
            outcomes.append(outcome)
            print(line(outcome, known), flush=True)
    for text in summary(outcomes, known):
        print(text)
    print(f"warm-up {warm:.1f} s, peak memory {peak_megabytes():.0f} MB")
    command.write_json(arguments.json, [asdict(outcome) for outcome in outcomes])
    return 0 if all(outcome.feasible or outcome.cost is None for outcome in outcomes) else 1


def peak_megabytes() -> float:
    """The most memory that this process, or a worker that has ended, held at one time."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def _arguments() -> argparse.Namespace:
    parser = make_parser("darp", __doc__)
    parser.add_argument("--seed", "--seeds", dest="seeds", type=command.seeds, default=[0])
    parser.add_argument("--jobs", type=command.count, default=1)
    parser.add_argument("--without-proof", action="store_true", help="the search alone")
    return parser.parse_args()


def _gap(outcome: Outcome, known: Mapping[str, Known]) -> float | None:
    best = known.get(outcome.instance)
    return best.gap(outcome.cost, outcome.vehicles) if best else None


def _gap_text(outcome: Outcome, known: Mapping[str, Known]) -> str:
    """Tell the gap, or that another number of vehicles is known."""
    gap, best = _gap(outcome, known), known.get(outcome.instance)
    if gap is not None:
        return f"{gap:+.3%}"
    return f"known: {best.vehicles} vehicles, {best.cost:.2f}" if best else ""


if __name__ == "__main__":
    sys.exit(main())
