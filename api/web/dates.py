"""Days as people type them."""

import re
from datetime import date

from data.spoken import read_spoken

_GERMAN = re.compile(
    r"(?:[A-Za-z]{2,10}\.?,?\s+)?([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4}|[0-9]{2})"
)


class UnreadableDateError(ValueError):
    """A day that cannot be understood; the message says in German what would be."""


def read_spoken_day(text: str, *, today: date) -> date:
    """
    Read what `read_day` does, and "heute", "morgen", "Mi", "3.3." as they are said.

    For looking only: to look at the wrong day costs nobody a bus.

    Raises
    ------
    UnreadableDateError
        If *text* is anything else, or fits several days.
    """
    try:
        return read_day(text)
    except UnreadableDateError:
        days = read_spoken(f"{text} 9:00", today=today).dates
        if len(days) != 1:
            raise
        return days[0]


def read_day(text: str) -> date:
    """
    Read "2.3.2027", "02.03.27", "Di 02.03.2027" or "2027-03-02".

    The year is never guessed: a day in the wrong year is a bus that does not come.

    Raises
    ------
    UnreadableDateError
        If *text* is anything else, or no such day exists.
    """
    text = text.strip()
    match = _GERMAN.fullmatch(text)
    try:
        if match is None:
            return date.fromisoformat(text)
        day, month, year = (int(part) for part in match.groups())
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        fault = f"„{text}“ ist kein Tag. " if text else ""
        msg = f"{fault}Bitte so schreiben: 2.3.2027"
        raise UnreadableDateError(msg) from None
