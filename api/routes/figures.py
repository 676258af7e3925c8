"""Figures: what became of the requests of a month."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import requests
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.schemas.figures import MonthView, month_view

router = APIRouter(
    prefix="/figures", tags=["figures"], dependencies=[needs(Role.DISPATCHER, Role.PLANNER)]
)

MonthOfPath = Annotated[str, Path(pattern="^2[01][0-9]{2}-(0[1-9]|1[0-2])$", examples=["2027-03"])]


@router.get(
    "/{month}",
    responses=documented(404, 422),
    summary="Count what became of the requests of a month",
    description="Denied, unmet, cancelled in time, on the same day and late, and no-show, each "
    "apart. It names nobody.",
)
def read_month(office: OfficeHere, region: RegionHere, month: MonthOfPath) -> MonthView:
    """Count what became of the requests of a month."""
    first = dt.date.fromisoformat(f"{month}-01")
    counts = requests.month_counts(office, region, first)
    return month_view(counts, month=first, region=region.name)
