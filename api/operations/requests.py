"""Take, read, change and cancel requests; take a whole file of them."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from api.errors import CancelledError, EditedMeanwhileError, EventRefusedError, RunningDayError
from api.operations.amending import amend
from api.operations.begun import is_riding
from api.operations.intake import make_intake
from api.operations.office import Office
from data import promises, requests
from data.counting import MonthCounts, count_month
from data.day_input import Booking
from data.errors import OtherRideError, RefusedRowError, Rejected
from data.exchange import read_requests
from data.outcomes import Outcome, cancellation
from data.promises import StoredPromise
from data.region import Region
from data.request_rows import RequestRow, read_row
from data.requests import StoredRequest
from scheduler.events import Cancelled, NoShow
from scheduler.model import RequestId

log = logging.getLogger("fahrten")

# Stands in for the id that the database gives.
_NEW = "new"


@dataclass(frozen=True)
class Imported:
    """
    What became of a file.

    *added* are new requests, *known* those that the same row became before.
    """

    added: tuple[RequestId, ...]
    known: tuple[RequestId, ...]
    rejected: tuple[Rejected, ...]
    dates: tuple[date, ...]


def take(office: Office, region: Region, cells: dict[str, str]) -> StoredRequest:
    """
    Keep a new request; when this returns, it is on the disk.

    Raises
    ------
    RefusedRowError
        If it cannot be taken as it is.
    """
    booking = _book(office, region, _row(office, region, cells))
    with office.store.writing() as session:
        name = requests.add(session, region.name, booking, now=office.now())
        stored = requests.read(session, region, name)
    log.info("took request %s for %s", name, booking.date)
    return stored


def read(office: Office, region: Region, request: RequestId) -> StoredRequest:
    """Read a request with what it is promised now; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return requests.read(session, region, request).at(office.now())


def versions(office: Office, region: Region, day: date) -> list[tuple[RequestId, int]]:
    """Say which requests a day has, and in which version; nobody's data is opened."""
    with office.store.reading() as session:
        return requests.versions(session, region.name, day)


def read_day(
    office: Office, region: Region, day: date, *, cancelled: bool = False
) -> list[StoredRequest]:
    """Read the requests of one date, in the order in which they came in."""
    with office.store.reading() as session:
        stored = requests.read_day(session, region, day, cancelled=cancelled)
        return [each.at(office.now()) for each in stored]


def would_release(
    office: Office, region: Region, request: RequestId, cells: dict[str, str]
) -> StoredPromise | None:
    """
    Tell what is promised, or on hold, and would not be any more after a change; nothing is kept.

    Raises as `change` does.
    """
    stored = read(office, region, request)
    _refuse_cancelled(stored)
    if stored.promise is None:
        return None
    booking = _book(office, region, _row(office, region, cells))
    try:
        with office.store.writing() as session:
            raise _OnlyAskedError(
                requests.change(session, region.name, request, booking, now=office.now())
            )
    except _OnlyAskedError as asked:
        return asked.released and asked.released.at(office.now())


class _OnlyAskedError(Exception):
    """Takes back what was tried, and brings what it would have taken back itself."""

    def __init__(self, released: StoredPromise | None) -> None:
        super().__init__()
        self.released = released


def change(
    office: Office,
    region: Region,
    request: RequestId,
    cells: dict[str, str],
    *,
    versions: Collection[str] | None = None,
) -> StoredRequest:
    """
    Replace what was asked; when this returns, it is on the disk.

    If another ride is asked for, what was promised is taken back, and stands in `released`.
    *versions* are those that the change is meant for; without them, it is meant for any.

    Raises
    ------
    RefusedRowError
        If it cannot be taken as it is; then the request stays as it was.
    NotKeptError
        If there is no such request.
    CancelledError
        If nobody wants to ride any more.
    EditedMeanwhileError
        If it has another version by now.
    RunningDayError
        If it rides on a day that has begun, and another ride is asked for.
    """
    _refuse_cancelled(read(office, region, request))
    row = _row(office, region, cells)
    booking = _book(office, region, row)
    with office.store.writing() as session:
        # Somebody may have cancelled or changed it meanwhile.
        before = requests.read(session, region, request)
        _refuse_cancelled(before)
        if versions is not None and str(before.version) not in versions:
            raise EditedMeanwhileError(before.at(office.now()), row)
        riding = is_riding(office, region, request, before.row.date)
        try:
            released = requests.change(
                session, region.name, request, booking, now=office.now(), riding=riding
            )
        except OtherRideError as error:
            msg = (
                f"Der Fahrtwunsch {request} fährt am {before.row.date:%d.%m.%Y} schon mit. Für "
                "eine andere Fahrt bitte absagen und neu aufnehmen."
            )
            raise RunningDayError(msg) from error
        stored = requests.read(session, region, request)
    stored = replace(stored, released=released).at(office.now())
    log.info("changed request %s for %s", request, booking.date)
    return stored


