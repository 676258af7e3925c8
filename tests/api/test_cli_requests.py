"""Files of requests as they come: what is wrong with a row is named, the others are planned."""

import time
from pathlib import Path

import pandas as pd
import pytest

from data.request_rows import COLUMNS
from tests.builders_api import CELLS, table
from tests.builders_commands import DAY, Fahrten, write


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
