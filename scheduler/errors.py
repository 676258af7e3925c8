"""
What can be asked wrongly of the scheduler.

Not serving somebody is an answer (`plan.Unserved`), not an error.

    ValueError
     └── SchedulerError
          ├── PolicyError     a rule that contradicts itself or is missing
          └── ProblemError    numbers that cannot be a day's problem
"""


class SchedulerError(ValueError):
    """Something was asked that makes no sense."""


class PolicyError(SchedulerError):
    """A policy key is missing, misspelt or has an impossible value; the message names the key."""


class ProblemError(SchedulerError):
    """Arrays of a problem do not fit together; the message names the array."""
