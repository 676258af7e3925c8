"""Versions of a day's plan: list and read them, publish the newest one."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import publishing
from api.problems import documented
from api.routes.days import kept_view
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.plans import PlanView
from api.schemas.versions import (
    EditionView,
    PublishBody,
    VersionView,
    edition_view,
    version_view,
)

router = APIRouter(prefix="/days/{date}", tags=["days"], route_class=OnceRoute)

VersionOfPath = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[3])]


@router.post(
    "/publish",
    dependencies=[needs(Role.DISPATCHER)],
    responses=documented(400, 404, 409, 422),
    summary="Publish the newest version: drivers hold it from now on",
    description="It never changes afterwards. Refused (409) if there is a newer version than the "
    "one that was looked at, or if the checker finds something wrong; then *errors* says what. "
    "What the version does not know (asked, cancelled or promised since) is told in *worries*, "
    "and stops nobody. *requests* and *shifts* are those for whom something is different from "
    "the version that drivers held before.",
)
def publish(
    office: OfficeHere, region: RegionHere, date: DayOfPath, body: PublishBody
) -> EditionView:
    """Publish the newest version."""
    return edition_view(publishing.publish(office, region, date, body.version))


@router.get(
    "/publication",
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
    responses=documented(404, 409, 422),
    summary="Tell which version drivers hold, and what the newest one changes",
)
def read_edition(office: OfficeHere, region: RegionHere, date: DayOfPath) -> EditionView:
    """Tell which version drivers hold."""
    return edition_view(publishing.edition(office, region, date))


@router.get(
    "/versions",
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
    responses=documented(404, 422),
    summary="List the versions of a day's plan, the oldest first",
)
def list_versions(office: OfficeHere, region: RegionHere, date: DayOfPath) -> list[VersionView]:
    """List the versions of a day's plan."""
    return [version_view(each) for each in publishing.list_versions(office, region, date)]


@router.get(
    "/versions/{version}",
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
    response_model_exclude_unset=True,
    responses=documented(404, 422),
    summary="Read one version of a day's plan",
)
def read_version(
    office: OfficeHere, region: RegionHere, date: DayOfPath, version: VersionOfPath
) -> PlanView:
    """Read one version of a day's plan."""
    return kept_view(publishing.read_document(office, region, date, version))
