"""What junctions, traffic lights and the calibration cost on an imported road."""

import pytest

from routing.geo import Point
from routing.matrix import Roads
from routing.speeds import Calibration
from tests.builders_osm import CROSS, POINTS, ROAD, Read, seconds


def test_the_calibration_makes_it_slower(read: Read) -> None:
    """Twice free flow on primary roads only."""
    slow = Calibration(factor=1.0, by_class={"primary": 2.0}, junction_seconds=0, signal_seconds=0)

    assert seconds(read(calibration=slow), 1, 3) == pytest.approx(2 * seconds(read(), 1, 3), abs=1)


def test_a_side_road_gives_way_and_the_main_road_does_not(read: Read) -> None:
    """Three roads meet at node 2; on the way 1 - 2 - 3 one passes a side road."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    fast, slow = read(CROSS), read(CROSS, calibration=yields)

    assert seconds(slow, 1, 3) == seconds(fast, 1, 3)
    assert seconds(slow, 1, 6) == seconds(fast, 1, 6)
    assert seconds(slow, 6, 1) == seconds(fast, 6, 1) + 30


def test_the_wait_at_a_junction_is_not_shared_out_along_the_road(read: Read) -> None:
    """Who lives just before the junction waits as long as who comes from afar."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    fast, slow = Roads(read(CROSS).network), Roads(read(CROSS, calibration=yields).network)
    near, far = Point(52.101, 8.91), Point(52.109, 8.91)

    for house in (near, far):
        before = fast.travel([house, POINTS[1]]).seconds
        after = slow.travel([house, POINTS[1]]).seconds
        assert after[0, 1] == before[0, 1] + 30
        assert after[1, 0] == before[1, 0]


def test_a_crossing_of_equals_costs_everybody(read: Read) -> None:
    """Right before left."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    ways = {10: ([1, 2, 3], {"highway": "residential"}), 11: ([2, 6], {"highway": "residential"})}

    for start, end in ((1, 3), (3, 1), (6, 1)):
        before = seconds(read(ways), start, end)
        assert seconds(read(ways, calibration=yields), start, end) == before + 30


def test_a_driveway_slows_nobody_on_the_road(read: Read) -> None:
    """Service roads end at every house."""
    yields = Calibration(factor=1.0, junction_seconds=30, signal_seconds=0)
    ways = {10: ([1, 2, 3], {"highway": "residential"}), 11: ([2, 6], {"highway": "service"})}

    assert seconds(read(ways, calibration=yields), 1, 3) == seconds(read(ways), 1, 3)


def test_traffic_lights_cost_time_in_their_direction(read: Read) -> None:
    """Instead of the junction, not on top of it."""
    lights = Calibration(factor=1.0, junction_seconds=5, signal_seconds=20)
    forward = {"highway": "traffic_signals", "traffic_signals:direction": "forward"}
    free = read()
    lit = read(nodes={2: forward}, calibration=lights)

    assert seconds(lit, 1, 3) == seconds(free, 1, 3) + 20
    assert seconds(lit, 3, 1) == seconds(free, 3, 1)
    ways = CROSS | {11: ([2, 6], ROAD)}
    both = read(ways, nodes={2: {"highway": "traffic_signals"}}, calibration=lights)
    assert seconds(both, 6, 1) == seconds(read(ways), 6, 1) + 20
