"""
Is there a schedule for these visits in this order? Exactly, by walking forward once.

A walk keeps the earliest begin at its last node and, for each ride still open, two numbers: the
time since the visit that opened it without any waiting, and the latest begin of that visit that
all later windows still allow. With leg ``t`` (dwell and drive) from node i to node j:

    begin_j   = max(earliest_j, begin_i + t)
    elapsed_j = elapsed_i + t
    bound_j   = latest_j, and where j ends the ride that o opened
                min(latest_j, latest begin of o + span_j), with elapsed_j - elapsed_o <= span_j
    feasible as long as begin_j <= bound_j
    latest begin of every other open o = min(itself, bound_j - (elapsed_j - elapsed_o))

Waiting is allowed anywhere, also with people aboard. The latest begin of o is held as *slack*,
that is, less elapsed_o, so that opening and passing by are one minimum. A longest time from
departure to arrival is one more ride, open from the start of the shift to its end.

A break happens once, where nobody is aboard: before the bus leaves, after a service, upon
arrival before the next service, or at the end. So a walk has *ways*: way 0 has not rested yet (or
need not at all), each other way has; a way that is nowhere better than another one is dropped.
Way 0 is never later than any other: where it fails, all fail.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.compiled import inner, kernel
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.problem import Floats, Ints


class States(NamedTuple):
    """
    Rows of walk states; r rows, m rides open at most, w ways at most, k kinds of load.

    Parameters
    ----------
    node, elapsed, bound
        Shape ``(r,)``: last node, dwell and drive from the start to it, latest begin there.
    load
        Shape ``(r, k)``: what is aboard after it.
    aboard
        Shape ``(r,)``: number of open rides; they stand in the order in which they opened.
    open_visit, open_slack, open_elapsed
        Shape ``(r, m)``: visit that opened the ride, latest begin of it less *open_elapsed*,
        and *elapsed* there.
    ways
        Shape ``(r,)``: number of ways.
    begin, leave, busy
        Shape ``(r, w)``: earliest begin at *node*, latest departure from the start of the
        shift, time since departure without waiting (breaks included). The last two are kept
        only where the shift has a longest duration.
    """

    node: Ints
    elapsed: Floats
    bound: Floats
    load: Ints
    aboard: Ints
    open_visit: Ints
    open_slack: Floats
    open_elapsed: Floats
    ways: Ints
    begin: Floats
    leave: Floats
    busy: Floats


def make_states(instance: Instance, rows: int) -> States:
    """Room for *rows* walk states of *instance*."""
    opened = int(instance.most_aboard[0]) + 1
    rests, limited = instance.rest[:, 2] > 0, np.isfinite(instance.longest)
    # Only with a break and a longest duration can more than one rested way be worth keeping.
    ways = 2 * len(instance.trip) + 4 if (rests & limited).any() else 4
    return States(
        node=np.zeros(rows, dtype=np.int64),
        elapsed=np.zeros(rows),
        bound=np.zeros(rows),
        load=np.zeros((rows, instance.load.shape[1]), dtype=np.int64),
        aboard=np.zeros(rows, dtype=np.int64),
        open_visit=np.zeros((rows, opened), dtype=np.int64),
        open_slack=np.zeros((rows, opened)),
        open_elapsed=np.zeros((rows, opened)),
        ways=np.zeros(rows, dtype=np.int64),
        begin=np.zeros((rows, ways)),
        leave=np.zeros((rows, ways)),
        busy=np.zeros((rows, ways)),
    )


@inner
def begin_walk(instance: Instance, shift: int, states: States, row: int) -> None:
    """Set *row* to the start of *shift*, with nobody aboard."""
    node = len(instance.trip) - 2 * len(instance.kind) + shift
    states.node[row] = node
    states.elapsed[row] = 0.0
    states.bound[row] = instance.latest[node]
    states.load[row, :] = 0
    states.aboard[row] = 0
    states.ways[row] = 1
    states.begin[row, 0] = instance.earliest[node]
    states.leave[row, 0] = np.inf
    states.busy[row, 0] = 0.0
    first, last, length = instance.rest[shift]
    rest = max(instance.earliest[node], first)
    if length > 0 and rest <= last + TOLERANCE:
        states.ways[row] = 2
        states.begin[row, 1] = rest + length
        states.leave[row, 1] = np.inf
        states.busy[row, 1] = 0.0


@inner
def _add_way(states: States, row: int, begin: float, leave: float, busy: float) -> None:
    """Add a rested way unless one is as good; drop those that it beats."""
    count = states.ways[row]
    for way in range(1, count):
        if (
            states.begin[row, way] <= begin
            and states.leave[row, way] >= leave
            and states.busy[row, way] <= busy
        ):
            return
    kept = 1
    for way in range(1, count):
        if (
            states.begin[row, way] < begin
            or states.leave[row, way] > leave
            or states.busy[row, way] < busy
        ):
            states.begin[row, kept] = states.begin[row, way]
            states.leave[row, kept] = states.leave[row, way]
            states.busy[row, kept] = states.busy[row, way]
            kept += 1
    states.begin[row, kept] = begin
    states.leave[row, kept] = leave
    states.busy[row, kept] = busy
    states.ways[row] = kept + 1


@inner
def _rest_before(
    instance: Instance,
    shift: int,
    states: States,
    row: int,
    here: int,
    node: int,
    begin: float,
    leave: float,
    busy: float,
) -> None:
    """
    Add to *row*, which is at *node* already, the way that rests upon arrival from *here*.

    *begin*, *leave* and *busy* are those of the way without a break at *here*. The empty bus
    must set off before the window closes; resting before it sets off is never earlier.
    """
    first, last, length = instance.rest[shift]
    drive, dwell = instance.drive[here, node], instance.dwell[here]
    if max(begin + dwell, first) > last + TOLERANCE:
        return
    there = max(instance.earliest[node], max(begin + dwell + drive, first) + length)
    if there > states.bound[row] + TOLERANCE:
        return
    total = 0.0
    if np.isfinite(instance.longest[shift]):
        total = busy + dwell + drive + length
        leave = min(leave, last - busy - dwell, states.bound[row] - total)
    _add_way(states, row, there, leave, total)


@inner
def _copy_rides(source: States, row: int, target: States, to: int, skip: int) -> int:
    """Copy the open rides but the one at index *skip* (-1: all); return their number."""
    kept = 0
    for index in range(source.aboard[row]):
        if index != skip:
            target.open_visit[to, kept] = source.open_visit[row, index]
            target.open_slack[to, kept] = source.open_slack[row, index]
            target.open_elapsed[to, kept] = source.open_elapsed[row, index]
            kept += 1
    return kept


@inner
def fits(instance: Instance, shift: int, load: Ints) -> bool:
    """Whether some configuration of *shift* has room for *load*."""
    for row in range(instance.seats.shape[1]):
        enough = True
        for kind in range(instance.seats.shape[2]):
            if load[kind] > instance.seats[shift, row, kind]:
                enough = False
                break
        if enough:
            return True
    return False


@inner
def extend(  # noqa: C901 - one screen, and every branch is one rule
    instance: Instance, shift: int, source: States, row: int, target: States, to: int, node: int
) -> bool:
    """
    Walk on from state *row* of *source* to visit *node*, into state *to* of *target*.

    Both may be the same. Where the answer is False, state *to* is worth nothing. Whether the
    trip's earlier visits have happened is the caller's care, and so is *takes*.
    """
    here = source.node[row]
    leg = instance.dwell[here] + instance.drive[here, node]
    elapsed = source.elapsed[row] + leg
    bound = instance.latest[node]
    before, closing = instance.previous[node], -1
    if before >= 0:
        closing = source.aboard[row] - 1
        while source.open_visit[row, closing] != before:
            closing -= 1
        opened = source.open_elapsed[row, closing]
        if elapsed - opened > instance.span[node] + TOLERANCE:
            return False
        bound = min(bound, source.open_slack[row, closing] + opened + instance.span[node])
    begin, leave, busy = source.begin[row, 0], source.leave[row, 0], source.busy[row, 0]
    if begin + leg > bound + TOLERANCE:
        return False
    empty = source.aboard[row] == 0

    for kind in range(instance.load.shape[1]):
        target.load[to, kind] = source.load[row, kind] + instance.load[node, kind]
    if not fits(instance, shift, target.load[to]):
        return False
    if not _extend_ways(instance, shift, source, row, target, to, node, leg, bound):
        return False
    count = _copy_rides(source, row, target, to, closing)
    for index in range(count):
        target.open_slack[to, index] = min(target.open_slack[to, index], bound - elapsed)
    if instance.following[node] >= 0:
        target.open_visit[to, count] = node
        target.open_slack[to, count] = bound - elapsed
        target.open_elapsed[to, count] = elapsed
        count += 1
    target.aboard[to] = count
    target.node[to] = node
    target.elapsed[to] = elapsed
    target.bound[to] = bound
    if empty and instance.rest[shift, 2] > 0:
        _rest_before(instance, shift, target, to, here, node, begin, leave, busy)
    return True


@inner
def _extend_ways(
    instance: Instance,
    shift: int,
    source: States,
    row: int,
    target: States,
    to: int,
    node: int,
    leg: float,
    bound: float,
) -> bool:
    """Carry every way over to *node* without a break; False if way 0 does not get there."""
    longest = instance.longest[shift]
    kept = 0
    for way in range(source.ways[row]):
        begin = max(instance.earliest[node], source.begin[row, way] + leg)
        leave, busy = source.leave[row, way], source.busy[row, way]
        good = begin <= bound + TOLERANCE
        if longest < np.inf:
            busy += leg
            leave = min(leave, bound - busy)
            good = good and busy <= longest + TOLERANCE and begin <= leave + longest + TOLERANCE
        if good:
            target.begin[to, kept] = begin
            target.leave[to, kept] = leave
            target.busy[to, kept] = busy
            kept += 1
        elif way == 0:
            return False
    target.ways[to] = kept
    return True


@inner
def end_walk(instance: Instance, shift: int, states: States, row: int) -> bool:
    """
    Whether the bus, with nobody aboard any more, gets from state *row* to the end in time.

    A route without visits needs no break and no time; never ask for one.
    """
    if states.aboard[row] > 0:
        return False
    here = states.node[row]
    node = len(instance.trip) - len(instance.kind) + shift
    dwell, drive = instance.dwell[here], instance.drive[here, node]
    close, longest = instance.latest[node], instance.longest[shift]
    first, last, length = instance.rest[shift]
    for way in range(states.ways[row]):
        begin, leave, busy = states.begin[row, way], states.leave[row, way], states.busy[row, way]
        there = begin + dwell + drive
        if there > min(close, leave + longest) + TOLERANCE:
            continue
        if busy + dwell + drive > longest + TOLERANCE:
            continue
        if length == 0 or way > 0:
            return True
        rest = max(there, first)
        if rest <= last + TOLERANCE and rest + length <= close + TOLERANCE:
            return True
        if (
            max(begin + dwell, first) <= last + TOLERANCE
            and rest + length <= close + TOLERANCE
            and there <= min(leave, last - busy - dwell) + longest + TOLERANCE
        ):
            return True
    return False


@kernel
def walk(instance: Instance, shift: int, visits: Ints, states: States, row: int) -> bool:
    """
    Walk the whole route *visits*, all in state *row*; whether a schedule exists.

    Trip order is checked (a visit without its previous one fails); *takes* is not.
    """
    begin_walk(instance, shift, states, row)
    for visit in visits:
        before = instance.previous[visit]
        if before >= 0:
            found = False
            for index in range(states.aboard[row]):
                if states.open_visit[row, index] == before:
                    found = True
            if not found:
                return False
        if not extend(instance, shift, states, row, states, row, visit):
            return False
    return len(visits) == 0 or end_walk(instance, shift, states, row)


def feasible(instance: Instance, shift: int, visits: tuple[int, ...]) -> bool:
    """Whether *shift* can make the *visits* in this order, `takes` included."""
    trips = instance.trip[list(visits)]
    if not instance.takes[shift, trips].all():
        return False
    route = np.array(visits, dtype=np.int64)
    return bool(walk(instance, shift, route, make_states(instance, 1), 0))
