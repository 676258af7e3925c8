"""
What can be asked wrongly of the scheduler.

Not serving somebody is an answer (`plan.Unserved`), not an error.

    ValueError
     └── SchedulerError
          ├── PolicyError     a rule that contradicts itself or is missing
          ├── RosterError     shifts that contradict each other
          ├── BrokenPromiseError   an offer that was overtaken by other promises
          ├── EventError      something that cannot happen on the rest of a day
          │    ├── NoWayBackError   about a way back that is not ahead
          │    ├── NotDueError      somebody missed who was not to be fetched yet
          │    ├── TakenError       a shift whose vehicle or driver is on another one then
          │    ├── WheelchairAboardError   a driver who cannot let somebody out who is in the bus
          │    ├── SameDriverError  a shift that is driven by that driver already
          │    └── OverError        a shift whose hours are over
          └── ProblemError    numbers that cannot be a day's problem
    RuntimeError
     ├── BrokenPlanError      the checker refused what the optimizer made
     └── LinearProgramError   a solver found no optimum where there is one
"""


class SchedulerError(ValueError):
    """Something was asked that makes no sense."""


class PolicyError(SchedulerError):
    """A policy key is missing, misspelt or has an impossible value; the message names the key."""


class RosterError(SchedulerError):
    """A vehicle or a driver is in two places at once; the message names both shifts."""


class ProblemError(SchedulerError):
    """Arrays of a problem do not fit together; the message names the array."""


class BrokenPromiseError(SchedulerError):
    """An offer can no longer be promised beside what was promised meanwhile."""


class EventError(SchedulerError):
    """An event names somebody or something that the rest of the day does not know."""


class NoWayBackError(EventError):
    """An event is about the way back of somebody who has none ahead."""


class NotThereError(EventError):
    """Somebody is said to have been ready for the way back before they were *there*."""

    def __init__(self, message: str, there: int) -> None:
        super().__init__(message)
        self.there = there


class NotDueError(EventError):
    """Nobody could have been missed yet: no bus is there for them, or was to be."""


class TakenError(EventError):
    """
    A shift cannot be driven beside another one: *shift*.

    That has its vehicle or, *by_driver*, its driver.
    """

    def __init__(self, message: str, shift: str, *, by_driver: bool) -> None:
        super().__init__(message)
        self.shift, self.by_driver = shift, by_driver


class WheelchairAboardError(EventError):
    """Somebody in a wheelchair is in the bus, and the new driver takes none."""


class SameDriverError(EventError):
    """Nothing would change: that driver drives the shift already."""


class OverError(EventError):
    """The hours of a shift are over: nothing of it is left to be driven."""


class BrokenPlanError(RuntimeError):
    """A fault of this program: the checker refused a plan; the message holds what it found."""


class LinearProgramError(RuntimeError):
    """HiGHS or a solver of OR-Tools gave up; what is proven so far holds without it."""
