"""The times of a route against a linear program written from the definitions."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchmarks.schedules import constraint_sets
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import RoutePlan
from scheduler.optimizer.timing import KNOWN, schedule
from scheduler.problem import Floats, Problem
from tests.builders_any_problem import companions
from tests.builders_optimizer import Mix, random_order, random_problem


def cost_of(problem: Problem, visits: tuple[int, ...], times: Floats) -> float:
    """Person-seconds aboard and seconds on the way; *times* as in `constraint_sets`."""
    cost = times[len(visits) + 2] - times[1]
    for index, visit in enumerate(visits, start=2):
        trip = problem.visit_trip[visit]
        if visit > problem.trip_start[trip]:
            before = times[visits.index(visit - 1) + 2] + problem.visit_dwell[visit - 1]
            people = problem.visit_load[problem.trip_start[trip] : visit].sum()
            cost += max(1, people) * (times[index] - before)
    return float(cost)


def least_cost(
    problem: Problem,
    shift: int,
    visits: tuple[int, ...],
    known: dict[int, float] | None = None,
) -> float:
    """
    The least cost of any schedule, the break wherever it may be; infinite without one.

    A second off a *known* time costs `KNOWN`.
    """
    known = known or {}
    best = np.inf
    for variables, edges, _ in constraint_sets(problem, shift, visits):
        rows, limits = np.zeros((len(edges), variables)), np.zeros(len(edges))
        for row, (begin, end, weight) in enumerate(edges):
            rows[row, end] += 1.0
            rows[row, begin] -= 1.0
            limits[row] = weight
        finite = np.isfinite(limits)
        unit = np.eye(variables)
        weights = np.array([cost_of(problem, visits, row) for row in unit])
        constant = cost_of(problem, visits, np.zeros(variables))
        off, most = np.zeros((2 * len(known), variables + len(known))), np.zeros(2 * len(known))
        for number, (visit, time) in enumerate(known.items()):
            for row, sign in ((2 * number, 1.0), (2 * number + 1, -1.0)):
                off[row, visits.index(visit) + 2] = sign
                off[row, variables + number], most[row] = -1.0, sign * time
        result = linprog(
            [*(weights - constant), *[KNOWN] * len(known)],
            A_ub=np.vstack([np.pad(rows[finite], ((0, 0), (0, len(known)))), off]),
            b_ub=[*limits[finite], *most],
            bounds=[(0, 0)] + [(None, None)] * (variables - 1 + len(known)),
        )
        if result.status == 0 and result.fun is not None:
            best = min(best, result.fun + constant)
    return float(best)


def times_of(plan: RoutePlan) -> Floats:
    """The times of *plan* as in `constraint_sets`."""
    rest = [] if plan.rest is None else [plan.rest]
    return np.array([0.0, plan.departure, *plan.begins, plan.arrival, *rest])


def with_companions(seed: int) -> Problem:
    """A random problem in which people get on or off at the stops on the way."""
    return companions(random_problem(seed, Mix(trips=8)), np.random.default_rng([5, seed]))


def some_route(
    seed: int, drawn: Callable[[int], Problem] = random_problem
) -> tuple[Problem, int, tuple[int, ...]] | None:
    """A random problem and a route of it that has a schedule."""
    problem = drawn(seed)
    instance = prepare(problem)
    draw = np.random.default_rng(seed)
    for _ in range(20):
        shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)
        if feasible(instance, shift, visits):
            return problem, shift, visits
    return None


@given(seed=st.integers(0, 2**32), drawn=st.sampled_from([random_problem, with_companions]))
@settings(max_examples=250, deadline=None)
def test_no_schedule_keeps_people_aboard_or_waiting_for_less(
    seed: int, drawn: Callable[[int], Problem]
) -> None:
    """The times keep every constraint, are whole, and cost what the linear program says."""
    found = some_route(seed, drawn)
    if found is None:
        return
    problem, shift, visits = found
    plan = schedule(prepare(problem), shift, visits)
    times = times_of(plan)
    assert (times == np.round(times)).all()
    assert any(
        all(times[end] - times[begin] <= weight for begin, end, weight in edges)
        for _, edges, _ in constraint_sets(problem, shift, visits)
    )
    assert abs(cost_of(problem, visits, times) - least_cost(problem, shift, visits)) < 1e-6


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_known_times_are_kept_as_far_as_possible(seed: int) -> None:
    """The other times, and those that cannot be kept, cost as little as a linear program says."""
    found = some_route(seed)
    if found is None:
        return
    problem, shift, visits = found
    draw = np.random.default_rng(seed)
    plain = schedule(prepare(problem), shift, visits)
    known = {
        visit: begin + float(draw.integers(-40, 40))
        for visit, begin in zip(visits, plain.begins, strict=True)
        if draw.random() < 0.7
    }

    plan = schedule(prepare(problem), shift, visits, known=known)

    begins = dict(zip(visits, plan.begins, strict=True))
    off = sum(abs(begins[visit] - time) for visit, time in known.items())
    cost = cost_of(problem, visits, times_of(plan)) + KNOWN * off
    assert abs(cost - least_cost(problem, shift, visits, known)) < 1e-5


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32))
def test_times_that_can_be_kept_are_kept(seed: int) -> None:
    """Of a route from which one trip is gone, nothing else moves."""
    found = some_route(seed)
    if found is None:
        return
    problem, shift, visits = found
    instance = prepare(problem)
    before = dict(zip(visits, schedule(instance, shift, visits).begins, strict=True))
    gone = problem.visit_trip[visits[0]]
    left = tuple(visit for visit in visits if problem.visit_trip[visit] != gone)

    plan = schedule(instance, shift, left, known=before)

    assert plan.begins == tuple(before[visit] for visit in left)


def test_many_random_routes_have_a_schedule() -> None:
    """A property of routes that are never found would prove nothing."""
    assert sum(some_route(seed) is not None for seed in range(50)) > 25


def test_an_unused_bus_stays_where_it_is() -> None:
    """Without visits there is no departure and no break."""
    instance = prepare(random_problem(1))
    assert schedule(instance, 0, ()) == RoutePlan()


@pytest.mark.parametrize(
    ("loads", "waiting"),
    [([1, 4, -5], 0.0), ([5, -4, -1], 100.0)],
    ids=["companions get on", "companions get off"],
)
def test_whoever_is_alone_aboard_waits_rather_than_the_whole_party(
    loads: list[int], waiting: float
) -> None:
    """
    On the way between two promises 100 s are to spare, before the stop or after it.

    One who rides alone at first waits before the four others get on; one who rides alone at last
    waits after they got off.
    """
    line = np.array([0.0, 10.0, 20.0])
    problem = replace(
        random_problem(1),
        seconds=np.abs(line[:, None] - line[None, :]),
        visit_place=np.array([0, 1, 2]),
        visit_earliest=np.array([0.0, 0.0, 120.0]),
        visit_latest=np.array([0.0, 120.0, 120.0]),
        visit_dwell=np.zeros(3),
        visit_load=np.array(loads)[:, None],
        visit_ride=np.array([np.inf, 200.0, 200.0]),
        trip_start=np.array([0, 3]),
        option_journey=np.array([0]),
        option_start=np.array([0, 1]),
        option_trip=np.array([0]),
        journey_weight=np.array([1]),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([2]),
        shift_earliest=np.zeros(1),
        shift_latest=np.array([300.0]),
        shift_longest=np.array([np.inf]),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 1]),
        configuration=np.array([[5]]),
        shift_takes=np.ones((1, 1), dtype=np.bool_),
        shift_extra=np.zeros((1, 1)),
    )
    plan = schedule(prepare(problem), 0, (0, 1, 2))

    # Ten seconds to the stop and ten on from there, and where few are aboard a hundred more.
    assert plan.begins == (0.0, 110.0 - waiting, 120.0)
