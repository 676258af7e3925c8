"""Search and proof together: each works with the routes that the other found."""

import numpy as np

from scheduler.errors import LinearProgramError
from scheduler.optimizer.columns import Column
from scheduler.optimizer.exact import Prover
from scheduler.optimizer.heuristic import Heuristic
from scheduler.optimizer.incumbent import Incumbent, route_cost

# Steps of the search each time that the proof asks for a better plan.
BURST = 1_000


class Proof:
    """Proves the best plan of *search*, or finds a better one, within the effort it has left."""

    def __init__(self, search: Heuristic) -> None:
        self._search = search
        self.prover = Prover(
            search.instance,
            self._incumbent(),
            whole=search.whole,
        )
        columns = self.prover.master.columns
        self.prover.master.enter(columns.add(self.prover.incumbent.routes))
        columns.add_pool(search.pool)

    def run(self) -> None:
        """Work until the best plan is proven or the effort is spent; the search knows the rest."""
        try:
            self.prover.run(self)
        except LinearProgramError:
            # The linear program failed. The bound so far holds without it, and so does the plan.
            self._search.failures += 1
        self._take_plan()
        self._tell_bound()
        self._search.counts |= {
            "nodes": float(self.prover.nodes),
            "columns": float(len(self.prover.master.columns)),
            "calls": float(self.prover.generation.pricer.calls),
            "labels": float(self.prover.generation.pricer.labels),
        }

    def keep_going(self, prover: Prover) -> bool:
        """Tell the search how far the proof is, and hear whether to go on."""
        if self._search.finished():
            return False
        self._tell_bound()
        self._search.look()
        return (
            not self._search.finished()
            and prover.generation.pricer.labels < self._search.effort.labels
        )

    def _tell_bound(self) -> None:
        """Split the bound of the proof into unserved weight and the cost of routes."""
        search, prover = self._search, self.prover
        if prover.proven:
            weight, cost = search.weight, search.cost
        else:
            weight = int(prover.bound // prover.penalty)
            cost = prover.bound - weight * prover.penalty
            weight += prover.unavoidable
            if search.whole:
                cost = float(np.ceil(cost - 1e-6))
        known = search.bound_weight, search.bound_cost
        search.bound_weight, search.bound_cost = max(known, (weight, cost))

    def improve(self, prover: Prover) -> Incumbent:
        """Let the search go on for a while from the best plan; its routes may help the proof."""
        self._take_plan()
        self._search.burst(BURST)
        prover.master.columns.add_pool(self._search.pool)
        return self._incumbent()

    def _incumbent(self) -> Incumbent:
        """The best plan of the search, as routes by kind of shift."""
        instance, search = self._search.instance, self._search
        routes = [
            Column(int(instance.kind[shift]), visits, route_cost(instance, shift, visits))
            for shift, visits in enumerate(search.plan())
            if visits
        ]
        return Incumbent(tuple(routes), search.weight, search.cost)

    def _take_plan(self) -> None:
        """Give the search the proof's best plan, if that is better."""
        plan, search = self.prover.incumbent, self._search
        if (plan.weight, plan.cost) < (search.weight, search.cost):
            search.take_routes([(route.kind, route.visits) for route in plan.routes])
