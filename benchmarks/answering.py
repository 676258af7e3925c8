"""
Our own answer to an instance of the literature, to the literature's objective.

The optimizer minimises unserved weight, then driving. Where fewer vehicles count before driving
(Li & Lim) that is done by leaving vehicles out, nothing is added to any drive: as long as
everybody is served without one more of the (equal) vehicles, that one stays at home; then the
driving of the rest is minimised. That no plan has fewer vehicles is proven where the optimizer
proves that with one less somebody stays unserved.
"""

import sys
import time
from dataclasses import dataclass, replace

from benchmarks.formats.case import Case
from benchmarks.verify import driven, faults
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Progress, RoutePlan, Solution
from scheduler.problem import Problem

# The part of the time that goes to finding out how few vehicles are enough.
FLEET_SHARE = 0.5


@dataclass(frozen=True)
class Answer:
    """
    What we found, and what independent checking says of it.

    *cost* is the way of all vehicles, ``None`` if somebody stays at home; *bound* is a proven lower
    bound of it, for no more vehicles than *vehicles* where those come first. *proven* says that
    nothing is better, in vehicles (where they count) and in cost. *seconds* are CPU seconds.
    """

    routes: tuple[RoutePlan, ...]
    cost: float | None
    bound: float
    vehicles: int
    proven: bool
    seconds: float
    faults: tuple[str, ...]


def answer(case: Case, *, seconds: float, seed: int = 0, proof: bool = True) -> Answer:
    """Solve *case* within so many CPU seconds, with or without the proof, and check the answer."""
    clock = _Clock(seconds, Effort(iterations=sys.maxsize, labels=sys.maxsize if proof else 0))
    problem, warm, fewest = case.problem, None, True
    if case.vehicles_first:
        problem, warm, fewest = _smallest_fleet(case.problem, clock, seed)
    solution = clock.solve(problem, seed=seed, warm=warm)
    spent = clock.spent()
    served = solution.unserved_weight == 0
    # A bound of the driving is one only for plans that leave as little unserved as the bound says.
    bounded = solution.bound_weight == solution.unserved_weight
    home = (RoutePlan(),) * (case.problem.shifts - len(solution.routes))
    return Answer(
        routes=(*solution.routes, *home),
        cost=driven(case.problem, solution.routes) if served else None,
        bound=solution.bound_cost if bounded else 0.0,
        vehicles=_used(solution),
        proven=solution.proven and fewest,
        seconds=spent,
        faults=tuple(faults(case.problem, solution.routes)),
    )


@dataclass(frozen=True)
class _Clock:
    """CPU seconds of this process, from now on."""

    seconds: float
    effort: Effort
    began: float = -1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "began", time.process_time())

    def spent(self) -> float:
        return time.process_time() - self.began

    def solve(
        self,
        problem: Problem,
        *,
        seed: int,
        warm: Solution | None = None,
        share: float = 1.0,
        until_served: bool = False,
    ) -> Solution:
        """Solve until a share of all seconds is over, or until everybody is served."""

        def watch(progress: Progress) -> bool:
            if until_served and progress.unserved_weight == 0:
                return False
            return self.spent() < share * self.seconds

        return solve(problem, effort=self.effort, seed=seed, progress=watch, warm_start=warm)


def _smallest_fleet(
    problem: Problem, clock: _Clock, seed: int
) -> tuple[Problem, Solution | None, bool]:
    """
    Leave out vehicles as long as everybody is served.

    The problem with the vehicles that are left, a plan for it, and whether no fewer are enough.
    """
    best = clock.solve(problem, seed=seed, share=FLEET_SHARE, until_served=True)
    if best.unserved_weight:
        return problem, best, True
    while (fleet := _used(best) - 1) > 0:
        smaller = _first_vehicles(problem, fleet)
        found = clock.solve(
            smaller,
            seed=seed,
            warm=_without_shortest(best, fleet),
            share=FLEET_SHARE,
            until_served=True,
        )
        if found.unserved_weight:
            fewest = found.bound_weight > 0
            return _first_vehicles(problem, fleet + 1), _packed(best, fleet + 1), fewest
        best = found
    return _first_vehicles(problem, 1), _packed(best, 1), True


def _first_vehicles(problem: Problem, count: int) -> Problem:
    """The same with fewer vehicles, which are all equal."""
    rows = int(problem.configuration_start[count])
    return replace(
        problem,
        shift_first_place=problem.shift_first_place[:count],
        shift_last_place=problem.shift_last_place[:count],
        shift_earliest=problem.shift_earliest[:count],
        shift_latest=problem.shift_latest[:count],
        shift_longest=problem.shift_longest[:count],
        shift_rest=problem.shift_rest[:count],
        configuration_start=problem.configuration_start[: count + 1],
        configuration=problem.configuration[:rows],
        shift_takes=problem.shift_takes[:count],
        shift_extra=problem.shift_extra[:count],
    )


def _used(solution: Solution) -> int:
    """How many vehicles leave the depot."""
    return sum(bool(route.visits) for route in solution.routes)


def _packed(solution: Solution, count: int) -> Solution:
    """The same plan, with the vehicles that leave the depot first."""
    routes = sorted(solution.routes, key=lambda route: len(route.visits), reverse=True)
    return replace(solution, routes=tuple(routes[:count]))


def _without_shortest(solution: Solution, count: int) -> Solution:
    """The *count* routes with most visits; whoever rides on the others is left at home."""
    return _packed(solution, count)
