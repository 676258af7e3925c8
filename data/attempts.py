"""
How often somebody tried in vain to come in, and how long they have to wait for the next try.

Attempts are counted before they are looked at, so that many at once are not more than one after
the other. What is counted is a proof under the key of the installation: neither names nor
addresses of clients can be read here. It is no part of the audit, which has the failures.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from data.door_tables import Attempts
from data.keys import vault

FORGOTTEN_AFTER = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """
    So many failures are *free*; then one has to wait, *first* so long, each time twice as long.

    It is never longer than *most*, so that nobody can lock out somebody else for a day.
    """

    free: int
    first: dt.timedelta
    most: dt.timedelta

    def wait(self, failures: int) -> dt.timedelta | None:
        """Say how long to wait after so many failures."""
        over = failures - self.free
        if over < 0:
            return None
        wait: dt.timedelta = self.first * 2 ** min(over, 30)
        return min(self.most, wait)


def count(
    session: Session, limits: Mapping[tuple[str, str], Limit], *, now: dt.datetime
) -> dt.datetime | None:
    """
    Count an attempt for each of *limits*, by kind and by what it is about.

    If one of them has to wait, nothing is counted, and it is said until when.
    """
    rows = {what: _row(session, what, now=now) for what in limits}
    waiting = [row.until for row in rows.values() if row.until is not None and row.until > now]
    if waiting:
        return max(waiting)
    for what, limit in limits.items():
        row = rows[what]
        row.failures += 1
        wait = limit.wait(row.failures)
        row.last, row.until = now, None if wait is None else now + wait
        session.add(row)
    return None


def forgive(session: Session, what: tuple[str, str], *, all_of_them: bool) -> None:
    """Count the last attempt not as a failure, and those before neither if *all_of_them*."""
    row = session.get(Attempts, _name(session, what))
    if row is None:
        return
    row.until = None
    row.failures = 0 if all_of_them else row.failures - 1
    if row.failures <= 0:
        session.delete(row)


def forget(session: Session, *, now: dt.datetime) -> None:
    """Remove what is long ago."""
    session.execute(delete(Attempts).where(Attempts.last < now - FORGOTTEN_AFTER))


def _row(session: Session, what: tuple[str, str], *, now: dt.datetime) -> Attempts:
    name = _name(session, what)
    row = session.get(Attempts, name)
    if row is None:
        return Attempts(name=name, failures=0, last=now, until=None)
    if row.last < now - FORGOTTEN_AFTER:
        row.failures, row.until = 0, None
    return row


def _name(session: Session, what: tuple[str, str]) -> str:
    return vault(session).prove(b"attempt", *(part.encode() for part in what)).hex()
