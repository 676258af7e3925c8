"""Who has heard from somebody what a version of a day's plan does with them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.request_ids import request_id, request_number
from data.tables import KeptHeard
from scheduler.model import RequestId


@dataclass(frozen=True)
class Heard:
    """Somebody was told, *at* a moment, what a *version* of the plan of a *day* does with them."""

    request: RequestId
    day: dt.date
    version: int
    at: dt.datetime


def keep(session: Session, region: str, heard: Heard) -> None:
    """Keep that somebody heard of a version; of each, the first time counts."""
    about = {
        "request_id": request_number(heard.request),
        "date": heard.day,
        "version": heard.version,
    }
    if session.scalar(select(KeptHeard).filter_by(**about)) is None:
        session.add(KeptHeard(region=region, at=heard.at, **about))
        session.flush()


def take_back(session: Session, day: dt.date, request: RequestId) -> None:
    """Nobody has told them anything about that day after all."""
    wanted = delete(KeptHeard).filter_by(request_id=request_number(request), date=day)
    session.execute(wanted)


def read_day(session: Session, region: str, day: dt.date) -> dict[RequestId, Heard]:
    """Of each who heard of a version of a day: the newest that they heard of."""
    wanted = select(KeptHeard).filter_by(region=region, date=day).order_by(KeptHeard.version)
    return {request_id(kept.request_id): _heard(kept) for kept in session.scalars(wanted)}


def of_request(session: Session, request: RequestId) -> list[Heard]:
    """Tell when somebody was told something on account of one request, in order."""
    wanted = select(KeptHeard).filter_by(request_id=request_number(request))
    return [_heard(kept) for kept in session.scalars(wanted.order_by(KeptHeard.at))]


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Delete when people were told something on account of these requests."""
    for begin in range(0, len(numbers), 500):  # SQLite takes so many values in one statement
        some = numbers[begin : begin + 500]
        session.execute(delete(KeptHeard).where(KeptHeard.request_id.in_(some)))


def _heard(kept: KeptHeard) -> Heard:
    return Heard(request_id(kept.request_id), kept.date, kept.version, kept.at)
