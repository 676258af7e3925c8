"""Random numbers of the kernels against the same numbers in plain Python."""

from bisect import bisect_right
from itertools import accumulate

import numpy as np
import pytest

from scheduler.optimizer.dice import Seeds, draw, draw_below, pick
from scheduler.problem import Floats
from tests.builders_kernels import compiled
from tests.plain_dice import PlainDice


@compiled
def draw_many(dice: Seeds, numbers: Floats) -> None:
    """Fill *numbers*."""
    for index in range(len(numbers)):
        numbers[index] = draw(dice)


@compiled
def draw_one_below(dice: Seeds, count: int) -> int:
    """One whole number."""
    return draw_below(dice, count)


@compiled
def pick_one(dice: Seeds, weights: Floats) -> int:
    """One index."""
    return pick(dice, weights)


def seeded(seed: int) -> tuple[Seeds, PlainDice]:
    """Both dice in the same state."""
    return np.array([seed % 2**64], dtype=np.uint64), PlainDice(seed % 2**64)


@pytest.mark.parametrize("seed", [0, 1, 2027, 2**63, 2**64 - 1, -5])
def test_the_dice_fall_as_in_plain_python(seed: int) -> None:
    """Number by number, from any state, those near the end of the range included."""
    dice, plain = seeded(seed)
    numbers = np.empty(500)
    draw_many(dice, numbers)

    assert numbers.tolist() == [plain.draw() for _ in range(500)]
    assert int(dice[0]) == plain.state


def test_numbers_are_spread_evenly() -> None:
    """All within [0, 1); of 20,000 about 2,000 in each tenth, neighbours unrelated."""
    dice, _ = seeded(7)
    numbers = np.empty(20_000)
    draw_many(dice, numbers)
    tenths = np.bincount((numbers * 10).astype(np.int64), minlength=10)

    assert numbers.min() >= 0.0
    assert numbers.max() < 1.0
    # Chi square with 9 degrees of freedom: above 27.9 once in a thousand seeds.
    assert ((tenths - 2_000) ** 2 / 2_000).sum() < 27.9
    # Four standard deviations of a correlation of 20,000 pairs.
    assert abs(np.corrcoef(numbers[1:], numbers[:-1])[0, 1]) < 4 / np.sqrt(20_000)


def test_whole_numbers_stay_below_their_count() -> None:
    """Every number from 0 to count - 1 comes, and no other."""
    dice, plain = seeded(11)
    for count in range(1, 40):
        drawn = [draw_one_below(dice, count) for _ in range(25 * count)]
        assert drawn == [plain.below(count) for _ in range(25 * count)]
        assert set(drawn) == set(range(count))


def test_an_index_is_picked_by_its_weight() -> None:
    """The mark falls into the first stretch that it does not fill; weight 0 is never picked."""
    draws = np.random.default_rng(1)
    dice, plain = seeded(13)
    for _ in range(300):
        weights = draws.integers(0, 5, size=draws.integers(1, 8)).astype(np.float64)
        if weights.sum() > 0:
            # Whole weights: their sums are exact, so the twin may add instead of subtract.
            sums = list(accumulate(weights.tolist()))
            mark = plain.draw() * sums[-1]
            picked = pick_one(dice, weights)
            assert picked == bisect_right(sums, mark)
            assert weights[picked] > 0
