"""
Branch and price: proves how good a plan is, and finds a better one where there is one.

Each node of the tree is a linear program over routes, solved by column generation, tightened by
subset-row cuts and split by `branching` (Ropke & Cordeau 2009). The bound of a node is computed
from the prices themselves, so it holds however inexactly the linear program was solved.
"""

import heapq
from dataclasses import dataclass, field, replace
from typing import Protocol

from scheduler.optimizer.branching import (
    Decisions,
    Unserved,
    all_whole,
    bounds_of,
    branch_on,
    graph_of,
    servable,
)
from scheduler.optimizer.diving import dive
from scheduler.optimizer.generation import Generation, KeepGoing
from scheduler.optimizer.incumbent import Incumbent, most_cost, plan_of
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.master import ROUNDING, Relaxation

# Rounds of cuts at the root and below it; deeper down, branching does more.
ROOT_ROUNDS, ROUNDS = 30, 4
# Labels between two looks for a better plan, as long as there is no relaxation: about as much
# time for the search as for the pricing, lest large days end with neither a plan nor a bound.
EARLY = 150_000
# Then a better plan is looked for when the gap has shrunk to this share.
SMALLER = 0.8
# Two plans of fractional times are equal in cost if they differ by less, relative to the cost.
RELATIVE_STEP = 1e-7


@dataclass(order=True)
class Node:
    """A branch of the tree: the decisions that lead there, and a bound that holds in it."""

    bound: float
    serial: int
    decisions: Decisions = field(compare=False)


class Company(Protocol):
    """Whoever watches over a proof, and helps it."""

    def keep_going(self, prover: "Prover") -> bool:
        """Say whether to go on; asked after each round of pricing."""

    def improve(self, prover: "Prover") -> Incumbent | None:
        """Give a better plan, if there is one; asked where the gap has become smaller."""


