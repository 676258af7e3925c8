"""The roster of a region, from its `roster.toml`."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path

from data.fleet import KnownVehicle
from data.opening import WEEKDAYS
from data.reading import Findings, Table, read_toml
from data.roster import Driver, Roster, RosterException, ShiftPattern
from routing.units import HOUR, MINUTE
from scheduler.clock import hh_mm
from scheduler.model import Break, DriverId, ShiftId, TimeWindow, VehicleId

ROSTER_FILE = "roster.toml"

LONGEST_BREAK_MINUTES = 120
# Clubs set two to five hours themselves (FIELD.md, section 2); beyond this it is a typing error.
LONGEST_SHIFT = 10 * HOUR


def read_roster(
    folder: Path, fleet: Mapping[VehicleId, KnownVehicle], findings: Findings
) -> Roster:
    """Read the roster of a region; every mistake is noted in *findings*."""
    file = read_toml(folder / ROSTER_FILE, findings)
    file.only("driver", "shift", "exception")
    drivers: dict[DriverId, Driver] = {}
    for entry in file.tables("driver"):
        driver = _driver(entry)
        if driver.id in drivers:
            entry.wrong("id", "kommt zweimal vor.")
        drivers[driver.id] = driver
    patterns: dict[ShiftId, ShiftPattern] = {}
    for entry in file.tables("shift"):
        pattern = _pattern(entry, drivers, fleet)
        if pattern.id in patterns:
            entry.wrong("id", "kommt zweimal vor.")
        patterns[pattern.id] = pattern
    exceptions: dict[tuple[date, ShiftId], RosterException] = {}
    for entry in file.tables("exception"):
        exception = _exception(entry, drivers, patterns)
        if (exception.date, exception.shift) in exceptions:
            entry.wrong("date", "für diesen Dienst steht an dem Tag schon eine Ausnahme da.")
        exceptions[exception.date, exception.shift] = exception
    roster = Roster(drivers, fleet, tuple(patterns.values()), exceptions)
    _refuse_overlaps(roster, findings)
    return roster


def _driver(entry: Table) -> Driver:
    entry.only("id", "name", "phone", "takes_wheelchairs", "licence_until")
    return Driver(
        id=entry.text("id"),
        name=entry.text("name"),
        phone=entry.text("phone", ""),
        takes_wheelchairs=entry.truth("takes_wheelchairs"),
        licence_until=entry.day("licence_until"),
    )


def _pattern(
    entry: Table, drivers: Mapping[DriverId, Driver], fleet: Mapping[VehicleId, KnownVehicle]
) -> ShiftPattern:
    entry.only("id", "name", "vehicle", "from", "until", "break", "drivers")
    vehicle = entry.text("vehicle")
    if vehicle not in fleet:
        entry.wrong("vehicle", "muss die id eines Fahrzeugs in fleet.toml sein.")
    hours = entry.window()
    if not 0 < hours.latest - hours.earliest <= LONGEST_SHIFT:
        entry.wrong("until", f"ein Dienst dauert höchstens {LONGEST_SHIFT // HOUR} Stunden.")
    turns = entry.table("drivers")
    turns.only(*WEEKDAYS)
    by_weekday: dict[int, tuple[DriverId, ...]] = {}
    for number, weekday in enumerate(WEEKDAYS):
        names = turns.texts(weekday)
        for name in names:
            if name not in drivers:
                turns.wrong(weekday, f"{name!r} ist keine id eines [[driver]].")
        if names:
            by_weekday[number] = tuple(name for name in names if name in drivers)
    return ShiftPattern(
        id=entry.text("id"),
        name=entry.text("name"),
        vehicle=vehicle,
        hours=hours,
        rest=_rest(entry, hours),
        drivers=by_weekday,
    )


def _rest(entry: Table, hours: TimeWindow) -> Break | None:
    if "break" not in entry.values:
        return None
    rest = entry.table("break")
    rest.only("from", "until", "minutes")
    window, length = rest.window(), rest.whole("minutes", 1, LONGEST_BREAK_MINUTES) * MINUTE
    if window.earliest < hours.earliest or window.latest + length > hours.latest:
        rest.wrong("until", f"die Pause muss ganz in den Dienst {hours} passen.")
    return Break(window, length)


def _exception(
    entry: Table, drivers: Mapping[DriverId, Driver], patterns: Mapping[ShiftId, ShiftPattern]
) -> RosterException:
    entry.only("date", "shift", "driver", "reason")
    shift, driver = entry.text("shift"), entry.text("driver", "") or None
    if shift not in patterns:
        entry.wrong("shift", "muss die id eines [[shift]] sein.")
    if driver is not None and driver not in drivers:
        entry.wrong("driver", "muss die id eines [[driver]] sein, oder fehlen: Dienst fällt aus.")
        driver = None
    return RosterException(entry.day("date"), shift, driver, entry.text("reason", ""))


def _refuse_overlaps(roster: Roster, findings: Findings) -> None:
    """A bus and a driver are in one place at a time, on each weekday and each exception."""
    for one, other in combinations(roster.patterns, 2):
        begin = max(one.hours.earliest, other.hours.earliest)
        end = min(one.hours.latest, other.hours.latest)
        if begin >= end:
            continue
        both = f"{one.id} ({one.hours}) und {other.id} ({other.hours})"
        overlap = f"überschneiden sich von {hh_mm(begin)} bis {hh_mm(end)}"
        weekdays = sorted(one.drivers.keys() & other.drivers.keys())
        for weekday in weekdays:
            where = f"shift, {WEEKDAYS[weekday]}"
            if one.vehicle == other.vehicle:
                message = f"{overlap} auf dem Fahrzeug {one.vehicle!r}."
                findings.add(ROSTER_FILE, where, both, message)
            for driver in sorted(set(one.drivers[weekday]) & set(other.drivers[weekday])):
                message = f"{overlap}, und {driver!r} steht in beiden."
                findings.add(ROSTER_FILE, where, both, message)
        days = {day for day, shift in roster.exceptions if shift in {one.id, other.id}}
        for day in sorted(days):
            here = {shift.pattern.id: shift.driver for shift in roster.on(day)}
            if one.id not in here or other.id not in here:
                continue
            if one.vehicle == other.vehicle and day.weekday() not in weekdays:
                message = f"{overlap} auf dem Fahrzeug {one.vehicle!r}."
                findings.add(ROSTER_FILE, f"exception, {day}", both, message)
            if here[one.id] is not None and here[one.id] == here[other.id]:
                message = f"{overlap}, und dieselbe Person fährt beide."
                findings.add(ROSTER_FILE, f"exception, {day}", both, message)
