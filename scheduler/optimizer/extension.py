"""
Extending a label by one visit: times, rides, room, trips that are gone, and what it costs.

The reduced cost of a route is its drive and what its trips count beside it, less what they earn,
plus what the shift and the subset-row cuts cost. A trip earns, and counts, at its pickup.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.compiled import inner
from scheduler.optimizer.graph import Graph, holds
from scheduler.optimizer.instance import TOLERANCE
from scheduler.optimizer.labels import NONE, Labels, Words
from scheduler.problem import Floats, Ints

# The break before a visit: none, upon arrival there, or (at the start) before leaving.
NO_REST, UPON_ARRIVAL, BEFORE_LEAVING = 0, 1, 2


class Prices(NamedTuple):
    """
    What a route is charged, from the duals of the master problem.

    ``fixed (1,)`` for the shift itself; ``trip (t,)`` what serving a trip earns; ``cut (c,)``
    what each subset-row cut costs (not negative); ``cuts_of_start (t + 1,), cuts_of (m,)`` the
    cuts that a trip stands in; ``cut_trips (c, words)`` the trips of a cut, as bits.
    """

    fixed: Floats
    trip: Floats
    cut: Floats
    cuts_of_start: Ints
    cuts_of: Ints
    cut_trips: Words


@inner
def put_start(g: Graph, prices: Prices, labels: Labels) -> None:
    """Put the bus at its start, empty."""
    labels.node[0] = len(g.trip)
    labels.parent[0] = NONE
    labels.rides[0] = 0
    labels.cost[0] = prices.fixed[0]
    labels.time[0] = g.hours[0]
    labels.rested[0] = g.rest[2] == 0.0
    labels.alive[0] = True
    labels.route[0, 0] = 0.0
    labels.route[0, 1] = np.inf
    labels.load[0, :] = 0
    labels.gone[0, :] = 0
    labels.parity[0, :] = 0
    for t in range(len(g.pickup)):
        if g.pickup[t] < 0:
            labels.gone[0, t >> 6] |= np.uint64(1) << np.uint64(t & 63)
    labels.counts[0] = 1


@inner
def gets_home(g: Graph, labels: Labels, label: int) -> bool:
    """Whether the empty bus can end its shift from here, with its break."""
    node = labels.node[label]
    done = labels.time[label] + g.dwell[node]
    driven = labels.route[label, 0] + g.dwell[node]
    if labels.rested[label]:
        return _is_home(g, labels, label, done + g.home[node], driven + g.home[node], np.inf)
    rest = max(done + g.home[node], g.rest[0])
    if max(done, g.rest[0]) > g.rest[1] + TOLERANCE or rest + g.rest[2] > g.hours[1] + TOLERANCE:
        return False
    begun = np.inf if rest <= g.rest[1] + TOLERANCE else g.rest[1] - driven
    return _is_home(g, labels, label, done + g.home[node], driven + g.home[node], begun)


@inner
def _is_home(
    g: Graph, labels: Labels, label: int, back: float, driven: float, begun: float
) -> bool:
    """Whether a return at *back*, *driven* after a departure by *begun*, keeps the hours."""
    if back > g.hours[1] + TOLERANCE:
        return False
    if np.isinf(g.hours[2]):
        return True
    begun = min(begun, labels.route[label, 1])
    in_time = driven <= g.hours[2] + TOLERANCE and back <= begun + g.hours[2] + TOLERANCE
    return bool(in_time)


@inner
def _arrival(g: Graph, done: float, drive: float, rest: int) -> float:
    """
    When the empty bus that is ready at *done* can begin at the next stop, its break behind it.

    Infinite if the break comes too late: the bus must set off before the window closes.
    """
    if rest == NO_REST:
        return done + drive
    if max(done, g.rest[0]) > g.rest[1] + TOLERANCE:
        return np.inf
    if rest == BEFORE_LEAVING:
        return float(max(done, g.rest[0]) + g.rest[2] + drive)
    return float(max(done + drive, g.rest[0]) + g.rest[2])


@inner
def extend(g: Graph, prices: Prices, labels: Labels, label: int, j: int, rest: int) -> bool:
    """Write the label that visits j next into the first free row, if that is feasible."""
    new = labels.counts[0]
    i = labels.node[label]
    step = g.dwell[i] + g.drive[i, j]
    arrival = _arrival(g, labels.time[label] + g.dwell[i], g.drive[i, j], rest)
    begin = max(g.earliest[j], arrival)
    latest = _latest_begin(g, labels, label, j, step)
    if begin > latest + TOLERANCE or not _keeps_promises(g, labels, label, j, begin, step):
        return False
    for kind in range(labels.load.shape[1]):
        labels.load[new, kind] = labels.load[label, kind] + g.load[j, kind]
    labels.node[new] = j
    labels.parent[new] = label
    labels.time[new] = begin
    labels.rested[new] = labels.rested[label] or rest != NO_REST
    labels.alive[new] = True
    labels.cost[new] = labels.cost[label] + g.drive[i, j]
    if not (
        holds(g.seats, labels.load[new])
        and _carry_rides(g, labels, label, j, step, latest)
        and _carry_route(g, labels, label, j, latest, rest)
        and _can_finish(g, labels, new)
    ):
        return False
    _carry_trips(g, labels, label, j)
    if g.previous[j] < 0:
        labels.cost[new] += g.extra[g.trip[j]] - prices.trip[g.trip[j]]
    _pay_cuts(g, prices, labels, label, j)
    return True


@inner
def _latest_begin(g: Graph, labels: Labels, label: int, j: int, step: float) -> float:
    """Latest begin at j that its window and the ride that ends there allow; else -infinite."""
    latest = g.latest[j]
    if g.previous[j] >= 0:
        for k in range(labels.rides[label]):
            if labels.due[label, k] == j:
                latest = min(latest, labels.begun[label, k] + g.span[j])
                if labels.driven[label, k] + step > g.span[j] + TOLERANCE:
                    latest = -np.inf
    return float(latest)


@inner
def _carry_rides(g: Graph, labels: Labels, label: int, j: int, step: float, latest: float) -> bool:
    """Take over the rides under way: end the one that ends at j, begin the one that begins."""
    new, n = labels.counts[0], 0
    begins = g.following[j]
    for k in range(labels.rides[label]):
        due = labels.due[label, k]
        if due == j:
            continue
        if begins >= 0 and begins < due:
            _put_ride(g, labels, new, n, begins, 0.0, latest)
            n, begins = n + 1, -1
        driven = labels.driven[label, k] + step
        begun = min(labels.begun[label, k], latest - driven)
        _put_ride(g, labels, new, n, due, driven, begun)
        n += 1
    if begins >= 0:
        if n >= labels.due.shape[1]:
            return False
        _put_ride(g, labels, new, n, begins, 0.0, latest)
        n += 1
    labels.rides[new] = n
    return True


@inner
def _put_ride(
    g: Graph, labels: Labels, new: int, k: int, due: int, driven: float, begun: float
) -> None:
    """Write one ride; its latest begin matters only as far as the window where it ends."""
    span = g.span[due]
    labels.due[new, k] = due
    labels.driven[new, k] = driven
    labels.begun[new, k] = min(begun, g.latest[due] - span)


@inner
def _carry_route(g: Graph, labels: Labels, label: int, j: int, latest: float, rest: int) -> bool:
    """The route's own duration, where it is limited: like a ride from the start."""
    new = labels.counts[0]
    if np.isinf(g.hours[2]):
        labels.route[new, 0] = 0.0
        labels.route[new, 1] = np.inf
        return True
    i = labels.node[label]
    driven = labels.route[label, 0] + g.dwell[i]
    begun = labels.route[label, 1]
    if rest == UPON_ARRIVAL:
        begun = min(begun, g.rest[1] - driven)
        driven += g.rest[2]
    driven += g.drive[i, j]
    begun = min(begun, latest - driven)
    labels.route[new, 0] = driven
    labels.route[new, 1] = begun
    home = g.dwell[j] + g.home[j]
    in_time = driven + home <= g.hours[2] + TOLERANCE
    return bool(in_time and labels.time[new] + home <= begun + g.hours[2] + TOLERANCE)


