"""
When everything happens, once the order is fixed: as little time aboard and waiting as possible.

Begins, departure, arrival and break are numbers x with constraints ``x_j - x_i >= gap``. What is
minimised is a sum of such differences: the seconds that each person spends aboard, and the
seconds from departure to arrival, of which waiting is the part that can change. Times that are
known to people already weigh more than both: they are kept wherever that is possible. The linear
program gives prices; a constraint with a price holds with equality in every best schedule. Of
those schedules the earliest is taken, by longest paths in whole numbers, so no rounding of the
linear program is ever seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.programs import Program, relax
from scheduler.optimizer.solution import RoutePlan
from scheduler.problem import Floats

# How far sums of fractions may be apart and still count as equal.
LEEWAY = 1e-7

# A second off the time that is known at a visit counts as much as so many seconds aboard.
KNOWN = 60.0

# The second of two variables is greater than the first by the third part, or more.
Gap = tuple[int, int, float]


@dataclass(frozen=True)
class _Layout:
    """
    Variables of one route: 0 is the beginning of time, 1 the departure, then the visits.

    After the visits come the arrival and, with a break, its begin; at the end, for each visit
    with a known time, the later of that and its begin. The beginning of time is *origin* in the
    clock of the instance.
    """

    gaps: list[Gap]
    variables: int
    rest: int | None
    origin: float


def schedule(
    instance: Instance,
    shift: int,
    visits: tuple[int, ...],
    *,
    known: Mapping[int, float] | None = None,
) -> RoutePlan:
    """
    Best times for *visits* in this order on *shift*; *known* are begins that people count on.

    Raises
    ------
    ValueError
        If there is no schedule.
    """
    if not visits:
        return RoutePlan()
    best: tuple[float, Floats, _Layout] | None = None
    for plain in _layouts(instance, shift, visits):
        if _longest_paths(plain.variables, plain.gaps) is None:
            continue
        weights = _weights(instance, visits, plain.variables)
        layout, weights = _with_known(plain, weights, visits, known or {})
        times = _least(layout, weights)
        value = float(weights @ times)
        if best is None or value < best[0] - LEEWAY:
            best = value, times, layout
    if best is None:
        msg = f"Shift {shift} has no schedule for the visits {visits}."
        raise ValueError(msg)
    _, times, layout = best
    times = times + layout.origin
    count = len(visits)
    return RoutePlan(
        visits=tuple(visits),
        begins=tuple(float(time) for time in times[2 : count + 2]),
        departure=float(times[1]),
        arrival=float(times[count + 2]),
        rest=None if layout.rest is None else float(times[layout.rest]),
    )


def _weights(instance: Instance, visits: tuple[int, ...], variables: int) -> Floats:
    """Cost of each variable: on every ride those aboard just then, one for the whole way."""
    weights = np.zeros(variables)
    weights[1], weights[len(visits) + 2] = -1.0, 1.0
    place = {visit: index for index, visit in enumerate(visits, start=2)}
    for visit in visits:
        before = int(instance.previous[visit])
        if before >= 0:
            first = instance.trip_start[instance.trip[visit]]
            # Who takes up no place (a parcel, say) should not be aboard for long either.
            people = max(1, int(instance.load[first:visit].sum()))
            weights[place[visit]] += people
            weights[place[before]] -= people
    return weights


def _with_known(
    layout: _Layout, weights: Floats, visits: tuple[int, ...], known: Mapping[int, float]
) -> tuple[_Layout, Floats]:
    """Count how far visits are off: ``|x - a|`` is ``2 max(x, a) - x - a``, and a is fixed."""
    gaps, counted = list(layout.gaps), [*weights]
    for place, visit in enumerate(visits, start=2):
        if visit in known:
            later = len(counted)
            gaps += [(place, later, 0.0), (0, later, known[visit] - layout.origin)]
            counted[place] -= KNOWN
            counted.append(2 * KNOWN)
    return replace(layout, gaps=gaps, variables=len(counted)), np.array(counted)


def _layouts(instance: Instance, shift: int, visits: tuple[int, ...]) -> Iterator[_Layout]:
    """Yield the constraints of the route, once for each place where the break might be."""
    count, arrival = len(visits), len(visits) + 2
    total = len(instance.trip) - 2 * len(instance.kind)
    nodes = [total + shift, *visits, total + len(instance.kind) + shift]
    # Every other variable is at least 1 in these clocks, so that no bound of the program binds.
    origin = float(instance.earliest[nodes[0]]) - 1.0
    gaps: list[Gap] = []
    place = {visit: index for index, visit in enumerate(visits, start=2)}
    for index, node in enumerate(nodes, start=1):
        gaps.append((0, index, float(instance.earliest[node]) - origin))
        gaps.append((index, 0, origin - float(instance.latest[node])))
        before = int(instance.previous[node])
        if before >= 0 and np.isfinite(instance.span[node]):
            gaps.append((index, place[before], -float(instance.span[node])))
    if np.isfinite(instance.longest[shift]):
        gaps.append((arrival, 1, -float(instance.longest[shift])))
    legs = [
        (index, float(instance.dwell[here]), float(instance.drive[here, there]))
        for index, (here, there) in enumerate(pairwise(nodes), start=1)
    ]
    driven = [(index, index + 1, dwell + drive) for index, dwell, drive in legs]
    first, last, length = (float(value) for value in instance.rest[shift])
    if length == 0:
        yield _Layout(gaps + driven, count + 3, None, origin)
        return
    rest, close = count + 3, float(instance.latest[nodes[-1]]) - length
    gaps.append((0, rest, max(first - origin, 1.0)))
    gaps.append((rest, 0, origin - close))
    before_leaving = [(rest, 1, length), (rest, 0, origin - last)]
    yield _Layout([*gaps, *driven, *before_leaving], count + 4, rest, origin)
    aboard = 0
    for index, dwell, drive in legs:
        node = nodes[index - 1]
        if index > 1:
            aboard += int(instance.following[node] >= 0) - int(instance.previous[node] >= 0)
        if aboard:
            continue
        # Upon arrival: the empty bus sets off before the window closes.
        around = [(index, rest, dwell + drive), (rest, 0, origin - last - drive)]
        around.append((rest, index + 1, length) if index <= count else (arrival, rest, 0.0))
        yield _Layout(gaps + driven + around, count + 4, rest, origin)


def _least(layout: _Layout, weights: Floats) -> Floats:
    """The earliest of all schedules that minimise the weighted sum of *weights*."""
    first, second, least = (np.array(part) for part in zip(*layout.gaps, strict=True))
    rows = np.arange(len(least))
    shape = (len(least), layout.variables)
    signs = np.concatenate([np.ones(len(rows)), -np.ones(len(rows))])
    index = (np.concatenate([rows, rows]), np.concatenate([second, first]))
    most = np.full(layout.variables, np.inf)
    most[0] = 0.0
    relaxed = relax(
        Program(
            cost=weights,
            most=most,
            integer=np.zeros(layout.variables, dtype=np.bool_),
            matrix=sparse.csr_array((signs, index), shape=shape),
            lower=least,
            upper=np.full(len(rows), np.inf),
        )
    )
    tight = [
        (second, first, -least)
        for (first, second, least), price in zip(layout.gaps, relaxed.price, strict=True)
        if price > 0.5
    ]
    times = _longest_paths(layout.variables, layout.gaps + tight)
    if times is None:
        msg = "The prices of a linear program contradict its constraints."
        raise RuntimeError(msg)
    return times


def _longest_paths(variables: int, gaps: list[Gap]) -> Floats | None:
    """The least numbers from variable 0 on that keep all *gaps*; ``None`` if none do."""
    times = [0.0] + [-float("inf")] * (variables - 1)
    for _ in range(variables + 1):
        changed = False
        for first, second, least in gaps:
            if times[first] + least > times[second] + LEEWAY:
                times[second] = times[first] + least
                changed = True
        if not changed:
            return np.array(times)
        if times[0] > 0:
            return None
    return None
