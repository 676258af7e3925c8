"""What happens on the day, one event at a time, and what becomes of the rest."""

from dataclasses import replace

import numpy as np
import pytest

from routing.matrix import NO_ROAD, TravelMatrix
from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.errors import NotDueError, NoWayBackError
from scheduler.events import (
    Cancelled,
    Delayed,
    EventError,
    NoShow,
    OutOfService,
    Ready,
    RoadsChanged,
    happen,
)
from scheduler.lateness import late_option
from scheduler.model import TripKind, VisitKind, WayBack
from scheduler.plan import Plan
from scheduler.promises import STEP, hold_to, promise_plan
from scheduler.replan import replan
from scheduler.under_way import UnderWay, freeze
from tests.builders_days import (
    drive_by_hand,
    make_day,
    make_policy,
    make_request,
    make_shift,
    whole,
)
from tests.builders_running_days import SMALL

LATER_TRIP = {"mode": "later_trip"}


def anton(**changed: object) -> tuple[Day, Plan]:
    """Anton is brought to the MVZ for nine, and fetched from there after ten."""
    policy = make_policy(**changed.pop("rules", {}))  # type: ignore[arg-type]
    asked = make_day(make_request("r1", **changed), shifts=[make_shift()], policy=policy)
    option, *_ = asked.journeys[0].options
    calls = [call for trip in option for call in whole(trip, len(asked.trip(trip).visits))]
    plan = drive_by_hand(asked, {"morning": calls})
    promises = promise_plan(plan, asked, width=20 * MINUTE)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def begin(plan: Plan, trip: str, kind: VisitKind = VisitKind.PICKUP) -> int:
    return next(v.begin for v in plan.visits if v.trip == trip and v.kind is kind)


def closed(day: Day, place: str) -> RoadsChanged:
    """No road leads to *place* any more."""
    seconds, metres = day.travel.seconds.copy(), day.travel.metres.copy()
    row = day.index[place]
    seconds[row, :] = seconds[:, row] = NO_ROAD
    seconds[row, row] = 0
    return RoadsChanged(TravelMatrix(seconds, metres), day.index)


def slower(day: Day, by: int) -> RoadsChanged:
    apart = 1 - np.eye(len(day.travel), dtype=np.int64)
    return RoadsChanged(TravelMatrix(day.travel.seconds + by * apart, day.travel.metres), day.index)


def test_her_daughter_fetches_her() -> None:
    """Only the way there is left, before it has begun."""
    day, plan = anton()

    result = replan(
        happen(freeze(day, plan, clock("08:00")), Cancelled("r1", way_back_only=True)), effort=SMALL
    )

    assert {visit.trip for visit in result.plan.visits} == {"r1/outbound-1"}
    assert (result.late, result.given_up) == ({}, ())


def test_without_a_way_back_ahead_none_is_cancelled() -> None:
    day, plan = anton()
    under_way = freeze(day, plan, begin(plan, "r1/return-1"))

    with pytest.raises(EventError, match="no way back"):
        happen(under_way, Cancelled("r1", way_back_only=True))


def test_who_is_ready_sooner_is_fetched_sooner() -> None:
    """The dropoff at home may be sooner as well, or the ride would be too long."""
    day, plan = anton()
    back = day.trip("r1/return-1")
    at = back.visits[0].window.earliest - 40 * MINUTE
    now = begin(plan, "r1/outbound-1", VisitKind.DROPOFF) + 5 * MINUTE

    changed = happen(freeze(day, plan, now), Ready("r1", at, wait=10 * MINUTE))

    pickup, dropoff = changed.whole.trip("r1/return-1").visits
    assert (pickup.window.earliest, pickup.window.latest) == (at, back.visits[0].window.latest)
    assert dropoff.window.earliest == back.visits[1].window.earliest - 40 * MINUTE
    assert replan(changed, effort=SMALL).late == {}


def test_nobody_is_fetched_before_they_were_brought() -> None:
    """The doctor rings that it will take no time; she is still at home."""
    day, plan = anton()
    arrival = day.trip("r1/outbound-1").visits[-1]

    changed = happen(freeze(day, plan, clock("07:00")), Ready("r1", clock("07:30"), wait=MINUTE))

    earliest = changed.whole.trip("r1/return-1").visits[0].window.earliest
    assert earliest == arrival.window.latest + arrival.dwell


def test_the_doctor_is_late_and_so_is_all_that_follows_the_pharmacy() -> None:
    """Set down at the pharmacy, fetched from there: the second way moves with the first."""
    day, plan = anton(pharmacies=("pharmacy",), rules={"pharmacy": LATER_TRIP})
    (option,) = day.journeys[0].options
    _, there, home = (day.trip(trip) for trip in option)
    late = there.visits[0].window.latest + 20 * MINUTE
    under_way = freeze(day, plan, begin(plan, there.id) - 20 * MINUTE)

    changed = happen(under_way, Ready("r1", late, wait=5 * MINUTE))

    moved, then = changed.whole.trip(there.id), changed.whole.trip(home.id)
    assert moved.visits[0].window.earliest == late
    by = moved.visits[-1].window.latest - there.visits[-1].window.latest
    assert by == 25 * MINUTE
    assert then.visits[0].window.earliest == home.visits[0].window.earliest + by


def test_who_is_ready_at_the_pharmacy_is_fetched_from_there() -> None:
    day, plan = anton(pharmacies=("pharmacy",), rules={"pharmacy": LATER_TRIP})
    (option,) = day.journeys[0].options
    _, there, home = option
    under_way = freeze(day, plan, begin(plan, there, VisitKind.DROPOFF) + 5 * MINUTE)
    at = day.trip(home).visits[0].window.latest + 10 * MINUTE

    changed = happen(under_way, Ready("r1", at, wait=5 * MINUTE))

    assert changed.whole.trip(home).visits[0].window.earliest == at
    assert begin(replan(changed, effort=SMALL).plan, home) >= at


