"""A series in German words: which days, and what is different on some of them."""

import datetime as dt
from dataclasses import dataclass

from api.sheets.wording import short_date, weekday, window
from data.region import Region
from data.request_rows import RequestRow
from data.series import Fate, StoredDate, StoredSeries
from data.weekly import OnClosed, Pattern
from scheduler.clock import hh_mm

ON_CLOSED = {
    OnClosed.LEAVE_OUT: "fällt an Feiertagen aus",
    OnClosed.DAY_BEFORE: "an Feiertagen am Tag davor",
    OnClosed.DAY_AFTER: "an Feiertagen am Tag danach",
}
_FATES = {
    Fate.SKIPPED: "ausgelassen",
    Fate.LEFT_OUT: "fällt aus",
    Fate.REFUSED: "nicht anzunehmen, bitte die Serie berichtigen",
}
_MONDAY = dt.date(2027, 3, 1)


@dataclass(frozen=True)
class DateView:
    """
    One date to come; *different* says what is not as usual, *driven* that it has a request.

    *again* says that it can be driven all the same.
    """

    date: dt.date
    when: str
    request: str
    different: str
    driven: bool
    again: bool


def pattern_text(pattern: Pattern, on_closed: OnClosed) -> str:
    """Say when it comes: "jeden Dienstag ab 02.03.2027, fällt an Feiertagen aus"."""
    days = ", ".join(weekday(_MONDAY + dt.timedelta(days=day)) for day in sorted(pattern.weekdays))
    often = "jeden" if pattern.every == 1 else f"alle {pattern.every} Wochen"
    if pattern.last is not None and pattern.last < pattern.first:
        return f"{often} {days}, beendet vor dem ersten Tag, dem {pattern.first:%d.%m.%Y}"
    until = f" bis {pattern.last:%d.%m.%Y}" if pattern.last else ""
    return f"{often} {days} ab {pattern.first:%d.%m.%Y}{until}, {ON_CLOSED[on_closed]}"


def time_text(row: RequestRow) -> str:
    """Say when one has to be there: "Termin 09:30 Uhr"."""
    if row.arrive is not None:
        return f"Ankunft {window(row.arrive)}"
    return f"Termin {hh_mm(row.appointment or 0)} Uhr"


def dates_to_come(stored: StoredSeries, region: Region, today: dt.date) -> list[DateView]:
    """Every date of which something has become already, from today on."""
    return [
        DateView(
            date=each.date,
            when=short_date(each.date),
            request=each.request or "",
            different=_different(each, stored.pattern.last),
            driven=each.fate is Fate.MADE and each.open,
            again=_can_be_driven(each) and region.closed(each.date) is None,
        )
        for each in stored.dates
        if each.date >= today
    ]


def _can_be_driven(each: StoredDate) -> bool:
    """Whether only somebody's decision is in the way, and no bus or practice."""
    return each.fate is Fate.SKIPPED or (each.fate is Fate.MADE and not each.open)


def _different(each: StoredDate, last: dt.date | None) -> str:
    if each.fate in _FATES:
        return f"{_FATES[each.fate]}. {each.reason}".removesuffix(". ")
    if each.reason:
        return each.reason
    if not each.open:
        return "abgesagt"
    return "bleibt als einzelne Fahrt" if last is not None and each.date > last else ""
