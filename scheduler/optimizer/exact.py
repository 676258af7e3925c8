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
)
from scheduler.optimizer.columns import Column
from scheduler.optimizer.cuts import violated_triples
from scheduler.optimizer.graph import Graph, listed, shift_graph
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.labelling import CHEAPEST, EXACT
from scheduler.optimizer.master import Bounds, Master, Relaxation, between
from scheduler.optimizer.pricing import WORTH, Priced, Pricer
from scheduler.problem import Floats

# Rounds of cuts at the root and below it; deeper down, branching does more.
ROOT_ROUNDS, ROUNDS = 30, 4
CUTS_PER_ROUND, CUTS_PER_TRIP = 40, 6
# Cuts that cost nothing in so many rounds are dropped.
PATIENCE = 3
# So many known routes enter the linear program at a time.
MOST_KNOWN = 200
# So much of the prices before remains in the next ones: without that they swing to and fro.
CALM = 0.6
# A better plan is looked for when the gap has shrunk to this share.
SMALLER = 0.8

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
        """Give a better plan, if there is one; asked where the gap has become smaller."""


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
        self._allowed = np.zeros(0, np.bool_)
        self._tried = np.inf
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
        self._allowed = self.master.columns.obey(graphs)
        self.master.narrow(bounds, self._allowed)
        best = node.bound
        for round_ in range(ROUNDS if node.decisions else ROOT_ROUNDS):
            bound, relaxation = self._generate(graphs, bounds, best, company)
            best = max(best, bound)
            if not node.decisions:
                self._raise_bound(best)
            if relaxation is None or best >= self.cutoff:
                return best, relaxation
            if all_whole(relaxation):
                self._accept(
                    self.plan_of(relaxation.routes, relaxation.options, relaxation.unserved)
                )
            elif round_ == 0 or not node.decisions:
                self._improve(graphs, bounds, relaxation, company)
            if best >= self.cutoff or not self._cut(relaxation):
                break
        return best, relaxation

    def _generate(
        self,
        graphs: list[Graph],
        bounds: Bounds,
        best: float,
        company: Company,
        last: int = EXACT,
    ) -> tuple[float, Relaxation | None]:
        """Add routes until none is missing; a relaxation only if it got there."""
        rule, calm = CHEAPEST, None
        while True:
            relaxation = self.master.solve()
            if not company.keep_going(self):
                return best, None
            if self._enter_known(relaxation):
                continue
            calm = relaxation if calm is None or rule == EXACT else between(calm, relaxation, CALM)
            priced = self._price(graphs, calm, rule)
            complete = all(each.complete for each in priced)
            if rule == EXACT and complete:
                least = np.array([each.least for each in priced])
                best = max(best, self.master.lower_bound(calm, least, bounds))
                if best >= self.cutoff:
                    return best, relaxation
            known = len(self.master.columns)
            self.master.columns.add(c for each in priced for c in each.columns)
            if self._enter_known(relaxation, known):
                continue
            if calm is not relaxation:
                calm = None
            elif rule == last:
                return best, relaxation if complete or rule != EXACT else None
            else:
                rule += 1

    def _improve(
        self, graphs: list[Graph], bounds: Bounds, relaxation: Relaxation, company: Company
    ) -> None:
        """Look for a better plan, if the gap is much smaller than when last looked."""
        if self.cost - relaxation.value < SMALLER * self._tried:
            self._accept(company.improve(self))
            if relaxation.value < self.cutoff:
                self._dive(graphs, bounds, relaxation, company)
            self._tried = self.cost - relaxation.value

    def _dive(
        self, graphs: list[Graph], bounds: Bounds, relaxation: Relaxation, company: Company
    ) -> None:
        """Round one route after the other to a plan, adding routes on the way."""
        fixed: list[int] = []
        columns = self.master.columns
        while relaxation.value < self.cutoff:
            if all_whole(relaxation):
                self._accept(
                    self.plan_of(relaxation.routes, relaxation.options, relaxation.unserved)
                )
                break
            free = np.setdiff1d(np.flatnonzero(relaxation.routes > 1e-6), fixed)
            if not len(free):
                break
            begun = len(fixed)
            for route in free[np.argsort(-relaxation.routes[free], kind="stable")]:
                if len(fixed) > begun and relaxation.routes[route] < 0.8:
                    break
                if not (columns.serves[fixed].any(axis=0) & (columns.serves[route] > 0)).any():
                    fixed.append(int(route))
            if len(fixed) == begun:
                break
            taken = columns.serves[fixed].any(axis=0)
            left = [listed(g._replace(pickup=np.where(taken, -1, g.pickup))) for g in graphs]
            self._allowed = columns.obey(left)
            self._allowed[fixed] = True
            self.master.narrow(bounds, self._allowed, fixed)
            _, after = self._generate(left, bounds, 0.0, company, CHEAPEST)
            if after is None:
                break
            relaxation = after
        self._allowed = columns.obey(graphs)
        self.master.narrow(bounds, self._allowed)

    def _price(self, graphs: list[Graph], prices: Relaxation, rule: int) -> list[Priced]:
        """Search all kinds of shifts for routes worth adding at these prices."""
        return [
            self.pricer.price(kind, graph, self.master.prices(prices, kind), rule)
            for kind, graph in enumerate(graphs)
        ]

    def _enter_known(self, relaxation: Relaxation, first: int = 0) -> bool:
        """Take in known routes, from number *first* on, that are worth it; False if none are."""
        master = self.master
        # What has been found since the branch was begun is a route of this branch.
        found = len(master.columns) - len(self._allowed)
        self._allowed = np.concatenate([self._allowed, np.ones(found, np.bool_)])
        free = self._allowed.copy()
        free[master.active] = False
        rows = first + np.flatnonzero(free[first:])
        reduced = master.reduced(relaxation, rows, WORTH)
        best = np.argsort(reduced, kind="stable")[:MOST_KNOWN]
        return master.enter(rows[best[reduced[best] < WORTH]]) > 0

    def _cut(self, relaxation: Relaxation) -> bool:
        """Add the cuts that are broken most; False if there are none."""
        self.master.drop_idle_cuts(relaxation, patience=PATIENCE)
        used = np.flatnonzero(relaxation.routes > 1e-6)
        triples = violated_triples(
            self.master.serves_set(used),
            relaxation.routes[used],
            most=CUTS_PER_ROUND,
            per_trip=CUTS_PER_TRIP,
        )
        self.master.add_cuts(triples)
        return bool(triples)

    def plan_of(self, routes: Floats, options: Floats, unserved: Floats) -> Incumbent:
        """Read a plan off whole values of the master's variables; nobody is carried twice."""
        instance = self.instance
        missing = np.zeros(self.master.trips, np.bool_)
        for option in np.flatnonzero(options > 0.5):
            begin, end = instance.option_start[option : option + 2]
            missing[instance.option_trip[begin:end]] = True
        kept: list[Column] = []
        for index in np.flatnonzero(routes > 0.5):
            column = self.master.columns[int(index)]
            trips = instance.trip[list(column.visits)]
            visits = tuple(int(v) for v in np.array(column.visits)[missing[trips]])
            missing[trips] = False
            if visits:
                shift = int(np.flatnonzero(instance.kind == column.kind)[0])
                cost = route_cost(instance, shift, visits)
                kept.append(Column(column.kind, visits, cost))
        weight = float(np.round(unserved) @ instance.journey_weight)
        return Incumbent(tuple(kept), round(weight), sum(route.cost for route in kept))

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
