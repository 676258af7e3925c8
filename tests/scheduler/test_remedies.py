"""What would help whom, on days along one road where it can be reckoned by hand."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from routing.units import MINUTE
from scheduler.asked import Asked
from scheduler.check import check
from scheduler.clock import clock
from scheduler.model import Load, Mobility, Needs, TimeWindow, Vehicle, WayBack
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan, Reason, Unserved
from scheduler.planning import plan_day
from scheduler.promises import promise_plan
from scheduler.remedies import (
    PROOF,
    Change,
    Explanation,
    Kind,
    Remedy,
    Slot,
    Verdict,
    apply,
    explain,
)
from scheduler.remedies.ladders import longer_shifts
from tests.builders_days import (
    ROAD,
    drive_by_hand,
    make_asked,
    make_break,
    make_places,
    make_policy,
    make_request,
    make_shift,
    whole,
    window,
    with_hours,
)

# One seat, and windows so narrow that the bus cannot fetch Anton and Berta for the same hour.
TAXI = make_shift(vehicle=Vehicle("taxi", (Load(1),)))
NARROW = make_policy(arrival={"earliest_before": 10}, way_back={"longest_wait": 5})
ANTON, BERTA = make_request("anton"), make_request("berta", origin="berta")


def narrow_day(*requests: object, **changed: object) -> Asked:
    fields: dict[str, object] = {"shifts": [TAXI], "policy": NARROW, **changed}
    return make_asked(*requests, **fields)  # type: ignore[arg-type]


def planned(asked: Asked) -> Plan:
    return plan_day(asked.day, effort=Effort(iterations=500, labels=100_000))


def why(asked: Asked, name: str = "r1", *slots: Slot, effort: Effort = PROOF) -> Explanation:
    """Plan the day and ask about one request; every answer is checked again."""
    plan = planned(asked)
    answer = explain(asked, plan, name, slots=slots, effort=effort)
    served = {visit.request for visit in plan.visits}
    for remedy in answer.remedies:
        now = {visit.request for visit in remedy.plan.visits}
        others = {remedy.change.request} if remedy.change.kind is Kind.WITHOUT_OTHER else set()
        assert check(remedy.plan, apply(remedy.change, asked).day) == []
        assert served - others < now
        assert name in now
        assert remedy.extra == remedy.plan.cost.driving - plan.cost.driving
    return answer


def of_kind(remedies: Iterable[Remedy], kind: Kind) -> list[Change]:
    return [remedy.change for remedy in remedies if remedy.change.kind is kind]


def only(answer: Explanation, kind: Kind) -> Change:
    (change,) = of_kind(answer.remedies, kind)
    return change


def test_an_appointment_too_early_for_the_shift_is_moved_to_the_first_that_can_be_kept() -> None:
    """The bus leaves at 8:00 and brings Anton by 8:13: five minutes before 8:20, not 8:15."""
    answer = why(make_asked(make_request(appointment="08:05")))

    assert answer.unserved.reason is Reason.NO_SHIFT_THEN
    assert answer.verdict is Verdict.IMPOSSIBLE
    assert only(answer, Kind.LATER_APPOINTMENT) == Change(
        Kind.LATER_APPOINTMENT, "r1", 15 * MINUTE, at=clock("08:20")
    )
    assert of_kind(answer.remedies, Kind.EARLIER_APPOINTMENT) == []


def test_an_appointment_too_late_for_the_shift_is_moved_forward() -> None:
    """
    Ready at 11:00 + 1 h, back at the depot 15 minutes later at the earliest.

    The shift ends at 12:05, so Anton has to be ready by 11:50.
    """
    request = make_request(appointment="11:00")
    answer = why(make_asked(request, shifts=[make_shift(hours="08:00-12:05")]))

    assert only(answer, Kind.EARLIER_APPOINTMENT).step == 10 * MINUTE
    assert only(answer, Kind.SHORTER_STAY) == Change(
        Kind.SHORTER_STAY, "r1", 10 * MINUTE, at=50 * MINUTE
    )
    assert only(answer, Kind.OUTBOUND_ONLY) == Change(Kind.OUTBOUND_ONLY, "r1")


def test_a_shift_begins_earlier_or_ends_later() -> None:
    """
    For 8:05 the bus leaves 13 + 5 minutes before, at 7:47, in steps at 7:45.

    For a way back at 12:00 it is at the depot again at 12:15.
    """
    early = why(make_asked(make_request(appointment="08:05", way_back=WayBack.NONE)))
    late = why(
        make_asked(make_request(appointment="11:00"), shifts=[make_shift(hours="08:00-12:05")])
    )

    assert only(early, Kind.EARLIER_SHIFT) == Change(
        Kind.EARLIER_SHIFT, "r1", 15 * MINUTE, at=clock("07:45"), shift="morning"
    )
    assert of_kind(early.remedies, Kind.LATER_SHIFT) == []
    assert only(late, Kind.LATER_SHIFT).at == clock("12:15")


def test_a_shift_grows_only_while_bus_and_driver_are_free() -> None:
    """The bus is needed again at 12:10, and after the afternoon nobody needs it."""
    shifts = [make_shift(hours="08:00-12:00"), make_shift("afternoon", "12:10-16:00")]
    asked = make_asked(make_request(), shifts=shifts)
    farthest = [
        (ladder[-1].kind, ladder[-1].shift, ladder[-1].at) for ladder in longer_shifts(asked, "r1")
    ]

    assert farthest == [
        (Kind.EARLIER_SHIFT, "morning", clock("07:00")),
        (Kind.LATER_SHIFT, "morning", clock("12:10")),
        (Kind.EARLIER_SHIFT, "afternoon", clock("12:00")),
        (Kind.LATER_SHIFT, "afternoon", clock("17:00")),
    ]


def test_a_span_to_arrive_in_grows_at_the_end_that_helps() -> None:
    """At the MVZ by 8:13 is the earliest: of "by 8:10" it takes five minutes more."""
    request = make_request(
        appointment=None,
        arrive=window("07:30-08:10"),
        way_back=WayBack.NONE,
    )
    answer = why(make_asked(request))

    assert only(answer, Kind.LATER_APPOINTMENT) == Change(Kind.LATER_APPOINTMENT, "r1", 5 * MINUTE)
    changed = apply(only(answer, Kind.LATER_APPOINTMENT), make_asked(request))
    assert changed.request("r1").arrive == window("07:30-08:15")


def test_a_ride_over_the_limit_needs_a_longer_limit() -> None:
    """90 minutes from far away, with a limit of 60: half an hour more."""
    request = make_request(origin="far", appointment="11:30", way_back=WayBack.NONE)
    answer = why(make_asked(request))

    assert answer.unserved.reason is Reason.RIDE_TOO_LONG
    assert only(answer, Kind.LONGER_RIDE) == Change(Kind.LONGER_RIDE, "r1", 30 * MINUTE)


def test_two_who_exclude_each_other_are_told_apart() -> None:
    """
    One seat: after the first has been set down it takes 15 minutes to bring the second.

    2 min out, 5 min there, 3 min in, 5 min back; the windows of arrival and of boarding for the
    way back are five minutes wide, so ten minutes more for either of them are enough.
    """
    answer = why(narrow_day(ANTON, replace(BERTA, priority=1)), "anton")

    assert answer.verdict is Verdict.IMPOSSIBLE
    windows = of_kind(answer.remedies, Kind.WIDER_WINDOW)
    assert windows == [
        Change(Kind.WIDER_WINDOW, "anton", 10 * MINUTE),
        Change(Kind.WIDER_WINDOW, "berta", 10 * MINUTE),
    ]
    # Berta's is the weightier request.
    assert of_kind(answer.remedies, Kind.WITHOUT_OTHER) == []


def test_whoever_weighs_no_more_may_be_left_out_instead() -> None:
    """Of two equal requests the dispatcher may choose."""
    asked = narrow_day(ANTON, BERTA)
    left = planned(asked).unserved[0].request
    answer = why(asked, left)

    other = {"anton": "berta", "berta": "anton"}[left]
    assert only(answer, Kind.WITHOUT_OTHER) == Change(Kind.WITHOUT_OTHER, other)


def test_another_driver_and_bus_help() -> None:
    """Two seats in two taxis take both."""
    answer = why(narrow_day(ANTON, replace(BERTA, priority=1)), "anton")

    (remedy,) = [each for each in answer.remedies if each.change.kind is Kind.EXTRA_SHIFT]
    assert remedy.change == Change(Kind.EXTRA_SHIFT, "anton", shift="morning")
    # Berta alone: 5 min back and forth each way. Anton's taxi: from the depot over 5 to 10, and
    # back, twice.
    assert [route.shift for route in remedy.plan.routes] == ["morning", "morning+"]
    assert remedy.day.shifts[1].vehicle.id == "taxi+"


def test_of_shifts_that_are_alike_one_is_proposed() -> None:
    """A second taxi for the morning is not made more by there being two."""
    taxis = [make_shift(name, vehicle=Vehicle(name, (Load(1),))) for name in ("first", "second")]
    cesar = make_request("cesar", origin="cesar", priority=1)
    asked = narrow_day(ANTON, replace(BERTA, priority=1), cesar, shifts=taxis)
    answer = why(asked, "anton")

    assert only(answer, Kind.EXTRA_SHIFT).shift == "first"


def test_a_wheelchair_asks_for_a_driver_who_takes_one() -> None:
    """The bus could carry it; nobody on duty may."""
    request = make_request(needs=Needs(Mobility.WHEELCHAIR))
    answer = why(make_asked(request, shifts=[make_shift(takes_wheelchairs=False)]))

    assert answer.unserved.reason is Reason.NO_WHEELCHAIR_DRIVER
    assert only(answer, Kind.EXTRA_SHIFT) == Change(
        Kind.EXTRA_SHIFT, "r1", shift="morning", wheelchairs=True
    )


def test_ways_back_at_the_same_moment_are_drawn_apart() -> None:
    """
    Both are ready at 10:00, and the taxi needs 15 minutes for one; boarding may begin 5 later.

    So Anton is ready 10 minutes earlier or later: by his stay or, where a time was agreed, by that.
    """
    berta = replace(BERTA, priority=1)
    anton = make_request("anton", appointment="09:30", stay=30 * MINUTE)
    stays = why(narrow_day(anton, berta), "anton")
    agreed = replace(anton, stay=None, way_back=WayBack.AT_TIME, return_at=clock("10:00"))
    times = why(narrow_day(agreed, berta), "anton")

    assert only(stays, Kind.SHORTER_STAY).at == 20 * MINUTE
    assert only(stays, Kind.LONGER_STAY).at == 40 * MINUTE
    assert only(times, Kind.EARLIER_RETURN).at == clock("09:50")
    assert only(times, Kind.LATER_RETURN).at == clock("10:10")
    assert of_kind(times.remedies, Kind.SHORTER_STAY) == []


def test_a_shift_that_nobody_drives_needs_a_driver_only() -> None:
    """In the afternoon the bus stands still; for a wheelchair not everybody will do."""
    idle = [make_shift("afternoon", "13:00-17:00"), make_shift("evening", "18:00-20:00")]
    request = make_request(appointment="14:30")
    walks = why(make_asked(request, idle=idle))
    rolls = why(make_asked(replace(request, needs=Needs(Mobility.WHEELCHAIR)), idle=idle))

    assert walks.unserved.reason is Reason.NO_SHIFT_THEN
    assert only(walks, Kind.OPEN_SHIFT) == Change(Kind.OPEN_SHIFT, "r1", shift="afternoon")
    assert only(rolls, Kind.OPEN_SHIFT).wheelchairs
    (remedy,) = [each for each in walks.remedies if each.change.kind is Kind.OPEN_SHIFT]
    assert [route.shift for route in remedy.plan.routes if route.stops] == ["afternoon"]


def test_on_a_day_that_nobody_drives_a_driver_is_all_it_takes() -> None:
    idle = [make_shift()]

    answer = why(make_asked(make_request(), shifts=[], idle=idle))

    assert [each.change.kind for each in answer.remedies] == [Kind.OPEN_SHIFT]


def test_free_appointments_nearest_first() -> None:
    """8:10 is too early as well, 8:30 can be kept, 9:00 is farther away."""
    slots = [Slot(clock("09:00")), Slot(clock("08:10")), Slot(clock("08:30"))]
    answer = why(make_asked(make_request(appointment="08:05")), "r1", *slots)

    assert only(answer, Kind.OTHER_SLOT).at == clock("08:30")


def test_a_free_appointment_may_be_elsewhere() -> None:
    """The branch on the way is nearer than the MVZ and has the same hour free."""
    minutes = {**ROAD, "branch": 6}
    request = make_request(appointment="08:15", way_back=WayBack.NONE)
    slot = Slot(clock("08:15"), "branch")
    answer = why(make_asked(request, minutes=minutes), "r1", slot)

    # 8:05 + 3 + 1 = 8:09, and not 8:13 as at the MVZ: five minutes before 8:15.
    assert only(answer, Kind.OTHER_SLOT).place == "branch"


def test_another_pharmacy_or_none() -> None:
    """Only the one that is closed was asked for; of the others the one on the way is chosen."""
    minutes = {**ROAD, "other_pharmacy": 7, "farther_pharmacy": 30}
    places = with_hours(make_places(minutes), "pharmacy", "14:00-18:00")
    answer = why(make_asked(make_request(pharmacies=("pharmacy",)), places=places, minutes=minutes))

    assert answer.unserved.reason is Reason.PLACE_CLOSED
    assert only(answer, Kind.OTHER_PHARMACY).place == "other_pharmacy"
    assert only(answer, Kind.NO_PHARMACY) == Change(Kind.NO_PHARMACY, "r1")


def test_a_plan_that_overlooked_somebody_is_answered_with_a_better_one() -> None:
    """Both fit into one bus; the plan took only Berta."""
    asked = make_asked(ANTON, BERTA)
    poor = drive_by_hand(
        asked.day, {"morning": [*whole("berta/outbound-1"), *whole("berta/return-1")]}
    )
    poor = replace(poor, unserved=(replace(poor.unserved[0], reason=Reason.NO_ROOM_FOUND),))
    answer = explain(asked, poor, "anton")

    assert answer.verdict is Verdict.FITS
    assert answer.plan is not None
    assert {visit.request for visit in answer.plan.visits} == {"anton", "berta"}
    assert check(answer.plan, asked.day) == []
    assert answer.remedies == ()


def test_without_a_proof_nothing_is_called_impossible() -> None:
    """The search says that it found nothing, and that no smaller change was found."""
    asked = narrow_day(ANTON, replace(BERTA, priority=1))
    plan = planned(asked)
    found = tuple(replace(each, reason=Reason.NO_ROOM_FOUND) for each in plan.unserved)
    searched = explain(asked, replace(plan, unserved=found), "anton")
    proven = explain(asked, replace(plan, unserved=found), "anton", effort=PROOF)

    assert searched.verdict is Verdict.NOT_FOUND
    assert proven.verdict is Verdict.IMPOSSIBLE
    kinds = {each.change.kind: each.least for each in searched.remedies}
    assert kinds[Kind.WIDER_WINDOW] is False
    assert all(each.least for each in proven.remedies)
    assert [each.change for each in searched.remedies] == [each.change for each in proven.remedies]


def test_what_was_promised_to_others_is_never_taken_away() -> None:
    """Anton and Berta weigh the same, but Berta has a promise: only Anton can give way."""
    alone = narrow_day(BERTA)
    promises = promise_plan(planned(alone), alone.day, width=5 * MINUTE)
    answer = why(replace(narrow_day(ANTON, BERTA), promises=promises), "anton")

    assert answer.verdict is Verdict.IMPOSSIBLE
    assert of_kind(answer.remedies, Kind.WITHOUT_OTHER) == []
    assert of_kind(answer.remedies, Kind.WIDER_WINDOW) == [
        Change(Kind.WIDER_WINDOW, "anton", 10 * MINUTE)
    ]


def test_a_promised_window_is_widened_at_both_ends() -> None:
    """Berta may be fetched ten minutes earlier or later than was said; nothing else changes."""
    asked = narrow_day(BERTA)
    (promise,) = promise_plan(planned(asked), asked.day, width=5 * MINUTE)
    held = replace(asked, promises=(promise,))
    wider = apply(Change(Kind.WIDER_WINDOW, "berta", 10 * MINUTE), held)

    for before, after in zip(promise.trips, wider.promises[0].trips, strict=True):
        pickup, dropoff = before.visits
        assert after.visits[0].window == TimeWindow(
            pickup.window.earliest - 10 * MINUTE, pickup.window.latest + 10 * MINUTE
        )
        assert after.visits[1] == dropoff
    assert [trip.id for trip in wider.day.trips] == [trip.id for trip in held.day.trips]


def test_nothing_helps_on_a_day_without_buses() -> None:
    """A holiday is no matter of minutes."""
    answer = why(make_asked(make_request(), closed="Feiertag"))

    assert answer.verdict is Verdict.IMPOSSIBLE
    assert answer.remedies == ()


def test_the_driver_rests_in_plans_with_remedies_too() -> None:
    """The break from 8:00 to 8:30 keeps the bus from an appointment at 8:30, not at 8:50."""
    shift = make_shift(rest=make_break("08:00-08:00", 30))
    answer = why(make_asked(make_request(appointment="08:30"), shifts=[shift]))

    # 8:30 + 13 minutes = 8:43, and five minutes before 8:50.
    assert only(answer, Kind.LATER_APPOINTMENT).at == clock("08:50")


def test_what_was_asked_and_promised_since_the_plan_counts() -> None:
    """
    Berta, who was served, has cancelled: Anton fits by now.

    He does not where Cesar was promised the same hour since: nobody stands in for him.
    """
    plan = planned(narrow_day(ANTON, replace(BERTA, priority=1)))
    plan = replace(plan, unserved=(Unserved("anton", Reason.NO_ROOM_FOUND),))
    cesar = make_request("cesar", origin="berta")
    alone = narrow_day(cesar)
    promises = promise_plan(planned(alone), alone.day, width=5 * MINUTE)

    without = explain(narrow_day(ANTON), plan, "anton")
    beside = explain(replace(narrow_day(ANTON, cesar), promises=promises), plan, "anton")

    assert without.verdict is Verdict.FITS
    assert beside.verdict is not Verdict.FITS
    assert of_kind(beside.remedies, Kind.WITHOUT_OTHER) == []
    for remedy in beside.remedies:
        assert {visit.request for visit in remedy.plan.visits} == {"anton", "cesar"}


def test_only_the_unserved_are_explained() -> None:
    """Whoever is in the plan, or not in the day, has no reason to ask."""
    asked = make_asked(make_request())
    plan = planned(asked)

    with pytest.raises(ValueError, match="r1 is not among the unserved"):
        explain(asked, plan, "r1")
    with pytest.raises(ValueError, match="nobody is not among the unserved"):
        explain(asked, plan, "nobody")
