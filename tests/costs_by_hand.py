"""What routes cost, from the definition; shares nothing with the optimizer."""

from collections.abc import Sequence
from itertools import pairwise

from scheduler.problem import Problem


def driving_by_hand(problem: Problem, shift: int, visits: Sequence[int]) -> float:
    """From the start of the shift to its end; none for a bus that stays."""
    first, last = problem.shift_first_place[shift], problem.shift_last_place[shift]
    places = [int(first), *problem.visit_place[list(visits)].tolist(), int(last)]
    return float(sum(problem.seconds[a, b] for a, b in pairwise(places))) if visits else 0.0


def extras_by_hand(problem: Problem, shift: int, visits: Sequence[int]) -> float:
    """What it counts beside that the shift carries those who board on the way."""
    return sum(
        float(problem.shift_extra[shift, problem.visit_trip[visit]])
        for visit in visits
        if visit in problem.trip_start
    )


def cost_by_hand(problem: Problem, shift: int, visits: Sequence[int]) -> float:
    """Both together."""
    return driving_by_hand(problem, shift, visits) + extras_by_hand(problem, shift, visits)
