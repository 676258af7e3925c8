"""What makes no sense is refused before anything is proven about it, by array and entry."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.errors import ProblemError
from scheduler.optimizer import solve, soundness
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from scheduler.problem import Floats, Problem
from tests.builders_any_problem import any_problem
from tests.builders_optimizer import random_problem


def line(*, places: int = 4, loads: tuple[int, ...] = (1, 0, -1)) -> Problem:
    """Two trips of three visits along a line of places ten seconds apart."""
    where = 10.0 * np.arange(places)
    return Problem(
        seconds=np.abs(where[:, None] - where[None, :]),
        visit_place=np.array([0, 1, places - 1] * 2),
        visit_earliest=np.zeros(6),
        visit_latest=np.full(6, 900.0),
        visit_dwell=np.zeros(6),
        visit_load=np.array([[1], [0], [-1], *([load] for load in loads)]),
        visit_ride=np.full(6, np.inf),
        trip_start=np.array([0, 3, 6]),
        option_journey=np.arange(2),
        option_start=np.arange(3),
        option_trip=np.arange(2),
        journey_weight=np.ones(2, dtype=np.int64),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([0]),
        shift_earliest=np.zeros(1),
        shift_latest=np.array([2000.0]),
        shift_longest=np.array([np.inf]),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 1]),
        configuration=np.array([[4]]),
        shift_takes=np.ones((1, 2), dtype=np.bool_),
    )


def dearer(problem: Problem, a: int, b: int, by: float) -> Problem:
    """*problem* with one drive that takes *by* longer."""
    seconds = problem.seconds.copy()
    seconds[a, b] += by
    return replace(problem, seconds=seconds)


def test_a_detour_that_is_quicker_is_refused() -> None:
    """From 0 to 3 are 30 s; should they be 31, it would be quicker by way of the stop at 1."""
    message = "triangle inequality.* From place 0 to place 3 it takes 31, by way of place 1 30"
    with pytest.raises(ProblemError, match=message):
        solve(dearer(line(), 0, 3, 1.0), effort=Effort(iterations=1))


def test_only_detours_that_a_plan_could_make_count() -> None:
    """No bus stops at place 2: however long the drives, leaving nobody out leads by it."""
    problem = dearer(line(), 2, 3, 100.0)
    assert prepare(problem).drive.max() == 30.0

    bent = line().seconds.copy()
    bent[0, 1] = bent[1, 0] = 25.0
    bent[1, 3] = bent[3, 1] = 25.0
    bent[0, 3] = bent[3, 0] = 40.0  # 10 + 10 + 10 by all that lies between, 50 by the stop
    assert prepare(replace(line(), seconds=bent)).drive.max() == 40.0


def test_fractions_may_be_rounded() -> None:
    """A third of a minute and two thirds need not make a whole one."""
    for seed in range(40):
        prepare(any_problem(seed))  # some of them divided by 3 and 7
    thirds = replace(line(), seconds=line().seconds / 3 + 0.0, whole=False)
    prepare(dearer(thirds, 0, 3, 1e-9))
    with pytest.raises(ProblemError, match="triangle inequality"):
        prepare(dearer(thirds, 0, 3, 1e-6))


def test_on_a_large_day_some_detours_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those from every second place or so: what holds in general passes, and most faults show."""
    monkeypatch.setattr(soundness, "MOST_DETOURS", 100)
    noticed = 0
    for seed in range(60):
        problem = random_problem(seed)
        prepare(problem)
        places = np.unique(problem.visit_place)
        if len(places) > 2:
            worse = problem.seconds.copy()
            worse[places[0]] += 1000 * (np.arange(len(worse)) == places[-1])
            try:
                prepare(replace(problem, seconds=worse))
            except ProblemError:
                noticed += 1
    assert 10 < noticed < 60


