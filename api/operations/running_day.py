"""
A planned day that has begun: what its passengers know, where its buses are, its next version.

What is printed has been told: whoever the newest plan serves is held to what was promised, or to
the window around what was planned. What is driven stays as it is.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from api.errors import BusyError, EventRefusedError
from api.operations.days import PlannedDay, input_key, prepare
from api.operations.office import Office
from api.operations.planning import open_plan
from data import plans, promises, requests
from data.closed_roads import ClosedRoad
from data.day_document import closed_roads
from data.day_input import DayInput
from data.plan_document import plan_document
from data.plans import Amendment, StoredPlan
from data.promises import Standing, StoredPromise, named_places
from data.region import Region
from routing.units import MINUTE
from scheduler.clock import END_OF_DAY, Clock, hh_mm
from scheduler.day import Day
from scheduler.events import Cancelled, EventError, happen
from scheduler.model import Request, RequestId
from scheduler.plan import Plan
from scheduler.promises import Promise, hold_to, promise_plan
from scheduler.stability import knowing
from scheduler.under_way import UnderWay, freeze

# Somebody to whom something was promised counts as much as so many who were only planned. A guess.
OUTWEIGHS = 10

_NOBODY: Mapping[RequestId, Promise | None] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class RunningDay:
    """
    A day at a moment.

    *before* is its newest version, *closed* are the roads that were closed in the course of it.
    *pending* says that *under_way* knows of promises and cancellations that the plan does not.
    """

    before: PlannedDay
    under_way: UnderWay
    closed: tuple[ClosedRoad, ...]
    pending: bool = False


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
        As `moment_of`.
    OutdatedPlanError
        As `look_at`.
    """
    with office.store.reading() as session:
        stored = plans.latest(session, region.name, day)
    return look_at(office, region, stored, at=moment_of(office, region, stored, at))


def look_at(
    office: Office,
    region: Region,
    stored: StoredPlan,
    *,
    at: Clock,
    riding: Mapping[RequestId, Promise | None] = _NOBODY,
) -> RunningDay:
    """
    Look at a version of a day as it is *at* a moment.

    *riding* are those who ride although it is kept that they do not, with what was promised them.

    Raises
    ------
    OutdatedPlanError
        If a place or vehicle of the plan is no longer in the region's files.
    """
    with office.store.reading() as session:
        day_input = requests.input_of(session, stored)
        since, standing = (
            requests.day_input(session, region, stored.date)[0],
            promises.read_standing(session, region.name, stored.date, now=office.now()),
        )
        gone = requests.cancelled_among(session, (each.id for each in stored.requests))
    planned = open_plan(office, region, stored, day_input, as_published=True)
    if stored.amendment is not None:
        closed = closed_roads(stored.amendment.day)
        return RunningDay(planned, freeze(as_told(planned), planned.plan, at), closed)
    begun = {visit.request for visit in planned.plan.visits if visit.begin <= at}
    again = (promise for promise in riding.values() if promise is not None)
    firm = {each.request: each for each in (*standing.firm, *again) if each.request not in begun}
    before = _with_promises(office, planned, since, standing, firm)
    under_way = freeze(as_told(before), before.plan, at)
    told = under_way.whole
    for request in sorted(gone - riding.keys()):
        # Of whom nothing is left to drive, nothing is left to be cancelled.
        with suppress(EventError):
            under_way = happen(under_way, Cancelled(request))
    pending = under_way.whole is not told or not _kept_by(before.plan, told)
    return RunningDay(before, under_way, (), pending)


def _with_promises(
    office: Office,
    planned: PlannedDay,
    since: DayInput,
    standing: Standing,
    firm: Mapping[RequestId, Promise],
) -> PlannedDay:
    """Let a planned day know what was promised since (*firm*), and to whom."""
    known = {each.request: each for each in planned.promises}
    if all(known.get(name) == promise for name, promise in firm.items()):
        return planned
    if planned.outdated:
        return _hold_to(planned, {**known, **firm})
    asked = {each.id: each for each in planned.input.requests}
    new = [each for each in since.requests if each.id in firm and each.id not in asked]
    together = DayInput(
        since.date,
        (*planned.input.requests, *new),
        {**planned.input.contacts, **since.contacts},
        {**planned.input.homes, **standing.homes, **since.homes},
    )
    every = tuple({**known, **firm}.values())
    day = prepare(office, planned.region, together, every)
    return replace(planned, input=together, promises=every, day=day)


