"""
Invented days: requests of any number from a seed, on any region.

Nobody in them exists: every name carries "Beispiel", every phone number is one that the
Bundesnetzagentur keeps free for films and books. The shares below decide what such a day looks
like; those without a source are guesses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import TypeVar

from data.errors import DataError
from data.places import KnownPlace
from data.region import Region
from data.request_rows import ANY_PHARMACY, RequestRow
from routing.errors import AddressError, TooFarFromRoad
from routing.geocoding import Address
from routing.units import HOUR, MINUTE, Seconds
from scheduler.clock import Clock
from scheduler.model import Mobility, PlaceKind, TimeWindow, WayBack

# How often people ride to a place of each kind, relative to each other. Guesses: the MVZ has
# several doctors; hospitals are rare and far; few ride to the
# pharmacy only.
DESTINATIONS = {
    PlaceKind.MVZ: 8.0,
    PlaceKind.PRACTICE: 4.0,
    PlaceKind.THERAPY: 2.5,
    PlaceKind.HOSPITAL: 0.7,
    PlaceKind.PHARMACY: 0.5,
    PlaceKind.CARE_HOME: 0.3,
    PlaceKind.EVENT: 0.3,
}

# How long people stay, from and to. Guesses around the 60 minutes that clubs assume when
# nothing is known (FIELD.md, section 3).
STAYS: dict[PlaceKind, tuple[Seconds, Seconds]] = {
    PlaceKind.MVZ: (25 * MINUTE, 75 * MINUTE),
    PlaceKind.PRACTICE: (20 * MINUTE, 70 * MINUTE),
    PlaceKind.THERAPY: (30 * MINUTE, 60 * MINUTE),
    PlaceKind.PHARMACY: (10 * MINUTE, 25 * MINUTE),
    PlaceKind.HOSPITAL: (60 * MINUTE, 150 * MINUTE),
    PlaceKind.CARE_HOME: (60 * MINUTE, 120 * MINUTE),
    PlaceKind.EVENT: (60 * MINUTE, 150 * MINUTE),
}

# Where a place tells no hours: the half days of most practices. A guess.
USUAL_HOURS = (TimeWindow(8 * HOUR, 12 * HOUR), TimeWindow(14 * HOUR, 17 * HOUR))

# Shares of all requests. Guesses, unless a source is named.
SHARE_MORNING = 0.65  # practices are open longer before noon, and blood is taken then
SHARE_ARRIVE_SOMETIME = 0.1
SHARE_WAY_BACK = {
    WayBack.AFTER_STAY: 0.76,
    WayBack.NONE: 0.14,
    WayBack.WILL_CALL: 0.06,
    WayBack.AT_TIME: 0.04,
}
SHARE_PHARMACY = 0.25  # of the ways home from a doctor; "doctor, pharmacy, home" is usual
DOCTORS = frozenset({PlaceKind.MVZ, PlaceKind.PRACTICE})
KNOWN_RETURN = frozenset({WayBack.AFTER_STAY, WayBack.AT_TIME})
SHARE_WHEELCHAIR = 0.04
SHARE_WALKER = 0.22
SHARE_COMPANIONS = {0: 0.9, 1: 0.09, 2: 0.01}
SHARE_URGENT = {0: 0.92, 1: 0.06, 2: 0.02}
SHARE_STAY_UNKNOWN = 0.15

# Arriving later than this after the first bus starts, and ready earlier than this before the
# last one ends, leaves time for the drive. Guesses for a region of some ten kilometres.
FIRST_ARRIVAL: Seconds = 45 * MINUTE
LAST_DEPARTURE: Seconds = 45 * MINUTE
# A window to arrive in, at most this long.
SOMETIME: Seconds = 90 * MINUTE
# From the practice to the pharmacy, and to be served there, before it closes.
PHARMACY_BEFORE_CLOSING: Seconds = 45 * MINUTE
NOON: Clock = 12 * HOUR
GRID: Seconds = 10 * MINUTE  # practices give appointments on the ten minutes
STAY_GRID: Seconds = 5 * MINUTE

YOUNGEST, USUAL_AGE, OLDEST = 55, 80, 97

_DRAWS = 60  # tries to find a time that fits before a simpler wish is made

FIRST_NAMES = (
    *("Agnes", "Albert", "Anneliese", "Ayşe", "Bruno", "Christel", "Dieter", "Edith", "Elfriede"),
    *("Ernst", "Erwin", "Franz", "Gerda", "Gertrud", "Günter", "Hannelore", "Heinrich", "Helga"),
    *("Herbert", "Hildegard", "Horst", "Ilse", "Inge", "Irmgard", "Josef", "Jürgen", "Karl"),
    *("Käthe", "Kurt", "Lieselotte", "Lotte", "Magdalena", "Margot", "Marianne", "Martha", "Otto"),
    *("Paul", "Renate", "Rosemarie", "Ruth", "Siegfried", "Ursula", "Walter", "Werner", "Wilma"),
)
SECOND_NAMES = (
    *("Acker", "Bach", "Berg", "Birke", "Brunnen", "Busch", "Dorn", "Eiche", "Feld", "Fluss"),
    *("Garten", "Hafer", "Heide", "Hügel", "Kiefer", "Klee", "Linde", "Mühle", "Nebel", "Quelle"),
    *("Regen", "Roggen", "See", "Sonne", "Stein", "Tal", "Ufer", "Wald", "Weide", "Wiese"),
)


Choice = TypeVar("Choice")


class NoServiceError(DataError):
    """On that day no bus runs, so there is nothing to ask for; the message says why."""


def invent_day(region: Region, day: date, *, requests: int, seed: int) -> list[RequestRow]:
    """
    Invent the requests of one day.

    People live where people live: in villages by their inhabitants, where these are known, else
    by their addresses. They go to places that are open, at times at which a bus runs. The same
    region, day, number and seed give the same rows.

    Raises
    ------
    NoServiceError
        If no bus runs on that day.
    DataError
        If the region has no address or no place to go to.
    """
    source = f"{region.name} {day.isoformat()} {requests} {seed}"
    world = _World(region, day, Random(source))  # noqa: S311 - invents, keeps no secret
    return [world.invent(row=number + 2) for number in range(requests)]


@dataclass(frozen=True)
class _Wish:
    """When somebody wants to be there (*until*, if some time will do), how long, how home."""

    time: Clock
    until: Clock | None
    stay: Seconds
    stay_told: bool
    way_back: WayBack

    @property
    def ready(self) -> Clock:
        """When the way home begins at the latest."""
        return (self.until or self.time) + self.stay


@dataclass(frozen=True, eq=False)
class _World:
    """What an invented request of one day can be made of."""

    region: Region
    day: date
    random: Random

    def invent(self, *, row: int) -> RequestRow:
        place = self.random.choices(self.places, self.place_weights)[0]
        wish = self.when(place)
        return RequestRow(
            date=self.day,
            name=f"Beispiel-{self.random.choice(SECOND_NAMES)}, {self.random.choice(FIRST_NAMES)}",
            origin=self.home().label,
            destination=place.name,
            appointment=wish.time if wish.until is None else None,
            arrive=None if wish.until is None else TimeWindow(wish.time, wish.until),
            way_back=wish.way_back,
            return_at=wish.ready if wish.way_back is WayBack.AT_TIME else None,
            stay=wish.stay if wish.stay_told else None,
            pharmacy=self.pharmacy(place, wish),
            mobility=self.mobility(),
            companions=_draw(self.random, SHARE_COMPANIONS),
            priority=_draw(self.random, SHARE_URGENT),
            born=self.birth(),
            phone=f"030 23125 {self.random.randrange(1000):03d}",
            row=row,
        )

    @cached_property
    def service(self) -> tuple[TimeWindow, ...]:
        """The hours of the shifts of the day."""
        closed = self.region.closed(self.day)
        if closed is not None:
            msg = f"Am {self.day:%d.%m.%Y} fährt kein Bus: {closed}."
            raise NoServiceError(msg)
        shifts = self.region.shifts(self.day)
        if not shifts:
            msg = f"Am {self.day:%d.%m.%Y} hat kein Dienst eine Fahrerin oder einen Fahrer."
            raise NoServiceError(msg)
        return tuple(shift.hours for shift in shifts)

    @cached_property
    def hours(self) -> dict[str, tuple[TimeWindow, ...]]:
        """When each place is open while a bus can bring people, by its id."""
        earliest = min(hours.earliest for hours in self.service) + FIRST_ARRIVAL
        latest = max(hours.latest for hours in self.service) - LAST_DEPARTURE
        found = {}
        for name, place in self.region.places_on(self.day).items():
            opened = USUAL_HOURS if place.open_hours is None else place.open_hours
            windows = tuple(
                TimeWindow(max(hours.earliest, earliest), min(hours.latest, latest))
                for hours in opened
                if min(hours.latest, latest) - max(hours.earliest, earliest) >= 2 * GRID
            )
            if windows:
                found[name] = windows
        return found

    @cached_property
    def places(self) -> Sequence[KnownPlace]:
        """Where one can ride to on this day."""
        places = [
            place
            for place in self.region.places.values()
            if place.kind in DESTINATIONS and place.id in self.hours
        ]
        if not places:
            msg = f"In {self.region.title} ist kein Ort bekannt, zu dem jemand fahren könnte."
            raise DataError(msg)
        return places

    @cached_property
    def place_weights(self) -> list[float]:
        return [DESTINATIONS[place.kind] for place in self.places]

    @cached_property
    def homes(self) -> dict[str, list[Address]]:
        """
        Houses by village, in the order of the file; streets where no house is known at all.

        Where inhabitants are listed, the listed villages are the region: its address list may
        also hold the streets of a town outside.
        """
        villages: dict[str, list[Address]] = {}
        houses = [address for address in self.region.addresses if address.housenumber]
        for address in houses or self.region.addresses:
            if not self.region.villages or address.village in self.region.villages:
                villages.setdefault(address.village, []).append(address)
        if not villages:
            msg = f"In {self.region.title} ist keine Anschrift bekannt, an der jemand wohnt."
            raise DataError(msg)
        return villages

    @cached_property
    def village_weights(self) -> list[float]:
        """Inhabitants, or addresses times the inhabitants of an address elsewhere."""
        inhabitants = self.region.villages
        known = [(inhabitants.get(name), len(homes)) for name, homes in self.homes.items()]
        people = sum(count for count, _ in known if count is not None)
        houses = sum(addresses for count, addresses in known if count is not None)
        by_address = people / houses if houses else 1.0
        return [
            float(count) if count is not None else addresses * by_address
            for count, addresses in known
        ]

    def home(self) -> Address:
        """Draw an address that can be found again by its text, at a road, not a known place."""
        names = list(self.homes)
        for _ in range(20 * _DRAWS):
            village = self.random.choices(names, self.village_weights)[0]
            address = self.random.choice(self.homes[village])
            try:
                found = self.region.address_book.resolve(address.label)
                self.region.network.snap(address.point)
            except (AddressError, TooFarFromRoad):
                continue
            if found.place_id is None and found.point == address.point:
                return address
        msg = f"In {self.region.title} ist keine Anschrift eindeutig und an einer Straße."
        raise DataError(msg)

    def when(self, place: KnownPlace) -> "_Wish":
        """Draw arrival, stay and way home so that a bus runs when it is needed."""
        way_back = _draw(self.random, SHARE_WAY_BACK)
        shortest, longest = STAYS[place.kind]
        told = way_back is WayBack.AFTER_STAY and self.random.random() >= SHARE_STAY_UNKNOWN
        # On call, the latest guaranteed bus comes some time after the passenger is ready.
        patience = self.region.policy.will_call.latest_after
        later = patience if way_back is WayBack.WILL_CALL else 0
        sometime = self.random.random() < SHARE_ARRIVE_SOMETIME
        for _ in range(_DRAWS):
            hours = self.open_window(place)
            time = self.time(hours)
            until = min(time + SOMETIME, hours.latest - GRID) if sometime else None
            stay = self.region.policy.stay.at(place.kind)
            if told or way_back is WayBack.AT_TIME:
                stay = self.random.randint(shortest // STAY_GRID, longest // STAY_GRID) * STAY_GRID
            wish = _Wish(time, until, stay, told, way_back)
            if (
                (until is None or until - time >= GRID)
                and self.bus_brings(time)
                and (way_back is WayBack.NONE or self.bus_fetches(wish.ready + later))
            ):
                return wish
        return _Wish(self.time(hours), None, shortest, False, WayBack.NONE)

    def open_window(self, place: KnownPlace) -> TimeWindow:
        """Draw one of the place's hours of the day, rather a morning."""
        hours = self.hours[place.id]
        morning = [window for window in hours if window.earliest < NOON]
        later = [window for window in hours if window.earliest >= NOON]
        early = bool(morning) and (not later or self.random.random() < SHARE_MORNING)
        windows = morning if early else later
        return self.random.choices(windows, [w.latest - w.earliest for w in windows])[0]

    def time(self, hours: TimeWindow) -> Clock:
        """Draw a time on the ten minutes, not in the last ones."""
        first = -(-hours.earliest // GRID)
        return self.random.randint(first, max(first, (hours.latest - GRID) // GRID)) * GRID

    def bus_brings(self, moment: Clock) -> bool:
        """Whether some shift began long enough before *moment* to bring people."""
        return any(
            hours.earliest + FIRST_ARRIVAL <= moment <= hours.latest for hours in self.service
        )

    def bus_fetches(self, moment: Clock) -> bool:
        """Whether some shift goes on long enough after *moment* to bring people home."""
        return any(
            hours.earliest <= moment <= hours.latest - LAST_DEPARTURE for hours in self.service
        )

    def pharmacy(self, place: KnownPlace, wish: "_Wish") -> str:
        """Some call at a pharmacy on the way home from a doctor, if one is open then."""
        if place.kind not in DOCTORS or wish.way_back not in KNOWN_RETURN:
            return ""
        opened = any(
            window.earliest <= wish.ready <= window.latest - PHARMACY_BEFORE_CLOSING
            for pharmacy in self.region.places_of(PlaceKind.PHARMACY)
            for window in self.hours.get(pharmacy.id, ())
        )
        wanted = self.random.random() < SHARE_PHARMACY
        return ANY_PHARMACY if opened and wanted else ""

    def mobility(self) -> Mobility:
        drawn = self.random.random()
        if drawn < SHARE_WHEELCHAIR:
            return Mobility.WHEELCHAIR
        return Mobility.WALKER if drawn < SHARE_WHEELCHAIR + SHARE_WALKER else Mobility.WALKS

    def birth(self) -> date:
        age = self.random.triangular(YOUNGEST, OLDEST, USUAL_AGE)
        return self.day - timedelta(days=round(age * 365.25))


def _draw(random: Random, shares: dict[Choice, float]) -> Choice:
    return random.choices(list(shares), list(shares.values()))[0]