def test_a_bus_that_is_late_is_so_whatever_else_happens() -> None:
    """Between the delay and its end, somebody asks again where the bus is."""
    day, plan = anton()
    now = begin(plan, "r1/outbound-1") - 2 * MINUTE
    late = replan(happen(freeze(day, plan, now), Delayed("morning", 15 * MINUTE)), effort=SMALL)

    again = freeze(late.day, late.plan, now + 5 * MINUTE)

    assert (
        again.buses["morning"].ready == freeze(day, plan, now).buses["morning"].ready + 15 * MINUTE
    )


def test_a_shift_that_has_not_begun_falls_out() -> None:
    day, plan = anton()

    result = replan(
        happen(freeze(day, plan, clock("07:00")), OutOfService("morning")), effort=SMALL
    )

    assert [route.stops for route in result.plan.routes] == [()]
    assert result.given_up == ("r1",)
    assert result.sure


def on_the_way(day: Day, plan: Plan) -> UnderWay:
    """Anton is in the bus, between his home and the MVZ."""
    return freeze(day, plan, next(iter(plan.visits)).end + MINUTE)


def test_a_bus_between_two_stops_arrives_on_the_old_roads() -> None:
    day, plan = anton()

    result = replan(happen(on_the_way(day, plan), slower(day, 60)), effort=SMALL)

    assert begin(result.plan, "r1/outbound-1", VisitKind.DROPOFF) == begin(
        plan, "r1/outbound-1", VisitKind.DROPOFF
    )
    assert check(result.plan, result.day) == []
    assert len(result.day.earlier_roads) == 1


def test_whom_no_road_reaches_any_more_is_given_up() -> None:
    """Before he has set out."""
    day, plan = anton()

    result = replan(happen(freeze(day, plan, clock("07:00")), closed(day, "anton")), effort=SMALL)

    assert result.given_up == ("r1",)
    assert list(result.plan.visits) == []


def test_who_cannot_be_brought_home_gets_out_where_he_boarded() -> None:
    """On his way home, his home is cut off: back to the MVZ."""
    day, plan = anton()
    under_way = freeze(day, plan, begin(plan, "r1/return-1"))

    result = replan(happen(under_way, closed(day, "anton")), effort=SMALL)

    assert result.given_up == ("r1",)
    last = [stop for stop in result.plan.routes[0].stops if stop.visits][-1]
    assert (last.place, last.visits[-1].kind) == ("mvz", VisitKind.DROPOFF)
    assert check(result.plan, result.day) == []


def test_roads_that_do_not_know_a_place_are_refused() -> None:
    day, plan = anton()
    index = {name: row for name, row in day.index.items() if name != "mvz"}

    with pytest.raises(EventError, match="mvz"):
        happen(freeze(day, plan, clock("08:00")), RoadsChanged(day.travel, index))


def test_who_comes_late_to_the_doctor_is_not_fetched_before() -> None:
    """Two hours late: the way back moves along, and begins after the latest arrival."""
    day, plan = anton()
    under_way = freeze(day, plan, clock("07:00"))
    (option,) = day.journeys[0].options

    out, back = late_option(under_way, option, 24 * STEP - STEP, 24 * STEP)

    assert (out.kind, back.kind) == (TripKind.OUTBOUND, TripKind.RETURN)
    last = out.visits[-1]
    assert last.window.latest == day.trip(out.id).visits[-1].window.latest + 24 * STEP
    assert back.visits[0].window.earliest >= last.window.latest + last.dwell


def test_nobody_is_missed_before_a_bus_may_be_there() -> None:
    day, plan = anton()
    window = day.trip("r1/outbound-1").visits[0].window

    with pytest.raises(NotDueError, match="r1"):
        happen(freeze(day, plan, window.earliest - 1), NoShow("r1"))
    missed = happen(freeze(day, plan, window.earliest), NoShow("r1"))

    assert missed.whole.trips == ()


def test_whoever_the_bus_has_passed_is_missed_until_the_end_of_the_day() -> None:
    """The driver rings later: what was driven by the plan stays, what is ahead falls away."""
    day, plan = anton()

    for at, left in (("09:30", {"r1/outbound-1"}), ("18:00", {"r1/outbound-1", "r1/return-1"})):
        under_way = freeze(day, plan, clock(at))
        missed = happen(under_way, NoShow("r1"))
        assert {trip.id for trip in missed.whole.trips} == left
        assert missed.buses == under_way.buses


def test_whoever_is_not_at_the_bus_that_is_there_is_missed() -> None:
    """It stands at Anton's door long before the window that he was promised."""
    day, plan = anton()
    window = day.trip("r1/outbound-1").visits[0].window
    (route,) = plan.routes
    stops = tuple(
        replace(stop, arrival=window.earliest - 600) if stop.place == "anton" and n == 1 else stop
        for n, stop in enumerate(route.stops)
    )
    early = replace(plan, routes=(replace(route, stops=stops),))

    missed = happen(freeze(day, early, window.earliest - 300), NoShow("r1"))

    assert missed.whole.trips == ()


def test_a_way_back_that_is_not_ahead_cannot_change() -> None:
    day, plan = anton(way_back=WayBack.NONE)
    under_way = freeze(day, plan, clock("08:00"))

    for event in (Cancelled("r1", way_back_only=True), Ready("r1", clock("10:00"), 0)):
        with pytest.raises(NoWayBackError, match="no way back"):
            happen(under_way, event)
