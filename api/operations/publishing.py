"""
A version of a plan is published: from then on it is what drivers hold, and it never changes.

Whoever rides in it is promised that (`promising`). Whoever publishes is told what the version does
not know, and decides: nothing of that stops them. What the checker finds does.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from api.errors import BusyError, NotNewestError, UnpublishableError
from api.operations import promising
from api.operations.changes import Changes, read_changes
from api.operations.days import PlannedDay
from api.operations.office import Office
from api.operations.planning import read_plan
from api.web.violations import violation_text
from data import plans, promises, requests, versions
from data.day_document import day_document
from data.errors import Rejected
from data.plans import Publication, StoredPlan
from data.region import Region
from data.versions import PlanVersion
from scheduler.check import check
from scheduler.model import RequestId
from scheduler.promises import Promise

log = logging.getLogger("fahrten")

_ATTEMPTS = 5  # somebody else promises something meanwhile


class Concern(StrEnum):
    """What a dispatcher should know of a version before it is published."""

    NEW = "new"  # asked for since, and in no tour
    CHANGED = "changed"  # something else is asked for by now
    CANCELLED = "cancelled"  # the bus would come for nobody
    PROMISE = "promise"  # something else was promised
    PAST = "past"  # the day is over


@dataclass(frozen=True)
class Worry:
    """One concern, about one request or "" for the day, in German."""

    concern: Concern
    request: RequestId
    message: str


@dataclass(frozen=True)
class Edition:
    """
    Which version is the *newest* of a day, which one drivers hold, and what lies between.

    *worries* are about the newest. *changes* are against what drivers hold; ``None`` where the
    newest is published and the first one, or nothing is published.
    """

    date: date
    newest: int
    published: Publication | None
    worries: tuple[Worry, ...]
    changes: Changes | None


def publish(office: Office, region: Region, day: date, version: int) -> Edition:
    """
    Publish the newest version of a day's plan; when this returns, it is on the disk.

    A second time changes nothing. *changes* of the answer are against the version that drivers
    held before.

    Raises
    ------
    NotKeptError
        If there is no such version.
    NotNewestError
        If there is a newer one.
    UnpublishableError
        If the checker finds something wrong with it.
    OutdatedPlanError
        If the region has changed since, so that it cannot be checked.
    """
    planned = read_plan(office, region, day)
    _refuse_older(office, region, day, version, planned.version or 0)
    found = check(planned.plan, planned.day)
    if found:
        labels = {route.shift: region.shift_label(route.shift) for route in planned.plan.routes}
        raise UnpublishableError(
            day, [Rejected(0, each.where, "", violation_text(each, labels)) for each in found]
        )
    worries = tuple(_worries(office, planned))
    for _ in range(_ATTEMPTS):
        publication = _publish(office, planned)
        if publication is not None:
            log.info("published version %d of %s, %d concerns", version, day, len(worries))
            changes = changes_of(office, region, day, version)
            return Edition(day, version, publication, worries, changes)
    msg = "Gerade wird für diesen Tag viel zugesagt. Bitte gleich noch einmal veröffentlichen."
    raise BusyError(msg)


def edition(office: Office, region: Region, day: date) -> Edition:
    """
    Tell which version drivers hold, and what the newest one changes about it.

    Raises
    ------
    NotKeptError
        If the day has not been planned yet.
    OutdatedPlanError
        If the region has changed since, so that the plan no longer fits it.
    """
    planned = read_plan(office, region, day, as_published=True)
    newest = planned.version or 0
    with office.store.reading() as session:
        publication = versions.published(session, region.name, day)
    return Edition(
        day,
        newest,
        publication,
        tuple(_worries(office, planned)),
        changes_of(office, region, day, newest),
    )


def read_published(office: Office, region: Region, day: date) -> PlannedDay | None:
    """Read what drivers hold; ``None`` if nothing is published. Raises as `read_plan`."""
    with office.store.reading() as session:
        publication = versions.published(session, region.name, day)
    if publication is None:
        return None
    return read_plan(office, region, day, publication.version, as_published=True)


def changes_of(office: Office, region: Region, day: date, version: int) -> Changes | None:
    """Compare a version with the one that was published before it; ``None`` if none was."""
    with office.store.reading() as session:
        held = versions.published(session, region.name, day, before=version)
    if held is None:
        return None
    return read_changes(office, region, day, since=held.version, until=version)


def read_document(office: Office, region: Region, day: date, version: int) -> StoredPlan:
    """Read one version of a day's plan as it was written; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return plans.read(session, region.name, day, version)


