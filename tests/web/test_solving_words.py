"""How far a plan is, in German, and never more than is known."""

from dataclasses import replace
from typing import Any

import pytest

from api.web.solving import solving_view
from data.solves import PLAN_DAY, STOPPED_EARLY, WORN_OUT, Solve, State
from tests.builders_api import NOW, TUESDAY

RUNNING = Solve(
    number=17,
    region="kalletal",
    date=TUESDAY,
    kind=PLAN_DAY,
    seconds=None,
    seed=0,
    actor="account:3",
    state=State.RUNNING,
    asked=NOW,
    begun=NOW,
    ended=None,
    stop_asked=None,
    attempt=1,
    step=2,
    progress=None,
    version=None,
    error=None,
)
PROGRESS = {
    "elapsed": 2.4,
    "objective": 10_006_000,
    "bound": 10_005_940,
    "gap": 0.01,
    "unserved": 1,
    "unserved_weight": 1,
    "unserved_weight_bound": 1,
    "driving_seconds": 6_000,
    "driving_seconds_bound": 5_940,
}


def figures(**changed: Any) -> dict[str, str]:
    return dict(solving_view(replace(RUNNING, progress=PROGRESS | changed)).figures)


def test_what_is_known_is_said() -> None:
    """6,000 s are 100 minutes; 60 s above 5,940 s are 1.0101 %, rounded up."""
    assert figures() == {
        "Rechenzeit": "2 s",
        "Nicht eingeplant": "1 Fahrtwunsch",
        "Fahrzeit": "100 Minuten",
        "Güte": "höchstens 1,1 % über dem Optimum",
    }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"unserved_weight_bound": 0}, "noch nicht bewiesen"),
        ({"bound": 10_006_000, "driving_seconds_bound": 6_000}, "bewiesen optimal"),
        ({"driving_seconds_bound": 3_000}, "mindestens 50 Minuten sind nötig"),
        ({"driving_seconds_bound": 0}, "mindestens 0 Minuten sind nötig"),
    ],
)
def test_the_quality_is_what_is_proven(changed: dict[str, int], told: str) -> None:
    """A weak bound gives no percentage that would impress."""
    assert figures(**changed)["Güte"] == told


def test_nobody_left_out_is_said_in_a_word() -> None:
    assert figures(unserved=0)["Nicht eingeplant"] == "niemand"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"state": State.WAITING}, "gleich berechnet"),
        ({}, "wird berechnet."),
        ({"attempt": 2}, "beginnt von vorn"),
        ({"stop_asked": NOW}, "wird angehalten; der beste Plan bisher bleibt"),
        ({"state": State.DONE, "version": 1}, "fertig"),
        ({"state": State.STOPPED, "version": 1, "stop_asked": NOW}, "bis dahin gilt"),
        (
            {"state": State.STOPPED, "stop_asked": NOW, "error": STOPPED_EARLY},
            "bevor es einen Plan",
        ),
        ({"state": State.FAILED, "error": WORN_OUT}, "mehrmals abgebrochen"),
    ],
)
def test_each_state_has_its_sentence(changed: dict[str, Any], told: str) -> None:
    view = solving_view(replace(RUNNING, **changed))

    assert told in view.headline
    assert view.open == (view.headline.startswith("Der Plan wird") or "wird ange" in view.headline)
    assert view.figures == ()
