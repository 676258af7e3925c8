"""Speeds and calibration, and what the documentation tells of them."""

from pathlib import Path

import pytest

from routing.errors import NetworkError
from routing.speeds import MOST_KMH, ROAD_CLASSES, USUAL_KMH, Calibration, SpeedTable

DOCS = Path(__file__).parents[2] / "docs" / "roads.md"


def test_every_speed_stands_in_the_documentation() -> None:
    """A table that nobody updates is worse than none."""
    text = DOCS.read_text(encoding="utf-8")
    for road_class in ROAD_CLASSES:
        assert f"| {road_class} | {USUAL_KMH[road_class]} | {MOST_KMH[road_class]} |" in text


def test_the_calibration_stands_in_the_documentation() -> None:
    """With its source, or the word guess."""
    text = DOCS.read_text(encoding="utf-8")
    default = Calibration()

    assert f"| `factor` | {default.factor} |" in text
    assert f"| `junction_seconds` | {default.junction_seconds:g} |" in text
    assert f"| `signal_seconds` | {default.signal_seconds:g} |" in text


def test_a_posted_limit_counts_up_to_what_the_class_allows() -> None:
    """And the usual speed without one."""
    speeds = SpeedTable()

    assert speeds.kmh("primary") == USUAL_KMH["primary"]
    assert speeds.kmh("primary", 50) == 50
    assert speeds.kmh("service", 100) == MOST_KMH["service"]
    assert speeds.kmh("primary", 0.1) == 1


def test_the_factor_of_a_class_wins() -> None:
    """1 km at 60 km/h is a minute; times 1.5 on primary roads, times 1.25 elsewhere."""
    calibration = Calibration(by_class={"primary": 1.5})

    assert calibration.milliseconds(1_000, kmh=60, road_class="primary") == 60_000 * 1.5
    assert calibration.milliseconds(1_000, kmh=60, road_class="track") == 60_000 * 1.25


def test_the_approach_counts_only_where_it_has_a_speed() -> None:
    """250 m at 25 km/h are 36 s."""
    assert Calibration(approach_kmh=25).approach(250) == 36_000
    assert Calibration().approach(250) == 0


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"factor": 0.1}, "factor = 0.1"),
        ({"factor": float("nan")}, "factor = nan"),
        ({"by_class": {"primary": 9.0}}, "primary = 9.0"),
        ({"by_class": {"primry": 1.2}}, "unknown road class 'primry'"),
        ({"junction_seconds": -1.0}, "junction must lie in 0..120 seconds: -1.0"),
        ({"signal_seconds": 500.0}, "signal must lie in 0..120 seconds: 500.0"),
        ({"approach_kmh": 0.0}, "approach speed must lie in 1..100 km/h: 0.0"),
    ],
)
def test_a_calibration_that_makes_no_sense_is_refused(
    settings: dict[str, object], complaint: str
) -> None:
    """With the name and the value."""
    with pytest.raises(NetworkError, match=complaint):
        Calibration(**settings)  # type: ignore[arg-type]


def test_a_speed_table_that_makes_no_sense_is_refused() -> None:
    """A class is missing, a speed is zero, a class is unknown."""
    with pytest.raises(NetworkError, match="usual speeds has no value for 'motorway'"):
        SpeedTable(usual={"primary": 80})
    with pytest.raises(NetworkError, match="primary = 0"):
        SpeedTable(most={**MOST_KMH, "primary": 0})
    with pytest.raises(NetworkError, match="Unknown road class 'ferry'"):
        SpeedTable().kmh("ferry")
