"""How late everybody is in a given order; and that no answer is worse than to drive on in it."""

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from routing.units import MINUTE
from scheduler.as_driven import AsDriven, Broken
from scheduler.check import check
from scheduler.continuing import continued, in_order, orders_of
from scheduler.events import Delayed, happen
from scheduler.formulate import make_problem
from scheduler.lateness import announced
from scheduler.less_broken import less_broken
from scheduler.optimizer.offering import Offering
from scheduler.promises import LATEST, STEP
from scheduler.replan import replan
from scheduler.under_way import UnderWay, freeze
from tests.builders_running_days import SMALL, ahead, extended_as, fate_of, key, promised

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "20"))
STEPS = LATEST // STEP


def delayed(seed: int) -> UnderWay:
    """A bus that is late, on a random day that has begun."""
    day, plan = promised(seed, requests=6, shifts=1 + seed % 2)
    draw = np.random.default_rng(seed)
    begins = sorted(visit.begin for visit in plan.visits)
    if not begins:
        pytest.skip("a day on which nobody rides")
    now = int(draw.integers(begins[0] - 30 * MINUTE, begins[-1]))
    shift = str(draw.choice([each.id for each in day.shifts]))
    return happen(freeze(day, plan, now), Delayed(shift, int(draw.integers(3, 8)) * 5 * MINUTE))


def can_drive(under_way: UnderWay, broken: Broken) -> bool:
    """Whether the optimizer finds times for the orders of *broken*, with what is told there."""
    day = announced(under_way, broken.steps, broken.given_up).rest
    routes = in_order(day, broken.orders)
    offering = Offering(make_problem(day), routes, journey=-1)
    try:
        for shift, route in enumerate(routes):
            offering.scheduled(shift, route.visits)
    except ValueError:
        return False
    return True


def less_late(broken: Broken) -> Iterator[Broken]:
    """The same with one request a step less late."""
    for request, by in broken.steps.items():
        steps = {**broken.steps, request: by - 1}
        yield replace(broken, steps={each: steps[each] for each in steps if steps[each]})


def going_on(under_way: UnderWay) -> Broken | None:
    orders = orders_of(under_way.rest, continued(under_way))
    return AsDriven(under_way, most=STEPS).broken(orders)


@pytest.mark.parametrize("seed", range(DAYS))
def test_nobody_can_be_less_late_in_the_same_order(seed: int) -> None:
    """The lateness that is found can be driven; a step less of it for anybody cannot."""
    under_way = delayed(seed)

    broken = going_on(under_way)

    if broken is None:
        pytest.skip("a bus that would come home too late")
    assert can_drive(under_way, broken)
    assert [each.steps for each in less_late(broken) if can_drive(under_way, each)] == []


@pytest.mark.parametrize("seed", range(DAYS))
def test_no_answer_is_worse_than_to_drive_on(seed: int) -> None:
    """And nobody is told of a step more than the plan is late."""
    under_way = delayed(seed)

    result = replan(under_way, effort=SMALL)

    under_way = extended_as(under_way, result)
    fate = fate_of(under_way, result, step=STEP)
    broken = going_on(under_way)
    if broken is not None:
        on = (
            dict.fromkeys(ahead(under_way), 0)
            | dict(broken.steps)
            | dict.fromkeys(broken.given_up, -1)
        )
        assert key(under_way, fate) <= key(under_way, on)
    late = {request: by for request, by in fate.items() if by > 0}
    for request, by in late.items():
        steps = {each: k for each, k in {**late, request: by - 1}.items() if k}
        told = announced(under_way, steps, result.given_up).whole
        assert check(result.plan, told), request


@pytest.mark.parametrize("seed", range(DAYS))
def test_exchanges_serve_who_was_given_up_for_nothing(seed: int) -> None:
    """An answer gives all up who are late if the bus drives on; some of them are fetched late."""
    under_way = delayed(seed)
    driven, on = AsDriven(under_way, most=STEPS), going_on(under_way)
    late = [] if on is None else [each for each in on.steps if each not in driven.begun]
    if on is None or on.given_up or not late:
        pytest.skip("nobody is late who could be given up for it")
    gone = {trip.id for trip in under_way.rest.trips if trip.request in late}
    left = {
        s: tuple(call for call in calls if call[0] not in gone) for s, calls in on.orders.items()
    }
    worse = driven.broken(left)
    assert worse is not None
    assert worse.given_up == set(late)

    better = less_broken(driven, worse)

    assert can_drive(under_way, better)
    assert better.given_up < worse.given_up
