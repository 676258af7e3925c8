"""
Whether the audit is as it was written, and what of it is old enough to go.

The chain of hashes shows that a row was changed, put in, left out or moved; the proofs, made with
a key that is not in the database, that nobody has made the chain anew. That the newest rows were
cut off, nobody can see who looks at the rest: for that, a head has to be noted elsewhere.
"""

import datetime as dt
import hmac
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session

from data.audit import GENESIS, Entry, Head, digest_of, head
from data.errors import DataError
from data.journal import journal_of
from data.keys import KEYS, Keys, Vault, vault
from data.tables import AuditAnchor, AuditRow, Sealing, Table

_AT_ONCE = 1000  # rows
_AUDIT = Table.metadata.tables[AuditRow.__tablename__]


class AuditFaultError(DataError):
    """The audit is not as it was written; the message says from which row on."""

    def __init__(self, fault: "Fault") -> None:
        super().__init__(f"Prüfprotokoll, Zeile {fault.number}: {_GERMAN[fault.wrong]}")


class Wrong(StrEnum):
    """What is wrong with a row."""

    MISSING = "missing"  # there is none of this number
    CHANGED = "changed"  # it does not fit its hash, or does not follow the one before
    FORGED = "forged"  # it was not written by whoever has the key
    OTHER = "other"  # another one was noted under this number


_GERMAN = {
    Wrong.MISSING: "Sie fehlt; sie wurde gelöscht, oder das Ende wurde abgeschnitten.",
    Wrong.CHANGED: "Sie wurde verändert, oder eine davor.",
    Wrong.FORGED: "Sie wurde nicht von diesem Programm mit diesem Schlüssel geschrieben.",
    Wrong.OTHER: "Früher stand hier eine andere; das Protokoll wurde ersetzt.",
}


@dataclass(frozen=True)
class Fault:
    """The number of the first row that is wrong, and what is wrong with it."""

    number: int
    wrong: Wrong


@dataclass(frozen=True)
class Verified:
    """
    What was looked at: so many *rows*, the newest of them *head*.

    *older* of the noted heads are of rows that were removed for their age. *fault* is ``None`` if
    everything is as it was written.
    """

    rows: int
    head: Head
    older: int
    fault: Fault | None

    def raise_if_wrong(self) -> None:
        """Raise `AuditFaultError` if something is."""
        if self.fault is not None:
            raise AuditFaultError(self.fault)


def verify(session: Session, *, noted: Iterable[Head] = ()) -> Verified:
    """
    Look at every row, and compare with heads that were *noted* elsewhere.

    What is vouched for by keys that were forgotten is so by the rows that follow, too.

    Raises
    ------
    data.keys.KeyFaultError
        If there is no key.
    """
    chain = _Chain(session)
    fault = chain.start()
    expected = {each.number: each.hash for each in noted}
    begin = chain.last
    older = sum(number < begin.number for number in expected)
    if fault is None and expected.get(begin.number, begin.hash) != begin.hash:
        fault = Fault(begin.number, Wrong.OTHER)
    count = 0
    with closing(_every(session)) as rows:
        for row in rows if fault is None else ():
            fault = chain.follow(row)
            if fault is None and expected.get(row.id, row.hash) != row.hash:
                fault = Fault(row.id, Wrong.OTHER)
            if fault is not None:
                break
            count += 1
    fault = fault or chain.end()
    if fault is None and max(expected, default=0) > chain.last.number:
        fault = Fault(chain.last.number + 1, Wrong.MISSING)
    return Verified(count, chain.last, older, fault)


def find(session: Session, digest: bytes) -> Head | None:
    """Find the row of a hash; ``None`` if there is none, or none any more."""
    number = session.scalar(select(AuditRow.id).filter_by(hash=digest))
    if number is not None:
        return Head(number, digest)
    anchor = session.get(AuditAnchor, 1)
    return Head(anchor.number, digest) if anchor and anchor.hash == digest else None


