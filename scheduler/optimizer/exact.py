"""
Branch and price: proves how good a plan is, and finds a better one where there is one.

Each node of the tree is a linear program over routes, solved by column generation, tightened by
subset-row cuts and split by `branching` (Ropke & Cordeau 2009). The bound of a node is computed
from the prices themselves, so it holds however inexactly the linear program was solved.
"""

import heapq
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from scheduler.optimizer.alternatives import alternatives, never_together
from scheduler.optimizer.branching import (
    Decisions,
    all_whole,
    bounds_of,
    branch_on,
    graph_of,
    obeys,
)
from scheduler.optimizer.cuts import violated_triples
from scheduler.optimizer.graph import Graph, shift_graph
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.labelling import CHEAPEST, EXACT
from scheduler.optimizer.master import Bounds, Column, Master, Relaxation
from scheduler.optimizer.pricing import Pricer

# Rounds of cuts at the root and below it; deeper down, branching does more.
ROOT_ROUNDS, ROUNDS = 30, 4
CUTS_PER_ROUND, CUTS_PER_TRIP = 40, 6

# Two plans of fractional times are equal in cost if they differ by less, relative to the cost.
RELATIVE_STEP = 1e-7


@dataclass(order=True)
class Node:
    """A branch of the tree: the decisions that lead there, and a bound that holds in it."""

    bound: float
    serial: int
    decisions: Decisions = field(compare=False)


@dataclass(frozen=True)
class Incumbent:
    """The best plan known: its routes by kind of shift, unserved weight and drive."""

    routes: tuple[Column, ...]
    weight: int
    driving: float


class Company(Protocol):
    """Whoever watches over a proof, and helps it."""

    def keep_going(self, prover: "Prover") -> bool:
        """Say whether to go on; asked after each round of pricing."""

    def improve(self, prover: "Prover") -> Incumbent | None:
        """Give a better plan from the routes found so far, if there is one."""


class Prover:
    """
    A proof under way.

    *incumbent* is the best plan so far, *bound* a proven bound on its cost in one number,
    with *penalty* for a unit of unserved weight.
    """

    def __init__(
        self,
        instance: Instance,
        incumbent: Incumbent,
        *,
        whole: bool,
    ) -> None:
        self.instance = instance
        self.incumbent = incumbent
        self.penalty = most_driving(instance)
        self.bound = 0.0
        self.nodes = 0
        self._whole = whole
        never = never_together(instance)
        self.master = Master(instance, penalty=self.penalty, sets=alternatives(never))
        kinds = len(self.master.counts)
        first = [int(np.flatnonzero(instance.kind == kind)[0]) for kind in range(kinds)]
        self.graphs = [shift_graph(instance, shift, never) for shift in first]
        self.pricer = Pricer(
            trips=self.master.trips,
            rides=int(instance.most_aboard[0]),
            kinds=instance.load.shape[1],
        )

    @property
    def cost(self) -> float:
        """Cost of the best plan so far, in one number."""
        return self.incumbent.weight * self.penalty + self.incumbent.driving

    @property
    def cutoff(self) -> float:
        """A branch whose bound is at least this holds no better plan."""
        return self.cost - (1.0 - 1e-6 if self._whole else RELATIVE_STEP * max(1.0, self.cost))

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
        graphs = [graph_of(g, kind, node.decisions) for kind, g in enumerate(self.graphs)]
        bounds = bounds_of(self.instance, self.penalty, node.decisions)
        allowed = np.array([obeys(column, graphs) for column in self.master.columns], np.bool_)
        self.master.narrow(bounds, allowed)
        best = node.bound
        for round_ in range(ROUNDS if node.decisions else ROOT_ROUNDS):
            bound, relaxation = self._generate(graphs, bounds, best, company)
            best = max(best, bound)
            if not node.decisions:
                self._raise_bound(best)
            if relaxation is None or best >= self.cutoff:
                return best, relaxation
            if all_whole(relaxation):
                self._accept(self._plan_of(relaxation))
            elif round_ == 0 or not node.decisions:
                self._accept(company.improve(self))
            if best >= self.cutoff or not self._cut(relaxation):
                break
        return best, relaxation

    def _generate(
        self, graphs: list[Graph], bounds: Bounds, best: float, company: Company
    ) -> tuple[float, Relaxation | None]:
        """Add routes until none is missing; a relaxation only if it got there."""
        rule = CHEAPEST
        while True:
            relaxation = self.master.solve()
            priced = [
                self.pricer.price(kind, graph, self.master.prices(relaxation, kind), rule)
                for kind, graph in enumerate(graphs)
            ]
            complete = all(each.complete for each in priced)
            if rule == EXACT and complete:
                least = np.array([each.least for each in priced])
                best = max(best, self.master.lower_bound(relaxation, least, bounds))
                if best >= self.cutoff:
                    return best, relaxation
            if not company.keep_going(self):
                return best, None
            added = self.master.add_columns([c for each in priced for c in each.columns])
            if not added:
                if rule == EXACT:
                    return best, relaxation if complete else None
                rule += 1

    def _cut(self, relaxation: Relaxation) -> bool:
        """Add the cuts that are broken most; False if there are none."""
        used = np.flatnonzero(relaxation.routes > 1e-6)
        triples = violated_triples(
            self.master.serves_set(used),
            relaxation.routes[used],
            most=CUTS_PER_ROUND,
            per_trip=CUTS_PER_TRIP,
        )
        self.master.add_cuts(triples)
        return bool(triples)

    def _plan_of(self, relaxation: Relaxation) -> Incumbent:
        """Read a plan off a relaxation without fractions; nobody is carried twice."""
        instance = self.instance
        missing = np.zeros(self.master.trips, np.bool_)
        for option in np.flatnonzero(relaxation.options > 0.5):
            begin, end = instance.option_start[option : option + 2]
            missing[instance.option_trip[begin:end]] = True
        routes: list[Column] = []
        for index in np.flatnonzero(relaxation.routes > 0.5):
            column = self.master.columns[index]
            trips = instance.trip[list(column.visits)]
            visits = tuple(int(v) for v in np.array(column.visits)[missing[trips]])
            missing[trips] = False
            if visits:
                shift = int(np.flatnonzero(instance.kind == column.kind)[0])
                cost = route_cost(instance, shift, visits)
                routes.append(Column(column.kind, visits, cost))
        weight = float(np.round(relaxation.unserved) @ instance.journey_weight)
        return Incumbent(tuple(routes), round(weight), sum(route.cost for route in routes))

    def _accept(self, plan: Incumbent | None) -> None:
        """Keep *plan* if it is better than the best so far."""
        if plan is None:
            return
        if plan.weight * self.penalty + plan.driving < self.cost:
            self.incumbent = plan


def most_driving(instance: Instance) -> float:
    """More than all shifts together can drive: the price of a unit of unserved weight."""
    shifts = len(instance.kind)
    hours = instance.latest[-shifts:] - instance.earliest[-2 * shifts : -shifts]
    return float(np.ceil(np.minimum(hours, instance.longest).sum())) + 1.0


def route_cost(instance: Instance, shift: int, visits: tuple[int, ...]) -> float:
    """Drive of a route, from the start of the shift to its end."""
    shifts = len(instance.kind)
    start = len(instance.trip) - 2 * shifts + shift
    nodes = np.array([start, *visits, start + shifts])
    return float(instance.drive[nodes[:-1], nodes[1:]].sum())
