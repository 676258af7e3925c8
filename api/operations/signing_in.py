"""Signing in and out, and finding out who calls."""

import ipaddress
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from api.doors import passwords
from api.doors.errors import SignInError, TooManyAttemptsError
from api.doors.oidc import Identity
from api.doors.roles import Caller, Role
from api.doors.visit import Visit
from api.operations.office import Office
from data import accounts, attempts, links, sessions
from data.accounts import Grants, StoredAccount
from data.acting import Deed, acting, current_deed
from data.attempts import Limit
from data.journal import journal_of
from data.sessions import StoredSession

log = logging.getLogger("fahrten")

# Estimates: five times mistyped costs nothing, a million guesses take thirty years.
BY_NAME: Final = Limit(free=5, first=timedelta(seconds=30), most=timedelta(minutes=15))
# An office has one address for all who work there.
BY_CLIENT: Final = Limit(free=20, first=timedelta(minutes=1), most=timedelta(hours=1))

_SEEN_ANEW: Final = timedelta(minutes=1)  # more often it is not written down


def sign_in(
    office: Office, name: str, password: str, visit: Visit, *, before: str | None = None
) -> tuple[str, StoredAccount]:
    """
    Let somebody in; returns what their browser has to show from now on.

    Whether the name or the password is wrong, neither the answer nor its time tells. What the
    browser has shown *before* is nothing any more.

    Raises
    ------
    SignInError
        If they do not belong together, or the account is closed.
    TooManyAttemptsError
        If that happened too often, for this name or from this client.
    """
    spelled = spell(name)
    by_name, by_client = ("account", spelled), ("client", client_of(visit.client))
    limit_attempt(office, {by_name: BY_NAME, by_client: BY_CLIENT})
    with office.store.reading() as session:
        account = accounts.find(session, spelled)
        kept = accounts.password_of(session, account.number) if account else None
    good, better = passwords.fits(password, kept)
    if account is None or not good or not account.active:
        _note_refusal(office, account)
        raise SignInError
    deed = Deed(actor_of(account), current_deed().action)
    with acting(deed), office.store.writing() as session:
        attempts.forgive(session, by_name, all_of_them=True)
        # Somebody else at this address may be guessing all the same.
        attempts.forgive(session, by_client, all_of_them=False)
        if better is not None:
            accounts.rehash(session, account.number, better)
        if before is not None and (old := sessions.find(session, before)) is not None:
            sessions.end(session, old.number)
        secret = begin(office, session, account)
    return secret, account


def sign_in_as(office: Office, identity: Identity) -> tuple[str, StoredAccount]:
    """
    Let somebody in whom the identity provider vouches for.

    The first time, the account is the one whose name is their mail address; from then on it is
    that one, whatever their address is.

    Raises
    ------
    SignInError
        If no open account is theirs.
    """
    with office.store.reading() as session:
        account = accounts.find_subject(session, identity.subject)
        if account is None and identity.email is not None:
            account = accounts.find(session, spell(identity.email))
            if account is not None and account.subject is not None:
                account = None  # it belongs to somebody else of the provider
        good = account is not None and account.active
    if account is None or not good:
        _note_refusal(office, account)
        raise SignInError(_NO_ACCOUNT)
    deed = Deed(actor_of(account), current_deed().action)
    with acting(deed), office.store.writing() as session:
        if account.subject is None:
            accounts.set_subject(session, account.number, identity.subject)
        secret = begin(office, session, account)
    return secret, account


_NO_ACCOUNT: Final = "Zu dieser Anmeldung gibt es hier kein Konto."


def begin(office: Office, session: Session, account: StoredAccount) -> str:
    """Let somebody be signed in who has proven who they are; returns what to show."""
    secret, now = secrets.token_urlsafe(32), office.now()
    ends = now + timedelta(hours=office.settings.session_hours)
    sessions.begin(session, secret, who=account.number, now=now, ends=ends)
    log.info("account %d signed in", account.number)
    return secret


def sign_out(office: Office, number: int) -> None:
    """End a session."""
    with office.store.writing() as session:
        sessions.end(session, number)


