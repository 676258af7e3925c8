"""
Who is signed in: by an account, or for one shift of one day by a link.

Of what a browser shows, only a digest is kept: whoever reads the database cannot sign in with it.
When somebody was last seen is written below the ORM, and so not into the audit: it would have a
row for nothing but that.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from data.accounts import StoredAccount, stored
from data.door_tables import SignedIn
from data.journal import APART
from data.table_base import Table

_TABLE = Table.metadata.tables[SignedIn.__tablename__]


@dataclass(frozen=True)
class LinkOf:
    """What a link opens, and what proves it (`data.links`)."""

    region: str
    day: dt.date
    shift: str
    proof: bytes


@dataclass(frozen=True)
class StoredSession:
    """Somebody who is signed in; *region* is what they chose to work on, if they did."""

    number: int
    account: StoredAccount | None
    link: LinkOf | None
    region: str
    created: dt.datetime
    seen: dt.datetime
    ends: dt.datetime


def digest(secret: str) -> bytes:
    """What is kept of a secret that is random and long: no salt, nor slowness, would help it."""
    return hashlib.sha256(secret.encode()).digest()


def begin(
    session: Session, secret: str, *, who: int | LinkOf, now: dt.datetime, ends: dt.datetime
) -> int:
    """Let an account, by its number, or a driver by a link be signed in; returns a number."""
    link = who if isinstance(who, LinkOf) else None
    row = SignedIn(
        digest=digest(secret),
        account_id=None if isinstance(who, LinkOf) else who,
        region=link.region if link else "",
        day=link and link.day,
        shift=link and link.shift,
        proof=link and link.proof,
        created=now,
        seen=now,
        ends=ends,
    )
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, secret: str) -> StoredSession | None:
    """Find who shows this, also when it has ended by itself; ``None`` if nobody ever did."""
    row = session.scalar(select(SignedIn).filter_by(digest=digest(secret)))
    return _stored(row) if row is not None else None


def of_account(session: Session, account: int) -> list[StoredSession]:
    """List where somebody is signed in, the newest first."""
    rows = select(SignedIn).filter_by(account_id=account).order_by(SignedIn.id.desc())
    return [_stored(row) for row in session.scalars(rows)]


def see(session: Session, number: int, *, now: dt.datetime) -> None:
    """Note that somebody is still there."""
    seen = update(_TABLE).where(_TABLE.c.id == number).values(seen=now)
    session.connection().execute(seen.execution_options(**{APART: True}))


def choose_region(session: Session, number: int, region: str) -> None:
    """Note what somebody wants to work on."""
    chosen = update(_TABLE).where(_TABLE.c.id == number).values(region=region)
    session.connection().execute(chosen.execution_options(**{APART: True}))


def end(session: Session, number: int) -> None:
    """Let somebody be signed in no longer."""
    session.execute(delete(SignedIn).where(SignedIn.id == number))


def end_all(session: Session, account: int, *, but: int | None = None) -> int:
    """End everything that an account has begun, *but* one; returns how many."""
    ended = delete(SignedIn).where(SignedIn.account_id == account)
    if but is not None:
        ended = ended.where(SignedIn.id != but)
    result = session.connection().execute(
        select(_TABLE.c.id).where(_TABLE.c.account_id == account, _TABLE.c.id != (but or 0))
    )
    count = len(result.all())
    session.execute(ended)
    return count


def forget_ended(session: Session, *, now: dt.datetime, idle: dt.timedelta) -> int:
    """Remove what has ended by itself; that nobody does, and the audit has nothing of it."""
    old = delete(_TABLE).where(
        or_(_TABLE.c.ends <= now, (_TABLE.c.day.is_(None)) & (_TABLE.c.seen <= now - idle))
    )
    return session.connection().execute(old.execution_options(**{APART: True})).rowcount


def _stored(row: SignedIn) -> StoredSession:
    link = None
    if row.day is not None and row.shift is not None:
        link = LinkOf(row.region, row.day, row.shift, row.proof or b"")
    return StoredSession(
        number=row.id,
        account=stored(row.account) if row.account is not None else None,
        link=link,
        region=row.region,
        created=row.created,
        seen=row.seen,
        ends=row.ends,
    )
