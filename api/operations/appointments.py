"""Rank the free appointments of practices by what they cost the bus, across places and days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from api.operations import desks
from api.operations.desks import Asked
from api.operations.intake import make_intake
from api.operations.offers import NOTHING_FOUND
from api.operations.office import Office
from api.operations.telling import ToldOffer, tell, told_offer
from data import promises
from data.calendars import FreeAppointment, Unusable, read_calendar
from data.cells import read_day, read_time
from data.errors import RefusedRowError, Rejected, UnkeptPromisesError
from data.intake import Intake
from data.region import Region
from scheduler.clock import Clock, hh_mm
from scheduler.model import PlaceId, RequestId

# So many are priced; of calendars that have more, those nearest to the day that was asked for.
MOST_SLOTS = 50


@dataclass(frozen=True)
class Slot:
    """
    A free appointment.

    *place* is a name or an id, "" the destination of the request; no *date* means that of the
    request.
    """

    place: str
    appointment: Clock
    date: dt.date | None = None


@dataclass(frozen=True)
class CalendarFile:
    """The calendar of one practice; without a *place*, its entries say where they are."""

    name: str
    content: bytes
    place: str = ""


@dataclass(frozen=True)
class Found:
    """What stands in calendars: the *slots* to be priced, out of so many *free* ones."""

    slots: tuple[Slot, ...]
    free: int
    unusable: tuple[Unusable, ...]


@dataclass(frozen=True)
class Ranked:
    """What an appointment would cost; without an *offer*, *none* says why in German."""

    place: PlaceId
    date: dt.date
    appointment: Clock
    offer: ToldOffer | None
    none: str = ""


def read_slot(text: str) -> Slot:
    """
    Read "10:20", "10:20 MVZ Kalletal" or "2027-03-03 10:20 MVZ Kalletal".

    Raises
    ------
    ValueError
        In German, if neither a time nor a date and a time stands at the beginning.
    """
    first, _, rest = text.strip().partition(" ")
    day = None
    if "-" in first or first.count(".") == 2:
        day = read_day(first)
        first, _, rest = rest.strip().partition(" ")
    return Slot(rest.strip(), read_time(first), day)


def read_calendars(
    office: Office, region: Region, request: RequestId, files: Iterable[CalendarFile]
) -> Found:
    """
    Find the free appointments in calendars of practices, say of all sites of a health centre.

    Raises
    ------
    UnreadableFileError
        If a file is no calendar.
    NotKeptError, CancelledError
        As `offers.find`.
    """
    asked = desks.read(office, region, request)
    slots: dict[Slot, None] = {}
    unusable: list[Unusable] = []
    for file in files:
        free, others = read_calendar(
            file.content, file.name, zone=office.zone(region), now=office.local(region)
        )
        unusable += others
        for entry in free:
            place = file.place or _place_of(region, entry)
            if place is None:
                unusable.append(_strange(file, entry))
            else:
                slots[Slot(place, entry.at, entry.date)] = None
    nearest = sorted(slots, key=lambda slot: _distance(slot, asked.input.date))
    return Found(tuple(nearest[:MOST_SLOTS]), len(nearest), tuple(unusable))


def rank(office: Office, region: Region, request: RequestId, slots: Iterable[Slot]) -> list[Ranked]:
    """
    Rank *slots*: the least extra driving first, what cannot be offered last.

    Nothing is promised or kept: once one is chosen, the request is changed to it and offered.

    Raises
    ------
    RefusedRowError
        If a place is not known.
    NotKeptError, CancelledError, UnkeptPromisesError
        As `offers.find`.
    """
    asked = desks.read(office, region, request)
    intake = make_intake(office, region)
    # Without a request that can be looked at, each slot is answered with what is wrong with it.
    own = next((each.destination for each in asked.input.requests), "")
    placed = [(slot, _place(intake, slot.place) if slot.place else own) for slot in slots]
    ranked = [_price(office, region, asked, slot, place) for slot, place in placed]
    return sorted(ranked, key=_order)


def _price(office: Office, region: Region, asked: Asked, slot: Slot, place: PlaceId) -> Ranked:
    day = slot.date or asked.input.date
    standing = asked.standing
    if day != standing.date:
        with office.store.reading() as session:
            standing = promises.read_standing(session, region.name, day, now=office.now())
    requests = tuple(
        replace(each, destination=place, appointment=slot.appointment, arrive=None)
        for each in asked.input.requests
    )
    instead = Asked(standing, replace(asked.input, date=day, requests=requests), asked.fault)
    try:
        desk, none = desks.open_day(office, region, instead)
    except UnkeptPromisesError as error:
        if day == asked.standing.date:
            raise
        desk, none = None, str(error)
    if desk is None:
        return Ranked(place, day, slot.appointment, None, none)
    found = desk.offers(width=region.policy.promise.window, most=1)
    if not found:
        return Ranked(place, day, slot.appointment, None, NOTHING_FOUND)
    document = tell(found[0], call_back=region.policy.booking.call_back)
    told = told_offer("", found[0].promise, document, until=office.now())
    return Ranked(place, day, slot.appointment, told)


def _place_of(region: Region, entry: FreeAppointment) -> PlaceId | None:
    """
    Find the place that a calendar names: by name or address, before a comma as well.

    Nobody else is asked. Without a name it is "", the destination of the request.
    """
    if not entry.place:
        return ""
    wanted = {entry.place.casefold(), entry.place.partition(",")[0].strip().casefold()}
    for place in region.places.values():
        if wanted & {name.casefold() for name in (place.id, place.name, place.address.label)}:
            return place.id
    return None


def _strange(file: CalendarFile, entry: FreeAppointment) -> Unusable:
    message = (
        f"Den Ort „{entry.place}“ (LOCATION) kennt die Region nicht. Bitte zum Kalender angeben, "
        "zu welchem Ort er gehört."
    )
    return Unusable(file.name, entry.entry, f"{entry.date:%d.%m.%Y}, {hh_mm(entry.at)}", message)


def _distance(slot: Slot, day: dt.date) -> tuple[int, dt.date, Clock, str]:
    """How far a slot is from the day that was asked for, and which comes first otherwise."""
    date = slot.date or day
    return abs((date - day).days), date, slot.appointment, slot.place


def _place(intake: Intake, text: str) -> PlaceId:
    if text in intake.region.places:
        return text
    found = intake.find(text)
    if isinstance(found, str) or found.place_id is None:
        message = found if isinstance(found, str) else "Ist kein bekanntes Ziel."
        raise RefusedRowError((Rejected(0, "ziel", text, message),))
    return found.place_id


def _order(ranked: Ranked) -> tuple[bool, int, int, dt.date, Clock]:
    offer = ranked.offer
    cost = (offer.extra, offer.aboard) if offer else (0, 0)
    return (offer is None, *cost, ranked.date, ranked.appointment)
