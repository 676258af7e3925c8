"""
What drivers mark of the trips of a day: the bus is there, somebody is aboard, or is not there.

Marks are only added. A wrong one is corrected by a later one; "later" is by the moment at which it
was made, for a telephone in a valley tells us only afterwards.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.acting import current_deed
from data.errors import KeyReusedError
from data.journal import met
from data.request_ids import request_id, request_number
from data.tables import KeptRequest, KeptTick
from scheduler.model import RequestId, ShiftId, TripKind


class Mark(StrEnum):
    """
    What can be marked of a trip.

    `ARRIVED` says nothing of the passenger, and takes nothing back that was marked of them.
    `ABOARD` after `DONE` takes that back: they are not out yet. `OPEN` takes back all that was
    marked of the passenger; that the bus was there stays, unless nothing else was marked.
    """

    ARRIVED = "arrived"  # the bus is there
    ABOARD = "aboard"
    NO_SHOW = "no_show"
    DONE = "done"
    OPEN = "open"


RODE = frozenset({Mark.ABOARD, Mark.DONE})


@dataclass(frozen=True)
class Tick:
    """One mark, as somebody makes it *at* a moment."""

    request: RequestId
    trip: TripKind
    shift: ShiftId
    mark: Mark
    at: dt.datetime


@dataclass(frozen=True)
class StoredTick(Tick):
    """A mark with its *number*, when it was *received*, and by whom (`data.acting.Deed`)."""

    number: int
    received: dt.datetime
    by: str


@dataclass(frozen=True)
class Marked:
    """What holds of one trip: the last *mark*, and when each was made that was not taken back."""

    mark: Mark | None = None
    shift: ShiftId = ""
    moments: Mapping[Mark, dt.datetime] | None = None

    def when(self, mark: Mark) -> dt.datetime | None:
        """When that was marked, if it was."""
        return (self.moments or {}).get(mark)


def keep(
    session: Session, region: str, day: dt.date, tick: Tick, *, key: str, now: dt.datetime
) -> tuple[StoredTick, bool]:
    """
    Keep a mark, unless it came under the same *key* before; says whether it is new.

    Raises
    ------
    KeyReusedError
        If another mark came under that key.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()
    before = session.scalar(select(KeptTick).filter_by(region=region, key=digest))
    if before is not None:
        stored = _stored(before)
        same = (stored.request, stored.trip, stored.shift, stored.mark)
        if (before.date, *same) != (day, tick.request, tick.trip, tick.shift, tick.mark):
            msg = "Unter diesem Schlüssel kam schon etwas anderes. Bitte für jedes einen neuen."
            raise KeyReusedError(msg)
        return stored, False
    kept = KeptTick(
        region=region,
        date=day,
        request_id=request_number(tick.request),
        trip=tick.trip.value,
        shift=tick.shift,
        mark=tick.mark.value,
        at=tick.at,
        received=now,
        actor=current_deed().actor,
        key=digest,
    )
    session.add(kept)
    session.flush()
    return _stored(kept), True


def read_day(
    session: Session, region: str, day: dt.date, *, shift: ShiftId | None = None
) -> list[StoredTick]:
    """Read the marks of a day, or of one *shift*, in the order in which they were made."""
    wanted = select(KeptTick).filter_by(region=region, date=day)
    if shift is not None:
        wanted = wanted.filter_by(shift=shift)
    return [_stored(kept) for kept in session.scalars(wanted.order_by(KeptTick.at, KeptTick.id))]


def of_request(session: Session, region: str, request: RequestId) -> list[StoredTick]:
    """Read the marks of one request, in the order in which they were made."""
    wanted = select(KeptTick).filter_by(region=region, request_id=request_number(request))
    return [_stored(kept) for kept in session.scalars(wanted.order_by(KeptTick.at, KeptTick.id))]


def marked_between(
    session: Session, region: str, first: dt.date, after: dt.date
) -> dict[RequestId, dict[TripKind, Marked]]:
    """What holds of the trips of all dates from *first* on and before *after*, by request."""
    wanted = select(KeptTick).where(
        KeptTick.region == region, KeptTick.date >= first, KeptTick.date < after
    )
    in_order = session.scalars(wanted.order_by(KeptTick.at, KeptTick.id))
    return what_holds(_stored(kept) for kept in in_order)


def what_holds(in_order: Iterable[StoredTick]) -> dict[RequestId, dict[TripKind, Marked]]:
    """Let each mark take the place of those before it, trip by trip."""
    held: dict[RequestId, dict[TripKind, Marked]] = {}
    for tick in in_order:
        trips = held.setdefault(tick.request, {})
        trips[tick.trip] = _after(trips.get(tick.trip, Marked()), tick)
    return held


def _after(before: Marked, tick: StoredTick) -> Marked:
    """What holds of a trip after one more mark."""
    moments = before.moments or {}
    mark, told = tick.mark, {tick.mark: tick.at}
    if mark is Mark.OPEN:
        there = Mark.ARRIVED in moments and before.mark is not Mark.ARRIVED
        left = {Mark.ARRIVED: moments[Mark.ARRIVED]} if there else {}
        return Marked(Mark.ARRIVED if there else None, tick.shift, left)
    if mark is Mark.ARRIVED and before.mark not in {None, Mark.ARRIVED}:
        return replace(before, moments={**told, **moments})
    if mark is Mark.ABOARD and before.mark is Mark.DONE:
        # A correction: when they got in was told before, or not at all.
        left = {each: at for each, at in moments.items() if each is not Mark.DONE}
        return Marked(mark, tick.shift, left)
    return Marked(mark, tick.shift, {**moments, **told})


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Of requests whose people are forgotten, leave the mark of each trip that holds, untimed."""
    for begin in range(0, len(numbers), 500):  # SQLite takes so many values in one statement
        some = numbers[begin : begin + 500]
        wanted = select(KeptTick).where(KeptTick.request_id.in_(some))
        every = session.scalars(wanted.order_by(KeptTick.at, KeptTick.id)).all()
        held = what_holds(_stored(kept) for kept in every)
        last: dict[tuple[int, str], KeptTick] = {}
        for kept in every:
            holds = held[request_id(kept.request_id)][TripKind(kept.trip)].mark
            if Mark(kept.mark) is (holds or Mark.OPEN):
                last[kept.request_id, kept.trip] = kept
        for kept in every:
            kept.at = kept.received = dt.datetime.combine(kept.date, dt.time(), tzinfo=dt.UTC)
            kept.actor, kept.key = "", None
        session.flush()  # only then one may go
        for kept in every:
            if kept is not last[kept.request_id, kept.trip]:
                session.delete(kept)
        session.flush()


def _stored(kept: KeptTick) -> StoredTick:
    request = request_id(kept.request_id)
    met(KeptRequest.__tablename__, request)
    return StoredTick(
        request=request,
        trip=TripKind(kept.trip),
        shift=kept.shift,
        mark=Mark(kept.mark),
        at=kept.at,
        number=kept.id,
        received=kept.received,
        by=kept.actor,
    )
