"""Offers, holds and promises on days that people book one after the other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from routing.matrix import TravelMatrix
from routing.units import MINUTE
from scheduler.booking import Book, open_book
from scheduler.check import check
from scheduler.day import Day
from scheduler.errors import BrokenPromiseError
from scheduler.formulate import make_problem
from scheduler.model import Load, Place, PlaceId, RequestId, Vehicle, WayBack
from scheduler.offers import never_fits
from scheduler.optimizer.solution import Effort
from scheduler.planning import plan_day
from scheduler.promises import hold_to
from tests.brute_force import optimum
from tests.builders_days import make_day, make_places, make_request, make_shift
from tests.builders_random_days import random_day

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
WIDTH = 30 * MINUTE
SMALL = make_shift(hours="08:00-11:00")


def alone(day: Day, request: RequestId) -> Day:
    """The day as it is for one caller."""
    return replace(
        day,
        journeys=tuple(journey for journey in day.journeys if journey.request == request),
        trips=tuple(trip for trip in day.trips if trip.request == request),
        refused=(),
    )


def book_of(day: Day, places: Mapping[PlaceId, Place] | None = None) -> Book:
    """A book of *day* in which nothing is promised."""
    return open_book(day, day.places if places is None else places)


def faults(book: Book) -> list[str]:
    """What the checker says, and who is not served although it was promised."""
    served = {visit.request for visit in book.plan.visits}
    missing = {promise.request for promise in book.kept} ^ served
    return [str(each) for each in check(book.plan, book.day)] + sorted(missing)


@pytest.mark.parametrize("seed", range(60))
def test_every_offer_can_be_accepted_and_no_promise_is_broken(seed: int) -> None:
    """People ring in any order; each takes any of the offers; some ring off, some cancel."""
    day = random_day(seed, requests=6, shifts=2)
    draw = np.random.default_rng(seed)
    book = book_of(day)
    for position in draw.permutation(len(day.journeys)):
        request = day.journeys[position].request
        offers = book.offers(alone(day, request), width=WIDTH, make_way=60)
        for offer in offers:
            assert faults(book.promise(offer.promise)) == []
            assert offer.extra == offer.plan.cost.driving - book.plan.cost.driving
        if offers:
            chosen = offers[int(draw.integers(len(offers)))]
            after = book.promise(chosen.promise)
            assert set(after.promises) == {*book.promises, request}
            book = after
        if draw.random() < 0.2 and book.promises:
            book = book.without(str(draw.choice(sorted(book.promises))))
            assert faults(book) == []


# Days of so few trips that all plans can be tried.
TINY = [seed for seed in range(60) if len(random_day(seed, requests=3, shifts=1).trips) <= 12]


@pytest.mark.parametrize("seed", TINY)
def test_on_tiny_days_there_is_an_offer_exactly_if_there_is_a_plan(seed: int) -> None:
    """Compared with every plan that there is; and where there is none, that is proven."""
    day = random_day(seed, requests=3, shifts=1)
    book = book_of(day)
    for journey in day.journeys:
        caller = alone(day, journey.request)
        held = hold_to(caller, book.kept, book.places)
        possible = optimum(make_problem(held))[0] == 0

        offers = book.offers(caller, width=WIDTH, make_way=300)

        assert bool(offers) == possible
        assert never_fits(held, book.plan, effort=Effort(iterations=200)) == (not possible)
        if offers:
            book = book.promise(offers[0].promise)


def nobody_yet() -> tuple[Book, Day]:
    """Two ring, and nothing is promised so far."""
    day = make_day(
        make_request("r1"),
        make_request("r2", origin="berta"),
        shifts=[SMALL],
    )
    return book_of(day, make_places()), day


def test_offers_tell_time_and_cost() -> None:
    book, day = nobody_yet()

    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)

    assert [visit.kind.value for visit in offer.visits] == ["pickup", "dropoff"] * 2
    assert offer.extra == 20 * MINUTE  # the bus waits at the MVZ
    assert offer.aboard == 10 * MINUTE
    assert offer.moved == {}
    assert book.promises == {}


def test_an_offer_is_dear_above_so_much_driving_for_each_unit_of_weight() -> None:
    """20 minutes are dear above 19, not above 20; who weighs four may cost four times as much."""
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    urgent = replace(offer, promise=replace(offer.promise, weight=4))

    assert offer.promise.weight == 1
    assert offer.extra == 20 * MINUTE
    assert (offer.dear(19 * MINUTE), offer.dear(20 * MINUTE)) == (True, False)
    assert (urgent.dear(4 * MINUTE), urgent.dear(5 * MINUTE)) == (True, False)


def test_what_is_on_hold_is_kept_from_others_until_it_expires() -> None:
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    held = book.hold(offer.promise, until=NOON + timedelta(minutes=10))

    assert [promise.request for promise in held.kept] == ["r1"]
    assert faults(held) == []
    assert held.at(NOON + timedelta(minutes=9)) is held
    free = held.at(NOON + timedelta(minutes=10))
    assert free.kept == ()
    assert not any(route.stops for route in free.plan.routes)


def test_a_hold_becomes_a_promise_as_it_was_told() -> None:
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    held = book.hold(offer.promise, until=NOON)

    promised = held.promise(offer.promise)

    assert promised.promises == {"r1": offer.promise}
    assert promised.holds == {}
    assert promised.plan is held.plan


def test_an_overtaken_offer_is_refused_and_the_book_stays_as_it_was() -> None:
    """Two callers are offered the only seat; the second to accept gets a clear answer."""
    one_seat = make_shift(hours="08:00-09:00", vehicle=Vehicle("bus", (Load(seats=1),)))
    day = make_day(
        make_request("r1", appointment="08:30", way_back=WayBack.NONE),
        make_request("r2", appointment="08:30", way_back=WayBack.NONE),
        shifts=[one_seat],
    )
    book = book_of(day, make_places())
    (first,) = book.offers(alone(day, "r1"), width=WIDTH)
    (second,) = book.offers(alone(day, "r2"), width=WIDTH)
    book = book.promise(first.promise)

    with pytest.raises(BrokenPromiseError, match="r2 was overtaken"):
        book.promise(second.promise)
    assert book.offers(alone(day, "r2"), width=WIDTH) == ()
    assert never_fits(hold_to(alone(day, "r2"), book.kept, book.places), book.plan, effort=Effort())


def test_a_caller_who_rings_again_is_offered_what_could_come_instead() -> None:
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    book = book.promise(offer.promise)
    later = make_day(make_request("r1", appointment="09:15"), shifts=[SMALL])

    (instead,) = book.offers(alone(later, "r1"), width=WIDTH)

    changed = book.promise(instead.promise)
    assert changed.promises == {"r1": instead.promise}
    assert faults(changed) == []


def test_a_book_takes_up_the_plan_of_a_day_on_which_others_ride_as_well() -> None:
    """Those to whom nothing was promised get off, and the rest is driven as it suits them."""
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    book = book.promise(offer.promise)
    everybody = plan_day(hold_to(day, book.kept, book.places), effort=Effort(iterations=50))

    carried = book.carried_by(everybody)

    assert {visit.request for visit in everybody.visits} == {"r1", "r2"}
    assert {visit.request for visit in carried.plan.visits} == {"r1"}
    assert faults(carried) == []


def test_a_book_does_not_take_up_a_plan_that_breaks_a_promise() -> None:
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    empty = book.plan
    book = book.promise(offer.promise)

    with pytest.raises(BrokenPromiseError, match="does not keep all 1 promises"):
        book.carried_by(empty)


def test_on_slower_roads_the_same_routes_get_other_times() -> None:
    """Each drive takes a minute more; the windows that were promised leave room for that."""
    book, day = nobody_yet()
    (offer,) = book.offers(alone(day, "r1"), width=WIDTH)
    book = book.promise(offer.promise)
    seconds = day.travel.seconds + MINUTE * (day.travel.seconds > 0)
    slower = replace(book.empty, travel=TravelMatrix(seconds, day.travel.metres))

    carried = replace(book, empty=slower).carried_by(book.plan)

    assert faults(carried) == []
    assert carried.plan.cost.driving == book.plan.cost.driving + 4 * MINUTE
