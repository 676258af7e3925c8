"""Places and addresses of a region, found in spite of typing errors."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import directory
from api.problems import documented
from api.routes.dependencies import RegionHere
from api.schemas.region import AddressView, PlaceView
from scheduler.model import PlaceKind

router = APIRouter(tags=["region"], dependencies=[needs(Role.DISPATCHER, Role.PLANNER)])

Search = Annotated[str, Query(max_length=200, examples=["Apotheke"])]
Limit = Annotated[int, Query(ge=1, le=50)]


@router.get("/places", responses=documented(404, 422), summary="Search the known places")
def find_places(
    region: RegionHere,
    q: Search = "",
    kind: Annotated[PlaceKind | None, Query(description="Only places of this kind.")] = None,
    limit: Limit = 20,
) -> list[PlaceView]:
    """Search the known places."""
    return [
        PlaceView(
            id=place.id,
            name=place.name,
            kind=place.kind,
            address=place.address.label,
            phone=place.phone,
            lat=place.point.lat,
            lon=place.point.lon,
            opening_hours=place.opening_hours,
        )
        for place in directory.find_places(region, q, kind=kind, limit=limit)
    ]


@router.get("/addresses", responses=documented(404, 422), summary="Search the addresses")
def find_addresses(
    region: RegionHere,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["Lindenweg 3, Talle"])],
    limit: Limit = 5,
) -> list[AddressView]:
    """Search the addresses; the likeliest comes first."""
    return [
        AddressView(
            label=match.address.label,
            lat=match.address.point.lat,
            lon=match.address.point.lon,
            place=match.address.place_id,
            score=match.score,
        )
        for match in region.address_book.find(q, limit=limit)
    ]
