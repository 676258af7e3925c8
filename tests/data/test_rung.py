"""Who was rung about which version, until they are forgotten."""

import datetime as dt

from data import requests, retention, rung
from data.day_input import Booking
from data.intake import Intake
from data.region import Region
from data.rung import Rung
from data.store import Store
from tests.builders_api import NOW, TUESDAY, row

LATER = NOW + dt.timedelta(minutes=5)


def asked(store: Store, kalletal: Region, time: str = "09:30") -> str:
    booking = Intake(kalletal).take(row(termin=time), "new")
    assert isinstance(booking, Booking)
    with store.writing() as session:
        return requests.add(session, "kalletal", booking, now=NOW)


def ring(store: Store, request: str, version: int, now: dt.datetime = NOW) -> None:
    with store.writing() as session:
        rung.keep(session, "kalletal", TUESDAY, request, version=version, now=now)


def test_the_newest_version_counts_and_of_each_the_first_call(
    store: Store, kalletal: Region
) -> None:
    """Two dispatchers who note the same call note it once."""
    request, other = asked(store, kalletal), asked(store, kalletal, "11:00")
    for version, now in ((3, LATER), (2, NOW), (3, NOW)):
        ring(store, request, version, now)
    ring(store, other, 1)

    with store.reading() as session:
        assert rung.read_day(session, "kalletal", TUESDAY) == {
            request: Rung(request, 3, LATER),
            other: Rung(other, 1, NOW),
        }
        assert rung.of_request(session, request) == [Rung(request, 2, NOW), Rung(request, 3, LATER)]
        assert rung.read_day(session, "lemgo", TUESDAY) == {}
        assert rung.read_day(session, "kalletal", TUESDAY + dt.timedelta(days=1)) == {}


def test_a_call_that_was_none_leaves_the_ones_before(store: Store, kalletal: Region) -> None:
    request, other = asked(store, kalletal), asked(store, kalletal, "11:00")
    for version in (1, 2, 3):
        ring(store, request, version)
    ring(store, other, 3)

    with store.writing() as session:
        rung.take_back(session, request, version=2)

    with store.reading() as session:
        left = rung.read_day(session, "kalletal", TUESDAY)
    assert {name: each.version for name, each in left.items()} == {request: 1, other: 3}


def test_the_calls_go_with_the_people(store: Store, kalletal: Region) -> None:
    request = asked(store, kalletal)
    ring(store, request, 1)

    with store.writing() as session:
        retention.forget_before(session, "kalletal", TUESDAY)
        assert rung.of_request(session, request) != []
        retention.forget_before(session, "kalletal", TUESDAY + dt.timedelta(days=1))
        assert rung.of_request(session, request) == []
