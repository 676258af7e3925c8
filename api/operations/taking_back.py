"""
What was reported last was a mistake: the plan before it holds again.

That is the very plan, not one that is planned anew; so it can only be done as long as every bus is
where it would be without the report.
"""

import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date

from sqlalchemy.orm import Session

from api.errors import BusyError, EventRefusedError
from api.observing import metrics
from api.operations.amending import Amended, replan_rest
from api.operations.announcing import Announcement
from api.operations.changes import Changes, read_changes
from api.operations.happenings import TAKEN_BACK, is_report
from api.operations.office import Office
from api.operations.running_day import RunningDay, keep_version, look_at, moment_of
from data import plans, promises, requests, series
from data.day_document import day_document
from data.plans import Amendment, StoredPlan
from data.promises import StoredPromise
from data.region import Region
from routing.units import MINUTE, Seconds
from scheduler.buses import follows
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.events import Cancelled, EventError, happen
from scheduler.formulate import assemble
from scheduler.model import PlaceId, RequestId, ShiftId, TripId
from scheduler.plan import Cost, Plan
from scheduler.planning import accept
from scheduler.promises import Promise

log = logging.getLogger("fahrten")

# So long after it, a delay may turn out to have been none. A guess.
NOTICED: Seconds = 15 * MINUTE

_NOTHING = Announcement({}, (), {}, sure=True)


def take_back(office: Office, region: Region, day: date, version: int) -> tuple[Amended, Changes]:
    """
    Let the plan hold again that held before the report that *version* was made for.

    It becomes the next version. Whoever cancelled or was not there rides again, with what was
    promised to them. What was promised before the first report of the day and is not in its plan,
    and who has cancelled meanwhile, is not forgotten: then the rest of the day is planned anew.

    Raises
    ------
    NotKeptError
        If the day has no plan yet.
    BusyError
        If *version* is not the newest one, or somebody else is changing the day.
    EventRefusedError
        If nothing was reported with it, or a bus has done something since because of it.
    OutdatedPlanError
        If a place or vehicle of the plan is no longer in the region's files.
    """
    with office.planning(region, day):
        with office.store.reading() as session:
            newest = plans.latest(session, region.name, day)
            report = _report_of(newest, version)
            earlier = plans.read(session, region.name, day, version - 1)
            again = _taken_out(office, newest, report)
            if not requests.all_known(session, again):
                msg = "Wer damit abgesagt hat, ist inzwischen gelöscht. Bitte neu aufnehmen."
                raise EventRefusedError(msg)
        now = moment_of(office, region, newest)
        running = look_at(office, region, earlier, at=now, riding=_promised(again))
        since = look_at(office, region, newest, at=now)
        if not _driven_alike(running, since, again, report):
            msg = (
                "Das lässt sich nicht mehr zurücknehmen: Seither ist die Tour schon anders "
                "gefahren worden. Bitte melden, was jetzt gilt."
            )
            raise EventRefusedError(msg)
        running = _without(running, _gone_since(office, earlier, newest, again))
        whole, plan, announced = _before_it(office, running)
        amendment = Amendment(
            at=now,
            happened={
                "kind": TAKEN_BACK,
                "version": version,
                "report": report.happened,
                "rung": list(Announcement.read(report.announced).ring),
            },
            announced=asdict(announced),
            day=day_document(whole, closed=running.closed),
        )
        before = replace(running.before, version=version)
        with office.store.writing() as session:
            for request, promised in again.items():
                _ride_again(office, region, session, day, request, promised)
            kept = keep_version(office, session, before, (whole, plan), amendment)
    metrics.EVENTS.labels(TAKEN_BACK).inc()
    log.info("%s: version %d was taken back", day, version)
    return Amended.read(kept, amendment), read_changes(office, region, day, since=version)


def _report_of(newest: StoredPlan, version: int) -> Amendment:
    """What was reported last, if that is what *version* was made for."""
    if newest.version != version:
        msg = (
            f"Seit Version {version} ist am {newest.date:%d.%m.%Y} schon anderes geschehen. "
            "Zurücknehmen lässt sich nur das Letzte."
        )
        raise BusyError(msg)
    if newest.amendment is None or not is_report(newest.amendment.happened):
        msg = f"Mit Version {version} wurde nichts gemeldet, was sich zurücknehmen ließe."
        raise EventRefusedError(msg)
    return newest.amendment


