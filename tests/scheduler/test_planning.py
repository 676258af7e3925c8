"""From a day to a plan: nothing broken, nothing better to be had, nothing by chance."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scheduler.optimizer
from scheduler.check import check
from scheduler.errors import BrokenPlanError
from scheduler.model import Load, Vehicle
from scheduler.optimizer.solution import Effort, RoutePlan, Solution
from scheduler.plan import Reason
from scheduler.planning import plan_day
from scheduler.problem import Problem
from tests.builders_days import make_day, make_request, make_shift
from tests.builders_random_days import random_day

QUICK = Effort(iterations=200)


def test_two_people_share_the_bus() -> None:
    """Berta lives behind the MVZ, Anton before it, and both are there at nine."""
    day = make_day(make_request("a"), make_request("b", origin="berta"))

    plan = plan_day(day, effort=QUICK)

    assert plan.unserved == ()
    assert check(plan, day) == []


def test_whoever_weighs_more_goes_first() -> None:
    """One seat: the dialysis is driven, the other two are not."""
    shift = make_shift(vehicle=Vehicle("small", (Load(1),)))
    day = make_day(
        make_request("a"),
        make_request("b", origin="berta", priority=2),
        make_request("c", origin="cesar"),
        shifts=[shift],
    )

    plan = plan_day(day, effort=QUICK)

    assert "b" not in {unserved.request for unserved in plan.unserved}


def test_no_room_is_called_proven_only_with_a_proof() -> None:
    """One seat for three at the same time: two are left, and the plan says how sure it is."""
    shift = make_shift("small", vehicle=Vehicle("small", (Load(1),)))
    names = ["a", "b", "c"]
    day = make_day(*[make_request(name, origin="berta") for name in names], shifts=[shift])

    plan = plan_day(day, effort=QUICK)

    full = plan.cost.unserved_weight == plan.bound.unserved_weight
    reason = Reason.NO_ROOM_PROVEN if full else Reason.NO_ROOM_FOUND
    assert {unserved.reason for unserved in plan.unserved} == {reason}


def test_refused_requests_stay_in_the_plan_with_their_reason() -> None:
    """Nobody who asked is forgotten."""
    day = make_day(make_request("a"), make_request("far", origin="far"))

    plan = plan_day(day, effort=QUICK)

    assert plan.unserved == day.refused


def test_a_day_without_buses_or_people_has_a_plan() -> None:
    """An empty one, proven."""
    for day in (make_day(), make_day(shifts=[]), make_day(make_request(), closed="Sonntag")):
        plan = plan_day(day, effort=QUICK)
        assert plan.proven
        assert plan.unserved == day.refused


def test_a_plan_that_breaks_a_promise_never_leaves() -> None:
    """An optimizer with a fault: it begins every service a minute too late."""
    real = scheduler.optimizer.solve

    def faulty(problem: Problem, **arguments: object) -> Solution:
        solution = real(problem, **arguments)  # type: ignore[arg-type]
        late = [
            RoutePlan(r.visits, tuple(b + 3600 for b in r.begins), r.departure, r.arrival, r.rest)
            for r in solution.routes
        ]
        return replace(solution, routes=tuple(late))

    with pytest.raises(BrokenPlanError, match=r"breaks \d+ promises"):
        plan_day(make_day(make_request()), effort=QUICK, solver=faulty)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_gives_the_same_plan(seed: int) -> None:
    """Randomness comes from the seed alone."""
    day = random_day(seed, requests=6, shifts=2)

    assert plan_day(day, effort=QUICK, seed=seed) == plan_day(day, effort=QUICK, seed=seed)


@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 10**6), requests=st.integers(1, 8), shifts=st.integers(1, 3))
def test_no_random_day_gets_a_plan_with_a_violation(seed: int, requests: int, shifts: int) -> None:
    """Whatever the mix of windows, vias, breaks, wheelchairs and linked trips."""
    day = random_day(seed, requests=requests, shifts=shifts)

    plan = plan_day(day, effort=Effort(iterations=60), seed=seed)

    assert check(plan, day) == []
    assert plan.bound <= plan.cost
    served = {visit.request for r in plan.routes for stop in r.stops for visit in stop.visits}
    everybody = {journey.request for journey in day.journeys} | {u.request for u in day.refused}
    assert served | {unserved.request for unserved in plan.unserved} == everybody


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_is_never_worse_than_the_one_that_was_known_before(seed: int) -> None:
    """A search of one step only; what was promised by a good plan cannot get lost."""
    day = random_day(seed, requests=8, shifts=2)
    good = plan_day(day, effort=Effort(iterations=400))

    again = plan_day(day, effort=Effort(iterations=1, labels=0), seed=seed, start=good)

    assert again.cost <= good.cost
