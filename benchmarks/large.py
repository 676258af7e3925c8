"""
Days of several hundred trips, ours against OR-Tools and VROOM at the same seconds.

    .venv/bin/python -m benchmarks.large --trips 200,500,1000 [--seconds 120] [--seed N]
        [--cores N] [--alone] [--json OUT]

Days are invented as in `benchmarks.days`, on the roads of Kalletal: ways there and back,
pharmacies, wheelchairs, windows, ride limits, breaks, a morning and an afternoon shift for each
bus, 40 shifts for 1,000 trips. Trips are those that would be driven if everybody were served in
the first way that is possible. We have the seconds on the wall and all cores; OR-Tools has as
many CPU seconds on the one core that it uses. VROOM (if pyvroom is installed) knows no longest
ride, no breaks and no stops between: what it is asked is easier, each trip weighs by itself, and
it stops when it is done; its rows are marked (*). Each answer is checked, route by route and
journey by journey, apart from the optimizer (`benchmarks.schedules`). Memory is the most that a
method held, each in a process of its own.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec

import numpy as np

from benchmarks import command, ortools_routing
from benchmarks.days import region_of, village_day
from benchmarks.others import vroom_solver
from benchmarks.schedules import feasible_by_hand
from scheduler.formulate import make_problem
from scheduler.optimizer import solve, warm_up
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from scheduler.problem import Problem

# So many trips are driven for 100 requests of `data.synthetic`, about.
TRIPS_FOR_100 = 181
# Each bus has two shifts.
TRIPS_A_SHIFT = 25
# ru_maxrss counts kilobytes, on macOS bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024

Routes = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Row:
    """What one method came to on one day; *bound* is of the driving, if *least* is the weight."""

    method: str
    trips: int
    shifts: int
    served: int
    weight: int
    driving: float
    least: int
    bound: float
    seconds: float
    megabytes: float
    faults: list[str]


def large_day(trips: int, seed: int) -> Problem:
    """A day of about so many trips to drive, with shifts in proportion."""
    requests = round(trips * 100 / TRIPS_FOR_100)
    buses = max(1, round(trips / TRIPS_A_SHIFT / 2))
    region = region_of("kalletal")
    return make_problem(village_day(region, requests=requests, seed=seed, buses=buses))


def driven_trips(problem: Problem) -> int:
    """Trips of the first option of each journey."""
    first: dict[int, int] = {}
    for option, journey in enumerate(problem.option_journey.tolist()):
        first.setdefault(journey, int(np.diff(problem.option_start)[option]))
    return sum(first.values())


def faults(problem: Problem, routes: Routes) -> list[str]:
    """
    What is wrong with *routes*: a route without a schedule, a journey served in part.

    From the problem's own numbers; nothing of the optimizer's has a say.
    """
    found = [
        f"shift {shift} has no schedule"
        for shift, visits in enumerate(routes)
        if not feasible_by_hand(problem, shift, tuple(visits))
    ]
    visits = [visit for route in routes for visit in route]
    if len(visits) != len(set(visits)):
        found.append("a visit is made twice")
    trips = set(problem.visit_trip[visits].tolist())
    for journey in range(problem.journeys):
        options = [
            set(problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist())
            for option in np.flatnonzero(problem.option_journey == journey)
        ]
        taken = trips & set().union(*options)
        if taken and taken not in options:
            found.append(f"journey {journey} is served in part")
    return found


def _row(
    method: str,
    problem: Problem,
    routes: Routes,
    *,
    seconds: float,
    bound: tuple[int, float] = (0, 0.0),
) -> Row:
    plan = tuple(tuple(route) for route in routes)
    weight, driving = ortools_routing.cost(problem, plan)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    most += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Row(
        method=method,
        trips=driven_trips(problem),
        shifts=problem.shifts,
        served=len(set(problem.visit_trip[[v for route in plan for v in route]].tolist())),
        weight=weight,
        driving=driving,
        least=bound[0],
        bound=bound[1],
        seconds=round(seconds, 1),
        megabytes=round(most * RSS_UNIT / 1e6),
        faults=faults(problem, plan),
    )


def ours(problem: Problem, *, seconds: float, seed: int, cores: int | None = None) -> Row:
    """Our search; seconds on the wall."""
    warm_up()
    begin = time.monotonic()
    effort = Effort(iterations=sys.maxsize, labels=sys.maxsize, seconds=seconds, cores=cores)
    solution = solve(problem, effort=effort, seed=seed)
    spent = time.monotonic() - begin
    return _row(
        "ours",
        problem,
        [route.visits for route in solution.routes],
        seconds=spent,
        bound=(solution.bound_weight, solution.bound_cost),
    )


def or_tools(problem: Problem, *, seconds: float, seed: int) -> Row:
    """OR-Tools' routing library; CPU seconds."""
    begin = time.process_time()
    routes = ortools_routing.search(problem, seconds=seconds, seed=seed)
    spent = time.process_time() - begin
    return _row("OR-Tools", problem, routes or [()] * problem.shifts, seconds=spent)


