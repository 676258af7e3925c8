"""
Where partial routes ("labels") are kept while routes are priced.

A label is a row in a set of arrays. The ride limit is exact although departure times stay
open (Gschwind & Irnich 2015): for each ride that is under way a label keeps the drive so far
without waiting and the latest begin of that ride that all later windows still allow.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.compiled import inner
from scheduler.problem import Bools, Floats, Ints

Words = np.typing.NDArray[np.uint64]

NONE = -1


class Labels(NamedTuple):
    """
    Arrays of n labels with at most s rides under way, t trips, c cuts and b time buckets.

    Shapes: ``node, parent, rides, next_in_group, next_in_bucket (n,)``; ``cost`` reduced cost,
    ``time`` earliest begin of service, ``(n,)``; ``load (n, k)``; ``rested, alive (n,)``;
    ``due (n, s)`` the visit that ends a ride, ascending; ``driven, begun (n, s)`` drive so far
    without waiting and latest begin; ``route (n, 2)`` the same two of the route itself, for
    its longest duration; ``gone (n, words)`` trips that can no longer be picked up;
    ``parity (n, words)`` cuts that have an odd number of their trips in the label; ``group_*``
    a hash table of (node, rides under way); ``bucket_head, bucket_tail (b,)``; ``counts (3,)``
    labels, groups, labels that were ever dominated.
    """

    node: Ints
    parent: Ints
    rides: Ints
    next_in_group: Ints
    next_in_bucket: Ints
    cost: Floats
    time: Floats
    load: Ints
    rested: Bools
    alive: Bools
    due: Ints
    driven: Floats
    begun: Floats
    route: Floats
    gone: Words
    parity: Words
    group_slot: Ints
    group_first: Ints
    group_next: Ints
    group_key: Ints
    bucket_head: Ints
    bucket_tail: Ints
    counts: Ints


def new_labels(*, size: int, rides: int, trips: int, kinds: int, cuts: int, buckets: int) -> Labels:
    """Allocate room for *size* labels; the memory is touched only where it is used."""
    words = max(1, -(-trips // 64))
    slots = 1 << max(10, (size // 4).bit_length())
    return Labels(
        node=np.empty(size, np.int64),
        parent=np.empty(size, np.int64),
        rides=np.empty(size, np.int64),
        next_in_group=np.empty(size, np.int64),
        next_in_bucket=np.empty(size, np.int64),
        cost=np.empty(size),
        time=np.empty(size),
        load=np.empty((size, kinds), np.int64),
        rested=np.empty(size, np.bool_),
        alive=np.empty(size, np.bool_),
        due=np.empty((size, rides), np.int64),
        driven=np.empty((size, rides)),
        begun=np.empty((size, rides)),
        route=np.empty((size, 2)),
        gone=np.empty((size, words), np.uint64),
        parity=np.empty((size, max(1, -(-cuts // 64))), np.uint64),
        group_slot=np.full(slots, NONE, np.int64),
        group_first=np.empty(size, np.int64),
        group_next=np.empty(size, np.int64),
        group_key=np.empty(size, np.int64),
        bucket_head=np.full(buckets, NONE, np.int64),
        bucket_tail=np.full(buckets, NONE, np.int64),
        counts=np.zeros(3, np.int64),
    )


@inner
def clear(labels: Labels) -> None:
    """Forget all labels."""
    labels.group_slot[:] = NONE
    labels.bucket_head[:] = NONE
    labels.bucket_tail[:] = NONE
    labels.counts[:] = 0


@inner
def find_group(labels: Labels, label: int) -> int:
    """Find or make the group of labels at the same node with the same rides under way."""
    mask = len(labels.group_slot) - 1
    key = labels.node[label] + 1
    for k in range(labels.rides[label]):
        key = (key * 1_000_003) ^ (labels.due[label, k] + 7)
    slot = (key ^ (key >> 17)) & mask
    group = labels.group_slot[slot]
    while group != NONE:
        other = labels.group_key[group]
        if _same_state(labels, label, other):
            return int(group)
        group = labels.group_next[group]
    group = labels.counts[1]
    labels.counts[1] += 1
    labels.group_key[group] = label
    labels.group_first[group] = NONE
    labels.group_next[group] = labels.group_slot[slot]
    labels.group_slot[slot] = group
    return int(group)


@inner
def _same_state(labels: Labels, a: int, b: int) -> bool:
    """Whether two labels stand at one node with the same rides under way."""
    if labels.node[a] != labels.node[b] or labels.rides[a] != labels.rides[b]:
        return False
    same = True
    for k in range(labels.rides[a]):
        same &= labels.due[a, k] == labels.due[b, k]
    return same


@inner
def enqueue(labels: Labels, label: int, bucket: int) -> None:
    """Put a label at the end of the queue of its time bucket."""
    labels.next_in_bucket[label] = NONE
    if labels.bucket_head[bucket] == NONE:
        labels.bucket_head[bucket] = label
    else:
        labels.next_in_bucket[labels.bucket_tail[bucket]] = label
    labels.bucket_tail[bucket] = label
