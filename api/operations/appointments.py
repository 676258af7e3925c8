"""Rank the free appointments of practices by what they cost the bus, across places and days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from api.operations import offers
from api.operations.intake import make_intake
from api.operations.offers import NOTHING_FOUND, Asked
from api.operations.office import Office
from api.operations.telling import ToldOffer, tell, told_offer
from data import promises
from data.errors import RefusedRowError, Rejected
from data.intake import Intake
from data.region import Region
from scheduler.clock import Clock
from scheduler.model import PlaceId, RequestId


@dataclass(frozen=True)
class Slot:
    """A free appointment; *place* is a name or an id, no *date* means that of the request."""

    place: str
    appointment: Clock
    date: dt.date | None = None


@dataclass(frozen=True)
class Ranked:
    """What an appointment would cost; without an *offer*, *none* says why in German."""

    place: PlaceId
    date: dt.date
    appointment: Clock
    offer: ToldOffer | None
    none: str = ""


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
    asked = offers.read(office, region, request)
    intake = make_intake(office, region)
    ranked = [_price(office, region, asked, slot, _place(intake, slot.place)) for slot in slots]
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
    desk, none = offers.open_day(office, region, instead)
    if desk is None:
        return Ranked(place, day, slot.appointment, None, none)
    found = desk.book.offers(desk.caller, width=region.policy.promise.window, most=1)
    if not found:
        return Ranked(place, day, slot.appointment, None, NOTHING_FOUND)
    told = told_offer("", found[0].promise, tell(found[0]), until=office.now())
    return Ranked(place, day, slot.appointment, told)


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
