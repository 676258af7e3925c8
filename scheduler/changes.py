"""
The parts of a difference between two plans: visits, passengers, halts, shifts, older and newer.

What is printed counts. Sheets print minutes with the seconds cut, so times that read the same
are the same. Every part can be inverted: exchange older and newer.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing.units import Seconds
from scheduler.clock import END_OF_DAY, Clock, hh_mm
from scheduler.model import (
    DriverId,
    PlaceId,
    RequestId,
    ShiftId,
    TimeWindow,
    VehicleId,
    VisitKind,
)
from scheduler.plan import Reason


class Change(StrEnum):
    """What can happen to one visit."""

    ADDED = "added"
    DROPPED = "dropped"
    OTHER_SHIFT = "other_shift"
    OTHER_VEHICLE = "other_vehicle"
    OTHER_TIME = "other_time"


class Fate(StrEnum):
    """What can happen to one request."""

    NEWLY_SERVED = "newly_served"
    NO_LONGER_SERVED = "no_longer_served"
    CHANGED = "changed"


@dataclass(frozen=True)
class At:
    """
    Where one plan has a visit: in which shift, at which halt, and when.

    *halt* is the number on the sheet; *place_in_halt* counts the visits of that halt from 0.
    """

    shift: ShiftId
    vehicle: VehicleId
    halt: int
    place_in_halt: int
    begin: Clock
    end: Clock


@dataclass(frozen=True)
class VisitPair:
    """One visit in both plans; ``None`` where a plan does not have it."""

    request: RequestId
    kind: VisitKind
    place: PlaceId
    older: At | None
    newer: At | None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is different for the passenger; nothing if it is the same bus at the same time."""
        if self.older is None:
            return (Change.ADDED,)
        if self.newer is None:
            return (Change.DROPPED,)
        found = {
            Change.OTHER_SHIFT: self.older.shift != self.newer.shift,
            Change.OTHER_VEHICLE: self.older.vehicle != self.newer.vehicle,
            Change.OTHER_TIME: self._times(self.older) != self._times(self.newer),
        }
        return tuple(change for change, holds in found.items() if holds)

    @property
    def moved(self) -> Seconds:
        """How much later it begins; negative if earlier, 0 if only one plan has it."""
        return self.newer.begin - self.older.begin if self.older and self.newer else 0

    def _times(self, at: At) -> list[str]:
        # When a passenger boards again is printed where the bus waits, and nowhere else.
        return [hh_mm(at.begin), hh_mm(at.end) if self.kind is VisitKind.VIA else ""]

    def inverted(self) -> "VisitPair":
        """Exchange older and newer."""
        return VisitPair(self.request, self.kind, self.place, self.newer, self.older)


@dataclass(frozen=True)
class PassengerChange:
    """
    What changes for whoever made a request: the visits that do, in the order of time.

    *before* and *after* say why the older and the newer plan leave the request out; ``None``
    where it is served, or not asked (any more).
    """

    request: RequestId
    fate: Fate
    visits: tuple[VisitPair, ...]
    before: Reason | None = None
    after: Reason | None = None

    @property
    def moved(self) -> Seconds:
        """By how much the visit is moved that is moved most; a part of the journey may be gone."""
        if any(pair.older is None or pair.newer is None for pair in self.visits):
            return END_OF_DAY
        return max((abs(pair.moved) for pair in self.visits), default=0)

    def is_small(self, leeway: Seconds) -> bool:
        """Whether somebody is driven as before but for minutes, and at most *leeway* of them."""
        return self.fate is Fate.CHANGED and self.moved <= leeway

    def inverted(self) -> "PassengerChange":
        """Exchange older and newer."""
        visits = tuple(visit.inverted() for visit in self.visits)
        return PassengerChange(self.request, _INVERTED[self.fate], visits, self.after, self.before)


@dataclass(frozen=True)
class Halt:
    """A halt with visits, as it is numbered on the sheet."""

    number: int
    arrival: Clock
    departure: Clock


