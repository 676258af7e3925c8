"""Answers of an online geocoder are kept, and asked again only after a long time."""

import datetime as dt

from data.geocache import KEPT_FOR, StoredGeocodes
from data.store import Store
from routing.geo import Point
from routing.geocoding import MISSING
from tests.builders_api import NOW

HUT = Point(52.11, 8.95)


def test_an_answer_is_kept_and_so_is_that_there_is_none(store: Store) -> None:
    """Not found is an answer; never asked is another thing."""
    cache = StoredGeocodes(store, now=lambda: NOW)

    cache.put("waldhuette", HUT)
    cache.put("nirgendwo", None)

    again = StoredGeocodes(store, now=lambda: NOW)
    assert (again.get("waldhuette"), again.get("nirgendwo")) == (HUT, None)
    assert again.get("woanders") is MISSING


def test_a_newer_answer_replaces_the_older_one(store: Store) -> None:
    """The map was mended meanwhile."""
    cache = StoredGeocodes(store, now=lambda: NOW)
    cache.put("waldhuette", None)

    cache.put("waldhuette", HUT)

    assert cache.get("waldhuette") == HUT


def test_an_old_answer_is_asked_again(store: Store) -> None:
    """Houses are built."""
    StoredGeocodes(store, now=lambda: NOW).put("waldhuette", HUT)

    on_the_day = StoredGeocodes(store, now=lambda: NOW + KEPT_FOR)
    later = StoredGeocodes(store, now=lambda: NOW + KEPT_FOR + dt.timedelta(seconds=1))

    assert on_the_day.get("waldhuette") == HUT
    assert later.get("waldhuette") is MISSING
