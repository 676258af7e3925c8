"""
The master problem: choose routes so that each journey is served by one option or by none.

    min  sum cost_r x_r + P sum weight_j z_j
    trips:     sum of routes x_r with the trip >= sum of options y_o with the trip
    kinds:     sum of routes x_r of a kind of shift <= number of its shifts
    journeys:  sum of the journey's options y_o + z_j = 1
    weight:    low <= sum weight_j z_j - s <= high      (s at a price beyond any plan)
    cuts:      sum of routes x_r with two or more of three trips <= 1

A linear program over some of the routes known so far, solved by HiGHS' simplex methods, warm from
one solve to the next. Its duals are the prices that new routes are judged by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from scheduler.errors import LinearProgramError
from scheduler.optimizer.alternatives import as_words
from scheduler.optimizer.columns import Columns
from scheduler.optimizer.extension import Prices
from scheduler.optimizer.instance import Instance
from scheduler.problem import Bools, Floats, Ints

INFINITY = highspy.kHighsInf
# Numbers of HiGHS for its simplex methods.
DUAL, PRIMAL = 1, 4
# Error of a sum by rounding, relative to its parts: some hundred additions in double precision.
ROUNDING = 1e-13
# A cut costs something if its dual is above this.
PRICED = 1e-9


@dataclass(frozen=True, eq=False)
class Relaxation:
    """
    An optimal solution of the linear program.

    Shapes: ``routes (columns,)``, ``options (o,)``, ``unserved (j,)`` the values; ``trip (t,),
    kind (k,), cut (c,)`` the duals, each as a price that is not negative; ``weight`` the dual
    of the weight row, positive where more weight is demanded.
    """

    value: float
    routes: Floats
    options: Floats
    unserved: Floats
    trip: Floats
    kind: Floats
    cut: Floats
    weight: float


@dataclass(frozen=True, eq=False)
class Bounds:
    """
    What a branch allows: ``unserved_cost (j,)``, ``options (o,)`` open or not, total weight.

    A journey that a branch wants served is not forced: leaving it unserved is made dearer
    than any plan, so that the linear program always has a solution.
    """

    unserved_cost: Floats
    options: Bools
    weight: tuple[float, float]


def between(before: Relaxation, now: Relaxation, share: float) -> Relaxation:
    """Take the prices of *before* to a *share*, those of *now* for the rest."""
    return replace(
        now,
        trip=share * before.trip + (1.0 - share) * now.trip,
        kind=share * before.kind + (1.0 - share) * now.kind,
        cut=share * before.cut + (1.0 - share) * now.cut,
        weight=share * before.weight + (1.0 - share) * now.weight,
    )


class Master:
    """
    The restricted master: routes and cuts come and go, and it can be narrowed to a branch.

    Variables: journeys left unserved, the slack of the weight row, options, then routes, which
    are those of *columns* with the numbers *active*.
    """

    def __init__(self, instance: Instance, *, penalty: float, sets: Ints) -> None:
        self.instance = instance
        self.penalty = penalty
        self.counts = np.bincount(instance.kind)
        self.journeys = len(instance.journey_weight)
        self.trips = len(instance.trip_start) - 1
        self.columns = Columns(instance)
        self.active = np.zeros(0, np.int64)
        self.sets = np.eye(int(sets.max(initial=-1)) + 1, dtype=np.bool_)[sets].T
        self.cut_sets = np.zeros((0, self.trips), np.bool_)
        self._idle = np.zeros(0, np.int64)
        self._fixed = self.journeys + 1 + len(instance.option_journey)
        self._journey_row = self.trips + len(self.counts)
        self._weight_row = self._journey_row + self.journeys
        self._lp = _silent_highs()
        self._primal = True
        self._build()

    def _build(self) -> None:
        """Make the rows, and the variables that are no routes."""
        i = self.instance
        journeys, kinds = self.journeys, len(self.counts)
        lower = [*np.zeros(self.trips), *np.full(kinds, -INFINITY), *np.ones(journeys), 0.0]
        upper = [*np.full(self.trips, INFINITY), *self.counts, *np.ones(journeys), INFINITY]
        none = np.array([], np.int32)
        self._lp.addRows(len(lower), np.array(lower), np.array(upper), 0, none, none, np.array([]))
        entries = [
            ([self._journey_row + j, self._weight_row], [1.0, float(i.journey_weight[j])])
            for j in range(journeys)
        ]
        entries.append(([self._weight_row], [-1.0]))
        for o, journey in enumerate(i.option_journey):
            trips = i.option_trip[i.option_start[o] : i.option_start[o + 1]]
            rows = [*trips.tolist(), self._journey_row + int(journey)]
            entries.append((rows, [*[-1.0] * len(trips), 1.0]))
        costs = np.zeros(self._fixed)
        costs[journeys] = self.slack_cost
        self._add_variables(costs, entries)

    @property
    def slack_cost(self) -> float:
        """Price of a unit of weight beyond what a branch allows."""
        return 10.0 * self.penalty

    def _add_variables(self, costs: Floats, entries: list[tuple[list[int], list[float]]]) -> None:
        """Add variables from 0 up, each with its rows and coefficients."""
        sizes = [len(rows) for rows, _ in entries]
        self._lp.addCols(
            len(costs),
            costs.astype(np.float64),
            np.zeros(len(costs)),
            np.full(len(costs), INFINITY),
            sum(sizes),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32),
            np.concatenate([rows for rows, _ in entries]).astype(np.int32),
            np.concatenate([values for _, values in entries]).astype(np.float64),
        )

    def enter(self, routes: Ints) -> int:
        """Take routes of *columns* into the linear program; return how many are new there."""
        routes = np.setdiff1d(routes, self.active)
        if len(routes):
            cuts = self.columns.in_cuts(routes, self.cut_sets)
            entries = []
            for route, falls in zip(routes, cuts, strict=True):
                rows = np.flatnonzero(self.columns.serves[route]).tolist()
                rows.append(self.trips + int(self.columns.kind[route]))
                rows += (self._weight_row + 1 + np.flatnonzero(falls)).tolist()
                entries.append((rows, [1.0] * len(rows)))
            self._add_variables(self.columns.cost[routes], entries)
            self.active = np.concatenate([self.active, routes])
        return len(routes)

    def leave(self, routes: Bools) -> None:
        """Take some of the *active* routes out; none of them may be in use."""
        indices = (self._fixed + np.flatnonzero(routes)).astype(np.int32)
        basis = self._lp.getBasis()
        status = list(basis.col_status)
        self._lp.deleteCols(len(indices), indices)
        gone = set(indices.tolist())
        basis.col_status = [s for index, s in enumerate(status) if index not in gone]
        self._lp.setBasis(basis)
        self.active = self.active[~routes]

    def serves_set(self, routes: Ints) -> Bools:
        """Shape ``(routes, sets)``: which sets of alternative trips each route serves."""
        served: Bools = self.columns.serves[routes] @ self.sets.T.astype(np.float64) > 0
        return served

    def add_cuts(self, triples: list[tuple[int, int, int]]) -> None:
        """Add subset-row cuts: of three sets of trips, at most one route serves two or more."""
        if not triples:
            return
        cuts = self.sets[np.array(triples)].any(axis=1)
        cut, route = np.nonzero(self.columns.in_cuts(self.active, cuts).T)
        starts = np.searchsorted(cut, np.arange(len(cuts))).astype(np.int32)
        self._lp.addRows(
            len(cuts),
            np.full(len(cuts), -INFINITY),
            np.ones(len(cuts)),
            len(cut),
            starts,
            (self._fixed + route).astype(np.int32),
            np.ones(len(cut)),
        )
        self.cut_sets = np.vstack([self.cut_sets, cuts])
        self._idle = np.concatenate([self._idle, np.zeros(len(cuts), np.int64)])
        self._primal = False

    def drop_idle_cuts(self, relaxation: Relaxation, *, patience: int) -> None:
        """Drop cuts that have cost nothing for *patience* calls."""
        self._idle = np.where(relaxation.cut > PRICED, 0, self._idle + 1)
        idle = self._idle >= patience
        if not idle.any():
            return
        indices = (self._weight_row + 1 + np.flatnonzero(idle)).astype(np.int32)
        basis = self._lp.getBasis()
        status = list(basis.row_status)
        keep = np.ones(len(status), np.bool_)
        keep[indices] = False
        # A row may stand at its bound at no price; then its basis would not be square.
        basic = all(status[index] == highspy.HighsBasisStatus.kBasic for index in indices)
        self._lp.deleteRows(len(indices), indices)
        if basic:
            basis.row_status = [s for s, kept in zip(status, keep, strict=True) if kept]
            self._lp.setBasis(basis)
        self.cut_sets, self._idle = self.cut_sets[~idle], self._idle[~idle]

    def narrow(self, bounds: Bounds, allowed: Bools, fixed: Sequence[int] = ()) -> None:
        """Restrict the variables to one branch: *allowed* ``(columns,)`` routes, *fixed* ones."""
        indices = np.arange(self.journeys, dtype=np.int32)
        self._lp.changeColsCost(self.journeys, indices, bounds.unserved_cost)
        upper = np.where(np.concatenate([bounds.options, allowed[self.active]]), INFINITY, 0.0)
        lower = np.zeros(len(upper))
        lower[len(bounds.options) :] = np.isin(self.active, fixed)
        indices = (self.journeys + 1 + np.arange(len(upper))).astype(np.int32)
        self._lp.changeColsBounds(len(upper), indices, lower, upper)
        self._lp.changeRowBounds(self._weight_row, *bounds.weight)
        self._primal = False

    def solve(self) -> Relaxation:
        """
        Solve the linear program.

        Raises
        ------
        LinearProgramError
            If HiGHS finds no optimum, though there always is one.
        """
        # New routes leave the old basis primal feasible, new cuts and bounds dual feasible.
        self._lp.setOptionValue("simplex_strategy", PRIMAL if self._primal else DUAL)
        self._primal = True
        self._lp.run()
        status = self._lp.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            msg = f"HiGHS ended with {self._lp.modelStatusToString(status)}."
            raise LinearProgramError(msg)
        solution = self._lp.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        routes = np.zeros(len(self.columns))
        routes[self.active] = values[self._fixed :]
        return Relaxation(
            value=self._lp.getInfo().objective_function_value,
            unserved=values[: self.journeys],
            options=values[self.journeys + 1 : self._fixed],
            routes=routes,
            trip=np.maximum(duals[: self.trips], 0.0),
            kind=np.maximum(-duals[self.trips : self._journey_row], 0.0),
            weight=max(float(duals[self._weight_row]), -self.slack_cost),
            cut=np.maximum(-duals[self._weight_row + 1 :], 0.0),
        )

    def reduced(self, relaxation: Relaxation, rows: Ints, below: float) -> Floats:
        """Shape ``(rows,)``: reduced costs of known routes, exact where they are under *below*."""
        return self.columns.reduced(
            rows, relaxation.trip, relaxation.kind, relaxation.cut, self.cut_sets, below
        )

    def prices(self, relaxation: Relaxation, kind: int) -> Prices:
        """What the labelling needs of the duals; only cuts that cost something."""
        active = np.flatnonzero(relaxation.cut > PRICED)
        cut, trip = np.nonzero(self.cut_sets[active])
        order = np.argsort(trip, kind="stable")
        counts = np.bincount(trip, minlength=self.trips)
        return Prices(
            fixed=np.array([relaxation.kind[kind]]),
            trip=relaxation.trip,
            cut=relaxation.cut[active],
            cuts_of_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            cuts_of=cut[order].astype(np.int64),
            cut_trips=as_words(self.cut_sets[active]),
        )

    def lower_bound(self, relaxation: Relaxation, worst: Floats, bounds: Bounds) -> float:
        """
        Bound from below, for the branch of *bounds*, whatever the prices are (Lagrange).

        *worst* ``(k,)`` is the least reduced cost of any route of each kind, known or not. Prices
        may be far larger than what is left when they cancel out: their rounding goes off the bound.
        """
        i = self.instance
        low, high = bounds.weight
        # Without an upper limit there is nothing to earn below it.
        weight = max(relaxation.weight, 0.0) if np.isinf(high) else relaxation.weight
        total = weight * (low if weight > 0 else high) if weight else 0.0
        best = bounds.unserved_cost - weight * i.journey_weight
        earned = np.add.reduceat(relaxation.trip[i.option_trip], i.option_start[:-1])
        np.minimum.at(best, i.option_journey[bounds.options], earned[bounds.options])
        size = np.abs(best).sum() + relaxation.kind @ self.counts + relaxation.cut.sum()
        size += abs(total) + relaxation.trip.sum() * self.counts.sum()
        total += best.sum() - relaxation.kind @ self.counts - relaxation.cut.sum()
        return float(total + np.minimum(worst, 0.0) @ self.counts - ROUNDING * size)


def _silent_highs() -> highspy.Highs:
    """One thread, no presolve: each solve goes on from the basis of the one before."""
    lp = highspy.Highs()  # type: ignore[no-untyped-call]  # comes half typed
    lp.setOptionValue("output_flag", False)
    lp.setOptionValue("threads", 1)
    lp.setOptionValue("presolve", "off")
    lp.setOptionValue("solver", "simplex")
    return lp
