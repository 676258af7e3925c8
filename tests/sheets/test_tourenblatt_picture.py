"""The printed sheets as pictures: typst draws it, and the paper is looked at dot by dot."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from api.sheets.pdf import aenderungsblatt_pictures, tourenblatt_pictures
from scheduler.change_sheet import ChangeSheet
from scheduler.manifest import Manifest
from tests.builders_changes import EVERY_CHANGE
from tests.builders_sheets import (
    EVERY_SHEET,
    MVZ,
    alights,
    boards,
    full_morning,
    manifest,
    sixty_stops,
    stop,
)

DOTS_PER_MM = 1
PIXELS_PER_INCH = 25.4 * DOTS_PER_MM
Picture = NDArray[np.uint8]


def read_png(file: bytes) -> Picture:
    """Rows, columns and (red, green, blue, opaque) of a PNG of 8 bits, as typst writes it."""
    at, packed = 8, b""
    width = height = 0
    while at < len(file):
        length, kind = struct.unpack(">I4s", file[at : at + 8])
        chunk = file[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", chunk[:10])
            assert (depth, colours) == (8, 6)
        packed += chunk if kind == b"IDAT" else b""
        at += length + 12
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 4 * width)
    above = np.zeros((width, 4), np.uint8)
    rows = []
    for line in lines:
        above = unfilter(int(line[0]), line[1:].reshape(width, 4), above)
        rows.append(above)
    return np.stack(rows)


def unfilter(kind: int, row: Picture, above: Picture) -> Picture:
    """Undo one of the five filters of PNG (ISO/IEC 15948, 9.2)."""
    if kind == 0:
        return row
    if kind == 1:
        return np.cumsum(row, axis=0, dtype=np.uint8)
    if kind == 2:
        return row + above
    done = np.zeros_like(row)
    left = corner = np.zeros(4, np.int64)
    for x in range(len(row)):
        up = above[x].astype(np.int64)
        if kind == 3:
            guess = (left + up) // 2
        else:
            far = np.abs(up - corner), np.abs(left - corner), np.abs(left + up - 2 * corner)
            nearest = np.where(far[1] <= far[2], up, corner)
            guess = np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, nearest)
        done[x] = (row[x] + guess) % 256
        left, corner = done[x].astype(np.int64), up
    return done


def pictures(sheet: Manifest | ChangeSheet) -> list[Picture]:
    """Each page of a sheet, one dot to the millimetre."""
    if isinstance(sheet, ChangeSheet):
        return [read_png(page) for page in aenderungsblatt_pictures(sheet, PIXELS_PER_INCH)]
    return [read_png(page) for page in tourenblatt_pictures(sheet, PIXELS_PER_INCH)]


def ink(page: Picture, *, below: int = 200) -> NDArray[np.bool_]:
    """Where the paper is not white; a fine line makes its millimetre hardly grey."""
    return np.asarray((page[:, :, :3] < below).any(axis=2))


@pytest.mark.parametrize(
    "build", [*(each for each in EVERY_SHEET if each is not sixty_stops), *EVERY_CHANGE]
)
def test_nothing_runs_off_the_paper(build: Callable[[], Manifest | ChangeSheet]) -> None:
    """Holes are punched on the left, printers cut on the right: both stay white."""
    for page in pictures(build()):
        height, width, _ = page.shape
        assert (width, height) == (210 * DOTS_PER_MM, 297 * DOTS_PER_MM)
        dots = ink(page)
        assert not dots[:, : 18 * DOTS_PER_MM].any()
        assert not dots[:, -11 * DOTS_PER_MM :].any()
        assert not dots[: 8 * DOTS_PER_MM].any()
        assert not dots[-8 * DOTS_PER_MM :].any()
        assert dots.any()


@pytest.mark.parametrize("build", [*EVERY_SHEET, *EVERY_CHANGE])
def test_no_page_ends_half_empty(build: Callable[[], Manifest | ChangeSheet]) -> None:
    """What goes overleaf as a whole is no higher than half a page."""
    foot = (297 - 21) * DOTS_PER_MM
    *pages, _ = pictures(build())

    for page in pages:
        # (297 - 19 - 21) mm / 2, and the air around a halt.
        assert ink(page)[foot - 133 * DOTS_PER_MM : foot - DOTS_PER_MM].any()


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_the_last_page_has_lines_for_remarks(build: Callable[[], Manifest]) -> None:
    """As many as there is room for."""
    foot = (297 - 21) * DOTS_PER_MM
    last = pictures(build())[-1]

    assert ink(last, below=250)[foot - 32 * DOTS_PER_MM : foot - DOTS_PER_MM].any()


@pytest.mark.parametrize("halts", range(1, 8))
def test_there_are_never_less_than_three_lines_for_remarks(halts: int) -> None:
    """Where the tour ends at the foot of a page, they stand on the next one."""
    tour = [stop(at, "08:14", "08:17", MVZ, boards("Beispiel", "08:14")) for at in range(halts)]
    last = ink(pictures(manifest(*tour))[-1], below=250)
    # Only a line for remarks or between halts reaches from margin to margin.
    across = last[: 276 * DOTS_PER_MM, 25 * DOTS_PER_MM : -20 * DOTS_PER_MM].all(axis=1)
    rows = np.flatnonzero(across)
    lines = rows[np.diff(rows, prepend=-9) > 1]

    # Nine millimetres from one to the next.
    gaps = np.diff(lines)
    assert np.isin(gaps, (8, 9, 10)).sum() >= 2


def test_the_sheet_has_no_colour() -> None:
    """What it says, it says in black, white and grey: any printer and any eye will do."""
    drawn: list[Callable[[], Manifest | ChangeSheet]] = [full_morning, *EVERY_CHANGE]
    for page in (page for build in drawn for page in pictures(build())):
        colours = page[:, :, :3].astype(np.int64)
        assert (colours.max(axis=2) - colours.min(axis=2)).max() == 0


def test_getting_on_is_dark_and_getting_off_is_light() -> None:
    """The two marks differ by brightness, so a glance is enough."""
    boarding, alighting = (
        ink(pictures(manifest(stop(1, "08:14", "08:17", MVZ, each)))[0])[
            :, 42 * DOTS_PER_MM : 68 * DOTS_PER_MM
        ]
        for each in (boards("Beispiel, Erika", "08:14"), alights("Beispiel, Erika", "08:14"))
    )
    # A black mark is 27 mm x 6 mm of ink; the other one is its frame.
    solid = 20 * DOTS_PER_MM

    assert (boarding.sum(axis=1) > solid).sum() >= (alighting.sum(axis=1) > solid).sum() + 3


def test_numbers_for_the_handbook_stand_in_the_margins_only_when_asked_for() -> None:
    """What explains the sheet moves nothing on it."""
    plain = read_png(tourenblatt_pictures(full_morning(), PIXELS_PER_INCH)[0])
    pinned = read_png(tourenblatt_pictures(full_morning(), PIXELS_PER_INCH, pinned=True)[0])
    text = slice(20 * DOTS_PER_MM, -13 * DOTS_PER_MM)

    assert ink(pinned)[:, : 18 * DOTS_PER_MM].any()
    assert not ink(plain)[:, : 18 * DOTS_PER_MM].any()
    assert (pinned[:, text] == plain[:, text]).all()
