"""Links of drivers: made for a sheet, opened with the PIN beside it, gone with the day."""

import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from api.doors import links as signing
from api.doors.errors import SignInError
from api.doors.roles import Caller, Link, Role
from api.doors.visit import Visit
from api.operations import planning
from api.operations.office import Office
from api.operations.signing_in import BY_CLIENT, client_of, limit_attempt
from data import attempts, links, sessions
from data.acting import Deed, acting, current_deed
from data.attempts import Limit
from data.errors import NotKeptError
from data.journal import journal_of
from data.region import Region
from data.sessions import LinkOf
from routing.units import Seconds
from scheduler.model import ShiftId

log = logging.getLogger("fahrten")

# A million PINs, and some thirty tries a day.
BY_LINK: Final = Limit(free=5, first=timedelta(minutes=1), most=timedelta(hours=1))
# Drivers may look the evening before.
_BEFOREHAND: Final = timedelta(days=1)
_GONE: Final = "Dieser Link gilt nicht oder nicht mehr. Den neuen gibt die Disposition."


@dataclass(frozen=True)
class Opened:
    """What the browser of a driver has to show from now on, for so many *seconds*."""

    secret: str
    seconds: Seconds


@dataclass(frozen=True)
class GivenLink:
    """What stands on the sheet of a shift: an address to be scanned, and a PIN to be typed."""

    shift: ShiftId
    address: str
    pin: str


def signing_key(office: Office) -> bytes:
    """Give the key that what we hand out and take back is signed with."""
    with office.store.reading() as session:
        return links.key(session)


def give(
    office: Office, region: Region, day: date, shift: ShiftId, *, version: int | None = None
) -> GivenLink | None:
    """
    Make the link of a shift; ``None`` where nobody has said under which address we are.

    With the *version* that it is printed beside, the page says whether there is a newer one.
    """
    if not office.settings.url:
        return None
    link = Link(region.name, day, shift)
    with office.store.reading() as session:
        times = links.times(session, region.name, day, shift)
        token = signing.sign(links.key(session), link, times)
        pin = links.pin(session, region.name, day, shift)
    printed = "" if version is None else f"?v={version}"
    return GivenLink(shift, f"{office.settings.url}/fahrt/{token}{printed}", pin)


def of_day(office: Office, region: Region, day: date) -> list[GivenLink]:
    """
    Make the links of all shifts of a planned day.

    Raises
    ------
    NotKeptError
        If the day is not planned, or nobody has said under which address we are.
    """
    _refuse_without_address(office)
    planned = planning.read_plan(office, region, day, as_published=True)
    given = [
        give(office, region, day, route.shift, version=planned.version)
        for route in planned.plan.routes
    ]
    return [each for each in given if each is not None]


def renew(office: Office, region: Region, day: date, shift: ShiftId | None = None) -> list[ShiftId]:
    """
    Make the link of a shift, or of all of a day, anew: the old one and its PIN open nothing more.

    Raises
    ------
    NotKeptError
        If there is no such shift, or nobody has said under which address we are.
    """
    _refuse_without_address(office)
    planned = planning.read_plan(office, region, day, as_published=True)
    shifts = [route.shift for route in planned.plan.routes if shift in {None, route.shift}]
    if not shifts:
        msg = f"Am {day:%d.%m.%Y} gibt es keinen Dienst „{shift}“."
        raise NotKeptError(msg)
    with office.store.writing() as session:
        for each in shifts:
            links.renew(session, region.name, day, each)
    log.info("made %d links of %s anew", len(shifts), day)
    return shifts


def read(office: Office, token: str) -> Link:
    """
    Say what a link opens, if it still does.

    Raises
    ------
    NotKeptError
        If it is forged, was made anew since, or is of another day.
    """
    with office.store.reading() as session:
        found = signing.read(links.key(session), token)
        if found is None or found[1] != _times(session, found[0]):
            raise NotKeptError(_GONE)
    link = found[0]
    begins, ends = _span(office, link)
    if not begins <= office.now() < ends:
        raise NotKeptError(_GONE if office.now() >= ends else _too_early(link))
    return link


