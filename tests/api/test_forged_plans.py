"""A plan file in which one field was forged is found out, whatever the field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.operations.days import plan_input
from api.operations.office import Office
from api.operations.planning import check_file, read_file
from data.differences import differences
from scheduler.violation import Rule
from tests.builders_api import SAMPLE_DAY, TUESDAY, make_office

Document = dict[str, Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return make_office(tmp_path_factory.mktemp("forged"))


@pytest.fixture(scope="module")
def honest(office: Office) -> str:
    """The plan of the sample day, whose row 26 is rejected and whose row 25 is refused."""
    region = office.region("kalletal")
    day_input, rejected, _ = read_file(office, region, TUESDAY, SAMPLE_DAY)
    planned = plan_input(office, region, day_input, rejected=rejected, seconds=2)
    return json.dumps(planned.document)


def driven(document: Document) -> tuple[int, Document]:
    """The first route that has stops, and its number."""
    return next((n, route) for n, route in enumerate(document["routes"]) if route["stops"])


def found(office: Office, folder: Path, document: Document) -> set[tuple[Rule, str]]:
    file = folder / "plan.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return {(each.rule, each.where) for each in check_file(office, file, SAMPLE_DAY)}


def test_an_honest_plan_passes(office: Office, honest: str, tmp_path: Path) -> None:
    """Nothing was forged, nothing is found."""
    assert found(office, tmp_path, json.loads(honest)) == set()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "proven"),
        ("objective", 1),
        ("bound", 10**12),
        ("gap", -5),
        ("gap", None),
        ("note", "checked"),
    ],
)
def test_a_field_that_follows_from_the_plan_cannot_be_forged(
    office: Office, honest: str, tmp_path: Path, key: str, value: object
) -> None:
    """It is named; so is one that nobody asked for."""
    document = {**json.loads(honest), key: value}

    assert found(office, tmp_path, document) == {(Rule.DOCUMENT, key)}


def test_rejected_rows_cannot_be_hidden(office: Office, honest: str, tmp_path: Path) -> None:
    """Each of them is named."""
    document = json.loads(honest)
    faults = len(document["rejected"])
    assert faults

    document["rejected"] = []

    assert found(office, tmp_path, document) == {
        (Rule.DOCUMENT, f"rejected[{number}]") for number in range(faults)
    }


def test_a_flipped_status_is_found(office: Office, honest: str, tmp_path: Path) -> None:
    """Neither is a plan called optimal that may not be, nor the other way round."""
    document = json.loads(honest)
    document["status"] = {"optimal": "feasible", "feasible": "optimal"}[document["status"]]

    assert found(office, tmp_path, document) == {(Rule.DOCUMENT, "status")}


def forge_route_metres(document: Document) -> str:
    number, route = driven(document)
    route["metres"] += 1
    return f"routes[{number}].metres"


def forge_stop(field: str) -> Callable[[Document], str]:
    def forge(document: Document) -> str:
        number, route = driven(document)
        route["stops"][1][field] = 0
        return f"routes[{number}].stops[1].{field}"

    return forge


def forge_missing_metres(document: Document) -> str:
    number, route = driven(document)
    del route["metres"]
    return f"routes[{number}].metres"


def forge_rejected_message(document: Document) -> str:
    document["rejected"][0]["message"] = "\ud800"
    return "rejected[0].message"


@pytest.mark.parametrize(
    "forge",
    [
        forge_route_metres,
        forge_missing_metres,
        forge_stop("lat"),
        forge_stop("lon"),
        forge_rejected_message,
    ],
)
def test_a_field_inside_is_named_by_its_path(
    office: Office, honest: str, tmp_path: Path, forge: Callable[[Document], str]
) -> None:
    """Also one that is missing, and one that no screen can show."""
    document = json.loads(honest)
    where = forge(document)

    assert found(office, tmp_path, document) == {(Rule.DOCUMENT, where)}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("driving_seconds", 1),
        ("driving_seconds_bound", -5),
        ("driving_seconds_bound", 10**6),
        ("unserved_weight", 77),
        ("unserved_weight_bound", -1),
        ("unserved_weight_bound", 77),
    ],
)
def test_a_forged_cost_or_bound_is_found(
    office: Office, honest: str, tmp_path: Path, key: str, value: int
) -> None:
    """Even if the fields that follow from it would be forged as well."""
    document = json.loads(honest)
    # As if proven, however far the proof came while the day was planned.
    document["unserved_weight_bound"] = document["unserved_weight"]
    document[key] = value

    assert (Rule.COST, "plan") in found(office, tmp_path, document)


def test_a_forged_drive_is_found_twice(office: Office, honest: str, tmp_path: Path) -> None:
    """It is not as long as the road, and the route is not the sum of its drives."""
    document = json.loads(honest)
    number, route = driven(document)
    route["stops"][1]["metres"] += 1

    assert found(office, tmp_path, document) == {
        (Rule.METRES, route["shift"]),
        (Rule.DOCUMENT, f"routes[{number}].metres"),
    }


def test_a_route_that_was_removed_is_found(office: Office, honest: str, tmp_path: Path) -> None:
    """Each shift has one, even where the bus stays."""
    document = json.loads(honest)
    shift = document["routes"].pop()["shift"]

    assert (Rule.SHIFT, shift) in found(office, tmp_path, document)


def test_another_reason_of_a_refusal_is_found(office: Office, honest: str, tmp_path: Path) -> None:
    """r25 is too early for any shift."""
    document = json.loads(honest)
    (refused,) = (each for each in document["unserved"] if each["request"] == "r25")
    assert refused["reason"] == "no_shift_then"

    for reason in ("no_room_found", "no_room_proven", "unreachable"):
        refused["reason"] = reason
        assert found(office, tmp_path, document) == {(Rule.UNSERVED, "r25")}


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (0, False), (1, "1"), ([], {}), ([1], [1, 2]), ({"a": 1}, {}), (None, 0)],
)
def test_values_that_look_alike_are_told_apart(one: object, other: object) -> None:
    """In both directions; a value is no different from itself."""
    for this, that in ((one, other), (other, one)):
        assert len(list(differences({"x": this}, {"x": that}))) == 1
        assert list(differences({"x": this}, {"x": this})) == []


def test_a_difference_says_what_would_be_right() -> None:
    """The path, the value, and the right one."""
    document = {"routes": [{"metres": 5}, {"metres": 1}], "z": {}}
    right = {"routes": [{"metres": 7}], "seed": 0}

    assert [each.message for each in differences(document, right)] == [
        "routes[0].metres is 5; it should be 7.",
        "routes[1] is an object; it should not be there.",
        "seed is missing; it should be 0.",
        "z is an object; it should not be there.",
    ]
