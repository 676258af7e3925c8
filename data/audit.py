"""
The audit: who read and changed what of whom, one row for each transaction.

Each row has the hash of the one before, and is proven with the key of the installation, which is
not in the database: whoever can write the database only cannot write a row that `verify`
(`data.audit_chain`) takes for ours, nor change or take away one that others follow.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, or_, select
from sqlalchemy.orm import Session

from data.keys import Vault
from data.tables import AuditAnchor, AuditRow, Table

GENESIS: Final = bytes(32)  # comes before the first row


# Written for each read, so below the ORM, which would cost more than the disk.
_AUDIT: Final = Table.metadata.tables[AuditRow.__tablename__]
_ANCHOR: Final = Table.metadata.tables[AuditAnchor.__tablename__]


@dataclass(frozen=True)
class Entry:
    """What is to be written down; *touched* is as `data.journal.Journal.touched` writes it."""

    at: dt.datetime
    region: str
    actor: str
    action: str
    touched: str
    request_id: str


@dataclass(frozen=True)
class Head:
    """The newest row: whoever notes it elsewhere sees later whether it was cut off."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number} {self.hash.hex()}"


@dataclass(frozen=True)
class Written:
    """A row of the audit, to be read by people."""

    number: int
    at: dt.datetime
    region: str
    actor: str
    action: str
    touched: dict[str, Any]
    request_id: str
    hash: bytes


def append(
    connection: Connection, keys: Vault, entries: Sequence[Entry], *, last: Head | None = None
) -> Head:
    """
    Add a row for each of *entries*, proven with *keys*; *connection* has the write lock.

    *last* is the newest one so far, if somebody has looked; returns the one that is it now.
    """
    last = last or head(connection)
    rows = []
    for entry in entries:
        number, previous = last.number + 1, last.hash
        digest = digest_of(number, entry, keys.name, previous)
        rows.append(
            {
                "id": number,
                "at": entry.at,
                "region": entry.region,
                "actor": entry.actor,
                "action": entry.action,
                "touched": entry.touched,
                "request_id": entry.request_id,
                "previous": previous,
                "hash": digest,
                "key": keys.name,
                "mac": keys.prove(b"row", digest),
            }
        )
        last = Head(number, digest)
    connection.execute(insert(_AUDIT), rows)
    return last


def head(connection: Connection | Session) -> Head:
    """Find the newest row, the anchor if there is none, or what comes before the first."""
    newest = select(_AUDIT.c.id, _AUDIT.c.hash).order_by(_AUDIT.c.id.desc()).limit(1)
    anchor = select(_ANCHOR.c.number, _ANCHOR.c.hash)
    found = connection.execute(newest).one_or_none() or connection.execute(anchor).one_or_none()
    return Head(*found) if found is not None else Head(0, GENESIS)


def has(connection: Connection, noted: Head) -> bool:
    """Whether a row that was noted is there still, or was removed for its age."""
    anchor = connection.scalar(select(_ANCHOR.c.number))
    if anchor is not None and noted.number < anchor:
        return True
    found = connection.scalar(select(_AUDIT.c.hash).where(_AUDIT.c.id == noted.number))
    if found is None:
        found = connection.scalar(select(_ANCHOR.c.hash).where(_ANCHOR.c.number == noted.number))
    return noted == Head(0, GENESIS) or found == noted.hash


def digest_of(number: int, entry: Entry, key: str, previous: bytes) -> bytes:
    """The hash of a row: over all that stands in it, in one form only."""
    parts = [
        number,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.region,
        entry.actor,
        entry.action,
        entry.touched,
        entry.request_id,
        key,
        previous.hex(),
    ]
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).digest()


def rows(
    session: Session,
    *,
    regions: Collection[str],
    names: Collection[str] = (),
    since: dt.datetime | None = None,
    before: int | None = None,
    most: int,
) -> list[Written]:
    """
    Read rows, the newest first.

    Parameters
    ----------
    names
        Only rows that touched one of these, such as "p12" or "r17".
    before
        Only rows of lower numbers, to turn pages.
    """
    wanted = select(AuditRow).where(AuditRow.region.in_(regions)).order_by(AuditRow.id.desc())
    if names:
        # A name stands between quotation marks, so that "p1" is not found in "p12".
        quoted = (AuditRow.touched.contains(f'"{name}"', autoescape=True) for name in names)
        wanted = wanted.where(or_(*quoted))
    if since is not None:
        wanted = wanted.where(AuditRow.at >= since)
    if before is not None:
        wanted = wanted.where(AuditRow.id < before)
    return [
        Written(
            number=row.id,
            at=row.at,
            region=row.region,
            actor=row.actor,
            action=row.action,
            touched=json.loads(row.touched),
            request_id=row.request_id,
            hash=row.hash,
        )
        for row in session.scalars(wanted.limit(most))
    ]


def readings_of(session: Session, region: str, person: str, *, most: int) -> list[Written]:
    """Who opened a passenger's data: the newest *most* rows, the newest first."""
    found: list[Written] = []
    before = None
    while len(found) < most:
        page = rows(session, regions=[region], names=[person], before=before, most=most)
        found += [row for row in page if person in row.touched.get("read", {}).get("people", ())]
        if len(page) < most:
            break
        before = page[-1].number
    return found[:most]
