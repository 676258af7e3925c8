"""Accounts: who works here, what they may do where, and their passwords."""

import logging
import re
from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from api.doors import passwords
from api.doors.errors import AccountError, ForbiddenError, SignInError
from api.doors.roles import Caller, Role
from api.operations import signing_in
from api.operations.office import Office
from api.operations.signing_in import roles_of, spell
from data import accounts, attempts, sessions
from data.accounts import EVERYWHERE, Grants, StoredAccount
from data.errors import NotKeptError
from data.region_file import region_folders

log = logging.getLogger("fahrten")

# Whoever sits at the machine; there is no door that would stop them.
COMMAND: Final = Caller("command", {EVERYWHERE: frozenset(Role)})

# A mail address is a good name, and the one that an identity provider knows.
_NAME: Final = re.compile(r"[\w.@+-]{2,100}")


def add(
    office: Office,
    name: str,
    grants: Grants,
    *,
    password: str | None,
    must_change: bool,
    by: Caller = COMMAND,
) -> StoredAccount:
    """
    Make an account. Without a *password*, only an identity provider lets them in.

    Raises
    ------
    AccountError
        If the name is taken or none, or there is no such role or region, or the first account
        were no administrator of the whole installation.
    WeakPasswordError
        If the password would be guessed early.
    ForbiddenError
        If somebody gives roles away that are not theirs to give.
    """
    name = spell(name)
    if not _NAME.fullmatch(name):
        msg = "Ein Anmeldename hat 2 bis 100 Buchstaben, Ziffern oder Zeichen aus . _ - + @."
        raise AccountError(msg)
    refuse_grants(grants, by)
    if password is not None:
        passwords.refuse_weak(password, name=name)
    hashed = passwords.hashed(password) if password is not None else None
    with office.store.writing() as session:
        if accounts.find(session, name) is not None:
            msg = "Diesen Anmeldenamen gibt es schon."
            raise AccountError(msg)
        number = accounts.add(
            session,
            name,
            password=hashed,
            must_change=must_change,
            grants=grants,
            now=office.now(),
        )
        _refuse_without_administrator(session)
        made = accounts.get(session, number)
    log.info("made account %d", number)
    return made


def every(office: Office, *, by: Caller = COMMAND) -> list[StoredAccount]:
    """List the accounts that are *by*'s to look after."""
    with office.store.reading() as session:
        return [each for each in accounts.every(session) if _concerns(each, by)]


def one(office: Office, number: int, *, by: Caller = COMMAND) -> StoredAccount:
    """
    Give an account.

    Raises
    ------
    NotKeptError
        If there is none that is *by*'s to look after.
    """
    with office.store.reading() as session:
        return _seen(session, number, by)


def named(office: Office, name: str) -> StoredAccount:
    """
    Find an account by its name.

    Raises
    ------
    NotKeptError
        If there is none.
    """
    with office.store.reading() as session:
        found = accounts.find(session, spell(name))
    if found is None:
        msg = "Ein Konto mit diesem Namen gibt es nicht; `fahrten user list` zeigt alle."
        raise NotKeptError(msg)
    return found


def change_own_password(office: Office, account: int, *, old: str, new: str) -> str:
    """
    Let somebody choose another password.

    They are signed out everywhere; returns what their browser has to show from now on.

    Raises
    ------
    SignInError
        If the old one is not theirs.
    TooManyAttemptsError
        If that was so too often.
    WeakPasswordError
        If the new one would be guessed early, or is the old one.
    """
    with office.store.reading() as session:
        found = accounts.get(session, account)
        kept = accounts.password_of(session, account)
    tried = ("account", found.name)
    signing_in.limit_attempt(office, {tried: signing_in.BY_NAME})
    if not passwords.fits(old, kept)[0]:
        raise SignInError
    with office.store.writing() as session:
        attempts.forgive(session, tried, all_of_them=True)
    passwords.refuse_weak(new, name=found.name, old=old)
    hashed = passwords.hashed(new)
    with office.store.writing() as session:
        accounts.set_password(session, account, hashed, must_change=False, now=office.now())
        sessions.end_all(session, account)
        secret = signing_in.begin(office, session, found)
    log.info("account %d has another password", account)
    return secret


def set_password(
    office: Office, number: int, password: str, *, must_change: bool, by: Caller = COMMAND
) -> None:
    """Give somebody another password; they are signed out everywhere. Raises as `add` does."""
    with office.store.reading() as session:
        found = _in_charge(session, number, by)
    passwords.refuse_weak(password, name=found.name)
    hashed = passwords.hashed(password)
    with office.store.writing() as session:
        _in_charge(session, number, by)
        accounts.set_password(session, number, hashed, must_change=must_change, now=office.now())
        sessions.end_all(session, number)
    log.info("account %d was given another password", number)


