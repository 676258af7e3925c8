"""Links of drivers: read them, to be passed on, and make them anew when one got lost."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import links
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.links import LinkView, link_view

router = APIRouter(
    prefix="/days/{date}/links",
    tags=["drivers"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER)],
)


@router.get(
    "",
    responses=documented(404, 409, 422),
    summary="Read the links of a day's drivers, with their PINs",
    description="They stand on the sheets as well. Each is good from the day before until the day "
    "is over. 404 if FAHRTEN_URL does not say where they lead.",
)
def read_links(office: OfficeHere, region: RegionHere, date: DayOfPath) -> list[LinkView]:
    """Read the links of a day's drivers."""
    return [link_view(each) for each in links.of_day(office, region, date)]


@router.post(
    "/{shift}/renew",
    responses=documented(400, 404, 409, 422),
    summary="Make the link of a shift anew: a sheet got lost",
    description="The old one and its PIN open nothing more, and whoever came in by it is out.",
)
def renew_link(
    office: OfficeHere,
    region: RegionHere,
    date: DayOfPath,
    shift: Annotated[str, Path(examples=["vormittag"])],
) -> list[LinkView]:
    """Make the link of a shift anew."""
    links.renew(office, region, date, shift)
    return [link_view(each) for each in links.of_day(office, region, date)]
