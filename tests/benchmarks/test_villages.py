"""Village days are the same for everybody, and what is said of them is right."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import villages
from benchmarks.days import buses_for, region_of, village_day
from benchmarks.maps import MapError
from benchmarks.villages import Outcome, Rival, line, outcome, search_alone, summary
from routing.units import MINUTE
from scheduler.day import Day
from scheduler.formulate import make_problem
from scheduler.model import TripKind
from scheduler.optimizer.instance import lay_out


def kalletal_day(requests: int = 25, seed: int = 1, **changes: Any) -> Day:
    return village_day(region_of("kalletal"), requests=requests, seed=seed, **changes)


def test_the_same_seed_gives_the_same_problem() -> None:
    """A day that is not proven can be looked at again, elsewhere and tomorrow."""
    first, again = make_problem(kalletal_day()), make_problem(kalletal_day())
    other = make_problem(kalletal_day(seed=6))

    assert all(np.array_equal(vars(first)[name], vars(again)[name]) for name in vars(first))
    assert not np.array_equal(first.visit_earliest, other.visit_earliest)


@pytest.mark.parametrize("seed", range(5))
def test_a_day_has_everything_and_is_sound(seed: int) -> None:
    """Every weekday: nobody refused without a look, numbers that the optimizer takes."""
    day = kalletal_day(40, seed)
    problem = make_problem(day)

    lay_out(problem)  # raises for anything that cannot be
    assert len(day.journeys) + len(day.refused) == 40
    assert all(shift.rest is not None for shift in day.shifts)
    assert {trip.kind for trip in day.trips} >= {TripKind.OUTBOUND, TripKind.RETURN}
    drives = problem.seconds
    assert (drives[:, None, :] <= drives[:, :, None] + drives[None, :, :]).all()


def test_days_have_pharmacies_wheelchairs_and_people_on_call() -> None:
    """All real constraints occur, if not all on one day."""
    days = [kalletal_day(40, seed) for seed in range(5)]
    trips = [trip for day in days for trip in day.trips]

    assert any(len(trip.visits) == 3 for trip in trips)
    assert any(trip.load.wheelchairs for trip in trips)
    assert any(trip.load.seats > 1 for trip in trips)
    assert any(len(journey.options) > 1 for day in days for journey in day.journeys)
    assert len({journey.weight for day in days for journey in day.journeys}) > 1
    assert any(not shift.takes_wheelchairs for shift in kalletal_day(60).shifts)


def test_the_fleet_grows_with_the_requests() -> None:
    """One bus with two half days for 25, two for 40, three for 60; or as many as one says."""
    assert [buses_for(requests) for requests in (1, 15, 25, 40, 60)] == [1, 1, 1, 2, 3]
    day = kalletal_day(40)
    assert len(day.shifts) == 4
    assert len({shift.vehicle.id for shift in day.shifts}) == 2
    assert len({shift.driver for shift in day.shifts}) == 4
    assert len(kalletal_day(buses=4).shifts) == 8


def test_wider_days_have_wider_windows_and_longer_rides() -> None:
    """Windows and rides of so many minutes, in place of the policy's."""
    narrow = make_problem(kalletal_day())
    wide = make_problem(kalletal_day(window=60, ride=90))
    width = wide.visit_latest - wide.visit_earliest

    assert width.max() >= 60 * MINUTE
    assert width.mean() > (narrow.visit_latest - narrow.visit_earliest).mean()
    rides = wide.visit_ride[np.isfinite(wide.visit_ride)]
    assert (rides == 90 * MINUTE).all()


def test_a_small_day_is_proven_checked_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command line to the file: one day, proven, and no rival is better."""
    file = tmp_path / "villages.json"
    options = f"--trips 5 --days 1 --seed 1 --seconds 60 --rivals --json {file}"
    monkeypatch.setattr(sys, "argv", ["villages", *options.split()])

    assert villages.main() == 0
    (day,) = json.loads(file.read_text())
    assert day["proven"]
    assert day["faults"] == []
    assert (day["weight"], day["driving"]) == (day["bound_weight"], day["bound_driving"])
    for rival in day["rivals"]:
        assert rival["faults"] == []
        assert (rival["weight"], rival["driving"]) >= (day["weight"], day["driving"])
    printed = capsys.readouterr().out
    assert "gap  0.000%  proven" in printed
    assert "5 requests: 1 days" in printed


def test_without_labels_nothing_is_proven_but_the_plan_is_right() -> None:
    """The search alone is what the proof is compared with."""
    rival = search_alone(kalletal_day(5), seconds=0.2)

    assert rival.weight is not None
    assert rival.faults == []


def an_outcome(weight: int, driving: float, bound: tuple[int, float], **changes: object) -> Outcome:
    made = Outcome(
        region="kalletal",
        requests=2,
        seed=0,
        trips=4,
        shifts=2,
        refused=0,
        weight=weight,
        driving=driving,
        bound_weight=bound[0],
        bound_driving=bound[1],
        proven=(weight, driving) == bound,
        seconds=1.0,
        faults=[],
        statistics={},
        rivals=[],
    )
    return Outcome(**{**vars(made), **changes})


def test_a_gap_needs_the_least_weight_to_be_proven() -> None:
    """Two levels: 1,010 s over 1,000 s is a gap of 1 % only if nobody more could be served."""
    assert an_outcome(3, 1010.0, (3, 1000.0)).gap == pytest.approx(0.01)
    still_open = an_outcome(3, 1010.0, (2, 1000.0))
    assert still_open.gap is None
    assert "weight open" in line(still_open)
    assert "1 with the weight open" in summary([still_open], seconds=9.0)


def test_a_rival_that_leaves_more_people_has_no_gap() -> None:
    """Driving less because fewer ride along is no merit."""
    rivals = [Rival("lazy", 4, 500.0, 1.0), Rival("fair", 3, 1020.0, 1.0)]
    day = an_outcome(3, 1000.0, (3, 1000.0), rivals=rivals)

    assert [day.gap_of(rival) for rival in rivals] == [None, pytest.approx(0.02)]
    assert "lazy unserved 4" in line(day)
    said = summary([day], seconds=9.0)
    assert "lazy, leaves more people on 1" in said
    assert "fair +2.00% on 1 days, leaves more people on 0" in said


def test_a_broken_plan_is_shouted_out() -> None:
    """A benchmark of wrong answers would be worth nothing."""
    assert line(an_outcome(0, 1.0, (0, 1.0), faults=["seats at s1"])).endswith("WRONG: seats at s1")


@pytest.mark.real_data
def test_days_of_liechtenstein_are_made_of_its_map() -> None:
    """The second region is real roads and addresses, imported as anybody would."""
    try:
        region = region_of("liechtenstein")
    except MapError as missing:
        pytest.skip(str(missing))
    found = outcome("liechtenstein", requests=3, seed=1, seconds=60.0)

    assert region.title == "Liechtenstein"
    assert found.proven
    assert found.faults == []
