"""A shift ends somewhat later rather than leave somebody behind, and no later than it must."""

from dataclasses import replace

import pytest

from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.events import Delayed, OutOfService, happen
from scheduler.overtime import room
from scheduler.plan import Plan
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import Replanned, replan
from scheduler.under_way import freeze
from tests.builders_days import drive_by_hand, make_day, make_request, make_shift, whole
from tests.builders_running_days import SMALL

OVER = "06:00-07:00"  # nobody can be fetched by that one any more


def tight_morning(second: str = "13:00-17:00") -> tuple[Day, Plan]:
    """One person there and back, and the shift ends just when the bus is home again."""
    asked = make_day(
        make_request("r1", appointment="11:30", stay=20 * MINUTE),
        shifts=[make_shift("morning", "08:00-12:30"), make_shift("second", second)],
    )
    calls = [call for trip in asked.journeys[0].options[0] for call in whole(trip)]
    plan = drive_by_hand(asked, {"morning": calls, "second": []})
    back = plan.routes[0].stops[-1].arrival
    morning = asked.shifts[0]
    hours = replace(morning.hours, latest=back)
    asked = replace(asked, shifts=(replace(morning, hours=hours), *asked.shifts[1:]))
    promises = promise_plan(plan, asked, width=20 * MINUTE)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def fetched_late(minutes: int, *, most: int, second: str = OVER) -> Replanned:
    """She is at the doctor's, and the bus that waits there for her cannot leave in time."""
    day, plan = tight_morning(second)
    under_way = happen(freeze(day, plan, clock("11:45")), Delayed("morning", minutes * MINUTE))
    assert under_way.aboard == {}
    found = replan(under_way, effort=SMALL, most_overtime=most * MINUTE)
    assert check(found.plan, found.day) == []
    return found


@pytest.mark.parametrize("late", [7, 12])
def test_some_minutes_more_rather_than_leave_somebody_at_the_doctors(late: int) -> None:
    """Late at the doctor's is late at home, after the end of the shift."""
    strict, kind = (fetched_late(late, most=most) for most in (0, 15))

    assert strict.given_up == ("r1",)
    assert kind.given_up == ()
    day, _ = tight_morning()
    beyond = kind.plan.routes[0].stops[-1].departure - day.shifts[0].hours.latest
    assert 0 < beyond <= kind.overtime["morning"] < beyond + 5 * MINUTE


def test_no_longer_than_allowed() -> None:
    """The bus can leave 25 minutes late only, and would be home 20 minutes after the shift."""
    assert fetched_late(25, most=15).given_up == ("r1",)
    assert fetched_late(25, most=20).given_up == ()


def test_who_can_be_fetched_by_another_bus_costs_nobody_overtime() -> None:
    """She waits for the afternoon's bus; the morning's only comes home."""
    found = fetched_late(12, most=15, second="13:00-17:00")
    assert found.given_up == ()
    assert found.overtime == fetched_late(12, most=0, second="13:00-17:00").overtime


def test_a_bus_that_broke_down_drives_nobody_for_some_minutes_more() -> None:
    """Its shift has come to an end."""
    day, plan = tight_morning()
    under_way = happen(freeze(day, plan, clock("11:40")), OutOfService("morning"))
    assert room(under_way, 15 * MINUTE).keys() == {"second"}
    assert "morning" not in replan(under_way, effort=SMALL, most_overtime=15 * MINUTE).overtime


def test_a_shift_goes_on_until_its_bus_is_due_elsewhere() -> None:
    """Ten minutes between two shifts are ten minutes, not fifteen."""
    day, plan = tight_morning()
    morning, second = day.shifts
    soon = replace(second.hours, earliest=morning.hours.latest + 10 * MINUTE)
    day = replace(day, shifts=(morning, replace(second, vehicle=morning.vehicle, hours=soon)))
    assert room(freeze(day, plan, clock("08:00")), 15 * MINUTE) == {
        "morning": 10 * MINUTE,
        "second": 15 * MINUTE,
    }
