"""An order of visits is timed as well as it can be, and judged by what is left wrong."""

from pathlib import Path

import pytest

from benchmarks.instances import read_case, read_cordeau
from benchmarks.judging import judge
from tests.builders_instances import LINE, NORTH, ZIGZAG, cordeau, write


def test_a_right_order_is_feasible_and_as_long_as_its_way(tmp_path: Path) -> None:
    """Pickups at 1 and 2, dropoffs at 5 and 6: there and back along a line of length 6."""
    verdict = judge(read_cordeau(cordeau(tmp_path)), [(0, 2, 1, 3), ()])

    assert verdict.feasible
    assert verdict.cost == pytest.approx(12)
    assert (verdict.vehicles, verdict.unserved, verdict.long_rides) == (1, 0, 0)


def test_rides_that_no_times_make_short_enough_are_counted(tmp_path: Path) -> None:
    """Aboard at 20 + 1; at 40 + 1 to pickup 2 until 41, then 3 more: 44 - 21 > 20 minutes."""
    points = LINE.replace("1  1 0  1  1   0  50", "1  1 0  1  1   0  20")
    points = points.replace("2  2 0  1  1   0  50", "2  2 0  1  1  40  50")
    problem = read_cordeau(cordeau(tmp_path, points=points))
    verdict = judge(problem, [(0, 2, 1, 3), ()])

    assert not verdict.feasible
    assert verdict.long_rides == 1
    assert verdict.faults == ("vehicle 0: the ride to visit 1 takes too long",)
    assert judge(problem, [(0, 1), (2, 3)]).feasible


def test_an_order_that_is_late_is_not_called_a_long_ride(tmp_path: Path) -> None:
    """East opens and closes at 50 and at 10: whoever goes there last first is late."""
    verdict = judge(read_case(write(tmp_path, ZIGZAG)).problem, [(4, 5, 0, 1, 2, 3), (), ()])

    assert verdict.faults == ("vehicle 0: is late wherever it waits",)
    assert verdict.long_rides == 0
    assert verdict.cost == pytest.approx(10 + 0 + 20 + 10)


def test_who_is_left_out_is_unserved(tmp_path: Path) -> None:
    """One of three requests; the way is that of the other two: 10 + 20 + 10."""
    verdict = judge(read_case(write(tmp_path, ZIGZAG)).problem, [(0, 1, 2, 3), (), ()])

    assert not verdict.feasible
    assert verdict.unserved == 1
    assert verdict.cost == pytest.approx(40)


def test_a_delivery_before_its_pickup_and_a_wrong_vehicle_are_faults(tmp_path: Path) -> None:
    """The wheelchair in the vehicle without a place; request 2 the wrong way round."""
    problem = read_case(write(tmp_path, NORTH)).problem

    assert "vehicle 0: carries too many" in judge(problem, [(2, 3), (0, 1)]).faults
    turned = judge(read_case(write(tmp_path, ZIGZAG)).problem, [(0, 1, 3, 2, 4, 5), (), ()])
    assert any("comes without or before" in fault for fault in turned.faults)


def test_each_shift_needs_an_order(tmp_path: Path) -> None:
    """Two vehicles, one order."""
    with pytest.raises(ValueError, match="1 orders for 2 shifts"):
        judge(read_cordeau(cordeau(tmp_path)), [(0, 2, 1, 3)])
