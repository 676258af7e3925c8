"""Which shifts to search together: those whose passengers are near each other, and some chance."""

import numpy as np

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.parts import Plan, homes, open_options, served_options
from scheduler.optimizer.search import Smalls
from scheduler.problem import Bools, Floats, Ints

# How much chance has a say in who comes together: a share of how near they are.
NOISE = 0.3


def affinity(instance: Instance, plan: Plan, near: Smalls) -> tuple[Floats, Floats]:
    """
    How much routes, and trips and routes, have to do with each other.

    *near* has the shape ``(t, n)``, as in `Search`. The first answer has the shape ``(s, s)``:
    how often trips of the one are near trips of the other, for their number; the second has
    ``(t, s)``. The nearest counts 1, the second nearest a half, and so on.
    """
    home, shifts = homes(instance, plan), len(plan)
    close = np.zeros((len(home), shifts + 1))
    for rank in range(near.shape[1]):
        # Who is not served counts in the last column, which is cut off.
        close[np.arange(len(home)), home[near[:, rank]]] += 1.0 / (1 + rank)
    close = close[:, :shifts]
    sums = np.zeros((shifts + 1, shifts))
    np.add.at(sums, home, close)
    size = np.maximum(1.0, np.bincount(home[home >= 0], minlength=shifts))
    total = sums[:shifts]
    return (total + total.T) / np.sqrt(np.outer(size, size)), close


def groups(likeness: Floats, size: Ints, *, count: int, dice: np.random.Generator) -> list[Ints]:
    """
    Deal shifts into *count* groups of about equal sizes, others from time to time.

    *likeness* has the shape ``(s, s)``, *size* (how much each shift counts, at least 1) ``(s,)``.
    A group grows from a random shift by the one most like those that it has.
    """
    free: Bools = np.ones(len(size), dtype=np.bool_)
    found = []
    for left in range(min(count, len(size)), 0, -1):
        share = size[free].sum() / left
        first = int(dice.choice(np.flatnonzero(free)))
        group, pull = [first], likeness[first].copy()
        free[first] = False
        # So many must be left that each further group has a shift.
        while free.sum() >= left and (left == 1 or size[group].sum() < share):
            blurred = pull * (1.0 + NOISE * dice.standard_normal(len(size)))
            blurred += 1e-9 * dice.random(len(size))
            other = int(np.where(free, blurred, -np.inf).argmax())
            group.append(other)
            free[other] = False
            pull += likeness[other]
        found.append(np.sort(np.array(group, dtype=np.int64)))
    return found


def offers(
    instance: Instance,
    plan: Plan,
    close: Floats,
    dealt: list[Ints],
    dice: np.random.Generator,
) -> list[list[int]]:
    """
    Offer each journey that *plan* does not serve to one group, as *close* (`affinity`) suggests.
    """
    offered: list[list[int]] = [[] for _ in dealt]
    for journey in np.flatnonzero(served_options(instance, plan) < 0):
        options = open_options(instance, int(journey))
        if not options:
            continue
        trips = np.concatenate([trips for _, trips in options])
        pull = np.array([close[np.ix_(trips, shifts)].sum() for shifts in dealt])
        pull = pull * (1.0 + NOISE * dice.standard_normal(len(dealt)))
        pull += 1e-9 * dice.random(len(dealt))
        offered[int(pull.argmax())].append(int(journey))
    return offered
