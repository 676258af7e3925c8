"""Whether the service is fit for work."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from api.operations import health
from api.routes.dependencies import OfficeHere
from api.schemas.region import Health

router = APIRouter(tags=["health"])


@router.get(
    "/health",
    responses={503: {"model": Health, "description": "Not fit for work"}},
    summary="Ask whether the service is fit for work",
)
def read(office: OfficeHere, response: Response) -> Health:
    """Ask whether the service is fit for work."""
    found = health.examine(office)
    if not found.fit:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(
        status="ok" if found.fit else "failing",
        database="ok" if found.database else "failing",
        region="ok" if found.region else "failing",
        regions=list(found.regions),
        version=found.version,
    )
