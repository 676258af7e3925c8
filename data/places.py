"""The places, addresses and villages of a region, as its folder lists them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

from data.opening import open_windows, opening_hours_fault
from data.reading import Findings, Row, read_rows
from routing.geo import Point
from routing.geocoding import Address, Precision, label_of
from scheduler.model import Place, PlaceId, PlaceKind

PLACES_FILE = "places.csv"
ADDRESSES_FILE = "addresses.csv"
VILLAGES_FILE = "villages.csv"

PLACE_COLUMNS = ("id", "name", "kind", "street", "housenumber", "postcode", "village", "lat", "lon")
PLACE_EXTRAS = ("phone", "opening_hours", "source")
ADDRESS_COLUMNS = ("street", "housenumber", "postcode", "village", "lat", "lon")
VILLAGE_COLUMNS = ("village", "inhabitants")
VILLAGE_EXTRAS = ("as_of", "lat", "lon", "source")

# Where a passenger lives is told with the request, never kept among the places.
PLACE_KINDS = tuple(kind for kind in PlaceKind if kind is not PlaceKind.HOME)

MOST_INHABITANTS = 10_000_000  # no municipality of Germany has more
_DIGITS = re.compile("[0-9]{1,8}")


@dataclass(frozen=True)
class KnownPlace:
    """
    A practice, pharmacy, depot ... that everybody calls by its name.

    *opening_hours* is OpenStreetMap's text, "" if unknown. *earlier* has what held before it, each
    with the first date on which it held no more, the oldest first.
    """

    id: PlaceId
    name: str
    kind: PlaceKind
    address: Address
    phone: str = ""
    opening_hours: str = ""
    source: str = ""
    earlier: tuple[tuple[date, str], ...] = ()

    @property
    def point(self) -> Point:
        """Where it is."""
        return self.address.point

    def hours_on(self, day: date) -> str:
        """The opening hours that hold on *day*, as OpenStreetMap's text."""
        return next((text for until, text in self.earlier if day < until), self.opening_hours)

    def changed(self, change: "PlaceChange") -> "KnownPlace":
        """The same after a decision; on the days before it, what held until then still holds."""
        return replace(
            self,
            opening_hours=change.opening_hours,
            phone=change.phone,
            earlier=(*self.earlier, (change.since, self.opening_hours)),
        )

    def on(self, day: date, *, country: str, land: str) -> Place:
        """Describe the place on *day* as the scheduler sees it: without a name."""
        hours, text = None, self.hours_on(day)
        if text:
            hours = open_windows(text, day, country=country, land=land)
        return Place(self.id, self.kind, self.point, hours)


@dataclass(frozen=True)
class PlaceChange:
    """
    What was decided about a known place on top of the region's files.

    The hours hold from *since* on: a day that has begun, or is over, was planned with those before.
    *version* counts the decisions; 0: there is none, and the files hold.
    """

    place: PlaceId
    opening_hours: str
    phone: str
    since: date = date.min
    version: int = 0


def short_label(*, street: str, housenumber: str, postcode: str, village: str) -> str:
    """
    Write an address as people of the region say it; the postcode only where no village is known.

    >>> short_label(street="Beispielweg", housenumber="3", postcode="32689", village="Talle")
    'Beispielweg 3, Talle'
    """
    code = "" if village else postcode
    return label_of(street=street, housenumber=housenumber, postcode=code, village=village)


