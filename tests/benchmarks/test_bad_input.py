"""Whatever a benchmark is told that cannot be, it says in one line what it is, and ends."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import darp, large, offers, remedies, rivals, roads, villages
from benchmarks.command import LARGEST_SEED
from benchmarks.days import region_of
from benchmarks.formats.text import InstanceError
from benchmarks.known import read_known
from tests.builders_instances import ZIGZAG, cordeau, write

Refused = Callable[..., str]

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "darp": darp,
    "rivals": rivals,
    "villages": villages,
    "large": large,
    "roads": roads,
    "offers": offers,
    "remedies": remedies,
}


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Refused:
    """Call a command: the one line that it says before it ends with code 2, and nothing else."""

    def call(name: str, *words: object) -> str:
        monkeypatch.setattr(sys, "argv", [name, *map(str, words)])
        try:
            code = COMMANDS[name].main()
        except SystemExit as end:
            code = end.code
        printed, said = capsys.readouterr()

        assert code == 2
        assert printed == ""
        assert said.count("\n") == 1
        return said

    return call


@pytest.fixture
def maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for maps, and nothing kept of any."""
    monkeypatch.setenv("FAHRTEN_SHARED", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    region_of.cache_clear()
    folder = tmp_path / "osm"
    folder.mkdir()
    return folder


def on_files(folder: Path, name: str) -> list[object]:
    """What a command needs to have at least."""
    return [cordeau(folder), "--seconds", 5] if name in {"darp", "rivals"} else []


FOR_ALL = [
    (("--seconds", "0"), "argument --seconds: '0' is not a number of seconds above 0"),
    (("--seconds", "-3"), "argument --seconds: '-3' is not a number of seconds above 0"),
    (("--seconds", "nan"), "argument --seconds: 'nan' is not a number of seconds above 0"),
    (("--seconds", "inf"), "argument --seconds: 'inf' is not a number of seconds above 0"),
    (("--seconds", "soon"), "argument --seconds: 'soon' is not a number of seconds above 0"),
    (("--seed", "x"), f"'x' is not a whole number from 0 to {LARGEST_SEED}"),
    (("--seed", "-1"), f"'-1' is not a whole number from 0 to {LARGEST_SEED}"),
    (("--seed", str(LARGEST_SEED + 1)), "is not a whole number from 0"),
    (("--quickly",), "unrecognized arguments: --quickly"),
]


@pytest.mark.parametrize("name", ["darp", "rivals", "villages", "large"])
@pytest.mark.parametrize(("words", "said"), FOR_ALL)
def test_every_command_refuses_what_none_can_do(
    tmp_path: Path, refused: Refused, name: str, words: tuple[str, ...], said: str
) -> None:
    """No time, endless time, seeds that no generator takes, and words that nobody knows."""
    line = refused(name, *on_files(tmp_path, name), *words)

    assert line.startswith(f"benchmarks.{name}: ")
    assert said in line


@pytest.mark.parametrize("name", ["darp", "rivals", "villages", "large"])
def test_results_that_could_not_be_written_are_refused_beforehand(
    tmp_path: Path, refused: Refused, name: str
) -> None:
    """Nobody waits for hours and then reads that there is no such folder."""
    needs = on_files(tmp_path, name)
    nowhere = tmp_path / "nowhere" / "out.json"

    line = refused(name, *needs, "--json", nowhere)
    assert f"there is no folder {nowhere.parent}" in line
    assert "is a folder" in refused(name, *needs, "--json", tmp_path)


FOR_ONE = [
    ("villages", ("--trips", "0"), "argument --trips: '0' is not a whole number from 1"),
    ("villages", ("--trips", "15,,25"), "argument --trips: '' is not a whole number from 1"),
    ("villages", ("--trips", "many"), "argument --trips: 'many' is not a whole number from 1"),
    ("villages", ("--region", "mars"), "argument --region: invalid choice: 'mars'"),
    ("villages", ("--days", "0"), "argument --days: '0' is not a whole number from 1"),
    ("villages", ("--buses", "0"), "argument --buses: '0' is not a whole number from 1"),
    ("villages", ("--window", "-1"), "argument --window: '-1' is not a whole number from 0"),
    ("offers", ("--requests", "0"), "argument --requests: '0' is not a whole number from 1"),
    ("remedies", ("--refusals", "0"), "argument --refusals: '0' is not a whole number from 1"),
    ("villages", ("--ride", "0"), "argument --ride: '0' is not a whole number from 1"),
    ("large", ("--trips", "0"), "argument --trips: '0' is not a whole number from 1"),
    ("large", ("--trips", "-200"), "argument --trips: '-200' is not a whole number from 1"),
    ("large", ("--cores", "0"), "argument --cores: '0' is not a whole number from 1"),
    ("darp", ("--jobs", "0"), "argument --jobs: '0' is not a whole number from 1"),
    ("darp", ("--seeds", "0,"), "argument --seed/--seeds: '' is not a whole number from 0"),
    ("rivals", ("--only", "ours,theirs"), "argument --only: no such rival: 'theirs'"),
    ("rivals", ("--only", ""), "argument --only: no such rival: ''"),
    ("roads", ("somewhere",), "unrecognized arguments: somewhere"),
]


@pytest.mark.parametrize(("name", "words", "said"), FOR_ONE)
def test_each_command_refuses_what_it_cannot_do(
    tmp_path: Path, refused: Refused, name: str, words: tuple[str, ...], said: str
) -> None:
    """Days without people, without buses, in unknown regions; processes that are none."""
    assert said in refused(name, *on_files(tmp_path, name), *words)


@pytest.mark.parametrize("name", ["darp", "rivals"])
def test_files_and_seconds_must_be_given(tmp_path: Path, refused: Refused, name: str) -> None:
    """There is no instance to fall back on, and no time that suits all."""
    assert "required: files" in refused(name, "--seconds", 5)
    assert "required: --seconds" in refused(name, cordeau(tmp_path))


@pytest.mark.parametrize("name", ["darp", "rivals"])
def test_a_file_that_is_no_instance_is_named(tmp_path: Path, refused: Refused, name: str) -> None:
    """Missing, a folder, empty, no text, or with a line that is malformed."""

    def told(path: Path) -> str:
        return refused(name, cordeau(tmp_path), path, "--seconds", 5)

    missing, empty, binary = (tmp_path / file for file in ("nirgends", "empty", "binary"))
    empty.touch()
    binary.write_bytes(b"\xff\xfe\x00")
    broken = write(tmp_path, ZIGZAG.replace("30  30", "30  x", 1), name="broken")

    assert told(missing) == f"{missing} cannot be read: No such file or directory.\n"
    assert told(tmp_path) == f"{tmp_path} cannot be read: Is a directory.\n"
    assert told(empty) == f"{empty} is empty.\n"
    assert told(binary) == f"{binary} is not a text file.\n"
    assert told(broken) == f"{broken}, line 4, latest: 'x' is not a number.\n"


@pytest.mark.parametrize("name", ["darp", "rivals"])
def test_a_broken_table_of_known_values_is_named(
    tmp_path: Path, refused: Refused, name: str
) -> None:
    """Before anything is solved, as with the files."""
    table = tmp_path / "nirgends.csv"
    line = refused(name, *on_files(tmp_path, name), "--known", table)

    assert line == f"{table} cannot be read: No such file or directory.\n"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"", "columns instance and optimum"),
        (b"instance,value\na,1\n", "columns instance and optimum"),
        (b"instance,cost\na,1\nb,x\n", "line 3: not a number above 0"),
        (b"instance,cost\na,0\n", "line 2: not a number above 0"),
        (b"instance,cost\na,nan\n", "line 2: not a number above 0"),
        (b"instance,cost\na\n", "line 2: not a number above 0, or a field is missing"),
        (b"instance,cost,vehicles\na,1,0\n", "line 2: not a number above 0"),
        (b"instance,cost\na,\xff\n", "is not a table in a text file"),
        (b"instance,cost\na," + b"1" * 200_000, "is not a table in a text file"),
    ],
)
def test_a_table_of_known_values_may_be_wrong_too(tmp_path: Path, table: bytes, said: str) -> None:
    """No such column, no number, nothing that an answer could be compared with, no text."""
    path = tmp_path / "known.csv"
    path.write_bytes(table)

    with pytest.raises(InstanceError, match=said):
        read_known(path)


