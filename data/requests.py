"""Requests in the database: nothing that was acknowledged is ever lost, nothing is kept twice."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.day_input import Booking, DayInput
from data.errors import NotKeptError, OtherRideError, Rejected
from data.keeping import KnownRegion
from data.keys import vault
from data.outcomes import Outcome
from data.people import birth_of, contact_of, homes_of, keep_note
from data.plans import StoredPlan
from data.promises import StoredPromise, release, stored_promise
from data.region import Region
from data.request_ids import request_id, request_number
from data.request_rows import ANY_PHARMACY, RequestRow, row_cells
from data.ride_columns import arrive_of, fill_ride, ride_row
from data.tables import Imported, KeptRequest, SeriesDate
from routing.geocoding import Address
from scheduler.manifest import Contact
from scheduler.model import (
    Mobility,
    Needs,
    PlaceId,
    PlaceKind,
    Request,
    RequestId,
    WayBack,
)

IMPORT = "imported"  # what a sealed key is about


@dataclass(frozen=True)
class StoredRequest:
    """
    A request as it was told, and what became of it since.

    *outcome* says how a cancelled one ended. *promise* may have been on hold; *released* was
    taken back by what was just done. *version* counts what was done to it, promises included.
    """

    id: RequestId
    row: RequestRow
    created: dt.datetime
    changed: dt.datetime
    cancelled: dt.datetime | None
    version: int = 1
    outcome: Outcome | None = None
    promise: StoredPromise | None = None
    released: StoredPromise | None = None

    def at(self, now: dt.datetime) -> "StoredRequest":
        """The same at a moment: without what was on hold for longer than agreed."""
        return replace(
            self,
            promise=self.promise and self.promise.at(now),
            released=self.released and self.released.at(now),
        )


def add(session: Session, region: str, booking: Booking, *, now: dt.datetime) -> RequestId:
    """Keep a new request; the id of *booking* is only a stand-in until then."""
    kept = KeptRequest(region=region, created=now, cancelled=None)
    _fill(session, kept, booking, now=now)
    session.add(kept)
    session.flush()
    return request_id(kept.id)


def add_unless_same(
    session: Session, region: str, booking: Booking, *, now: dt.datetime
) -> tuple[RequestId, bool]:
    """
    Keep a request, unless the same person asks for the same ride on that day already.

    Returns the request, and whether it is new.
    """
    asked = KeptRequest(region=region, created=now, cancelled=None)
    _fill(session, asked, booking, now=now)
    session.flush()
    assert asked.person is not None  # noqa: S101  (just filled in)
    wanted = select(KeptRequest).filter_by(
        region=region, date=booking.date, person_id=asked.person.id, cancelled=None
    )
    for kept in session.scalars(wanted.order_by(KeptRequest.id)).unique():
        if _ride(kept) == _ride(asked):
            return request_id(kept.id), False
    session.add(asked)
    session.flush()
    return request_id(asked.id), True


def add_imported(
    session: Session, region: str, booking: Booking, row: RequestRow, *, now: dt.datetime
) -> tuple[RequestId, bool]:
    """
    Keep a request from a file, unless the same row has become one before.

    Returns the request, and whether it is new. A request that was changed or cancelled since
    stays as it is.
    """
    sealed = vault(session).seal(IMPORT, _fingerprint(region, row))
    before = session.get(Imported, sealed)
    if before is not None:
        return request_id(before.request_id), False
    name = add(session, region, booking, now=now)
    session.add(Imported(sealed=sealed, request_id=request_number(name)))
    return name, True


def change(
    session: Session,
    region: str,
    request: RequestId,
    booking: Booking,
    *,
    now: dt.datetime,
    riding: bool = False,
    by_hand: bool = True,
) -> StoredPromise | None:
    """
    Replace what was asked; what was changed *by_hand*, its series leaves alone from then on.

    Another ride than the one that was promised or offered takes the promise back, which is
    returned then. Another name, phone, note or urgency does not. Who is *riding* already, on a
    day that has begun, can ask for no other ride.

    Raises
    ------
    OtherRideError
        If somebody who is riding asks for another ride; nothing may be kept then.
    NotKeptError
        If the region has no such request.
    """
    kept = _get(session, region, request, lock=True)
    before = _ride(kept)
    kept.version += 1
    _fill(session, kept, booking, now=now)
    if by_hand:
        for date in session.scalars(select(SeriesDate).filter_by(request_id=kept.id)):
            date.by_hand = True
    if _ride(kept) == before:
        return None
    if riding:
        raise OtherRideError
    return release(session, kept)


def cancel(
    session: Session,
    region: str,
    request: RequestId,
    *,
    now: dt.datetime,
    outcome: Outcome = Outcome.CANCELLED,
) -> StoredPromise | None:
    """
    Note that nobody wants to ride any more, and how it ended; a second time changes nothing.

    Returns the promise that was taken back, if there was one.
    """
    kept = _get(session, region, request, lock=True)
    if kept.cancelled is not None:
        return None
    kept.version += 1
    kept.cancelled = kept.changed = now
    kept.outcome = outcome.value
    return release(session, kept)


def revive(session: Session, region: str, request: RequestId, *, now: dt.datetime) -> None:
    """
    Take a cancellation back; twice changes nothing.

    What was promised stays taken back: whether it can be promised again is to be looked at first.
    """
    kept = _get(session, region, request, lock=True)
    if kept.cancelled is not None:
        kept.version += 1
        kept.cancelled, kept.outcome, kept.changed = None, None, now


def cancelled_among(session: Session, names: Iterable[RequestId]) -> set[RequestId]:
    """Which of some requests nobody wants any more."""
    numbers = {request_number(name) for name in names}
    wanted = select(KeptRequest.id).where(
        KeptRequest.id.in_(numbers), KeptRequest.cancelled.is_not(None)
    )
    return {request_id(number) for number in session.scalars(wanted)}


def contacts(session: Session, names: Iterable[RequestId]) -> dict[RequestId, Contact]:
    """Who asked, in the order in which they came in; without those who are forgotten."""
    numbers = {request_number(name) for name in names}
    wanted = select(KeptRequest).where(
        KeptRequest.id.in_(numbers), KeptRequest.person_id.is_not(None)
    )
    kept = session.scalars(wanted.order_by(KeptRequest.id))
    return {request_id(each.id): contact_of(each) for each in kept}


def all_known(session: Session, names: Iterable[RequestId]) -> bool:
    """Whether there is still somebody behind each of some requests."""
    numbers = {request_number(name) for name in names}
    known = select(func.count()).select_from(KeptRequest)
    known = known.where(KeptRequest.id.in_(numbers), KeptRequest.person_id.is_not(None))
    return session.scalar(known) == len(numbers)


def let_go(session: Session, region: str, request: RequestId) -> StoredPromise | None:
    """Take a promise and all offers back; the request itself stays. Returns the promise."""
    kept = _get(session, region, request, lock=True)
    if kept.promise:
        kept.version += 1
    return release(session, kept)


def lock(session: Session, region: str, request: RequestId) -> bool:
    """Keep others from changing a request meanwhile; False if nobody wants to ride any more."""
    return _get(session, region, request, lock=True).cancelled is None


def check_day(session: Session, region: str, request: RequestId, day: dt.date) -> None:
    """
    Make sure that there is such a request, and for this date.

    Raises
    ------
    NotKeptError
        If the region has none, or it is for another date.
    """
    if _get(session, region, request).date != day:
        msg = f"Der Fahrtwunsch {request} ist nicht für den {day:%d.%m.%Y}."
        raise NotKeptError(msg)


def read(session: Session, region: KnownRegion, request: RequestId) -> StoredRequest:
    """
    Read one request.

    Raises
    ------
    NotKeptError
        If the region has no such request.
    """
    kept = _get(session, region.name, request)
    return _stored(kept, region, homes_of(session, (kept.origin, kept.destination)))


def read_day(
    session: Session, region: Region, day: dt.date, *, cancelled: bool = False
) -> list[StoredRequest]:
    """Read the requests of one date as they came in; *cancelled* ones only when asked for."""
    kept = _of_day(session, region.name, day, cancelled=cancelled)
    homes = _homes(session, kept)
    return [_stored(each, region, homes) for each in kept]


def day_input(session: Session, region: Region, day: dt.date) -> tuple[DayInput, list[Rejected]]:
    """
    Collect what is asked of one date, for the scheduler.

    A request to a place that the region no longer has is reported, and not in the input.
    """
    return _collect(session, region, day, _of_day(session, region.name, day, cancelled=False))


def request_input(
    session: Session, region: Region, request: RequestId
) -> tuple[DayInput, list[Rejected]]:
    """
    Collect one request as if it were alone on its day; like `day_input`.

    Raises
    ------
    NotKeptError
        If the region has no such request.
    """
    kept = _get(session, region.name, request)
    return _collect(session, region, kept.date, [kept])


def _collect(
    session: Session, region: Region, day: dt.date, kept: Sequence[KeptRequest]
) -> tuple[DayInput, list[Rejected]]:
    homes = _homes(session, kept)
    places = region.places_on(day)
    pharmacies = tuple(
        place.id
        for place in places.values()
        if place.kind is PlaceKind.PHARMACY and place.open_hours != ()
    )
    requests: list[Request] = []
    rejected: list[Rejected] = []
    for each in kept:
        name = request_id(each.id)
        faults = [
            Rejected(0, column, place, f"Fahrtwunsch {name}: Diesen Ort gibt es nicht mehr.")
            for column, place in (
                ("abholort", each.origin),
                ("ziel", each.destination),
                ("apotheke", "" if each.pharmacy == ANY_PHARMACY else each.pharmacy),
            )
            if place and place not in places and place not in homes
        ]
        if each.pharmacy == ANY_PHARMACY and not pharmacies:
            message = f"Fahrtwunsch {name}: Am {day:%d.%m.%Y} hat keine geöffnet."
            faults.append(Rejected(0, "apotheke", each.pharmacy, message))
        rejected += faults
        if not faults:
            requests.append(_request(each, pharmacies))
    contacts = {request_id(each.id): contact_of(each) for each in kept}
    return DayInput(day, tuple(requests), contacts, homes), rejected


def input_of(session: Session, plan: StoredPlan) -> DayInput:
    """Find the people behind *plan*, and every home that it names."""
    requests = plan.requests
    numbers = {request_number(request.id) for request in requests}
    kept = session.scalars(select(KeptRequest).where(KeptRequest.id.in_(numbers)))
    contacts = {request_id(each.id): contact_of(each) for each in kept}
    places = {place for each in requests for place in (each.origin, each.destination)}
    return DayInput(plan.date, requests, contacts, homes_of(session, places | plan.places))


def _of_day(
    session: Session, region: str, day: dt.date, *, cancelled: bool
) -> Sequence[KeptRequest]:
    wanted = select(KeptRequest).filter_by(region=region, date=day).order_by(KeptRequest.id)
    wanted = wanted.where(KeptRequest.person_id.is_not(None))
    if not cancelled:
        wanted = wanted.where(KeptRequest.cancelled.is_(None))
    return session.scalars(wanted).unique().all()


def _homes(session: Session, kept: Iterable[KeptRequest]) -> dict[PlaceId, Address]:
    return homes_of(session, (place for each in kept for place in (each.origin, each.destination)))


def days(session: Session, region: str) -> list[dt.date]:
    """Dates for which somebody wants to ride, the latest first; those for counting only are not."""
    wanted = select(KeptRequest.date).filter_by(region=region, cancelled=None).distinct()
    wanted = wanted.where(KeptRequest.person_id.is_not(None))
    return list(session.scalars(wanted.order_by(KeptRequest.date.desc())))


def versions(session: Session, region: str, day: dt.date) -> list[tuple[RequestId, int]]:
    """Say which requests a day has, and in which version; nobody is told whose they are."""
    wanted = select(KeptRequest.id, KeptRequest.version).filter_by(region=region, date=day)
    found = session.execute(wanted.order_by(KeptRequest.id))
    return [(request_id(number), version) for number, version in found]


def of_passenger(session: Session, region: str, number: int) -> list[RequestId]:
    """Every request of one passenger, in the order in which they came in."""
    wanted = select(KeptRequest.id).filter_by(region=region, person_id=number)
    return [request_id(each) for each in session.scalars(wanted.order_by(KeptRequest.id))]


def ahead_of(
    session: Session, region: str, number: int, today: dt.date
) -> list[tuple[RequestId, dt.date]]:
    """Rides of one passenger that are still to come, the first ones first."""
    wanted = select(KeptRequest.id, KeptRequest.date).filter_by(region=region, person_id=number)
    wanted = wanted.where(KeptRequest.date >= today, KeptRequest.cancelled.is_(None))
    found = session.execute(wanted.order_by(KeptRequest.date, KeptRequest.id))
    return [(request_id(each), day) for each, day in found]


def history(session: Session, region: Region, number: int, *, most: int) -> list[StoredRequest]:
    """Read the last requests of a passenger, the latest ride first; cancelled ones as well."""
    wanted = select(KeptRequest).filter_by(region=region.name, person_id=number)
    wanted = wanted.order_by(KeptRequest.date.desc(), KeptRequest.id.desc()).limit(most)
    kept = session.scalars(wanted).unique().all()
    homes = _homes(session, kept)
    return [_stored(each, region, homes) for each in kept]


def passenger_of(session: Session, region: str, request: RequestId) -> int:
    """The number of the passenger behind a request; raises as `read` does."""
    return _get(session, region, request).person_id or 0


def places_of(session: Session, region: str, requests: Iterable[RequestId]) -> set[PlaceId]:
    """From and to where *requests* go."""
    every = [_get(session, region, request) for request in requests]
    return {place for kept in every for place in (kept.origin, kept.destination)}


def _get(session: Session, region: str, request: RequestId, *, lock: bool = False) -> KeptRequest:
    number = request_number(request)
    # Only the row itself: PostgreSQL refuses to lock the empty side of an outer join.
    update = {"of": KeptRequest} if lock else None
    kept = session.get(KeptRequest, number, with_for_update=update)
    if kept is None or kept.region != region or kept.person_id is None:
        msg = f"Einen Fahrtwunsch {request} gibt es nicht."
        raise NotKeptError(msg)
    return kept


def _fill(session: Session, kept: KeptRequest, booking: Booking, *, now: dt.datetime) -> None:
    kept.date, kept.changed = booking.date, now
    fill_ride(session, kept, booking)
    keep_note(session, kept, booking.contact.note)


def _ride(kept: KeptRequest) -> tuple[dt.date, str, Request]:
    """What a promise is about: all of a request but who rides, and how much it matters."""
    return kept.date, kept.pharmacy, replace(_request(kept, ()), id="", priority=0)


def asks_otherwise(kept: KeptRequest, before: Request) -> bool:
    """Whether another ride is asked for than *before*, whichever of the pharmacies it may be."""
    if bool(kept.pharmacy) != bool(before.pharmacies):
        return True
    return replace(_request(kept, before.pharmacies), priority=0) != replace(before, priority=0)


def _request(kept: KeptRequest, pharmacies: tuple[PlaceId, ...]) -> Request:
    chosen = pharmacies if kept.pharmacy == ANY_PHARMACY else (kept.pharmacy,)
    return Request(
        id=request_id(kept.id),
        origin=kept.origin,
        destination=kept.destination,
        appointment=kept.appointment,
        arrive=arrive_of(kept),
        stay=kept.stay,
        way_back=WayBack(kept.way_back),
        return_at=kept.return_at,
        pharmacies=chosen if kept.pharmacy else (),
        needs=Needs(Mobility(kept.mobility), kept.companions),
        priority=kept.priority,
    )


def _stored(
    kept: KeptRequest, region: KnownRegion, homes: Mapping[PlaceId, Address]
) -> StoredRequest:
    row = ride_row(
        kept, region, homes, day=kept.date, contact=contact_of(kept), born=birth_of(kept)
    )
    return StoredRequest(
        id=request_id(kept.id),
        row=row,
        created=kept.created,
        changed=kept.changed,
        cancelled=kept.cancelled,
        version=kept.version,
        outcome=Outcome(kept.outcome) if kept.outcome else None,
        promise=stored_promise(kept.promise) if kept.promise else None,
    )


def _fingerprint(region: str, row: RequestRow) -> str:
    """The same words in the same columns are the same wish, whatever the file is called."""
    cells = json.dumps([region, row_cells(row)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(cells.encode()).hexdigest()
