"""Somebody else drives a shift of the running day: from then on, and whoever was given up rides."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from data.day_document import day_document
from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.errors import (
    EventError,
    NoWayBackError,
    OverError,
    SameDriverError,
    TakenError,
    WheelchairAboardError,
)
from scheduler.events import Cancelled, Event, OutOfService, TakenOver, happen
from scheduler.model import Break, Load, Mobility, Needs, Request, Shift, TimeWindow, Vehicle
from scheduler.plan import Plan
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import Replanned, replan
from scheduler.under_way import freeze
from scheduler.violation import Rule
from tests.builders_days import drive_by_hand, make_day, make_request, make_shift, whole
from tests.builders_running_days import SMALL

OUT, BACK = "r1/outbound-1", "r1/return-1"
OTHER = Vehicle("other", (Load(seats=8),))


def a_day(*requests: Request, shifts: tuple[Shift, ...] = ()) -> tuple[Day, Plan]:
    """All ride in the bus of "one", and were promised that."""
    asked = make_day(*(requests or [make_request("r1")]), shifts=shifts or (make_shift("one"),))
    calls = [call for j in asked.journeys for trip in j.options[0] for call in whole(trip)]
    plan = drive_by_hand(asked, {"one": calls})
    promises = promise_plan(plan, asked, width=20 * MINUTE)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def becomes(day: Day, plan: Plan, at: str, event: Event | TakenOver) -> Replanned:
    result = replan(happen(freeze(day, plan, clock(at)), event), effort=SMALL)
    assert check(result.plan, result.day) == []
    return result


def by(day: Day, driver: str = "substitute", shift: str = "one", *, able: bool = True) -> TakenOver:
    (planned,) = (each for each in day.shifts if each.id == shift)
    return TakenOver(replace(planned, driver=driver, takes_wheelchairs=able))


def begins(plan: Plan) -> Mapping[str, list[int]]:
    times: dict[str, list[int]] = {}
    for visit in plan.visits:
        times.setdefault(visit.trip, []).append(visit.begin)
    return times


def test_as_long_as_the_shift_is_driven_only_its_driver_changes() -> None:
    """From nine on, with Anton at the doctor's: times, bus and promises stay."""
    day, plan = a_day()

    result = becomes(day, plan, "09:20", by(day))

    assert result.plan.routes[0].driver == "substitute"
    assert begins(result.plan) == begins(plan)
    assert (result.late, result.given_up) == ({}, ())


def test_a_shift_that_fell_out_is_driven_again_with_all_who_were_given_up() -> None:
    """Ill at seven, somebody is found at half past: nobody notices more than the other driver."""
    day, plan = a_day()
    ill = becomes(day, plan, "07:00", OutOfService("one", driver=True))
    assert ill.given_up == ("r1",)
    assert [each.request for each in ill.day.given_up] == ["r1"]

    result = becomes(ill.day, ill.plan, "07:30", by(day))

    assert result.plan.routes[0].driver == "substitute"
    assert begins(result.plan).keys() == {OUT, BACK}
    assert (result.late, result.given_up, result.day.given_up) == ({}, (), ())
    assert result.day.ended == frozenset()
    assert unpromised(result.plan, day) == []


def test_whoever_wants_only_the_way_there_any_more_gets_it_back() -> None:
    """Given up both ways, the way home is cancelled, and then somebody drives after all."""
    day, plan = a_day()
    ill = becomes(day, plan, "07:00", OutOfService("one", driver=True))
    fewer = becomes(ill.day, ill.plan, "07:10", Cancelled("r1", way_back_only=True))
    (lost,) = fewer.day.given_up
    assert [trip.id for trip in lost.trips] == [OUT]
    assert fewer.given_up == ()
    assert fewer.plan.unserved == ill.plan.unserved
    with pytest.raises(NoWayBackError):
        becomes(fewer.day, fewer.plan, "07:20", Cancelled("r1", way_back_only=True))

    result = becomes(fewer.day, fewer.plan, "07:30", by(day))

    assert begins(result.plan).keys() == {OUT}
    assert result.day.given_up == ()


def unpromised(plan: Plan, day: Day) -> list[str]:
    """What was promised on *day* and is not kept, whoever drives."""
    return [each.message for each in check(plan, day) if each.rule is not Rule.CREW]


def test_it_is_not_driven_before_its_planned_begin() -> None:
    day, plan = a_day()
    early = replace(day.shifts[0], hours=replace(day.shifts[0].hours, earliest=clock("07:40")))
    day = replace(day, shifts=(early,))
    ill = becomes(day, plan, "06:00", OutOfService("one", driver=True))

    result = becomes(ill.day, ill.plan, "06:30", by(day))

    assert result.plan.routes[0].stops[0].departure >= clock("07:40")
    assert result.given_up == ()


def test_who_waits_at_the_doctors_is_fetched_by_the_substitute() -> None:
    """Ill at nine, Anton is there: his way home is lost, and comes back with the substitute."""
    day, plan = a_day()
    ill = becomes(day, plan, "09:20", OutOfService("one", driver=True))
    assert begins(ill.plan).keys() == {OUT}
    (lost,) = ill.day.given_up
    assert [trip.id for trip in lost.trips] == [BACK]

    result = becomes(ill.day, ill.plan, "09:40", by(day))

    assert begins(result.plan)[OUT] == begins(plan)[OUT]
    assert begins(result.plan).keys() == {OUT, BACK}
    assert (result.late, result.given_up) == ({}, ())


