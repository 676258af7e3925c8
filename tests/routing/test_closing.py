"""Roads that are closed: drives take the others, or there is no way any more."""

import numpy as np
import pytest

from routing.closing import roads_near, without_roads
from routing.coarse import Link, build
from routing.errors import NetworkError, NoWay
from routing.geo import Point
from routing.matrix import NO_ROAD, Roads
from routing.network import RoadNetwork

# A square, and a road that leads out of it to a hamlet.
A, B, C, D = Point(52.10, 8.90), Point(52.10, 8.95), Point(52.12, 8.95), Point(52.12, 8.90)
HAMLET, END = Point(52.15, 8.90), Point(52.16, 8.90)
MIDDLE = Point(52.10, 8.925)


def square() -> RoadNetwork:
    return build(
        {"a": A, "b": B, "c": C, "d": D, "hamlet": HAMLET, "end": END},
        [
            Link("a", "b", "primary"),
            Link("b", "c", "residential"),
            Link("c", "d", "residential"),
            Link("d", "a", "residential"),
            Link("d", "hamlet", "residential"),
            Link("hamlet", "end", "residential"),
        ],
        source="Beispiel",
    )


def test_a_road_is_found_in_both_directions_by_a_point_on_it() -> None:
    network = square()
    edges = roads_near(network, MIDDLE)

    ends = {(int(network.tail[edge]), int(network.head[edge])) for edge in edges}
    assert len(edges) == 2
    (one, other), *_ = ends
    assert ends == {(one, other), (other, one)}
    assert {network.shape(int(edges[0]))[0], network.shape(int(edges[0]))[-1]} == {A, B}


def test_all_roads_of_a_junction_pass_it() -> None:
    assert len(roads_near(square(), D)) == 6
    assert len(roads_near(square(), Point(52.11, 8.92))) == 0


def test_drives_go_round_a_closed_road() -> None:
    """From a to b the short side of the square is closed: three sides are left."""
    network = square()
    closed = without_roads(network, roads_near(network, MIDDLE))

    before = Roads(network).travel([A, B, C, D]).seconds
    after = Roads(closed).travel([A, B, C, D]).seconds

    assert after[0, 1] == pytest.approx(before[0, 3] + before[3, 2] + before[2, 1], abs=3)
    assert after[0, 1] > before[0, 1]
    assert (after[0, 3], after[1, 2]) == (before[0, 3], before[1, 2])


def test_closing_one_direction_closes_the_other() -> None:
    network = square()
    (one, _) = roads_near(network, MIDDLE)

    assert without_roads(network, np.array([one])).edges == network.edges - 2


def test_without_a_road_nobody_is_reached() -> None:
    """The only road to the hamlet is closed: that is said, or counted as days of driving."""
    network = square()
    roads = Roads(without_roads(network, roads_near(network, Point(52.135, 8.90))))

    with pytest.raises(NoWay):
        roads.travel([A, HAMLET])
    travel = roads.travel([A, B, HAMLET], cut_off=True)

    assert travel.seconds[0, 2] == travel.seconds[2, 1] == NO_ROAD
    assert travel.seconds[0, 1] == Roads(network).travel([A, B]).seconds[0, 1]
    assert travel.metres[0, 2] == 0


def test_a_network_without_any_road_is_refused() -> None:
    network = square()

    with pytest.raises(NetworkError):
        without_roads(network, np.arange(network.edges))
