"""
Reading the files of a region, and saying everything that is wrong with them at once.

A reader never stops at the first mistake: it notes the mistake in `Findings`, goes on with a
stand-in, and `Findings.raise_if_any` ends the reading.
"""

import csv
import difflib
import io
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.errors import DataError
from routing.geo import Point
from scheduler.clock import Clock, clock
from scheduler.model import TimeWindow

LARGEST_TABLE = 20_000_000  # bytes; 100,000 addresses are 10 MB
MOST_ROWS, MOST_COLUMNS = 200_000, 100
LARGEST_TOML = 1_000_000  # bytes; the roster of a large club is 20 kB
LONGEST_LINE = 10_000  # of TOML: a key of very many parts would take hours
MOST_MISTAKES = 500  # more nobody reads
LONGEST_SHOWN = 80  # of a wrong value
LONGEST_NAME = 60  # of a key or column that may be a misspelt one


@dataclass(frozen=True)
class Mistake:
    """One mistake: in which file, at which row or key, what stands there, what would be right."""

    file: str
    where: str
    value: str
    message: str

    def __str__(self) -> str:
        stands = f" ({self.value!r})" if self.value else ""
        return f"{self.file}, {self.where}{stands}: {self.message}"


class RegionError(DataError):
    """The files of a region have mistakes; *mistakes* are all of them."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass
class Findings:
    """The mistakes found so far."""

    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, file: str, where: str, value: object, message: str) -> None:
        """Note a mistake; *message* says in German what would be right."""
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(file, where, _shown(value), message))
        elif len(self.mistakes) == MOST_MISTAKES:
            self.mistakes.append(Mistake(file, "Ende", "", "und weitere Fehler."))

    def raise_if_any(self) -> None:
        """Raise `RegionError` if there is a mistake."""
        if self.mistakes:
            raise RegionError(self.mistakes)


def _shown(value: object) -> str:
    """Begin of a value; some values of TOML are too deep or too long to be written."""
    try:
        text = str(value)
    except (ValueError, RecursionError):
        return "…"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _meant(value: str, known: Iterable[str]) -> str:
    if len(value) > LONGEST_NAME:
        return ""
    close = difflib.get_close_matches(value, list(known), n=1)
    return f" Gemeint ist vielleicht {close[0]!r}." if close else ""


@dataclass(frozen=True)
class Row:
    """One row of a table; *number* counts the lines of the file as a spreadsheet shows them."""

    file: str
    number: int
    cells: Mapping[str, str]
    findings: Findings

    def wrong(self, column: str, message: str) -> None:
        """Note that the cell of *column* is wrong."""
        where = f"Zeile {self.number}, Spalte {column}"
        self.findings.add(self.file, where, self.cells.get(column, ""), message)

    def text(self, column: str) -> str:
        """Read a text that may be empty."""
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        """Read a text that may not be empty."""
        value = self.text(column)
        if not value:
            self.wrong(column, "darf nicht leer sein.")
        return value

    def number_in(self, column: str, low: float, high: float, *, missing: float | None) -> float:
        """Read a number between *low* and *high*; an empty cell is *missing*, if that is given."""
        value = self.text(column)
        if not value and missing is not None:
            return missing
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            self.wrong(column, f"muss eine Zahl von {low:g} bis {high:g} sein, mit Punkt.")
            return low
        return number

    def point(self) -> Point:
        """Read the columns ``lat`` and ``lon``."""
        lat = self.number_in("lat", -90, 90, missing=None)
        return Point(lat, self.number_in("lon", -180, 180, missing=None))


def read_rows(
    path: Path, *, needed: Iterable[str], optional: Iterable[str] = (), findings: Findings
) -> list[Row]:
    """
    Read a CSV file with a heading; separated by commas or, as German Excel does, semicolons.

    Lines that begin with ``#`` and empty lines are skipped.
    """
    needed, optional = list(needed), list(optional)
    lines = _lines(path, needed, findings)
    if not lines:
        return []
    heading = lines[0][1]
    delimiter = _delimiter(heading)
    table = [_cells(line, delimiter) for _, line in lines]
    columns = [name.strip().lower() for name in table[0]]
    for name in needed:
        if name not in columns:
            where = f"Zeile {lines[0][0]}"
            findings.add(path.name, where, heading, f"die Spalte {name!r} fehlt.")
    for name in columns:
        if name not in needed and name not in optional:
            hint = _meant(name, [*needed, *optional])
            findings.add(path.name, f"Zeile {lines[0][0]}", name, f"unbekannte Spalte.{hint}")
    rows = []
    for (number, line), cells in zip(lines[1:], table[1:], strict=True):
        if len(cells) != len(columns):
            findings.add(
                path.name,
                f"Zeile {number}",
                line,
                f"hat {len(cells)} Felder statt {len(columns)}; ein Text, in dem das "
                "Trennzeichen vorkommt, steht in Anführungszeichen.",
            )
            continue
        named = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        rows.append(Row(path.name, number, named, findings))
    return rows


def _lines(path: Path, needed: Iterable[str], findings: Findings) -> list[tuple[int, str]]:
    """Lines in which something stands, with their numbers; none if the file is no table."""
    text = _read_text(path, findings, largest=LARGEST_TABLE)
    if text is None:
        return []
    if text.count("\n") + text.count("\r") > 2 * MOST_ROWS:
        findings.add(path.name, "Datei", "", f"hat mehr als {MOST_ROWS} Zeilen.")
        return []
    lines = [
        (number, line.rstrip("\n"))
        for number, line in enumerate(io.StringIO(text, newline=None), 1)
        if line.strip(" ,;\t\n") and not line.startswith("#")
    ]
    if not lines:
        findings.add(path.name, "Zeile 1", "", f"die Überschrift fehlt: {','.join(needed)}")
        return []
    widest = max(line.count(_delimiter(lines[0][1])) for _, line in lines) + 1
    if widest > MOST_COLUMNS:
        message = f"hat eine Zeile mit {widest} Feldern; erlaubt sind {MOST_COLUMNS}."
        findings.add(path.name, "Datei", "", message)
        return []
    return lines


def _delimiter(heading: str) -> str:
    return ";" if heading.count(";") > heading.count(",") else ","


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        # A cell of more than 128 KiB: the wrong number of cells is told of.
        return []


def _read_text(path: Path, findings: Findings, *, largest: int) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
        if len(content) <= largest:
            return content.decode("utf-8-sig")
        findings.add(path.name, "Datei", "", f"ist größer als {largest // 1_000_000} MB.")
    except FileNotFoundError:
        findings.add(path.name, "Datei", "", f"fehlt im Ordner {path.parent.name!r}.")
    except UnicodeDecodeError:
        findings.add(path.name, "Datei", "", "muss als UTF-8 gespeichert sein.")
    except OSError:
        findings.add(path.name, "Datei", "", "ist nicht zu lesen.")
    return None


@dataclass(frozen=True)
class Table:
    """A table of a TOML file; *path* is where in the file it stands."""

    file: str
    path: str
    values: Mapping[str, Any]
    findings: Findings

    def _at(self, key: str) -> str:
        key = _shown(key)
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, message: str) -> None:
        """Note that the value of *key* is wrong."""
        self.findings.add(self.file, self._at(key), self.values.get(key, ""), message)

    def only(self, *keys: str) -> None:
        """Note every key that is none of *keys*."""
        for key in self.values:
            if key not in keys:
                self.wrong(key, f"unbekannter Schlüssel.{_meant(key, keys)}")

    def text(self, key: str, missing: str | None = None) -> str:
        """Read a text; without *missing* it is needed and may not be empty."""
        value = self.values.get(key, missing)
        if not isinstance(value, str) or (missing is None and not value.strip()):
            self.wrong(key, "muss ein Text in Anführungszeichen sein.")
            return missing or ""
        return value.strip()

    def whole(self, key: str, low: int, high: int, missing: int | None = None) -> int:
        """Read a whole number between *low* and *high*."""
        value = self.values.get(key, missing)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.wrong(key, f"muss eine ganze Zahl von {low} bis {high} sein.")
            return low
        return value

    def truth(self, key: str, missing: bool | None = None) -> bool:  # noqa: FBT001 - a value
        """Read ``true`` or ``false``."""
        value = self.values.get(key, missing)
        if not isinstance(value, bool):
            self.wrong(key, "muss true oder false sein.")
            return False
        return value

    def day(self, key: str) -> date:
        """Read a date."""
        value = self.values.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(key, "muss ein Datum wie 2027-03-02 sein, ohne Anführungszeichen.")
            return date.min
        return value

    def moment(self, key: str) -> Clock:
        """Read a time of day."""
        try:
            return clock(self.text(key))
        except ValueError:
            self.wrong(key, 'muss eine Uhrzeit wie "08:30" sein.')
            return 0

    def window(self) -> TimeWindow:
        """Read ``from`` and ``until``."""
        earliest, latest = self.moment("from"), self.moment("until")
        if earliest > latest:
            self.wrong("until", "muss nach 'from' liegen.")
            return TimeWindow(earliest, earliest)
        return TimeWindow(earliest, latest)

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, "muss eine Liste von Texten sein.")
            return ()
        return tuple(value)

    def table(self, key: str) -> "Table":
        """Read a table, empty if it is missing."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"muss eine Tabelle sein: [{self._at(key)}]")
            value = {}
        return Table(self.file, self._at(key), value, self.findings)

    def tables(self, key: str) -> "list[Table]":
        """Read a list of tables, empty if it is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(key, f"muss eine Liste von Tabellen sein: [[{self._at(key)}]]")
            return []
        return [
            Table(self.file, f"{self._at(key)}[{number}]", item, self.findings)
            for number, item in enumerate(value, 1)
        ]


def _place(error: str) -> str:
    """Where tomllib stopped, as it says in English."""
    found = re.search(r"line (\d+), column (\d+)", error)
    return f", Zeile {found[1]}, Stelle {found[2]}" if found else ""


def read_toml(path: Path, findings: Findings) -> Table:
    """Read a TOML file; empty, with the mistake noted, if that fails."""
    text = _read_text(path, findings, largest=LARGEST_TOML)
    values: dict[str, Any] = {}
    if text is not None and any(len(line) > LONGEST_LINE for line in text.splitlines()):
        message = f"hat eine Zeile mit mehr als {LONGEST_LINE} Zeichen."
        findings.add(path.name, "Datei", "", message)
    elif text is not None:
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            # Beside syntax errors: numbers of thousands of digits, a thousand brackets.
            findings.add(path.name, "Datei", "", f"ist kein gültiges TOML{_place(str(error))}.")
    return Table(path.name, "", values, findings)
