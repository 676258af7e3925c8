"""
When a place is open on a date, from OpenStreetMap's `opening_hours`, and public holidays.

The library that reads the syntax knows the holidays of a country only. Corpus Christi is one
in North Rhine-Westphalia and none in Berlin, so ``PH`` is answered here, by the holidays of
the Land; the rest of the syntax is the library's.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

import holidays
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from routing.units import HOUR, MINUTE
from scheduler.clock import END_OF_DAY, Clock
from scheduler.model import TimeWindow

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_WEEKDAYS = rf"{_WEEKDAY}(?:-{_WEEKDAY})?(?:,{_WEEKDAY}(?:-{_WEEKDAY})?)*"
_HOLIDAY = r"\bPH\b(?:\s*([+-][0-9]+)\s*days?\b)?"
_FARTHEST_DAYS = 366  # from a holiday; "PH -1 day" is the day before one
# "PH" alone or in a list; or side by side with weekdays, which means holidays on these weekdays.
_HOLIDAYS = re.compile(rf"{_HOLIDAY}\s+(?P<after>{_WEEKDAYS})\b(?!\[)|{_HOLIDAY}")

ALWAYS: Callable[[int], bool] = lambda _: True  # noqa: E731 - shorter than two functions
NEVER: Callable[[int], bool] = lambda _: False  # noqa: E731


@cache
def _calendar(country: str, land: str) -> holidays.HolidayBase:
    # The library takes any name that stands in it for a country.
    if country not in holidays.list_supported_countries():
        raise ValueError(_no_such_land(country, land))
    # Grows by whole years when asked for one that it has not seen.
    try:
        return holidays.country_holidays(country, subdiv=land or None, language="de")
    except NotImplementedError:  # so the library says that it does not know the country or Land
        raise ValueError(_no_such_land(country, land)) from None


def _no_such_land(country: str, land: str) -> str:
    lands = holidays.list_supported_countries().get(country)
    if lands is None:
        return f"Von {country!r} sind keine Feiertage bekannt; ein Land steht hier als DE, AT, LI."
    known = ", ".join(lands) or "keine"
    return f"{country} hat kein Bundesland {land!r}; bekannt sind: {known}."


def public_holiday(day: date, *, country: str, land: str) -> str | None:
    """
    Name the public holiday of *land* on *day*, in German where that is known.

    *country* and *land* are ISO 3166 codes ("DE", "NW"); *land* may be empty.

    Raises
    ------
    ValueError
        If there is no such country or Land.
    """
    name = _calendar(country, land).get(day)
    return None if name is None else str(name)


def opening_hours_fault(text: str) -> str | None:
    """Say in German what is wrong with an `opening_hours` text; ``None`` if it can be read."""
    try:
        _parsed(text)
    except ParserError as error:
        place = re.search(r"--> \d+:(\d+)", str(error))
        at = int(place.group(1)) - 1 if place else 0
        return f"ist nicht lesbar ab {text[at:]!r}" if text[at:] else "endet zu früh"
    offsets = re.findall(r"[+-]\s*([0-9]+)\s*day", text)
    if any(len(days) > 3 or int(days) > _FARTHEST_DAYS for days in offsets):
        return f"nennt mehr als {_FARTHEST_DAYS} Tage Abstand von einem Feiertag"
    try:
        for weekday in range(len(WEEKDAYS)):
            for every_day in ALWAYS, NEVER:
                _parsed(_answer_holidays(text, weekday, is_holiday=every_day))
    except ParserError:
        return "nennt PH an einer Stelle, die nicht eindeutig ist"
    return None


def open_windows(text: str, day: date, *, country: str, land: str) -> tuple[TimeWindow, ...]:
    """
    Opening hours on *day* in order; empty if closed all day.

    Hours "by appointment" or of unknown state count as open: whoever rides there has an
    appointment. What is open beyond midnight ends at midnight. School holidays (``SH``) are
    not known.

    Raises
    ------
    opening_hours.ParserError
        If *text* is not in the syntax; see `opening_hours_fault`.
    """

    def is_holiday(offset: int) -> bool:
        other = day - timedelta(days=offset)
        return public_holiday(other, country=country, land=land) is not None

    parsed = _parsed(_answer_holidays(text, day.weekday(), is_holiday=is_holiday))
    midnight = datetime.combine(day, time())
    windows: list[TimeWindow] = []
    for begin, end, state, _ in parsed.intervals(midnight, midnight + timedelta(days=1)):
        if state is State.CLOSED:
            continue
        earliest = _clock(begin, day)
        latest = END_OF_DAY if end is None else _clock(end, day)
        if windows and windows[-1].latest >= earliest:
            # Neighbours that differ only in their comment are one window.
            earliest = windows.pop().earliest
        windows.append(TimeWindow(earliest, latest))
    return tuple(windows)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> OpeningHours:
    # Without country and coordinates, PH never matches and times are the local wall clock.
    return OpeningHours(text, auto_country=False, auto_timezone=False)


def _answer_holidays(text: str, weekday: int, *, is_holiday: Callable[[int], bool]) -> str:
    """
    Write *weekday* for each ``PH`` that falls on it; the others match on no day.

    *is_holiday* tells of the day so many days before whether it is a holiday.
    """

    def answer(match: re.Match[str]) -> str:
        if not is_holiday(int(match[1] or match[3] or 0)):
            return "PH"
        return match["after"] or WEEKDAYS[weekday]

    # Every second part stands between quotation marks: a comment, which is not touched.
    parts = text.split('"')
    parts[::2] = [_HOLIDAYS.sub(answer, part) for part in parts[::2]]
    return '"'.join(parts)


def _clock(moment: datetime, day: date) -> Clock:
    if moment.date() < day:
        return 0
    if moment.date() > day:
        return END_OF_DAY
    return moment.hour * HOUR + moment.minute * MINUTE + moment.second
