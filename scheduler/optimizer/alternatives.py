"""
Trips that stand for one another: at most one of them is ever served.

The options of a journey differ in the pharmacy or the time; a plan serves one. No route needs
to hold trips of different options, and in the cuts such trips count as one.
"""

import numpy as np

from scheduler.optimizer.instance import Instance
from scheduler.problem import Bools, Ints


def never_together(instance: Instance) -> Bools:
    """Shape ``(t, t)``: whether no open option holds both trips, though one journey does."""
    trips = len(instance.trip_start) - 1
    same_journey = np.zeros((trips, trips), np.bool_)
    same_option = np.zeros((trips, trips), np.bool_)
    of_journey: dict[int, list[int]] = {}
    for option in np.flatnonzero(instance.option_open):
        begin, end = instance.option_start[option : option + 2]
        members = instance.option_trip[begin:end]
        same_option[np.ix_(members, members)] = True
        of_journey.setdefault(int(instance.option_journey[option]), []).extend(members)
    for members_of_all in of_journey.values():
        same_journey[np.ix_(members_of_all, members_of_all)] = True
    return same_journey & ~same_option


def alternatives(never: Bools) -> Ints:
    """Shape ``(t,)``: number trips so that those with one number never go together."""
    number = np.full(len(never), -1)
    sets: list[list[int]] = []
    for trip in range(len(never)):
        # Only where a rival stands already can this one stand, too.
        for index in np.unique(number[:trip][never[trip, :trip]]):
            if never[trip, sets[index]].all():
                number[trip] = index
                sets[index].append(trip)
                break
        else:
            number[trip] = len(sets)
            sets.append([trip])
    return number


def as_words(flags: Bools) -> np.typing.NDArray[np.uint64]:
    """Shape ``(n, words)``: each row of *flags* ``(n, m)`` as bits, m padded to 64s."""
    rows, columns = flags.shape
    padded = np.zeros((rows, max(1, -(-columns // 64)) * 64), np.bool_)
    padded[:, :columns] = flags
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)
