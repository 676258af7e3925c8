"""
Has one order of visits a schedule? From the definitions: difference constraints and Bellman-Ford.

Shares nothing with the optimizer. Every place in the order where the break might be is tried.
"""

from collections.abc import Iterator

import numpy as np

from scheduler.problem import Problem

# x[to] - x[from] <= weight
Edge = tuple[int, int, float]


def constraint_sets(
    problem: Problem, shift: int, visits: tuple[int, ...]
) -> Iterator[tuple[int, list[Edge], int | None]]:
    """
    Yield for each place of the break: number of variables, constraints, the break's variable.

    Variables: 0 is the zero of time, 1 the departure, 2 .. the begins, then the arrival, then
    the begin of the break.
    """
    rest_first, rest_last, rest_length = problem.shift_rest[shift]
    count = len(visits)
    departure, arrival = 1, count + 2
    places = [
        int(problem.shift_first_place[shift]),
        *(int(problem.visit_place[visit]) for visit in visits),
        int(problem.shift_last_place[shift]),
    ]
    dwell = [0.0, *(float(problem.visit_dwell[visit]) for visit in visits), 0.0]
    base: list[Edge] = [
        (departure, 0, -float(problem.shift_earliest[shift])),
        (0, arrival, float(problem.shift_latest[shift])),
        (departure, arrival, float(problem.shift_longest[shift])),
    ]
    for index, visit in enumerate(visits, start=2):
        base.append((index, 0, -float(problem.visit_earliest[visit])))
        base.append((0, index, float(problem.visit_latest[visit])))
        if visit - 1 in visits and problem.visit_trip[visit - 1] == problem.visit_trip[visit]:
            before = visits.index(visit - 1) + 2
            ride = problem.visit_dwell[visit - 1] + problem.visit_ride[visit]
            base.append((before, index, float(ride)))

    def leg(gap: int) -> tuple[int, int, float, float]:
        drive = float(problem.seconds[places[gap], places[gap + 1]])
        return gap + 1, gap + 2, dwell[gap], drive

    plain = [(b, a, -(wait + drive)) for a, b, wait, drive in map(leg, range(count + 1))]
    if rest_length == 0 or count == 0:
        yield count + 3, base + plain, None
        return
    rest = count + 3
    base = [*base, (rest, 0, -float(rest_first))]
    base.append((rest, 0, -float(problem.shift_earliest[shift])))
    base.append((0, rest, float(problem.shift_latest[shift] - rest_length)))
    in_window = (0, rest, float(rest_last))
    yield count + 4, [*base, *plain, (departure, rest, -rest_length), in_window], rest
    for gap in range(count + 1):
        aboard = set(problem.visit_trip[list(visits[:gap])])
        if any(
            sum(problem.visit_trip[visit] == trip for visit in visits[:gap])
            < problem.trip_start[trip + 1] - problem.trip_start[trip]
            for trip in aboard
        ):
            continue
        a, b, wait, drive = leg(gap)
        # Where the bus emptied: within the window, and then it drives on.
        here = [(rest, a, -wait), (b, rest, -(rest_length + drive)), in_window]
        yield count + 4, [*base, *plain, *here], rest
        # Upon arrival or later: within the window, or the bus set off before it closed.
        there = [(rest, a, -(wait + drive)), (0, rest, float(rest_last) + drive)]
        there.append((rest, arrival, 0.0) if gap == count else (b, rest, -rest_length))
        yield count + 4, [*base, *plain, *there], rest


def consistent(variables: int, edges: list[Edge]) -> bool:
    """Whether difference constraints can all hold (no negative cycle)."""
    distance = np.zeros(variables)
    for _ in range(variables + 1):
        changed = False
        for begin, end, weight in edges:
            if distance[begin] + weight < distance[end] - 1e-7:
                distance[end] = distance[begin] + weight
                changed = True
        if not changed:
            return True
    return False


def feasible_by_hand(problem: Problem, shift: int, visits: tuple[int, ...]) -> bool:
    """Whether *shift* can make *visits* in this order, with everything that the problem says."""
    if not visits:
        return True
    begin, end = problem.configuration_start[shift : shift + 2]
    load = np.zeros(problem.visit_load.shape[1], dtype=np.int64)
    for index, visit in enumerate(visits):
        trip = problem.visit_trip[visit]
        if not problem.shift_takes[shift, trip]:
            return False
        if visit > problem.trip_start[trip] and visit - 1 not in visits[:index]:
            return False
        load = load + problem.visit_load[visit]
        if not (load <= problem.configuration[begin:end]).all(axis=1).any():
            return False
    for trip in set(problem.visit_trip[list(visits)]):
        if sum(problem.visit_trip[list(visits)] == trip) != np.diff(problem.trip_start)[trip]:
            return False
    return any(
        consistent(variables, edges)
        for variables, edges, _ in constraint_sets(problem, shift, visits)
    )
