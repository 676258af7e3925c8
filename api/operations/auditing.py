"""Who read and changed what: shown to whoever must answer for it, and verified."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from pathlib import Path

from api.operations.office import Office
from data import audit, audit_chain
from data.audit import Head, Written
from data.audit_chain import Fault, Verified, Wrong
from data.errors import DataError
from data.region import Region

# As `audit head` prints it and the log of each night has it: number and hash, or the hash alone.
_HEAD = re.compile(r"(?:\b([0-9]{1,18}) )?\b([0-9a-f]{64})\b")


class NotedError(DataError):
    """In what was to be compared, no head stands."""


def show(
    office: Office,
    region: Region,
    *,
    names: Collection[str] = (),
    since: date | None = None,
    before: int | None = None,
    most: int,
    installation: bool = False,
) -> list[Written]:
    """
    Show rows of a region, the newest first.

    Parameters
    ----------
    names
        Only rows that touched one of these, such as "p12" or "r17".
    before
        Only rows of lower numbers.
    installation
        Also rows that belong to no region: a new key, the forgetting of the audit itself.
    """
    moment = None
    if since is not None:
        moment = datetime.combine(since, time(), tzinfo=office.zone(region)).astimezone(UTC)
    regions = [region.name, ""] if installation else [region.name]
    with office.store.reading() as session:
        return audit.rows(
            session, regions=regions, names=names, since=moment, before=before, most=most
        )


def head(office: Office) -> Head:
    """Give the newest row, to be noted elsewhere."""
    with office.store.reading() as session:
        return audit.head(session)


def noted_heads(office: Office) -> list[Head]:
    """
    Give what is noted beside the database; the audit has to reach as far.

    It is to be asked before the audit is read, or that may be older.
    """
    found = office.settings.noted_head.read()
    return [found] if found is not None else []


def verify(office: Office, noted: str | None = None) -> Verified:
    """
    Look at the whole chain, and whether it reaches as far as is noted beside the database.

    *noted* is another head that was noted elsewhere, or the name of a file with any number of them,
    such as the log of the service.

    Raises
    ------
    NotedError
        If no head stands there.
    """
    asked = _heads(noted) if noted is not None else []
    heads, unknown = noted_heads(office), 0
    with office.store.reading() as session:
        for number, digest in asked:
            if number is not None:
                heads.append(Head(number, digest))
            elif (found := audit_chain.find(session, digest)) is not None:
                heads.append(found)
            else:
                unknown += 1
        verified = audit_chain.verify(session, noted=heads)
    if unknown and verified.fault is None:
        missing = Fault(verified.head.number + 1, Wrong.MISSING)
        return Verified(verified.rows, verified.head, verified.older, missing)
    return verified


def _heads(noted: str) -> list[tuple[int | None, bytes]]:
    text = noted
    try:
        if Path(noted).is_file():
            text = Path(noted).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        msg = f"„{noted}“ kann nicht gelesen werden."
        raise NotedError(msg) from error
    found = [
        (int(match[1]) if match[1] else None, bytes.fromhex(match[2]))
        for match in _HEAD.finditer(text)
    ]
    if not found:
        msg = (
            f"In „{noted}“ steht kein Kopf des Prüfprotokolls. Richtig wäre, was `fahrten audit "
            "head` ausgibt, oder eine Datei damit."
        )
        raise NotedError(msg)
    return found
