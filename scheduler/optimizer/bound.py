"""
A lower bound that is quick and always there: whom nobody can serve, and the cheapest links.

Everybody else served, each visit that must be made has exactly one node before and one
after it. The cheapest choice of such links, with no regard to whether they form routes, is an
assignment problem; visits of some options only may be left out. On a very large day, where that
would take minutes and gigabytes, the cheapest link of each visit alone is the bound. To it comes
what the trips of each journey count at least beside driving.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from scheduler.optimizer.extras import least_extra
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.problem import Bools, Floats, Ints

# More nodes than this make no assignment problem; their links are looked at so many rows at once.
MOST_NODES, ROWS = 4_000, 256
# Sums of whole numbers are exact (`soundness.MOST`); this is to be on the safe side.
LEEWAY = 1e-6


def quick_bound(instance: Instance, *, whole: bool) -> tuple[int, float]:
    """
    Unserved weight that no plan avoids, and the cost of routes that no plan with just that avoids.

    *whole* says that all times are whole numbers, and so the cost of every plan.
    """
    open_options = np.bincount(
        instance.option_journey[instance.option_open], minlength=len(instance.journey_weight)
    )
    weight = int(instance.journey_weight[open_options == 0].sum())
    nodes = np.arange(len(instance.trip) - len(instance.kind))
    extra = least_extra(instance)
    if len(nodes) > MOST_NODES:
        total = _cheapest_links(instance, nodes) + extra
        return weight, _rounded(total, len(nodes), whole=whole)
    costs, forbidden = _links(instance, _must(instance), nodes)
    if not costs.size:
        return weight, 0.0
    # Dearer than all links of any plan together.
    barrier = 1.0 + costs[~forbidden].max(initial=0.0) * len(costs)
    costs = np.where(forbidden, barrier, costs)
    rows, columns = linear_sum_assignment(costs)
    total = float(costs[rows, columns].sum())
    # Where not even the links fit together, some of them leave more unserved; any bound holds.
    return weight, 0.0 if total >= barrier else _rounded(total + extra, len(costs), whole=whole)


def _rounded(total: float, links: int, *, whole: bool) -> float:
    """Less what *links* sums of fractions may have added, or up to the next whole number."""
    if whole:
        return max(0.0, float(np.ceil(total - LEEWAY)))
    return max(0.0, total - TOLERANCE * links)


def _must(instance: Instance) -> Bools:
    """Shape ``(t,)``: whether the trip is in every open option of its journey."""
    trips = len(instance.trip_start) - 1
    open_options = instance.option_open.nonzero()[0]
    options = np.bincount(
        instance.option_journey[open_options], minlength=len(instance.journey_weight)
    )
    uses, journey = np.zeros(trips, dtype=np.int64), np.full(trips, -1)
    for option in open_options:
        begin, end = instance.option_start[option : option + 2]
        uses[instance.option_trip[begin:end]] += 1
        journey[instance.option_trip[begin:end]] = instance.option_journey[option]
    must: Bools = (uses > 0) & (uses == np.where(journey >= 0, options[journey], 0))
    return must


def _cheapest_links(instance: Instance, nodes: Ints) -> float:
    """What the visits that must be made drive at least, to what follows or from what was before."""
    must = _must(instance)[instance.trip[instance.trip >= 0]]
    leaving, reaching = 0.0, np.full(len(nodes), np.inf)
    for rows in np.array_split(nodes, max(1, len(nodes) // ROWS)):
        costs, forbidden = _links(instance, _must(instance), rows)
        costs[forbidden] = np.inf
        visits = rows[rows < len(must)]
        leaving += float(costs[: len(visits)].min(axis=1)[must[visits]].sum())
        reaching = np.minimum(reaching, costs.min(axis=0))
    total = max(leaving, float(reaching[: len(must)][must].sum()))
    return total if np.isfinite(total) else 0.0


def _links(instance: Instance, must: Bools, rows: Ints) -> tuple[Floats, Bools]:
    """
    Costs of all links, and which of them no plan has, for nodes *rows* that have a next one.

    Rows (ascending): visits, then starts of shifts. Columns: visits, then ends. A visit may be
    its own next one where it may be left out, a start its own shift's end where the bus stays.
    """
    shifts = len(instance.kind)
    visits = len(instance.trip) - 2 * shifts
    inner = np.arange(visits)
    ends = np.concatenate([inner, visits + shifts + np.arange(shifts)])
    costs = instance.drive[np.ix_(rows, ends)].copy()
    begin = instance.earliest[rows] + instance.dwell[rows]
    forbidden = begin[:, None] + costs > instance.latest[ends][None, :] + TOLERANCE
    made, start = rows[rows < visits], rows[rows >= visits] - visits
    count, trip = len(made), instance.trip[:visits]
    mine = trip[made]
    same = mine[:, None] == trip[None, :]
    forbidden[:count, :visits] |= same & (made[:, None] + 1 != inner[None, :])
    able = instance.takes.astype(float)
    forbidden[:count, :visits] |= ~(able[:, mine].T @ able > 0)[:, trip]
    forbidden[:count, visits:] |= ~instance.takes[:, mine].T
    forbidden[:count, visits:] |= (instance.following[made] >= 0)[:, None]
    forbidden[count:, :visits] |= ~instance.takes[start][:, trip]
    forbidden[count:, :visits] |= (instance.previous[:visits] >= 0)[None, :]
    forbidden[count:, visits:] = start[:, None] != np.arange(shifts)
    costs[count:, visits:] = 0.0
    free = np.flatnonzero(~must[mine])
    costs[free, made[free]], forbidden[free, made[free]] = 0.0, False
    return costs, forbidden
