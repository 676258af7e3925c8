"""Other programs are given the same problem, judged alike, and named where they are missing."""

import json
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import Case, read_case
from benchmarks.known import Known
from benchmarks.others.wall import on_the_wall
from benchmarks.others.whole import in_whole_numbers
from benchmarks.rivals import RIVALS, Rival, compare, entry, table
from tests.builders_instances import NORTH, ZIGZAG, cordeau, write

ROOT = Path(__file__).resolve().parents[2]


def named(name: str) -> Rival:
    rival = next(rival for rival in RIVALS if rival.name == name)
    if rival.missing():
        pytest.skip(f"{name} is not installed (benchmarks/rivals.py says how)")
    return rival


def test_whole_numbers_are_never_kinder_than_the_truth(tmp_path: Path) -> None:
    """Thousandths, drives rounded up, windows inwards; the triangle inequality stays."""
    text = NORTH.replace("0  0  0 0 ", "0  .1 .2 0 ", 1)
    problem = read_case(write(tmp_path, text), one_depot=True).problem
    whole = in_whole_numbers(problem)

    assert (whole.drive >= problem.seconds * 1000 - 1e-3).all()
    assert (whole.drive <= problem.seconds * 1000 + 1).all()
    detours = whole.drive[:, :, None] + whole.drive[None, :, :]
    assert (whole.drive[:, None, :] <= detours).all()
    assert (whole.earliest >= problem.visit_earliest * 1000).all()
    assert (whole.latest <= problem.visit_latest * 1000).all()
    assert whole.trips == [0, 1]


def test_upgraded_seats_become_limits_for_sums(tmp_path: Path) -> None:
    """On stretchers; in wheelchairs; patients or on stretchers; all but wheelchairs."""
    whole = in_whole_numbers(read_case(write(tmp_path, NORTH)).problem)

    assert whole.room.tolist() == [[1, 0, 1 + 1, 0 + 1 + 1], [1, 1, 2 + 1, 2 + 2 + 1]]
    assert whole.load.tolist() == [[0, 0, 1, 1 + 1], [0, 1, 0, 0]]
    assert whole.takes.tolist() == [[True, False], [True, True]]


def test_limits_for_sums_say_what_the_seats_say(tmp_path: Path) -> None:
    """All loads of up to four people of a kind, in the two vehicles with upgraded seats."""
    problem = read_case(write(tmp_path, NORTH)).problem
    sums = [(2,), (3,), (1, 2), (0, 1, 2)]
    whole = in_whole_numbers(problem)

    for shift in range(2):
        begin, end = problem.configuration_start[shift : shift + 2]
        rooms = problem.configuration[begin:end]
        for load in product(range(5), repeat=4):
            within = [sum(load[kind] for kind in some) for some in sums] <= whole.room[shift]
            assert within.all() == (np.array(load) <= rooms).all(axis=1).any(), load


def test_links_and_breaks_cannot_be_compared(tmp_path: Path) -> None:
    """Two journeys made one; a break of 10 minutes."""
    problem = read_case(cordeau(tmp_path)).problem
    rest = np.tile([0.0, 50.0, 10.0], (2, 1))

    with pytest.raises(ValueError, match="no links, options, vias or breaks"):
        in_whole_numbers(replace(problem, shift_rest=rest))
    linked = replace(
        problem,
        option_journey=np.array([0]),
        option_start=np.array([0, 2]),
        journey_weight=np.array([1]),
    )
    with pytest.raises(ValueError, match="no links"):
        in_whole_numbers(linked)


def test_a_busy_machine_makes_waiting_longer_never_shorter() -> None:
    """As long as CPU seconds if nothing else runs, ten times as long at most."""
    assert 2.0 <= on_the_wall(2.0) <= 20.0


