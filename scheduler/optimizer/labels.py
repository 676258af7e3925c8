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
# Groups at one node whose rides under way are compared with each other.
MOST_RELATED = 200


class Labels(NamedTuple):
    """
    Arrays of n labels with at most s rides under way, t trips, c cuts and b time buckets.

    Shapes: ``node, parent, rides, next_in_group, next_in_bucket (n,)``; ``cost`` reduced cost,
    ``time`` earliest begin of service, ``(n,)``; ``load (n, k)``; ``rested, alive (n,)``;
    ``due (n, s)`` the visit that ends a ride, ascending; ``driven, begun (n, s)`` drive so far
    without waiting and latest begin; ``route (n, 2)`` the same two of the route itself, for
    its longest duration; ``gone (n, words)`` trips that can no longer be picked up;
    ``parity (n, words)`` cuts that have an odd number of their trips in the label; ``group_*``
    the groups of labels that agree in node and rides under way, ``link_*`` which groups have
    some of the rides of a group (a list from ``group_fewer``), ``node_*`` the groups of a node;
    ``bucket_head, bucket_tail (b,)``; ``counts (4,)`` labels, groups, labels that were ever
    dominated, links.
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
    group_sort: Ints
    group_fewer: Ints
    node_slot: Ints
    node_next: Ints
    node_groups: Ints
    link_group: Ints
    link_next: Ints
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
        group_sort=np.empty(size, np.int64),
        group_fewer=np.empty(size, np.int64),
        node_slot=np.full(1024, NONE, np.int64),
        node_next=np.empty(size, np.int64),
        node_groups=np.zeros(1024, np.int64),
        link_group=np.empty(4 * size, np.int64),
        link_next=np.empty(4 * size, np.int64),
        bucket_head=np.full(buckets, NONE, np.int64),
        bucket_tail=np.full(buckets, NONE, np.int64),
        counts=np.zeros(4, np.int64),
    )


@inner
def clear(labels: Labels) -> None:
    """Forget all labels."""
    labels.group_slot[:] = NONE
    labels.node_slot[:] = NONE
    labels.node_groups[:] = 0
    labels.bucket_head[:] = NONE
    labels.bucket_tail[:] = NONE
    labels.counts[:] = 0


@inner
def find_group(labels: Labels, label: int, sorts: int) -> int:
    """
    Find the group of labels at the same node with the same rides under way, if there is one.

    With *sorts* above 0, rides count as the same if there are as many and of the same of so
    many sorts.
    """
    key = _key(labels, label, sorts)
    group = labels.group_slot[(key ^ (key >> 17)) & (len(labels.group_slot) - 1)]
    while group != NONE:
        other = labels.group_key[group]
        if labels.group_sort[group] == key and (sorts > 0 or _same_state(labels, label, other)):
            return int(group)
        group = labels.group_next[group]
    return NONE


@inner
def add_group(labels: Labels, label: int, sorts: int) -> int:
    """Make the group of a label that is going to be kept; there must not be one yet."""
    key = _key(labels, label, sorts)
    slot = (key ^ (key >> 17)) & (len(labels.group_slot) - 1)
    group = labels.counts[1]
    labels.counts[1] += 1
    labels.group_key[group], labels.group_sort[group] = label, key
    labels.group_first[group] = NONE
    labels.group_next[group] = labels.group_slot[slot]
    labels.group_slot[slot] = group
    labels.group_fewer[group] = NONE
    if sorts == 0:
        _relate(labels, group)
    return int(group)


@inner
def _key(labels: Labels, label: int, sorts: int) -> int:
    """A number that labels of one group share, and few others."""
    rides = 0
    for k in range(labels.rides[label]):
        rides = (rides * 1_000_003) ^ (labels.due[label, k] + 7)
    sort = rides if sorts == 0 else (rides >> 5) % sorts
    return int(((labels.node[label] + 1) * 1_000_003 + labels.rides[label]) * 1_000_003 ^ sort)


@inner
def _same_state(labels: Labels, a: int, b: int) -> bool:
    """Whether two labels stand at one node with the same rides under way."""
    return labels.rides[a] == labels.rides[b] and rides_within(labels, a, b)


@inner
def _relate(labels: Labels, group: int) -> None:
    """
    Note which groups have some of this one's rides under way, and which have more.

    Up to `MOST_RELATED` groups at a node: comparing more costs more than it saves.
    """
    label = labels.group_key[group]
    slot = labels.node[label] & (len(labels.node_slot) - 1)
    if labels.node_groups[slot] >= MOST_RELATED:
        return
    other = labels.node_slot[slot]
    while other != NONE:
        key = labels.group_key[other]
        if rides_within(labels, key, label):
            _note(labels, group, other)
        elif rides_within(labels, label, key):
            _note(labels, other, group)
        other = labels.node_next[other]
    labels.node_groups[slot] += 1
    labels.node_next[group] = labels.node_slot[slot]
    labels.node_slot[slot] = group


@inner
def _note(labels: Labels, group: int, fewer: int) -> None:
    """Note that *fewer* has some of the rides of *group*, if there is room for that."""
    link = labels.counts[3]
    if link < len(labels.link_group):
        labels.counts[3] += 1
        labels.link_group[link] = fewer
        labels.link_next[link] = labels.group_fewer[group]
        labels.group_fewer[group] = link


@inner
def rides_within(labels: Labels, a: int, b: int) -> bool:
    """Whether a stands where b does, and its rides under way are all under way in b, too."""
    if labels.node[a] != labels.node[b] or labels.rides[a] > labels.rides[b]:
        return False
    m = 0
    for k in range(labels.rides[a]):
        while m < labels.rides[b] and labels.due[b, m] < labels.due[a, k]:
            m += 1
        if m == labels.rides[b] or labels.due[b, m] != labels.due[a, k]:
            return False
    return True


@inner
def enqueue(labels: Labels, label: int, bucket: int) -> None:
    """Put a label at the end of the queue of its time bucket."""
    labels.next_in_bucket[label] = NONE
    if labels.bucket_head[bucket] == NONE:
        labels.bucket_head[bucket] = label
    else:
        labels.next_in_bucket[labels.bucket_tail[bucket]] = label
    labels.bucket_tail[bucket] = label
