"""
Free appointments from the calendar files of practices (RFC 5545).

Each single event is a free appointment at its begin. What cannot be one is named by its number and
time, never by its title: that may be the name of a patient.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar.timezone import tzp

from data.cells import FIRST_DAY, LAST_DAY
from data.errors import UnreadableFileError
from routing.units import HOUR, MINUTE
from scheduler.clock import Clock

LARGEST_CALENDAR = 1_000_000  # bytes; 10,000 appointments, which take a second to read
LONGEST_PLACE = 200  # of what stands under LOCATION, letters that are looked at

# The library keeps the time zones that a file describes, also for the files that come after it.
_READING = threading.Lock()
_STRANGE_YEAR = f"Das Jahr muss zwischen {FIRST_DAY.year} und {LAST_DAY.year} liegen."
_NOT_ONE_BY_ONE = ("RRULE", "RDATE", "RECURRENCE-ID")


@dataclass(frozen=True)
class FreeAppointment:
    """
    A free appointment in local time; *place* is what the calendar calls it, "" if nothing.

    *entry* counts the events of the file from 1.
    """

    date: dt.date
    at: Clock
    place: str = ""
    entry: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Unusable:
    """
    An entry of a calendar that is no free appointment; *message* says why in German.

    *entry* counts the events of the file from 1; *when* is its begin as far as it could be read.
    """

    file: str
    entry: int
    when: str
    message: str

    def __str__(self) -> str:
        when = f" ({self.when})" if self.when else ""
        return f"{self.file}, Eintrag {self.entry}{when}: {self.message}"


class _UnusableError(ValueError):
    """Says in German why an event is no free appointment."""


def read_calendar(
    content: bytes, filename: str, *, zone: ZoneInfo, now: dt.datetime
) -> tuple[list[FreeAppointment], list[Unusable]]:
    """
    Read the free appointments of a calendar file, each once, the earliest first.

    Parameters
    ----------
    zone
        Of the region. Times without a zone are meant in it.
    now
        The present moment on its clocks, without a zone: what lies before is not free any more.

    Raises
    ------
    UnreadableFileError
        If it is too large, no calendar, or has no event at all.
    """
    name = PurePath(filename).name
    if len(content) > LARGEST_CALENDAR:
        msg = f"„{name}“ ist zu groß für einen Kalender: erlaubt ist 1 MB."
        raise UnreadableFileError(msg)
    free: dict[FreeAppointment, FreeAppointment] = {}
    unusable = []
    number = 0
    with _READING:
        for number, event in enumerate(_events(content, name), start=1):
            try:
                found = _appointment(event, zone, now)
                free.setdefault(found, replace(found, entry=number))
            except _UnusableError as error:
                unusable.append(Unusable(name, number, _when(event), str(error)))
    if not number:
        msg = f"„{name}“ ist ein Kalender ohne einen einzigen Eintrag (VEVENT)."
        raise UnreadableFileError(msg)
    return sorted(free.values(), key=lambda each: (each.date, each.at, each.place)), unusable


def _events(content: bytes, name: str) -> Iterator[Any]:
    tzp.use_default()
    try:
        calendars = Calendar.from_ical(_text(content), multiple=True)
    except Exception:  # noqa: BLE001  (the library has many ways to be surprised)
        calendars = []
    # A file that was cut off in the middle has none.
    if not any(each.name == "VCALENDAR" for each in calendars):
        msg = (
            f"„{name}“ ist kein vollständiger Kalender im Format iCalendar (.ics): Er beginnt mit "
            "BEGIN:VCALENDAR und endet mit END:VCALENDAR."
        )
        raise UnreadableFileError(msg)
    for calendar in calendars:
        yield from _within(calendar)


def _within(calendar: Any) -> Iterator[Any]:
    """Every event, however deep; `Component.walk` is too deep for Python itself."""
    waiting = [calendar]
    while waiting:
        component = waiting.pop()
        if component.name == "VEVENT":
            yield component
        waiting += reversed(component.subcomponents)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _appointment(event: Any, zone: ZoneInfo, now: dt.datetime) -> FreeAppointment:
    if any(key in event for key in _NOT_ONE_BY_ONE):
        msg = "Wiederholt sich (RRULE). Bitte jeden freien Termin einzeln ausgeben."
        raise _UnusableError(msg)
    if _word(event, "STATUS") == "CANCELLED":
        msg = "Ist abgesagt (STATUS:CANCELLED)."
        raise _UnusableError(msg)
    if _word(event, "TRANSP") == "OPAQUE":
        msg = "Ist belegt (TRANSP:OPAQUE). Freie Termine bitte als „frei“ kennzeichnen."
        raise _UnusableError(msg)
    local = _local(_begin(event), event, zone)
    if local < now:
        msg = "Liegt in der Vergangenheit."
        raise _UnusableError(msg)
    if not FIRST_DAY <= local.date() <= LAST_DAY:
        raise _UnusableError(_STRANGE_YEAR)
    at = local.hour * HOUR + local.minute * MINUTE
    return FreeAppointment(local.date(), at, _place(event))


def _begin(event: Any) -> dt.date | dt.datetime:
    if "DTSTART" not in event:
        msg = "Hat keinen Beginn (DTSTART)."
        raise _UnusableError(msg)
    try:
        begin = event["DTSTART"].dt
    except (ValueError, AttributeError):
        begin = None
    if not isinstance(begin, dt.date):
        msg = "Der Beginn (DTSTART) ist nicht zu lesen; richtig ist etwa 20270302T102000."
        raise _UnusableError(msg)
    if not FIRST_DAY.year <= begin.year <= LAST_DAY.year:
        raise _UnusableError(_STRANGE_YEAR)
    return begin


def _local(begin: dt.date | dt.datetime, event: Any, zone: ZoneInfo) -> dt.datetime:
    """The same on the clocks of *zone*, without a zone."""
    if not isinstance(begin, dt.datetime):
        msg = "Gilt für den ganzen Tag. Ein freier Termin hat eine Uhrzeit."
        raise _UnusableError(msg)
    if begin.tzinfo is not None:
        try:
            return begin.astimezone(zone).replace(tzinfo=None)
        except (ValueError, ArithmeticError, LookupError, AttributeError):
            msg = "Die Zeitzone ist in der Datei falsch beschrieben (VTIMEZONE)."
            raise _UnusableError(msg) from None
    if "TZID" in event["DTSTART"].params:
        msg = (
            "Die Zeitzone (TZID) ist nicht bekannt und in der Datei nicht beschrieben; richtig ist "
            f"etwa {zone.key}."
        )
        raise _UnusableError(msg)
    return begin


def _place(event: Any) -> str:
    place = event.get("LOCATION", "")
    return "" if isinstance(place, list) else " ".join(str(place)[:LONGEST_PLACE].split())


def _word(event: Any, key: str) -> str:
    return str(event.get(key, "")).strip().upper()


def _when(event: Any) -> str:
    """Day and time as they stand there, whatever is wrong with the rest."""
    try:
        begin = _begin(event)
    except _UnusableError:
        return ""
    timed = isinstance(begin, dt.datetime)
    return f"{begin:%d.%m.%Y, %H:%M}" if timed else f"{begin:%d.%m.%Y}"
