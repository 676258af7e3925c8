"""Each of the literature's formats is recognised, read as it is meant, or refused with a reason."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks.formats.heterogeneous import rooms
from benchmarks.formats.text import InstanceError
from benchmarks.instances import read_case, read_cordeau
from tests.builders_instances import LINE, NORTH, ZIGZAG, cordeau, write

ROADS = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "darp_ab"


@pytest.mark.parametrize("end_depot", [True, False])
def test_a_b_and_pr_are_read_alike(tmp_path: Path, end_depot: bool) -> None:
    """Two requests for two vehicles of two seats; boarding 1 min, at most 20 min aboard."""
    case = read_case(cordeau(tmp_path, end_depot=end_depot))
    problem = case.problem

    assert case.numbers.tolist() == [1, 3, 2, 4]
    assert not case.vehicles_first
    assert problem.shifts == 2
    assert problem.configuration.tolist() == [[2], [2]]
    assert problem.shift_longest.tolist() == [100, 100]
    assert problem.visit_ride.tolist() == [np.inf, 20, np.inf, 20]
    assert problem.visit_latest.tolist() == [50, 100, 50, 100]
    assert problem.visit_dwell.tolist() == [1, 1, 1, 1]
    places = problem.visit_place
    assert problem.seconds[places[0], places[1]] == 5 - 1
    assert problem.seconds[problem.shift_first_place[0], places[2]] == 2
    assert not problem.whole


def test_what_public_copies_contain_does_not_matter(tmp_path: Path) -> None:
    """Blanks at the ends, tabs, empty lines, a byte order mark, an end of file of DOS."""
    path = tmp_path / "copy.txt"
    text = "\ufeff2 4 100 2 20  \n\n" + LINE.strip().replace(" 0 ", "\t0 ") + "   \n\n\x1a"
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8")

    assert read_case(path).problem.visits == 4


def test_the_pairs_of_li_and_lim_are_their_siblings(tmp_path: Path) -> None:
    """Three requests, no longest ride, no longest route; vehicles count before the way."""
    case = read_case(write(tmp_path, ZIGZAG))

    assert case.vehicles_first
    assert case.numbers.tolist() == [1, 4, 2, 5, 3, 6]
    assert case.problem.visit_load.ravel().tolist() == [6, -6] * 3
    assert np.isinf(case.problem.visit_ride).all()
    assert np.isinf(case.problem.shift_longest).all()
    assert case.problem.shift_latest.tolist() == [100] * 3


def test_vehicles_stand_at_four_depots_in_turn(tmp_path: Path) -> None:
    """The first at (-5, -5), one south of request 1; the second at (5, 5), one south of 2."""
    problem = read_case(write(tmp_path, NORTH)).problem

    assert problem.seconds[problem.shift_first_place[0], problem.visit_place[0]] == 1
    assert problem.seconds[problem.shift_first_place[1], problem.visit_place[2]] == 1
    assert problem.shift_last_place.tolist() == problem.shift_first_place.tolist()
    assert problem.shift_latest.tolist() == [480, 480]


def test_all_vehicles_may_stand_at_the_depot_of_the_file(tmp_path: Path) -> None:
    """From (0, 0) it is sqrt(41) to (-5, -4) and sqrt(61) to (5, 6)."""
    problem = read_case(write(tmp_path, NORTH), one_depot=True).problem
    depot = problem.shift_first_place

    assert depot[0] == depot[1]
    assert problem.seconds[depot[0], problem.visit_place[0]] == pytest.approx(41**0.5)
    assert problem.seconds[depot[0], problem.visit_place[2]] == pytest.approx(61**0.5)


def test_the_longest_ride_stands_at_the_pickup(tmp_path: Path) -> None:
    """In the heterogeneous format the dropoff's own line has 0 there."""
    problem = read_case(write(tmp_path, NORTH)).problem

    assert problem.visit_ride.tolist() == [np.inf, 30, np.inf, 30]
    assert problem.visit_load.tolist() == [
        [1, 1, 0, 0], [-1, -1, 0, 0], [0, 0, 0, 1], [0, 0, 0, -1],
    ]  # fmt: skip


def seated(load: tuple[int, ...], places: tuple[int, ...]) -> bool:
    """Whether people can be given places one way or another, by trying all of them."""
    staff, patients, lying, wheelchairs = load
    if wheelchairs > places[3] or lying > places[2]:
        return False
    stretchers = places[2] - lying
    return any(
        patients - upgraded <= places[1]
        and staff <= places[0] + (places[1] - (patients - upgraded)) + (stretchers - upgraded)
        for upgraded in range(min(patients, stretchers) + 1)
    )


@pytest.mark.parametrize(
    "places", [(0, 0, 0, 0), (1, 6, 0, 1), (2, 1, 1, 1), (1, 2, 2, 0), (0, 1, 1, 0)]
)
def test_a_load_fits_a_room_exactly_if_people_can_be_seated(places: tuple[int, ...]) -> None:
    """All loads of up to nine of a kind that matter, against trying all seats."""
    fits = rooms(*places)
    most = [range(sum(places[:3]) + 2)] * 3 + [range(places[3] + 2)]

    for load in product(*most):
        below = any(all(a <= b for a, b in zip(load, room, strict=True)) for room in fits)
        assert below == seated(load, places), load
    assert len(set(fits)) == len(fits)


