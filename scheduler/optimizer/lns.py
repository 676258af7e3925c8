"""
Large neighbourhood search (Shaw 1998; Ropke and Pisinger 2006): ruin a part, recreate it.

A trial replaces the plan if it is not much dearer, how much is drawn at random and less from
step to step (simulated annealing). The best plan so far is kept apart.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.compiled import inner, kernel
from scheduler.optimizer.dice import draw, draw_below, pick
from scheduler.optimizer.instance import TOLERANCE, Instance
from scheduler.optimizer.pool import Pool, remember
from scheduler.optimizer.recreate import recreate
from scheduler.optimizer.routes import set_route
from scheduler.optimizer.ruin import ruin
from scheduler.optimizer.search import Search, trial_row
from scheduler.problem import Floats, Ints

DONE, POOL_FULL, UNSOUND = 0, 1, 2
# Pending journeys beyond which they are placed in random order.
MANY = 100


class Habits(NamedTuple):
    """
    How often a step does what.

    Parameters
    ----------
    rules, orders
        Shapes ``(6,)`` and ``(4,)``: weights of the rules of `ruin` and the orders of `recreate`.
    blur, overlook
        Shape ``(2,)``: share of steps that blur costs or overlook places, and how much.
    """

    rules: Floats
    orders: Floats
    blur: Floats
    overlook: Floats


class Best(NamedTuple):
    """
    The best plan so far; s shifts, w nodes at most.

    Parameters
    ----------
    nodes, length
        Shapes ``(s, w)`` and ``(s,)``: routes as in `Routes`.
    weight, cost
        Shape ``(1,)``: the objective, in its order.
    """

    nodes: Ints
    length: Ints
    weight: Ints
    cost: Floats


def make_best(instance: Instance, search: Search) -> Best:
    """Nobody served, as the best so far."""
    shifts = len(instance.kind)
    return Best(
        nodes=search.routes.nodes[::2].copy(),
        length=np.zeros(shifts, dtype=np.int64),
        weight=np.array([instance.journey_weight.sum()], dtype=np.int64),
        cost=np.zeros(1),
    )


def driving_of(instance: Instance, best: Best) -> float:
    """Driving of the best plan, without what its trips count beside it."""
    extra = 0.0
    for shift, length in enumerate(best.length):
        trips = np.unique(instance.trip[best.nodes[shift, 1 : length + 1]])
        extra += float(instance.extra[shift, trips].sum())
    return float(best.cost[0]) - extra


@kernel
def improve(
    instance: Instance,
    search: Search,
    pool: Pool,
    best: Best,
    steps: int,
    done: int,
    last: int,
    hot: float,
    cold: float,
    most: int,
    habits: Habits,
) -> tuple[int, int]:
    """
    Make *steps* steps of a round of *last* steps, of which *done* are done already.

    The round cools from *hot* to *cold*, in units of the objective; a step ruins up to *most*
    journeys, as *habits* say. Returns how many steps were made, and why it ended: `DONE`,
    `POOL_FULL`, or `UNSOUND` (the drives break the triangle inequality).
    """
    weight, cost = measure(instance, search, 0)
    total = cost + search.penalty[0] * weight
    for step in range(steps):
        begin_trial(search)
        count = 1 + draw_below(search.dice, most)
        search.mood[0] = habits.blur[1] if draw(search.dice) < habits.blur[0] else 0.0
        search.mood[1] = habits.overlook[1] if draw(search.dice) < habits.overlook[0] else 0.0
        if not ruin(instance, search, pick(search.dice, habits.rules), count):
            return step, UNSOUND
        order = pick(search.dice, habits.orders)
        # Weighing all pending against each other at every turn is for some dozens of them.
        if not recreate(instance, search, order if search.pending[-1] <= MANY else 0):
            return step, UNSOUND
        for shift in range(len(search.side)):
            row = trial_row(search, shift)
            if (
                search.touched[shift]
                and search.routes.length[row] > 0
                and not remember(
                    instance,
                    pool,
                    instance.kind[shift],
                    search.routes.nodes[row],
                    search.routes.length[row],
                    search.routes.cost[row],
                )
            ):
                return step, POOL_FULL
        weight, cost = measure(instance, search, 1)
        trial = cost + search.penalty[0] * weight
        heat = hot * (cold / hot) ** ((done + step) / last)
        if trial < total - heat * np.log(1.0 - draw(search.dice)):
            total = trial
            _accept(search)
            if weight < best.weight[0] or (
                weight == best.weight[0] and cost < best.cost[0] - TOLERANCE
            ):
                keep_best(search, best, weight, cost)
    search.touched[:] = False
    return steps, DONE


@kernel
def construct(instance: Instance, search: Search, best: Best, order: int) -> bool:
    """
    Give whoever the plan does not serve a place if there is one, in an *order* of `recreate`.

    False if the drives break the triangle inequality.
    """
    begin_trial(search)
    search.mood[:] = 0.0
    if not ruin(instance, search, 0, 0) or not recreate(instance, search, order):
        return False
    _accept(search)
    weight, cost = measure(instance, search, 0)
    if weight < best.weight[0] or (weight == best.weight[0] and cost < best.cost[0]):
        keep_best(search, best, weight, cost)
    return True


@kernel
def measure(instance: Instance, search: Search, which: int) -> tuple[int, float]:
    """Unserved weight and cost of the routes of the plan (*which* 0) or the trial (1)."""
    weight, cost = 0, 0.0
    for journey in range(len(instance.journey_weight)):
        if search.choice[which, journey] < 0:
            weight += instance.journey_weight[journey]
    for shift in range(len(search.side)):
        row = trial_row(search, shift) if which == 1 else 2 * shift + search.side[shift]
        cost += search.routes.cost[row]
    return weight, cost


@inner
def begin_trial(search: Search) -> None:
    """Make the trial a copy of the plan."""
    for trip in range(search.home.shape[1]):
        search.home[1, trip] = search.home[0, trip]
    for journey in range(search.choice.shape[1]):
        search.choice[1, journey] = search.choice[0, journey]
    search.touched[:] = False


@inner
def _accept(search: Search) -> None:
    """Make the trial the plan."""
    for trip in range(search.home.shape[1]):
        search.home[0, trip] = search.home[1, trip]
    for journey in range(search.choice.shape[1]):
        search.choice[0, journey] = search.choice[1, journey]
    for shift in range(len(search.side)):
        if search.touched[shift]:
            search.side[shift] = 1 - search.side[shift]
            search.touched[shift] = False


@kernel
def keep_best(search: Search, best: Best, weight: int, cost: float) -> None:
    """Copy the plan to *best*."""
    best.weight[0] = weight
    best.cost[0] = cost
    for shift in range(len(search.side)):
        row = 2 * shift + search.side[shift]
        length = search.routes.length[row]
        best.length[shift] = length
        for index in range(length + 2):
            best.nodes[shift, index] = search.routes.nodes[row, index]


@kernel
def restart(instance: Instance, search: Search, nodes: Ints, length: Ints) -> bool:
    """
    Make the given routes, laid out as in `Best`, the plan; False if one has no schedule.

    That is also so if a visit stands before the one that comes before it on its trip.

    A journey's option is the one with most trips of those whose trips all ride: an option may lie
    within another one, and every trip that rides has to be known.
    """
    search.touched[:] = False
    search.home[0] = -1
    search.choice[0] = -1
    for shift in range(len(search.side)):
        row = 2 * shift + search.side[shift]
        if not _in_order(instance, nodes[shift, 1 : length[shift] + 1]):
            return False
        if not set_route(instance, search.routes, row, nodes[shift, 1:], length[shift]):
            return False
        for index in range(1, length[shift] + 1):
            search.home[0, instance.trip[nodes[shift, index]]] = shift
    for option in range(len(instance.option_journey)):
        served = True
        for index in range(instance.option_start[option], instance.option_start[option + 1]):
            if search.home[0, instance.option_trip[index]] < 0:
                served = False
        journey = instance.option_journey[option]
        if served and _size(instance, option) >= _size(instance, search.choice[0, journey]):
            search.choice[0, journey] = option
    return True


@inner
def _in_order(instance: Instance, visits: Ints) -> bool:
    """Whether each visit comes after the one before it on its trip; nobody else looks at that."""
    for index in range(len(visits)):
        before = instance.previous[visits[index]]
        found = before < 0
        for earlier in range(index):
            found = found or visits[earlier] == before
        if not found:
            return False
    return True


@inner
def _size(instance: Instance, option: int) -> int:
    """Count the trips of an option; -1 is none and has none."""
    if option < 0:
        return 0
    return int(instance.option_start[option + 1] - instance.option_start[option])
