"""
Days as they are said on the telephone: "Mo bis Fr", "übermorgen", "2.3.", "in 14 Tagen".

A day is never guessed. Where a text fits two of them, both are named, and nothing is chosen.
"""

import datetime as dt
import re
from collections.abc import Iterator

from data.cells import FIRST_DAY, LAST_DAY
from data.spoken_time import NUMBER_WORDS, Words, number

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
MOST_DAYS = 14  # of one call
FAR = dt.timedelta(days=183)  # a date further away needs its year

_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
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
_MONTH = {
    name[:letters].lower(): at for letters in (3, None) for at, name in enumerate(MONTHS, start=1)
} | {"maerz": 3}

_BETWEEN = re.compile(r"(?:\s|,|\+|/|\b(?:und|am|von|vom|den|dem)\b)*", re.IGNORECASE)
_UNTIL = re.compile(r"\s*(?:-|–|bis\b(?:\s+zum\b)?)\s*", re.IGNORECASE)
_IN_WEEK = re.compile(rf"({'|'.join(_WEEKS)})n?\s+woche\b", re.IGNORECASE)
_NAMES = "|".join(sorted(_NUMBER, key=len, reverse=True))
WEEKDAY = rf"(?:{_NAMES})s?\b"
_WEEKDAY = re.compile(rf"({_NAMES})s?\b\.?", re.IGNORECASE)
_WORD = re.compile(rf"({'|'.join(_WORDS)})\b", re.IGNORECASE)
_IN = re.compile(
    rf"\s*in\s+(?P<number>[0-9]{{1,2}}|eine[mr]|{NUMBER_WORDS})\s+(?P<unit>tag|woche)e?n?\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
# A number before "Uhr" is an hour. One of two figures is a year if it cannot be an hour, or if it
# stands close to its month: "9.3.27".
_NO_TIME = r"(?![0-9:]|\.[0-9]|\s*(?:(?:-|–|bis)\s*[0-9]{1,2}(?:[:.][0-9]{2})?\s*)?uhr\b)"
_YEAR = rf"(?:\s?([0-9]{{4}}|2[5-9]|[3-9][0-9]){_NO_TIME}|([0-9]{{2}}){_NO_TIME})?"
_DATE = re.compile(rf"([0-9]{{1,2}})\.\s?([0-9]{{1,2}})\.{_YEAR}", re.IGNORECASE)
_NAMED = re.compile(
    rf"([0-9]{{1,2}})\.?\s?({'|'.join(sorted(_MONTH, key=len, reverse=True))})\b\.?{_YEAR}",
    re.IGNORECASE,
)
_OF_MONTH = re.compile(r"([0-9]{1,2})\.(?![0-9])")

Said = int | dt.date  # a weekday, or one date


class DayWords(Words):
    """
    Takes days from a text, which begins with them; *questions* say in German what cannot be.

    *found* says that there was a day, whatever is open about it.
    """

    def __init__(self, text: str, today: dt.date) -> None:
        super().__init__(text)
        self.today = today
        self.questions: list[str] = []
        self.found = False
        self._week: int | None = None

    def days(self) -> tuple[dt.date, ...]:
        """Take days, as many as there are."""
        said = self._said()
        self.found = bool(said)
        found: list[dt.date] = []
        for at, (one, through) in enumerate(said):
            if through:
                continue
            first = self._next(one) if isinstance(one, int) else one
            until = said[at + 1][0] if at + 1 < len(said) and said[at + 1][1] else None
            found += [first] if until is None else self._span(first, until)
        kept = tuple(sorted(set(found)))
        if len(kept) > MOST_DAYS:
            self.questions.append(f"Höchstens {MOST_DAYS} Tage auf einmal, bitte.")
        return () if self.questions else kept

    def day(self) -> Said | None:
        """Take one day; ``None`` if there is none."""
        before = self.text
        self.take(_BETWEEN)
        if match := self.take(_IN_WEEK):
            self._week = _WEEKS[match[1].lower()]
            one = self.day()
            self.text = before if one is None else self.text
            return one
        if match := self.take(_WEEKDAY):
            self._week_behind()
            return _NUMBER[match[1].lower()]
        date = self._ahead() or self._in_calendar()
        self.text = before if date is None else self.text
        return date

    def _ahead(self) -> dt.date | None:
        """Take a day that is counted from today."""
        if match := self.take(_WORD):
            return self._shifted(self.today + _WORDS[match[1].lower()] * _DAY)
        return self._shifted(self.today) if _IN.match(self.text) else None

    def _in_calendar(self) -> dt.date | None:
        """Take a date."""
        if match := self.take(_ISO):
            return self._date(int(match[3]), int(match[2]), int(match[1]))
        if match := self.take(_DATE):
            return self._date(int(match[1]), int(match[2]), _year(match))
        if match := self.take(_NAMED):
            return self._date(int(match[1]), _MONTH[match[2].lower()], _year(match))
        if match := self.take(_OF_MONTH):
            return self._of_month(int(match[1]))
        return None

    def _said(self) -> list[tuple[Said, bool]]:
        """What was said, each with whether everything since the one before is meant as well."""
        said: list[tuple[Said, bool]] = []
        through = False
        while (one := self.day()) is not None:
            before = said[-1][0] if said else None
            if isinstance(before, int) and isinstance(one, dt.date) and not through:
                self._compare(before, one)
                said[-1] = one, said[-1][1]
            else:
                said.append((one, through))
            text = self.text
            through = self.take(_UNTIL) is not None
            if through and not _begins(self):
                self.text = text
                break
        return said

    def _span(self, first: dt.date, until: Said) -> list[dt.date]:
        if isinstance(until, int):
            if until == first.weekday():
                name = WEEKDAYS[until]
                self.questions.append(f"Von {name} bis {name}? Bitte mit Datum schreiben.")
            until = first + (until - first.weekday()) % 7 * _DAY
        if until < first:
            self.questions.append(f"Der {_short(until)} liegt vor dem {_short(first)}.")
        days = min((until - first).days, MOST_DAYS)
        return [first + ahead * _DAY for ahead in range(days + 1)]

    def _shifted(self, day: dt.date) -> dt.date:
        """Take "in 14 Tagen" and the like, which may stand behind a day: "morgen in 2 Wochen"."""
        if match := self.take(_IN):
            said = match["number"].lower()
            count = 1 if said.startswith("eine") else number(said)
            weeks = match["unit"].lower() == "woche"
            if count == 8 and not weeks:  # often said for a week
                one, other = day + 7 * _DAY, day + 8 * _DAY
                self.questions.append(
                    f"In einer Woche oder einen Tag später? Bitte „{_short(one)}“ oder "
                    f"„{_short(other)}“ schreiben."
                )
            day += count * (_WEEK if weeks else _DAY)
            before = self.text
            self.take(_BETWEEN)
            if match := self.take(_WEEKDAY):
                self._compare(_NUMBER[match[1].lower()], day)
            else:
                self.text = before
        if day < self.today:
            self._refuse_past(day)
        return day

    def _of_month(self, day: int) -> dt.date:
        """The next day of this number; today's number may mean today or next month."""
        months = [(self.today.year + (self.today.month - 1 + ahead) // 12,
                   (self.today.month - 1 + ahead) % 12 + 1) for ahead in range(3)]  # fmt: skip
        found = []
        for year, month in months:
            try:
                found.append(dt.date(year, month, day))
            except ValueError:
                continue
        ahead = [each for each in found if each >= self.today]
        if not ahead:
            self.questions.append(f"Den {day}. gibt es im Kalender nicht.")
            return self.today
        if ahead[0] == self.today:
            self.questions.append(
                f"Heute ist der {day}. Heute oder in einem Monat? Bitte „heute“ oder "
                f"„{_short(ahead[1])}“ schreiben."
            )
        return ahead[0]

    def _week_behind(self) -> None:
        """Take "nächste Woche" where it stands behind the weekday."""
        before = self.text
        self.skip()
        if match := self.take(_IN_WEEK):
            self._week = _WEEKS[match[1].lower()]
        else:
            self.text = before

    def _date(self, day: int, month: int, year: int | None) -> dt.date:
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

    def _next(self, weekday: int) -> dt.date:
        monday = self.today - self.today.weekday() * _DAY
        if self._week is not None:
            date = monday + self._week * _WEEK + weekday * _DAY
            if date < self.today:
                self.questions.append(f"{_named(date)} ist vorbei.")
            return date
        ahead = (weekday - self.today.weekday()) % 7
        if ahead == 0:
            later = self.today + _WEEK
            self.questions.append(
                f"Heute ist {WEEKDAYS[weekday]}. Heute oder in einer Woche? "
                f"Bitte „heute“ oder „{_short(later)}“ schreiben."
            )
        return self.today + ahead * _DAY

    def _compare(self, weekday: int, date: dt.date) -> None:
        if date.weekday() != weekday:
            self.questions.append(
                f"Der {date.day}.{date.month}.{date.year} ist ein {WEEKDAYS[date.weekday()]}, "
                f"kein {WEEKDAYS[weekday]}."
            )


def _begins(words: DayWords) -> bool:
    """Whether a day comes next."""
    return DayWords(words.text, words.today).day() is not None


def _year(match: re.Match[str]) -> int | None:
    said = match[3] or match[4]
    if not said:
        return None
    return int(said) + (2000 if len(said) == 2 else 0)


def _short(date: dt.date) -> str:
    return f"{date.day}.{date.month}."


def _named(date: dt.date) -> str:
    return f"{WEEKDAYS[date.weekday()]}, {date.day}.{date.month}.{date.year},"
