"""Places and addresses of a region, found in spite of typing errors."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import directory, places, vehicles
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.schemas.region import AddressView, PlaceBody, PlaceView, place_view
from api.schemas.vehicles import VehicleBody, VehicleView, vehicle_change, vehicle_view
from scheduler.model import PlaceKind

router = APIRouter(tags=["region"], dependencies=[needs(Role.DISPATCHER, Role.PLANNER)])

Search = Annotated[str, Query(max_length=200, examples=["Apotheke"])]
PlaceOfPath = Annotated[str, Path(max_length=64, examples=["mvz"])]
VehicleOfPath = Annotated[str, Path(max_length=64, examples=["bus-1"])]
Limit = Annotated[int, Query(ge=1, le=50)]


@router.get("/places", responses=documented(404, 422), summary="Search the known places")
def find_places(
    region: RegionHere,
    q: Search = "",
    kind: Annotated[PlaceKind | None, Query(description="Only places of this kind.")] = None,
    limit: Limit = 20,
) -> list[PlaceView]:
    """Search the known places."""
    found = directory.find_places(region, q, kind=kind, limit=limit)
    return [place_view(place, region.place_change(place.id)) for place in found]


@router.put(
    "/places/{place}",
    dependencies=[needs(Role.DISPATCHER)],
    responses={**documented(404, 422), **documented(409, schema="PlaceProblem")},
    summary="Say when a place is open, and how it is reached",
    description="It lies on top of the region's files and holds from today on, or from tomorrow on "
    "if a bus has left today. Plans that no longer fit are named on the page of the region.",
)
def change_place(
    office: OfficeHere, region: RegionHere, place: PlaceOfPath, body: PlaceBody
) -> PlaceView:
    """Say when a place is open, and how it is reached."""
    kept = places.change(
        office,
        region,
        place,
        opening_hours=body.opening_hours,
        phone=body.phone,
        version=body.version,
    )
    return place_view(office.region(region.name).places[place], kept)


@router.get("/vehicles", responses=documented(404, 422), summary="List the buses")
def find_vehicles(region: RegionHere) -> list[VehicleView]:
    """List the buses, with their seats."""
    return [vehicle_view(bus) for bus in region.fleet.values()]


@router.put(
    "/vehicles/{vehicle}",
    dependencies=[needs(Role.DISPATCHER)],
    responses={**documented(404, 422), **documented(409, schema="VehicleProblem")},
    summary="Say how the seats of a bus are arranged, or that it is away",
    description="It lies on top of the region's files and holds from a date on, for good or until "
    "another; today only while no bus has left, else from tomorrow on. Plans that no longer fit "
    "are named on the page of the region.",
)
def change_vehicle(
    office: OfficeHere, region: RegionHere, vehicle: VehicleOfPath, body: VehicleBody
) -> VehicleView:
    """Say how the seats of a bus are arranged, or that it is away."""
    vehicles.change(office, region, vehicle_change(vehicle, body))
    return vehicle_view(office.region(region.name).fleet[vehicle])


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