def region_of(office: Office, token: str) -> Region:
    """Say whose dispatcher gives out what a link opens, also if it no longer does."""
    with office.store.reading() as session:
        found = signing.read(links.key(session), token)
    return office.region(found[0].region if found else None)


def region_of_opened(office: Office, secret: str | None) -> Region:
    """Say whose dispatcher helps whoever shows what a link gave them, also if it is over."""
    with office.store.reading() as session:
        found = None if secret is None else sessions.find(session, secret)
    return office.region(found.link.region if found and found.link else None)


def open_with(office: Office, token: str, pin: str, visit: Visit) -> Opened:
    """
    Let a driver in, until the day ends.

    Raises
    ------
    NotKeptError
        As `read` does.
    SignInError
        If the PIN is another one.
    TooManyAttemptsError
        If that was so too often.
    """
    link, now = read(office, token), office.now()
    by_link = ("link", f"{link.region}/{link.day}/{link.shift}")
    by_client = ("client", client_of(visit.client))
    limit_attempt(office, {by_link: BY_LINK, by_client: BY_CLIENT})
    deed = Deed(actor_of(link), current_deed().action)
    with acting(deed), office.store.writing() as session:
        right = links.pin(session, link.region, link.day, link.shift)
        typed = "".join(pin.split()).encode("utf-8", "replace")
        if not hmac.compare_digest(right.encode(), typed):
            journal_of(session).refused("links", _named(link), region=link.region)
            log.warning("refused a PIN for a link of %s", link.day)
            good = None
        else:
            attempts.forgive(session, by_link, all_of_them=True)
            attempts.forgive(session, by_client, all_of_them=False)
            good = secrets.token_urlsafe(32)
            proof = links.proof(session, link.region, link.day, link.shift)
            who = LinkOf(link.region, link.day, link.shift, proof)
            ends = _span(office, link)[1]
            sessions.begin(session, good, who=who, now=now, ends=ends)
    if good is None:
        raise SignInError("Die PIN stimmt nicht. Sie steht auf dem Tourenblatt unter dem Code.")
    return Opened(good, int((ends - now).total_seconds()))


def recognise(office: Office, secret: str) -> Caller | None:
    """Say which driver shows this; ``None`` if nobody does any more."""
    with office.store.reading() as session:
        found = sessions.find(session, secret)
        if found is None or found.link is None or found.ends <= office.now():
            return None
        link = Link(found.link.region, found.link.day, found.link.shift)
        proof = links.proof(session, link.region, link.day, link.shift)
        if not hmac.compare_digest(proof, found.link.proof):
            return None
    return Caller(
        actor_of(link), {link.region: frozenset({Role.DRIVER})}, session=found.number, link=link
    )


def _refuse_without_address(office: Office) -> None:
    if not office.settings.url:
        msg = "FAHRTEN_URL ist nicht gesetzt: Es steht nicht fest, wohin ein Link führt."
        raise NotKeptError(msg)


def actor_of(link: Link) -> str:
    """How the audit calls whoever came by a link."""
    return f"link:{_named(link)}"


def _named(link: Link) -> str:
    return f"{link.day}/{link.shift}"


def _times(session: Session, link: Link) -> int:
    return links.times(session, link.region, link.day, link.shift)


def _span(office: Office, link: Link) -> tuple[datetime, datetime]:
    """From when to when a link is good: from the day before until the day is over."""
    zone = office.zone(office.region(link.region))
    begins, ends = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        for day in (link.day - _BEFOREHAND, link.day + timedelta(days=1))
    )
    return begins, ends


def _too_early(link: Link) -> str:
    first = link.day - _BEFOREHAND
    return f"Dieser Link gilt ab {first:%d.%m.%Y}. Bis dahin hilft die Disposition."
