"""A later plan changes what people and drivers know only where that is worth it."""

from dataclasses import replace

import numpy as np
import pytest

from routing.units import MINUTE, Seconds
from scheduler.check import check
from scheduler.crowd import restore, thin
from scheduler.day import Day
from scheduler.formulate import make_plan, make_problem
from scheduler.model import Load, ShiftId, Vehicle, WayBack
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort
from scheduler.plan import Cost, Plan
from scheduler.planning import plan_day
from scheduler.violation import Rule
from tests.builders_days import make_day, make_policy, make_request, make_shift
from tests.builders_random_days import least_cost, random_day

EFFORT = Effort(iterations=200)
ROAD = {"depot": 0, "anton": 5, "crossing": 6, "mvz": 10, "berta": 15}
KNOWN = {"anton/outbound-1": "east", "berta/outbound-1": "west"}


def two_buses(**changed: object) -> Day:
    """
    Anton and Berta have to be at the MVZ at the same time; each of two buses has one seat.

    West (from the depot) with Anton, east (from the crossing) with Berta drive
    (5 + 5 + 10) + (9 + 5 + 4) = 38 min; the other way round (15 + 5 + 10) + (1 + 5 + 4) = 40 min.
    """
    day = make_day(
        make_request("anton", way_back=WayBack.NONE),
        make_request("berta", origin="berta", way_back=WayBack.NONE),
        shifts=[
            make_shift("west", vehicle=Vehicle("one seat", (Load(seats=1),))),
            make_shift(
                "east",
                vehicle=Vehicle("another seat", (Load(seats=1),)),
                start_place="crossing",
                end_place="crossing",
            ),
        ],
        minutes=ROAD,
        policy=make_policy(arrival={"earliest_before": 10}),
    )
    return replace(day, **changed)  # type: ignore[arg-type]


def carriers(plan: Plan) -> dict[str, ShiftId]:
    """The shift that carries each trip."""
    return {v.trip: r.shift for r in plan.routes for stop in r.stops for v in stop.visits}


SWAPPED = Cost(0, 38 * MINUTE)


@pytest.mark.parametrize("change", [0, 59, 61, 5 * MINUTE])
def test_two_people_change_buses_only_if_each_change_counts_less_than_it_saves(
    change: Seconds,
) -> None:
    """Both together save 40 - 38 = 2 min, one minute for each of the two who change."""
    day = two_buses(planned=KNOWN, change=change)
    plan = plan_day(day, effort=EFFORT)

    assert plan.proven
    assert check(plan, day) == []
    if change < MINUTE:
        assert carriers(plan) == {"anton/outbound-1": "west", "berta/outbound-1": "east"}
        assert plan.cost == replace(SWAPPED, changes=2 * change)
    else:
        assert carriers(plan) == KNOWN
        assert plan.cost == Cost(0, 40 * MINUTE, changes=0)


def test_without_a_known_plan_the_shortest_drive_is_best() -> None:
    """A change counts five minutes, but nothing is known that could change."""
    day = two_buses(change=5 * MINUTE)

    assert plan_day(day, effort=EFFORT).cost == SWAPPED
    assert not day.steady
    assert two_buses(planned=KNOWN, change=1).steady


def test_who_was_to_ride_with_a_bus_that_is_no_longer_there_counts_in_any_case() -> None:
    """Anton must change, for the same in both buses; that is proven to cost five minutes."""
    day = two_buses(planned={"anton/outbound-1": "broken"}, change=5 * MINUTE)
    plan = plan_day(day, effort=EFFORT)

    assert plan.cost == replace(SWAPPED, changes=5 * MINUTE)
    assert plan.bound == Cost(0, 38 * MINUTE + 5 * MINUTE)
    assert plan.proven
    assert plan.gap == 0.0


def test_nobody_is_left_at_home_for_the_sake_of_a_known_plan() -> None:
    """However much a change counts; only one bus is left for both, so one of them changes."""
    day = two_buses(planned=KNOWN, change=1_000 * MINUTE)
    alone = replace(day, shifts=day.shifts[:1], journeys=day.journeys[:1], trips=day.trips[:1])
    plan = plan_day(alone, effort=EFFORT)

    assert plan.cost == Cost(0, 20 * MINUTE, changes=1_000 * MINUTE)


