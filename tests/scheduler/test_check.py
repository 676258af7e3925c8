"""Each promise is broken once, on purpose, and the checker finds exactly that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.model import (
    Load,
    Mobility,
    Needs,
    Shift,
    TimeWindow,
    Trip,
    Vehicle,
    VisitKind,
)
from scheduler.plan import Cost, Detail, Plan, PlannedVisit, Reason, Route, Stop, Unserved
from scheduler.violation import Rule, Violation
from tests.builders_days import (
    drive_by_hand,
    make_break,
    make_day,
    make_request,
    make_shift,
    whole,
    window,
)

# 08:15 anton is brought; 08:27 cesar and 08:35 berta, in a wheelchair, board for 9:00. The break
# is at the MVZ. 09:45 anton goes home; from 10:00 the others do, over the pharmacy.
DAY = make_day(
    make_request("anton", appointment="08:45"),
    make_request("berta", origin="berta", needs=Needs(Mobility.WHEELCHAIR, companions=1)),
    make_request("cesar", origin="cesar", pharmacies=("pharmacy",)),
    make_request("late", appointment="10:30", priority=1),
    make_request("far", origin="far"),
    shifts=[
        make_shift(rest=make_break("09:15-10:00", 15)),
        make_shift("second", vehicle=Vehicle("second bus", (Load(8),))),
    ],
)
CALLS = [
    *whole("anton/outbound-1"),
    ("cesar/outbound-1", 0),
    ("berta/outbound-1", 0),
    ("berta/outbound-1", 1),
    ("cesar/outbound-1", 1),
    *whole("anton/return-1"),
    ("cesar/return-1.1.1", 0),
    ("berta/return-1", 0),
    ("cesar/return-1.1.1", 1),
    ("berta/return-1", 1),
    ("cesar/return-1.1.1", 2),
]
PLAN = drive_by_hand(DAY, {"morning": CALLS})


def with_shift(**changed: object) -> Day:
    """Change the morning shift of the day."""
    first, *others = DAY.shifts
    return replace(DAY, shifts=(replace(first, **changed), *others))  # type: ignore[arg-type]


def with_trip(name: str, change: Callable[[Trip], Trip]) -> Day:
    """Change a trip of the day."""
    return replace(DAY, trips=tuple(change(t) if t.id == name else t for t in DAY.trips))


def with_visit(name: str, which: int, **changed: object) -> Day:
    """Change what a trip asks for at one of its visits."""

    def change(trip: Trip) -> Trip:
        visits = list(trip.visits)
        visits[which] = replace(visits[which], **changed)  # type: ignore[arg-type]
        return replace(trip, visits=tuple(visits))

    return with_trip(name, change)


def with_route(route: int = 0, plan: Plan = PLAN, **changed: object) -> Plan:
    """Change a route of the plan."""
    routes = list(plan.routes)
    routes[route] = replace(routes[route], **changed)  # type: ignore[arg-type]
    return replace(plan, routes=tuple(routes))


def with_stop(number: int, plan: Plan = PLAN, **changed: object) -> Plan:
    """Change one stop of the plan."""
    stops = list(plan.routes[0].stops)
    stops[number] = replace(stops[number], **changed)  # type: ignore[arg-type]
    return with_route(plan=plan, stops=tuple(stops))


def where(trip: str, kind: VisitKind) -> tuple[int, Stop, PlannedVisit]:
    """Find the stop at which a visit is made."""
    for number, stop in enumerate(PLAN.routes[0].stops):
        for visit in stop.visits:
            if (visit.trip, visit.kind) == (trip, kind):
                return number, stop, visit
    raise AssertionError(trip)


def found(plan: Plan = PLAN, day: Day = DAY) -> list[tuple[Rule, str, int, str]]:
    """What the checker finds, without the words."""
    return [(each.rule, each.where, each.amount, each.unit) for each in check(plan, day)]


def rules(plan: Plan = PLAN, day: Day = DAY) -> set[Rule]:
    """Which rules are broken."""
    return {each.rule for each in check(plan, day)}


def test_the_plan_keeps_every_promise() -> None:
    """It has a wheelchair, a pharmacy, a break, one unserved and one refused request."""
    assert check(PLAN, DAY) == []
    assert PLAN.routes[0].rest == window("09:15-09:30")
    assert [unserved.request for unserved in PLAN.unserved] == ["far", "late"]
    assert PLAN.cost.unserved_weight == 4


def test_an_empty_plan_of_an_empty_day_is_fine() -> None:
    """Nobody asked, nobody drives."""
    day = make_day()

    assert check(drive_by_hand(day, {}), day) == []


def test_another_date_is_found() -> None:
    """The plan of Wednesday is not that of Tuesday."""
    plan = replace(PLAN, date=date(2027, 3, 3))

    assert found(plan) == [(Rule.DATE, "plan", 1, "days")]


def test_a_route_of_an_unknown_shift_is_found() -> None:
    """Nobody would drive it."""
    assert (Rule.SHIFT, "ghost", 1, "routes") in found(with_route(shift="ghost"))
    assert rules(with_route(shift="ghost")) == {Rule.SHIFT}


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


def test_an_unknown_place_is_found() -> None:
    """No roads lead there, so its drives count for nothing, and its visit is elsewhere."""
    number, _, _ = where("anton/outbound-1", VisitKind.PICKUP)

    plan = with_stop(number, place="nowhere")

    # From the depot to the MVZ over anton it is as far as without him.
    assert rules(plan) == {Rule.UNKNOWN, Rule.PLACE}


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


@pytest.mark.parametrize(
    ("rest", "amount", "unit"),
    [
        (None, 15 * MINUTE, "seconds"),
        ("09:15-09:25", 5 * MINUTE, "seconds"),
        ("09:13-09:28", 2 * MINUTE, "seconds"),
        ("09:35-09:50", 5 * MINUTE, "seconds"),
    ],
)
def test_a_break_that_is_none_is_found(rest: str | None, amount: int, unit: str) -> None:
    """None at all; too short; before its window; while somebody boards from 09:45 on."""
    wrong = None if rest is None else window(rest)

    assert (Rule.BREAK, "morning", amount, unit) in found(with_route(rest=wrong))
    assert rules(with_route(rest=wrong)) == {Rule.BREAK}


def test_a_break_with_people_aboard_is_found() -> None:
    """The bus waits at the pharmacy for a quarter of an hour: two trips are not over."""
    rest = make_break("10:00-11:00", 15)
    day = with_shift(rest=rest)
    plan = with_route(rest=window("10:13-10:28"))

    assert (Rule.BREAK, "morning", 2, "trips") in found(plan, day)
    assert rules(plan, day) == {Rule.BREAK}


@pytest.mark.parametrize(("minutes", "aboard"), [(0, []), (5, [1]), (15, [1])])
def test_a_break_begins_only_when_the_last_has_alighted(minutes: int, aboard: list[int]) -> None:
    """Alighting takes no time at cesar's, in the last stop: whoever does so later is aboard."""
    number, stop, visit = where("cesar/return-1.1.1", VisitKind.DROPOFF)
    rest = TimeWindow(stop.arrival, stop.arrival + 15 * MINUTE)
    moment = rest.earliest + minutes * MINUTE
    alights = replace(visit, begin=moment, end=moment)
    plan = with_stop(number, with_route(rest=rest), visits=(alights,), departure=rest.latest)

    violations = check(plan, with_shift(rest=make_break("10:00-11:00", 15)))

    broken = [(v.amount, v.unit) for v in violations if v.rule is Rule.BREAK]
    assert broken == [(amount, "trips") for amount in aboard]


