"""Village days from a seed, numbers only: appointments, ways back, a pharmacy, wheelchairs."""

import numpy as np

from scheduler.problem import Floats, Problem

MINUTE = 60.0
# Places 0 to 2 are the practices, 3 and 4 the pharmacies, 5 is where the buses stand.
SITES = 6
LONGEST_RIDE = 45 * MINUTE


class _Village:
    """Trips and journeys of a day while they are being drawn."""

    def __init__(self, draw: np.random.Generator, seconds: Floats) -> None:
        self.draw, self.seconds = draw, seconds
        self.visits: list[tuple[int, float, float, float, float]] = []
        self.load: list[tuple[int, int]] = []
        self.trip_start = [0]
        self.options: list[tuple[int, list[int]]] = []

    def add_trip(self, stops: list[tuple[int, float, float, float]], load: tuple[int, int]) -> int:
        """Add a trip by place, window and dwell of its visits."""
        for index, (place, earliest, latest, dwell) in enumerate(stops):
            ride = LONGEST_RIDE if index else np.inf
            self.visits.append((place, earliest, latest, dwell, ride))
            sign = 1 if index == 0 else -1 if index == len(stops) - 1 else 0
            self.load.append((sign * load[0], sign * load[1]))
        self.trip_start.append(len(self.visits))
        return len(self.trip_start) - 2

    def add_journey(self, journey: int) -> None:
        """Somebody rides to a practice and home again, perhaps by one of two pharmacies."""
        draw, home = self.draw, SITES + journey
        site = int(draw.integers(3))
        load, dwell = ((0, 1), 4 * MINUTE) if draw.random() < 0.15 else ((1, 0), MINUTE)
        appointment = float(draw.integers(8 * 4, 15 * 4)) * 15 * MINUTE
        early, late = appointment - 25 * MINUTE, appointment - 5 * MINUTE
        drive = float(self.seconds[home, site])
        out = self.add_trip(
            [
                (home, early - LONGEST_RIDE - dwell, late - drive - dwell, dwell),
                (site, early, late, dwell),
            ],
            load,
        )
        ready = appointment + float(draw.integers(2, 5)) * 15 * MINUTE
        pickup = (site, ready, ready + 40 * MINUTE, dwell)
        dropoff = (home, ready, ready + 120 * MINUTE, dwell)
        dice = draw.random()
        if dice < 0.6:
            ways: list[list[tuple[int, float, float, float]]] = [[pickup, dropoff]]
        else:
            stops = [(place, ready, ready + 90 * MINUTE, 8 * MINUTE) for place in (3, 4)]
            ways = [[pickup, stop, dropoff] for stop in (stops if dice < 0.8 else stops[:1])]
        self.options += [(journey, [out, self.add_trip(way, load)]) for way in ways]


def village_problem(seed: int, *, journeys: int, shifts: int) -> Problem:
    """A day of so many people who each ride out and back, on buses with a break at noon."""
    draw = np.random.default_rng([11, seed])
    middle = draw.integers(-6000, 6000, size=(4, 2))
    hamlet = draw.integers(0, 4, size=SITES + journeys)
    points = middle[hamlet] + draw.integers(-900, 900, size=(SITES + journeys, 2))
    # Whole seconds at 11 m/s; rounded up, so that the triangle inequality holds.
    apart = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    seconds = np.ceil(apart / 11.0)
    village = _Village(draw, seconds)
    for journey in range(journeys):
        village.add_journey(journey)
    visits = np.array(village.visits)
    trips = len(village.trip_start) - 1
    sizes = [len(option) for _, option in village.options]
    seats = np.array([[7, 0], [4, 1], [2, 2]])
    return Problem(
        seconds=seconds,
        visit_place=visits[:, 0].astype(np.int64),
        visit_earliest=visits[:, 1],
        visit_latest=visits[:, 2],
        visit_dwell=visits[:, 3],
        visit_load=np.array(village.load, dtype=np.int64),
        visit_ride=visits[:, 4],
        trip_start=np.array(village.trip_start),
        option_journey=np.array([journey for journey, _ in village.options]),
        option_start=np.concatenate([[0], np.cumsum(sizes)]),
        option_trip=np.array([trip for _, option in village.options for trip in option]),
        journey_weight=draw.choice([10, 30, 100], size=journeys),
        shift_first_place=np.full(shifts, 5),
        shift_last_place=np.full(shifts, 5),
        shift_earliest=np.full(shifts, 7 * 60 * MINUTE),
        shift_latest=np.full(shifts, 18 * 60 * MINUTE),
        shift_longest=np.full(shifts, np.inf),
        shift_rest=np.tile([11.5 * 60 * MINUTE, 13.5 * 60 * MINUTE, 30 * MINUTE], (shifts, 1)),
        configuration_start=len(seats) * np.arange(shifts + 1),
        configuration=np.tile(seats, (shifts, 1)),
        shift_takes=np.ones((shifts, trips), dtype=np.bool_),
    )


def literature_problem(seed: int, *, requests: int, vehicles: int) -> Problem:
    """An instance in the manner of Cordeau (2006): minutes, places in a square, one window each."""
    draw = np.random.default_rng([13, seed])
    points = np.vstack([np.zeros((1, 2)), draw.uniform(-10, 10, size=(2 * requests, 2))])
    seconds = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    # Half of the people say when they want to leave, half when to arrive.
    narrow = np.zeros(2 * requests, dtype=np.bool_)
    narrow[2 * np.arange(requests) + (np.arange(requests) % 2)] = True
    earliest = np.where(narrow, draw.uniform(60, 405, size=2 * requests), 0.0)
    rides = np.full(2 * requests, 30.0)
    rides[::2] = np.inf
    return Problem(
        seconds=seconds,
        visit_place=1 + np.arange(2 * requests),
        visit_earliest=earliest,
        visit_latest=np.where(narrow, earliest + 15, 480.0),
        visit_dwell=np.full(2 * requests, 3.0),
        visit_load=np.tile([[1], [-1]], (requests, 1)),
        visit_ride=rides,
        trip_start=np.arange(0, 2 * requests + 1, 2),
        option_journey=np.arange(requests),
        option_start=np.arange(requests + 1),
        option_trip=np.arange(requests),
        journey_weight=np.ones(requests, dtype=np.int64),
        shift_first_place=np.zeros(vehicles, dtype=np.int64),
        shift_last_place=np.zeros(vehicles, dtype=np.int64),
        shift_earliest=np.zeros(vehicles),
        shift_latest=np.full(vehicles, 480.0),
        shift_longest=np.full(vehicles, 480.0),
        shift_rest=np.zeros((vehicles, 3)),
        configuration_start=np.arange(vehicles + 1),
        configuration=np.full((vehicles, 1), 3, dtype=np.int64),
        shift_takes=np.ones((vehicles, requests), dtype=np.bool_),
        whole=False,
    )
