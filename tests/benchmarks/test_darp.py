"""The literature's formats are read, solved and checked; wrong answers are found."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.darp import run
from benchmarks.instances import read_cordeau
from benchmarks.verify import faults
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, RoutePlan, Solution
from scheduler.problem import Problem

ROOT = Path(__file__).resolve().parent.parent.parent

# Two requests along a line: fetch at 1 and 2, bring to 5 and 6, home: 2 x 6 = 12.
POINTS = """
 0  0 0  0  0   0 100
 1  1 0  1  1   0  50
 2  2 0  1  1   0  50
 3  5 0  1 -1   0 100
 4  6 0  1 -1   0 100
"""


def write(folder: Path, *, end_depot: bool) -> Path:
    """An instance as in a and b, or as in pr (twice the requests, no second depot)."""
    first = "2 2 100 2 20\n" if end_depot else "2 4 100 2 20\n"
    path = folder / ("a-beispiel.txt" if end_depot else "pr-beispiel.txt")
    path.write_text(
        first + POINTS.strip("\n") + ("\n 5  0 0 0 0 0 100" if end_depot else "") + "\n"
    )
    return path


def solved(folder: Path) -> tuple[Problem, Solution]:
    problem = read_cordeau(write(folder, end_depot=True))
    return problem, solve(problem, effort=Effort(iterations=2000))


@pytest.mark.parametrize("end_depot", [True, False])
def test_both_formats_give_the_same_optimum(tmp_path: Path, end_depot: bool) -> None:
    """There and back along a line of length 6."""
    outcome = run(write(tmp_path, end_depot=end_depot), seconds=30, seed=0)

    assert outcome.feasible
    assert outcome.proven
    assert outcome.cost == pytest.approx(12)
    assert outcome.bound == pytest.approx(12)
    assert sorted(abs(n) for route in outcome.routes for n in route) == [1, 1, 2, 2]


def test_a_right_answer_has_no_faults(tmp_path: Path) -> None:
    """The optimizer's answer to a small instance."""
    problem, solution = solved(tmp_path)

    assert list(faults(problem, solution.routes)) == []


def test_each_broken_rule_is_found(tmp_path: Path) -> None:
    """Too fast, too long aboard, too many, nobody fetched, late home."""
    problem, solution = solved(tmp_path)
    shift = next(s for s, route in enumerate(solution.routes) if route.visits)
    route = solution.routes[shift]

    def found(changed: RoutePlan, of: Problem = problem) -> str:
        routes = [changed if s == shift else r for s, r in enumerate(solution.routes)]
        return " ".join(faults(of, routes))

    assert "faster" in found(replace(route, arrival=route.arrival - 1))
    assert "after its shift" in found(replace(route, arrival=101.0))
    assert "exactly once" in found(
        replace(route, visits=route.visits[:-1], begins=route.begins[:-1])
    )
    assert "outside a window" in found(route, replace(problem, visit_latest=np.zeros(4)))
    assert "too long" in found(route, replace(problem, visit_ride=np.full(4, 0.5)))
    assert "too many" in found(route, replace(problem, configuration=np.ones((2, 1), np.int64)))
    assert "on the way too long" in found(route, replace(problem, shift_longest=np.full(2, 3.0)))


def test_the_command_writes_what_it_found(tmp_path: Path) -> None:
    """One line on the screen and one entry in the JSON for each file."""
    known = tmp_path / "known.csv"
    known.write_text("instance,optimum\na-beispiel,12.0\n")
    out = tmp_path / "out.json"
    command = [sys.executable, "-m", "benchmarks.darp", str(write(tmp_path, end_depot=True))]
    command += ["--seconds", "20", "--known", str(known), "--json", str(out)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)

    (entry,) = json.loads(out.read_text())
    assert entry["instance"] == "a-beispiel"
    assert entry["proven"]
    assert "+0.000%" in done.stdout


def test_a_file_that_is_no_instance_is_refused(tmp_path: Path) -> None:
    """Three points: a depot and a pickup without its dropoff, and one more."""
    path = tmp_path / "broken.txt"
    path.write_text("1 1 10 1 5\n0 0 0 0 0 0 9\n")

    with pytest.raises(ValueError, match="pairs of points"):
        read_cordeau(path)
