"""
A lower bound that is quick and always there: whom nobody can serve, and the cheapest links.

Driving: everybody else served, each visit that must be made has exactly one node before and one
after it. The cheapest choice of such links, with no regard to whether they form routes, is an
assignment problem; visits of some options only may be left out.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.problem import Bools, Floats


def quick_bound(instance: Instance) -> tuple[int, float]:
    """Unserved weight that no plan avoids, and driving that no plan with just that avoids."""
    open_options = np.bincount(
        instance.option_journey[instance.option_open], minlength=len(instance.journey_weight)
    )
    weight = int(instance.journey_weight[open_options == 0].sum())
    costs, forbidden = _links(instance, _must(instance))
    if not costs.size:
        return weight, 0.0
    # Dearer than all links of any plan together.
    barrier = 1.0 + costs.max() * len(costs)
    costs = np.where(forbidden, barrier, costs)
    rows, columns = linear_sum_assignment(costs)
    total = float(costs[rows, columns].sum())
    # Where not even the links fit together, some of them leave more unserved; any bound holds.
    return weight, 0.0 if total >= barrier else max(0.0, total - TOLERANCE * len(costs))


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


def _links(instance: Instance, must: Bools) -> tuple[Floats, Bools]:
    """
    Costs of all links, and which of them no plan has; one row for each node that has a next one.

    Rows: visits, then starts of shifts. Columns: visits, then ends. A visit may be its own next
    one where it may be left out, a start its own shift's end where the bus stays.
    """
    shifts = len(instance.kind)
    visits = len(instance.trip) - 2 * shifts
    starts = np.arange(visits + shifts)
    ends = np.concatenate([np.arange(visits), visits + shifts + np.arange(shifts)])
    costs = instance.drive[np.ix_(starts, ends)].copy()
    begin = instance.earliest[starts] + instance.dwell[starts]
    forbidden = begin[:, None] + costs > instance.latest[ends][None, :] + TOLERANCE
    inner = np.arange(visits)
    trip = instance.trip[:visits]
    same = trip[:, None] == trip[None, :]
    forbidden[:visits, :visits] |= same & (inner[:, None] + 1 != inner[None, :])
    forbidden[:visits, :visits] |= ~(
        instance.takes.T.astype(float) @ instance.takes.astype(float) > 0
    )[np.ix_(trip, trip)]
    for shift in range(shifts):
        able = instance.takes[shift][trip]
        forbidden[visits + shift, :visits] |= ~able | (instance.previous[:visits] >= 0)
        forbidden[:visits, visits + shift] |= ~able | (instance.following[:visits] >= 0)
    forbidden[visits:, visits:] = ~np.eye(shifts, dtype=np.bool_)
    costs[visits:, visits:] = 0.0
    free = inner[~must[trip]]
    costs[free, free], forbidden[free, free] = 0.0, False
    return costs, forbidden
