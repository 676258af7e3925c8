"""What people may ask about themselves, and the key of all of it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.errors import ErasureRefusedError, EventRefusedError
from api.operations import auditing
from api.operations import requests as taking
from api.operations.office import Office
from data import (
    audit,
    audit_chain,
    heard,
    open_calls,
    plans,
    profiles,
    requests,
    retention,
    series,
    ticks,
)
from data.audit import Written
from data.compaction import compact
from data.errors import NotKeptError
from data.geocache import forget_answers
from data.heard import Heard
from data.keeping import KnownRegion, weeks_of
from data.keys import vault
from data.names import words_of
from data.open_calls import OpenCall
from data.people import Passenger, homes_of, is_kept, search
from data.people import find as find_passenger
from data.profiles import Consent, StoredProfile, who_withdrew
from data.region import Region
from data.request_ids import row_number
from data.requests import StoredRequest
from data.retention import Forgotten
from data.rotation import reseal
from data.series import StoredSeries
from data.ticks import StoredTick
from routing.geocoding import Address
from scheduler.model import PlaceId, RequestId

log = logging.getLogger("fahrten")

TRIES = 3  # so often somebody may book for whoever is being erased
_NOBODY = "So heißt hier niemand, oder die Daten sind schon gelöscht."
READINGS = 200  # so many are told of in a report, the newest


@dataclass(frozen=True)
class Ride:
    """
    One request of a passenger.

    *planned* says where the newest plan has it, if it has, *marked* what drivers said of it, and
    *heard* when somebody was rung on account of it.
    """

    stored: StoredRequest
    planned: tuple[dict[str, Any], ...]
    marked: tuple[StoredTick, ...] = ()
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything that is kept about one passenger, until when, and who has opened it."""

    region: KnownRegion
    passenger: Passenger
    profile: StoredProfile
    homes: Mapping[PlaceId, Address]
    rides: tuple[Ride, ...]
    series: tuple[StoredSeries, ...]
    calls: tuple[OpenCall, ...]
    readings: tuple[Written, ...]
    weeks: int
    at: datetime


@dataclass(frozen=True)
class Erased:
    """
    What became of a passenger's data; the plans of *replan* drive on without their stops.

    *remnants*: somebody read for so long that the sealed data are still in the log of the
    database; the next night removes them.
    """

    passenger: str
    cancelled: tuple[RequestId, ...]
    forgotten: Forgotten
    replan: tuple[date, ...]
    remnants: bool


@dataclass(frozen=True)
class Ahead:
    """
    What is still to come of a passenger: rides, and series that make more of them.

    Erasing takes *calls* along; *perhaps* are open calls that may be theirs, and stay.
    """

    rides: tuple[StoredRequest, ...]
    series: tuple[StoredSeries, ...]
    calls: tuple[OpenCall, ...]
    perhaps: tuple[OpenCall, ...]


def find(office: Office, region: KnownRegion, who: str) -> list[Passenger]:
    """Find passengers: by "p12", by a request such as "r17", or by words of their name."""
    asked = who.strip()
    with office.store.reading() as session:
        if asked[:1] in {"p", "r"} and asked[1:].isdecimal():
            by_request = asked[0] == "r"
            number = (
                requests.passenger_of(session, region.name, asked)
                if by_request
                else row_number(asked[1:])
            )
            found = find_passenger(session, region.name, number) if number else None
            return [found] if found else []
        words = words_of(asked)
        return search(session, region.name, lambda who: bool(words) and words <= words_of(who.name))


def one(office: Office, region: KnownRegion, who: str) -> Passenger:
    """
    Find one passenger, as `find` does.

    Raises
    ------
    NotKeptError
        If nobody is called so, or several are; the message names those by number only.
    """
    found = find(office, region, who)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotKeptError(_NOBODY)
    msg = f"So heißen mehrere: {', '.join(each.id for each in found)}. Bitte eine Nummer nennen."
    raise NotKeptError(msg)


