"""Broken subset-row cuts against all triples, counted one by one."""

from itertools import combinations

import numpy as np
import pytest

from scheduler.optimizer.cuts import ROOM, violated_triples
from scheduler.problem import Bools, Floats


def broken(serves: Bools, values: Floats) -> dict[tuple[int, int, int], float]:
    """By how much each triple of trips is broken: half of its trips in a route, rounded down."""
    excess = {}
    for triple in combinations(range(serves.shape[1]), 3):
        total = sum(
            float(value) * (int(route[list(triple)].sum()) // 2)
            for route, value in zip(serves, values, strict=True)
        )
        if total > 1.02:
            excess[triple] = total - 1.0
    return excess


@pytest.mark.parametrize("seed", range(120))
def test_the_triples_broken_most_are_found(seed: int) -> None:
    """The most broken first, of equals the first; no trip in more of them than it may be."""
    draw = np.random.default_rng(seed)
    routes, trips = int(draw.integers(1, 25)), int(draw.integers(1, 11))
    serves = draw.random((routes, trips)) < draw.choice([0.2, 0.4, 0.7])
    # Eighths add up exactly, so equals are equal in any order of adding.
    values = draw.integers(1, 8, size=routes) / 8
    most, per_trip = int(draw.integers(1, 12)), int(draw.integers(1, 5))

    left = dict.fromkeys(range(trips), per_trip)
    expected: list[tuple[int, int, int]] = []
    for triple, _ in sorted(broken(serves, values).items(), key=lambda item: (-item[1], item[0])):
        if len(expected) < most and all(left[trip] for trip in triple):
            expected.append(triple)
            for trip in triple:
                left[trip] -= 1

    assert violated_triples(serves, values, most=most, per_trip=per_trip) == expected


def test_the_last_of_thousands_is_found_if_it_is_broken_most() -> None:
    """All triples of forty trips are broken by a quarter, those of the last three by more."""
    trips = 40
    pairs = np.array(list(combinations(range(trips), 2)))
    serves = np.zeros((len(pairs), trips), dtype=np.bool_)
    serves[np.arange(len(pairs))[:, None], pairs] = True
    values = np.where((pairs >= trips - 3).all(axis=1), 0.5, 5 / 12)

    assert len(list(combinations(range(trips), 3))) > 2 * ROOM
    assert violated_triples(serves, values, most=1, per_trip=1) == [(37, 38, 39)]


def test_random_routes_break_cuts_in_about_half_of_the_draws() -> None:
    """A twin that never sees a broken cut would agree with anything."""
    found = 0
    for seed in range(120):
        draw = np.random.default_rng(seed)
        routes, trips = int(draw.integers(1, 25)), int(draw.integers(1, 11))
        serves = draw.random((routes, trips)) < draw.choice([0.2, 0.4, 0.7])
        found += bool(broken(serves, draw.integers(1, 8, size=routes) / 8))
    assert 40 < found < 115
