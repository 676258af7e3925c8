"""The search from start to end: rounds of large neighbourhood search and set partitioning."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduler.errors import ProblemError
from scheduler.optimizer.bound import quick_bound
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.optimizer.lns import (
    POOL_FULL,
    UNSOUND,
    Habits,
    improve,
    keep_best,
    make_best,
    measure,
    restart,
)
from scheduler.optimizer.partition import Partition
from scheduler.optimizer.pool import Pool, keep_only, make_pool, route_visits
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.search import make_search
from scheduler.optimizer.solution import Effort, Progress, RoutePlan, Solution, Watch
from scheduler.optimizer.timing import schedule
from scheduler.problem import Problem

# Steps between two set partitionings.
ROUND = 2_000
# So many steps are made between two looks at the clock that they take about this long.
LOOK_SECONDS = 0.1
# Acceptance at the begin and at the end of a round, in average drives between two visits.
HOT, COLD = 0.5, 0.01
# A step takes out up to this many journeys.
MOST = 20
# A round never leaves more routes than this to the next one.
POOL_ROUTES = 20_000
PARTITION_NODES = 500
HABITS = Habits(
    rules=np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
    orders=np.array([1.0, 1.0, 1.0, 1.0]),
    blur=np.array([0.4, 0.3]),
    overlook=np.array([0.05, 0.2]),
)


@dataclass
class Heuristic:
    """
    A search under way: the best plan so far, the pool of routes, and what is left of the effort.

    *bound_weight* and *bound_driving* are a proven bound; whoever finds a better one sets it.
    """

    instance: Instance
    effort: Effort
    seed: int = 0
    watch: Watch | None = None
    whole: bool = True
    bound_weight: int = 0
    bound_driving: float = 0.0
    iterations: int = 0
    rounds: int = 0
    stopped: bool = False
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.search = make_search(self.instance, seed=self.seed)
        self.best = make_best(self.instance, self.search)
        self.pool: Pool = make_pool(self.instance)
        self._steps = 20

    @property
    def weight(self) -> int:
        """Unserved weight of the best plan."""
        return int(self.best.weight[0])

    @property
    def driving(self) -> float:
        """Driving of the best plan."""
        return float(self.best.driving[0])

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.began

    def start_from(self, routes: Sequence[RoutePlan]) -> None:
        """
        Begin with the routes of an earlier plan, as far as they still have a schedule.

        Journeys of which a part is missing are left out.
        """
        visits = [list(route.visits) for route in routes]
        served = {int(self.instance.trip[visit]) for route in visits for visit in route}
        whole: set[int] = set()
        taken: set[int] = set()
        for option, journey in enumerate(self.instance.option_journey):
            begin, end = self.instance.option_start[option : option + 2]
            trips = {int(trip) for trip in self.instance.option_trip[begin:end]}
            if trips <= served and int(journey) not in taken:
                taken.add(int(journey))
                whole |= trips
        kept = [
            tuple(visit for visit in route if int(self.instance.trip[visit]) in whole)
            for route in visits
        ]
        if all(feasible(self.instance, shift, route) for shift, route in enumerate(kept) if route):
            self._take(kept)

    def run(self) -> None:
        """Search until the effort is spent, the watch says stop, or the bound is reached."""
        if not self.instance.option_open.any():
            self.stopped = True
        while not self.finished():
            self._round()
            if not self.finished():
                self._partition()
            self.rounds += 1

    def finished(self) -> bool:
        """Whether there is nothing more to do."""
        proven = self.weight == self.bound_weight and self.driving <= self.bound_driving
        return (
            self.stopped
            or proven
            or self.iterations >= self.effort.iterations
            or (self.effort.seconds is not None and self.seconds >= self.effort.seconds)
        )

    def solution(self) -> Solution:
        """The best plan so far, with times."""
        routes = tuple(
            schedule(self.instance, shift, visits) for shift, visits in enumerate(self.plan())
        )
        proven = self.weight == self.bound_weight and self.driving <= self.bound_driving + (
            0.0 if self.whole else TOLERANCE
        )
        return Solution(
            routes=routes,
            unserved_weight=self.weight,
            driving=self.driving,
            bound_weight=self.bound_weight,
            bound_driving=self.bound_driving,
            proven=proven,
            statistics={
                "iterations": float(self.iterations),
                "rounds": float(self.rounds),
                "routes": float(self.pool.used[0]),
                "seconds": self.seconds,
            },
        )

    def plan(self) -> list[tuple[int, ...]]:
        """Visits of each shift in the best plan so far."""
        return [
            tuple(int(visit) for visit in nodes[1 : length + 1])
            for nodes, length in zip(self.best.nodes, self.best.length, strict=True)
        ]

    def _round(self) -> None:
        """Cool down once, from the best plan."""
        restart(self.instance, self.search, self.best.nodes, self.best.length)
        drive = self.driving / max(1, 2 * self._served()) or float(self.instance.drive.mean())
        done, most = 0, max(4, min(MOST, self._journeys() // 3))
        while done < ROUND and not self.finished():
            steps = min(self._steps, ROUND - done, self.effort.iterations - self.iterations)
            began = time.monotonic()
            made, why = improve(
                self.instance, self.search, self.pool, self.best, steps, done, ROUND,
                HOT * drive, COLD * drive, most, HABITS,
            )  # fmt: skip
            if why == UNSOUND:
                msg = "seconds breaks the triangle inequality: a shorter route takes longer."
                raise ProblemError(msg)
            spent = max(1e-6, time.monotonic() - began)
            self._steps = int(max(1, min(1000, made * LOOK_SECONDS / spent)))
            done += max(made, 1)
            self.iterations += max(made, 1)
            self._look()
            if why == POOL_FULL:
                return

    def _partition(self) -> None:
        """Put the best plan together from all routes seen, and forget the worst of those."""
        partition = Partition(self.instance, self.pool)
        left = None if self.effort.seconds is None else self.effort.seconds - self.seconds
        if left is not None and left <= 0:
            return
        chosen = partition.better_than(
            self.weight, self.driving, step=1.0 if self.whole else 1e-6,
            nodes=PARTITION_NODES, seconds=left,
        )  # fmt: skip
        if chosen is not None:
            plan: list[tuple[int, ...]] = [() for _ in self.instance.kind]
            used: set[int] = set()
            for route in chosen:
                kind = self.pool.kind[route]
                shift = next(
                    int(shift)
                    for shift in np.flatnonzero(self.instance.kind == kind)
                    if int(shift) not in used
                )
                used.add(shift)
                plan[shift] = tuple(int(visit) for visit in route_visits(self.pool, route))
            self._take(plan)
            self._look()
        if self.pool.used[0] > POOL_ROUTES:
            ranked = np.argsort(partition.relaxed.reduced[: partition.routes], kind="stable")
            keep_only(self.instance, self.pool, np.sort(ranked[: POOL_ROUTES // 2]))

    def _take(self, plan: Sequence[tuple[int, ...]]) -> None:
        """Make *plan* the best one, if it is better."""
        nodes, length = self.best.nodes.copy(), self.best.length.copy()
        for shift, visits in enumerate(plan):
            end = nodes[shift, length[shift] + 1]
            length[shift] = len(visits)
            nodes[shift, 1 : len(visits) + 1] = visits
            nodes[shift, len(visits) + 1] = end
        if not restart(self.instance, self.search, nodes, length):
            msg = "A route that had a schedule has none any more."
            raise ArithmeticError(msg)
        weight, driving = measure(self.instance, self.search, 0)
        if (weight, driving) < (self.weight, self.driving):
            keep_best(self.search, self.best, weight, driving)

    def _look(self) -> None:
        """Tell the watch where the search stands, and hear whether to go on."""
        if self.watch is not None and not self.watch(self.progress()):
            self.stopped = True

    def progress(self) -> Progress:
        """Where the search stands."""
        return Progress(
            iterations=self.iterations,
            seconds=self.seconds,
            unserved_weight=self.weight,
            driving=self.driving,
            bound_weight=self.bound_weight,
            bound_driving=self.bound_driving,
        )

    def _journeys(self) -> int:
        return len(self.instance.journey_weight)

    def _served(self) -> int:
        return max(1, int(self.best.length.sum()) // 2)


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

    The same seed gives the same plan, as long as *effort* counts iterations and not seconds.
    *progress* is called now and then and may stop the search; *warm_start* is an earlier plan.
    """
    instance = prepare(problem)
    search = Heuristic(instance, effort, seed=seed, watch=progress, whole=problem.whole)
    search.bound_weight, search.bound_driving = quick_bound(instance)
    if warm_start is not None:
        search.start_from(warm_start.routes)
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
