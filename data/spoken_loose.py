"""
Words around a day or a time that leave it open: "Mi oder Do", "ab 9:30", "gegen 9:30".

They are no part of a place, and what they mean for the appointment is not guessed.
"""

import datetime as dt
import re
from dataclasses import dataclass

from data.cells import read_appointment
from data.spoken_days import DayWords
from routing.units import HOUR

# From which hour until which each is meant.
_PARTS = {
    "früh": (0, 12),
    "morgens": (0, 12),
    "vormittag": (0, 12),
    "vormittags": (0, 12),
    "mittag": (11, 15),
    "mittags": (11, 15),
    "nachmittag": (12, 19),
    "nachmittags": (12, 19),
    "abend": (17, 24),
    "abends": (17, 24),
}
_ABOUT = (
    r"ab|bis|gegen|circa|ca|zirka|etwa|ungefähr|ungefaehr|frühestens|spätestens|vielleicht|evtl"
    rf"|eventuell|möglichst|irgendwann|entweder|{'|'.join(_PARTS)}"
)
# Before a time also "nach" and "vor"; before a place they belong to it: "nach Lemgo", "vor Ort".
_BEFORE = re.compile(
    rf"(?:^|(?<=\s))(?:(?:{_ABOUT}|nicht|erst|so|vor|nach)\b[.,]?\s*)+$", re.IGNORECASE
)
_AFTER = re.compile(rf"(?:(?:{_ABOUT})\b[.,]?\s*)+", re.IGNORECASE)
_OR = re.compile(r"(?:^|(?<=\s))oder\b\s*", re.IGNORECASE)
_WAY_BACK = re.compile(
    r"(?:^|(?<=[\s,;]))(?:hin\s+und\s+)?(?:rück|rueck|heim)(?:fahrt|weg)\b.*$"
    r"|(?:^|(?<=[\s,;]))(?:hin\s+und\s+)?(?:zurück|zurueck)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Loose:
    """The *rest* of a text without the *piece* that leaves it open; *other* says "or another"."""

    rest: str
    piece: str = ""
    other: bool = False


def loose_before(text: str, today: dt.date) -> Loose:
    """Find what is open in *text*, which stands before a time."""
    loose = _or(text, today)
    if loose.piece:
        return loose
    match = _BEFORE.search(text)
    return Loose(text) if match is None else Loose(text[: match.start()].strip(), match[0].strip())


def loose_after(text: str, today: dt.date) -> Loose:
    """Find what is open in *text*, which stands behind a time."""
    loose = _or(text, today)
    if loose.piece:
        return loose
    match = _AFTER.match(text)
    return Loose(text) if match is None else Loose(text[match.end() :].strip(), match[0].strip())


def other_field(text: str) -> Loose:
    """Find what is said of the way back, which has a field of its own."""
    match = _WAY_BACK.search(text)
    if match is None:
        return Loose(text)
    return Loose(text[: match.start()].strip(" ,;"), match[0])


def says_the_same(piece: str, time: str) -> bool:
    """Whether *piece* is a part of the day in which *time* lies: "nachmittags 15:00"."""
    first, until = _PARTS.get(piece.lower(), (0, 0))
    try:
        appointment, span = read_appointment(time)
    except ValueError:
        return False
    begin = span.earliest if span else appointment or 0
    return first * HOUR <= begin < until * HOUR


def _or(text: str, today: dt.date) -> Loose:
    """Find "oder" with the day, the time or the word behind it."""
    match = _OR.search(text)
    if match is None:
        return Loose(text)
    behind = DayWords(text[match.end() :], today)
    if behind.day() is None and not behind.time():
        behind.text = "".join(behind.text.partition(" ")[1:])
    piece = text[match.start() : len(text) - len(behind.text)]
    return Loose(f"{text[: match.start()]}{behind.text}".strip(), piece.strip(), other=True)
