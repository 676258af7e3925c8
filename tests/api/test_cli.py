"""The commands as somebody runs them: output, files, exit codes."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from data.store import Store
from tests.builders_api import SAMPLE_DAY
from tests.builders_commands import DAY, Fahrten
from tests.builders_routing import shared_map

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (["plan"], 2, "DATUM"),
        (["plan", "morgen"], 2, "2027-03-02 oder 02.03.2027"),
        (["plan", DAY, "--seconds", "0"], 2, "seconds"),
        (["plan", DAY, "--requests", "nix.csv"], 4, "„nix.csv“ gibt es nicht"),
        (["plan", DAY, "--region", "atlantis"], 4, "Bekannt sind: kalletal"),
        (["check", "nix.json", "--requests", "nix.csv"], 4, "nix.json"),
        (["fliegen"], 2, "fliegen"),
        (["region", "import", "neu", "--osm", "nix.osm"], 1, "gibt es nicht"),
        (["region", "import", "Nicht So", "--osm", str(SAMPLE_DAY)], 1, "Kleinbuchstaben"),
    ],
)
def test_a_mistake_of_the_user_is_told_on_stderr(
    fahrten: Fahrten, arguments: list[str], code: int, hint: str
) -> None:
    """Without a traceback, with what would be right."""
    run = fahrten(*arguments)

    assert (run.code, run.out) == (code, "")
    assert hint in " ".join(run.err.replace("│", " ").split())
    assert "Traceback" not in run.err


def test_a_wrong_setting_ends_the_start_in_one_line(
    fahrten: Fahrten, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything else is done."""
    monkeypatch.setenv("FAHRTEN_PORT", "achtzig")

    run = fahrten("sample-day")

    assert (run.code, run.err) == (
        2,
        "Fehler: FAHRTEN_PORT='achtzig': muss eine ganze Zahl sein.\n",
    )


def test_the_sample_day_lies_ready_after_the_first_call(fahrten: Fahrten, tmp_path: Path) -> None:
    """The second call plans and prints nothing, and says so."""
    first = fahrten("sample-day")
    folder = tmp_path / "var" / "tourenblaetter" / DAY
    printed = {file: file.stat().st_mtime_ns for file in folder.iterdir()}

    second = fahrten("sample-day")

    assert (first.code, second.code) == (0, 0)
    assert len(printed) == 4
    assert {file: file.stat().st_mtime_ns for file in folder.iterdir()} == printed
    assert "lagen schon bereit" in second.out
    assert second.out.replace(" (lagen schon bereit)", "") == first.out
    (folder / f"{DAY}-vormittag.pdf").unlink()
    fahrten("sample-day")
    assert len(list(folder.iterdir())) == 4


def test_an_invented_day_can_be_read_again(fahrten: Fahrten, tmp_path: Path) -> None:
    """The same seed, the same day."""
    first, second = (
        fahrten("invent-day", "2027-03-04", "--requests", "12", "--seed", "5") for _ in "ab"
    )
    written = fahrten(
        "invent-day", "2027-03-04", "--requests", "12", "--seed", "5", "--out", "tag.csv"
    )

    assert first.out == second.out == (tmp_path / "tag.csv").read_text(encoding="utf-8")
    assert (first.code, written.out) == (0, "")
    assert len(first.out.splitlines()) == 1 + 12


def test_regions_are_listed(fahrten: Fahrten, tmp_path: Path) -> None:
    """Also one whose files have mistakes, with all of them."""
    broken = tmp_path / "regions" / "kaputt"
    broken.mkdir(parents=True)
    (broken / "region.toml").write_text("title = 7\n", encoding="utf-8")

    run = fahrten("region", "list")

    assert run.code == 0
    assert "kalletal: Kalletal, grobes Straßennetz" in run.out
    assert "kaputt: fehlerhaft" in run.out


def test_a_region_with_mistakes_ends_a_command_with_its_own_code(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Every mistake is listed."""
    broken = tmp_path / "regions" / "kaputt"
    broken.mkdir(parents=True)
    (broken / "region.toml").write_text("title = 7\n", encoding="utf-8")

    run = fahrten("plan", DAY, "--region", "kaputt")

    assert run.code == 6
    assert "places.csv" in run.err


def test_the_database_is_upgraded_on_demand(fahrten: Fahrten, tmp_path: Path) -> None:
    """Twice does no harm."""
    for _ in range(2):
        run = fahrten("db", "upgrade")
        assert run.code == 0
        assert f"neuesten Stand ({Store.newest_revision()})" in run.out
    assert (tmp_path / "var" / "fahrten.sqlite3").is_file()


def test_every_command_explains_itself(fahrten: Fahrten) -> None:
    """In German, without loading anything else."""
    for command in (
        "plan",
        "check",
        "sample-day",
        "invent-day",
        "serve",
        "warm-up",
        "db",
        "region",
    ):
        run = fahrten(command, "--help")
        assert run.code == 0
        assert run.out.strip()


def test_every_command_is_in_the_handbook() -> None:
    """docs/operations.md names each of them."""
    from api.cli import app
    from api.commands.regions import app as regions
    from api.commands.running import database

    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = [f"fahrten {command.name}" for command in app.registered_commands]
    names += [f"fahrten region {command.name}" for command in regions.registered_commands]
    names += [f"fahrten db {command.name}" for command in database.registered_commands]
    assert {"fahrten plan", "fahrten region fetch", "fahrten db upgrade"} <= set(names)
    for name in names:
        assert f"`{name}" in handbook


def test_a_process_that_plans_goes_through_the_way_in_and_no_farther() -> None:
    """It would import all pages first, for seconds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, _ = project["scripts"]["fahrten"].partition(":")
    asked = f"import sys, {module}; print(sys.modules.keys() & {{'api.cli', 'fastapi', 'numba'}})"

    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout

    assert told.strip() == "set()"


@pytest.mark.real_data
def test_a_real_municipality_is_imported_invented_planned_and_checked(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Liechtenstein: forty requests on real addresses, from the map file to checked sheets."""
    extract = shared_map("liechtenstein.osm.pbf")

    imported = fahrten("region", "import", "li", "--osm", extract, "--country", "LI")
    assert imported.code == 0, imported
    assert (
        fahrten("invent-day", DAY, "--requests", "40", "--region", "li", "--out", "li.csv").code
        == 0
    )
    planned = fahrten("plan", DAY, "--region", "li", "--requests", "li.csv", "--json", "--out", "b")
    (tmp_path / "li.json").write_text(planned.out, encoding="utf-8")

    assert planned.code == 0, planned.err
    assert len(list((tmp_path / "b").iterdir())) == 4
    assert any(route["stops"] for route in planned.document["routes"])
    assert fahrten("check", "li.json", "--requests", "li.csv").code == 0


def test_a_fault_of_the_program_does_not_repeat_what_was_typed(
    fahrten: Fahrten, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output of a timer stands in the log of the system, which can be shown to a stranger."""

    def fail(_: object, __: object, who: str) -> None:
        raise RuntimeError(who)

    monkeypatch.setattr("api.operations.privacy.report", fail)
    run = fahrten("privacy", "report", "Marke, Quirin")

    assert (run.code, run.out) == (1, "")
    assert "ended by RuntimeError" in run.err
    assert "tests/api/test_cli.py" in run.err
    assert "Fehler: Das Programm hat einen Fehler gemacht" in run.err
    assert "Quirin" not in run.err
