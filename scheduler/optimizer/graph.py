"""
One kind of shift as a graph: which visit may follow which, and within which windows.

Shifts of one kind are interchangeable. Windows and arcs are tightened here as far as two trips
alone allow, so that the labelling sees as little as possible.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.alternatives import as_words
from scheduler.optimizer.compiled import inner, kernel
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.optimizer.labels import Words
from scheduler.problem import Bools, Floats, Ints

# All orders of two trips are tried if they have so many visits together: then there are up to 70.
LONGEST_PAIR = 8


class Graph(NamedTuple):
    """
    Visits ``0 .. v-1``; the start of the shift is node v.

    Shapes: ``drive (v+1, v)`` seconds from node to visit, ``home (v+1,)`` seconds from node to
    the end of the shift, ``earliest, latest, dwell (v+1,)`` (dwell 0 at the start), ``trip,
    previous, following (v,)`` with -1 for none, ``span (v,)`` the most time from the begin of
    the previous visit to the begin of this one, ``load (v, k)``, ``seats (c, k)``, ``arc (v+1,
    v)``, ``pickup (t,)`` first visit of a trip or -1 where this kind of shift cannot take it,
    ``extra (t,)`` what a trip counts beside driving on this kind of shift,
    ``hours (3,)`` earliest departure, latest return, longest duration (infinite where the
    hours already see to it), ``rest (3,)`` earliest and latest begin and length of the break,
    ``rivals (t, words)`` as bits the trips that never go with a trip, ``shortcuts (1,)`` whether
    a route stays one when a trip is left out (then no arc may be missing that would be feasible).

    Lists, for the sake of speed: the trips ``next_trip[next_start[i] : next_start[i + 1]]`` may
    begin right after node i; ``past (v+1, words)`` as bits those that are too late after it in
    any case, and ``late_trip[late_start[i] : late_start[i + 1]]`` those that may be.
    """

    drive: Floats
    home: Floats
    earliest: Floats
    latest: Floats
    dwell: Floats
    trip: Ints
    previous: Ints
    following: Ints
    span: Floats
    load: Ints
    seats: Ints
    arc: Bools
    pickup: Ints
    extra: Floats
    hours: Floats
    rest: Floats
    rivals: Words
    shortcuts: Bools
    next_start: Ints
    next_trip: Ints
    past: Words
    late_start: Ints
    late_trip: Ints


def shift_graph(instance: Instance, shift: int, never: Bools) -> Graph:
    """
    Build the graph of one shift, tightened; shifts of one kind have equal graphs.

    *never* ``(t, t)`` says which trips never go together.
    """
    shifts = len(instance.kind)
    visits = len(instance.trip) - 2 * shifts
    start, end = visits + shift, visits + shifts + shift
    rows = np.append(np.arange(visits), start)
    first = instance.trip_start[:-1]
    graph = Graph(
        drive=np.ascontiguousarray(instance.drive[rows, :visits]),
        home=np.ascontiguousarray(instance.drive[rows, end]),
        earliest=instance.earliest[rows],
        latest=instance.latest[rows],
        dwell=instance.dwell[rows],
        trip=instance.trip[:visits].copy(),
        previous=instance.previous[:visits].copy(),
        following=instance.following[:visits].copy(),
        span=instance.span[:visits].copy(),
        load=np.ascontiguousarray(instance.load[:visits]),
        seats=np.ascontiguousarray(instance.seats[shift]),
        arc=np.ones((visits + 1, visits), np.bool_),
        pickup=np.where(instance.takes[shift], first, -1),
        extra=instance.extra[shift].copy(),
        hours=np.array([instance.earliest[start], instance.latest[end], instance.longest[shift]]),
        rest=instance.rest[shift].copy(),
        rivals=as_words(never),
        shortcuts=np.ones(1, np.bool_),
        next_start=np.zeros(0, np.int64),
        next_trip=np.zeros(0, np.int64),
        past=np.zeros((0, 1), np.uint64),
        late_start=np.zeros(0, np.int64),
        late_trip=np.zeros(0, np.int64),
    )
    _tighten(graph)
    _cut_arcs(graph)
    return listed(graph)


def listed(graph: Graph) -> Graph:
    """Make the lists of *graph* anew, after its arcs or pickups have changed."""
    trips = np.flatnonzero(graph.pickup >= 0)
    first = graph.pickup[trips]
    follows = np.zeros((len(graph.arc), len(graph.pickup)), np.bool_)
    follows[:, trips] = graph.arc[:, first]
    drive = graph.dwell[:, None] + graph.drive[:, first]
    past, late = np.ones_like(follows), np.zeros_like(follows)
    past[:, trips] = graph.earliest[:, None] + drive > graph.latest[first] + TOLERANCE
    late[:, trips] = graph.latest[:, None] + drive > graph.latest[first] + TOLERANCE
    next_start, next_trip = _lists(follows)
    late_start, late_trip = _lists(late & ~past)
    return graph._replace(
        next_start=next_start,
        next_trip=next_trip,
        past=as_words(past),
        late_start=late_start,
        late_trip=late_trip,
    )


def _lists(flags: Bools) -> tuple[Ints, Ints]:
    """The columns that are set in each row of *flags*, one row after the other."""
    row, column = np.nonzero(flags)
    counts = np.bincount(row, minlength=len(flags))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), column.astype(np.int64)


@kernel
def _tighten(g: Graph) -> None:
    """Shrink the windows of each trip until drives, rides and the shift's hours agree."""
    v = len(g.trip)
    for t in range(len(g.pickup)):
        if g.pickup[t] < 0:
            continue
        changed = True
        while changed:
            changed = False
            j = g.pickup[t]
            while j >= 0:
                early = max(g.earliest[j], g.hours[0] + g.drive[v, j])
                late = min(g.latest[j], g.hours[1] - g.dwell[j] - g.home[j])
                p, n = g.previous[j], g.following[j]
                if p >= 0:
                    early = max(early, g.earliest[p] + g.dwell[p] + g.drive[p, j])
                    late = min(late, g.latest[p] + g.span[j])
                if n >= 0:
                    early = max(early, g.earliest[n] - g.span[n])
                    late = min(late, g.latest[n] - g.dwell[j] - g.drive[j, n])
                    if g.dwell[j] + g.drive[j, n] > g.span[n] + TOLERANCE:
                        late = early - 1.0
                if early > g.earliest[j] + TOLERANCE or late < g.latest[j] - TOLERANCE:
                    changed = True
                    g.earliest[j], g.latest[j] = early, late
                if early > late + TOLERANCE:
                    g.pickup[t] = -1
                    changed = False
                    break
                j = n


