"""
A time of day as it is said on the telephone: "9:30", "um neun", "viertel vor zehn".

A time is never guessed. Where a text fits two of them, both are named, and nothing is chosen.
"""

import re

from data.cells import read_time
from routing.units import HOUR, MINUTE
from scheduler.clock import Clock

# Patterns that ignore capitals take these for i, s and k; the words below do not.
_ALIKE = str.maketrans("ıİſ\u212a", "iIsK")
_BETWEEN = re.compile(r"(?:\s|,|\+|/|\bund\b|\bam\b)*", re.IGNORECASE)
_AT = re.compile(r"um\b\s*", re.IGNORECASE)

# fmt: off
_SPELLED = {
    "ein": 1, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14,
    "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
    "zwanzig": 20, "einundzwanzig": 21, "zweiundzwanzig": 22, "dreiundzwanzig": 23,
    "vierundzwanzig": 24, "fuenf": 5, "zwoelf": 12,
}
# fmt: on
_MINUTES = {"viertel": 15, "fünf": 5, "fuenf": 5, "zehn": 10, "zwanzig": 20}
NUMBER_WORDS = "|".join(sorted(_SPELLED, key=len, reverse=True))
_HOUR = rf"(?:(?:1[0-9]|2[0-4]|[1-9])(?![0-9.:])|(?!ein\b)(?:{NUMBER_WORDS}))\b"
_CLOCK = (
    r"(?:[0-9]{1,2}[:.][0-9]{2}(?![0-9.])(?:\s*(?:uhr\b|(?-i:h)\b(?!\.)))?"
    rf"|(?:[0-9]{{1,2}}|{NUMBER_WORDS})\s*uhr\b(?:\s*[0-9]{{2}}(?![0-9.:]|\s*uhr))?)"
)
_TIME = re.compile(rf"{_CLOCK}(?:\s*(?:-|–|bis)\s*{_CLOCK})?", re.IGNORECASE)
_H = re.compile(r"(?<=[0-9])\s*h\b")  # "9.30h"
_CLOCK_WORDS = re.compile(
    rf"([0-9]{{1,2}}|{NUMBER_WORDS})\s*uhr\b(?:\s*([0-9]{{2}}))?", re.IGNORECASE
)
# "halb zehn", "dreiviertel zehn", "viertel nach neun", "zehn vor 9", "fünf nach halb zehn"
_PART = re.compile(
    rf"(?:(?P<minutes>{'|'.join(_MINUTES)}|[12]?[0-9])(?:\s+min(?:uten|\.)?)?\s+"
    rf"(?P<side>vor|nach)\s+(?P<half>halb\s+)?|(?P<part>halb|dreiviertel)\s+)"
    rf"(?P<hour>{_HOUR})(?:\s*uhr\b)?",
    re.IGNORECASE,
)
# "um 9" and "um neun"; "um 9 oder 10", "um neun dreißig" are more than that.
_ALONE = re.compile(
    rf"(?P<hour>{_HOUR})(?!\s*[-–:.]|\s*(?:(?:bis|oder|und|vor|nach)\b\s*)?"
    rf"(?:[0-9]|(?:{NUMBER_WORDS}|halb|viertel|[a-zäöü]*(?:zig|ßig|ssig))\b))",
    re.IGNORECASE,
)
_NIGHT = 7  # before this hour, "um drei" may well mean the afternoon
_HOURS = re.compile(r"([0-9]{1,2})\s*(?:-|–|bis)\s*([0-9]{1,2})\s*uhr\b", re.IGNORECASE)
# The ends of "zwischen neun und halb elf", "von 9:15 bis 11 Uhr".
_FROM = re.compile(r"(?:zwischen|von)\s+", re.IGNORECASE)
_TO = re.compile(r"\s*(?:und|bis|-|–)\s*", re.IGNORECASE)
_END = re.compile(
    rf"(?P<hour>[0-9]{{1,2}}|{NUMBER_WORDS})(?:[:.](?P<minutes>[0-5][0-9]))?(?:\s*uhr)?\b"
    r"(?!\s*[0-9]|[:.][0-9])",
    re.IGNORECASE,
)
_LIKE_TIME = re.compile(
    rf"(?:(?:um|gegen|ab|von|bis|vor|nach|zwischen)\s+)*(?:[0-9]|(?:{NUMBER_WORDS}|uhr|halb|viertel"
    r"|dreiviertel|früh|mittags?|abends?|(?:vor|nach)mittags?)\b)",
    re.IGNORECASE,
)