@pytest.mark.parametrize("name", ["ours", "ortools", "vroom", "pyvrp", "vrp-cli"])
def test_each_program_finds_the_way_along_a_line(tmp_path: Path, name: str) -> None:
    """There and back along a line of length 6, nobody aboard too long; the rest is the same."""
    result = compare(read_case(cordeau(tmp_path)), named(name), seconds=1, seed=0)

    assert result.trouble == ""
    assert result.verdict is not None
    assert result.verdict.feasible
    assert result.verdict.cost == pytest.approx(12)


@pytest.mark.parametrize("name", ["ours", "ortools", "vroom", "pyvrp", "vrp-cli"])
def test_each_program_knows_several_depots_and_places(tmp_path: Path, name: str) -> None:
    """One request north of each depot, 1 + 2 + 3 each; the wheelchair fits into one only."""
    result = compare(read_case(write(tmp_path, NORTH)), named(name), seconds=1, seed=0)

    assert result.verdict is not None
    assert result.verdict.feasible
    assert result.verdict.cost == pytest.approx(12)


@pytest.mark.parametrize("name", ["ours", "vroom", "pyvrp", "vrp-cli"])
def test_programs_that_can_are_asked_for_fewest_vehicles(tmp_path: Path, name: str) -> None:
    """One vehicle: 10 + 20 + 20 + 10, where two would drive 40. OR-Tools is not asked for it."""
    result = compare(read_case(write(tmp_path, ZIGZAG)), named(name), seconds=1, seed=0)

    assert result.verdict is not None
    assert result.verdict.feasible
    assert (result.verdict.vehicles, round(result.verdict.cost, 6)) == (1, 60)


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    """In the table and in the JSON, and nothing is made up for it."""
    case = read_case(cordeau(tmp_path))
    absent = Rival("nextroute", "no_such_module", "no-such-package", lambda *_: None)
    result = compare(case, absent, seconds=1, seed=0)

    assert table([result], {})[-1].startswith("| a-beispiel | nextroute | not installed |")
    told = entry(case, result, {})
    assert (told["trouble"], told["cost"], told["feasible"]) == ("not installed", None, False)


def nothing(case: Case, seconds: float, seed: int) -> None:
    return None


def trouble(case: Case, seconds: float, seed: int) -> None:
    msg = "no memory\nfor this"
    raise RuntimeError(msg)


@pytest.mark.parametrize(("search", "said"), [(nothing, "no answer"), (trouble, "no memory")])
def test_a_program_without_an_answer_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, search: object, said: str
) -> None:
    """Nothing found, or an error of its own, of which the first line is told."""
    fake = Rival("fake", "benchmarks", "numpy", search)  # type: ignore[arg-type]
    monkeypatch.setattr("benchmarks.rivals.RIVALS", (fake,))

    result = compare(read_case(cordeau(tmp_path)), fake, seconds=1, seed=0)
    assert result.verdict is None
    assert said in result.trouble
    assert "for this" not in result.trouble


def test_the_table_says_how_far_and_what_is_wrong(tmp_path: Path) -> None:
    """Our 12 where 10 is known; and a plan that serves nobody has no gap."""
    case = read_case(cordeau(tmp_path))
    ours = compare(case, named("ours"), seconds=5, seed=0)
    known = {"a-beispiel": Known(10.0)}

    row = [cell.strip() for cell in table([ours], known)[-1].strip("|").split("|")]
    assert row[:8] == ["a-beispiel", "ours", "12.00", "+20.00%", "yes", "0", "0", "1"]
    told = entry(case, ours, known)
    assert told["gap"] == pytest.approx(0.2)
    assert sorted(n for route in told["routes"] for n in route) == [1, 2, 3, 4]


def test_the_command_compares_and_writes(tmp_path: Path) -> None:
    """Ours alone, on one file."""
    out = tmp_path / "out.json"
    words = [str(cordeau(tmp_path)), "--seconds", "5", "--only", "ours", "--json", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rivals", *words],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "| a-beispiel | ours | 12.00 |" in done.stdout
    (told,) = json.loads(out.read_text())
    assert told["feasible"]
