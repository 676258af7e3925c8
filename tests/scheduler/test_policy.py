"""The policy file: defaults, units, and mistakes that are named all together."""

import re
import tomllib
from pathlib import Path

import pytest

from routing.units import HOUR, MINUTE
from scheduler.clock import clock
from scheduler.errors import PolicyError
from scheduler.model import Mobility, Needs, PlaceKind
from scheduler.policy import PharmacyMode, Policy, Ride
from scheduler.policy_file import policy_keys, read_policy

ROOT = Path(__file__).parents[2]


def test_an_empty_file_gives_the_defaults() -> None:
    """Whoever sets nothing gets what other clubs do."""
    assert read_policy({}) == Policy()


def test_minutes_become_seconds_and_times_become_clocks() -> None:
    """Minutes and texts exist in the file only."""
    policy = read_policy(
        tomllib.loads(
            """
            service = { earliest = "07:30", latest = "17:45" }
            ride = { longest = 45, factor = 2, constant = 10 }
            priority.weights = [1, 10]
            pharmacy.mode = "later_trip"
            dwell.wheelchair.board = 9
            booking.horizon_days = 14
            """
        )
    )

    assert policy.service.earliest == clock("07:30")
    assert policy.service.latest == 17 * HOUR + 45 * MINUTE
    assert policy.ride == Ride(45 * MINUTE, 2.0, 10 * MINUTE)
    assert policy.priority.weights == (1, 10)
    assert policy.pharmacy.mode is PharmacyMode.LATER_TRIP
    assert policy.dwell.wheelchair.board == 9 * MINUTE
    assert policy.dwell.wheelchair.alight == Policy().dwell.wheelchair.alight
    assert policy.booking.horizon_days == 14


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ride.longset = 60", "ride.longset gibt es hier nicht; möglich sind: longest, factor"),
        ("rides.longest = 60", "rides gibt es hier nicht; möglich sind: service, arrival"),
        (
            "ride.longest = 0",
            "ride.longest ist 0; richtig ist: eine ganze Zahl von 5 bis 240 (Minuten)",
        ),
        ("ride.longest = 7.5", "ride.longest ist 7.5; richtig ist: eine ganze Zahl von 5"),
        ("ride.longest = true", "ride.longest ist True; richtig ist: eine ganze Zahl von 5"),
        ("ride.factor = 0.9", "ride.factor ist 0.9; richtig ist: eine Zahl von 1 bis 5"),
        ("ride.factor = 'x'", "ride.factor ist 'x'; richtig ist: eine Zahl von 1 bis 5"),
        ("ride.factor = nan", "ride.factor ist nan; richtig ist: eine Zahl von 1 bis 5"),
        ("ride = 60", "ride ist 60; richtig ist: eine Tabelle [ride]"),
        ("service.earliest = 730", "service.earliest ist 730; richtig ist: eine Uhrzeit in Anf"),
        (
            "service.earliest = '7.30'",
            "service.earliest ist '7.30'; richtig ist: eine Uhrzeit in Anf",
        ),
        (
            "pharmacy.mode = 'waits'",
            'pharmacy.mode ist \'waits\'; richtig ist: "bus_waits" oder "lat',
        ),
        ("priority.weights = []", "priority.weights ist []; richtig ist: eine Liste ganzer Zahlen"),
        (
            "priority.weights = [0, 1]",
            "priority.weights ist [0, 1]; richtig ist: eine Liste ganzer",
        ),
        ("priority.weights = 3", "priority.weights ist 3; richtig ist: eine Liste ganzer Zahlen"),
        ("priority.weights = [4, 1]", "priority.weights muss von"),
        ("service.latest = '06:00'", "service.latest muss nach service.earliest liegen"),
        ("arrival.earliest_before = 2", "arrival.earliest_before darf nicht kleiner als arrival"),
        ("will_call.latest_after = 20", "will_call.latest_after darf nicht kleiner als will_call"),
        ("opening.before = 3", "opening.before darf nicht kleiner als arrival.latest_before"),
    ],
)
def test_a_mistake_is_named_with_key_value_and_what_is_right(text: str, told: str) -> None:
    """No mistake is passed over, and each says how to mend it."""
    with pytest.raises(PolicyError, match=re.escape(told)):
        read_policy(tomllib.loads(text))


def test_all_mistakes_are_reported_together() -> None:
    """Nobody wants to mend a file one error at a time."""
    text = """
        speed = 3
        ride.longest = 1
        stay.mvz = -5
        dwell.walker.bord = 2
        will_call.latest_after = 10
    """

    with pytest.raises(PolicyError) as error:
        read_policy(tomllib.loads(text))

    lines = str(error.value).splitlines()
    keys = ["speed", "ride.longest", "stay.mvz", "dwell.walker.bord", "will_call.latest_after"]
    assert [line.split()[0] for line in lines] == keys


def test_the_ride_limit_is_the_smaller_of_absolute_and_relative() -> None:
    """Short rides are limited by the direct drive, long ones by the hour."""
    ride = Ride(longest=60 * MINUTE, factor=1.5, constant=15 * MINUTE)

    assert ride.limit(10 * MINUTE) == 10 * MINUTE * 1.5 + 15 * MINUTE
    assert ride.limit(40 * MINUTE) == 60 * MINUTE


def test_only_the_absolute_limit_lies_below_the_direct_drive() -> None:
    """A relative limit must never forbid the direct drive itself."""
    ride = Ride(longest=60 * MINUTE, factor=1.0, constant=0)

    assert ride.limit(59 * MINUTE + 1) == 59 * MINUTE + 1
    assert ride.limit(61 * MINUTE) == 60 * MINUTE


def test_boarding_depends_on_mobility_and_companions() -> None:
    """Each companion adds to boarding and alighting."""
    policy = read_policy({"dwell": {"per_companion": 1}})

    times = policy.dwell.of(Needs(Mobility.WHEELCHAIR, companions=2))

    assert (times.board, times.alight) == ((8 + 2) * MINUTE, (5 + 2) * MINUTE)


def test_every_kind_of_place_has_a_stay() -> None:
    """A depot is nowhere to stay: it counts as any other place."""
    stay = read_policy({"stay": {"other": 7, "therapy": 30}}).stay

    assert stay.at(PlaceKind.THERAPY) == 30 * MINUTE
    assert stay.at(PlaceKind.DEPOT) == 7 * MINUTE
    assert all(stay.at(kind) >= 0 for kind in PlaceKind)


def test_the_last_weight_holds_for_all_higher_priorities() -> None:
    """A priority above those in the file is not forgotten."""
    weights = read_policy({"priority": {"weights": [1, 5]}}).priority

    assert [weights.weight(priority) for priority in (0, 1, 2, 9)] == [1, 5, 5, 5]


def test_the_shipped_policy_of_kalletal_can_be_read() -> None:
    """It mentions every key there is, so that one sees what can be set."""
    shipped = tomllib.loads((ROOT / "data/regions/kalletal/policy.toml").read_text("utf-8"))

    read_policy(shipped)
    assert _flat(shipped, "") == set(policy_keys())


def test_every_key_is_in_the_manual() -> None:
    """A key that nobody can look up does not exist."""
    manual = (ROOT / "docs/policy.md").read_text("utf-8")

    missing = [key for key in policy_keys() if f"`{key}`" not in manual]
    assert missing == []


def _flat(table: dict[str, object], path: str) -> set[str]:
    keys: set[str] = set()
    for name, value in table.items():
        deeper = isinstance(value, dict)
        keys |= _flat(value, f"{path}{name}.") if deeper else {f"{path}{name}"}  # type: ignore[arg-type]
    return keys
