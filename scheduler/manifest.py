"""
What one driver reads on one shift: a plan together with who is who.

A plan knows pseudonyms only. Names, phones and notes come in as parameters, are joined with it
(`scheduler.make_manifest`), and leave on the driver's sheet; who is unserved is none of the
driver's business.
"""

from dataclasses import dataclass
from datetime import date, datetime

from routing.units import Metres
from scheduler.clock import Clock
from scheduler.errors import SchedulerError
from scheduler.model import Load, Needs, ShiftId, TimeWindow, TripKind, VisitKind


class ManifestError(SchedulerError):
    """A sheet was asked for that names somebody or something that nobody has described."""


@dataclass(frozen=True)
class Contact:
    """A passenger as the driver knows them; *note* is free text from the dispatcher."""

    name: str
    phone: str = ""
    note: str = ""


@dataclass(frozen=True)
class PlaceLabel:
    """How a place is called and found. A home may have the passenger's address as its name."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Duty:
    """Another shift that a driver has to know of: who drives which bus when, and from where."""

    date: date
    shift: str
    hours: TimeWindow
    driver: str
    vehicle: str
    place: str = ""


@dataclass(frozen=True)
class Header:
    """
    What stands on every page of a sheet; *printed* is local time, *map_by* whose the map is.

    *published* is when its version was published, in local time; ``None`` if it is not.
    After *shred_by* nobody may keep the sheet. *before* and *after* have the same bus on that
    day, *next* is the driver's next shift on another day. *ended* says why the shift came to an
    end before its time, "" if nobody knows; ``None`` if it did not.
    """

    region: str
    shift: str
    driver: str
    vehicle: str
    version: str
    printed: datetime
    dispatch_phone: str
    emergency_phone: str = "112"
    map_by: str = ""
    published: datetime | None = None
    shred_by: date | None = None
    before: Duty | None = None
    after: Duty | None = None
    next: Duty | None = None
    ended: str | None = None


def is_noted(kind: VisitKind, trip: TripKind) -> bool:
    """Whether the driver needs the note on a passenger at such a visit: not at the doctor's."""
    return kind is not VisitKind.DROPOFF or trip is TripKind.RETURN


@dataclass(frozen=True)
class ManifestVisit:
    """
    One passenger getting on, getting off, or (via) getting off and on again while the bus waits.

    *goes_to* is where a boarding passenger is brought. *back_at* is when the passenger who now
    gets off is fetched for the way home, by whichever shift. *on_call* marks the boarding of
    a will-call return, which the planned time guarantees, and the alighting before it. *promised*
    is between when and when a boarding passenger was told that the bus comes.
    """

    kind: VisitKind
    trip: TripKind
    begin: Clock
    end: Clock
    name: str
    phone: str
    note: str
    needs: Needs
    appointment: Clock | None = None
    goes_to: str = ""
    back_at: Clock | None = None
    on_call: bool = False
    promised: TimeWindow | None = None

    @property
    def note_here(self) -> str:
        """The note where it is of use: where somebody gets on, and where they come home."""
        return self.note if is_noted(self.kind, self.trip) else ""


@dataclass(frozen=True)
class Aboard:
    """A passenger in the bus, with companions: *people* heads in all."""

    name: str
    people: int


@dataclass(frozen=True)
class Rest:
    """The driver's break at a stop; *first* says that it comes before anybody boards."""

    window: TimeWindow
    first: bool


@dataclass(frozen=True)
class ManifestStop:
    """
    One halt. *number* counts the halts with visits from 1; depots have none.

    *metres* is the drive from the stop before. *seating* is the arrangement of seats to be
    set up here before driving on, and ``None`` where nothing changes.
    """

    number: int | None
    arrival: Clock
    departure: Clock
    place: PlaceLabel
    metres: Metres
    visits: tuple[ManifestVisit, ...]
    aboard: tuple[Aboard, ...]
    seating: Load | None = None
    rest: Rest | None = None

    @property
    def people_aboard(self) -> int:
        """How many heads besides the driver are in the bus when it drives on."""
        return sum(entry.people for entry in self.aboard)

    @property
    def in_turn(self) -> tuple[ManifestVisit, ...]:
        """
        The visits as the driver does them: who alights comes before who boards.

        What comes after a wait stays after it, and nobody alights before they have boarded.
        *visits* are in the order of the plan.
        """
        ordered: list[ManifestVisit] = []
        boarding: list[ManifestVisit] = []
        boarded: set[tuple[str, TripKind]] = set()
        free = min((visit.begin for visit in self.visits), default=0)
        for visit in self.visits:
            if visit.begin > free:
                ordered += boarding
                boarding = []
            free = max(free, visit.end)
            who = visit.name, visit.trip
            if visit.kind is VisitKind.PICKUP:
                boarded.add(who)
            alights = visit.kind is VisitKind.DROPOFF and who not in boarded
            (ordered if alights else boarding).append(visit)
        return (*ordered, *boarding)

    @property
    def before_rest(self) -> int:
        """How many of the visits *in_turn* come before the break, if there is one here."""
        if self.rest is None or not self.rest.first:
            return len(self.visits)
        return sum(visit.begin < self.rest.window.latest for visit in self.visits)


@dataclass(frozen=True)
class OnCall:
    """
    A will-call return: whoever rings is fetched, at the latest by the bus at *latest*.

    That one leaves at *leaves*. *promised* is between when and when it comes, as far as the
    passenger was told.
    """

    name: str
    phone: str
    place: PlaceLabel
    latest: Clock
    leaves: Clock
    stop: int
    promised: TimeWindow | None = None


@dataclass(frozen=True)
class Manifest:
    """
    One shift of one day, ready to be read aloud.

    *passengers* counts people who booked, *boardings* every head that gets on, companions
    included. *cancelled* are passengers who stood on an earlier version and no longer ride.
    """

    shift: ShiftId
    date: date
    hours: TimeWindow
    header: Header
    stops: tuple[ManifestStop, ...]
    on_call: tuple[OnCall, ...]
    cancelled: tuple[Contact, ...]
    passengers: int
    boardings: int
    metres: Metres