def test_too_late_for_what_was_promised_is_told_as_lateness() -> None:
    """Somebody is found at half past eleven for a way home that was promised by half past ten."""
    day, plan = a_day()
    ill = becomes(day, plan, "09:20", OutOfService("one", driver=True))

    result = becomes(ill.day, ill.plan, "11:30", by(day))

    assert result.late["r1"] > 0
    assert begins(result.plan)[BACK][0] >= clock("11:30")


def test_who_does_not_need_the_bus_any_more_is_not_asked_again() -> None:
    day, plan = a_day()
    ill = becomes(day, plan, "09:20", OutOfService("one", driver=True))
    fetched = becomes(ill.day, ill.plan, "09:30", Cancelled("r1", way_back_only=True))
    assert fetched.day.given_up == ()

    result = becomes(fetched.day, fetched.plan, "09:40", by(day))

    assert begins(result.plan).keys() == {OUT}


def test_the_break_of_the_shift_is_taken_again() -> None:
    """A shift that ended without its break has one again when it is driven again."""
    rest = Break(TimeWindow(clock("11:00"), clock("12:30")), 30 * MINUTE)
    day, plan = a_day(shifts=(make_shift("one", rest=rest),))
    ill = becomes(day, plan, "09:20", OutOfService("one", driver=True))
    assert ill.plan.routes[0].rest is None

    result = becomes(ill.day, ill.plan, "09:40", by(day))

    assert result.plan.routes[0].rest is not None


def test_a_shift_that_nobody_was_to_drive_can_be_opened() -> None:
    """It takes over from a bus that broke down."""
    day, plan = a_day()
    spare = make_shift("two", vehicle=OTHER, driver="substitute")
    broken = becomes(day, plan, "07:00", OutOfService("one", vehicle=True))

    result = becomes(broken.day, broken.plan, "07:20", TakenOver(spare))

    assert [route.shift for route in result.plan.routes if route.stops] == ["two"]
    assert result.given_up == ()


def test_without_wheelchairs_the_past_stays_and_the_rest_is_given_up() -> None:
    """Whoever took them in the morning could; the substitute cannot fetch them."""
    chair = make_request("r1", needs=Needs(mobility=Mobility.WHEELCHAIR))
    bus = Vehicle("bus", (Load(seats=4, wheelchairs=1),))
    day, plan = a_day(chair, shifts=(make_shift("one", vehicle=bus),))

    result = becomes(day, plan, "09:20", by(day, able=False))

    assert result.given_up == ("r1",)
    assert begins(result.plan).keys() == {OUT}
    assert OUT in result.day.carried
    forgetful = replace(result.day, carried=frozenset())
    assert {each.rule for each in check(result.plan, forgetful)} == {Rule.WHEELCHAIR}
    assert day_document(result.day)["carried"] == [OUT]


def test_who_takes_no_wheelchairs_does_not_take_over_a_bus_with_one_in_it() -> None:
    chair = make_request("r1", needs=Needs(mobility=Mobility.WHEELCHAIR))
    bus = Vehicle("bus", (Load(seats=4, wheelchairs=1),))
    day, plan = a_day(chair, shifts=(make_shift("one", vehicle=bus),))
    boarded = next(iter(plan.visits)).end + 1

    with pytest.raises(WheelchairAboardError):
        happen(freeze(day, plan, boarded), by(day, able=False))


def test_nobody_drives_two_shifts_at_once() -> None:
    two = make_shift("two", vehicle=OTHER, driver="busy")
    day, plan = a_day(shifts=(make_shift("one"), two))
    under_way = freeze(day, plan, clock("07:00"))

    with pytest.raises(TakenError) as refused:
        happen(under_way, by(day, "busy"))
    assert refused.value.shift == "two"
    with pytest.raises(TakenError):
        happen(under_way, TakenOver(make_shift("three", vehicle=OTHER, driver="substitute")))


def test_who_drives_it_already_takes_nothing_over() -> None:
    day, plan = a_day()

    with pytest.raises(SameDriverError):
        happen(freeze(day, plan, clock("07:00")), TakenOver(day.shifts[0]))


def test_what_is_over_is_not_taken_over() -> None:
    """Whether it was driven to its end or fell out."""
    day, plan = a_day()
    with pytest.raises(OverError):
        happen(freeze(day, plan, clock("12:30")), by(day))
    ill = becomes(day, plan, "09:20", OutOfService("one", driver=True))
    with pytest.raises(OverError):
        happen(freeze(ill.day, ill.plan, clock("12:30")), by(day))


def test_a_shift_begins_at_a_place_of_the_day() -> None:
    day, plan = a_day()
    far = replace(make_shift("two", vehicle=OTHER, driver="substitute"), start_place="nowhere")

    with pytest.raises(EventError, match="nowhere"):
        happen(freeze(day, plan, clock("07:00")), TakenOver(far))
