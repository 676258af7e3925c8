"""
Inner kernels, callable from tests, and days on which no two choices cost the same.

What only kernels call has no way in from Python; a wrapper compiled here is one. It is never
cached, so that it cannot outlive a change of what it calls.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np

from scheduler.problem import Problem
from tests.builders_optimizer import Mix, random_problem

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """*function*, compiled as kernels are, so that it can call them."""
    njit = cast("Callable[..., Callable[[Callable[P, R]], Callable[P, R]]]", numba.njit)
    return njit(error_model="numpy", _nrt=False)(function)


def generic_problem(seed: int, mix: Mix) -> Problem:
    """
    A random problem on which no two routes drive equally far, and few windows are narrow.

    Each visit gets a place of its own, a fraction of a second from where it was.
    """
    problem = random_problem(seed, mix)
    draw = np.random.default_rng([5, seed])
    old = np.concatenate([problem.visit_place, problem.shift_first_place, problem.shift_last_place])
    # Equal shifts stay equal: their ends move together.
    spots, where = np.unique(old[problem.visits :], return_inverse=True)
    apart = draw.random((problem.visits + len(spots), 2))
    beside = np.concatenate([apart[: problem.visits], apart[problem.visits :][where]])
    # The drive between equal places was 0, and is the step aside now.
    seconds = problem.seconds[np.ix_(old, old)]
    seconds = seconds + np.abs(beside[:, None, :] - beside[None, :, :]).sum(axis=2)
    visits, shifts = problem.visits, problem.shifts
    return replace(
        problem,
        seconds=seconds,
        visit_place=np.arange(visits),
        shift_first_place=np.arange(visits, visits + shifts),
        shift_last_place=np.arange(visits + shifts, visits + 2 * shifts),
        visit_latest=problem.visit_latest + draw.integers(10, 120, size=visits),
        visit_ride=problem.visit_ride + draw.integers(5, 60, size=visits),
        shift_latest=problem.shift_latest + 200,
        configuration=problem.configuration + 1,
        whole=False,
    )
