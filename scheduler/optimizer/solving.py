"""From a problem to a plan with a bound: prepare, search, prove."""

import numpy as np

from scheduler.optimizer.bound import quick_bound
from scheduler.optimizer.cuts import violated_triples
from scheduler.optimizer.decomposition import is_large, search_large
from scheduler.optimizer.heuristic import Heuristic
from scheduler.optimizer.offering import Offering
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.proving import Proof
from scheduler.optimizer.solution import Effort, RoutePlan, Solution, Watch
from scheduler.problem import Problem


def solve(
    problem: Problem,
    *,
    effort: Effort,
    seed: int = 0,
    progress: Watch | None = None,
    warm_start: Solution | None = None,
) -> Solution:
    """
    Find the best plan of *problem* that the *effort* allows, and a proven bound.

    First a search for a good plan, then its proof; what the proof leaves of the effort, if it
    could not finish, goes to the search again. The same seed gives the same plan, as long as
    *effort* counts iterations and labels and not seconds.
    *progress* is called now and then and may stop the search; *warm_start* is an earlier plan.

    Raises
    ------
    ProblemError
        If the problem makes no sense (`soundness`).
    ValueError
        If the seed is negative.
    """
    if seed < 0:
        msg = f"seed must not be negative, but is {seed}."
        raise ValueError(msg)
    instance = prepare(problem)
    search = Heuristic(instance, effort, seed=seed, watch=progress, whole=problem.whole)
    search.bound_weight, search.bound_cost = quick_bound(instance, whole=problem.whole)
    if warm_start is not None:
        search.start_from(warm_start.routes)
    if search.proven or not instance.option_open.any():
        return search.solution()
    if is_large(instance):
        search_large(search)
        return search.solution()
    search.begin()
    if effort.labels and not search.finished():
        Proof(search).run()
    search.run()
    return search.solution()


def warm_up() -> None:
    """Compile every kernel, or load it from the cache, by solving the smallest problem."""
    problem = Problem(
        seconds=np.array([[0.0, 60.0], [60.0, 0.0]]),
        visit_place=np.array([0, 1]),
        visit_earliest=np.zeros(2),
        visit_latest=np.full(2, 3600.0),
        visit_dwell=np.full(2, 60.0),
        visit_load=np.array([[1], [-1]]),
        visit_ride=np.array([np.inf, 600.0]),
        trip_start=np.array([0, 2]),
        option_journey=np.array([0]),
        option_start=np.array([0, 1]),
        option_trip=np.array([0]),
        journey_weight=np.array([1]),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([0]),
        shift_earliest=np.zeros(1),
        shift_latest=np.full(1, 7200.0),
        shift_longest=np.full(1, np.inf),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 1]),
        configuration=np.array([[1]]),
        shift_takes=np.ones((1, 1), dtype=np.bool_),
    )
    solve(problem, effort=Effort(iterations=1))
    offering = Offering(problem, (RoutePlan(),), journey=0)
    offering.insert(offering.options[0])
    search_large(Heuristic(prepare(problem), Effort(iterations=1, cores=1)))
    violated_triples(np.zeros((1, 1), dtype=np.bool_), np.zeros(1), most=1, per_trip=1)
