"""
How the seats of a bus are arranged, and when it is away: decided by dispatchers.

It lies on top of the region's files and holds from a date on, for good or until another. A day that
has begun goes on with the bus that it was planned with. Plans that no longer fit are named by
`fitting`; none is changed by itself.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from api.errors import VehicleEditedError
from api.operations.begun import is_running
from api.operations.office import Office
from api.operations.typed import text_faults
from data import plans, vehicle_changes
from data.errors import NotKeptError, RefusedRowError, Rejected
from data.fleet import MOST_SEATS, KnownVehicle, VehicleChange
from data.region import Region
from scheduler.model import Load, VehicleId

log = logging.getLogger("fahrten")

LONGEST_REMARK = 200  # characters
MOST_SEATINGS = 6
_FARTHEST = timedelta(days=5 * 366)  # what is typed beyond that is a slip of the year


def read(region: Region, vehicle: VehicleId) -> KnownVehicle:
    """
    Find a bus as it is now.

    Raises
    ------
    NotKeptError
        If the region has none of that name.
    """
    if vehicle not in region.fleet:
        msg = f"Einen Bus „{vehicle}“ gibt es in der Region nicht."
        raise NotKeptError(msg)
    return region.fleet[vehicle]


def version_of(bus: KnownVehicle) -> int:
    """How often something was decided about a bus."""
    return bus.changes[-1].version if bus.changes else 0


def change(office: Office, region: Region, wanted: VehicleChange) -> VehicleChange:
    """
    Decide how a bus is; the version of *wanted* is the one that was looked at.

    Today only counts while no bus has left; then it holds from tomorrow on.

    Raises
    ------
    NotKeptError
        As `read`.
    RefusedRowError
        With everything that is wrong, in German; the fields are called as those of `VehicleChange`.
    VehicleEditedError
        If somebody else has changed the bus since.
    """
    bus = read(region, wanted.vehicle)
    today = office.today(region)
    faults = [*_date_faults(wanted, today), *_seat_faults(wanted.configurations)]
    faults += text_faults("remark", wanted.remark, longest=LONGEST_REMARK)
    if not faults:
        if wanted.since == today and is_running(office, region, today):
            wanted = replace(wanted, since=today + timedelta(days=1))
        faults += _begun_faults(office, region, wanted)
    if faults:
        raise RefusedRowError(tuple(faults))
    with office.store.writing() as session:
        kept = vehicle_changes.keep(session, region.name, wanted)
    if kept is None:
        raise VehicleEditedError(office.region(region.name).fleet[bus.filed.id])
    log.info("changed the vehicle %s: version %d", kept.vehicle, kept.version)
    return kept


def _date_faults(wanted: VehicleChange, today: date) -> list[Rejected]:
    faults = []
    if wanted.since < today:
        message = f"Das ist schon vorbei; heute ist der {today:%d.%m.%Y}."
        faults.append(Rejected(0, "since", wanted.since.isoformat(), message))
    for name, day in (("since", wanted.since), ("until", wanted.until)):
        if day is not None and day > today + _FARTHEST:
            message = "Das ist mehr als fünf Jahre voraus; stimmt das Jahr?"
            faults.append(Rejected(0, name, day.isoformat(), message))
    if wanted.until is not None and wanted.until < wanted.since:
        message = "Der letzte Tag liegt vor dem ersten."
        faults.append(Rejected(0, "until", wanted.until.isoformat(), message))
    return faults


def _begun_faults(office: Office, region: Region, wanted: VehicleChange) -> list[Rejected]:
    if wanted.until is not None and wanted.until < wanted.since:
        message = (
            "Heute ist schon ein Bus unterwegs. Was den Bus heute trifft, bitte auf der Seite des "
            "Tages melden; hier geht es erst ab morgen."
        )
        return [Rejected(0, "until", wanted.until.isoformat(), message)]
    with office.store.reading() as session:
        planned = plans.planned_days(session, region.name)
    begun = [day for day in planned if wanted.holds(day) and is_running(office, region, day)]
    if not begun:
        return []
    message = (
        f"Am {min(begun):%d.%m.%Y} ist schon etwas geschehen; was den Bus dann trifft, bitte auf "
        "der Seite des Tages melden, und hier den Tag auslassen."
    )
    return [Rejected(0, "since", wanted.since.isoformat(), message)]


def _seat_faults(seatings: Sequence[Load]) -> list[Rejected]:
    if len(seatings) > MOST_SEATINGS:
        message = f"Das sind {len(seatings)} Sitzordnungen; erlaubt sind {MOST_SEATINGS}."
        return [Rejected(0, "configurations", "", message)]
    wrong = [each for each in seatings if not 1 <= each.seats + each.wheelchairs <= MOST_SEATS]
    message = f"1 bis {MOST_SEATS} Fahrgäste mit Klasse B (FeV § 6), Rollstühle mitgezählt."
    return [
        Rejected(0, "configurations", f"{each.seats} + {each.wheelchairs}", message)
        for each in wrong
    ]
