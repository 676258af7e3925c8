"""
One request as people write it down: a row of a table in German.

Reading a row checks what can be checked without knowing the region; places and opening hours
come later, in `data.intake`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from data.cells import (
    Value,
    choose,
    read_appointment,
    read_birth,
    read_companions,
    read_day,
    read_name,
    read_phone,
    read_stay,
    read_way_back,
    text_up_to,
)
from data.errors import Rejected
from routing.units import MINUTE, Seconds
from scheduler.clock import Clock, hh_mm
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
LONGEST_ADDRESS, LONGEST_NOTE = 200, 500  # what a Tourenblatt can print
LONGEST_SHOWN = 1_000  # of a wrong value: a cell may hold a whole book

MOBILITY = {
    "": Mobility.WALKS,
    "keine": Mobility.WALKS,
    "rollator": Mobility.WALKER,
    "rollstuhl": Mobility.WHEELCHAIR,
}
PRIORITY = {"": 0, "normal": 0, "wichtig": 1, "lebenswichtig": 2}


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
    appointment, arrive = reader.read("termin", read_appointment) or (None, None)
    way_back, return_at = reader.read("rueckfahrt", read_way_back) or (WayBack.NONE, None)
    name = reader.read("name", read_name)
    origin = reader.read("abholort", text_up_to(LONGEST_ADDRESS))
    destination = reader.read("ziel", text_up_to(LONGEST_ADDRESS))
    born = reader.optional("geburtsdatum", lambda text: read_birth(text, today))
    phone = reader.optional("telefon", read_phone)
    stay = reader.optional("dauer", read_stay)
    companions = reader.optional("begleitung", read_companions)
    mobility = reader.optional("hilfen", lambda text: choose(text, MOBILITY))
    priority = reader.optional("dringlichkeit", lambda text: choose(text, PRIORITY))
    note = reader.optional("hinweis", text_up_to(LONGEST_NOTE))
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
        value = self.cells[column]
        shown = value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"
        self.rejected.append(Rejected(self.row, column, shown, message))

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


def _read_pharmacy(text: str) -> str:
    if text.lower() == "nein":
        return ""
    if text.lower() == ANY_PHARMACY:
        return ANY_PHARMACY
    return text_up_to(LONGEST_ADDRESS)(text)
