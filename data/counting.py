"""What became of the requests of a month, counted, without anybody's name."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import plans, ticks
from data.outcomes import Outcome
from data.request_ids import request_id
from data.states import State, ended_as
from data.tables import KeptRequest
from scheduler.model import RequestId


@dataclass(frozen=True)
class MonthCounts:
    """
    What became of the requests of one month, without anybody's name.

    Parameters
    ----------
    asked
        All of them: the sum of the others, but for *ridden*.
    served, left_out
        Those whom nobody took back, with and without room in the newest plan of their day.
    ridden
        Those among *served* of whom a driver has marked that they were aboard.
    unplanned
        Those whom no plan knows: it was made before they asked, or never.
    ended
        The others, by how they ended. Requests that were booked by mistake are none of them.
    """

    asked: int
    served: int
    left_out: int
    unplanned: int
    ended: Mapping[Outcome, int]
    ridden: int = 0

    @property
    def unmet(self) -> int:
        """For whom nothing was found, whether they gave up or not."""
        return self.left_out + self.ended[Outcome.UNMET]


def count_month(session: Session, region: str, month: dt.date) -> MonthCounts:
    """
    Count the requests for rides in the month that begins with *month*.

    What drivers marked counts more than what was planned or said.
    """
    after = (month + dt.timedelta(days=31)).replace(day=1)
    rows = session.execute(
        select(KeptRequest.id, KeptRequest.date, KeptRequest.cancelled, KeptRequest.outcome).where(
            KeptRequest.region == region,
            KeptRequest.date >= month,
            KeptRequest.date < after,
            KeptRequest.outcome.is_distinct_from(Outcome.MISTAKEN.value),
        )
    ).all()
    marked = ticks.marked_between(session, region, month, after)
    ended = Counter[Outcome]()
    standing: dict[RequestId, dt.date] = {}
    ridden = set[RequestId]()
    for row in rows:
        name = request_id(row.id)
        marks = marked.get(name, {})
        cancelled = row.cancelled is not None
        if any(each.mark in ticks.RODE for each in marks.values()):
            ridden.add(name)
        elif (
            state := ended_as(cancelled=cancelled, outcome=row.outcome, marked=marks)
        ) is State.NO_SHOW:
            ended[Outcome.NO_SHOW] += 1
        elif state is not None:
            ended[Outcome(row.outcome or Outcome.CANCELLED)] += 1
        else:
            standing[name] = row.date
    served, left_out = set(ridden), set[RequestId]()
    planned = set(plans.planned_days(session, region, forgotten=True))
    for day in set(standing.values()) & planned:
        plan = plans.latest(session, region, day, forgotten=True).plan
        served |= standing.keys() & {visit.request for visit in plan.visits}
        left_out |= standing.keys() & {each.request for each in plan.unserved}
    return MonthCounts(
        asked=len(rows),
        served=len(served),
        left_out=len(left_out),
        unplanned=len(standing.keys() - served - left_out),
        ended={outcome: ended[outcome] for outcome in Outcome},
        ridden=len(ridden),
    )
