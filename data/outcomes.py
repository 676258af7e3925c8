"""
How a request ended that nobody drove: each way for itself, as evidence for another bus.

Who asked and stayed in the day, but found no room (*unmet*), stands in the plans of the day, which
never change: a request of the newest version's `unserved` that was not taken back.
"""

import datetime as dt
from enum import StrEnum

from routing.units import Seconds
from scheduler.clock import Clock


class Outcome(StrEnum):
    """
    Why nobody wants this ride any more.

    `DENIED`: nothing could be offered, and the caller did without. `CANCELLED`: on an earlier day
    than the ride; `CANCELLED_SAME_DAY`: on the day itself; `CANCELLED_LATE`: so late that nobody
    could have booked the seats any more. `NO_SHOW`: the bus came, and nobody was there.
    """

    DENIED = "denied"
    CANCELLED = "cancelled"
    CANCELLED_SAME_DAY = "cancelled_same_day"
    CANCELLED_LATE = "cancelled_late"
    NO_SHOW = "no_show"


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