WRONG = {
    "empty": ("", r"is empty\.$"),
    "other format": ("1 2 3 4\n5 6\n", r"4 and 2 words"),
    "one line": ("1 2 3 4 5\n", r"5 words in its first lines"),
    "not a number": (f"2 2 100 2 20{LINE.replace('50', 'x', 1)}", r"line 3, latest: 'x' is not"),
    "not finite": (
        f"2 2 100 2 20{LINE.replace('50', 'nan', 1)}",
        r"line 3, latest: 'nan' is not a",
    ),
    "endless": (f"2 2 100 2 20{LINE.replace('50', '1e400', 1)}", r"latest: '1e400' is not a"),
    "too many vehicles": (f"1000000 2 100 2 20{LINE}", r"vehicles: 1e\+06 is not a whole number"),
    "too many seats": (NORTH.replace("0 1 1 0", "0 1 999 0"), r"stretcher: 999 is not a whole"),
    "too few points": ("1 1 10 1 5\n0 0 0 0 0 0 9\n", r"pairs of points are expected"),
    "other count": (f"2 7 100 2 20{LINE}", r"line 1, requests: 7 are announced"),
    "half a vehicle": (f"1.5 2 100 2 20{LINE}", r"line 1, vehicles: 1.5 is not a whole"),
    "half a person": (
        f"2 2 100 2 20{LINE.replace('1  1   0', '1 .5   0', 1)}",
        r"line 3, load: 0.5",
    ),
    "early end": (f"2 2 100 2 20{LINE.replace('0  50', '60  50', 1)}", r"latest: the window ends"),
    "nobody boards": (
        f"2 2 100 2 20{LINE.replace('1  1   0', '1  0   0', 1)}",
        r"line 3, load: nothing",
    ),
    "stays aboard": (f"2 2 100 2 20{LINE.replace('-1', '-2', 1)}", r"line 5, load: what boards"),
    "out of order": (f"2 2 100 2 20{LINE.replace(' 2  2', ' 9  2')}", r"line 4, number: 9 is out"),
    "tasks out of order": (ZIGZAG.replace("2 -10", "9 -10", 1), r"line 4, task: 9 is out"),
    "points out of order": (NORTH.replace("2  5  6", "9  5  6"), r"line 6, number: 9 is out"),
    "a missing field": (f"2 2 100 2 20{LINE.replace('-1', '')}", r"line 5: 7 fields are expected"),
    "end elsewhere": (f"2 2 100 2 20{LINE}5 1 0 0 0 0 100", r"line 7, x: the last point is not"),
    "no sibling": (ZIGZAG.replace("0 4\n", "0 5\n"), r"line 3, delivery: task 5 is not"),
    "sibling beyond": (ZIGZAG.replace("0 4\n", "0 9\n"), r"line 3, delivery: task 9 is not"),
    "two siblings": (ZIGZAG.replace("0 0 4\n", "0 6 4\n"), r"line 3, pickup: a task has both"),
    "lost delivery": (
        ZIGZAG.replace("3  10 0  6 50  50 0 0 6", "3  10 0  6 50  50 0 0 0"),
        r"line 5, pickup: task 0 is not brought to task 3",
    ),
    "a depot with demand": (ZIGZAG.replace("0   0 0  0", "0   0 0  1"), r"line 2, task: task 0"),
    "half a task": (ZIGZAG.replace("0 1 0\n", "0 1.5 0\n"), r"pickup: 1.5 is not a whole"),
    "lines are missing": (NORTH.replace("2 2", "2 3", 1), r"has 9 lines: a head, 2 vehicles and 8"),
    "half a seat": (NORTH.replace("0 1 1 0", "0 1 .5 0"), r"line 2, stretcher: 0.5"),
    "a negative route": (NORTH.replace("480 0", "-1 0", 1), r"line 2, longest-route: -1"),
    "a negative ride": (NORTH.replace("3 30", "3 -3", 1), r"line 5, longest ride: -3"),
    "negative service": (NORTH.replace("3 30", "-3 30", 1), r"line 5, service: -3 is negative"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_no_instance_is_refused_with_the_place(tmp_path: Path, what: str) -> None:
    """File, line and field, and what is wrong there."""
    text, message = WRONG[what]
    path = write(tmp_path, text)

    with pytest.raises(InstanceError, match=message) as caught:
        read_case(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    """The name of the file is in both messages."""
    with pytest.raises(InstanceError, match=r"nirgends\.txt cannot be read"):
        read_case(tmp_path / "nirgends.txt")
    (tmp_path / "bild.txt").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InstanceError, match=r"bild\.txt is not a text file"):
        read_case(tmp_path / "bild.txt")


@pytest.mark.real_data
def test_every_public_instance_is_read() -> None:
    """As many requests and vehicles as the names say: a4-32 has 4 and 32."""
    if not ROADS.is_dir():
        pytest.skip("the literature's instances are not beside the checkout")
    files = sorted(ROADS.glob("*.txt"))
    assert len(files) == 48
    for path in files:
        vehicles, requests = (int(word) for word in path.stem[1:].split("-"))
        problem = read_cordeau(path)
        assert (problem.shifts, problem.trips) == (vehicles, requests)


WORDS = ("x", "-1", "0", "1.5", "1e400", "nan", "", "99999999999", "-99999999999", "7", "-1e300")


@pytest.mark.parametrize("text", [f"2 4 100 2 20{LINE}", ZIGZAG.strip(), NORTH.strip()])
def test_a_file_with_slips_of_the_pen_is_read_or_refused(tmp_path: Path, text: str) -> None:
    """Two words each are replaced, 300 times: no other error than the one with the file's name."""
    dice = np.random.default_rng(0)
    messages = []
    for _ in range(300):
        rows = [row.split(" ") for row in text.splitlines()]
        for _ in range(2):
            row = rows[dice.integers(len(rows))]
            row[dice.integers(len(row))] = WORDS[dice.integers(len(WORDS))]
        path = write(tmp_path, "\n".join(" ".join(row) for row in rows))
        try:
            read_case(path)
        except InstanceError as error:
            messages.append(str(error))
    assert len(messages) > 100
    assert all("beispiel.txt" in message for message in messages)
