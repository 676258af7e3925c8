"""A shorter run of `benchmarks.kill`: real processes die, and nothing is lost or done twice."""

import pytest

from benchmarks.kill import VICTIMS, Result, run, show


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 6), ("postgresql", 2)])
def test_whatever_is_killed_nothing_is_lost_and_nothing_done_twice(
    database: str, kills: int
) -> None:
    """Six kills meet each kind of victim once, at moments that a seed chooses."""
    result = run(database, kills, number=1)

    assert result.faults == []
    assert result.kills == kills
    assert kills < 6 or len(result.took) == len({*VICTIMS[False], *VICTIMS[True]})
    assert result.requests > kills
    assert result.solves > 0


def test_a_fault_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A benchmark that hides what it found would prove nothing."""
    show("sqlite", Result({"web": [3.0, 35.0]}, ["kill 1 (web): r1 was acknowledged and is lost"]))

    told = capsys.readouterr().out
    assert "| sqlite | web | 2 | 19.0 / 35.0 |" in told
    assert "1 faults, 1 times later than 30 s" in told
    assert "- kill 1 (web): r1 was acknowledged and is lost" in told