def _hold_to(planned: PlannedDay, firm: Mapping[RequestId, Promise]) -> PlannedDay:
    """
    Let a day that the region would make otherwise by now know what is promised to its people.

    Whoever was promised a ride since comes into the next version by asking again.
    """
    asked = {each.id for each in planned.input.requests}
    places = planned.day.places
    kept = tuple(
        promise
        for name, promise in firm.items()
        if name in asked and places.keys() >= set(named_places([promise]))
    )
    return replace(planned, promises=kept, day=hold_to(planned.day, kept, places))


def _kept_by(plan: Plan, told: Day) -> bool:
    """Whether *plan* serves everybody in *told* within the windows of their pickups."""
    begins = {(visit.trip, visit.kind): visit.begin for visit in plan.visits}
    return all(
        (begin := begins.get((name, told.trip(name).visits[0].kind))) is not None
        and told.trip(name).visits[0].window.earliest
        <= begin
        <= told.trip(name).visits[0].window.latest
        for journey in told.journeys
        for name in journey.options[0]
    )


def as_told(planned: PlannedDay) -> Day:
    """
    Hold a planned day to what its passengers know.

    That is what was promised, and around what is planned for the others the window in which
    they would have been promised it. Whoever is neither promised anything nor in the plan is not
    in the day either. What was promised outweighs what was only planned; what changes of the plan
    counts as the policy says.
    """
    rules = planned.region.policy.stability
    change, leeway = rules.running, rules.leeway
    plan, day = planned.plan, planned.day
    if planned.amended:
        return knowing(day, plan, change=change, leeway=leeway)
    promised = {promise.request: promise for promise in planned.promises}
    width = planned.region.policy.promise.window
    told = [
        *(replace(each, weight=each.weight * OUTWEIGHS) for each in promised.values()),
        *promise_plan(plan, day, width=width, but=promised),
    ]
    left = tuple(each for each in plan.unserved if each.request not in promised)
    empty = replace(day, journeys=(), trips=(), refused=())
    held = replace(hold_to(empty, told, day.places), refused=left)
    return knowing(held, plan, change=change, leeway=leeway)


def keep_version(
    office: Office,
    session: Session,
    before: PlannedDay,
    became: tuple[Day, Plan],
    amendment: Amendment,
    *,
    joined: Iterable[Request] = (),
    released: StoredPromise | None = None,
) -> int:
    """
    Keep what the day *became* as its next version; returns its number.

    *joined* are requests that were not in it *before*. *released* is what was promised to somebody
    whom a report takes out of it: it is kept, so that the report can be taken back.

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
        released=released,
    )
    return kept.version


def moment_of(office: Office, region: Region, stored: StoredPlan, at: Clock | None = None) -> Clock:
    """
    When something happened to the newest version of a day; without *at*, now.

    Raises
    ------
    EventRefusedError
        If that moment is not to be changed any more, or in the future.
    """
    now = office.clock(region, stored.date)
    last = stored.amendment.at if stored.amendment else 0
    # Before the day and after it, there is no better moment than its ends.
    moment = min(max(0, now, last), END_OF_DAY) if at is None else at
    if moment // MINUTE == last // MINUTE:
        moment = max(moment, last)  # people say minutes
    if moment < last:
        msg = (
            f"Um {hh_mm(last)} wurde der {stored.date:%d.%m.%Y} zuletzt geändert. "
            f"Was um {hh_mm(moment)} war, lässt sich nicht mehr ändern."
        )
        raise EventRefusedError(msg)
    if office.today(region) >= stored.date and moment > max(now, last):
        msg = f"{hh_mm(moment)} liegt in der Zukunft; jetzt ist es {hh_mm(now)}."
        raise EventRefusedError(msg)
    return moment
