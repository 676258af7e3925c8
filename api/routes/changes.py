"""Changes of a day: what the newest plan makes different, as JSON and on paper."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import changes
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.schemas.changes import ChangesView, changes_view
from api.sheets.pdf import aenderungsblatt_pdf

router = APIRouter(
    prefix="/days/{date}/changes", tags=["days"], dependencies=[needs(Role.DISPATCHER)]
)

PDF = "application/pdf"
Since = Annotated[
    int | None,
    Query(
        ge=1,
        le=2**31 - 1,
        description="An earlier version; without it, the published one that drivers hold, or "
        "else the one before the newest.",
        examples=[3],
    ),
]


@router.get(
    "",
    responses=documented(404, 422),
    summary="Read what the newest plan changes",
    description="For each passenger and each shift, compared with an earlier version. Times that "
    "read the same in minutes are the same. 404 if there is no earlier version.",
)
def read_changes(
    office: OfficeHere, region: RegionHere, date: DayOfPath, since: Since = None
) -> ChangesView:
    """Read what the newest plan changes."""
    found = changes.read_changes(office, region, date, since=since)
    return changes_view(
        found.difference,
        region=region.name,
        older=found.older.number,
        newer=found.newer.number,
    )


@router.get(
    "/{shift}",
    responses={
        200: {
            "description": "The Änderungsblatt of one shift",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented(404, 409, 422),
    },
    response_class=Response,
    summary="Print what changes for one driver",
    description="As PDF. 404 if nothing changes on the sheet that the driver holds; the detail "
    "says so.",
)
def read_change_sheet(
    office: OfficeHere,
    region: RegionHere,
    date: DayOfPath,
    shift: Annotated[str, Path(examples=["morning"])],
    since: Since = None,
) -> Response:
    """Print what changes for one driver."""
    found = changes.read_changes(office, region, date, since=since)
    sheet = changes.change_sheet(found, shift, printed=office.local(region))
    name = f'inline; filename="{changes.file_name(found, shift)}"'
    return Response(
        aenderungsblatt_pdf(sheet), media_type=PDF, headers={"Content-Disposition": name}
    )
