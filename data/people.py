"""
Passengers and where they live: the only module that reads or writes names and addresses.

Everything else knows a passenger by a number, and a home by an id such as "home-7".
"""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.request_ids import row_number
from data.tables import Home, KeptRequest, Note, Person
from routing.geo import Point
from routing.geocoding import Address
from scheduler.manifest import Contact
from scheduler.model import PlaceId

_PREFIX = "home-"


def keep_person(session: Session, region: str, contact: Contact, born: dt.date | None) -> Person:
    """Find a passenger of this name, birth date and phone, or keep a new one."""
    known = {
        "region": region,
        "name": contact.name,
        "born": born.isoformat() if born else "",
        "phone": contact.phone,
    }
    person = session.scalar(select(Person).filter_by(**known))
    if person is None:
        person = Person(**known)
        session.add(person)
    return person


def keep_note(request: KeptRequest, text: str) -> None:
    """Keep what the driver of a request should know."""
    if not text:
        request.note = None
    elif request.note is None:
        request.note = Note(text=text)
    else:
        request.note.text = text


def contact_of(request: KeptRequest) -> Contact:
    """Say who is behind a request."""
    note = request.note.text if request.note else ""
    return Contact(request.person.name, request.person.phone, note)


def birth_of(request: KeptRequest) -> dt.date | None:
    """When the passenger of a request was born, if that was told."""
    return dt.date.fromisoformat(request.person.born) if request.person.born else None


def keep_home(session: Session, region: str, address: Address) -> PlaceId:
    """Find the id of an address, or keep it under a new one."""
    home = session.scalar(select(Home).filter_by(region=region, label=address.label))
    if home is None:
        home = Home(
            region=region, label=address.label, lat=address.point.lat, lon=address.point.lon
        )
        session.add(home)
        session.flush()
    # The region's list may know better by now where the house stands.
    home.lat, home.lon = address.point.lat, address.point.lon
    return f"{_PREFIX}{home.id}"


def homes_of(session: Session, places: Iterable[PlaceId]) -> dict[PlaceId, Address]:
    """Look up those of *places* that are homes."""
    numbers = {
        number
        for place in places
        if place.startswith(_PREFIX)
        and (number := row_number(place.removeprefix(_PREFIX))) is not None
    }
    homes = session.scalars(select(Home).where(Home.id.in_(numbers)))
    return {
        f"{_PREFIX}{home.id}": Address(
            label=home.label,
            street=home.label,
            housenumber="",
            postcode="",
            village="",
            point=Point(home.lat, home.lon),
            place_id=None,
        )
        for home in homes
    }
