"""What goes into a solve besides the numbers, and what comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from numbers import Integral
from typing import Protocol, TypeAlias

from scheduler.problem import Problem


@dataclass(frozen=True)
class Effort:
    """
    How hard to try: whichever limit is reached first ends the search.

    Iterations of the search and labels of the proof make a run repeatable, seconds make it
    punctual. Without labels nothing is proven beyond the bound that is always there. Only large
    days use more than one of the *cores* (``None``: all that the process may use); the plan does
    not depend on their number unless seconds do the counting. Whoever knows no limit of seconds
    says ``None``.

    Raises
    ------
    ValueError
        If a count is not a whole number, or less than 0 (cores: 1); if seconds are negative, or
        not a finite number.
    """

    iterations: int = 20_000
    labels: int = 30_000_000
    seconds: float | None = None
    cores: int | None = None

    def __post_init__(self) -> None:
        counts: dict[str, tuple[object, int]] = {
            "iterations": (self.iterations, 0),
            "labels": (self.labels, 0),
        }
        if self.cores is not None:
            counts["cores"] = self.cores, 1
        for name, (count, least) in counts.items():
            if not isinstance(count, Integral) or count < least:
                msg = f"{name} must be a whole number from {least} on, not {count!r}."
                raise ValueError(msg)
        if self.seconds is not None and not 0 <= self.seconds < inf:
            msg = f"seconds must be finite, not negative, or None, not {self.seconds!r}."
            raise ValueError(msg)


@dataclass(frozen=True)
class RoutePlan:
    """
    What one shift does: visits in order, and when service begins at each.

    *departure* leaves the start place and *arrival* reaches the end place; *rest* is when the
    break begins, ``None`` without one. Without visits the bus stays where it is.
    """

    visits: tuple[int, ...] = ()
    begins: tuple[float, ...] = ()
    departure: float = 0.0
    arrival: float = 0.0
    rest: float | None = None


@dataclass(frozen=True)
class Solution:
    """
    One route for each shift and a proven bound, in the units of the problem.

    *bound_weight* and *bound_cost* are lower bounds in the order of the objective: no
    solution leaves less weight unserved, and none that leaves exactly *bound_weight* costs
    less than *bound_cost*. The *cost* of routes is their driving and what their trips count
    beside it (`Problem.shift_extra`).
    """

    routes: tuple[RoutePlan, ...]
    unserved_weight: int
    cost: float
    bound_weight: int
    bound_cost: float
    proven: bool
    statistics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """A moment of a solve, for whoever watches; *unserved* counts journeys."""

    iterations: int
    seconds: float
    unserved: int
    unserved_weight: int
    cost: float
    bound_weight: int
    bound_cost: float


# Called now and then; returning False ends the solve with the best so far.
Watch: TypeAlias = Callable[[Progress], bool]


class Solver(Protocol):
    """Whatever solves a problem as `scheduler.optimizer.solve` does, perhaps somewhere else."""

    def __call__(
        self,
        problem: Problem,
        /,
        *,
        effort: Effort,
        seed: int = 0,
        progress: Watch | None = None,
        warm_start: Solution | None = None,
    ) -> Solution:
        """Find the best plan that the *effort* allows."""
        ...
