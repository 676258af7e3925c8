"""Seat configurations for a library that knows limits on sums of loads only."""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

from scheduler.problem import Ints


def limits_of(seats: Ints) -> Iterator[tuple[int, ...]]:
    """Weights of the kinds of load: each kind by itself, and what two configurations trade off."""
    kinds = seats.shape[2]
    yield from (tuple(row) for row in np.eye(kinds, dtype=np.int64).tolist())
    if kinds != 2:
        return
    found: dict[tuple[int, int], None] = {}
    for rows in seats:
        for one, other in combinations(rows.tolist(), 2):
            more, less = one[0] - other[0], other[1] - one[1]
            if more * less > 0:
                shrink = int(np.gcd(more, less))
                found[abs(less) // shrink, abs(more) // shrink] = None
    yield from found


def table_of(seats: Ints, limits: Ints, rooms: Ints) -> list[tuple[int, ...]] | None:
    """What fits, as rows (shift, loads...), -1 for none; ``None`` if the *limits* say it all."""
    exact = True
    rows: list[tuple[int, ...]] = []
    everything = product(*(range(int(most) + 1) for most in seats.max(axis=(0, 1))))
    loads = np.array(list(everything))
    rows += [(-1, *load) for load in loads.tolist()]
    for shift, configurations in enumerate(seats):
        fits = (loads[:, None, :] <= configurations[None]).all(axis=2).any(axis=1)
        within = (loads @ limits.T <= rooms[shift]).all(axis=1)
        exact = exact and bool((fits == within).all())
        rows += [(shift, *load) for load in loads[fits].tolist()]
    return None if exact else rows
