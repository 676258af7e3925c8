"""The columns that say what ride is asked for: the same in a request and in a series of them."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy.orm import Session

from data.day_input import Booking
from data.keeping import KnownRegion
from data.people import keep_home, keep_person
from data.request_rows import ANY_PHARMACY, RequestRow
from data.tables import KeptRequest, KeptSeries
from routing.geocoding import Address
from scheduler.manifest import Contact
from scheduler.model import Mobility, PlaceId, TimeWindow, WayBack

KeptRide: TypeAlias = KeptRequest | KeptSeries


def fill_ride(session: Session, kept: KeptRide, booking: Booking) -> None:
    """Write down who rides, from where to where, when, and with what help."""
    request = booking.request
    kept.person = keep_person(session, kept.region, booking.contact, booking.born)
    homes = {
        name: keep_home(session, kept.region, address) for name, address in booking.homes.items()
    }
    kept.origin = homes.get(request.origin, request.origin)
    kept.destination = homes.get(request.destination, request.destination)
    kept.appointment = request.appointment
    kept.arrive_earliest = request.arrive.earliest if request.arrive else None
    kept.arrive_latest = request.arrive.latest if request.arrive else None
    kept.way_back, kept.return_at = request.way_back.value, request.return_at
    kept.stay, kept.pharmacy = request.stay, booking.pharmacy
    kept.mobility, kept.companions = request.needs.mobility.value, request.needs.companions
    kept.priority = request.priority


def ride_row(
    kept: KeptRide,
    region: KnownRegion,
    homes: Mapping[PlaceId, Address],
    *,
    day: dt.date,
    contact: Contact,
    born: dt.date | None,
) -> RequestRow:
    """Give a ride as it was told, with places as they are called."""

    def name(place: PlaceId) -> str:
        if place in homes:
            return homes[place].label
        return region.places[place].name if place in region.places else place

    return RequestRow(
        date=day,
        name=contact.name,
        origin=name(kept.origin),
        destination=name(kept.destination),
        appointment=kept.appointment,
        arrive=arrive_of(kept),
        way_back=WayBack(kept.way_back),
        return_at=kept.return_at,
        stay=kept.stay,
        pharmacy=kept.pharmacy if kept.pharmacy in {"", ANY_PHARMACY} else name(kept.pharmacy),
        mobility=Mobility(kept.mobility),
        companions=kept.companions,
        priority=kept.priority,
        born=born,
        phone=contact.phone,
        note=contact.note,
    )


def arrive_of(kept: KeptRide) -> TimeWindow | None:
    """Between when and when somebody may arrive; ``None`` for whoever has an appointment."""
    if kept.arrive_earliest is None or kept.arrive_latest is None:
        return None
    return TimeWindow(kept.arrive_earliest, kept.arrive_latest)
