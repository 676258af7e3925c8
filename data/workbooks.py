"""
Excel files from anywhere: the cells of the first sheet, without trusting a byte of them.

A workbook is a ZIP archive of XML. A kilobyte of it can unpack to gigabytes, and a single cell in
the last corner can stand for billions of empty ones. So its XML is looked through first, in one
pass that keeps nothing, and only what is within bounds is handed to openpyxl, row by row.

Only here openpyxl is imported.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

LARGEST_UNPACKED = 100_000_000  # bytes; 20,000 rows are about 20 MB
MOST_PARTS = 1_000  # files in the archive
MOST_ELEMENTS = 2_000_000  # of XML, in all parts together; 20,000 rows have about 900,000
MOST_IN_ROW = 20_000  # cells; Excel has 16,384 columns
MOST_MERGED = 1_000
LONGEST_TAG = 1_000_000  # bytes
DEEPEST = 100  # elements within elements

_BLOCK = 1 << 16
_ENTRY = b"PK\x01\x02"  # begins each entry of an archive's table of contents
_FILLED = {"v", "is"}  # elements of a cell in which something stands
_ERROR = "e"  # openpyxl's type of #NAME? and its like


class WorkbookError(ValueError):
    """A file that is no workbook, or one out of all bounds; the message is German."""


@dataclass
class Sheet:
    """What was seen of one part: the last row in which something stands, and merged cells."""

    last_row: int = 0
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Merged:
    """Cells that are merged: *name* such as "A2:B3", and where they lie, counted from 1."""

    name: str
    rows: range
    columns: range


def read_first_sheet(
    content: bytes, *, most_rows: int, most_columns: int
) -> tuple[list[list[object]], list[Merged]]:
    """
    Read the cells of the first sheet, ``None`` where nothing stands, and which are merged.

    Columns beyond *most_columns* are passed over.

    Raises
    ------
    WorkbookError
        If it is no workbook, is too large in any way, or has more rows.
    """
    sheets = _examine(content)
    from openpyxl.reader.excel import load_workbook

    try:
        with warnings.catch_warnings(action="ignore"):  # about styles that it does not know
            book = load_workbook(  # type: ignore[no-untyped-call]
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            try:
                sheet = book.worksheets[0]
                seen = sheets[sheet._worksheet_path]
                if seen.last_row > most_rows:
                    raise _TooManyRowsError
                rows = sheet.iter_rows(max_row=max(seen.last_row, 1), max_col=most_columns)
                cells = [[_value(cell) for cell in row] for row in rows]
            finally:
                book.close()
            return cells, [_merged(ref) for ref in seen.merged]
    except _TooManyRowsError as error:
        msg = f"hat mehr als {most_rows} Zeilen"
        raise WorkbookError(msg) from error
    except Exception as error:  # openpyxl fails in a dozen ways on a broken file
        raise WorkbookError(_UNREADABLE) from error


class _TooManyRowsError(Exception):
    pass


_UNREADABLE = "ist keine lesbare Excel-Datei (.xlsx)"


def _value(cell: Any) -> object:
    return None if cell.data_type == _ERROR else cell.value


def _merged(ref: str) -> Merged:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(ref)  # type: ignore[no-untyped-call]
    return Merged(ref, range(top, bottom + 1), range(left, right + 1))


def _examine(content: bytes) -> Mapping[str, Sheet]:
    """Look through every part; nothing of it is kept but what `Sheet` says."""
    if content.count(_ENTRY) > MOST_PARTS:
        msg = f"besteht aus mehr als {MOST_PARTS} Teilen"
        raise WorkbookError(msg)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                msg = f"ist ausgepackt zu groß: {unpacked // 1_000_000} MB"
                raise WorkbookError(msg)
            left = _Budget()
            return {
                entry.filename: _look_through(archive, entry, left)
                for entry in archive.infolist()
                if entry.filename.lower().endswith((".xml", ".rels"))
            }
    except WorkbookError:
        raise
    except Exception as error:  # zipfile and zlib have many ways to be surprised
        raise WorkbookError(_UNREADABLE) from error


@dataclass
class _Budget:
    elements: int = MOST_ELEMENTS


def _look_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: _Budget) -> Sheet:
    looking = _Looking(left)
    with archive.open(entry) as part:
        looking.at(iter(lambda: part.read(_BLOCK), b""))
    return looking.sheet


class _Looking:
    """Counts what would cost memory, in one pass over a part."""

    def __init__(self, left: _Budget) -> None:
        self.sheet = Sheet()
        self._left = left
        self._depth = self._row = self._cells = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def at(self, blocks: Iterator[bytes]) -> None:
        fed = 0
        for block in blocks:
            self._parser.Parse(block, False)
            fed += len(block)
            # Text comes in pieces, so what goes on for so long is a single tag.
            if fed - self._parser.CurrentByteIndex > LONGEST_TAG:
                raise WorkbookError(_UNREADABLE)
        self._parser.Parse(b"", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self._depth += 1
        self._left.elements -= 1
        if self._left.elements < 0:
            msg = "hat zu viele Zellen"
            raise WorkbookError(msg)
        if self._depth > DEEPEST:
            raise WorkbookError(_UNREADABLE)
        if name == "row":
            self._cells = 0
            self._row = int(float(attributes.get("r", self._row + 1)))
        elif name == "c":
            self._cells += 1
            if self._cells > MOST_IN_ROW:
                msg = f"hat mehr als {MOST_IN_ROW} Zellen in einer Zeile"
                raise WorkbookError(msg)
        elif name in _FILLED:
            self.sheet.last_row = max(self.sheet.last_row, self._row)
        elif name == "mergeCell":
            self.sheet.merged.append(attributes.get("ref", ""))
            if len(self.sheet.merged) > MOST_MERGED:
                msg = f"hat mehr als {MOST_MERGED} verbundene Zellen"
                raise WorkbookError(msg)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _doctype(self, *_: object) -> None:
        # No program writes one into a workbook; entities that grow hide in it.
        raise WorkbookError(_UNREADABLE)
