"""
How requests end that nobody drives: each way for itself, and counted as evidence for another bus.

Whoever gave up because nothing was found is `Outcome.UNMET`. Whoever did not give up, but has no
room in the newest plan of the day, is unmet as well: such a request has no outcome, and is counted
from the plans (`count_month`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import plans
from data.request_ids import request_id
from data.tables import KeptRequest
from routing.units import Seconds
from scheduler.clock import Clock
from scheduler.model import RequestId


class Outcome(StrEnum):
    """
    Why nobody wants this ride any more.

    `DENIED`: the dispatcher said no. `UNMET`: no offer was found, and the caller gave up.
    `CANCELLED`: on an earlier day than the ride; `CANCELLED_SAME_DAY`: on the day itself;
    `CANCELLED_LATE`: so late that nobody could have booked the seats any more. `NO_SHOW`: the bus
    came, and nobody was there.
    """

    DENIED = "denied"
    UNMET = "unmet"
    CANCELLED = "cancelled"
    CANCELLED_SAME_DAY = "cancelled_same_day"
    CANCELLED_LATE = "cancelled_late"
    NO_SHOW = "no_show"


def cancellation(day: dt.date, arrival: Clock, *, now: dt.datetime, lead: Seconds) -> Outcome:
    """
    Tell apart how early a ride was cancelled.

    Parameters
    ----------
    day, arrival
        When the passenger had to be there, or could be from.
    now
        The moment on the clocks of the region, without a time zone.
    lead
        How long before a ride people may still ring (`policy.booking.lead`).
    """
    there = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=arrival)
    if now > there - dt.timedelta(seconds=lead):
        return Outcome.CANCELLED_LATE
    return Outcome.CANCELLED_SAME_DAY if now.date() == day else Outcome.CANCELLED


@dataclass(frozen=True)
class MonthCounts:
    """
    What became of the requests of one month, without anybody's name.

    Parameters
    ----------
    asked
        All of them: the sum of the others.
    served, left_out
        Those whom nobody took back, with and without room in the newest plan of their day.
    unplanned
        Those whom no plan knows: it was made before they asked, or never.
    ended
        The others, by how they ended.
    """

    asked: int
    served: int
    left_out: int
    unplanned: int
    ended: Mapping[Outcome, int]

    @property
    def unmet(self) -> int:
        """For whom nothing was found, whether they gave up or not."""
        return self.left_out + self.ended[Outcome.UNMET]


def count_month(session: Session, region: str, month: dt.date) -> MonthCounts:
    """Count the requests for rides in the month that begins with *month*."""
    after = (month + dt.timedelta(days=31)).replace(day=1)
    rows = session.execute(
        select(KeptRequest.id, KeptRequest.date, KeptRequest.cancelled, KeptRequest.outcome).where(
            KeptRequest.region == region, KeptRequest.date >= month, KeptRequest.date < after
        )
    ).all()
    ended = Counter(
        Outcome(row.outcome) if row.outcome else Outcome.CANCELLED for row in rows if row.cancelled
    )
    standing = {request_id(row.id) for row in rows if not row.cancelled}
    served, left_out = set[RequestId](), set[RequestId]()
    planned = set(plans.planned_days(session, region, forgotten=True))
    for day in {row.date for row in rows if not row.cancelled} & planned:
        plan = plans.latest(session, region, day, forgotten=True).plan
        served |= standing & {visit.request for visit in plan.visits}
        left_out |= standing & {each.request for each in plan.unserved}
    return MonthCounts(
        asked=len(rows),
        served=len(served),
        left_out=len(left_out),
        unplanned=len(standing - served - left_out),
        ended={outcome: ended[outcome] for outcome in Outcome},
    )
