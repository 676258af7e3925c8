"""
Pricing: the routes of one kind of shift with the least reduced cost.

Forward labelling over a `Graph`, in the order of time. A route collects the dual of a trip at
its pickup and pays the duals of the subset-row cuts it falls under (Jepsen et al. 2008).
"""

import numpy as np

from scheduler.optimizer.compiled import inner, kernel
from scheduler.optimizer.extension import (
    Prices,
    extend,
    gets_home,
    put_start,
)
from scheduler.optimizer.graph import Graph
from scheduler.optimizer.instance import TOLERANCE
from scheduler.optimizer.labels import (
    NONE,
    Labels,
    add_group,
    clear,
    enqueue,
    find_group,
    rides_within,
)
from scheduler.problem import Ints

# How labels are compared. Only EXACT loses no route that matters. The others look at cost and
# time alone: ROUGH among all with as many rides under way, COARSE among those of the same of
# eight sorts, CHEAPEST among those with the same rides.
ROUGH, COARSE, CHEAPEST, EXACT = 0, 1, 2, 3
SORTS = (1, 8, 0, 0)


@kernel
def price(
    g: Graph, prices: Prices, labels: Labels, ends: Ints, rule: int, below: float
) -> tuple[int, bool]:
    """
    Fill *ends* with labels whose route home costs less than *below*.

    Returns how many there are (more than fit are counted, not kept) and whether the search
    was complete, that is did not run out of labels.
    """
    clear(labels)
    start = len(g.trip)
    span = max(g.hours[1] - g.hours[0], 1.0)
    buckets = len(labels.bucket_head)
    put_start(g, prices, labels)
    enqueue(labels, 0, 0)
    found = 0
    for bucket in range(buckets):
        label = labels.bucket_head[bucket]
        while label != NONE:
            if labels.alive[label]:
                node = labels.node[label]
                cheap = labels.cost[label] + g.home[node] < below and labels.rides[label] == 0
                if node != start and cheap and gets_home(g, labels, label):
                    if found < len(ends):
                        ends[found] = label
                    found += 1
                before = labels.counts[0]
                if not _extend_all(g, prices, labels, label, rule):
                    return found, False
                for child in range(before, labels.counts[0]):
                    late = (labels.time[child] - g.hours[0]) / span
                    enqueue(labels, child, max(bucket, int(late * (buckets - 1))))
            label = labels.next_in_bucket[label]
    return found, True


@inner
def _extend_all(g: Graph, prices: Prices, labels: Labels, label: int, rule: int) -> bool:
    """Visit whatever may come next; False if there is no room for more labels."""
    node = labels.node[label]
    done = labels.time[label] + g.dwell[node]
    for k in range(labels.rides[label]):
        j = labels.due[label, k]
        if g.arc[node, j] and not _extend_to(g, prices, labels, label, j, rule):
            return False
    if labels.rides[label] == labels.due.shape[1]:
        return True
    for k in range(g.next_start[node], g.next_start[node + 1]):
        t = g.next_trip[k]
        gone = labels.gone[label, t >> 6] >> np.uint64(t & 63) & np.uint64(1)
        if gone == np.uint64(0):
            j = g.pickup[t]
            soon = done + g.drive[node, j] <= g.latest[j] + TOLERANCE
            if soon and not _extend_to(g, prices, labels, label, j, rule):
                return False
    return True


@inner
def _extend_to(g: Graph, prices: Prices, labels: Labels, label: int, j: int, rule: int) -> bool:
    """Visit j next, with the break before it and without; False if there is no room."""
    ways = 1
    if not labels.rested[label] and labels.rides[label] == 0:
        ways = 3 if labels.parent[label] == NONE and not np.isinf(g.hours[2]) else 2
    for rest in range(ways):
        if labels.counts[0] >= len(labels.node):
            return False
        if extend(g, prices, labels, label, j, rest) and _keep(g, labels, prices, rule):
            labels.counts[0] += 1
    return True


@inner
def _keep(g: Graph, labels: Labels, prices: Prices, rule: int) -> bool:
    """
    Compare the newest row with others at its node; drop it or what it dominates.

    Fewer rides under way may dominate more: leaving somebody out shortens what follows. Not so
    where branching has ruled arcs out, for that may rule out the shortcut.
    """
    new = labels.counts[0]
    own, before = find_group(labels, new, SORTS[rule]), NONE
    if own == NONE:
        dominated = SORTS[rule] == 0 and g.shortcuts[0] and _fewer_dominate(labels, prices, rule)
    else:
        before, dominated = _cheaper(labels, prices, rule, new, own)
        link = labels.group_fewer[own] if g.shortcuts[0] else NONE
        while link != NONE and not dominated:
            _, dominated = _cheaper(labels, prices, rule, new, labels.link_group[link])
            link = labels.link_next[link]
    if dominated:
        labels.counts[2] += 1
        return False
    if own == NONE:
        own = add_group(labels, new, SORTS[rule])
    if before == NONE:
        labels.next_in_group[new] = labels.group_first[own]
        labels.group_first[own] = new
    else:
        labels.next_in_group[new] = labels.next_in_group[before]
        labels.next_in_group[before] = new
    _drop_dominated(labels, prices, rule, new)
    return True


