"""A plan as JSON: what is written is read again, and nothing else is believed."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import PlanDocumentError
from data.plan_document import plan_document, read_plan_document
from scheduler.plan import (
    UNSERVED_COST,
    Cost,
    Plan,
)
from tests.builders_api import TUESDAY
from tests.builders_plan_document import PLAN, written


def test_a_plan_survives_the_way_through_json() -> None:
    """Every field, also the figures behind a reason."""
    assert read_plan_document(written()) == PLAN


def test_of_a_bus_that_nothing_holds_up_nothing_is_said() -> None:
    """A file of before it could be said is as right as one of today."""
    document = written()
    assert "held_up" not in str(document)

    document["routes"][0]["stops"][1]["held_up"] = 60
    assert read_plan_document(document).routes[0].stops[1].held_up == 60


def test_a_document_of_before_changes_counted_is_read() -> None:
    """Nothing had changed in it."""
    document = written(driving_seconds=1_080)
    del document["changes_seconds"]

    assert read_plan_document(document) == replace(PLAN, cost=Cost(5, 1_080))


def test_the_document_has_what_the_readers_were_promised() -> None:
    """The names of the keys are a contract with other programs."""
    document = written()

    assert {
        "date",
        "region",
        "status",
        "objective",
        "bound",
        "gap",
        "routes",
        "unserved",
        "rejected",
    } <= document.keys()
    route = document["routes"][0]
    assert {"shift", "vehicle", "driver", "stops"} <= route.keys()
    stop = route["stops"][1]
    assert {"place", "lat", "lon", "arrival", "departure", "visits", "aboard"} <= stop.keys()
    assert {"trip", "request", "kind"} <= stop["visits"][0].keys()
    assert {"request", "reason"} <= document["unserved"][0].keys()
    assert document["rejected"] == [
        {"row": 26, "field": "termin", "message": "Richtig ist eine Uhrzeit."}
    ]
    assert (document["date"], document["region"]) == ("2027-03-02", "kalletal")
    assert (stop["arrival"], stop["lat"], stop["lon"]) == ("08:10:00", 52.2, 9.0)
    assert document["objective"] == 5 * UNSERVED_COST + 1_080
    assert document["bound"] == 5 * UNSERVED_COST + 1_000
    assert document["gap"] == (1_080 - 1_000) / 1_080
    assert document["status"] == "feasible"
    assert (document["driving_seconds"], document["changes_seconds"]) == (1_000, 80)
    assert document["driving_seconds_bound"] == 1_000


def test_a_proven_plan_is_called_optimal() -> None:
    """Cost equals bound."""
    plan = Plan(TUESDAY, (), (), Cost(0, 7), Cost(0, 7))

    assert plan_document(plan, region="r", points={})["status"] == "optimal"


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("format",), 2, "Format 2"),
        (("date",), "gestern", "date ist „gestern“"),
        (("date",), 7, "date ist etwas anderes"),
        (("routes",), {}, "routes ist ein Objekt"),
        (("routes", 0, "shift"), None, "routes[0].shift ist leer"),
        (("routes", 0, "stops", 1, "arrival"), "25:99", "routes[0].stops[1].arrival"),
        (("routes", 0, "stops", 1, "metres"), True, "routes[0].stops[1].metres"),
        (("routes", 0, "stops", 1, "metres"), 1.5, "routes[0].stops[1].metres"),
        (("routes", 0, "stops", 1, "visits", 0, "kind"), "jump", "visits[0].kind ist „jump“"),
        (("routes", 0, "stops", 1, "aboard", 0), [], "aboard[0] ist eine Liste"),
        (("routes", 0, "rest"), {"begin": "10:00:00"}, "routes[0].rest.end fehlt"),
        (("routes", 0, "rest", "end"), "09:00:00", "endet, bevor es beginnt"),
        (("unserved", 0, "reason"), "laune", "unserved[0].reason ist „laune“"),
        (("unserved", 1, "detail", "also"), ["laune"], "unserved[1].detail.also[0]"),
        (("unserved_weight",), "5", "unserved_weight ist ein Text"),
        (("driving_seconds_bound",), -(10**400), "driving_seconds_bound ist zu groß"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    path: tuple[str | int, ...], value: object, where: str
) -> None:
    """So that whoever made the file finds it."""
    document: Any = written()
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value

    with pytest.raises(PlanDocumentError) as caught:
        read_plan_document(document)

    assert where in str(caught.value)


@pytest.mark.parametrize("document", [None, [], "plan", 7, {}, {"format": 1}])
def test_something_else_is_no_plan(document: object) -> None:
    """Whatever JSON can be."""
    with pytest.raises(PlanDocumentError, match=r"Kein Tagesplan|Format"):
        read_plan_document(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(data=st.data(), value=JSON)
def test_any_damage_gives_a_clear_refusal_or_a_plan(data: st.DataObject, value: object) -> None:
    """Never another error: one value somewhere in the document is replaced by anything."""
    document: Any = written()
    inner = document
    while True:
        keys = sorted(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = data.draw(st.sampled_from(keys))
        deeper = inner[key]
        if not isinstance(deeper, dict | list) or not deeper or data.draw(st.booleans()):
            break
        inner = deeper
    inner[key] = value

    with suppress(PlanDocumentError):
        read_plan_document(document)