@dataclass(frozen=True)
class StopPair:
    """
    One halt of a shift on both sheets; ``None`` where a sheet does not have it.

    *visits* are those of either. *reordered* says that it comes before or after other halts than
    it did: the fewest halts that are taken out so that the others keep their order.
    """

    shift: ShiftId
    place: PlaceId
    older: Halt | None
    newer: Halt | None
    visits: tuple[VisitPair, ...]
    reordered: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything that is printed of this halt is different."""
        if self.older is None or self.newer is None:
            return True
        return (
            self.reordered
            or hh_mm(self.older.arrival) != hh_mm(self.newer.arrival)
            or hh_mm(self.older.departure) != hh_mm(self.newer.departure)
            or any(not (self.had(pair) and self.has(pair)) or pair.changes for pair in self.visits)
        )

    def had(self, visit: VisitPair) -> bool:
        """Whether the visit stands at this halt on the older sheet."""
        return _stands_at(visit.older, self.shift, self.older)

    def has(self, visit: VisitPair) -> bool:
        """Whether the visit stands at this halt on the newer sheet."""
        return _stands_at(visit.newer, self.shift, self.newer)

    def inverted(self) -> "StopPair":
        """Exchange older and newer."""
        visits = tuple(visit.inverted() for visit in self.visits)
        return StopPair(self.shift, self.place, self.newer, self.older, visits, self.reordered)


@dataclass(frozen=True)
class Frame:
    """
    A shift without its halts: who drives what, from when to when, and the break.

    *start* and *end* are ``None`` if the bus stays where it is.
    """

    vehicle: VehicleId
    driver: DriverId
    start: Clock | None
    end: Clock | None
    rest: TimeWindow | None

    @property
    def printed(self) -> tuple[str, ...]:
        """All of it, as it is read."""
        times = ("" if moment is None else hh_mm(moment) for moment in (self.start, self.end))
        return (self.vehicle, self.driver, *times, str(self.rest or ""))


@dataclass(frozen=True)
class ShiftChange:
    """
    What changes for the driver of one shift; *stops* are the changed halts only.

    A frame is ``None`` where a plan does not have the shift.
    """

    shift: ShiftId
    older: Frame | None
    newer: Frame | None
    stops: tuple[StopPair, ...]

    @property
    def frame_changed(self) -> bool:
        """Whether driver, vehicle, begin, end or break are different."""
        if self.older is None or self.newer is None:
            return True
        return self.older.printed != self.newer.printed

    def inverted(self) -> "ShiftChange":
        """Exchange older and newer."""
        stops = tuple(stop.inverted() for stop in self.stops)
        return ShiftChange(self.shift, self.newer, self.older, stops)


@dataclass(frozen=True)
class PlanDifference:
    """All that a newer plan of a day changes; false if that is nothing."""

    date: date
    passengers: tuple[PassengerChange, ...]
    shifts: tuple[ShiftChange, ...]

    def __bool__(self) -> bool:
        return bool(self.passengers or self.shifts)

    def inverted(self) -> "PlanDifference":
        """Say what would change if the older plan replaced the newer one."""
        return PlanDifference(
            self.date,
            tuple(each.inverted() for each in self.passengers),
            tuple(each.inverted() for each in self.shifts),
        )


def _stands_at(at: At | None, shift: ShiftId, halt: Halt | None) -> bool:
    return at is not None and halt is not None and (at.shift, at.halt) == (shift, halt.number)


def when(pair: VisitPair) -> tuple[Clock, RequestId, VisitKind, PlaceId]:
    """Sort by what comes first in either plan, so that the order has no direction."""
    begins = [at.begin for at in (pair.older, pair.newer) if at is not None]
    return min(begins), pair.request, pair.kind, pair.place


_INVERTED = {
    Fate.NEWLY_SERVED: Fate.NO_LONGER_SERVED,
    Fate.NO_LONGER_SERVED: Fate.NEWLY_SERVED,
    Fate.CHANGED: Fate.CHANGED,
}
