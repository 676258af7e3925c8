"""Each promise about a trip is broken once, and the checker finds exactly that."""

from dataclasses import replace

from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.model import TimeWindow, VisitKind
from scheduler.plan import PlannedVisit, Stop
from scheduler.violation import Rule
from tests.builders_check import PLAN, found, rules, where, with_stop, with_trip, with_visit


def test_an_unknown_trip_is_found() -> None:
    """Somebody of another day stands on the sheet."""
    number, stop, visit = where("anton/outbound-1", VisitKind.DROPOFF)
    ghost = PlannedVisit("ghost", "ghost", VisitKind.DROPOFF, visit.end, visit.end)

    plan = with_stop(number, visits=(*stop.visits, ghost))

    assert found(plan) == [(Rule.UNKNOWN, "ghost", 1, "visits")]


def test_a_trip_under_another_request_is_found() -> None:
    """The wrong person would be told."""
    number, _, visit = where("anton/outbound-1", VisitKind.DROPOFF)

    plan = with_stop(number, visits=(replace(visit, request="berta"),))

    assert found(plan) == [(Rule.UNKNOWN, "anton/outbound-1", 1, "visits")]


def test_a_visit_at_another_place_is_found() -> None:
    """The passenger has moved house."""
    assert found(day=with_visit("anton/outbound-1", 0, place="berta")) == [
        (Rule.PLACE, "anton/outbound-1", 1, "visits")
    ]


def test_a_wrong_order_is_found() -> None:
    """First the pharmacy, then the pickup: then the list of people aboard is wrong as well."""
    trip = "cesar/return-1.1.1"
    first, one, pickup = where(trip, VisitKind.PICKUP)
    then, two, via = where(trip, VisitKind.VIA)

    def swapped(stop: Stop, old: PlannedVisit, kind: VisitKind) -> tuple[PlannedVisit, ...]:
        return tuple(replace(v, kind=kind) if v == old else v for v in stop.visits)

    plan = with_stop(first, visits=swapped(one, pickup, VisitKind.VIA))
    plan = with_stop(then, plan, visits=swapped(two, via, VisitKind.PICKUP))

    assert found(plan) == [
        (Rule.ABOARD, "morning", 1, "trips"),
        (Rule.ORDER, trip, 2, "visits"),
    ]


def test_a_second_dropoff_is_found() -> None:
    """Nobody can be brought home twice."""
    number, stop, visit = where("anton/outbound-1", VisitKind.DROPOFF)
    again = replace(visit, begin=visit.end)

    plan = with_stop(number, visits=(*stop.visits, again))

    assert found(plan) == [(Rule.TWICE, "anton/outbound-1", 1, "visits")]


def test_a_missing_visit_is_found() -> None:
    """The bus passes the pharmacy without the errand."""
    trip = "cesar/return-1.1.1"
    number, _, _ = where(trip, VisitKind.VIA)

    assert found(with_stop(number, visits=())) == [(Rule.INCOMPLETE, trip, 1, "visits")]


def test_a_trip_in_two_buses_is_found() -> None:
    """Boarding the first and alighting from the second: both lists aboard are wrong."""
    number, _, visit = where("anton/return-1", VisitKind.DROPOFF)
    second = replace(
        PLAN.routes[1],
        stops=(
            Stop("depot", visit.begin - 5 * MINUTE, visit.begin - 5 * MINUTE),
            Stop("anton", visit.begin, visit.end, 5000, (visit,)),
            Stop("depot", visit.end + 5 * MINUTE, visit.end + 5 * MINUTE, 5000),
        ),
    )
    plan = with_stop(number, visits=())
    plan = replace(plan, routes=(plan.routes[0], second))
    plan = replace(plan, cost=replace(plan.cost, driving=plan.cost.driving + 10 * MINUTE))

    assert rules(plan) == {Rule.SAME_BUS, Rule.ABOARD}
    assert (Rule.SAME_BUS, "anton/return-1", 1, "shifts") in found(plan)


def test_service_outside_its_window_is_found() -> None:
    """Too late by five minutes, or too early by ten."""
    _, _, visit = where("anton/return-1", VisitKind.PICKUP)
    early = TimeWindow(visit.begin - MINUTE * 15, visit.begin - MINUTE * 5)
    late = TimeWindow(visit.begin + MINUTE * 10, visit.begin + MINUTE * 15)

    for wrong, amount in ((early, 5 * MINUTE), (late, 10 * MINUTE)):
        day = with_visit("anton/return-1", 0, window=wrong)
        assert found(day=day) == [(Rule.WINDOW, "anton/return-1", amount, "seconds")]


def test_both_ends_of_a_window_belong_to_it() -> None:
    """A window of one moment is kept."""
    _, _, visit = where("anton/return-1", VisitKind.PICKUP)
    exact = TimeWindow(visit.begin, visit.begin)

    assert found(day=with_visit("anton/return-1", 0, window=exact)) == []


def test_a_service_of_another_length_is_found() -> None:
    """Boarding takes a minute longer than planned."""
    _, _, visit = where("anton/return-1", VisitKind.PICKUP)
    dwell = visit.end - visit.begin + MINUTE

    assert found(day=with_visit("anton/return-1", 0, dwell=dwell)) == [
        (Rule.DWELL, "anton/return-1", MINUTE, "seconds")
    ]


def test_a_ride_counts_from_the_end_of_boarding() -> None:
    """08:30 to 08:53 is 23 minutes: allowed if 23 are, and one minute too long if 22 are."""

    def limited(minutes: int) -> Day:
        longest = (minutes * MINUTE,)
        return with_trip("cesar/outbound-1", lambda trip: replace(trip, longest_rides=longest))

    _, _, boards = where("cesar/outbound-1", VisitKind.PICKUP)
    _, _, alights = where("cesar/outbound-1", VisitKind.DROPOFF)
    assert (boards.end, alights.begin) == (clock("08:30"), clock("08:53"))
    assert found(day=limited(23)) == []
    assert found(day=limited(22)) == [(Rule.RIDE, "cesar/outbound-1", MINUTE, "seconds")]


def test_each_ride_of_a_trip_over_a_pharmacy_is_looked_at() -> None:
    """From 10:03 to the pharmacy at 10:13, and from 10:28 home at 10:41."""
    name = "cesar/return-1.1.1"
    rides = (9 * MINUTE, 12 * MINUTE)

    day = with_trip(name, lambda trip: replace(trip, longest_rides=rides))

    assert found(day=day) == [(Rule.RIDE, name, MINUTE, "seconds")] * 2
