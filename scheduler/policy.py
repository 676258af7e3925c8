"""
The rules of one Bürgerbus.

Each table of its policy.toml is a class here, each key a field with its default; how a value is
written there stands beside it (`scheduler.keys`), `scheduler.policy_file` reads it. The sources of
the defaults are in docs/policy.md, which explains the file key by key.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from routing.units import HOUR, MINUTE, Seconds
from scheduler.clock import Clock
from scheduler.errors import PolicyError
from scheduler.keys import factor, minutes, number, one_of, time, weights
from scheduler.model import Mobility, Needs, PlaceKind, TimeWindow


class PharmacyMode(StrEnum):
    """What the bus does while a passenger is in the pharmacy."""

    BUS_WAITS = "bus_waits"
    LATER_TRIP = "later_trip"


@dataclass(frozen=True)
class Service:
    """When passengers are carried: nobody boards before or alights after these hours."""

    earliest: Clock = field(default=7 * HOUR, metadata=time())
    latest: Clock = field(default=18 * HOUR, metadata=time())

    def __post_init__(self) -> None:
        if self.earliest >= self.latest:
            msg = "service.latest muss nach service.earliest liegen"
            raise PolicyError(msg)

    @property
    def window(self) -> TimeWindow:
        """The same as a time window."""
        return TimeWindow(self.earliest, self.latest)


@dataclass(frozen=True)
class Arrival:
    """
    How long before an appointment people are brought.

    An open arrival ("some time in the morning") with a way back after the stay is cut into
    pieces of *slice*, and one of them is chosen: the shorter, the less waiting for the way
    back, and the more work for the optimizer.
    """

    earliest_before: Seconds = field(default=30 * MINUTE, metadata=minutes(least=0, most=120))
    latest_before: Seconds = field(default=5 * MINUTE, metadata=minutes(least=0, most=60))
    slice: Seconds = field(default=60 * MINUTE, metadata=minutes(least=10, most=720))

    def __post_init__(self) -> None:
        if self.earliest_before < self.latest_before:
            msg = "arrival.earliest_before darf nicht kleiner als arrival.latest_before sein"
            raise PolicyError(msg)


@dataclass(frozen=True)
class Opening:
    """
    How arrivals go with opening hours.

    People with an appointment may be set down *before* a place opens; people without one
    must be there *before_closing*.
    """

    before: Seconds = field(default=15 * MINUTE, metadata=minutes(least=0, most=60))
    before_closing: Seconds = field(default=15 * MINUTE, metadata=minutes(least=0, most=120))


@dataclass(frozen=True)
class Return:
    """How long people wait, once they are ready, for the bus to begin to board them."""

    longest_wait: Seconds = field(default=30 * MINUTE, metadata=minutes(least=5, most=180))


@dataclass(frozen=True)
class Ride:
    """The longest time in the bus: absolute, and relative to the direct drive."""

    longest: Seconds = field(default=60 * MINUTE, metadata=minutes(least=5, most=240))
    factor: float = field(default=1.5, metadata=factor(least=1.0, most=5.0))
    constant: Seconds = field(default=15 * MINUTE, metadata=minutes(least=0, most=120))

    def limit(self, direct: Seconds) -> Seconds:
        """
        The longest ride for people whose direct drive takes *direct*.

        Below *direct* only if the absolute limit forbids the ride altogether.
        """
        return min(self.longest, int(self.factor * direct) + self.constant)


@dataclass(frozen=True)
class Boarding:
    """How long the bus stands for a passenger to get in and out."""

    board: Seconds = field(default=3 * MINUTE, metadata=minutes(least=0, most=30))
    alight: Seconds = field(default=2 * MINUTE, metadata=minutes(least=0, most=30))

    def __add__(self, extra: Seconds) -> "Boarding":
        return Boarding(self.board + extra, self.alight + extra)


@dataclass(frozen=True)
class Dwell:
    """Boarding and alighting by mobility; each companion adds *per_companion* to both."""

    walks: Boarding = field(default_factory=Boarding)
    walker: Boarding = field(default_factory=lambda: Boarding(3 * MINUTE, 3 * MINUTE))
    wheelchair: Boarding = field(default_factory=lambda: Boarding(8 * MINUTE, 5 * MINUTE))
    per_companion: Seconds = field(default=0, metadata=minutes(least=0, most=10))

    def of(self, needs: Needs) -> Boarding:
        """The times for one passenger with companions."""
        table = {
            Mobility.WALKS: self.walks,
            Mobility.WALKER: self.walker,
            Mobility.WHEELCHAIR: self.wheelchair,
        }
        return table[needs.mobility] + needs.companions * self.per_companion


@dataclass(frozen=True)
class Stay:
    """How long people remain, by kind of place, where the request does not say."""

    home: Seconds = field(default=60 * MINUTE, metadata=minutes(least=0, most=600))
    practice: Seconds = field(default=60 * MINUTE, metadata=minutes(least=0, most=600))
    mvz: Seconds = field(default=60 * MINUTE, metadata=minutes(least=0, most=600))
    pharmacy: Seconds = field(default=15 * MINUTE, metadata=minutes(least=0, most=600))
    hospital: Seconds = field(default=120 * MINUTE, metadata=minutes(least=0, most=600))
    therapy: Seconds = field(default=45 * MINUTE, metadata=minutes(least=0, most=600))
    care_home: Seconds = field(default=60 * MINUTE, metadata=minutes(least=0, most=600))
    event: Seconds = field(default=120 * MINUTE, metadata=minutes(least=0, most=600))
    other: Seconds = field(default=60 * MINUTE, metadata=minutes(least=0, most=600))

    def at(self, kind: PlaceKind) -> Seconds:
        """How long people stay at a place of this kind."""
        known: dict[str, Seconds] = vars(self)
        return known.get(kind.value, self.other)


@dataclass(frozen=True)
class Pharmacy:
    """
    The pharmacy on the way home.

    *stay* is the time inside. Of the pharmacies that would do, the *choices* with the least
    detour are considered. With a later trip, the drive there is cut into pieces of *slice*,
    like an open arrival.
    """

    mode: PharmacyMode = field(default=PharmacyMode.BUS_WAITS, metadata=one_of(PharmacyMode))
    stay: Seconds = field(default=10 * MINUTE, metadata=minutes(least=0, most=120))
    choices: int = field(default=3, metadata=number(least=1, most=10, unit="Apotheken"))
    slice: Seconds = field(default=30 * MINUTE, metadata=minutes(least=5, most=720))


@dataclass(frozen=True)
class WillCall:
    """
    The seat kept for a way back on call.

    The latest guaranteed bus comes between *earliest_after* and *latest_after* the time at
    which the passenger is expected to be ready.
    """

    earliest_after: Seconds = field(default=30 * MINUTE, metadata=minutes(least=0, most=360))
    latest_after: Seconds = field(default=90 * MINUTE, metadata=minutes(least=5, most=480))

    def __post_init__(self) -> None:
        if self.earliest_after > self.latest_after:
            msg = "will_call.latest_after darf nicht kleiner als will_call.earliest_after sein"
            raise PolicyError(msg)


@dataclass(frozen=True)
class Priority:
    """What leaving somebody unserved costs, by priority from 0; the last holds for all above."""

    weights: tuple[int, ...] = field(default=(1, 4, 16), metadata=weights())

    def __post_init__(self) -> None:
        if list(self.weights) != sorted(set(self.weights)):
            msg = "priority.weights muss von einem zum nächsten steigen"
            raise PolicyError(msg)

    def weight(self, priority: int) -> int:
        """The weight of a request of this priority."""
        return self.weights[min(priority, len(self.weights) - 1)]


@dataclass(frozen=True)
class Promise:
    """How wide the pick-up window is that a passenger is told."""

    window: Seconds = field(default=30 * MINUTE, metadata=minutes(least=5, most=120))


@dataclass(frozen=True)
class Booking:
    """
    How long before the ride people must ring, and how far ahead they may.

    Whoever adds more driving than *call_back* had better be called back when all have rung: the
    dispatcher is told so with the offer, and decides.
    """

    lead: Seconds = field(default=60 * MINUTE, metadata=minutes(least=0, most=7 * 24 * 60))
    lead_wheelchair: Seconds = field(
        default=60 * MINUTE, metadata=minutes(least=0, most=7 * 24 * 60)
    )
    horizon_days: int = field(default=28, metadata=number(least=1, most=366, unit="Tage"))
    call_back: Seconds = field(default=35 * MINUTE, metadata=minutes(least=0, most=600))


@dataclass(frozen=True)
class Stability:
    """
    What a changed trip counts when a plan is made anew, as if the buses drove so much more.

    *planned* as long as the day has not begun, *running* from then on, when drivers hold their
    sheets. A visit that moves by up to *leeway* has not changed. A shift may end up to *overtime*
    later, so that nobody is given up.
    """

    planned: Seconds = field(default=1 * MINUTE, metadata=minutes(least=0, most=120))
    running: Seconds = field(default=5 * MINUTE, metadata=minutes(least=0, most=120))
    leeway: Seconds = field(default=5 * MINUTE, metadata=minutes(least=0, most=60))
    overtime: Seconds = field(default=15 * MINUTE, metadata=minutes(least=0, most=120))


@dataclass(frozen=True)
class Retention:
    """How long personal data are kept after the ride."""

    personal_weeks: int = field(default=8, metadata=number(least=1, most=520, unit="Wochen"))


@dataclass(frozen=True)
class Policy:
    """All rules of one Bürgerbus."""

    service: Service = field(default_factory=Service)
    arrival: Arrival = field(default_factory=Arrival)
    opening: Opening = field(default_factory=Opening)
    way_back: Return = field(default_factory=Return)
    ride: Ride = field(default_factory=Ride)
    dwell: Dwell = field(default_factory=Dwell)
    stay: Stay = field(default_factory=Stay)
    pharmacy: Pharmacy = field(default_factory=Pharmacy)
    will_call: WillCall = field(default_factory=WillCall)
    priority: Priority = field(default_factory=Priority)
    promise: Promise = field(default_factory=Promise)
    booking: Booking = field(default_factory=Booking)
    stability: Stability = field(default_factory=Stability)
    retention: Retention = field(default_factory=Retention)

    def __post_init__(self) -> None:
        if self.opening.before < self.arrival.latest_before:
            msg = (
                "opening.before darf nicht kleiner als arrival.latest_before sein, "
                "sonst kann niemand den ersten Termin eines Tages einhalten"
            )
            raise PolicyError(msg)
