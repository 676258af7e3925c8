"""Roads that change in the course of a day: what was driven on the old ones stays right."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from routing.matrix import TravelMatrix
from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.day import Day, DayRoads
from scheduler.violation import Rule
from tests.builders_check import DAY, PLAN, found, rules

STOPS = PLAN.routes[0].stops
MOVES = [(a, b) for a, b in pairwise(STOPS) if a.place != b.place]


def changed(until: str) -> Day:
    """Every drive takes a minute longer from a moment on."""
    size = len(DAY.travel)
    apart = (1 - np.eye(size, dtype=np.int64)) * MINUTE
    longer = TravelMatrix(DAY.travel.seconds + apart, DAY.travel.metres)
    earlier = DayRoads(DAY.travel, DAY.index, until=clock(until))
    return replace(DAY, travel=longer, earlier_roads=(earlier,))


def test_what_was_driven_before_the_roads_changed_is_right() -> None:
    """The bus is back at 11:03, on the old roads."""
    assert found(day=changed("12:00")) == []


def test_what_is_driven_afterwards_has_to_take_the_new_roads() -> None:
    """All drives are a minute too short, and so is their sum."""
    wrong = found(day=changed("08:00"))

    drives = [each for each in wrong if each[0] is Rule.DRIVE]
    assert {each[2:] for each in drives} == {(MINUTE, "seconds")}
    assert len(drives) == len(MOVES)
    assert (Rule.COST, "plan", len(drives) * MINUTE, "seconds") in wrong


def test_a_drive_counts_by_the_moment_at_which_it_begins() -> None:
    """Who has set off by then arrives as planned."""
    before, after = MOVES[0]
    on_the_way = replace(
        changed("08:00"),
        earlier_roads=(DayRoads(DAY.travel, DAY.index, until=before.departure + 1),),
    )

    drives = [each for each in found(day=on_the_way) if each[0] is Rule.DRIVE]

    assert after.arrival > before.departure + 1
    assert len(drives) == len(MOVES) - 1


def test_a_drive_to_a_place_that_the_old_roads_do_not_know_is_found() -> None:
    index = {name: row for name, row in DAY.index.items() if name != "anton"}
    unknown = replace(DAY, earlier_roads=(DayRoads(DAY.travel, index, until=clock("12:00")),))

    assert rules(day=unknown) == {Rule.DRIVE, Rule.COST}
