"""Each way to spoil a driver's break is tried once, and the checker finds exactly that."""

from dataclasses import replace

import pytest

from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.model import TimeWindow, VisitKind
from scheduler.plan import Plan
from scheduler.violation import Rule
from tests.builders_check import PLAN, found, rules, where, with_route, with_shift, with_stop
from tests.builders_days import make_break, window


@pytest.mark.parametrize(
    ("rest", "amount", "unit"),
    [
        (None, 15 * MINUTE, "seconds"),
        ("09:15-09:25", 5 * MINUTE, "seconds"),
        ("09:13-09:28", 2 * MINUTE, "seconds"),
        ("09:35-09:50", 5 * MINUTE, "seconds"),
    ],
)
def test_a_break_that_is_none_is_found(rest: str | None, amount: int, unit: str) -> None:
    """None at all; too short; before its window; while somebody boards from 09:45 on."""
    wrong = None if rest is None else window(rest)

    assert (Rule.BREAK, "morning", amount, unit) in found(with_route(rest=wrong))
    assert rules(with_route(rest=wrong)) == {Rule.BREAK}


def test_a_break_with_people_aboard_is_found() -> None:
    """The bus waits at the pharmacy for a quarter of an hour: two trips are not over."""
    rest = make_break("10:00-11:00", 15)
    day = with_shift(rest=rest)
    plan = with_route(rest=window("10:13-10:28"))

    assert (Rule.BREAK, "morning", 2, "trips") in found(plan, day)
    assert rules(plan, day) == {Rule.BREAK}


@pytest.mark.parametrize(("minutes", "aboard"), [(0, []), (5, [1]), (15, [1])])
def test_a_break_begins_only_when_the_last_has_alighted(minutes: int, aboard: list[int]) -> None:
    """Alighting takes no time at cesar's, in the last stop: whoever does so later is aboard."""
    number, stop, visit = where("cesar/return-1.1.1", VisitKind.DROPOFF)
    rest = TimeWindow(stop.arrival, stop.arrival + 15 * MINUTE)
    moment = rest.earliest + minutes * MINUTE
    alights = replace(visit, begin=moment, end=moment)
    plan = with_stop(number, with_route(rest=rest), visits=(alights,), departure=rest.latest)

    violations = check(plan, with_shift(rest=make_break("10:00-11:00", 15)))

    broken = [(v.amount, v.unit) for v in violations if v.rule is Rule.BREAK]
    assert broken == [(amount, "trips") for amount in aboard]


def test_a_break_that_nobody_asked_for_is_found() -> None:
    """The shift has none; or its bus stays in the depot."""
    assert found(day=with_shift(rest=None)) == [(Rule.BREAK, "morning", 1, "breaks")]
    assert found(with_route(1, rest=window("09:15-09:30"))) == [(Rule.BREAK, "second", 1, "breaks")]


def test_a_break_on_the_road_is_found() -> None:
    """From 10:45 on the bus drives home, empty."""
    day = with_shift(rest=make_break("10:00-11:00", 15))

    assert found(with_route(rest=window("10:45-11:00")), day) == [
        (Rule.BREAK, "morning", 15 * MINUTE, "seconds")
    ]


def test_a_break_may_be_late_only_upon_an_arrival() -> None:
    """Empty, the bus is on the way to cesar from 8:17 to 8:27: the window closes under way."""
    number, stop, _ = where("cesar/outbound-1", VisitKind.PICKUP)
    assert (stop.place, stop.arrival) == ("cesar", clock("08:27"))
    plan = with_stop(number, with_route(rest=window("08:27-08:42")), visits=())

    def late(plan: Plan, hours: str) -> list[int]:
        day = with_shift(rest=make_break(hours, 15))
        return [v.amount for v in check(plan, day) if "outside its window" in v.message]

    assert late(plan, "08:10-08:20") == []
    assert late(plan, "08:10-08:16") == [11 * MINUTE]
    assert late(with_route(rest=window("08:28-08:43")), "08:10-08:20") == [8 * MINUTE]
    assert late(plan, "08:30-08:40") == [3 * MINUTE]


def test_a_break_at_the_depot_counts_before_and_after() -> None:
    """The bus stands there, empty."""
    before = with_shift(rest=make_break("07:30-08:00", 15), hours=window("07:00-12:30"))
    after = with_shift(rest=make_break("11:00-12:00", 15))
    last = len(PLAN.routes[0].stops) - 1

    early = with_stop(0, with_route(rest=window("07:45-08:00")), arrival=clock("07:45"))
    late = with_stop(last, with_route(rest=window("11:03-11:18")), departure=clock("11:18"))

    assert check(early, before) == []
    assert check(late, after) == []
