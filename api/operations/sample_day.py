"""
The shipped sample day, as if it had been rung in.

Kept, planned, published, printed, each only once.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.operations import planning, publishing, requests, sheets, solving
from api.operations.days import PlannedDay
from api.operations.office import Office
from data.errors import NotKeptError, Rejected
from data.region import Region

if TYPE_CHECKING:
    from scheduler.optimizer.solution import Watch

SAMPLE_FILE = "sample-day.csv"


@dataclass(frozen=True)
class SampleDay:
    """
    The sample day as it lies ready now.

    *fresh* says whether it was planned just now; otherwise nothing was to be done.
    """

    planned: PlannedDay
    rejected: tuple[Rejected, ...]
    files: tuple[Path, ...]
    fresh: bool


def prepare_sample_day(
    office: Office, region: Region, *, watch: "Watch | None" = None
) -> SampleDay:
    """
    Keep, plan, publish and print the sample day of *region*, as far as that is not done yet.

    Raises
    ------
    NotKeptError
        If the region has no sample day.
    """
    file = region.folder / SAMPLE_FILE
    if not file.is_file():
        msg = f"Die Region {region.title} hat keinen Beispieltag ({SAMPLE_FILE})."
        raise NotKeptError(msg)
    imported = requests.take_file(office, region, file.read_bytes(), file.name)
    day = imported.dates[0]
    fresh = not planning.is_planned(office, region, day)
    if fresh:
        kept = solving.plan_kept(office, region, day, watch=watch)
        publishing.publish(office, region, day, kept.version or 0)
    planned = planning.read_plan(office, region, day)
    folder = sheets_folder(office, day)
    files = [folder / name for name in sheets.file_names(planned)]
    if fresh or not all(file.is_file() for file in files):
        printed = office.local(region)
        files = sheets.write_sheets(office, planned, folder, printed=printed)
    return SampleDay(planned, imported.rejected, tuple(files), fresh)


def sheets_folder(office: Office, day: date, *, draft: bool = False) -> Path:
    """Where the sheets of a day lie, unless somebody wants them elsewhere."""
    settings = office.settings
    return (settings.drafts_folder if draft else settings.sheets_folder) / day.isoformat()
