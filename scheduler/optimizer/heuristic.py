"""Rounds of large neighbourhood search and set partitioning: the search before the proof."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduler.errors import LinearProgramError, ProblemError
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.optimizer.lns import (
    POOL_FULL,
    UNSOUND,
    Habits,
    driving_of,
    improve,
    keep_best,
    make_best,
    measure,
    restart,
)
from scheduler.optimizer.partition import Partition
from scheduler.optimizer.pool import Pool, keep_only, make_pool, route_visits
from scheduler.optimizer.search import make_search
from scheduler.optimizer.solution import Effort, Progress, RoutePlan, Solution, Watch
from scheduler.optimizer.starting import still_driven
from scheduler.optimizer.timing import schedule

# Steps of a round for each journey, and the least; then follows a set partitioning.
ROUND, SHORTEST = 200, 2_000
# So many steps are made between two looks at the clock that they take about this long.
LOOK_SECONDS = 0.1
# Acceptance at the begin and at the end of a round, in average drives between two visits.
HOT, COLD = 1.0, 0.01
# Steps before the proof begins, in all or for each journey, whichever is more, and the share of
# the effort that they must not exceed.
FIRST_ROUND, FIRST_PER_JOURNEY, FIRST_SHARE = 3_000, 65, 0.25
# A step takes out up to this many journeys.
MOST = 30
# A round never leaves more routes than this to the next one.
POOL_ROUTES = 12_000
# Branching nodes and columns of one set partitioning: it must not take longer than its round.
PARTITION_NODES, PARTITION_COLUMNS = 20, 600
# ... nor, where seconds count, longer than this share of them.
PARTITION_SHARE = 0.04
HABITS = Habits(
    rules=np.array([0.5, 2.0, 2.0, 0.5, 1.0, 1.0]),
    orders=np.array([1.0, 1.0, 1.0, 1.0]),
    blur=np.array([0.1, 0.3]),
    overlook=np.array([0.1, 0.1]),
)


@dataclass
class Heuristic:
    """
    A search under way: the best plan so far, the pool of routes, and what is left of the effort.

    *bound_weight* and *bound_cost* are a proven bound; whoever finds a better one sets it.
    *counts* is what others want to have among the statistics.
    """

    instance: Instance
    effort: Effort
    seed: int = 0
    watch: Watch | None = None
    whole: bool = True
    bound_weight: int = 0
    bound_cost: float = 0.0
    iterations: int = 0
    rounds: int = 0
    stopped: bool = False
    failures: int = 0
    counts: dict[str, float] = field(default_factory=dict)
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
    def cost(self) -> float:
        """Driving of the best plan, and what counts beside it."""
        return float(self.best.cost[0])

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.began

    def start_from(self, routes: Sequence[RoutePlan]) -> None:
        """
        Begin with the routes of an earlier plan, as far as they can still be driven.

        It may be a plan of another problem, as long as visits and shifts have kept their numbers.
        """
        self.take_plan(still_driven(self.instance, [route.visits for route in routes]))

    def begin(self) -> None:
        """Search for a short while, for a fair plan and routes to begin the proof with."""
        self._round(FIRST_SHARE, max(FIRST_ROUND, FIRST_PER_JOURNEY * self._journeys()))

    def run(self) -> None:
        """Search until the effort is spent, the watch says stop, or the bound is reached."""
        while not self._searched(1.0):
            self._round(1.0, self._length())
            if not self.finished():
                self.partition()

    def burst(self, steps: int) -> None:
        """Search for so many steps from the best plan, as far as the effort allows."""
        if not self._searched(1.0):
            self._round(1.0, steps)

    def _searched(self, share: float) -> bool:
        """Whether a share of the effort is spent, or all is done; the first step is always made."""
        if self.iterations == 0:
            return self.proven
        seconds = self.effort.seconds
        return (
            self.finished()
            or self.iterations >= share * self.effort.iterations
            or (seconds is not None and self.seconds >= share * seconds)
        )

    def finished(self) -> bool:
        """Whether the plan is proven, somebody said stop, or the time is up."""
        seconds = self.effort.seconds
        return self.stopped or self.proven or (seconds is not None and self.seconds >= seconds)

    @property
    def proven(self) -> bool:
        """Whether no plan can be better than the best so far."""
        leeway = 0.0 if self.whole else TOLERANCE * max(1.0, self.cost)
        return self.weight <= self.bound_weight and self.cost <= self.bound_cost + leeway

    def solution(self) -> Solution:
        """The best plan so far, with times."""
        routes = tuple(
            schedule(self.instance, shift, visits) for shift, visits in enumerate(self.plan())
        )
        return Solution(
            routes=routes,
            unserved_weight=self.weight,
            cost=self.cost,
            bound_weight=self.bound_weight,
            bound_cost=self.bound_cost,
            proven=self.proven,
            statistics={
                "iterations": float(self.iterations),
                "rounds": float(self.rounds),
                "failures": float(self.failures),
                "routes": float(self.pool.used[0]),
                "seconds": self.seconds,
                **self.counts,
            },
        )

    def plan(self) -> list[tuple[int, ...]]:
        """Visits of each shift in the best plan so far."""
        return [
            tuple(int(visit) for visit in nodes[1 : length + 1])
            for nodes, length in zip(self.best.nodes, self.best.length, strict=True)
        ]

    def _round(self, share: float, length: int) -> None:
        """Cool down once, from the best plan, in *length* steps."""
        self.rounds += 1
        restart(self.instance, self.search, self.best.nodes, self.best.length)
        drive = driving_of(self.instance, self.best) / max(1, 2 * self._served())
        drive = drive or float(self.instance.drive.mean())
        done, most = 0, max(4, min(MOST, self._journeys() // 3))
        while done < length and not self._searched(share):
            left = int(np.ceil(share * self.effort.iterations)) - self.iterations
            steps = max(1, min(self._steps, length - done, left))
            began = time.monotonic()
            made, why = improve(
                self.instance, self.search, self.pool, self.best, steps, done, length,
                HOT * drive, COLD * drive, most, HABITS,
            )  # fmt: skip
            if why == UNSOUND:
                msg = "seconds breaks the triangle inequality: a shorter route takes longer."
                raise ProblemError(msg)
            spent = max(1e-6, time.monotonic() - began) / max(made, 1)
            self._steps = int(max(1, min(1000, LOOK_SECONDS / spent)))
            done += max(made, 1)
            self.iterations += max(made, 1)
            length = min(length, done + self._affordable(share, spent))
            self.look()
            if why == POOL_FULL:
                return

    def _affordable(self, share: float, spent: float) -> int:
        """Steps that there is time for in a share of the effort, one taking *spent* seconds."""
        if self.effort.seconds is None:
            return np.iinfo(np.int64).max
        # What is left over is for the set partitioning.
        return max(0, int(0.9 * (share * self.effort.seconds - self.seconds) / spent))

    def partition(self) -> None:
        """Put the best plan together from all routes seen, and forget the worst of those."""
        left = None
        if self.effort.seconds is not None:
            left = min(self.effort.seconds - self.seconds, PARTITION_SHARE * self.effort.seconds)
            if left <= 0:
                return
        try:
            partition = Partition(self.instance, self.pool, seconds=left)
        except (TimeoutError, LinearProgramError):
            # Then there is no telling which routes are the least promising: the oldest go.
            routes = np.arange(self.pool.used[0])
            keep_only(self.instance, self.pool, routes[-POOL_ROUTES // 2 :])
            return
        chosen = partition.better_than(
            self.weight, self.cost, step=1.0 if self.whole else 1e-6,
            nodes=PARTITION_NODES, columns=PARTITION_COLUMNS, seconds=left,
        )  # fmt: skip
        if chosen is not None:
            self.take_routes(
                (int(self.pool.kind[route]), tuple(map(int, route_visits(self.pool, route))))
                for route in chosen
            )
            self.look()
        if self.pool.used[0] > POOL_ROUTES:
            ranked = np.argsort(partition.relaxed.reduced[: partition.routes], kind="stable")
            keep_only(self.instance, self.pool, np.sort(ranked[: POOL_ROUTES // 2]))

    def take_routes(self, routes: Iterable[tuple[int, tuple[int, ...]]]) -> None:
        """Make these routes, each of a kind of shift, the best plan, if it is better."""
        plan: list[tuple[int, ...]] = [() for _ in self.instance.kind]
        free = {
            kind: list(np.flatnonzero(self.instance.kind == kind))
            for kind in np.unique(self.instance.kind)
        }
        for kind, visits in routes:
            plan[free[kind].pop(0)] = visits
        self.take_plan(plan)

    def take_plan(self, plan: Sequence[tuple[int, ...]]) -> None:
        """Make *plan*, the visits of each shift, the best one, if it is better."""
        nodes, length = self.best.nodes.copy(), self.best.length.copy()
        for shift, visits in enumerate(plan):
            end = nodes[shift, length[shift] + 1]
            length[shift] = len(visits)
            nodes[shift, 1 : len(visits) + 1] = visits
            nodes[shift, len(visits) + 1] = end
        if not restart(self.instance, self.search, nodes, length):
            msg = "A route that had a schedule has none any more."
            raise RuntimeError(msg)
        weight, cost = measure(self.instance, self.search, 0)
        if (weight, cost) < (self.weight, self.cost):
            keep_best(self.search, self.best, weight, cost)

    def look(self) -> None:
        """Tell the watch where the search stands, and hear whether to go on."""
        if self.watch is not None and not self.watch(self.progress()):
            self.stopped = True

    def progress(self) -> Progress:
        """Where the search stands."""
        return Progress(
            iterations=self.iterations,
            seconds=self.seconds,
            unserved=self._unserved(),
            unserved_weight=self.weight,
            cost=self.cost,
            bound_weight=self.bound_weight,
            bound_cost=self.bound_cost,
        )

    def _unserved(self) -> int:
        """How many journeys the best plan leaves out."""
        visits = [visit for route in self.plan() for visit in route]
        trips = self.instance.trip[np.array(visits, dtype=np.int64)]
        return self._journeys() - len(np.unique(self.search.trip_journey[trips]))

    def _length(self) -> int:
        return max(SHORTEST, ROUND * self._journeys())

    def _journeys(self) -> int:
        return len(self.instance.journey_weight)

    def _served(self) -> int:
        return max(1, int(self.best.length.sum()) // 2)
