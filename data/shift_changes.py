"""What dispatchers decide about the shifts of one date, kept: the files of a region stay."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.region import Region
from data.region_tables import KeptShiftChange
from data.roster import Decision, ShiftChange
from scheduler.model import DriverId


def read_all(session: Session, region: str) -> list[ShiftChange]:
    """Read every decision that is kept, in order."""
    wanted = select(KeptShiftChange).filter_by(region=region)
    return _read(session.scalars(wanted.order_by(KeptShiftChange.date, KeptShiftChange.shift)))


def read_day(session: Session, region: str, day: dt.date) -> list[ShiftChange]:
    """Read the decisions about one date."""
    wanted = select(KeptShiftChange).filter_by(region=region, date=day)
    return _read(session.scalars(wanted.order_by(KeptShiftChange.shift)))


def still(session: Session, region: Region, day: dt.date) -> bool:
    """Whether the decisions about one date are still those that *region* was given with."""
    of_day = [each for each in region.roster.changes.values() if each.date == day]
    return sorted(of_day, key=lambda each: each.shift) == read_day(session, region.name, day)


def keep(
    session: Session,
    region: str,
    before: ShiftChange,
    decision: Decision,
    driver: DriverId | None = None,
) -> ShiftChange | None:
    """Keep a decision that follows *before*; ``None`` if somebody else has decided meanwhile."""
    where = {"region": region, "date": before.date, "shift": before.shift}
    row = session.scalar(select(KeptShiftChange).filter_by(**where))
    if (row.version if row is not None else 0) != before.version:
        return None
    if row is None:
        row = KeptShiftChange(**where)
        session.add(row)
    row.decision, row.driver, row.version = decision.value, driver, before.version + 1
    session.flush()
    return _change(row)


def _read(rows: Iterable[KeptShiftChange]) -> list[ShiftChange]:
    return [_change(row) for row in rows]


def _change(row: KeptShiftChange) -> ShiftChange:
    return ShiftChange(row.date, row.shift, Decision(row.decision), row.driver, row.version)
