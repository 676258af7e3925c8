"""
One request as people write it down: a row of a table in German.

Reading a row checks what can be checked without knowing the region; places and opening hours
come later, in `data.intake`.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from data.errors import Rejected
from routing.units import MINUTE, Seconds
from scheduler.clock import Clock, clock, hh_mm
from scheduler.model import Mobility, TimeWindow, WayBack

REQUIRED = ("datum", "name", "abholort", "ziel", "termin", "rueckfahrt")
COLUMNS = (
    "datum",
    "name",
    "geburtsdatum",
    "telefon",
    "abholort",
    "ziel",
    "termin",
    "dauer",
    "rueckfahrt",
    "apotheke",
    "hilfen",
    "begleitung",
    "dringlichkeit",
    "hinweis",
)

ANY_PHARMACY = "ja"
MOST_COMPANIONS = 7  # a Bürgerbus has eight seats
LONGEST_STAY: Seconds = 12 * 60 * MINUTE
OLDEST_YEARS = 120
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)  # of rides; beyond, a typing error
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_NOTE = 120, 200, 500  # what a Tourenblatt can print

MOBILITY = {
    "": Mobility.WALKS,
    "keine": Mobility.WALKS,
    "rollator": Mobility.WALKER,
    "rollstuhl": Mobility.WHEELCHAIR,
}
PRIORITY = {"": 0, "normal": 0, "wichtig": 1, "lebenswichtig": 2}

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_GERMAN = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2})(?::00)?)?(?:\s*uhr)?", re.IGNORECASE)
_MINUTES = re.compile(r"([0-9]{1,4})(?:[.,]0+)?\s*(?:min\.?|minuten?)?", re.IGNORECASE)
_COUNT = re.compile(r"([0-9]{1,4})(?:[.,]0+)?")
_PHONE = re.compile(r"[0-9+()/\s.-]+")

Value = TypeVar("Value")


@dataclass(frozen=True)
class RequestRow:
    """
    What one row says, read and understood, with places still as texts.

    Exactly one of *appointment* and *arrive* is given, as in `scheduler.model.Request`.
    *pharmacy* is "" for none, `ANY_PHARMACY` for any that is open, or the name of one.
    *row* is where it stood in its file; 0 where it came from elsewhere.
    """

    date: dt.date
    name: str
    origin: str
    destination: str
    appointment: Clock | None = None
    arrive: TimeWindow | None = None
    way_back: WayBack = WayBack.NONE
    return_at: Clock | None = None
    stay: Seconds | None = None
    pharmacy: str = ""
    mobility: Mobility = Mobility.WALKS
    companions: int = 0
    priority: int = 0
    born: dt.date | None = None
    phone: str = ""
    note: str = ""
    row: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if (self.appointment is None) == (self.arrive is None):
            msg = "A row needs either an appointment or an arrival window."
            raise ValueError(msg)

    @property
    def earliest_arrival(self) -> Clock:
        """The appointment, or the begin of the window in which to arrive."""
        return self.arrive.earliest if self.arrive is not None else self.appointment or 0


def read_row(cells: Mapping[str, str], *, row: int, today: dt.date) -> RequestRow | list[Rejected]:
    """
    Understand one row, or say everything that is wrong with it.

    Parameters
    ----------
    cells
        Text by column; columns that are missing count as empty.
    row
        Its number in the file, for the messages; 0 where there is none.
    today
        Nobody is born after it.
    """
    reader = _Reader({name: " ".join(cells.get(name, "").split()) for name in COLUMNS}, row)
    ride_date = reader.read("datum", read_day)
    appointment, arrive = reader.read("termin", _read_appointment) or (None, None)
    way_back, return_at = reader.read("rueckfahrt", _read_way_back) or (WayBack.NONE, None)
    name = reader.read("name", _text(LONGEST_NAME))
    origin = reader.read("abholort", _text(LONGEST_ADDRESS))
    destination = reader.read("ziel", _text(LONGEST_ADDRESS))
    born = reader.optional("geburtsdatum", lambda text: _read_birth(text, today))
    phone = reader.optional("telefon", _read_phone)
    stay = reader.optional("dauer", _read_stay)
    companions = reader.optional("begleitung", _read_companions)
    mobility = reader.optional("hilfen", lambda text: _choose(text, MOBILITY))
    priority = reader.optional("dringlichkeit", lambda text: _choose(text, PRIORITY))
    note = reader.optional("hinweis", _text(LONGEST_NOTE))
    pharmacy = reader.optional("apotheke", _read_pharmacy)
    if pharmacy and way_back is WayBack.NONE and not reader.failed("rueckfahrt"):
        reader.refuse("apotheke", "Ohne Rückfahrt (rueckfahrt „nein“) hält der Bus an keiner.")
    arrival = arrive.earliest if arrive else appointment
    if return_at is not None and arrival is not None and return_at <= arrival:
        reader.refuse("rueckfahrt", f"Liegt nicht nach der Ankunft um {hh_mm(arrival)} Uhr.")
    if reader.rejected or ride_date is None:
        return reader.rejected
    return RequestRow(
        date=ride_date,
        name=name or "",
        origin=origin or "",
        destination=destination or "",
        appointment=appointment,
        arrive=arrive,
        way_back=way_back,
        return_at=return_at,
        stay=stay,
        pharmacy=pharmacy or "",
        mobility=mobility or Mobility.WALKS,
        companions=companions or 0,
        priority=priority or 0,
        born=born,
        phone=phone or "",
        note=note or "",
        row=row,
    )


def row_cells(row: RequestRow) -> dict[str, str]:
    """Write a row the way `read_row` reads it: the two are each other's inverse."""
    way_back = {
        WayBack.NONE: "nein",
        WayBack.AFTER_STAY: "ja",
        WayBack.WILL_CALL: "anruf",
        WayBack.AT_TIME: hh_mm(row.return_at or 0),
    }
    return {
        "datum": row.date.isoformat(),
        "name": row.name,
        "geburtsdatum": row.born.isoformat() if row.born else "",
        "telefon": row.phone,
        "abholort": row.origin,
        "ziel": row.destination,
        "termin": str(row.arrive) if row.arrive else hh_mm(row.appointment or 0),
        "dauer": "" if row.stay is None else str(row.stay // MINUTE),
        "rueckfahrt": way_back[row.way_back],
        "apotheke": row.pharmacy,
        "hilfen": {
            Mobility.WALKS: "",
            Mobility.WALKER: "rollator",
            Mobility.WHEELCHAIR: "rollstuhl",
        }[row.mobility],
        "begleitung": str(row.companions) if row.companions else "",
        "dringlichkeit": ("", "wichtig", "lebenswichtig")[row.priority],
        "hinweis": row.note,
    }


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


class _Reader:
    """Reads one row cell by cell and collects what is wrong with it."""

    def __init__(self, cells: Mapping[str, str], row: int) -> None:
        self.cells = cells
        self.row = row
        self.rejected: list[Rejected] = []

    def read(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """Parse a cell that must not be empty."""
        if not self.cells[column]:
            self.refuse(column, _WHAT_IS_RIGHT[column])
            return None
        return self.optional(column, parse)

    def optional(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """Parse a cell if something stands in it."""
        text = self.cells[column]
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(column, str(error))
            return None

    def refuse(self, column: str, message: str) -> None:
        """Note that a cell is wrong."""
        self.rejected.append(Rejected(self.row, column, self.cells[column], message))

    def failed(self, column: str) -> bool:
        """Whether a cell was found wrong before."""
        return any(fault.field == column for fault in self.rejected)


_WHAT_IS_RIGHT = {
    "datum": "Fehlt. Ein Datum sieht so aus: 2027-03-02 oder 02.03.2027.",
    "name": "Fehlt. Zum Beispiel: Beispiel, Erika.",
    "abholort": "Fehlt. Eine Adresse (Beispielstraße 3, Talle) oder der Name eines Ortes.",
    "ziel": "Fehlt. Eine Adresse (Beispielstraße 3, Talle) oder der Name eines Ortes.",
    "termin": "Fehlt. Eine Uhrzeit (09:30) oder eine Spanne für die Ankunft (08:00-12:00).",
    "rueckfahrt": "Fehlt. Richtig ist: ja, nein, anruf oder eine Uhrzeit (11:40).",
}


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest:
            msg = f"Höchstens {longest} Zeichen haben Platz, es sind {len(text)}."
            raise ValueError(msg)
        if not text.isprintable():
            msg = "Enthält unsichtbare Steuerzeichen; bitte neu eintippen."
            raise ValueError(msg)
        return text

    return read


def _read_appointment(text: str) -> tuple[Clock | None, TimeWindow | None]:
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


def _read_way_back(text: str) -> tuple[WayBack, Clock | None]:
    words = {"ja": WayBack.AFTER_STAY, "nein": WayBack.NONE, "anruf": WayBack.WILL_CALL}
    if (word := words.get(text.lower())) is not None:
        return word, None
    try:
        return WayBack.AT_TIME, read_time(text)
    except ValueError as error:
        msg = "Richtig ist: ja, nein, anruf oder eine Uhrzeit (11:40)."
        raise ValueError(msg) from error


def _read_birth(text: str, today: dt.date) -> dt.date:
    born = read_date(text)
    if born > today:
        msg = f"Liegt in der Zukunft; heute ist der {today:%d.%m.%Y}."
        raise ValueError(msg)
    if today.year - born.year > OLDEST_YEARS:
        msg = f"Liegt mehr als {OLDEST_YEARS} Jahre zurück; stimmt das Jahr?"
        raise ValueError(msg)
    return born


def _read_phone(text: str) -> str:
    digits = sum(character.isdigit() for character in text)
    if _PHONE.fullmatch(text) is None or not 3 <= digits <= 20:
        msg = "Eine Telefonnummer hat 3 bis 20 Ziffern, zum Beispiel 05264 123456."
        raise ValueError(msg)
    return text


def _read_stay(text: str) -> Seconds:
    match = _MINUTES.fullmatch(text)
    if match is None or not 0 < int(match[1]) * MINUTE <= LONGEST_STAY:
        msg = f"Richtig ist die Dauer in Minuten, 1 bis {LONGEST_STAY // MINUTE}."
        raise ValueError(msg)
    return int(match[1]) * MINUTE


def _read_companions(text: str) -> int:
    match = _COUNT.fullmatch(text)
    if match is None or int(match[1]) > MOST_COMPANIONS:
        msg = f"Richtig ist die Zahl der Begleitpersonen, 0 bis {MOST_COMPANIONS}."
        raise ValueError(msg)
    return int(match[1])


def _read_pharmacy(text: str) -> str:
    if text.lower() == "nein":
        return ""
    if text.lower() == ANY_PHARMACY:
        return ANY_PHARMACY
    return _text(LONGEST_ADDRESS)(text)


def _choose(text: str, choices: Mapping[str, Value]) -> Value:
    try:
        return choices[text.lower()]
    except KeyError:
        words = ", ".join(word for word in choices if word)
        msg = f"Richtig ist: leer, {words}."
        raise ValueError(msg) from None
