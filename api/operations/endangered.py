"""Promises that can no longer be kept: a driver, a bus or a practice is not there any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.operations.begun import is_running
from api.operations.office import Office
from data import promises, requests
from data.day_input import DayInput
from data.errors import UnkeptPromisesError
from data.intake import Intake
from data.promises import Standing
from data.region import Region
from data.requests import StoredRequest
from scheduler.model import RequestId

_SECONDS = 1.0  # for a plan that keeps them all, where the one that did is none any more
_CLOSED = frozenset({"datum", "termin", "apotheke"})
_NO_SHIFT = "Niemand fährt an diesem Tag."
_NO_WAY = "Mit den Bussen und Diensten dieses Tages ist die Zusage nicht zu halten."


@dataclass(frozen=True)
class Endangered:
    """Somebody to whom a ride is promised, and the German *reason* why it cannot be kept."""

    date: date
    request: StoredRequest
    reason: str


def endangered(office: Office, region: Region, day: date) -> tuple[Endangered, ...]:
    """List whose promises of one day cannot be kept as things are; a day that has begun is none."""
    if day < office.today(region) or is_running(office, region, day):
        return ()
    with office.store.reading() as session:
        standing = promises.read_standing(session, region.name, day, now=office.now())
        if not standing.firm:
            return ()
        promised = {name: requests.read(session, region, name) for name in standing.promises}
    reasons = {**_impossible(office, region, standing), **_refused(region, promised)}
    firm = {promise.request for promise in standing.firm}
    return tuple(
        Endangered(day, stored, reasons[name])
        for name, stored in promised.items()
        if name in reasons and name in firm
    )


def every(office: Office, region: Region) -> Iterator[Endangered]:
    """List all from today on, the next day first."""
    with office.store.reading() as session:
        days = promises.promised_days(session, region.name, first=office.today(region))
    for day in days:
        yield from endangered(office, region, day)


def _impossible(office: Office, region: Region, standing: Standing) -> dict[RequestId, str]:
    # It knows the optimizer, which takes a second to import.
    from data.books import open_desk
    from scheduler.optimizer.solution import Effort

    day = standing.date
    shifts = region.shifts(day)
    if not shifts:
        closed = region.closed(day)
        why = f"{closed}." if closed else region.without_bus(day) or _NO_SHIFT
        return dict.fromkeys(standing.promises, why)
    nobody = DayInput(day, (), {}, {})
    try:
        open_desk(
            standing,
            nobody,
            region,
            office.roads(region),
            shifts=shifts,
            effort=Effort(seconds=_SECONDS),
        )
    except UnkeptPromisesError as error:
        return dict.fromkeys(error.requests, _NO_WAY)
    return {}


def _refused(region: Region, promised: dict[RequestId, StoredRequest]) -> dict[RequestId, str]:
    """Whose place is closed by now: what a dispatcher would be told who took the call today."""
    intake = Intake(region)
    found = {}
    for name, stored in promised.items():
        taken = intake.take(stored.row, name)
        faults = taken if isinstance(taken, list) else []
        # An address that was found online once is not looked up again here.
        closed = [fault.message for fault in faults if fault.field in _CLOSED]
        if closed:
            found[name] = " ".join(closed)
    return found
