"""
What is known of a passenger beside who they are: needs, usual addresses, escort, consent.

All of it is sealed but consent, its date, and how often it was changed. To find somebody by a few
letters, everybody of the region is opened in memory: the database cannot read names, and an index
of them would tell what the seal hides.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import answers
from data.errors import NotKeptError, SamePersonError
from data.journal import journal_of
from data.keys import vault
from data.names import Sought
from data.people import PERSON, about, seal_person
from data.tables import KeptRequest, KeptSeries, Person
from scheduler.manifest import Contact
from scheduler.model import Mobility

DETAILS = "people.details"  # what the sealed text is about


class Consent(StrEnum):
    """
    Whether somebody agreed that their rides are planned here (Art. 9(2)(a) GDPR).

    Whose consent is `WITHDRAWN` is forgotten in the next night, with what is to come.
    """

    UNKNOWN = "unknown"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Profile:
    """
    A passenger, as they are told; what was not told is ``None``, "" or empty.

    *companions* usually ride along, *escort* says who, or who has to be rung. *addresses* are where
    they are usually fetched, the most usual first.
    """

    name: str
    born: dt.date | None = None
    phone: str = ""
    mobility: Mobility = Mobility.WALKS
    companions: int = 0
    escort: str = ""
    addresses: tuple[str, ...] = ()
    note: str = ""
    consent: Consent = Consent.UNKNOWN
    consent_on: dt.date | None = None


@dataclass(frozen=True)
class StoredProfile(Profile):
    """A passenger as they are kept; *version* counts what was changed of it."""

    number: int = field(default=0, kw_only=True)
    version: int = field(default=1, kw_only=True)
    changed: dt.datetime | None = field(default=None, kw_only=True)

    @property
    def id(self) -> str:
        """The id that addresses of the API name, such as "p12"."""
        return f"p{self.number}"


def search(session: Session, region: str, sought: Sought, *, most: int) -> list[StoredProfile]:
    """Find people by parts of their names and so on; only those who are given out are read."""
    keys, what = vault(session), about(PERSON, region)
    rows = session.execute(select(Person.id, Person.sealed).filter_by(region=region)).all()
    journal_of(session).searched("people", len(rows), region=region)
    found = []
    for number, sealed in rows:
        name, born, phone = keys.open(what, sealed)
        if sought.fits(name, born, phone):
            found.append((sought.rank(name), name.casefold(), number))
    best = [number for _, _, number in sorted(found)[:most]]
    kept = session.scalars(select(Person).where(Person.id.in_(best)))
    profiles = {person.id: read_profile(session, person) for person in kept}
    return [profiles[number] for number in best]


def read(session: Session, region: str, number: int) -> StoredProfile:
    """
    Read one passenger.

    Raises
    ------
    NotKeptError
        If the region has none of this number.
    """
    return read_profile(session, _get(session, region, number))


def add(session: Session, region: str, profile: Profile, *, now: dt.datetime) -> StoredProfile:
    """
    Keep a new passenger.

    Raises
    ------
    SamePersonError
        If somebody of the same name, birth date and phone is kept already.
    """
    person = Person(region=region, sealed=b"")
    _fill(session, person, profile, now=now)
    session.add(person)
    session.flush()
    return read_profile(session, person)


def change(
    session: Session, region: str, number: int, profile: Profile, *, now: dt.datetime
) -> StoredProfile:
    """
    Replace what is known of a passenger, also on their requests.

    Raises
    ------
    NotKeptError
        If the region has none of this number.
    SamePersonError
        If somebody else has this name, birth date and phone.
    """
    person = _get(session, region, number)
    _fill(session, person, profile, now=now)
    person.version += 1
    session.flush()
    return read_profile(session, person)


def note_consent(
    session: Session, region: str, number: int, consent: Consent, *, now: dt.datetime
) -> None:
    """Note what somebody said of their consent today; `NotKeptError` if there is nobody."""
    person = _get(session, region, number)
    person.consent, person.consent_on = consent.value, now.date()
    person.changed = now
    person.version += 1
    session.flush()


def who_withdrew(session: Session, region: str) -> list[int]:
    """Numbers of people whose consent is withdrawn, and who are still known."""
    wanted = select(Person.id).filter_by(region=region, consent=Consent.WITHDRAWN.value)
    return list(session.scalars(wanted.order_by(Person.id)))


def merge(
    session: Session, region: str, number: int, other: int, *, now: dt.datetime
) -> tuple[StoredProfile, int]:
    """
    Make one passenger of two entries: what was the *other*'s is theirs, and that one is gone.

    What stands in the entry that stays holds; what is missing there comes from the other. Returns
    the passenger, and how many requests have moved to them.

    Raises
    ------
    NotKeptError
        If the region does not have both.
    """
    stays, goes = _get(session, region, number), _get(session, region, other)
    ours, theirs = read_profile(session, stays), read_profile(session, goes)
    requests = session.scalars(select(KeptRequest).filter_by(region=region, person_id=other))
    moved = requests.unique().all()
    for kept in moved:
        kept.person = stays
        kept.version += 1
    for each in session.scalars(select(KeptSeries).filter_by(region=region, person_id=other)):
        each.person = stays
        each.version += 1
    session.flush()
    session.delete(goes)
    session.flush()
    answers.rename(session, theirs.id, ours.id)
    return change(session, region, number, _together(ours, theirs), now=now), len(moved)


def read_profile(session: Session, person: Person) -> StoredProfile:
    """Open all that is known of a passenger; for the audit they are read with that."""
    name, born, phone = vault(session).open(about(PERSON, person.region), person.sealed)
    stored = StoredProfile(
        name=name,
        born=dt.date.fromisoformat(born) if born else None,
        phone=phone,
        consent=Consent(person.consent),
        consent_on=person.consent_on,
        number=person.id,
        version=person.version,
        changed=person.changed,
    )
    journal_of(session).read("people", stored.id, region=person.region)
    if person.details is None:
        return stored
    details = json.loads(vault(session).open_fresh(DETAILS, person.details)[0])
    return replace(
        stored,
        mobility=Mobility(details["mobility"]),
        companions=details["companions"],
        escort=details["escort"],
        addresses=tuple(details["addresses"]),
        note=details["note"],
    )


def _get(session: Session, region: str, number: int) -> Person:
    person = session.scalar(select(Person).filter_by(region=region, id=number))
    if person is None:
        msg = f"Einen Fahrgast p{number} gibt es nicht."
        raise NotKeptError(msg)
    return person


def _fill(session: Session, person: Person, profile: Profile, *, now: dt.datetime) -> None:
    contact = Contact(profile.name, profile.phone)
    sealed = seal_person(session, person.region, contact, profile.born)
    same = session.scalar(select(Person.id).filter_by(region=person.region, sealed=sealed))
    if same is not None and same != person.id:
        raise SamePersonError(same)
    details = {
        "mobility": profile.mobility.value,
        "companions": profile.companions,
        "escort": profile.escort,
        "addresses": profile.addresses,
        "note": profile.note,
    }
    person.sealed = sealed
    person.details = vault(session).seal_freshly(DETAILS, json.dumps(details))
    person.consent, person.consent_on = profile.consent.value, profile.consent_on
    person.changed = now


def _together(ours: StoredProfile, theirs: StoredProfile) -> Profile:
    newest = max((ours, theirs), key=lambda each: each.consent_on or dt.date.min)
    walks = ours.mobility is Mobility.WALKS
    return Profile(
        name=ours.name,
        born=ours.born or theirs.born,
        phone=ours.phone or theirs.phone,
        mobility=theirs.mobility if walks else ours.mobility,
        companions=ours.companions or theirs.companions,
        escort=ours.escort or theirs.escort,
        addresses=_each_once((*ours.addresses, *theirs.addresses)),
        note=ours.note or theirs.note,
        consent=newest.consent,
        consent_on=newest.consent_on,
    )


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
