"""
A planned day that has begun: what its passengers know, where its buses are, its next version.

What is printed has been told: whoever the newest plan serves is held to what was promised, or to
the window around what was planned. What is driven stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from api.errors import BusyError, EventRefusedError
from api.operations.days import PlannedDay, input_key
from api.operations.office import Office
from api.operations.planning import open_plan
from data import plans, promises, requests
from data.closed_roads import ClosedRoad
from data.day_document import closed_roads
from data.errors import NotKeptError
from data.plan_document import plan_document
from data.plans import Amendment, StoredPlan
from data.region import Region
from scheduler.clock import Clock, hh_mm
from scheduler.day import Day
from scheduler.model import Request
from scheduler.plan import Plan
from scheduler.promises import hold_to, promise_plan
from scheduler.stability import knowing
from scheduler.under_way import UnderWay, freeze


@dataclass(frozen=True, eq=False)
class RunningDay:
    """
    A day at a moment.

    *before* is its newest version, *closed* are the roads that were closed in the course of it.
    """

    before: PlannedDay
    under_way: UnderWay
    closed: tuple[ClosedRoad, ...]


def is_running(office: Office, region: Region, day: date) -> bool:
    """Whether a planned day has begun: something happened, or the first bus has left today."""
    with office.store.reading() as session:
        try:
            stored = plans.latest(session, region.name, day)
        except NotKeptError:
            return False
    if stored.amendment is not None:
        return True
    first = min(
        (route.stops[0].departure for route in stored.plan.routes if route.stops), default=None
    )
    today = office.today(region) == day
    return today and first is not None and office.clock(region, day) >= first


def open_running(
    office: Office, region: Region, day: date, *, at: Clock | None = None
) -> RunningDay:
    """
    Look at a planned day as it is *at* a moment; without it, now.

    Raises
    ------
    NotKeptError
        If the day has no plan yet.
    EventRefusedError
        If that moment is not to be changed any more, or in the future.
    OutdatedPlanError
        If a place or vehicle of the plan is no longer in the region's files.
    """
    with office.store.reading() as session:
        stored = plans.latest(session, region.name, day)
        day_input = requests.input_of(session, day, stored.requests)
    before = open_plan(office, region, stored, day_input)
    moment = _moment(office, region, stored, at)
    under_way = freeze(as_told(before), before.plan, moment)
    closed = closed_roads(stored.amendment.day) if stored.amendment else ()
    return RunningDay(before, under_way, closed)


def as_told(planned: PlannedDay) -> Day:
    """
    Hold a planned day to what its passengers know.

    That is what was promised, and around what is planned for the others the window in which
    they would have been promised it. Whoever is not in the plan is not in the day either. What
    changes of the plan counts as the policy says.
    """
    rules = planned.region.policy.stability
    change, leeway = rules.running, rules.leeway
    plan, day = planned.plan, planned.day
    if planned.amended:
        return knowing(day, plan, change=change, leeway=leeway)
    served = {visit.request for visit in plan.visits}
    promised = {p.request: p for p in planned.promises if p.request in served}
    told = [
        promised.get(promise.request, promise)
        for promise in promise_plan(plan, day, width=planned.region.policy.promise.window)
    ]
    empty = replace(day, journeys=(), trips=(), refused=())
    held = replace(hold_to(empty, told, day.places), refused=plan.unserved)
    return knowing(held, plan, change=change, leeway=leeway)


def keep_version(
    office: Office,
    session: Session,
    before: PlannedDay,
    became: tuple[Day, Plan],
    amendment: Amendment,
    *,
    joined: Iterable[Request] = (),
) -> int:
    """
    Keep what the day *became* as its next version; returns its number.

    *joined* are requests that were not in it *before*.

    Raises
    ------
    BusyError
        If somebody else was faster.
    """
    region, (day, plan) = before.region, became
    if plans.latest(session, region.name, plan.date).version != before.version:
        msg = (
            f"Der {plan.date:%d.%m.%Y} wurde gerade von jemand anderem geändert. Bitte noch einmal."
        )
        raise BusyError(msg)
    in_it = {visit.request for visit in plan.visits} | {each.request for each in plan.unserved}
    asked, _ = requests.day_input(session, region, plan.date)
    standing = promises.read_standing(session, region.name, plan.date, now=office.now())
    points = {name: place.point for name, place in day.places.items()}
    every = {each.request: each for each in (*before.promises, *standing.firm)}
    kept = plans.keep(
        session,
        plan_document(plan, region=region.name, points=points, rejected=before.rejected),
        region=region.name,
        day=plan.date,
        requests=[each for each in (*before.input.requests, *joined) if each.id in in_it],
        promises=[each for each in every.values() if each.request in in_it],
        input_key=input_key(region, asked, standing.firm),
        now=office.now(),
        amendment=amendment,
    )
    return kept.version


def _moment(office: Office, region: Region, stored: StoredPlan, at: Clock | None) -> Clock:
    """When it happened: not before what is known already, and on the day not in the future."""
    now = office.clock(region, stored.date)
    moment = max(0, now) if at is None else at
    last = stored.amendment.at if stored.amendment else 0
    if moment < last:
        msg = (
            f"Um {hh_mm(last)} wurde der {stored.date:%d.%m.%Y} zuletzt geändert. "
            f"Was um {hh_mm(moment)} war, lässt sich nicht mehr ändern."
        )
        raise EventRefusedError(msg)
    if office.today(region) == stored.date and moment > now:
        msg = f"{hh_mm(moment)} liegt in der Zukunft; jetzt ist es {hh_mm(now)}."
        raise EventRefusedError(msg)
    return moment
