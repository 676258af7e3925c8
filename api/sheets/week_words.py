"""Hours of a week and of a day, as they are written on doors."""

from collections.abc import Sequence
from itertools import groupby

from data.information import Week
from routing.units import MINUTE
from scheduler.clock import Clock, hh_mm
from scheduler.model import WHOLE_DAY, TimeWindow

UNKNOWN = "noch nicht angegeben"
_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def week(hours: Week | None) -> list[str]:
    """Put hours into words, a line for all weekdays on which they are the same."""
    if hours is None:
        return [UNKNOWN]
    groups: dict[tuple[TimeWindow, ...], list[int]] = {}
    for weekday, windows in enumerate(hours):
        if windows:
            groups.setdefault(windows, []).append(weekday)
    lines = [f"{weekdays(days)} {windows_text(windows)}" for windows, days in groups.items()]
    return lines or ["geschlossen"]


def weekdays(days: Sequence[int]) -> str:
    """Write 0, 1, 2, 4 as "Mo–Mi, Fr"; two neighbours are listed."""
    runs = []
    for _, run in groupby(enumerate(days), key=lambda each: each[1] - each[0]):
        names = [_DAYS[day] for _, day in run]
        runs.append(f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names))
    return ", ".join(runs)


def windows_text(windows: Sequence[TimeWindow]) -> str:
    """Write the hours of one day: "08:00–12:00 und 13:00–16:00 Uhr"."""
    if list(windows) == [WHOLE_DAY]:
        return "rund um die Uhr"
    times = [f"{hh_mm(each.earliest)}–{hh_mm(each.latest)}" for each in windows]
    return f"{' und '.join(times)} Uhr"


def oclock(moment: Clock) -> str:
    """Write 9 Uhr or 9:30 Uhr."""
    hour, minutes = divmod(moment // MINUTE, 60)
    return f"{hour}:{minutes:02d} Uhr" if minutes else f"{hour} Uhr"
