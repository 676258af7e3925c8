"""
The same ride again: what is usual for somebody, a request once more, a week of them in one call.

What somebody usually asks for is read from their requests as long as those are kept.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from api.operations.intake import make_intake
from api.operations.office import Office
from api.operations.people import read as read_person
from api.operations.requests import read as read_request
from api.operations.requests import take, understand
from data import requests
from data.day_input import Booking
from data.errors import Rejected
from data.profiles import StoredProfile
from data.region import Region
from data.request_rows import RequestRow, row_cells
from data.requests import StoredRequest
from scheduler.model import Mobility, RequestId, WayBack

log = logging.getLogger("fahrten")

MOST_HISTORY = 200  # requests that are looked at, the last ones
MOST_CHOICES = 5

Value = TypeVar("Value")


@dataclass(frozen=True)
class Usual:
    """
    What somebody usually asks for, to one destination.

    *row* has the date of the *last* of the *times* they rode there, which nobody means.
    """

    row: RequestRow
    times: int
    last: date


@dataclass(frozen=True)
class UsualFor:
    """
    What is usual for somebody, the most usual destination first.

    *origin*, *mobility* and *companions* are there also for whoever never rode: from what is
    known of them.
    """

    profile: StoredProfile
    origin: str
    mobility: Mobility
    companions: int
    choices: tuple[Usual, ...]


@dataclass(frozen=True)
class Batch:
    """
    What became of several requests at once, in their order.

    Each is *new*, or *known* because the same person asks for the same ride already, or ``None``
    and its faults are *rejected*; they count from 1.
    """

    requests: tuple[RequestId | None, ...]
    new: tuple[RequestId, ...]
    known: tuple[RequestId, ...]
    rejected: tuple[Rejected, ...]


def usual(office: Office, region: Region, person: str) -> UsualFor:
    """Tell what is usual for somebody; `NotKeptError` if nobody is called so."""
    profile = read_person(office, region, person)
    with office.store.reading() as session:
        every = requests.history(session, region, profile.number, most=MOST_HISTORY)
    driven = [each for each in every if each.cancelled is None] or every
    # What was told of somebody after their last ride was asked for is newer than that ride.
    told_later = not driven or (
        profile.changed is not None and profile.changed >= driven[0].changed
    )
    needs = profile if told_later else driven[0].row
    home = next(iter(profile.addresses), "")
    moved = profile.addresses if told_later else ()
    choices = [
        replace(each, row=_as_now(region, each.row, needs.mobility, needs.companions, moved))
        for each in _choices(driven)
    ]
    return UsualFor(
        profile,
        origin=choices[0].row.origin if choices else home,
        mobility=needs.mobility,
        companions=needs.companions,
        choices=tuple(choices[:MOST_CHOICES]),
    )


def copy(
    office: Office,
    region: Region,
    request: RequestId,
    day: date,
    *,
    termin: str | None = None,
) -> StoredRequest:
    """
    Ask for the same ride on another day, perhaps at another time; the old request stays as it is.

    *termin* is a time or a span, as in a file; without it, that of the old one.

    Raises
    ------
    NotKeptError
        If there is no such request.
    RefusedRowError
        If it cannot be taken on that day.
    """
    cells = row_cells(read_request(office, region, request).row)
    changed = {"datum": day.isoformat()} | ({} if termin is None else {"termin": termin})
    return take(office, region, cells | changed)


def take_batch(office: Office, region: Region, every: Sequence[dict[str, str]]) -> Batch:
    """
    Keep several requests at once, each or not at all; when this returns, they are on the disk.

    Sent again, nothing is kept twice.
    """
    intake = make_intake(office, region)
    taken: list[Booking | list[Rejected]] = []
    for number, cells in enumerate(every, start=1):
        row = understand(office, region, cells, number=number)
        taken.append(row if isinstance(row, list) else intake.take(row, f"r{number}"))
    names: list[RequestId | None] = []
    new: list[RequestId] = []
    known: list[RequestId] = []
    with office.store.writing() as session:
        for booking in taken:
            if isinstance(booking, list):
                names.append(None)
                continue
            name, is_new = requests.add_unless_same(session, region.name, booking, now=office.now())
            (new if is_new else known).append(name)
            names.append(name)
    rejected = tuple(fault for each in taken if isinstance(each, list) for fault in each)
    log.info(
        "took %d requests at once: %d new, %d known, %d faults",
        len(every),
        len(new),
        len(known),
        len(rejected),
    )
    return Batch(tuple(names), tuple(new), tuple(known), rejected)


def _choices(every: Sequence[StoredRequest]) -> list[Usual]:
    """One for each destination; to the most usual one first, of equal ones the latest."""
    by_destination: dict[str, list[RequestRow]] = {}
    for each in every:
        by_destination.setdefault(each.row.destination, []).append(each.row)
    found = [Usual(_usual_row(rows), len(rows), rows[0].date) for rows in by_destination.values()]
    return sorted(found, key=lambda each: (-each.times, -each.last.toordinal()))


def _as_now(
    region: Region, row: RequestRow, mobility: Mobility, companions: int, moved: Sequence[str]
) -> RequestRow:
    """Give a usual ride the needs of today, and the new home of whoever has *moved*."""
    elsewhere = {place.name for place in region.places.values()}
    stays = not moved or row.origin in elsewhere or row.origin in moved
    origin = row.origin if stays else moved[0]
    return replace(row, origin=origin, mobility=mobility, companions=companions)


def _usual_row(rows: Sequence[RequestRow]) -> RequestRow:
    """Put together what is most usual of each part; what hangs together is one part."""
    latest = rows[0]
    appointment, arrive = _most((each.appointment, each.arrive) for each in rows)
    way_back, return_at, pharmacy = _most(
        (each.way_back, each.return_at, each.pharmacy) for each in rows
    )
    row = replace(
        latest,
        origin=_most(each.origin for each in rows),
        appointment=appointment,
        arrive=arrive,
        stay=_most(each.stay for each in rows),
        way_back=way_back,
        return_at=return_at,
        pharmacy=pharmacy,
        priority=_most(each.priority for each in rows),
        note=_most(each.note for each in rows),
    )
    # Nobody goes home before they are there: then it is all as it was the last time.
    if row.way_back is WayBack.AT_TIME and (row.return_at or 0) <= row.earliest_arrival:
        return latest
    return row


def _most(values: Iterable[Value]) -> Value:
    """Choose the most frequent of some values, the latest first; of equal ones the latest."""
    ((value, _),) = Counter(values).most_common(1)
    return value
