"""From a day to numbers, and from routes to stops."""

from dataclasses import replace

import numpy as np
import pytest

from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock, hh_mm
from scheduler.formulate import make_plan, make_problem
from scheduler.model import Mobility, Needs, VisitKind
from scheduler.optimizer.solution import RoutePlan, Solution
from scheduler.plan import Cost, Reason, Route
from tests.builders_days import (
    drive_by_hand,
    make_break,
    make_day,
    make_request,
    make_shift,
    whole,
    window,
)
from tests.builders_random_days import random_day

EMPTY = Solution((RoutePlan(),), 1, 0.0, 1, 0.0, proven=True)


def test_a_trip_over_a_pharmacy_has_three_visits() -> None:
    """The seat is kept while the passenger is inside."""
    needs = Needs(Mobility.WHEELCHAIR, companions=2)
    day = make_day(make_request(pharmacies=("pharmacy",), needs=needs))

    problem = make_problem(day)

    assert problem.trip_start.tolist() == [0, 2, 5]
    assert problem.visit_load.tolist() == [[2, 1], [-2, -1], [2, 1], [0, 0], [-2, -1]]
    assert np.isinf(problem.visit_ride).tolist() == [True, False, True, False, False]
    assert problem.option_trip.tolist() == [0, 1]
    places = [day.index[visit.place] for trip in day.trips for visit in trip.visits]
    assert problem.visit_place.tolist() == places


def test_options_share_the_way_out() -> None:
    """Two pharmacies: two ways home, one way out."""
    minutes = {"depot": 0, "anton": 5, "mvz": 10, "pharmacy": 12, "other_pharmacy": 13}
    request = make_request(pharmacies=("pharmacy", "other_pharmacy"))
    day = make_day(make_request("a", priority=2), request, minutes=minutes)

    problem = make_problem(day)

    assert problem.journey_weight.tolist() == [16, 1]
    assert problem.option_journey.tolist() == [0, 1, 1]
    assert problem.option_start.tolist() == [0, 2, 4, 6]
    assert problem.option_trip.tolist() == [0, 1, 2, 3, 2, 4]


def test_shifts_bring_their_seats_hours_and_break() -> None:
    """A break ends with the shift at the latest."""
    shift = make_shift(rest=make_break("12:00-12:29", 20), takes_wheelchairs=False)
    strong = make_shift("afternoon", "13:00-17:00")
    day = make_day(
        make_request(),
        make_request("w", needs=Needs(Mobility.WHEELCHAIR), appointment="14:30"),
        shifts=[shift, strong],
    )

    problem = make_problem(day)

    assert problem.configuration.tolist() == [[8, 0], [5, 1]] * 2
    assert problem.configuration_start.tolist() == [0, 2, 4]
    assert problem.shift_earliest.tolist() == [clock("08:00"), clock("13:00")]
    assert problem.shift_rest.tolist() == [[clock("12:00"), clock("12:10"), 20 * MINUTE], [0, 0, 0]]
    assert problem.shift_takes.tolist() == [[True, True, False, False], [True] * 4]


def test_a_day_without_anything_is_a_problem_too() -> None:
    """Arrays keep their shapes."""
    problem = make_problem(make_day(shifts=[]))

    assert (problem.visits, problem.trips, problem.journeys, problem.shifts) == (0, 0, 0, 0)
    assert problem.visit_load.shape == (0, 2)
    assert problem.shift_takes.shape == (0, 0)


def test_a_bus_with_nothing_to_do_stays_where_it_is() -> None:
    """No stops, no break, and everybody unserved."""
    day = make_day(make_request())

    plan = make_plan(day, EMPTY)

    assert plan.routes == (Route("morning", "bus", "driver-morning"),)
    assert plan.cost == plan.bound == Cost(1, 0)
    assert [unserved.reason for unserved in plan.unserved] == [Reason.NO_ROOM_PROVEN]


def test_without_a_proof_no_room_was_only_not_found() -> None:
    """A bound of nothing unserved leaves it open."""
    plan = make_plan(make_day(make_request()), replace(EMPTY, bound_weight=0, proven=False))

    assert [unserved.reason for unserved in plan.unserved] == [Reason.NO_ROOM_FOUND]
    assert not plan.proven


def test_a_bound_is_rounded_up_to_whole_seconds() -> None:
    """Driving takes whole seconds: above 99.2 comes 100. Rounding noise above 99 is still 99."""
    day = make_day(make_request())
    unproven = replace(EMPTY, bound_weight=0, proven=False)

    above = make_plan(day, replace(unproven, bound_cost=99.2))
    noise = make_plan(day, replace(unproven, bound_cost=99 + 1e-9))

    assert (above.bound, noise.bound) == (Cost(0, 100), Cost(0, 99))
    assert above.cost == Cost(1, 0)


