"""Search and proof together: each works with the routes that the other found."""

import numpy as np

from scheduler.optimizer.exact import Incumbent, Prover, route_cost
from scheduler.optimizer.heuristic import Heuristic
from scheduler.optimizer.master import Column
from scheduler.optimizer.partition import Partition
from scheduler.optimizer.pool import remember, route_visits

# The master starts with this many routes of the pool, the cheapest at the prices of its own
# relaxation; what else it needs, pricing finds.
FIRST_COLUMNS = 3_000


class Proof:
    """Proves the best plan of *search*, or finds a better one, within the effort it has left."""

    def __init__(self, search: Heuristic) -> None:
        self._search = search
        self._told = 0
        self._tried = np.inf
        self.prover = Prover(
            search.instance,
            self._incumbent(),
            whole=search.whole,
        )
        self.prover.master.add_columns(self._first_columns())

    def run(self) -> None:
        """Work until the best plan is proven or the effort is spent; the search knows the rest."""
        try:
            self.prover.run(self)
        except ArithmeticError:
            # The linear program failed. The bound so far holds without it, and so does the plan.
            self._search.failures += 1
        self._take_plan()
        self._tell_bound()
        self._search.counts |= {
            "nodes": float(self.prover.nodes),
            "columns": float(len(self.prover.master.columns)),
            "calls": float(self.prover.pricer.calls),
            "labels": float(self.prover.pricer.labels),
        }

    def keep_going(self, prover: Prover) -> bool:
        """Tell the search how far the proof is, and hear whether to go on."""
        self._tell_bound()
        self._search.look()
        return not self._search.finished() and prover.pricer.labels < self._search.effort.labels

    def _tell_bound(self) -> None:
        """Split the bound of the proof into unserved weight and driving."""
        search, prover = self._search, self.prover
        if prover.proven:
            weight, driving = search.weight, search.driving
        else:
            weight = int(prover.bound // prover.penalty)
            driving = prover.bound - weight * prover.penalty
            if search.whole:
                driving = float(np.ceil(driving - 1e-6))
        known = search.bound_weight, search.bound_driving
        search.bound_weight, search.bound_driving = max(known, (weight, driving))

    def improve(self, prover: Prover) -> Incumbent | None:
        """
        Let the search put a plan together with the routes that pricing found.

        That takes about as long as pricing itself, so only where the gap has halved since.
        """
        search = self._search
        self._take_plan()
        gap = prover.cost - prover.bound
        if gap > self._tried / 2:
            return None
        self._tried = gap
        nodes = np.zeros(len(search.instance.trip) + 2, np.int64)
        for column in prover.master.columns[self._told :]:
            count = len(column.visits)
            nodes[1 : count + 1] = column.visits
            remember(search.instance, search.pool, column.kind, nodes, count, column.cost)
        self._told = len(prover.master.columns)
        before = (search.weight, search.driving)
        search.partition()
        return self._incumbent() if (search.weight, search.driving) < before else None

    def _incumbent(self) -> Incumbent:
        """The best plan of the search, as routes by kind of shift."""
        instance, search = self._search.instance, self._search
        routes = [
            Column(int(instance.kind[shift]), visits, route_cost(instance, shift, visits))
            for shift, visits in enumerate(search.plan())
            if visits
        ]
        return Incumbent(tuple(routes), search.weight, search.driving)

    def _take_plan(self) -> None:
        """Give the search the proof's best plan, if that is better."""
        plan, search = self.prover.incumbent, self._search
        if (plan.weight, plan.driving) < (search.weight, search.driving):
            search.take_routes([(route.kind, route.visits) for route in plan.routes])

    def _first_columns(self) -> list[Column]:
        """The routes of the pool that are worth most, and those of the best plan."""
        search, pool = self._search, self._search.pool
        if not pool.used[0]:
            return []
        partition = Partition(search.instance, pool)
        reduced = partition.relaxed.reduced[: partition.routes]
        best = np.argsort(reduced, kind="stable")[:FIRST_COLUMNS]
        columns = [
            Column(
                int(pool.kind[route]),
                tuple(int(visit) for visit in route_visits(pool, route)),
                float(pool.cost[route]),
            )
            for route in best
        ]
        return [*self._incumbent().routes, *columns]