def list_versions(office: Office, region: Region, day: date) -> list[PlanVersion]:
    """List the versions of a day's plan, the oldest first; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return versions.versions(session, region.name, day)


def _publish(office: Office, planned: PlannedDay) -> Publication | None:
    """Publish a version, and promise what it plans; ``None`` if somebody promised meanwhile."""
    region, day, version = planned.region, planned.plan.date, planned.version or 0
    with office.store.reading() as session:
        asked, _ = requests.day_input(session, region, day)
        standing = promises.read_standing(session, region.name, day, now=office.now())
    over = planned.published is not None or day < office.today(region)
    newly = None if over else promising.foresee(planned, asked, standing)
    now = office.now()
    with office.store.writing() as session:
        _refuse_older(office, region, day, version, plans.newest_version(session, region.name, day))
        if newly is not None and not promising.keep(session, newly, now=now):
            return None
        return versions.publish(
            session,
            region.name,
            day,
            version,
            made_for=None if planned.amended else day_document(planned.day),
            promised=None if planned.amended else _promised(office, session, planned),
            now=now,
        )


def _promised(office: Office, session: Session, planned: PlannedDay) -> list[Promise]:
    """What is promised by now to those who ride: it stands on their driver's sheet."""
    day, riding = planned.plan.date, {visit.request for visit in planned.plan.visits}
    standing = promises.read_standing(session, planned.region.name, day, now=office.now())
    return [each for each in standing.firm if each.request in riding]


def _refuse_older(office: Office, region: Region, day: date, version: int, newest: int) -> None:
    if version == newest:
        return
    with office.store.reading() as session:
        plans.read(session, region.name, day, version)  # that there is none is said first
    msg = (
        f"Inzwischen gibt es Version {newest} des {day:%d.%m.%Y}. Es ist nichts veröffentlicht "
        "worden; bitte erst die neueste ansehen."
    )
    raise NotNewestError(msg)


def _worries(office: Office, planned: PlannedDay) -> Iterator[Worry]:
    """Compare a version with what is asked and promised by now."""
    region, day = planned.region, planned.plan.date
    with office.store.reading() as session:
        asked, _ = requests.day_input(session, region, day)
        standing = promises.read_standing(session, region.name, day, now=office.now())
    if day < office.today(region):
        yield Worry(Concern.PAST, "", f"Der {day:%d.%m.%Y} ist schon vorbei.")
    known = {each.id: each for each in planned.input.requests}
    now = {each.id: each for each in asked.requests}
    now_at = office.clock(region, day)
    driven = {visit.request for visit in planned.plan.visits if visit.begin > now_at}
    for name, request in now.items():
        if name not in known:
            yield Worry(Concern.NEW, name, f"{name} kam nach diesem Plan und ist nicht darin.")
        elif promising.as_ride(known[name]) != promising.as_ride(request):
            yield Worry(Concern.CHANGED, name, f"{name} wurde nach diesem Plan geändert.")
    for name in sorted(driven - now.keys()):
        message = f"{name} ist abgesagt; der Bus käme vergeblich."
        yield Worry(Concern.CANCELLED, name, message)
    # What happened on the day has said itself whose promise it breaks.
    firm = () if planned.amended else standing.firm
    for name in promising.broken_by(planned.plan, (each for each in firm if each.request in now)):
        yield Worry(Concern.PROMISE, name, f"{name} ist etwas anderes zugesagt.")
