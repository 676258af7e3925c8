"""Whether the service lives, whether it is fit for work, and its figures: for who watches it."""

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.doors.entrance import public
from api.observing import metrics
from api.operations import health
from api.operations.office import Office
from api.routes.dependencies import OfficeHere
from api.schemas.region import Alive, Health

router = APIRouter(tags=["health"])
# Where orchestrators, proxies and Prometheus look for them.
root = APIRouter(tags=["health"])

_UNFIT: dict[int | str, dict[str, object]] = {
    503: {"model": Health, "description": "Not fit for work"}
}


@root.get("/healthz", summary="Ask whether the process lives")
@public
async def alive() -> Alive:
    """Ask whether the process lives; nothing is touched for the answer."""
    return Alive(status="ok")


@root.get("/readyz", responses=_UNFIT, summary="Ask whether the service can take work")
@public
def ready(office: OfficeHere, response: Response) -> Health:
    """Ask whether the service can take work: database, region, optimizer."""
    return _examined(office, response)


@root.get(
    "/metrics",
    summary="Read figures for Prometheus",
    response_class=PlainTextResponse,
    responses={200: {"description": "Prometheus text format 0.0.4"}},
)
@public
def figures() -> Response:
    """Read figures for Prometheus, of this process since its start."""
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


@router.get("/health", responses=_UNFIT, summary="Ask whether the service is fit for work")
@public
def read(office: OfficeHere, response: Response) -> Health:
    """Ask whether the service is fit for work; the same as /readyz."""
    return _examined(office, response)


def _examined(office: Office, response: Response) -> Health:
    found = health.examine(office)
    if not found.fit:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(
        status="ok" if found.fit else "failing",
        database="ok" if found.database else "failing",
        region="ok" if found.region else "failing",
        kernels=found.kernels,
        solver=found.solver,
        regions=list(found.regions),
        version=found.version,
    )
