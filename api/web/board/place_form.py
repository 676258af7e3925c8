"""The form of a place: typed hours to OpenStreetMap's syntax, and back."""

import re
from collections.abc import Mapping
from datetime import date

from api.web.dates import UnreadableDateError, read_day
from data.opening_week import OpeningWeek, read_hours, write_hours
from data.places import PlaceChange

WEEK = ("mo", "di", "mi", "do", "fr", "sa", "so")
MOST_CLOSED = 4
CLOSED = tuple(f"zu{number}" for number in range(1, MOST_CLOSED + 1))
# In the order of the page.
LABELS = {
    "art": "Öffnungszeiten",
    **dict(
        zip(
            WEEK,
            ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
            strict=True,
        )
    ),
    "feiertage": "An Feiertagen",
    **{name: f"Geschlossen {number}" for number, name in enumerate(CLOSED, 1)},
    "genau": "In der Schreibweise von OpenStreetMap",
    "telefon": "Telefon",
}
KINDS = (
    ("woche", "jede Woche so"),
    ("unbekannt", "nicht bekannt: Termine gehen immer"),
    ("genau", "in der Schreibweise von OpenStreetMap"),
)
HOLIDAYS = (("zu", "geschlossen"), ("offen", "wie sonst an dem Wochentag"))

_LONGEST_SPAN = 60  # letters
_SPAN = "So sieht es aus: 24.12.2026 bis 3.1.2027; ein Tag allein geht auch."
# Not the dashes within 2027-03-02.
_UNTIL = re.compile(r"\s+bis\s+|\s+[–-]\s+|(?<=\.[0-9]{4})[–-]|(?<=\.[0-9]{2})[–-]|(?<=\.)[–-]")


def place_values(change: PlaceChange, week: OpeningWeek | None) -> dict[str, str]:
    """Write what holds of a place into the fields; *week* is its hours, where a week says them."""
    if week is not None and len(week.closed) > MOST_CLOSED:
        week = None
    shown = week or OpeningWeek(((),) * len(WEEK))
    known = "woche" if week else "genau"
    closed = [*(_span_text(*each) for each in shown.closed), *([""] * MOST_CLOSED)]
    return {
        "art": known if change.opening_hours else "unbekannt",
        **{name: write_hours(day) for name, day in zip(WEEK, shown.days, strict=True)},
        "feiertage": "zu" if shown.off_on_holidays else "offen",
        **dict(zip(CLOSED, closed, strict=False)),
        "genau": change.opening_hours,
        "telefon": change.phone,
    }


def read_place(values: Mapping[str, str], *, today: date) -> tuple[str, dict[str, str]]:
    """Read the opening hours in OpenStreetMap's syntax; say by field what is wrong with them."""
    match values["art"]:
        case "unbekannt":
            return "", {}
        case "genau":
            missing = "Bitte ausfüllen, oder oben etwas anderes wählen."
            return values["genau"], {} if values["genau"] else {"genau": missing}
        case "woche":
            return _read_week(values, today)
        case _:
            return "", {"art": "Bitte aus der Liste wählen."}


def _read_week(values: Mapping[str, str], today: date) -> tuple[str, dict[str, str]]:
    wrong: dict[str, str] = {}
    days = []
    for name in WEEK:
        try:
            days.append(read_hours(values[name]))
        except ValueError as error:
            wrong[name] = str(error)
    closed = []
    for name in CLOSED:
        try:
            if values[name]:
                closed.append(_read_span(values[name], today))
        except ValueError as error:
            wrong[name] = str(error)
    if values["feiertage"] not in dict(HOLIDAYS):
        wrong["feiertage"] = "Bitte aus der Liste wählen."
    if not wrong and not any(days):
        wrong["mo"] = "So wäre nie geöffnet. Ist nichts bekannt, bitte oben „nicht bekannt“ wählen."
    week = OpeningWeek(tuple(days), values["feiertage"] == "zu", tuple(sorted(closed)))
    return week.text(), wrong


def _read_span(text: str, today: date) -> tuple[date, date]:
    ends = _UNTIL.split(text)
    try:
        if len(text) > _LONGEST_SPAN or len(ends) not in {1, 2}:
            raise ValueError(_SPAN)
        first, last = (read_day(each, today=today) for each in (ends[0], ends[-1]))
    except UnreadableDateError:
        raise ValueError(_SPAN) from None
    if last < first:
        msg = "Der letzte Tag liegt vor dem ersten."
        raise ValueError(msg)
    if last < today:
        msg = f"Das ist schon vorbei; heute ist der {today:%d.%m.%Y}."
        raise ValueError(msg)
    return first, last


def _span_text(first: date, last: date) -> str:
    begin, end = (f"{day.day}.{day.month}.{day.year}" for day in (first, last))
    return begin if first == last else f"{begin} bis {end}"
