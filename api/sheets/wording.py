"""German words and numbers as drivers read them. Nothing here decides anything."""

from datetime import date, datetime

from routing.units import KILOMETRE, MINUTE, Metres, Seconds
from scheduler.clock import hh_mm
from scheduler.model import Load, Mobility, Needs, TimeWindow

_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
# What its licence asks for (ODbL 1.0, 4.3), where its roads, addresses and places are shown.
OPENSTREETMAP = "© OpenStreetMap-Mitwirkende"
# Stands in the place of the version on sheets of a plan that is not kept, and beside the version
# of one that is not published.
DRAFT = "Entwurf"

_MOBILITY = {Mobility.WALKER: "Rollator", Mobility.WHEELCHAIR: "Rollstuhl"}


def weekday(day: date) -> str:
    """Monday is "Montag", whatever the locale of the machine."""
    return _WEEKDAYS[day.weekday()]


def long_date(day: date) -> str:
    """2027-03-02 -> "2. März 2027"."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def month_name(day: date) -> str:
    """2027-03-02 -> "März 2027"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """2027-03-02 -> "Dienstag, 2. März 2027"."""
    return f"{weekday(day)}, {long_date(day)}"


def short_date(day: date) -> str:
    """2027-03-02 -> "Di 02.03.2027"."""
    return f"{weekday(day)[:2]} {day:%d.%m.%Y}"


def edition(version: str, *, published: bool = True) -> str:
    """Say which plan a sheet is of: 2 -> "Version 2"; a draft may have no number."""
    if version == DRAFT:
        return DRAFT
    return f"Version {version}" if published else f"Version {version}, {DRAFT}"


def moment(when: datetime) -> str:
    """A point in time to the minute: "01.03.2027, 17:05 Uhr"."""
    return f"{when:%d.%m.%Y, %H:%M} Uhr"


def window(hours: TimeWindow) -> str:
    """08:00 to 12:00 -> "08:00–12:00 Uhr"."""
    return f"{hh_mm(hours.earliest)}–{hh_mm(hours.latest)} Uhr"


def lasting(hours: TimeWindow) -> str:
    """09:30 to 10:00 -> "09:30–10:00 Uhr (30 Minuten)"."""
    return f"{window(hours)} ({minutes(hours.latest - hours.earliest)})"


def kilometres(metres: Metres) -> str:
    """One decimal, half up: 12_350 -> "12,4 km"."""
    tenths = (metres + KILOMETRE // 20) // (KILOMETRE // 10)
    return f"{tenths // 10},{tenths % 10} km"


def minutes(seconds: Seconds) -> str:
    """Whole minutes, rounded up: 61 -> "2 Minuten"."""
    return count(-(-seconds // MINUTE), "Minute", "Minuten")


def count(number: int, one: str, many: str) -> str:
    """1 -> "1 Fahrgast", 3 -> "3 Fahrgäste"."""
    return f"{number} {one if number == 1 else many}"


def needs(needed: Needs) -> list[str]:
    """What a passenger brings along, in the order in which the bus is prepared for it."""
    words = [_MOBILITY[needed.mobility]] if needed.mobility in _MOBILITY else []
    if needed.companions:
        words.append(f"+{needed.companions} Begleitung")
    return words


def out_of_service(*, vehicle: bool, driver: bool) -> str:
    """Why a shift falls out, as it was reported; "" if that was not said."""
    said = {"Bus defekt": vehicle, "Fahrer:in krank": driver}
    return " und ".join(words for words, holds in said.items() if holds)


def seats(places: Load) -> str:
    """Load(5, 1) -> "5 Sitze + 1 Rollstuhlplatz"."""
    words = [count(places.seats, "Sitz", "Sitze")] if places.seats else []
    if places.wheelchairs:
        words.append(count(places.wheelchairs, "Rollstuhlplatz", "Rollstuhlplätze"))
    return " + ".join(words) or "keine Plätze"