def read_places(folder: Path, findings: Findings) -> dict[PlaceId, KnownPlace]:
    """Read the places of a region; every mistake is noted in *findings*."""
    rows = read_rows(
        folder / PLACES_FILE, needed=PLACE_COLUMNS, optional=PLACE_EXTRAS, findings=findings
    )
    places: dict[PlaceId, KnownPlace] = {}
    names: dict[str, PlaceId] = {}
    for row in rows:
        place, name = row.needed("id"), row.needed("name")
        if place in places:
            row.wrong("id", "kommt zweimal vor; jeder Ort braucht ein eigenes Kürzel.")
        if name.casefold() in names:
            row.wrong("name", f"heißt wie {names[name.casefold()]!r}; Namen sind eindeutig.")
        kind = row.text("kind")
        if kind not in PLACE_KINDS:
            row.wrong("kind", f"muss eines sein von {', '.join(PLACE_KINDS)}.")
            kind = PlaceKind.OTHER
        hours = row.text("opening_hours")
        fault = opening_hours_fault(hours) if hours else None
        if fault:
            row.wrong("opening_hours", f"{fault}; richtig wäre etwa 'Mo-Fr 08:00-12:00; PH off'.")
            hours = ""
        address = _address(row, place_id=place)
        if not (address.street or address.village):
            # A clinic in the fields has a name only.
            address = replace(address, label=name)
        names[name.casefold()] = place
        places[place] = KnownPlace(
            id=place,
            name=name,
            kind=PlaceKind(kind),
            address=address,
            phone=row.text("phone"),
            opening_hours=hours,
            source=row.text("source"),
        )
    return places


def read_addresses(folder: Path, findings: Findings) -> tuple[Address, ...]:
    """
    Read the addresses of a region; every mistake is noted in *findings*.

    Without a house number it is a street or a hamlet, at a point somewhere in it.
    """
    rows = read_rows(
        folder / ADDRESSES_FILE, needed=ADDRESS_COLUMNS, optional=("source",), findings=findings
    )
    addresses: dict[str, Address] = {}
    for row in rows:
        address = _address(row)
        if not (address.street or address.village):
            row.wrong("street", "Straße oder Ort muss dastehen.")
        key = f"{address.label} {address.postcode}".casefold()
        if key in addresses:
            row.wrong("housenumber", f"die Anschrift {address.label!r} kommt zweimal vor.")
        addresses[key] = address
    return tuple(addresses.values())


def _address(row: Row, *, place_id: PlaceId | None = None) -> Address:
    street, housenumber = row.text("street"), row.text("housenumber")
    postcode, village = row.text("postcode"), row.text("village")
    return Address(
        label=short_label(
            street=street, housenumber=housenumber, postcode=postcode, village=village
        ),
        street=street,
        housenumber=housenumber,
        postcode=postcode,
        village=village,
        point=row.point(),
        place_id=place_id,
        precision=Precision.EXACT if housenumber or place_id else Precision.STREET,
    )


def village_points(addresses: Iterable[Address]) -> dict[str, Point]:
    """Find the middle of each village's houses; the village with the most of them comes first."""
    houses: dict[str, list[Point]] = defaultdict(list)
    for address in addresses:
        if address.village:
            houses[address.village].append(address.point)
    return {
        name: Point(median(p.lat for p in points), median(p.lon for p in points))
        for name, points in sorted(houses.items(), key=lambda each: (-len(each[1]), each[0]))
    }


def read_villages(folder: Path, findings: Findings) -> Mapping[str, int | None]:
    """
    Read the inhabitants by village, ``None`` where unknown.

    A region need not have this file: then nothing is known, and addresses are counted instead.
    """
    if not (folder / VILLAGES_FILE).exists():
        return {}
    rows = read_rows(
        folder / VILLAGES_FILE, needed=VILLAGE_COLUMNS, optional=VILLAGE_EXTRAS, findings=findings
    )
    villages: dict[str, int | None] = {}
    for row in rows:
        village = row.needed("village")
        if village in villages:
            row.wrong("village", "kommt zweimal vor.")
        count = row.text("inhabitants")
        if count and not (_DIGITS.fullmatch(count) and int(count) <= MOST_INHABITANTS):
            row.wrong("inhabitants", "muss eine ganze Zahl sein, oder leer, wenn unbekannt.")
            count = ""
        villages[village] = int(count) if count else None
    return villages
