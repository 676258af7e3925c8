"""
An appointment as it is said on the telephone: "Di 9:30 Dr. Beispiel", "Mo, Mi und Fr 13 Uhr".

A day is never guessed. Where a text fits two days, both are named, and nothing is chosen.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.cells import FIRST_DAY, LAST_DAY, read_appointment

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MOST_DAYS = 14  # of one call
FAR = dt.timedelta(days=183)  # a date further away needs its year

_WEEK = dt.timedelta(days=7)
_WORDS = {"heute": 0, "morgen": 1, "übermorgen": 2, "uebermorgen": 2}
_SHORT = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6, "sonnabend": 5}
_NUMBER = {**_SHORT, **{name.lower(): number for number, name in enumerate(WEEKDAYS)}}
_WEEKS = {"nächste": 1, "naechste": 1, "übernächste": 2, "uebernaechste": 2, "diese": 0}

_BETWEEN = re.compile(r"(?:\s|,|\+|/|\bund\b|\bam\b|\bum\b)*", re.IGNORECASE)
_IN_WEEK = re.compile(rf"({'|'.join(_WEEKS)})\s+woche\b", re.IGNORECASE)
_WEEKDAY = re.compile(
    rf"({'|'.join(sorted(_NUMBER, key=len, reverse=True))})s?\b\.?", re.IGNORECASE
)
_WORD = re.compile(rf"({'|'.join(_WORDS)})\b", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4}|[0-9]{2}(?![0-9:]))?")
_CLOCK = r"(?:[0-9]{1,2}[:.][0-9]{2}(?![0-9.])(?:\s*uhr\b)?|[0-9]{1,2}\s*uhr\b)"
_TIME = re.compile(rf"{_CLOCK}(?:\s*(?:-|–|bis)\s*{_CLOCK})?", re.IGNORECASE)
_HALF = re.compile(r"halb\s+(1[0-2]|[1-9])\b(?:\s*uhr\b)?", re.IGNORECASE)
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
    text = " ".join(text.split())
    spoken = _read(text, today)
    if _WHICH_DAY not in spoken.questions:
        return spoken
    for word in re.finditer(r"(?<= )\S", text):
        behind = _read(text[word.start() :], today)
        if behind.time and (behind.dates or behind.questions != (_WHICH_DAY,)):
            return replace(behind, place=f"{text[: word.start()]}{behind.place}".strip())
    return spoken


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
        questions.append(_WHEN)
    return Spoken(dates, time, reader.rest(), tuple(questions))


class _Reader:
    """Takes one thing after the other from the beginning of a text."""

    def __init__(self, text: str, today: dt.date) -> None:
        self.text = text
        self.today = today
        self.questions: list[str] = []
        self.week: int | None = None

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
        if match := self._take(_HALF):
            hour = int(match[1]) - 1
            return f"{hour or 12:02}:30"
        if match := self._take(_HOURS):
            return f"{match[1]}:00-{match[2]}:00"
        match = self._take(_TIME)
        return match[0] if match else ""

    def rest(self) -> str:
        """What is left: where to."""
        self._skip()
        return re.sub(r"^(?:bei|beim|zu|zur|zum|in|im)\s+", "", self.text, flags=re.IGNORECASE)

    def _one(self) -> int | dt.date | None:
        self._skip()
        if match := self._take(_IN_WEEK):
            self.week = _WEEKS[match[1].lower()]
            return self._one()
        if match := self._take(_WEEKDAY):
            number = _NUMBER[match[1].lower()]
            self._week_behind()
            return number
        if match := self._take(_WORD):
            return self.today + dt.timedelta(days=_WORDS[match[1].lower()])
        if match := self._take(_ISO):
            return self._date(int(match[3]), int(match[2]), int(match[1]))
        if match := self._take(_DATE):
            year = int(match[3]) if match[3] else None
            if year is not None and year < 100:
                year += 2000
            return self._date(int(match[1]), int(match[2]), year)
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
                self.questions.append(
                    f"Der {date:%d.%m.%Y} ist vorbei; heute ist der {self.today:%d.%m.%Y}."
                )
            return date
        self.questions.append(f"Den {day}.{month}. gibt es im Kalender nicht.")
        return self.today

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


def _named(date: dt.date) -> str:
    return f"{WEEKDAYS[date.weekday()]}, {date.day}.{date.month}.{date.year},"
