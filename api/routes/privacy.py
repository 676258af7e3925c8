"""Passengers' rights: find somebody, report everything, erase; and what is forgotten in time."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.operations import privacy
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.schemas.privacy import (
    ErasureBody,
    ErasureView,
    ForgottenView,
    PassengerView,
    ReportView,
    WhoBody,
    erasure_view,
    forgotten_view,
    passenger_view,
    report_view,
)

router = APIRouter(tags=["privacy"])

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


@router.post(
    "/passengers/{who}/erasure",
    responses=documented(400, 404, 409, 422),
    summary="Forget a passenger (Art. 17 GDPR)",
    description="What is counted goes on being counted, without anybody behind it. Refused as "
    "long as they have rides to come, unless those are to be cancelled.",
)
def erase(office: OfficeHere, region: RegionHere, who: WhoOfPath, body: ErasureBody) -> ErasureView:
    """Forget a passenger."""
    return erasure_view(privacy.erase(office, region, who, cancel_rides=body.cancel_rides))


@router.post(
    "/passengers/{who}/withdrawal",
    responses=documented(404, 409, 422),
    summary="Consent is withdrawn (Art. 7 GDPR): cancel what is to come, forget the passenger",
)
def withdraw(office: OfficeHere, region: RegionHere, who: WhoOfPath) -> ErasureView:
    """Cancel all rides to come and forget the passenger."""
    return erasure_view(privacy.erase(office, region, who, cancel_rides=True))


@router.post(
    "/retention",
    summary="Forget what is older than the policies say",
    description="The service does this by itself each night.",
)
def retention(office: OfficeHere) -> ForgottenView:
    """Forget what is too old."""
    return forgotten_view(*privacy.forget_old(office))
