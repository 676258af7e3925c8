"""
Times of a service day as whole seconds.

A `Clock` counts from noon minus twelve hours, as in GTFS, so that it survives the change of
clocks. Wall-clock texts and time zones exist only at the edges of the program.
"""

import re
from typing import TypeAlias

from routing.units import HOUR, MINUTE

Clock: TypeAlias = int

END_OF_DAY: Clock = 24 * HOUR

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


def clock(text: str) -> Clock:
    """
    Read "8:30", "08:30" or "08:30:15"; hours may go up to 24 ("24:00").

    Raises
    ------
    ValueError
        If *text* is anything else.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        msg = f"A time looks like 08:30, not {text!r}."
        raise ValueError(msg)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    value = hours * HOUR + minutes * MINUTE + seconds
    if minutes > 59 or seconds > 59 or value > END_OF_DAY:
        msg = f"There is no such time of day: {text!r}."
        raise ValueError(msg)
    return value


def hh_mm(moment: Clock) -> str:
    """Whole minutes for people: 30_659 -> "08:30" (seconds are cut, never rounded up)."""
    return f"{moment // HOUR:02d}:{moment % HOUR // MINUTE:02d}"


def hh_mm_ss(moment: Clock) -> str:
    """To the second, for files that are read back: 30_659 -> "08:30:59"."""
    return f"{hh_mm(moment)}:{moment % MINUTE:02d}"