def _taken_out(
    office: Office, newest: StoredPlan, report: Amendment
) -> dict[RequestId, StoredPromise | None]:
    """Whom the report took out of the day as a whole, with what is still promised to them."""
    happened = report.happened
    if happened["kind"] not in {"cancelled", "no_show"} or happened.get("way_back_only"):
        return {}
    released = newest.released
    return {happened["request"]: released.at(office.now()) if released else None}


def _promised(
    again: Mapping[RequestId, StoredPromise | None],
) -> dict[RequestId, Promise | None]:
    """What is promised for good; what is on hold is in no plan."""
    return {
        name: stored.promise if stored and stored.until is None else None
        for name, stored in again.items()
    }


def _gone_since(
    office: Office, earlier: StoredPlan, newest: StoredPlan, again: Collection[RequestId]
) -> set[RequestId]:
    """Who rides by the earlier version, not by the newest one, and has cancelled meanwhile."""
    riding, left = ({visit.request for visit in stored.plan.visits} for stored in (earlier, newest))
    with office.store.reading() as session:
        return requests.cancelled_among(session, riding - left) - set(again)


def _without(running: RunningDay, gone: Collection[RequestId]) -> RunningDay:
    """The same without those who have cancelled."""
    under_way = running.under_way
    for request in sorted(gone):
        # Of whom nothing is left to drive, nothing is left to be cancelled.
        with suppress(EventError):
            under_way = happen(under_way, Cancelled(request))
    changed = under_way is not running.under_way
    return replace(running, under_way=under_way, pending=running.pending or changed)


def _driven_alike(
    running: RunningDay, since: RunningDay, again: Collection[RequestId], report: Amendment
) -> bool:
    """Whether every bus has done what it would have done without the *report*."""
    soon = since.under_way.now - report.at <= NOTICED
    if report.happened["kind"] == "delayed" and soon:
        # A delay that was none: as long as the order is the same, the bus is only further on.
        return all(
            follows(since.under_way.buses[route.shift], route)
            for route in running.before.plan.routes
        )
    return _driven(running, again, report.at) == _driven(since, again, report.at)


def _driven(
    running: RunningDay, missed: Collection[RequestId], until: Clock
) -> dict[ShiftId, tuple[PlaceId, list[tuple[TripId, str, Clock]]]]:
    """
    What each bus has done, and where it is or is going to: no way leads back from there.

    Whoever was *missed* may have been picked up *until* then after all: the bus was there.
    """
    return {
        shift: (
            bus.place,
            [
                (each.trip, each.kind.value, each.begin)
                for each in bus.done
                if each.request not in missed or each.begin > until
            ],
        )
        for shift, bus in running.under_way.buses.items()
    }


def _before_it(office: Office, running: RunningDay) -> tuple[Day, Plan, Announcement]:
    """The day and the plan that hold without the report."""
    before, whole = running.before, running.under_way.whole
    if running.pending:
        replanned = replan_rest(office, running)
        return replanned.day, replanned.plan, Announcement.of(replanned, whole, before.day)
    if before.amended:
        return before.day, before.plan, _NOTHING
    plan = assemble(whole, before.plan.routes, seed=before.plan.seed)
    cost, bound = before.plan.cost, before.plan.bound
    if cost.unserved_weight == bound.unserved_weight and not before.day.planned_begins:
        # Whoever serves all these people has planned the whole day as well: its bound holds.
        plan = replace(plan, bound=Cost(plan.cost.unserved_weight, bound.seconds))
    return whole, accept(whole, plan), _NOTHING


def _ride_again(
    office: Office,
    region: Region,
    session: Session,
    day: date,
    request: RequestId,
    promised: StoredPromise | None,
) -> None:
    requests.revive(session, region.name, request, now=office.now())
    series.ride_again(session, request)
    if promised is not None:
        promises.record(session, region.name, day, promised)
