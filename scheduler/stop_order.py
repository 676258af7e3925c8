"""
Which halts of two routes are the same, and which have left the order of the others.

Both answers are the same in either direction: exchange older and newer, and the same halts go
together and the same halts are out of order. Ties are broken by the visits, never by the side.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Match:
    """
    Numbers of one halt in both routes; ``None`` where a route does not have it.

    *name* is the least of the visits that both share.
    """

    older: int | None
    newer: int | None
    name: tuple[Any, ...] = ()


def match(
    older: Mapping[int, frozenset[tuple[Any, ...]]],
    newer: Mapping[int, frozenset[tuple[Any, ...]]],
) -> tuple[Match, ...]:
    """
    Pair halts that share visits, each at most once: those first that share most.

    Both map the number of a halt to its visits; a visit stands at one halt of each.
    """
    where = _where(newer)
    shared: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for halt, visits in older.items():
        for visit in visits:
            if visit in where:
                shared.setdefault((halt, where[visit]), []).append(visit)
    candidates = sorted(
        ((-len(visits), min(visits), pair) for pair, visits in shared.items()),
        key=lambda each: each[:2],
    )
    taken: tuple[set[int], set[int]] = set(), set()
    found = []
    for _, name, (before, after) in candidates:
        if before not in taken[0] and after not in taken[1]:
            taken[0].add(before)
            taken[1].add(after)
            found.append(Match(before, after, name))
    return tuple(found)


def longest_chain(matched: Iterable[Match]) -> frozenset[Match]:
    """Take as many pairs as possible of which each comes after the one before in both routes."""
    pairs = sorted(matched, key=lambda pair: pair.older or 0, reverse=True)
    length: dict[Match, int] = {}
    for pair in pairs:
        length[pair] = 1 + max((length[other] for other in _behind(pair, list(length))), default=0)
    chain: list[Match] = []
    left: Sequence[Match] = pairs
    while left:
        most = max(length[pair] for pair in left)
        chain.append(min((p for p in left if length[p] == most), key=lambda pair: pair.name))
        left = _behind(chain[-1], left)
    return frozenset(chain)


def _where(halts: Mapping[int, Iterable[Hashable]]) -> dict[Hashable, int]:
    return {visit: halt for halt, visits in halts.items() for visit in visits}


def _behind(pair: Match, others: Sequence[Match]) -> list[Match]:
    """Find the pairs that come after *pair* in both routes."""
    return [
        other
        for other in others
        if (other.older or 0) > (pair.older or 0) and (other.newer or 0) > (pair.newer or 0)
    ]
