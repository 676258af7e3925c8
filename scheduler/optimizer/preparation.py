"""From a problem to an instance: what no shift can do alone is left out from the start."""

import numpy as np

from scheduler.optimizer.compiled import kernel
from scheduler.optimizer.feasibility import States, make_states, walk
from scheduler.optimizer.instance import Instance, lay_out, tighten
from scheduler.problem import Bools, Ints, Problem


def prepare(problem: Problem) -> Instance:
    """
    Lay *problem* out, and keep as `takes` only what a shift can do, were the trip alone.

    Whatever a schedule cannot do alone it cannot do among others, breaks included (`Break`), so
    nothing is lost.
    """
    instance = lay_out(problem)
    if len(instance.kind):
        visits = np.arange(instance.trip_start[-1])
        _take_alone(instance, visits, instance.takes, make_states(instance, 1))
        instance = tighten(instance)
    return instance._replace(kind=kinds(instance), option_open=_open_options(instance))


@kernel
def _take_alone(instance: Instance, visits: Ints, takes: Bools, states: States) -> None:
    """Clear ``takes[s, t]`` wherever shift s cannot serve trip t alone; *visits* count from 0."""
    for shift in range(takes.shape[0]):
        for trip in range(takes.shape[1]):
            first, last = instance.trip_start[trip], instance.trip_start[trip + 1]
            if takes[shift, trip]:
                takes[shift, trip] = walk(instance, shift, visits[first:last], states, 0)


def kinds(instance: Instance) -> Ints:
    """Shape ``(s,)``: number shifts so that those with equal numbers are equal in everything."""
    shifts = len(instance.kind)
    visits = len(instance.trip) - 2 * shifts
    seen: dict[tuple[bytes, ...], int] = {}
    numbers = []
    for shift in range(shifts):
        start, end = visits + shift, visits + shifts + shift
        seats = np.unique(instance.seats[shift], axis=0)
        same = (
            instance.drive[start, :visits].tobytes(),
            instance.drive[:visits, end].tobytes(),
            np.array([instance.earliest[start], instance.latest[end]]).tobytes(),
            np.array([instance.longest[shift], *instance.rest[shift]]).tobytes(),
            instance.takes[shift].tobytes(),
            # What a trip that the shift cannot take would count makes no difference, nor does -0.
            (np.where(instance.takes[shift], instance.extra[shift], 0.0) + 0.0).tobytes(),
            seats.tobytes(),
        )
        numbers.append(seen.setdefault(same, len(seen)))
    return np.array(numbers, dtype=np.int64)


def _open_options(instance: Instance) -> Bools:
    """Shape ``(o,)``: whether each trip of an option has a shift that takes it."""
    able = [bool(shifts.any()) for shifts in instance.takes.T]
    return np.array(
        [
            all(able[trip] for trip in instance.option_trip[begin:end])
            for begin, end in zip(instance.option_start, instance.option_start[1:], strict=False)
        ],
        dtype=np.bool_,
    )
