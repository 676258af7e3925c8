"""
What has become of each request and each of its trips: derived here, and only here.

It follows from what is stored: how a request ended, what is promised, what the newest plan says,
and what drivers marked. What was driven was driven, whatever was said before; so marks come first.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import plans, requests, ticks
from data.errors import NotKeptError
from data.outcomes import Outcome
from data.plans import StoredPlan
from data.promises import stored_promise
from data.request_ids import request_id
from data.tables import KeptRequest
from data.ticks import Mark, Marked
from scheduler.clock import Clock
from scheduler.model import Request, RequestId, ShiftId, TripKind, WayBack, trip_kind
from scheduler.plan import Plan


class State(StrEnum):
    """
    What has become of a trip, or of a request.

    Whom the newest plan has no room for is `UNMET`, like whoever gave up; `BOOKED` is whom no plan
    knows yet. `PROMISED` outranks `PLANNED`: it binds every later plan.
    """

    BOOKED = "booked"
    PLANNED = "planned"
    PROMISED = "promised"
    ABOARD = "aboard"
    DONE = "done"
    NO_SHOW = "no_show"
    LATE_CANCEL = "late_cancel"
    CANCELLED = "cancelled"
    DENIED = "denied"
    UNMET = "unmet"


_ENDED = {
    Outcome.DENIED: State.DENIED,
    Outcome.UNMET: State.UNMET,
    Outcome.CANCELLED: State.CANCELLED,
    Outcome.CANCELLED_SAME_DAY: State.CANCELLED,
    Outcome.CANCELLED_LATE: State.LATE_CANCEL,
    Outcome.NO_SHOW: State.NO_SHOW,
    Outcome.MISTAKEN: State.CANCELLED,
}
_MARKED = {Mark.ABOARD: State.ABOARD, Mark.DONE: State.DONE, Mark.NO_SHOW: State.NO_SHOW}
_AHEAD = frozenset({State.BOOKED, State.PLANNED, State.PROMISED})


@dataclass(frozen=True)
class TripState:
    """
    One trip: what has become of it, and *pickup* and *arrival* in the newest plan, if it has it.

    *shift* drives it by that plan, or whose driver has marked it.
    """

    trip: TripKind
    state: State
    shift: ShiftId | None
    pickup: Clock | None
    arrival: Clock | None
    marked: Marked


@dataclass(frozen=True)
class RequestState:
    """
    One request: what has become of it, and of each trip in turn.

    *state* is that of the trip that comes next, or is under way; *planned* and *promised* tell
    apart what `State` puts in one order. *changed* says that the newest plan was made when
    something else was asked for.
    """

    request: RequestId
    state: State
    planned: bool
    promised: bool
    trips: tuple[TripState, ...]
    changed: bool = False


@dataclass(frozen=True)
class _Planned:
    shift: ShiftId
    pickup: Clock
    arrival: Clock


def read_day(session: Session, region: str, day: dt.date) -> list[RequestState]:
    """Tell what has become of every request of a day whose people are not forgotten."""
    wanted = select(KeptRequest).filter_by(region=region, date=day).order_by(KeptRequest.id)
    kept = session.scalars(wanted.where(KeptRequest.person_id.is_not(None))).unique().all()
    plan = _newest(session, region, day)
    driven = _driven(plan.plan) if plan else {}
    left_out = {each.request for each in plan.plan.unserved} if plan else set()
    made_for = {each.id: each for each in plan.requests} if plan else {}
    marked = ticks.what_holds(ticks.read_day(session, region, day))
    return [
        _state(
            each,
            driven.get(request_id(each.id), {}),
            marked.get(request_id(each.id), {}),
            left_out=request_id(each.id) in left_out,
            made_for=made_for.get(request_id(each.id)),
        )
        for each in kept
    ]


def ended_as(
    *, cancelled: bool, outcome: str | None, marked: Mapping[TripKind, Marked]
) -> State | None:
    """
    How a request ended that nobody drove; ``None`` if somebody did, or it has not ended.

    Whoever was not there for the way to the doctor needs no way home.
    """
    if any(each.mark in ticks.RODE for each in marked.values()):
        return None
    if marked.get(TripKind.OUTBOUND, Marked()).mark is Mark.NO_SHOW:
        return State.NO_SHOW
    return _ENDED[Outcome(outcome or Outcome.CANCELLED)] if cancelled else None


def _newest(session: Session, region: str, day: dt.date) -> StoredPlan | None:
    try:
        return plans.latest(session, region, day)
    except NotKeptError:
        return None


def _driven(plan: Plan) -> dict[RequestId, dict[TripKind, _Planned]]:
    driven: dict[RequestId, dict[TripKind, _Planned]] = {}
    for route in plan.routes:
        for stop in route.stops:
            for visit in stop.visits:
                trips = driven.setdefault(visit.request, {})
                kind = trip_kind(visit.trip)
                before = trips.get(kind)
                trips[kind] = _Planned(
                    route.shift,
                    min(before.pickup, visit.begin) if before else visit.begin,
                    max(before.arrival, visit.begin) if before else visit.begin,
                )
    return driven


def _state(
    kept: KeptRequest,
    driven: Mapping[TripKind, _Planned],
    marked: Mapping[TripKind, Marked],
    *,
    left_out: bool,
    made_for: Request | None,
) -> RequestState:
    promise = stored_promise(kept.promise).promise if kept.promise else None
    firm = promise is not None and kept.promise is not None and kept.promise.until is None
    promised = {trip.kind for trip in promise.trips} if promise and firm else set()
    cancelled = kept.cancelled is not None
    ended = ended_as(cancelled=cancelled, outcome=kept.outcome, marked=marked)
    if ended is None and cancelled:
        ended = _ENDED[Outcome(kept.outcome or Outcome.CANCELLED)]  # of the rest of the journey
    trips = tuple(
        TripState(
            trip=kind,
            state=_trip_state(
                marked.get(kind, Marked()).mark,
                ended,
                promised=kind in promised,
                planned=kind in driven,
                left_out=left_out,
            ),
            shift=driven[kind].shift
            if kind in driven
            else marked.get(kind, Marked()).shift or None,
            pickup=driven[kind].pickup if kind in driven else None,
            arrival=driven[kind].arrival if kind in driven else None,
            marked=marked.get(kind, Marked()),
        )
        for kind in _kinds(kept, driven, promised, marked)
    )
    return RequestState(
        request=request_id(kept.id),
        state=_of_all([trip.state for trip in trips]),
        planned=bool(driven),
        promised=bool(promised),
        trips=trips,
        changed=made_for is not None and requests.asks_otherwise(kept, made_for),
    )


def _kinds(kept: KeptRequest, *known: Iterable[TripKind]) -> list[TripKind]:
    """Which trips a request has: by the plan, else by the promise, else as it was asked for."""
    driven, promised, marked = (set(each) for each in known)
    asked = {TripKind.OUTBOUND}
    if WayBack(kept.way_back) is not WayBack.NONE:
        asked.add(TripKind.RETURN)
    return [kind for kind in TripKind if kind in (driven or promised or asked) | marked]


def _trip_state(
    mark: Mark | None, ended: State | None, *, promised: bool, planned: bool, left_out: bool
) -> State:
    if mark in _MARKED:
        return _MARKED[mark]
    if ended is not None:
        return ended
    if promised:
        return State.PROMISED
    if planned:
        return State.PLANNED
    return State.UNMET if left_out else State.BOOKED


def _of_all(trips: list[State]) -> State:
    """What a request is, of whose trips this has become."""
    if State.ABOARD in trips:
        return State.ABOARD
    ahead = [state for state in trips if state in _AHEAD]
    if State.DONE in trips:
        return ahead[0] if ahead else State.DONE
    return trips[0]
