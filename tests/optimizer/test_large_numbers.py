"""Where numbers are large: rounding must never make a proof."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.errors import ProblemError
from scheduler.optimizer import solve
from scheduler.optimizer.branching import bounds_of
from scheduler.optimizer.exact import Prover
from scheduler.optimizer.incumbent import Incumbent
from scheduler.optimizer.labelling import EXACT
from scheduler.optimizer.master import Relaxation
from scheduler.optimizer.preparation import prepare
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

        assert not solution.proven or (solution.unserved_weight, solution.cost) == best
        assert (solution.bound_weight, solution.bound_cost) <= (best[0], best[1] + 1e-6)


def test_prices_far_above_all_drives_give_no_bound_above_the_optimum() -> None:
    """What is left of the drive when prices of 10^17 cancel out is off by some seconds."""
    rounded = 0
    for seed in range(60):
        problem = random_problem(seed, Mix(journeys=1, trips=1, shifts=1, breaks=False))
        problem = replace(problem, journey_weight=np.array([10**15]))
        weight, cost = optimum(problem)
        instance = prepare(problem)
        prover = Prover(instance, Incumbent((), 10**15, 0.0), whole=True)
        price = 1e17 * (1.0 + np.random.default_rng(seed).random())
        prices = Relaxation(
            value=0.0,
            routes=np.zeros(0),
            options=np.zeros(1),
            unserved=np.zeros(1),
            trip=np.array([price]),
            kind=np.zeros(1),
            cut=np.zeros(0),
            weight=0.0,
        )
        charged = prover.master.prices(prices, 0)
        least = prover.generation.pricer.price(0, prover.generation.graphs[0], charged, EXACT).least
        bounds = bounds_of(instance, prover.penalty, ())

        bound = prover.master.lower_bound(prices, np.array([least]), bounds)
        assert bound <= (weight - prover.unavoidable) * prover.penalty + cost
        rounded += price + least > cost
    assert rounded > 5


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
            assert solution.cost == pytest.approx(best[1], abs=1e-3)
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