def test_a_map_that_is_missing_is_named(maps: Path, refused: Refused) -> None:
    """Whoever has no map reads which file to put where."""
    line = refused("villages", "--region", "both")
    assert line.startswith(f"There is no {maps / 'liechtenstein.osm.pbf'}; ")
    line = refused("roads")
    assert line.startswith(f"There is no {maps / 'north-bayreuth.osm.gz'}; ")


def test_a_map_that_cannot_be_read_is_named(maps: Path, refused: Refused) -> None:
    """An empty map, addresses without points, and what is left of an import that went wrong."""
    for file in (*roads.MAPS.values(), *(f"{name}-addresses.csv" for name in roads.MAPS)):
        (maps / file).touch()

    line = refused("villages", "--region", "liechtenstein")
    assert line.startswith(f"{maps / 'liechtenstein.osm.pbf'} cannot be imported into ")
    line = refused("roads")
    assert line.startswith(f"{maps / 'north-bayreuth-addresses.csv'} is no table of addresses")
    kept = maps.parent / "fahrten-benchmarks" / "liechtenstein"
    kept.mkdir(parents=True)
    (kept / "region.toml").write_text("title = 7")
    line = refused("villages", "--region", "liechtenstein")
    assert line.startswith(f"{kept} is broken, delete it to import it anew: ")


def test_a_refusal_is_no_traceback_in_a_shell() -> None:
    """As somebody would call it: one line, code 2, nothing on the other channel."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.large", "--trips", "0"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "benchmarks.large: argument --trips: '0' is not a whole number from 1\n"
