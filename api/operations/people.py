"""Passengers: find them by a few letters, read, add, change and merge them."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from api.errors import PersonEditedError
from api.operations.intake import make_intake
from api.operations.office import Office
from data import profiles, requests
from data.cells import read_birth, read_name, read_phone, text_up_to
from data.errors import NotKeptError, RefusedRowError, Rejected
from data.names import read_sought
from data.profiles import Consent, Profile, StoredProfile
from data.region import Region
from data.request_ids import row_number
from data.request_rows import LONGEST_ADDRESS, LONGEST_NOTE
from data.requests import StoredRequest

log = logging.getLogger("fahrten")

MOST_ADDRESSES = 5


@dataclass(frozen=True)
class Merged:
    """A passenger who was two entries, and how many requests came from the other one."""

    profile: StoredProfile
    moved: int


def search(office: Office, region: Region, text: str, *, most: int) -> list[StoredProfile]:
    """Find passengers by beginnings of their names, digits of the phone, year or date of birth."""
    sought = read_sought(text, today=office.today(region))
    with office.store.reading() as session:
        return profiles.search(session, region.name, sought, most=most)


def read(office: Office, region: Region, person: str) -> StoredProfile:
    """Read one passenger; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return profiles.read(session, region.name, number_of(person))


def rides(office: Office, region: Region, person: str) -> list[StoredRequest]:
    """Read every request of a passenger, the latest date first; `NotKeptError` if there is none."""
    number = number_of(person)
    with office.store.reading() as session:
        profiles.read(session, region.name, number)
        names = requests.of_passenger(session, region.name, number)
        stored = [requests.read(session, region, name).at(office.now()) for name in names]
    return sorted(stored, key=lambda each: (each.row.date, each.row.earliest_arrival), reverse=True)


def create(office: Office, region: Region, told: Profile) -> StoredProfile:
    """
    Keep a new passenger; when this returns, they are on the disk.

    Raises
    ------
    RefusedRowError
        If something of it cannot be.
    SamePersonError
        If somebody of the same name, birth date and phone is kept already.
    """
    profile = _checked(office, region, told)
    with office.store.writing() as session:
        stored = profiles.add(session, region.name, profile, now=office.now())
    log.info("took passenger %s", stored.id)
    return stored


def change(
    office: Office,
    region: Region,
    person: str,
    told: Profile,
    *,
    versions: Collection[str] | None = None,
) -> StoredProfile:
    """
    Replace what is known of a passenger, also on their requests.

    *versions* are those that the change is meant for; without them, it is meant for any.

    Raises
    ------
    NotKeptError
        If there is none.
    RefusedRowError, SamePersonError
        As `create` does.
    PersonEditedError
        If the entry has another version by now.
    """
    number = number_of(person)
    profile = _checked(office, region, told)
    with office.store.writing() as session:
        _refuse_other(profiles.read(session, region.name, number), profile, versions)
        stored = profiles.change(session, region.name, number, profile, now=office.now())
    log.info("changed passenger %s", stored.id)
    return stored


def merge(
    office: Office,
    region: Region,
    person: str,
    other: str,
    *,
    versions: Collection[str] | None = None,
) -> Merged:
    """
    Make one passenger of two entries; that of *other* is gone.

    Raises
    ------
    NotKeptError
        If there are no two such entries.
    PersonEditedError
        If the entry that stays has another version by now.
    """
    stays, goes = number_of(person), number_of(other)
    if stays == goes:
        message = f"{person} ist schon ein einziger Eintrag."
        raise RefusedRowError((Rejected(0, "other", other, message),))
    with office.store.writing() as session:
        stored = profiles.read(session, region.name, stays)
        _refuse_other(stored, stored, versions)
        profile, moved = profiles.merge(session, region.name, stays, goes, now=office.now())
    log.info("merged passenger %s into %s: %d requests", other, person, moved)
    return Merged(profile, moved)


def number_of(person: str) -> int:
    """Give the number of "p12"; `NotKeptError` if nobody can be called so."""
    number = row_number(person.removeprefix("p")) if person.startswith("p") else None
    if number is None:
        msg = f"Einen Fahrgast {person} gibt es nicht; einer heißt zum Beispiel p12."
        raise NotKeptError(msg)
    return number


def _refuse_other(stored: StoredProfile, sent: Profile, versions: Collection[str] | None) -> None:
    if versions is not None and str(stored.version) not in versions:
        raise PersonEditedError(stored, sent)


def faults_of(office: Office, region: Region, told: Profile) -> tuple[Rejected, ...]:
    """Find all that is wrong with what was told; nothing is kept."""
    try:
        _checked(office, region, told)
    except RefusedRowError as error:
        return tuple(error.rejected)
    return ()


def _checked(office: Office, region: Region, told: Profile) -> Profile:
    """Bring what was told into order; raises `RefusedRowError` with all that is wrong."""
    rejected: list[Rejected] = []
    today = office.today(region)
    name = " ".join(told.name.split())
    escort, note = (
        _text(rejected, field, text, LONGEST_NOTE)
        for field, text in (("escort", told.escort), ("note", told.note))
    )
    if name:
        _try(rejected, "name", name, lambda: read_name(name))
    else:
        rejected.append(Rejected(0, "name", "", "Fehlt. Zum Beispiel: Beispiel, Erika."))
    phone = " ".join(told.phone.split())
    if phone:
        _try(rejected, "phone", phone, lambda: read_phone(phone))
    if told.born is not None:
        born = told.born.isoformat()
        _try(rejected, "born", born, lambda: read_birth(born, today))
    addresses = _addresses(office, region, told.addresses, rejected)
    consent_on = _consent_on(told, today, rejected)
    if rejected:
        raise RefusedRowError(tuple(rejected))
    return replace(
        told,
        name=name,
        phone=phone,
        escort=escort,
        note=note,
        addresses=addresses,
        consent_on=consent_on,
    )


def _text(rejected: list[Rejected], field: str, text: str, longest: int) -> str:
    plain = " ".join(text.split())
    _try(rejected, field, plain, lambda: text_up_to(longest)(plain))
    return plain


def _try(rejected: list[Rejected], field: str, value: str, read: Callable[[], object]) -> None:
    try:
        read()
    except ValueError as error:
        rejected.append(Rejected(0, field, value, str(error)))


def _addresses(
    office: Office, region: Region, told: Sequence[str], rejected: list[Rejected]
) -> tuple[str, ...]:
    """Write addresses as the region does; a known place keeps its name."""
    intake = make_intake(office, region)
    written: dict[str, None] = {}
    for text in told:
        plain = _text(rejected, "addresses", text, LONGEST_ADDRESS)
        found = intake.find(plain) if plain else "Fehlt."
        if isinstance(found, str):
            rejected.append(Rejected(0, "addresses", plain, found))
        else:
            known = region.places.get(found.place_id or "")
            written[known.name if known else found.label] = None
    return tuple(written)


def _consent_on(told: Profile, today: date, rejected: list[Rejected]) -> date | None:
    """When consent was given or withdrawn: today, if nothing else is said."""
    if told.consent is Consent.UNKNOWN:
        return None
    if told.consent_on is not None and told.consent_on > today:
        message = f"Liegt in der Zukunft; heute ist der {today:%d.%m.%Y}."
        rejected.append(Rejected(0, "consent_on", told.consent_on.isoformat(), message))
    return told.consent_on or today