def test_a_break_that_nobody_asked_for_is_found() -> None:
    """The shift has none; or its bus stays in the depot."""
    assert found(day=with_shift(rest=None)) == [(Rule.BREAK, "morning", 1, "breaks")]
    assert found(with_route(1, rest=window("09:15-09:30"))) == [(Rule.BREAK, "second", 1, "breaks")]


def test_a_break_on_the_road_is_found() -> None:
    """From 10:45 on the bus drives home, empty."""
    day = with_shift(rest=make_break("10:00-11:00", 15))

    assert found(with_route(rest=window("10:45-11:00")), day) == [
        (Rule.BREAK, "morning", 15 * MINUTE, "seconds")
    ]


def test_a_break_may_be_late_only_upon_an_arrival() -> None:
    """Empty, the bus is on the way to cesar from 8:17 to 8:27: the window closes under way."""
    number, stop, _ = where("cesar/outbound-1", VisitKind.PICKUP)
    assert (stop.place, stop.arrival) == ("cesar", clock("08:27"))
    plan = with_stop(number, with_route(rest=window("08:27-08:42")), visits=())

    def late(plan: Plan, hours: str) -> list[int]:
        day = with_shift(rest=make_break(hours, 15))
        return [v.amount for v in check(plan, day) if "outside its window" in v.message]

    assert late(plan, "08:10-08:20") == []
    assert late(plan, "08:10-08:16") == [11 * MINUTE]
    assert late(with_route(rest=window("08:28-08:43")), "08:10-08:20") == [8 * MINUTE]
    assert late(plan, "08:30-08:40") == [3 * MINUTE]


