"""Promises in the database: what goes in comes out, and of two who are equally fast one waits."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from data import promises
from data.errors import NotKeptError
from data.promises import Standing, StoredPromise
from data.store import Store
from data.tables import KeptRequest, Person
from scheduler.booking import open_book
from scheduler.model import RequestId
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.planning import plan_day
from scheduler.promises import Promise, promise_plan
from tests.builders_api import NOW
from tests.builders_days import TUESDAY, make_day, make_places, make_request
from tests.builders_random_days import random_day

EMPTY = open_book(make_day(), make_places()).plan
POINTS = {name: place.point for name, place in make_places().items()}


def some_promise(request: RequestId = "r1") -> Promise:
    """A promise of somebody who rides there and back."""
    day = make_day(make_request(request))
    (promise,) = promise_plan(plan_day(day, effort=Effort(iterations=20)), day, width=1800)
    return promise


def ask(store: Store) -> RequestId:
    """A request to be promised something."""
    with store.writing() as session:
        number = session.scalar(select(func.count()).select_from(Person))
        person = Person(region="kalletal", sealed=f"Beispiel {number}".encode())
        kept = KeptRequest(
            region="kalletal",
            date=TUESDAY,
            person=person,
            origin="anton",
            destination="mvz",
            appointment=9 * 3600,
            way_back="none",
            pharmacy="",
            mobility="walks",
            companions=0,
            priority=0,
            created=NOW,
            changed=NOW,
        )
        session.add(kept)
        session.flush()
        return f"r{kept.id}"


def standing(store: Store, now: dt.datetime = NOW) -> Standing:
    with store.reading() as session:
        return promises.read_standing(session, "kalletal", TUESDAY, now=now)


def keep(store: Store, before: Standing, *given: StoredPromise, now: dt.datetime = NOW) -> bool:
    plan: Plan = EMPTY
    with store.writing() as session:
        changed = given[0] if given else None
        return promises.keep(session, before, plan, points=POINTS, changed=changed, now=now)


@pytest.mark.parametrize("seed", range(20))
def test_a_promise_comes_out_as_it_went_in(seed: int) -> None:
    """Whatever trips it has: with pharmacies, wheelchairs, companions."""
    day = random_day(seed, requests=6, shifts=2)
    plan = plan_day(day, effort=Effort(iterations=100, labels=0))

    for promise in promise_plan(plan, day, width=1800):
        document = promises.promise_document(promise)
        assert promises.read_promise(document, promise.request, weight=promise.weight) == promise


def test_what_is_kept_is_read_again(store: Store) -> None:
    stored = StoredPromise(some_promise(ask(store)), NOW, None)

    assert keep(store, standing(store), stored)

    after = standing(store)
    assert after.promises == {"r1": stored}
    assert after.firm == after.every == (stored.promise,)
    assert (after.version, after.plan) == (1, EMPTY)


def test_of_two_who_read_the_same_version_the_second_keeps_nothing(store: Store) -> None:
    """Also when nothing was promised on that day before."""
    names = [ask(store), ask(store), ask(store)]
    for version in range(2):
        before = standing(store)
        first, second = (
            StoredPromise(some_promise(name), NOW, None) for name in names[version:][:2]
        )

        assert keep(store, before, first)
        assert not keep(store, before, second)

        after = standing(store)
        assert after.version == before.version + 1 == version + 1
        assert names[version] in after.promises
        assert names[version + 1] not in after.promises


def test_a_hold_is_there_until_it_expires_and_is_cleared_away_later(store: Store) -> None:
    until = NOW + dt.timedelta(minutes=10)
    held = StoredPromise(some_promise(ask(store)), NOW, until)
    keep(store, standing(store), held)

    assert standing(store, until - dt.timedelta(seconds=1)).promises == {"r1": held}
    late = standing(store, until)
    assert (late.promises, late.version) == ({}, 1)
    assert keep(store, late, now=until)
    assert standing(store, NOW).promises == {}


def test_a_promise_takes_the_place_of_a_hold_of_the_same_request(store: Store) -> None:
    held = StoredPromise(some_promise(ask(store)), NOW, NOW + dt.timedelta(minutes=10))
    keep(store, standing(store), held)
    firm = replace(held, until=None)

    keep(store, standing(store), firm)

    assert standing(store, NOW + dt.timedelta(days=1)).promises == {"r1": firm}


def test_offers_of_another_region_are_not_there(store: Store) -> None:
    promise = some_promise(ask(store))
    with store.writing() as session:
        (offer,) = promises.add_offers(session, [(promise, {}, {"routes": []})], until=NOW, now=NOW)

    with store.reading() as session:
        assert promises.read_offer(session, "kalletal", offer.id) == offer
        with pytest.raises(NotKeptError, match="Einen Vorschlag o1 gibt es nicht"):
            promises.read_offer(session, "anderswo", offer.id)
