"""The flyer as golden file and as picture, on a fixed day."""

import os
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdf
import pytest

from api.sheets.flyer import flyer_pdf, flyer_pictures
from data.information import Information, gather
from data.region_file import load_region
from routing.matrix import Roads
from tests.sheets.test_tourenblatt_picture import ink, read_png

GOLDEN = Path(__file__).with_name("golden") / "flyer.txt"


@pytest.fixture(scope="module")
def information() -> Information:
    region = load_region("kalletal")
    return gather(region, Roads(region.network), date(2027, 3, 1))


def test_the_flyer_says_what_was_once_approved(information: Information) -> None:
    """``GOLDEN=write`` as for the Tourenblatt."""
    pages = (page.extract_text() for page in pypdf.PdfReader(BytesIO(flyer_pdf(information))).pages)
    text = "\n--- page ---\n".join(
        "\n".join(re.sub(r"\s+", " ", line).strip() for line in page.splitlines()) for page in pages
    )
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(text + "\n", encoding="utf-8")

    assert text + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_nothing_runs_off_the_paper_and_nothing_has_a_colour(information: Information) -> None:
    """Any printer prints it."""
    for page in map(read_png, flyer_pictures(information, 25.4)):
        assert page.shape[:2] == (210, 148)
        dots = ink(page)
        assert dots.any()
        assert not dots[:, :11].any()
        assert not dots[:, -11:].any()
        assert not dots[:10].any()
        assert not dots[-5:].any()
        colours = page[:, :, :3].astype(np.int64)
        assert (colours.max(axis=2) - colours.min(axis=2)).max() == 0