def test_a_break_at_the_depot_counts_before_and_after() -> None:
    """The bus stands there, empty."""
    before = with_shift(rest=make_break("07:30-08:00", 15), hours=window("07:00-12:30"))
    after = with_shift(rest=make_break("11:00-12:00", 15))
    last = len(PLAN.routes[0].stops) - 1

    early = with_stop(0, with_route(rest=window("07:45-08:00")), arrival=clock("07:45"))
    late = with_stop(last, with_route(rest=window("11:03-11:18")), departure=clock("11:18"))

    assert check(early, before) == []
    assert check(late, after) == []


def test_half_a_journey_is_found() -> None:
    """Brought to the doctor's, and not home again."""
    first, _, _ = where("anton/return-1", VisitKind.PICKUP)
    then, _, _ = where("anton/return-1", VisitKind.DROPOFF)

    plan = with_stop(first, visits=(), aboard=())
    plan = with_stop(then, plan, visits=())

    assert found(plan) == [(Rule.JOURNEY, "anton", 1, "trips")]


def test_two_options_at_once_are_found() -> None:
    """One is enough: here the trips out and home count as two ways."""
    journeys = tuple(
        replace(journey, options=tuple((trip,) for trip in journey.options[0]))
        if journey.request == "anton"
        else journey
        for journey in DAY.journeys
    )

    assert found(day=replace(DAY, journeys=journeys)) == [(Rule.JOURNEY, "anton", 1, "trips")]


def test_an_incomplete_list_of_the_unserved_is_found() -> None:
    """Whoever is left out is told."""
    far, late = PLAN.unserved

    assert found(replace(PLAN, unserved=(far,))) == [(Rule.UNSERVED, "late", 1, "entries")]
    assert found(replace(PLAN, unserved=(late,))) == [(Rule.UNSERVED, "far", 1, "entries")]


@pytest.mark.parametrize("request_id", ["anton", "late", "ghost"])
def test_a_wrong_list_of_the_unserved_is_found(request_id: str) -> None:
    """Served, named twice, or never asked."""
    extra = Unserved(request_id, Reason.NO_ROOM_FOUND)

    plan = replace(PLAN, unserved=(*PLAN.unserved, extra))

    assert found(plan) == [(Rule.UNSERVED, request_id, 1, "entries")]


