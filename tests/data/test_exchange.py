"""Files of requests: everything that people's spreadsheets do."""

import io
import time
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path

import pandas as pd
import pytest

from data.errors import Rejected, UnreadableFileError
from data.exchange import read_requests, write_requests
from data.request_rows import COLUMNS, RequestRow
from routing.units import HOUR, MINUTE
from scheduler.clock import clock
from scheduler.model import Mobility, TimeWindow, WayBack

TODAY = date(2026, 11, 22)
HEADER = ";".join(COLUMNS)
ERIKA = (
    "2027-03-02;Beispiel, Erika;1941-05-06;05264 123;Beispielstraße 3, Talle;MVZ Kalletal;09:30;"
    "45;ja;ja;rollator;1;wichtig;Hund im Hof"
)
JUERGEN = "02.03.2027;Jürgen Beispiel;;;Lüdenhausen;Praxis Möller;10.15;;nein;;;;;"


def read(text: str, encoding: str = "utf-8") -> tuple[list[RequestRow], list[Rejected]]:
    return read_requests(text.encode(encoding), "wunsch.csv", today=TODAY)


def lines_of(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def workbook(*rows: Sequence[object], merge: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        table = [[*row, *[None] * (len(COLUMNS) - len(row))] for row in rows]
        pd.DataFrame(table, dtype=object).to_excel(writer, header=False, index=False)
        for cells in merge:
            writer.book.worksheets[0].merge_cells(cells)
    return file.getvalue()


def test_every_column_of_a_row_is_understood() -> None:
    """One row that uses all fourteen columns."""
    rows, rejected = read(lines_of(ERIKA))

    assert rejected == []
    assert rows == [
        RequestRow(
            date=date(2027, 3, 2),
            name="Beispiel, Erika",
            born=date(1941, 5, 6),
            phone="05264 123",
            origin="Beispielstraße 3, Talle",
            destination="MVZ Kalletal",
            appointment=clock("09:30"),
            stay=45 * MINUTE,
            way_back=WayBack.AFTER_STAY,
            pharmacy="ja",
            mobility=Mobility.WALKER,
            companions=1,
            priority=1,
            note="Hund im Hof",
        )
    ]
    assert rows[0].row == 2


def test_a_window_and_a_time_for_the_way_back_are_understood() -> None:
    """Somebody comes some time in the morning and goes home not before 12:40."""
    line = "2.3.2027;A;;;B;C;08:00-12:00;;12:40;Beispiel-Apotheke;Rollstuhl;;LEBENSWICHTIG;"

    (row,), _ = read(lines_of(line))

    assert row.appointment is None
    assert row.arrive == TimeWindow(8 * HOUR, 12 * HOUR)
    assert (row.way_back, row.return_at) == (WayBack.AT_TIME, 12 * HOUR + 40 * MINUTE)
    assert (row.pharmacy, row.mobility) == ("Beispiel-Apotheke", Mobility.WHEELCHAIR)
    assert row.priority == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_umlauts_survive_every_encoding_that_spreadsheets_write(
    encoding: str, separator: str
) -> None:
    """German Excel writes Windows-1252, newer ones UTF-8 with a mark, "Unicode text" UTF-16."""
    rows, rejected = read(lines_of(JUERGEN).replace(";", separator), encoding)

    assert rejected == []
    assert (rows[0].name, rows[0].origin) == ("Jürgen Beispiel", "Lüdenhausen")
    assert rows[0].appointment == clock("10:15")


def test_a_comma_file_with_quoted_names_is_read() -> None:
    """The comma in "Beispiel, Erika" does not end the cell when it is quoted."""
    text = (
        "datum,name,abholort,ziel,termin,rückfahrt\n"
        '2027-03-02,"Beispiel, Erika","Beispielstraße 3, Talle",MVZ,9:30,Anruf\n'
    )

    (row,), rejected = read(text)

    assert rejected == []
    assert (row.name, row.origin) == ("Beispiel, Erika", "Beispielstraße 3, Talle")
    assert row.way_back is WayBack.WILL_CALL


def test_a_comma_that_is_not_quoted_is_reported_and_not_guessed_at() -> None:
    """Shifted cells would turn a name into an address."""
    text = (
        "datum,name,abholort,ziel,termin,rueckfahrt\n"
        "2027-03-02,Beispiel, Erika,Talle,MVZ,9:30,ja\n"
        "2027-03-02,Otto Beispiel,Talle,MVZ,9:30,ja\n"
    )

    rows, rejected = read(text)

    assert [row.name for row in rows] == ["Otto Beispiel"]
    assert [fault.row for fault in rejected] == [2]
    assert "Anführungszeichen" in rejected[0].message


@pytest.mark.parametrize(
    ("column", "value", "hint"),
    [
        ("datum", "31.02.2027", "gibt es im Kalender nicht"),
        ("datum", "morgen", "2027-03-02 oder 02.03.2027"),
        ("datum", "02.03.0027", "stimmt das Jahr"),
        ("datum", "9999-12-31", "stimmt das Jahr"),
        ("datum", "", "Fehlt"),
        ("name", "", "Fehlt"),
        ("name", "x" * 121, "Höchstens 120 Zeichen"),
        ("geburtsdatum", "01.01.2030", "in der Zukunft"),
        ("geburtsdatum", "01.01.1830", "stimmt das Jahr"),
        ("telefon", "bei Nachbarin", "Telefonnummer"),
        ("telefon", "1", "Telefonnummer"),
        ("telefon", "31.2.2027", "Das ist ein Datum."),
        ("telefon", "01.01.1999", "Das ist ein Datum."),
        ("telefon", "1.3. 27", "Das ist ein Datum."),
        ("telefon", "2027-03-02", "Das ist ein Datum."),
        ("telefon", "11.30", "Das ist eine Uhrzeit."),
        ("telefon", "-030 23125", "Telefonnummer"),
        ("name", "-5", "steht ein Buchstabe"),
        ("name", "25:00", "steht ein Buchstabe"),
        ("name", "%00%ff", "steht ein Buchstabe"),
        ("abholort", "", "Beispielstraße 3, Talle"),
        ("ziel", "", "Beispielstraße 3, Talle"),
        ("termin", "halb zehn", "09:30"),
        ("termin", "25:00", "09:30"),
        ("termin", "12:00-08:00", "endet, bevor sie beginnt"),
        ("termin", "08:00-09:00-10:00", "08:00-12:00"),
        ("dauer", "lang", "in Minuten"),
        ("dauer", "0", "1 bis 720"),
        ("dauer", "9999", "1 bis 720"),
        ("rueckfahrt", "", "ja, nein, anruf"),
        ("rueckfahrt", "vielleicht", "ja, nein, anruf"),
        ("rueckfahrt", "09:00", "nicht nach der Ankunft um 09:30"),
        ("hilfen", "Krücke", "rollator, rollstuhl"),
        ("begleitung", "8", "0 bis 7"),
        ("begleitung", "-1", "0 bis 7"),
        ("dringlichkeit", "sehr", "lebenswichtig"),
        ("hinweis", "x" * 501, "Höchstens 500 Zeichen"),
        ("hinweis", "piep\u0007", "Steuerzeichen"),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_value_and_what_is_right(
    column: str, value: str, hint: str
) -> None:
    """The row before it and the row after it are taken all the same."""
    cells = dict(zip(COLUMNS, ERIKA.split(";"), strict=True)) | {"apotheke": "", column: value}

    rows, rejected = read(lines_of(JUERGEN, ";".join(cells.values()), ERIKA))

    assert [row.row for row in rows] == [2, 4]
    assert [(fault.row, fault.field, fault.value) for fault in rejected] == [(3, column, value)]
    assert hint in rejected[0].message


def test_every_fault_of_a_row_is_reported_at_once() -> None:
    """Nobody has to hand a file in four times to learn of four mistakes."""
    line = "gestern;;1.1.2099;;;MVZ;früh;;ja;;;;;"

    rows, rejected = read(lines_of(line))

    assert rows == []
    assert {fault.field for fault in rejected} == {
        "datum",
        "name",
        "geburtsdatum",
        "abholort",
        "termin",
    }


def test_a_pharmacy_without_a_way_back_is_refused() -> None:
    """The bus calls at a pharmacy on the way home only."""
    rows, rejected = read(lines_of(ERIKA.replace(";ja;ja;", ";nein;ja;")))

    assert rows == []
    assert [fault.field for fault in rejected] == ["apotheke"]


def test_a_row_that_stands_twice_counts_once() -> None:
    """Copied by mistake: the second is reported with the number of the first."""
    rows, rejected = read(lines_of(ERIKA, JUERGEN, ERIKA))

    assert [row.row for row in rows] == [2, 3]
    assert [fault.row for fault in rejected] == [4]
    assert "Zeile 2" in rejected[0].message


def test_blank_lines_keep_the_numbering_of_the_spreadsheet() -> None:
    """The number in a message is the one at the left of the spreadsheet."""
    rows, rejected = read(f"Fahrten am Dienstag\n\n{lines_of('', ERIKA, ';;;;', JUERGEN)}")

    assert rejected == []
    assert [row.row for row in rows] == [5, 7]


@pytest.mark.parametrize("content", [b"", b"  \n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_which_columns_it_should_have(content: bytes) -> None:
    """The message is what somebody needs who starts a new file."""
    with pytest.raises(UnreadableFileError, match=r"datum; name"):
        read_requests(content, "leer.csv", today=TODAY)


def test_a_file_with_only_a_header_is_unreadable() -> None:
    """Nothing to plan is not a success."""
    with pytest.raises(UnreadableFileError, match="nur die Kopfzeile"):
        read(lines_of())


def test_a_missing_column_is_named() -> None:
    """With those that are there, so that a misnamed one is found."""
    with pytest.raises(UnreadableFileError) as caught:
        read("datum;name;abholort;ziel;rueckfahrt;bemerkung\n2027-03-02;A;B;C;ja;\n")

    assert [fault.field for fault in caught.value.rejected] == ["termin"]
    assert caught.value.rejected[0].row == 1
    assert "bemerkung" in str(caught.value)


def test_a_misspelt_optional_column_stops_the_reading() -> None:
    """Were "hilfn" ignored, somebody's wheelchair would be left out of the plan."""
    with pytest.raises(UnreadableFileError, match="gemeint ist wohl „hilfen“"):
        read("datum;name;abholort;ziel;termin;rueckfahrt;hilfn\n2027-03-02;A;B;C;9:30;ja;\n")


def test_a_doubled_column_stops_the_reading() -> None:
    """Which of the two is meant cannot be known."""
    with pytest.raises(UnreadableFileError, match="mehrfach"):
        read("datum;name;abholort;ziel;termin;rueckfahrt;ziel\n2027-03-02;A;B;C;9:30;ja;D\n")


def test_columns_of_other_people_are_passed_over() -> None:
    """A running number and a remark of the office do no harm, in any order."""
    text = (
        "Nr.;Ziel;Abholort;Name;Datum;Termin;Rückfahrt;erfasst von\n"
        "1;MVZ;Talle;Erika Beispiel;2.3.2027;9:30 Uhr;ja;Büro\n"
    )

    (row,), rejected = read(text)

    assert rejected == []
    assert (row.origin, row.destination) == ("Talle", "MVZ")


def test_a_quotation_mark_that_is_never_closed_is_reported() -> None:
    """It would swallow all the rows below it."""
    with pytest.raises(UnreadableFileError, match="schließendes Anführungszeichen"):
        read(lines_of('2027-03-02;"Erika;;;Talle;MVZ;9:30;;ja;;;;;', JUERGEN))


@pytest.mark.parametrize(
    ("content", "name", "hint"),
    [
        (b"\x00\x01\x02\x03", "bild.csv", "kein Text"),
        (b"PK\x03\x04 broken", "kaputt.xlsx", "keine lesbare Excel-Datei"),
        (b"not a workbook", "kaputt.xlsx", "keine lesbare Excel-Datei"),
        (b"\xd0\xcf\x11\xe0", "alt.xls", "als .xlsx oder .csv speichern"),
        (b"hello\nworld\n", "brief.csv", "fehlt die Kopfzeile"),
        (b"datum;name" + b";" * 500, "breit.csv", "502 Feldern"),
    ],
)
def test_what_is_no_table_of_requests_is_refused_in_one_sentence(
    content: bytes, name: str, hint: str
) -> None:
    """Never a traceback, always what to do."""
    with pytest.raises(UnreadableFileError, match=hint):
        read_requests(content, name, today=TODAY)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A typing mistake in the name is the most usual one."""
    with pytest.raises(UnreadableFileError, match=r"„fehlt.csv“ gibt es nicht"):
        read_requests(tmp_path / "fehlt.csv", "fehlt.csv", today=TODAY)


def test_excel_dates_times_and_numbers_are_understood() -> None:
    """Excel keeps 2 March as a date, 09:30 as a time, 45 as a number."""
    cells: list[object] = [
        datetime(2027, 3, 2),  # noqa: DTZ001  (Excel knows no time zones)
        "Beispiel, Erika",
        date(1941, 5, 6),
        5264123,
        "Beispielstraße 3, Talle",
        "MVZ",
        time_of_day(9, 30),
        45.0,
        "ja",
        None,
        None,
        1,
        None,
        None,
    ]

    (row,), rejected = read_requests(workbook([*COLUMNS], cells), "w.xlsx", today=TODAY)

    assert rejected == []
    assert (row.date, row.born) == (date(2027, 3, 2), date(1941, 5, 6))
    assert (row.appointment, row.stay, row.companions) == (clock("09:30"), 45 * MINUTE, 1)
    assert row.phone == "5264123"


def test_merged_cells_are_refused_row_by_row_and_the_others_are_read() -> None:
    """A merged date belongs to the first row only; a merged title above harms nobody."""
    content = workbook(
        ["Fahrten im März"],
        [*COLUMNS],
        ERIKA.split(";"),
        [*ERIKA.split(";")[:1], "Otto", *ERIKA.split(";")[2:]],
        ["", "Anna", *ERIKA.split(";")[2:]],
        JUERGEN.split(";"),
        merge=("A1:N1", "A4:A5"),
    )

    rows, rejected = read_requests(content, "verbunden.xlsx", today=TODAY)

    assert [row.row for row in rows] == [3, 6]
    assert [(fault.row, fault.field, fault.value) for fault in rejected] == [
        (4, "datum", "A4:A5"),
        (5, "datum", "A4:A5"),
    ]
    assert "Verbindung aufheben" in rejected[0].message


def test_a_zip_bomb_is_not_unpacked() -> None:
    """A small archive that claims to hold gigabytes is refused by what it claims."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 201_000_000)

    with pytest.raises(UnreadableFileError, match="ausgepackt zu groß"):
        read_requests(file.getvalue(), "bombe.xlsx", today=TODAY)


def test_ten_thousand_rows_are_read_in_seconds() -> None:
    """Measured: 0.3 s; the limit leaves room for a slow machine."""
    lines = (ERIKA.replace("Erika", f"Erika {number}") for number in range(10_000))
    text = lines_of(*lines)

    begin = time.perf_counter()
    rows, rejected = read(text)

    assert (len(rows), rejected) == (10_000, [])
    assert time.perf_counter() - begin < 10


def test_what_is_written_is_read_again() -> None:
    """`write_requests` and `read_requests` are each other's inverse."""
    line = "2.3.2027;A;;;B;C;08:00-12:00;;12:40;Beispiel-Apotheke;Rollstuhl;;lebenswichtig;"
    rows, _ = read(lines_of(ERIKA, JUERGEN, line, ERIKA.replace(";ja;ja;", ";anruf;;")))

    again, rejected = read(write_requests(rows))

    assert rejected == []
    assert again == rows