@inner
def _can_finish(g: Graph, labels: Labels, label: int) -> bool:
    """Whether each ride under way, and each pair of them, can still end in time."""
    node = labels.node[label]
    done = labels.time[label] + g.dwell[node]
    for k in range(labels.rides[label]):
        drive = g.drive[node, labels.due[label, k]]
        if not _ends_in_time(g, labels, label, k, done + drive, g.dwell[node] + drive):
            return False
    for k in range(labels.rides[label]):
        for m in range(k + 1, labels.rides[label]):
            if not _ends_after(g, labels, label, k, m) and not _ends_after(g, labels, label, m, k):
                return False
    return True


@inner
def _keeps_promises(
    g: Graph, labels: Labels, label: int, j: int, begin: float, step: float
) -> bool:
    """Whether all others aboard can still end their ride in time if j comes first: a quick look."""
    done = begin + g.dwell[j]
    for k in range(labels.rides[label]):
        due = labels.due[label, k]
        onward = g.drive[j, due]
        if due != j and not _ends_in_time(
            g, labels, label, k, done + onward, step + g.dwell[j] + onward
        ):
            return False
    return True


@inner
def _ends_after(g: Graph, labels: Labels, label: int, k: int, m: int) -> bool:
    """Whether ride m can end in time if ride k ends before it."""
    node, first, second = labels.node[label], labels.due[label, k], labels.due[label, m]
    begin = max(labels.time[label] + g.dwell[node] + g.drive[node, first], g.earliest[first])
    onward = g.dwell[first] + g.drive[first, second]
    driven = g.dwell[node] + g.drive[node, first] + onward
    return _ends_in_time(g, labels, label, m, begin + onward, driven)


