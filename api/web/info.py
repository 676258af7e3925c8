"""The information page for everybody, and its flyer: no sign-in, no script, no personal data."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from api.doors.entrance import public
from api.operations.information import read_information
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.flyer import flyer_pdf
from api.sheets.info_view import info_view
from api.web.rendering import page

router = APIRouter(include_in_schema=False)

_FOR_A_WHILE = {"Cache-Control": "public, max-age=900"}


@router.get("/info")
@public
def show_info(
    request: Request,
    office: OfficeHere,
    region: RegionHere,
    dorf: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show what everybody may know; with driving times from one village, if one is chosen."""
    information = read_information(office, region)
    known = not dorf or dorf in information.villages
    asked = request.query_params.get("region", "")
    shown = page(
        "info.html",
        region,
        status=HTTPStatus.OK if known else HTTPStatus.UNPROCESSABLE_ENTITY,
        info=info_view(information, village=dorf if known else ""),
        chosen=dorf,
        wrong="" if known else f"„{dorf}“ ist keines der Dörfer, in die der Bus fährt.",
        asked=asked,
        query=f"?{urlencode({'region': asked})}" if asked else "",
    )
    shown.headers.update(_FOR_A_WHILE)
    return shown


@router.get("/info/flyer.pdf")
@public
def print_flyer(office: OfficeHere, region: RegionHere) -> Response:
    """Print the flyer: A5, to be folded or laid out as it is."""
    name = f"gesunde-fahrten-{region.name}.pdf"
    return Response(
        flyer_pdf(read_information(office, region)),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', **_FOR_A_WHILE},
    )
