"""The benchmark of remedies: it asks, verifies, and finds what is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import remedies
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.planning import plan_day
from scheduler.remedies import Kind, explain
from tests.builders_days import make_asked, make_request


def test_every_remedy_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two refusals of a day for which there are too many requests."""
    out = tmp_path / "out.json"
    words = ["--requests", "14", "--buses", "1", "--refusals", "2", "--json", str(out)]

    assert remedies.main(words) == 0

    outcomes = json.loads(out.read_text("utf-8"))
    assert len(outcomes) == 2
    assert all(outcome["faults"] == [] for outcome in outcomes)
    assert "2 refusals of" in capsys.readouterr().out


def test_a_remedy_without_a_plan_is_a_fault() -> None:
    """The plan behind it is judged by the checker, and by who is in it."""
    asked = make_asked(make_request(appointment="08:05"), make_request("r2"))
    plan = plan_day(asked.day, effort=Effort(iterations=100))
    answer = explain(asked, plan, "r1")
    remedy = next(r for r in answer.remedies if r.change.kind is Kind.LATER_APPOINTMENT)
    empty: Plan = replace(
        remedy.plan, routes=tuple(replace(route, stops=()) for route in remedy.plan.routes)
    )

    assert remedies.faults(asked, plan, answer, remedy) == []
    found = remedies.faults(asked, plan, answer, replace(remedy, plan=empty))
    assert sum("is not served" in fault for fault in found) == 2
    assert len(found) > 2
