"""
Decide who drives a shift of one date, and see first whom that concerns.

The files of the region stay as they are: a decision lies on top of them (`data.shift_changes`).
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from api.errors import ShiftDecidedError
from api.operations.begun import is_running
from api.operations.office import Office
from data import plans, promises, requests, shift_changes
from data.errors import NotKeptError, RefusedRowError, Rejected
from data.plans import StoredPlan
from data.region import Region
from data.requests import StoredRequest
from data.roster import Decision, ShiftChange, ShiftPattern, overlap
from scheduler.clock import Clock
from scheduler.model import DriverId, Mobility, RequestId, Shift, ShiftId, TripKind, trip_kind
from scheduler.plan import Plan

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Wanted:
    """What is to be decided about a shift of one date; only who is `DRIVEN` has a *driver*."""

    date: date
    shift: ShiftId
    decision: Decision
    driver: DriverId | None = None


@dataclass(frozen=True)
class Concerned:
    """
    A passenger of the shift: *pickup* of the first trip with it, in the newest plan.

    *promised* says that they were told so, *lost* that they can no longer ride with it.
    """

    request: StoredRequest
    trip: TripKind
    pickup: Clock
    promised: bool
    lost: bool


@dataclass(frozen=True)
class Effect:
    """
    What a decision does to what is planned and promised.

    *before* and *after* are the shift as it is planned with, ``None`` if nobody drives it. *plan*
    is the version of the newest plan that will no longer fit, 0 for none; *published* says that
    drivers hold it. *seen* boils all of it down.
    """

    wanted: Wanted
    before: Shift | None
    after: Shift | None
    concerned: tuple[Concerned, ...]
    plan: int
    published: bool
    seen: str

    @property
    def harmless(self) -> bool:
        """Whether nothing that is planned or promised has to change."""
        return not self.concerned and not self.plan


def foresee(office: Office, region: Region, wanted: Wanted) -> Effect:
    """
    Tell whom a decision concerns; nothing is kept.

    Raises
    ------
    NotKeptError
        If the roster has no such shift.
    RefusedRowError
        If it cannot be; says why.
    """
    _refuse(office, region, wanted)
    changed = _with(region, wanted)
    before = _shift(region, wanted)
    after = _shift(changed, wanted)
    if before == after:
        return Effect(wanted, before, after, (), 0, published=False, seen=_boiled(wanted, (), 0))
    with office.store.reading() as session:
        standing = promises.read_standing(session, region.name, wanted.date, now=office.now())
        try:
            newest = plans.latest(session, region.name, wanted.date)
        except NotKeptError:
            newest = None
        promised = {each.request for each in standing.firm}
        aboard: dict[RequestId, tuple[TripKind, Clock]] = {}
        if standing.plan is not None:
            told = {each.request for each in standing.every}
            aboard |= {k: v for k, v in _aboard(standing.plan, wanted.shift).items() if k in told}
        if newest is not None:
            aboard |= _aboard(newest.plan, wanted.shift)
        stored = {name: requests.read(session, region, name) for name in aboard}
    concerned = tuple(
        Concerned(
            stored[name],
            trip,
            pickup,
            promised=name in promised,
            lost=_is_lost(stored[name], after),
        )
        for name, (trip, pickup) in sorted(aboard.items(), key=lambda each: (each[1][1], each[0]))
        if stored[name].cancelled is None
    )
    stale = newest.version if newest is not None and _is_driven(newest, before) else 0
    return Effect(
        wanted,
        before,
        after,
        concerned,
        stale,
        published=bool(stale and newest is not None and newest.published),
        seen=_boiled(wanted, concerned, stale),
    )


def decide(
    office: Office, region: Region, wanted: Wanted, *, version: int, seen: str = ""
) -> Effect | None:
    """
    Keep a decision; or, if it concerns anybody whom nobody has *seen* yet, say whom instead.

    Returns ``None`` when it is on the disk.

    Raises
    ------
    ShiftDecidedError
        If somebody else has decided about the shift meanwhile.
    NotKeptError, RefusedRowError
        As `foresee` does.
    """
    effect = foresee(office, region, wanted)
    now = region.roster.change(wanted.date, wanted.shift)
    if now.version != version:
        raise ShiftDecidedError(now)
    if not effect.harmless and seen != effect.seen:
        return effect
    with office.store.writing() as session:
        kept = shift_changes.keep(session, region.name, now, wanted.decision, wanted.driver)
    if kept is None:
        raise ShiftDecidedError(office.region(region.name).roster.change(wanted.date, wanted.shift))
    log.info(
        "decided shift %s of %s: %s, %d passengers concerned",
        wanted.shift,
        wanted.date,
        wanted.decision.value,
        len(effect.concerned),
    )
    return None


def pattern_of(region: Region, shift: ShiftId) -> ShiftPattern:
    """Find a shift of the roster; `NotKeptError` if there is none."""
    for pattern in region.roster.patterns:
        if pattern.id == shift:
            return pattern
    msg = f"Einen Dienst „{shift}“ gibt es in roster.toml nicht."
    raise NotKeptError(msg)


def misfits(office: Office, region: Region, first: date) -> Mapping[date, int]:
    """Find planned days from *first* on of which somebody else drives by now, with the version."""
    with office.store.reading() as session:
        days = [day for day in plans.planned_days(session, region.name) if day >= first]
        newest = {day: plans.latest(session, region.name, day) for day in days}
    return {
        day: stored.version
        for day, stored in newest.items()
        if stored.amendment is None and not _crews(stored.plan) <= _shift_crews(region, day)
    }


def _refuse(office: Office, region: Region, wanted: Wanted) -> None:
    """Raise with all that speaks against it, in German, as a fault of the field "wer"."""
    pattern = pattern_of(region, wanted.shift)
    day = wanted.date
    closed = region.closed(day)
    if closed is not None:
        raise _refused(f"{closed}. Ausnahmen stehen in region.toml.")
    if day < office.today(region):
        raise _refused(f"Der {day:%d.%m.%Y} ist schon vorbei.")
    if is_running(office, region, day):
        raise _refused(
            "Der Tag läuft schon. Wer heute ausfällt, wird auf der Seite des Tages gemeldet."
        )
    if wanted.decision is Decision.DRIVEN:
        _refuse_driver(region, wanted)
    _refuse_away(region, pattern, wanted)
    changed = _with(region, wanted)
    here = {each.pattern.id: each for each in changed.roster.on(day)}
    mine = here.pop(pattern.id, None)
    if mine is None:
        return
    for other in here.values():
        if not overlap(other.pattern.hours, pattern.hours):
            continue
        if other.pattern.vehicle == pattern.vehicle:
            bus = region.vehicle_label(pattern.vehicle)
            raise _refused(f"{bus} fährt dann schon im Dienst {other.pattern.name}.")
        if other.driver is not None and other.driver == mine.driver:
            raise _refused(f"{other.driver.name} fährt dann schon {other.pattern.name}.")


def _refuse_driver(region: Region, wanted: Wanted) -> None:
    driver = region.roster.drivers.get(wanted.driver or "")
    if driver is None:
        raise _refused("Bitte jemanden aus der Liste wählen.")
    if not driver.may_drive(wanted.date):
        raise _refused(
            f"Der P-Schein von {driver.name} gilt nur bis {driver.licence_until:%d.%m.%Y}."
        )


def _refuse_away(region: Region, pattern: ShiftPattern, wanted: Wanted) -> None:
    absence = region.fleet[pattern.vehicle].absence(wanted.date)
    if absence and wanted.decision in {Decision.DRIVEN, Decision.OPEN}:
        raise _refused(absence)


def _refused(message: str) -> RefusedRowError:
    return RefusedRowError((Rejected(0, "wer", "", message),))


def _with(region: Region, wanted: Wanted) -> Region:
    """Give the region as it would be."""
    others = [
        each for key, each in region.roster.changes.items() if key != (wanted.date, wanted.shift)
    ]
    change = ShiftChange(wanted.date, wanted.shift, wanted.decision, wanted.driver)
    return replace(region, roster=region.roster.changed([*others, change]))


def _shift(region: Region, wanted: Wanted) -> Shift | None:
    found = (each for each in region.shifts(wanted.date) if each.id == wanted.shift)
    return next(found, None)


def _aboard(plan: Plan, shift: ShiftId) -> dict[RequestId, tuple[TripKind, Clock]]:
    """Who rides with a shift, with the first trip of each."""
    aboard: dict[RequestId, tuple[TripKind, Clock]] = {}
    for route in plan.routes:
        if route.shift == shift:
            for stop in route.stops:
                for visit in stop.visits:
                    aboard.setdefault(visit.request, (trip_kind(visit.trip), visit.begin))
    return aboard


def _is_lost(stored: StoredRequest, after: Shift | None) -> bool:
    wheelchair = stored.row.mobility is Mobility.WHEELCHAIR
    return after is None or (wheelchair and not after.takes_wheelchairs)


def _is_driven(stored: StoredPlan, before: Shift | None) -> bool:
    """Whether a plan counts on the shift as it was; an amended one goes its own way."""
    if before is None or stored.amendment is not None:
        return False
    return (before.id, before.vehicle.id, before.driver) in _crews(stored.plan)


def _crews(plan: Plan) -> set[tuple[ShiftId, str, DriverId]]:
    return {(route.shift, route.vehicle, route.driver) for route in plan.routes}


def _shift_crews(region: Region, day: date) -> set[tuple[ShiftId, str, DriverId]]:
    return {(shift.id, shift.vehicle.id, shift.driver) for shift in region.shifts(day)}


def _boiled(wanted: Wanted, concerned: tuple[Concerned, ...], plan: int) -> str:
    what = [
        wanted.date.isoformat(),
        wanted.shift,
        wanted.decision.value,
        wanted.driver,
        plan,
        *([each.request.id, each.request.version, each.lost] for each in concerned),
    ]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]
