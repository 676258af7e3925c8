"""
An appointment as it is said on the telephone: "Di 9:30 Dr. Beispiel", "Mi um neun ins MVZ".

A day is never guessed, nor a time. Where a text fits two of them, both are named, and nothing is
chosen.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.cells import FIRST_DAY, LAST_DAY, read_appointment, read_time
from scheduler.clock import Clock

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MOST_DAYS = 14  # of one call
FAR = dt.timedelta(days=183)  # a date further away needs its year

_WEEK = dt.timedelta(days=7)
_WORDS = {
    "vorgestern": -2,
    "gestern": -1,
    "heute": 0,
    "morgen": 1,
    "übermorgen": 2,
    "uebermorgen": 2,
}
_SHORT = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6, "sonnabend": 5}
_NUMBER = {**_SHORT, **{name.lower(): number for number, name in enumerate(WEEKDAYS)}}
_WEEKS = {"nächste": 1, "naechste": 1, "übernächste": 2, "uebernaechste": 2, "diese": 0}

# Patterns that ignore capitals take these for i, s and k; the words below do not.
_ALIKE = str.maketrans("ıİſ\u212a", "iIsK")
_BETWEEN = re.compile(r"(?:\s|,|\+|/|\bund\b|\bam\b)*", re.IGNORECASE)
_AT = re.compile(r"um\b\s*", re.IGNORECASE)
_IN_WEEK = re.compile(rf"({'|'.join(_WEEKS)})\s+woche\b", re.IGNORECASE)
_WEEKDAY = re.compile(
    rf"({'|'.join(sorted(_NUMBER, key=len, reverse=True))})s?\b\.?", re.IGNORECASE
)
_WORD = re.compile(rf"({'|'.join(_WORDS)})\b", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4}|[0-9]{2}(?![0-9:]))?")

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
_WORD_HOUR = "|".join(sorted(_SPELLED, key=len, reverse=True))
_HOUR = rf"(?:(?:1[0-9]|2[0-4]|[1-9])(?![0-9.:])|(?!ein\b)(?:{_WORD_HOUR}))\b"
_CLOCK = (
    r"(?:[0-9]{1,2}[:.][0-9]{2}(?![0-9.])(?:\s*uhr\b)?"
    rf"|(?:[0-9]{{1,2}}|{_WORD_HOUR})\s*uhr\b(?:\s*[0-9]{{2}}(?![0-9.:]|\s*uhr))?)"
)
_TIME = re.compile(rf"{_CLOCK}(?:\s*(?:-|–|bis)\s*{_CLOCK})?", re.IGNORECASE)
_CLOCK_WORDS = re.compile(
    rf"([0-9]{{1,2}}|{_WORD_HOUR})\s*uhr\b(?:\s*([0-9]{{2}}))?", re.IGNORECASE
)
# "halb zehn", "dreiviertel zehn", "viertel nach neun", "zehn vor 9", "fünf nach halb zehn"
_PART = re.compile(
    rf"(?:(?P<minutes>{'|'.join(_MINUTES)}|[12]?[0-9])(?:\s+min(?:uten|\.)?)?\s+"
    rf"(?P<side>vor|nach)\s+(?P<half>halb\s+)?|(?P<part>halb|dreiviertel)\s+)"
    rf"(?P<hour>{_HOUR})(?:\s*uhr\b)?",
    re.IGNORECASE,
)
# "um 9" and "um neun"; "um 9 oder 10", "um neun dreißig" are more than that.
_AT_HOUR = re.compile(
    rf"(?P<hour>{_HOUR})(?!\s*[-–:.]|\s*(?:(?:bis|oder|und|vor|nach)\b\s*)?"
    rf"(?:[0-9]|(?:{_WORD_HOUR}|halb|viertel|[a-zäöü]*(?:zig|ßig|ssig))\b))",
    re.IGNORECASE,
)
_NIGHT = 7  # before this hour, "um drei" may well mean the afternoon
_HOURS = re.compile(r"([0-9]{1,2})\s*(?:-|–|bis)\s*([0-9]{1,2})\s*uhr\b", re.IGNORECASE)


@dataclass(frozen=True)
class Spoken:
    """
    What was understood so far.

    *time* is a cell as `data.cells.read_appointment` reads it, "" as long as none was said; *place*
    is what is left of the text. *questions* say in German what is open or cannot be.
    """

    dates: tuple[dt.date, ...]
    time: str
    place: str
    questions: tuple[str, ...]


def read_spoken(text: str, *, today: dt.date) -> Spoken:
    """Understand as much of *text* as can be, half typed as it may be; the place may come first."""
    text = _plain(text)
    spoken = _read(text, today)
    if _WHICH_DAY not in spoken.questions:
        return spoken
    for word in re.finditer(r"(?<= )\S", text):
        behind = _read(text[word.start() :], today)
        if _WHEN not in behind.questions and (behind.dates or behind.questions != (_WHICH_DAY,)):
            return replace(behind, place=f"{text[: word.start()]}{behind.place}".strip())
    return spoken


def read_spoken_time(text: str) -> Clock:
    """
    Read a time as it is said: "11:40", "um elf", "halb zwölf".

    Raises
    ------
    ValueError
        In German, if *text* is anything else, or if it fits two times.
    """
    reader = _Reader(_plain(text), dt.date.min)
    time = reader.time()
    if reader.which_time:
        raise ValueError(reader.which_time)
    return read_time(f"{time}{reader.text}")


_WHICH_DAY = "An welchem Tag? Zum Beispiel: Di 9:30, morgen 9:30 oder 2.3. 9:30."
_WHEN = "Um wie viel Uhr? Zum Beispiel: Di 9:30."


def _read(text: str, today: dt.date) -> Spoken:
    reader = _Reader(text, today)
    time = reader.time()
    dates = reader.dates()
    time = time or reader.time()
    questions = list(reader.questions)
    if text and not dates and not questions:
        questions.append(_WHICH_DAY)
    if time:
        try:
            read_appointment(time)
        except ValueError as error:
            questions.append(str(error))
            time = ""
    elif text:
        questions.append(reader.which_time or _WHEN)
    return Spoken(dates, time, reader.rest(), tuple(questions))


class _Reader:
    """Takes one thing after the other from the beginning of a text."""

    def __init__(self, text: str, today: dt.date) -> None:
        self.text = text
        self.today = today
        self.questions: list[str] = []
        self.week: int | None = None
        self.which_time = ""

    def dates(self) -> tuple[dt.date, ...]:
        """Read days, as many as there are."""
        said: list[int | dt.date] = []
        while (one := self._one()) is not None:
            said.append(one)
        found: list[dt.date] = []
        for at, one in enumerate(said):
            after = said[at + 1] if at + 1 < len(said) else None
            if isinstance(one, int) and isinstance(after, dt.date):
                self._compare(one, after)
            elif isinstance(one, int):
                found += self._next(one)
            else:
                found.append(one)
        kept = tuple(sorted(set(found)))
        if len(kept) > MOST_DAYS:
            self.questions.append(f"Höchstens {MOST_DAYS} Tage auf einmal, bitte.")
            return ()
        return () if self.questions else kept

    def time(self) -> str:
        """Read a time or a span; "" if there is none yet."""
        self._skip()
        before = self.text
        at = self._take(_AT)
        if match := self._take(_HOURS):
            return f"{match[1]}:00-{match[2]}:00"
        if match := self._take(_TIME):
            return _CLOCK_WORDS.sub(_in_figures, match[0])
        if match := self._take(_PART):
            return self._colloquial(match["hour"], _minutes(match))
        if at and (match := self._take(_AT_HOUR)):
            return self._colloquial(match["hour"], 0)
        self.text = before
        return ""

    def rest(self) -> str:
        """What is left: where to."""
        self._skip()
        self._take(_AT)
        return re.sub(
            r"^(?:bei|beim|zu|zur|zum|in|im|ins|nach)\s+", "", self.text, flags=re.IGNORECASE
        )

    def _colloquial(self, hour: str, minutes: int) -> str:
        """Read a time of twelve hours, if it is clear which half of the day is meant."""
        whole = _number(hour)
        hours, minute = divmod(whole * 60 + minutes, 60)
        if whole > 12 or hours >= _NIGHT:
            return f"{hours:02}:{minute:02}"
        if hours == 0:  # a quarter to one: nobody goes to a doctor at midnight
            return f"12:{minute:02}"
        early, late = f"{hours}:{minute:02}", f"{hours + 12}:{minute:02}"
        self.which_time = f"Um {early} oder um {late} Uhr? Bitte „{early}“ oder „{late}“ schreiben."
        return ""

    def _one(self) -> int | dt.date | None:
        before = self.text
        self._skip()
        self._take(_AT)
        if match := self._take(_IN_WEEK):
            self.week = _WEEKS[match[1].lower()]
            return self._one()
        if match := self._take(_WEEKDAY):
            number = _NUMBER[match[1].lower()]
            self._week_behind()
            return number
        if match := self._take(_WORD):
            date = self.today + dt.timedelta(days=_WORDS[match[1].lower()])
            if date < self.today:
                self._refuse_past(date)
            return date
        if match := self._take(_ISO):
            return self._date(int(match[3]), int(match[2]), int(match[1]))
        if match := self._take(_DATE):
            year = int(match[3]) if match[3] else None
            if year is not None and year < 100:
                year += 2000
            return self._date(int(match[1]), int(match[2]), year)
        self.text = before
        return None

    def _week_behind(self) -> None:
        """Read "nächste Woche" where it stands behind the weekday."""
        before = self.text
        self._skip()
        if match := self._take(_IN_WEEK):
            self.week = _WEEKS[match[1].lower()]
        else:
            self.text = before

    def _date(self, day: int, month: int, year: int | None) -> dt.date | None:
        for one in self._years(year):
            try:
                date = dt.date(one, month, day)
            except ValueError:
                continue
            if year is None and date < self.today:
                continue
            if year is None and date - self.today > FAR:
                self.questions.append(
                    f"In welchem Jahr? Der {day}.{month}. ist erst in mehr als sechs Monaten."
                )
            elif not FIRST_DAY <= date <= LAST_DAY:
                self.questions.append("Stimmt das Jahr?")
            elif date < self.today:
                self._refuse_past(date)
            return date
        self.questions.append(f"Den {day}.{month}. gibt es im Kalender nicht.")
        return self.today

    def _refuse_past(self, date: dt.date) -> None:
        self.questions.append(
            f"Der {date:%d.%m.%Y} ist vorbei; heute ist der {self.today:%d.%m.%Y}."
        )

    def _years(self, year: int | None) -> Iterator[int]:
        if year is not None:
            yield year
            return
        yield self.today.year
        yield self.today.year + 1

    def _next(self, weekday: int) -> list[dt.date]:
        monday = self.today - dt.timedelta(days=self.today.weekday())
        if self.week is not None:
            date = monday + self.week * _WEEK + dt.timedelta(days=weekday)
            if date < self.today:
                self.questions.append(f"{_named(date)} ist vorbei.")
            return [date]
        ahead = (weekday - self.today.weekday()) % 7
        if ahead == 0:
            later = self.today + _WEEK
            self.questions.append(
                f"Heute ist {WEEKDAYS[weekday]}. Heute oder in einer Woche? "
                f"Bitte „heute“ oder „{later.day}.{later.month}.“ schreiben."
            )
        return [self.today + dt.timedelta(days=ahead)]

    def _compare(self, weekday: int, date: dt.date) -> None:
        if date.weekday() != weekday:
            self.questions.append(
                f"Der {date.day}.{date.month}.{date.year} ist ein {WEEKDAYS[date.weekday()]}, "
                f"kein {WEEKDAYS[weekday]}."
            )

    def _skip(self) -> None:
        self._take(_BETWEEN)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text)
        if match is not None:
            self.text = self.text[match.end() :]
        return match


def _plain(text: str) -> str:
    return " ".join(text.translate(_ALIKE).split())


def _number(text: str) -> int:
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
    return f"{_number(match[1])}:{match[2] or '00'}"


def _named(date: dt.date) -> str:
    return f"{WEEKDAYS[date.weekday()]}, {date.day}.{date.month}.{date.year},"
