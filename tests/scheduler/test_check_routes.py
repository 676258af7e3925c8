"""Each promise about a bus and its way is broken once, and the checker finds exactly that."""

from dataclasses import replace

import pytest

from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.model import Load, Shift, Vehicle, VisitKind
from scheduler.plan import Route, Stop
from scheduler.violation import Rule
from tests.builders_check import DAY, PLAN, found, rules, where, with_route, with_shift, with_stop
from tests.builders_days import window


def test_a_route_of_an_unknown_shift_is_found() -> None:
    """Nobody would drive it."""
    assert (Rule.SHIFT, "ghost", 1, "routes") in found(with_route(shift="ghost"))
    assert rules(with_route(shift="ghost")) == {Rule.SHIFT}


def test_a_late_arrival_that_nobody_has_reported_is_found() -> None:
    """A plan cannot take a longer time for a drive by calling the bus held up."""
    late = PLAN.routes[0].stops[1]
    held_up = with_stop(1, arrival=late.arrival + MINUTE, held_up=MINUTE)

    assert (Rule.DRIVE, "morning", MINUTE, "seconds") in found(held_up)
    reported = replace(DAY, held_up={"morning": late.arrival + MINUTE})
    assert Rule.DRIVE not in rules(held_up, reported)


def test_a_shift_without_a_route_is_found() -> None:
    """The second bus stays in the depot, and its driver is told so."""
    assert PLAN.routes[1].stops == ()
    assert found(replace(PLAN, routes=PLAN.routes[:1])) == [(Rule.SHIFT, "second", 1, "routes")]


def test_two_routes_of_one_shift_are_found() -> None:
    """The second one is empty here; it would be lost all the same."""
    plan = replace(PLAN, routes=(*PLAN.routes, Route("morning", "bus", "driver-morning")))

    assert found(plan) == [(Rule.SHIFT, "morning", 1, "routes")]


def test_another_driver_is_found() -> None:
    """The sheet would go to the wrong person."""
    assert found(with_route(driver="somebody")) == [(Rule.CREW, "morning", 1, "names")]
    assert found(with_route(vehicle="other", driver="x"))[0][2] == 2


def test_coming_back_after_the_shift_is_found() -> None:
    """The bus is back at 11:03, three minutes after the end of a shorter shift."""
    assert found(day=with_shift(hours=window("08:00-11:00"))) == [
        (Rule.HOURS, "morning", 3 * MINUTE, "seconds")
    ]


def test_leaving_before_the_shift_is_found() -> None:
    """The bus leaves at eight, ten minutes before a later shift."""
    assert found(day=with_shift(hours=window("08:10-12:30"))) == [
        (Rule.HOURS, "morning", 10 * MINUTE, "seconds")
    ]


@pytest.mark.parametrize("end", ["start_place", "end_place"])
def test_a_route_from_or_to_another_depot_is_found(end: str) -> None:
    """The bus stands somewhere else."""
    assert found(day=with_shift(**{end: "cesar"})) == [(Rule.DEPOT, "morning", 1, "stops")]


def test_a_drive_of_another_time_is_found() -> None:
    """Arriving a minute before one can."""
    number, stop, _ = where("anton/return-1", VisitKind.PICKUP)

    plan = with_stop(number, arrival=stop.arrival - MINUTE)

    assert found(plan) == [(Rule.DRIVE, "morning", MINUTE, "seconds")]


def test_a_drive_of_another_length_is_found() -> None:
    """A hundred metres for the logbook."""
    plan = with_stop(3, metres=PLAN.routes[0].stops[3].metres + 100)

    assert found(plan) == [(Rule.METRES, "morning", 100, "metres")]
    assert found(with_stop(0, metres=7)) == [(Rule.METRES, "morning", 7, "metres")]


def test_service_before_the_arrival_is_found() -> None:
    """The bus arrives at cesar's a minute after he has begun to board."""
    number, stop, _ = where("cesar/outbound-1", VisitKind.PICKUP)
    before = PLAN.routes[0].stops[number - 1]

    plan = with_stop(number - 1, departure=before.departure + MINUTE)
    plan = with_stop(number, plan, arrival=stop.arrival + MINUTE)

    assert found(plan) == [(Rule.TIMES, "morning", MINUTE, "seconds")]


def test_two_services_at_once_are_found() -> None:
    """The driver helps one after the other."""
    number, stop, _ = where("cesar/outbound-1", VisitKind.DROPOFF)
    berta, cesar = stop.visits
    sooner = replace(cesar, begin=cesar.begin - MINUTE, end=cesar.end - MINUTE)

    plan = with_stop(number, visits=(berta, sooner))

    assert found(plan) == [(Rule.TIMES, "morning", MINUTE, "seconds")]


def test_an_unknown_place_is_found() -> None:
    """No roads lead there, so its drives count for nothing, and its visit is elsewhere."""
    number, _, _ = where("anton/outbound-1", VisitKind.PICKUP)

    plan = with_stop(number, place="nowhere")

    # From the depot to the MVZ over anton it is as far as without him.
    assert rules(plan) == {Rule.UNKNOWN, Rule.PLACE}


@pytest.mark.parametrize(
    ("rows", "amounts"),
    [
        # cesar, and berta's companion beside her wheelchair.
        ([Load(seats=1, wheelchairs=1)], [1, 1]),
        ([Load(seats=8)], [1, 1]),
        # Neither arrangement holds both; one person too many is the least.
        ([Load(seats=2), Load(seats=1, wheelchairs=1)], [1, 1]),
        ([Load(seats=2, wheelchairs=1)], []),
        ([Load(seats=2), Load(seats=2, wheelchairs=1)], []),
    ],
)
def test_too_many_people_are_found(rows: list[Load], amounts: list[int]) -> None:
    """One seat configuration holds everybody, or else there are too many."""
    day = with_shift(vehicle=Vehicle("bus", tuple(rows)))

    assert found(day=day) == [(Rule.LOAD, "morning", amount, "people") for amount in amounts]


def test_a_wheelchair_with_a_driver_who_does_not_take_any_is_found() -> None:
    """On the way out and on the way back."""
    assert (
        found(day=with_shift(takes_wheelchairs=False))
        == [(Rule.WHEELCHAIR, "morning", 1, "people")] * 2
    )


def test_a_wrong_list_of_people_aboard_is_found() -> None:
    """The driver counts heads by it."""
    number, stop, _ = where("berta/outbound-1", VisitKind.PICKUP)

    assert found(with_stop(number, aboard=())) == [(Rule.ABOARD, "morning", 2, "trips")]
    for name in (stop.aboard[0], "ghost"):
        assert found(with_stop(number, aboard=(*stop.aboard, name))) == [
            (Rule.ABOARD, "morning", 1, "trips")
        ]


def test_a_vehicle_on_two_routes_at_once_is_found() -> None:
    """The second bus is the first one: from 10:00 to 10:30 it would be in two places."""
    second = Route(
        "second",
        "bus",
        "driver-second",
        (Stop("depot", clock("10:00"), clock("10:30")), Stop("depot", clock("10:30"), 38000)),
    )
    shift: Shift = replace(DAY.shifts[1], vehicle=DAY.shifts[0].vehicle)
    day = replace(DAY, shifts=(DAY.shifts[0], shift))
    both = 38000 - clock("10:00")

    plan = replace(PLAN, routes=(PLAN.routes[0], second))

    assert found(plan, day) == [(Rule.CLASH, "morning", both, "seconds")]
