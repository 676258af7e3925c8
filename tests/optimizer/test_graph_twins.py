"""Which visit may follow which, and who can ride at all: against trying every pair of trips."""

from itertools import combinations_with_replacement, pairwise, permutations

import numpy as np
import pytest

from benchmarks.schedules import constraint_sets, feasible_by_hand
from scheduler.optimizer import graph, solve
from scheduler.optimizer.alternatives import never_together
from scheduler.optimizer.graph import shift_graph
from scheduler.optimizer.instance import lay_out
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from scheduler.problem import Problem
from tests.builders_any_problem import any_problem
from tests.builders_optimizer import Mix, random_problem


def orders_of_pairs(problem: Problem) -> list[tuple[int, ...]]:
    """Every order of the visits of one trip, or of two."""
    orders = []
    for pair in combinations_with_replacement(range(problem.trips), 2):
        owners = [trip for trip in set(pair) for _ in range(*problem.trip_start[trip : trip + 2])]
        for order in set(permutations(owners)):
            place = {trip: int(problem.trip_start[trip]) - 1 for trip in pair}
            visits = []
            for trip in order:
                place[trip] += 1
                visits.append(place[trip])
            orders.append(tuple(visits))
    return orders


def legs_by_hand(problem: Problem, shift: int) -> set[tuple[int, int]]:
    """Each leg between two visits of any feasible route of one or two trips."""
    return {
        leg
        for visits in orders_of_pairs(problem)
        if feasible_by_hand(problem, shift, visits)
        for leg in pairwise(visits)
    }


def legs_of_graph(problem: Problem, shift: int) -> set[tuple[int, int]]:
    """Each arc of the graph between two visits that can go together."""
    instance = prepare(problem)
    never = never_together(instance)
    arcs = np.argwhere(shift_graph(instance, shift, never).arc[: problem.visits]).tolist()
    return {(a, b) for a, b in arcs if not never[problem.visit_trip[a], problem.visit_trip[b]]}


def rivals(problem: Problem, legs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Legs between trips that never go together."""
    never = never_together(prepare(problem))
    trip = problem.visit_trip
    return {(a, b) for a, b in legs if never[trip[a], trip[b]]}


def test_hardly_an_arc_is_left_that_no_two_trips_can_use() -> None:
    """Without a break and a longest duration, which the graph leaves to the labels."""
    kept, useless = 0, 0
    for seed in range(60):
        problem = random_problem(seed, Mix(journeys=4, trips=5, breaks=False, longest=False))
        for shift in range(problem.shifts):
            arcs, legs = legs_of_graph(problem, shift), legs_by_hand(problem, shift)
            assert arcs >= legs - rivals(problem, legs)
            kept += len(arcs)
            useless += len(arcs - legs)
    assert kept > 300
    assert useless <= 0.03 * kept


@pytest.mark.parametrize("seed", range(40))
def test_no_leg_of_a_feasible_route_is_cut(seed: int) -> None:
    """With all constraints: what the graph does not know makes it larger, never smaller."""
    problem = any_problem(seed)
    for shift in range(problem.shifts):
        legs = legs_by_hand(problem, shift)
        assert legs_of_graph(problem, shift) >= legs - rivals(problem, legs)


@pytest.mark.parametrize("seed", range(40))
def test_of_long_trips_more_arcs_are_left_and_no_fewer(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their orders are not tried: windows alone say which of their visits may follow which."""
    problem = any_problem(seed)
    exact = [legs_of_graph(problem, shift) for shift in range(problem.shifts)]
    monkeypatch.setattr(graph, "LONGEST_PAIR", 0)
    for shift, arcs in enumerate(exact):
        assert legs_of_graph(problem, shift) >= arcs


def test_long_trips_have_an_optimum_in_seconds() -> None:
    """Twelve visits each: two of them have millions of orders."""
    length, trips = 12, 3
    along = np.arange(length)
    # Each goes up the line once; the second and third set out where the one before has ended.
    begin = np.concatenate([along * 10.0 + 400.0 * trip for trip in range(trips)])
    last = along == length - 1
    problem = Problem(
        seconds=10.0 * np.abs(along[:, None] - along[None, :]),
        visit_place=np.tile(along, trips),
        visit_earliest=begin,
        visit_latest=begin + 300.0,
        visit_dwell=np.zeros(length * trips),
        visit_load=np.tile((along == 0).astype(np.int64) - last, trips)[:, None],
        visit_ride=np.full(length * trips, np.inf),
        trip_start=length * np.arange(trips + 1),
        option_journey=np.arange(trips),
        option_start=np.arange(trips + 1),
        option_trip=np.arange(trips),
        journey_weight=np.ones(trips, dtype=np.int64),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([0]),
        shift_earliest=np.zeros(1),
        shift_latest=np.array([2000.0]),
        shift_longest=np.array([np.inf]),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 1]),
        configuration=np.array([[1]]),
        shift_takes=np.ones((1, trips), dtype=np.bool_),
    )
    solution = solve(problem, effort=Effort(iterations=50))

    # One seat: up and down again, three times.
    assert solution.cost == 3 * 2 * 110
    assert solution.proven


