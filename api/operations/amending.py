"""
Something happens on the day itself: the rest of it is planned anew, and people are told.

Each event makes a new version of the plan, kept with what happened and what was announced.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.observing import metrics
from api.operations.announcing import Announcement
from api.operations.changes import Changes, read_changes
from api.operations.happenings import (
    CAUGHT_UP,
    Happening,
    Substitute,
    happening_document,
    let_happen,
)
from api.operations.office import Office
from api.operations.running_day import RunningDay, keep_version, open_running
from api.operations.substituting import refuse_broken
from data import plans, requests
from data.day_document import day_document
from data.outcomes import Outcome, cancellation
from data.plan_document import Document
from data.plans import Amendment
from data.promises import StoredPromise
from data.region import Region
from scheduler.clock import Clock, hh_mm
from scheduler.events import Cancelled, NoShow
from scheduler.plan import Reason, Unserved

if TYPE_CHECKING:
    from scheduler.replan import Replanned

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Amended:
    """What *happened* to a day *at* a moment, and what the *version* made of it announces."""

    version: int
    at: Clock
    happened: Document
    announced: Announcement

    @classmethod
    def read(cls, version: int, kept: Amendment) -> "Amended":
        """Read what was kept with a version."""
        return cls(version, kept.at, kept.happened, Announcement.read(kept.announced))


@metrics.EVENT_SECONDS.time()
def amend(
    office: Office,
    region: Region,
    day: date,
    event: Happening,
    *,
    at: Clock | None = None,
    seconds: float | None = None,
    seed: int = 0,
    outcome: Outcome | None = None,
) -> tuple[Amended, Changes]:
    """
    Let something happen on a planned day, and keep what becomes of the plan as its next version.

    *at* is when it happened; without it, now. *seconds* is the longest time for planning. Returns
    what has to be announced, and what is different from the version before. *outcome* says how a
    request ended that is taken out; without it, the clock and the event do.

    Raises
    ------
    NotKeptError
        If the day has no plan yet.
    EventRefusedError
        If it cannot have happened then, or to them.
    OutdatedPlanError
        If a place or vehicle of the plan is no longer in the region's files.
    BusyError
        If somebody else is changing the same day.
    """
    with office.planning(region, day):
        running = let_it_happen(office, region, day, event, at=at)
        replanned = replan_rest(office, running, seconds=seconds, seed=seed)
        amended = keep_event(office, running, event, replanned, outcome=outcome)
    return amended, read_changes(office, region, day, since=running.before.version)


def catch_up(office: Office, region: Region, day: date) -> None:
    """
    Let a day that begins know what was promised and cancelled since it was planned.

    Raises as `amend`.
    """
    with office.planning(region, day):
        running = open_running(office, region, day)
        if running.pending:
            _keep(office, running, {"kind": CAUGHT_UP}, replan_rest(office, running))


def let_it_happen(
    office: Office, region: Region, day: date, event: Happening, *, at: Clock | None = None
) -> RunningDay:
    """See a day as it is with the *event*, before anything is planned anew. Raises as `amend`."""
    if isinstance(event, Substitute):
        refuse_broken(office, region, day, event)
    running = open_running(office, region, day, at=at)
    under_way, closed = let_happen(running.under_way, region, event, running.closed)
    return replace(running, under_way=under_way, closed=closed)


def keep_event(
    office: Office,
    running: RunningDay,
    event: Happening,
    replanned: "Replanned",
    *,
    outcome: Outcome | None = None,
) -> Amended:
    """
    Keep what becomes of a *running* day with an *event*, and write to the request how it ended.

    Raises
    ------
    BusyError
        If there is a newer version of the day by now.
    """

    def note(session: Session) -> StoredPromise | None:
        return _note(office, running.before.region, session, event, outcome)

    return _keep(office, running, happening_document(event), replanned, note=note)


def _keep(
    office: Office,
    running: RunningDay,
    happened: Document,
    replanned: "Replanned",
    *,
    note: Callable[[Session], StoredPromise | None] = lambda _: None,
) -> Amended:
    """Keep *replanned* as the next version of a day; *note* is kept with it or not at all."""
    amendment = Amendment(
        at=running.under_way.now,
        happened=happened,
        announced=asdict(Announcement.of(replanned, running.under_way.whole, running.before.day)),
        day=day_document(replanned.day, closed=running.closed),
    )
    became = replanned.day, replanned.plan
    with office.store.writing() as session:
        released = note(session)
        version = keep_version(
            office, session, running.before, became, amendment, released=released
        )
    metrics.EVENTS.labels(happened["kind"]).inc()
    log.info(
        "%s at %s: %s; %d late, %d given up",
        replanned.plan.date,
        hh_mm(amendment.at),
        happened["kind"],
        len(replanned.late),
        len(replanned.given_up),
    )
    return Amended.read(version, amendment)


def replan_rest(
    office: Office, running: RunningDay, *, seconds: float | None = None, seed: int = 0
) -> "Replanned":
    """Plan what is left of *running* anew, for at most *seconds*; nothing is kept."""
    # It knows the optimizer, which takes a second to import.
    from scheduler.optimizer.solution import Effort
    from scheduler.replan import replan

    effort = Effort(seconds=seconds or office.settings.replan_seconds)
    most = running.before.region.policy.stability.overtime
    return _with_given_up(replan(running.under_way, effort=effort, seed=seed, most_overtime=most))


def happened(office: Office, region: Region, day: date) -> list[Amended]:
    """Read what happened on a day, in that order."""
    with office.store.reading() as session:
        kept = plans.amendments(session, region.name, day)
    return [Amended.read(version, amendment) for version, amendment in kept]


def _with_given_up(replanned: "Replanned") -> "Replanned":
    """List whoever is given up among the unserved, unless a part of their journey is driven."""
    reason = Reason.NO_ROOM_PROVEN if replanned.sure else Reason.NO_ROOM_FOUND
    in_it = {journey.request for journey in replanned.day.journeys}
    left = tuple(Unserved(name, reason) for name in replanned.given_up if name not in in_it)
    day, plan = replanned.day, replanned.plan
    return replace(
        replanned,
        day=replace(day, refused=(*day.refused, *left)),
        plan=replace(plan, unserved=(*plan.unserved, *left)),
    )


def _note(
    office: Office, region: Region, session: Session, event: Happening, because: Outcome | None
) -> StoredPromise | None:
    """Write to the request how it ended; its seats are free, and what was promised is returned."""
    match event:
        case Cancelled(request=name, way_back_only=False):
            row = requests.read(session, region, name).row
            outcome = cancellation(
                row.date,
                row.earliest_arrival,
                now=office.local(region),
                lead=region.policy.booking.lead,
            )
        case NoShow(request=name):
            outcome = Outcome.NO_SHOW
        case _:
            return None
    return requests.cancel(session, region.name, name, now=office.now(), outcome=because or outcome)
