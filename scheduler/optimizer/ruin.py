"""Ruin: which journeys lose their place, by one of several rules."""

import numpy as np

from scheduler.optimizer.compiled import inner
from scheduler.optimizer.dice import draw, draw_below
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.routes import copy_without
from scheduler.optimizer.search import Search, trial_row


@inner
def ruin(  # noqa: C901, PLR0912 - a list of rules, then three plain loops
    instance: Instance, search: Search, rule: int, count: int
) -> bool:
    """
    Take about *count* journeys out of the trial, by *rule*, and list all unplaced as pending.

    False means that a route lost its schedule by losing visits: the drives then break the
    triangle inequality.
    """
    if rule == 0:
        _ruin_random(instance, search, count)
    elif rule == 1:
        _ruin_near(instance, search, count)
    elif rule == 2:
        _ruin_strings(instance, search, count)
    elif rule == 3:
        _ruin_costly(instance, search, count)
    elif rule == 4:
        _ruin_route(instance, search, count)
    else:
        _ruin_hours(instance, search, count)
    for trip in range(search.home.shape[1]):
        shift = search.home[0, trip]
        if shift >= 0 and search.home[1, trip] < 0:
            search.touched[shift] = True
    for shift in range(len(search.side)):
        if search.touched[shift]:
            row = 2 * shift + search.side[shift]
            target = trial_row(search, shift)
            if not copy_without(instance, search.routes, row, target, search.home[1], shift):
                return False
    pending = 0
    for journey in range(search.choice.shape[1]):
        if search.choice[1, journey] < 0 and _can_be_served(instance, journey):
            search.pending[pending] = journey
            pending += 1
    search.pending[-1] = pending
    return True


@inner
def _can_be_served(instance: Instance, journey: int) -> bool:
    """Whether *journey* has an open option."""
    for index in range(instance.journey_start[journey], instance.journey_start[journey + 1]):
        if instance.option_open[instance.journey_option[index]]:
            return True
    return False


@inner
def drop(instance: Instance, search: Search, journey: int) -> int:
    """Take *journey* out of the trial's tables; return how many journeys that were."""
    option = search.choice[1, journey]
    if option < 0:
        return 0
    for index in range(instance.option_start[option], instance.option_start[option + 1]):
        search.home[1, instance.option_trip[index]] = -1
    search.choice[1, journey] = -1
    return 1


@inner
def _some_trip(search: Search) -> int:
    """A random trip, served if a few draws find one."""
    trips = search.home.shape[1]
    trip = draw_below(search.dice, trips)
    for _ in range(10):
        if search.home[1, trip] >= 0:
            break
        trip = draw_below(search.dice, trips)
    return trip


@inner
def _ruin_random(instance: Instance, search: Search, count: int) -> None:
    """Any journeys."""
    for _ in range(count):
        trip = _some_trip(search)
        if search.home[1, trip] >= 0:
            drop(instance, search, search.trip_journey[trip])


@inner
def _ruin_near(instance: Instance, search: Search, count: int) -> None:
    """A journey, placed or not, and those most related to it."""
    trip = draw_below(search.dice, search.home.shape[1])
    gone, skip = 0, 0.5 * draw(search.dice)
    if search.home[1, trip] >= 0:
        gone += drop(instance, search, search.trip_journey[trip])
    for index in range(search.near.shape[1]):
        other = search.near[trip, index]
        if gone >= count:
            break
        if search.home[1, other] >= 0 and draw(search.dice) >= skip:
            gone += drop(instance, search, search.trip_journey[other])


@inner
def _ruin_strings(instance: Instance, search: Search, count: int) -> None:
    """Pieces of routes that pass near one trip (Christiaens and Vanden Berghe 2020)."""
    seed = draw_below(search.dice, search.home.shape[1])
    pieces = 1 + draw_below(search.dice, 3)
    length = max(1, count // pieces)
    for index in range(-1, search.near.shape[1]):
        trip = seed if index < 0 else search.near[seed, index]
        if pieces == 0:
            break
        if search.home[1, trip] >= 0:
            _drop_piece(instance, search, trip, length)
            pieces -= 1


@inner
def _drop_piece(instance: Instance, search: Search, trip: int, length: int) -> None:
    """Drop *trip* and its neighbours in its route, about *length* journeys."""
    shift = search.home[1, trip]
    row = 2 * shift + search.side[shift]
    visits = search.routes.length[row]
    place = 1
    while search.routes.nodes[row, place] != instance.trip_start[trip]:
        place += 1
    begin = max(1, place - draw_below(search.dice, 2 * length))
    gone = drop(instance, search, search.trip_journey[trip])
    for position in range(begin, visits + 1):
        if gone >= length:
            break
        other = instance.trip[search.routes.nodes[row, position]]
        if search.home[1, other] >= 0:
            gone += drop(instance, search, search.trip_journey[other])


@inner
def _detour(instance: Instance, search: Search, trip: int) -> float:
    """About how much dearer the plan's route is because of *trip*."""
    shift = search.home[1, trip]
    row = 2 * shift + search.side[shift]
    nodes, drive = search.routes.nodes[row], instance.drive
    total = float(instance.extra[shift, trip])
    for place in range(1, search.routes.length[row] + 1):
        node = nodes[place]
        if instance.trip[node] == trip:
            total += drive[nodes[place - 1], node] + drive[node, nodes[place + 1]]
            total -= drive[nodes[place - 1], nodes[place + 1]]
    return total


@inner
def _ruin_costly(instance: Instance, search: Search, count: int) -> None:
    """Trips with long detours: the longest of a few random ones, again and again."""
    for _ in range(count):
        worst, most = -1, -1.0
        for _ in range(4):
            trip = _some_trip(search)
            if search.home[1, trip] >= 0:
                detour = _detour(instance, search, trip)
                if detour > most:
                    worst, most = trip, detour
        if worst >= 0:
            drop(instance, search, search.trip_journey[worst])


@inner
def _ruin_route(instance: Instance, search: Search, count: int) -> None:
    """A whole route, or as much of it as *count* allows twice over."""
    trip = _some_trip(search)
    if search.home[1, trip] >= 0:
        _drop_piece(instance, search, trip, 2 * count)


@inner
def _ruin_hours(instance: Instance, search: Search, count: int) -> None:
    """Journeys of all routes that are under way at about one time."""
    middle = _some_trip(search)
    first = instance.trip_start[middle]
    moment = instance.earliest[first]
    moment += draw(search.dice) * (instance.latest[first] - moment)
    trips = search.home.shape[1]
    for _ in range(count):
        nearest, apart = -1, np.inf
        for _ in range(6):
            trip = draw_below(search.dice, trips)
            if search.home[1, trip] >= 0:
                visit = instance.trip_start[trip]
                away = max(instance.earliest[visit] - moment, moment - instance.latest[visit])
                if away < apart:
                    nearest, apart = trip, away
        if nearest >= 0:
            drop(instance, search, search.trip_journey[nearest])
