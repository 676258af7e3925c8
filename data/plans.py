"""
Plans in the database: version after version, each with what it was made for.

That is the requests and promises as they were then.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from data.errors import NotKeptError
from data.people import with_homes, without_homes
from data.plan_document import Document, read_plan_document
from data.promises import StoredPromise, promise_document, read_promise
from data.tables import KeptPlan
from scheduler.clock import Clock
from scheduler.model import (
    Mobility,
    Needs,
    PlaceId,
    Request,
    RequestId,
    ShiftId,
    TimeWindow,
    WayBack,
)
from scheduler.plan import Plan
from scheduler.promises import Promise

FORGOTTEN = ""  # the input key of plans whose people are forgotten


@dataclass(frozen=True)
class Amendment:
    """
    Why a day that was planned already got another version, and what became of the day.

    *at* is the moment on the clock of the day at which it *happened*; *announced* is what was said
    about it, and *day* (`data.day_document`) who rides how from then on.
    """

    at: Clock
    happened: Document
    announced: Document
    day: Document


@dataclass(frozen=True)
class Publication:
    """When a version was published, and *by* whom (`data.acting.Deed`)."""

    version: int
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class StoredPlan:
    """
    One version of a day's plan, and the requests and promises that it was made for.

    *amendment* is there from the first event of the day on, *published* once it is published.
    *released* is what a report took back of whom it was about (`data.promises.StoredPromise`).
    *day* is what the published version was made for (`data.day_document`), *promised* what was
    promised to those in it when it was published.
    """

    region: str
    date: dt.date
    version: int
    created: dt.datetime
    input_key: str
    document: Document
    requests: tuple[Request, ...]
    promises: tuple[Promise, ...] = ()
    amendment: Amendment | None = None
    published: Publication | None = None
    released: StoredPromise | None = None
    day: Document | None = None
    promised: tuple[Promise, ...] | None = None

    @property
    def told(self) -> tuple[Promise, ...]:
        """What stands on its sheets; of a draft, what it was made for."""
        return self.promises if self.promised is None else self.promised

    @cached_property
    def plan(self) -> Plan:
        """The plan as the scheduler knows it."""
        return read_plan_document(self.document)

    @property
    def places(self) -> set[PlaceId]:
        """Every place that the plan, or the day that it was made for, names."""
        named = {stop.place for route in self.plan.routes for stop in route.stops}
        day = self.amendment.day if self.amendment else self.day or {"trips": (), "shifts": ()}
        given_up = (trip for each in day.get("given_up", ()) for trip in each["trips"])
        trips = (*day["trips"], *given_up)
        named |= {visit["place"] for trip in trips for visit in trip["visits"]}
        return named | {
            shift[end] for shift in day["shifts"] for end in ("start_place", "end_place")
        }


def keep(
    session: Session,
    document: Document,
    *,
    region: str,
    day: dt.date,
    requests: Iterable[Request],
    promises: Iterable[Promise] = (),
    input_key: str,
    now: dt.datetime,
    amendment: Amendment | None = None,
    released: StoredPromise | None = None,
) -> StoredPlan:
    """Keep a plan as the next version of its day."""
    newest = session.scalar(select(func.max(KeptPlan.version)).filter_by(region=region, date=day))
    kept = KeptPlan(
        region=region,
        date=day,
        version=(newest or 0) + 1,
        created=now,
        input_key=input_key,
        document=without_homes(document),
        requests={
            "requests": [asdict(request) for request in requests],
            "promises": write_promises(promises),
            "released": None if released is None else _released_document(released),
        },
        amendment=amendment and asdict(amendment),
    )
    session.add(kept)
    session.flush()
    return _stored(session, kept)


def latest(session: Session, region: str, day: dt.date, *, forgotten: bool = False) -> StoredPlan:
    """
    Read the newest version of a day's plan.

    One whose people are *forgotten* (`data.retention`) is good for counting only.

    Raises
    ------
    NotKeptError
        If the day has not been planned yet, or its people are forgotten.
    """
    wanted = select(KeptPlan).filter_by(region=region, date=day)
    kept = session.scalar(wanted.order_by(KeptPlan.version.desc()).limit(1))
    if kept is None:
        msg = f"Für den {day:%d.%m.%Y} gibt es noch keinen Tagesplan."
        raise NotKeptError(msg)
    if kept.input_key == FORGOTTEN and not forgotten:
        raise _too_long_ago(day)
    return _stored(session, kept)


def read(session: Session, region: str, day: dt.date, version: int) -> StoredPlan:
    """
    Read one version of a day's plan.

    Raises
    ------
    NotKeptError
        If the day has no such version, or its people are forgotten.
    """
    kept = session.scalar(select(KeptPlan).filter_by(region=region, date=day, version=version))
    if kept is None:
        msg = f"Für den {day:%d.%m.%Y} gibt es keine Version {version} des Tagesplans."
        raise NotKeptError(msg)
    if kept.input_key == FORGOTTEN:
        raise _too_long_ago(day)
    return _stored(session, kept)


def amendments(session: Session, region: str, day: dt.date) -> list[tuple[int, Amendment]]:
    """Read what happened on a day, in that order, with the version that each led to."""
    wanted = select(KeptPlan).filter_by(region=region, date=day).order_by(KeptPlan.version)
    return [
        (kept.version, Amendment(**kept.amendment))
        for kept in session.scalars(wanted)
        if kept.amendment
    ]


def newest_version(session: Session, region: str, day: dt.date) -> int:
    """How many versions a day's plan has."""
    wanted = select(func.max(KeptPlan.version)).filter_by(region=region, date=day)
    return session.scalar(wanted) or 0


