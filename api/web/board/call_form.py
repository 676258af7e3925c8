"""What stands in the form of a telephone call, and what of it is understood so far."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from starlette.datastructures import FormData

from api.operations.directory import likely_place, may_mean
from data.cells import read_appointment
from data.open_calls import OpenCall
from data.places import KnownPlace
from data.region import Region
from data.request_rows import RequestRow, row_cells
from data.spoken import Spoken, read_spoken
from data.spoken_time import read_spoken_time
from scheduler.clock import Clock, hh_mm

# The columns of a request (docs/csv.md), but for the date, which stands in the appointment: in the
# order of the page, and as they are called there.
LABELS = {
    "name": "Name",
    "termin": "Termin",
    "ziel": "Wohin",
    "abholort": "Abholen bei",
    "rueckfahrt": "Rückfahrt",
    "rueckfahrt_um": "Feste Zeit",
    "dauer": "Dauer",
    "hilfen": "Hilfen",
    "begleitung": "Begleitung",
    "apotheke": "Apotheke",
    "telefon": "Telefon",
    "geburtsdatum": "Geburtsdatum",
    "dringlichkeit": "Dringlichkeit",
    "hinweis": "Hinweis",
}
FIELDS = tuple(LABELS)
EMPTY = {"rueckfahrt": "ja"}
# What belongs to one ride, and not to whoever rides: elsewhere, it is not taken over.
OF_RIDE = ("rueckfahrt", "dauer", "apotheke", "dringlichkeit", "hinweis")
AT_TIME = "um"  # the way back at a time of its own
TWO_WAYS_BACK = (
    "Passt nicht zur gewählten Rückfahrt. Bitte die Zeit löschen oder „um eine feste Zeit“ wählen."
)

_LONG = 10  # digits of no version
_CHOICE = "vorschlag-"  # of which date


@dataclass(frozen=True)
class CallForm:
    """
    The form as it was sent.

    *chosen* names an offer for each date (`calling.choice`), *seen* is the state (`Understood`)
    that it was offered for. *key* belongs to this one form, so that it is never booked twice, and
    *version* to the open call that it was filled with, 0 if there is none. *filled* names the
    fields that nobody typed: what is known of somebody filled them, and goes when somebody else is
    chosen. *usual* is where the ride went that they were taken from, "" if there was none.
    """

    values: Mapping[str, str]
    chosen: Mapping[date, str]
    seen: str
    key: str
    version: int = 0
    filled: tuple[str, ...] = ()
    usual: str = ""

    @classmethod
    def empty(cls, **values: str) -> "CallForm":
        """A new form."""
        return cls(dict.fromkeys(FIELDS, "") | EMPTY | values, {}, "", secrets.token_urlsafe(16))

    @classmethod
    def like(cls, row: RequestRow) -> "CallForm":
        """A form for somebody who rides as in *row*, at another time."""
        values = caller_values(row)
        filled = tuple(name for name in FIELDS if name in values)
        return replace(cls.empty(**values), filled=filled, usual=row.destination)

    @classmethod
    def kept(cls, call: OpenCall) -> "CallForm":
        """The form of a call that was not complete."""
        values = {name: call.typed.get(name, "") for name in FIELDS}
        usual = values["ziel"] if "ziel" in call.filled else ""
        return cls(values, {}, "", call.key, call.version, call.filled, usual)

    def without(self, names: Iterable[str]) -> "CallForm":
        """Give the form with some fields as they are in a new one."""
        return replace(
            self, values={**self.values, **{name: EMPTY.get(name, "") for name in names}}
        )

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return all(text == EMPTY.get(name, "") for name, text in self.values.items())

    @classmethod
    def read(cls, sent: FormData) -> "CallForm":
        """Read what a browser sent; whatever is missing is empty."""
        texts = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        values = {name: texts.get(name, "").strip() for name in FIELDS}
        way_back = values["rueckfahrt"] or EMPTY["rueckfahrt"]
        if values["rueckfahrt_um"] and way_back == EMPTY["rueckfahrt"]:
            way_back = AT_TIME
        key, version = texts.get("schluessel", ""), texts.get("fassung", "")
        return cls(
            values | {"rueckfahrt": way_back},
            dict(_chosen(texts)),
            texts.get("stand", ""),
            key if 16 <= len(key) <= 64 else secrets.token_urlsafe(16),
            int(version) if version.isdecimal() and len(version) < _LONG else 0,
            tuple(name for name in FIELDS if name in texts.get("vorbelegt", "").split()),
            texts.get("fahrt_nach", "").strip(),
        )


@dataclass(frozen=True)
class Understood:
    """
    A form with its appointment understood: *cells* as `data.request_rows` reads them.

    *place* is the known one that the destination means, if it means one; *instead* is what the
    form had as the destination before, if another one was said with the appointment. *left* names
    what was filled in from a ride to somewhere else, and is not taken over. *wrong* says by field
    what is not understood.
    """

    spoken: Spoken
    cells: Mapping[str, str]
    place: KnownPlace | None
    instead: str
    wrong: Mapping[str, str]
    left: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it is clear when."""
        return bool(self.spoken.dates and self.spoken.time)

    @property
    def state(self) -> str:
        """Changes with all that an offer depends on."""
        asked = [self.cells, [day.isoformat() for day in self.spoken.dates]]
        text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def caller_values(row: RequestRow) -> dict[str, str]:
    """All that a request says, but for when it is, as the fields of the form have it."""
    cells = row_cells(row)
    for name in ("datum", "termin"):
        del cells[name]
    cells["geburtsdatum"] = f"{row.born:%d.%m.%Y}" if row.born else ""
    if row.return_at is not None:  # belongs to that one appointment
        cells["rueckfahrt"] = EMPTY["rueckfahrt"]
    return cells


