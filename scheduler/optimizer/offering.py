"""
Who else fits into a plan: one more journey, with everybody kept who rides in it.

First by inserting the trips of one option where each is cheapest, which takes about a
millisecond. What does not fit so may fit once others make way: the search goes on from the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.optimizer.compiled import kernel
from scheduler.optimizer.heuristic import Heuristic
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import begin_trial, restart
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.recreate import place_option
from scheduler.optimizer.search import Search, make_search
from scheduler.optimizer.solution import Effort, RoutePlan
from scheduler.optimizer.timing import schedule
from scheduler.problem import Problem


@dataclass(frozen=True)
class Insertion:
    """One *option* in the plan: new visits of the shifts that change, and the cost it adds."""

    option: int
    routes: dict[int, tuple[int, ...]]
    extra: float


class Offering:
    """
    A plan of *problem* that does not serve *journey* yet, and may be asked to.

    *routes* are those of the plan, one for each shift; *options* are the ways in which the
    journey could be served if it were alone.

    Raises
    ------
    ValueError
        If one of *routes* has no schedule.
    """

    def __init__(self, problem: Problem, routes: Sequence[RoutePlan], *, journey: int) -> None:
        self.instance = prepare(problem)
        self.routes = tuple(routes)
        mine = self.instance.option_journey == journey
        self.options = [int(o) for o in np.flatnonzero(mine & self.instance.option_open)]
        self._others = ~mine & self.instance.option_open
        self._whole = problem.whole

    @cached_property
    def _search(self) -> Search:
        search = make_search(self.instance, seed=0)
        nodes = search.routes.nodes[::2].copy()
        length = np.array([len(route.visits) for route in self.routes], dtype=np.int64)
        for shift, route in enumerate(self.routes):
            nodes[shift, 1 : length[shift] + 1] = route.visits
        if not restart(self.instance, search, nodes, length):
            msg = "A route of the plan has no schedule."
            raise ValueError(msg)
        return search

    def insert(self, option: int) -> Insertion | None:
        """Insert the trips of *option* where each is cheapest; ``None`` if one fits nowhere."""
        search = self._search
        if not insert_option(self.instance, search, option):
            return None
        routes: dict[int, tuple[int, ...]] = {}
        extra = 0.0
        for shift in np.flatnonzero(search.touched):
            was = 2 * shift + search.side[shift]
            row = 2 * shift + 1 - search.side[shift]
            visits = search.routes.nodes[row, 1 : search.routes.length[row] + 1]
            routes[int(shift)] = tuple(visits.tolist())
            extra += float(search.routes.cost[row] - search.routes.cost[was])
        return Insertion(option, routes, extra)

    def timed(self, insertion: Insertion) -> tuple[RoutePlan, ...]:
        """All routes with *insertion*; those that do not change keep their times."""
        return tuple(
            self.scheduled(shift, insertion.routes[shift]) if shift in insertion.routes else route
            for shift, route in enumerate(self.routes)
        )

    def scheduled(self, shift: int, visits: tuple[int, ...]) -> RoutePlan:
        """Give *visits* of one shift the best times; `ValueError` if there are none."""
        return schedule(self.instance, shift, visits)

    def make_way(self, *, iterations: int, seed: int = 0) -> tuple[RoutePlan, ...] | None:
        """
        Search for a plan that serves everybody, the journey too; ``None`` if none is found.

        Everybody may be moved, or carried by another shift, within their windows.
        """
        effort = Effort(iterations=iterations, labels=0)
        search = Heuristic(self.instance, effort, seed=seed, whole=self._whole)
        search.start_from(self.routes)
        search.burst(iterations)
        return None if search.weight else search.solution().routes


@kernel
def insert_option(instance: Instance, search: Search, option: int) -> bool:
    """Place the trips of *option* in a trial of the plan; False if one fits nowhere."""
    begin_trial(search)
    search.mood[:] = 0.0
    placed, sound = place_option(instance, search, option)
    return placed and sound
