"""A bus breaks down: who has arrived with that, and who needs another one."""

from dataclasses import replace

from routing.units import MINUTE
from scheduler.check import check
from scheduler.day import Day
from scheduler.events import Delayed, OutOfService, happen
from scheduler.model import Load, Request, TimeWindow, Trip, Vehicle, WayBack
from scheduler.plan import Plan
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import Replanned, replan
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

OUT, BACK = "r1/outbound-1", "r1/return-1"
RESCUE = "/rescue"


def with_another_bus(
    *requests: Request, calls: list[tuple[str, int]] | None = None, **rules: dict[str, object]
) -> tuple[Day, Plan]:
    """All ride in the bus of "one"; "two" stands in the depot."""
    shifts = [make_shift("one"), make_shift("two", vehicle=Vehicle("other", (Load(seats=8),)))]
    asked = make_day(*requests, shifts=shifts, policy=make_policy(**rules))
    if calls is None:
        trips = asked.journeys[0].options[0]
        calls = [call for trip in trips for call in whole(trip, len(asked.trip(trip).visits))]
    plan = drive_by_hand(asked, {"one": calls})
    promises = promise_plan(plan, asked, width=20 * MINUTE)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def breaks_down(under_way: UnderWay) -> Replanned:
    result = replan(happen(under_way, OutOfService("one")), effort=SMALL)
    assert check(result.plan, result.day) == []
    return result


def carried(plan: Plan) -> dict[str, str]:
    """Which shift carries each trip."""
    return {
        visit.trip: route.shift
        for route in plan.routes
        for stop in route.stops
        for visit in stop.visits
    }


def begin(plan: Plan, trip: str, number: int = 0) -> int:
    return [visit.begin for visit in plan.visits if visit.trip == trip][number]


def leaves(plan: Plan, trip: str) -> int:
    """When the bus has just set off with somebody."""
    return next(visit.end for visit in plan.visits if visit.trip == trip) + 1


def test_whoever_is_on_the_way_to_the_next_stop_has_arrived_there() -> None:
    """Where Anton sees the doctor, he gets out; only his way home needs another bus."""
    day, plan = with_another_bus(make_request("r1"))

    result = breaks_down(freeze(day, plan, leaves(plan, OUT)))

    assert carried(result.plan) == {OUT: "one", BACK: "two"}
    assert begin(result.plan, OUT, -1) <= begin(plan, OUT, -1)
    assert (result.late, result.given_up, result.overtime) == ({}, (), {})


def test_whoever_comes_too_late_because_of_that_is_told() -> None:
    day, plan = with_another_bus(make_request("r1"))
    under_way = freeze(day, plan, leaves(plan, OUT))

    result = breaks_down(happen(under_way, Delayed("one", 40 * MINUTE)))

    assert carried(result.plan)[OUT] == "one"
    assert "r1" in result.late


def test_whoever_is_at_home_needs_no_other_bus() -> None:
    day, plan = with_another_bus(make_request("r1"))

    result = breaks_down(freeze(day, plan, leaves(plan, BACK)))

    assert carried(result.plan) == {OUT: "one", BACK: "one"}
    assert (result.late, result.given_up) == ({}, ())


def test_whoever_wanted_to_go_further_waits_for_another_bus() -> None:
    """Cesar is in the bus when it breaks down at Berta's door; both are fetched there."""
    riders = [
        make_request("r1", origin="cesar", way_back=WayBack.NONE),
        make_request("r2", origin="berta", way_back=WayBack.NONE),
    ]
    other = "r2/outbound-1"
    day, plan = with_another_bus(*riders, calls=[(OUT, 0), (other, 0), (OUT, 1), (other, 1)])

    result = breaks_down(freeze(day, plan, leaves(plan, OUT)))

    assert carried(result.plan) == {OUT: "one", OUT + RESCUE: "two", other: "two"}
    assert result.given_up == ()
    (first, second) = (result.day.trip(name).visits for name in (OUT, OUT + RESCUE))
    assert [visit.place for visit in (*first, *second)] == ["cesar", "berta", "berta", "mvz"]


def opening(trip: Trip, at: int) -> Trip:
    """The same with a pharmacy that opens *at*."""
    pickup, via, home = trip.visits
    later = TimeWindow(at, max(at, via.window.latest))
    return replace(trip, visits=(pickup, replace(via, window=later), home))


def pharmacy_on_the_way_home() -> tuple[Day, Plan, str]:
    asked = make_request("r1", origin="berta", pharmacies=("pharmacy",))
    day, plan = with_another_bus(asked, pharmacy={"mode": "bus_waits"})
    (trip,) = (t.id for t in day.trips if len(t.visits) > 2)
    return day, plan, trip


def test_whoever_is_at_the_pharmacy_calls_at_it_while_they_wait() -> None:
    day, plan, back = pharmacy_on_the_way_home()
    via = next(v for v in plan.visits if v.trip == back and v.kind == "via")

    result = breaks_down(freeze(day, plan, leaves(plan, back)))

    assert carried(result.plan)[back + RESCUE] == "two"
    rescue = result.day.trip(back + RESCUE).visits
    assert [visit.place for visit in rescue] == ["pharmacy", "berta"]
    assert begin(result.plan, back + RESCUE) >= via.end


def test_a_pharmacy_that_is_closed_is_called_at_later() -> None:
    """The bus comes there before it opens, so the other one has to wait there."""
    day, plan, back = pharmacy_on_the_way_home()
    under_way = freeze(day, plan, leaves(plan, back))
    opens = next(v.begin for v in plan.visits if v.trip == back and v.kind == "via") + 20 * MINUTE
    trips = tuple(opening(trip, opens) if trip.id == back else trip for trip in day.trips)

    changed = happen(replace(under_way, whole=replace(day, trips=trips)), OutOfService("one"))

    rescue = changed.whole.trip(back + RESCUE).visits
    assert [visit.place for visit in rescue] == ["pharmacy", "pharmacy", "berta"]
