"""A day seen at any moment: what is left of it has the rest of the plan as a plan."""

import os
from dataclasses import replace

import numpy as np
import pytest

from scheduler.buses import follows
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.planning import accept, checked_plan
from scheduler.under_way import freeze
from scheduler.violation import Rule
from tests.builders_days import drive_by_hand, make_break, make_day, make_request, make_shift, whole
from tests.builders_random_days import random_day

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "40"))
EFFORT = Effort(iterations=200)


def planned(day: Day) -> Plan:
    return checked_plan(day, solve(make_problem(day), effort=EFFORT))


@pytest.mark.parametrize("seed", range(DAYS))
def test_the_rest_of_a_day_can_be_planned_as_it_was(seed: int) -> None:
    """Replanned at any moment without any news, an optimal day costs what it cost before."""
    day = random_day(seed, requests=4, shifts=2)
    plan = planned(day)
    if not plan.proven:
        pytest.skip("not proven within the effort of a test")
    moments = [visit.begin for visit in plan.visits] or [0]
    draw = np.random.default_rng(seed)
    for now in [0, *draw.integers(min(moments) - 900, max(moments) + 900, size=4).tolist()]:
        under_way = freeze(day, plan, now)

        rest = checked_plan(under_way.rest, solve(make_problem(under_way.rest), effort=EFFORT))
        joined = accept(day, under_way.join(rest))

        assert check(joined, day) == []
        assert joined.cost == plan.cost, (now, joined.cost, plan.cost)
        done = [visit for visit in plan.visits if visit.begin <= now]
        again = {(visit.trip, visit.kind, visit.begin) for visit in joined.visits}
        assert {(visit.trip, visit.kind, visit.begin) for visit in done} <= again


def morning() -> tuple[Day, Plan]:
    """Anton is fetched at 8:20, is at the MVZ from 8:35 to 10:00, and is home at 10:15 or so."""
    day = make_day(make_request("r1"), shifts=[make_shift(rest=make_break("08:30-11:00", 20))])
    (option,) = day.journeys[0].options
    return day, drive_by_hand(day, {"morning": [call for trip in option for call in whole(trip)]})


def test_before_it_begins_a_day_is_whole() -> None:
    day, plan = morning()

    rest = freeze(day, plan, clock("06:00")).rest

    assert rest.journeys == day.journeys
    assert rest.trips == day.trips
    assert rest.shifts == day.shifts
    assert rest.bound_to == {}


def test_who_is_in_the_bus_boards_where_it_is_and_cannot_change_it() -> None:
    day, plan = morning()
    pickup, *_ = plan.visits

    under_way = freeze(day, plan, pickup.begin)

    trip = under_way.rest.trip("r1/outbound-1")
    assert under_way.buses["morning"].place == "anton"
    assert under_way.buses["morning"].done == (pickup,)
    assert [visit.place for visit in trip.visits] == ["anton", "mvz"]
    assert trip.visits[0].window.earliest == trip.visits[0].window.latest == pickup.end
    assert trip.longest_rides == day.trip("r1/outbound-1").longest_rides
    assert under_way.rest.bound_to[trip.id] == "morning"
    assert under_way.rest.shifts[0].start_place == "anton"


def test_a_bus_on_its_way_goes_on_to_its_next_stop() -> None:
    day, plan = morning()
    pickup, dropoff, *_ = plan.visits

    under_way = freeze(day, plan, pickup.end + 60)

    bus = under_way.buses["morning"]
    assert bus.place == "mvz"
    assert bus.ready == next(s for s in plan.routes[0].stops if dropoff in s.visits).arrival
    trip = under_way.rest.trip("r1/outbound-1")
    assert trip.longest_rides[0] == day.trip(trip.id).longest_rides[0] - (bus.ready - pickup.end)


def test_a_bus_follows_a_route_at_any_moment_until_it_goes_elsewhere() -> None:
    """In the depot, at each halt and on each way; not with another order, nor to another place."""
    day = make_day(make_request("r1"), shifts=[make_shift("one")])
    (option,) = day.journeys[0].options
    plan = drive_by_hand(day, {"one": [call for trip in option for call in whole(trip)]})
    (route,) = plan.routes
    for now in range(clock("07:00"), route.stops[-1].arrival + 600, 60):
        bus = freeze(day, plan, now).buses["one"]
        assert follows(bus, route)
        assert not follows(replace(bus, place="elsewhere"), route)
        assert follows(bus, replace(route, stops=())) == (not bus.done)
    other = replace(route, stops=(route.stops[0], *route.stops[2:]))
    assert not follows(bus, other)


def test_a_journey_that_has_begun_weighs_more_than_all_others_and_keeps_its_way() -> None:
    day, plan = morning()
    *_, back, home = plan.visits

    rest = freeze(day, plan, back.begin - 60).rest

    journey, stand_in = rest.journeys
    assert journey.options == ((back.trip,),)
    assert journey.weight > 100 * day.journeys[0].weight
    assert stand_in.request == "bus/morning"
    assert freeze(day, plan, home.begin).rest.journeys == (stand_in,)


def test_a_break_that_was_taken_is_not_taken_again() -> None:
    day, plan = morning()
    rest = plan.routes[0].rest
    assert rest is not None

    during = freeze(day, plan, rest.earliest)

    assert during.buses["morning"].rested == rest
    assert during.buses["morning"].ready >= rest.latest
    assert during.rest.shifts[0].rest is None
    assert freeze(day, plan, rest.earliest - 1).rest.shifts[0].rest is not None


def test_the_checker_sees_when_somebody_is_said_to_change_the_bus() -> None:
    day = random_day(3, requests=4, shifts=2)
    plan = planned(day)
    carried = {
        visit.trip: route.shift for route in plan.routes for s in route.stops for visit in s.visits
    }
    trip, shift = next(iter(carried.items()))
    other = next(each.id for each in day.shifts if each.id != shift)

    assert check(plan, replace(day, bound_to={trip: shift})) == []
    (violation,) = check(plan, replace(day, bound_to={trip: other}))
    assert violation.rule is Rule.SAME_BUS
