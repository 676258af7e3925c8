"""
What a time zone means, written into a calendar for programs that do not know its name.

`icalendar` gives the moments at which the clocks change by the new clock, where RFC 5545 (3.6.5)
asks for the old one: summer time would begin at 03:00 instead of 02:00.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)


def vtimezone(zone: ZoneInfo, first: dt.date, last: dt.date) -> Timezone:
    """Describe *zone* for all years from that of *first* to that of *last*."""
    begin = dt.datetime(first.year, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(last.year + 1, 1, 1, tzinfo=dt.UTC)
    described = Timezone()
    described.add("tzid", zone.key)
    for moment in (begin, *_changes(zone, begin, end)):
        before, after = (moment - _SECOND).astimezone(zone), moment.astimezone(zone)
        was, now = (_offset(each) for each in (before, after))
        observed = TimezoneDaylight() if after.dst() else TimezoneStandard()
        observed.add("dtstart", moment.replace(tzinfo=None) + was)
        observed.add("tzoffsetfrom", was)
        observed.add("tzoffsetto", now)
        observed.add("tzname", after.tzname())
        described.add_component(observed)
    return described


def _changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Find the seconds at which the clocks change; they do so at most once a day."""
    day = begin
    while day < end:
        if _shows(zone, day) != _shows(zone, day + _DAY):
            yield _change(zone, day, day + _DAY)
        day += _DAY


def _change(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _shows(zone, before) == _shows(zone, middle):
            before = middle
        else:
            after = middle
    return after


def _shows(zone: ZoneInfo, moment: dt.datetime) -> tuple[dt.timedelta, str | None]:
    local = moment.astimezone(zone)
    return _offset(local), local.tzname()


def _offset(local: dt.datetime) -> dt.timedelta:
    offset = local.utcoffset()
    assert offset is not None  # noqa: S101  (it has a time zone)
    return offset
