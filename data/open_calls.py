"""
Calls that are not complete yet: what was typed, kept until it is known what is missing.

All of it is sealed, for it may name anybody. The key of the form that it was typed into finds a
call again, so that the same form is never kept twice.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data.errors import NotKeptError
from data.journal import journal_of
from data.keys import vault
from data.names import digits_of, words_of
from data.people import Passenger
from data.tables import KeptOpenCall

SEALED = "open_calls"  # what the sealed text is about


@dataclass(frozen=True)
class OpenCall:
    """
    What was typed, by field; *version* counts how often it was kept.

    *filled* names the fields that nobody typed: what was known of somebody filled them.
    """

    number: int
    typed: Mapping[str, str]
    filled: tuple[str, ...]
    key: str
    version: int
    changed: dt.datetime


def keep(
    session: Session,
    region: str,
    typed: Mapping[str, str],
    *,
    filled: Sequence[str] = (),
    key: str,
    version: int,
    now: dt.datetime,
) -> OpenCall | None:
    """
    Keep what was typed into the form of *key*, which was read as *version*; 0 is a new form.

    ``None`` if somebody else has changed or finished the call meanwhile.
    """
    wanted = select(KeptOpenCall).filter_by(region=region, form=_form(key))
    row = session.scalar(wanted)
    if row is not None:
        before = _open(session, row)
        if (before.typed, before.filled) == (typed, tuple(filled)):
            return before
    if (row.version if row is not None else 0) != version:
        return None
    sealed = vault(session).seal_freshly(SEALED, json.dumps([key, dict(typed), list(filled)]))
    if row is None:
        row = KeptOpenCall(region=region, form=_form(key))
        session.add(row)
    row.sealed, row.version, row.changed = sealed, version + 1, now
    session.flush()
    return _open(session, row)


def read(session: Session, region: str, number: int) -> OpenCall:
    """
    Read one call.

    Raises
    ------
    NotKeptError
        If the region has none of this number, or no longer.
    """
    row = session.scalar(select(KeptOpenCall).filter_by(region=region, id=number))
    if row is None:
        msg = "Diesen offenen Anruf gibt es nicht mehr: Er ist gebucht oder verworfen."
        raise NotKeptError(msg)
    return _open(session, row)


def read_all(session: Session, region: str) -> list[OpenCall]:
    """Read every call of a region, the oldest first."""
    rows = session.scalars(select(KeptOpenCall).filter_by(region=region).order_by(KeptOpenCall.id))
    return [_open(session, row) for row in rows]


def count(session: Session, region: str) -> int:
    """Say how many calls are open; none of them is read."""
    every = select(func.count()).select_from(KeptOpenCall).filter_by(region=region)
    return session.scalar(every) or 0


def finish(session: Session, region: str, key: str) -> None:
    """Forget the call of a form, if it was kept: it is booked."""
    session.execute(delete(KeptOpenCall).filter_by(region=region, form=_form(key)))


def discard(session: Session, region: str, number: int) -> OpenCall | None:
    """Forget a call; returns what it was, ``None`` if there is none of this number any more."""
    row = session.scalar(select(KeptOpenCall).filter_by(region=region, id=number))
    call = None if row is None else _open(session, row)
    session.execute(delete(KeptOpenCall).filter_by(region=region, id=number))
    return call


def about(session: Session, region: str, who: Passenger) -> list[OpenCall]:
    """
    Find the calls that are surely of a passenger.

    All that was said of name and phone is theirs: the name in full, or a part of it on their phone.
    """
    return [call for call in read_all(session, region) if _is_of(call.typed, who)]


def perhaps(session: Session, region: str, who: Passenger) -> list[OpenCall]:
    """
    Find the calls that may be of a passenger, or of somebody else: a person has to look at them.

    The name in full is theirs and the phone is not, or the other way round.
    """
    return [
        call
        for call in read_all(session, region)
        if not _is_of(call.typed, who) and _may_be_of(call.typed, who)
    ]


def forget_of(session: Session, region: str, who: Passenger) -> None:
    """Forget the calls that are surely of a passenger."""
    for call in about(session, region, who):
        discard(session, region, call.number)


def forget_before(session: Session, region: str, day: dt.date) -> None:
    """Forget calls that nobody has touched since *day*."""
    first = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    old = delete(KeptOpenCall).where(KeptOpenCall.region == region, KeptOpenCall.changed < first)
    session.execute(old)


def _is_of(typed: Mapping[str, str], who: Passenger) -> bool:
    name, theirs = words_of(typed.get("name", "")), words_of(who.name)
    phone, their_phone = digits_of(typed.get("telefon", "")), digits_of(who.phone)
    if not name <= theirs or (phone and their_phone and phone != their_phone):
        return False
    return name == theirs or bool(phone and phone == their_phone)


def _may_be_of(typed: Mapping[str, str], who: Passenger) -> bool:
    phone = digits_of(typed.get("telefon", ""))
    same_phone = bool(phone) and phone == digits_of(who.phone)
    return same_phone or words_of(typed.get("name", "")) == words_of(who.name)


def _form(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _open(session: Session, row: KeptOpenCall) -> OpenCall:
    key, typed, filled = json.loads(vault(session).open_fresh(SEALED, row.sealed)[0])
    journal_of(session).read(KeptOpenCall.__tablename__, str(row.id), region=row.region)
    return OpenCall(row.id, typed, tuple(filled), key, row.version, row.changed)
