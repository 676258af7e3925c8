"""
How the shifts of a day are staffed: who drives, who could step in, whose P-Schein ends.

All of it follows from a region as it is now, decisions of dispatchers included.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data.fleet import KnownVehicle
from data.region import Region
from data.roster import Decision, Driver, ShiftChange, ShiftPattern, overlap
from scheduler.model import DriverId, ShiftId

# A health check and the office take some weeks (FeV § 48, Annexes 5 and 6): so long before the end
# of a P-Schein somebody has to be told.
SOON = timedelta(weeks=8)
_AROUND = timedelta(weeks=2)  # in which shifts are counted, so that the same do not step in always


@dataclass(frozen=True)
class Candidate:
    """
    Somebody who could drive a shift, and has no other at that time.

    *wheelchairs* is false for who takes none on a bus that has a place for one. *also* are other
    shifts of theirs on that day, *usual* says that they drive this one on other weeks, and *around*
    counts their shifts of the weeks before and after.
    """

    driver: Driver
    wheelchairs: bool
    usual: bool
    also: tuple[ShiftPattern, ...]
    around: int


@dataclass(frozen=True)
class Staffed:
    """
    One shift of one date: *driver* is ``None`` as long as nobody is found.

    *runs* is false for a shift that could be opened, as its bus is free. *passed_over* are those
    whose turn it was, and whose P-Schein has run out by then. *change* is what was decided.
    """

    date: date
    pattern: ShiftPattern
    runs: bool
    driver: Driver | None
    passed_over: tuple[Driver, ...]
    wheelchair_bus: bool
    change: ShiftChange

    @property
    def ends_soon(self) -> bool:
        """Whether the P-Schein of the driver ends within the next weeks after that date."""
        return self.driver is not None and self.driver.licence_until < self.date + SOON


@dataclass(frozen=True)
class StaffedDay:
    """
    The shifts of a day; *closed* says why there are none, and is "" if there are.

    *away* are the buses that are not there, whose shifts are not listed.
    """

    date: date
    closed: str
    shifts: tuple[Staffed, ...]
    away: tuple[KnownVehicle, ...] = ()


class Staffing:
    """Answers for any day of a region."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._roster = region.roster

    def day(self, day: date) -> StaffedDay:
        """Tell how a day is staffed: its shifts in order, then those that could be opened."""
        closed = self._region.closed(day)
        if closed is not None:
            return StaffedDay(day, closed, ())
        rostered = self._roster.on(day)
        running = {each.pattern.id for each in rostered}
        idle = {each.id for each in self._region.idle_shifts(day)} - running
        return StaffedDay(
            day,
            "",
            (
                *(self._staffed(day, each.pattern, each.driver) for each in rostered),
                *(
                    self._staffed(day, pattern, None, runs=False)
                    for pattern in self._roster.patterns
                    if pattern.id in idle
                ),
            ),
            self._roster.away(day),
        )

    def days(self, first: date, *, weeks: int) -> list[StaffedDay]:
        """Tell how the days of some weeks are staffed."""
        return [self.day(first + timedelta(days=number)) for number in range(7 * weeks)]

    def candidates(self, day: date, shift: ShiftId) -> list[Candidate]:
        """
        List who could drive a shift of *day* instead, those first whom one would ask first.

        Whoever was taken out of it is not asked to step in for themselves.
        """
        pattern = self._pattern(shift)
        driving = [each for each in self._roster.on(day) if each.driver is not None]
        wheelchairs = self._has_wheelchair_place(pattern, day)
        turn = {name for names in pattern.drivers.values() for name in names}
        around = self._shifts_around(day)
        taken_out = self._taken_out(day, shift)
        found = []
        for driver in self._roster.drivers.values():
            theirs = [each.pattern for each in driving if each.driver == driver]
            if driver == taken_out or not driver.may_drive(day):
                continue
            if any(each.id == shift or overlap(each.hours, pattern.hours) for each in theirs):
                continue
            found.append(
                Candidate(
                    driver,
                    driver.takes_wheelchairs or not wheelchairs,
                    driver.id in turn,
                    tuple(theirs),
                    around[driver.id],
                )
            )
        return sorted(found, key=_asked_first)

    def licences_until(self, last: date) -> list[Driver]:
        """List whose P-Schein ends by *last*, or has ended, the first to end first."""
        ending = (each for each in self._roster.drivers.values() if each.licence_until <= last)
        return sorted(ending, key=lambda each: (each.licence_until, each.name))

    def _pattern(self, shift: ShiftId) -> ShiftPattern:
        return next(each for each in self._roster.patterns if each.id == shift)

    def _staffed(
        self, day: date, pattern: ShiftPattern, driver: Driver | None, *, runs: bool = True
    ) -> Staffed:
        return Staffed(
            date=day,
            pattern=pattern,
            runs=runs,
            driver=driver,
            passed_over=tuple(self._passed_over(day, pattern, driver)) if runs else (),
            wheelchair_bus=self._has_wheelchair_place(pattern, day),
            change=self._roster.change(day, pattern.id),
        )

    def _passed_over(
        self, day: date, pattern: ShiftPattern, driver: Driver | None
    ) -> Iterator[Driver]:
        for each in self._roster.turn(pattern, day) or ():
            if each == driver:
                return
            if not each.may_drive(day):
                yield each

    def _taken_out(self, day: date, shift: ShiftId) -> Driver | None:
        """Who would drive if nobody had decided to look for somebody else."""
        if self._roster.change(day, shift).decision is not Decision.OPEN:
            return None
        filed = self._roster.usual().on(day)
        return next((each.driver for each in filed if each.pattern.id == shift), None)

    def _has_wheelchair_place(self, pattern: ShiftPattern, day: date) -> bool:
        decided = self._region.fleet[pattern.vehicle].change_on(day)
        return any(load.wheelchairs for load in decided.configurations)

    def _shifts_around(self, day: date) -> Counter[DriverId]:
        days = (day + timedelta(days=ahead) for ahead in range(-_AROUND.days, _AROUND.days + 1))
        return Counter(
            each.driver.id
            for near in days
            if not self._region.closed(near)
            for each in self._roster.on(near)
            if each.driver is not None
        )


def _asked_first(each: Candidate) -> tuple[bool, bool, bool, int, str]:
    return (not each.wheelchairs, bool(each.also), not each.usual, each.around, each.driver.name)
