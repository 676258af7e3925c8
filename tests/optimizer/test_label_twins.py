"""Labels against routes: whoever is dominated has no way on that its better has not."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from benchmarks.schedules import consistent, constraint_sets, feasible_by_hand
from scheduler.optimizer.alternatives import alternatives, never_together
from scheduler.optimizer.extension import (
    BEFORE_LEAVING,
    NO_REST,
    UPON_ARRIVAL,
    Prices,
    extend,
    put_start,
)
from scheduler.optimizer.graph import Graph, shift_graph
from scheduler.optimizer.labelling import CHEAPEST, EXACT, dominates
from scheduler.optimizer.labels import (
    NONE,
    Labels,
    add_group,
    enqueue,
    find_group,
    new_labels,
    rides_within,
)
from scheduler.optimizer.preparation import prepare
from scheduler.problem import Bools, Ints, Problem
from tests.builders_any_problem import with_slack
from tests.builders_kernels import compiled
from tests.builders_optimizer import Mix, random_problem
from tests.builders_prices import random_prices, reduced_cost

Route = tuple[int, ...]
# Where a break is: before leaving, or in the gap before the n-th visit of the route.
BEFORE, NOWHERE = -1, -2


@compiled
def start_labels(g: Graph, prices: Prices, labels: Labels) -> None:
    """`put_start`, called from Python."""
    put_start(g, prices, labels)


@compiled
def extend_label(g: Graph, prices: Prices, labels: Labels, label: int, j: int, rest: int) -> int:
    """The new label, or -1."""
    if not extend(g, prices, labels, label, j, rest):
        return -1
    labels.counts[0] += 1
    return int(labels.counts[0] - 1)


@compiled
def compare(labels: Labels, prices: Prices, members: Ints, rule: int, better: Bools) -> None:
    """Fill *better* with whether one of *members* dominates another one."""
    for a in range(len(members)):
        for b in range(len(members)):
            better[a, b] = rides_within(labels, members[a], members[b]) and dominates(
                labels, prices, members[a], members[b], rule
            )


@compiled
def group_of(labels: Labels, label: int) -> int:
    """`find_group` or `add_group`, called from Python."""
    group = find_group(labels, label, 0)
    return add_group(labels, label, 0) if group == NONE else group


@compiled
def queue_up(labels: Labels, label: int, bucket: int) -> None:
    """`enqueue`, called from Python."""
    enqueue(labels, label, bucket)


def breaks_of(problem: Problem, shift: int, route: Route) -> set[int]:
    """All gaps in which the break of *route* may be, `NOWHERE` for a shift that needs none."""
    if not feasible_by_hand(problem, shift, route):
        return set()
    if problem.shift_rest[shift, 2] == 0:
        return {NOWHERE}
    # One set of constraints for a break before leaving, then two for each gap with nobody aboard.
    gaps = [BEFORE]
    for gap in range(len(route) + 1):
        if all(problem.visit_trip[visit] not in riding(problem, route[:gap]) for visit in route):
            gaps += [gap, gap]
    sets = constraint_sets(problem, shift, route)
    return {
        gap
        for gap, (variables, edges, _) in zip(gaps, sets, strict=True)
        if consistent(variables, edges)
    }


def riding(problem: Problem, visits: Route) -> set[int]:
    """Trips that have begun in *visits* and not ended."""
    trips = problem.visit_trip[list(visits)].tolist()
    sizes = np.diff(problem.trip_start)
    return {trip for trip in trips if trips.count(trip) < sizes[trip]}


@dataclass
class Tree:
    """Every label of one shift, with the visits that led there and where its break was."""

    problem: Problem
    shift: int
    draw: np.random.Generator
    visits: list[Route] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    full: dict[Route, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem, instance = self.problem, prepare(self.problem)
        self.never = never_together(instance)
        self.graph = shift_graph(instance, self.shift, self.never)
        self.prices = random_prices(problem, self.draw, alternatives(self.never))
        self.labels = new_labels(
            size=20_000, rides=int(instance.most_aboard[0]), trips=problem.trips, kinds=2,
            cuts=max(1, len(self.prices.cut)), buckets=8,
        )  # fmt: skip
        start_labels(self.graph, self.prices, self.labels)
        self.visits, self.rest = [()], [NOWHERE]
        self._grow(0)
        self._find_routes(())

    def _find_routes(self, visits: Route) -> None:
        """Note every feasible route that begins with *visits*, whatever the labels say."""
        if visits and not riding(self.problem, visits):
            gaps = breaks_of(self.problem, self.shift, visits)
            if gaps:
                self.full[visits] = gaps
        for visit in self._next(visits):
            self._find_routes((*visits, visit))

    def _next(self, visits: Route) -> list[int]:
        """Visits that may come next: of somebody aboard, or of somebody new."""
        trips = set(self.problem.visit_trip[list(visits)].tolist())
        after = [
            max(v for v in visits if self.problem.visit_trip[v] == trip) + 1
            for trip in riding(self.problem, visits)
        ]
        return after + [
            int(first)
            for trip, first in enumerate(self.problem.trip_start[:-1])
            if self.problem.shift_takes[self.shift, trip]
            and trip not in trips
            and not self.never[trip, list(trips)].any()
        ]

    def _grow(self, label: int) -> None:
        """Extend a label in every way."""
        visits, rest = self.visits[label], self.rest[label]
        empty = not riding(self.problem, visits)
        ways = [NO_REST]
        if empty and rest == NOWHERE and self.problem.shift_rest[self.shift, 2] > 0:
            ways += [UPON_ARRIVAL] if visits else [UPON_ARRIVAL, BEFORE_LEAVING]
        for visit in self._next(visits):
            for way in ways:
                assert len(self.visits) < len(self.labels.node)
                new = extend_label(self.graph, self.prices, self.labels, label, visit, way)
                if new >= 0:
                    where = {NO_REST: rest, UPON_ARRIVAL: len(visits), BEFORE_LEAVING: BEFORE}
                    assert new == len(self.visits)
                    self.visits.append((*visits, visit))
                    self.rest.append(where[way])
                    self._grow(new)

    def ways_on(self, label: int) -> list[Route]:
        """What may follow a label for a whole route with its break where the label says."""
        begin, rest = self.visits[label], self.rest[label]
        count = len(begin)
        found = []
        for route, gaps in self.full.items():
            later = any(gap >= count for gap in gaps) or gaps == {NOWHERE}
            if route[:count] == begin and (later if rest == NOWHERE else rest in gaps):
                found.append(route[count:])
        return found

    def aboard(self, label: int) -> set[int]:
        """Who rides where a label stands."""
        return riding(self.problem, self.visits[label])

    def cost(self, route: Route) -> float:
        """Reduced cost of a whole route."""
        return reduced_cost(self.problem, self.shift, route, self.prices)

    def groups(self) -> list[list[int]]:
        """Labels by their last visit."""
        members: dict[int, list[int]] = {}
        for label, visits in enumerate(self.visits):
            if visits:
                members.setdefault(visits[-1], []).append(label)
        return list(members.values())

    def better(self, members: list[int], rule: int) -> Bools:
        """Which of *members* dominates which, as the kernel has it."""
        result = np.zeros((len(members), len(members)), dtype=np.bool_)
        compare(self.labels, self.prices, np.array(members), rule, result)
        return result


@cache
def trees(seed: int) -> list[Tree]:
    """All labels of each shift of a random problem of up to three trips."""
    problem = random_problem(seed, Mix(journeys=3, trips=3, vias=seed % 3 == 0))
    draw = np.random.default_rng(seed)
    problem = with_slack(problem, draw)
    return [Tree(problem, shift, draw) for shift in range(problem.shifts)]


@pytest.mark.parametrize("seed", range(20))
def test_whoever_is_dominated_has_no_way_on_that_its_better_has_not(seed: int) -> None:
    """
    Each end of a feasible route fits behind the better label as well, and costs no more.

    Where fewer are aboard in the better one, the end leaves the others out.
    """
    for tree in trees(seed):
        for members in tree.groups():
            better = tree.better(members, EXACT)
            for a, b in np.argwhere(better).tolist():
                others = tree.aboard(members[b]) - tree.aboard(members[a])
                for way_on in tree.ways_on(members[b]):
                    rest = [v for v in way_on if tree.problem.visit_trip[v] not in others]
                    instead = (*tree.visits[members[a]], *rest)
                    assert instead in tree.full
                    worse = (*tree.visits[members[b]], *way_on)
                    assert tree.cost(instead) <= tree.cost(worse) + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_quicker_rules_drop_whatever_the_exact_one_drops(seed: int) -> None:
    """Each rule looks at less than the next one; and every label is as good as itself."""
    for tree in trees(seed):
        for members in tree.groups():
            cheapest, exact = (tree.better(members, rule) for rule in (CHEAPEST, EXACT))
            assert not (exact & ~cheapest).any()
            assert exact.diagonal().all()


@pytest.mark.parametrize("seed", range(20))
def test_each_feasible_route_is_a_label(seed: int) -> None:
    """With each of its breaks that the labels know: before leaving, or upon some arrival."""
    for tree in trees(seed):
        known = set(zip(tree.visits, tree.rest, strict=True))
        for route in tree.full:
            begins = {
                (route, gap) if gap < len(route) else (route, NOWHERE)
                for gap in breaks_of(tree.problem, tree.shift, route)
            }
            assert begins <= known


def test_many_labels_are_dominated_and_many_are_not() -> None:
    """Otherwise the promises above would be about nothing."""
    dominated, pairs, checked = 0, 0, 0
    for seed in range(20):
        for tree in trees(seed):
            for members in tree.groups():
                better = tree.better(members, EXACT)
                np.fill_diagonal(better, False)
                dominated += int(better.sum())
                pairs += len(members) * (len(members) - 1)
                checked += sum(
                    len(tree.ways_on(members[b])) for b in np.argwhere(better)[:, 1].tolist()
                )
    assert pairs / 20 < dominated < pairs / 2
    assert checked > 300


@pytest.mark.parametrize("seed", range(10))
def test_labels_are_grouped_by_their_visit_and_the_rides_under_way(seed: int) -> None:
    """Against a dictionary; groups are numbered in the order of first sight."""
    draw = np.random.default_rng(seed)
    labels = new_labels(size=800, rides=4, trips=5, kinds=1, cuts=1, buckets=4)
    groups: dict[tuple[int, ...], int] = {}
    for label in range(800):
        due = np.sort(draw.choice(9, size=int(draw.integers(5)), replace=False))
        labels.node[label], labels.rides[label] = draw.integers(6), len(due)
        labels.due[label] = draw.integers(99)
        labels.due[label, : len(due)] = due
        key = int(labels.node[label]), *due.tolist()
        assert group_of(labels, label) == groups.setdefault(key, len(groups))
    assert labels.counts[1] == len(groups)


def test_labels_leave_a_bucket_in_the_order_in_which_they_came() -> None:
    """Queues against lists."""
    draw = np.random.default_rng(1)
    labels = new_labels(size=300, rides=1, trips=1, kinds=1, cuts=1, buckets=7)
    queues: list[list[int]] = [[] for _ in range(7)]
    for label in range(300):
        bucket = int(draw.integers(6))
        queues[bucket].append(label)
        queue_up(labels, label, bucket)
    for bucket, queue in enumerate(queues):
        found, label = [], int(labels.bucket_head[bucket])
        while label != NONE:
            found.append(label)
            label = int(labels.next_in_bucket[label])
        assert found == queue
