"""
Subset-row cuts: of any three trips, at most one chosen route serves two or more.

Three routes at one half each, each with two of the three trips, satisfy the rows of the master
and can never be a plan (Jepsen, Petersen, Spoorendonk & Pisinger 2008).
"""

import numpy as np

from scheduler.optimizer.compiled import inner, kernel
from scheduler.problem import Bools, Floats, Ints

# Room for so many broken triples, at first; rarely there are more.
ROOM = 4096


def violated_triples(
    serves: Bools, values: Floats, *, most: int, per_trip: int, least: float = 0.02
) -> list[tuple[int, int, int]]:
    """
    Find the triples of trips whose cut is broken most, by more than *least*.

    Parameters
    ----------
    serves, values
        Shapes ``(columns, t)`` and ``(columns,)``: the fractional routes and their values.
    most, per_trip
        How many cuts at most, and in how many of them one trip may stand.
    """
    serves, values = np.ascontiguousarray(serves), np.ascontiguousarray(values)
    room = ROOM
    while True:
        together = np.zeros((serves.shape[1], serves.shape[1]))
        triples, excess = np.zeros((room, 3), np.int64), np.zeros(room)
        count = _broken(serves, values, least, together, triples, excess)
        if count <= room:
            break
        room = count
    triples, excess = triples[:count], excess[:count]
    uses = np.zeros(serves.shape[1], np.int64)
    chosen: list[tuple[int, int, int]] = []
    for index in np.argsort(-excess, kind="stable"):
        if len(chosen) == most:
            break
        triple = triples[index]
        if uses[triple].max() < per_trip:
            uses[triple] += 1
            chosen.append((int(triple[0]), int(triple[1]), int(triple[2])))
    return chosen


@kernel
def _broken(
    serves: Bools, values: Floats, least: float, together: Floats, triples: Ints, excess: Floats
) -> int:
    """
    Fill *triples* ``(m, 3)`` and *excess* ``(m,)`` with what is broken; return how many.

    More than fit are counted, not kept. *together* ``(t, t)`` is scratch, all zero.
    """
    columns, trips = serves.shape
    for c in range(columns):
        _add_pairs(serves[c], values[c], together)
    count = 0
    for a in range(trips):
        for b in range(a + 1, trips):
            for d in range(b + 1, trips):
                total = together[a, b] + together[a, d] + together[b, d]
                if total <= 1.0 + least:
                    continue
                for c in range(columns):
                    # A route with all three stands in three pairs.
                    if serves[c, a] and serves[c, b] and serves[c, d]:
                        total -= 2.0 * values[c]
                if total > 1.0 + least:
                    if count < len(triples):
                        triples[count, 0], triples[count, 1], triples[count, 2] = a, b, d
                        excess[count] = total - 1.0
                    count += 1
    return count


@inner
def _add_pairs(served: Bools, value: float, together: Floats) -> None:
    """Add *value* for each pair of trips that one route serves."""
    for a in range(len(served)):
        if served[a]:
            for b in range(a + 1, len(served)):
                if served[b]:
                    together[a, b] += value
