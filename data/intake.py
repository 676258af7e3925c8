"""
Rows become requests: texts become places of a region, and opening hours are looked at.

What is wrong with a row is said with its column; the other rows do not mind.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping

from data.day_input import Booking, DayInput
from data.errors import Rejected
from data.localities import Localities
from data.places import KnownPlace
from data.region import Region
from data.request_rows import ANY_PHARMACY, RequestRow, read_row, row_cells
from routing.errors import AddressError, AmbiguousAddress, GeocoderUnavailable, TooFarFromRoad
from routing.geo import Point
from routing.geocoding import Address
from routing.units import HOUR
from scheduler.clock import hh_mm
from scheduler.manifest import Contact
from scheduler.model import Needs, Place, PlaceId, PlaceKind, Request, RequestId

SUGGESTIONS = 3
EXAMPLE = "So sieht eine Adresse aus: Beispielstraße 3, Talle."

_HARMLESS = {"name": "-", "rueckfahrt": "ja"}  # where a cell must not be empty

_REMARK = re.compile(r"\s*\([^()]*\)$")

# An online geocoder, where one is switched on: a text becomes a point, or it is not known there.
Online = Callable[[str], Point | None]


class Intake:
    """
    Takes the rows of one region.

    Parameters
    ----------
    online
        Asked where the region's own addresses do not help.
    """

    def __init__(self, region: Region, *, online: Online | None = None) -> None:
        self.region = region
        self.online = online
        self._by_name = {_plain(place.name): place for place in region.places.values()}
        self._localities = Localities(
            region.villages, region.address_book.addresses, municipality=region.title
        )
        self._homes: dict[tuple[str, Point], PlaceId] = {}
        self._found: dict[str, Address | str] = {}
        self._days: dict[dt.date, dict[PlaceId, Place]] = {}

    def take(self, row: RequestRow, request: RequestId) -> Booking | list[Rejected]:
        """Turn *row* into a request of this id, or say everything that is wrong with it."""
        reading = _Reading(self, row)
        origin = reading.place("abholort", row.origin)
        destination = reading.place("ziel", row.destination)
        if origin is not None and origin == destination:
            reading.refuse("ziel", "Ist derselbe Ort wie der Abholort.")
        closed = self.region.closed(row.date)
        if closed:
            reading.refuse("datum", f"Am {row.date:%d.%m.%Y} fährt kein Bus: {closed}.")
        elif destination is not None:
            reading.check_opening(destination)
        pharmacies = reading.pharmacies()
        if reading.rejected or origin is None or destination is None:
            return reading.rejected
        return Booking(
            date=row.date,
            request=Request(
                id=request,
                origin=origin,
                destination=destination,
                appointment=row.appointment,
                arrive=row.arrive,
                stay=row.stay,
                way_back=row.way_back,
                return_at=row.return_at,
                pharmacies=pharmacies,
                needs=Needs(row.mobility, row.companions),
                priority=row.priority,
            ),
            contact=Contact(row.name, row.phone, row.note),
            born=row.born,
            homes=reading.homes,
            pharmacy=row.pharmacy if row.pharmacy in {"", ANY_PHARMACY} else pharmacies[0],
            row=row.row,
        )

    def more_faults(
        self, cells: Mapping[str, str], rejected: Iterable[Rejected], *, today: dt.date
    ) -> list[Rejected]:
        """
        Find what else is wrong with *cells* that `read_row` has *rejected*.

        So that who typed them learns of all faults at once.
        """
        bad = {fault.field for fault in rejected}
        rest = {**cells, **{column: _HARMLESS.get(column, "") for column in bad}}
        row = read_row(rest, row=0, today=today)
        if isinstance(row, RequestRow):
            taken = self.take(row, "")
            return taken if isinstance(taken, list) else []
        texts = {column: " ".join(rest.get(column, "").split()) for column in ("abholort", "ziel")}
        return [
            Rejected(0, column, text, found)
            for column, text in texts.items()
            if text and isinstance(found := self.find(text), str)
        ]

    def find(self, text: str) -> Address | str:
        """Look an address or the name of a place up; a text says in German why it is not found."""
        if text not in self._found:
            self._found[text] = self._look_up(text)
        return self._found[text]

    def name_home(self, address: Address) -> PlaceId:
        """Number homes as they come: the same address, the same home."""
        return self._homes.setdefault(
            (address.label, address.point), f"home-{len(self._homes) + 1}"
        )

    def places_on(self, day: dt.date) -> Mapping[PlaceId, Place]:
        """Every known place as it is on *day*."""
        if day not in self._days:
            self._days[day] = self.region.places_on(day)
        return self._days[day]

    def open_pharmacies(self, day: dt.date) -> tuple[PlaceId, ...]:
        """Every pharmacy that opens on *day*, or whose hours are unknown."""
        return tuple(
            place.id
            for place in self.places_on(day).values()
            if place.kind is PlaceKind.PHARMACY and place.open_hours != ()
        )

    def _look_up(self, text: str) -> Address | str:
        if (place := self._by_name.get(_plain(text))) is not None:
            return place.address
        # "Lindenweg 4, Talle (Hintereingang)": the remark is not part of the address.
        text = _REMARK.sub("", text)
        if (village := self._localities.only(text)) is not None:
            return (
                "Das ist ein Ort ohne Straße. Bitte Straße und Hausnummer angeben, zum Beispiel "
                f"„Beispielstraße 3, {village}“, oder den Namen eines bekannten Ziels."
            )
        try:
            address = self.region.address_book.resolve(text)
        except AddressError as error:
            address_or_fault = self._ask_online(text)
            if address_or_fault is None:
                return self._suggest(text, error)
            if isinstance(address_or_fault, str):
                return address_or_fault
            address = address_or_fault
        try:
            self.region.network.snap(address.point)
        except TooFarFromRoad as error:
            return (
                f"Liegt {error.metres} m von der nächsten Straße der Karte, erlaubt sind "
                f"{error.limit} m. Bitte eine Adresse an der Straße angeben."
            )
        return address

    def _ask_online(self, text: str) -> Address | str | None:
        if self.online is None:
            return None
        try:
            point = self.online(text)
        except GeocoderUnavailable:
            return "Ist hier nicht bekannt, und die Adresssuche im Netz antwortet gerade nicht."
        if point is None:
            return None
        return Address(
            label=text, street=text, housenumber="", postcode="", village="", point=point
        )

    def _suggest(self, text: str, error: AddressError) -> str:
        matches = self.region.address_book.find(text, limit=SUGGESTIONS)
        labels = list(dict.fromkeys(self._label(match.address) for match in matches))
        known = "; ".join(labels)
        if isinstance(error, AmbiguousAddress):
            return f"Ist nicht eindeutig. Gemeint sein kann: {known}."
        near = f" Ähnlich sind: {known}." if known else f" {EXAMPLE}"
        return f"Ist in {self.region.title} nicht bekannt.{near}"

    def _label(self, address: Address) -> str:
        known = self.region.places.get(address.place_id or "")
        return known.name if known else address.label


class _Reading:
    """One row on its way: what was found, and what was wrong."""

    def __init__(self, intake: Intake, row: RequestRow) -> None:
        self.intake = intake
        self.row = row
        self.cells = row_cells(row)
        self.homes: dict[PlaceId, Address] = {}
        self.rejected: list[Rejected] = []

    def refuse(self, column: str, message: str) -> None:
        self.rejected.append(Rejected(self.row.row, column, self.cells[column], message))

    def place(self, column: str, text: str) -> PlaceId | None:
        found = self.intake.find(text)
        if isinstance(found, str):
            self.refuse(column, found)
            return None
        if found.place_id is not None:
            return found.place_id
        name = self.intake.name_home(found)
        self.homes[name] = found
        return name

    def check_opening(self, destination: PlaceId) -> None:
        """Refuse an appointment at a practice that is closed then."""
        place = self.intake.places_on(self.row.date).get(destination)
        if place is None or place.open_hours is None:
            return
        name = self.intake.region.places[destination].name
        day = f"am {self.row.date:%d.%m.%Y}"
        if not place.open_hours:
            self.refuse("termin", f"{name} hat {day} geschlossen.")
            return
        arrive, appointment = self.row.arrive, self.row.appointment
        if any(
            hours.earliest <= appointment < hours.latest
            if appointment is not None
            else arrive is not None
            and arrive.earliest < hours.latest
            and hours.earliest <= arrive.latest
            for hours in place.open_hours
        ):
            return
        ends = (hours.latest for hours in place.open_hours)
        if appointment == 24 * HOUR and appointment in ends:
            self.refuse(
                "termin", "24:00 Uhr ist das Ende des Tages; am nächsten Tag ist das 00:00 Uhr."
            )
            return
        opened = " und ".join(
            f"{hh_mm(hours.earliest)}-{hh_mm(hours.latest)}" for hours in place.open_hours
        )
        self.refuse("termin", f"{name} hat {day} nur {opened} Uhr geöffnet.")

    def pharmacies(self) -> tuple[PlaceId, ...]:
        """Find the pharmacies that would do, all of them open some time of the day."""
        if not self.row.pharmacy:
            return ()
        region = self.intake.region
        opened = self.intake.open_pharmacies(self.row.date)
        if self.row.pharmacy == ANY_PHARMACY:
            if not opened:
                self.refuse("apotheke", f"Am {self.row.date:%d.%m.%Y} hat keine geöffnet.")
            return opened
        found = self.intake.find(self.row.pharmacy)
        place = region.places.get(found.place_id or "") if isinstance(found, Address) else None
        if place is None or place.kind is not PlaceKind.PHARMACY:
            names = _names(region.places_of(PlaceKind.PHARMACY)) or "keine"
            self.refuse("apotheke", f"Richtig ist: ja, oder eine von diesen: {names}.")
            return ()
        if place.id not in opened:
            self.refuse("apotheke", f"Hat am {self.row.date:%d.%m.%Y} geschlossen.")
            return ()
        return (place.id,)


def take_rows(
    intake: Intake, rows: Iterable[RequestRow], *, day: dt.date
) -> tuple[DayInput, list[Rejected]]:
    """
    Take all rows of one date; those of other dates are passed over.

    Row 12 becomes request "r12", so that a plan can be checked against its file later.
    """
    requests: list[Request] = []
    contacts: dict[RequestId, Contact] = {}
    homes: dict[PlaceId, Address] = {}
    rejected: list[Rejected] = []
    for row in rows:
        if row.date != day:
            continue
        taken = intake.take(row, f"r{row.row}")
        if isinstance(taken, list):
            rejected.extend(taken)
            continue
        requests.append(taken.request)
        contacts[taken.request.id] = taken.contact
        homes.update(taken.homes)
    return DayInput(day, tuple(requests), contacts, homes), rejected


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _names(places: Iterable[KnownPlace]) -> str:
    return ", ".join(place.name for place in places)