class Prover:
    """
    A proof under way.

    *incumbent* is the best plan so far, *bound* a proven bound on its cost in one number,
    with *penalty* for a unit of unserved weight beyond what is *unavoidable*.
    """

    def __init__(self, instance: Instance, incumbent: Incumbent, *, whole: bool) -> None:
        self.instance = instance
        self.incumbent = incumbent
        self.penalty = most_cost(instance)
        self.bound = 0.0
        self.unavoidable = int(instance.journey_weight[~servable(instance)].sum())
        self.nodes = 0
        self.generation = Generation(instance, penalty=self.penalty)
        self.master = self.generation.master
        self._whole = whole
        self._tried, self._next = float("inf"), EARLY

    @property
    def cost(self) -> float:
        """Cost of the best plan so far, in one number; whom nobody can serve costs nothing."""
        return self._cost(self.incumbent)

    def _cost(self, plan: Incumbent) -> float:
        return (plan.weight - self.unavoidable) * self.penalty + plan.cost

    @property
    def cutoff(self) -> float:
        """
        A branch whose bound is at least this holds no better plan.

        Infinite where costs are so large that rounding would hide the difference.
        """
        step = 1.0 if self._whole else RELATIVE_STEP * max(1.0, self.incumbent.cost)
        margin = max(1e-6 * step, ROUNDING * self.cost)
        return self.cost - step + margin if margin < 0.5 * step else float("inf")

    @property
    def proven(self) -> bool:
        """Whether no plan can be better."""
        return self.bound >= self.cutoff

    def run(self, company: Company) -> bool:
        """Work until the plan is proven (True) or *company* says to stop (False)."""
        heap, serial = [Node(0.0, 0, ())], 0
        while heap:
            self._raise_bound(heap[0].bound)
            if self.proven:
                return True
            node = heapq.heappop(heap)
            self.nodes += 1
            bound, relaxation = self._solve(node, company)
            bound = max(bound, node.bound)
            self._raise_bound(min([bound, *(other.bound for other in heap[:1])]))
            if bound >= self.cutoff:
                continue
            if relaxation is None:
                return False
            bounds = bounds_of(self.instance, self.penalty, node.decisions)
            decision = branch_on(self.master, relaxation, bounds)
            if decision is None:
                if all_whole(relaxation):
                    # A plan at exactly the bound: the incumbent is as good by now.
                    continue
                # Trips served twice can make every leg whole and no route: the bound stands.
                return False
            for side in (decision, replace(decision, yes=False)):
                serial += 1
                heapq.heappush(heap, Node(bound, serial, (*node.decisions, side)))
        self._raise_bound(self.cost)
        return True

    def _raise_bound(self, bound: float) -> None:
        """Take a bound that holds for all plans; it never says more than the best plan."""
        self.bound = max(self.bound, min(bound, self.cost))

    def _solve(self, node: Node, company: Company) -> tuple[float, Relaxation | None]:
        """Bound one branch; without a relaxation if there was no time to finish."""
        self._narrow(node)
        root, best = not node.decisions, node.bound

        def keep_going(bound: float) -> bool:
            if root:
                self._raise_bound(bound)
            self._improve_early(company)
            return company.keep_going(self)

        for round_ in range(ROOT_ROUNDS if root else ROUNDS):
            bound, relaxation = self._generate(node, keep_going)
            best = max(best, bound)
            if root:
                self._raise_bound(best)
            if relaxation is None or best >= self.cutoff:
                return best, relaxation
            if all_whole(relaxation):
                self._accept(plan_of(self.instance, self.master.columns, relaxation))
            elif round_ == 0 or root:
                self._improve(node, relaxation, company)
            if best >= self.cutoff or not self.generation.cut(relaxation):
                break
        return best, relaxation

    def _generate(self, node: Node, keep_going: KeepGoing) -> tuple[float, Relaxation | None]:
        """
        Generate routes; as soon as the bound passes a whole weight, demand that much of the branch.

        Sound, for the routes of no plan cost as much as a unit of weight.
        """
        while True:
            low, _ = bounds_of(self.instance, self.penalty, node.decisions).weight
            step = self.penalty * (low + 1.0 - self.unavoidable) * (1.0 + ROUNDING)
            bound, relaxation = self.generation.run(
                keep_going=keep_going, cutoff=min(self.cutoff, step)
            )
            if bound < step or bound >= self.cutoff:
                return bound, relaxation
            weight = self.unavoidable + int(bound / (1.0 + ROUNDING) // self.penalty)
            node.decisions = (*node.decisions, Unserved(weight))
            self._narrow(node)

    def _narrow(self, node: Node) -> None:
        """Turn to a branch."""
        graphs = [graph_of(g, k, node.decisions) for k, g in enumerate(self.generation.graphs)]
        bounds = bounds_of(self.instance, self.penalty, node.decisions)
        self.generation.narrow(graphs, bounds)

    def _improve_early(self, company: Company) -> None:
        """Before there is a first relaxation: look for better plans now and then."""
        if self._tried == float("inf") and self.generation.pricer.labels >= self._next:
            self._next = self.generation.pricer.labels + EARLY
            self._accept(company.improve(self))

    def _improve(self, node: Node, relaxation: Relaxation, company: Company) -> None:
        """Look for a better plan, if the gap is much smaller than when last looked."""
        if self.cost - relaxation.value >= SMALLER * self._tried:
            return
        self._accept(company.improve(self))
        if relaxation.value < self.cutoff:
            found = dive(
                self.generation,
                [graph_of(g, k, node.decisions) for k, g in enumerate(self.generation.graphs)],
                bounds_of(self.instance, self.penalty, node.decisions),
                relaxation,
                cutoff=self.cutoff,
                keep_going=lambda _: company.keep_going(self),
            )
            if found is not None:
                self._accept(plan_of(self.instance, self.master.columns, found))
        self._narrow(node)
        self._tried = self.cost - relaxation.value

    def _accept(self, plan: Incumbent | None) -> None:
        """Keep *plan* if it is better than the best so far."""
        if plan is not None and self._cost(plan) < self.cost:
            self.incumbent = plan
