"""
The cheapest place of a trip in a route, exactly.

Costs come first: a position is only tested if it would be the best so far. The test walks on
from the inserted visits until all rides that were open there have ended; from there on the
route is as it was, and what `routes` has noted about its rest decides at once.
"""

import numpy as np

from scheduler.optimizer.compiled import inner, kernel
from scheduler.optimizer.dice import Seeds, draw
from scheduler.optimizer.feasibility import States, end_walk, extend
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.optimizer.routes import Routes
from scheduler.problem import Floats, Ints


@kernel
def best_insertion(  # noqa: C901 - one screen: ever dearer questions whether a gap will do
    instance: Instance,
    routes: Routes,
    row: int,
    trip: int,
    work: States,
    gaps: Ints,
    best: Ints,
    dice: Seeds,
    overlook: float,
    limit: float,
) -> float:
    """
    Return what the cheapest insertion of *trip* adds to the cost of *row*.

    Infinite if none fits that adds less than *limit*: the lower it is, the sooner this is known.

    Fills ``best[i]`` with the gap (after which node of the route) of the i-th visit. *work* has
    a row more than the longest trip has visits; *gaps* is scratch as long as *best*. Each gap of
    the first visit is overlooked with probability *overlook*, drawn from *dice*.
    """
    shift = row // 2
    if not instance.takes[shift, trip]:
        return np.inf
    # It is the same in every gap; all that is compared from here on is drive.
    extra = instance.extra[shift, trip]
    cheapest, found = limit - extra, np.inf
    first = instance.trip_start[trip]
    base = row * routes.nodes.shape[1]
    soonest = instance.earliest[first] + instance.dwell[first]
    for gap in range(routes.length[row] + 1):
        # Drives come last: on a large day each look at one is a wait for memory.
        if soonest > routes.late[row, gap + 1, 1] + TOLERANCE:
            continue
        here, after = routes.nodes[row, gap], routes.nodes[row, gap + 1]
        ready = routes.states.begin[base + gap, 0] + instance.dwell[here]
        if ready > instance.latest[first] + TOLERANCE:
            break
        if overlook > 0.0 and draw(dice) < overlook:
            continue
        beyond = instance.drive[first, after] - routes.leg[row, gap]
        if beyond >= cheapest:
            continue
        drive = instance.drive[here, first]
        begin = ready + drive
        if begin > instance.latest[first] + TOLERANCE:
            break
        if drive + beyond >= cheapest:
            continue
        # Nothing after it can be in time then, whatever stands between.
        onward = instance.dwell[first] + instance.drive[first, after]
        if max(begin, instance.earliest[first]) + onward > routes.late[row, gap + 1, 1] + TOLERANCE:
            continue
        if extend(instance, shift, routes.states, base + gap, work, 1, first):
            gaps[0] = gap
            total = _place_others(instance, routes, row, trip, work, gaps, best, cheapest)
            if total < cheapest:
                cheapest = found = total
    return float(found + extra)


@inner
def _place_others(
    instance: Instance,
    routes: Routes,
    row: int,
    trip: int,
    work: States,
    gaps: Ints,
    best: Ints,
    cheapest: float,
) -> float:
    """
    Try all places of the visits after the first, which stands in ``gaps[0]``, state 1 of *work*.

    Depth first: ``work[level]`` is the walk up to the gap where visit *level* is tried next,
    ``extra[level]`` what it drives more than the route as it was up to ``gaps[level]``.
    """
    shift = row // 2
    first, visits = (
        instance.trip_start[trip],
        instance.trip_start[trip + 1] - instance.trip_start[trip],
    )
    nodes = routes.nodes[row]
    extra, opened = work.leave[:, -1], work.busy[:, -1]
    level = 1
    gaps[1] = gaps[0]
    extra[1] = instance.drive[nodes[gaps[0]], first]
    opened[1] = work.elapsed[1]
    while level > 0:
        gap, visit = gaps[level], first + level
        here, after = work.node[level], nodes[gap + 1]
        replaced = routes.leg[row, gap]
        onward = extra[level] + instance.drive[here, after] - replaced
        leg = instance.dwell[here] + instance.drive[here, visit]
        if (
            work.begin[level, 0] + leg > instance.latest[visit] + TOLERANCE
            or work.elapsed[level] + leg - opened[level] > instance.span[visit] + TOLERANCE
            or onward >= cheapest
        ):
            level = _next_gap(instance, routes, row, work, gaps, extra, level - 1)
            continue
        spent = extra[level] + instance.drive[here, visit]
        if level == visits - 1:
            total = spent + instance.drive[visit, after] - replaced
            begin = max(instance.earliest[visit], work.begin[level, 0] + leg)
            begin += instance.dwell[visit] + instance.drive[visit, after]
            if (
                total < cheapest
                and begin <= routes.late[row, gap + 1, 1] + TOLERANCE
                and extend(instance, shift, work, level, work, level + 1, visit)
                and _joins(instance, routes, row, work, level + 1, gap + 1)
            ):
                cheapest = total
                for index in range(visits):
                    best[index] = gaps[index]
        elif extend(instance, shift, work, level, work, level + 1, visit):
            level += 1
            gaps[level] = gap
            extra[level] = spent
            opened[level] = work.elapsed[level]
            continue
        level = _next_gap(instance, routes, row, work, gaps, extra, level)
    return cheapest


