"""One service day, ready to be planned or checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from routing.matrix import TravelMatrix
from routing.units import Metres, Seconds
from scheduler.clock import END_OF_DAY, Clock
from scheduler.model import Journey, Place, PlaceId, RequestId, Shift, ShiftId, Trip, TripId
from scheduler.plan import Unserved

if TYPE_CHECKING:
    from scheduler.promises import Promise


@dataclass(frozen=True, eq=False)
class DayRoads:
    """
    Drives between places: ``index[place]`` is the row of *travel*.

    On the roads of an earlier part of a day, *until* is the moment from which on they were others:
    whoever set off before that has driven on these.
    """

    travel: TravelMatrix
    index: Mapping[PlaceId, int]
    until: Clock = END_OF_DAY

    def seconds(self, here: PlaceId, there: PlaceId) -> Seconds:
        """Drive from *here* to *there*."""
        return int(self.travel.seconds[self.index[here], self.index[there]])

    def metres(self, here: PlaceId, there: PlaceId) -> Metres:
        """Length of the drive from *here* to *there*."""
        return int(self.travel.metres[self.index[here], self.index[there]])


@dataclass(frozen=True, eq=False)
class Day:
    """
    Trips, shifts and roads of one date.

    Parameters
    ----------
    journeys
        One for each request that could be served if it were alone.
    trips
        The trips of all options of all journeys.
    places
        Every place that a trip or a shift names.
    travel, index
        Roads between the places; ``index[place]`` is the row of *travel*.
    refused
        Requests that could not be served even if they were alone, with the reason.
    bound_to
        The shift that must carry a trip, because it is in that bus already.
    earlier_roads
        Those on which the first part of the day was driven, in order, if they were others.
    held_up
        Until when a bus that was delayed cannot go on from where it is.
    ended
        Shifts that came to an end before their time: nobody drives them any further.
    given_up
        What was promised and is not driven any more: of a journey that has begun, its rest.
    carried
        Trips of a shift that somebody else drove before its driver took it over.
    planned
        Which shift was to carry a trip in the plan that people and drivers know, if there is one.
        Other trips of the same request are changes as well.
    planned_begins
        When the last visits of a trip were to begin in that plan.
    change
        What it counts beside driving if another shift carries such a trip, or if one of its visits
        begins at another time.
    leeway
        By how many seconds a visit may move without that.

    Raises
    ------
    ValueError
        If *change* is negative.
    """

    date: date
    journeys: tuple[Journey, ...]
    trips: tuple[Trip, ...]
    shifts: tuple[Shift, ...]
    places: Mapping[PlaceId, Place]
    travel: TravelMatrix
    index: Mapping[PlaceId, int]
    refused: tuple[Unserved, ...] = ()
    bound_to: Mapping[TripId, ShiftId] = field(default_factory=dict)
    earlier_roads: tuple[DayRoads, ...] = ()
    held_up: Mapping[ShiftId, Clock] = field(default_factory=dict)
    ended: frozenset[ShiftId] = frozenset()
    given_up: tuple["Promise", ...] = ()
    carried: frozenset[TripId] = frozenset()
    planned: Mapping[TripId, ShiftId] = field(default_factory=dict)
    planned_begins: Mapping[TripId, tuple[Clock, ...]] = field(default_factory=dict)
    change: Seconds = 0
    leeway: Seconds = 0
    _trips: dict[TripId, Trip] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.change < 0:
            msg = f"A change must not count less than nothing: {self.change} s."
            raise ValueError(msg)
        self._trips.update((trip.id, trip) for trip in self.trips)

    def trip(self, trip: TripId) -> Trip:
        """Look up a trip by its id; `KeyError` if there is none."""
        return self._trips[trip]

    @cached_property
    def planned_requests(self) -> frozenset[RequestId]:
        """Whoever rides in the plan that people and drivers know."""
        return frozenset(trip.request for trip in self.trips if trip.id in self.planned)

    @property
    def steady(self) -> bool:
        """Whether there is a known plan whose changes count."""
        return bool(self.planned) and self.change > 0

    def takes(self, shift: Shift, trip: Trip) -> bool:
        """Whether *shift* may carry *trip* on this day."""
        return shift.takes(trip) and self.bound_to.get(trip.id, shift.id) == shift.id

    def roads(self, departure: Clock) -> DayRoads:
        """Those on which a bus drives that sets off at *departure*."""
        now = DayRoads(self.travel, self.index)
        return next((roads for roads in self.earlier_roads if departure < roads.until), now)

    def seconds(self, here: PlaceId, there: PlaceId) -> Seconds:
        """Drive from *here* to *there*, as the roads are now."""
        return int(self.travel.seconds[self.index[here], self.index[there]])

    def metres(self, here: PlaceId, there: PlaceId) -> Metres:
        """Length of the drive from *here* to *there*, as the roads are now."""
        return int(self.travel.metres[self.index[here], self.index[there]])