def in_a_process(method: Callable[..., Row], problem: Problem, **limits: object) -> Row:
    """*method* in a fresh process, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(method, problem, **limits).result()


def line(row: Row) -> str:
    """One row of the table."""
    bound = f">= {row.bound:>9,.0f}" if row.bound and row.least == row.weight else " " * 12
    parts = [
        f"{row.method:<9} {row.trips:>5} trips {row.shifts:>3} shifts",
        f"served {row.served:>5}",
        f"unserved weight {row.weight:>5} (>= {row.least})",
        f"driving {row.driving:>9,.0f} {bound}",
        f"{row.seconds:>6.1f} s {row.megabytes:>6,.0f} MB",
    ]
    return "  ".join([*parts, *(["WRONG: " + "; ".join(row.faults)] if row.faults else [])])


def without_rides(problem: Problem) -> Problem:
    """
    What VROOM can be asked: the first open option of each journey, from first to last visit.

    Without ride limits, breaks and stops between, and each trip for itself: an easier problem.
    """
    instance = prepare(problem)
    chosen: dict[int, list[int]] = {}
    for option, journey in enumerate(problem.option_journey.tolist()):
        if instance.option_open[option]:
            begin, end = problem.option_start[option : option + 2]
            chosen.setdefault(journey, problem.option_trip[begin:end].tolist())
    trips = np.array(sum_of(chosen.values()), dtype=np.int64)
    weights = [problem.journey_weight[journey] for journey, some in chosen.items() for _ in some]
    visits = np.column_stack([problem.trip_start[trips], problem.trip_start[trips + 1] - 1]).ravel()
    return replace(
        problem,
        visit_place=problem.visit_place[visits],
        visit_earliest=problem.visit_earliest[visits],
        visit_latest=problem.visit_latest[visits],
        visit_dwell=problem.visit_dwell[visits],
        visit_load=problem.visit_load[visits],
        visit_ride=np.full(len(visits), np.inf),
        trip_start=np.arange(0, len(visits) + 1, 2),
        option_journey=np.arange(len(trips)),
        option_start=np.arange(len(trips) + 1),
        option_trip=np.arange(len(trips)),
        journey_weight=np.array(weights, dtype=np.int64),
        shift_rest=np.zeros_like(problem.shift_rest),
        shift_takes=np.ascontiguousarray(problem.shift_takes[:, trips]),
        shift_extra=np.ascontiguousarray(problem.shift_extra[:, trips]),
    )


def sum_of(lists: Iterable[list[int]]) -> list[int]:
    """One list of all."""
    return [each for some in lists for each in some]


def vroom(problem: Problem, *, seconds: float, seed: int) -> Row:
    """VROOM on the easier problem (`without_rides`); only its driving and trips count."""
    easier = without_rides(problem)
    begin = time.process_time()
    routes = vroom_solver.search(easier, seconds=seconds, seed=seed)
    spent = time.process_time() - begin
    return _row("VROOM (*)", easier, routes, seconds=spent)


def main() -> int:
    """Solve all days by all methods; 1 if an answer is wrong."""
    arguments = _arguments()
    limits = {"seconds": arguments.seconds, "seed": arguments.seed}
    rows = []
    for trips in arguments.trips:
        problem = large_day(trips, arguments.seed)
        rows.append(in_a_process(ours, problem, **limits, cores=arguments.cores))
        print(line(rows[-1]), flush=True)
        rivals = [or_tools, *([vroom] if find_spec("vroom") else [])]
        for method in [] if arguments.alone else rivals:
            rows.append(in_a_process(method, problem, **limits))
            print(line(rows[-1]), flush=True)
    command.write_json(arguments.json, [asdict(row) for row in rows])
    return 1 if any(row.faults for row in rows) else 0


def _arguments() -> argparse.Namespace:
    parser = command.make_parser("large", __doc__)
    parser.add_argument("--trips", type=command.counts, default=[200, 500, 1000])
    parser.add_argument("--seconds", type=command.seconds, default=120.0)
    parser.add_argument("--seed", type=command.seed, default=0)
    parser.add_argument("--cores", type=command.count)
    parser.add_argument("--alone", action="store_true", help="without the rivals")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
