"""The versions of a day's plan, and those of them that are published: what drivers hold."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.acting import current_deed
from data.errors import NotKeptError
from data.plan_document import Document
from data.plans import FORGOTTEN, Publication, publication_of, write_promises
from data.tables import KeptPlan
from scheduler.clock import Clock
from scheduler.model import RequestId, ShiftId, TripKind, trip_kind
from scheduler.promises import Promise


@dataclass(frozen=True)
class PlanVersion:
    """
    One version of a day's plan, in short.

    *happened* is what made it, *at* that moment of the day: "" for a day planned as a whole.
    *served* and *unserved* count requests.
    """

    version: int
    created: dt.datetime
    published: Publication | None
    happened: str
    at: Clock | None
    served: int
    unserved: int
    driving: int
    proven: bool


def versions(session: Session, region: str, day: dt.date) -> list[PlanVersion]:
    """
    List the versions of a day's plan, the oldest first.

    Raises
    ------
    NotKeptError
        If there is none, or its people are forgotten.
    """
    wanted = select(KeptPlan).filter_by(region=region, date=day).order_by(KeptPlan.version)
    found = [kept for kept in session.scalars(wanted) if kept.input_key != FORGOTTEN]
    if not found:
        msg = f"Für den {day:%d.%m.%Y} gibt es keinen Tagesplan."
        raise NotKeptError(msg)
    return [_in_short(kept) for kept in found]


def published(
    session: Session, region: str, day: dt.date, *, before: int | None = None
) -> Publication | None:
    """Find what drivers hold: the newest published version, or the newest *before* a version."""
    wanted = select(KeptPlan).filter_by(region=region, date=day)
    wanted = wanted.where(KeptPlan.published.is_not(None), KeptPlan.input_key != FORGOTTEN)
    if before is not None:
        wanted = wanted.where(KeptPlan.version < before)
    kept = session.scalar(wanted.order_by(KeptPlan.version.desc()).limit(1))
    return publication_of(kept) if kept is not None else None


def publish(
    session: Session,
    region: str,
    day: dt.date,
    version: int,
    *,
    made_for: Document | None,
    promised: Iterable[Promise] | None,
    now: dt.datetime,
) -> Publication:
    """
    Note that a version is published from now on; one that is published already stays as it is.

    *made_for* is its day (`data.day_document`), so that it can be read whatever is decided later,
    *promised* what its sheets say is promised; ``None`` for a version that has both from the
    beginning.

    Raises
    ------
    NotKeptError
        If there is no such version.
    """
    wanted = select(KeptPlan).filter_by(region=region, date=day, version=version)
    kept = session.scalar(wanted)
    if kept is None or kept.input_key == FORGOTTEN:
        msg = f"Für den {day:%d.%m.%Y} gibt es keine Version {version} des Tagesplans."
        raise NotKeptError(msg)
    before = publication_of(kept)
    if before is not None:
        return before
    told = None if promised is None else write_promises(promised)
    kept.requests = {**kept.requests, "day": made_for, "promised": told}
    kept.published, kept.publisher = now, current_deed().actor
    session.flush()
    return Publication(version, now, kept.publisher)


def sheets_of(
    session: Session, region: str, day: dt.date
) -> dict[tuple[RequestId, TripKind], list[ShiftId]]:
    """On which sheets each trip stands or stood, by any version; the newest one comes last."""
    wanted = select(KeptPlan.document).filter_by(region=region, date=day)
    sheets: dict[tuple[RequestId, TripKind], list[ShiftId]] = {}
    for document in session.scalars(wanted.order_by(KeptPlan.version)):
        for route in document["routes"]:
            for stop in route["stops"]:
                for visit in stop["visits"]:
                    on = sheets.setdefault((visit["request"], trip_kind(visit["trip"])), [])
                    if not on or on[-1] != route["shift"]:
                        on.append(route["shift"])
    return sheets


def _in_short(kept: KeptPlan) -> PlanVersion:
    document: Document = kept.document
    served = {
        visit["request"]
        for route in document["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
    }
    amendment = kept.amendment
    return PlanVersion(
        version=kept.version,
        created=kept.created,
        published=publication_of(kept),
        happened=str(amendment["happened"]["kind"]) if amendment else "",
        at=amendment["at"] if amendment else None,
        served=len(served),
        unserved=len(document["unserved"]),
        driving=document["driving_seconds"],
        proven=document["status"] == "optimal",
    )
