"""
Who drives when: weekly shifts with drivers who take turns, and the exceptions of a date.

The roster answers for any date. Nothing in it is computed from today. What dispatchers decide for
one date lies on top of what the files say (`ShiftChange`); where that is kept, it does not know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from data.fleet import KnownVehicle
from scheduler.model import Break, DriverId, Shift, ShiftId, TimeWindow, VehicleId


@dataclass(frozen=True)
class Driver:
    """
    A volunteer.

    *licence_until* is the last day of the P-Schein (FeV § 48), which ends after five years.
    """

    id: DriverId
    name: str
    phone: str
    takes_wheelchairs: bool
    licence_until: date

    def may_drive(self, day: date) -> bool:
        """Whether the P-Schein is still valid."""
        return day <= self.licence_until


@dataclass(frozen=True)
class ShiftPattern:
    """
    A shift that comes every week.

    *drivers* has for each weekday (Monday is 0) those who take turns, week by week; a weekday
    that is missing has no such shift.
    """

    id: ShiftId
    name: str
    vehicle: VehicleId
    hours: TimeWindow
    rest: Break | None
    drivers: Mapping[int, tuple[DriverId, ...]]


@dataclass(frozen=True)
class RosterException:
    """On *date*, *shift* is driven by *driver*, or not at all if that is ``None``."""

    date: date
    shift: ShiftId
    driver: DriverId | None
    reason: str = ""


class Decision(StrEnum):
    """What was decided about a shift of one date."""

    DRIVEN = "driven"  # by one driver
    OPEN = "open"  # somebody is looked for
    OUT = "out"  # it falls out
    AS_FILED = "as_filed"  # nothing any more: as the files say


@dataclass(frozen=True)
class ShiftChange:
    """
    What was decided about *shift* of *date*, on top of the files.

    Only who is `DRIVEN` has a *driver*. *version* counts the decisions; it is 0 before the first.
    """

    date: date
    shift: ShiftId
    decision: Decision = Decision.AS_FILED
    driver: DriverId | None = None
    version: int = 0


@dataclass(frozen=True)
class RosteredShift:
    """A shift of one date; *driver* is ``None`` while nobody is found for it."""

    pattern: ShiftPattern
    driver: Driver | None


@dataclass(frozen=True, eq=False)
class Roster:
    """Drivers, buses, weekly shifts and exceptions of a region, and what was decided since."""

    drivers: Mapping[DriverId, Driver]
    fleet: Mapping[VehicleId, KnownVehicle]
    patterns: tuple[ShiftPattern, ...]
    exceptions: Mapping[tuple[date, ShiftId], RosterException]
    changes: Mapping[tuple[date, ShiftId], ShiftChange] = field(default_factory=dict)

    def changed(self, changes: Iterable[ShiftChange]) -> "Roster":
        """Give the roster with these decisions instead of those that it has."""
        return replace(self, changes={(each.date, each.shift): each for each in changes})

    def usual(self) -> "Roster":
        """The same without what was decided for some dates only."""
        fleet = {name: bus.usual() for name, bus in self.fleet.items()}
        return replace(self, fleet=fleet, changes={})

    def change(self, day: date, shift: ShiftId) -> ShiftChange:
        """Tell what was decided about a shift; version 0 if nothing ever was."""
        return self.changes.get((day, shift)) or ShiftChange(day, shift)

    def changes_on(self, day: date) -> tuple[ShiftChange, ...]:
        """List what holds for *day* beside the files."""
        of_day = (each for each in self.changes.values() if each.date == day)
        standing = (each for each in of_day if each.decision is not Decision.AS_FILED)
        return tuple(sorted(standing, key=lambda each: each.shift))

    def on(self, day: date) -> tuple[RosteredShift, ...]:
        """
        List the shifts of *day* in the order of their begin.

        Whose turn it is and whose P-Schein has run out is passed over: the next of the turn
        drives.
        """
        rostered = []
        for pattern in self.patterns:
            turn = self.turn(pattern, day)
            if turn is not None:
                driver = next((who for who in turn if who.may_drive(day)), None)
                rostered.append(RosteredShift(pattern, driver))
        return tuple(sorted(rostered, key=lambda shift: (shift.pattern.hours, shift.pattern.id)))

    def turn(self, pattern: ShiftPattern, day: date) -> tuple[Driver, ...] | None:
        """
        List whose turn a shift is on *day*, and who follows; ``None`` if there is no such shift.

        Their P-Schein may have run out. Nobody is left of a decision for somebody whom the files
        no longer name. Without its bus there is no shift, whatever was decided.
        """
        if self.fleet[pattern.vehicle].on(day) is None:
            return None
        change = self.change(day, pattern.id)
        if change.decision is Decision.OUT:
            return None
        if change.decision is not Decision.AS_FILED:
            driver = self.drivers.get(change.driver or "")
            return () if driver is None else (driver,)
        exception = self.exceptions.get((day, pattern.id))
        if exception is not None:
            return None if exception.driver is None else (self.drivers[exception.driver],)
        names = pattern.drivers.get(day.weekday())
        if not names:
            return None
        week = (day.toordinal() - 1) // 7  # 0001-01-01 was a Monday
        first = week % len(names)
        return tuple(self.drivers[name] for name in names[first:] + names[:first])

    def away(self, day: date) -> tuple[KnownVehicle, ...]:
        """List the buses that are not there on *day*."""
        return tuple(bus for bus in self.fleet.values() if bus.on(day) is None)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """List the shifts of *day* that have a driver, as the scheduler sees them."""
        given = (
            self._shift(
                rostered.pattern,
                day,
                driver=rostered.driver.id,
                takes_wheelchairs=rostered.driver.takes_wheelchairs,
            )
            for rostered in self.on(day)
            if rostered.driver is not None
        )
        return tuple(shift for shift in given if shift is not None)

    def idle_shifts(self, day: date) -> tuple[Shift, ...]:
        """
        List what could be driven on *day* besides, if somebody drove it: the bus is free.

        That are shifts that fell out, that nobody can drive, or that are for other weekdays. Each
        has a driver of its own whom nobody knows yet, and who takes no wheelchairs.
        """
        driven = self.shifts(day)
        busy = [(shift.vehicle.id, shift.hours) for shift in driven]
        idle = (
            self._shift(pattern, day, driver=f"?{pattern.id}", takes_wheelchairs=False)
            for pattern in self.patterns
            if all(shift.id != pattern.id for shift in driven)
            and not any(
                vehicle == pattern.vehicle and overlap(hours, pattern.hours)
                for vehicle, hours in busy
            )
        )
        return tuple(shift for shift in idle if shift is not None)

    def _shift(
        self, pattern: ShiftPattern, day: date, *, driver: DriverId, takes_wheelchairs: bool
    ) -> Shift | None:
        """Give a shift to a driver, as the scheduler sees it; ``None`` if its bus is not there."""
        known = self.fleet[pattern.vehicle]
        vehicle = known.on(day)
        if vehicle is None:
            return None
        return Shift(
            id=pattern.id,
            vehicle=vehicle,
            driver=driver,
            hours=pattern.hours,
            start_place=known.depot,
            end_place=known.depot,
            takes_wheelchairs=takes_wheelchairs,
            rest=pattern.rest,
        )


def overlap(one: TimeWindow, other: TimeWindow) -> bool:
    """Whether two shifts cannot be driven by one driver, or with one bus."""
    return max(one.earliest, other.earliest) < min(one.latest, other.latest)
