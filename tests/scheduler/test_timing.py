"""The times of one bus in a given order: as early as possible, and only where there are any."""

import numpy as np
import pytest

from benchmarks.schedules import feasible_by_hand
from routing.units import MINUTE
from scheduler.clock import clock, hh_mm
from scheduler.formulate import make_problem
from scheduler.timing import Timetable, timetable
from tests.builders_days import drive_by_hand, make_break, make_day, make_request, make_shift, whole
from tests.builders_random_days import random_day

OUT_AND_HOME = [*whole("r1/outbound-1"), *whole("r1/return-1")]


def test_a_bus_drives_as_early_as_the_windows_allow() -> None:
    """Set down from 8:30 on, which is 22:30 after the end of boarding; home from 10:00 on."""
    day = make_day(make_request())

    times = timetable(day.shifts[0], [(day.trip(n), i) for n, i in OUT_AND_HOME], day.seconds)

    assert times is not None
    assert [hh_mm(begin) for begin in times.begins] == ["08:05", "08:30", "10:00", "10:08"]
    assert times.departure == clock("08:00")
    assert times.arrival == clock("10:08") + 2 * MINUTE + 5 * MINUTE
    assert times.rest is None


@pytest.mark.parametrize(
    ("rest", "minutes", "begins"),
    [
        ("08:00-08:00", 10, "08:00"),
        ("08:40-09:00", 40, "08:40"),
        ("10:20-11:00", 40, "10:20"),
        ("08:20-08:21", 40, None),
        ("08:15-08:31", 40, None),
        ("08:15-08:32", 40, "08:32"),
    ],
)
def test_a_break_is_taken_only_with_an_empty_bus(
    rest: str, minutes: int, begins: str | None
) -> None:
    """Before leaving, at the MVZ, or back in the depot; not while the passenger is aboard."""
    day = make_day(make_request(), shifts=[make_shift(hours="07:30-12:30")])
    shift = make_shift(hours="07:30-12:30", rest=make_break(rest, minutes))

    times = timetable(shift, [(day.trip(n), i) for n, i in OUT_AND_HOME], day.seconds)

    assert (None if times is None else hh_mm(times.rest or 0)) == begins


def test_a_break_ends_with_the_shift_at_the_latest() -> None:
    """Half an hour from 12:01 on would last until 12:31."""
    day = make_day(make_request())
    calls = [(day.trip(n), i) for n, i in OUT_AND_HOME]

    late = make_shift(rest=make_break("12:01-12:20", 30))
    just = make_shift(rest=make_break("12:00-12:20", 30))

    assert timetable(late, calls, day.seconds) is None
    assert isinstance(timetable(just, calls, day.seconds), Timetable)


@pytest.mark.parametrize("seed", range(30))
def test_it_agrees_with_the_constraints_of_the_problem(seed: int) -> None:
    """The same question, asked of the numbers that the optimizer sees."""
    day = random_day(seed, requests=4, shifts=2)
    problem, draw = make_problem(day), np.random.default_rng(seed)
    if not day.trips:
        return
    for _ in range(40):
        chosen = draw.choice(len(day.trips), size=min(3, len(day.trips)), replace=False)
        tickets = [t for t in chosen for _ in day.trips[t].visits]
        order = draw.permutation(tickets) if draw.random() < 0.5 else tickets
        seen: dict[int, int] = {}
        calls, visits = [], []
        for trip in map(int, order):
            which = seen.get(trip, 0)
            seen[trip] = which + 1
            calls.append((day.trips[trip], which))
            visits.append(int(problem.trip_start[trip]) + which)
        for number, shift in enumerate(day.shifts):
            if not all(shift.takes(day.trips[t]) for t in chosen):
                continue
            aboard = np.cumsum(problem.visit_load[visits], axis=0)
            rows = [(row.seats, row.wheelchairs) for row in shift.vehicle.configurations]
            room = all((np.array(rows) >= now).all(axis=1).any() for now in aboard)
            times = timetable(shift, calls, day.seconds)
            by_hand = feasible_by_hand(problem, number, tuple(visits))
            assert by_hand == (room and times is not None)


def test_driving_by_hand_makes_plans() -> None:
    """The builder of the other tests builds what it is told to."""
    day = make_day(make_request())

    plan = drive_by_hand(day, {"morning": OUT_AND_HOME})

    assert [stop.place for stop in plan.routes[0].stops] == [
        "depot", "anton", "mvz", "mvz", "anton", "depot"
    ]  # fmt: skip
    assert plan.cost.unserved_weight == 0