def set_grants(office: Office, number: int, grants: Grants, *, by: Caller = COMMAND) -> None:
    """
    Replace the roles of an account in the regions that are *by*'s; others stay as they are.

    Raises as `add` does.
    """
    refuse_grants(grants, by)
    with office.store.writing() as session:
        _replace_grants(session, number, grants, by)
        _refuse_without_administrator(session)
    log.info("account %d has other roles", number)


def change(
    office: Office, number: int, grants: Grants, *, active: bool, by: Caller = COMMAND
) -> StoredAccount:
    """Replace the roles, as `set_grants` does, and open or close the account; both or neither."""
    refuse_grants(grants, by)
    with office.store.writing() as session:
        if _seen(session, number, by).active != active:
            _open_or_close(session, number, active=active, by=by)
        _replace_grants(session, number, grants, by)
        _refuse_without_administrator(session)
        changed = accounts.get(session, number)
    log.info("account %d was changed", number)
    return changed


def set_active(office: Office, number: int, *, active: bool, by: Caller = COMMAND) -> None:
    """Close an account, or open it again; whoever is signed in with it no longer is."""
    with office.store.writing() as session:
        _open_or_close(session, number, active=active, by=by)
        _refuse_without_administrator(session)
    log.info("account %d is %s", number, "open" if active else "closed")


def remove(office: Office, number: int, *, by: Caller = COMMAND) -> None:
    """Take an account away; the audit goes on calling it by its number, which nobody else gets."""
    with office.store.writing() as session:
        _in_charge(session, number, by)
        sessions.end_all(session, number)
        accounts.remove(session, number)
        _refuse_without_administrator(session)
    log.info("removed account %d", number)


def _replace_grants(session: Session, number: int, grants: Grants, by: Caller) -> None:
    before = _seen(session, number, by).grants
    others = {where: roles for where, roles in before.items() if not governs(by, where)}
    accounts.set_grants(session, number, {**others, **grants})


def _open_or_close(session: Session, number: int, *, active: bool, by: Caller) -> None:
    _in_charge(session, number, by)
    accounts.set_active(session, number, active=active)
    if not active:
        sessions.end_all(session, number)


def refuse_grants(grants: Grants, by: Caller) -> None:
    """
    Refuse roles and regions that there are not, or that are not *by*'s to give.

    Raises
    ------
    AccountError
        If there is no such role or region.
    ForbiddenError
        If *by* does not administer the region.
    """
    known = region_folders()
    for where, roles in grants.items():
        for role in sorted(set(roles) - set(Role)):
            msg = f"Eine Rolle „{role}“ gibt es nicht. Es gibt: {', '.join(Role)}."
            raise AccountError(msg)
        if where != EVERYWHERE and (where not in known or not by.roles_in(where)):
            msg = f"Eine Region „{where}“ gibt es nicht."
            raise AccountError(msg)
        if where == EVERYWHERE and set(roles) - {Role.ADMINISTRATOR}:
            msg = "Für alle Regionen gibt es nur die Rolle administrator."
            raise AccountError(msg)
        if not governs(by, where):
            raise ForbiddenError


def governs(by: Caller, where: str) -> bool:
    """Whether somebody administers a region, or with `EVERYWHERE` the whole installation."""
    if where == EVERYWHERE:
        return Role.ADMINISTRATOR in by.everywhere
    return Role.ADMINISTRATOR in by.roles_in(where)


def _concerns(account: StoredAccount, by: Caller) -> bool:
    return Role.ADMINISTRATOR in by.everywhere or any(
        governs(by, where) for where in account.grants
    )


def _seen(session: Session, number: int, by: Caller) -> StoredAccount:
    found = accounts.get(session, number)
    if not _concerns(found, by):
        msg = f"Ein Konto mit der Nummer {number} gibt es nicht."
        raise NotKeptError(msg)
    return found


def _in_charge(session: Session, number: int, by: Caller) -> StoredAccount:
    """Give an account to whoever may do anything with it: all of its roles are theirs to give."""
    found = _seen(session, number, by)
    if not all(governs(by, where) for where in found.grants):
        raise ForbiddenError
    return found


def _refuse_without_administrator(session: Session) -> None:
    for each in accounts.every(session):
        if each.active and Role.ADMINISTRATOR in roles_of(each.grants).get(EVERYWHERE, ()):
            return
    msg = (
        "Jemand muss die ganze Installation verwalten können: Es bliebe kein offenes Konto mit "
        "der Rolle administrator@*."
    )
    raise AccountError(msg)


def regions_of(caller: Caller) -> Mapping[str, frozenset[Role]]:
    """List the regions that somebody may choose from, with what they are there."""
    names = region_folders() if caller.everywhere else caller.regions
    return {name: caller.roles_in(name) for name in names}
