"""
How requests end that nobody drives: each way for itself, and counted as evidence for another bus.

Whoever gave up because nothing was found is `Outcome.UNMET`. Whoever did not give up, but has no
room in the newest plan of the day, is unmet as well: such a request has no outcome, and is counted
from the plans (`data.counting`).
"""

import datetime as dt
from enum import StrEnum

from routing.units import Seconds
from scheduler.clock import Clock


class Outcome(StrEnum):
    """
    Why nobody wants this ride any more.

    `DENIED`: the dispatcher said no. `UNMET`: no offer was found, and the caller gave up.
    `CANCELLED`: on an earlier day than the ride; `CANCELLED_SAME_DAY`: on the day itself;
    `CANCELLED_LATE`: so late that nobody could have booked the seats any more. `NO_SHOW`: the bus
    came, and nobody was there. `MISTAKEN`: it was never asked for, and counts nowhere.
    """

    DENIED = "denied"
    UNMET = "unmet"
    CANCELLED = "cancelled"
    CANCELLED_SAME_DAY = "cancelled_same_day"
    CANCELLED_LATE = "cancelled_late"
    NO_SHOW = "no_show"
    MISTAKEN = "mistaken"


def cancellation(day: dt.date, arrival: Clock, *, now: dt.datetime, lead: Seconds) -> Outcome:
    """
    Tell apart how early a ride was cancelled.

    Parameters
    ----------
    day, arrival
        When the passenger had to be there, or could be from.
    now
        The moment on the clocks of the region, without a time zone.
    lead
        How long before a ride people may still ring (`policy.booking.lead`).
    """
    there = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=arrival)
    if now > there - dt.timedelta(seconds=lead):
        return Outcome.CANCELLED_LATE
    return Outcome.CANCELLED_SAME_DAY if now.date() == day else Outcome.CANCELLED
