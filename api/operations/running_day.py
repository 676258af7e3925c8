"""
The day itself: from the first event on, a plan is changed only where something happens.

What is printed has been told: whoever the newest plan serves is held to what was promised, or to
the window around what was planned. What is driven stays as it is.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.orm import Session

from api.errors import BusyError, EventRefusedError
from api.operations.changes import Changes, read_changes
from api.operations.days import PlannedDay, input_key
from api.operations.office import Office
from api.operations.planning import open_plan
from data import plans, promises, requests
from data.closed_roads import ClosedRoad, travel_without
from data.day_document import closed_roads, day_document
from data.errors import NotKeptError
from data.outcomes import Outcome, cancellation
from data.plan_document import Document, plan_document
from data.plans import Amendment, StoredPlan
from data.region import Region
from routing.closing import CLOSE, roads_near
from routing.errors import NetworkError
from routing.geo import Point
from routing.units import Metres
from scheduler.clock import Clock, hh_mm
from scheduler.day import Day
from scheduler.events import (
    Cancelled,
    Delayed,
    Event,
    EventError,
    NoShow,
    OutOfService,
    Ready,
    RoadsChanged,
    happen,
)
from scheduler.model import Request, RequestId, ShiftId
from scheduler.plan import Plan, Reason, Unserved
from scheduler.promises import hold_to, promise_plan
from scheduler.stability import knowing
from scheduler.under_way import UnderWay, freeze

if TYPE_CHECKING:
    from scheduler.replan import Replanned

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class RoadClosed:
    """All roads near a point are closed from now on."""

    point: Point
    metres: Metres = CLOSE


# What can be said to have happened.
Happening: TypeAlias = Event | RoadClosed

KINDS: Mapping[type[Happening], str] = {
    Cancelled: "cancelled",
    NoShow: "no_show",
    Delayed: "delayed",
    Ready: "ready",
    OutOfService: "out_of_service",
    RoadClosed: "road_closed",
}


@dataclass(frozen=True)
class Announcement:
    """
    What is said about a new version of a day: which promises it breaks, and by how much.

    As in `scheduler.replan.Replanned`; times in seconds.
    """

    late: Mapping[RequestId, int]
    given_up: tuple[RequestId, ...]
    overtime: Mapping[ShiftId, int]
    sure: bool

    @classmethod
    def read(cls, document: Document) -> "Announcement":
        """Read what was kept with a version."""
        return cls(**{**document, "given_up": tuple(document["given_up"])})


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


def amend(
    office: Office,
    region: Region,
    day: date,
    event: Happening,
    *,
    at: Clock | None = None,
    seconds: float | None = None,
    seed: int = 0,
) -> tuple[Amended, Changes]:
    """
    Let something happen on a planned day, and keep what becomes of the plan as its next version.

    *at* is when it happened; without it, now. *seconds* is the longest time for planning. Returns
    what has to be announced, and what is different from the version before.

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
    # It knows the optimizer, which takes a second to import.
    from scheduler.optimizer.solution import Effort
    from scheduler.replan import replan

    with office.planning(region, day):
        with office.store.reading() as session:
            stored = plans.latest(session, region.name, day)
            day_input = requests.input_of(session, day, stored.requests)
        before = open_plan(office, region, stored, day_input)
        moment = moment_of(office, region, stored, at)
        effort = Effort(seconds=seconds or office.settings.replan_seconds)
        closed = closed_roads(stored.amendment.day) if stored.amendment else ()
        try:
            under_way = freeze(as_told(before), before.plan, moment)
            if isinstance(event, RoadClosed):
                under_way, closed = _close(under_way, region, event, closed)
            else:
                under_way = happen(under_way, event)
        except EventError as error:
            raise EventRefusedError(_refused(event, day)) from error
        replanned = _with_given_up(replan(under_way, effort=effort, seed=seed))
        amendment = Amendment(
            at=moment,
            happened={"kind": KINDS[type(event)], **asdict(event)},
            announced=asdict(_announcement(replanned)),
            day=day_document(replanned.day, closed=closed),
        )
        with office.store.writing() as session:
            _note(office, region, session, event)
            version = keep_version(
                office, session, before, (replanned.day, replanned.plan), amendment
            )
    log.info(
        "%s at %s: %s; %d late, %d given up",
        day,
        hh_mm(moment),
        amendment.happened["kind"],
        len(replanned.late),
        len(replanned.given_up),
    )
    changes = read_changes(office, region, day, since=stored.version)
    return Amended.read(version, amendment), changes


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


def happened(office: Office, region: Region, day: date) -> list[Amended]:
    """Read what happened on a day, in that order."""
    with office.store.reading() as session:
        kept = plans.amendments(session, region.name, day)
    return [Amended.read(version, amendment) for version, amendment in kept]


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


def _close(
    under_way: UnderWay, region: Region, event: RoadClosed, closed: Sequence[ClosedRoad]
) -> tuple[UnderWay, tuple[ClosedRoad, ...]]:
    """Close roads, beside those that are *closed* already."""
    if not len(roads_near(region.network, event.point, event.metres)):
        msg = f"Im Umkreis von {event.metres} m gibt es dort keine Straße."
        raise EventRefusedError(msg)
    whole = under_way.whole
    # Whoever sets off at this very second is still on the old roads.
    every = (*closed, ClosedRoad(event.point, under_way.now + 1, event.metres))
    points = {name: place.point for name, place in whole.places.items()}
    try:
        travel = travel_without(region.network, every, points)
    except NetworkError as error:
        msg = f"Im Umkreis von {event.metres} m liegen alle Straßen der Karte."
        raise EventRefusedError(msg) from error
    index = {name: number for number, name in enumerate(points)}
    return happen(under_way, RoadsChanged(travel, index)), every


def moment_of(office: Office, region: Region, stored: StoredPlan, at: Clock | None) -> Clock:
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


def _refused(event: Happening, day: date) -> str:
    """Say in German what an event is about that the rest of the day does not know."""
    match event:
        case RoadClosed():
            return f"Diese Straße kann am {day:%d.%m.%Y} nicht gesperrt werden."
        case Delayed(shift=name) | OutOfService(shift=name):
            return f"Am {day:%d.%m.%Y} gibt es keinen Dienst „{name}“."
        case Ready(request=name):
            return f"Der Fahrtwunsch {name} hat am {day:%d.%m.%Y} keine Rückfahrt mehr vor sich."
        case Cancelled(request=name) | NoShow(request=name):
            return f"Vom Fahrtwunsch {name} ist am {day:%d.%m.%Y} nichts mehr zu fahren."


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


def _announcement(replanned: "Replanned") -> Announcement:
    return Announcement(
        late=dict(replanned.late),
        given_up=replanned.given_up,
        overtime=dict(replanned.overtime),
        sure=replanned.sure,
    )


def _note(office: Office, region: Region, session: Session, event: Happening) -> None:
    """Write to the request how it ended; its seats are free with that."""
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
            return
    requests.cancel(session, region.name, name, now=office.now(), outcome=outcome)


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