def understand(form: CallForm, region: Region, *, today: date) -> Understood:
    """Understand as much of a form as can be."""
    spoken, wanted, place = _where(form.values, region, today)
    destination = place.name if place else wanted
    elsewhere = {"", destination.casefold()}.isdisjoint({form.usual.casefold()}) and wanted
    left = tuple(name for name in OF_RIDE if name in form.filled) if elsewhere else ()
    values = form.without(left).values
    way_back, wrong = read_way_back(values, earliest=_arrival(spoken.time))
    if spoken.questions:
        wrong["termin"] = " ".join(spoken.questions)
    cells = {**values, "termin": spoken.time, "ziel": destination, "rueckfahrt": way_back}
    del cells["rueckfahrt_um"]
    instead = values["ziel"] if values["ziel"] not in {"", destination} else ""
    return Understood(spoken, cells, place, instead, wrong, left)


def _where(
    values: Mapping[str, str], region: Region, today: date
) -> tuple[Spoken, str, KnownPlace | None]:
    """Read the appointment, the destination as it is called, and the known one that it means."""
    spoken = read_spoken(values["termin"], today=today)
    usual = likely_place(region, values["ziel"])
    wanted, place = values["ziel"], usual
    # What is said wins over what is usual, unless it leaves open what the other one says.
    if spoken.place and not (usual is not None and may_mean(spoken.place, usual)):
        place = likely_place(region, spoken.place)
        # Without a time, what is left may be a part of the time: "9 oder 10 MVZ".
        if place is not None or spoken.time:
            wanted = spoken.place
    return spoken, wanted, place


def read_way_back(values: Mapping[str, str], *, earliest: Clock) -> tuple[str, dict[str, str]]:
    """
    Read the way back as the column of a request, or say by field what is wrong with it.

    Nobody goes home before they are there, at the *earliest*: "halb vier" is 15:30 then.
    """
    way_back, typed = values["rueckfahrt"], values["rueckfahrt_um"]
    if not typed:
        return "" if way_back == AT_TIME else way_back, {}
    if way_back not in {AT_TIME, EMPTY["rueckfahrt"]}:
        return way_back, {"rueckfahrt_um": TWO_WAYS_BACK}
    try:
        return hh_mm(read_spoken_time(typed, earliest=earliest)), {}
    except ValueError as error:
        return EMPTY["rueckfahrt"], {"rueckfahrt_um": str(error)}


def _arrival(time: str) -> Clock:
    """When somebody is there at the earliest; 0 if no time was said yet."""
    if not time:
        return 0
    appointment, span = read_appointment(time)
    return span.earliest if span else appointment or 0


def beside(column: str, values: Mapping[str, str]) -> str:
    """Name the field of the form beside which a fault of a column stands."""
    if column == "datum":
        return "termin"
    at_time = values["rueckfahrt_um"] or values["rueckfahrt"] == AT_TIME
    return "rueckfahrt_um" if column == "rueckfahrt" and at_time else column


def _chosen(texts: Mapping[str, str]) -> Iterator[tuple[date, str]]:
    for name, value in texts.items():
        if name.startswith(_CHOICE):
            try:
                yield date.fromisoformat(name.removeprefix(_CHOICE)), value
            except ValueError:
                continue
