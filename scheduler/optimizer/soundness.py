"""
What must hold of a problem before anything is proven about it.

Shapes are the business of `Problem` itself. Here is what the arrays say: indices that point
somewhere, times that are numbers, people who leave the bus that they entered, drives without
shortcuts. Each refusal names the array, and the entry.
"""

import numpy as np

from scheduler.errors import ProblemError
from scheduler.problem import TIMES, Floats, Ints, Problem

# Far above all that a day needs. A thousand times as much is still exact in a float, and its
# sums are far from the end of whole numbers.
MOST, MOST_WEIGHT = 10**12, 10**15
# So many detours are looked at: all of those between 400 places, and 0.1 s or so.
MOST_DETOURS = 400**3
# Fractions that should be equal differ by no more than this part of the largest drive.
ROUNDING = 1e-9


def refuse_unsound(problem: Problem) -> None:
    """
    Look whether *problem* makes sense.

    Raises
    ------
    ProblemError
        If an index points nowhere; a time is negative, too large or not a number; weights or
        loads are negative or too large; a trip ends with somebody aboard or lets out more than
        are in; or the drives break the triangle inequality.
    """
    _refuse_wrong_indices(problem)
    _refuse_wrong_times(problem)
    _refuse_odd_options(problem)
    _refuse_wrong_weights(problem)
    _refuse_wrong_loads(problem)
    _refuse_shortcuts(problem)


def loads_on_the_way(problem: Problem) -> Ints:
    """Shape ``(v, k)``: whom and what each visit leaves aboard of its own trip."""
    total = np.cumsum(problem.visit_load, axis=0)
    before = np.vstack([np.zeros_like(total[:1]), total])[problem.trip_start[:-1]]
    aboard: Ints = total - np.repeat(before, np.diff(problem.trip_start), axis=0)
    return aboard


def _refuse_wrong_indices(problem: Problem) -> None:
    """Places, journeys and trips that there are not; a shift without a configuration."""
    places = len(problem.seconds)
    inside = {
        "visit_place": (problem.visit_place, places),
        "shift_first_place": (problem.shift_first_place, places),
        "shift_last_place": (problem.shift_last_place, places),
        "option_journey": (problem.option_journey, problem.journeys),
        "option_trip": (problem.option_trip, problem.trips),
    }
    for name, (indices, count) in inside.items():
        if len(indices) and (indices.min() < 0 or indices.max() >= count):
            msg = f"{name} must lie between 0 and {count - 1}."
            raise ProblemError(msg)
    if (np.diff(problem.configuration_start) < 1).any():
        msg = "configuration_start must give every shift a configuration or more."
        raise ProblemError(msg)


def _refuse_wrong_times(problem: Problem) -> None:
    """Times that cannot be, and fractions where there should be none."""
    for name in (
        "seconds",
        "visit_dwell",
        "visit_ride",
        "shift_longest",
        "shift_rest",
        "shift_extra",
    ):
        values = getattr(problem, name)
        if values.size and not values.min() >= 0:
            msg = f"{name} has a negative entry, or one that is not a number."
            raise ProblemError(msg)
    windows = ("visit_earliest", "visit_latest", "shift_earliest", "shift_latest")
    for name in (*windows, "shift_rest", "shift_extra"):
        if not np.isfinite(getattr(problem, name)).all():
            msg = f"{name} has an entry that is not a finite number."
            raise ProblemError(msg)
    for name in TIMES:
        values = getattr(problem, name)
        finite = values[np.isfinite(values)]
        _refuse_large(name, finite)
        # Proofs of whole problems rest on costs being whole.
        if problem.whole and (finite % 1 != 0).any():
            msg = f"{name} has fractions, though the problem says that its times are whole."
            raise ProblemError(msg)


def _refuse_large(name: str, values: Floats | Ints) -> None:
    """Numbers so large that sums of them are not exact any more."""
    large = values[(values > MOST) | (values < -MOST)]
    if large.size:
        msg = f"{name} has the entry {large[0]:.0f}; beyond {MOST} sums are not exact."
        raise ProblemError(msg)