def recognise(office: Office, secret: str, *, attended: bool) -> Caller | None:
    """
    Say who shows this; ``None`` if nobody is signed in so any more.

    Only what is *attended* by a person keeps them signed in, not what a page asks by itself.
    """
    now = office.now()
    with office.store.reading() as session:
        found = sessions.find(session, secret)
    if found is None or _has_ended(office, found, now):
        return None
    if found.account is None or not found.account.active:
        return None
    if attended and now - found.seen >= _SEEN_ANEW:
        with office.store.writing() as session:
            sessions.see(session, found.number, now=now)
    return Caller(
        actor_of(found.account),
        {} if found.account.must_change else roles_of(found.account.grants),
        account=found.account.number,
        session=found.number,
        chosen=found.region,
        must_change=found.account.must_change,
    )


def is_open(office: Office, visit: Visit) -> bool:
    """
    Whether somebody may do everything without an account.

    So it is at the machine itself as long as there are no accounts, and it is not said that one
    always has to sign in, or that others come here under an address.
    """
    settings = office.settings
    if settings.login == "always" or settings.url or not visit.at_home:
        return False
    return not has_accounts(office)


def has_accounts(office: Office) -> bool:
    """Whether there is any account; once there was one, nobody asks the database again."""
    if not office.locked:
        with office.store.reading() as session:
            office.locked = accounts.any_account(session)
    return office.locked


def sessions_of(office: Office, account: int) -> list[StoredSession]:
    """List where somebody is signed in, the newest first."""
    now = office.now()
    with office.store.reading() as session:
        found = sessions.of_account(session, account)
    return [each for each in found if not _has_ended(office, each, now)]


def end_sessions(office: Office, account: int, *, but: int | None) -> None:
    """Sign somebody out everywhere, *but* there."""
    with office.store.writing() as session:
        sessions.end_all(session, account, but=but)


def choose_region(office: Office, number: int, region: str) -> None:
    """Work on another region from now on."""
    with office.store.writing() as session:
        sessions.choose_region(session, number, region)


def forget_ended(office: Office, now: datetime) -> None:
    """Forget sessions that have ended by themselves, attempts and links of long ago."""
    with office.store.writing() as session:
        links.forget_before(session, now.date() - timedelta(days=2))
        sessions.forget_ended(session, now=now, idle=_idle(office))
        attempts.forget(session, now=now)


def spell(name: str) -> str:
    """Names are the same however they are written."""
    return name.strip().casefold()


def roles_of(grants: Grants) -> Mapping[str, frozenset[Role]]:
    """Read roles as they are kept; what this program does not know (any more) is none."""
    known = {
        region: frozenset(Role(role) for role in roles if role in set(Role))
        for region, roles in grants.items()
    }
    return {region: roles for region, roles in known.items() if roles}


def limit_attempt(office: Office, limits: Mapping[tuple[str, str], Limit]) -> None:
    """
    Count an attempt.

    Raises
    ------
    TooManyAttemptsError
        If one has to wait.
    """
    now = office.now()
    with office.store.writing() as session:
        until = attempts.count(session, limits, now=now)
    if until is not None:
        raise TooManyAttemptsError(max(1, int((until - now).total_seconds())))


def client_of(address: str) -> str:
    """What counts as one client: of IPv6, everybody has a whole network of addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))


def _note_refusal(office: Office, account: StoredAccount | None) -> None:
    """Have it in the audit; of a name that there is not, only that there was one."""
    named = actor_of(account) if account else "*"
    with office.store.writing() as session:
        journal_of(session).refused("accounts", named)
    log.warning("refused to sign in %s", named if account else "an unknown account")


def _has_ended(office: Office, found: StoredSession, now: datetime) -> bool:
    return found.ends <= now or found.seen + _idle(office) <= now


def _idle(office: Office) -> timedelta:
    return timedelta(minutes=office.settings.idle_minutes)


def actor_of(account: StoredAccount) -> str:
    """How the audit calls an account."""
    return f"account:{account.number}"
