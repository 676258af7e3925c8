"""On which dates something comes that comes every week, and where a closed one may go instead."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

FURTHEST = 3  # days by which a ride may be shifted; dialysis cannot wait longer. A guess.
MOST_WEEKS = 12


class OnClosed(StrEnum):
    """What becomes of a date on which no bus runs, or the practice is closed."""

    LEAVE_OUT = "leave_out"
    DAY_BEFORE = "day_before"
    DAY_AFTER = "day_after"


@dataclass(frozen=True)
class Pattern:
    """
    Some weekdays of every week, or of each second, third ... one.

    Weeks begin on Monday (0) and are counted from that of *first*. Both *first* and *last* may be
    dates of it; without *last* it goes on, and with one before *first* it has no date at all.
    """

    weekdays: frozenset[int]
    first: dt.date
    last: dt.date | None = None
    every: int = 1

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(7)):
            msg = f"Weekdays are 0 to 6, at least one of them: {sorted(self.weekdays)}."
            raise ValueError(msg)
        if not 1 <= self.every <= MOST_WEEKS:
            msg = f"Something comes every 1 to {MOST_WEEKS} weeks, not every {self.every}."
            raise ValueError(msg)

    def __contains__(self, day: dt.date) -> bool:
        """Whether *day* is one of the dates."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        weeks = (_monday(day) - _monday(self.first)).days // 7
        return day.weekday() in self.weekdays and weeks % self.every == 0

    def between(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        """List the dates from *first* to *last*, both included."""
        day = max(first, self.first)
        end = last if self.last is None else min(last, self.last)
        while day <= end:
            if day in self:
                yield day
            day += dt.timedelta(days=1)

    def instead(self, day: dt.date, on_closed: OnClosed) -> Iterator[dt.date]:
        """List the days to which a closed one may be shifted, the nearest first."""
        if on_closed is OnClosed.LEAVE_OUT:
            return
        step = -1 if on_closed is OnClosed.DAY_BEFORE else 1
        for days in range(1, FURTHEST + 1):
            other = day + dt.timedelta(days=step * days)
            if other not in self:
                yield other


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
