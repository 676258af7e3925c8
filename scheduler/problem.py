"""
The numbers that the optimizer sees: indices, windows, loads, matrices. No names.

Visits, trips, journeys and shifts are counted from 0. The visits of one trip stand next to
each other, in the order in which they must happen, all in the same vehicle.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduler.errors import ProblemError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# The arrays of a problem that hold times, in its unit.
TIMES = (
    "seconds",
    "visit_earliest",
    "visit_latest",
    "visit_dwell",
    "visit_ride",
    "shift_earliest",
    "shift_latest",
    "shift_longest",
    "shift_rest",
    "shift_extra",
)


@dataclass(frozen=True, eq=False)
class Problem:
    """
    One day as a dial-a-ride problem.

    Times are seconds since the start of the service day. They are held as floats, in which
    whole seconds are exact, so that the literature's instances with fractions of a minute
    fit in as well; *whole* says which of the two it is. The times of *seconds* obey the
    triangle inequality.

    Parameters
    ----------
    seconds
        Shape ``(p, p)``: drive from place to place.
    visit_place, visit_earliest, visit_latest, visit_dwell
        Shape ``(v,)``: where a visit is, when its service may begin, how long it takes.
    visit_load
        Shape ``(v, k)``: what a visit adds to the load of the vehicle, for each of k kinds of
        places; negative where people alight for good.
    visit_ride
        Shape ``(v,)``: the longest ride from the visit of the same trip before this one (end
        of service there to begin of service here); infinite at a trip's first visit.
    trip_start
        Shape ``(t + 1,)``: trip i has the visits ``trip_start[i]`` up to ``trip_start[i+1]``.
    option_journey, option_start, option_trip
        Option i of journey ``option_journey[i]`` consists of the trips
        ``option_trip[option_start[i] : option_start[i+1]]``. All trips of one option of a
        journey are served, or none of any.
    journey_weight
        Shape ``(j,)``: what leaving the journey unserved costs.
    shift_first_place, shift_last_place, shift_earliest, shift_latest
        Shape ``(s,)``: where the bus starts and ends, from when and until when.
    shift_longest
        Shape ``(s,)``: the most seconds from leaving the start to reaching the end.
    shift_rest
        Shape ``(s, 3)``: earliest and latest begin of the break, and its length; length 0
        means no break. Only with an empty bus.
    configuration_start, configuration
        Shift i may arrange its seats in any of the rows ``configuration[a:b]`` (shape
        ``(c, k)``) with ``a, b = configuration_start[i : i + 2]``.
    shift_takes
        Shape ``(s, t)``: whether the shift can carry the trip at all.
    shift_extra
        Shape ``(s, t)``: what it counts beside driving if the shift carries the trip, not negative.
        Nothing at all if it is left out.
    whole
        Whether every time is a whole number.
    """

    seconds: Floats
    visit_place: Ints
    visit_earliest: Floats
    visit_latest: Floats
    visit_dwell: Floats
    visit_load: Ints
    visit_ride: Floats
    trip_start: Ints
    option_journey: Ints
    option_start: Ints
    option_trip: Ints
    journey_weight: Ints
    shift_first_place: Ints
    shift_last_place: Ints
    shift_earliest: Floats
    shift_latest: Floats
    shift_longest: Floats
    shift_rest: Floats
    configuration_start: Ints
    configuration: Ints
    shift_takes: Bools
    shift_extra: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    whole: bool = True

    def __post_init__(self) -> None:
        visits, trips, shifts = len(self.visit_place), len(self.trip_start) - 1, self.shifts
        kinds = self.configuration.shape[1]
        if self.shift_extra.shape == (0, 0):
            object.__setattr__(self, "shift_extra", np.zeros((shifts, trips)))
        shapes = {
            "seconds": (len(self.seconds), len(self.seconds)),
            "visit_earliest": (visits,),
            "visit_latest": (visits,),
            "visit_dwell": (visits,),
            "visit_load": (visits, kinds),
            "visit_ride": (visits,),
            "option_start": (len(self.option_journey) + 1,),
            "shift_last_place": (shifts,),
            "shift_earliest": (shifts,),
            "shift_latest": (shifts,),
            "shift_longest": (shifts,),
            "shift_rest": (shifts, 3),
            "configuration_start": (shifts + 1,),
            "shift_takes": (shifts, trips),
            "shift_extra": (shifts, trips),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                msg = f"{name} has shape {getattr(self, name).shape}, not {shape}."
                raise ProblemError(msg)
        if (np.diff(self.trip_start) < 2).any():
            msg = "trip_start must give every trip two visits or more."
            raise ProblemError(msg)
        starts = {
            "trip_start": visits,
            "option_start": len(self.option_trip),
            "configuration_start": len(self.configuration),
        }
        for name, end in starts.items():
            if getattr(self, name)[0] != 0 or getattr(self, name)[-1] != end:
                msg = f"{name} must begin with 0 and end with {end}, to cover all of them."
                raise ProblemError(msg)

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return len(self.visit_place)

    @property
    def trips(self) -> int:
        """How many trips there are, of all options."""
        return len(self.trip_start) - 1

    @property
    def journeys(self) -> int:
        """How many journeys there are."""
        return len(self.journey_weight)

    @property
    def shifts(self) -> int:
        """How many shifts there are."""
        return len(self.shift_first_place)

    @property
    def visit_trip(self) -> Ints:
        """Shape ``(v,)``: the trip that a visit belongs to."""
        return np.repeat(np.arange(self.trips), np.diff(self.trip_start))
