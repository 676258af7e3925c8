"""
What was reported last was a mistake: the plan before it holds again.

That is the very plan, not one that is planned anew; so it can only be done as long as the buses
have done nothing that they would not have done without the report.
"""

import logging
from dataclasses import asdict, replace
from datetime import date

from sqlalchemy.orm import Session

from api.errors import BusyError, EventRefusedError
from api.observing import metrics
from api.operations.amending import Amended, Announcement, replan_rest
from api.operations.changes import Changes, read_changes
from api.operations.happenings import TAKEN_BACK, is_report
from api.operations.office import Office
from api.operations.running_day import RunningDay, keep_version, look_at, moment_of
from data import plans, promises, requests
from data.day_document import day_document
from data.plans import Amendment, StoredPlan
from data.promises import StoredPromise
from data.region import Region
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.formulate import assemble
from scheduler.model import RequestId
from scheduler.plan import Cost, Plan
from scheduler.planning import accept
from scheduler.promises import Promise

log = logging.getLogger("fahrten")

_NOTHING = Announcement({}, (), {}, sure=True)


def take_back(office: Office, region: Region, day: date, version: int) -> tuple[Amended, Changes]:
    """
    Let the plan hold again that held before the report that *version* was made for.

    It becomes the next version. Whoever cancelled or was not there rides again, with what was
    promised to them. What was promised or cancelled between the plan and the first report of the
    day is not forgotten: only if it is not in the plan, the rest of the day is planned anew.

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
        now = moment_of(office, region, newest)
        again = _taken_out(newest, report)
        running = look_at(office, region, earlier, at=now, riding=again)
        whole, plan, announced = _before_it(office, running)
        if _done(plan, now) != _done(newest.plan, now):
            msg = (
                "Das lässt sich nicht mehr zurücknehmen: Seither ist die Tour schon anders "
                "gefahren worden. Bitte melden, was jetzt gilt."
            )
            raise EventRefusedError(msg)
        amendment = Amendment(
            at=now,
            happened={
                "kind": TAKEN_BACK,
                "version": version,
                "report": report.happened,
                "rung": [*report.announced["given_up"], *report.announced["late"]],
            },
            announced=asdict(announced),
            day=day_document(whole, closed=running.closed),
        )
        before = replace(running.before, version=version)
        with office.store.writing() as session:
            for request, promise in again.items():
                _ride_again(office, region, session, day, request, promise)
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


def _taken_out(newest: StoredPlan, report: Amendment) -> dict[RequestId, Promise | None]:
    """Whom the report took out of the day as a whole, with what was promised to them."""
    happened = report.happened
    if happened["kind"] not in {"cancelled", "no_show"} or happened.get("way_back_only"):
        return {}
    request = happened["request"]
    promised = {each.request: each for each in newest.promises}
    return {request: promised.get(request)}


def _before_it(office: Office, running: RunningDay) -> tuple[Day, Plan, Announcement]:
    """The day and the plan that hold without the report."""
    before, whole = running.before, running.under_way.whole
    if running.pending:
        replanned = replan_rest(office, running)
        return replanned.day, replanned.plan, Announcement.of(replanned)
    if before.amended:
        return before.day, before.plan, _NOTHING
    plan = assemble(whole, before.plan.routes, seed=before.plan.seed)
    cost, bound = before.plan.cost, before.plan.bound
    if cost.unserved_weight == bound.unserved_weight and not before.day.planned_begins:
        # Whoever serves all these people has planned the whole day as well: its bound holds.
        plan = replace(plan, bound=Cost(plan.cost.unserved_weight, bound.seconds))
    return whole, accept(whole, plan), _NOTHING


def _done(plan: Plan, now: Clock) -> set[tuple[str, str, Clock]]:
    """What the buses have done by *now*."""
    return {(each.trip, each.kind.value, each.begin) for each in plan.visits if each.begin <= now}


def _ride_again(
    office: Office,
    region: Region,
    session: Session,
    day: date,
    request: RequestId,
    promise: Promise | None,
) -> None:
    requests.revive(session, region.name, request, now=office.now())
    if promise is not None:
        promises.record(session, region.name, day, StoredPromise(promise, office.now(), None))
