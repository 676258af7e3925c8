"""Halts one after the other that all move by the same: "halts 4 to 9, twelve minutes later"."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.units import MINUTE, Seconds
from scheduler.changes import StopPair

# Fewer halts are told one by one.
_LEAST_HALTS = 3
# What differs by no more than this is the same delay.
_ABOUT: Seconds = 1 * MINUTE


@dataclass(frozen=True)
class MovedRun:
    """
    Halts *first* to *last* of the older sheet, so much *later* (negative: earlier).

    *to_the_end* says that there is none after them.
    """

    first: int
    last: int
    later: Seconds
    to_the_end: bool


def moved_run(pairs: Sequence[StopPair]) -> MovedRun | None:
    """
    Find how the first halts that move do so together; ``None`` if they do not.

    *pairs* are those that are not driven yet. The first halt may have been reached in time, and be
    left later; one that is reached later and left earlier moves neither way.
    """
    kept = sorted(
        (pair.older.number, pair.newer.arrival - pair.older.arrival, _departs_later(pair))
        for pair in pairs
        if pair.older is not None and pair.newer is not None and not pair.reordered
    )
    moved = [each for each in kept if _moves_one_way(*each[1:])]
    if not moved:
        return None
    first, _, later = moved[0]
    run = [first]
    for number, arrives_later, _ in moved[1:]:
        if number != run[-1] + 1 or abs(arrives_later - later) > _ABOUT:
            break
        run.append(number)
    if len(run) < _LEAST_HALTS:
        return None
    numbers = [pair.older.number for pair in pairs if pair.older is not None]
    return MovedRun(first, run[-1], later, run[-1] == max(numbers))


def _moves_one_way(arrives_later: Seconds, departs_later: Seconds) -> bool:
    if departs_later < 0:
        return max(arrives_later, departs_later) <= -MINUTE
    return departs_later >= MINUTE and arrives_later > -MINUTE


def _departs_later(pair: StopPair) -> Seconds:
    assert pair.older is not None  # noqa: S101  (callers look before)
    assert pair.newer is not None  # noqa: S101
    return pair.newer.departure - pair.older.departure
