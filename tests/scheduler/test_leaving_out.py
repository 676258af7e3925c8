"""Somebody is forgotten: their visits fall away, and nobody else hears of it."""

from dataclasses import replace

import pytest

from scheduler.check import check
from scheduler.leaving_out import leave_out
from scheduler.model import Load, Vehicle
from scheduler.optimizer.solution import Effort
from scheduler.plan import Cost, Plan, Reason, Unserved
from scheduler.planning import plan_day
from tests.builders_days import (
    drive_by_hand,
    make_break,
    make_day,
    make_request,
    make_shift,
    whole,
)
from tests.builders_random_days import random_asked

Begins = dict[tuple[str, str, str], tuple[str, int, int]]


def begins(plan: Plan) -> Begins:
    """Each visit by trip and place, with the shift that makes it, its begin and its end."""
    return {
        (visit.trip, visit.kind, stop.place): (route.shift, visit.begin, visit.end)
        for route in plan.routes
        for stop in route.stops
        for visit in stop.visits
    }


@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_passes_the_checker_and_keeps_its_times(seed: int) -> None:
    """Whoever of the six it is; only for a break may others be moved."""
    asked = random_asked(seed, requests=6, shifts=2)
    plan = plan_day(asked.day, effort=Effort(iterations=200))
    rests = {shift.id for shift in asked.shifts if shift.rest is not None}

    for name in [request.id for request in asked.requests]:
        others = tuple(each for each in asked.requests if each.id != name)
        day = replace(asked, requests=others).day
        left = leave_out(plan, {name}, day)

        assert check(left, day) == []
        kept = {
            call: told for call, told in begins(plan).items() if not call[0].startswith(f"{name}/")
        }
        now = begins(left)
        assert now.keys() == kept.keys()
        assert {call: told for call, told in now.items() if told[0] not in rests} == {
            call: told for call, told in kept.items() if told[0] not in rests
        }


def test_the_bus_leaves_later_waits_or_stays() -> None:
    """By hand, along the road of the builders: anton 5 minutes off, cesar 20, berta 15."""
    anton = make_request("anton", appointment="08:45")
    cesar = make_request("cesar", origin="cesar", appointment="09:30")
    both = make_day(anton, cesar)
    calls = [
        *whole("anton/outbound-1"),
        *whole("cesar/outbound-1"),
        *whole("anton/return-1"),
        *whole("cesar/return-1"),
    ]
    plan = drive_by_hand(both, {"morning": calls})
    first = plan.routes[0].stops[0].departure

    late = leave_out(plan, {"anton"}, make_day(cesar)).routes[0].stops
    early = leave_out(plan, {"cesar"}, make_day(anton)).routes[0].stops
    nobody = leave_out(plan, {"anton", "cesar"}, make_day())

    assert [stop.place for stop in late] == ["depot", "cesar", "mvz", "mvz", "cesar", "depot"]
    assert late[1].arrival == late[1].visits[0].begin  # just in time
    assert late[0].departure > first
    assert early[0].departure == first
    assert [stop.place for stop in early] == ["depot", "anton", "mvz", "mvz", "anton", "depot"]
    assert nobody.routes[0].stops == ()
    assert nobody.cost == Cost(0, 0)


def test_a_break_at_a_stop_that_is_gone_is_taken_elsewhere() -> None:
    """The bus rested at cesar's before he boarded; without him it rests, and is in time."""
    shift = make_shift(rest=make_break("08:00-09:30", 15))
    anton = make_request("anton", appointment="08:35")
    cesar = make_request("cesar", origin="cesar", appointment="09:30")
    berta = make_request("berta", origin="berta", appointment="10:15")
    calls = [
        *whole("anton/outbound-1"),
        *whole("cesar/outbound-1"),
        *whole("anton/return-1"),
        *whole("berta/outbound-1"),
        *whole("cesar/return-1"),
        *whole("berta/return-1"),
    ]
    plan = drive_by_hand(make_day(anton, cesar, berta, shifts=[shift]), {"morning": calls})
    day = make_day(anton, berta, shifts=[shift])

    left = leave_out(plan, {"cesar"}, day)

    assert check(left, day) == []
    assert left.routes[0].rest is not None
    assert left.routes[0].rest.latest - left.routes[0].rest.earliest == 15 * 60


def test_who_was_left_at_home_changes_nothing_but_the_names() -> None:
    """What was proven beside them is proven without them, also of the one who still stays."""
    taxi = make_shift(vehicle=Vehicle("taxi", (Load(1),)))
    requests = [make_request(name, origin="cesar") for name in ("anton", "berta", "cesar")]
    plan = plan_day(make_day(*requests, shifts=[taxi]), effort=Effort())
    gone, stays = (each.request for each in plan.unserved)
    day = make_day(*(each for each in requests if each.id != gone), shifts=[taxi])

    left = leave_out(plan, {gone}, day)

    assert check(left, day) == []
    assert left.routes == plan.routes
    assert left.proven
    assert left.unserved == (Unserved(stays, Reason.NO_ROOM_PROVEN),)


def test_where_somebody_rode_nothing_is_said_to_be_proven() -> None:
    """There may be room for whoever stayed at home, and nobody has looked."""
    taxi = make_shift(vehicle=Vehicle("taxi", (Load(1),)))
    requests = [make_request(name, origin="cesar") for name in ("anton", "berta")]
    plan = plan_day(make_day(*requests, shifts=[taxi]), effort=Effort())
    (stays,) = (each.request for each in plan.unserved)
    day = make_day(*(each for each in requests if each.id == stays), shifts=[taxi])

    left = leave_out(plan, {each.id for each in requests} - {stays}, day)

    assert check(left, day) == []
    assert (left.bound, left.proven) == (Cost(0, 0), False)
    assert left.unserved == (Unserved(stays, Reason.NO_ROOM_FOUND),)