@pytest.mark.parametrize("seed", range(60))
def test_a_shift_takes_whom_it_could_carry_alone(seed: int) -> None:
    """Breaks, durations, seats and hours included."""
    problem = any_problem(seed)
    alone = [
        [
            feasible_by_hand(problem, shift, tuple(range(*problem.trip_start[trip : trip + 2])))
            for trip in range(problem.trips)
        ]
        for shift in range(problem.shifts)
    ]
    assert prepare(problem).takes.tolist() == alone


@pytest.mark.parametrize("seed", range(60))
def test_tightened_windows_lose_no_schedule(seed: int) -> None:
    """Each visit keeps every begin that it has in a schedule of its trip alone, and no more."""
    problem = any_problem(seed)
    instance = prepare(problem)
    for trip in range(problem.trips):
        visits = tuple(range(*problem.trip_start[trip : trip + 2]))
        for shift in np.flatnonzero(instance.takes[:, trip]).tolist():
            for variables, edges, _ in constraint_sets(problem, shift, visits):
                earliest, latest = extremes(variables, edges)
                if (earliest <= latest).all():
                    for index, visit in enumerate(visits, start=2):
                        assert instance.earliest[visit] <= earliest[index] + 1e-6
                        assert instance.latest[visit] >= latest[index] - 1e-6
    assert (instance.earliest[: problem.visits] >= problem.visit_earliest).all()
    assert (instance.latest[: problem.visits] <= problem.visit_latest).all()
    untouched = lay_out(problem)
    assert (instance.earliest[: problem.visits] >= untouched.earliest[: problem.visits]).all()


@pytest.mark.parametrize("seed", range(20))
def test_windows_are_tightened_as_far_as_order_rides_and_hours_imply(seed: int) -> None:
    """Tried again and again by hand until nothing changes: the kernel has found all of it."""
    problem = any_problem(seed)
    instance = lay_out(problem)
    earliest, latest = problem.visit_earliest.copy(), problem.visit_latest.copy()
    place = problem.visit_place
    for visit, trip in enumerate(problem.visit_trip):
        able = problem.shift_takes[:, trip]
        if able.any():
            there = problem.seconds[problem.shift_first_place, place[visit]]
            home = problem.seconds[place[visit], problem.shift_last_place]
            first = (problem.shift_earliest + there)[able].min()
            last = (problem.shift_latest - home - problem.visit_dwell[visit])[able].max()
            earliest[visit], latest[visit] = max(earliest[visit], first), min(latest[visit], last)
    for _ in range(10):
        for trip in range(problem.trips):
            for a, b in pairwise(range(*problem.trip_start[trip : trip + 2])):
                least = problem.visit_dwell[a] + problem.seconds[place[a], place[b]]
                most = problem.visit_dwell[a] + problem.visit_ride[b]
                earliest[b], latest[b] = (
                    max(earliest[b], earliest[a] + least),
                    min(latest[b], latest[a] + most),
                )
                earliest[a], latest[a] = (
                    max(earliest[a], earliest[b] - most),
                    min(latest[a], latest[b] - least),
                )

    assert np.allclose(instance.earliest[: problem.visits], earliest)
    assert np.allclose(instance.latest[: problem.visits], latest)


def extremes(variables: int, edges: list[tuple[int, int, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Earliest and latest value of each variable; crossed somewhere if there is no schedule."""
    latest, earliest = np.full(variables, np.inf), np.full(variables, -np.inf)
    latest[0] = earliest[0] = 0.0
    for _ in range(variables + 1):
        for begin, end, weight in edges:
            latest[end] = min(latest[end], latest[begin] + weight)
            earliest[begin] = max(earliest[begin], earliest[end] - weight)
    return earliest, latest


@pytest.mark.parametrize("seed", range(60))
def test_shifts_of_one_kind_can_make_the_same_routes(seed: int) -> None:
    """Each route of one or two trips that one of them can make, the other can, as far."""
    problem = any_problem(seed)
    kind = prepare(problem).kind
    orders = orders_of_pairs(problem)[:80]
    for one, other in permutations(range(problem.shifts), 2):
        if kind[one] == kind[other]:
            for visits in orders:
                assert feasible_by_hand(problem, one, visits) == feasible_by_hand(
                    problem, other, visits
                )
