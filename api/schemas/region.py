"""Places and addresses of a region, and whether the service is well."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from api.operations.places import LONGEST_HOURS, LONGEST_PHONE
from api.schemas.common import Problem, Schema
from data.places import KnownPlace, PlaceChange
from scheduler.model import PlaceKind


class PlaceView(Schema):
    """A practice, pharmacy ... that everybody calls by its name."""

    id: str
    name: str
    kind: PlaceKind
    address: str
    phone: str
    lat: float
    lon: float
    opening_hours: Annotated[str, Field(description="In OpenStreetMap's syntax.")]
    version: Annotated[
        int, Field(description="Counts what was decided about it; 0: as in the region's files.")
    ]
    since: Annotated[
        date | None,
        Field(description="From when on these hours hold; null: as in the region's files."),
    ]


class PlaceBody(Schema):
    """When a place is open, and how it is reached, from now on."""

    opening_hours: Annotated[
        str,
        Field(
            max_length=LONGEST_HOURS,
            description="In OpenStreetMap's syntax; empty: nobody knows.",
            examples=["Mo-Fr 08:00-12:00; PH off"],
        ),
    ]
    phone: Annotated[str, Field(max_length=LONGEST_PHONE, examples=["030 23125 201"])]
    version: Annotated[int, Field(ge=0, le=2**31 - 1, description="The one that was read.")]


class PlaceStandView(Schema):
    """When a place is open and how it is reached, as it is now."""

    opening_hours: str
    phone: str
    version: int


class PlaceProblem(Problem):
    """Somebody else has changed the place meanwhile; *stored* is how it is now."""

    stored: PlaceStandView


class AddressView(Schema):
    """An address that may be meant, the likeliest first; *score* goes up to 100."""

    label: str
    lat: float
    lon: float
    place: str | None
    score: float


class Alive(Schema):
    """That the process answers."""

    status: Annotated[str, Field(examples=["ok"])]


class Health(Schema):
    """Whether the service is fit for work."""

    status: Annotated[str, Field(examples=["ok"])]
    database: Annotated[str, Field(examples=["ok"])]
    region: str
    kernels: Annotated[
        Literal["ok", "compiling", "cold", "failing"],
        Field(description="The optimizer; only when failing no plans can be made."),
    ]
    solver: Annotated[
        Literal["ok", "no_workers", "off", "failing"],
        Field(
            description="Whoever picks up days that are to be planned; no_workers: the cluster "
            "does not answer, and they wait; off while the service ends."
        ),
    ]
    regions: list[str]
    version: str


def place_view(place: KnownPlace, change: PlaceChange) -> PlaceView:
    """Show a place, and what was decided about it."""
    return PlaceView(
        id=place.id,
        name=place.name,
        kind=place.kind,
        address=place.address.label,
        phone=place.phone,
        lat=place.point.lat,
        lon=place.point.lon,
        opening_hours=place.opening_hours,
        version=change.version,
        since=change.since if change.version else None,
    )


def place_stand_view(change: PlaceChange) -> PlaceStandView:
    """Show what was decided about a place."""
    return PlaceStandView(
        opening_hours=change.opening_hours, phone=change.phone, version=change.version
    )
