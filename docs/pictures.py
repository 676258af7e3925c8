"""
Make the pictures of the documents anew: `.venv/bin/python docs/pictures.py`.

Everything in them is the shipped sample day, whose people are invented.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from api.operations import sheets
from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from api.settings import Settings
from api.sheets.pdf import tourenblatt_pictures

IMAGES = Path(__file__).resolve().parent / "images"
PRINTED = datetime(2027, 3, 1, 15, 30, tzinfo=UTC)


def main() -> None:
    """Plan the sample day in a throw-away folder and draw the first page of its first sheet."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Settings(folder=Path(folder)), clock=lambda: PRINTED)
        planned = prepare_sample_day(office, office.region()).planned
        shift = planned.plan.routes[0].shift
        (sheet,) = sheets.make_sheets(office, planned, [shift], printed=PRINTED)
        IMAGES.mkdir(exist_ok=True)
        first, *_ = tourenblatt_pictures(sheet.manifest, 110, chart=sheet.chart)
        (IMAGES / "tourenblatt.png").write_bytes(first)


if __name__ == "__main__":
    main()
