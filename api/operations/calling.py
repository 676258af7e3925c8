"""
A telephone call: what can be promised is looked at while somebody types, and kept on one key.

Looking keeps nothing. What is accepted is taken, offered and promised as every other request is
(`requests.take`, `offers.find`, `offers.accept`); if somebody else was faster meanwhile, the
request is kept all the same, and comes back with what can be promised now.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus

from api.errors import OfferGoneError
from api.operations import desks, offers, requests
from api.operations.desks import Asked
from api.operations.intake import make_intake
from api.operations.office import Office
from api.operations.repeating import once
from api.operations.telling import ToldOffer, tell, told_offer
from data import promises, same_day
from data.answers import Answer, Keyed
from data.cells import read_birth
from data.day_input import Booking, DayInput
from data.errors import RefusedRowError, Rejected, UnkeptPromisesError
from data.region import Region
from data.request_rows import read_row
from data.requests import StoredRequest
from data.same_day import Caller
from routing.geocoding import Address
from scheduler.model import PlaceId, RequestId

_NEW = "new"


@dataclass(frozen=True)
class Proposal:
    """
    What can be done for a caller on one date, before anything is kept.

    With *faults* the request cannot be taken. Without *offers* it can be taken, and *none* says in
    German why nothing can be promised.
    """

    date: date
    faults: tuple[Rejected, ...] = ()
    offers: tuple[ToldOffer, ...] = ()
    none: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one date of a call: a *request*, promised or not, or *faults*."""

    date: date
    request: RequestId = ""
    promised: bool = False
    faults: tuple[Rejected, ...] = ()


def propose(
    office: Office, region: Region, cells: Mapping[str, str], dates: Iterable[date]
) -> list[Proposal]:
    """Look what can be promised on each of *dates*; *cells* are the other columns of a request."""
    intake = make_intake(office, region)
    today = office.today(region)
    proposals = []
    for day in dates:
        asked = {**cells, "datum": day.isoformat()}
        row = read_row(asked, row=0, today=today)
        if isinstance(row, list):
            more = intake.more_faults(asked, row, today=today)
            proposals.append(Proposal(day, (*row, *more)))
            continue
        booking = intake.take(row, _NEW)
        if isinstance(booking, list):
            proposals.append(Proposal(day, tuple(booking)))
        else:
            proposals.append(_propose(office, region, booking))
    return proposals


def asked_already(
    office: Office, region: Region, cells: Mapping[str, str], dates: Collection[date]
) -> list[StoredRequest]:
    """Find what the caller rides to already on one of *dates*; nobody for whom no name is typed."""
    if not (cells["name"] and dates):
        return []
    try:
        born = read_birth(cells["geburtsdatum"], office.today(region))
    except ValueError:
        born = None
    caller = Caller(cells["name"], born, cells["telefon"])
    with office.store.reading() as session:
        return same_day.asked_already(session, region, caller, dates)


def unreadable(office: Office, region: Region, cells: Mapping[str, str]) -> list[Rejected]:
    """Find what is wrong with the other columns, as long as it is not clear yet when."""
    today = office.today(region)
    asked = {**cells, "datum": "", "termin": ""}
    row = read_row(asked, row=0, today=today)
    if not isinstance(row, list):
        return []
    more = make_intake(office, region).more_faults(asked, row, today=today)
    return [fault for fault in (*row, *more) if fault.field not in {"datum", "termin"}]


def book(
    office: Office,
    region: Region,
    cells: Mapping[str, str],
    wanted: Mapping[date, str],
    *,
    key: str,
) -> list[Taken]:
    """
    Take a request for each date, and promise what was chosen for it (`choice`; "" is nothing).

    What cannot be taken on one date does not keep the others from being taken. A second time under
    the same *key*, nothing is taken twice.

    Raises
    ------
    KeyReusedError
        If something else was booked under this key.
    AnswerErasedError
        If it was booked, and the passenger is forgotten by now.
    """
    taken = []
    for day, chosen in wanted.items():
        try:
            request = _take_once(office, region, {**cells, "datum": day.isoformat()}, key=key)
        except RefusedRowError as error:
            taken.append(Taken(day, faults=tuple(error.rejected)))
            continue
        promised = bool(chosen) and _promise(office, region, request, chosen)
        taken.append(Taken(day, request, promised))
    return taken


def choice(offer: ToldOffer) -> str:
    """Name what an offer promises, whatever its id: the windows, to the second."""
    return "_".join(
        f"{trip.kind.value}-{trip.window.earliest}-{trip.window.latest}" for trip in offer.trips
    )


def _take_once(office: Office, region: Region, cells: dict[str, str], *, key: str) -> RequestId:
    asked = json.dumps([region.name, cells], ensure_ascii=False, sort_keys=True)
    keyed = Keyed(f"{key} {cells['datum']}", hashlib.sha256(asked.encode()).digest())

    def take() -> Answer:
        return Answer(HTTPStatus.CREATED, {}, requests.take(office, region, cells).id.encode())

    return once(office, keyed, take).body.decode()


def _promise(office: Office, region: Region, request: RequestId, chosen: str) -> bool:
    try:
        found = offers.find(office, region, request)
        same = next((each for each in found.offers if choice(each) == chosen), None)
        if same is None:
            return False
        offers.accept(office, region, same.id)
    except (OfferGoneError, UnkeptPromisesError):
        return False
    return True


def _propose(office: Office, region: Region, booking: Booking) -> Proposal:
    day = booking.date
    with office.store.reading() as session:
        standing = promises.read_standing(session, region.name, day, now=office.now())
    try:
        desk, none = desks.open_day(office, region, Asked(standing, _alone(booking), ""))
    except UnkeptPromisesError as error:
        return Proposal(day, none=str(error))
    if desk is None:
        return Proposal(day, none=none)
    found = desk.offers(width=region.policy.promise.window)
    if not found:
        return Proposal(day, none=offers.NOTHING_FOUND)
    call_back = region.policy.booking.call_back
    until = office.now()
    told = (
        told_offer("", each.promise, tell(each, call_back=call_back), until=until) for each in found
    )
    return Proposal(day, offers=tuple(told))


def _alone(booking: Booking) -> DayInput:
    """The request as if it were alone on its day, its homes called as no other is."""
    names = {name: f"asked-{name}" for name in booking.homes}
    request = replace(
        booking.request,
        origin=names.get(booking.request.origin, booking.request.origin),
        destination=names.get(booking.request.destination, booking.request.destination),
    )
    homes: dict[PlaceId, Address] = {names[name]: home for name, home in booking.homes.items()}
    return DayInput(booking.date, (request,), {}, homes)