def _cut_arcs(graph: Graph) -> None:
    """
    Keep an arc only if some order of its two trips alone, with it, is feasible.

    Enough by the triangle inequality: leaving out everybody else makes nothing infeasible.
    """
    visits = len(graph.trip)
    graph.arc[:] = False
    served = graph.pickup[graph.trip] >= 0
    graph.arc[visits] = served & (graph.previous < 0)
    sizes = np.bincount(graph.trip, minlength=len(graph.pickup))
    most = 2 * int(sizes.max(initial=0))
    order, load = np.zeros(most, np.int64), np.zeros(graph.load.shape[1], np.int64)
    _mark_pairs(graph, LONGEST_PAIR, order, np.zeros(most), np.zeros(most), load)


@kernel
def _mark_pairs(g: Graph, longest: int, order: Ints, low: Floats, high: Floats, load: Ints) -> None:
    """Mark the arcs of all pairs of trips, exactly up to *longest* visits; arrays are scratch."""
    trips = len(g.pickup)
    for a in range(trips):
        if g.pickup[a] >= 0:
            for b in range(a, trips):
                if g.pickup[b] < 0:
                    continue
                if _trip_size(g, a) + _trip_size(g, b) <= longest:
                    _mark_orders(g, a, b, order, low, high, load)
                else:
                    _mark_likely(g, a, b)
                    _mark_likely(g, b, a)


