"""What is told on the telephone, and days that are held to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.formulate import make_plan, make_problem, make_routes
from scheduler.model import TimeWindow, WayBack
from scheduler.optimizer.solution import Solution
from scheduler.promises import (
    STEP,
    from_now_on,
    hold_to,
    pickups,
    promise_plan,
    promised_window,
    told,
)
from tests.builders_days import drive_by_hand, make_day, make_places, make_request, whole, window
from tests.builders_random_days import random_day


@given(
    earliest=st.integers(0, 80_000),
    length=st.integers(0, 10_000),
    share=st.floats(0, 1),
    width=st.integers(300, 7_200),
)
def test_a_promised_window_holds_the_planned_time_and_stays_in_the_window(
    earliest: int, length: int, share: float, width: int
) -> None:
    whole_window = TimeWindow(earliest, earliest + length)
    begin = earliest + int(share * length)

    promised = promised_window(whole_window, begin, width)

    assert begin in promised
    assert whole_window.earliest <= promised.earliest
    assert promised.latest <= whole_window.latest
    assert promised.latest - promised.earliest == min(width, length)


def test_windows_are_promised_in_whole_steps_around_the_planned_time() -> None:
    assert promised_window(window("07:00-11:00"), clock("08:32"), 30 * MINUTE) == window(
        "08:15-08:45"
    )
    assert told(TimeWindow(clock("08:17"), clock("08:47"))) == window("08:15-08:50")


def promised_pair() -> tuple:  # type: ignore[type-arg]  # a day, its plan, and promises
    day = make_day(make_request("r1"), make_request("r2", origin="berta", appointment="10:00"))
    there, back = zip(*(journey.options[0] for journey in day.journeys), strict=True)
    plan = drive_by_hand(day, {"morning": [call for t in (*there, *back) for call in whole(t)]})
    return day, plan, promise_plan(plan, day, width=10 * MINUTE)


def test_a_plan_is_promised_as_it_was_planned() -> None:
    day, plan, promises = promised_pair()

    begins = {(visit.trip, visit.kind): visit.begin for visit in plan.visits}
    for promise in promises:
        for trip in promise.trips:
            pickup = trip.visits[0]
            assert begins[trip.id, pickup.kind] in pickup.window
            assert pickup.window.latest - pickup.window.earliest <= 10 * MINUTE
            assert trip.visits[1:] == day.trip(trip.id).visits[1:]
        assert [each.latest % STEP for each in pickups(promise)] == [0] * len(promise.trips)


def test_a_day_is_held_to_its_promises() -> None:
    _, plan, promises = promised_pair()
    later = make_day(make_request("r3", appointment="11:00"))

    held = hold_to(later, promises, make_places())

    assert [journey.request for journey in held.journeys] == ["r1", "r2", "r3"]
    assert all(len(journey.options) == 1 for journey in held.journeys[:2])
    weights = [journey.weight for journey in held.journeys]
    assert min(weights[:2]) > weights[2]
    assert {trip.id for trip in held.trips} >= {trip.id for p in promises for trip in p.trips}
    assert {visit.place for trip in held.trips for visit in trip.visits} <= set(held.places)
    # The plan behind the promises is one of the new day as well.
    routes = make_routes(plan, held)
    again = make_plan(held, Solution(routes, 0, 0.0, 0, 0.0, proven=False))
    assert list(again.visits) == list(plan.visits)


def test_a_promise_takes_the_place_of_what_was_asked() -> None:
    day, _, promises = promised_pair()

    held = hold_to(day, promises[:1], make_places())

    assert [journey.request for journey in held.journeys] == ["r1", "r2"]
    assert [trip for trip in held.trips if trip.request == "r1"] == list(promises[0].trips)


def test_a_promise_needs_trips_of_its_request_and_a_weight() -> None:
    _, _, (promise, other) = promised_pair()

    with pytest.raises(ValueError, match="r1 needs trips"):
        type(promise)("r1", (), 1)
    with pytest.raises(ValueError, match="all of that request"):
        type(promise)("r1", other.trips, 1)
    with pytest.raises(ValueError, match="the weight 0"):
        type(promise)("r1", promise.trips, 0)


@pytest.mark.parametrize("seed", range(10))
def test_routes_come_back_from_a_plan_as_they_went_in(seed: int) -> None:
    from scheduler.optimizer import solve
    from scheduler.optimizer.solution import Effort

    day = random_day(seed, requests=4, shifts=2)
    solution = solve(make_problem(day), effort=Effort(iterations=100, labels=0))

    assert make_routes(make_plan(day, solution), day) == solution.routes


def test_from_now_on_nobody_is_picked_up_in_the_past() -> None:
    """One trip is over for good, the other can still begin later than it could before."""
    day = make_day(
        make_request("gone", appointment="08:30", way_back=WayBack.NONE),
        make_request("later", appointment="11:00", way_back=WayBack.NONE),
    )
    (window,) = (trip.visits[0].window for trip in day.trips if trip.request == "later")
    now = window.latest

    left = from_now_on(day, now)

    assert [journey.request for journey in left.journeys] == ["later"]
    assert [trip.visits[0].window for trip in left.trips] == [TimeWindow(now, now)]
    assert from_now_on(day, 0).journeys == day.journeys
    assert from_now_on(day, now + 1).journeys == ()
