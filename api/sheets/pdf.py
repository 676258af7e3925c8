"""Sheets as PDF, set by typst: tagged for screen readers, the same bytes each time."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from api.sheets.change_view import change_view
from api.sheets.chart import Chart
from api.sheets.fonts import font_folders, printable
from api.sheets.preview_view import preview_view
from api.sheets.view import sheet_view
from scheduler.change_sheet import ChangeSheet
from scheduler.manifest import Manifest

_FOLDER = Path(__file__).parent


def tourenblatt_pdf(manifest: Manifest, *, chart: Chart | None = None) -> bytes:
    """Set the sheet of one shift on A4 (PDF/UA-1), with its map if there is one."""
    inputs = _inputs(sheet_view(manifest), chart)
    return _pdf("tourenblatt.typ", inputs, manifest.header.printed)


def aenderungsblatt_pdf(sheet: ChangeSheet) -> bytes:
    """Set what changes on the sheet that a driver holds, on A4 (PDF/UA-1)."""
    return _pdf("aenderungsblatt.typ", _inputs(change_view(sheet)), sheet.header.printed)


def tourenblatt_pictures(
    manifest: Manifest, pixels_per_inch: float = 144.0, *, chart: Chart | None = None
) -> list[bytes]:
    """Draw the same pages as PNG files, for previews and for those who look at them."""
    return _pictures("tourenblatt.typ", _inputs(sheet_view(manifest), chart), pixels_per_inch)


def aenderungsblatt_pictures(sheet: ChangeSheet, pixels_per_inch: float = 144.0) -> list[bytes]:
    """Draw the pages of an Änderungsblatt as PNG files."""
    return _pictures("aenderungsblatt.typ", _inputs(change_view(sheet)), pixels_per_inch)


def vorschau_pdf(manifest: Manifest, *, chart: Chart | None = None) -> bytes:
    """Set the preview of one shift on A4 (PDF/UA-1); *manifest* has nobody's name in it."""
    inputs = _inputs(preview_view(manifest), chart)
    return _pdf("vorschau.typ", inputs, manifest.header.printed)


def vorschau_pictures(
    manifest: Manifest, pixels_per_inch: float = 144.0, *, chart: Chart | None = None
) -> list[bytes]:
    """Draw the pages of a preview as PNG files."""
    return _pictures("vorschau.typ", _inputs(preview_view(manifest), chart), pixels_per_inch)


def _pdf(template: str, inputs: dict[str, str], printed: datetime) -> bytes:
    return typst.compile(
        _template(template),
        font_paths=_fonts(),
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        # The local time of printing stands in the file as if it were UTC, to the minute.
        timestamp=printed.replace(second=0, microsecond=0, tzinfo=UTC),
    )


def _pictures(template: str, inputs: dict[str, str], pixels_per_inch: float) -> list[bytes]:
    made = typst.compile(
        _template(template),
        font_paths=_fonts(),
        sys_inputs=inputs,
        format="png",
        ppi=pixels_per_inch,
    )
    # Of a single page typst makes a single file.
    return [made] if isinstance(made, bytes) else list(made)


def _template(name: str) -> bytes:
    """Put what all sheets share above the file of one kind of sheet."""
    return b"".join((_FOLDER / file).read_bytes() for file in ("common.typ", name))


def _inputs(view: Mapping[str, object], chart: Chart | None = None) -> dict[str, str]:
    documents: dict[str, Mapping[str, object]] = {"sheet": view}
    if chart is not None:
        documents["chart"] = vars(chart)
    return {
        name: json.dumps(_printable(dict(document)), ensure_ascii=False)
        for name, document in documents.items()
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
