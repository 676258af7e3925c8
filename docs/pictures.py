"""
Make the pictures of the documents anew: `.venv/bin/python docs/pictures.py`.

Everything in them is the shipped sample day, whose people are invented.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from api.operations import preview, sheets
from api.operations.information import read_information
from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from api.settings import Settings
from api.sheets.flyer import flyer_pictures
from api.sheets.pdf import tourenblatt_pictures, vorschau_pictures

IMAGES = Path(__file__).resolve().parent / "images"
PRINTED = datetime(2027, 3, 1, 15, 30, tzinfo=UTC)
DOTS = 132  # to the inch


def main() -> None:
    """Plan the sample day in a throw-away folder, and draw first pages of what is printed."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Settings(folder=Path(folder)), clock=lambda: PRINTED)
        region = office.region()
        planned = prepare_sample_day(office, region).planned
        morning, afternoon = (route.shift for route in planned.plan.routes)
        early, late = sheets.make_sheets(
            office, planned, [morning, afternoon], printed=office.local(region)
        )
        ahead = preview.read_preview(office, region, planned.plan.date, morning)
        pictures = {
            "tourenblatt": tourenblatt_pictures(early.manifest, DOTS, chart=early.chart),
            # With a way back on call, which the morning does not have.
            "tourenblatt-erklaert": tourenblatt_pictures(
                late.manifest, DOTS, chart=late.chart, pinned=True
            ),
            "vorschau": vorschau_pictures(ahead.manifest, DOTS, chart=ahead.chart),
            "faltblatt": flyer_pictures(read_information(office, region), DOTS),
        }
        for name, pages in pictures.items():
            (IMAGES / f"{name}.png").write_bytes(pages[0])
        office.close()


if __name__ == "__main__":
    main()
