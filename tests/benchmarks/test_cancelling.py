"""The benchmark of one cancellation: what it counts."""

import sys

import pytest

from benchmarks import cancelling
from benchmarks.cancelling import Cancellation, cancel_one, changed_trips
from benchmarks.replanning import promised_day
from scheduler.optimizer.solution import Effort


def test_nothing_else_has_to_change_and_what_changes_is_worth_it() -> None:
    """A day of about forty trips, one person less."""
    found = cancel_one(3, effort=Effort(iterations=50, labels=0))
    assert found is not None
    assert found.least == 0
    assert found.paid
    assert found.saved >= 0


def test_changes_are_counted_by_trip() -> None:
    """Nothing differs from itself; from a plan of nobody, everybody but the one who cancelled."""
    day, plan, _ = promised_day(requests=6, buses=1, seed=1, callers=0)
    request = day.journeys[0].request
    assert changed_trips(plan, plan, request, leeway=0) == 0
    others = {visit.trip for visit in plan.visits if visit.request != request}
    nobody = type(plan)(plan.date, (), (), plan.cost, plan.bound)
    assert changed_trips(plan, nobody, request, leeway=0) == len(others) > 0


def test_a_change_that_saves_too_little_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with 1 then."""
    bad = Cancellation(0, 40, 0.5, 0.5, least=0, changed=2, saved=599, worth=300)
    monkeypatch.setattr(cancelling, "cancel_one", lambda _, **__: bad)
    monkeypatch.setattr(sys, "argv", ["cancelling", "--days", "2"])
    assert cancelling.main() == 1
    assert "not worth it: 2" in capsys.readouterr().out