def cancel(
    office: Office, region: Region, request: RequestId, *, because: Outcome | None = None
) -> StoredRequest:
    """
    Cancel a request; it stays readable. What it was promised is taken back.

    *because* says how it ended; without it, the clock tells how early it was cancelled. On a day
    that has begun, the rest of the day is planned anew without it.

    Raises
    ------
    NotKeptError
        If there is none.
    EventRefusedError
        If it has been driven already. That nobody was there can be said all the same.
    """
    with office.store.reading() as session:
        before = requests.read(session, region, request)
    day = before.row.date
    riding = before.cancelled is None and is_riding(office, region, request, day)
    if riding and _taken_out(office, region, request, day, because):
        with office.store.reading() as session:
            return requests.read(session, region, request).at(office.now())
    with office.store.writing() as session:
        row = requests.read(session, region, request).row
        outcome = because or cancellation(
            row.date,
            row.earliest_arrival,
            now=office.local(region),
            lead=region.policy.booking.lead,
        )
        released = requests.cancel(session, region.name, request, now=office.now(), outcome=outcome)
        if released is not None and released.until is None:
            # Whoever takes the cancellation back has it again (`reviving`), while the day lasts.
            over = datetime.combine(day + timedelta(days=1), time(), tzinfo=office.zone(region))
            promises.remember(
                session, region.name, day, released.promise, until=over, now=office.now()
            )
        stored = requests.read(session, region, request)
    stored = replace(stored, released=released).at(office.now())
    log.info("cancelled request %s", request)
    return stored


def month_counts(office: Office, region: Region, month: date) -> MonthCounts:
    """Count what became of the requests of the month in which *month* lies."""
    with office.store.reading() as session:
        return count_month(session, region.name, month.replace(day=1))


def _taken_out(
    office: Office, region: Region, request: RequestId, day: date, because: Outcome | None
) -> bool:
    """Take a request out of a day that has begun; False if nobody came, and all is driven."""
    event = NoShow(request) if because is Outcome.NO_SHOW else Cancelled(request)
    try:
        amend(office, region, day, event, outcome=because)
    except EventRefusedError:
        if because is not Outcome.NO_SHOW or is_riding(office, region, request, day, still=True):
            raise
        return False
    return True


def take_file(office: Office, region: Region, content: bytes, filename: str) -> Imported:
    """
    Keep every good row of a file, each only once however often the file comes.

    Raises
    ------
    UnreadableFileError
        If no row can be read at all.
    """
    rows, rejected = read_requests(content, filename, today=office.today(region))
    intake = make_intake(office, region)
    bookings: list[tuple[RequestRow, Booking]] = []
    for row in rows:
        booking = intake.take(row, _NEW)
        if isinstance(booking, list):
            rejected.extend(booking)
        else:
            bookings.append((row, booking))
    added: list[RequestId] = []
    known: list[RequestId] = []
    with office.store.writing() as session:
        for row, booking in bookings:
            name, is_new = requests.add_imported(
                session, region.name, booking, row, now=office.now()
            )
            (added if is_new else known).append(name)
    log.info(
        "imported a file: %d new requests, %d known, %d faults",
        len(added),
        len(known),
        len(rejected),
    )
    rejected.sort(key=lambda fault: fault.row)
    return Imported(
        tuple(added),
        tuple(known),
        tuple(rejected),
        tuple(sorted({row.date for row, _ in bookings})),
    )


def _refuse_cancelled(stored: StoredRequest) -> None:
    if stored.cancelled is not None:
        msg = (
            f"Der Fahrtwunsch {stored.id} ist abgesagt und kann nicht mehr geändert werden. "
            "Bitte einen neuen anlegen."
        )
        raise CancelledError(msg)


def understand(
    office: Office, region: Region, cells: dict[str, str], *, number: int = 0
) -> RequestRow | list[Rejected]:
    """Read a request for a day to come, or say everything that is wrong with it."""
    today = office.today(region)
    row = read_row(cells, row=number, today=today)
    if isinstance(row, list) or row.date >= today:
        return row
    message = f"Liegt in der Vergangenheit; heute ist der {today:%d.%m.%Y}."
    return [Rejected(number, "datum", row.date.isoformat(), message)]


def _row(office: Office, region: Region, cells: dict[str, str]) -> RequestRow:
    row = understand(office, region, cells)
    if isinstance(row, list):
        intake = make_intake(office, region)
        more = intake.more_faults(cells, row, today=office.today(region))
        raise RefusedRowError((*row, *more))
    return row


def _book(office: Office, region: Region, row: RequestRow) -> Booking:
    booking = make_intake(office, region).take(row, _NEW)
    if isinstance(booking, list):
        raise RefusedRowError(tuple(booking))
    return booking
