"""
Tables of requests in files: CSV and Excel in, CSV out. The only module that uses pandas, which
takes a second to import and is only imported when a file comes; `data.workbooks` opens Excel's.

A file of which no row can be used raises `UnreadableFileError`; a wrong row in a good file is
reported beside the good ones.
"""

import codecs
import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from data.errors import Rejected, UnreadableFileError
from data.request_rows import COLUMNS, REQUIRED, RequestRow, read_row, row_cells
from data.workbooks import Merged, WorkbookError, read_first_sheet

if TYPE_CHECKING:
    import pandas as pd

LARGEST_FILE = 20_000_000  # bytes; 10,000 rows are about 1.5 MB
MOST_ROWS, MOST_COLUMNS = 20_000, 200  # a Bürgerbus carries 6,000 people a year (FIELD.md)
MOST_LINES = 2 * MOST_ROWS  # of text: a cell in quotation marks may have several
LONGEST_COLUMN_NAME = 60  # longer ones are not looked at twice
HEADER_WITHIN = 10  # rows in which the column names are looked for, below a title

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

# One cell per column, "" where nothing stands.
Cells = list[str]


def read_requests(
    source: Path | bytes, filename: str, *, today: dt.date
) -> tuple[list[RequestRow], list[Rejected]]:
    """
    Read every row of a CSV or Excel file that can be understood, and say what is wrong elsewhere.

    Parameters
    ----------
    source
        The file, or its content.
    filename
        Its name; ".xlsx" is read as Excel, everything else as CSV.
    today
        Nobody is born after it.

    Raises
    ------
    UnreadableFileError
        If no row can be read at all: empty, not a table, a column is missing.
    """
    content = _content(source, filename)
    suffix = PurePath(filename).suffix.lower()
    if suffix in {".xls", ".ods"}:
        msg = f"„{filename}“ ist kein .xlsx. Bitte als .xlsx oder .csv speichern."
        raise UnreadableFileError(msg)
    if suffix == ".xlsx" or content.startswith(b"PK\x03\x04"):
        table, merged = _read_excel(content, filename)
    else:
        table, merged = _read_csv(_decode(content, filename), filename), {}
    header = _find_header(table, filename)
    columns = _columns(table[header], row=header + 1, filename=filename)
    width = max(place for place, name in enumerate(table[header], start=1) if name)

    rows: list[RequestRow] = []
    rejected: list[Rejected] = []
    first_seen: dict[RequestRow, int] = {}
    for number, cells in enumerate(table[header + 1 :], start=header + 2):
        if number in merged:
            rejected.append(_refuse_merged(number, merged[number], columns))
        elif any(cells[width:]) and suffix != ".xlsx":
            message = (
                f"Hat mehr Felder als die Kopfzeile ({width}); ein Text mit Trennzeichen "
                "gehört in Anführungszeichen."
            )
            rejected.append(Rejected(number, "", "", message))
        elif any(cells):
            named = {name: cells[place] for name, place in columns.items()}
            row = read_row(named, row=number, today=today)
            if isinstance(row, list):
                rejected.extend(row)
            elif (twin := first_seen.setdefault(row, number)) != number:
                message = f"Steht genauso schon in Zeile {twin} und zählt nur einmal."
                rejected.append(Rejected(number, "", "", message))
            else:
                rows.append(row)
    if not rows and not rejected:
        msg = f"„{filename}“ enthält nur die Kopfzeile und keine Fahrtwünsche."
        raise UnreadableFileError(msg)
    return rows, rejected


def write_requests(rows: Iterable[RequestRow]) -> str:
    """Rows as CSV text with semicolons, the way `read_requests` reads it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row_cells(row) for row in rows)
    return text.getvalue()


def _content(source: Path | bytes, filename: str) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            size = source.stat().st_size if source.is_file() else -1
        except OSError:
            size = -1
        if size < 0:
            msg = f"Die Datei „{filename}“ gibt es nicht."
            raise UnreadableFileError(msg)
    if size > LARGEST_FILE:
        msg = f"„{filename}“ ist zu groß: {size // 1_000_000} MB, erlaubt sind 20."
        raise UnreadableFileError(msg)
    content = source if isinstance(source, bytes) else source.read_bytes()
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        msg = (
            f"„{filename}“ ist leer. In der ersten Zeile stehen die Spalten: {'; '.join(COLUMNS)}."
        )
        raise UnreadableFileError(msg)
    return content


def _decode(content: bytes, filename: str) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, or Windows-1252 as German Excel writes it."""
    encodings = ("utf-8-sig", "cp1252")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16", "utf-16")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    msg = f"„{filename}“ ist kein Text in UTF-8 oder Windows-1252; bitte als CSV (UTF-8) speichern."
    raise UnreadableFileError(msg)


