"""Somebody who has cancelled wants to ride after all, and has their promise again if that fits."""

import logging
from dataclasses import dataclass

from api.errors import OfferGoneError, RunningDayError
from api.operations import offers
from api.operations.begun import is_running
from api.operations.office import Office
from api.operations.telling import Answer
from data import promises, requests, series
from data.errors import UnkeptPromisesError
from data.promises import StoredOffer
from data.region import Region
from data.requests import StoredRequest
from scheduler.model import RequestId
from scheduler.promises import Promise

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Revived:
    """
    A request that is open again, with what it is promised once more.

    *lost* was promised before and cannot be any more; *answer* is what can be instead.
    """

    stored: StoredRequest
    lost: Promise | None = None
    answer: Answer | None = None


def revive(office: Office, region: Region, request: RequestId) -> Revived:
    """
    Take a cancellation back, and promise what was promised before if that can still be kept.

    Raises
    ------
    NotKeptError
        If there is no such request.
    RunningDayError
        If its day has begun, and goes on without it: then it is asked for anew.
    """
    with office.store.reading() as session:
        day = requests.read(session, region, request).row.date
    if is_running(office, region, day):
        msg = (
            f"Der {day:%d.%m.%Y} läuft schon, ohne den Fahrtwunsch {request}. Bitte als neuen "
            "Anruf aufnehmen."
        )
        raise RunningDayError(msg)
    with office.store.writing() as session:
        before = promises.remembered(session, request)
        requests.revive(session, region.name, request, now=office.now())
        series.ride_again(session, request)
    log.info("took the cancellation of request %s back", request)
    answer = _promise_again(office, region, before) if before else None
    with office.store.reading() as session:
        stored = requests.read(session, region, request).at(office.now())
    return Revived(stored, before.promise if before and answer else None, answer)


def _promise_again(office: Office, region: Region, before: StoredOffer) -> Answer | None:
    """Promise what was promised *before*; or say what can be promised instead."""
    try:
        offers.accept(office, region, before.id)
    except OfferGoneError as error:
        return error.answer
    except UnkeptPromisesError as error:
        return Answer(before.promise.request, (), str(error))
    return None
