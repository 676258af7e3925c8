"""A day on which things happen: promises are kept, or those broken are announced."""

import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.events import (
    Cancelled,
    Delayed,
    Event,
    EventError,
    NoShow,
    OutOfService,
    Ready,
    TakenOver,
    happen,
)
from scheduler.model import Shift, TripKind, VisitKind
from scheduler.plan import Plan
from scheduler.promises import STEP, hold_to, promise_plan
from scheduler.replan import Replanned, replan
from scheduler.under_way import UnderWay, freeze
from scheduler.violation import Rule
from tests.builders_days import drive_by_hand, make_day, make_request, make_shift, whole
from tests.builders_running_days import SMALL, promised

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "25"))
# Some proofs would take a minute; what is announced has to hold without them as well.
EFFORT = replace(SMALL, seconds=4.0)


def any_event(
    under_way: UnderWay, draw: np.random.Generator, shifts: Sequence[Shift]
) -> Event | TakenOver | None:
    """Something that can happen now."""
    ahead = [j.request for j in under_way.rest.journeys if not j.request.startswith("bus/")]
    aboard = {
        trip.request
        for trip in under_way.rest.trips
        if trip.id in under_way.rest.bound_to and trip.request in ahead
    }
    back = sorted(
        {
            trip.request
            for trip in under_way.rest.trips
            if trip.kind is not TripKind.OUTBOUND and trip.id not in under_way.rest.bound_to
        }
    )
    shift = str(draw.choice(sorted(under_way.buses)))
    kind = draw.integers(8)
    if kind == 0 and ahead:
        return Cancelled(str(draw.choice(ahead)))
    if kind == 1 and aboard:
        return NoShow(str(draw.choice(sorted(aboard))))
    if kind == 2 and back:
        request = str(draw.choice(back))
        pickup = min(
            trip.visits[0].window.earliest
            for trip in under_way.rest.trips
            if trip.request == request and trip.kind is not TripKind.OUTBOUND
        )
        at = pickup + int(draw.integers(-20, 40)) * MINUTE
        return Ready(request, at, wait=30 * MINUTE)
    if kind in {4, 5}:
        (planned,) = (each for each in shifts if each.id == shift)
        able = bool(draw.integers(2))
        return TakenOver(replace(planned, driver=f"spare-{kind}", takes_wheelchairs=able))
    if kind in {3, 6}:
        return OutOfService(shift)
    return Delayed(shift, int(draw.integers(1, 8)) * 5 * MINUTE)


def unannounced(result: Replanned, promises: Day) -> list[str]:
    """What the checker finds in the plan against the promises, and nobody was told."""
    found = []
    for violation in check(result.plan, promises):
        who = violation.where.split("/")[0]
        match violation.rule:
            case Rule.WINDOW | Rule.RIDE:
                told = violation.amount <= result.late.get(who, 0) or who in result.given_up
            case Rule.HOURS:
                told = violation.amount <= result.overtime.get(violation.where, 0)
            case Rule.COST:
                told = bool(result.given_up)
            case _:
                told = who in result.given_up
        if not told:
            found.append(f"{violation.rule} {violation.where}: {violation.message}")
    return found


@pytest.mark.parametrize("seed", range(DAYS))
def test_whatever_happens_only_announced_promises_are_broken(seed: int) -> None:
    """Some events, one after the other, at moments that go on."""
    day, plan = promised(seed)
    draw = np.random.default_rng(seed)
    begins = sorted(visit.begin for visit in plan.visits)
    if not begins:
        pytest.skip("a day on which nobody rides")
    now, shifts = begins[0] - 30 * MINUTE, day.shifts
    for _ in range(5):
        under_way = freeze(day, plan, now)
        event = any_event(under_way, draw, shifts)
        if event is not None:
            try:
                under_way = happen(under_way, event)
            except EventError:
                continue
            result = replan(under_way, effort=EFFORT)

            assert check(result.plan, result.day) == []
            assert unannounced(result, under_way.whole) == [], event
            done = {
                (visit.trip, visit.kind, visit.begin)
                for bus in under_way.buses.values()
                for visit in bus.done
            }
            now_done = {(visit.trip, visit.kind, visit.begin) for visit in result.plan.visits}
            assert done - now_done == set()
            day, plan = result.day, result.plan
        now += int(draw.integers(5, 60)) * MINUTE


def one_rider() -> tuple[Day, Plan]:
    """Anton is fetched shortly before nine, and home again after ten."""
    asked = make_day(make_request("r1"), shifts=[make_shift("one")])
    (option,) = asked.journeys[0].options
    plan = drive_by_hand(asked, {"one": [call for trip in option for call in whole(trip)]})
    promises = promise_plan(plan, asked, width=20 * MINUTE)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def test_nothing_happens_and_nothing_changes() -> None:
    day, plan = one_rider()

    result = replan(freeze(day, plan, clock("08:00")), effort=EFFORT)

    assert (result.late, result.given_up, result.overtime, result.sure) == ({}, (), {}, True)
    assert result.plan.cost == plan.cost


