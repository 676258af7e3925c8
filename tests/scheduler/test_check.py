"""A whole plan is checked: the right one passes, and nothing in it can be moved unnoticed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.plan import Cost
from scheduler.violation import Rule, Violation
from tests.builders_check import DAY, PLAN, found, with_stop
from tests.builders_days import drive_by_hand, make_day, window


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
