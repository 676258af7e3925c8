"""
A problem in whole numbers, for programs that know no others, and loads that only add up.

Fractions of minutes are counted in thousandths. Drives and dwells are rounded up and windows
inwards, so that what holds in whole numbers holds in truth, and the triangle inequality stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scheduler.optimizer.preparation import prepare
from scheduler.problem import Bools, Floats, Ints, Problem

# Parts of the literature's unit, where times have fractions: a thousandth of a minute.
PARTS = 1_000
# What rounding up must not count as a fraction.
LEEWAY = 1e-6

Routes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class WholeProblem:
    """
    A problem of pickups and dropoffs in whole numbers; time 0 is the first shift's begin.

    Parameters
    ----------
    drive
        Shape ``(p, p)``, from place to place.
    place, earliest, latest, dwell
        Shape ``(v,)``; visits ``2 t`` and ``2 t + 1`` are the pickup and dropoff of trip t.
        Windows are as tight as ride limits and hours make them.
    load
        Shape ``(t, d)``: what boards, and alights again, in each of d sums of kinds of places.
    first, last, begin, end, longest, kind
        Shape ``(s,)``: places and hours of shifts, their longest duration (at most the hours),
        and equal numbers for shifts that are equal in everything.
    room
        Shape ``(s, d)``: the most of each sum that a shift can carry.
    takes
        Shape ``(s, t)``: whether a shift could carry the trip, were it alone.
    dearest
        More than all drives of any plan together.
    """

    drive: Ints
    place: Ints
    earliest: Ints
    latest: Ints
    dwell: Ints
    load: Ints
    first: Ints
    last: Ints
    begin: Ints
    end: Ints
    longest: Ints
    kind: Ints
    room: Ints
    takes: Bools
    dearest: int

    @property
    def trips(self) -> list[int]:
        """Trips that some shift can carry."""
        return [int(trip) for trip in np.flatnonzero(self.takes.any(axis=0))]


def in_whole_numbers(problem: Problem) -> WholeProblem:
    """
    Translate *problem*.

    Raises
    ------
    ValueError
        If a trip has a stop between, journeys have options or several trips, or a shift a break.
    """
    plain = (
        (np.diff(problem.trip_start) == 2).all()
        and problem.journeys == problem.trips == len(problem.option_journey)
        and not problem.shift_rest[:, 2].any()
    )
    if not plain:
        msg = "Only pickups and dropoffs can be compared: no links, options, vias or breaks."
        raise ValueError(msg)
    instance = prepare(problem)
    visits = problem.visits
    parts, origin = 1 if problem.whole else PARTS, float(problem.shift_earliest.min())
    begin = _up((problem.shift_earliest - origin) * parts)
    end = _down((problem.shift_latest - origin) * parts)
    earliest = np.maximum(_up((instance.earliest[:visits] - origin) * parts), 0)
    drive = _up(problem.seconds * parts)
    load, room = _sums(problem)
    return WholeProblem(
        drive=drive,
        place=problem.visit_place,
        earliest=earliest,
        latest=np.maximum(earliest, _down((instance.latest[:visits] - origin) * parts)),
        dwell=_up(problem.visit_dwell * parts),
        load=load,
        first=problem.shift_first_place,
        last=problem.shift_last_place,
        begin=begin,
        end=end,
        longest=np.minimum(end - begin, _down(np.minimum(problem.shift_longest, 1e9) * parts)),
        kind=instance.kind,
        room=room,
        takes=instance.takes,
        dearest=int(drive.max(axis=1).sum() + problem.shifts * drive.max()) + 1,
    )


def _sums(problem: Problem) -> tuple[Ints, Ints]:
    """
    Loads of trips and rooms of shifts, as sums over sets of kinds of places.

    One configuration is a limit for each kind. Several are limits for sums: however the seats are
    arranged, no set of kinds holds more than its best arrangement does. For upgraded seats that
    says it all; in general it allows more, and the independent check has the last word.
    """
    kinds = range(problem.configuration.shape[1])
    counts = np.diff(problem.configuration_start)
    largest = 1 if (counts == 1).all() else len(kinds)
    sets = [some for size in range(1, largest + 1) for some in combinations(kinds, size)]
    rooms = {
        some: np.maximum.reduceat(
            problem.configuration[:, some].sum(axis=1), problem.configuration_start[:-1]
        )
        for some in sets
    }
    needed = _needed(rooms)
    boards = problem.visit_load[problem.trip_start[:-1]]
    load = np.column_stack([boards[:, some].sum(axis=1) for some in needed])
    return load, np.column_stack([rooms[some] for some in needed])


def _needed(rooms: Mapping[tuple[int, ...], Ints]) -> list[tuple[int, ...]]:
    """
    Sets whose limits are not implied by those of one or two others; some programs take few.

    One after the other is left out, so that two never imply each other and are both gone.
    """
    needed = list(rooms)
    for some in rooms:
        others = [each for each in needed if each != some]
        implied = any(
            set(some) <= {*one, *other}
            and (sum(rooms[each] for each in {one, other}) <= rooms[some]).all()
            for one in others
            for other in others
        )
        if implied:
            needed.remove(some)
    return needed


def _up(values: Floats) -> Ints:
    return np.ceil(values - LEEWAY).astype(np.int64)


def _down(values: Floats) -> Ints:
    return np.floor(values + LEEWAY).astype(np.int64)