@pytest.mark.parametrize(
    "told",
    [Unserved("far", Reason.NO_ROOM_FOUND), Unserved("far", Reason.UNREACHABLE), "no detail"],
)
def test_a_refusal_for_another_reason_is_found(told: Unserved | str) -> None:
    """Whoever fits on no bus is told why, with the figures."""
    far, late = PLAN.unserved
    if isinstance(told, str):
        told = replace(far, detail=Detail())
    assert told != far

    assert found(replace(PLAN, unserved=(told, late))) == [(Rule.UNSERVED, "far", 1, "reasons")]


def test_a_reason_of_a_refusal_for_somebody_who_fits_is_found() -> None:
    """There is a bus at that time; only no room in it."""
    far, late = PLAN.unserved
    told = replace(late, reason=Reason.NO_SHIFT_THEN)

    assert found(replace(PLAN, unserved=(far, told))) == [(Rule.UNSERVED, "late", 1, "reasons")]


def test_no_room_is_proven_only_by_the_bound() -> None:
    """As long as less may be left unserved, nobody may be told that there is no room."""
    far, late = PLAN.unserved
    assert late.reason is Reason.NO_ROOM_PROVEN
    plan = replace(PLAN, bound=Cost(3, 0))

    assert found(plan) == [(Rule.UNSERVED, "late", 1, "reasons")]
    unsure = Unserved("late", Reason.NO_ROOM_FOUND)
    assert found(replace(plan, unserved=(far, unsure))) == []


def test_whoever_was_not_tried_leaves_nothing_proven() -> None:
    """Only a plan without a bound may have left somebody out untried."""
    far, late = PLAN.unserved
    plan = replace(PLAN, unserved=(far, replace(late, reason=Reason.NOT_TRIED)))

    assert found(plan) == [(Rule.UNSERVED, "late", 1, "reasons")]
    assert found(replace(plan, bound=Cost(0, 0))) == []


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


@pytest.mark.parametrize(
    ("changed", "amount", "unit"),
    [
        ({"cost": Cost(3, PLAN.cost.driving), "bound": Cost(3, 0)}, 1, "weight"),
        ({"cost": Cost(4, PLAN.cost.driving + 9)}, 9, "seconds"),
        ({"bound": Cost(4, PLAN.cost.driving + 1)}, 1, "seconds"),
        ({"bound": Cost(4, -5)}, 5, "seconds"),
    ],
)
def test_a_wrong_cost_or_bound_is_found(changed: dict[str, Cost], amount: int, unit: str) -> None:
    """What is said to be proven must at least be true."""
    plan = replace(PLAN, **changed)  # type: ignore[arg-type]

    assert found(plan) == [(Rule.COST, "plan", amount, unit)]


def test_a_violation_says_in_words_what_is_wrong() -> None:
    """With the figures that the rule is about."""
    (violation,) = check(replace(PLAN, cost=Cost(4, PLAN.cost.driving + 9)), DAY)

    assert violation == Violation(
        Rule.COST,
        "plan",
        9,
        "seconds",
        "Driving takes 01:10:00, not 01:10:09.",
    )


MOMENTS = st.sampled_from(["arrival", "departure", "begin", "end"])


@given(st.integers(0, len(PLAN.routes[0].stops) - 1), MOMENTS, st.sampled_from([-1, 1]), st.data())
def test_not_a_single_second_can_be_moved_unnoticed(
    number: int, moment: str, step: int, data: st.DataObject
) -> None:
    """Every moment of every stop hangs together with another one."""
    stops = PLAN.routes[0].stops
    stop = stops[number]
    if (number, moment) in {(0, "arrival"), (len(stops) - 1, "departure")}:
        return  # how long the bus stands in the depot is nobody's business
    if moment in {"begin", "end"}:
        if not stop.visits:
            return
        which = data.draw(st.integers(0, len(stop.visits) - 1))
        visits = list(stop.visits)
        changed = {moment: getattr(visits[which], moment) + step}
        visits[which] = replace(visits[which], **changed)
        plan = with_stop(number, visits=tuple(visits))
    else:
        plan = with_stop(number, **{moment: getattr(stop, moment) + step})

    assert check(plan, DAY) != []