def report(office: Office, region: KnownRegion, who: str) -> Report:
    """Collect everything about one passenger (Art. 15 GDPR); raises as `one` does."""
    passenger = one(office, region, who)
    with office.store.reading() as session:
        names = requests.of_passenger(session, region.name, passenger.number)
        stored = [requests.read(session, region, name) for name in names]
        rides, places = [], set[PlaceId]()
        for each in stored:
            planned = plans.visits_of(session, region.name, each.row.date, each.id)
            places |= {stop["place"] for stop in planned}
            marked = ticks.of_request(session, region.name, each.id)
            told = heard.of_request(session, each.id)
            rides.append(Ride(each, planned, tuple(marked), tuple(told)))
        places |= requests.places_of(session, region.name, names)
        homes = homes_of(session, places)
        every = series.read_all(session, region, person=passenger.number)
        calls = open_calls.about(session, region.name, passenger)
        profile = profiles.read(session, region.name, passenger.number)
        readings = audit.readings_of(session, region.name, passenger.id, most=READINGS)
    log.info("reported on passenger %s", passenger.id)
    return Report(
        region=region,
        passenger=passenger,
        profile=profile,
        homes=homes,
        rides=tuple(rides),
        series=tuple(every),
        calls=tuple(calls),
        readings=tuple(readings),
        weeks=weeks_of(region),
        at=office.now().astimezone(office.zone(region)),
    )


def erase(office: Office, region: KnownRegion, who: str, *, cancel_rides: bool = False) -> Erased:
    """
    Forget one passenger at once (Art. 17 GDPR).

    With *cancel_rides*, as when consent is withdrawn, rides to come are cancelled first.

    Raises
    ------
    NotKeptError
        As `one` does.
    ErasureRefusedError
        If they still ride: to come and not to be cancelled, or today by a plan that is driven.
    """
    passenger = one(office, region, who)
    cancelled: list[RequestId] = []
    for _ in range(TRIES):
        cancelled += _clear_ahead(office, region, passenger, cancel=cancel_rides)
        found = _erase(office, region, passenger)
        if found is not None:
            gone, replan = found
            remnants = not compact(office.store.engine)
            log.info("erased passenger %s: %d requests", passenger.id, gone.requests)
            return Erased(passenger.id, tuple(cancelled), gone, replan, remnants)
    more = "Für {} kommen immer wieder Fahrten dazu. Bitte gleich noch einmal."
    raise ErasureRefusedError(more.format(passenger.id), more)


def _clear_ahead(
    office: Office, region: KnownRegion, passenger: Passenger, *, cancel: bool
) -> list[RequestId]:
    """Cancel what is still to come, or refuse if that is not wanted."""
    with office.store.reading() as session:
        today = office.today(region)
        ahead = requests.ahead_of(session, region.name, passenger.number, today)
        coming = series.going_on(session, region.name, passenger.number, today)
    if (ahead or coming) and not cancel:
        rides = [f"{name} am {day:%d.%m.%Y}" for name, day in ahead]
        named = ", ".join([*rides, *(f"Serie {name}" for name in coming)])
        msg = f"{passenger.id} hat noch Fahrten vor sich: {named}. Bitte sie zuerst absagen."
        raise ErasureRefusedError(msg, "{} hat noch Fahrten vor sich. Bitte sie zuerst absagen.")
    for name, _ in ahead:
        if isinstance(region, Region):
            taking.cancel(office, region, name)
        else:
            with office.store.writing() as session:
                requests.cancel(session, region.name, name, now=office.now())
    return [name for name, _ in ahead]


