"""
The words of every kind of sheet, page by page, as files to be read in a review.

After a wanted change: ``GOLDEN=write pytest tests/sheets/test_tourenblatt_golden.py``, then look
at the difference and at the sheets themselves.
"""

import os
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from api.sheets import tourenblatt_pdf
from scheduler.manifest import Manifest
from tests.builders_sheets import EVERY_SHEET

FOLDER = Path(__file__).with_name("golden")


def words(sheet: Manifest) -> str:
    """The text of a printed sheet, a line for each line of a page."""
    reader = pypdf.PdfReader(BytesIO(tourenblatt_pdf(sheet)))
    pages = [
        "\n".join(re.sub(r"\s+", " ", line).strip() for line in page.extract_text().splitlines())
        for page in reader.pages
    ]
    return "\n\n--- page ---\n\n".join(pages) + "\n"


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_a_sheet_says_what_was_once_approved(build: Callable[[], Manifest]) -> None:
    """Nothing on paper changes unnoticed."""
    file = FOLDER / f"{build.__name__}.txt"
    if os.environ.get("GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(words(build()), encoding="utf-8")

    assert words(build()) == file.read_text(encoding="utf-8")
