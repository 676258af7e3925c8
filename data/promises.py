"""
Promises and offers in the database, by pseudonymous ids only.

Rows of `promises` say what was promised; the standing plan of a day proves that all of it can be
kept together. Whoever promises something more counts the version of that plan up in the same
transaction (`keep`): of two who read the same version, one is refused and looks again.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.errors import NotKeptError
from data.people import homes_of, without_homes
from data.plan_document import Document, plan_document, read_plan_document
from data.request_ids import request_id, request_number, row_number
from data.tables import KeptOffer, KeptPromise, KeptRequest, StandingPlan
from data.trip_document import read_trip, trip_document
from routing.geo import Point
from routing.geocoding import Address
from scheduler.model import PlaceId, RequestId
from scheduler.plan import Plan
from scheduler.promises import Promise

# An offer that nobody took is remembered so long, to say that it has expired.
REMEMBERED = dt.timedelta(days=1)


@dataclass(frozen=True)
class StoredPromise:
    """A promise, and *until* when it is on hold; ``None`` if it is promised for good."""

    promise: Promise
    given: dt.datetime
    until: dt.datetime | None

    def at(self, now: dt.datetime) -> "StoredPromise | None":
        """The same at a moment: nothing, if it was on hold for longer than agreed."""
        return None if self.until is not None and self.until <= now else self


@dataclass(frozen=True)
class StoredOffer:
    """
    An offer as it was told: *told* is for whoever shows it, *promise* what it becomes.

    *plan* is the one behind it, as JSON.
    """

    id: str
    promise: Promise
    told: Document
    plan: Document
    created: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Standing:
    """
    What stands in the database about the promises of one day.

    *version* is 0 and *plan* ``None`` as long as nothing was ever promised. *homes* are the
    addresses in the promises that are no known places.
    """

    region: str
    date: dt.date
    version: int
    plan: Plan | None
    promises: Mapping[RequestId, StoredPromise]
    homes: Mapping[PlaceId, Address] = field(default_factory=dict)

    @property
    def firm(self) -> tuple[Promise, ...]:
        """What is promised for good."""
        return tuple(each.promise for each in self.promises.values() if each.until is None)

    @property
    def every(self) -> tuple[Promise, ...]:
        """What every plan has to keep, what is on hold included."""
        return tuple(each.promise for each in self.promises.values())


def named_places(promises: Iterable[Promise]) -> list[PlaceId]:
    """Every place that *promises* name, each once, in a fixed order."""
    places = {v.place for promise in promises for trip in promise.trips for v in trip.visits}
    return sorted(places)


def read_standing(session: Session, region: str, day: dt.date, *, now: dt.datetime) -> Standing:
    """Read what is promised and on hold at a moment, and the plan that keeps it."""
    plan = session.scalar(select(StandingPlan).filter_by(region=region, date=day))
    rows = session.scalars(
        select(KeptPromise).filter_by(region=region, date=day).order_by(KeptPromise.request_id)
    )
    stored = (stored_promise(row).at(now) for row in rows)
    promises = {each.promise.request: each for each in stored if each is not None}
    places = named_places(each.promise for each in promises.values())
    return Standing(
        region,
        day,
        version=plan.version if plan else 0,
        plan=read_plan_document(plan.document) if plan else None,
        promises=promises,
        homes=homes_of(session, places),
    )


def promised_days(session: Session, region: str, *, first: dt.date) -> list[dt.date]:
    """List the dates from *first* on for which anything is promised or on hold, in order."""
    wanted = select(KeptPromise.date).where(KeptPromise.region == region, KeptPromise.date >= first)
    return sorted(session.scalars(wanted.distinct()))


def keep(
    session: Session,
    before: Standing,
    plan: Plan,
    *,
    points: Mapping[PlaceId, Point],
    changed: StoredPromise | None = None,
    now: dt.datetime,
) -> bool:
    """
    Keep *plan*, which serves all promises of *before* and what was *changed*, together with it.

    Returns False, and nothing may be kept in this transaction, if somebody else was faster.
    """
    document = without_homes(plan_document(plan, region=before.region, points=points))
    if not _count_up(session, before, document, now):
        return False
    of_day = delete(KeptPromise).filter_by(region=before.region, date=before.date)
    session.execute(of_day.where(KeptPromise.until <= now))
    if changed is not None:
        record(session, before.region, before.date, changed)
    session.flush()
    return True


def record(session: Session, region: str, day: dt.date, promise: StoredPromise) -> None:
    """Note what was promised, where another plan than the standing one keeps it."""
    number = request_number(promise.promise.request)
    row = session.get(KeptPromise, number) or KeptPromise(request_id=number)
    row.region, row.date = region, day
    row.document = promise_document(promise.promise)
    row.weight = promise.promise.weight
    row.given, row.until = promise.given, promise.until
    session.add(row)
    session.execute(
        update(KeptRequest).filter_by(id=number).values(version=KeptRequest.version + 1)
    )
    session.flush()


def _count_up(session: Session, before: Standing, document: Document, now: dt.datetime) -> bool:
    if before.version == 0:
        first = StandingPlan(
            region=before.region, date=before.date, version=1, document=document, changed=now
        )
        try:
            with session.begin_nested():
                session.add(first)
        except IntegrityError:
            return False
        return True
    found = session.execute(
        update(StandingPlan)
        .filter_by(region=before.region, date=before.date, version=before.version)
        .values(version=before.version + 1, document=document, changed=now)
        .returning(StandingPlan.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def release(session: Session, kept: KeptRequest) -> StoredPromise | None:
    """
    Take back what a request was promised and offered; returns the promise, if there was one.

    The standing plan may carry it on: whoever reads it next leaves out who is not promised.
    """
    promise = stored_promise(kept.promise) if kept.promise else None
    kept.promise = None
    kept.offers.clear()
    session.flush()
    return promise


def add_offers(
    session: Session,
    offers: Iterable[tuple[Promise, Document, Document]],
    *,
    until: dt.datetime,
    now: dt.datetime,
) -> list[StoredOffer]:
    """Keep offers (what is promised, what is told, the plan); long forgotten ones go."""
    session.execute(delete(KeptOffer).where(KeptOffer.until < now - REMEMBERED))
    rows = [
        KeptOffer(
            request_id=request_number(promise.request),
            document=promise_document(promise) | {"weight": promise.weight},
            told=told,
            plan=without_homes(plan),
            created=now,
            until=until,
        )
        for promise, told, plan in offers
    ]
    session.add_all(rows)
    session.flush()
    return [_stored_offer(row) for row in rows]


def remember(
    session: Session,
    region: str,
    day: dt.date,
    released: Promise,
    *,
    until: dt.datetime,
    now: dt.datetime,
) -> None:
    """
    Keep what a cancelled request was promised, as an offer of it that nobody was told.

    Whoever takes the cancellation back can be promised it again *until* then, if it still fits.
    """
    plan = session.scalar(select(StandingPlan.document).filter_by(region=region, date=day))
    if plan is not None:
        add_offers(session, [(released, {}, plan)], until=until, now=now)


def remembered(session: Session, request: RequestId) -> StoredOffer | None:
    """Find what a request was promised that is cancelled: there are no offers of it but that."""
    kept = session.get(KeptRequest, request_number(request))
    if kept is None or kept.cancelled is None:
        return None
    return next((_stored_offer(row) for row in kept.offers), None)


def read_offer(session: Session, region: str, offer: str) -> StoredOffer:
    """
    Read an offer.

    Raises
    ------
    NotKeptError
        If there is none of this id, or its request was changed since.
    """
    row = _offer_row(session, offer)
    kept = session.get(KeptRequest, row.request_id) if row else None
    if row is None or kept is None or kept.region != region:
        msg = (
            f"Einen Vorschlag {offer} gibt es nicht, oder der Fahrtwunsch wurde seitdem geändert. "
            "Bitte neue Vorschläge holen."
        )
        raise NotKeptError(msg)
    return _stored_offer(row)


def held_offer(session: Session, request: RequestId) -> StoredOffer | None:
    """Find the offer that is on hold for a request, if there is one."""
    kept = session.get(KeptRequest, request_number(request))
    if kept is None or kept.promise is None or kept.promise.until is None:
        return None
    held = stored_promise(kept.promise).promise
    offers = (_stored_offer(row) for row in kept.offers)
    return next((each for each in offers if each.promise == held), None)


def extend_offer(session: Session, offer: str, *, until: dt.datetime) -> None:
    """Let an offer be accepted until a later moment."""
    row = _offer_row(session, offer)
    if row is not None:
        row.until = until


def _stored_offer(row: KeptOffer) -> StoredOffer:
    name = request_id(row.request_id)
    promise = read_promise(row.document, name, weight=row.document["weight"])
    return StoredOffer(f"o{row.id}", promise, row.told, row.plan, row.created, row.until)


def _offer_row(session: Session, offer: str) -> KeptOffer | None:
    number = row_number(offer.removeprefix("o"))
    return None if number is None else session.get(KeptOffer, number)


def stored_promise(row: KeptPromise) -> StoredPromise:
    """Read one row."""
    promise = read_promise(row.document, request_id(row.request_id), weight=row.weight)
    return StoredPromise(promise, row.given, row.until)


def promise_document(promise: Promise) -> Document:
    """Write the trips of a promise as what `json` can write; all times are seconds."""
    return {"trips": [trip_document(trip) for trip in promise.trips]}


def read_promise(document: Document, request: RequestId, *, weight: int) -> Promise:
    """Read what `promise_document` wrote."""
    return Promise(request, tuple(read_trip(each, request) for each in document["trips"]), weight)