@pytest.mark.parametrize(
    ("loads", "message"),
    [
        ((1, 0, 0), r"visit_load: visit 5 leaves \[1\] of trip 1 aboard; its last"),
        ((1, -2, 1), r"visit_load: visit 4 leaves \[-1\] of trip 1 aboard; nobody"),
        ((-1, 1, 0), r"visit_load: visit 3 leaves \[-1\] of trip 1 aboard; nobody"),
        ((1, 0, -3), r"visit_load: visit 5 leaves \[-2\] of trip 1 aboard; its last"),
    ],
)
def test_whoever_gets_in_gets_out_and_nobody_else(loads: tuple[int, ...], message: str) -> None:
    """Else leaving that trip out would make the bus fuller, and proofs would be wrong."""
    with pytest.raises(ProblemError, match=message):
        solve(line(loads=loads), effort=Effort(iterations=1))


def test_loads_may_change_on_the_way() -> None:
    """One gets in for one who gets out; the room is there again in the end."""
    assert solve(line(loads=(2, 1, -3)), effort=Effort(iterations=10)).unserved_weight == 0


def times(name: str, value: float) -> Callable[[Problem], Problem]:
    """Set the last entry of an array of times."""

    def change(problem: Problem) -> Problem:
        values: Floats = getattr(problem, name).copy()
        values[-1] = value
        changed: dict[str, Any] = {name: values}
        return replace(problem, **changed)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (times("visit_latest", 2.0**60), "visit_latest has the entry 1152921504606846976; .* 10"),
        (times("visit_earliest", -(2.0**60)), "visit_earliest has the entry -1152921504606846976"),
        (times("visit_dwell", -1.0), "visit_dwell has a negative entry"),
        (times("shift_latest", np.nan), "shift_latest has an entry that is not a finite number"),
        (times("visit_dwell", 0.5), "visit_dwell has fractions"),
        (times("shift_extra", -1.0), "shift_extra has a negative entry"),
        (times("shift_extra", np.nan), "shift_extra has a negative entry, or one that is not a"),
        (times("shift_extra", np.inf), "shift_extra has an entry that is not a finite number"),
        (times("shift_extra", 2.0**60), "shift_extra has the entry 1152921504606846976"),
        (times("shift_extra", 0.5), "shift_extra has fractions"),
        (
            lambda p: replace(p, shift_extra=np.zeros((2, 1))),
            r"shift_extra has shape \(2, 1\), not \(1, 2\)",
        ),
        (
            lambda p: replace(p, journey_weight=np.array([2**62, 2**62])),
            f"journey_weight has a sum of {2**63}, .* {2**62} .* exceed {10**15}",
        ),
        (lambda p: replace(p, journey_weight=np.array([1, 0])), "journey_weight must be positive"),
        (
            lambda p: replace(p, visit_load=p.visit_load * 2**40),
            f"visit_load has the entry {2**40}; .* {10**12}",
        ),
        (
            lambda p: replace(p, configuration=p.configuration * 2**60),
            f"configuration has the entry {2**62}; .* {10**12}",
        ),
    ],
)
def test_numbers_that_cannot_be_reckoned_with_are_refused(
    change: Callable[[Problem], Problem], message: str
) -> None:
    """With the array, what it holds, and how much it may hold."""
    with pytest.raises(ProblemError, match=message):
        solve(change(line()), effort=Effort(iterations=1))


def test_the_greatest_weights_that_are_taken_are_added_up_exactly() -> None:
    """A bus that takes nobody leaves all the weight there is."""
    problem = replace(line(), journey_weight=np.array([10**15 - 7, 7]))
    solution = solve(
        replace(problem, shift_takes=np.zeros((1, 2), dtype=np.bool_)), effort=Effort(iterations=1)
    )
    assert solution.unserved_weight == solution.bound_weight == 10**15


@pytest.mark.parametrize("name", ["trip_start", "option_start", "configuration_start"])
def test_starts_that_leave_something_out_are_refused(name: str) -> None:
    """The first begins with 0, and the last ends where the array ends."""
    starts = getattr(line(), name)
    for wrong in (np.append(1, starts[1:]), np.append(starts[:-1], starts[-1] + 2)):
        changed: dict[str, Any] = {name: wrong}
        with pytest.raises(ProblemError, match=name):
            replace(line(), **changed)
