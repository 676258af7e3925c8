"""The pages of a driver: open to whoever came by the link of the shift, and to dispatchers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Self, TypeAlias
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from api.doors.entrance import OfficeHere, RegionHere, needs, public
from api.doors.roles import Role
from api.operations import driving, planning, publishing, ticking
from api.operations.driving import Tour
from api.operations.office import Office
from api.operations.ticking import Told
from api.sheets.wording import full_date, short_date
from api.web.driver.news import tour_news
from api.web.driver.view import tour_view
from api.web.rendering import page
from data.region import Region
from data.ticks import Mark
from scheduler.model import RequestId, ShiftId, TripKind

router = APIRouter(prefix="/fahrer", include_in_schema=False)
DRIVERS = [needs(Role.DRIVER, Role.DISPATCHER)]

_WORKER = Path(__file__).parents[1] / "static" / "driver-worker.js"


class Marking(BaseModel):
    """
    One mark as the form of a page sends it, of one trip or of several.

    A form has one *key* for all of its buttons. *at* is when it was made, now if it is missing.
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
            Told(f"{self.key}.{self.mark}.{at}", request, trip, self.mark, moment, shift)
            for at, (request, trip) in enumerate(pairs)
        ]


@router.get("/worker.js")
@public
def worker() -> FileResponse:
    """Give the script that keeps the page where there is no reception, also behind the code."""
    return FileResponse(
        _WORKER,
        media_type="text/javascript",
        # A prefix of /fahrer/ and of /fahrt/: by itself it would serve the one below it only.
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/fahr"},
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


Version: TypeAlias = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@dataclass(frozen=True)
class _Known:
    """
    What a driver knows of the plan: the version on paper, and the one that was *seen* last.

    It stands in every address of the page: nothing else remembers it without a script.
    """

    printed: int | None = None
    seen: int | None = None

    @property
    def since(self) -> int | None:
        """The version to which everything newer is news."""
        return self.seen or self.printed

    def query(self, seen: int | None) -> str:
        """Write it into an address, with the version *seen* by then."""
        pairs = {"v": self.printed, "seit": seen}
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


@router.get("/{day}/{shift}", dependencies=DRIVERS)
def show(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    shift: str,
    v: Version = None,
    seit: Version = None,
) -> HTMLResponse:
    """Show a shift; *v* is the version on the printed sheet, *seit* the one seen last."""
    return _page(office, region, day, shift, _Known(v, seit))


@router.post("/{day}/{shift}/melden", dependencies=DRIVERS)
def mark(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    shift: str,
    sent: Annotated[Marking, Form()],
    v: Version = None,
    seit: Version = None,
) -> Response:
    """Keep a mark, and show what is next."""
    known = _Known(v, seit)
    received = ticking.mark(office, region, day, sent.told(shift, office.now()), own=shift)
    refused = {
        request: each.message
        for request, each in zip(sent.request, received, strict=True)
        if each.kept is None
    }
    if refused:
        return _page(office, region, day, shift, known, refused=refused)
    there = f"/fahrer/{day}/{quote(shift)}{known.query(seit)}"
    return RedirectResponse(there.removesuffix("?"), HTTPStatus.SEE_OTHER)


def _page(
    office: Office,
    region: Region,
    day: date,
    shift: str,
    known: _Known,
    *,
    refused: Mapping[RequestId, str] = MappingProxyType({}),
) -> HTMLResponse:
    tour = driving.read_tour(office, region, day, shift)
    version = tour.planned.version or 0
    printed, seen = (
        driving.read_held(office, region, day, each) if each and each != version else None
        for each in (known.printed, known.since)
    )
    shown = tour_view(tour, now=office.clock(region, day), printed=printed)
    news = tour_news(tour, seen, due=shown.due) if seen and seen.version < version else None
    number = count()
    key = secrets.token_urlsafe(16)
    return page(
        "driver.html",
        region,
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        date=day,
        title=full_date(day),
        shift=shift,
        label=region.shift_label(shift),
        driver=region.driver_label(tour.route.driver),
        version=version,
        outdated=known.printed is not None and known.printed != version,
        printed=known.printed,
        draft=printed is None or printed.draft,
        news=news,
        query=known.query(known.since if news else version),
        seen_query=known.query(version),
        refused=[(_name(tour, request), why) for request, why in refused.items()],
        read=f"{office.local(region):%H:%M}",
        tour=shown,
        keys=lambda: f"{key}.{next(number)}",
    )


def _name(tour: Tour, request: RequestId) -> str:
    contact = tour.planned.input.contacts.get(request)
    return contact.name if contact else f"Fahrtwunsch {request}"
