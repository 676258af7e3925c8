"""
Offer, hold, promise, take back: what is done while somebody is on the telephone.

Nothing is promised twice: each change of a day's promises is kept only together with the next
version of the plan that proves them. Whoever was overtaken gets a clear answer and fresh offers.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from api.errors import (
    AlreadyPromisedError,
    BusyError,
    EventRefusedError,
    ExpiredOfferError,
    OvertakenOfferError,
    RunningDayError,
)
from api.observing import metrics
from api.operations.begun import is_riding, is_running
from api.operations.desks import cancelled, open_book, open_day, read
from api.operations.office import Office
from api.operations.telling import Answer, tell, told_offer
from data import promises, requests
from data.errors import NotKeptError
from data.plan_document import plan_document, read_plan_document
from data.promises import StoredOffer, StoredPromise
from data.region import Region
from data.requests import StoredRequest
from scheduler.errors import BrokenPromiseError
from scheduler.model import RequestId

if TYPE_CHECKING:
    from scheduler.booking import Book

log = logging.getLogger("fahrten")

# So often somebody else may be faster before we give up.
TRIES = 20

NOTHING_FOUND = "Neben allem, was schon zugesagt ist, wurde kein Platz gefunden."
NOTHING_PROVEN = "Kein Platz: Es ist bewiesen, dass neben allem schon Zugesagten nichts mehr passt."


@metrics.OFFER_SECONDS.labels("find").time()
def find(
    office: Office, region: Region, request: RequestId, *, prove: float | None = None
) -> Answer:
    """
    Find what can be promised to a request now, and remember it for some minutes.

    *prove* gives so many seconds to prove, if nothing is found, that nothing is there.

    Raises
    ------
    NotKeptError
        If there is no such request.
    CancelledError
        If nobody wants to ride any more.
    UnkeptPromisesError
        If what was promised to others cannot be kept: first that has to be cleared up.
    """
    asked = read(office, region, request)
    desk, none = open_day(office, region, asked)
    if desk is None:
        return Answer(request, (), none)
    found = desk.offers(width=region.policy.promise.window)
    metrics.OFFERS.labels("found" if found else "none").inc()
    log.info("offered request %s %d ways on %s", request, len(found), asked.standing.date)
    now = office.now()
    until = now + timedelta(minutes=office.settings.offer_minutes)
    points = desk.points
    call_back = region.policy.booking.call_back
    told = [
        (
            each.promise,
            tell(each, call_back=call_back),
            plan_document(each.plan, region=region.name, points=points),
        )
        for each in found
    ]
    # Proving takes long: before anything is kept, so that nobody waits for it.
    proven = not found and prove is not None and desk.never_fits(seconds=prove)
    with office.store.writing() as session:
        if desk.renewed is not None:
            promises.keep(session, asked.standing, desk.renewed, points=points, now=now)
        stored = promises.add_offers(session, told, until=until, now=now)
    if stored:
        offers = (told_offer(each.id, each.promise, each.told, until=until) for each in stored)
        return Answer(request, tuple(offers))
    return Answer(request, (), NOTHING_PROVEN if proven else NOTHING_FOUND, proven=proven)


def hold(
    office: Office, region: Region, offer: str, *, minutes: int | None = None
) -> StoredRequest:
    """
    Keep an offer for a caller who still has to think; others are not offered its seats.

    Without *minutes*, as long as the settings say; a second time, so long from now on.

    Raises
    ------
    NotKeptError
        If there is no such offer.
    ExpiredOfferError, OvertakenOfferError
        If it can no longer be accepted; with fresh offers.
    AlreadyPromisedError
        If the request was promised something, which would be lost when the hold expires.
    """
    until = office.now() + timedelta(minutes=minutes or office.settings.offer_minutes)
    return _take(office, region, offer, until=until)


def accept(office: Office, region: Region, offer: str) -> StoredRequest:
    """
    Promise an offer; when this returns, it is on the disk. A second time changes nothing.

    Raises
    ------
    NotKeptError
        If there is no such offer.
    ExpiredOfferError, OvertakenOfferError
        If it can no longer be accepted; with fresh offers.
    """
    return _take(office, region, offer, until=None)


def held(office: Office, region: Region, request: RequestId) -> str | None:
    """Tell which offer is on hold for a request; ``None`` if none is, or not any more."""
    with office.store.reading() as session:
        stored = requests.read(session, region, request).at(office.now())
        offer = promises.held_offer(session, request) if stored.promise else None
    return offer.id if offer else None


def refuse_other(office: Office, region: Region, offer: str, request: RequestId) -> None:
    """
    Make sure that an offer is one for this request, and not a slip of the finger.

    Raises
    ------
    NotKeptError
        If it is not there, or for somebody else.
    """
    with office.store.reading() as session:
        stored = promises.read_offer(session, region.name, offer)
    if stored.promise.request != request:
        msg = (
            f"Der Vorschlag {offer.removeprefix('o')} gilt einem anderen Fahrtwunsch als {request}."
        )
        raise NotKeptError(msg)


def release(office: Office, region: Region, request: RequestId) -> StoredRequest:
    """
    Take back what was promised or is on hold; the request stays, and can be offered anew.

    Raises
    ------
    NotKeptError
        If there is nothing to take back.
    RunningDayError
        If it rides on a day that has begun.
    """
    with office.store.reading() as session:
        day = requests.read(session, region, request).row.date
    if is_riding(office, region, request, day):
        msg = (
            f"Der Fahrtwunsch {request} fährt am {day:%d.%m.%Y} schon mit. Wer nicht mitfahren "
            "will, sagt ab."
        )
        raise RunningDayError(msg)
    with office.store.writing() as session:
        released = requests.let_go(session, region.name, request)
        stored = requests.read(session, region, request)
    stored = replace(stored, released=released).at(office.now())
    if stored.released is None:
        msg = f"Für den Fahrtwunsch {request} ist nichts zugesagt oder frei gehalten."
        raise NotKeptError(msg)
    log.info("took back what was promised to request %s", request)
    return stored


@metrics.OFFER_SECONDS.labels("take").time()
def _take(office: Office, region: Region, offer: str, *, until: datetime | None) -> StoredRequest:
    """Promise an offer, or hold it *until* then."""
    with office.store.reading() as session:
        stored = promises.read_offer(session, region.name, offer)
        before = requests.read(session, region, stored.promise.request)
    request = before.id
    if before.promise is not None and before.promise.until is None:
        if before.promise.promise == stored.promise:
            return before  # the answer may have been lost on the way
        if until is not None:
            msg = (
                f"Für den Fahrtwunsch {request} ist schon etwas zugesagt. Ein anderer Vorschlag "
                "kann angenommen werden; nur frei gehalten ginge die Zusage verloren."
            )
            raise AlreadyPromisedError(msg)
    if stored.until <= office.now():
        msg = f"Der Vorschlag {offer} ist abgelaufen."
        raise ExpiredOfferError(msg, find(office, region, request))
    with office.booking(region, before.row.date):
        if is_running(office, region, before.row.date):
            done = _join(office, region, stored, until=until)
        else:
            done = _book(office, region, stored, until=until)
    if not done:
        msg = f"Der Vorschlag {offer} passt nicht mehr: Inzwischen ist anderes zugesagt."
        raise OvertakenOfferError(msg, find(office, region, request))
    metrics.OFFERS.labels("held" if until else "accepted").inc()
    log.info("%s request %s on %s", "held" if until else "promised", request, before.row.date)
    with office.store.reading() as session:
        return requests.read(session, region, request).at(office.now())


def _join(office: Office, region: Region, offer: StoredOffer, *, until: datetime | None) -> bool:
    """Let the caller ride on a day that has begun; False if the offer no longer fits."""
    from api.operations.running_offers import join

    if until is not None:
        msg = "An einem Tag, der schon läuft, wird nichts frei gehalten. Bitte gleich zusagen."
        raise EventRefusedError(msg)
    return join(office, region, offer)


def _book(office: Office, region: Region, offer: StoredOffer, *, until: datetime | None) -> bool:
    """Change the book of the day; False if the offer no longer fits."""
    promise = offer.promise
    for _ in range(TRIES):
        asked = read(office, region, promise.request)
        if asked.fault:
            return False
        try:
            book = _change(open_book(office, region, asked), offer, until)
        except BrokenPromiseError:
            return False
        now = office.now()
        changed = StoredPromise(promise, now, until)
        with office.store.writing() as session:
            if not requests.lock(session, region.name, promise.request):
                raise cancelled(promise.request)
            # The request may have been changed meanwhile, and the offer gone with that.
            promises.read_offer(session, region.name, offer.id)
            kept = promises.keep(
                session,
                asked.standing,
                book.plan,
                points={name: place.point for name, place in book.places.items()},
                changed=changed,
                now=now,
            )
            if kept:
                if until is not None:
                    promises.extend_offer(session, offer.id, until=until)
                return True
    msg = "Gerade wird an diesem Tag zu viel zugesagt. Bitte gleich noch einmal versuchen."
    raise BusyError(msg)


def _change(book: "Book", offer: StoredOffer, until: datetime | None) -> "Book":
    plan = read_plan_document(offer.plan)
    if until is None:
        return book.promise(offer.promise, plan=plan)
    return book.hold(offer.promise, until=until, plan=plan)
