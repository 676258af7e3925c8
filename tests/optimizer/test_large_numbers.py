"""Where numbers are large: rounding must never make a proof."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.errors import ProblemError
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort
from tests.brute_force import optimum
from tests.builders_optimizer import Mix, random_problem


@pytest.mark.parametrize("scale", [10**3, 10**6, 10**9])
@pytest.mark.parametrize("first", [0, 20])
def test_heavy_journeys_make_no_false_proof(first: int, scale: int) -> None:
    """Whatever is said to be proven is the optimum, and no bound is above it."""
    for seed in range(first, first + 20):
        problem = random_problem(seed, Mix(journeys=3, trips=4))
        problem = replace(problem, journey_weight=problem.journey_weight * scale)
        best = optimum(problem)
        solution = solve(problem, effort=Effort(iterations=1), seed=seed)

        assert not solution.proven or (solution.unserved_weight, solution.driving) == best
        assert (solution.bound_weight, solution.bound_driving) <= (best[0], best[1] + 1e-6)


def test_whom_nobody_can_serve_hides_no_driving() -> None:
    """Fractions of seconds beside a journey of great weight that no shift takes."""
    proven = 0
    for seed in range(40):
        problem = random_problem(seed, Mix(journeys=3, trips=4))
        problem = replace(problem, seconds=problem.seconds + 0.25, whole=False)
        problem.seconds[np.diag_indices(len(problem.seconds))] = 0.0
        weight = problem.journey_weight.copy()
        weight[0] *= 10**6
        takes = problem.shift_takes.copy()
        takes[:, problem.option_trip[: problem.option_start[1]]] = False
        problem = replace(problem, journey_weight=weight, shift_takes=takes)
        best = optimum(problem)
        solution = solve(problem, effort=Effort(iterations=1), seed=seed)
        proven += solution.proven

        if solution.proven:
            assert solution.unserved_weight == best[0]
            assert solution.driving == pytest.approx(best[1], abs=1e-3)
    assert proven >= 30


@pytest.mark.parametrize(
    ("start", "trips", "message"),
    [([0, 0], [], "a trip or more"), ([0, 2], [0, 0], "twice")],
)
def test_odd_options_are_refused(start: list[int], trips: list[int], message: str) -> None:
    """An option without a trip, or with one trip twice, has a message and no crash."""
    problem = next(
        p for p in map(random_problem, range(100)) if p.journeys == 1 and len(p.option_start) == 2
    )
    odd = replace(
        problem, option_start=np.array(start), option_trip=np.array(trips, dtype=np.int64)
    )
    with pytest.raises(ProblemError, match=message):
        solve(odd, effort=Effort(iterations=1))
