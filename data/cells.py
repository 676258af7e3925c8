"""
One cell of a table of requests: what its text means, or in German what would be right.

Each reader takes a text that is not empty, and raises ``ValueError`` with a German sentence.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from routing.units import MINUTE, Seconds
from scheduler.clock import Clock, clock
from scheduler.model import TimeWindow, WayBack

MOST_COMPANIONS = 7  # a Bürgerbus has eight seats
LONGEST_STAY: Seconds = 12 * 60 * MINUTE
OLDEST_YEARS = 120
LONGEST_NAME = 120  # what a Tourenblatt can print
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)  # of rides; beyond, a typing error

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_GERMAN = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2})(?::00)?)?(?:\s*uhr)?", re.IGNORECASE)
_MINUTES = re.compile(r"([0-9]{1,4})(?:[.,]0+)?\s*(?:min\.?|minuten?)?", re.IGNORECASE)
_COUNT = re.compile(r"([0-9]{1,4})(?:[.,]0+)?")
_PHONE = re.compile(r"[0-9+(][0-9+()/\s.-]+")
_DATE_LIKE = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])\.\s?(?:0?[1-9]|1[0-2])\.\s?(?:[0-9]{2}|[0-9]{4})"
    r"|(?:19|2[01])[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}"
)
_TIME_LIKE = re.compile(r"[0-9]{1,2}\.[0-9]{2}")
_ENCODED = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)  # a byte of an address, never of a name

Value = TypeVar("Value")


def read_date(text: str) -> dt.date:
    """
    Read 2027-03-02 or 02.03.2027.

    Raises
    ------
    ValueError
        In German, if *text* is anything else, or a day that does not exist.
    """
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _GERMAN.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        msg = "Ein Datum sieht so aus: 2027-03-02 oder 02.03.2027."
        raise ValueError(msg)
    try:
        return dt.date(year, month, day)
    except ValueError:
        msg = "Diesen Tag gibt es im Kalender nicht."
        raise ValueError(msg) from None


def read_day(text: str) -> dt.date:
    """
    Read the date of a ride.

    Raises
    ------
    ValueError
        In German, if it is no date or one that nobody can mean.
    """
    day = read_date(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        msg = f"Muss zwischen {FIRST_DAY.year} und {LAST_DAY.year} liegen; stimmt das Jahr?"
        raise ValueError(msg)
    return day


def read_time(text: str) -> Clock:
    """
    Read 9:30, 09.30 or 9 Uhr.

    Raises
    ------
    ValueError
        In German, if *text* is anything else.
    """
    match = _TIME.fullmatch(text)
    if match is None or (match[2] is None and "uhr" not in text.lower()):
        msg = "Eine Uhrzeit sieht so aus: 09:30."
        raise ValueError(msg)
    try:
        return clock(f"{match[1]}:{match[2] or '00'}")
    except ValueError:
        msg = "Diese Uhrzeit gibt es nicht; der Tag geht von 00:00 bis 24:00."
        raise ValueError(msg) from None


def text_up_to(longest: int) -> Callable[[str], str]:
    """Make a reader of a text of at most *longest* printable characters."""

    def read(text: str) -> str:
        if len(text) > longest:
            msg = f"Höchstens {longest} Zeichen haben Platz, es sind {len(text)}."
            raise ValueError(msg)
        if not text.isprintable():
            msg = "Enthält unsichtbare Steuerzeichen; bitte neu eintippen."
            raise ValueError(msg)
        return text

    return read


def read_name(text: str) -> str:
    """Read the name of a passenger, in which there is a letter."""
    text = text_up_to(LONGEST_NAME)(text)
    if not any(character.isalpha() for character in _ENCODED.sub("", text)):
        msg = "In einem Namen steht ein Buchstabe. Zum Beispiel: Beispiel, Erika."
        raise ValueError(msg)
    return text


def read_appointment(text: str) -> tuple[Clock | None, TimeWindow | None]:
    """Read 09:30, an appointment, or 08:00-12:00, a span in which to arrive."""
    parts = re.split(r"\s*(?:-|–|bis)\s*", text)
    try:
        if len(parts) == 1:
            return read_time(text), None
        earliest, latest = (read_time(part) for part in parts)
    except ValueError as error:
        msg = "Richtig ist eine Uhrzeit (09:30) oder eine Spanne für die Ankunft (08:00-12:00)."
        raise ValueError(msg) from error
    if earliest >= latest:
        msg = "Die Spanne endet, bevor sie beginnt; richtig ist zum Beispiel 08:00-12:00."
        raise ValueError(msg)
    return None, TimeWindow(earliest, latest)


def read_way_back(text: str) -> tuple[WayBack, Clock | None]:
    """Read ja, nein, anruf or a time."""
    words = {"ja": WayBack.AFTER_STAY, "nein": WayBack.NONE, "anruf": WayBack.WILL_CALL}
    if (word := words.get(text.lower())) is not None:
        return word, None
    try:
        return WayBack.AT_TIME, read_time(text)
    except ValueError as error:
        msg = "Richtig ist: ja, nein, anruf oder eine Uhrzeit (11:40)."
        raise ValueError(msg) from error


def read_birth(text: str, today: dt.date) -> dt.date:
    """Read a date of birth: nobody is born after *today*, or older than people get."""
    born = read_date(text)
    if born > today:
        msg = f"Liegt in der Zukunft; heute ist der {today:%d.%m.%Y}."
        raise ValueError(msg)
    if today.year - born.year > OLDEST_YEARS:
        msg = f"Liegt mehr als {OLDEST_YEARS} Jahre zurück; stimmt das Jahr?"
        raise ValueError(msg)
    return born


def read_phone(text: str) -> str:
    """Read a phone number, left as it is written."""
    digits = sum(character.isdigit() for character in text)
    if _PHONE.fullmatch(text) is None or not 3 <= digits <= 20:
        msg = "Eine Telefonnummer hat 3 bis 20 Ziffern, zum Beispiel 05264 123456."
        raise ValueError(msg)
    for what, shape in (("ein Datum", _DATE_LIKE), ("eine Uhrzeit", _TIME_LIKE)):
        if shape.fullmatch(text):
            msg = f"Das ist {what}. Eine Telefonnummer sieht so aus: 05264 123456."
            raise ValueError(msg)
    return text


def read_stay(text: str) -> Seconds:
    """Read a number of minutes."""
    return read_minutes(text, LONGEST_STAY)


def read_minutes(text: str, most: Seconds) -> Seconds:
    """
    Read a number of minutes, at least one and at *most* so many seconds.

    Raises
    ------
    ValueError
        In German, if *text* is anything else.
    """
    match = _MINUTES.fullmatch(text)
    if match is None or not 0 < int(match[1]) * MINUTE <= most:
        msg = f"Richtig ist die Dauer in Minuten, 1 bis {most // MINUTE}."
        raise ValueError(msg)
    return int(match[1]) * MINUTE


def read_companions(text: str) -> int:
    """Read a number of people."""
    match = _COUNT.fullmatch(text)
    if match is None or int(match[1]) > MOST_COMPANIONS:
        msg = f"Richtig ist die Zahl der Begleitpersonen, 0 bis {MOST_COMPANIONS}."
        raise ValueError(msg)
    return int(match[1])


def choose(text: str, choices: Mapping[str, Value]) -> Value:
    """Read one of the words of *choices*, in capitals or not."""
    try:
        return choices[text.lower()]
    except KeyError:
        words = ", ".join(word for word in choices if word)
        msg = f"Richtig ist: leer, {words}."
        raise ValueError(msg) from None