def test_the_numbers_say_what_each_shift_counts_for_each_trip() -> None:
    """Rows are shifts, columns trips; nothing for who was to ride with just this shift."""
    day = two_buses(planned={"berta/outbound-1": "west", "gone": "east"}, change=7)

    assert make_problem(day).shift_extra.tolist() == [[0, 0], [0, 7]]
    assert not make_problem(two_buses()).shift_extra.any()


def test_a_change_that_counts_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 s"):
        two_buses(change=-1)


@pytest.mark.parametrize("wrong", [0, 5 * MINUTE, 11 * MINUTE, -MINUTE])
def test_the_checker_counts_changes_itself(wrong: Seconds) -> None:
    """Two trips ride with another bus than the known one: twice five minutes."""
    plan = plan_day(two_buses(), effort=EFFORT)
    day = two_buses(planned=KNOWN, change=5 * MINUTE)

    assert check(replace(plan, cost=replace(SWAPPED, changes=10 * MINUTE)), day) == []
    (violation,) = check(replace(plan, cost=replace(SWAPPED, changes=wrong), bound=Cost(0, 0)), day)
    assert violation.rule is Rule.COST
    assert violation.amount == abs(wrong - 10 * MINUTE)
    assert "Changes count 00:10:00, not" in violation.message


def test_a_bound_may_lie_above_the_driving_but_not_above_driving_and_changes() -> None:
    """38 min of driving and 10 min of changes: a bound of 48 min is one, 48 min and 1 s is none."""
    plan = plan_day(two_buses(), effort=EFFORT)
    day = two_buses(planned=KNOWN, change=5 * MINUTE)
    plan = replace(plan, cost=replace(SWAPPED, changes=10 * MINUTE))

    assert check(replace(plan, bound=Cost(0, 48 * MINUTE)), day) == []
    (violation,) = check(replace(plan, bound=Cost(0, 48 * MINUTE + 1)), day)
    assert (violation.rule, violation.amount) == (Rule.COST, 1)


def test_a_proof_is_cost_and_bound_and_nobody_s_word() -> None:
    """What the optimizer proves of its numbers is none of a plan that costs more than they say."""
    day = two_buses()
    solution = solve(make_problem(day), effort=EFFORT)
    assert solution.proven

    assert make_plan(day, solution).proven
    later = two_buses(planned=KNOWN, change=5 * MINUTE)
    plan = make_plan(later, solution)
    assert plan.cost == replace(SWAPPED, changes=10 * MINUTE)
    assert plan.bound == SWAPPED
    assert not plan.proven
    assert plan.gap == 10 / (38 + 10)


def test_costs_are_compared_by_weight_and_then_by_all_seconds() -> None:
    """One second of driving weighs as much as one of changes."""
    assert Cost(0, 10, 5) < Cost(0, 16) < Cost(0, 10, 7) < Cost(1, 0)
    assert Cost(0, 10, 5) <= Cost(0, 15) <= Cost(0, 10, 5)
    assert not Cost(0, 10, 5) < Cost(0, 15)
    assert Cost(0, 10, 5) != Cost(0, 15)
    assert Cost(2, 10, 5).scalar == Cost(2, 15).scalar == 20_000_015


def test_who_is_left_out_of_a_crowd_leaves_the_changes_as_they_are() -> None:
    """The plan of the thinned day changes one bus, and so does that of the whole day."""
    day = two_buses(planned=KNOWN, change=5 * MINUTE)
    day = replace(day, shifts=day.shifts[:1])
    thinned = thin(day, most=1)
    plan = restore(plan_day(thinned, effort=EFFORT), day, thinned=thinned)

    assert plan.cost == Cost(1, 20 * MINUTE, changes=5 * MINUTE)
    assert check(plan, day) == []


TINY = [seed for seed in range(30) if len(random_day(seed, requests=3, shifts=2).trips) <= 6]


@pytest.mark.parametrize("seed", TINY)
def test_tiny_days_with_a_known_plan_are_planned_as_well_as_can_be(seed: int) -> None:
    """Against every way of every journey, on every shift, in every order of visits."""
    day = random_day(seed, requests=3, shifts=2)
    draw = np.random.default_rng(seed)
    shifts = [*(shift.id for shift in day.shifts), "of an earlier day"]
    planned = {trip.id: str(draw.choice(shifts)) for trip in day.trips if draw.random() < 0.8}
    day = replace(day, planned=planned, change=int(draw.choice([30, 5 * MINUTE, 60 * MINUTE])))
    plan = plan_day(day, effort=Effort(), seed=seed)
    least = least_cost(day)

    assert plan.bound <= least
    assert least <= plan.cost <= least
