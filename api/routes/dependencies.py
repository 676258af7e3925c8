"""What handlers are handed: the office, and the region that the caller asks about."""

import datetime as dt
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from api.operations.office import Office
from data.cells import FIRST_DAY, LAST_DAY
from data.region import Region


def office_of(request: Request) -> Office:
    """Give the office that the application was made with."""
    office = request.app.state.office
    assert isinstance(office, Office)  # noqa: S101  (set by create_app)
    return office


OfficeHere = Annotated[Office, Depends(office_of)]


def region_of(
    office: OfficeHere,
    region: Annotated[
        str | None,
        Query(
            max_length=64,
            description="Name of the region; without it the one of the settings.",
            examples=["kalletal"],
        ),
    ] = None,
) -> Region:
    """Give the region that is asked about, or the one of the settings."""
    return office.region(region)


RegionHere = Annotated[Region, Depends(region_of)]

DayOfPath = Annotated[dt.date, Path(ge=FIRST_DAY, le=LAST_DAY, examples=["2027-03-02"])]
DayOfQuery = Annotated[dt.date, Query(ge=FIRST_DAY, le=LAST_DAY, examples=["2027-03-02"])]
