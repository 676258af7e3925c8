"""
Passengers and where they live: here names and addresses are sealed and opened.

Everything else knows a passenger by a number, and a home by an id such as "home-7". In the
database all of it is sealed (`data.keys`). Whoever is opened here is noted for the audit
(`data.journal`).
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from data.journal import journal_of, met
from data.keys import Vault, vault
from data.request_ids import request_id, row_number
from data.tables import Home, KeptRequest, Note, Person
from routing.geo import Point
from routing.geocoding import Address
from scheduler.manifest import Contact
from scheduler.model import PlaceId

_PREFIX = "home-"
PERSON, HOME, SPOT, NOTE = "people", "homes", "homes.spot", "notes"  # what a sealed text is about
_OPENED = "opened"  # in the info of a session: whom it has read

Document = dict[str, Any]


@dataclass(frozen=True)
class Passenger:
    """Who somebody is; *born* is ``None`` and *phone* "" if that was not told."""

    number: int
    region: str
    name: str
    born: dt.date | None
    phone: str

    @property
    def id(self) -> str:
        """The id that commands and addresses of the API name, such as "p12"."""
        return f"p{self.number}"


def keep_person(session: Session, region: str, contact: Contact, born: dt.date | None) -> Person:
    """Find a passenger of this name, birth date and phone, or keep a new one."""
    sealed = seal_person(session, region, contact, born)
    person = session.scalar(select(Person).filter_by(region=region, sealed=sealed))
    if person is None:
        person = Person(region=region, sealed=sealed)
        session.add(person)
    else:
        met(Person.__tablename__, f"p{person.id}")
    return person


def passengers(session: Session, region: str) -> list[Passenger]:
    """Everybody of a region, in the order in which they came."""
    return search(session, region, lambda _: True)


def search(
    session: Session,
    region: str,
    wanted: Callable[[Passenger], bool],
    *,
    among: Collection[int] | None = None,
) -> list[Passenger]:
    """
    Look through everybody of a region, for the database cannot read their names.

    With *among*, only through those of these numbers. Only those who are *wanted* count as read:
    nobody sees the others.
    """
    people = select(Person).filter_by(region=region).order_by(Person.id)
    if among is not None:
        people = people.where(Person.id.in_(among))
    everybody = session.scalars(people).all()
    journal_of(session).searched("people", len(everybody), region=region)
    found = [each for each in (_opened(session, person) for person in everybody) if wanted(each)]
    for each in found:
        _note(session, each)
    return found


def find(session: Session, region: str, number: int) -> Passenger | None:
    """Read who the passenger of a number is; ``None`` if there is none."""
    person = session.scalar(select(Person).filter_by(region=region, id=number))
    return passenger(session, person) if person is not None else None


def is_kept(session: Session, region: str, number: int) -> bool:
    """Whether there is a passenger of this number; nobody is told who that is."""
    wanted = select(Person.id).filter_by(region=region, id=number)
    return session.scalar(wanted) is not None


def passenger(session: Session, person: Person) -> Passenger:
    """Read who somebody is."""
    opened = _opened(session, person)
    _note(session, opened)
    return opened


def seal_person(session: Session, region: str, contact: Contact, born: dt.date | None) -> bytes:
    """Seal who somebody is: the same name, birth date and phone give the same bytes."""
    when = born.isoformat() if born else ""
    return vault(session).seal(about(PERSON, region), contact.name, when, contact.phone)


def _opened(session: Session, person: Person) -> Passenger:
    # Many requests are of the same person, and each is asked for a name and a birth date.
    known: dict[tuple[int, bytes], Passenger] = session.info.setdefault(_OPENED, {})
    found = known.get((person.id, person.sealed))
    if found is None:
        name, born, phone = vault(session).open(about(PERSON, person.region), person.sealed)
        when = dt.date.fromisoformat(born) if born else None
        found = Passenger(person.id, person.region, name, when, phone)
        known[person.id, person.sealed] = found
    return found


def _note(session: Session, opened: Passenger) -> None:
    journal_of(session).read("people", opened.id, region=opened.region)


def keep_note(session: Session, request: KeptRequest, text: str) -> None:
    """Keep what the driver of a request should know."""
    if not text:
        request.note = None
        return
    sealed = vault(session).seal_freshly(NOTE, text)
    if request.note is None:
        request.note = Note(sealed=sealed)
    else:
        request.note.sealed = sealed


def contact_of(request: KeptRequest) -> Contact:
    """Say who is behind a request; nobody any more, if it is too long ago (`data.retention`)."""
    session = object_session(request)
    if session is None or request.person is None:
        return Contact("", "", "")
    who = passenger(session, request.person)
    journal_of(session).read("requests", request_id(request.id), region=request.region)
    note = vault(session).open_fresh(NOTE, request.note.sealed)[0] if request.note else ""
    return Contact(who.name, who.phone, note)


def birth_of(request: KeptRequest) -> dt.date | None:
    """When the passenger of a request was born, if that was told."""
    session = object_session(request)
    if session is None or request.person is None:
        return None
    return passenger(session, request.person).born


def keep_home(session: Session, region: str, address: Address) -> PlaceId:
    """Find the id of an address, or keep it under a new one."""
    keys = vault(session)
    sealed = keys.seal(about(HOME, region), address.label)
    home = session.scalar(select(Home).filter_by(region=region, sealed=sealed))
    # The region's list may know better by now where the house stands.
    spot = seal_spot(keys, SPOT, address.point)
    if home is None:
        home = Home(region=region, sealed=sealed, spot=spot)
        session.add(home)
        session.flush()
    elif open_spot(keys, SPOT, home.spot) != address.point:
        home.spot = spot
    return home_id(home.id)


def homes_of(session: Session, places: Iterable[PlaceId]) -> dict[PlaceId, Address]:
    """Look up those of *places* that are homes."""
    numbers = {number for place in places if (number := home_number(place)) is not None}
    if not numbers:
        return {}
    homes = session.scalars(select(Home).where(Home.id.in_(numbers)))
    return {home_id(home.id): _address(session, home) for home in homes}


def home_id(number: int) -> PlaceId:
    """How the home of a number is called."""
    return f"{_PREFIX}{number}"


def home_number(place: PlaceId) -> int | None:
    """The number of a home; ``None`` for every other place."""
    return row_number(place.removeprefix(_PREFIX)) if place.startswith(_PREFIX) else None


def without_homes(document: Document) -> Document:
    """A plan document (`data.plan_document`) as it is kept: where homes are, it does not say."""

    def hide(stop: Document) -> Document:
        if home_number(stop["place"]) is None:
            return stop
        return {name: value for name, value in stop.items() if name not in {"lat", "lon"}}

    return _stops_made(document, hide)


def with_homes(session: Session, document: Document) -> Document:
    """A plan document as it was, with the points of the homes that are still known."""
    places = {stop["place"] for route in document["routes"] for stop in route["stops"]}
    homes = homes_of(session, places)

    def show(stop: Document) -> Document:
        home = homes.get(stop["place"])
        if home is None:
            return stop
        point = {"lat": home.point.lat, "lon": home.point.lon}
        return {"place": stop["place"], **point, **stop}

    return _stops_made(document, show)


def seal_spot(keys: Vault, what: str, point: Point) -> bytes:
    """Seal a point, to the last digit."""
    return keys.seal_freshly(what, repr(point.lat), repr(point.lon))


def open_spot(keys: Vault, what: str, spot: bytes) -> Point:
    """Read what `seal_spot` wrote."""
    lat, lon = keys.open_fresh(what, spot)
    return Point(float(lat), float(lon))


def about(what: str, region: str) -> str:
    """What a sealed text is about: one of a region's people or homes."""
    return f"{what}:{region}"


def _address(session: Session, home: Home) -> Address:
    keys = vault(session)
    (label,) = keys.open(about(HOME, home.region), home.sealed)
    journal_of(session).read("homes", home_id(home.id), region=home.region)
    return Address(
        label=label,
        street=label,
        housenumber="",
        postcode="",
        village="",
        point=open_spot(keys, SPOT, home.spot),
        place_id=None,
    )


def _stops_made(document: Document, change: Callable[[Document], Document]) -> Document:
    routes = [
        {**route, "stops": [change(stop) for stop in route["stops"]]}
        for route in document["routes"]
    ]
    return {**document, "routes": routes}
