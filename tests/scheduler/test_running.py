"""Who rings while the buses are on the road: offers on the rest of the day, and one accepted."""

import os
from dataclasses import replace

import numpy as np
import pytest

from routing.matrix import TravelMatrix
from routing.units import MINUTE
from scheduler.check import check
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.errors import BrokenPromiseError, EventError
from scheduler.events import Cancelled, happen
from scheduler.plan import Plan
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import replan
from scheduler.running import accept_offer, running_offers
from scheduler.under_way import UnderWay, freeze
from tests.builders_days import drive_by_hand, make_day, make_request, make_shift, whole
from tests.builders_random_days import random_day
from tests.builders_running_days import SMALL, promised_day

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "25"))
WIDTH = 20 * MINUTE


def morning() -> tuple[Day, Plan]:
    """Anton is fetched shortly before nine, and home again after ten."""
    asked = make_day(make_request("r1"), shifts=[make_shift()])
    (option,) = asked.journeys[0].options
    plan = drive_by_hand(asked, {"morning": [call for trip in option for call in whole(trip)]})
    promises = promise_plan(plan, asked, width=WIDTH)
    return hold_to(replace(asked, journeys=(), trips=()), promises, asked.places), plan


def berta(appointment: str = "10:30") -> Day:
    """Berta rings: she has an appointment later in the morning."""
    asked = make_request("r2", origin="berta", appointment=appointment, stay=15 * MINUTE)
    return make_day(asked, shifts=[make_shift()])


def past(under_way: UnderWay) -> set[tuple[str, str, int]]:
    return {(v.trip, v.kind, v.begin) for bus in under_way.buses.values() for v in bus.done}


def test_a_caller_is_taken_along_with_anton_in_the_bus() -> None:
    day, plan = morning()
    pickup, *_ = plan.visits
    under_way = freeze(day, plan, pickup.end)

    offer = running_offers(under_way, berta(), width=WIDTH)[0]
    joined = accept_offer(under_way, berta(), offer.promise, plan=offer.plan)

    assert {visit.request for visit in joined.plan.visits} == {"r1", "r2"}
    assert past(under_way) <= {(v.trip, v.kind, v.begin) for v in joined.plan.visits}
    assert check(joined.plan, joined.day) == []
    assert offer.plan == joined.plan
    assert {"r1", "r2"} == {journey.request for journey in joined.day.journeys}


def test_nobody_is_picked_up_before_they_rang() -> None:
    """At half past ten it is too late for an appointment then."""
    day, plan = morning()

    assert running_offers(freeze(day, plan, clock("10:29")), berta(), width=WIDTH) == ()


def test_who_rides_already_cannot_ring_as_somebody_new() -> None:
    day, plan = morning()
    under_way = freeze(day, plan, clock("08:00"))
    again = make_day(make_request("r1", appointment="10:30"), shifts=[make_shift()])

    with pytest.raises(EventError, match="r1 rides"):
        running_offers(under_way, again, width=WIDTH)


def test_the_roads_of_a_caller_have_to_lead_everywhere() -> None:
    day, plan = morning()
    caller = berta()
    index = {name: row for name, row in caller.index.items() if name != "anton"}

    with pytest.raises(EventError, match="anton"):
        running_offers(freeze(day, plan, clock("08:00")), replace(caller, index=index), width=WIDTH)


def test_an_offer_that_was_overtaken_is_refused() -> None:
    """By the time that she says yes, the bus would have had to be at her door."""
    day, plan = morning()
    offer = running_offers(freeze(day, plan, clock("08:00")), berta(), width=WIDTH)[0]
    pickup = offer.promise.trips[0].visits[0]

    with pytest.raises(BrokenPromiseError, match="r2"):
        accept_offer(
            freeze(day, plan, pickup.window.latest + MINUTE),
            berta(),
            offer.promise,
            plan=offer.plan,
        )


def test_an_offer_is_accepted_after_something_else_has_happened() -> None:
    """Its plan is of a day on which Anton still rode; a new one is found."""
    day, plan = morning()
    under_way = freeze(day, plan, clock("08:00"))
    offer = running_offers(under_way, berta(), width=WIDTH)[0]
    without = replan(happen(under_way, Cancelled("r1")), effort=SMALL)

    joined = accept_offer(
        freeze(without.day, without.plan, clock("08:01")), berta(), offer.promise, plan=offer.plan
    )

    assert {visit.request for visit in joined.plan.visits} == {"r2"}


def test_other_roads_of_a_caller_hold_from_now_on() -> None:
    """What was driven stays right, though every drive takes a second more by now."""
    day, plan = morning()
    under_way = freeze(day, plan, next(iter(plan.visits)).end)
    caller = berta()
    apart = 1 - np.eye(len(caller.travel), dtype=np.int64)
    slower = TravelMatrix(caller.travel.seconds + apart, caller.travel.metres)

    offer = running_offers(under_way, replace(caller, travel=slower), width=WIDTH)[0]
    joined = accept_offer(under_way, replace(caller, travel=slower), offer.promise)

    assert len(joined.day.earlier_roads) == 1
    assert check(joined.plan, joined.day) == []


@pytest.mark.parametrize("seed", range(DAYS))
def test_every_offer_can_be_accepted_and_breaks_nothing(seed: int) -> None:
    """At a random moment of a random day; all promises given before are still kept."""
    asked = random_day(seed, requests=7, shifts=2)
    known = {"r0", "r1", "r2", "r3"}
    day, plan = promised_day(
        replace(
            asked,
            journeys=tuple(each for each in asked.journeys if each.request in known),
            trips=tuple(trip for trip in asked.trips if trip.request in known),
            refused=(),
        )
    )
    draw = np.random.default_rng(seed)
    begins = sorted(visit.begin for visit in plan.visits)
    if not begins:
        pytest.skip("a day on which nobody rides")
    under_way = freeze(day, plan, int(draw.integers(begins[0] - 30 * MINUTE, begins[-1])))
    for journey in asked.journeys:
        if journey.request not in known:
            trips = tuple(trip for trip in asked.trips if trip.request == journey.request)
            caller = replace(asked, journeys=(journey,), trips=trips, refused=())
            for offer in running_offers(under_way, caller, width=WIDTH):
                for behind in (offer.plan, None):
                    joined = accept_offer(under_way, caller, offer.promise, plan=behind)
                    now = {(v.trip, v.kind, v.begin) for v in joined.plan.visits}
                    assert past(under_way) <= now
                    served = {visit.request for visit in joined.plan.visits}
                    assert served == {j.request for j in day.journeys} | {journey.request}
                    assert set(day.trips) <= set(joined.day.trips)
                    assert check(joined.plan, joined.day) == []
