"""
Links of drivers: what opens one shift of one day, and what proves that we have given it away.

Nothing of a link is kept. It, its PIN and what is signed in with it are made from the key of the
installation and from how often the link was made anew: so another key, or making it anew, ends
all that was given away before.
"""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.door_tables import RenewedLink, SignedIn
from data.keys import vault

PIN_DIGITS = 6


def key(session: Session) -> bytes:
    """Give the key that links are signed with."""
    return vault(session).prove(b"links")


def times(session: Session, region: str, day: dt.date, shift: str) -> int:
    """Say how often the link of a shift was made anew."""
    asked = select(RenewedLink.times).filter_by(region=region, day=day, shift=shift)
    return session.scalar(asked) or 0


def renew(session: Session, region: str, day: dt.date, shift: str) -> None:
    """Make the link of a shift anew; whoever is signed in with an earlier one no longer is."""
    row = session.scalar(select(RenewedLink).filter_by(region=region, day=day, shift=shift))
    if row is None:
        row = RenewedLink(region=region, day=day, shift=shift, times=0)
        session.add(row)
    row.times += 1
    session.execute(delete(SignedIn).filter_by(region=region, day=day, shift=shift))


def proof(session: Session, region: str, day: dt.date, shift: str) -> bytes:
    """Prove that the link of a shift is good at the moment."""
    return _made_of(session, b"link", region, day, shift)


def pin(session: Session, region: str, day: dt.date, shift: str) -> str:
    """Give the number that belongs to the link of a shift, and stands beside it only."""
    number = int.from_bytes(_made_of(session, b"pin", region, day, shift), "big")
    return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}"


def forget_before(session: Session, day: dt.date) -> None:
    """Forget how often links of earlier days were made anew; they open nothing any more."""
    session.execute(delete(RenewedLink).where(RenewedLink.day < day))


def _made_of(session: Session, what: bytes, region: str, day: dt.date, shift: str) -> bytes:
    count = str(times(session, region, day, shift))
    parts = (part.encode() for part in (region, day.isoformat(), shift, count))
    return vault(session).prove(what, *parts)
