"""
All good routes seen: for each kind of shift and set of trips the cheapest order.

Hashed by 64-bit numbers; should two sets ever share one, the second is not remembered.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.optimizer.compiled import kernel
from scheduler.optimizer.instance import Instance
from scheduler.problem import Floats, Ints


class Pool(NamedTuple):
    """
    Routes one after the other; c routes and f visits at most.

    Parameters
    ----------
    key
        Shape ``(c,)``: number of the kind and the set of trips.
    kind, cost
        Shape ``(c,)``: kind of shift, and drive with what the trips count beside it.
    start
        Shape ``(c + 1,)``: route i has the visits ``visits[start[i] : start[i + 1]]``.
    visits
        Shape ``(f,)``.
    table
        Shape ``(power of two,)``: open hash table of route numbers, -1 where free.
    used
        Shape ``(1,)``: number of routes.
    trip_key
        Shape ``(t,)``: random number of each trip.
    """

    key: NDArray[np.uint64]
    kind: Ints
    cost: Floats
    start: Ints
    visits: NDArray[np.int32]
    table: NDArray[np.int32]
    used: Ints
    trip_key: NDArray[np.uint64]


def make_pool(instance: Instance, *, routes: int = 1 << 18) -> Pool:
    """An empty pool for *routes* routes, of 16 visits each on average."""
    trips = len(instance.trip_start) - 1
    # Fixed: it says nothing about the search, only where a route stands in the table.
    keys = np.random.default_rng(2027).integers(0, 2**64, size=trips, dtype=np.uint64)
    return Pool(
        key=np.zeros(routes, dtype=np.uint64),
        kind=np.zeros(routes, dtype=np.int64),
        cost=np.zeros(routes),
        start=np.zeros(routes + 1, dtype=np.int64),
        visits=np.zeros(16 * routes, dtype=np.int32),
        table=np.full(4 * routes, -1, dtype=np.int32),
        used=np.zeros(1, dtype=np.int64),
        trip_key=keys,
    )


@kernel
def remember(
    instance: Instance, pool: Pool, kind: int, nodes: Ints, length: int, cost: float
) -> bool:
    """
    Put the route ``nodes[1 : length + 1]`` in, or its better order; False if there is no room.
    """
    key = np.uint64(kind + 1) * np.uint64(0x9E3779B97F4A7C15)
    for index in range(1, length + 1):
        if instance.previous[nodes[index]] < 0:
            key += pool.trip_key[instance.trip[nodes[index]]]
    mask = np.uint64(len(pool.table) - 1)
    place = (key ^ (key >> np.uint64(29))) & mask
    while pool.table[place] >= 0:
        route = pool.table[place]
        if pool.key[route] == key:
            start = pool.start[route]
            if cost < pool.cost[route] and pool.start[route + 1] - start == length:
                pool.cost[route] = cost
                for index in range(length):
                    pool.visits[start + index] = nodes[index + 1]
            return True
        place = (place + np.uint64(1)) & mask
    route = pool.used[0]
    if route >= len(pool.key) or pool.start[route] + length > len(pool.visits):
        return False
    pool.table[place] = route
    pool.key[route] = key
    pool.kind[route] = kind
    pool.cost[route] = cost
    start = pool.start[route]
    for index in range(length):
        pool.visits[start + index] = nodes[index + 1]
    pool.start[route + 1] = start + length
    pool.used[0] = route + 1
    return True


def route_visits(pool: Pool, route: int) -> NDArray[np.int32]:
    """The visits of a route of *pool*, in order."""
    return pool.visits[pool.start[route] : pool.start[route + 1]]


def empty(pool: Pool) -> None:
    """Forget all routes."""
    pool.table[:] = -1
    pool.used[0] = 0


def keep_only(instance: Instance, pool: Pool, routes: Ints) -> None:
    """Forget all routes but *routes* (ascending)."""
    kept = [(int(pool.kind[i]), route_visits(pool, i).copy(), float(pool.cost[i])) for i in routes]
    empty(pool)
    for kind, visits, cost in kept:
        nodes = np.concatenate([[0], visits]).astype(np.int64)
        remember(instance, pool, kind, nodes, len(visits), cost)