class Words:
    """
    A text from which one thing after the other is taken, from its beginning.

    *which_time* asks in German for a time that was said, but not clearly. Before *earliest* no time
    of twelve hours is meant.
    """

    def __init__(self, text: str, *, earliest: Clock = 0) -> None:
        self.text = text
        self.which_time = ""
        self._earliest = earliest

    def time(self) -> str:
        """Take a time or a span; "" if there is none yet."""
        self.skip()
        before = self.text
        at = self.take(_AT)
        if (span := self._from_to()) or self.which_time:
            return span
        if match := self.take(_HOURS):
            return f"{match[1]}:00-{match[2]}:00"
        if match := self.take(_TIME):
            return _CLOCK_WORDS.sub(_in_figures, _H.sub(" Uhr", match[0]))
        if match := self.take(_PART):
            return self._colloquial(match["hour"], _minutes(match))
        if at and (match := self.take(_ALONE)):
            return self._colloquial(match["hour"], 0)
        self.text = before
        return ""

    def bare_hour(self) -> None:
        """Take a number that may be the hour, or anything else: "Di 10 MVZ"."""
        self.skip()
        if match := self.take(_ALONE):
            hour = match["hour"]
            self.which_time = f"Ist „{hour}“ die Uhrzeit? Bitte „{hour} Uhr“ schreiben."

    def rest(self) -> str:
        """What is left: where to."""
        self.skip()
        self.take(_AT)
        return re.sub(
            r"^(?:bei|beim|zu|zur|zum|in|im|ins|nach)\s+", "", self.text, flags=re.IGNORECASE
        )

    def skip(self) -> None:
        """Pass over what only joins."""
        self.take(_BETWEEN)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what matches at the beginning, if anything does."""
        match = pattern.match(self.text)
        if match is not None:
            self.text = self.text[match.end() :]
        return match

    def _from_to(self) -> str:
        before = self.text
        if self.take(_FROM):
            first = self._end()
            asked = self.which_time
            if (first or asked) and self.take(_TO):
                last = self._end()
                self.which_time = asked or self.which_time
                if first and last:
                    return f"{first}-{last}"
        if not self.which_time:
            self.text = before
        return ""

    def _end(self) -> str:
        if match := self.take(_PART):
            return self._colloquial(match["hour"], _minutes(match))
        if match := self.take(_END):
            return self._colloquial(match["hour"], int(match["minutes"] or 0))
        return ""

    def _colloquial(self, hour: str, minutes: int) -> str:
        """Read a time of twelve hours, if it is clear which half of the day is meant."""
        whole = number(hour)
        hours, minute = divmod(whole * 60 + minutes, 60)
        if whole > 12 or hours >= _NIGHT:
            return f"{hours:02}:{minute:02}"
        if hours == 0:  # a quarter to one: nobody goes to a doctor at midnight
            return f"12:{minute:02}"
        early, late = f"{hours}:{minute:02}", f"{hours + 12}:{minute:02}"
        if hours * HOUR + minute * MINUTE < self._earliest:
            return late
        self.which_time = f"Um {early} oder um {late} Uhr? Bitte „{early}“ oder „{late}“ schreiben."
        return ""


def read_spoken_time(text: str, *, earliest: Clock = 0) -> Clock:
    """
    Read a time as it is said: "11:40", "um elf", "halb zwölf"; "um drei" is 15:00 if 3:00 would be
    before *earliest*.

    Raises
    ------
    ValueError
        In German, if *text* is anything else, or if it fits two times.
    """
    words = Words(plain(text), earliest=earliest)
    time = words.time()
    if words.which_time:
        raise ValueError(words.which_time)
    return read_time(f"{time}{words.text}")


def like_time(text: str) -> bool:
    """Whether *text* begins as if a time were meant."""
    return _LIKE_TIME.match(text) is not None


def plain(text: str) -> str:
    """One space between words, and no letters that only look like others."""
    return " ".join(text.translate(_ALIKE).split())


def number(text: str) -> int:
    """Read a number in figures or in words."""
    return int(text) if text.isdigit() else _SPELLED[text.lower()]


def _minutes(match: re.Match[str]) -> int:
    """How far a time is from its hour, in minutes."""
    if match["part"]:
        return -30 if match["part"].lower() == "halb" else -15
    said = match["minutes"].lower()
    minutes = int(said) if said.isdigit() else _MINUTES[said]
    signed = minutes if match["side"].lower() == "nach" else -minutes
    return signed - 30 if match["half"] else signed


def _in_figures(match: re.Match[str]) -> str:
    """Write "neun Uhr 30" as 9:30; "9 Uhr" can be read as it is."""
    if match[1].isdigit() and not match[2]:
        return match[0]
    return f"{number(match[1])}:{match[2] or '00'}"