def forget_before(session: Session, moment: dt.datetime) -> int:
    """
    Remove rows of before *moment* from the beginning; returns how many.

    The newest row stays in any case. What is gone is noted in the row of this transaction.
    """
    newest = head(session).number
    young = session.scalar(select(func.min(AuditRow.id)).where(AuditRow.at >= moment))
    last = min(young or newest, newest) - 1
    old = session.get(AuditRow, last) if last > 0 else None
    if old is None:
        return 0
    count = session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.id <= last))
    _set_anchor(session, vault(session), Head(last, old.hash))
    session.expunge(old)
    session.execute(delete(AuditRow).where(AuditRow.id <= last))
    journal_of(session).deleted("audit", f"1-{last}")
    return count or 0


def reseal_anchor(session: Session, old: Vault, new: Vault) -> None:
    """Prove the anchor with another key, unless somebody has forged it: that stays to be seen."""
    anchor = session.get(AuditAnchor, 1)
    if anchor is not None and _is_proven(anchor, {old.name: old}):
        _set_anchor(session, new, Head(anchor.number, anchor.hash))


class _Chain:
    """The rows that were looked at so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.last = Head(0, GENESIS)
        self._vaults: dict[str, Vault] = {}
        self._rank: dict[str, int] = {}
        self._newest_used: int | None = None
        self._unproven: int | None = None

    def start(self) -> Fault | None:
        """Begin with the anchor, if there is one."""
        anchor = self._session.get(AuditAnchor, 1, populate_existing=True)
        used = self._session.scalar(select(Sealing.key))
        if used is None and anchor is None:
            return None  # nothing has been written yet, and no key is needed
        keys: Keys | None = self._session.info.get(KEYS)
        vaults = keys.known() if keys is not None else []
        self._vaults = {each.name: each for each in vaults}
        self._rank = {each.name: rank for rank, each in enumerate(vaults)}
        if anchor is not None:
            if not _is_proven(anchor, self._vaults):
                return Fault(anchor.number, Wrong.FORGED)
            self.last = Head(anchor.number, anchor.hash)
        return None

    def follow(self, row: Row[Any]) -> Fault | None:
        """Look at the next row."""
        number = self.last.number + 1
        if row.id != number:
            return Fault(number, Wrong.MISSING)
        entry = Entry(row.at, row.region, row.actor, row.action, row.touched, row.request_id)
        digest = digest_of(row.id, entry, row.key, row.previous)
        if row.previous != self.last.hash or row.hash != digest:
            return Fault(number, Wrong.CHANGED)
        self.last = Head(number, digest)
        vault = self._vaults.get(row.key)
        if vault is None:
            # Of a key that was forgotten: a later row has to vouch for it.
            self._unproven = self._unproven or number
            return Fault(number, Wrong.FORGED) if self._newest_used is not None else None
        rank = self._rank[row.key]
        outdated = self._newest_used is not None and rank > self._newest_used
        if outdated or not hmac.compare_digest(vault.prove(b"row", digest), row.mac):
            return Fault(number, Wrong.FORGED)
        self._newest_used, self._unproven = rank, None
        return None

    def end(self) -> Fault | None:
        """Say whether the last row was written with the key of the database."""
        if self._unproven is not None:
            return Fault(self._unproven, Wrong.FORGED)
        used = self._session.scalar(select(Sealing.key))
        if self._newest_used is not None and self._rank.get(used or "") != self._newest_used:
            return Fault(self.last.number, Wrong.FORGED)
        return None


def _every(session: Session) -> Generator[Row[Any]]:
    """All rows, below the ORM: a million of them are looked at each night."""
    wanted = select(_AUDIT).order_by(_AUDIT.c.id).execution_options(yield_per=_AT_ONCE)
    with session.execute(wanted) as found:
        yield from found


def _set_anchor(session: Session, keys: Vault, last: Head) -> None:
    anchor = session.get(AuditAnchor, 1) or AuditAnchor(id=1)
    anchor.number, anchor.hash, anchor.key = last.number, last.hash, keys.name
    anchor.mac = keys.prove(b"anchor", str(last.number).encode(), last.hash)
    session.add(anchor)
    session.flush()


def _is_proven(anchor: AuditAnchor, vaults: Mapping[str, Vault]) -> bool:
    keys = vaults.get(anchor.key)
    if keys is None:
        return False
    proof = keys.prove(b"anchor", str(anchor.number).encode(), anchor.hash)
    return hmac.compare_digest(proof, anchor.mac)
