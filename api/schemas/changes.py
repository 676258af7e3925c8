"""What a newer plan changes about an older one, as it goes over the wire. It names nobody."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from api.schemas.common import Moment, Schema
from api.schemas.plans import WindowView
from scheduler.changes import At, Change, Fate, Frame, Halt, PlanDifference, StopPair, VisitPair
from scheduler.clock import hh_mm_ss
from scheduler.model import VisitKind
from scheduler.plan import Reason


class AtView(Schema):
    """Where one plan has a visit; *halt* is the number on the sheet."""

    shift: str
    vehicle: str
    halt: int
    begin: Moment
    end: Moment


class VisitChangeView(Schema):
    """One visit in both plans; *moved* are the seconds by which it begins later."""

    request: Annotated[str, Field(examples=["r17"])]
    kind: VisitKind
    place: str
    changes: list[Change]
    moved: int
    older: AtView | None
    newer: AtView | None


class PassengerChangeView(Schema):
    """What changes for one request; *before* and *after* say why a plan leaves it out."""

    request: Annotated[str, Field(examples=["r17"])]
    fate: Fate
    before: Reason | None
    after: Reason | None
    visits: list[VisitChangeView]


class HaltView(Schema):
    """A halt, as it is numbered on the sheet."""

    number: int
    arrival: Moment
    departure: Moment


class StopChangeView(Schema):
    """One halt in both plans, with the visits of either."""

    place: str
    older: HaltView | None
    newer: HaltView | None
    reordered: bool
    visits: list[VisitChangeView]


class FrameView(Schema):
    """A shift without its halts; no times if the bus stays."""

    vehicle: str
    driver: str
    start: Moment | None
    end: Moment | None
    rest: WindowView | None


class ShiftChangeView(Schema):
    """What changes for the driver of one shift: the changed halts only."""

    shift: str
    frame_changed: bool
    older: FrameView | None
    newer: FrameView | None
    stops: list[StopChangeView]


class ChangesView(Schema):
    """All that version *newer* changes about version *older*, in minutes as sheets print them."""

    date: dt.date
    region: str
    older: int
    newer: int
    passengers: list[PassengerChangeView]
    shifts: list[ShiftChangeView]


def changes_view(difference: PlanDifference, *, region: str, older: int, newer: int) -> ChangesView:
    """Show the difference between two versions of a plan."""
    return ChangesView(
        date=difference.date,
        region=region,
        older=older,
        newer=newer,
        passengers=[
            PassengerChangeView(
                request=each.request,
                fate=each.fate,
                before=each.before,
                after=each.after,
                visits=[_visit(visit) for visit in each.visits],
            )
            for each in difference.passengers
        ],
        shifts=[
            ShiftChangeView(
                shift=each.shift,
                frame_changed=each.frame_changed,
                older=_frame(each.older),
                newer=_frame(each.newer),
                stops=[_stop(stop) for stop in each.stops],
            )
            for each in difference.shifts
        ],
    )


def _visit(pair: VisitPair) -> VisitChangeView:
    return VisitChangeView(
        request=pair.request,
        kind=pair.kind,
        place=pair.place,
        changes=list(pair.changes),
        moved=pair.moved,
        older=_at(pair.older),
        newer=_at(pair.newer),
    )


def _at(at: At | None) -> AtView | None:
    if at is None:
        return None
    return AtView(
        shift=at.shift,
        vehicle=at.vehicle,
        halt=at.halt,
        begin=hh_mm_ss(at.begin),
        end=hh_mm_ss(at.end),
    )


def _stop(pair: StopPair) -> StopChangeView:
    return StopChangeView(
        place=pair.place,
        older=_halt(pair.older),
        newer=_halt(pair.newer),
        reordered=pair.reordered,
        visits=[_visit(visit) for visit in pair.visits],
    )


def _halt(halt: Halt | None) -> HaltView | None:
    if halt is None:
        return None
    return HaltView(
        number=halt.number,
        arrival=hh_mm_ss(halt.arrival),
        departure=hh_mm_ss(halt.departure),
    )


def _frame(frame: Frame | None) -> FrameView | None:
    if frame is None:
        return None
    rest = frame.rest
    return FrameView(
        vehicle=frame.vehicle,
        driver=frame.driver,
        start=None if frame.start is None else hh_mm_ss(frame.start),
        end=None if frame.end is None else hh_mm_ss(frame.end),
        rest=None
        if rest is None
        else WindowView(begin=hh_mm_ss(rest.earliest), end=hh_mm_ss(rest.latest)),
    )
