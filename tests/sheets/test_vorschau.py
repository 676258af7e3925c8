"""The preview for the evening before: what is ahead, and nobody's name."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from api.sheets import vorschau_pdf
from scheduler.manifest import Manifest
from tests.builders_sheets import (
    EVERY_SHEET,
    full_morning,
    nobody_rides,
    sixty_stops,
    wheelchair_day,
)
from tests.sheets.test_chart import chart

FOLDER = Path(__file__).with_name("golden")


def lines(sheet: Manifest) -> str:
    """The text of a printed preview, page by page."""
    reader = pypdf.PdfReader(BytesIO(vorschau_pdf(sheet, chart=chart())))
    pages = (page.extract_text().replace("\u200b", "") for page in reader.pages)
    return "\n--- page ---\n".join(
        "\n".join(re.sub(r"\s+", " ", line).strip() for line in page.splitlines()) for page in pages
    )


@pytest.mark.parametrize("build", [full_morning, nobody_rides, wheelchair_day])
def test_a_preview_says_what_was_once_approved(build: Callable[[], Manifest]) -> None:
    """``GOLDEN=write`` as for the Tourenblatt."""
    file = FOLDER / f"vorschau_{build.__name__}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(lines(build()) + "\n", encoding="utf-8")

    assert lines(build()) + "\n" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_no_preview_names_anybody(build: Callable[[], Manifest]) -> None:
    """Not even if the manifest does: names, phones and notes have no place in it."""
    sheet = build()
    text = lines(sheet)
    visits = [visit for stop in sheet.stops for visit in stop.visits]

    for visit in visits:
        assert visit.name not in text
        assert not visit.note or visit.note not in text
    assert "05264 0000-99" not in text


def test_a_preview_counts_heads_and_what_they_bring() -> None:
    """Who knows that a wheelchair comes can look after the belts in time."""
    text = " ".join(lines(full_morning()).split())

    assert "Abfahrt 08:05 Uhr, zurück 12:12 Uhr" in text
    assert "Rückfahrt auf Anruf, spätestens 11:35 Uhr" in text
    assert "Pause 09:30–10:00 Uhr" in text
    # Heinz-Günther in his wheelchair with a companion, and Łucja.
    assert "3 steigen ein (1 Rollstuhl)" in text
    assert "Bus wartet bis 10:34 Uhr" in text
    assert "umbauen: 5 Sitze + 1 Rollstuhlplatz" in text


def test_only_on_the_evening_before_it_is_about_tomorrow() -> None:
    """A preview of next week is printed as well."""
    sheet = full_morning()
    early = replace(sheet.header, printed=datetime(2027, 2, 26, 9, 0))  # noqa: DTZ001 (local)

    assert lines(sheet).startswith("Vorschau auf morgen\n")
    assert lines(replace(sheet, header=early)).startswith("Vorschau\n")


def test_sixty_halts_go_on_overleaf_under_the_same_heads() -> None:
    """The table repeats its head."""
    pages = lines(sixty_stops()).split("--- page ---")

    assert len(pages) > 1
    assert all("Zeit Halt Ort Was" in page for page in pages)


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_every_preview_is_an_accessible_pdf(build: Callable[[], Manifest]) -> None:
    """Tagged, in German, with a title."""
    made = vorschau_pdf(build(), chart=chart())
    reader = pypdf.PdfReader(BytesIO(made))

    assert b"pdfuaid:part" in made
    assert reader.trailer["/Root"]["/Lang"] == "de"  # type: ignore[index]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Vorschau Di 02.03.2027")
    assert made == vorschau_pdf(build(), chart=chart())
