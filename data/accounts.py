"""Accounts in the database: who works with the program, and what they may do where."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.door_tables import Account, Membership
from data.errors import NotKeptError

EVERYWHERE: Final = ""  # in the place of a region: all of them

Grants = Mapping[str, frozenset[str]]  # roles by region


@dataclass(frozen=True)
class StoredAccount:
    """An account without its password; *has_password* says whether there is one."""

    number: int
    name: str
    active: bool
    must_change: bool
    has_password: bool
    subject: str | None
    created: dt.datetime
    changed: dt.datetime
    grants: Grants


def any_account(session: Session) -> bool:
    """Whether there is any account at all, active or not."""
    return session.scalar(select(Account.id).limit(1)) is not None


def add(
    session: Session,
    name: str,
    *,
    password: str | None,
    must_change: bool,
    grants: Grants,
    now: dt.datetime,
) -> int:
    """Keep a new account; *password* is a hash. Returns its number."""
    account = Account(
        name=name,
        password=password,
        active=True,
        must_change=must_change,
        created=now,
        changed=now,
    )
    _set_grants(account, grants)
    session.add(account)
    session.flush()
    return account.id


def find(session: Session, name: str) -> StoredAccount | None:
    """Find an account by its name; ``None`` if there is none."""
    account = session.scalar(select(Account).filter_by(name=name))
    return stored(account) if account is not None else None


def find_subject(session: Session, subject: str) -> StoredAccount | None:
    """Find the account that an identity provider calls so; ``None`` if there is none."""
    account = session.scalar(select(Account).filter_by(subject=subject))
    return stored(account) if account is not None else None


def get(session: Session, number: int) -> StoredAccount:
    """
    Give the account of a number.

    Raises
    ------
    NotKeptError
        If there is none.
    """
    return stored(_get(session, number))


def every(session: Session) -> list[StoredAccount]:
    """List all accounts by name."""
    return [stored(each) for each in session.scalars(select(Account).order_by(Account.name))]


def password_of(session: Session, number: int) -> str | None:
    """Give the hash of a password; ``None`` if there is no password."""
    return _get(session, number).password


def set_password(
    session: Session, number: int, hashed: str, *, must_change: bool, now: dt.datetime
) -> None:
    """Replace the password."""
    account = _get(session, number)
    account.password, account.must_change, account.changed = hashed, must_change, now


def rehash(session: Session, number: int, hashed: str) -> None:
    """Keep the same password in a stronger form."""
    _get(session, number).password = hashed


def set_grants(session: Session, number: int, grants: Grants) -> None:
    """Replace all roles."""
    _set_grants(_get(session, number), grants)


def set_active(session: Session, number: int, *, active: bool) -> None:
    """Let somebody in again, or keep them out."""
    _get(session, number).active = active


def set_subject(session: Session, number: int, subject: str) -> None:
    """Note how an identity provider calls this account."""
    _get(session, number).subject = subject


def remove(session: Session, number: int) -> None:
    """Take an account away, and all that it may do; its number is never given again."""
    session.delete(_get(session, number))


def stored(account: Account) -> StoredAccount:
    """Read a row."""
    grants: dict[str, set[str]] = {}
    for each in account.memberships:
        grants.setdefault(each.region, set()).add(each.role)
    return StoredAccount(
        number=account.id,
        name=account.name,
        active=account.active,
        must_change=account.must_change,
        has_password=account.password is not None,
        subject=account.subject,
        created=account.created,
        changed=account.changed,
        grants={region: frozenset(roles) for region, roles in sorted(grants.items())},
    )


def _set_grants(account: Account, grants: Grants) -> None:
    wanted = set(_pairs(grants))
    for each in list(account.memberships):
        if (each.region, each.role) in wanted:
            wanted.remove((each.region, each.role))
        else:
            account.memberships.remove(each)
    account.memberships += [Membership(region=region, role=role) for region, role in sorted(wanted)]


def _pairs(grants: Grants) -> Iterable[tuple[str, str]]:
    return ((region, role) for region, roles in grants.items() for role in roles)


def _get(session: Session, number: int) -> Account:
    account = session.get(Account, number)
    if account is None:
        msg = f"Ein Konto mit der Nummer {number} gibt es nicht."
        raise NotKeptError(msg)
    return account
