"""Driving times against a second opinion: networkx on a graph with the points built in."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import engine
from routing.assembly import Road, assemble
from routing.coarse import Link, build
from routing.errors import NetworkError, NoWay, TooFarFromRoad
from routing.geo import Point, great_circle
from routing.matrix import Roads
from routing.network import RoadNetwork
from routing.speeds import Calibration, SpeedTable
from tests.builders_routing import second_opinion

# A square of about 1.4 km: A in the south-west, then counter-clockwise.
A, B, C, D = Point(52.10, 8.90), Point(52.10, 8.92), Point(52.11, 8.92), Point(52.11, 8.90)
SIDES = [("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")]


def network(roads: list[Road], nodes: list[Point] | None = None) -> RoadNetwork:
    return assemble(
        nodes or [A, B, C, D],
        roads,
        speeds=SpeedTable(),
        calibration=Calibration(),
        source="Beispiel",
    )


def road(
    start: int,
    end: int,
    *,
    ms: int | None = 60_000,
    back: int | None = 60_000,
    dm: int = 10_000,
    waits: tuple[int, int] = (0, 0),
    nodes: list[Point] | None = None,
) -> Road:
    places = nodes or [A, B, C, D]
    return Road(start, end, [places[start], places[end]], "tertiary", dm, ms, back, *waits)


def ring(*, oneway: bool) -> RoadNetwork:
    """The square, one minute and a kilometre each side."""
    back = None if oneway else 60_000
    return network([road(n, (n + 1) % 4, back=back) for n in range(4)])


def test_a_drive_counts_the_parts_of_its_first_and_last_edge() -> None:
    """From the middle of one side to the middle of the next."""
    south, east = Point(52.10, 8.91), Point(52.105, 8.92)
    travel = Roads(ring(oneway=False)).travel([south, east])

    # Half of 60 s on the south side, half of 60 s on the east side; likewise 1000 m.
    assert travel.seconds.tolist() == [[0, 30 + 30], [30 + 30, 0]]
    assert travel.metres.tolist() == [[0, 500 + 500], [500 + 500, 0]]


def test_a_oneway_road_is_driven_one_way() -> None:
    """Round the whole square to a point just behind."""
    south, east = Point(52.10, 8.91), Point(52.105, 8.92)
    travel = Roads(ring(oneway=True)).travel([south, east])

    assert travel.seconds.tolist() == [[0, 30 + 30], [30 + 60 + 60 + 30, 0]]


def test_two_points_on_one_edge_need_no_crossing() -> None:
    """Straight on, in both directions where that is allowed."""
    first, second = Point(52.10, 8.905), Point(52.10, 8.915)

    # Half of the side lies between them: 30 s of 60 s.
    assert Roads(ring(oneway=False)).travel([first, second]).seconds.tolist() == [[0, 30], [30, 0]]


def test_two_points_on_a_oneway_edge_may_need_the_whole_round() -> None:
    """The second one is 30 s ahead; the first one is 3 x 60 s + 30 s ahead of the second."""
    first, second = Point(52.10, 8.905), Point(52.10, 8.915)
    travel = Roads(ring(oneway=True)).travel([first, second])

    assert travel.seconds.tolist() == [[0, 30], [15 + 3 * 60 + 15, 0]]


def test_leaving_the_edge_may_be_faster_than_staying_on_it() -> None:
    """A slow lane, with a fast road beside it."""
    slow = road(0, 1, ms=600_000, back=600_000)
    fast = road(0, 1, ms=10_000, back=10_000)
    near_a, near_b = Point(52.10, 8.902), Point(52.10, 8.918)
    built = network([slow, fast, road(1, 2), road(2, 3), road(3, 0)])

    # 10 % of the lane at both ends and 10 s between; staying takes 80 % of 600 s. The points
    # are snapped to the lane, the first of the two equally near roads.
    assert Roads(built).travel([near_a, near_b]).seconds[0, 1] == 60 + 10 + 60


def test_of_parallel_roads_the_fastest_counts_and_of_equally_fast_the_shortest() -> None:
    """Parallel edges are not added up, as a sparse matrix would."""
    roads = [
        road(0, 1, ms=50_000, dm=20_000),
        road(0, 1, ms=40_000, dm=15_000),
        road(0, 1, ms=40_000, dm=12_000),
        road(1, 2),
        road(2, 3),
        road(3, 0),
    ]
    travel = Roads(network(roads)).travel([A, B])

    assert (travel.seconds[0, 1], travel.metres[0, 1]) == (40, 1_200)


def test_times_are_rounded_up_once_and_distances_to_the_nearest_metre() -> None:
    """20.001 s are 21 s, and 1000.4 m are 1000 m."""
    roads = [road(0, 1, ms=20_001, dm=10_004), road(1, 2), road(2, 3), road(3, 0)]
    travel = Roads(network(roads)).travel([A, B])

    assert (travel.seconds[0, 1], travel.metres[0, 1]) == (21, 1_000)


def test_a_loop_is_a_road_to_live_on() -> None:
    """A cul-de-sac that comes back to its own beginning, 40 s round and one-way."""
    lane = Road(
        1, 1, [B, Point(52.10, 8.93), Point(52.09, 8.93), B], "residential", 8_000, 40_000, None
    )
    built = network([*[road(n, (n + 1) % 4) for n in range(4)], lane])
    house = Point(52.09, 8.93)
    fraction = built.snap(house).fraction
    travel = Roads(built).travel([B, house])

    assert 0.3 < fraction < 0.8
    assert travel.seconds.tolist() == [
        [0, -(-round(fraction * 40_000) // 1000)],
        [-(-(40_000 - round(fraction * 40_000)) // 1000), 0],
    ]


def test_points_at_one_place_are_no_time_apart() -> None:
    """Two people of one house, and neighbours at one corner."""
    points = [A, A, Point(52.0999, 8.8999), Point(52.10, 8.91), Point(52.10, 8.91)]
    travel = Roads(ring(oneway=True)).travel(points)

    assert not travel.seconds[:3, :3].any()
    assert not travel.seconds[3:, 3:].any()


def test_no_points_make_an_empty_matrix() -> None:
    """A day without requests."""
    assert len(Roads(ring(oneway=True)).travel([])) == 0


def test_a_point_that_cannot_be_reached_is_named() -> None:
    """A hand-made file may hold a dead end; the answer says which pair, not just that."""
    built = network([road(0, 1), road(1, 2, back=None), road(2, 3)])

    with pytest.raises(NoWay, match=r"from point 1 \(52.11, 8.9\) to point 0 \(52.1, 8.9\)") as no:
        Roads(built).travel([A, D])
    assert no.value.pairs == ((1, 0),)
    with pytest.raises(NoWay):
        Roads(built).route(D, A)


def test_a_point_far_from_every_road_is_refused() -> None:
    """With the limit of the caller."""
    off = Point(52.095, 8.91)
    with pytest.raises(TooFarFromRoad):
        Roads(ring(oneway=True)).travel([A, off])
    assert Roads(ring(oneway=True)).travel([A, off], limit=600).seconds[0, 1] == 30


def test_ways_too_long_to_be_exact_are_refused() -> None:
    """float64 counts whole numbers to 2**53: 25 hours in this unit."""
    day = 24 * 3_600_000
    roads = [road(n, n + 1, ms=day, back=day) for n in range(3)]
    with pytest.raises(NetworkError, match="A way of 72 hours is too long to be exact"):
        Roads(network(roads)).travel([A, D])


def test_the_way_to_the_road_counts_in_a_coarse_network() -> None:
    """And not between a point and itself."""
    places = dict(zip("ABCD", [A, B, C, D], strict=True))
    built = build(places, [Link(a, b, "tertiary") for a, b in SIDES], source="Beispiel")
    beside = Point(52.097, 8.91)  # 334 m south of the middle of A - B
    plain = Roads(built).travel([Point(52.10, 8.91), B])
    travel = Roads(built).travel([beside, B, beside], limit=500)

    approach = -(-334 * 3_600 // 25) / 1000
    assert built.snap(beside, 500).metres == 334
    assert travel.seconds[0, 1] == pytest.approx(plain.seconds[0, 1] + approach, abs=1)
    assert travel.metres[0, 1] == plain.metres[0, 1] + 334
    assert travel.seconds[0, 2] == 0


def test_a_route_follows_the_roads() -> None:
    """From the middle of one side, over the corner, to the middle of the next."""
    south, east = Point(52.10, 8.91), Point(52.105, 8.92)

    assert Roads(ring(oneway=False)).route(south, east) == [south, B, east]
    assert Roads(ring(oneway=True)).route(east, south) == [east, C, D, A, south]
    assert Roads(ring(oneway=False)).route(A, C) in ([A, B, C], [A, D, C])


def test_a_route_on_one_edge_stays_there() -> None:
    """Both ways, and nowhere for no way at all."""
    first, second = Point(52.10, 8.905), Point(52.10, 8.915)
    roads = Roads(ring(oneway=False))

    assert roads.route(first, second) == [first, second]
    assert roads.route(second, first) == [second, first]
    assert roads.route(first, first) == [first]
    assert Roads(ring(oneway=True)).route(second, first) == [second, B, C, D, A, first]


@st.composite
def towns(draw: st.DrawFn) -> tuple[RoadNetwork, list[Point]]:
    """A strongly connected network of up to 8 nodes, and points on its roads."""
    size = draw(st.integers(3, 8))
    grid = [Point(52.1 + (n // 3) * 0.002, 8.9 + (n % 3) * 0.003) for n in range(size)]
    cost = st.integers(1, 3_000)
    around = [(n, (n + 1) % size) for n in range(size)]
    across = [pair for pair in combinations(range(size), 2) if draw(st.booleans())]
    waits = st.tuples(st.integers(0, 900), st.integers(0, 900))
    roads = [
        road(a, b, ms=draw(cost), back=draw(st.none() | cost), waits=draw(waits), nodes=grid)
        for a, b in around + across
    ]
    share = st.integers(0, 20)
    points = []
    for _ in range(draw(st.integers(1, 6))):
        line = draw(st.sampled_from(roads)).shape
        t = draw(share) / 20
        points.append(
            Point(
                line[0].lat * (1 - t) + line[1].lat * t,
                line[0].lon * (1 - t) + line[1].lon * t,
            )
        )
    return network(roads, grid), points


@settings(max_examples=150, deadline=None)
@given(towns(), st.sampled_from([0, 2_000]))
def test_every_pair_is_as_networkx_finds_it(
    town: tuple[RoadNetwork, list[Point]], small: int
) -> None:
    """Milliseconds and decimetres, before any rounding; all pairs at once, and row by row."""
    built, points = town
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "ALL_PAIRS_NODES", small)
        travel = Roads(built).travel(points)

    for (a, row), b in product(enumerate(second_opinion(built, points)), range(len(points))):
        milliseconds, decimetres = row[b]
        assert travel.seconds[a, b] == -(-milliseconds // 1000)
        assert travel.metres[a, b] == (decimetres + 5) // 10


@settings(max_examples=150, deadline=None)
@given(towns())
def test_no_detour_is_shorter_than_the_direct_drive(town: tuple[RoadNetwork, list[Point]]) -> None:
    """The optimizer leaves out stops and relies on getting earlier by that."""
    built, points = town
    seconds = Roads(built).travel(points).seconds

    assert (seconds[:, :, None] + seconds[None, :, :] >= seconds[:, None, :]).all()


@settings(max_examples=100, deadline=None)
@given(towns())
def test_a_route_leads_from_its_first_to_its_last_point(
    town: tuple[RoadNetwork, list[Point]],
) -> None:
    """Along roads only: every corner of the line is a node or one of the two points."""
    built, points = town
    roads = Roads(built)
    nodes = [Point(lat, lon) for lat, lon in zip(built.node_lat, built.node_lon, strict=True)]
    for a, b in product(points, repeat=2):
        line = roads.route(a, b)
        ends = [built.snap(a).point, built.snap(b).point]
        assert great_circle(line[0], ends[0]) <= 1
        assert great_circle(line[-1], ends[1]) <= 1
        for corner in line[1:-1]:
            assert min(great_circle(corner, node) for node in nodes) <= 1


def test_rows_that_were_thrown_away_are_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large network keeps some rows only; the answers stay the same."""
    built = ring(oneway=True)
    points = [A, B, C, D]
    expected = Roads(built).travel(points).seconds
    monkeypatch.setattr(engine, "ALL_PAIRS_NODES", 0)
    monkeypatch.setattr(engine, "KEPT_NUMBERS", 2 * built.nodes)
    roads = Roads(built)

    for _ in range(2):
        assert np.array_equal(roads.travel(points).seconds, expected)
    assert len(roads._engine._rows) == 2


def test_roads_can_be_sent_to_another_process() -> None:
    """Solving happens in a process pool."""
    roads = Roads(ring(oneway=True))
    before = roads.travel([A, C]).seconds
    after = pickle.loads(pickle.dumps(roads))  # noqa: S301 - our own bytes

    assert np.array_equal(after.travel([A, C]).seconds, before)
    assert after.network.fingerprint == roads.network.fingerprint


def test_several_threads_may_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server answers many callers with one set of roads."""
    monkeypatch.setattr(engine, "ALL_PAIRS_NODES", 0)
    monkeypatch.setattr(engine, "KEPT_NUMBERS", 4)
    roads = Roads(ring(oneway=True))
    expected = roads.travel([A, B, C, D]).seconds.tolist()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: roads.travel([A, B, C, D]).seconds.tolist(), range(200)))

    assert answers == [expected] * 200
