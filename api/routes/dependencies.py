"""What handlers are handed: the office, and the region that the caller asks about."""

import datetime as dt
from typing import Annotated

from fastapi import Path, Query

from api.doors.entrance import CallerHere, OfficeHere, RegionHere, VisitHere
from data.cells import FIRST_DAY, LAST_DAY

__all__ = ("CallerHere", "DayOfPath", "DayOfQuery", "OfficeHere", "RegionHere", "VisitHere")

DayOfPath = Annotated[dt.date, Path(ge=FIRST_DAY, le=LAST_DAY, examples=["2027-03-02"])]
DayOfQuery = Annotated[dt.date, Query(ge=FIRST_DAY, le=LAST_DAY, examples=["2027-03-02"])]
