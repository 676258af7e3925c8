"""What is forgotten by itself: people behind rides, sheets, addresses, answers, the audit."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from api.observing import metrics
from api.operations import auditing, signing_in
from api.operations.office import Office
from api.operations.privacy import forget_withdrawn
from data import answers, audit, audit_chain, keeping, retention
from data.compaction import compact
from data.errors import DataError
from data.geocache import forget_fetched_before
from data.keeping import KnownRegion
from data.region import Region
from data.retention import Forgotten

log = logging.getLogger("fahrten")

T = TypeVar("T")


class UnfinishedError(DataError):
    """Something that is too old is still there; the message names what."""

    def __init__(self, failed: tuple[str, ...]) -> None:
        super().__init__(
            f"Nicht fertig geworden: {', '.join(failed)}. Warum, steht im Protokoll; bitte noch "
            "einmal versuchen."
        )


@dataclass(frozen=True)
class Tidied:
    """What is gone, of the database and as *sheets*; *failed* names what has to be tried again."""

    gone: Forgotten
    sheets: int
    failed: tuple[str, ...]

    def raise_if_unfinished(self) -> None:
        """Raise `UnfinishedError` if something has to be tried again."""
        if self.failed:
            raise UnfinishedError(self.failed)


def forget_old(office: Office, *, now: datetime | None = None, anew: bool = False) -> Tidied:
    """
    Forget what is older than the policies of the regions say, in the database and as sheets.

    What is gone is gone from free pages and the write-ahead log as well; with *anew*, so is what
    anybody else has deleted. Where something fails, the rest is done all the same.
    """
    moment = now or office.now()
    steps = _Steps()
    with office.store.reading() as session:
        names = keeping.kept_regions(session)
    found = [region for name in names if (region := steps.take(name, office.known, name))]
    gone = Forgotten()
    for region in found:
        steps.take(region.name, forget_withdrawn, office, region)
        gone += steps.take(region.name, _forget_region, office, region, moment) or Forgotten()
    # Nothing says of which region an address or a sheet is: the longest time counts.
    others, sheets = 0, 0
    if found and len(found) == len(names):
        longest = timedelta(weeks=max(map(keeping.weeks_of, found)))
        first = min(_first_day(office, region, moment) for region in found)
        others = steps.take("geocodes", _forget_geocodes, office, moment - longest) or 0
        sheets = steps.take("sheets", _forget_sheets, office, first) or 0
    steps.take("sessions", signing_in.forget_ended, office, moment)
    others += steps.take("answers", _forget_answers, office, moment) or 0
    others += steps.take("audit", _forget_audit, office, moment) or 0
    if gone or others or anew:
        steps.take("free pages", _compact, office)
    log.info(
        "forgot %d requests, %d people, %d homes, %d plans, %d sheets",
        gone.requests,
        gone.people,
        gone.homes,
        gone.plans,
        sheets,
    )
    if not steps.failed:
        metrics.FORGOTTEN.set_to_current_time()
    return Tidied(gone, sheets, tuple(steps.failed))


class _Steps:
    """Takes one step after the other; what fails is noted, and the others are taken as well."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def take(self, name: str, step: Callable[..., T], *arguments: object) -> T | None:
        """Take a step; ``None`` if it fails."""
        try:
            return step(*arguments)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is no reason to keep the rest)
            log.error("%s: not everything is forgotten: %s", name, type(error).__name__)
            self.failed.append(name)
            return None


def _first_day(office: Office, region: KnownRegion, moment: datetime) -> date:
    today = moment.astimezone(office.zone(region)).date()
    return retention.first_day_kept(today, keeping.weeks_of(region))


def _forget_region(office: Office, region: KnownRegion, moment: datetime) -> Forgotten:
    first = _first_day(office, region, moment)
    with office.store.writing() as session:
        if isinstance(region, Region):
            keeping.remember(session, region)
        return retention.forget_before(session, region.name, first)


def _forget_geocodes(office: Office, first: datetime) -> int:
    with office.store.writing() as session:
        return forget_fetched_before(session, first)


def _forget_answers(office: Office, moment: datetime) -> int:
    first = moment - timedelta(days=office.settings.answer_days)
    with office.store.writing() as session:
        return answers.forget_given_before(session, first)


def _forget_sheets(office: Office, first: date) -> int:
    folders = (office.settings.sheets_folder, office.settings.drafts_folder)
    return retention.forget_sheets(folders, first)


def _forget_audit(office: Office, moment: datetime) -> int:
    """
    Look at the audit, say in the log how far it reaches, and remove what is too old of it.

    What is wrong with it stays, to be looked into.
    """
    noted = auditing.noted_heads(office)
    with office.store.reading() as session:
        verified = audit_chain.verify(session, noted=noted)
    if verified.fault is not None:
        log.error("audit is %s from row %d on", verified.fault.wrong, verified.fault.number)
        return 0
    first = moment - timedelta(days=30 * office.settings.audit_months)
    with office.store.writing() as session:
        gone = audit_chain.forget_before(session, first)
    with office.store.reading() as session:
        last = audit.head(session)
    log.info("audit is whole, %d rows of it too old; head %s", gone, last)
    return gone


def _compact(office: Office) -> None:
    if not compact(office.store.engine):
        raise InUseError


class InUseError(RuntimeError):
    """Somebody read for so long that what is deleted still stands in the write-ahead log."""
