"""
Whoever rides in a published plan has been told so: what is planned for them is promised.

Else the next plan could leave somebody standing who waits for the bus that drivers have on paper.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from api.operations.days import PlannedDay, input_key
from data import plans, promises
from data.day_input import DayInput
from data.promises import Standing, StoredPromise
from scheduler.clock import Clock
from scheduler.model import Request, RequestId, TripId, VisitKind
from scheduler.plan import Plan
from scheduler.promises import Promise, promise_plan


@dataclass(frozen=True, eq=False)
class Promising:
    """
    To whom a version promises their ride, and *carrying*, which keeps that and all before.

    *asked* and *standing* are what is asked for and promised until then.
    """

    planned: PlannedDay
    asked: DayInput
    standing: Standing
    told: Sequence[Promise]
    carrying: Plan


def foresee(planned: PlannedDay, asked: DayInput, standing: Standing) -> Promising | None:
    """
    Find out whom publishing *planned* promises their ride: who still wants it, as it is planned.

    ``None`` if that is nobody. What passengers know of a day on which something happened, its
    versions know by themselves.
    """
    # It knows the optimizer, which takes a second to import.
    from data.books import carry

    if planned.amended:
        return None
    now = {each.id: as_ride(each) for each in asked.requests}
    others = standing.promises.keys() | {
        each.id for each in planned.input.requests if now.get(each.id) != as_ride(each)
    }
    width = planned.region.policy.promise.window
    told = promise_plan(planned.plan, planned.day, width=width, but=others)
    if not told:
        return None
    broken = set(broken_by(planned.plan, standing.every))
    kept = {name: each for name, each in standing.promises.items() if name not in broken}
    for each in told:
        kept[each.request] = _stored(planned, each)
    carrying = carry(replace(standing, promises=kept), planned.plan, planned.day)
    return Promising(planned, asked, standing, told, carrying)


def keep(session: Session, promised: Promising, *, now: datetime) -> bool:
    """
    Promise it *now*, with publication; a plan that knew of all before stays one that knows of all.

    Returns False, and nothing may be kept in this transaction, if somebody else was faster.
    """
    planned, before = promised.planned, promised.standing
    region, day = planned.region, planned.plan.date
    points = {name: place.point for name, place in planned.day.places.items()}
    if not promises.keep(session, before, promised.carrying, points=points, now=now):
        return False
    for each in promised.told:
        promises.record(session, region.name, day, replace(_stored(planned, each), given=now))
    after = promises.read_standing(session, region.name, day, now=now)
    plans.rekey(
        session,
        region.name,
        day,
        planned.version or 0,
        before=input_key(region, promised.asked, before.firm),
        after=input_key(region, promised.asked, after.firm),
    )
    return True


def as_ride(request: Request) -> Request:
    """What a plan can be wrong about: all but how much it matters."""
    return replace(request, priority=0)


def broken_by(plan: Plan, firm: Iterable[Promise]) -> Iterator[RequestId]:
    """Requests that *plan* does not serve as they were told."""
    begins: Mapping[tuple[TripId, VisitKind], Clock] = {
        (visit.trip, visit.kind): visit.begin for visit in plan.visits
    }
    for promise in firm:
        visits = ((trip.id, visit) for trip in promise.trips for visit in trip.visits)
        for trip, visit in visits:
            begin = begins.get((trip, visit.kind))
            if begin is None or not visit.window.earliest <= begin <= visit.window.latest:
                yield promise.request
                break


def _stored(planned: PlannedDay, promise: Promise) -> StoredPromise:
    assert planned.created is not None  # noqa: S101  (only kept plans are published)
    return StoredPromise(promise, planned.created, None)
