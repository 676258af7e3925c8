"""Passengers' rights: find somebody, report everything, erase."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import privacy
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.schemas.privacy import (
    ErasureView,
    PassengerView,
    ReportView,
    WhoBody,
    erasure_view,
    passenger_view,
    report_view,
)

router = APIRouter(tags=["privacy"], dependencies=[needs(Role.DISPATCHER, Role.ADMINISTRATOR)])

# Never a name: addresses of the API stand in logs.
WhoOfPath = Annotated[str, Path(pattern=r"^[pr][0-9]{1,18}$", examples=["p12"])]


@router.post(
    "/passengers/search",
    responses=documented(400, 404, 422),
    summary="Find passengers",
    description="A name is sent in the body, never in an address.",
)
def search(office: OfficeHere, region: RegionHere, body: WhoBody) -> list[PassengerView]:
    """Find passengers."""
    return [passenger_view(each) for each in privacy.find(office, region, body.who)]


@router.get(
    "/passengers/{who}/report",
    responses=documented(404, 422),
    summary="Report everything that is kept about a passenger (Art. 15 GDPR)",
)
def report(office: OfficeHere, region: RegionHere, who: WhoOfPath) -> ReportView:
    """Report everything about one passenger."""
    return report_view(privacy.report(office, region, who))


@router.delete(
    "/passengers/{who}",
    responses=documented(404, 409, 422),
    summary="Forget a passenger (Art. 17 GDPR)",
    description="What is counted goes on being counted, without anybody behind it. Refused as "
    "long as they have rides to come, unless those are to be cancelled.",
)
def erase(
    office: OfficeHere,
    region: RegionHere,
    who: WhoOfPath,
    *,
    cancel_rides: Annotated[bool, Query(description="Cancel what is to come first.")] = False,
) -> ErasureView:
    """Forget a passenger."""
    return erasure_view(privacy.erase(office, region, who, cancel_rides=cancel_rides))


@router.delete(
    "/passengers/{who}/consent",
    responses=documented(404, 409, 422),
    summary="Consent is withdrawn (Art. 7 GDPR): cancel what is to come, forget the passenger",
    description="Whoever rides today is forgotten in the next night (409): it is noted.",
)
def withdraw(office: OfficeHere, region: RegionHere, who: WhoOfPath) -> ErasureView:
    """Cancel all rides to come and forget the passenger."""
    return erasure_view(privacy.withdraw(office, region, who))
