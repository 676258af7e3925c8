"""Plans near a known one: what they cost, and that nothing changes without need."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.verify import driven
from scheduler.optimizer import solve
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort, RoutePlan, Solution
from scheduler.optimizer.steadiness import Known, changed_trips, steady
from scheduler.problem import Problem
from tests.builders_optimizer import Mix, random_problem

QUICK = Effort(iterations=150, labels=0)


def planned(seed: int) -> tuple[Problem, Solution]:
    """A random problem, and a plan of it."""
    problem = random_problem(seed, Mix(journeys=6, trips=10))
    return problem, solve(problem, effort=QUICK)


def known_of(
    problem: Problem, routes: tuple[RoutePlan, ...], *, change: float, leeway: float = 0.0
) -> Known:
    shift = np.full(problem.trips, -1)
    begin = np.full(problem.visits, np.nan)
    for number, route in enumerate(routes):
        shift[problem.visit_trip[list(route.visits)]] = number
        begin[list(route.visits)] = route.begins
    # Another way of serving a journey is a change, whichever shift it is.
    there = journeys_of(problem, set(np.flatnonzero(shift >= 0).tolist()))
    for trip in np.flatnonzero(shift < 0):
        if journeys_of(problem, {int(trip)}) & there:
            shift[trip] = problem.shifts
    return Known(shift, begin, change, leeway)


def served(problem: Problem, routes: list[RoutePlan] | tuple[RoutePlan, ...]) -> set[int]:
    return {int(problem.visit_trip[visit]) for route in routes for visit in route.visits}


def journeys_of(problem: Problem, trips: set[int]) -> set[int]:
    owner = np.repeat(problem.option_journey, np.diff(problem.option_start))
    return {int(j) for j, trip in zip(owner, problem.option_trip, strict=True) if trip in trips}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_without_one_journey_nothing_else_has_to_change(seed: int) -> None:
    """Somebody cancels: where changes are dear, every other visit stays where and when it was."""
    problem, plan = planned(seed)
    trips = served(problem, plan.routes)
    if not trips:
        return
    gone = min(journeys_of(problem, trips))
    mine = {trip for trip in trips if journeys_of(problem, {trip}) == {gone}}
    shorter = [
        RoutePlan(tuple(v for v in route.visits if problem.visit_trip[v] not in mine))
        for route in plan.routes
    ]
    known = known_of(problem, plan.routes, change=1e6)

    found = steady(problem, known, [shorter])

    assert changed_trips(problem, known, found) == 0
    assert [route.visits for route in found] == [route.visits for route in shorter]
    before = dict(
        pair for route in plan.routes for pair in zip(route.visits, route.begins, strict=True)
    )
    for route in found:
        assert route.begins == tuple(before[visit] for visit in route.visits)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), change=st.sampled_from([0.0, 20.0, 200.0]))
def test_it_is_no_worse_than_what_it_was_given(seed: int, change: float) -> None:
    """In driving and changes together; and it can be driven, and serves the same people."""
    problem, plan = planned(seed)
    known = known_of(problem, plan.routes, change=change, leeway=5.0)
    other = solve(problem, effort=QUICK, seed=1)
    plans = [plan.routes]
    if journeys_of(problem, served(problem, other.routes)) == journeys_of(
        problem, served(problem, plan.routes)
    ):
        plans.append(other.routes)

    found = steady(problem, known, plans)

    instance = prepare(problem)
    assert all(feasible(instance, shift, route.visits) for shift, route in enumerate(found))
    journeys = journeys_of(problem, served(problem, plan.routes))
    assert journeys_of(problem, served(problem, found)) == journeys
    cost = driven(problem, found) + change * changed_trips(problem, known, found)
    assert cost <= driven(problem, plan.routes)  # nothing changes in it
    everything = change * np.count_nonzero(known.shift >= 0)
    assert all(cost <= driven(problem, routes) + everything for routes in plans)


def test_a_change_that_pays_is_made() -> None:
    """Two people in one village, one fetched by each bus: together they save a whole drive."""
    places = np.array([0.0, 600.0])
    problem = Problem(
        seconds=np.abs(places[:, None] - places[None, :]),
        visit_place=np.array([1, 0, 1, 0]),
        visit_earliest=np.zeros(4),
        visit_latest=np.full(4, 7200.0),
        visit_dwell=np.full(4, 60.0),
        visit_load=np.array([[1], [-1], [1], [-1]]),
        visit_ride=np.array([np.inf, 3600.0, np.inf, 3600.0]),
        trip_start=np.array([0, 2, 4]),
        option_journey=np.array([0, 1]),
        option_start=np.array([0, 1, 2]),
        option_trip=np.array([0, 1]),
        journey_weight=np.ones(2, dtype=np.int64),
        shift_first_place=np.zeros(2, dtype=np.int64),
        shift_last_place=np.zeros(2, dtype=np.int64),
        shift_earliest=np.zeros(2),
        shift_latest=np.full(2, 7200.0),
        shift_longest=np.full(2, np.inf),
        shift_rest=np.zeros((2, 3)),
        configuration_start=np.array([0, 1, 2]),
        configuration=np.array([[4], [4]]),
        shift_takes=np.ones((2, 2), dtype=np.bool_),
    )
    apart = (
        RoutePlan((0, 1), (600.0, 1260.0), 0.0, 1320.0),
        RoutePlan((2, 3), (600.0, 1260.0), 0.0, 1320.0),
    )
    for change, routes in ((1100.0, 1), (1300.0, 2)):
        found = steady(problem, known_of(problem, apart, change=change, leeway=200), [apart])
        assert sum(bool(route.visits) for route in found) == routes
