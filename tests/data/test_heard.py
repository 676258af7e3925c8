"""Who heard of which version, until they are forgotten."""

import datetime as dt

from data import heard, requests, retention
from data.day_input import Booking
from data.heard import Heard
from data.intake import Intake
from data.region import Region
from data.store import Store
from tests.builders_api import NOW, TUESDAY, row

LATER = NOW + dt.timedelta(minutes=5)
TOMORROW = TUESDAY + dt.timedelta(days=1)


def asked(store: Store, kalletal: Region, time: str = "09:30") -> str:
    booking = Intake(kalletal).take(row(termin=time), "new")
    assert isinstance(booking, Booking)
    with store.writing() as session:
        return requests.add(session, "kalletal", booking, now=NOW)


def tell(store: Store, *told: Heard) -> None:
    for each in told:
        with store.writing() as session:
            heard.keep(session, "kalletal", each)


def test_the_newest_version_counts_and_of_each_the_first_call(
    store: Store, kalletal: Region
) -> None:
    """Two dispatchers who note the same call note it once."""
    request, other = asked(store, kalletal), asked(store, kalletal, "11:00")
    second, third = Heard(request, TUESDAY, 2, NOW), Heard(request, TUESDAY, 3, LATER)
    first = Heard(other, TUESDAY, 1, NOW)

    tell(store, third, second, Heard(request, TUESDAY, 3, NOW), first)

    with store.reading() as session:
        assert heard.read_day(session, "kalletal", TUESDAY) == {request: third, other: first}
        assert heard.of_request(session, request) == [second, third]
        assert heard.read_day(session, "lemgo", TUESDAY) == {}
        assert heard.read_day(session, "kalletal", TOMORROW) == {}


def test_each_day_counts_its_own_versions(store: Store, kalletal: Region) -> None:
    """Whoever was moved to another day is told of that day anew."""
    request = asked(store, kalletal)
    today, tomorrow = Heard(request, TUESDAY, 1, NOW), Heard(request, TOMORROW, 1, LATER)
    tell(store, today, tomorrow)

    with store.writing() as session:
        heard.take_back(session, TOMORROW, request)

    with store.reading() as session:
        assert heard.read_day(session, "kalletal", TUESDAY) == {request: today}
        assert heard.read_day(session, "kalletal", TOMORROW) == {}


def test_it_goes_with_the_people(store: Store, kalletal: Region) -> None:
    request = asked(store, kalletal)
    tell(store, Heard(request, TUESDAY, 1, NOW))

    with store.writing() as session:
        retention.forget_before(session, "kalletal", TUESDAY)
        assert heard.of_request(session, request) != []
        retention.forget_before(session, "kalletal", TOMORROW)
        assert heard.of_request(session, request) == []
