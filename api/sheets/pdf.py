"""Sheets as PDF, set by typst: tagged for screen readers, the same bytes each time."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

import typst

from api.sheets.change_view import change_view
from api.sheets.chart import Chart
from api.sheets.code import Code
from api.sheets.fonts import font_folders, printable
from api.sheets.preview_view import preview_view
from api.sheets.view import sheet_view
from scheduler.change_sheet import ChangeSheet
from scheduler.manifest import Manifest

_FOLDER = Path(__file__).parent

# What all sheets share stands above the file of each kind of sheet.
TOURENBLATT = ("common.typ", "tourenblatt.typ")
AENDERUNGSBLATT = ("common.typ", "aenderungsblatt.typ")
VORSCHAU = ("common.typ", "vorschau.typ")

Views: TypeAlias = Mapping[str, Mapping[str, object]]


def tourenblatt_pdf(
    manifest: Manifest, *, chart: Chart | None = None, code: Code | None = None
) -> bytes:
    """Set the sheet of one shift on A4 (PDF/UA-1), with its map and its code if there are any."""
    return set_pdf(TOURENBLATT, _sheet(manifest, chart, code), manifest.header.printed)


def aenderungsblatt_pdf(sheet: ChangeSheet) -> bytes:
    """Set what changes on the sheet that a driver holds, on A4 (PDF/UA-1)."""
    return set_pdf(AENDERUNGSBLATT, {"sheet": change_view(sheet)}, sheet.header.printed)


def vorschau_pdf(manifest: Manifest, *, chart: Chart | None = None) -> bytes:
    """Set the preview of one shift on A4 (PDF/UA-1); *manifest* has nobody's name in it."""
    return set_pdf(VORSCHAU, _preview(manifest, chart), manifest.header.printed)


def tourenblatt_pictures(
    manifest: Manifest,
    pixels_per_inch: float = 144.0,
    *,
    chart: Chart | None = None,
    code: Code | None = None,
    pinned: bool = False,
) -> list[bytes]:
    """Draw the same pages as PNG files; *pinned* with numbers by which a handbook explains them."""
    pins: Views = {"pins": {}} if pinned else {}
    return set_pictures(TOURENBLATT, {**_sheet(manifest, chart, code), **pins}, pixels_per_inch)


def aenderungsblatt_pictures(sheet: ChangeSheet, pixels_per_inch: float = 144.0) -> list[bytes]:
    """Draw the pages of an Änderungsblatt as PNG files."""
    return set_pictures(AENDERUNGSBLATT, {"sheet": change_view(sheet)}, pixels_per_inch)


def vorschau_pictures(
    manifest: Manifest, pixels_per_inch: float = 144.0, *, chart: Chart | None = None
) -> list[bytes]:
    """Draw the pages of a preview as PNG files."""
    return set_pictures(VORSCHAU, _preview(manifest, chart), pixels_per_inch)


def set_pdf(files: Sequence[str], views: Views, made: datetime) -> bytes:
    """Set typst *files*, one below the other, as an accessible PDF (PDF/UA-1)."""
    return typst.compile(
        _source(files),
        font_paths=_fonts(),
        sys_inputs=_inputs(views),
        pdf_standards=["ua-1"],
        # The local time of printing stands in the file as if it were UTC, to the minute.
        timestamp=made.replace(second=0, microsecond=0, tzinfo=UTC),
    )


def set_pictures(files: Sequence[str], views: Views, pixels_per_inch: float) -> list[bytes]:
    """Set typst *files* as PNG files, one for each page."""
    made = typst.compile(
        _source(files),
        font_paths=_fonts(),
        sys_inputs=_inputs(views),
        format="png",
        ppi=pixels_per_inch,
    )
    # Of a single page typst makes a single file.
    return [made] if isinstance(made, bytes) else list(made)


def _source(files: Sequence[str]) -> bytes:
    return b"".join((_FOLDER / file).read_bytes() for file in files)


def _sheet(manifest: Manifest, chart: Chart | None, code: Code | None) -> Views:
    drawn = {} if code is None else {"code": {"svg": code.svg, "pin": code.spoken}}
    return {"sheet": sheet_view(manifest)} | _chart(chart) | drawn


def _preview(manifest: Manifest, chart: Chart | None) -> Views:
    return {"sheet": preview_view(manifest)} | _chart(chart)


def _chart(chart: Chart | None) -> dict[str, Mapping[str, object]]:
    return {} if chart is None else {"chart": vars(chart)}


def _inputs(views: Views) -> dict[str, str]:
    return {
        name: json.dumps(_printable(dict(view)), ensure_ascii=False) for name, view in views.items()
    }


def _printable(view: object) -> object:
    if isinstance(view, str):
        return printable(view)
    if isinstance(view, dict):
        return {key: _printable(value) for key, value in view.items()}
    return [_printable(value) for value in view] if isinstance(view, list) else view


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=font_folders())
