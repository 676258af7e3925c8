"""What everybody may know of a region: open to programs of others, without any sign-in."""

from fastapi import APIRouter, Response

from api.doors.entrance import public
from api.operations.information import read_information
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.schemas.info import InfoView, info_view

router = APIRouter(tags=["info"])

# Pages of others may read it in the browser of whoever looks at them.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=900",
}


@router.get(
    "/info",
    responses=documented(404, 422),
    summary="Read what everybody may know",
    description="How to book, when the bus runs, the villages, the days without a bus, the "
    "directory of doctors, pharmacies and health centres with opening hours and driving times, and "
    "the next health weekends. No sign-in, no personal data; pages of others may read it (CORS).",
)
@public
def read_info(office: OfficeHere, region: RegionHere, response: Response) -> InfoView:
    """Read what everybody may know."""
    response.headers.update(OPEN)
    return info_view(read_information(office, region))
