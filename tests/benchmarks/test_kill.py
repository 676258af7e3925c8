"""A shorter run of `benchmarks.kill`: real processes die, and nothing is lost or done twice."""

import pytest

from benchmarks.kill import Result, run, show


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 2), ("postgresql", 2)])
def test_whatever_is_killed_nothing_is_lost_and_nothing_done_twice(
    database: str, kills: int
) -> None:
    """One of each kind of installation, at moments that a seed chooses; the benchmark kills all."""
    result = run(database, kills, number=1)

    assert result.faults == []
    assert result.kills == kills
    assert result.requests > kills
    assert result.solves > 0


def test_a_fault_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A benchmark that hides what it found would prove nothing."""
    show("sqlite", Result({"web": [3.0, 35.0]}, ["kill 1 (web): r1 was acknowledged and is lost"]))

    told = capsys.readouterr().out
    assert "| sqlite | web | 2 | 19.0 / 35.0 |" in told
    assert "1 faults, 1 times later than 30 s" in told
    assert "- kill 1 (web): r1 was acknowledged and is lost" in told