def test_a_cancelled_way_home_leaves_the_way_out() -> None:
    day, plan = one_rider()
    out = [visit for visit in plan.visits if visit.trip == "r1/outbound-1"]

    result = replan(happen(freeze(day, plan, out[-1].end), Cancelled("r1")), effort=EFFORT)

    assert [visit.trip for visit in result.plan.visits] == ["r1/outbound-1"] * 2
    assert result.plan.cost.driving == 20 * MINUTE


def test_who_does_not_come_is_not_in_the_bus() -> None:
    day, plan = one_rider()
    pickup, *_ = plan.visits

    result = replan(happen(freeze(day, plan, pickup.begin), NoShow("r1")), effort=EFFORT)

    assert list(result.plan.visits) == []
    assert [stop.place for stop in result.plan.routes[0].stops] == ["depot", "anton", "depot"]
    assert result.plan.cost.driving == 10 * MINUTE


@pytest.mark.parametrize(("late", "broken"), [(0, 0), (1, 5), (5, 5), (16, 20)])
def test_a_late_bus_breaks_promises_by_no_more_than_it_must(late: int, broken: int) -> None:
    """A bus that leaves so late that it comes *late* minutes after the promised window."""
    day, plan = one_rider()
    pickup, _ = day.trip("r1/outbound-1").visits
    under_way = freeze(day, plan, clock("07:50"))
    last_call = pickup.window.latest - 5 * MINUTE
    behind = last_call - under_way.buses["one"].ready + late * MINUTE

    result = replan(happen(under_way, Delayed("one", behind)), effort=EFFORT)

    assert result.late == ({"r1": broken * MINUTE} if broken else {})
    assert result.sure
    assert unannounced(result, day) == []


def test_a_bus_that_is_held_up_on_its_way_arrives_as_much_later() -> None:
    """Also when something else happens meanwhile, and when it is held up once more."""
    day, plan = one_rider()
    way = plan.routes[0].stops[1]
    promised = day.trip("r1/outbound-1").visits[0].window
    on_the_road = way.arrival - 2 * MINUTE
    late = promised.latest - way.arrival - MINUTE

    first = replan(happen(freeze(day, plan, on_the_road), Delayed("one", late)), effort=EFFORT)
    stop = first.plan.routes[0].stops[1]
    assert (stop.place, stop.arrival, stop.held_up) == (way.place, way.arrival + late, late)
    assert [visit.begin for visit in stop.visits] == [stop.arrival]
    assert first.plan.cost.driving == plan.cost.driving

    again = freeze(first.day, first.plan, way.arrival + MINUTE)
    second = replan(happen(again, Delayed("one", MINUTE)), effort=EFFORT)
    stop = second.plan.routes[0].stops[1]
    assert (stop.arrival, stop.held_up) == (way.arrival + late + MINUTE, late + MINUTE)
    assert unannounced(second, replace(day, held_up=second.day.held_up)) == []


@pytest.mark.parametrize("late", [5, 240])
def test_a_bus_that_is_held_up_on_its_last_way_home_is_there_later(late: int) -> None:
    """Also if that is long after its shift: then whoever drives it is told so."""
    day, plan = one_rider()
    depot = plan.routes[0].stops[-1]
    on_the_road = depot.arrival - 2 * MINUTE
    under_way = happen(freeze(day, plan, on_the_road), Delayed("one", late * MINUTE))

    result = replan(under_way, effort=EFFORT)

    stop = result.plan.routes[0].stops[-1]
    assert (stop.arrival, stop.held_up) == (depot.arrival + late * MINUTE, late * MINUTE)
    over = stop.departure - day.shifts[0].hours.latest
    assert result.overtime == ({"one": -(-over // STEP) * STEP} if over > 0 else {})
    assert (over > 0) == (late > 60)


def test_without_another_bus_the_rest_is_given_up() -> None:
    day, plan = one_rider()

    result = replan(happen(freeze(day, plan, clock("07:00")), OutOfService("one")), effort=EFFORT)

    assert result.given_up == ("r1",)
    assert list(result.plan.visits) == []


def test_the_doctor_is_late_and_the_bus_comes_later() -> None:
    day, plan = one_rider()
    *_, back, _home = plan.visits
    at = back.begin + 40 * MINUTE

    result = replan(
        happen(freeze(day, plan, clock("09:30")), Ready("r1", at, wait=30 * MINUTE)), effort=EFFORT
    )

    (again,) = [
        visit.begin
        for visit in result.plan.visits
        if visit.trip == back.trip and visit.kind is VisitKind.PICKUP
    ]
    assert at <= again <= at + 30 * MINUTE
    assert result.late == {}


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (Cancelled("nobody"), "nobody"),
        (NoShow("nobody"), "nobody"),
        (Ready("nobody", 0, wait=0), "nobody"),
        (Delayed("no-shift", 60), "no-shift"),
        (OutOfService("no-shift"), "no-shift"),
    ],
)
def test_events_about_nobody_are_refused(event: Event, named: str) -> None:
    day, plan = one_rider()

    with pytest.raises(EventError, match=named):
        happen(freeze(day, plan, clock("08:00")), event)


def test_what_is_over_cannot_be_cancelled() -> None:
    day, plan = one_rider()

    with pytest.raises(EventError, match="Nothing of request r1 is left"):
        happen(freeze(day, plan, clock("12:00")), Cancelled("r1"))