def rekey(
    session: Session, region: str, day: dt.date, version: int, *, before: str, after: str
) -> None:
    """Note that a version knows of what was decided with it, if it knew of all *before*."""
    session.execute(
        update(KeptPlan)
        .filter_by(region=region, date=day, version=version, input_key=before)
        .values(input_key=after)
        .execution_options(synchronize_session=False)
    )


def earlier_riders(
    session: Session, region: str, day: dt.date, version: int
) -> dict[ShiftId, set[RequestId]]:
    """Who stood on which sheet of the versions before *version*."""
    wanted = select(KeptPlan.document).filter_by(region=region, date=day)
    riders: dict[ShiftId, set[RequestId]] = {}
    for document in session.scalars(wanted.where(KeptPlan.version < version)):
        for route in document["routes"]:
            visits = (visit for stop in route["stops"] for visit in stop["visits"])
            riders.setdefault(route["shift"], set()).update(visit["request"] for visit in visits)
    return riders


def visits_of(
    session: Session, region: str, day: dt.date, request: RequestId
) -> tuple[Document, ...]:
    """When and where the newest plan of a day takes somebody, stop by stop."""
    try:
        kept = latest(session, region, day)
    except NotKeptError:
        return ()
    return tuple(
        {
            "version": kept.version,
            "shift": route["shift"],
            "place": stop["place"],
            "kind": visit["kind"],
            "begin": visit["begin"],
        }
        for route in kept.document["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
        if visit["request"] == request
    )


def _too_long_ago(day: dt.date) -> NotKeptError:
    return NotKeptError(
        f"Der {day:%d.%m.%Y} ist so lange her, dass nur noch Zahlen von ihm bleiben "
        "(Datenschutz, retention.personal_weeks)."
    )


def stamp(session: Session, region: str) -> tuple[int, ...]:
    """Tell whether plans were made, published or forgotten since: then the numbers are others."""
    counted = func.count(), func.max(KeptPlan.id), func.count(KeptPlan.published)
    wanted = select(*counted, func.count().filter(KeptPlan.input_key == FORGOTTEN))
    row = session.execute(wanted.where(KeptPlan.region == region)).one()
    return tuple(number or 0 for number in row)


def planned_days(session: Session, region: str, *, forgotten: bool = False) -> list[dt.date]:
    """Dates that have a plan, the latest first; those for counting only if asked for."""
    wanted = select(KeptPlan.date).filter_by(region=region).distinct()
    if not forgotten:
        wanted = wanted.where(KeptPlan.input_key != FORGOTTEN)
    return list(session.scalars(wanted.order_by(KeptPlan.date.desc())))


def _stored(session: Session, kept: KeptPlan) -> StoredPlan:
    promised = kept.requests.get("promised")
    return StoredPlan(
        region=kept.region,
        date=kept.date,
        version=kept.version,
        created=kept.created,
        input_key=kept.input_key,
        document=with_homes(session, kept.document),
        requests=tuple(_request(each) for each in kept.requests["requests"]),
        promises=_read_promises(kept.requests.get("promises", ())),
        amendment=Amendment(**kept.amendment) if kept.amendment else None,
        published=publication_of(kept),
        released=_read_released(kept.requests.get("released")),
        day=kept.requests.get("day"),
        promised=_read_promises(promised) if promised is not None else None,
    )


def write_promises(promises: Iterable[Promise]) -> list[Document]:
    """Write promises as they are kept with a version."""
    return [_promise_document(promise) for promise in promises]


def _read_promises(documents: Iterable[Document]) -> tuple[Promise, ...]:
    return tuple(map(_read_promise, documents))


def _promise_document(promise: Promise) -> Document:
    return {**promise_document(promise), "request": promise.request, "weight": promise.weight}


def _read_promise(document: Document) -> Promise:
    return read_promise(document, document["request"], weight=document["weight"])


def _released_document(released: StoredPromise) -> Document:
    until = released.until
    return {
        **_promise_document(released.promise),
        "given": released.given.isoformat(),
        "until": None if until is None else until.isoformat(),
    }


def _read_released(document: Document | None) -> StoredPromise | None:
    if document is None:
        return None
    until = document["until"]
    return StoredPromise(
        _read_promise(document),
        dt.datetime.fromisoformat(document["given"]),
        None if until is None else dt.datetime.fromisoformat(until),
    )


def publication_of(kept: KeptPlan) -> Publication | None:
    """When and by whom a version was published, if it was."""
    if kept.published is None:
        return None
    return Publication(kept.version, kept.published, kept.publisher or "")


def _request(kept: dict[str, Any]) -> Request:
    needs, arrive = kept["needs"], kept["arrive"]
    return Request(
        **{
            **kept,
            "arrive": TimeWindow(**arrive) if arrive else None,
            "way_back": WayBack(kept["way_back"]),
            "pharmacies": tuple(kept["pharmacies"]),
            "needs": Needs(Mobility(needs["mobility"]), needs["companions"]),
        }
    )
