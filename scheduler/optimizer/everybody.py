"""
Whether a plan serves everybody: a search that ends with the first such plan, and a proof.

Unlike `solve`, neither cares how far the buses drive beyond that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.optimizer.bound import quick_bound
from scheduler.optimizer.heuristic import Heuristic
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort, Progress, RoutePlan, Solution
from scheduler.optimizer.solving import solve
from scheduler.problem import Problem

# Steps between two looks whether everybody is served.
BURST = 200
# Of a limit of seconds, the search before the proof takes no more than this share.
SHARE = 0.3


@dataclass(frozen=True)
class Everybody:
    """
    What came of it: routes that serve everybody, or ``None``.

    *impossible* says that there is a proof that there are no such routes.
    """

    routes: tuple[RoutePlan, ...] | None = None
    impossible: bool = False


def serve_everybody(
    problem: Problem, *, start: Sequence[RoutePlan], effort: Effort, seed: int = 0
) -> Everybody:
    """
    Search for routes that serve all journeys of *problem*, from *start* on.

    Where none are found and *effort* has labels, the exact method decides. The same seed gives
    the same answer, as long as *effort* counts no seconds.
    """
    # All count the same: then whoever stands in the way is left out first and put back later.
    problem = replace(problem, journey_weight=np.ones_like(problem.journey_weight))
    instance = prepare(problem)
    if quick_bound(instance, whole=problem.whole)[0]:
        return Everybody(impossible=True)
    share = SHARE if effort.labels else 1.0
    seconds = None if effort.seconds is None else share * effort.seconds
    quick = replace(effort, labels=0, seconds=seconds)
    search = Heuristic(instance, quick, seed=seed, whole=problem.whole)
    search.start_from(start)
    while search.weight and search.iterations < effort.iterations and not search.finished():
        search.burst(BURST)
    if search.weight and effort.iterations:
        search.partition()
    found = search.solution()
    if not found.unserved_weight:
        return Everybody(found.routes)
    if not effort.labels:
        return Everybody()
    if effort.seconds is not None:
        effort = replace(effort, seconds=max(0.0, effort.seconds - search.seconds))
    return _decide(problem, found, effort, seed)


def _decide(problem: Problem, found: Solution, effort: Effort, seed: int) -> Everybody:
    """Prove that somebody is always left, or find a plan after all."""

    def open_still(progress: Progress) -> bool:
        return progress.bound_weight == 0

    answer = solve(problem, effort=effort, seed=seed, progress=open_still, warm_start=found)
    if not answer.unserved_weight:
        return Everybody(answer.routes)
    return Everybody(impossible=answer.bound_weight > 0)