def _refuse_odd_options(problem: Problem) -> None:
    """An option needs trips, each of them once, and no trip serves two journeys."""
    sizes = np.diff(problem.option_start)
    if (sizes < 1).any():
        msg = "option_start must give every option a trip or more."
        raise ProblemError(msg)
    option = np.repeat(np.arange(len(sizes)), sizes)
    pairs = np.column_stack([option, problem.option_trip])
    if len(np.unique(pairs, axis=0)) < len(pairs):
        msg = "option_trip names a trip twice in one option."
        raise ProblemError(msg)
    pairs = np.unique(
        np.column_stack([problem.option_journey[option], problem.option_trip]), axis=0
    )
    if len(np.unique(pairs[:, 1])) < len(pairs):
        msg = "option_trip names one trip for two journeys."
        raise ProblemError(msg)


def _refuse_wrong_weights(problem: Problem) -> None:
    """Weights that say nothing, or so large that their sum is none."""
    weights = problem.journey_weight
    if (weights < 1).any():
        msg = "journey_weight must be positive."
        raise ProblemError(msg)
    # In Python's numbers: NumPy's own sum would wrap around, unnoticed.
    total = sum(weights.tolist())
    if total > MOST_WEIGHT:
        msg = (
            f"journey_weight has a sum of {total}, of which {weights.max()} is the largest entry; "
        )
        msg += f"the sum must not exceed {MOST_WEIGHT}."
        raise ProblemError(msg)


def _refuse_wrong_loads(problem: Problem) -> None:
    """Whoever gets in gets out, and nobody else; else leaving a trip out would fill the bus."""
    _refuse_large("visit_load", problem.visit_load)
    _refuse_large("configuration", problem.configuration)
    aboard = loads_on_the_way(problem)
    wrong, last = aboard < 0, problem.trip_start[1:] - 1
    wrong[last] = aboard[last] != 0
    if wrong.any():
        visit = int(np.flatnonzero(wrong.any(axis=1))[0])
        rule = "its last must leave nobody" if visit in last else "nobody can be fewer than none"
        msg = f"visit_load: visit {visit} leaves {aboard[visit].tolist()} of trip "
        msg += f"{problem.visit_trip[visit]} aboard; {rule}."
        raise ProblemError(msg)


def _refuse_shortcuts(problem: Problem) -> None:
    """
    Drives that are longer than some way around by a place where somebody gets in or out.

    All of them up to `MOST_DETOURS`; on larger days those from every second place, or every
    third, and so on.
    """
    visited = np.unique(problem.visit_place)
    places = np.unique(
        np.concatenate([visited, problem.shift_first_place, problem.shift_last_place])
    )
    if not len(visited):
        return
    onward = np.ascontiguousarray(problem.seconds[np.ix_(visited, places)])
    step = -(-len(places) * onward.size // MOST_DETOURS)
    begins = places[::step]
    direct, first = problem.seconds[np.ix_(begins, places)], problem.seconds[begins][:, visited]
    shortest, way = direct.copy(), np.empty_like(direct)
    for index in range(len(visited)):
        np.add(first[:, index, None], onward[index], out=way)
        np.minimum(shortest, way, out=shortest)
    leeway = 0.0
    if not problem.whole:
        leeway = ROUNDING * float(direct[np.isfinite(direct)].max(initial=0.0))
    broken = np.argwhere(direct > shortest + leeway)
    if len(broken):
        row, column = broken[0]
        between = visited[int(np.argmin(first[row] + onward[:, column]))]
        msg = (
            "seconds breaks the triangle inequality: a shorter route takes longer. "
            f"From place {begins[row]} to place {places[column]} it takes "
            f"{direct[row, column]:g}, by way of place {between} {shortest[row, column]:g}."
        )
        raise ProblemError(msg)
