"""Shifts that came to an end before their time, and what was reported about them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from api.operations.office import Office
from api.sheets import wording
from data import plans
from data.plan_document import Document
from data.region import Region
from scheduler.model import ShiftId


def read_endings(
    office: Office, region: Region, day: date, version: int | None
) -> Mapping[ShiftId, str]:
    """Say why shifts have ended by a *version* of a day; "" where no reason was given."""
    if version is None:
        return {}
    with office.store.reading() as session:
        return endings(session, region, day, version)


def endings(session: Session, region: Region, day: date, version: int) -> Mapping[ShiftId, str]:
    """Say the same within a *session*: the report that ended a shift tells why."""
    ended: dict[ShiftId, str] = {}
    for number, amendment in plans.amendments(session, region.name, day):
        if number <= version:
            now = amendment.day.get("ended", ())
            ended = {shift: ended.get(shift, _why(amendment.happened)) for shift in now}
    return ended


def _why(happened: Document) -> str:
    return wording.out_of_service(
        vehicle=bool(happened.get("vehicle")), driver=bool(happened.get("driver"))
    )