@inner
def _mark_likely(g: Graph, a: int, b: int) -> None:
    """Mark the arcs from trip a to trip b that their windows allow: quicker, and never too few."""
    i = g.pickup[a]
    while i >= 0:
        j = g.pickup[b]
        while j >= 0:
            drive = g.dwell[i] + g.drive[i, j]
            if (a != b or g.previous[j] == i) and g.earliest[i] + drive <= g.latest[j] + TOLERANCE:
                g.arc[i, j] = True
            j = g.following[j]
        i = g.following[i]


@inner
def _mark_orders(
    g: Graph, a: int, b: int, order: Ints, low: Floats, high: Floats, load: Ints
) -> None:
    """Walk all interleavings of trips a and b; mark the arcs of the feasible ones."""
    size_a = _trip_size(g, a)
    size_b = _trip_size(g, b) if a != b else 0
    size = size_a + size_b
    for mask in range(1 << size):
        ones, na, nb = 0, g.pickup[a], g.pickup[b]
        for k in range(size):
            ones += (mask >> k) & 1
        if ones != size_b:
            continue
        for k in range(size):
            if (mask >> k) & 1:
                order[k], nb = nb, g.following[nb]
            else:
                order[k], na = na, g.following[na]
        if _pair_feasible(g, order, size, low, high, load):
            for k in range(size - 1):
                g.arc[order[k], order[k + 1]] = True


@inner
def _trip_size(g: Graph, t: int) -> int:
    """Count the visits of a trip."""
    j, size = g.pickup[t], 0
    while j >= 0:
        size += 1
        j = g.following[j]
    return size


@inner
def _pair_feasible(g: Graph, order: Ints, size: int, low: Floats, high: Floats, load: Ints) -> bool:
    """Whether visits in this order can keep windows, rides and load (no break, no depot)."""
    load[:] = 0
    for k in range(size):
        for kind in range(len(load)):
            load[kind] += g.load[order[k], kind]
        if not holds(g.seats, load):
            return False
        low[k], high[k] = g.earliest[order[k]], g.latest[order[k]]
    # Lower and upper times to a fixpoint: Bellman-Ford on a handful of constraints.
    for _ in range(size + 1):
        _narrow(g, order, size, low, high)
        for k in range(size):
            if low[k] > high[k] + TOLERANCE:
                return False
    return True


@inner
def _narrow(g: Graph, order: Ints, size: int, low: Floats, high: Floats) -> None:
    """Pass every constraint once, forth and back."""
    for k in range(1, size):
        drive = g.dwell[order[k - 1]] + g.drive[order[k - 1], order[k]]
        low[k] = max(low[k], low[k - 1] + drive)
    for k in range(size - 2, -1, -1):
        drive = g.dwell[order[k]] + g.drive[order[k], order[k + 1]]
        high[k] = min(high[k], high[k + 1] - drive)
    for k in range(size):
        before, driven = g.previous[order[k]], 0.0
        for m in range(k - 1, -1, -1):
            driven += g.dwell[order[m]] + g.drive[order[m], order[m + 1]]
            if order[m] == before:
                if driven > g.span[order[k]] + TOLERANCE:
                    high[k] = -np.inf
                high[k] = min(high[k], high[m] + g.span[order[k]])
                low[m] = max(low[m], low[k] - g.span[order[k]])


@inner
def holds(seats: Ints, load: Ints) -> bool:
    """Whether some arrangement of the seats (rows of *seats*) has places for *load*."""
    for row in range(len(seats)):
        fits = True
        for kind in range(len(load)):
            if load[kind] > seats[row, kind]:
                fits = False
                break
        if fits:
            return True
    return False
