"""The times of a route against a linear program written from the definitions."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import RoutePlan
from scheduler.optimizer.timing import schedule
from scheduler.problem import Floats, Problem
from tests.builders_optimizer import random_order, random_problem
from tests.schedule_by_hand import constraint_sets


def cost_of(problem: Problem, visits: tuple[int, ...], times: Floats) -> float:
    """Person-seconds aboard and seconds on the way; *times* as in `constraint_sets`."""
    cost = times[len(visits) + 2] - times[1]
    for index, visit in enumerate(visits, start=2):
        trip = problem.visit_trip[visit]
        if visit > problem.trip_start[trip]:
            before = times[visits.index(visit - 1) + 2] + problem.visit_dwell[visit - 1]
            people = problem.visit_load[problem.trip_start[trip]].sum()
            cost += people * (times[index] - before)
    return float(cost)


def least_cost(problem: Problem, shift: int, visits: tuple[int, ...]) -> float:
    """The least cost of any schedule, the break wherever it may be; infinite without one."""
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
        result = linprog(
            weights - constant,
            A_ub=rows[finite],
            b_ub=limits[finite],
            bounds=[(0, 0)] + [(None, None)] * (variables - 1),
        )
        if result.status == 0 and result.fun is not None:
            best = min(best, result.fun + constant)
    return float(best)


def times_of(plan: RoutePlan) -> Floats:
    """The times of *plan* as in `constraint_sets`."""
    rest = [] if plan.rest is None else [plan.rest]
    return np.array([0.0, plan.departure, *plan.begins, plan.arrival, *rest])


def some_route(seed: int) -> tuple[Problem, int, tuple[int, ...]] | None:
    """A random problem and a route of it that has a schedule."""
    problem = random_problem(seed)
    instance = prepare(problem)
    draw = np.random.default_rng(seed)
    for _ in range(20):
        shift, visits = int(draw.integers(problem.shifts)), random_order(problem, draw)
        if feasible(instance, shift, visits):
            return problem, shift, visits
    return None


@given(seed=st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_no_schedule_keeps_people_aboard_or_waiting_for_less(seed: int) -> None:
    """The times keep every constraint, are whole, and cost what the linear program says."""
    found = some_route(seed)
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


def test_many_random_routes_have_a_schedule() -> None:
    """A property of routes that are never found would prove nothing."""
    assert sum(some_route(seed) is not None for seed in range(50)) > 25


def test_an_unused_bus_stays_where_it_is() -> None:
    """Without visits there is no departure and no break."""
    instance = prepare(random_problem(1))
    assert schedule(instance, 0, ()) == RoutePlan()
