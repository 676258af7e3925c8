"""Recreate: give pending journeys a place in the trial, the one that would lose most first."""

import numpy as np

from scheduler.optimizer.compiled import inner
from scheduler.optimizer.dice import draw
from scheduler.optimizer.insertion import best_insertion
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.routes import copy_without, insert_trip
from scheduler.optimizer.search import Search, trial_row


@inner
def recreate(instance: Instance, search: Search, regret: int) -> bool:
    """
    Place pending journeys until none fits any more.

    With *regret* 0 they come in random order, with 1 the cheapest first, with k > 1 the one
    whose k-th best route is farthest from its best. False as in `ruin`.
    """
    while search.pending[-1] > 0:
        count = search.pending[-1]
        chosen, chosen_option, most = -1, -1, -np.inf
        if regret == 0:
            chosen = int(draw(search.dice) * count)
            chosen_option = _best_option(instance, search, chosen, 1)[0]
        else:
            index = 0
            while index < search.pending[-1]:
                option, value = _best_option(instance, search, index, regret)
                if option < 0:
                    _forget(search, index)
                    continue
                if value > most:
                    chosen, chosen_option, most = index, option, value
                index += 1
            if chosen < 0:
                return True
        if chosen_option >= 0:
            journey = search.pending[chosen]
            placed, sound = place_option(instance, search, chosen_option)
            if not sound:
                return False
            if placed:
                search.choice[1, journey] = chosen_option
        _forget(search, chosen)
    return True


@inner
def _forget(search: Search, index: int) -> None:
    """Strike the pending journey at *index* off the list, the last one takes its place."""
    search.pending[-1] -= 1
    search.pending[index] = search.pending[search.pending[-1]]


@inner
def _best_option(instance: Instance, search: Search, index: int, regret: int) -> tuple[int, float]:
    """Cheapest option of a pending journey (-1: none fits), and how urgent the journey is."""
    journey = search.pending[index]
    chosen, cheapest, urgency = -1, np.inf, -np.inf
    for entry in range(instance.journey_start[journey], instance.journey_start[journey + 1]):
        option = instance.journey_option[entry]
        if not instance.option_open[option]:
            continue
        total, loss = 0.0, 0.0
        for place in range(instance.option_start[option], instance.option_start[option + 1]):
            cost, later, _ = cheapest_shift(instance, search, instance.option_trip[place], regret)
            total += cost
            loss += later
            if total == np.inf:
                break
        if total == np.inf:
            continue
        if total < cheapest:
            chosen, cheapest = option, total
            urgency = loss if regret > 1 else -total
    return chosen, urgency


@inner
def cheapest_shift(  # noqa: C901 - one screen: two passes, and a list of three
    instance: Instance, search: Search, trip: int, regret: int
) -> tuple[float, float, int]:
    """
    What the best insertion of *trip* costs, what losing the best routes costs, and the shift.

    The loss is how much the *regret*-th best route is dearer than the best one, the penalty
    for being unserved where there are fewer; of equal empty buses only one counts.
    """
    best, second, third, where = np.inf, np.inf, np.inf, -1
    # What is known comes first: it says from which cost on the others do not matter.
    for known in (True, False):
        for shift in range(len(search.side)):
            row = trial_row(search, shift)
            if not instance.takes[shift, trip] or _is_known(search, trip, row) != known:
                continue
            if not known:
                if search.routes.length[row] == 0 and _twin_before(instance, search, shift):
                    continue
                _learn(instance, search, trip, row, (best, second, third)[min(regret, 3) - 1])
            cost = search.known_cost[trip, row]
            if search.mood[0] > 0.0:
                cost *= 1.0 + search.mood[0] * draw(search.dice)
            if cost < best:
                best, second, third, where = cost, best, second, shift
            elif cost < second:
                second, third = cost, second
            elif cost < third:
                third = cost
    penalty = search.penalty[0]
    loss = min(second, penalty) - min(best, penalty)
    if regret > 2:
        loss += min(third, penalty) - min(best, penalty)
    return best, loss, where


@inner
def _is_known(search: Search, trip: int, row: int) -> bool:
    """Whether the cheapest insertion of *trip* into the route of *row* is known exactly."""
    return bool(
        search.mood[1] == 0.0
        and search.known_version[trip, row] == search.routes.version[row]
        and search.known_limit[trip, row] == np.inf
    )


@inner
def _learn(instance: Instance, search: Search, trip: int, row: int, limit: float) -> None:
    """Note the cheapest insertion of *trip* into the route of *row*, if it is below *limit*."""
    overlook, version = search.mood[1], search.routes.version[row]
    if (
        overlook == 0.0
        and search.known_version[trip, row] == version
        and search.known_limit[trip, row] >= limit
    ):
        return
    search.known_version[trip, row] = version if overlook == 0.0 else -1
    search.known_cost[trip, row] = best_insertion(
        instance,
        search.routes,
        row,
        trip,
        search.work,
        search.gaps,
        search.best,
        search.dice,
        overlook,
        limit,
    )
    search.known_limit[trip, row] = np.inf if search.known_cost[trip, row] < np.inf else limit
    for visit in range(search.known_gaps.shape[2]):
        search.known_gaps[trip, row, visit] = search.best[visit]


@inner
def _twin_before(instance: Instance, search: Search, shift: int) -> bool:
    """Whether an earlier shift of the same kind is empty as well."""
    for other in range(shift):
        if (
            instance.kind[other] == instance.kind[shift]
            and search.routes.length[trial_row(search, other)] == 0
        ):
            return True
    return False


@inner
def place_option(instance: Instance, search: Search, option: int) -> tuple[bool, bool]:
    """Place all trips of *option*, or none: whether it worked, and whether routes stayed sound."""
    begin, end = instance.option_start[option], instance.option_start[option + 1]
    for index in range(begin, end):
        trip = instance.option_trip[index]
        cost, _, shift = cheapest_shift(instance, search, trip, 1)
        if cost == np.inf:
            return False, _take_back(instance, search, begin, index)
        row = trial_row(search, shift)
        gaps = search.known_gaps[trip, row]
        if not search.touched[shift]:
            search.touched[shift] = True
            source, row = row, trial_row(search, shift)
            if not copy_without(instance, search.routes, source, row, search.home[1], shift):
                return False, False
        search.home[1, trip] = shift
        if not insert_trip(instance, search.routes, row, trip, gaps):
            return False, False
    return True, True


@inner
def _take_back(instance: Instance, search: Search, begin: int, end: int) -> bool:
    """Take the trips of entries *begin* to *end* of an option out again."""
    for index in range(begin, end):
        trip = instance.option_trip[index]
        shift = search.home[1, trip]
        search.home[1, trip] = -1
        row = trial_row(search, shift)
        if not copy_without(instance, search.routes, row, row, search.home[1], shift):
            return False
    return True
