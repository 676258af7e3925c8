"""Random numbers for kernels: one state, given by a seed, the same on every machine."""

import numpy as np
from numpy.typing import NDArray

from scheduler.optimizer.compiled import inner
from scheduler.problem import Floats

Seeds = NDArray[np.uint64]


@inner
def draw(dice: Seeds) -> float:
    """Next random number in [0, 1), by splitmix64 (Steele, Lea and Flood 2014)."""
    dice[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = dice[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return float(mixed >> np.uint64(11)) * 2.0**-53


@inner
def draw_below(dice: Seeds, count: int) -> int:
    """A random whole number from 0 to *count* - 1."""
    return int(draw(dice) * count)


@inner
def pick(dice: Seeds, weights: Floats) -> int:
    """A random index, drawn by *weights*."""
    mark = draw(dice) * weights.sum()
    for index in range(len(weights)):
        mark -= weights[index]
        if mark < 0.0:
            return index
    return len(weights) - 1
