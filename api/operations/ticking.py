"""
What drivers mark on the way, and what has become of each trip of a day.

Marks come in one by one or in a heap, from a telephone that had no reception: each is kept or
refused by itself, at the moment at which it was made, and only once however often it is sent.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from api.doors.errors import ForbiddenError
from api.operations.office import Office
from data import requests, states, ticks, versions
from data.errors import KeyReusedError, NotKeptError
from data.region import Region
from data.states import RequestState
from data.ticks import Mark, StoredTick, Tick
from scheduler.model import RequestId, ShiftId, TripKind

log = logging.getLogger("fahrten")

# Clocks of telephones are set by the network; what is further ahead is wrong. A guess.
AHEAD = timedelta(minutes=2)
_BEFOREHAND = timedelta(days=1)  # as links of drivers are good


@dataclass(frozen=True)
class Told:
    """
    A mark as it is sent: under a *key* of the sender's own.

    *shift* is "" for whichever drives the trip by the newest version that has it.
    """

    key: str
    request: RequestId
    trip: TripKind
    mark: Mark
    at: datetime
    shift: ShiftId = ""


@dataclass(frozen=True)
class Received:
    """
    What became of a mark: *kept*, now or (*known*) before, or refused with a *message*.

    One that is kept has a *message* if it was not kept at the moment that it came with.
    """

    key: str
    kept: StoredTick | None
    known: bool = False
    message: str = ""


class _RefusedError(ValueError):
    """Says in German why a mark is not kept."""


def mark(
    office: Office,
    region: Region,
    day: date,
    told: Sequence[Told],
    *,
    own: ShiftId | None = None,
    sent: datetime | None = None,
) -> list[Received]:
    """
    Keep marks, each or not at all; when this returns, those that are kept are on the disk.

    *own* is the one shift that the sender drives; without it, marks of every shift are taken.
    *sent* is now by the clock of the sender: if that is wrong, all its moments are, by as much.
    """
    now = office.now()
    received = []
    with office.store.writing() as session:
        sheets = versions.sheets_of(session, region.name, day)
        for each in told:
            try:
                right = replace(each, at=_righted(each.at, sent, now, _begin(office, region, day)))
                tick = _checked(office, region, day, right, sheets, own=own)
                requests.check_day(session, region.name, each.request, day)
                kept, new = ticks.keep(session, region.name, day, tick, key=each.key, now=now)
            except (_RefusedError, NotKeptError, KeyReusedError) as refused:
                received.append(Received(each.key, None, message=str(refused)))
            else:
                said = _wrong_clock(office, region, kept) if right.at != each.at else ""
                received.append(Received(each.key, kept, known=not new, message=said))
    kept_now = sum(each.kept is not None and not each.known for each in received)
    refused_now = sum(each.kept is None for each in received)
    log.info("%s: %d marks kept, %d refused", day, kept_now, refused_now)
    return received


def read_marks(
    office: Office, region: Region, day: date, *, shift: ShiftId | None = None
) -> list[StoredTick]:
    """Read the marks of a day, or of one *shift*, in the order in which they were made."""
    with office.store.reading() as session:
        return ticks.read_day(session, region.name, day, shift=shift)


def read_states(
    office: Office, region: Region, day: date, *, shift: ShiftId | None = None
) -> list[RequestState]:
    """Tell what has become of the requests of a day; with *shift*, of the trips it drives."""
    with office.store.reading() as session:
        every = states.read_day(session, region.name, day)
    if shift is None:
        return every
    of_shift = (
        replace(each, trips=tuple(trip for trip in each.trips if trip.shift == shift))
        for each in every
    )
    return [each for each in of_shift if each.trips]


def _begin(office: Office, region: Region, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=office.zone(region))


def _righted(at: datetime, sent: datetime | None, now: datetime, begin: datetime) -> datetime:
    """Put the moment of a mark right by how wrong the clock of its sender is."""
    if sent is None:
        return at
    right = at + (now - sent) if abs(now - sent) > AHEAD else at
    # Nobody can open the page of a shift so early: the clock was wrong then, and no longer is.
    return now if right < begin - _BEFOREHAND else right


def _wrong_clock(office: Office, region: Region, kept: StoredTick) -> str:
    at = kept.at.astimezone(office.zone(region))
    return f"Die Uhr des Telefons ging falsch. Gespeichert ist {at:%H:%M} Uhr."


def _checked(
    office: Office,
    region: Region,
    day: date,
    told: Told,
    sheets: Mapping[tuple[RequestId, TripKind], Sequence[ShiftId]],
    *,
    own: ShiftId | None,
) -> Tick:
    on = sheets.get((told.request, told.trip), ())
    shift = told.shift or own or (on[-1] if on else "")
    if own is not None and shift != own:
        raise _RefusedError(str(ForbiddenError()))
    if shift not in on:
        where = f"im Dienst „{shift}“" if shift else f"am {day:%d.%m.%Y}"
        msg = f"Der Fahrtwunsch {told.request} hat {where} keine solche Fahrt."
        raise _RefusedError(msg)
    now = office.now()
    at = now if told.at > now + AHEAD else told.at
    if at < _begin(office, region, day):
        msg = f"Da hatte der {day:%d.%m.%Y} noch nicht begonnen; geht die Uhr richtig?"
        raise _RefusedError(msg)
    return Tick(told.request, told.trip, shift, told.mark, at)
