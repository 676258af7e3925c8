"""Rides that come every week: begin, change and end a series; skip a date, or change just one."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from api.errors import SeriesEditedError
from api.operations import requests as asking
from api.operations.begun import is_riding
from api.operations.intake import make_intake
from api.operations.office import Office
from api.operations.people import number_of
from api.operations.series_making import Wanted, make, make_within, probe, refuse_same, wanted
from data import requests, series
from data.errors import NotKeptError, RefusedRowError, Rejected
from data.outcomes import cancellation
from data.promises import StoredPromise
from data.region import Region
from data.request_rows import RequestRow, read_row, row_cells
from data.series import Fate, StoredDate, StoredSeries, series_number
from data.weekly import OnClosed, Pattern
from scheduler.model import RequestId

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Wish:
    """
    What a series is to be: a ride, and when it comes.

    *cells* are a request whose date is the first day; *weekdays* counts from Monday, 0.
    """

    cells: dict[str, str]
    weekdays: frozenset[int]
    every: int
    last: date | None
    on_closed: OnClosed


@dataclass(frozen=True)
class Done:
    """
    What became of a series, and of its requests to come.

    *kept* were changed by hand, or ride already: they stay as they are. *released* is what was
    promised and is taken back; whoever was promised it has to be told.
    """

    series: StoredSeries
    made: tuple[RequestId, ...] = ()
    changed: tuple[RequestId, ...] = ()
    cancelled: tuple[RequestId, ...] = ()
    kept: tuple[RequestId, ...] = ()
    released: tuple[tuple[RequestId, StoredPromise], ...] = ()


@dataclass
class _Doing:
    changed: list[RequestId] = field(default_factory=list)
    cancelled: list[RequestId] = field(default_factory=list)
    kept: list[RequestId] = field(default_factory=list)
    released: list[tuple[RequestId, StoredPromise]] = field(default_factory=list)

    def took_back(self, request: RequestId, promise: StoredPromise | None) -> None:
        """Note what was promised, if it was promised for good."""
        if promise is not None and promise.until is None:
            self.released.append((request, promise))

    def done(self, stored: StoredSeries, made: list[RequestId]) -> Done:
        return Done(
            stored,
            tuple(made),
            tuple(self.changed),
            tuple(self.cancelled),
            tuple(self.kept),
            tuple(self.released),
        )


def create(office: Office, region: Region, wish: Wish) -> Done:
    """
    Begin a series, and make its first requests; when this returns, they are on the disk.

    Raises
    ------
    RefusedRowError
        If it cannot be driven on any of its next dates, or another one drives them already.
    """
    row, pattern = _understood(office, region, wish)
    intake = make_intake(office, region)
    booking = probe(office, region, intake, row, pattern)
    with office.store.writing() as session:
        number = series.add(
            session, region.name, booking, pattern, wish.on_closed, now=office.now()
        )
        refuse_same(session, region, number, office.today(region))
        made = make_within(office, session, region, intake, number)
    log.info("began series s%d", number)
    return _Doing().done(_read(office, region, number), made)


def read(office: Office, region: Region, name: str) -> StoredSeries:
    """Read a series; `NotKeptError` if there is none."""
    return _read(office, region, series_number(name))


def going_on(office: Office, region: Region, request: RequestId) -> str:
    """Name the series that a request belongs to, if it goes on after today; "" otherwise."""
    name = of_request(office, region, request)
    if not name:
        return ""
    last = read(office, region, name).pattern.last
    return "" if last is not None and last <= office.today(region) else name


def of_request(office: Office, region: Region, request: RequestId) -> str:
    """Name the series that a request of the region belongs to; "" if there is none."""
    with office.store.reading() as session:
        requests.read(session, region, request)
        return series.of_request(session, request) or ""


def read_all(
    office: Office, region: Region, *, person: str | None = None, ended: bool = False
) -> list[StoredSeries]:
    """Read the series that go on, of everybody or of one person; *ended* ones as well if asked."""
    with office.store.reading() as session:
        return series.read_all(
            session,
            region,
            person=None if person is None else number_of(person),
            since=None if ended else office.today(region),
        )


def change(
    office: Office,
    region: Region,
    name: str,
    wish: Wish,
    *,
    versions: Collection[str] | None = None,
) -> Done:
    """
    Replace ride and pattern, also of requests to come that nobody has changed by hand.

    What was promised for another ride is taken back, and stands in `Done.released`.

    Raises
    ------
    NotKeptError
        If there is none.
    RefusedRowError
        If it cannot be driven on any of its next dates; then it stays as it was.
    SeriesEditedError
        If it has another version by now.
    """
    number = series_number(name)
    row, pattern = _understood(office, region, wish)
    before = _read(office, region, number)
    _refuse_other(before, versions)
    intake, today = make_intake(office, region), office.today(region)
    booking = probe(office, region, intake, row, pattern)
    targets = {
        each.date: wanted(intake, row, pattern, wish.on_closed, each.date, today=today)
        for each in _ahead(before, today)
        if each.date in pattern
    }
    doing = _Doing()
    with office.store.writing() as session:
        stored = series.read(session, region, number)
        _refuse_other(stored, {str(before.version)})
        series.change(
            session, region.name, number, booking, pattern, wish.on_closed, now=office.now()
        )
        for each in _ahead(stored, today):
            _follow(office, region, session, number, each, targets.get(each.date), doing)
        made = make_within(office, session, region, intake, number)
    log.info("changed series %s: %d requests", name, len(doing.changed) + len(doing.cancelled))
    return doing.done(_read(office, region, number), made)


def end(office: Office, region: Region, name: str, last: date | None = None) -> Done:
    """
    Let a series have no date after *last*, without it after today; what comes is cancelled.

    Raises
    ------
    NotKeptError
        If there is none.
    """
    number, today = series_number(name), office.today(region)
    until = last or today
    doing = _Doing()
    with office.store.writing() as session:
        stored = series.read(session, region, number)
        series.end(session, region.name, number, until, now=office.now())
        for each in _ahead(stored, today):
            if each.date > until:
                _follow(office, region, session, number, each, None, doing)
    log.info("ended series %s: %d requests cancelled", name, len(doing.cancelled))
    return doing.done(_read(office, region, number), [])


def skip(office: Office, region: Region, name: str, day: date) -> Done:
    """
    Leave one date out; its request is cancelled.

    Raises
    ------
    NotKeptError
        If there is none, or it has no such date to come.
    EventRefusedError
        If it has been driven already.
    """
    stored, each = _date_to_come(office, region, name, day)
    doing = _Doing()
    if each is not None and each.open and each.request is not None:
        cancelled = asking.cancel(office, region, each.request)
        doing.cancelled.append(each.request)
        doing.took_back(each.request, cancelled.released)
    with office.store.writing() as session:
        request = each.request if each else None
        series.note_date(session, stored.number, day, Fate.SKIPPED, request=request)
    log.info("series %s skips %s", name, day)
    return doing.done(_read(office, region, stored.number), [])


def resume(office: Office, region: Region, name: str, day: date) -> Done:
    """
    Drive a date all the same that was skipped or cancelled.

    Raises
    ------
    NotKeptError
        If there is none, or it has no such date to come.
    """
    stored, each = _date_to_come(office, region, name, day)
    if each is not None and not each.open:
        with office.store.writing() as session:
            series.forget_date(session, stored.number, day)
    made = make(office, region, stored.number)
    return _Doing().done(_read(office, region, stored.number), made)


def change_one(
    office: Office, region: Region, name: str, day: date, changes: dict[str, str]
) -> Done:
    """
    Change just one date: another day or time; the series leaves it alone from then on.

    *changes* are columns of the request, as in a file.

    Raises
    ------
    NotKeptError
        If there is none, or it has no such date to come.
    RefusedRowError
        If it cannot be taken so.
    RunningDayError
        If it rides already.
    """
    stored, each = _date_to_come(office, region, name, day)
    doing = _Doing()
    if each is not None and each.open and each.request is not None:
        row = asking.read(office, region, each.request).row
        changed = asking.change(office, region, each.request, row_cells(row) | changes)
        doing.changed.append(each.request)
        doing.took_back(each.request, changed.released)
        return doing.done(_read(office, region, stored.number), [])
    cells = row_cells(replace(stored.row, date=day)) | changes
    told = asking.understand(office, region, cells)
    taken = told if isinstance(told, list) else make_intake(office, region).take(told, "new")
    if isinstance(taken, list):
        raise RefusedRowError(tuple(taken))
    with office.store.writing() as session:
        request, _ = requests.add_unless_same(session, region.name, taken, now=office.now())
        series.note_date(session, stored.number, day, Fate.MADE, request=request, by_hand=True)
    return doing.done(_read(office, region, stored.number), [request])


def _read(office: Office, region: Region, number: int) -> StoredSeries:
    with office.store.reading() as session:
        return series.read(session, region, number)


def _understood(office: Office, region: Region, wish: Wish) -> tuple[RequestRow, Pattern]:
    row = read_row(wish.cells, row=0, today=office.today(region))
    rejected = list(row) if isinstance(row, list) else []
    if not wish.weekdays:
        rejected.append(Rejected(0, "weekdays", "", "Fehlt: an welchen Wochentagen?"))
    first = None if isinstance(row, list) else row.date
    if first and wish.last and wish.last < first:
        message = f"Liegt vor dem ersten Tag, dem {first:%d.%m.%Y}."
        rejected.append(Rejected(0, "last", wish.last.isoformat(), message))
    if wish.last and wish.last < office.today(region):
        message = "Liegt in der Vergangenheit."
        rejected.append(Rejected(0, "last", wish.last.isoformat(), message))
    if isinstance(row, list) or rejected:
        raise RefusedRowError(tuple(rejected))
    pattern = Pattern(wish.weekdays, row.date, wish.last, wish.every)
    if not any(pattern.between(row.date, row.date + timedelta(weeks=wish.every))):
        message = "Bis dahin liegt kein einziger dieser Wochentage."
        raise RefusedRowError((Rejected(0, "last", str(wish.last or ""), message),))
    return row, pattern


def _refuse_other(stored: StoredSeries, versions: Collection[str] | None) -> None:
    if versions is not None and str(stored.version) not in versions:
        raise SeriesEditedError(stored)


def _ahead(stored: StoredSeries, today: date) -> list[StoredDate]:
    """Dates of which something has become, and that are not over, as they were or as moved."""
    return [each for each in stored.dates if (each.on or each.date) >= today]


def _date_to_come(
    office: Office, region: Region, name: str, day: date
) -> tuple[StoredSeries, StoredDate | None]:
    stored = read(office, region, name)
    each = stored.at(day)
    if (day not in stored.pattern and each is None) or day < office.today(region):
        msg = f"Die Serie {name} hat am {day:%d.%m.%Y} keine Fahrt vor sich."
        raise NotKeptError(msg)
    return stored, each


def _follow(
    office: Office,
    region: Region,
    session: Session,
    number: int,
    each: StoredDate,
    target: Wanted | None,
    doing: _Doing,
) -> None:
    """Let one date follow its series: *target* is what is to become of it, ``None`` nothing."""
    if each.fate is not Fate.MADE:
        if target is None or each.fate is not Fate.SKIPPED:
            series.forget_date(session, number, each.date)
        return
    request = each.request
    if request is None or not each.open:
        if target is None:
            series.forget_date(session, number, each.date)
        return
    if each.by_hand or (each.on and is_riding(office, region, request, each.on)):
        doing.kept.append(request)
        return
    if target is not None and target.booking is not None:
        released = requests.change(
            session, region.name, request, target.booking, now=office.now(), by_hand=False
        )
        series.note_date(
            session, number, each.date, Fate.MADE, request=request, reason=target.reason
        )
        doing.changed.append(request)
    else:
        released = _cancel(office, region, session, request)
        doing.cancelled.append(request)
        if target is None:
            series.forget_date(session, number, each.date)
        else:
            series.note_date(session, number, each.date, target.fate, reason=target.reason)
    doing.took_back(request, released)


def _cancel(
    office: Office, region: Region, session: Session, request: RequestId
) -> StoredPromise | None:
    row = requests.read(session, region, request).row
    outcome = cancellation(
        row.date,
        row.earliest_arrival,
        now=office.local(region),
        lead=region.policy.booking.lead,
    )
    return requests.cancel(session, region.name, request, now=office.now(), outcome=outcome)
