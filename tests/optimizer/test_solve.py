"""The whole optimizer: optimum of tiny problems, repeatable, stoppable, honest bound."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import ProblemError
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Progress
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_optimizer import Mix, random_problem
from tests.sound_by_hand import assert_sound

SHORT = Effort(iterations=400)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_tiny_problems_are_solved_to_the_optimum(seed: int) -> None:
    """Every mix of constraints, against trying everything; the bound is never above."""
    problem = random_problem(seed)
    best = optimum(problem)
    solution = solve(problem, effort=SHORT)
    assert_sound(problem, solution)
    assert (solution.unserved_weight, solution.cost) == best
    assert (solution.bound_weight, solution.bound_cost) <= best


@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_larger_problems_keep_every_rule(seed: int) -> None:
    """Where trying everything would take too long, the answer is still a plan."""
    problem = random_problem(seed, Mix(journeys=12, trips=18, shifts=3))
    assert_sound(problem, solve(problem, effort=Effort(iterations=200)))


def test_the_same_seed_gives_the_same_plan() -> None:
    """Neither the clock nor the machine decides anything while iterations are counted."""
    problem = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
    effort = Effort(iterations=2_500)
    first, second = (solve(problem, effort=effort, seed=5) for _ in range(2))
    assert first.routes == second.routes


def test_the_watch_sees_the_search_and_stops_it() -> None:
    """A watch that says no is asked once, and the best plan so far is the answer."""
    seen: list[Progress] = []

    def once(progress: Progress) -> bool:
        seen.append(progress)
        return False

    problem = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
    solution = solve(problem, effort=Effort(iterations=10**9), progress=once)
    assert len(seen) == 1
    assert_sound(problem, solution)


def test_seconds_end_a_search_that_has_iterations_left() -> None:
    """An hour of iterations, half a second of time."""
    problem = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
    solution = solve(problem, effort=Effort(iterations=10**9, seconds=0.5))
    assert solution.statistics["seconds"] < 30


def test_a_warm_start_is_never_lost() -> None:
    """Without any further effort the plan is as good as the one it was given."""
    problem = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
    before = solve(problem, effort=Effort(iterations=1_000))
    after = solve(problem, effort=Effort(iterations=0), warm_start=before)
    assert (after.unserved_weight, after.cost) == (before.unserved_weight, before.cost)


def test_a_day_without_journeys_keeps_every_bus_where_it_is() -> None:
    """Nothing to do is proven at once."""
    problem = random_problem(1)
    solution = solve(_only(problem, journeys=0), effort=SHORT)
    assert all(not route.visits for route in solution.routes)
    assert (solution.unserved_weight, solution.cost, solution.proven) == (0, 0.0, True)


def test_a_day_without_shifts_serves_nobody() -> None:
    """Who cannot be served is in the bound as well."""
    problem = _only(random_problem(1), shifts=0)
    solution = solve(problem, effort=SHORT)
    assert solution.routes == ()
    assert solution.unserved_weight == problem.journey_weight.sum() == solution.bound_weight
    assert solution.proven


def test_nonsense_is_refused_by_name() -> None:
    """The message names the array."""
    problem = random_problem(1)
    problem.visit_place[0] = 99
    with pytest.raises(ProblemError, match="visit_place"):
        solve(problem, effort=SHORT)


def _only(problem: Problem, *, journeys: int | None = None, shifts: int | None = None) -> Problem:
    """*problem* without journeys, or without shifts."""
    values = {name: getattr(problem, name) for name in problem.__dataclass_fields__}
    if journeys == 0:
        of_journeys = {"option_journey", "option_trip", "journey_weight"}
        for name in values:
            if name.startswith("visit_") or name in of_journeys:
                values[name] = values[name][:0]
        values["trip_start"] = values["option_start"] = np.zeros(1, dtype=np.int64)
        for name in ("shift_takes", "shift_extra"):
            values[name] = values[name][:, :0]
    if shifts == 0:
        for name in values:
            if name.startswith("shift_"):
                values[name] = values[name][:0]
        values["configuration_start"] = np.zeros(1, dtype=np.int64)
        values["configuration"] = values["configuration"][:0]
    return Problem(**values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iterations", -1),
        ("iterations", float("inf")),
        ("iterations", 2.5),
        ("labels", -5),
        ("labels", float("inf")),
        ("seconds", -1.0),
        ("seconds", float("nan")),
        ("seconds", float("inf")),
        ("cores", 0),
        ("cores", -2),
        ("cores", 1.5),
    ],
)
def test_an_effort_without_an_end_or_a_sense_is_refused(name: str, value: float) -> None:
    """With its name and value; no limit of seconds is None."""
    effort: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"{name} must .*{value}"):
        Effort(**effort)


def test_no_effort_at_all_is_an_effort() -> None:
    """Nothing, of any kind: the answer is a plan, if only one of a short look around."""
    problem = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
    assert_sound(problem, solve(problem, effort=Effort(iterations=0, labels=0, seconds=0, cores=1)))
    whole = np.array([300, 0])
    assert_sound(problem, solve(problem, effort=Effort(iterations=whole[0], labels=whole[1])))


def test_a_negative_seed_is_refused() -> None:
    """On small and on large days alike, and not only where the dice notice."""
    with pytest.raises(ValueError, match="seed must not be negative, but is -1"):
        solve(random_problem(1), effort=SHORT, seed=-1)
