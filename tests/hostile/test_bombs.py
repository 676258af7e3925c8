"""
Files that are small and want gigabytes: each is refused in German before it gets them.

Each is read in a process that may not have them (`tests.hostile_reader`); what it takes at most is
measured, and that is no question of time.
"""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from data.archive import Manifest
from data.request_rows import COLUMNS
from tests.builders_hostile import fresh
from tests.builders_regions import KALLETAL

ROOT = Path(__file__).parents[2]
MB = 1_000_000
MOST_GROWN = 450 * MB

HEADER = ";".join(COLUMNS).encode() + b"\n"
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
LAUGHS = b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha" * 50) for n in range(10)
)
OSM = b'<?xml version="1.0"?><osm version="0.6">'

Pieces = Iterable[bytes]
Spoil = Callable[[Path], object]


def read_all(kind: str, files: Iterable[Path]) -> list[dict[str, object]]:
    """Read each file in a process of its own; how it ended."""
    command = [sys.executable, "-m", "tests.hostile_reader", kind, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=540)
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_refused(kind: str, files: Iterable[Path]) -> None:
    files = list(files)
    ended = read_all(kind, files)
    assert len(ended) == len(files)
    for each in ended:
        assert each.get("refused"), each
        grown = each["grown"]
        assert isinstance(grown, int)
        assert grown <= MOST_GROWN, each


def sparse(file: Path, begin: bytes, size: int) -> None:
    """A file that is as long as that and has hardly anything on the disk."""
    with file.open("wb") as opened:
        opened.write(begin)
        opened.truncate(size)


