"""The benchmark of large days: its days, its checks, its easier problem for VROOM."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import large
from benchmarks.large import driven_trips, faults, large_day, line, ours, without_rides
from scheduler.optimizer import solve
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from scheduler.problem import Problem

SHORT = Effort(iterations=500, labels=0)


@pytest.fixture(scope="module")
def day() -> Problem:
    """A small one."""
    return large_day(50, seed=1)


def test_a_day_has_about_as_many_trips_as_asked_for(day: Problem) -> None:
    """And a shift for each 25 of them."""
    assert 40 <= driven_trips(day) <= 60
    assert day.shifts == 2


def test_our_answer_has_no_faults(day: Problem) -> None:
    """And its row says what the plan says."""
    row = ours(day, seconds=2.0, seed=0, cores=1)
    assert row.faults == []
    assert row.weight < day.journey_weight.sum()
    assert "served" in line(row)
    assert row.least <= row.weight


def test_wrong_answers_are_found(day: Problem) -> None:
    """A route backwards, a journey in part, a visit twice."""
    solution = solve(day, effort=SHORT)
    routes = [list(route.visits) for route in solution.routes]
    assert faults(day, routes) == []
    assert any("schedule" in each for each in faults(day, [routes[0][::-1], *routes[1:]]))
    assert "a visit is made twice" in faults(day, [routes[0], routes[0]])
    linked = next(
        option
        for option in range(len(day.option_journey))
        if np.diff(day.option_start)[option] == 2
        and set(day.option_trip[slice(*day.option_start[option : option + 2])].tolist())
        <= set(day.visit_trip[[visit for route in routes for visit in route]].tolist())
    )
    lost = day.option_trip[day.option_start[linked]]
    fewer = [[visit for visit in route if day.visit_trip[visit] != lost] for route in routes]
    assert f"journey {day.option_journey[linked]} is served in part" in faults(day, fewer)


def test_the_check_does_not_ask_the_optimizer(
    day: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should it take every route for possible, its answers would be found wrong."""
    routes = [list(route.visits) for route in solve(day, effort=SHORT).routes]
    monkeypatch.setattr(large, "prepare", None)
    monkeypatch.setattr(large, "feasible", lambda *_: True, raising=False)
    packed = replace(day, configuration=np.zeros_like(day.configuration))
    assert faults(packed, routes) == [f"shift {shift} has no schedule" for shift in range(2)]


def test_what_vroom_is_asked_is_easier(day: Problem) -> None:
    """Two visits a trip, no ride limits, no breaks; whoever could be served still can be."""
    easier = without_rides(day)
    assert (np.diff(easier.trip_start) == 2).all()
    assert np.isinf(easier.visit_ride).all()
    assert easier.shift_rest.sum() == 0
    assert easier.trips == easier.journeys <= day.trips
    assert prepare(easier).option_open.all()
