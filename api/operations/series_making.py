"""Requests are made from series, so many days ahead as the policy lets people book."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from api.operations.intake import make_intake
from api.operations.office import Office
from api.sheets.wording import short_date
from data import keeping, requests, series
from data.day_input import Booking
from data.errors import RefusedRowError, Rejected
from data.intake import Intake
from data.region import Region
from data.request_rows import RequestRow
from data.series import SETTLED, Fate, StoredSeries
from data.weekly import OnClosed, Pattern
from scheduler.model import RequestId

log = logging.getLogger("fahrten")

_NEW = "new"
_PROBED = 8  # dates that are tried before a series is refused
# What can be wrong on one date and right on another: no bus, practice or pharmacy closed.
_OF_THE_DAY = frozenset({"datum", "termin", "apotheke"})


@dataclass(frozen=True)
class Wanted:
    """What is to become of a *date*: a *booking*, on that day or another, or none, and why."""

    date: date
    booking: Booking | None
    fate: Fate
    reason: str = ""


def horizon(office: Office, region: Region) -> tuple[date, date]:
    """Give the dates between which requests of series are made."""
    today = office.today(region)
    return today, today + timedelta(days=region.policy.booking.horizon_days)


def probe(
    office: Office, region: Region, intake: Intake, row: RequestRow, pattern: Pattern
) -> Booking:
    """
    Make sure that a series can be driven at all; returns what is booked on one of its dates.

    Raises
    ------
    RefusedRowError
        If it cannot be taken on any of the next dates; it says what is wrong on the first.
    """
    today = office.today(region)
    begin = max(today, pattern.first)
    dates = pattern.between(begin, begin + timedelta(weeks=_PROBED * pattern.every))
    first = None
    for day in dates:
        taken = intake.take(replace(row, date=day), _NEW)
        if not isinstance(taken, list):
            return taken
        first = first or taken
    raise RefusedRowError(tuple(first or ()))


def refuse_same(session: Session, region: Region, number: int, today: date) -> None:
    """
    Make sure that no other series has the same ride of the same person on the same day.

    Raises
    ------
    RefusedRowError
        If one has: two series for one bus.
    """
    new = series.read(session, region, number)
    begin = max(today, new.pattern.first)
    until = begin + timedelta(weeks=2 * new.pattern.every)
    dates = set(new.pattern.between(begin, until))
    for other in series.read_all(session, region, person=new.person, since=begin):
        if other.number == number or _ride(other.row) != _ride(new.row):
            continue
        if dates & set(other.pattern.between(begin, until)):
            message = f"Diese Fahrt kommt an diesen Tagen schon: Serie {other.id}."
            raise RefusedRowError((Rejected(0, "weekdays", "", message),))


def _ride(row: RequestRow) -> RequestRow:
    """What makes it the same ride, whatever the day and the note."""
    return replace(row, date=date.min, phone="", note="")


def wanted(
    intake: Intake,
    row: RequestRow,
    pattern: Pattern,
    on_closed: OnClosed,
    day: date,
    *,
    today: date,
) -> Wanted:
    """Find out what is to become of one date of a series."""
    taken = intake.take(replace(row, date=day), _NEW)
    if not isinstance(taken, list):
        return Wanted(day, taken, Fate.MADE)
    fields = {fault.field for fault in taken}
    if not fields <= _OF_THE_DAY:
        # Only the columns: what is said of an address may name other homes.
        return Wanted(day, None, Fate.REFUSED, ", ".join(sorted(fields)))
    reason = " ".join(fault.message for fault in taken)
    for other in pattern.instead(day, on_closed):
        if other < today:
            continue
        shifted = intake.take(replace(row, date=other), _NEW)
        if not isinstance(shifted, list):
            return Wanted(day, shifted, Fate.MADE, f"{reason} Verlegt auf {short_date(other)}.")
    return Wanted(day, None, Fate.LEFT_OUT, reason)


def make(office: Office, region: Region, number: int) -> list[RequestId]:
    """
    Make the requests of a series that are still missing; returns those.

    Nobody's is made who has withdrawn their consent. `NotKeptError` if there is no such series.
    """
    intake = make_intake(office, region)
    with office.store.reading() as session:
        stored = series.read(session, region, number)
    list(
        _missing(office, region, intake, stored)
    )  # where addresses are, is asked outside of a lock
    with office.store.writing() as session:
        return make_within(office, session, region, intake, number)


def make_within(
    office: Office, session: Session, region: Region, intake: Intake, number: int
) -> list[RequestId]:
    """Do what `make` does together with another change; *intake* knows the addresses already."""
    stored = series.read(session, region, number)
    if stored.withdrawn:
        return []
    found = list(_missing(office, region, intake, stored))
    made = [name for each in found if (name := _keep(office, session, region, stored, each))]
    if made:
        log.info("series %s: made %d requests", stored.id, len(made))
    return made


def make_everywhere(office: Office) -> int:
    """Make what is missing of every series of every region; returns how many requests."""
    with office.store.reading() as session:
        names = keeping.kept_regions(session)
    made = 0
    for name in names:
        region = office.known(name)
        if isinstance(region, Region):
            with office.store.reading() as session:
                due = series.due(session, name, *horizon(office, region))
            made += sum(len(make(office, region, number)) for number in due)
    return made


def _missing(
    office: Office, region: Region, intake: Intake, stored: StoredSeries
) -> Iterator[Wanted]:
    first, last = horizon(office, region)
    for day in stored.pattern.between(first, last):
        before = stored.at(day)
        if before is None or before.fate.value not in SETTLED:
            yield wanted(intake, stored.row, stored.pattern, stored.on_closed, day, today=first)


def _keep(
    office: Office, session: Session, region: Region, stored: StoredSeries, each: Wanted
) -> RequestId | None:
    """Keep what becomes of a date, unless something has become of it already."""
    before = stored.at(each.date)
    if before is not None and before.fate.value in SETTLED:
        return None
    if each.booking is None:
        if before is None or (before.fate, before.reason) != (each.fate, each.reason):
            series.note_date(session, stored.number, each.date, each.fate, reason=each.reason)
        return None
    name, new = requests.add_unless_same(session, region.name, each.booking, now=office.now())
    # What was asked for by hand before, stays as it is.
    series.note_date(
        session,
        stored.number,
        each.date,
        Fate.MADE,
        request=name,
        by_hand=not new,
        reason=each.reason,
    )
    return name