@inner
def _fewer_dominate(labels: Labels, prices: Prices, rule: int) -> bool:
    """Whether one of the groups with some of its rides dominates the newest row."""
    new = labels.counts[0]
    group = labels.node_slot[labels.node[new] & (len(labels.node_slot) - 1)]
    while group != NONE:
        if rides_within(labels, labels.group_key[group], new):
            _, dominated = _cheaper(labels, prices, rule, new, group)
            if dominated:
                return True
        group = labels.node_next[group]
    return False


@inner
def _cheaper(labels: Labels, prices: Prices, rule: int, new: int, group: int) -> tuple[int, bool]:
    """The last label of a group that costs no more than *new*, and whether one dominates it."""
    before, other = NONE, labels.group_first[group]
    while other != NONE and labels.cost[other] <= labels.cost[new]:
        if dominates(labels, prices, other, new, rule):
            return before, True
        before, other = other, labels.next_in_group[other]
    return before, False


@inner
def _drop_dominated(labels: Labels, prices: Prices, rule: int, new: int) -> None:
    """Take those of its group that *new* dominates out; they stand behind it."""
    before, other = new, labels.next_in_group[new]
    while other != NONE:
        after = labels.next_in_group[other]
        if dominates(labels, prices, new, other, rule):
            labels.alive[other] = False
            labels.counts[2] += 1
            labels.next_in_group[before] = after
        else:
            before = other
        other = after


@inner
def dominates(labels: Labels, prices: Prices, a: int, b: int, rule: int) -> bool:
    """
    Whether every way on from label b is open to label a, at no more cost.

    Asked only where the rides under way in a are under way in b, too (`rides_within`).
    """
    if (
        labels.cost[a] > labels.cost[b] + TOLERANCE
        or labels.time[a] > labels.time[b] + TOLERANCE
        or (labels.rested[b] and not labels.rested[a])
    ):
        return False
    if rule <= CHEAPEST:
        return True
    for w in range(labels.gone.shape[1]):
        if labels.gone[a, w] & ~labels.gone[b, w]:
            return False
    return _dominates_rides(labels, a, b) and _dominates_cuts(labels, prices, a, b)


@inner
def _dominates_rides(labels: Labels, a: int, b: int) -> bool:
    """
    Whether each ride under way, and the route itself, may end as late from a as from b.

    At time t a ride has to end within its span after ``min(begun, t - driven)``.
    """
    time = labels.time[b]
    m = 0
    for k in range(labels.rides[a]):
        while labels.due[b, m] != labels.due[a, k]:
            m += 1
        if not _later(
            labels.begun[a, k], labels.driven[a, k], labels.begun[b, m], labels.driven[b, m], time
        ):
            return False
    return _later(
        labels.route[a, 1], labels.route[a, 0], labels.route[b, 1], labels.route[b, 0], time
    )


@inner
def _later(begun_a: float, driven_a: float, begun_b: float, driven_b: float, time: float) -> bool:
    """Whether ``min(begun, t - driven)`` of a is at least that of b for all t from *time* on."""
    if begun_a < begun_b - TOLERANCE:
        return False
    return driven_a <= driven_b + TOLERANCE or time - driven_a >= begun_b - TOLERANCE


@inner
def _dominates_cuts(labels: Labels, prices: Prices, a: int, b: int) -> bool:
    """Whether a stays cheaper though it may pay for cuts that b does not."""
    cost = labels.cost[a]
    for w in range(labels.parity.shape[1]):
        odd = labels.parity[a, w] & ~labels.parity[b, w]
        c = w * 64
        while odd:
            if odd & np.uint64(1):
                cost += prices.cut[c]
                if cost > labels.cost[b] + TOLERANCE:
                    return False
            odd >>= np.uint64(1)
            c += 1
    return True


@kernel
def trace(labels: Labels, label: int, visits: Ints) -> int:
    """Write the visits of a label into *visits*, in order; return how many."""
    count, at = 0, label
    while labels.parent[at] != NONE:
        count += 1
        at = labels.parent[at]
    at = label
    for k in range(count - 1, -1, -1):
        visits[k] = labels.node[at]
        at = labels.parent[at]
    return count
