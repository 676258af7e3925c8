"""What an open page asks by itself: who is signed in, and whether the region is as it was."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from api.doors.entrance import CallerHere, needs, unattended
from api.doors.roles import Role
from api.operations import stands
from api.routes.dependencies import OfficeHere, RegionHere

router = APIRouter(include_in_schema=False, dependencies=[needs(*Role)])


@router.get("/stand")
@unattended
def state(office: OfficeHere, region: RegionHere, caller: CallerHere) -> JSONResponse:
    """Tell whose account this is (0: nobody's), and whether anything of the region is different."""
    return JSONResponse({"account": caller.account or 0, "stand": stands.of_region(office, region)})
