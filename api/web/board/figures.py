"""What became of the requests of a month: for planners, and for whoever has to report it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, RedirectResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import planning, requests
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import kilometres, month_name, short_date
from api.web.outcomes import month_lines
from api.web.proof import prove
from api.web.rendering import page
from api.web.views import hours_and_minutes
from data.region import Region

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER, Role.PLANNER)])

_FIRST, _LAST = date(2000, 2, 1), date(2199, 11, 1)


@dataclass(frozen=True)
class DayLine:
    """One planned day in figures; it names nobody."""

    date: date
    title: str
    served: int
    unserved: int
    kilometres: str
    driving: str
    proof: str


@router.get("/zahlen")
def this_month(office: OfficeHere, region: RegionHere) -> RedirectResponse:
    """Go to the figures of the present month."""
    return RedirectResponse(f"/zahlen/{office.today(region):%Y-%m}")


@router.get("/zahlen/{month}")
def show_month(
    office: OfficeHere,
    region: RegionHere,
    month: Annotated[str, Path(pattern="^2[01][0-9]{2}-(0[1-9]|1[0-2])$")],
) -> HTMLResponse:
    """Show the figures of a month, and each of its planned days."""
    first = date.fromisoformat(f"{month}-01")
    lines = month_lines(requests.month_counts(office, region, first))
    after = (first + timedelta(days=31)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return page(
        "figures.html",
        region,
        title=month_name(first),
        lines=lines,
        most=max(count for _, count in lines),
        days=_days(office, region, first, after),
        before=(f"{before:%Y-%m}", month_name(before)) if first > _FIRST else None,
        after=(f"{after:%Y-%m}", month_name(after)) if first < _LAST else None,
    )


def _days(office: Office, region: Region, first: date, after: date) -> list[DayLine]:
    every = (day for day in planning.planned_days(office, region) if first <= day < after)
    lines = []
    for day in sorted(every):
        plan = planning.read_document(office, region, day).plan
        lines.append(
            DayLine(
                date=day,
                title=short_date(day),
                served=len({visit.request for visit in plan.visits}),
                unserved=len(plan.unserved),
                kilometres=kilometres(sum(route.metres for route in plan.routes)),
                driving=hours_and_minutes(plan.cost.driving),
                proof=prove(plan).short,
            )
        )
    return lines
