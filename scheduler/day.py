"""One service day, ready to be planned or checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from routing.matrix import TravelMatrix
from routing.units import Metres, Seconds
from scheduler.model import Journey, Place, PlaceId, Shift, ShiftId, Trip, TripId
from scheduler.plan import Unserved


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
    _trips: dict[TripId, Trip] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._trips.update((trip.id, trip) for trip in self.trips)

    def trip(self, trip: TripId) -> Trip:
        """Look up a trip by its id; `KeyError` if there is none."""
        return self._trips[trip]

    def takes(self, shift: Shift, trip: Trip) -> bool:
        """Whether *shift* may carry *trip* on this day."""
        return shift.takes(trip) and self.bound_to.get(trip.id, shift.id) == shift.id

    def seconds(self, here: PlaceId, there: PlaceId) -> Seconds:
        """Drive from *here* to *there*."""
        return int(self.travel.seconds[self.index[here], self.index[there]])

    def metres(self, here: PlaceId, there: PlaceId) -> Metres:
        """Length of the drive from *here* to *there*."""
        return int(self.travel.metres[self.index[here], self.index[there]])
