"""
Reading the files of a region, and saying everything that is wrong with them at once.

A reader never stops at the first mistake: it notes the mistake in `Findings`, goes on with a
stand-in, and `Findings.raise_if_any` ends the reading.
"""

import csv
import difflib
import io
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
        self.mistakes.append(Mistake(file, where, str(value), message))

    def raise_if_any(self) -> None:
        """Raise `RegionError` if there is a mistake."""
        if self.mistakes:
            raise RegionError(self.mistakes)


def _meant(value: str, known: Iterable[str]) -> str:
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
    text = _read_text(path, findings)
    if text is None:
        return []
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip(" ,;\t") and not line.startswith("#")
    ]
    if not lines:
        findings.add(path.name, "Zeile 1", "", f"die Überschrift fehlt: {','.join(needed)}")
        return []
    heading = lines[0][1]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
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


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        # A cell of more than 128 KiB: the wrong number of cells is told of.
        return []


def _read_text(path: Path, findings: Findings) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        findings.add(path.name, "Datei", "", f"fehlt im Ordner {path.parent.name!r}.")
    except UnicodeDecodeError:
        findings.add(path.name, "Datei", "", "muss als UTF-8 gespeichert sein.")
    return None


@dataclass(frozen=True)
class Table:
    """A table of a TOML file; *path* is where in the file it stands."""

    file: str
    path: str
    values: Mapping[str, Any]
    findings: Findings

    def _at(self, key: str) -> str:
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


def read_toml(path: Path, findings: Findings) -> Table:
    """Read a TOML file; empty, with the mistake noted, if that fails."""
    text = _read_text(path, findings)
    values: dict[str, Any] = {}
    if text is not None:
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            # Beside syntax errors: numbers of thousands of digits, a thousand brackets.
            findings.add(path.name, "Datei", "", f"ist kein gültiges TOML: {error}")
    return Table(path.name, "", values, findings)
