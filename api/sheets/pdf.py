"""The Tourenblatt as a PDF, set by typst: tagged for screen readers, the same bytes each time."""

import json
from datetime import UTC
from functools import cache
from pathlib import Path

import typst

from api.sheets.fonts import font_folders, printable
from api.sheets.view import sheet_view
from scheduler.manifest import Manifest

_TEMPLATE = Path(__file__).with_name("tourenblatt.typ")


def tourenblatt_pdf(manifest: Manifest) -> bytes:
    """Set the sheet of one shift on A4 (PDF/UA-1)."""
    return typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs=_inputs(manifest),
        pdf_standards=["ua-1"],
        # The local time of printing stands in the file as if it were UTC, to the minute.
        timestamp=manifest.header.printed.replace(second=0, microsecond=0, tzinfo=UTC),
    )


def tourenblatt_pictures(manifest: Manifest, pixels_per_inch: float = 144.0) -> list[bytes]:
    """Draw the same pages as PNG files, for previews and for those who look at them."""
    made = typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs=_inputs(manifest),
        format="png",
        ppi=pixels_per_inch,
    )
    # Of a single page typst makes a single file.
    return [made] if isinstance(made, bytes) else list(made)


def _inputs(manifest: Manifest) -> dict[str, str]:
    return {"sheet": json.dumps(_printable(sheet_view(manifest)), ensure_ascii=False)}


def _printable(view: object) -> object:
    if isinstance(view, str):
        return printable(view)
    if isinstance(view, dict):
        return {key: _printable(value) for key, value in view.items()}
    return [_printable(value) for value in view] if isinstance(view, list) else view


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=font_folders())
