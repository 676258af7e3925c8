"""
Routes while they are being changed: each with its walk, and with what its rest still allows.

Each shift has two rows, one for the route as it is and one for a trial. The walk's state after
the p-th node of row r is row ``r * width + p`` of *states*.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.compiled import inner, kernel
from scheduler.optimizer.feasibility import (
    States,
    begin_walk,
    end_walk,
    extend,
    make_states,
)
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.problem import Floats, Ints


class Routes(NamedTuple):
    """
    Rows of routes; r rows, w nodes at most.

    Parameters
    ----------
    nodes
        Shape ``(r, w)``: start of the shift, visits, end of the shift.
    length, cost
        Shape ``(r,)``: number of visits; drive and what the trips count beside it, 0 for a bus
        that stays.
    version
        Shape ``(r,)``: equal numbers mean equal contents; ``version[-1]`` is the last one given.
    leg
        Shape ``(r, w)``: drive from a node to the next; 0 for a bus that stays.
    late
        Shape ``(r, w, 2)``: latest begin at a node that the nodes after it allow, for a bus
        that still has to rest and for one that need not.
    tail, reach
        Shape ``(r, w)``: dwell and drive from the node to the end; earliest arrival at the end
        that the windows from the node on allow.
    states
        Walks, ``r * w`` rows.
    """

    nodes: Ints
    length: Ints
    cost: Floats
    version: Ints
    leg: Floats
    late: Floats
    tail: Floats
    reach: Floats
    states: States


def make_routes(instance: Instance) -> Routes:
    """Empty routes for every shift of *instance*, in both rows."""
    shifts = len(instance.kind)
    visits = len(instance.trip) - 2 * shifts
    rows, width = 2 * shifts, visits + 2
    routes = Routes(
        nodes=np.zeros((rows, width), dtype=np.int64),
        length=np.zeros(rows, dtype=np.int64),
        cost=np.zeros(rows),
        version=np.zeros(rows + 1, dtype=np.int64),
        leg=np.zeros((rows, width)),
        late=np.zeros((rows, width, 2)),
        tail=np.zeros((rows, width)),
        reach=np.zeros((rows, width)),
        states=make_states(instance, rows * width),
    )
    for row in range(rows):
        set_route(instance, routes, row, np.zeros(0, dtype=np.int64), 0)
    return routes


@kernel
def set_route(instance: Instance, routes: Routes, row: int, visits: Ints, count: int) -> bool:
    """Make the first *count* of *visits* the route of *row*; False if it has no schedule."""
    shifts = len(instance.kind)
    start = len(instance.trip) - 2 * shifts + row // 2
    routes.nodes[row, 0] = start
    for index in range(count):
        routes.nodes[row, index + 1] = visits[index]
    routes.nodes[row, count + 1] = start + shifts
    routes.length[row] = count
    return refresh(instance, routes, row)


@kernel
def refresh(instance: Instance, routes: Routes, row: int) -> bool:
    """Walk the route of *row* anew and give it a new version; False if it has no schedule."""
    routes.version[-1] += 1
    routes.version[row] = routes.version[-1]
    shift, count = row // 2, routes.length[row]
    nodes, states = routes.nodes[row], routes.states
    base = row * routes.nodes.shape[1]
    begin_walk(instance, shift, states, base)
    cost = 0.0
    routes.leg[row, 0] = 0.0
    for index in range(1, count + 1):
        leg = instance.drive[nodes[index - 1], nodes[index]]
        routes.leg[row, index - 1] = leg
        cost += leg
        if instance.previous[nodes[index]] < 0:
            cost += instance.extra[shift, instance.trip[nodes[index]]]
        if not extend(
            instance, shift, states, base + index - 1, states, base + index, nodes[index]
        ):
            return False
    if count > 0:
        routes.leg[row, count] = instance.drive[nodes[count], nodes[count + 1]]
        cost += routes.leg[row, count]
        if not end_walk(instance, shift, states, base + count):
            return False
    routes.cost[row] = cost
    _look_back(instance, routes, row)
    return True


@inner
def _look_back(instance: Instance, routes: Routes, row: int) -> None:
    """Fill *late*, *tail* and *reach* of *row* from its end to its start."""
    shift, count = row // 2, routes.length[row]
    nodes, states = routes.nodes[row], routes.states
    base = row * routes.nodes.shape[1]
    close = instance.latest[nodes[count + 1]]
    first, last, length = instance.rest[shift]
    routes.late[row, count + 1, 1] = close
    # A bus that is back without its break cannot make up for it: it rests upon arrival.
    routes.late[row, count + 1, 0] = -np.inf
    routes.tail[row, count + 1] = 0.0
    routes.reach[row, count + 1] = -np.inf
    for index in range(count, -1, -1):
        here, node = nodes[index], nodes[index + 1]
        dwell, drive = instance.dwell[here], instance.drive[here, node]
        bound = states.bound[base + index]
        unrested = routes.late[row, index + 1, 0] - dwell - drive
        rested = routes.late[row, index + 1, 1] - dwell - drive
        if states.aboard[base + index] == 0:
            rest = routes.late[row, index + 1, 1] - length
            if rest >= first:
                unrested = max(unrested, min(last, rest - drive) - dwell)
        if length == 0:
            unrested = rested
        for way, latest in enumerate((unrested, rested)):
            late = min(bound, latest)
            # Too late for the node's own window: then nothing before it is early enough either.
            routes.late[row, index, way] = (
                late if late + TOLERANCE >= instance.earliest[here] else -np.inf
            )
        routes.tail[row, index] = routes.tail[row, index + 1] + dwell + drive
        routes.reach[row, index] = max(
            routes.reach[row, index + 1], instance.earliest[here] + routes.tail[row, index]
        )


@kernel
def insert_trip(instance: Instance, routes: Routes, row: int, trip: int, gaps: Ints) -> bool:
    """Put the visits of *trip* into the *gaps* (after which node each) of the route of *row*."""
    first, last = instance.trip_start[trip], instance.trip_start[trip + 1]
    nodes = routes.nodes[row]
    end = routes.length[row] + 1
    for visit in range(last - 1, first - 1, -1):
        gap = gaps[visit - first]
        shift_by = visit - first + 1
        for index in range(end, gap, -1):
            nodes[index + shift_by] = nodes[index]
        nodes[gap + shift_by] = visit
        end = gap
    routes.length[row] += last - first
    return refresh(instance, routes, row)


@kernel
def copy_without(
    instance: Instance, routes: Routes, row: int, target: int, home: Ints, shift: int
) -> bool:
    """Set *target* to the route of *row*, keeping only trips whose *home* is *shift*."""
    kept = 0
    routes.nodes[target, 0] = routes.nodes[row, 0]
    end = routes.nodes[row, routes.length[row] + 1]
    for index in range(1, routes.length[row] + 1):
        visit = routes.nodes[row, index]
        if home[instance.trip[visit]] == shift:
            kept += 1
            routes.nodes[target, kept] = visit
    routes.nodes[target, kept + 1] = end
    routes.length[target] = kept
    return refresh(instance, routes, target)
