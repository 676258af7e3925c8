"""An offer as it is told on the telephone, and as it stands in the database meanwhile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from data.plan_document import Document
from routing.units import MINUTE, Seconds
from scheduler.clock import Clock
from scheduler.model import PlaceId, RequestId, TimeWindow, Trip, TripKind
from scheduler.promises import Promise, told

if TYPE_CHECKING:
    from scheduler.offers import Offer


@dataclass(frozen=True)
class ToldTrip:
    """
    One trip: the window in which the bus comes, and how late it arrives at the latest.

    Both are rounded outwards, so that what is said stays true.

    *pickup* and *arrival* are when it is planned by now; they may still move.
    """

    kind: TripKind
    origin: PlaceId
    destination: PlaceId
    window: TimeWindow
    arrive_latest: Clock
    pickup: Clock | None = None
    arrival: Clock | None = None


@dataclass(frozen=True)
class ToldOffer:
    """
    A journey that can be promised now.

    Parameters
    ----------
    until
        When the offer expires, if it is not accepted.
    aboard, extra
        Seconds in the bus; seconds of driving more than without this passenger.
    moved
        By how many seconds the pickups of others move, within what they were promised.
    call_back
        Whether it costs the bus so much that it had better be promised when all have rung.
    """

    id: str
    request: RequestId
    until: datetime
    trips: tuple[ToldTrip, ...]
    aboard: Seconds
    extra: Seconds
    moved: Mapping[RequestId, Seconds]
    call_back: bool


@dataclass(frozen=True)
class Answer:
    """
    What can be offered, best first. Without any, *none* says why in German.

    *proven* says that no plan takes the request beside all that is promised.
    """

    request: RequestId
    offers: tuple[ToldOffer, ...]
    none: str = ""
    proven: bool = False


def tell(offer: "Offer", *, call_back: Seconds) -> Document:
    """
    Write down what is told of an offer, as what `json` can write; times are seconds.

    *call_back* is from how much more driving on people are called back (`policy.Booking`).
    """
    begins = {(visit.trip, visit.kind): visit.begin for visit in offer.visits}
    return {
        "planned": {
            trip.id: [begins[trip.id, trip.visits[0].kind], begins[trip.id, trip.visits[-1].kind]]
            for trip in offer.promise.trips
        },
        "aboard": offer.aboard,
        "extra": offer.extra,
        "moved": dict(offer.moved),
        "call_back": offer.dear(call_back),
    }


def told_offer(name: str, promise: Promise, document: Document, *, until: datetime) -> ToldOffer:
    """Read back what `tell` wrote down about an offer of this *name*."""
    return ToldOffer(
        id=name,
        request=promise.request,
        until=until,
        trips=tuple(_told_trip(trip, *document["planned"][trip.id]) for trip in promise.trips),
        aboard=document["aboard"],
        extra=document["extra"],
        moved=document["moved"],
        call_back=document.get("call_back", False),
    )


def told_trips(promise: Promise) -> Iterator[ToldTrip]:
    """What is told of a promise, whatever is planned for it by now."""
    return (_told_trip(trip) for trip in promise.trips)


def _told_trip(trip: Trip, pickup: Clock | None = None, arrival: Clock | None = None) -> ToldTrip:
    first, last = trip.visits[0], trip.visits[-1]
    return ToldTrip(
        kind=trip.kind,
        origin=first.place,
        destination=last.place,
        window=told(first.window),
        arrive_latest=-(-last.window.latest // MINUTE) * MINUTE,
        pickup=pickup,
        arrival=arrival,
    )
