"""The pages of a driver: open to whoever came by the link of the shift, and to dispatchers."""

import secrets
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from api.doors.entrance import OfficeHere, RegionHere, needs, public
from api.doors.roles import Role
from api.operations import planning, publishing, ticking
from api.operations.office import Office
from api.operations.ticking import Told
from api.sheets.wording import full_date, short_date
from api.web.driver.view import tour_view
from api.web.rendering import page
from data.errors import NotKeptError
from data.region import Region
from data.ticks import Mark
from scheduler.model import ShiftId, TripKind

router = APIRouter(prefix="/fahrer", include_in_schema=False)
DRIVERS = [needs(Role.DRIVER, Role.DISPATCHER)]

_WORKER = Path(__file__).parents[1] / "static" / "driver-worker.js"


class Marking(BaseModel):
    """
    One mark as the form of a page sends it, of one trip or of several.

    *at* is when it was made, now if it is missing.
    """

    model_config = ConfigDict(extra="ignore")

    key: Annotated[str, Field(min_length=16, max_length=100, pattern="^[!-~]+$")]
    request: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=20)]
    trip: list[TripKind]
    mark: Mark
    at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        if not self.request or len(self.request) != len(self.trip):
            msg = "Every request comes with its trip."
            raise ValueError(msg)
        return self

    def told(self, shift: ShiftId, now: datetime) -> list[Told]:
        """What it is to the operation; the same form sent again is the same marks."""
        moment, pairs = self.at or now, zip(self.request, self.trip, strict=True)
        return [
            Told(f"{self.key}.{at}" if at else self.key, request, trip, self.mark, moment, shift)
            for at, (request, trip) in enumerate(pairs)
        ]


@router.get("/worker.js")
@public
def worker() -> FileResponse:
    """Give the script that keeps the page where there is no reception."""
    return FileResponse(
        _WORKER, media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@router.get("", dependencies=DRIVERS)
def choose(office: OfficeHere, region: RegionHere) -> HTMLResponse:
    """List the shifts that are published for today and the days to come."""
    today = office.today(region)
    days = [day for day in planning.planned_days(office, region) if day >= today]
    tours = [
        (
            f"/fahrer/{day}/{quote(route.shift)}",
            short_date(day),
            region.shift_label(route.shift),
            region.driver_label(route.driver),
        )
        for day in sorted(days)
        if (published := publishing.read_published(office, region, day)) is not None
        for route in published.plan.routes
        if route.stops
    ]
    return page("driver_tours.html", region, tours=tours)


@router.get("/{day}/{shift}", dependencies=DRIVERS)
def show(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    shift: str,
    v: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    """Show a shift; *v* is the version on the printed sheet."""
    return _page(office, region, day, shift, printed=v)


@router.post("/{day}/{shift}/melden", dependencies=DRIVERS)
def mark(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    shift: str,
    sent: Annotated[Marking, Form()],
) -> Response:
    """Keep a mark, and show what is next."""
    received = ticking.mark(office, region, day, sent.told(shift, office.now()), own=shift)
    refused = next((each.message for each in received if each.kept is None), "")
    if refused:
        return _page(office, region, day, shift, refused=refused)
    return RedirectResponse(f"/fahrer/{day}/{shift}", HTTPStatus.SEE_OTHER)


def _page(
    office: Office,
    region: Region,
    day: date,
    shift: str,
    *,
    printed: int | None = None,
    refused: str = "",
) -> HTMLResponse:
    planned = publishing.read_published(office, region, day)
    if planned is None or all(route.shift != shift for route in planned.plan.routes):
        msg = f"Für diesen Dienst am {day:%d.%m.%Y} ist noch nichts veröffentlicht."
        raise NotKeptError(msg)
    states = ticking.read_states(office, region, day, shift=shift)
    route = next(route for route in planned.plan.routes if route.shift == shift)
    now = office.clock(region, day)
    return page(
        "driver.html",
        region,
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        date=day,
        title=full_date(day),
        shift=shift,
        label=region.shift_label(shift),
        driver=region.driver_label(route.driver),
        version=planned.version,
        outdated=printed is not None and printed != planned.version,
        printed=printed,
        refused=refused,
        read=f"{office.local(region):%H:%M}",
        tour=tour_view(planned, shift, states, now=now),
        keys=lambda: secrets.token_urlsafe(16),
    )
