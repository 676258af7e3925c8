"""One bus or driver in two shifts of a running day: the second begins when the first is over."""

from dataclasses import replace
from itertools import combinations

import pytest

from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.events import Delayed, Event, OutOfService, happen
from scheduler.model import Load, Shift, Vehicle, WayBack
from scheduler.plan import Plan
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import Replanned, replan
from scheduler.running import running_offers
from scheduler.turns import in_turn
from scheduler.under_way import freeze
from tests.builders_days import (
    drive_by_hand,
    make_break,
    make_day,
    make_request,
    make_shift,
    whole,
)
from tests.builders_running_days import SMALL

OTHER = Vehicle("other", (Load(seats=8),))
AFTERNOON = "13:00-17:00"


def two_shifts(**changed: object) -> tuple[Day, Plan]:
    """Anton rides in the morning, Berta in the afternoon, with the same bus and other drivers."""
    asked = make_day(
        make_request("r1", appointment="11:30", stay=20 * MINUTE),
        make_request("r2", origin="berta", appointment="14:30"),
        shifts=[
            make_shift("morning", "08:00-12:30"),
            make_shift("afternoon", AFTERNOON, **changed),
        ],
    )
    rides = {
        "morning": [call for trip in asked.journeys[0].options[0] for call in whole(trip)],
        "afternoon": [call for trip in asked.journeys[1].options[0] for call in whole(trip)],
    }
    plan = drive_by_hand(asked, rides)
    promises = promise_plan(plan, asked, width=20 * MINUTE)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def after(*events: tuple[str, Event], **changed: object) -> Replanned:
    """What becomes of the day when all *events* happen, each at its time."""
    day, plan = two_shifts(**changed)
    for at, event in events:
        result = replan(happen(freeze(day, plan, clock(at)), event), effort=SMALL)
        day, plan = result.day, result.plan
        assert check(plan, day) == []
        assert not overlapping(day.shifts)
    return result


def overlapping(shifts: tuple[Shift, ...]) -> list[tuple[str, str]]:
    """Shifts whose hours share more than a moment, with the same vehicle or driver."""
    return [
        (a.id, b.id)
        for a, b in combinations(shifts, 2)
        if (a.vehicle.id == b.vehicle.id or a.driver == b.driver)
        and min(a.hours.latest, b.hours.latest) > max(a.hours.earliest, b.hours.earliest)
    ]


def span(plan: Plan, shift: str) -> tuple[int, int]:
    (route,) = (route for route in plan.routes if route.shift == shift)
    return route.stops[0].arrival, route.stops[-1].departure


def in_shift(plan: Plan, shift: str) -> set[str]:
    return {
        visit.request
        for route in plan.routes
        if route.shift == shift
        for stop in route.stops
        for visit in stop.visits
    }


# Anton is in the bus at 11:16, and out of it at 11:25.
LATE = ("11:16", Delayed("morning", 3 * 60 * MINUTE))


@pytest.mark.parametrize(
    "changed",
    [{}, {"rest": make_break("14:00-15:00", 30)}, {"vehicle": OTHER, "driver": "driver-morning"}],
)
def test_the_afternoon_begins_when_the_morning_is_over(changed: dict[str, object]) -> None:
    result = after(LATE, **changed)

    assert result.overtime["morning"] > 0
    assert span(result.plan, "morning")[1] > clock("14:00")
    assert in_shift(result.plan, "morning") == {"r1"}
    # Berta cannot be at the doctor's in time.
    assert "r2" in {*result.late, *result.given_up}


def test_two_delays_one_after_the_other() -> None:
    hour = 60 * MINUTE
    result = after(
        ("11:16", Delayed("morning", hour)),
        ("12:00", Delayed("morning", hour)),
        ("13:00", Delayed("afternoon", hour)),
    )

    assert span(result.plan, "morning")[1] > clock("13:00")


def test_a_short_delay_of_the_morning_leaves_the_afternoon_alone() -> None:
    result = after(("11:16", Delayed("morning", 20 * MINUTE)))

    assert result.day.shifts[1].hours == make_shift("afternoon", AFTERNOON).hours
    assert "r2" not in {*result.late, *result.given_up}


def test_other_shifts_do_not_wait_for_each_other() -> None:
    result = after(LATE, vehicle=OTHER)

    assert result.day.shifts[1].hours == make_shift("afternoon", AFTERNOON).hours
    assert "r2" not in {*result.late, *result.given_up}


def test_nothing_is_left_of_an_afternoon_that_the_morning_takes() -> None:
    result = after(("11:16", Delayed("morning", 8 * 60 * MINUTE)))

    assert "r2" in result.given_up
    assert in_shift(result.plan, "afternoon") == set()


def test_an_afternoon_that_has_left_keeps_its_hours() -> None:
    """That something was wrong with the morning is told when it is over."""
    result = after(("14:10", OutOfService("morning")))

    assert result.day.shifts[1] == two_shifts()[0].shifts[1]
    assert (result.late, result.given_up) == ({}, ())


def test_offers_are_found_after_overtime() -> None:
    """The hours of the shifts do not overlap, so that the day of a caller can be made of them."""
    result = after(("11:16", Delayed("morning", 2 * 60 * MINUTE)))
    caller = make_day(
        make_request("r3", origin="cesar", appointment="16:00", way_back=WayBack.NONE),
        shifts=result.day.shifts,
    )

    offers = running_offers(
        freeze(result.day, result.plan, clock("13:10")), caller, width=20 * MINUTE
    )

    assert offers
    assert in_shift(offers[0].plan, "afternoon") >= {"r3"}


@pytest.mark.parametrize(
    ("event", "falls_out"),
    [
        (OutOfService("morning"), False),
        (OutOfService("morning", vehicle=True), True),
        (OutOfService("morning", driver=True), False),
    ],
)
def test_a_broken_bus_is_broken_in_the_afternoon_as_well(
    event: OutOfService, *, falls_out: bool
) -> None:
    result = after(("10:00", event))

    assert ("r2" in result.given_up) == falls_out
    assert "r1" in result.given_up
    assert in_shift(result.plan, "afternoon") == (set() if falls_out else {"r2"})


@pytest.mark.parametrize(
    ("event", "falls_out"),
    [
        (OutOfService("morning"), False),
        (OutOfService("morning", vehicle=True), False),
        (OutOfService("morning", driver=True), True),
    ],
)
def test_whoever_is_ill_is_ill_in_the_afternoon_as_well(
    event: OutOfService, *, falls_out: bool
) -> None:
    result = after(("10:00", event), vehicle=OTHER, driver="driver-morning")

    assert ("r2" in result.given_up) == falls_out


def test_a_bus_that_breaks_down_in_the_afternoon_has_driven_in_the_morning() -> None:
    result = after(("14:10", OutOfService("afternoon", vehicle=True, driver=True)))

    assert in_shift(result.plan, "morning") == {"r1"}
    assert result.given_up == ("r2",)


def test_a_day_in_turn_is_left_alone() -> None:
    under_way = freeze(*two_shifts(), clock("10:00"))

    assert in_turn(under_way) is under_way
