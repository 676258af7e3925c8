"""From the clock of a service day to a moment in the world."""

import datetime as dt
from zoneinfo import ZoneInfo

from routing.units import HOUR
from scheduler.clock import Clock


def moment(day: dt.date, clock: Clock, zone: ZoneInfo) -> dt.datetime:
    """Give a moment in *zone*: also beyond midnight, and on days of 23 or 25 hours."""
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=zone).astimezone(dt.UTC)
    return (noon + dt.timedelta(seconds=clock - 12 * HOUR)).astimezone(zone)
