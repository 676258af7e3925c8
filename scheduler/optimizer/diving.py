"""
Diving: round one route of a relaxation after the other, until it is a plan.

Between two roundings the linear program may take in routes that fit what is left, so a dive ends
near the bound where rounding over known routes alone would not.
"""

import numpy as np

from scheduler.optimizer.branching import all_whole
from scheduler.optimizer.columns import Columns
from scheduler.optimizer.generation import Generation, KeepGoing
from scheduler.optimizer.graph import Graph, listed
from scheduler.optimizer.labelling import CHEAPEST
from scheduler.optimizer.master import Bounds, Relaxation
from scheduler.problem import Bools, Ints

# Routes of at least this value are rounded up together.
NEARLY_ONE = 0.8


def dive(
    generation: Generation,
    graphs: list[Graph],
    bounds: Bounds,
    relaxation: Relaxation,
    *,
    cutoff: float,
    keep_going: KeepGoing,
) -> Relaxation | None:
    """
    Follow the largest values of *relaxation* to a plan that costs less than *cutoff*.

    Leaves *generation* narrowed to where the dive ended.
    """
    fixed: list[int] = []
    columns = generation.master.columns
    while relaxation.value < cutoff:
        if all_whole(relaxation):
            return relaxation
        more = _round_up(columns, generation.master.counts, relaxation, fixed)
        if not more:
            return None
        fixed += more
        taken = _served(columns, fixed)
        left = [listed(g._replace(pickup=np.where(taken, -1, g.pickup))) for g in graphs]
        generation.narrow(left, bounds, fixed)
        _, after = generation.run(keep_going=keep_going, last=CHEAPEST)
        if after is None:
            return None
        relaxation = after
    return None


def _round_up(
    columns: Columns, counts: Ints, relaxation: Relaxation, fixed: list[int]
) -> list[int]:
    """
    The largest route not fixed yet, and others almost as large that have no trip in common.

    Never more of a kind of shift than there are, *counts* ``(k,)``.
    """
    free = np.setdiff1d(np.flatnonzero(relaxation.routes > 1e-6), fixed)
    chosen: list[int] = []
    for route in free[np.argsort(-relaxation.routes[free], kind="stable")]:
        if chosen and relaxation.routes[route] < NEARLY_ONE:
            break
        kind, taken = columns.kind[route], [*fixed, *chosen]
        room = np.count_nonzero(columns.kind[taken] == kind) < counts[kind]
        if room and not (_served(columns, taken) & (columns.serves[route] > 0.0)).any():
            chosen.append(int(route))
    return chosen


def _served(columns: Columns, routes: list[int]) -> Bools:
    """Shape ``(t,)``: the trips of some routes."""
    return np.asarray((columns.serves[routes] > 0.0).any(axis=0), np.bool_)
