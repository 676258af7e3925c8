"""Who is left out, in part or wholly, is told so, and for the right reason."""

from dataclasses import replace

import pytest

from scheduler.model import VisitKind
from scheduler.plan import Cost, Detail, Reason, Unserved
from scheduler.violation import Rule
from tests.builders_check import DAY, PLAN, found, where, with_stop


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
