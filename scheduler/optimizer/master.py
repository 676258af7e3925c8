"""
The master problem: choose routes so that each journey is served by one option or by none.

    min  sum cost_r x_r + P sum weight_j z_j
    trips:     sum of routes x_r with the trip >= sum of options y_o with the trip
    kinds:     sum of routes x_r of a kind of shift <= number of its shifts
    journeys:  sum of the journey's options y_o + z_j = 1
    weight:    low <= sum weight_j z_j - s <= high      (s at a price beyond any plan)
    cuts:      sum of routes x_r with two or more of three trips <= 1

A linear program over the routes known so far, solved by HiGHS' primal simplex, warm from one
solve to the next. Its duals are the prices that new routes are judged by.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from scheduler.optimizer.alternatives import as_words
from scheduler.optimizer.extension import Prices
from scheduler.optimizer.instance import Instance
from scheduler.problem import Bools, Floats, Ints

INFINITY = highspy.kHighsInf


@dataclass(frozen=True)
class Column:
    """A feasible route of one kind of shift: its visits in order, and its drive in seconds."""

    kind: int
    visits: tuple[int, ...]
    cost: float


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


class Master:
    """
    The restricted master: grows by columns and cuts, and can be narrowed to a branch.

    Variables: journeys left unserved, the slack of the weight row, options, then routes.
    """

    def __init__(self, instance: Instance, *, penalty: float, sets: Ints) -> None:
        self.instance = instance
        self.penalty = penalty
        self.counts = np.bincount(instance.kind)
        self.journeys = len(instance.journey_weight)
        self.trips = len(instance.trip_start) - 1
        self.columns: list[Column] = []
        self.costs = np.zeros(1024)
        self.kinds = np.zeros(1024, np.int64)
        self.serves = np.zeros((1024, self.trips), np.bool_)
        self.cuts: list[tuple[int, int, int]] = []
        self.sets = np.eye(int(sets.max(initial=-1)) + 1, dtype=np.bool_)[sets].T
        self._cut_sets = np.zeros((0, self.trips), np.bool_)
        self._known: set[tuple[int, tuple[int, ...]]] = set()
        self._fixed = self.journeys + 1 + len(instance.option_journey)
        self._journey_row = self.trips + len(self.counts)
        self._weight_row = self._journey_row + self.journeys
        self._lp = _silent_highs()
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

    def add_columns(self, columns: list[Column]) -> int:
        """Add the columns that are not known yet; return how many."""
        costs, entries = [], []
        for column in columns:
            key = (column.kind, column.visits)
            if key in self._known:
                continue
            self._known.add(key)
            index = len(self.columns)
            if index == len(self.serves):
                self.serves = np.vstack([self.serves, np.zeros_like(self.serves)])
                self.costs = np.concatenate([self.costs, np.zeros_like(self.costs)])
                self.kinds = np.concatenate([self.kinds, np.zeros_like(self.kinds)])
            trips = np.unique(self.instance.trip[list(column.visits)])
            self.serves[index, trips] = True
            self.costs[index] = column.cost
            self.kinds[index] = column.kind
            rows = [*trips.tolist(), self.trips + column.kind]
            if self.cuts:
                rows += (self._weight_row + 1 + np.flatnonzero(self._in_cuts(index))).tolist()
            self.columns.append(column)
            costs.append(column.cost)
            entries.append((rows, [1.0] * len(rows)))
        if costs:
            self._add_variables(np.array(costs), entries)
        return len(costs)

    def _in_cuts(self, index: int) -> Bools:
        """Shape ``(cuts,)``: whether a route serves two or more of a cut's three."""
        twice: Bools = (self._cut_sets & self.serves[index]).sum(axis=1) >= 2
        return twice

    def serves_set(self, columns: Ints) -> Bools:
        """Shape ``(columns, sets)``: which sets of alternative trips each route serves."""
        served: Bools = self.serves[columns].astype(np.float32) @ self.sets.T.astype(np.float32) > 0
        return served

    def add_cuts(self, triples: list[tuple[int, int, int]]) -> None:
        """Add subset-row cuts: of three sets of trips, at most one route serves two or more."""
        for triple in triples:
            trips = self.sets[list(triple)].any(axis=0)
            self._cut_sets = np.vstack([self._cut_sets, trips])
            served = (self.serves[: len(self.columns)] & trips).sum(axis=1) >= 2
            indices = (self._fixed + np.flatnonzero(served)).astype(np.int32)
            self._lp.addRow(-INFINITY, 1.0, len(indices), indices, np.ones(len(indices)))
            self.cuts.append(triple)

    def narrow(self, bounds: Bounds, allowed: Bools) -> None:
        """Restrict the variables to one branch; *allowed* ``(columns,)`` are its routes."""
        indices = np.arange(self.journeys, dtype=np.int32)
        self._lp.changeColsCost(self.journeys, indices, bounds.unserved_cost)
        upper = np.where(np.concatenate([bounds.options, allowed]), INFINITY, 0.0)
        indices = (self.journeys + 1 + np.arange(len(upper))).astype(np.int32)
        self._lp.changeColsBounds(len(upper), indices, np.zeros(len(upper)), upper)
        self._lp.changeRowBounds(self._weight_row, *bounds.weight)

    def solve(self) -> Relaxation:
        """
        Solve the linear program.

        Raises
        ------
        ArithmeticError
            If HiGHS finds no optimum, though there always is one.
        """
        self._lp.run()
        status = self._lp.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            msg = f"HiGHS ended with {self._lp.modelStatusToString(status)}."
            raise ArithmeticError(msg)
        solution = self._lp.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        return Relaxation(
            value=self._lp.getInfo().objective_function_value,
            unserved=values[: self.journeys],
            options=values[self.journeys + 1 : self._fixed],
            routes=values[self._fixed :],
            trip=np.maximum(duals[: self.trips], 0.0),
            kind=np.maximum(-duals[self.trips : self._journey_row], 0.0),
            weight=max(float(duals[self._weight_row]), -self.slack_cost),
            cut=np.maximum(-duals[self._weight_row + 1 :], 0.0),
        )

    def prices(self, relaxation: Relaxation, kind: int) -> Prices:
        """What the labelling needs of the duals; only cuts that cost something."""
        active = np.flatnonzero(relaxation.cut > 1e-9)
        cut, trip = np.nonzero(self._cut_sets[active])
        order = np.argsort(trip, kind="stable")
        counts = np.bincount(trip, minlength=self.trips)
        return Prices(
            fixed=np.array([relaxation.kind[kind]]),
            trip=relaxation.trip,
            cut=relaxation.cut[active],
            cuts_of_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            cuts_of=cut[order].astype(np.int64),
            cut_trips=as_words(self._cut_sets[active]),
        )

    def lower_bound(self, relaxation: Relaxation, worst: Floats, bounds: Bounds) -> float:
        """
        Bound from below, for the branch of *bounds*, whatever the prices are (Lagrange).

        *worst* ``(k,)`` is the least reduced cost of any route of each kind, known or not.
        """
        i = self.instance
        low, high = bounds.weight
        demand = low if relaxation.weight > 0 else high
        total = relaxation.weight * demand if relaxation.weight else 0.0
        best = bounds.unserved_cost - relaxation.weight * i.journey_weight
        earned = np.add.reduceat(relaxation.trip[i.option_trip], i.option_start[:-1])
        np.minimum.at(best, i.option_journey[bounds.options], earned[bounds.options])
        total += best.sum() - relaxation.kind @ self.counts - relaxation.cut.sum()
        return float(total + np.minimum(worst, 0.0) @ self.counts)


def _silent_highs() -> highspy.Highs:
    """One thread, no presolve, primal simplex: after new columns the old basis stays feasible."""
    lp = highspy.Highs()  # type: ignore[no-untyped-call]  # comes half typed
    lp.setOptionValue("output_flag", False)
    lp.setOptionValue("threads", 1)
    lp.setOptionValue("presolve", "off")
    lp.setOptionValue("solver", "simplex")
    lp.setOptionValue("simplex_strategy", 4)
    return lp