def _erase(
    office: Office, region: KnownRegion, passenger: Passenger
) -> tuple[Forgotten, tuple[date, ...]] | None:
    """
    Erase somebody who has no rides to come; ``None`` if somebody has booked one meanwhile.

    Nobody can book while it is looked and erased.
    """
    today = office.today(region)
    with office.store.writing() as session:
        if not is_kept(session, region.name, passenger.number):
            raise NotKeptError(_NOBODY)
        if requests.ahead_of(session, region.name, passenger.number, today):
            return None
        names = requests.of_passenger(session, region.name, passenger.number)
        replan = _planned_days(session, region.name, today, names)
        if today in replan:
            driven = (
                "{} steht im Plan von heute, nach dem noch gefahren wird. "
                "Abgesagt ist, was noch vor sich lag; löschen geht ab morgen, und nach einem "
                "Widerruf geschieht es in der nächsten Nacht von selbst."
            )
            raise ErasureRefusedError(driven.format(passenger.id), driven)
        homes = homes_of(session, requests.places_of(session, region.name, names))
        for home in homes.values():
            forget_answers(session, home.point)
        open_calls.forget_of(session, region.name, passenger)
        gone = retention.forget_person(session, region.name, passenger.number)
    return gone, tuple(sorted(replan))


def look_ahead(office: Office, region: Region, who: str) -> Ahead:
    """Show what erasing a passenger would be about. Raises as `one` does."""
    passenger = one(office, region, who)
    today = office.today(region)
    with office.store.reading() as session:
        names = requests.ahead_of(session, region.name, passenger.number, today)
        coming = series.going_on(session, region.name, passenger.number, today)
        every = series.read_all(session, region, person=passenger.number)
        return Ahead(
            rides=tuple(requests.read(session, region, name) for name, _ in names),
            series=tuple(each for each in every if each.id in coming),
            calls=tuple(open_calls.about(session, region.name, passenger)),
            perhaps=tuple(open_calls.perhaps(session, region.name, passenger)),
        )


def withdraw(office: Office, region: KnownRegion, who: str) -> Erased:
    """
    Consent is withdrawn (Art. 7 GDPR): cancel what is to come, and forget the passenger.

    Whoever rides today is forgotten in a later night (`forget_withdrawn`); it is noted.

    Raises
    ------
    NotKeptError
        As `one` does.
    ErasureRefusedError
        If it has to wait for that night.
    """
    passenger = one(office, region, who)
    with office.store.writing() as session:
        profiles.note_consent(
            session, region.name, passenger.number, Consent.WITHDRAWN, now=office.now()
        )
    return erase(office, region, passenger.id, cancel_rides=True)


def forget_withdrawn(office: Office, region: KnownRegion) -> int:
    """Forget everybody whose consent is withdrawn, as far as nobody drives them today."""
    with office.store.reading() as session:
        withdrew = who_withdrew(session, region.name)
    gone = 0
    for number in withdrew:
        try:
            erase(office, region, f"p{number}", cancel_rides=True)
        except (ErasureRefusedError, EventRefusedError, NotKeptError) as error:
            log.warning("p%d is not forgotten tonight: %s", number, type(error).__name__)
        else:
            gone += 1
    return gone


def rotate_key(office: Office) -> int:
    """
    Seal everything with a new key; returns how many rows.

    The old one remains for old backups (`forget_keys`). With FAHRTEN_KEY, the first one there is
    the new one.
    """
    keys = office.settings.keys
    with office.store.writing() as session:
        vault(session)  # a key that is lost is told before a new one is made
        rows = reseal(session, keys.add() if keys.file else keys.newest())
    compact(office.store.engine)
    log.info("sealed %d rows with a new key", rows)
    return rows


def forget_keys(office: Office) -> int:
    """
    Forget all keys but the one of the database; returns how many.

    Raises
    ------
    AuditFaultError
        If the audit is not as it was written: the old keys are needed to see what is wrong.
    """
    noted = auditing.noted_heads(office)
    with office.store.reading() as session:
        audit_chain.verify(session, noted=noted).raise_if_wrong()
    # With the lock: a new key stands in the file before anything in the database is sealed with it.
    with office.store.writing() as session:
        return office.settings.keys.forget_all_but(vault(session).name)


def _planned_days(session: Session, region: str, first: date, names: list[RequestId]) -> set[date]:
    """Dates from *first* on whose newest plan still drives somebody's requests."""
    wanted = set(names)
    days = set()
    for day in plans.planned_days(session, region):
        if day >= first:
            kept = plans.latest(session, region, day)
            if wanted & {request.id for request in kept.requests}:
                days.add(day)
    return days
