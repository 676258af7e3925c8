"""The literature's instances are solved to its objective, checked and told, by command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.answering import answer
from benchmarks.darp import line, run, summary
from benchmarks.instances import read_case
from benchmarks.known import Known, read_known
from tests.builders_instances import NORTH, ZIGZAG, cordeau, write

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "benchmarks" / "darp_ab"


@pytest.mark.parametrize("end_depot", [True, False])
def test_a_b_and_pr_have_the_same_optimum(tmp_path: Path, end_depot: bool) -> None:
    """There and back along a line of length 6."""
    outcome = run((read_case(cordeau(tmp_path, end_depot=end_depot)), 0), seconds=30)

    assert outcome.feasible
    assert outcome.proven
    assert outcome.cost == pytest.approx(12)
    assert outcome.bound == pytest.approx(12)
    assert outcome.vehicles == 1
    assert sorted(number for route in outcome.routes for number in route) == [1, 2, 3, 4]


def test_several_depots_and_upgraded_seats_are_solved(tmp_path: Path) -> None:
    """One request north of each depot, 1 + 2 + 3; the vehicles cannot swap, nor one do both."""
    outcome = run((read_case(write(tmp_path, NORTH)), 0), seconds=30)

    assert outcome.feasible
    assert outcome.proven
    assert outcome.cost == pytest.approx(12)
    assert outcome.routes == [[1, 3], [2, 4]]


def test_from_one_depot_one_vehicle_does_both(tmp_path: Path) -> None:
    """Home, request 1, request 2, home: sqrt 41 + 2 + sqrt 164 + 2 + sqrt 89."""
    case = read_case(write(tmp_path, NORTH), one_depot=True)
    outcome = run((case, 0), seconds=30)

    assert outcome.proven
    assert outcome.cost == pytest.approx(41**0.5 + 2 + 164**0.5 + 2 + 89**0.5)
    assert outcome.routes == [[], [1, 3, 2, 4]]


def test_fewer_vehicles_come_before_a_shorter_way(tmp_path: Path) -> None:
    """One vehicle: 10 + 20 + 20 + 10. Two would drive 40 in all, and that is not wanted."""
    outcome = run((read_case(write(tmp_path, ZIGZAG)), 0), seconds=30)

    assert outcome.feasible
    assert outcome.proven
    assert outcome.vehicles == 1
    assert outcome.cost == pytest.approx(60)
    assert outcome.routes == [[1, 4, 2, 5, 3, 6], [], []]


def test_as_many_vehicles_as_are_needed_and_no_more(tmp_path: Path) -> None:
    """West at 30 begins at 10 now, as east does: two vehicles, 20 + 20, and it is proven."""
    text = ZIGZAG.replace("30  30", "10  10").replace("30  32", "10  12")
    outcome = run((read_case(write(tmp_path, text)), 0), seconds=30)

    assert outcome.feasible
    assert outcome.proven
    assert outcome.vehicles == 2
    assert outcome.cost == pytest.approx(40)


def test_who_cannot_be_served_leaves_no_cost(tmp_path: Path) -> None:
    """Demand 6 with room for 5: nobody rides, and the answer is not called feasible."""
    outcome = run((read_case(write(tmp_path, ZIGZAG.replace("3 10 1", "3 5 1"))), 0), seconds=30)

    assert outcome.cost is None
    assert not outcome.feasible
    assert "-" in line(outcome, {})


def test_without_proof_the_search_alone_is_measured(tmp_path: Path) -> None:
    """The same plan as with the proof, on a small instance, with a bound that holds."""
    case = read_case(cordeau(tmp_path))
    outcome = run((case, 0), seconds=1, proof=False)

    assert outcome.cost == pytest.approx(12)
    assert outcome.bound <= 12 + 1e-6


def test_each_seed_has_its_own_line_in_the_summary(tmp_path: Path) -> None:
    """Seeds 0 and 7 with the same answers; known is 10, found 12: 20 % above."""
    case = read_case(cordeau(tmp_path))
    outcomes = [run((case, seed), seconds=30) for seed in (0, 7)]

    lines = summary(outcomes, {"a-beispiel": Known(10.0)})
    assert [text.split(",")[0] for text in lines] == ["seed 0: 1 instances", "seed 7: 1 instances"]
    assert all("mean gap 20.000%" in text for text in lines)


def test_costs_of_different_fleets_are_not_compared() -> None:
    """A plan with one more vehicle has no gap, however short its way is."""
    assert Known(100.0, 3).gap(90.0, 4) is None
    assert Known(100.0, 3).gap(110.0, 3) == pytest.approx(0.1)
    assert Known(100.0).gap(110.0, 9) == pytest.approx(0.1)
    assert Known(100.0).gap(None, 0) is None


def test_a_table_of_known_values_may_lack_vehicles(tmp_path: Path) -> None:
    """Altogether, or where nobody has counted them."""
    path = tmp_path / "known.csv"
    path.write_text("instance,optimum\na,1.5\n")
    assert read_known(path) == {"a": Known(1.5)}
    path.write_text("instance,cost,vehicles\na,1.5,2\nb,2,\n")
    assert read_known(path) == {"a": Known(1.5, 2), "b": Known(2.0)}


def test_the_command_writes_what_it_found(tmp_path: Path) -> None:
    """One line on the screen and one entry in the JSON for each file and seed."""
    known, out = tmp_path / "known.csv", tmp_path / "out.json"
    known.write_text("instance,optimum\na-beispiel,12.0\n")
    files = [str(cordeau(tmp_path)), str(write(tmp_path, ZIGZAG, name="zigzag"))]
    words = ["--seconds", "20", "--seeds", "0,1", "--known", str(known), "--json", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.darp", *files, *words],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    entries = json.loads(out.read_text())
    assert [(entry["instance"], entry["seed"]) for entry in entries] == [
        ("a-beispiel", 0), ("a-beispiel", 1), ("zigzag", 0), ("zigzag", 1),
    ]  # fmt: skip
    assert {"cost", "bound", "proven", "feasible", "seconds", "routes"} <= set(entries[0])
    assert all(entry["proven"] and entry["feasible"] for entry in entries)
    assert done.stdout.count("+0.000%") == 2
    assert "seed 1: 2 instances, 2 feasible, 2 proven" in done.stdout
    assert "peak memory" in done.stdout


@pytest.mark.real_data
def test_a_public_instance_is_proven_at_its_published_optimum() -> None:
    """The smallest of the literature, within the two digits that are published."""
    if not PUBLIC.is_dir():
        pytest.skip("the literature's instances are not beside the checkout")
    found = answer(read_case(PUBLIC / "a2-16.txt"), seconds=60)

    known = read_known(PUBLIC / "optima.csv")["a2-16"]
    assert found.proven
    assert found.cost == pytest.approx(known.cost, abs=0.005)
    assert found.faults == ()