@inner
def _next_gap(
    instance: Instance,
    routes: Routes,
    row: int,
    work: States,
    gaps: Ints,
    extra: Floats,
    level: int,
) -> int:
    """Move the visit of *level* one gap on, or else the one before it; return whose turn it is."""
    shift, nodes = row // 2, routes.nodes[row]
    while level > 0:
        gap = gaps[level]
        if gap < routes.length[row]:
            node = nodes[gap + 1]
            extra[level] += instance.drive[work.node[level], node] - routes.leg[row, gap]
            if extend(instance, shift, work, level, work, level, node) and not _too_late(
                routes, row, work, level, gap + 1
            ):
                gaps[level] = gap + 1
                return level
        level -= 1
    return 0


@inner
def _too_late(routes: Routes, row: int, work: States, at: int, index: int) -> bool:
    """Whether state *at*, at the node *index* of the route, can no longer make its rest."""
    if work.begin[at, 0] <= routes.late[row, index, 0] + TOLERANCE:
        return False
    for way in range(1, work.ways[at]):
        if work.begin[at, way] <= routes.late[row, index, 1] + TOLERANCE:
            return False
    return True


@inner
def _joins(instance: Instance, routes: Routes, row: int, work: States, at: int, index: int) -> bool:
    """Whether the rest of the route, from its node *index* on, still works after state *at*."""
    shift, nodes = row // 2, routes.nodes[row]
    old = work.aboard[at]
    for position in range(index, routes.length[row] + 1):
        node = nodes[position]
        before = instance.previous[node]
        if before >= 0 and old > 0:
            for ride in range(old):
                if work.open_visit[at, ride] == before:
                    old -= 1
                    break
        if not extend(instance, shift, work, at, work, at, node):
            return False
        if _too_late(routes, row, work, at, position):
            return False
        if old == 0 and _same_rides(routes, row, work, at, position):
            if instance.longest[shift] == np.inf:
                return True
            if instance.rest[shift, 2] == 0:
                return _lasts(instance, routes, row, work, at, position)
    return end_walk(instance, shift, work, at)


@inner
def _same_rides(routes: Routes, row: int, work: States, at: int, index: int) -> bool:
    """Whether the open rides may begin as late as they may in the route as it was."""
    states, was = routes.states, row * routes.nodes.shape[1] + index
    for ride in range(work.aboard[at]):
        now = work.open_slack[at, ride] + work.open_elapsed[at, ride]
        if now < states.open_slack[was, ride] + states.open_elapsed[was, ride] - TOLERANCE:
            return False
    return True


@inner
def _lasts(instance: Instance, routes: Routes, row: int, work: States, at: int, index: int) -> bool:
    """Whether the rest of the route keeps the longest duration, for a shift without a break."""
    longest = instance.longest[row // 2]
    begin, leave, busy = work.begin[at, 0], work.leave[at, 0], work.busy[at, 0]
    tail = routes.tail[row, index]
    arrival = max(begin + tail, routes.reach[row, index])
    leave = min(leave, routes.late[row, index, 1] - busy)
    lasts: bool = busy + tail <= longest + TOLERANCE and arrival <= leave + longest + TOLERANCE
    return lasts
