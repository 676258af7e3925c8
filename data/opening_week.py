"""
Opening hours as people say them: hours by weekday, public holidays, and when it is closed for long.

That is the part of OpenStreetMap's syntax that a form can show. Whatever says more is left to those
who can write the syntax (`data.opening`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from data.cells import read_time
from data.opening import WEEKDAYS, open_windows
from scheduler.clock import Clock, hh_mm
from scheduler.model import TimeWindow

Windows = tuple[TimeWindow, ...]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = rf"([0-9]{{4}}) ({'|'.join(_MONTHS)}) ([0-9]{{2}})"
_CLOSED = re.compile(rf"{_DATE}(?:-{_DATE})? off")
_COMPARED_DAYS = 400  # a year with all its holidays, and a bit more
_BETWEEN = re.compile(r"\s*(?:,|;|\bund\b|\+)\s*")
_UNTIL = re.compile(r"\s*(?:-|–|\bbis\b)\s*")
_HOUR = re.compile(r"[0-9]{1,2}")
MOST_LETTERS = 100  # of the hours of one day: far more than anybody opens
# What depends on the weekday and on holidays alone; so a year tells all of it.
_WEEKLY = frozenset({*WEEKDAYS, "PH", "off", "closed"})
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class OpeningWeek:
    """
    Hours of the seven weekdays, Monday first.

    On public holidays it is closed if *off_on_holidays*, and as on their weekday otherwise; it is
    closed in each span of *closed*, first and last day included.
    """

    days: tuple[Windows, ...]
    off_on_holidays: bool = True
    closed: tuple[tuple[date, date], ...] = ()

    def text(self) -> str:
        """Write it in OpenStreetMap's syntax."""
        parts = [
            f"{WEEKDAYS[number]} {','.join(f'{hh_mm(w.earliest)}-{hh_mm(w.latest)}' for w in day)}"
            for number, day in enumerate(self.days)
            if day
        ]
        if self.off_on_holidays:
            parts.append("PH off")
        parts += [f"{_osm(first)}-{_osm(last)} off" for first, last in self.closed]
        return "; ".join(parts) or "off"


def read_week(text: str, *, country: str, land: str, today: date) -> OpeningWeek | None:
    """
    Read opening hours in OpenStreetMap's syntax; ``None`` if a week cannot say the same.

    That it does is seen on each day of a year from *today* on.
    """
    spans = [_span(match) for match in _CLOSED.finditer(text)]
    rest = _CLOSED.sub("", text)
    if not text or None in spans or not _WEEKLY.issuperset(_WORD.findall(rest)):
        return None
    if '"' in rest or _YEAR.search(rest):
        return None
    closed = tuple(span for span in spans if span is not None and span[1] >= today)
    ahead = [today + timedelta(days=number) for number in range(_COMPARED_DAYS)]
    told = {day: open_windows(text, day, country=country, land=land) for day in ahead}
    for off_on_holidays in (True, False):
        week = OpeningWeek(_usual(told), off_on_holidays, closed)
        written = week.text()
        if all(
            open_windows(written, day, country=country, land=land) == windows
            for day, windows in told.items()
        ):
            return week
    return None


def read_hours(text: str) -> Windows:
    """
    Read the hours of one day as somebody types them: "8-12, 15-18"; nothing means closed.

    Raises
    ------
    ValueError
        In German, if it is anything else.
    """
    if len(text) > MOST_LETTERS:
        msg = f"Das ist zu lang; erlaubt sind {MOST_LETTERS} Zeichen."
        raise ValueError(msg)
    if not text.strip() or text.strip().casefold() in {"zu", "geschlossen", "-", "–"}:
        return ()
    windows: list[TimeWindow] = []
    for part in _BETWEEN.split(text.strip()):
        ends = _UNTIL.split(part)
        if len(ends) != 2:
            msg = "Öffnungszeiten sehen so aus: 8-12, 15-18:30; leer heißt geschlossen."
            raise ValueError(msg)
        first, last = (read_time(_full(end)) for end in ends)
        if last <= first:
            msg = f"{hh_mm(first)} bis {hh_mm(last)} ist keine Zeit, in der etwas offen ist."
            raise ValueError(msg)
        if windows and first < windows[-1].latest:
            msg = "Die Zeiten stehen nicht in ihrer Reihenfolge, oder überschneiden sich."
            raise ValueError(msg)
        windows.append(TimeWindow(first, last))
    return tuple(windows)


def write_hours(windows: Iterable[TimeWindow]) -> str:
    """Write the hours of one day as somebody would type them: "8-12, 15-18:30"."""
    return ", ".join(f"{_short(each.earliest)}-{_short(each.latest)}" for each in windows)


def _short(moment: Clock) -> str:
    hour, minutes = hh_mm(moment).split(":")
    return str(int(hour)) if minutes == "00" else f"{int(hour)}:{minutes}"


def _full(end: str) -> str:
    """A full hour may be typed as a number alone."""
    return f"{end}:00" if _HOUR.fullmatch(end) else end


def _usual(told: dict[date, Windows]) -> tuple[Windows, ...]:
    """What holds on most days of each weekday."""
    days = []
    for number in range(len(WEEKDAYS)):
        of_weekday = [windows for day, windows in told.items() if day.weekday() == number]
        days.append(max(of_weekday, key=of_weekday.count))
    return tuple(days)


def _osm(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}"


def _span(match: re.Match[str]) -> tuple[date, date] | None:
    try:
        first = _date(*match.groups()[:3])
        return first, _date(*match.groups()[3:]) if match[4] else first
    except ValueError:
        return None


def _date(year: str, month: str, day: str) -> date:
    return date(int(year), _MONTHS.index(month) + 1, int(day))