@inner
def _ends_in_time(
    g: Graph, labels: Labels, label: int, k: int, arrival: float, driven: float
) -> bool:
    """Whether ride k may end at *arrival*, after *driven* more seconds without waiting."""
    due = labels.due[label, k]
    span = g.span[due]
    latest = min(g.latest[due], labels.begun[label, k] + span)
    in_time = labels.driven[label, k] + driven <= span + TOLERANCE
    return bool(in_time and arrival <= latest + TOLERANCE)


@inner
def _carry_trips(g: Graph, labels: Labels, label: int, j: int) -> None:
    """Mark the trips that can no longer be picked up: taken already, or too late."""
    new = labels.counts[0]
    for w in range(labels.gone.shape[1]):
        labels.gone[new, w] = labels.gone[label, w] | g.past[j, w]
    if g.previous[j] < 0:
        t = g.trip[j]
        labels.gone[new, t >> 6] |= np.uint64(1) << np.uint64(t & 63)
        for w in range(labels.gone.shape[1]):
            labels.gone[new, w] |= g.rivals[t, w]
    done = labels.time[new] + g.dwell[j]
    for k in range(g.late_start[j], g.late_start[j + 1]):
        t = g.late_trip[k]
        p = g.pickup[t]
        if done + g.drive[j, p] > g.latest[p] + TOLERANCE:
            labels.gone[new, t >> 6] |= np.uint64(1) << np.uint64(t & 63)


@inner
def _pay_cuts(g: Graph, prices: Prices, labels: Labels, label: int, j: int) -> None:
    """Pay for each cut at every second of its trips; forget parities that cannot matter."""
    new = labels.counts[0]
    for w in range(labels.parity.shape[1]):
        labels.parity[new, w] = labels.parity[label, w]
    if g.previous[j] < 0:
        t = g.trip[j]
        for k in range(prices.cuts_of_start[t], prices.cuts_of_start[t + 1]):
            c = prices.cuts_of[k]
            bit = np.uint64(1) << np.uint64(c & 63)
            if labels.parity[new, c >> 6] & bit:
                labels.cost[new] += prices.cut[c]
            labels.parity[new, c >> 6] ^= bit
    for w in range(labels.parity.shape[1]):
        odd, c = labels.parity[new, w], 64 * w
        while odd:
            if odd & np.uint64(1) and _is_settled(prices, labels, new, c):
                labels.parity[new, w] ^= np.uint64(1) << np.uint64(c & 63)
            odd >>= np.uint64(1)
            c += 1


@inner
def _is_settled(prices: Prices, labels: Labels, label: int, cut: int) -> bool:
    """Whether none of the cut's trips can be picked up any more."""
    for w in range(labels.gone.shape[1]):
        if prices.cut_trips[cut, w] & ~labels.gone[label, w]:
            return False
    return True
