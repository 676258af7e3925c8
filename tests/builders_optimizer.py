"""Problems for tests of the optimizer: random tiny ones with any mix of constraints."""

from dataclasses import dataclass

import numpy as np

from scheduler.problem import Floats, Ints, Problem


@dataclass(frozen=True)
class Mix:
    """Which constraints a random problem may have."""

    vias: bool = True
    options: bool = True
    breaks: bool = True
    longest: bool = True
    extras: bool = True
    journeys: int = 3
    trips: int = 5
    shifts: int = 2


class _Days:
    """Trips, options and visits of a problem while it is being drawn."""

    def __init__(self, draw: np.random.Generator, seconds: Floats, mix: Mix) -> None:
        self.draw, self.seconds, self.mix = draw, seconds, mix
        self.place: list[int] = []
        self.window: list[tuple[float, float]] = []
        self.dwell: list[float] = []
        self.load: list[Ints] = []
        self.ride: list[float] = []
        self.trip_start = [0]
        self.option_journey: list[int] = []
        self.option_start = [0]
        self.option_trip: list[int] = []

    def add_trip(self, after: float) -> int:
        """Draw a trip that begins some time after *after*."""
        draw = self.draw
        count = 3 if self.mix.vias and draw.random() < 0.2 else 2
        load = draw.integers(0, 3, size=2)
        load[int(draw.integers(2))] += 1
        begin = after + float(draw.integers(0, 150))
        for visit in range(count):
            place = int(draw.integers(len(self.seconds)))
            width = float(draw.choice([5, 40, 150, 400]))
            drive = float(self.seconds[self.place[-1], place]) if visit else 0.0
            begin += drive + (self.dwell[-1] if visit else 0.0)
            late = float(draw.integers(0, int(width) + 1))
            self.window.append((max(0.0, begin - late), begin + width - late))
            self.place.append(place)
            self.dwell.append(float(draw.integers(0, 8)))
            self.load.append(load if visit == 0 else -load if visit == count - 1 else 0 * load)
            extra = float(draw.choice([0, 10, 40, 120]))
            self.ride.append(drive + extra if visit else np.inf)
        self.trip_start.append(len(self.place))
        return len(self.trip_start) - 2

    def add_journey(self, journey: int) -> None:
        """Draw one trip, or two linked ones, or two options that share the first."""
        left = self.mix.trips - (len(self.trip_start) - 1)
        first, dice = self.add_trip(0.0), self.draw.random()
        options = [[first]]
        if left >= 3 and self.mix.options and dice < 0.25:
            options = [[first, self.add_trip(120.0)], [first, self.add_trip(120.0)]]
        elif left >= 2 and dice < 0.6:
            options = [[first, self.add_trip(120.0)]]
        for trips in options:
            self.option_journey.append(journey)
            self.option_trip.extend(trips)
            self.option_start.append(len(self.option_trip))


def random_problem(seed: int, mix: Mix | None = None) -> Problem:
    """
    A random problem of few trips, whole seconds, triangle inequality kept.

    A ride may take a little longer than the drive, windows are between narrow and wide, so
    that each constraint decides something in many of the problems.
    """
    mix = mix or Mix()
    draw = np.random.default_rng(seed)
    spots = draw.integers(0, 60, size=(int(draw.integers(3, 7)), 2))
    seconds = np.abs(spots[:, None, :] - spots[None, :, :]).sum(axis=2).astype(np.float64)
    seconds += draw.integers(0, 6, size=(len(spots), 1)) * (1 - np.eye(len(spots)))
    days = _Days(draw, seconds, mix)
    for journey in range(int(draw.integers(1, mix.journeys + 1))):
        if len(days.trip_start) <= mix.trips:
            days.add_journey(journey)
    trips, journeys = len(days.trip_start) - 1, len(set(days.option_journey))

    shifts = int(draw.integers(1, mix.shifts + 1))
    depots = draw.integers(0, len(spots), size=(2, shifts))
    if draw.random() < 0.4:
        depots[:] = depots[0, 0]
    hours = draw.integers(0, 80, size=(2, shifts)).astype(np.float64)
    hours[1] += draw.integers(200, 700, size=shifts)
    longest = np.full(shifts, np.inf)
    rest = np.zeros((shifts, 3))
    for shift in range(shifts):
        if mix.longest and draw.random() < 0.3:
            longest[shift] = float(draw.integers(80, 350))
        if mix.breaks and draw.random() < 0.4:
            begin = float(draw.integers(0, 300))
            rest[shift] = begin, begin + float(draw.integers(0, 200)), draw.integers(5, 60)
    rows = [draw.integers(1, 5, size=(int(draw.integers(1, 3)), 2)) for _ in range(shifts)]
    if shifts == 2 and draw.random() < 0.4:
        depots[:, 1], hours[:, 1] = depots[:, 0], hours[:, 0]
        longest[1], rest[1], rows[1] = longest[0], rest[0], rows[0]
    return Problem(
        seconds=seconds,
        visit_place=np.array(days.place, dtype=np.int64),
        visit_earliest=np.array([window[0] for window in days.window]),
        visit_latest=np.array([window[1] for window in days.window]),
        visit_dwell=np.array(days.dwell),
        visit_load=np.array(days.load, dtype=np.int64),
        visit_ride=np.array(days.ride),
        trip_start=np.array(days.trip_start),
        option_journey=np.array(days.option_journey),
        option_start=np.array(days.option_start),
        option_trip=np.array(days.option_trip),
        journey_weight=draw.choice([1, 1, 2, 5], size=journeys),
        shift_first_place=depots[0],
        shift_last_place=depots[1],
        shift_earliest=hours[0],
        shift_latest=hours[1],
        shift_longest=longest,
        shift_rest=rest,
        configuration_start=np.cumsum([0, *map(len, rows)]),
        configuration=np.concatenate(rows),
        shift_takes=draw.random((shifts, trips)) < 0.9,
        shift_extra=_extras(np.random.default_rng([2, seed]), (shifts, trips), mix),
    )


def _extras(draw: np.random.Generator, shape: tuple[int, int], mix: Mix) -> Floats:
    """
    What it counts beside driving that a shift carries a trip; nothing at all in most problems.

    Else by chance, the same for all shifts, or where an earlier plan had another shift; then a
    little, as much as a drive, or more than all drives together.
    """
    shifts, trips = shape
    if not mix.extras or draw.random() < 0.6:
        return np.zeros(shape)
    match int(draw.integers(4)):
        case 0:
            return draw.choice([0, 0, 3, 20, 90], size=shape).astype(np.float64)
        case 1:
            return np.tile(draw.choice([0, 7, 40], size=trips), (shifts, 1)).astype(np.float64)
        case _:
            planned = draw.integers(-1, shifts, size=trips)
            change = float(draw.choice([2, 30, 100, 5_000]))
            moved = (planned >= 0) & (planned != np.arange(shifts)[:, None])
            return np.where(moved, change, 0.0)


def random_order(problem: Problem, draw: np.random.Generator) -> tuple[int, ...]:
    """Visits of some random trips, mixed at random, each trip in its order."""
    count = min(problem.trips, int(draw.integers(1, 5)))
    waiting = [
        list(range(problem.trip_start[trip], problem.trip_start[trip + 1]))
        for trip in draw.permutation(problem.trips)[:count]
    ]
    order: list[int] = []
    while waiting:
        index = int(draw.integers(len(waiting)))
        order.append(waiting[index].pop(0))
        if not waiting[index]:
            waiting.pop(index)
    return tuple(order)
