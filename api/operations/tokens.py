"""Tokens of machines: a practice's program, the health platform, a script."""

import logging
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from api.doors.errors import AccountError
from api.doors.roles import Caller, Role
from api.operations.accounts import COMMAND, governs, refuse_grants
from api.operations.office import Office
from api.operations.signing_in import roles_of
from data import tokens
from data.errors import NotKeptError
from data.tokens import StoredToken

log = logging.getLogger("fahrten")

LONGEST_DAYS: Final = 730
# Whoever finds one somewhere, or a program that looks for such, knows whose it is.
_MARK: Final = "fahrten_"
_LONGEST_NAME: Final = 100
_USED_ANEW: Final = timedelta(minutes=5)  # more often it is not written down


def add(
    office: Office,
    name: str,
    region: str,
    roles: Collection[str],
    *,
    days: int,
    by: Caller = COMMAND,
) -> tuple[StoredToken, str]:
    """
    Make a token; returns it and its secret, which nobody can be told again.

    Raises
    ------
    AccountError
        If it has no name, no role, no region, or would hold too long.
    ForbiddenError
        If the roles are not *by*'s to give.
    """
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        msg = f"Ein Token braucht einen Namen mit höchstens {_LONGEST_NAME} Zeichen."
        raise AccountError(msg)
    if not roles:
        msg = "Ein Token braucht mindestens eine Rolle."
        raise AccountError(msg)
    if not 0 < days <= LONGEST_DAYS:
        msg = f"Ein Token gilt mindestens einen Tag und höchstens {LONGEST_DAYS} Tage."
        raise AccountError(msg)
    if not region:
        msg = "Ein Token gilt in einer Region."
        raise AccountError(msg)
    refuse_grants({region: frozenset(roles)}, by)
    secret, now = _MARK + secrets.token_urlsafe(32), office.now()
    with office.store.writing() as session:
        made = tokens.add(
            session,
            secret,
            name=name,
            region=region,
            roles=roles,
            made_by=by.actor,
            now=now,
            expires=now + timedelta(days=days),
        )
    log.info("made token %d", made.number)
    return made, secret


def every(office: Office, *, by: Caller = COMMAND) -> list[StoredToken]:
    """List the tokens of the regions that *by* administers, the newest first."""
    with office.store.reading() as session:
        return [each for each in tokens.every(session) if governs(by, each.region)]


def remove(office: Office, number: int, *, by: Caller = COMMAND) -> None:
    """
    End a token: from now on it opens nothing.

    Raises
    ------
    NotKeptError
        If there is none in a region that *by* administers.
    """
    with office.store.writing() as session:
        if not governs(by, tokens.get(session, number).region):
            msg = f"Ein Token mit der Nummer {number} gibt es nicht."
            raise NotKeptError(msg)
        tokens.remove(session, number)
    log.info("removed token %d", number)


def recognise(office: Office, secret: str) -> Caller | None:
    """Say who shows this; ``None`` if it is no token, or one that has expired."""
    now = office.now()
    with office.store.reading() as session:
        found = tokens.find(session, secret)
    if found is None or found.expires <= now:
        return None
    if found.used is None or now - found.used >= _USED_ANEW:
        with office.store.writing() as session:
            tokens.use(session, found.number, now=now)
    grants: dict[str, frozenset[Role]] = dict(roles_of({found.region: found.roles}))
    return Caller(f"token:{found.number}", grants)
