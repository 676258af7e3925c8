"""The commands as somebody runs them: output, files, exit codes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from api.cli import main
from data.request_rows import COLUMNS
from tests.builders_api import CELLS, SAMPLE_DAY, table

DAY = "2027-03-02"


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as JSON: nothing else may stand there."""
        document: dict[str, Any] = json.loads(self.out)
        return document


Fahrten = Callable[..., Run]


@pytest.fixture
def fahrten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Fahrten:
    monkeypatch.setenv("FAHRTEN_FOLDER", str(tmp_path / "var"))
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    monkeypatch.setenv("FAHRTEN_SECONDS", "2")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["fahrten", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert isinstance(code, int | None)
        return Run(code or 0, *capsys.readouterr())

    return run


def write(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "wunsch.csv"
    file.write_bytes(table(*rows))
    return file


def test_the_sample_day_is_planned_and_printed(fahrten: Fahrten, tmp_path: Path) -> None:
    """24 good rows of 25; one of them is too early for any shift."""
    run = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--out", tmp_path / "blatt")

    assert run.code == 3, run
    assert "Dienstag, 2. März 2027, Kalletal" in run.out
    assert "Beispiel-Maler, Günter: Zu dieser Zeit ist kein Dienst" in run.out
    assert "Zeile 26, termin „25:30“" in run.out
    sheets = sorted(file.name for file in (tmp_path / "blatt").iterdir())
    assert sheets == [
        f"{DAY}-{shift}.{form}" for shift in ("nachmittag", "vormittag") for form in ("json", "pdf")
    ]
    assert (tmp_path / "blatt" / sheets[1]).read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("out", ["plan.pdf", "plan.pdf/blatt", "/proc/blatt/tag"])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_folder_that_is_none_is_refused_before_anything_is_planned(
    fahrten: Fahrten,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    out: str,
    more: tuple[str, ...],
) -> None:
    """One clear line, and what lay there still does."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("api.commands.planning._plan", never)
    (tmp_path / "plan.pdf").write_bytes(b"kept")

    run = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--out", out, *more)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("Fehler: ")
    assert run.err.count("\n") == 1
    assert ("ist eine Datei" in run.err) == out.startswith("plan.pdf")
    assert "Ordner" in run.err
    assert (tmp_path / "plan.pdf").read_bytes() == b"kept"


def test_a_sheet_that_cannot_be_written_is_one_clear_line(fahrten: Fahrten, tmp_path: Path) -> None:
    """A sheet's name is taken by a folder: found out only when writing."""
    (tmp_path / "blatt" / f"{DAY}-vormittag.pdf").mkdir(parents=True)

    run = fahrten("plan", DAY, "--requests", write(tmp_path, {}), "--out", tmp_path / "blatt")

    assert run.code == 2
    assert run.err.startswith("Fehler: In „")
    assert run.err.count("\n") == 1


def test_a_plan_that_is_not_kept_is_a_draft_and_lies_apart(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """The kept plan's sheets stay as they are; a draft claims no version."""
    kept = tmp_path / "var" / "tourenblaetter" / DAY
    fahrten("plan", DAY)
    before = {file.name: file.read_bytes() for file in kept.iterdir()}

    run = fahrten("plan", DAY, "--requests", write(tmp_path, {}))

    drafts = tmp_path / "var" / "entwuerfe" / DAY
    assert f"4 Dateien in {Path('var', 'entwuerfe', DAY)}" in run.out.replace(f"{tmp_path}/", "")
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == before
    assert len(before) == 4
    name = f"{DAY}-vormittag.json"
    assert json.loads(before[name])["version"] == "1"
    assert json.loads((drafts / name).read_bytes())["version"] == "Entwurf"


def test_a_plan_as_json_is_one_document_and_passes_the_check(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Nothing else stands on stdout, no sheet is written unasked, no name is in it."""
    run = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--json")

    document = run.document
    assert (run.code, document["date"], document["region"]) == (3, DAY, "kalletal")
    assert {each["row"] for each in document["rejected"]} == {26}
    assert "r25" in {each["request"] for each in document["unserved"]}
    assert "Beispiel" not in json.dumps(document["routes"])
    assert not (tmp_path / "var").exists()

    plan = tmp_path / "plan.json"
    plan.write_text(run.out, encoding="utf-8")
    checked = fahrten("check", plan, "--requests", SAMPLE_DAY)
    assert (checked.code, checked.out) == (0, "Der Plan hält jede Zusage.\n")


def test_a_plan_that_was_tampered_with_is_found_out(fahrten: Fahrten, tmp_path: Path) -> None:
    """The check believes nothing that the plan says of itself."""
    document = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--json").document
    driven = next(route for route in document["routes"] if route["stops"])
    driven["stops"][1]["visits"][0]["begin"] = "07:31:00"
    document["driving_seconds"] += 60
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")

    run = fahrten("check", plan, "--requests", SAMPLE_DAY)

    assert run.code == 5
    assert "Der Plan bricht" in run.out
    assert "cost" in run.out


def test_the_same_seed_gives_the_same_plan(fahrten: Fahrten, tmp_path: Path) -> None:
    """A small day, where the search ends before the clock."""
    file = write(tmp_path, {}, {"termin": "10:00", "name": "Beispiel, Otto"})

    first, second = (
        fahrten("plan", DAY, "--requests", file, "--json", "--seed", "7").document for _ in "ab"
    )

    assert first == second
    assert first["seed"] == 7
    assert first["unserved"] == []


def test_a_file_without_fault_ends_with_zero(fahrten: Fahrten, tmp_path: Path) -> None:
    """And says so in German."""
    run = fahrten("plan", "02.03.2027", "--requests", write(tmp_path, {}))

    assert run.code == 0, run
    assert "1 von 1 Fahrtwunsch eingeplant" in run.out
    assert "Nicht angenommen" not in run.out


@pytest.mark.parametrize(
    ("cells", "field", "hint"),
    [
        ({"datum": "31.02.2027"}, "datum", "gibt es im Kalender nicht"),
        ({"abholort": "Champs-Élysées 3, Paris"}, "abholort", "nicht bekannt"),
        ({"termin": "03:00"}, "termin", "geöffnet"),
        ({"geburtsdatum": "01.01.2099"}, "geburtsdatum", "Zukunft"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_are_planned(
    fahrten: Fahrten, tmp_path: Path, cells: dict[str, str], field: str, hint: str
) -> None:
    """Row, column, value, what is right; and an exit code of its own."""
    file = write(tmp_path, {}, cells)

    run = fahrten("plan", DAY, "--requests", file)
    document = fahrten("plan", DAY, "--requests", file, "--json").document

    assert run.code == 3
    assert f"Zeile 3, {field} „{cells[field]}“" in run.out
    assert hint in run.out
    assert "1 von 1 Fahrtwunsch eingeplant" in run.out
    assert [(each["row"], each["field"]) for each in document["rejected"]] == [(3, field)]


def test_windows_1252_is_read(fahrten: Fahrten, tmp_path: Path) -> None:
    """German Excel's own encoding."""
    file = tmp_path / "wunsch.csv"
    file.write_bytes(
        table({"name": "Jürgen", "abholort": "Beispielstraße 3, Lüdenhausen"})
        .decode()
        .encode("cp1252")
    )

    assert fahrten("plan", DAY, "--requests", file).code == 0


def test_an_appointment_on_a_holiday_is_refused_with_its_name(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Nothing is left to be planned: a code of its own."""
    file = write(tmp_path, {"datum": "2027-05-27"})

    run = fahrten("plan", "2027-05-27", "--requests", file)

    assert run.code == 4
    assert "Fronleichnam" in run.out


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "ist leer"),
        (b"datum;name;abholort;ziel;rueckfahrt\n2027-03-02;A;B;C;ja\n", "termin"),
        (b"\x00\x01\x02", "kein Text"),
        (b"Sehr geehrte Damen und Herren\n", "fehlt die Kopfzeile"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    fahrten: Fahrten, tmp_path: Path, content: bytes, hint: str
) -> None:
    """No traceback, exit code 4."""
    file = tmp_path / "wunsch.csv"
    file.write_bytes(content)

    run = fahrten("plan", DAY, "--requests", file)

    assert (run.code, run.out) == (4, "")
    assert run.err.startswith("Fehler: ")
    assert hint in run.err
    assert run.err.count("\n") == 1


def test_a_file_of_ten_thousand_rows_is_read_in_seconds(fahrten: Fahrten, tmp_path: Path) -> None:
    """Of a whole year: one row in a hundred is wrong, two are of the day."""
    rows = [
        {
            "datum": "2027-03-03" if number > 1 else DAY,
            "name": f"Beispiel {number}",
            "abholort": f"Beispielstraße {1 + number % 12}, Talle",
            "termin": "gleich" if number % 100 == 99 else "09:30",
        }
        for number in range(10_000)
    ]
    begin = time.perf_counter()

    run = fahrten("plan", DAY, "--requests", write(tmp_path, *rows))

    assert time.perf_counter() - begin < 60
    assert run.code == 3
    assert "2 von 2 Fahrtwünschen eingeplant" in run.out
    assert "Nicht angenommen (100 Zeilen)" in run.out
    assert "Zeile 101, termin „gleich“" in run.out
    assert "... und 50 weitere Fehler." in run.out


def test_merged_cells_are_named_and_the_other_rows_planned(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Excel: the date stands in one cell for two rows."""
    file = tmp_path / "wunsch.xlsx"
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        lines = [[*CELLS.values()], [*{**CELLS, "name": "B"}.values()], ["", "C"] + [""] * 12]
        pd.DataFrame(lines, columns=[*COLUMNS]).to_excel(writer, index=False)
        writer.book.worksheets[0].merge_cells("A3:A4")

    run = fahrten("plan", DAY, "--requests", file)

    assert run.code == 3
    assert "1 von 1 Fahrtwunsch eingeplant" in run.out
    for row in (3, 4):
        assert f"Zeile {row}, datum „A3:A4“: Verbundene Zellen" in run.out


def test_requests_of_other_days_only_are_nothing_to_plan(fahrten: Fahrten, tmp_path: Path) -> None:
    """The wrong date was typed; the summary counts what there is."""
    run = fahrten("plan", "2027-03-03", "--requests", write(tmp_path, {}))

    assert run.code == 4
    assert "1 Zeilen der Datei gelten anderen Tagen" in run.out


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


def test_the_kept_requests_of_a_day_are_planned_without_a_file(fahrten: Fahrten) -> None:
    """After the sample day lies in the database, its requests are those of the day."""
    fahrten("sample-day")

    document = fahrten("plan", DAY, "--json").document

    served = {
        visit["request"]
        for route in document["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
    }
    assert len(served) + len(document["unserved"]) == 24


def test_a_day_without_requests_is_planned_as_empty(fahrten: Fahrten) -> None:
    """Nobody rings: the buses stay, the sheets say so."""
    run = fahrten("plan", "2027-03-03")

    assert run.code == 0
    assert "0 von 0 Fahrtwünschen" in run.out


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
        assert "neuesten Stand (0001)" in run.out
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

    handbook = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = [f"fahrten {command.name}" for command in app.registered_commands]
    names += [f"fahrten region {command.name}" for command in regions.registered_commands]
    names += [f"fahrten db {command.name}" for command in database.registered_commands]
    assert {"fahrten plan", "fahrten region fetch", "fahrten db upgrade"} <= set(names)
    for name in names:
        assert f"`{name}" in handbook


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_the_service_starts_answers_and_ends(tmp_path: Path) -> None:
    """A real process, asked over HTTP, ended by Ctrl+C."""
    port = free_port()
    environment = {**os.environ, "FAHRTEN_FOLDER": str(tmp_path)}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            while "Bereit" not in process.stderr.readline():
                assert process.poll() is None
            answer = _ask(f"http://127.0.0.1:{port}/api/v1/health")
        finally:
            process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=20) in {0, -signal.SIGINT, 130}

    assert answer["status"] == "ok"
    assert "Traceback" not in rest


def _ask(url: str) -> dict[str, Any]:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  (our own)
                document: dict[str, Any] = json.load(answer)
                return document
        except OSError:
            time.sleep(0.1)
    message = f"{url} does not answer."
    raise AssertionError(message)


def test_a_port_that_is_taken_is_told_in_one_line(fahrten: Fahrten) -> None:
    """Usually by an earlier start that still runs."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = fahrten("serve", "--port", str(taken.getsockname()[1]))

    assert run.code == 2
    assert "kann nicht gelauscht werden" in run.err


@pytest.mark.real_data
def test_a_real_municipality_is_imported_invented_planned_and_checked(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Liechtenstein: forty requests on real addresses, from the map file to checked sheets."""
    shared = Path(os.environ.get("FAHRTEN_SHARED") or Path(__file__).parents[3] / "shared")
    extract = shared / "osm" / "liechtenstein.osm.pbf"
    if not extract.is_file():
        pytest.skip(f"{extract} is not there")

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