def _read_csv(text: str, filename: str) -> list[Cells]:
    if text.count("\n") + text.count("\r") - text.count("\r\n") > MOST_LINES:
        msg = f"„{filename}“ hat mehr als {MOST_ROWS} Zeilen."
        raise UnreadableFileError(msg)
    # One line after the other: all of them at once are many times the file.
    first = islice(io.StringIO(text, newline=None), HEADER_WITHIN)
    head = max(first, key=lambda line: _known(re.split("[;,\t]", line)), default="")
    separator = max(";,\t", key=head.count)
    # Without a fixed number of columns pandas takes the first line's and stops at a longer one.
    lines = io.StringIO(text, newline=None)
    width = 1 + max((line.count(separator) for line in lines), default=0)
    if width > MOST_COLUMNS:
        msg = f"„{filename}“ hat eine Zeile mit {width} Feldern; erlaubt sind {MOST_COLUMNS}."
        raise UnreadableFileError(msg)
    import pandas as pd

    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            nrows=MOST_ROWS + 1,
        )
    except pd.errors.ParserError as error:
        found = re.search(r"(?:row|line) (\d+)", str(error))
        where = f" ab Zeile {int(found[1]) + 1}" if found else ""
        msg = f"„{filename}“ ist{where} keine Tabelle; fehlt ein schließendes Anführungszeichen?"
        raise UnreadableFileError(msg) from error
    return _as_cells(frame, filename)


def _read_excel(content: bytes, filename: str) -> tuple[list[Cells], dict[int, Merged]]:
    """Cells of the first sheet, and the rows in which cells are merged, with the range."""
    try:
        table, ranges = read_first_sheet(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
    except WorkbookError as error:
        msg = f"„{filename}“ {error}."
        raise UnreadableFileError(msg) from error
    merged = {}
    for cells in ranges:
        rows = range(cells.rows.start, min(cells.rows.stop, len(table) + 1))
        merged.update(dict.fromkeys(rows, cells))
    return [[_cell_text(value) for value in row] for row in table], merged


def _refuse_merged(row: int, cells: Merged, columns: Mapping[str, int]) -> Rejected:
    name = next((name for name, place in columns.items() if place + 1 in cells.columns), "")
    message = (
        "Verbundene Zellen sind nicht eindeutig; bitte die Verbindung aufheben und jede "
        "Zelle ausfüllen."
    )
    return Rejected(row, name, cells.name, message)


def _as_cells(frame: "pd.DataFrame", filename: str) -> list[Cells]:
    if len(frame) > MOST_ROWS:
        msg = f"„{filename}“ hat mehr als {MOST_ROWS} Zeilen."
        raise UnreadableFileError(msg)
    return [[_cell_text(value) for value in values] for values in frame.to_numpy().tolist()]


def _cell_text(value: Any) -> str:
    """Write what a spreadsheet holds as people would type it."""
    text = str(value).strip()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        text = ""
    elif isinstance(value, bool):
        text = "ja" if value else "nein"
    elif isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        text = value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    elif isinstance(value, dt.time):
        text = value.isoformat("minutes")
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return text


def _find_header(table: Sequence[Cells], filename: str) -> int:
    """Find the row of the first few that has the most column names."""
    first = table[:HEADER_WITHIN]
    best = max(range(len(first)), key=lambda row: (_known(first[row]), -row), default=0)
    if not first or not _known(first[best]):
        msg = f"In „{filename}“ fehlt die Kopfzeile mit den Spalten: {'; '.join(COLUMNS)}."
        raise UnreadableFileError(msg, (Rejected(1, "", "", msg),))
    return best


def _columns(header: Cells, *, row: int, filename: str) -> dict[str, int]:
    """Place of each column; a column that is missing, doubled or misspelt stops the reading."""
    names = [_plain(name) for name in header]
    faults = [
        Rejected(row, name, "", "Diese Spalte gibt es mehrfach.")
        for name in COLUMNS
        if names.count(name) > 1
    ]
    missing = [name for name in COLUMNS if name not in names]
    for written, name in zip(header, names, strict=True):
        if name in COLUMNS or not 0 < len(name) <= LONGEST_COLUMN_NAME:
            continue
        if meant := get_close_matches(name, missing, 1, 0.75):
            message = f"Unbekannte Spalte „{written}“; gemeint ist wohl „{meant[0]}“."
            faults.append(Rejected(row, meant[0], written, message))
            missing.remove(meant[0])
    for name in missing:
        if name in REQUIRED:
            found = ", ".join(name[:LONGEST_COLUMN_NAME] for name in header if name)
            message = f"Diese Spalte fehlt. Vorhanden sind: {found}."
            faults.append(Rejected(row, name, "", message))
    if faults:
        msg = f"„{filename}“ kann nicht gelesen werden. " + " ".join(str(f) for f in faults)
        raise UnreadableFileError(msg, tuple(faults))
    return {name: names.index(name) for name in COLUMNS if name in names}


def _known(cells: Iterable[str]) -> int:
    return sum(_plain(cell) in COLUMNS for cell in cells)


def _plain(name: str) -> str:
    """Column names may be written with umlauts, capitals, spaces and quotation marks."""
    return name.strip().strip('"').strip().casefold().translate(_UMLAUTS)
