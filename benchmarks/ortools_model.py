"""
A problem as a model of OR-Tools' routing library, constraint by constraint.

Exact: windows, order, longest rides, hours, longest durations, seat configurations (as linear
limits on the loads, and a table of what fits where those are not enough), shifts that take a trip
or not.

A little stricter than the problem, so that each answer holds: a trip of three visits is two
nodes, so nobody else gets in or out on one of its two legs (either one, as the library likes); a
break is at one of the most visited places, reached with nobody aboard. The detour to it is
left out of the answer again.

A little looser at first: of a journey with several trips or options some may be served without
the others, at part of the price, for the library's moves insert one trip at a time. Then *linked*,
with one option for each journey: all of its trips or none. (The library has a group of that kind,
`AddSameActivityGroup`, but Python cannot call it: 9.15 takes no list for an `absl::Span`.)
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import ortools.constraint_solver.pywrapcp as _pywrapcp

from benchmarks.ortools_seats import limits_of, table_of
from scheduler.optimizer.instance import Instance
from scheduler.problem import Problem

# The library has no types.
LIBRARY: Any = _pywrapcp

# Fractions of a minute become whole numbers of this many to the unit; rounded to the safe side.
SCALE = 10_000
ROUND = 1e-6
# A break may be taken at so many places, the most visited ones, besides the start.
REST_PLACES = 3


@dataclass(frozen=True)
class Node:
    """
    Visits of one trip made one straight after the other; without visits, an end of a break.

    *inner* is the time from the begin of the first visit to the end of the last, *driven* the
    driving in it; *entry* and *exit* are places, *shift* is -1 unless it is the break of one.
    """

    visits: tuple[int, ...]
    entry: int
    exit: int
    earliest: float
    latest: float
    inner: float
    driven: float = 0.0
    shift: int = -1


@dataclass(frozen=True)
class Pair:
    """A trip cut into two nodes; *trip* is its number."""

    trip: int
    first: Node
    second: Node


def pairs_of(problem: Problem, instance: Instance, trip: int) -> list[Pair]:
    """Every way to make two nodes of a trip; none if no shift takes it."""
    begin, end = int(problem.trip_start[trip]), int(problem.trip_start[trip + 1])
    if not instance.takes[:, trip].any():
        return []
    visits = range(begin, end)
    pairs = []
    for cut in range(1, len(visits)):
        first = _chain(problem, instance, tuple(visits[:cut]))
        second = _chain(problem, instance, tuple(visits[cut:]))
        if first is not None and second is not None:
            pairs.append(Pair(trip, first, second))
    return pairs


def _chain(problem: Problem, instance: Instance, visits: tuple[int, ...]) -> Node | None:
    """Visits without a stop or a wait between them; ``None`` if windows or rides forbid it."""
    earliest, latest, offset, driven = -np.inf, np.inf, 0.0, 0.0
    for before, visit in zip((None, *visits), visits, strict=False):
        if before is not None:
            drive = float(instance.drive[before, visit])
            if drive > problem.visit_ride[visit]:
                return None
            offset += drive
            driven += drive
        earliest = max(earliest, float(instance.earliest[visit]) - offset)
        latest = min(latest, float(instance.latest[visit]) - offset)
        offset += float(problem.visit_dwell[visit])
    if earliest > latest:
        return None
    entry, leave = int(problem.visit_place[visits[0]]), int(problem.visit_place[visits[-1]])
    return Node(visits, entry, leave, earliest, latest, offset, driven)


def rests_of(problem: Problem, instance: Instance, shift: int) -> list[Node]:
    """
    Begin and end of the break of a shift, at each place where it may be taken, in turns.

    None if it has no break.
    """
    first, last, length = (float(value) for value in instance.rest[shift])
    if length == 0:
        return []
    visited = Counter(problem.visit_place.tolist()).most_common(REST_PLACES)
    places = {int(problem.shift_first_place[shift]): None, **dict(visited)}
    first = max(first, float(problem.shift_earliest[shift]))
    last = min(last, float(problem.shift_latest[shift]) - length)
    return [
        Node((), place, place, first + offset, last + offset, inner, shift=shift)
        for place in places
        for offset, inner in ((0.0, length), (length, 0.0))
    ]


@dataclass(frozen=True, eq=False)
class Model:
    """
    Nodes of the library in its order: those of *pairs*, breaks, starts, ends.

    *journeys* has for each journey its slots; of the pairs in a slot (numbers) at most one is
    served, and all slots should be: *linked* enforces it, with one pair in each slot.
    """

    problem: Problem
    instance: Instance
    pairs: Sequence[Pair]
    journeys: Sequence[Sequence[Sequence[int]]]
    linked: bool = False

    @property
    def scale(self) -> int:
        """Units of the model for one of the problem."""
        return 1 if self.problem.whole else SCALE

    @cached_property
    def nodes(self) -> list[Node]:
        """All nodes but the ends of shifts."""
        problem, shifts = self.problem, range(self.problem.shifts)
        nodes = [node for pair in self.pairs for node in (pair.first, pair.second)]
        for shift in shifts:
            nodes += rests_of(problem, self.instance, shift)
        return nodes

    @cached_property
    def manager(self) -> Any:
        """Numbers of nodes to indices of the library."""
        count, shifts = len(self.nodes), self.problem.shifts
        starts = list(range(count, count + shifts))
        ends = list(range(count + shifts, count + 2 * shifts))
        return LIBRARY.RoutingIndexManager(count + 2 * shifts, shifts, starts, ends)

    @cached_property
    def price(self) -> int:
        """What one unit of weight costs: more than all shifts together can drive."""
        hours = self.problem.shift_latest - self.problem.shift_earliest
        return 1 + self.up(float(hours.sum()))

    def up(self, time: float) -> int:
        """A time in units of the model, rounded up."""
        return int(np.ceil(time * self.scale - ROUND))

    def down(self, time: float) -> int:
        """A time in units of the model, rounded down."""
        return int(np.floor(time * self.scale + ROUND))

    def index(self, node: int) -> int:
        """Index of the library."""
        return int(self.manager.NodeToIndex(node))

    def build(self) -> Any:
        """Make the library's model."""
        routing = LIBRARY.RoutingModel(self.manager)
        self._add_time(routing)
        self._add_loads(routing)
        self._add_pairs(routing)
        self._add_rests(routing)
        return routing

    def _add_time(self, routing: Any) -> None:
        problem, shifts = self.problem, self.problem.shifts
        entry = [node.entry for node in self.nodes]
        leave = [node.exit for node in self.nodes]
        entry += [*problem.shift_first_place, *problem.shift_last_place]
        leave += [*problem.shift_first_place, *problem.shift_last_place]
        ends = np.zeros(2 * shifts)
        inner = np.concatenate([[node.inner for node in self.nodes], ends])
        driven = np.concatenate([[node.driven for node in self.nodes], ends])
        drive = problem.seconds[np.ix_(leave, entry)].copy()
        # A bus without visits stays where it is.
        starts = len(self.nodes) + np.arange(shifts)
        drive[starts, starts + shifts] = 0.0
        cost = np.rint((drive + driven[:, None]) * self.scale).astype(np.int64)
        time = np.ceil((drive + inner[:, None]) * self.scale - ROUND).astype(np.int64)
        routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(cost.tolist()))
        horizon = self.up(float(problem.shift_latest.max()))
        matrix = routing.RegisterTransitMatrix(time.tolist())
        routing.AddDimension(matrix, horizon, horizon, False, "time")
        clock = routing.GetDimensionOrDie("time")
        for number, node in enumerate(self.nodes):
            window = clock.CumulVar(self.index(number))
            window.SetRange(
                self.up(node.earliest), max(self.up(node.earliest), self.down(node.latest))
            )
        for shift in range(shifts):
            hours = problem.shift_earliest[shift], problem.shift_latest[shift]
            for index in (routing.Start(shift), routing.End(shift)):
                clock.CumulVar(index).SetRange(self.up(hours[0]), self.down(hours[1]))
            if np.isfinite(self.instance.longest[shift]):
                most = self.down(float(self.instance.longest[shift]))
                clock.SetSpanUpperBoundForVehicle(most, shift)
            routing.AddVariableMinimizedByFinalizer(clock.CumulVar(routing.Start(shift)))
            routing.AddVariableMinimizedByFinalizer(clock.CumulVar(routing.End(shift)))

    def _add_loads(self, routing: Any) -> None:
        kinds = self.instance.load.shape[1]
        change = np.array(
            [self.instance.load[list(node.visits)].sum(axis=0) for node in self.nodes]
        ).reshape(-1, kinds)
        change = np.vstack([change, np.zeros((2 * self.problem.shifts, kinds), dtype=np.int64)])
        limits = np.array(list(limits_of(self.instance.seats)))
        rooms = (self.instance.seats @ limits.T).max(axis=1)
        names = []
        for number, limit in enumerate(limits):
            names.append(f"load {number}")
            vector = routing.RegisterUnaryTransitVector((change @ limit).tolist())
            capacities = rooms[:, number].tolist()
            routing.AddDimensionWithVehicleCapacity(vector, 0, capacities, True, names[-1])
        table = table_of(self.instance.seats, limits, rooms)
        if table is None:
            return
        loads = [routing.GetDimensionOrDie(name) for name in names[:kinds]]
        for number in range(len(self.nodes)):
            index = self.index(number)
            cells = [routing.VehicleVar(index), *(load.CumulVar(index) for load in loads)]
            routing.solver().Add(routing.solver().AllowedAssignments(cells, table))

    def _add_pairs(self, routing: Any) -> None:
        solver, clock = routing.solver(), routing.GetDimensionOrDie("time")
        for number, pair in enumerate(self.pairs):
            first, second = self.index(2 * number), self.index(2 * number + 1)
            routing.AddPickupAndDelivery(first, second)
            solver.Add(routing.VehicleVar(first) == routing.VehicleVar(second))
            ride = pair.first.inner + float(self.problem.visit_ride[pair.second.visits[0]])
            begins = clock.CumulVar(first), clock.CumulVar(second)
            solver.Add(begins[0] <= begins[1])
            if np.isfinite(ride):
                solver.Add(begins[1] - begins[0] <= self.down(ride))
            able = np.flatnonzero(self.instance.takes[:, pair.trip]).tolist()
            if len(able) < self.problem.shifts:
                for index in (first, second):
                    routing.VehicleVar(index).SetValues([-1, *able])
        for journey, slots in enumerate(self.journeys):
            # In halves: the price of a pair is that of both its nodes.
            price = self.price * int(self.problem.journey_weight[journey])
            for slot in slots:
                for which in (0, 1):
                    nodes = [self.index(2 * pair + which) for pair in slot]
                    routing.AddDisjunction(nodes, -(-price // (2 * len(slots))))
            if self.linked:
                active = [routing.ActiveVar(self.index(2 * slot[0])) for slot in slots]
                for one, other in pairwise(active):
                    solver.Add(one == other)

    def _add_rests(self, routing: Any) -> None:
        """Make breaks pairs, too, for those the library inserts first; they fill the bus."""
        solver, first = routing.solver(), 2 * len(self.pairs)
        rests = (len(self.nodes) - first) // 2
        if not rests:
            return
        full = len(self.pairs)
        ends = [0] * (2 * self.problem.shifts)
        vector = [1, -1] * len(self.pairs) + [full, -full] * rests + ends
        aboard = routing.RegisterUnaryTransitVector(vector)
        routing.AddDimension(aboard, 0, full, True, "aboard")
        price = self.price * (1 + int(self.problem.journey_weight.sum()))
        by_shift: dict[int, list[int]] = {}
        for number in range(first, len(self.nodes), 2):
            indices = self.index(number), self.index(number + 1)
            shift = self.nodes[number].shift
            routing.AddPickupAndDelivery(*indices)
            solver.Add(routing.VehicleVar(indices[0]) == routing.VehicleVar(indices[1]))
            routing.GetDimensionOrDie("aboard").CumulVar(indices[0]).SetRange(0, 0)
            for index in indices:
                routing.VehicleVar(index).SetValues([-1, shift])
            by_shift.setdefault(shift, []).extend(indices)
        for places in by_shift.values():
            for which in (0, 1):
                routing.AddDisjunction(places[which::2], price)
