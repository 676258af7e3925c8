"""
Tokens of machines: what they show instead of a password, and what they may do with it.

As with sessions, only a digest is kept, and that a token was used stands in no audit: what it was
used for does.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.door_tables import ApiToken
from data.errors import NotKeptError
from data.journal import APART
from data.sessions import digest
from data.table_base import Table

_TABLE = Table.metadata.tables[ApiToken.__tablename__]


@dataclass(frozen=True)
class StoredToken:
    """A token without its secret; *made_by* is as the audit calls whoever made it."""

    number: int
    name: str
    region: str
    roles: frozenset[str]
    made_by: str
    created: dt.datetime
    expires: dt.datetime
    used: dt.datetime | None


def add(
    session: Session,
    secret: str,
    *,
    name: str,
    region: str,
    roles: Collection[str],
    made_by: str,
    now: dt.datetime,
    expires: dt.datetime,
) -> StoredToken:
    """Keep a new token."""
    row = ApiToken(
        name=name,
        digest=digest(secret),
        region=region,
        scope=" ".join(sorted(roles)),
        made_by=made_by,
        created=now,
        expires=expires,
    )
    session.add(row)
    session.flush()
    return _stored(row)


def find(session: Session, secret: str) -> StoredToken | None:
    """Find the token with this secret, also an expired one; ``None`` if there is none."""
    row = session.scalar(select(ApiToken).filter_by(digest=digest(secret)))
    return _stored(row) if row is not None else None


def get(session: Session, number: int) -> StoredToken:
    """
    Give the token of a number.

    Raises
    ------
    NotKeptError
        If there is none.
    """
    return _stored(_get(session, number))


def every(session: Session) -> list[StoredToken]:
    """List all tokens, the newest first."""
    return [_stored(row) for row in session.scalars(select(ApiToken).order_by(ApiToken.id.desc()))]


def use(session: Session, number: int, *, now: dt.datetime) -> None:
    """Note that a token was used."""
    used = update(_TABLE).where(_TABLE.c.id == number).values(used=now)
    session.connection().execute(used.execution_options(**{APART: True}))


def remove(session: Session, number: int) -> None:
    """Take a token away; its number is never given again."""
    session.delete(_get(session, number))


def _get(session: Session, number: int) -> ApiToken:
    row = session.get(ApiToken, number)
    if row is None:
        msg = f"Ein Token mit der Nummer {number} gibt es nicht."
        raise NotKeptError(msg)
    return row


def _stored(row: ApiToken) -> StoredToken:
    return StoredToken(
        number=row.id,
        name=row.name,
        region=row.region,
        roles=frozenset(row.scope.split()),
        made_by=row.made_by,
        created=row.created,
        expires=row.expires,
        used=row.used,
    )
