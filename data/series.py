"""Series in the database: a ride that comes every week, and what became of each of its dates."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from data.day_input import Booking
from data.errors import NotKeptError
from data.keeping import KnownRegion
from data.keys import vault
from data.people import homes_of, passenger
from data.profiles import Consent
from data.request_ids import request_id, request_number, row_number
from data.request_rows import RequestRow
from data.ride_columns import fill_ride, ride_row
from data.tables import KeptSeries, SeriesDate
from data.weekly import OnClosed, Pattern
from scheduler.manifest import Contact
from scheduler.model import PlaceId, RequestId

NOTE = "series.note"  # what the sealed text is about


class Fate(StrEnum):
    """What became of a date of a series."""

    MADE = "made"  # it has a request
    SKIPPED = "skipped"  # nobody wants to ride just then
    LEFT_OUT = "left_out"  # no bus runs, or the practice is closed
    REFUSED = "refused"  # the request cannot be taken any more; it is tried again each night


# Of these, nothing is to be done any more by itself.
SETTLED = (Fate.MADE.value, Fate.SKIPPED.value)


@dataclass(frozen=True)
class StoredDate:
    """
    One *date* of a series; its *request*, if there is one, is *on* that day or on another.

    *open* says that the request is neither cancelled nor forgotten, *by_hand* that somebody has
    changed just this one.
    """

    date: dt.date
    fate: Fate
    request: RequestId | None
    on: dt.date | None
    open: bool
    by_hand: bool
    reason: str


@dataclass(frozen=True)
class StoredSeries:
    """
    A series: *row* is the ride as it was told (its date is the first of the pattern).

    *person* is the number of the passenger, *withdrawn* that they do not agree any more.
    """

    number: int
    row: RequestRow
    pattern: Pattern
    on_closed: OnClosed
    person: int
    withdrawn: bool
    created: dt.datetime
    changed: dt.datetime
    version: int
    dates: tuple[StoredDate, ...]

    @property
    def id(self) -> str:
        """The id that addresses of the API name, such as "s3"."""
        return series_id(self.number)

    def at(self, date: dt.date) -> StoredDate | None:
        """What became of one date, if anything did."""
        return next((each for each in self.dates if each.date == date), None)


def series_id(number: int) -> str:
    """3 -> "s3"."""
    return f"s{number}"


def series_number(series: str) -> int:
    """
    "s3" -> 3.

    Raises
    ------
    NotKeptError
        If no series can be called so.
    """
    number = row_number(series.removeprefix("s")) if series.startswith("s") else None
    if number is None:
        msg = f"Eine Serie {series} gibt es nicht; eine heißt zum Beispiel s3."
        raise NotKeptError(msg)
    return number


def add(
    session: Session,
    region: str,
    booking: Booking,
    pattern: Pattern,
    on_closed: OnClosed,
    *,
    now: dt.datetime,
) -> int:
    """Keep a new series of the ride that is booked; returns its number."""
    kept = KeptSeries(region=region, created=now, version=1)
    _fill(session, kept, booking, pattern, on_closed, now=now)
    session.add(kept)
    session.flush()
    return kept.id


def change(
    session: Session,
    region: str,
    number: int,
    booking: Booking,
    pattern: Pattern,
    on_closed: OnClosed,
    *,
    now: dt.datetime,
) -> None:
    """Replace ride and pattern; what became of its dates stays. `NotKeptError` if there is none."""
    kept = _get(session, region, number)
    _fill(session, kept, booking, pattern, on_closed, now=now)
    kept.version += 1
    session.flush()


def end(session: Session, region: str, number: int, last: dt.date, *, now: dt.datetime) -> None:
    """Let a series have no date after *last*, which may lie before its first."""
    kept = _get(session, region, number)
    kept.last, kept.changed = last, now
    kept.version += 1
    session.flush()


def read(session: Session, region: KnownRegion, number: int) -> StoredSeries:
    """Read a series with the dates that are still known; `NotKeptError` if there is none."""
    return _stored(session, region, _get(session, region.name, number))


def read_all(
    session: Session,
    region: KnownRegion,
    *,
    person: int | None = None,
    since: dt.date | None = None,
) -> list[StoredSeries]:
    """Read the series of a region, or of a person; with *since*, those that go on until then."""
    wanted = select(KeptSeries).filter_by(region=region.name).order_by(KeptSeries.id)
    if person is not None:
        wanted = wanted.filter_by(person_id=person)
    if since is not None:
        wanted = wanted.where(or_(KeptSeries.last.is_(None), KeptSeries.last >= since))
    return [_stored(session, region, kept) for kept in session.scalars(wanted).unique().all()]


def due(session: Session, region: str, first: dt.date, last: dt.date) -> list[int]:
    """Numbers of the series with a date between two, for which something is to be done."""
    wanted = select(KeptSeries).filter_by(region=region).order_by(KeptSeries.id)
    numbers = []
    for kept in session.scalars(
        wanted.where(or_(KeptSeries.last.is_(None), KeptSeries.last >= first))
    ):
        settled = select(SeriesDate.date).where(
            SeriesDate.series_id == kept.id, SeriesDate.fate.in_(SETTLED)
        )
        done = set(session.scalars(settled))
        if any(date not in done for date in _pattern(kept).between(first, last)):
            numbers.append(kept.id)
    return numbers


def going_on(session: Session, region: str, person: int, since: dt.date) -> list[str]:
    """Ids of the series of a passenger that go on from a date on, without opening anything."""
    wanted = select(KeptSeries.id).filter_by(region=region, person_id=person)
    wanted = wanted.where(or_(KeptSeries.last.is_(None), KeptSeries.last >= since))
    return [series_id(number) for number in session.scalars(wanted.order_by(KeptSeries.id))]


def note_date(
    session: Session,
    number: int,
    date: dt.date,
    fate: Fate,
    *,
    request: RequestId | None = None,
    by_hand: bool = False,
    reason: str = "",
) -> None:
    """Write down what became of a date."""
    kept = session.get(SeriesDate, (number, date))
    if kept is None:
        kept = SeriesDate(series_id=number, date=date)
        session.add(kept)
    kept.fate, kept.by_hand, kept.reason = fate.value, by_hand, reason
    kept.request_id = request_number(request) if request is not None else None
    session.flush()
    session.expire(kept, ["request"])


def ride_again(session: Session, request: RequestId) -> None:
    """Let the date of a request that was skipped be as it was before; the request is open again."""
    wanted = select(SeriesDate).filter_by(
        request_id=request_number(request), fate=Fate.SKIPPED.value
    )
    for kept in session.scalars(wanted):
        kept.fate = Fate.MADE.value
    session.flush()


def forget_date(session: Session, number: int, date: dt.date) -> None:
    """Let a date be as if nothing had become of it."""
    kept = session.get(SeriesDate, (number, date))
    if kept is not None:
        session.delete(kept)
        session.flush()


def of_request(session: Session, request: RequestId) -> str | None:
    """Name the series that a request was made for; of several, the newest."""
    wanted = select(SeriesDate.series_id).filter_by(request_id=request_number(request))
    number = session.scalar(wanted.order_by(SeriesDate.series_id.desc()).limit(1))
    return None if number is None else series_id(number)


def forget_of(session: Session, region: str, person: int) -> set[PlaceId]:
    """Forget every series of a passenger; returns the places that they rode between."""
    wanted = select(KeptSeries).filter_by(region=region, person_id=person)
    return _forget(session, session.scalars(wanted).unique().all())


def forget_before(session: Session, region: str, day: dt.date) -> int:
    """Forget series that ended before *day*, and older dates of the others; returns how many."""
    over = select(KeptSeries).where(KeptSeries.region == region, KeptSeries.last < day)
    ended = session.scalars(over).unique().all()
    _forget(session, ended)
    others = select(KeptSeries.id).filter_by(region=region)
    session.execute(
        delete(SeriesDate).where(SeriesDate.series_id.in_(others), SeriesDate.date < day)
    )
    return len(ended)


def people_of(session: Session, region: str) -> set[int]:
    """Numbers of those who have a series."""
    return set(session.scalars(select(KeptSeries.person_id).filter_by(region=region)))


def places_of(session: Session, region: str) -> set[PlaceId]:
    """From and to where series lead."""
    asked = select(KeptSeries.origin, KeptSeries.destination).filter_by(region=region)
    return {place for ends in session.execute(asked) for place in ends}


def _forget(session: Session, every: Iterable[KeptSeries]) -> set[PlaceId]:
    places = set()
    for kept in every:
        places |= {kept.origin, kept.destination}
        session.execute(delete(SeriesDate).filter_by(series_id=kept.id))
        session.delete(kept)
    session.flush()
    return places


def _get(session: Session, region: str, number: int) -> KeptSeries:
    kept = session.get(KeptSeries, number)
    if kept is None or kept.region != region:
        msg = f"Eine Serie {series_id(number)} gibt es nicht."
        raise NotKeptError(msg)
    return kept


def _fill(
    session: Session,
    kept: KeptSeries,
    booking: Booking,
    pattern: Pattern,
    on_closed: OnClosed,
    *,
    now: dt.datetime,
) -> None:
    fill_ride(session, kept, booking)
    note = booking.contact.note
    kept.note = vault(session).seal_freshly(NOTE, note) if note else None
    kept.weekdays = "".join(str(day) for day in sorted(pattern.weekdays))
    kept.every, kept.first, kept.last = pattern.every, pattern.first, pattern.last
    kept.on_closed, kept.changed = on_closed.value, now


def _stored(session: Session, region: KnownRegion, kept: KeptSeries) -> StoredSeries:
    who = passenger(session, kept.person)
    note = vault(session).open_fresh(NOTE, kept.note)[0] if kept.note else ""
    homes = homes_of(session, (kept.origin, kept.destination))
    dates = select(SeriesDate).filter_by(series_id=kept.id).order_by(SeriesDate.date)
    return StoredSeries(
        number=kept.id,
        row=ride_row(
            kept,
            region,
            homes,
            day=kept.first,
            contact=Contact(who.name, who.phone, note),
            born=who.born,
        ),
        pattern=_pattern(kept),
        on_closed=OnClosed(kept.on_closed),
        person=kept.person.id,
        withdrawn=kept.person.consent == Consent.WITHDRAWN.value,
        created=kept.created,
        changed=kept.changed,
        version=kept.version,
        dates=tuple(_date(each) for each in session.scalars(dates)),
    )


def _pattern(kept: KeptSeries) -> Pattern:
    return Pattern(frozenset(map(int, kept.weekdays)), kept.first, kept.last, kept.every)


def _date(kept: SeriesDate) -> StoredDate:
    request = kept.request
    known = request is not None and request.person_id is not None
    return StoredDate(
        date=kept.date,
        fate=Fate(kept.fate),
        request=request_id(request.id) if request is not None and known else None,
        on=request.date if request is not None and known else None,
        open=request is not None and known and request.cancelled is None,
        by_hand=kept.by_hand,
        reason=kept.reason,
    )
