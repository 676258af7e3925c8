"""Offers in words: what is read to a caller can be held, and does not contradict itself."""

import datetime as dt

from api.operations.telling import ToldOffer, ToldTrip
from api.web.offers import journey_text
from scheduler.clock import clock
from scheduler.model import TimeWindow, TripKind


def trip(kind: TripKind, first: str, last: str, latest: str, planned: str = "") -> ToldTrip:
    return ToldTrip(
        kind=kind,
        origin="a",
        destination="b",
        window=TimeWindow(clock(first), clock(last)),
        arrive_latest=clock(latest),
        pickup=clock(first),
        arrival=clock(planned or latest),
    )


def told(*trips: ToldTrip) -> str:
    until = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    return journey_text(ToldOffer("o1", "r1", until, trips, 0, 0, {}, call_back=False))


BACK = trip(TripKind.RETURN, "10:15", "10:45", "11:00")


def test_only_the_latest_arrival_is_told() -> None:
    """The plan may still move, and 07:45 would be before the last minute of the pickup."""
    out = trip(TripKind.OUTBOUND, "07:20", "07:50", "08:05", planned="07:45")

    assert told(out, BACK) == (
        "Abholung zwischen 07:20 und 07:50, Ankunft spätestens 08:05, zurück ab 10:15–10:45"
    )


def test_no_arrival_is_told_that_is_not_after_the_pickup() -> None:
    out = trip(TripKind.OUTBOUND, "07:25", "07:55", "07:55")

    assert told(out, BACK) == (
        "Abholung zwischen 07:25 und 07:55, rechtzeitig am Ziel, zurück ab 10:15–10:45"
    )


def test_it_is_told_that_there_is_no_way_back() -> None:
    out = trip(TripKind.OUTBOUND, "08:40", "09:10", "09:25")

    assert told(out).endswith("Ankunft spätestens 09:25, ohne Rückfahrt")