def repeated(piece: bytes, times: int) -> Pieces:
    """So many pieces, many of them at a time."""
    many = piece * 10_000
    yield from (many for _ in range(times // 10_000))


def workbook(sheet: Pieces, **others: Pieces) -> bytes:
    """An .xlsx with a sheet, and perhaps other parts, of these bytes."""
    good, file = io.BytesIO(), io.BytesIO()
    pd.DataFrame([1]).to_excel(good, header=False, index=False)
    own = {"sheet1.xml": sheet, **{f"{name}.xml": pieces for name, pieces in others.items()}}
    with (
        zipfile.ZipFile(good) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for entry in source.namelist():
            pieces = own.get(entry.rpartition("/")[2], [source.read(entry)])
            with target.open(entry, "w") as part:
                for piece in pieces:
                    part.write(piece)
    return file.getvalue()


def cells(row: bytes) -> Pieces:
    return [SHEET, row, END]


def many_parts() -> bytes:
    file = io.BytesIO(workbook(cells(b"")))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.xml", b"")
    return file.getvalue()


TABLES: dict[str, Callable[[], bytes]] = {
    "lines.csv": lambda: HEADER + b"ab\n" * 6_000_000,
    "columns.csv": lambda: HEADER + b";" * 1_000_000,
    "cells.csv": lambda: HEADER + (b";" * 199 + b"\n") * 95_000,
    "quote.csv": lambda: HEADER + b'"' + b"x\n" * 9_000_000,
    "faces.csv": lambda: "\N{PILE OF POO}".encode() * 4_900_000,
    "utf16.csv": lambda: b"\xff\xfe" + b"a\0" * 9_900_000,
    "column.csv": lambda: b"x" * 19_000_000 + b";" + HEADER,
    "gigabyte.xlsx": lambda: workbook([SHEET, *repeated(b"<row/>", 180_000_000), END]),
    "rows.xlsx": lambda: workbook([SHEET, *repeated(b"<row/>", 10_000_000), END]),
    "row.xlsx": lambda: workbook([SHEET, b"<row>", *repeated(b"<c/>", 9_000_000), b"</row>", END]),
    "corner.xlsx": lambda: workbook(
        cells(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    ),
    "beyond.xlsx": lambda: workbook(cells(b'<row r="%d"><c><v>1</v></c></row>' % 10**15)),
    "corners.xlsx": lambda: workbook(
        [SHEET, *repeated(b'<row><c r="XFD1"><v>1</v></c></row>', 20_000), END]
    ),
    "dimension.xlsx": lambda: workbook(
        [SHEET.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'), END]
    ),
    "tag.xlsx": lambda: workbook([SHEET, b"<row ", *repeated(b' a1="x"', 5_000_000), b">", END]),
    "attributes.xlsx": lambda: workbook(
        cells(b"<row " + b" ".join(b'a%d=""' % n for n in range(2_000_000)) + b"/>")
    ),
    "deep.xlsx": lambda: workbook([SHEET, *repeated(b"<row>", 1_000_000)]),
    "laughs.xlsx": lambda: workbook(
        [b"<!DOCTYPE x [" + LAUGHS + b"]>", *cells(b"<row><c><v>&a9;</v></c></row>")]
    ),
    "strings.xlsx": lambda: workbook(
        cells(b'<row><c t="s"><v>0</v></c></row>'),
        sharedStrings=[
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
            *repeated(b"<si><t>x</t></si>", 5_000_000),
            b"</sst>",
        ],
    ),
    "text.xlsx": lambda: workbook(
        [SHEET, b'<row><c t="inlineStr"><is><t>', *repeated(b"x" * 99, 900_000), b"</t></is></c>"]
    ),
    "merged.xlsx": lambda: workbook(
        [SHEET, b"</sheetData><mergeCells>", b'<mergeCell ref="A1:XFD1048576"/>' * 100_000]
    ),
    "parts.xlsx": many_parts,
}


def test_tables_that_want_gigabytes_are_refused(tmp_path: Path) -> None:
    """Lines, columns, cells, far corners, entities, strings, parts: none gets what it wants."""
    files = []
    for name, content in TABLES.items():
        files.append(tmp_path / name)
        files[-1].write_bytes(content())
    sparse(tmp_path / "line.csv", HEADER, 1_000 * MB)
    assert_refused("table", [*files, tmp_path / "line.csv"])


def calendar(*pieces: bytes) -> bytes:
    return b"BEGIN:VCALENDAR\r\n" + b"".join(pieces) + b"END:VCALENDAR\r\n"


def test_calendars_that_want_gigabytes_get_little(tmp_path: Path) -> None:
    """A megabyte of events within events, of parameters, of lines; and a line of a gigabyte."""
    contents = {
        "deep": calendar(b"BEGIN:VEVENT\r\n" * 33_000, b"END:VEVENT\r\n" * 33_000),
        "flat": calendar(b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 37_000),
        "parameters": calendar(b"BEGIN:VEVENT\r\nX", b";A=b" * 220_000, b":x\r\nEND:VEVENT\r\n"),
        "days": calendar(b"BEGIN:VEVENT\r\nRRULE:BYDAY=", b"MO," * 300_000, b"\r\nEND:VEVENT\r\n"),
        "lines": b"\n" * 990_000,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    sparse(tmp_path / "line", b"BEGIN:VCALENDAR\r\n", 1_000 * MB)
    ended = read_all("calendar", [*(tmp_path / name for name in contents), tmp_path / "line"])
    assert [each.get("failed") for each in ended] == [None] * 6
    assert all(int(str(each["grown"])) <= MOST_GROWN for each in ended), ended
    assert ended[-1]["refused"]


def test_plans_that_want_gigabytes_are_refused(tmp_path: Path) -> None:
    """Deep JSON, a number of a million digits, a line of a gigabyte, and a device without end."""
    for name, content in {
        "deep": b"[" * 9_000_000,
        "objects": b'{"a":' * 1_000_000,
        "lists": b"[" + b"[]," * 3_000_000 + b"[]]",
        "number": b'{"format":' + b"1" * 1_000_000 + b"}",
    }.items():
        (tmp_path / name).write_bytes(content)
    sparse(tmp_path / "line", b'{"format":"', 1_000 * MB)
    names = ("deep", "objects", "lists", "number", "line")
    assert_refused("plan", [*(tmp_path / name for name in names), Path("/dev/zero")])


def backup(file: Path, *, size: int, pieces: Pieces, more: int = 0) -> None:
    manifest = Manifest("2027-03-02T10:00:00", "sqlite", "0001", {}, sha256="0" * 64, size=size)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("manifest.json", json.dumps(vars(manifest)))
        with archive.open("database", "w", force_zip64=True) as target:
            for piece in pieces:
                target.write(piece)
        # The table of contents only, which is written at the end: no part is there.
        archive.filelist += archive.filelist * more


def test_backups_that_want_gigabytes_are_refused(tmp_path: Path) -> None:
    """More than was promised, more than there is room for, and a table of contents without end."""
    backup(tmp_path / "more", size=1_000, pieces=repeated(b"\0" * 100, 500_000))
    backup(tmp_path / "parts", size=0, pieces=[], more=100_000)
    backup(tmp_path / "room", size=10**17, pieces=[])
    with zipfile.ZipFile(tmp_path / "manifest", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 100 * MB)
        archive.writestr("database", b"")
    sparse(tmp_path / "zeros", b"PK\3\4", 1_000 * MB)
    names = ("more", "parts", "room", "manifest", "zeros")
    assert_refused("backup", [tmp_path / name for name in names])


def squeezed(member: bytes, times: int, *, head: bytes) -> bytes:
    """A .gz of a gigabyte or more: the same member over and over."""
    return gzip.compress(head) + gzip.compress(member) * times


def pbf(raw_size: int) -> bytes:
    """A PBF of one block that claims to be so large."""
    number = bytearray()
    while raw_size > 127:
        number.append(raw_size & 127 | 128)
        raw_size >>= 7
    blob = b"\x10" + bytes(number) + bytes([raw_size]) + b"\x1a\x00"
    header = b"\x0a\x07OSMData\x18" + bytes([len(blob)])
    return len(header).to_bytes(4, "big") + header + blob


def test_maps_that_want_gigabytes_are_refused(tmp_path: Path) -> None:
    """A gigabyte of points, packed; blocks of a PBF; entities; a long line."""
    nodes = b'<node id="1" lat="52.1" lon="8.9"/>' * 300_000
    contents = {
        "nodes.osm.gz": squeezed(nodes, 110, head=OSM),
        "laughs.osm": b"<!DOCTYPE osm [" + LAUGHS + b']><osm version="0.6">&a9;</osm>',
        "block.osm.pbf": pbf(2**31 - 1),
        "blocks.osm.pbf": pbf(7 * MB) * 1_000,
        "deep.osm": OSM + b"<node>" * 1_000_000,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    sparse(tmp_path / "line.osm", OSM, 2_000 * MB)
    assert_refused("map", [*(tmp_path / name for name in contents), tmp_path / "line.osm"])


def spoil_network(folder: Path, name: str, content: Pieces) -> None:
    """Put other bytes into one part of network.npz."""
    file = folder / "network.npz"
    with zipfile.ZipFile(file) as source:
        parts = {entry: source.read(entry) for entry in source.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for entry, good in parts.items():
            with target.open(entry, "w", force_zip64=True) as part:
                for piece in content if entry == f"{name}.npy" else [good]:
                    part.write(piece)


def huge_array() -> bytes:
    """The head of an array of a terabyte, and nothing of it."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f8", "fortran_order": False, "shape": (10**11,)}
    )
    return file.getvalue()


REGIONS: dict[str, Spoil] = {
    "lines": lambda folder: (folder / "places.csv").write_bytes(b"ab\n" * 6_000_000),
    "short": lambda folder: (folder / "addresses.csv").write_bytes(b"a,b\n" * 50_000),
    "columns": lambda folder: (folder / "places.csv").write_bytes(b"a," * 1_000_000),
    "line": lambda folder: sparse(folder / "addresses.csv", b"street", 1_000 * MB),
    "toml": lambda folder: sparse(folder / "roster.toml", b"a = '", 1_000 * MB),
    "keys": lambda folder: (folder / "roster.toml").write_bytes(b"a." * 499_000),
    "tables": lambda folder: (folder / "fleet.toml").write_bytes(b"[[a]]\n" * 160_000),
    "number": lambda folder: (folder / "policy.toml").write_bytes(b"ride = 0x" + b"f" * 9_000),
    "huge": lambda folder: spoil_network(folder, "node_lat", [huge_array()]),
    "zeros": lambda folder: spoil_network(
        folder, "node_lat", [b"\x93NUMPY", *repeated(b"\0" * 1_000, 1_010_000)]
    ),
}


def test_regions_that_want_gigabytes_are_refused(tmp_path: Path) -> None:
    """Lines, columns, keys of a million parts, arrays of a terabyte that is not there."""
    folders = []
    for name, spoil in REGIONS.items():
        folders.append(fresh(tmp_path / name, KALLETAL))
        spoil(folders[-1])
    assert_refused("region", folders)
