"""The audit: who read and changed what, and whether all of it is as it was written."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import auditing
from api.problems import documented
from api.routes.dependencies import CallerHere, OfficeHere, RegionHere
from api.schemas.audit import AuditView, VerifiedView, audit_view, verified_view
from data.cells import FIRST_DAY, LAST_DAY

router = APIRouter(prefix="/audit", tags=["audit"], dependencies=[needs(Role.ADMINISTRATOR)])


@router.get(
    "",
    responses=documented(404, 422),
    summary="Who read and changed what",
    description="Rows of the region, the newest first; *before* turns pages. Whoever administers "
    "the whole installation also sees rows that belong to no region, such as new accounts.",
)
def show(
    office: OfficeHere,
    region: RegionHere,
    caller: CallerHere,
    person: Annotated[str | None, Query(pattern=r"^p[0-9]{1,18}$", examples=["p12"])] = None,
    request: Annotated[str | None, Query(pattern=r"^r[0-9]{1,18}$", examples=["r17"])] = None,
    since: Annotated[dt.date | None, Query(ge=FIRST_DAY, le=LAST_DAY)] = None,
    before: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only rows of lower numbers.")
    ] = None,
    most: Annotated[int, Query(ge=1, le=1000, description="So many rows.")] = 100,
) -> AuditView:
    """Show rows of the audit."""
    names = [name for name in (person, request) if name]
    rows = auditing.show(
        office,
        region,
        names=names,
        since=since,
        before=before,
        most=most,
        installation=Role.ADMINISTRATOR in caller.everywhere,
    )
    return audit_view(rows, most=most)


@router.get(
    "/verify",
    responses=documented(404, 422),
    summary="Whether the audit is as it was written",
)
def verify(office: OfficeHere) -> VerifiedView:
    """Look at the whole chain."""
    return verified_view(auditing.verify(office))
