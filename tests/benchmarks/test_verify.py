"""The independent check of benchmark answers finds every broken rule, and nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import read_case, read_cordeau
from benchmarks.verify import driven, faults, long_rides
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, RoutePlan, Solution
from scheduler.problem import Problem
from tests.builders_instances import NORTH, ZIGZAG, cordeau, write


def solved(folder: Path) -> tuple[Problem, Solution]:
    problem = read_cordeau(cordeau(folder))
    return problem, solve(problem, effort=Effort(iterations=2000))


def test_a_right_answer_has_no_faults(tmp_path: Path) -> None:
    """The optimizer's answer to a small instance."""
    problem, solution = solved(tmp_path)

    assert list(faults(problem, solution.routes)) == []


def test_each_broken_rule_is_found(tmp_path: Path) -> None:
    """Too fast, too long aboard, too many, nobody fetched, late home, not for this vehicle."""
    problem, solution = solved(tmp_path)
    shift = next(s for s, route in enumerate(solution.routes) if route.visits)
    route = solution.routes[shift]

    def found(changed: RoutePlan, of: Problem = problem) -> str:
        routes = [changed if s == shift else r for s, r in enumerate(solution.routes)]
        return " ".join(faults(of, routes))

    assert "faster" in found(replace(route, arrival=route.arrival - 1))
    assert "after its shift" in found(replace(route, arrival=101.0))
    assert "before its shift" in found(replace(route, departure=-1.0))
    shorter = replace(route, visits=route.visits[:-1], begins=route.begins[:-1])
    assert "exactly once" in found(shorter)
    assert "never followed" in found(shorter)
    assert "outside a window" in found(route, replace(problem, visit_latest=np.zeros(4)))
    assert "too long" in found(route, replace(problem, visit_ride=np.full(4, 0.5)))
    assert "too many" in found(route, replace(problem, configuration=np.ones((2, 1), np.int64)))
    assert "on the way too long" in found(route, replace(problem, shift_longest=np.full(2, 3.0)))
    nobody = np.zeros((2, 2), np.bool_)
    assert "cannot take" in found(route, replace(problem, shift_takes=nobody))
    assert "3 routes for 2" in " ".join(faults(problem, [*solution.routes, RoutePlan()]))


def test_a_delivery_before_its_pickup_is_found_without_ride_limits(tmp_path: Path) -> None:
    """Request 1 of Li & Lim: delivered at 10, then fetched at 10, in one place."""
    problem = read_case(write(tmp_path, ZIGZAG)).problem
    right = RoutePlan((0, 1, 2, 3, 4, 5), (10.0, 10, 30, 30, 50, 50), 0.0, 60.0)
    wrong = replace(right, visits=(1, 0, 2, 3, 4, 5))

    assert list(faults(problem, [right])) == []
    assert driven(problem, [right]) == 10 + 20 + 20 + 10
    assert "visit 1 comes without or before" in " ".join(faults(problem, [wrong]))


def test_each_vehicle_starts_at_its_own_depot(tmp_path: Path) -> None:
    """Each drives 1 to its request, 2 with it, 3 home; on the stretcher sits who comes along."""
    problem = read_case(write(tmp_path, NORTH)).problem
    near = [
        RoutePlan((0, 1), (11.0, 16.0), 10.0, 22.0),
        RoutePlan((2, 3), (11.0, 16.0), 10.0, 22.0),
    ]

    assert list(faults(problem, near)) == []
    assert driven(problem, near) == 6 + 6


def test_a_vehicle_without_a_place_for_a_wheelchair_is_found(tmp_path: Path) -> None:
    """The vehicles have swapped requests: the first has no wheelchair place, and both drive far."""
    problem = read_case(write(tmp_path, NORTH)).problem
    far = [
        RoutePlan((2, 3), (100.0, 105.0), 0.0, 200.0),
        RoutePlan((0, 1), (100.0, 105.0), 0.0, 200.0),
    ]
    legs = [(10, 11), (0, 2), (10, 13), (10, 9), (0, 2), (10, 7)]

    assert list(faults(problem, far)) == ["vehicle 0: carries too many"]
    assert driven(problem, far) == pytest.approx(sum(np.hypot(x, y) for x, y in legs))


def test_rides_that_are_too_long_are_named(tmp_path: Path) -> None:
    """Boarding ends at 2, alighting begins at 23: 21 min, where 20 are allowed."""
    problem = read_cordeau(cordeau(tmp_path))

    assert long_rides(problem, RoutePlan((0, 1), (1.0, 23.0), 0.0, 30.0)) == [1]
    assert long_rides(problem, RoutePlan((0, 1), (1.0, 22.0), 0.0, 30.0)) == []
