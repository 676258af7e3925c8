"""
An appointment as it is said on the telephone: "Di 9:30 Dr. Beispiel", "Mi um neun ins MVZ".

A day is never guessed, nor a time. What is not understood is named, and asked for.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.cells import read_appointment
from data.spoken_days import WEEKDAY, DayWords
from data.spoken_loose import Loose, loose_after, loose_before, other_field, says_the_same
from data.spoken_time import NUMBER_WORDS, like_time, plain

_EXAMPLE_DAYS = "Zum Beispiel: Di 9:30, morgen 9:30 oder 2.3. 9:30."
_EXAMPLE = "Zum Beispiel: Di 9:30."
_EXAMPLE_SPAN = "Wer keine feste Zeit hat: Di zwischen 9 und 11 Uhr."
_ONE_BY_ONE = (
    "Das sind Termine zu verschiedenen Zeiten. Bitte einen nach dem anderen buchen: Danach füllt "
    "„Weitere Fahrt“ das Formular für dieselbe Person."
)
_ONLY_ONE = "Bitte nur einen Tag und eine Zeit schreiben; „Mi, Do 9:30“ bucht beide Tage."
_NOT_ABOUT = f"Bitte die Uhrzeit des Termins schreiben. {_EXAMPLE_SPAN}"
_WAY_BACK = "gehört nicht zum Termin: Bitte unten „Rückfahrt“ wählen, die Zeit bei „Feste Zeit“."
_DAYS_FIRST = "Bitte alle Tage vor die Uhrzeit schreiben, zum Beispiel: Mi, Fr 9:00."
_SHOWN = 40  # letters of what was not understood
_EVERY = re.compile(
    rf"\b(?:jede[nrs]?\s+(?:(?:zweite[nr]?|dritte[nr]?|vierte[nr]?|[0-9]\.)\s+)?"
    rf"(?:(?=(?:{WEEKDAY}))|(?:woche|tag)\b)|wöchentlich\b|woechentlich\b|täglich\b|taeglich\b"
    rf"|alle\s+(?:[0-9]+|{NUMBER_WORDS})\s+(?:wochen|tage)\b)\s*",
    re.IGNORECASE,
)


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


@dataclass(frozen=True)
class _Reading:
    """What was read from the beginning of a text; whether it said a day, and a time."""

    spoken: Spoken
    day: bool
    time: bool


def read_spoken(text: str, *, today: dt.date) -> Spoken:
    """Understand as much of *text* as can be, half typed as it may be; the place may come first."""
    text = plain(text)
    once = plain(_EVERY.sub("", text))
    spoken = _read_once(once, today)
    if once == text:
        return spoken
    example = "zum Beispiel „Mi 10:30“" if spoken.questions else f"„{once}“"
    series = (
        f"Was jede Woche kommt, wird eine Serie: Bitte hier nur die erste Fahrt buchen, {example}, "
        "und dann beim Fahrtwunsch „Jede Woche“ wählen."
    )
    return replace(spoken, dates=(), questions=(series, *spoken.questions))


def _read_once(text: str, today: dt.date) -> Spoken:
    whole = _read(text, today)
    if whole.day or not text:
        return whole.spoken
    for begin in _words(text):
        behind = _read(text[begin:], today)
        if behind.day and behind.time:
            return _with_words_before(behind.spoken, text[:begin].strip(), today)
    begin = next((each for each in _words(text) if DayWords(text[each:], today).time()), 0)
    spoken = _read(text[begin:], today).spoken
    return replace(
        spoken,
        place=f"{text[:begin]}{spoken.place}".strip(),
        questions=(_which_day(text[:begin]), *spoken.questions),
    )


def _with_words_before(spoken: Spoken, text: str, today: dt.date) -> Spoken:
    """Put *text*, said before the day, to the place; or ask about it, if it leaves the day open."""
    loose = loose_before(text, today)
    place = f"{loose.rest} {spoken.place}".strip()
    if not loose.piece:
        return replace(spoken, place=place)
    return replace(spoken, dates=(), place=place, questions=(*spoken.questions, _not_clear(loose)))


def _read(text: str, today: dt.date) -> _Reading:
    words = DayWords(text, today)
    time = words.time()
    dates = words.days()
    between = ""
    if words.found and not (time or words.which_time):
        time, between = _time_behind(words)
    asked = bool(time or words.which_time)
    place, again = _other_times(words, today) if asked and words.found else (words.rest(), "")
    open_words: list[str] = []
    if time and words.found:
        place, open_words = _open_words(between, place, time, today)
    else:
        place = f"{between} {place}".strip()
    questions = [*words.questions, *([again] if again else open_words)]
    if time:
        try:
            read_appointment(time)
        except ValueError as error:
            questions.append(str(error))
            time = ""
    elif text:
        questions.append(words.which_time or _which_time(place))
    return _Reading(
        Spoken(() if again or open_words else dates, time, place, tuple(questions)),
        words.found,
        asked,
    )


def _open_words(before: str, behind: str, time: str, today: dt.date) -> tuple[str, list[str]]:
    """Give the place that was said around a *time*, and ask about what leaves that open."""
    around = loose_before(before, today), loose_after(behind, today)
    way_back = other_field(" ".join(each.rest for each in around).strip())
    questions = [
        _not_clear(each) for each in around if each.piece and not says_the_same(each.piece, time)
    ]
    if way_back.piece:
        questions.append(f"{_shown(way_back.piece)} {_WAY_BACK}")
    return way_back.rest, questions


def _not_clear(loose: Loose) -> str:
    return f"{_shown(loose.piece)} ist nicht klar. {_ONLY_ONE if loose.other else _NOT_ABOUT}"


def _time_behind(words: DayWords) -> tuple[str, str]:
    """Take the time behind the days, or behind the place, which is returned as well."""
    if (time := words.time()) or words.which_time:
        return time, ""
    words.skip()
    text = words.text
    for begin in _words(text):
        words.text = text[begin:]
        if (time := words.time()) or words.which_time:
            return time, text[:begin].strip()
    words.text = text
    words.bare_hour()
    return "", ""


def _other_times(words: DayWords, today: dt.date) -> tuple[str, str]:
    """Read the place behind the time; and ask, if another appointment is said there as well."""
    words.skip()
    text = words.text
    for begin in (0, *_words(text)):
        more = DayWords(text[begin:], today)
        if more.day() is None or more.text.startswith("-"):
            continue
        if more.time():
            words.text = text[:begin].removesuffix("und ") or more.text
            return words.rest().strip(), _ONE_BY_ONE
        if begin == 0 and re.match(WEEKDAY, text, re.IGNORECASE):
            words.text = more.text
            return words.rest(), _DAYS_FIRST
    return words.rest(), ""


def _words(text: str) -> Iterator[int]:
    """Where each word begins, but for the first."""
    return (match.start() for match in re.finditer(r"(?<= )\S", text))


def _which_day(unknown: str) -> str:
    words = _shown(unknown)
    said = f"{words} ist als Tag nicht bekannt. " if words else ""
    return f"An welchem Tag? {said}{_EXAMPLE_DAYS}"


def _which_time(unknown: str) -> str:
    said = f"{_shown(unknown)} ist nicht klar. " if like_time(unknown) else ""
    return f"Um wie viel Uhr? {said}{_EXAMPLE} {_EXAMPLE_SPAN}"


def _shown(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    return f"„{text if len(text) <= _SHOWN else f'{text[: _SHOWN - 1]}…'}“"