def test_visits_at_one_place_without_a_wait_are_one_stop() -> None:
    """Two alight at the MVZ one after the other, a third boards at once: one halt."""
    day = make_day(
        make_request("a"),
        make_request("b", origin="berta"),
        make_request("c", appointment="08:15", stay=15 * MINUTE),
        shifts=[make_shift(hours="07:00-12:30")],
    )
    calls = [*whole("c/outbound-1"), ("b/outbound-1", 0), ("b/outbound-1", 1)]

    plan = drive_by_hand(day, {"morning": [*calls, *whole("c/return-1")]})

    stops = plan.routes[0].stops
    at = [(stop.place, [str(visit.kind) for visit in stop.visits]) for stop in stops]
    assert at == [
        ("depot", []),
        ("anton", ["pickup"]),
        ("mvz", ["dropoff"]),
        ("berta", ["pickup"]),
        ("mvz", ["dropoff", "pickup"]),
        ("anton", ["dropoff"]),
        ("depot", []),
    ]
    assert stops[4].departure == stops[4].visits[1].end
    assert stops[4].aboard == ("c/return-1",)
    assert check(plan, day)[0].rule == "journey"  # b has no way home in this test


def test_a_wait_makes_a_second_stop_at_the_same_place() -> None:
    """From the end of one service to the begin of the next, the bus stands."""
    day = make_day(make_request())

    plan = drive_by_hand(day, {"morning": [*whole("r1/outbound-1"), *whole("r1/return-1")]})

    first, second = plan.routes[0].stops[2:4]
    assert (first.place, second.place) == ("mvz", "mvz")
    assert second.arrival == first.departure == first.visits[0].end
    assert second.visits[0].begin == clock("10:00")
    assert second.metres == 0
    assert [stop.metres for stop in plan.routes[0].stops] == [0, 5000, 5000, 0, 5000, 5000]


@pytest.mark.parametrize(
    ("rest", "place", "arrival", "departure"),
    [
        ("07:30-07:40", "depot", "07:30", "07:40"),
        ("08:40-08:45", "mvz", "08:32", "10:03"),
        ("10:31-10:40", "depot", "10:15", "10:41"),
    ],
)
def test_the_break_stands_at_a_stop(rest: str, place: str, arrival: str, departure: str) -> None:
    """At the depot before leaving, at the MVZ with nobody aboard, or at the end."""
    shift = make_shift(hours="07:30-12:30", rest=make_break(rest, 10))
    day = make_day(make_request(), shifts=[shift])

    plan = drive_by_hand(day, {"morning": [*whole("r1/outbound-1"), *whole("r1/return-1")]})

    taken = plan.routes[0].rest
    assert taken is not None
    (stop,) = [
        stop
        for stop in plan.routes[0].stops
        if stop.arrival <= taken.earliest and taken.latest <= stop.departure
    ]
    assert (stop.place, hh_mm(stop.arrival), hh_mm(stop.departure)) == (place, arrival, departure)
    assert check(plan, day) == []


def test_the_break_may_begin_upon_arrival() -> None:
    """The window closes at 8:40, on the way to cesar: he is reached at 8:42, and boards later."""
    shift = make_shift(rest=make_break("08:35-08:40", 20))
    day = make_day(
        make_request(), make_request("c", origin="cesar", appointment="09:30"), shifts=[shift]
    )
    order = [*whole("r1/outbound-1"), *whole("c/outbound-1")]
    home = [*whole("r1/return-1"), *whole("c/return-1")]

    plan = drive_by_hand(day, {"morning": order + home})

    assert plan.routes[0].rest == window("08:42-09:02")
    assert check(plan, day) == []


@pytest.mark.parametrize("seed", range(20))
def test_numbers_of_random_days_fit_together(seed: int) -> None:
    """Windows are in order, and each trip rides at least as long as its direct drive."""
    day = random_day(seed, requests=6, shifts=3)

    problem = make_problem(day)

    assert (problem.visit_earliest <= problem.visit_latest).all()
    for trip in range(problem.trips):
        begin, end = problem.trip_start[trip : trip + 2]
        assert problem.visit_load[begin:end].sum() == 0
        for visit in range(begin + 1, end):
            here, there = problem.visit_place[visit - 1 : visit + 1]
            assert problem.visit_ride[visit] >= problem.seconds[here, there]
    for option in range(len(problem.option_journey)):
        trips = problem.option_trip[problem.option_start[option] : problem.option_start[option + 1]]
        ends = [problem.trip_start[trip + 1] - 1 for trip in trips]
        for last, after in zip(ends, trips[1:], strict=False):
            over = problem.visit_latest[last] + problem.visit_dwell[last]
            # Whatever happens within its windows, a trip is over when the next one begins.
            assert problem.visit_earliest[problem.trip_start[after]] >= over


def test_people_aboard_stand_in_the_order_in_which_they_boarded() -> None:
    """As the driver knows them."""
    day = make_day(make_request("a"), make_request("b", origin="berta"), make_request("c"))
    # On the way out of town everybody is fetched before the MVZ is passed twice.
    calls = [("a/outbound-1", 0), ("c/outbound-1", 0), ("a/outbound-1", 1), ("c/outbound-1", 1)]

    plan = drive_by_hand(day, {"morning": calls})

    assert [stop.aboard for stop in plan.routes[0].stops[1:3]] == [
        ("a/outbound-1", "c/outbound-1"),
        (),
    ]
    kinds = [visit.kind for visit in plan.routes[0].stops[1].visits]
    assert kinds == [VisitKind.PICKUP, VisitKind.PICKUP]
