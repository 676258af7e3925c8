"""Whom somebody has rung about a version of a day's plan: they know what it does with them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.request_ids import request_id, request_number
from data.tables import KeptRung
from scheduler.model import RequestId


@dataclass(frozen=True)
class Rung:
    """Somebody who was told, *at* a moment, what a *version* of the plan does with them."""

    request: RequestId
    version: int
    at: dt.datetime


def keep(
    session: Session,
    region: str,
    day: dt.date,
    request: RequestId,
    *,
    version: int,
    now: dt.datetime,
) -> None:
    """Keep that somebody was rung about a *version*; about each, the first time counts."""
    about = {"request_id": request_number(request), "version": version}
    if session.scalar(select(KeptRung).filter_by(**about)) is None:
        session.add(KeptRung(region=region, date=day, at=now, **about))
        session.flush()


def take_back(session: Session, request: RequestId, *, version: int) -> None:
    """Nobody was rung about that *version* or a newer one after all."""
    session.execute(
        delete(KeptRung).where(
            KeptRung.request_id == request_number(request), KeptRung.version >= version
        )
    )


def read_day(session: Session, region: str, day: dt.date) -> dict[RequestId, Rung]:
    """Of each who was rung on account of a day: about which version they were rung last."""
    wanted = select(KeptRung).filter_by(region=region, date=day).order_by(KeptRung.version)
    return {request_id(kept.request_id): _rung(kept) for kept in session.scalars(wanted)}


def of_request(session: Session, request: RequestId) -> list[Rung]:
    """Tell when somebody was rung on account of one request, in order."""
    wanted = select(KeptRung).filter_by(request_id=request_number(request))
    return [_rung(kept) for kept in session.scalars(wanted.order_by(KeptRung.version))]


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Delete when people were rung on account of these requests."""
    for begin in range(0, len(numbers), 500):  # SQLite takes so many values in one statement
        some = numbers[begin : begin + 500]
        session.execute(delete(KeptRung).where(KeptRung.request_id.in_(some)))


def _rung(kept: KeptRung) -> Rung:
    return Rung(request_id(kept.request_id), kept.version, kept.at)
