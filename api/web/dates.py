"""Days as people type them."""

import re
from datetime import date

from data.spoken_days import DayWords
from data.spoken_time import plain

_GERMAN = re.compile(
    r"(?:[A-Za-z]{2,10}\.?,?\s+)?([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4}|[0-9]{2})"
)

# With its year, whether there is such a day or not.
_WRITTEN = re.compile(rf"{_GERMAN.pattern}$|[0-9]{{4}}-|[0-9]{{8}}$")


class UnreadableDateError(ValueError):
    """A day that cannot be understood; the message says in German what would be."""


def read_day(text: str, *, today: date) -> date:
    """
    Read "2.3.2027", "02.03.27", "Di 02.03.2027", "2027-03-02"; and "heute", "Mi", "3.3.", as it is
    said on the telephone: nothing is guessed, and a day that is said is not past.

    Raises
    ------
    UnreadableDateError
        If *text* is anything else, fits several days, or no such day exists.
    """
    text = text.strip()
    if _WRITTEN.match(text):
        return _read_written(text)
    words = DayWords(plain(text), today)
    days = words.days()
    if not words.found or words.text.strip():
        raise _no_day(text)
    if words.questions:
        raise UnreadableDateError(" ".join(words.questions))
    if len(days) > 1:
        msg = "Bitte nur einen Tag schreiben."
        raise UnreadableDateError(msg)
    return days[0]


def _read_written(text: str) -> date:
    match = _GERMAN.fullmatch(text)
    try:
        if match is None:
            return date.fromisoformat(text)
        day, month, year = (int(part) for part in match.groups())
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> UnreadableDateError:
    fault = f"„{text}“ ist kein Tag. " if text else ""
    return UnreadableDateError(f"{fault}Bitte so schreiben: 2.3.2027")
